//! The own second factor: scan, confirm, keep the recovery codes; and turning it off.

use platform::Error;
use platform::auth::second_factor;
use poem::handler;
use poem::http::StatusCode;
use serde_json::{Value, json};

use crate::leads::errors;
use crate::nav::Section;
use crate::qr;
use crate::render;
use crate::sent::Sent;
use crate::visit::{Answer, Visit, done};

#[handler]
pub async fn show(visit: Visit) -> Answer {
    page(&visit, &[], None).await
}

#[handler]
pub async fn begin(visit: Visit, _sent: Sent) -> Answer {
    second_factor::begin(visit.app(), visit.actor()?).await?;
    Ok(done("/profile/second-factor", None))
}

/// The recovery codes are shown once, on the page that answers the first code.
#[handler]
pub async fn confirm(visit: Visit, sent: Sent) -> Answer {
    match second_factor::confirm(visit.app(), visit.actor()?, sent.get("code")).await {
        Ok(codes) => page(&visit, &codes, None).await,
        Err(error) => page(&visit, &[], Some(error)).await,
    }
}

#[handler]
pub async fn renew(visit: Visit, sent: Sent) -> Answer {
    match second_factor::renew_codes(visit.app(), visit.actor()?, sent.get("password")).await {
        Ok(codes) => page(&visit, &codes, None).await,
        Err(error) => page(&visit, &[], Some(error)).await,
    }
}

#[handler]
pub async fn turn_off(visit: Visit, sent: Sent) -> Answer {
    match second_factor::turn_off(visit.app(), visit.actor()?, sent.get("password")).await {
        Ok(()) => Ok(done("/profile", Some("toast-factor-off"))),
        Err(error) => page(&visit, &[], Some(error)).await,
    }
}

async fn page(visit: &Visit, codes: &[String], error: Option<Error>) -> Answer {
    let (app, actor, words) = (visit.app(), visit.actor()?, &visit.words);
    if let Some(error @ (Error::Internal(_) | Error::Unavailable(_))) = error {
        return Err(error.into());
    }
    let state = second_factor::state(app, actor).await?;
    let pending = match state.on_since {
        None => second_factor::pending(app, actor).await?,
        Some(_) => None,
    };
    let fields = error
        .as_ref()
        .map(|error| visit.field_errors(error))
        .unwrap_or_default();
    let problem = error
        .as_ref()
        .filter(|_| fields.is_empty())
        .map(|error| visit.explain(error));
    let waiting: Option<Value> = pending
        .map(|pending| json!({"qr": qr::svg(&pending.url, &words.t("factor-qr")), "secret": spaced(&pending.secret)}));
    let view = json!({
        "on": state.on_since.map(|at| words.with("factor-on", &[("date", words.date(words.day(at)).into())])),
        "left": words.count("factor-left", state.codes_left), "few": state.codes_left < 3,
        "required": state.required, "forced": state.required && state.on_since.is_none(),
        "pending": waiting, "codes": codes, "all": codes.join("\n"), "problem": problem,
        "errors": errors(&fields, &["code", "password"]),
    });
    let status = if error.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let page = visit.page(Section::None, words.t("factor-title"));
    Ok(render::page_with(status, &page, "second_factor", &view))
}

/// In fours, as it is typed.
fn spaced(secret: &str) -> String {
    let letters: Vec<char> = secret.chars().collect();
    let parts: Vec<String> = letters.chunks(4).map(|part| part.iter().collect()).collect();
    parts.join(" ")
}
