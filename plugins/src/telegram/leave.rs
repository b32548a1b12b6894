//! Leave in a chat: a request with the buttons that answer it, and what came of it. A rejection's reason is one of a
//! few ready sentences; any other is written in the portal.

use chrono::{DateTime, TimeDelta, Utc};
use platform::locale::t;
use platform::{Actor, App, Error, Id, Permit, Result};
use workflows::bots::{Notice, escape};
use workflows::leave::{self, Decision, Leave};

use super::cards::{Words, button};

const REASONS: [&str; 3] = ["few-people", "busy-days", "talk-first"];

/// The words of a notice about a leave, as it stands when the message goes out.
pub async fn notice(app: &App, actor: &Actor, notice: &Notice) -> Result<Words> {
    let id = notice.payload["leave_id"].as_str().and_then(|id| id.parse().ok());
    let found = leave::find(app, actor, id.ok_or(Error::NotFound)?).await?;
    match notice.kind.as_str() {
        // Answered, or taken back, before the message went out.
        "leave_requested" if found.state != "pending" => Err(Error::NotFound),
        _ => card(app, actor, &found).await,
    }
}

/// A press on a card: `a` approves, `r` asks why not, `r0`… rejects with that reason, `c` goes back.
pub async fn press(app: &App, actor: &Actor, id: Id, what: &str) -> Result<(String, Option<Words>)> {
    let decision = match what {
        "a" => Decision {
            approve: true,
            reason: String::new(),
        },
        "r" => {
            let found = leave::find(app, actor, id).await?;
            return Ok((String::new(), Some(why_not(app, actor, &found).await?)));
        }
        "c" => {
            let found = leave::find(app, actor, id).await?;
            return Ok((String::new(), Some(card(app, actor, &found).await?)));
        }
        _ => {
            let place = what.strip_prefix('r').and_then(|place| place.parse::<usize>().ok());
            let reason = place.and_then(|place| REASONS.get(place)).ok_or(Error::NotFound)?;
            Decision {
                approve: false,
                reason: t(actor.lang, &format!("bot-leave-why-{reason}"), &[]),
            }
        }
    };
    let said = match leave::decide(app, actor, id, decision).await {
        Ok(found) if found.state == "approved" => t(actor.lang, "bot-leave-approved", &[]),
        Ok(_) => t(actor.lang, "bot-leave-rejected", &[]),
        // A colleague was first: the card shows what was answered.
        Err(Error::Conflict(refusal)) => platform::http::message(actor.lang, refusal.code, &refusal.args),
        Err(Error::Forbidden(code)) => platform::http::message(actor.lang, code, &serde_json::Map::new()),
        Err(error) => return Err(error),
    };
    let found = leave::find(app, actor, id).await?;
    Ok((said, Some(card(app, actor, &found).await?)))
}

async fn card(app: &App, actor: &Actor, found: &Leave) -> Result<Words> {
    let lang = actor.lang;
    let mine = actor.user == Some(found.user_id);
    let head = match (found.state.as_str(), found.ended_at) {
        ("pending", _) => "bot-leave-asked",
        ("approved", Some(_)) => "bot-leave-ended",
        ("approved", None) => "bot-leave-is-approved",
        ("rejected", _) => "bot-leave-is-rejected",
        _ => "bot-leave-is-cancelled",
    };
    let mut html = t(lang, head, &[]);
    if !mine {
        html.push_str(&format!("\n\n<b>{}</b>", escape(&found.name())));
    }
    let kind = t(lang, &format!("leave-kind-{}", found.kind), &[]);
    html.push_str(&format!("\n{}: {}", escape(&kind), escape(&span(actor, found))));
    if found.urgent && found.state == "pending" {
        html.push_str(&format!("\n{}", t(lang, "bot-leave-urgent", &[])));
    }
    if !found.note.is_empty() {
        let note: String = found.note.chars().take(300).collect();
        html.push_str(&format!("\n<i>{}</i>", escape(&note)));
    }
    if !found.answer.is_empty() {
        let reason = escape(&found.answer);
        html.push_str(&format!(
            "\n{}",
            t(lang, "bot-leave-answer", &[("reason", reason.into())])
        ));
    }
    if found.state != "pending" || mine || !actor.can(Permit::LeaveDecide) {
        return Ok(Words::plain(html));
    }
    let beside = leave::conflicts(app, actor, found.id).await?;
    for (id, count) in [
        ("bot-leave-colleagues", beside.colleagues.len() as i64),
        ("bot-leave-follow-ups", beside.follow_ups),
    ] {
        if count > 0 {
            html.push_str(&format!("\n{}", t(lang, id, &[("count", count.into())])));
        }
    }
    let press = |text: &str, what: &str| button(t(lang, text, &[]), format!("l:{}:{what}", found.id));
    Ok(Words {
        html,
        buttons: vec![vec![press("bot-leave-approve", "a"), press("bot-leave-reject", "r")]],
    })
}

async fn why_not(app: &App, actor: &Actor, found: &Leave) -> Result<Words> {
    let card = card(app, actor, found).await?;
    if card.buttons.is_empty() {
        return Ok(card);
    }
    let lang = actor.lang;
    let mut buttons: Vec<_> = REASONS
        .iter()
        .enumerate()
        .map(|(at, reason)| {
            let text = t(lang, &format!("bot-leave-why-{reason}"), &[]);
            vec![button(text, format!("l:{}:r{at}", found.id))]
        })
        .collect();
    buttons.push(vec![button(
        t(lang, "bot-leave-back", &[]),
        format!("l:{}:c", found.id),
    )]);
    Ok(Words {
        html: format!("{}\n\n{}", card.html, t(lang, "bot-leave-why", &[])),
        buttons,
    })
}

/// `23.11`, `23.11 – 27.11`, `23.11 14:00–16:00`, in the centre's own time.
fn span(actor: &Actor, found: &Leave) -> String {
    let (first, last) = found.days(actor);
    let ended: Option<DateTime<Utc>> = found.ended_at.filter(|_| found.state == "approved");
    let last = ended.map_or(last, |at| {
        actor.tenant.local_date(at - TimeDelta::microseconds(1)).max(first)
    });
    let clock = |minutes: i16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
    let days = if first == last {
        first.format("%d.%m").to_string()
    } else {
        format!("{} – {}", first.format("%d.%m"), last.format("%d.%m"))
    };
    match (found.from_minute, found.to_minute) {
        (Some(from), Some(to)) => format!("{days}, {}–{}", clock(from), clock(to)),
        _ => days,
    }
}
