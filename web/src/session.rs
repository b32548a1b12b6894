//! Signing in and out, and the one-time link that sets a password.

use platform::auth::session::FirstStep;
use platform::auth::{reset, session};
use platform::{Error, http};
use poem::http::{StatusCode, header};
use poem::web::{Path, Query};
use poem::{IntoResponse, Response, handler};
use serde::Deserialize;
use serde_json::json;

use crate::cookies::keep_lang;
use crate::render;
use crate::sent::Sent;
use crate::visit::{Answer, Visit, done, inside};

#[derive(Deserialize)]
pub struct Next {
    #[serde(default)]
    next: String,
    #[serde(default)]
    reset: Option<String>,
}

#[handler]
pub async fn form(visit: Visit, Query(query): Query<Next>) -> Answer {
    if visit.signed.is_some() {
        return Ok(done(inside(&query.next), None));
    }
    let notice = query.reset.is_some().then(|| visit.words.t("reset-done"));
    Ok(keep_lang(show(&visit, &query.next, "", None, notice), visit.words.lang))
}

#[handler]
pub async fn sign_in(visit: Visit, sent: Sent) -> Answer {
    let (app, request) = (visit.app(), &visit.request);
    let (username, password) = (sent.get("username"), sent.get("password"));
    let step = session::first_step(
        app,
        &request.tenant,
        username,
        password,
        request.address.as_deref(),
        request.agent.as_deref(),
    )
    .await;
    match step {
        Ok(FirstStep::Open(opened)) => Ok(with_session(&visit, done(next(&sent), None), &opened.token)),
        Ok(FirstStep::NeedsCode(ticket)) => Ok(ask_code(&visit, &ticket, sent.get("next"), None)),
        Err(error @ (Error::Unauthorized(_) | Error::Throttled(_))) => {
            let mut page = show(&visit, sent.get("next"), username, Some(visit.explain(&error)), None);
            page.set_status(poem::http::StatusCode::from_u16(error.status()).unwrap_or_default());
            Ok(page)
        }
        Err(error) => Err(error.into()),
    }
}

/// The second step: a code of the authenticator app, or a recovery code.
#[handler]
pub async fn sign_in_with_code(visit: Visit, sent: Sent) -> Answer {
    let (app, request) = (visit.app(), &visit.request);
    let (ticket, code) = (sent.get("ticket"), sent.get("code"));
    let (address, agent) = (request.address.as_deref(), request.agent.as_deref());
    match session::second_step(app, &request.tenant, ticket, code, address, agent).await {
        Ok(opened) => Ok(with_session(&visit, done(next(&sent), None), &opened.token)),
        Err(error @ (Error::Unauthorized(_) | Error::Throttled(_))) => {
            let mut page = if error.code() == "sign_in_again" {
                show(&visit, sent.get("next"), "", Some(visit.explain(&error)), None)
            } else {
                ask_code(&visit, ticket, sent.get("next"), Some(visit.explain(&error)))
            };
            page.set_status(poem::http::StatusCode::from_u16(error.status()).unwrap_or_default());
            Ok(page)
        }
        Err(error) => Err(error.into()),
    }
}

#[handler]
pub async fn sign_out(visit: Visit, _sent: Sent) -> Answer {
    if let Some((session, _)) = visit.signed.as_ref().and_then(|signed| signed.session.as_ref()) {
        session::close(visit.app(), visit.actor()?, *session).await?;
    }
    let name = cookie_name(&visit);
    let gone = format!("{name}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax{}", secure(&visit));
    Ok(done("/login", None)
        .with_header(header::SET_COOKIE, gone)
        .into_response())
}

#[handler]
pub async fn reset_form(visit: Visit, Path(token): Path<String>) -> Answer {
    let owner = reset::owner(visit.app(), &visit.request.tenant, &token).await?;
    Ok(reset_page(&visit, &token, owner.as_deref(), None, None))
}

#[handler]
pub async fn reset_password(visit: Visit, Path(token): Path<String>, sent: Sent) -> Answer {
    let (app, tenant) = (visit.app(), &visit.request.tenant);
    let owner = reset::owner(app, tenant, &token).await?;
    if sent.get("password") != sent.get("again") {
        return Ok(reset_page(
            &visit,
            &token,
            owner.as_deref(),
            None,
            Some(visit.words.t("reset-differs")),
        ));
    }
    match reset::redeem(app, tenant, &token, sent.get("password")).await {
        Ok(()) => Ok(done("/login?reset=1", None)),
        Err(error @ Error::Invalid(_)) => {
            let why = visit.field_errors(&error).into_values().next();
            Ok(reset_page(&visit, &token, owner.as_deref(), why, None))
        }
        Err(Error::NotFound | Error::Refused(_)) => Ok(reset_page(&visit, &token, None, None, None)),
        Err(error) => Err(error.into()),
    }
}

fn next(sent: &Sent) -> &str {
    let next = sent.get("next");
    if next.is_empty() { "/" } else { inside(next) }
}

fn ask_code(visit: &Visit, ticket: &str, next: &str, error: Option<String>) -> Response {
    let view = json!({"ticket": ticket, "next": next, "error": error});
    render::page(&visit.bare(visit.words.t("login-page")), "login_code", &view)
}

fn show(visit: &Visit, next: &str, username: &str, error: Option<String>, notice: Option<String>) -> Response {
    let view = json!({"next": next, "username": username, "error": error, "notice": notice,
        "support": visit.request.tenant.support});
    render::page(&visit.bare(visit.words.t("login-page")), "login", &view)
}

fn reset_page(
    visit: &Visit,
    token: &str,
    owner: Option<&str>,
    error: Option<String>,
    again: Option<String>,
) -> Response {
    let view = json!({
        "token": token, "username": owner.unwrap_or_default(), "expired": owner.is_none(),
        "error": error, "again_error": again,
    });
    let status = match error.is_some() || again.is_some() {
        true => StatusCode::UNPROCESSABLE_ENTITY,
        false => StatusCode::OK,
    };
    render::page_with(status, &visit.bare(visit.words.t("reset-page")), "reset", &view)
}

pub fn with_session(visit: &Visit, response: Response, token: &str) -> Response {
    let cookie = format!(
        "{}={token}; Path=/; Max-Age=1209600; HttpOnly; SameSite=Lax{}",
        cookie_name(visit),
        secure(visit)
    );
    response.with_header(header::SET_COOKIE, cookie).into_response()
}

fn cookie_name(visit: &Visit) -> &'static str {
    if visit.app().config.insecure_cookies {
        "sid"
    } else {
        http::SESSION_COOKIE
    }
}

fn secure(visit: &Visit) -> &'static str {
    if visit.app().config.insecure_cookies {
        ""
    } else {
        "; Secure"
    }
}
