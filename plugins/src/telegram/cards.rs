//! How leads and follow-ups look in a chat: the list of a day, one card with its buttons, and notices.

use chrono::{DateTime, Utc};
use platform::locale::{Lang, t};
use platform::{Actor, App, Error, Id, Result, phone};
use workflows::bots::{Button, Notice, escape};
use workflows::follow_ups::{self, Filter, Item, View};
use workflows::leads::{self, Lead, Registry};
use workflows::{courses, numbers};

use super::leave;

/// What the bot says: HTML, and the buttons under it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Words {
    pub html: String,
    pub buttons: Vec<Vec<Button>>,
}

/// As many follow-ups as fit a message and two rows of numbers.
const LISTED: usize = 10;
const A_ROW: usize = 5;

impl Words {
    pub fn plain(html: impl Into<String>) -> Self {
        Words {
            html: html.into(),
            buttons: Vec::new(),
        }
    }
}

pub fn button(text: impl Into<String>, data: impl Into<String>) -> Button {
    Button {
        text: text.into(),
        data: Some(data.into()),
        url: None,
    }
}

/// The first follow-ups of a view, each with a number that opens its card.
pub async fn list(app: &App, actor: &Actor, view: View) -> Result<Words> {
    let filter = Filter {
        view,
        limit: Some(LISTED as u64),
        owner: mine(actor),
        ..Filter::default()
    };
    let page = follow_ups::list(app, actor, filter).await?;
    let lang = actor.lang;
    if page.items.is_empty() {
        let none = if view == View::Overdue {
            "bot-overdue-none"
        } else {
            "bot-today-none"
        };
        return Ok(Words::plain(t(lang, none, &[])));
    }
    let registry = leads::registry(app, actor).await?;
    let now = app.clock.now();
    let head = if view == View::Overdue {
        "bot-overdue-head"
    } else {
        "bot-today-head"
    };
    let mut html = t(lang, head, &[]);
    for (at, item) in page.items.iter().enumerate() {
        html.push_str(&format!("\n\n{}. {}", at + 1, line(actor, &registry, item, now)));
    }
    if page.next.is_some() {
        html.push_str(&format!("\n\n{}", t(lang, "bot-list-more", &[])));
    }
    let numbers: Vec<Button> = page
        .items
        .iter()
        .enumerate()
        .map(|(at, item)| button((at + 1).to_string(), format!("c:{}", item.id)))
        .collect();
    Ok(Words {
        html,
        buttons: numbers.chunks(A_ROW).map(<[Button]>::to_vec).collect(),
    })
}

/// One follow-up with what can be done about it.
pub async fn card(app: &App, actor: &Actor, follow_up: Id) -> Result<Words> {
    let found = follow_ups::find(app, actor, follow_up).await?;
    let lead = leads::find(app, actor, found.lead_id).await?;
    let registry = leads::registry(app, actor).await?;
    let lang = actor.lang;
    let mut html = about(app, actor, &registry, &lead).await?;
    let what = registry.text(&found.text, lang).unwrap_or(&found.text);
    html.push_str(&format!("\n\n{}", escape(what)));
    html.push_str(&format!("\n{}", due(actor, found.due_at, app.clock.now())));
    if found.state != "open" {
        html.push_str(&format!("\n{}", t(lang, "bot-follow-up-closed", &[])));
        return Ok(Words {
            html,
            buttons: vec![vec![next(lang)]],
        });
    }
    let outcome = |key: &str| {
        button(
            t(lang, &format!("bot-outcome-{}", key.replace('_', "-")), &[]),
            format!("d:{}:{key}", found.id),
        )
    };
    let buttons = vec![
        vec![outcome("reached"), outcome("no_answer")],
        vec![outcome("later"), next(lang)],
    ];
    Ok(Words { html, buttons })
}

/// The words of a notice as things stand now; `None` when it no longer concerns this person.
pub async fn notice(app: &App, actor: &Actor, notice: &Notice) -> Result<Option<Words>> {
    let lang = actor.lang;
    let count = notice.payload["count"].as_i64().unwrap_or_default();
    let counted = |id: &str| Words {
        html: t(lang, id, &[("count", count.into())]),
        buttons: vec![vec![today(lang)]],
    };
    let words = match notice.kind.as_str() {
        "lead_assigned" => about_lead(app, actor, notice, "bot-lead-assigned").await,
        "lead_enquired_again" => about_lead(app, actor, notice, "bot-lead-enquired-again").await,
        "script_notice" => script_notice(app, actor, notice).await,
        "leads_assigned" => Ok(counted("bot-leads-assigned")),
        "leads_returned" => {
            let minutes = notice.payload["minutes"].as_i64().unwrap_or_default();
            let args = [("count", count.into()), ("time", minutes.to_string().into())];
            Ok(Words::plain(t(lang, "bot-leads-returned", &args)))
        }
        "follow_ups_due" => Ok(counted("bot-follow-ups-due")),
        "follow_up_due" => match notice.follow_up {
            Some(follow_up) => due_now(app, actor, follow_up).await,
            None => Err(Error::NotFound),
        },
        "rep_blocked" if notice.payload["rep_id"] == notice.user.to_string() => Ok(counted("bot-you-are-blocked")),
        "rep_blocked" => {
            let name = escape(notice.payload["name"].as_str().unwrap_or_default());
            Ok(Words::plain(t(
                lang,
                "bot-rep-blocked",
                &[("name", name.into()), ("count", count.into())],
            )))
        }
        "leave_requested" | "leave_answered" | "leave_closed" => leave::notice(app, actor, notice).await,
        "leads_waiting" => Ok(Words::plain(t(lang, "bot-leads-waiting", &[("count", count.into())]))),
        "sheet_broken" => Ok(Words::plain(sheet_broken(lang, &notice.payload))),
        "script_failing" => Ok(Words::plain(script_failing(lang, &notice.payload))),
        other => return Err(Error::internal(format!("no words for a notice of kind {other}"))),
    };
    match words {
        Ok(words) => Ok(Some(words)),
        // Given to somebody else, or done, before the message went out.
        Err(Error::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The person's own numbers of the day.
pub async fn stats(app: &App, actor: &Actor) -> Result<Words> {
    let own = numbers::own(app, actor).await?;
    let lang = actor.lang;
    Ok(Words::plain(t(
        lang,
        "bot-stats",
        &[
            ("leads", own.leads.into()),
            ("today", own.today.into()),
            ("overdue", own.overdue.into()),
            ("new", own.new_today.into()),
        ],
    )))
}

async fn due_now(app: &App, actor: &Actor, follow_up: Id) -> Result<Words> {
    if follow_ups::find(app, actor, follow_up).await?.state != "open" {
        return Err(Error::NotFound);
    }
    let Words { html, buttons } = card(app, actor, follow_up).await?;
    Ok(Words {
        html: format!("{}\n\n{html}", t(actor.lang, "bot-follow-up-due", &[])),
        buttons,
    })
}

async fn about_lead(app: &App, actor: &Actor, notice: &Notice, head: &str) -> Result<Words> {
    let lead = leads::find(app, actor, notice.lead.ok_or(Error::NotFound)?).await?;
    let registry = leads::registry(app, actor).await?;
    let html = format!(
        "{}\n\n{}",
        t(actor.lang, head, &[]),
        about(app, actor, &registry, &lead).await?
    );
    Ok(Words {
        html,
        buttons: vec![vec![today(actor.lang)]],
    })
}

/// A tenant's own rule wants this person to know something about a lead: in the pack's words.
async fn script_notice(app: &App, actor: &Actor, notice: &Notice) -> Result<Words> {
    let registry = leads::registry(app, actor).await?;
    let key = notice.payload["template"].as_str().unwrap_or_default();
    let words = filled(
        &escape(registry.text(key, actor.lang).unwrap_or(key)),
        &notice.payload["vars"],
    );
    if let Some(count) = notice.payload["count"].as_i64() {
        let leads = t(actor.lang, "bot-notice-leads", &[("count", count.into())]);
        return Ok(Words::plain(format!("{words}\n\n{leads}")));
    }
    let lead = leads::find(app, actor, notice.lead.ok_or(Error::NotFound)?).await?;
    Ok(Words::plain(format!(
        "{words}\n\n{}",
        about(app, actor, &registry, &lead).await?
    )))
}

/// Puts what a rule told its template in the places the template leaves: `{times}`.
fn filled(words: &str, vars: &serde_json::Value) -> String {
    let mut words = words.to_owned();
    for (name, value) in vars.as_object().into_iter().flatten() {
        let shown = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        words = words.replace(&format!("{{{name}}}"), &escape(&shown));
    }
    words
}

/// Name, phone, course and source: what one looks at before calling.
async fn about(app: &App, actor: &Actor, registry: &Registry, lead: &Lead) -> Result<String> {
    let lang = actor.lang;
    let mut lines = vec![format!("<b>{}</b>", escape(&lead.name))];
    lines.extend(
        lead.phone
            .as_deref()
            .map(|phone| escape(&phone::format_national(phone))),
    );
    let course = match lead.course_id {
        Some(course) => Some(courses::find(app, actor, course).await?.name),
        None => None,
    };
    let source = registry
        .sources
        .iter()
        .find(|source| source.key == lead.source)
        .map(|source| source.label(lang));
    let status = registry.status(&lead.status).map(|status| status.label(lang));
    let facts: Vec<String> = [course.as_deref(), source, status]
        .into_iter()
        .flatten()
        .map(escape)
        .collect();
    lines.push(facts.join(", "));
    if !lead.notes.is_empty() {
        let notes: String = lead.notes.chars().take(300).collect();
        lines.push(format!("<i>{}</i>", escape(&notes)));
    }
    Ok(lines.join("\n"))
}

fn line(actor: &Actor, registry: &Registry, item: &Item, now: DateTime<Utc>) -> String {
    let phone = item
        .lead_phone
        .as_deref()
        .map(phone::format_national)
        .unwrap_or_default();
    let what = registry.text(&item.text, actor.lang).unwrap_or(&item.text);
    format!(
        "<b>{}</b> {}\n{}\n{}",
        escape(&item.lead_name),
        escape(&phone),
        due(actor, item.due_at, now),
        escape(what)
    )
}

/// `14:30`, with the day when it is another one, and a word when it is past.
fn due(actor: &Actor, at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let tenant = &actor.tenant;
    let local = at.with_timezone(&tenant.time_zone);
    let time = match tenant.local_date(at) == tenant.local_date(now) {
        true => local.format("%H:%M").to_string(),
        false => local.format("%d.%m %H:%M").to_string(),
    };
    let id = if at < now { "bot-due-past" } else { "bot-due-at" };
    t(actor.lang, id, &[("time", time.into())])
}

fn sheet_broken(lang: Lang, payload: &serde_json::Value) -> String {
    let said = |name: &str| payload[name].as_str().unwrap_or_default().to_owned();
    let args = serde_json::Map::from_iter([("name".to_owned(), payload["account"].clone())]);
    let head = t(lang, "bot-sheet-broken", &[("name", escape(&said("name")).into())]);
    let why = platform::http::message(lang, &said("code"), &args);
    format!("{head}\n{}", escape(&why))
}

fn script_failing(lang: Lang, payload: &serde_json::Value) -> String {
    let hook = t(
        lang,
        &format!("hook-{}", payload["hook"].as_str().unwrap_or_default()),
        &[],
    );
    let line = payload["line"].as_i64().unwrap_or_default();
    let reason = escape(&workflows::scripts::explain_stored(lang, payload));
    let id = if payload["paused"] == true {
        "bot-script-paused"
    } else {
        "bot-script-failing"
    };
    t(
        lang,
        id,
        &[
            ("name", escape(&hook).into()),
            ("line", line.into()),
            ("reason", reason.into()),
        ],
    )
}

/// A manager's list in the bot is the manager's own work; the team's is the portal's.
fn mine(actor: &Actor) -> Option<Id> {
    actor.user
}

pub fn today(lang: Lang) -> Button {
    button(t(lang, "bot-command-today", &[]), "today")
}

fn next(lang: Lang) -> Button {
    button(t(lang, "bot-next", &[]), "today")
}
