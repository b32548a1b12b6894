//! Who calls: a bearer token, or the portal's session cookie with its CSRF token where something changes.

use platform::http::{Request as Known, check_csrf, sign};
use platform::{Actor, App, Error, Id};
use poem::{Request, RequestBody};
use poem_openapi::registry::{MetaSecurityScheme, Registry};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};
use workflows::ports::Desk;

use crate::error::Problem;

/// Somebody signed in.
pub struct Caller {
    pub actor: Actor,
    /// The session, when signed by cookie, and its CSRF token.
    pub session: Option<(Id, String)>,
    pub desk: Desk,
}

impl Caller {
    pub fn app(&self) -> &App {
        &self.desk.app
    }
}

/// What is known of a request before anybody is signed in.
pub struct Guest {
    pub known: Known,
    pub desk: Desk,
}

impl<'a> poem::FromRequest<'a> for Guest {
    async fn from_request(req: &'a Request, _: &mut RequestBody) -> poem::Result<Self> {
        Ok(Guest {
            known: known(req)?.clone(),
            desk: desk(req)?.clone(),
        })
    }
}

impl<'a> ApiExtractor<'a> for Caller {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::SecurityScheme];

    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        let scheme = |ty, description| MetaSecurityScheme {
            ty,
            description: Some(description),
            name: None,
            key_in: None,
            scheme: None,
            bearer_format: None,
            flows: None,
            openid_connect_url: None,
        };
        registry.create_security_scheme(
            "bearer",
            MetaSecurityScheme {
                scheme: Some("bearer"),
                ..scheme("http", "A token made under /tokens or by `markaz token create`.")
            },
        );
        registry.create_security_scheme(
            "session",
            MetaSecurityScheme {
                name: Some(platform::http::SESSION_COOKIE),
                key_in: Some("cookie"),
                ..scheme(
                    "apiKey",
                    "The portal's session. Changes need its CSRF token in `X-Csrf-Token`, from the same origin.",
                )
            },
        );
    }

    fn security_schemes() -> Vec<&'static str> {
        vec!["bearer", "session"]
    }

    async fn from_request(
        req: &'a Request,
        _: &mut RequestBody,
        _: ExtractParamOptions<Self::ParamType>,
    ) -> poem::Result<Self> {
        let (known, desk) = (known(req)?, desk(req)?);
        let signed = sign(&desk.app, known, req).await.map_err(Problem)?;
        let signed = signed.ok_or(Problem(Error::Unauthorized("sign_in_required")))?;
        if let Some((_, csrf)) = &signed.session {
            check_csrf(req, &known.host, Some(csrf), None).map_err(Problem)?;
        }
        // Until it has the second factor its centre asks for, a session reaches its own account alone.
        let path = req.original_uri().path().trim_start_matches("/api/v1");
        if signed.must_enroll && !["/me", "/sessions"].iter().any(|own| path.starts_with(own)) {
            return Err(Problem(Error::Forbidden("second_factor_required")).into());
        }
        Ok(Caller {
            actor: signed.actor,
            session: signed.session,
            desk: desk.clone(),
        })
    }
}

fn known(req: &Request) -> Result<&Known, Problem> {
    let known = req.extensions().get::<Known>();
    known.ok_or_else(|| Problem(Error::internal("the request did not pass platform::http::site")))
}

fn desk(req: &Request) -> Result<&Desk, Problem> {
    let desk = req.extensions().get::<Desk>();
    desk.ok_or_else(|| Problem(Error::internal("the API was given no desk")))
}
