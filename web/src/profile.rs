//! The own profile: name and contacts, language and theme, the Telegram link, the password, and where one is signed in.

use platform::auth::{second_factor, session};
use platform::locale::Lang;
use platform::{Error, Id, Tx};
use poem::handler;
use poem::http::StatusCode;
use poem::web::Path;
use serde_json::{Value, json};
use workflows::staff::Details;
use workflows::{bots, staff};

use crate::cookies::forget_theme;
use crate::devices;
use crate::leads::errors;
use crate::nav::Section;
use crate::page::Choice;
use crate::render;
use crate::sent::Sent;
use crate::session::with_session;
use crate::visit::{Answer, Visit, done, inside};

#[handler]
pub async fn show(visit: Visit) -> Answer {
    page(&visit, None, None).await
}

#[handler]
pub async fn set_look(visit: Visit, sent: Sent) -> Answer {
    let (actor, theme) = (
        visit.actor()?,
        visit.signed.as_ref().map(|signed| signed.theme.as_str()),
    );
    // The palette changes one of the two.
    let lang: Lang = match sent.some("lang") {
        Some(lang) => lang.parse().map_err(|_| Error::field("lang", "unknown_language"))?,
        None => actor.lang,
    };
    let theme = sent.some("theme").or(theme.map(str::to_owned)).unwrap_or_default();
    staff::set_language_and_theme(visit.app(), actor, lang, &theme).await?;
    let back = sent.some("back").unwrap_or_else(|| "/profile".to_owned());
    Ok(forget_theme(done(inside(&back), Some("toast-saved"))))
}

#[handler]
pub async fn edit(visit: Visit, sent: Sent) -> Answer {
    let details = Details {
        first_name: sent.get("first_name").to_owned(),
        last_name: sent.get("last_name").to_owned(),
        email: sent.some("email"),
        phone: sent.some("phone"),
    };
    match staff::edit_own(visit.app(), visit.actor()?, details).await {
        Ok(_) => Ok(done("/profile", Some("toast-saved"))),
        Err(error @ Error::Invalid(_)) => page_with(&visit, None, Some(error), Some(&sent)).await,
        Err(error) => Err(error.into()),
    }
}

#[handler]
pub async fn end_session(visit: Visit, Path(id): Path<Id>, _sent: Sent) -> Answer {
    session::close(visit.app(), visit.actor()?, id).await?;
    Ok(done("/profile", Some("toast-session-ended")))
}

#[handler]
pub async fn end_others(visit: Visit, _sent: Sent) -> Answer {
    session::close_others(visit.app(), visit.actor()?, here(&visit)).await?;
    Ok(done("/profile", Some("toast-sessions-ended")))
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

fn here(visit: &Visit) -> Option<Id> {
    let session = visit.signed.as_ref().and_then(|signed| signed.session.as_ref());
    session.map(|(id, _)| *id)
}

async fn page(visit: &Visit, link: Option<String>, error: Option<Error>) -> Answer {
    page_with(visit, link, error, None).await
}

async fn page_with(visit: &Visit, link: Option<String>, error: Option<Error>, sent: Option<&Sent>) -> Answer {
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
    let (factor, open) = tokio::try_join!(second_factor::state(app, actor), session::list(app, actor))?;
    let sessions: Vec<Value> = open
        .iter()
        .map(|session| {
            let known = devices::device(session.agent.as_deref().unwrap_or_default());
            json!({
                "id": session.id, "device": if known.is_empty() { words.t("session-unknown") } else { known },
                "here": Some(session.id) == here(visit), "address": session.address,
                "seen": words.ago(session.seen_at),
                "since": words.with("session-since", &[("date", words.moment(session.created_at).into())]),
            })
        })
        .collect();
    let typed = |name: &str, stored: &str| sent.map_or_else(|| stored.to_owned(), |sent| sent.get(name).to_owned());
    let until = words.time(words.now + chrono::TimeDelta::minutes(15));
    let view = json!({
        "username": user.username, "lang": actor.lang.code(), "theme": user.theme,
        "langs": Lang::ALL.map(|lang| Choice::new(lang.code(), lang.endonym())),
        "themes": (["auto", "light", "dark"].map(|theme| Choice::new(theme, words.t(&format!("theme-{theme}"))))),
        "telegram": chat.is_some(), "has_bot": has_bot, "link": link,
        "link_note": words.with("profile-telegram-note", &[("time", until.into())]),
        "details": {
            "first_name": typed("first_name", &user.first_name), "last_name": typed("last_name", &user.last_name),
            "email": typed("email", user.email.as_deref().unwrap_or_default()),
            "phone": typed("phone", user.phone.as_deref().unwrap_or_default()),
        },
        "sessions": sessions, "others": sessions.len() > 1, "factor": factor.on_since.is_some(),
        "errors": errors(&fields, &["current", "password", "again", "first_name", "last_name", "email", "phone"]),
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
