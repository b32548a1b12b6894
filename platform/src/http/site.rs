//! Host to tenant, request id, limits, security headers and metrics: the outermost layer of a node.

use std::sync::Arc;
use std::time::Instant;

use poem::http::{HeaderValue, Method, StatusCode, header};
use poem::{Endpoint, IntoResponse, Response};

use crate::app::App;
use crate::auth::{Actor, session, token};
use crate::error::{Error, Result};
use crate::http::problem::problem;
use crate::ids::new_id;
use crate::locale::Lang;
use crate::tenancy::TenantRef;

pub const SESSION_COOKIE: &str = "__Host-sid";
const BODY_LIMIT: u64 = 1024 * 1024;

/// What is known of a request before anybody is signed in; handlers find it in the request's data.
#[derive(Clone)]
pub struct Request {
    pub id: String,
    pub tenant: TenantRef,
    pub address: Option<String>,
    pub agent: Option<String>,
    pub lang: Lang,
    pub host: String,
}

/// Who signed a request, and how.
#[derive(Clone)]
pub struct Signed {
    pub actor: Actor,
    /// Present when signed by cookie: the session and its CSRF token.
    pub session: Option<(crate::ids::Id, String)>,
    pub theme: String,
    /// What the centre calls a role of its own.
    pub role_name: Option<String>,
    /// A second factor must be set up before anything else is done.
    pub must_enroll: bool,
}

/// `/livez`, `/readyz`, `/metrics`: before any tenant is looked for. `ready` is the composition's own check.
pub async fn operational(app: &App, path: &str, schema_ready: bool) -> Option<Response> {
    match path {
        "/livez" => Some("ok".into_response()),
        "/metrics" => {
            let content = (header::CONTENT_TYPE, "text/plain; version=0.0.4");
            Some(
                Response::builder()
                    .header(content.0, content.1)
                    .body(crate::metrics::render()),
            )
        }
        "/readyz" => {
            let database = app.db.migrations().await.is_ok();
            let redis = match app.shared.health().await {
                None => "unused",
                Some(true) => "ok",
                Some(false) => "degraded",
            };
            let ready = database && schema_ready;
            let status = if ready {
                StatusCode::OK
            } else {
                StatusCode::SERVICE_UNAVAILABLE
            };
            let body =
                serde_json::json!({"ready": ready, "database": database, "schema": schema_ready, "redis": redis});
            Some(
                Response::builder()
                    .status(status)
                    .content_type("application/json")
                    .body(body.to_string()),
            )
        }
        _ => None,
    }
}

/// Wraps everything that belongs to a tenant's host. `upload_limit` applies to multipart bodies.
pub async fn site<E: Endpoint>(app: App, next: Arc<E>, mut req: poem::Request) -> poem::Result<Response> {
    let started = Instant::now();
    let id = new_id().simple().to_string();
    let method = req.method().clone();
    let lang = req.header(header::ACCEPT_LANGUAGE).and_then(Lang::negotiate);
    let response = match admit(&app, &req, &id, lang).await {
        Ok(request) => {
            tracing::debug!(request_id = id, tenant = %request.tenant.id, %method, path = req.uri().path(), "request");
            let lang = request.lang;
            req.extensions_mut().insert(request);
            match next.call(req).await {
                Ok(response) => response.into_response(),
                Err(error) if error.is_from_response() => error.into_response(),
                Err(error) => problem(&from_poem(&error), lang, &id),
            }
        }
        Err(error) => problem(&error, lang.unwrap_or_default(), &id),
    };
    metrics::histogram!("http_request_seconds", "method" => method.to_string(), "status" => response.status().as_u16().to_string())
        .record(started.elapsed().as_secs_f64());
    Ok(protect(response, &id))
}

/// The actor of a request: by bearer token, else by session cookie.
pub async fn sign(app: &App, request: &Request, req: &poem::Request) -> Result<Option<Signed>> {
    let bearer = req
        .header(header::AUTHORIZATION)
        .and_then(|value| value.strip_prefix("Bearer "));
    let mut signed = if let Some(text) = bearer {
        let actor = token::resolve(app, &request.tenant, text.trim()).await?;
        actor.map(|actor| Signed {
            actor,
            session: None,
            theme: "auto".into(),
            role_name: None,
            must_enroll: false,
        })
    } else if let Some(text) = session_cookie(app, req) {
        let found = session::resolve_from(app, &request.tenant, &text, request.address.as_deref()).await?;
        found.map(|f| Signed {
            actor: f.actor,
            session: Some((f.session, f.csrf)),
            theme: f.theme,
            role_name: f.role_name,
            must_enroll: f.must_enroll,
        })
    } else {
        None
    };
    if let Some(signed) = &mut signed {
        signed.actor.address = request.address.clone();
        signed.actor.request_id = Some(request.id.clone());
    }
    Ok(signed)
}

pub fn session_cookie(app: &App, req: &poem::Request) -> Option<String> {
    let (name, _) = cookie_name(app);
    req.headers()
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split("; "))
        .find_map(|pair| {
            pair.split_once('=')
                .filter(|(key, _)| *key == name)
                .map(|(_, value)| value.to_owned())
        })
}

/// The `Set-Cookie` of a fresh session.
pub fn session_cookie_of(app: &App, token: &str) -> String {
    let (name, secure) = cookie_name(app);
    format!("{name}={token}; Path=/; Max-Age=1209600; HttpOnly; SameSite=Lax{secure}")
}

/// The `Set-Cookie` that takes it away.
pub fn ended_cookie(app: &App) -> String {
    let (name, secure) = cookie_name(app);
    format!("{name}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax{secure}")
}

fn cookie_name(app: &App) -> (&'static str, &'static str) {
    if app.config.insecure_cookies {
        ("sid", "")
    } else {
        (SESSION_COOKIE, "; Secure")
    }
}

async fn admit(app: &App, req: &poem::Request, id: &str, lang: Option<Lang>) -> Result<Request> {
    let host = req
        .header(header::HOST)
        .or_else(|| req.uri().host())
        .unwrap_or_default();
    let host = host
        .rsplit_once(':')
        .filter(|(_, p)| p.bytes().all(|b| b.is_ascii_digit()))
        .map_or(host, |(h, _)| h);
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    let tenant = app
        .tenants
        .by_host(&host)
        .await?
        .ok_or(Error::refused("unknown_host"))?;
    check_body(app, req)?;
    Ok(Request {
        id: id.to_owned(),
        lang: lang.unwrap_or(tenant.locale),
        tenant,
        address: address(app, req),
        agent: req.header(header::USER_AGENT).map(str::to_owned),
        host,
    })
}

/// Encoded bodies could inflate without bound; lengths are checked before a byte is read.
fn check_body(app: &App, req: &poem::Request) -> Result<()> {
    if matches!(*req.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok(());
    }
    if req
        .header(header::CONTENT_ENCODING)
        .is_some_and(|encoding| encoding != "identity")
    {
        return Err(Error::refused("encoded_body"));
    }
    let upload = req
        .content_type()
        .is_some_and(|kind| kind.starts_with("multipart/form-data"));
    let limit = if upload {
        app.config.max_upload_mb * 1024 * 1024 + 64 * 1024
    } else {
        BODY_LIMIT
    };
    match req.header(header::CONTENT_LENGTH).map(str::parse::<u64>) {
        Some(Ok(length)) if length <= limit => Ok(()),
        Some(Ok(_)) => Err(Error::TooLarge),
        Some(Err(_)) => Err(Error::refused("length_required")),
        None if req.header(header::TRANSFER_ENCODING).is_some() => Err(Error::refused("length_required")),
        None => Ok(()),
    }
}

fn address(app: &App, req: &poem::Request) -> Option<String> {
    let peer = req.remote_addr().as_socket_addr().map(|a| a.ip().to_string());
    let trusted = peer
        .as_ref()
        .is_some_and(|peer| app.config.trusted_proxies.contains(peer));
    let forwarded = req
        .header("x-forwarded-for")
        .and_then(|v| v.rsplit(',').next())
        .map(|v| v.trim().to_owned());
    if trusted { forwarded.or(peer) } else { peer }
}

/// What the framework refused, in our words.
pub fn from_poem(error: &poem::Error) -> Error {
    match error.status() {
        StatusCode::NOT_FOUND => Error::NotFound,
        StatusCode::METHOD_NOT_ALLOWED => Error::refused("method_not_allowed"),
        StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge,
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Error::refused("unsupported_media_type"),
        StatusCode::UNAUTHORIZED => Error::Unauthorized("sign_in_required"),
        status if status.is_client_error() => Error::refused("bad_request").with("reason", error.to_string()),
        _ => Error::internal(error),
    }
}

fn protect(mut response: Response, id: &str) -> Response {
    let headers = response.headers_mut();
    let mut set = |name: &'static str, value: &str| {
        if let (false, Ok(value)) = (headers.contains_key(name), HeaderValue::from_str(value)) {
            headers.insert(name, value);
        }
    };
    set("x-request-id", id);
    set("x-content-type-options", "nosniff");
    set("referrer-policy", "same-origin");
    set("x-frame-options", "DENY");
    set("cross-origin-opener-policy", "same-origin");
    set("cache-control", "no-store");
    set(
        "content-security-policy",
        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    );
    response
}
