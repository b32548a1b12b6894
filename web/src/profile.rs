//! The own profile: language and theme, the Telegram link, the password.

use platform::auth::session;
use platform::locale::Lang;
use platform::{Error, Tx};
use poem::handler;
use poem::http::StatusCode;
use serde_json::json;
use workflows::{bots, staff};

use crate::cookies::forget_theme;
use crate::leads::errors;
use crate::nav::Section;
use crate::page::Choice;
use crate::render;
use crate::sent::Sent;
use crate::session::with_session;
use crate::visit::{Answer, Visit, done};

#[handler]
pub async fn show(visit: Visit) -> Answer {
    page(&visit, None, None).await
}

#[handler]
pub async fn set_look(visit: Visit, sent: Sent) -> Answer {
    let lang: Lang = sent
        .get("lang")
        .parse()
        .map_err(|_| Error::field("lang", "unknown_language"))?;
    staff::set_language_and_theme(visit.app(), visit.actor()?, lang, sent.get("theme")).await?;
    Ok(forget_theme(done("/profile", Some("toast-saved"))))
}

#[handler]
pub async fn link_telegram(visit: Visit, _sent: Sent) -> Answer {
    let link = bots::start_link(visit.app(), visit.actor()?).await?;
    page(&visit, Some(link), None).await
}

/// Changing the password ends every session; this one is opened anew.
#[handler]
pub async fn change_password(visit: Visit, sent: Sent) -> Answer {
    let (app, actor, request) = (visit.app(), visit.actor()?, &visit.request);
    let changed = if sent.get("password") == sent.get("again") {
        staff::change_password(app, actor, sent.get("current"), sent.get("password")).await
    } else {
        Err(Error::field("again", "passwords_differ"))
    };
    match changed {
        Ok(()) => {
            let (user, address, agent) = (actor.person()?, request.address.as_deref(), request.agent.as_deref());
            let opened = session::open(app, &request.tenant, user, address, agent).await?;
            Ok(with_session(
                &visit,
                done("/profile", Some("toast-password-changed")),
                &opened.token,
            ))
        }
        Err(error @ Error::Invalid(_)) => page(&visit, None, Some(error)).await,
        Err(error) => Err(error.into()),
    }
}

#[handler]
pub async fn more(visit: Visit) -> Answer {
    Ok(render::page(
        &visit.page(Section::None, visit.words.t("nav-more")),
        "more",
        &json!({}),
    ))
}

async fn page(visit: &Visit, link: Option<String>, error: Option<Error>) -> Answer {
    let (app, actor, words) = (visit.app(), visit.actor()?, &visit.words);
    let user = staff::find(app, actor, actor.person()?).await?;
    let (tenant, id) = (actor.tenant_id(), user.id);
    let chat = app
        .db
        .read(tenant, async move |tx: Tx| bots::chat_of(&tx, id).await)
        .await?;
    let has_bot = bots::active(app, tenant).await?.is_some();
    let mut fields = error
        .as_ref()
        .map(|error| visit.field_errors(error))
        .unwrap_or_default();
    if let Some(why) = fields.remove("old_password") {
        fields.insert("current".to_owned(), why);
    }
    let until = words.time(words.now + chrono::TimeDelta::minutes(15));
    let view = json!({
        "username": user.username, "lang": actor.lang.code(), "theme": user.theme,
        "langs": Lang::ALL.map(|lang| Choice::new(lang.code(), lang.endonym())),
        "themes": (["auto", "light", "dark"].map(|theme| Choice::new(theme, words.t(&format!("theme-{theme}"))))),
        "telegram": chat.is_some(), "has_bot": has_bot, "link": link,
        "link_note": words.with("profile-telegram-note", &[("time", until.into())]),
        "errors": errors(&fields, &["current", "password", "again"]),
    });
    let status = if error.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    Ok(render::page_with(
        status,
        &visit.page(Section::None, words.t("profile-title")),
        "profile",
        &view,
    ))
}
