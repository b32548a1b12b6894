//! A lead's events as a person reads them: by day, newest first, each with its glyph and its words.

use std::cmp::Reverse;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use workflows::leads::Entry;

use crate::book::{Book, css};
use crate::visit::Visit;
use crate::whys::Why;

pub fn days(visit: &Visit, book: &Book, entries: &[Entry], whys: &[Why]) -> Vec<Value> {
    let happened = entries
        .iter()
        .filter_map(|entry| Some((entry.event.occurred_at, line(visit, book, entry, whys)?)));
    let decided = whys
        .iter()
        .filter(|why| !why.planned.is_empty())
        .map(|why| (why.decided_at, decision(visit, why)));
    let mut lines: Vec<(DateTime<Utc>, Value)> = happened.chain(decided).collect();
    lines.sort_by_key(|(at, _)| Reverse(*at));
    let mut days: Vec<(String, Vec<Value>)> = Vec::new();
    for (at, shown) in lines {
        let heading = visit.words.day_heading(at);
        match days.last_mut() {
            Some((last, lines)) if *last == heading => lines.push(shown),
            _ => days.push((heading, vec![shown])),
        }
    }
    days.into_iter()
        .map(|(heading, events)| json!({"heading": heading, "events": events}))
        .collect()
}

/// The tenant's rule planned something.
fn decision(visit: &Visit, why: &Why) -> Value {
    json!({
        "kind": null, "icon": "rules", "strong": visit.words.t("event-by-rule"),
        "words": visit.words.with("event-rule-planned", &[("what", why.planned.join(", ").into())]),
        "quote": null, "who": null, "why": why.id, "time": visit.words.time(why.decided_at),
    })
}

/// What one event shows; `None` for those a person has no use for.
fn line(visit: &Visit, book: &Book, entry: &Entry, whys: &[Why]) -> Option<Value> {
    let (words, event) = (&visit.words, &entry.event);
    let of = |name: &str| event.payload[name].as_str().unwrap_or_default().to_owned();
    let note = |name: &str| Some(of(name)).filter(|text| !text.is_empty());
    let mut shown = Shown {
        icon: "note".into(),
        ..Shown::default()
    };
    match event.kind.as_str() {
        "lead.created" => {
            let imported = of("via").starts_with("import");
            shown.icon = if imported { "import" } else { "inbox" }.into();
            let id = if imported { "event-imported" } else { "event-created" };
            shown.words = words.with(id, &[("what", book.source(&of("source")).into())]);
        }
        "lead.status_changed" => {
            let to = book.status(&of("to"));
            let kind = css(&to.kind);
            shown.icon = format!("g-{kind}");
            shown.kind = Some(kind);
            shown.strong = Some(to.label);
            shown.words = words.with(
                "event-status-changed",
                &[("from", book.status(&of("from")).label.into())],
            );
            let reason = note("reason").map(|key| book.lost_reason(&key));
            shown.quote = match (reason, note("note")) {
                (Some(reason), Some(note)) => Some(format!("{reason}\n{note}")),
                (reason, note) => reason.or(note),
            };
        }
        "lead.trashed" => {
            shown.icon = "trash".into();
            shown.words = words.t("event-trashed");
        }
        "lead.restored" => {
            shown.icon = "undo".into();
            let again = of("reason") == "enquired_again";
            shown.words = words.t(if again {
                "event-restored-enquiry"
            } else {
                "event-restored"
            });
        }
        "lead.change_undone" => {
            shown.icon = "undo".into();
            shown.words = words.t("event-change-undone");
        }
        "lead.assigned" => {
            shown.icon = "swap".into();
            shown.strong = book.name(of("to").parse().ok());
            shown.words = words.t("event-assigned");
        }
        "lead.returned" => {
            shown.icon = "undo".into();
            shown.words = match event.payload["minutes"].as_i64() {
                // Its owner did nothing with it.
                Some(minutes) => {
                    let name = book.name(of("from").parse().ok()).unwrap_or_default();
                    words.with("event-lead-untouched", &[("n", minutes.into()), ("name", name.into())])
                }
                None => words.t("event-returned"),
            };
        }
        "lead.noted" => {
            shown.strong = Some(words.t("event-note"));
            shown.quote = note("text");
        }
        "lead.enquired_again" => {
            shown.icon = "inbox".into();
            shown.words = words.t("event-enquired-again");
            shown.quote = note("notes");
        }
        "lead.filled" => {
            shown.icon = "import".into();
            shown.words = words.t("event-filled");
        }
        "lead.edited" => {
            shown.icon = "edit".into();
            shown.words = words.t("event-edited");
        }
        "lead.move_undone" => {
            let to = book.status(&of("to"));
            let kind = css(&to.kind);
            shown.icon = format!("g-{kind}");
            shown.kind = Some(kind);
            shown.strong = Some(to.label);
            shown.words = words.with("event-move-undone", &[("from", book.status(&of("from")).label.into())]);
        }
        "lead.merged" => {
            shown.icon = "group".into();
            shown.words = words.with("event-merged", &[("name", of("name").into())]);
        }
        "lead.unmerged" => {
            shown.icon = "undo".into();
            shown.words = words.t("event-unmerged");
        }
        "lead.called" => {
            let outcome = of("outcome");
            shown.icon = if outcome == "reached" { "phone" } else { "missed" }.into();
            shown.strong = Some(words.t(&format!("outcome-{outcome}")));
            let id = if of("direction") == "in" {
                "event-call-in"
            } else {
                "event-call-out"
            };
            shown.words = words.t(id);
            shown.quote = note("note");
        }
        "follow_up.planned" => {
            shown.icon = "clock".into();
            shown.words = words.with("event-follow-up-planned", &[("what", book.text(&of("text")).into())]);
        }
        "follow_up.completed" => {
            shown.icon = if of("outcome") == "no_answer" {
                "missed"
            } else {
                "phone"
            }
            .into();
            shown.strong = Some(words.t(&format!("outcome-{}", of("outcome"))));
            shown.words = book.text(&of("text"));
            shown.quote = note("note");
        }
        "follow_up.moved" => {
            shown.icon = "leave".into();
            let moment = |name: &str| of(name).parse().map(|at| words.moment(at)).unwrap_or_default();
            let id = match of("why").as_str() {
                "back" => "event-follow-up-moved-back",
                "absence" => "event-follow-up-moved-absence",
                "holiday" => "event-follow-up-moved-holiday",
                "opened" => "event-follow-up-moved-opened",
                "rescheduled" => "event-follow-up-rescheduled",
                _ => "event-follow-up-moved-leave",
            };
            let args = [
                ("what", book.text(&of("text")).into()),
                ("from", moment("from").into()),
                ("to", moment("to").into()),
            ];
            shown.words = words.with(id, &args);
        }
        "follow_up.reassigned" => {
            shown.icon = "swap".into();
            shown.strong = book.name(of("to").parse().ok());
            shown.words = words.with("event-follow-up-reassigned", &[("what", book.text(&of("text")).into())]);
        }
        "follow_up.deleted" => {
            shown.icon = "trash".into();
            shown.words = words.with("event-follow-up-deleted", &[("what", book.text(&of("text")).into())]);
        }
        "follow_up.change_undone" => {
            shown.icon = "undo".into();
            shown.words = words.with("event-follow-up-undone", &[("what", book.text(&of("text")).into())]);
        }
        _ => return None,
    }
    let why = whys
        .iter()
        .find(|why| why.planned.is_empty() && why.event == Some(event.id));
    Some(json!({
        "kind": shown.kind, "icon": shown.icon, "strong": shown.strong, "words": shown.words, "quote": shown.quote,
        "who": entry.actor_name, "why": why.map(|why| why.id.clone()), "time": words.time(event.occurred_at),
    }))
}

#[derive(Default)]
struct Shown {
    kind: Option<String>,
    icon: String,
    strong: Option<String>,
    words: String,
    quote: Option<String>,
}
