//! Sessions: signing in by password sets the portal's cookie; one's own can be listed and ended.

use chrono::{DateTime, Utc};
use platform::auth::{reset, session};
use platform::http::{check_csrf, ended_cookie, session_cookie_of};
use platform::{Error, Id};
use poem::http::header;
use poem::{IntoResponse, Request, Response};
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::registry::{MetaResponses, Registry};
use poem_openapi::{ApiResponse, Object, OpenApi};
use serde::Serialize;

use crate::Area;
use crate::answer::{Answer, Body, Created, Done};
use crate::page::Page;
use crate::security::{Caller, Guest};

pub struct Operations;

#[OpenApi(tag = "Area::Access")]
impl Operations {
    /// Signs in: sets the session cookie and answers the CSRF token that changes need
    ///
    /// 401 `second_factor_needed` where the user has a second factor: the same again, with `code`.
    #[oai(path = "/sessions", method = "post", operation_id = "sign_in")]
    async fn sign_in(
        &self,
        guest: Guest,
        req: &Request,
        body: Json<Credentials>,
    ) -> Answer<WithCookie<Created<SignedIn>>> {
        let Guest { known, desk } = guest;
        // A page elsewhere must not sign somebody in as somebody else; a program sends neither header.
        if req.headers().contains_key(header::ORIGIN) || req.headers().contains_key("sec-fetch-site") {
            check_csrf(req, &known.host, None, None)?;
        }
        let (address, agent) = (known.address.as_deref(), known.agent.as_deref());
        let app = &desk.app;
        let opened = session::sign_in(
            app,
            &known.tenant,
            &body.0.username,
            &body.0.password,
            body.0.code.as_deref(),
            address,
            agent,
        )
        .await?;
        let found = session::resolve(app, &known.tenant, &opened.token).await?;
        let found = found.ok_or(Error::Unauthorized("bad_credentials"))?;
        Ok(WithCookie {
            cookie: session_cookie_of(app, &opened.token),
            answer: Created {
                location: format!("/api/v1/sessions/{}", found.session),
                version: None,
                body: SignedIn {
                    id: found.session,
                    user_id: opened.user,
                    csrf_token: found.csrf,
                },
            },
        })
    }

    /// The caller's own open sessions, newest first
    #[oai(path = "/sessions", method = "get", operation_id = "list_sessions")]
    async fn list(&self, caller: Caller) -> Answer<Body<Page<Session>>> {
        let found = session::list(caller.app(), &caller.actor).await?;
        let current = caller.session.as_ref().map(|(id, _)| *id);
        let items = found.into_iter().map(|session| Session {
            current: current == Some(session.id),
            id: session.id,
            created_at: session.created_at,
            seen_at: session.seen_at,
            expires_at: session.expires_at,
            address: session.address,
            agent: session.agent,
        });
        Ok(Body(Page::whole(items.collect())))
    }

    /// Signs out: ends the session that makes this request
    #[oai(path = "/sessions", method = "delete", operation_id = "sign_out")]
    async fn sign_out(&self, caller: Caller) -> Answer<WithCookie<Done>> {
        let (session, _) = caller.session.as_ref().ok_or(Error::refused("no_session"))?;
        session::close(caller.app(), &caller.actor, *session).await?;
        Ok(WithCookie {
            cookie: ended_cookie(caller.app()),
            answer: Done,
        })
    }

    /// Ends one of the caller's own sessions
    #[oai(path = "/sessions/:id", method = "delete", operation_id = "end_session")]
    async fn end(&self, caller: Caller, id: Path<Id>) -> Answer<Done> {
        session::close(caller.app(), &caller.actor, id.0).await?;
        Ok(Done)
    }

    /// Ends every session of the caller's but the one that makes this request
    #[oai(path = "/other-sessions", method = "delete", operation_id = "end_other_sessions")]
    async fn end_others(&self, caller: Caller) -> Answer<Done> {
        let current = caller.session.as_ref().map(|(id, _)| *id);
        session::close_others(caller.app(), &caller.actor, current).await?;
        Ok(Done)
    }

    /// Sets a new password with the token of a one-time link
    #[oai(path = "/password-resets/:token", method = "put", operation_id = "redeem_reset_link")]
    async fn reset_password(&self, guest: Guest, token: Path<String>, body: Json<NewPassword>) -> Answer<Done> {
        reset::redeem(&guest.desk.app, &guest.known.tenant, &token.0, &body.0.password).await?;
        Ok(Done)
    }
}

#[derive(Object)]
struct Credentials {
    username: String,
    password: String,
    /// Of the authenticator app, or a recovery code.
    code: Option<String>,
}

#[derive(Object)]
struct NewPassword {
    password: String,
}

#[derive(Object, Serialize)]
struct SignedIn {
    id: Id,
    user_id: Id,
    /// To send as `X-Csrf-Token` with every change made under this session.
    csrf_token: String,
}

#[derive(Object, Serialize)]
struct Session {
    id: Id,
    /// The one that makes this request.
    current: bool,
    created_at: DateTime<Utc>,
    seen_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    /// From where it was last seen.
    address: Option<String>,
    agent: Option<String>,
}

/// An answer that also sets or ends the session cookie.
struct WithCookie<T> {
    cookie: String,
    answer: T,
}

impl<T: IntoResponse> IntoResponse for WithCookie<T> {
    fn into_response(self) -> Response {
        self.answer.with_header(header::SET_COOKIE, self.cookie).into_response()
    }
}

impl<T: ApiResponse> ApiResponse for WithCookie<T> {
    fn meta() -> MetaResponses {
        T::meta()
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}
