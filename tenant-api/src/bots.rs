//! The tenant's Telegram bot as seen from here, and the caller's link to it. Connecting a bot is the portal's work:
//! it asks Telegram first.

use chrono::{DateTime, Utc};
use platform::Error;
use poem_openapi::{Object, OpenApi};
use serde::Serialize;
use workflows::bots;

use crate::Area;
use crate::answer::{Answer, Body, Created, Done};
use crate::security::Caller;

pub struct Operations;

#[OpenApi(tag = "Area::Bot")]
impl Operations {
    /// The tenant's bot
    #[oai(path = "/bot", method = "get", operation_id = "get_bot")]
    async fn show(&self, caller: Caller) -> Answer<Body<Bot>> {
        let bot = bots::show(caller.app(), &caller.actor).await?.ok_or(Error::NotFound)?;
        Ok(Body(Bot {
            username: bot.username,
            mode: bot.mode,
            active: bot.active,
            created_at: bot.created_at,
        }))
    }

    /// A one-time link that binds the caller's chat to the caller
    #[oai(path = "/bot/link", method = "post", operation_id = "start_bot_link")]
    async fn link(&self, caller: Caller) -> Answer<Created<Link>> {
        let url = bots::start_link(caller.app(), &caller.actor).await?;
        Ok(Created {
            location: url.clone(),
            version: None,
            body: Link { url },
        })
    }

    /// The bot forgets the caller's chat
    #[oai(path = "/bot/link", method = "delete", operation_id = "end_bot_link")]
    async fn unlink(&self, caller: Caller) -> Answer<Done> {
        bots::unlink(caller.app(), &caller.actor).await?;
        Ok(Done)
    }
}

#[derive(Object, Serialize)]
struct Bot {
    username: String,
    /// webhook or polling.
    mode: String,
    active: bool,
    created_at: DateTime<Utc>,
}

#[derive(Object, Serialize)]
#[oai(rename = "BotLink")]
struct Link {
    url: String,
}
