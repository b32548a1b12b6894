//! Today's work: one by one, or as a list; a press records the outcome and the next one comes.

use platform::{Error, Id, Permit};
use poem::handler;
use poem::http::StatusCode;
use poem::web::{Path, Query};
use serde_json::{Value, json};
use workflows::follow_ups::{self, Age, Filter, Item, Load, Outcome, Reminder, Snooze, Stopped};

use crate::book::Book;
use crate::follow_ups_asked::Asked;
use crate::follow_ups_many;
use crate::lead;
use crate::nav::Section;
use crate::render;
use crate::sent::Sent;
use crate::visit::{Answer, Visit, done};
use crate::words::{Words, phone};

/// Rows of the list, each with its own buttons, and names in the line beside the current one.
const ROWS: u64 = 20;
const IN_LINE: u64 = 100;

#[handler]
pub async fn today(visit: Visit, Query(asked): Query<Asked>) -> Answer {
    show(&visit, &asked, Refused::default()).await
}

#[handler]
pub async fn complete(visit: Visit, Path(id): Path<Id>, Query(asked): Query<Asked>, sent: Sent) -> Answer {
    let (app, actor) = (visit.app(), visit.actor()?);
    let done_with = match Outcome::parse(sent.get("outcome")) {
        Ok(outcome) => follow_ups::complete(app, actor, id, outcome, sent.get("note")).await,
        Err(error) => Err(error),
    };
    match (done_with, asked.back.as_str()) {
        (Ok(found), "lead") => {
            // A lead that was a colleague's is not seen any longer.
            let there = workflows::leads::find(app, actor, found.lead_id).await.is_ok();
            let lead = format!("/leads/{}", found.lead_id);
            Ok(done(if there { &lead } else { "/today" }, Some("toast-completed")))
        }
        (Ok(_), _) => Ok(done(&asked.address(), Some("toast-completed"))),
        (Err(error), "lead") => {
            let found = follow_ups::find(app, actor, id).await?;
            lead::refuse(&visit, found.lead_id, error, &sent, "").await
        }
        (Err(error @ (Error::Refused(_) | Error::Conflict(_) | Error::Invalid(_))), _) => {
            let refused = Refused {
                problem: Some(lead::reason(&visit, &error)),
                draft: sent.get("note").to_owned(),
            };
            show(&visit, &asked, refused).await
        }
        (Err(error), _) => Err(error.into()),
    }
}

/// A manager puts one off.
#[handler]
pub async fn snooze(visit: Visit, Path(id): Path<Id>, Query(asked): Query<Asked>, sent: Sent) -> Answer {
    let (app, actor) = (visit.app(), visit.actor()?);
    let put_off = match Snooze::parse(sent.get("for")) {
        Ok(how) => follow_ups::snooze(app, actor, id, how).await,
        Err(error) => Err(error),
    };
    let toast = Some("toast-follow-up-moved");
    match (put_off, asked.back.as_str()) {
        (Ok(found), "lead") => Ok(done(&format!("/leads/{}", found.lead_id), toast)),
        (Ok(_), _) => Ok(done(&asked.address(), toast)),
        (Err(error), "lead") => {
            let found = follow_ups::find(app, actor, id).await?;
            lead::refuse(&visit, found.lead_id, error, &sent, "").await
        }
        (Err(error @ (Error::Refused(_) | Error::Conflict(_) | Error::Invalid(_))), _) => {
            let refused = Refused {
                problem: Some(lead::reason(&visit, &error)),
                draft: sent.get("note").to_owned(),
            };
            show(&visit, &asked, refused).await
        }
        (Err(error), _) => Err(error.into()),
    }
}

/// How far a follow-up may be put off, for those who may.
pub fn snoozes(visit: &Visit) -> Result<Option<Vec<Value>>, Error> {
    let chip = |how: Snooze| {
        let value = how.as_str();
        json!({"value": value, "label": visit.words.t(&format!("follow-ups-snooze-{value}"))})
    };
    let may = visit.actor()?.can(Permit::FollowUpsAll);
    Ok(may.then(|| Snooze::ALL.map(chip).to_vec()))
}

/// The reminders sent for follow-ups, as a line each.
pub fn reminded(words: &Words, book: &Book, reminders: &[Reminder], of: Id) -> Vec<Value> {
    let line = |reminder: &Reminder| {
        let name = book.name(Some(reminder.user_id)).unwrap_or_default();
        let at = reminder.sent_at.unwrap_or(reminder.at);
        json!({
            "said": words.with("follow-ups-reminded", &[("time", words.moment(at).into()), ("name", name.into())]),
            "outcome": words.t(&format!("follow-ups-reminder-{}", reminder.outcome())),
            "bad": matches!(reminder.outcome(), "failed" | "portal"),
        })
    };
    let mine = reminders.iter().filter(|reminder| reminder.follow_up_id == of);
    mine.take(5).map(line).collect()
}

pub fn outcomes(words: &Words) -> Vec<Value> {
    let outcome = |(at, outcome): (usize, Outcome)| {
        let (icon, tone) = match outcome {
            Outcome::Reached => ("check", "t-success"),
            Outcome::NoAnswer => ("missed", "muted"),
            Outcome::Later => ("clock", "muted"),
            Outcome::Done => ("g-won", "kind k-won"),
        };
        let value = outcome.as_str();
        json!({
            "value": value, "label": words.t(&format!("outcome-{value}")), "icon": icon, "tone": tone,
            "key": (at + 1).to_string(),
        })
    };
    Outcome::ALL.into_iter().enumerate().map(outcome).collect()
}

/// Why outcomes cannot be recorded right now: a rep works in working time only.
pub async fn closed_now(visit: &Visit, _owner: Option<Id>) -> Result<Option<String>, Error> {
    let actor = visit.actor()?;
    if actor.can(Permit::FollowUpsAll) {
        return Ok(None);
    }
    let working = workflows::staff::is_working(visit.app(), actor).await?;
    Ok((!working).then(|| visit.words.t("today-closed")))
}

/// What was refused, in words, and what had been typed.
#[derive(Default)]
pub struct Refused {
    pub problem: Option<String>,
    pub draft: String,
}

pub async fn show(visit: &Visit, asked: &Asked, refused: Refused) -> Answer {
    let (app, actor, words) = (visit.app(), visit.actor()?, &visit.words);
    let team = actor.can(Permit::FollowUpsAll);
    let queue = if asked.mode.is_empty() {
        !team
    } else {
        asked.mode == "queue"
    };
    let filter = Filter {
        cursor: (!asked.after.is_empty()).then(|| asked.after.clone()),
        limit: Some(if queue { IN_LINE } else { ROWS }),
        ..asked.filter()
    };
    let bulk = async {
        match asked.bulk.parse() {
            Ok(id) => follow_ups_many::standing(visit, id, asked).await.map(Some),
            Err(_) => Ok(None),
        }
    };
    let (book, page, count, load, closed, bulk) = tokio::try_join!(
        Book::open(visit),
        follow_ups::list(app, actor, filter),
        follow_ups::matching(app, actor, asked.filter()),
        follow_ups::overdue_load(app, actor),
        closed_now(visit, None),
        bulk
    )?;
    let rows: Vec<Value> = page
        .items
        .iter()
        .map(|item| row(visit, &book, item, closed.as_deref()))
        .collect();
    let beside = asked.beside();
    let late = match asked.age() {
        Some(_) => count,
        None => asked.of(&load).map(Load::total).sum(),
    };
    let Refused { problem: error, draft } = refused;
    let mine = load
        .iter()
        .any(|load| Some(load.owner) == actor.user && load.total() > 0);
    let stopped = if mine {
        follow_ups::own_stop(app, actor).await?
    } else {
        None
    };
    let status = if error.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let mut view = json!({
        "progress": words.with("today-progress", &[("n", count.into()), ("of", late.into())]),
        "owners": team.then(|| book.owners()), "owner": asked.owner,
        "mode": if queue { "queue" } else { "list" }, "keep": asked.keep(), "printed": asked.query(),
        "is_queue": queue.to_string(), "is_list": (!queue).to_string(), "beside": beside,
        "all": team, "error": error, "draft": draft, "outcomes": outcomes(words),
        "outcome_count": Outcome::ALL.len(), "stopped": stopped.map(|stopped| stop(words, &stopped)),
        "snoozes": snoozes(visit)?, "plan_from": lead::local(visit, words.now + chrono::TimeDelta::minutes(1)),
        "plan_at": lead::local(visit, words.now + chrono::TimeDelta::hours(1)),
        "export": actor.can(Permit::Exports).then(|| asked.export()),
    });
    let here = visit.page(Section::Today, words.t("nav-today"));
    if queue {
        view["now"] = current(visit, &book, &page.items, &rows, &asked.at);
        if let Some(id) = view["now"]["id"].as_str().and_then(|id| id.parse().ok()) {
            let reminders = follow_ups::reminders(app, actor, id).await?;
            view["now"]["reminders"] = json!(reminded(words, &book, &reminders, id));
        }
        view["groups"] = groups(
            words,
            &page.items,
            &rows,
            view["now"]["id"].as_str().unwrap_or_default(),
        );
        return Ok(render::page_with(status, &here, "follow_ups/queue", &view));
    }
    view["tabs"] = tabs(words, asked, load.iter().map(Load::total).sum());
    if asked.view == "overdue" {
        view["ages"] = ages(words, asked, &load);
        view["load"] = json!(team.then(|| whose(&book, asked, &load)));
    }
    // The same in every row, so it is drawn once.
    let quick: Vec<Value> = outcomes(words).into_iter().take(3).collect();
    let quick = render::body(&here, "follow_ups/quick", &json!({"outcomes": quick, "closed": closed}));
    view["quick"] = Value::String(quick.map_err(Error::internal)?);
    if actor.can(Permit::FollowUpsBulk) {
        view["bulk"] = json!(bulk);
        view["many"] = follow_ups_many::bar(visit, &book, asked)?;
    }
    view["next"] = json!(page.next.map(|cursor| format!(
        "/today?mode=list&view={}&after={cursor}{}",
        asked.view,
        asked.keep()
    )));
    view["rows"] = Value::Array(rows);
    Ok(render::page_of(status, &here, "follow_ups/list", view))
}

pub fn row(visit: &Visit, book: &Book, item: &Item, closed: Option<&str>) -> Value {
    let tel = item.lead_phone.clone().unwrap_or_default();
    json!({
        "id": item.id, "lead_id": item.lead_id, "name": item.lead_name, "what": book.text(&item.text),
        "phone": item.lead_phone.as_deref().map(phone), "digits": tel.trim_start_matches('+'), "tel": tel,
        "course": book.course_name(item.course_id), "status": book.status(&item.lead_status),
        "owner": book.person(Some(item.owner_id)), "due": visit.words.due(Some(item.due_at)), "closed": closed,
    })
}

/// Why no new leads come, and what brings them back.
fn stop(words: &Words, stopped: &Stopped) -> String {
    match stopped.threshold {
        Some(threshold) => words.with(
            "today-stopped",
            &[("n", stopped.overdue.into()), ("of", threshold.into())],
        ),
        None => words.count("today-stopped-all", stopped.overdue),
    }
}

fn current(visit: &Visit, book: &Book, items: &[Item], rows: &[Value], at: &str) -> Value {
    let chosen = items.iter().position(|item| item.id.to_string() == at).unwrap_or(0);
    let (Some(item), Some(row)) = (items.get(chosen), rows.get(chosen)) else {
        return Value::Null;
    };
    let words = &visit.words;
    let mut now = row.clone();
    now["context"] = json!([
        {"label": words.t("today-due"), "value": words.moment(item.due_at)},
        {"label": words.t("lead-course"), "value": book.course_name(item.course_id)},
        {"label": words.t("today-context-owner"), "value": book.name(Some(item.owner_id))},
    ]);
    let script = book
        .course(item.course_id)
        .map(|course| course.sales_script.lines().next().unwrap_or_default());
    now["say"] = json!(script.filter(|line| !line.is_empty()));
    now
}

fn groups(words: &Words, items: &[Item], rows: &[Value], current: &str) -> Value {
    let soon = words.now + chrono::TimeDelta::hours(1);
    let group = |label: &str, late: bool, test: &dyn Fn(&Item) -> bool| {
        let rows: Vec<Value> = items
            .iter()
            .zip(rows)
            .filter(|(item, _)| test(item))
            .map(|(_, row)| {
                let mut row = row.clone();
                row["current"] = json!(row["id"] == current);
                row
            })
            .collect();
        json!({"label": words.t(label), "late": late, "count": rows.len(), "rows": rows})
    };
    let groups = [
        group("today-group-overdue", true, &|item| item.due_at < words.now),
        group("today-group-now", false, &|item| {
            item.due_at >= words.now && item.due_at < soon
        }),
        group("today-group-later", false, &|item| item.due_at >= soon),
    ];
    json!(
        groups
            .into_iter()
            .filter(|group| group["count"] != 0)
            .collect::<Vec<_>>()
    )
}

fn tabs(words: &Words, asked: &Asked, overdue: i64) -> Value {
    let tab = |view: &str, label: &str, count: Option<i64>| {
        let href = format!("/today?mode=list&view={view}{}", asked.owner_only());
        let late = count.is_some_and(|count| count > 0);
        json!({"href": href, "label": words.t(label), "current": asked.view == view, "late": late, "count": count})
    };
    json!([
        tab("", "today-tab-all", None),
        tab("overdue", "today-group-overdue", Some(overdue))
    ])
}

/// How long already, each with its number; pressed again, all of them.
fn ages(words: &Words, asked: &Asked, load: &[Load]) -> Value {
    let counted = |at: usize| -> i64 { asked.of(load).map(|load| load.ages[at]).sum() };
    let chip = |(at, age): (usize, Age)| {
        let current = asked.age() == Some(age);
        let narrowed = if current {
            String::new()
        } else {
            format!("&age={}", age.as_str())
        };
        json!({
            "label": words.t(&format!("today-age-{}", age.as_str().replace('_', "-"))), "count": counted(at),
            "current": current.to_string(),
            "href": format!("/today?mode=list&view=overdue{narrowed}{}", asked.owner_only()),
        })
    };
    Age::ALL.into_iter().enumerate().map(chip).collect()
}

/// The most loaded, each a way to their own.
fn whose(book: &Book, asked: &Asked, load: &[Load]) -> Value {
    let chip = |load: &Load| {
        let current = asked.owner.parse() == Ok(load.owner);
        let owner = if current {
            String::new()
        } else {
            format!("&owner={}", load.owner)
        };
        let age = asked
            .age()
            .map(|age| format!("&age={}", age.as_str()))
            .unwrap_or_default();
        json!({
            "person": book.person(Some(load.owner)), "name": book.name(Some(load.owner)), "count": load.total(),
            "current": current.to_string(), "href": format!("/today?mode=list&view=overdue{age}{owner}"),
        })
    };
    load.iter().take(12).map(chip).collect()
}
