//! The Telegram simulator, in `--demo` only: each linked person's chat, buttons that work, faults on demand.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use platform::{Error, Id, TenantId};
use poem::web::{Data, Query};
use poem::{Response, handler};
use serde::Deserialize;
use serde_json::{Value, json};
use workflows::staff::{self, User};

use crate::nav::Section;
use crate::page::Person;
use crate::render;
use crate::sent::Sent;
use crate::visit::{Answer, Visit, done};

/// What the page needs of an imitation of Telegram.
pub trait Phones: Send + Sync {
    /// The chat each user would have, whether or not it is linked yet.
    fn chat_of(&self, tenant: TenantId, user: Id) -> i64;
    fn bubbles(&self, tenant: TenantId, chat: i64) -> Vec<Bubble>;
    fn say(&self, tenant: TenantId, user: &User, text: &str);
    fn press(&self, tenant: TenantId, chat: i64, message: i64, data: &str);
    /// `none`, `429`, `403` or `500` from now on.
    fn fail(&self, tenant: TenantId, fault: &str);
    fn calls(&self, tenant: TenantId) -> Vec<Call>;
}

pub struct Bubble {
    pub id: i64,
    pub from_bot: bool,
    /// Telegram's HTML, as the bot sent it.
    pub text: String,
    pub at: DateTime<Utc>,
    pub buttons: Vec<Vec<(String, Option<String>)>>,
    pub notice: Option<String>,
}

pub struct Call {
    pub at: DateTime<Utc>,
    pub method: String,
    pub code: u16,
}

#[derive(Clone)]
pub struct Simulated(pub Option<Arc<dyn Phones>>);

#[derive(Deserialize)]
pub struct Who {
    #[serde(default)]
    user: Option<Id>,
}

const COMMANDS: [&str; 4] = ["/start", "/today", "/stats", "/help"];
const FAULTS: [&str; 4] = ["none", "429", "403", "500"];

#[handler]
pub async fn show(visit: Visit, Data(phones): Data<&Simulated>, Query(who): Query<Who>) -> Answer {
    let (phones, tenant) = (phones.0.as_ref().ok_or(Error::NotFound)?, visit.actor()?.tenant_id());
    let users = people(&visit).await?;
    let presence = staff::presence(visit.app(), visit.actor()?).await.unwrap_or_default();
    let linked = |user: &User| presence.get(&user.id).is_some_and(|p| p.linked);
    let current = users
        .iter()
        .find(|user| Some(user.id) == who.user)
        .or_else(|| users.iter().find(|user| linked(user)))
        .or(users.first())
        .ok_or(Error::NotFound)?;
    let chat = phones.chat_of(tenant, current.id);
    let list: Vec<Value> = users
        .iter()
        .map(|user| {
            let count = phones.bubbles(tenant, phones.chat_of(tenant, user.id)).len();
            json!({
                "person": Person::new(user.id, &user.full_name()), "current": user.id == current.id,
                "linked": linked(user) || count > 0, "count": count,
            })
        })
        .collect();
    let view = json!({
        "here": format!("/simulator?user={}", current.id), "user": current.id, "people": list,
        "messages": messages(&visit, &phones.bubbles(tenant, chat)),
        "commands": COMMANDS,
        "faults": FAULTS.map(|fault| json!({"value": fault, "label": visit.words.t(&format!("sim-fault-{fault}"))})),
        "log": log(&visit, &phones.calls(tenant)),
    });
    Ok(render::page(
        &visit.page(Section::Simulator, visit.words.t("nav-simulator")),
        "simulator",
        &view,
    ))
}

#[handler]
pub async fn say(visit: Visit, Data(phones): Data<&Simulated>, sent: Sent) -> Answer {
    let user = chosen(&visit, &sent).await?;
    let text = sent.some("typed").or(sent.some("text")).unwrap_or_default();
    if !text.is_empty() {
        phones
            .0
            .as_ref()
            .ok_or(Error::NotFound)?
            .say(visit.actor()?.tenant_id(), &user, &text);
    }
    settle(&user).await
}

#[handler]
pub async fn press(visit: Visit, Data(phones): Data<&Simulated>, sent: Sent) -> Answer {
    let user = chosen(&visit, &sent).await?;
    let (phones, tenant) = (phones.0.as_ref().ok_or(Error::NotFound)?, visit.actor()?.tenant_id());
    let message = sent.get("message").parse().map_err(|_| Error::NotFound)?;
    phones.press(tenant, phones.chat_of(tenant, user.id), message, sent.get("data"));
    settle(&user).await
}

#[handler]
pub async fn fail(visit: Visit, Data(phones): Data<&Simulated>, sent: Sent) -> Answer {
    let fault = FAULTS
        .into_iter()
        .find(|fault| *fault == sent.get("fault"))
        .ok_or(Error::NotFound)?;
    phones
        .0
        .as_ref()
        .ok_or(Error::NotFound)?
        .fail(visit.actor()?.tenant_id(), fault);
    Ok(done("/simulator", Some("toast-saved")))
}

/// The bot answers from a job; a moment later its answer is usually there.
async fn settle(user: &User) -> Answer {
    tokio::time::sleep(std::time::Duration::from_millis(350)).await;
    let to: Response = done(&format!("/simulator?user={}", user.id), None);
    Ok(to)
}

/// Everybody for those who may see staff; oneself otherwise.
async fn people(visit: &Visit) -> Result<Vec<User>, Error> {
    let (app, actor) = (visit.app(), visit.actor()?);
    if actor.can(platform::Permit::StaffRead) {
        let users = staff::list(app, actor).await?;
        return Ok(users.into_iter().filter(|user| user.active).collect());
    }
    Ok(vec![staff::find(app, actor, actor.person()?).await?])
}

async fn chosen(visit: &Visit, sent: &Sent) -> Result<User, Error> {
    let id = sent.id("user", "unknown_user")?.ok_or(Error::NotFound)?;
    people(visit)
        .await?
        .into_iter()
        .find(|user| user.id == id)
        .ok_or(Error::NotFound)
}

fn messages(visit: &Visit, bubbles: &[Bubble]) -> Vec<Value> {
    bubbles
        .iter()
        .map(|bubble| {
            let keys: Vec<Value> = bubble
                .buttons
                .iter()
                .flat_map(|row| {
                    let span = match row.len() {
                        1 => 6,
                        2 => 3,
                        _ => 2,
                    };
                    row.iter()
                        .map(move |(label, data)| json!({"span": span, "label": label, "data": data}))
                })
                .collect();
            json!({
                "id": bubble.id, "mine": !bubble.from_bot, "time": visit.words.time(bubble.at), "keys": keys,
                "html": if bubble.from_bot { safe(&bubble.text) } else { handlebars::html_escape(&bubble.text) },
                "notice": bubble.notice,
            })
        })
        .collect()
}

/// Telegram's own few tags stay; anything else is shown as text.
fn safe(html: &str) -> String {
    let tags: BTreeMap<&str, &str> = ["b", "/b", "i", "/i", "u", "/u", "s", "/s", "code", "/code"]
        .into_iter()
        .map(|tag| (tag, tag))
        .collect();
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        match after.find('>').and_then(|end| Some((tags.get(&after[..end])?, end))) {
            Some((tag, end)) => {
                out.push_str(&format!("<{tag}>"));
                rest = &after[end + 1..];
            }
            None => {
                out.push_str("&lt;");
                rest = after;
            }
        }
    }
    out + rest
}

fn log(visit: &Visit, calls: &[Call]) -> Vec<Value> {
    let shown = calls.iter().rev().take(30);
    shown
        .map(|call| {
            let (icon, tone) = match call.code {
                200 if call.method.starts_with("edit") => ("edit", "t-info"),
                200 if call.method.starts_with("answer") => ("check", "t-success"),
                200 => ("send", "t-info"),
                429 => ("pause", "t-warning"),
                _ => ("alert", "t-danger"),
            };
            json!({
                "icon": icon, "tone": tone, "words": call.method, "detail": call.code.to_string(),
                "time": call.at.with_timezone(&visit.words.zone).format("%H:%M:%S").to_string(),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::safe;

    #[test]
    fn a_message_keeps_telegrams_tags_and_no_others() {
        assert_eq!(safe("<b>Ali</b> &amp; co"), "<b>Ali</b> &amp; co");
        assert_eq!(safe("<script>x</script>"), "&lt;script>x&lt;/script>");
        assert_eq!(safe("<b onclick=1>x"), "&lt;b onclick=1>x");
        assert_eq!(safe("1 < 2"), "1 &lt; 2");
    }
}
