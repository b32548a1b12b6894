//! The centre's Telegram bot: an administrator gives its token here, sees whether it works, takes it away.

use std::sync::Arc;

use platform::{Error, Permit};
use poem::handler;
use poem::http::StatusCode;
use poem::web::Data;
use serde_json::json;
use workflows::bots::{self, BotApi};

use crate::leads::errors;
use crate::nav::Section;
use crate::render;
use crate::sent::Sent;
use crate::visit::{Answer, Visit, done};

/// The messenger a token is tried with.
#[derive(Clone)]
pub struct Messenger(pub Arc<dyn BotApi>);

#[handler]
pub async fn show(visit: Visit) -> Answer {
    page(&visit, None).await
}

#[handler]
pub async fn connect(visit: Visit, Data(messenger): Data<&Messenger>, sent: Sent) -> Answer {
    let (app, actor) = (visit.app(), visit.actor()?);
    let site = app.config.site(&actor.tenant.slug);
    let token = sent.get("token");
    let connected = if token.trim().is_empty() {
        Err(Error::field("token", "required"))
    } else {
        bots::connect(app, actor, &*messenger.0, token, site.as_deref()).await
    };
    match connected {
        Ok(_) => Ok(done("/bot", Some("toast-bot-connected"))),
        Err(error @ (Error::Invalid(_) | Error::Unavailable(_))) => page(&visit, Some(error)).await,
        Err(error) => Err(error.into()),
    }
}

#[handler]
pub async fn disconnect(visit: Visit, Data(messenger): Data<&Messenger>, _sent: Sent) -> Answer {
    bots::disconnect(visit.app(), visit.actor()?, &*messenger.0).await?;
    Ok(done("/bot", Some("toast-bot-disconnected")))
}

async fn page(visit: &Visit, error: Option<Error>) -> Answer {
    let (app, actor, words) = (visit.app(), visit.actor()?, &visit.words);
    actor.may(Permit::Bot)?;
    let bot = bots::show(app, actor).await?.filter(|bot| bot.active);
    let fields = error
        .as_ref()
        .map(|error| visit.field_errors(error))
        .unwrap_or_default();
    let view = json!({
        "bot": bot.map(|bot| json!({
            "name": bot.username,
            "href": format!("https://t.me/{}", bot.username),
            "since": words.with("bot-since", &[("time", words.moment(bot.created_at).into())]),
            "how": words.t(&format!("bot-mode-{}", bot.mode)),
        })),
        "problem": error.as_ref().filter(|_| fields.is_empty()).map(|error| visit.explain(error)),
        "errors": errors(&fields, &["token"]),
    });
    let status = if error.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    Ok(render::page_with(
        status,
        &visit.page(Section::Bot, words.t("nav-bot")),
        "bot",
        &view,
    ))
}
