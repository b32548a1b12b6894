//! Leave: one's own requests and their answers, what waits for a manager's, and a form for each.

use chrono::{NaiveDate, NaiveTime, Timelike};
use platform::{Error, Id, Permit};
use poem::handler;
use poem::http::StatusCode;
use poem::web::{Path, Query};
use serde::Deserialize;
use serde_json::{Value, json};
use workflows::leave::{self, Beside, Conflicts, Decision, Filter, KINDS, Leave, NewLeave};

use crate::leads::errors;
use crate::nav::Section;
use crate::page::{Choice, Person};
use crate::render;
use crate::sent::Sent;
use crate::visit::{Answer, Visit, done};

const FIELDS: [&str; 6] = ["kind", "first_day", "last_day", "from", "to", "note"];

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    view: String,
    after: String,
}

#[handler]
pub async fn list(visit: Visit, Query(asked): Query<Asked>) -> Answer {
    let (app, actor, words) = (visit.app(), visit.actor()?, &visit.words);
    let decides = actor.can(Permit::LeaveDecide);
    let view = match asked.view.as_str() {
        "all" | "mine" if decides => asked.view.as_str(),
        _ if decides => "pending",
        _ => "mine",
    };
    let filter = Filter {
        state: (view == "pending").then(|| "pending".to_owned()),
        user: (view == "mine").then_some(actor.user).flatten(),
        cursor: (!asked.after.is_empty()).then(|| asked.after.clone()),
        limit: Some(if view == "pending" { 200 } else { 50 }),
    };
    let (mut page, waiting) = tokio::try_join!(leave::list(app, actor, filter), leave::pending(app, actor))?;
    if view == "pending" {
        // Urgent ones first, then whatever begins soonest.
        page.items.sort_by_key(|leave| (!leave.urgent, leave.starts_at));
    }
    let shown = json!({
        "decides": decides, "named": decides && view != "mine", "pending": view == "pending",
        "tabs": tabs(&visit, view, waiting)?,
        "rows": page.items.iter().map(|leave| row(&visit, leave)).collect::<Result<Vec<_>, _>>()?,
        "next": page.next.map(|next| format!("/leave?view={view}&after={next}")),
    });
    Ok(render::page(
        &visit.page(Section::Leave, words.t("nav-leave")),
        "leave/list",
        &shown,
    ))
}

#[handler]
pub async fn new(visit: Visit) -> Answer {
    visit.actor()?.may(Permit::LeaveOwn)?;
    let today = visit.words.today().to_string();
    let blank = json!({
        "kind": "vacation", "first_day": today, "last_day": today, "from": "", "to": "", "note": "", "urgent": false,
    });
    form(&visit, blank, None)
}

#[handler]
pub async fn ask(visit: Visit, sent: Sent) -> Answer {
    let asked = match read(&sent) {
        Ok(wanted) => leave::request(visit.app(), visit.actor()?, wanted, visit.once(&sent)?).await,
        Err(error) => Err(error),
    };
    match asked {
        Ok(id) => Ok(done(&format!("/leave/{id}"), Some("toast-leave-asked"))),
        Err(error) => {
            let typed = json!({
                "kind": sent.get("kind"), "first_day": sent.get("first_day"), "last_day": sent.get("last_day"),
                "from": sent.get("from"), "to": sent.get("to"), "note": sent.get("note"), "urgent": sent.has("urgent"),
            });
            form(&visit, typed, Some(error))
        }
    }
}

#[handler]
pub async fn one(visit: Visit, Path(id): Path<Id>) -> Answer {
    show(&visit, id, "", None).await
}

#[handler]
pub async fn decide(visit: Visit, Path(id): Path<Id>, sent: Sent) -> Answer {
    let decision = Decision {
        approve: sent.get("approve") == "1",
        reason: sent.get("reason").to_owned(),
    };
    let toast = if decision.approve {
        "toast-leave-approved"
    } else {
        "toast-leave-rejected"
    };
    let back = if sent.has("list") {
        "/leave".to_owned()
    } else {
        format!("/leave/{id}")
    };
    match leave::decide(visit.app(), visit.actor()?, id, decision).await {
        Ok(_) => Ok(done(&back, Some(toast))),
        Err(error) => show(&visit, id, sent.get("reason"), Some(error)).await,
    }
}

#[handler]
pub async fn cancel(visit: Visit, Path(id): Path<Id>, _sent: Sent) -> Answer {
    match leave::cancel(visit.app(), visit.actor()?, id).await {
        Ok(_) => Ok(done(&format!("/leave/{id}"), Some("toast-leave-cancelled"))),
        Err(error) => show(&visit, id, "", Some(error)).await,
    }
}

#[handler]
pub async fn end(visit: Visit, Path(id): Path<Id>, _sent: Sent) -> Answer {
    match leave::end(visit.app(), visit.actor()?, id).await {
        Ok(_) => Ok(done(&format!("/leave/{id}"), Some("toast-leave-ended"))),
        Err(error) => show(&visit, id, "", Some(error)).await,
    }
}

/// The ways around leave: requests, the calendar, holidays.
pub fn tabs(visit: &Visit, at: &str, waiting: i64) -> Result<Vec<Value>, Error> {
    let decides = visit.actor()?.can(Permit::LeaveDecide);
    let tab = |name: &str, href: &str, label: &str, count: Option<i64>| json!({"href": href, "label": visit.words.t(label), "current": name == at, "count": count});
    let mut tabs = Vec::new();
    if decides {
        tabs.push(tab("pending", "/leave", "leave-tab-pending", Some(waiting)));
    }
    tabs.push(tab("mine", "/leave?view=mine", "leave-tab-mine", None));
    tabs.push(tab("calendar", "/leave/calendar", "leave-tab-calendar", None));
    if decides {
        tabs.push(tab("all", "/leave?view=all", "leave-tab-all", None));
    }
    tabs.push(tab("holidays", "/leave/holidays", "leave-tab-holidays", None));
    Ok(tabs)
}

/// `23 November – 27 November`, with the hours where it is a part of the day.
pub fn span(visit: &Visit, first: NaiveDate, last: NaiveDate, hours: Option<(i16, i16)>) -> String {
    let words = &visit.words;
    let days = if first == last {
        words.date(first)
    } else {
        words.with(
            "leave-days",
            &[("from", words.date(first).into()), ("to", words.date(last).into())],
        )
    };
    match hours {
        Some((from, to)) => words.with(
            "leave-hours",
            &[
                ("date", days.into()),
                ("from", clock(from).into()),
                ("to", clock(to).into()),
            ],
        ),
        None => days,
    }
}

fn clock(minutes: i16) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// The colour and the words of where a request stands.
pub fn state(visit: &Visit, leave: &Leave) -> (&'static str, String) {
    let words = &visit.words;
    let (tone, id) = match leave.state.as_str() {
        "pending" => ("tag-warning", "leave-state-pending"),
        "rejected" => ("tag-danger", "leave-state-rejected"),
        "approved" if leave.ended_at.is_some() => ("", "leave-state-ended"),
        "approved" if leave.ends_at <= words.now => ("", "leave-state-past"),
        "approved" if leave.starts_at <= words.now => ("tag-brand", "leave-state-now"),
        "approved" => ("tag-success", "leave-state-approved"),
        _ => ("", "leave-state-cancelled"),
    };
    (tone, words.t(id))
}

fn row(visit: &Visit, leave: &Leave) -> Result<Value, Error> {
    let (actor, words) = (visit.actor()?, &visit.words);
    let (first, last) = leave.days(actor);
    let (tone, state) = state(visit, leave);
    let own = actor.user == Some(leave.user_id);
    Ok(json!({
        "id": leave.id, "person": Person::new(leave.user_id, &leave.name()),
        "kind": words.t(&format!("leave-kind-{}", leave.kind)), "urgent": leave.urgent && leave.state == "pending",
        "span": span(visit, first, last, leave.from_minute.zip(leave.to_minute)), "length": length(visit, leave, first, last),
        "note": leave.note, "answer": leave.answer, "asked": words.ago(leave.created_at), "tone": tone, "state": state,
        "can_approve": leave.state == "pending" && actor.can(Permit::LeaveDecide)
            && (!own || actor.can(Permit::StaffManagers)),
    }))
}

fn length(visit: &Visit, leave: &Leave, first: NaiveDate, last: NaiveDate) -> String {
    match leave.from_minute {
        Some(_) => visit.words.t("leave-part-day"),
        None => visit.words.count("leave-length", (last - first).num_days() + 1),
    }
}

fn read(sent: &Sent) -> Result<NewLeave, Error> {
    let day = |name: &'static str| {
        let text = sent.some(name).ok_or_else(|| Error::field(name, "required"))?;
        text.parse::<NaiveDate>().map_err(|_| Error::field(name, "bad_date"))
    };
    let minutes = |name: &'static str, text: String| {
        let time = NaiveTime::parse_from_str(&text, "%H:%M").map_err(|_| Error::field(name, "bad_window"))?;
        i16::try_from(time.num_seconds_from_midnight() / 60).map_err(|_| Error::field(name, "bad_window"))
    };
    let first_day = day("first_day")?;
    let hours = match (sent.some("from"), sent.some("to")) {
        (None, None) => None,
        (Some(from), Some(to)) => Some((minutes("from", from)?, minutes("to", to)?)),
        (None, Some(_)) => return Err(Error::field("from", "required")),
        (Some(_), None) => return Err(Error::field("to", "required")),
    };
    Ok(NewLeave {
        kind: sent.get("kind").to_owned(),
        first_day,
        last_day: if sent.some("last_day").is_some() {
            day("last_day")?
        } else {
            first_day
        },
        hours,
        note: sent.get("note").to_owned(),
        urgent: sent.has("urgent"),
    })
}

fn form(visit: &Visit, typed: Value, error: Option<Error>) -> Answer {
    let words = &visit.words;
    let fields = error
        .as_ref()
        .map(|error| visit.field_errors(error))
        .unwrap_or_default();
    if let Some(error @ (Error::NotFound | Error::Forbidden(_) | Error::Internal(_))) = error {
        return Err(error.into());
    }
    let problem = error
        .as_ref()
        .filter(|_| fields.is_empty())
        .map(|error| visit.explain(error));
    let kinds = KINDS.map(|kind| Choice::new(kind, words.t(&format!("leave-kind-{kind}"))));
    let view = json!({
        "form": typed, "errors": errors(&fields, &FIELDS), "problem": problem, "kinds": kinds,
        "today": words.today().to_string(), "zone": visit.request.tenant.time_zone.name(),
    });
    let status = match error {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    Ok(render::page_with(
        status,
        &visit.page(Section::Leave, words.t("leave-ask")),
        "leave/new",
        &view,
    ))
}

async fn show(visit: &Visit, id: Id, reason: &str, error: Option<Error>) -> Answer {
    if let Some(error @ (Error::NotFound | Error::Forbidden(_) | Error::Internal(_))) = error {
        return Err(error.into());
    }
    let (app, actor, words) = (visit.app(), visit.actor()?, &visit.words);
    let (found, beside) = tokio::try_join!(leave::find(app, actor, id), leave::conflicts(app, actor, id))?;
    let fields = error
        .as_ref()
        .map(|error| visit.field_errors(error))
        .unwrap_or_default();
    let problem = error
        .as_ref()
        .filter(|_| fields.is_empty())
        .map(|error| visit.explain(error));
    let own = actor.user == Some(found.user_id);
    let decides = actor.can(Permit::LeaveDecide);
    let open = found.state == "approved" && found.ended_at.is_none() && found.ends_at > words.now;
    let heading = found.name();
    let view = json!({
        "heading": heading, "leave": row(visit, &found)?, "own": own, "problem": problem, "reason": reason,
        "error": fields.get("reason"),
        "asked": words.moment(found.created_at), "decided": found.decided_at.map(|at| words.moment(at)),
        "ended": found.ended_at.map(|at| words.moment(at)),
        "can_cancel": own && found.state == "pending",
        "can_end": open && (own || decides), "begun": found.starts_at <= words.now,
        "past": found.state == "pending" && found.ends_at <= words.now,
        "beside": beside_view(visit, &beside), "waits": found.state == "pending",
        "follow_ups": (beside.follow_ups > 0 && found.state == "pending" && decides)
            .then(|| words.count("leave-follow-ups-move", beside.follow_ups)),
    });
    let status = match error {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    Ok(render::page_with(
        status,
        &visit.page(Section::Leave, heading),
        "leave/show",
        &view,
    ))
}

fn beside_view(visit: &Visit, found: &Conflicts) -> Vec<Value> {
    let words = &visit.words;
    let line = |beside: &Beside, own: bool| {
        let when = match beside.ends_at {
            Some(to) => {
                let last = words.day(to - chrono::TimeDelta::seconds(1));
                span(visit, words.day(beside.starts_at), last, None)
            }
            None => words.with(
                "leave-since",
                &[("date", words.date(words.day(beside.starts_at)).into())],
            ),
        };
        let (tone, state) = match (own, beside.state.as_str()) {
            (true, _) => ("tag-warning", "leave-beside-own"),
            (false, "pending") => ("", "leave-beside-asked"),
            (false, "absent") => ("tag-warning", "now-absent"),
            _ => ("tag-warning", "now-on-leave"),
        };
        json!({
            "href": beside.leave_id.map(|id| format!("/leave/{id}")), "person": Person::new(beside.user_id, &beside.name),
            "when": when, "tone": tone, "state": words.t(state),
        })
    };
    let own = found.own.iter().map(|beside| line(beside, true));
    own.chain(found.colleagues.iter().map(|beside| line(beside, false)))
        .collect()
}
