//! What a person asks the bot: reads it, calls one verb, answers in the person's language and by their role.

use platform::locale::{Lang, t};
use platform::tenancy::TenantRef;
use platform::{Actor, App, Error, Result, TenantId};
use workflows::bots::{self, Button, Update, escape};
use workflows::follow_ups::{self, Outcome, View};

use super::cards::{self, Words};
use super::client::{Client, Token};
use super::leave;
use super::update::{self, Act, Incoming};

/// The commands Telegram offers while a person types.
pub const OFFERED: [&str; 6] = ["today", "overdue", "stats", "lang", "mute", "help"];

/// Answers every update of a tenant that was kept and not answered yet, in order.
pub async fn handle_all(app: &App, client: &Client, tenant: TenantId) -> Result<()> {
    loop {
        let waiting = bots::unhandled(app, tenant).await?;
        if waiting.is_empty() {
            return Ok(());
        }
        let place = app.tenants.by_id(tenant).await?;
        for update in waiting {
            handle(app, client, &place, &update).await?;
            bots::handled(app, tenant, &update).await?;
        }
    }
}

async fn handle(app: &App, client: &Client, tenant: &TenantRef, update: &Update) -> Result<()> {
    let Some(incoming) = update::read(&update.body).filter(|incoming| incoming.private) else {
        return Ok(());
    };
    let chat = incoming.chat_id;
    let actor = bots::actor_of(app, tenant, chat).await?;
    match &incoming.act {
        Act::Blocked => bots::chat_blocked(app, tenant.id, chat, true).await,
        Act::Unblocked => bots::chat_blocked(app, tenant.id, chat, false).await,
        Act::Command { name, argument } => {
            let reply = command(app, tenant, actor.as_ref(), &incoming, name, argument).await?;
            answer(app, tenant.id, &incoming, reply).await
        }
        Act::Text(_) => {
            let reply = greeting(tenant, actor.as_ref(), &incoming);
            answer(app, tenant.id, &incoming, reply).await
        }
        Act::Press {
            callback_id,
            message_id,
            data,
        } => {
            let (notice, instead) = press(app, actor.as_ref(), &incoming, data).await?;
            let Some(bot) = bots::active(app, tenant.id).await? else {
                return Ok(());
            };
            let token = Token::new(bot.token);
            // The press did its work already: an answer Telegram does not take changes nothing.
            if let Err(error) = client
                .answer(
                    &token,
                    callback_id,
                    Some(notice.as_str()).filter(|text| !text.is_empty()),
                )
                .await
            {
                tracing::info!(%error, tenant = %tenant.id, "a press was not answered");
            }
            if let Some(Words { html, buttons }) = instead
                && let Err(error) = client.edit(&token, chat, *message_id, &html, &buttons).await
            {
                tracing::info!(%error, tenant = %tenant.id, "a message was not changed");
            }
            Ok(())
        }
    }
}

async fn command(
    app: &App,
    tenant: &TenantRef,
    actor: Option<&Actor>,
    incoming: &Incoming,
    name: &str,
    argument: &str,
) -> Result<Words> {
    if name == "start" && !argument.is_empty() {
        return start(app, tenant, actor, incoming, argument).await;
    }
    let Some(actor) = actor else {
        return Ok(greeting(tenant, None, incoming));
    };
    let lang = actor.lang;
    Ok(match name {
        "start" | "help" => Words::plain(t(lang, "bot-help", &[])),
        "today" | "followups" => cards::list(app, actor, View::Today).await?,
        "overdue" => cards::list(app, actor, View::Overdue).await?,
        "stats" => cards::stats(app, actor).await?,
        "lang" => Words {
            html: t(lang, "bot-lang-choose", &[]),
            buttons: languages(),
        },
        "mute" => {
            let muted = !bots::is_muted(app, actor).await?;
            bots::set_muted(app, actor, muted).await?;
            Words::plain(t(lang, if muted { "bot-muted" } else { "bot-unmuted" }, &[]))
        }
        _ => Words::plain(t(lang, "bot-unknown", &[])),
    })
}

/// A deep link's token binds this chat to the user who made it.
async fn start(
    app: &App,
    tenant: &TenantRef,
    actor: Option<&Actor>,
    incoming: &Incoming,
    token: &str,
) -> Result<Words> {
    match bots::take_link(app, tenant, token, incoming.chat_id).await {
        Ok(linked) => {
            let name = escape(&linked.name);
            let hello = t(linked.lang, "bot-linked", &[("name", name.into())]);
            Ok(Words::plain(format!("{hello}\n\n{}", t(linked.lang, "bot-help", &[]))))
        }
        // The same link opened again by the one it linked is no failure.
        Err(Error::Refused(_)) if actor.is_some() => {
            Ok(Words::plain(t(language(tenant, actor, incoming), "bot-help", &[])))
        }
        Err(Error::Refused(_)) => Ok(Words::plain(t(
            language(tenant, actor, incoming),
            "bot-link-expired",
            &[],
        ))),
        Err(error) => Err(error),
    }
}

/// Answers what the notice over the chat says, and what the message becomes.
async fn press(app: &App, actor: Option<&Actor>, incoming: &Incoming, data: &str) -> Result<(String, Option<Words>)> {
    let Some(actor) = actor else {
        let lang = incoming
            .person
            .language
            .as_deref()
            .and_then(Lang::negotiate)
            .unwrap_or_default();
        return Ok((t(lang, "bot-not-linked", &[]), None));
    };
    match pressed(app, actor, data).await {
        Ok(done) => Ok(done),
        Err(Error::NotFound) => Ok((t(actor.lang, "bot-gone", &[]), None)),
        Err(Error::Refused(refusal) | Error::Conflict(refusal)) => {
            Ok((platform::http::message(actor.lang, refusal.code, &refusal.args), None))
        }
        Err(error) => Err(error),
    }
}

/// The verb behind a button. Pressing twice changes nothing the second time.
async fn pressed(app: &App, actor: &Actor, data: &str) -> Result<(String, Option<Words>)> {
    let lang = actor.lang;
    let mut parts = data.split(':');
    match (parts.next(), parts.next(), parts.next()) {
        (Some("lang"), Some(code), None) => {
            let lang: Lang = code.parse().map_err(|_| Error::NotFound)?;
            bots::set_language(app, actor, lang).await?;
            let done = t(lang, "bot-lang-set", &[]);
            Ok((done.clone(), Some(Words::plain(done))))
        }
        (Some("today"), None, None) => Ok((String::new(), Some(cards::list(app, actor, View::Today).await?))),
        (Some("c"), Some(id), None) => {
            let id = id.parse().map_err(|_| Error::NotFound)?;
            Ok((String::new(), Some(cards::card(app, actor, id).await?)))
        }
        (Some("d"), Some(id), Some(outcome)) => {
            let id = id.parse().map_err(|_| Error::NotFound)?;
            follow_ups::complete(app, actor, id, Outcome::parse(outcome)?, "").await?;
            Ok((t(lang, "bot-done", &[]), Some(cards::card(app, actor, id).await?)))
        }
        (Some("l"), Some(id), Some(what)) => {
            let id = id.parse().map_err(|_| Error::NotFound)?;
            leave::press(app, actor, id, what).await
        }
        _ => Ok((t(lang, "bot-old-button", &[]), None)),
    }
}

fn greeting(tenant: &TenantRef, actor: Option<&Actor>, incoming: &Incoming) -> Words {
    let lang = language(tenant, actor, incoming);
    if actor.is_some() {
        return Words::plain(t(lang, "bot-help", &[]));
    }
    let name = escape(&tenant.name);
    Words::plain(t(lang, "bot-hello", &[("tenant", name.into())]))
}

async fn answer(app: &App, tenant: TenantId, incoming: &Incoming, words: Words) -> Result<()> {
    let reply = bots::Reply {
        uniq: format!("reply/{}/{}", incoming.chat_id, incoming.update_id),
        text: words.html,
        buttons: words.buttons,
    };
    bots::reply(app, tenant, incoming.chat_id, reply).await
}

/// The user's own language, else the one Telegram knows, else the tenant's.
fn language(tenant: &TenantRef, actor: Option<&Actor>, incoming: &Incoming) -> Lang {
    let spoken = || incoming.person.language.as_deref().and_then(Lang::negotiate);
    actor.map(|actor| actor.lang).or_else(spoken).unwrap_or(tenant.locale)
}

fn languages() -> Vec<Vec<Button>> {
    Lang::ALL
        .chunks(2)
        .map(|row| {
            row.iter()
                .map(|lang| Button {
                    text: lang.endonym().to_owned(),
                    data: Some(format!("lang:{lang}")),
                    url: None,
                })
                .collect()
        })
        .collect()
}
