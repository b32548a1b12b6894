//! The distribution desk: the rules, what waits, who may be given a lead now and if not why, and how fair it was.

use platform::{Error, Id, Permit};
use poem::handler;
use poem::http::StatusCode;
use poem::web::{Path, Query};
use serde::Deserialize;
use serde_json::{Value, json};
use workflows::distribution::{self, Change, Rep, State, WhyNot};
use workflows::staff::{self, Edit};

use crate::book::Book;
use crate::leads::errors;
use crate::nav::Section;
use crate::page::{Choice, Person};
use crate::render;
use crate::sent::Sent;
use crate::visit::{Answer, Visit, done};

const RULES: [&str; 4] = ["lead_cap", "overdue_block", "overdue_grace_minutes", "silent_minutes"];

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// The rep whose share, cap and courses are being changed.
    rep: String,
}

#[handler]
pub async fn show(visit: Visit, Query(asked): Query<Asked>) -> Answer {
    page(&visit, asked.rep.parse().ok(), None).await
}

#[handler]
pub async fn save(visit: Visit, sent: Sent) -> Answer {
    let saved = match read(&sent) {
        Ok(change) => distribution::change(&visit.desk, visit.actor()?, change).await,
        Err(error) => Err(error),
    };
    match saved {
        Ok(()) => Ok(done("/distribution", Some("toast-saved"))),
        Err(error @ Error::Invalid(_)) => page(&visit, None, Some((error, &sent))).await,
        Err(error) => Err(error.into()),
    }
}

#[handler]
pub async fn give_out(visit: Visit, _sent: Sent) -> Answer {
    distribution::give_out_now(&visit.desk, visit.actor()?).await?;
    Ok(done("/distribution", Some("toast-giving-out")))
}

#[handler]
pub async fn save_rep(visit: Visit, Path(id): Path<Id>, sent: Sent) -> Answer {
    let actor = visit.actor()?;
    actor.may(Permit::Distribution)?;
    let edited = match read_rep(&visit, &sent) {
        Ok(change) => staff::edit(visit.app(), actor, id, change).await.map(|_| ()),
        Err(error) => Err(error),
    };
    match edited {
        Ok(()) => Ok(done("/distribution", Some("toast-saved"))),
        Err(error @ Error::Invalid(_)) => page(&visit, Some(id), Some((error, &sent))).await,
        Err(error) => Err(error.into()),
    }
}

fn read(sent: &Sent) -> Result<Change, Error> {
    let number = |name: &'static str| match sent.some(name) {
        None => Ok(Some(None)),
        Some(text) => text
            .parse::<i64>()
            .map(|number| Some(Some(number)))
            .map_err(|_| Error::field(name, "wrong_type")),
    };
    Ok(Change {
        use_weights: (!sent.has("own_rule")).then(|| Some(sent.get("strategy") == "by_share")),
        lead_cap: number("lead_cap")?,
        overdue_block: number("overdue_block")?,
        overdue_grace_minutes: number("overdue_grace_minutes")?,
        silent_minutes: number("silent_minutes")?.map(Option::unwrap_or_default),
    })
}

fn read_rep(visit: &Visit, sent: &Sent) -> Result<Edit, Error> {
    let weight = sent.some("weight").unwrap_or_else(|| "1".to_owned());
    let cap = sent.some("lead_cap").map(|text| text.parse()).transpose();
    Ok(Edit {
        weight: Some(
            weight
                .parse()
                .map_err(|_| Error::field("weight", "out_of_range").with("min", 0).with("max", 100))?,
        ),
        lead_cap: Some(cap.map_err(|_| {
            Error::field("lead_cap", "out_of_range")
                .with("min", 0)
                .with("max", 100_000)
        })?),
        receives_leads: Some(sent.has("receives_leads")),
        courses: crate::staff::chosen_courses(visit, sent)?,
        ..Edit::default()
    })
}

async fn page(visit: &Visit, rep: Option<Id>, refused: Option<(Error, &Sent)>) -> Answer {
    let (actor, words) = (visit.actor()?, &visit.words);
    let (book, state) = tokio::try_join!(Book::open(visit), distribution::state(&visit.desk, actor))?;
    let (error, sent) = refused.unzip();
    let fields = error
        .as_ref()
        .map(|error| visit.field_errors(error))
        .unwrap_or_default();
    let chosen = match rep {
        Some(id) => Some(state.reps.iter().find(|rep| rep.id == id).ok_or(Error::NotFound)?),
        None => None,
    };
    let busiest = state.reps.iter().map(|rep| rep.open_leads).max().unwrap_or(0);
    let most = state.reps.iter().map(|rep| rep.received).max().unwrap_or(0);
    let free = state.reps.iter().filter(|rep| rep.available).count() as i64;
    let of = state.reps.iter().filter(|rep| rep.receives_leads).count() as i64;
    let view = json!({
        "rules": rules(visit, &state, if rep.is_none() { sent } else { None }),
        "errors": errors(&fields, &RULES),
        "rep": chosen.map(|chosen| rep_form(visit, &book, chosen, sent)),
        "rep_errors": errors(&fields, &["weight", "lead_cap"]),
        "waiting": state.waiting,
        "queue": state.queue.iter().map(|one| json!({
            "course": Some(book.course_name(one.course_id)).filter(|name| !name.is_empty()).unwrap_or_else(|| words.t("lead-course-none")),
            "count": one.count, "since": words.ago(one.since), "ready": one.reason == "ready",
            "reason": words.t(match one.reason {
                "ready" => "dist-queue-ready",
                "nobody_teaches" => "dist-queue-nobody-teaches",
                _ => "dist-queue-nobody-available",
            }),
            "href": one.course_id.map_or_else(|| "/leads?waiting=1".to_owned(), |id| format!("/leads?waiting=1&course={id}")),
        })).collect::<Vec<_>>(),
        "free_note": words.with("dist-free-note", &[("n", free.into()), ("of", of.into())]),
        "given_note": words.count("dist-given-note", state.given),
        "reps": state.reps.iter().map(|rep| row(visit, &book, &state, rep, busiest, most)).collect::<Vec<_>>(),
    });
    let status = match error {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    Ok(render::page_with(
        status,
        &visit.page(Section::Distribution, words.t("nav-distribution")),
        "distribution/show",
        &view,
    ))
}

fn rules(visit: &Visit, state: &State, sent: Option<&Sent>) -> Value {
    let words = &visit.words;
    let rules = &state.rules;
    let strategies = [("fewest_open", "dist-fewest-open"), ("by_share", "dist-by-share")];
    let typed = |name: &str, stored: i64| sent.map_or_else(|| stored.to_string(), |sent| sent.get(name).to_owned());
    json!({
        "own_rule": rules.strategy == "own_rule",
        "strategy": sent.map_or_else(
            || if rules.use_weights { "by_share" } else { "fewest_open" }.to_owned(),
            |sent| sent.get("strategy").to_owned(),
        ),
        "strategies": strategies.map(|(value, label)| Choice::new(value, words.t(label))),
        "lead_cap": typed("lead_cap", rules.lead_cap), "overdue_block": typed("overdue_block", rules.overdue_block),
        "overdue_grace_minutes": typed("overdue_grace_minutes", rules.overdue_grace_minutes),
        "silent_minutes": typed("silent_minutes", rules.silent_minutes),
    })
}

fn rep_form(visit: &Visit, book: &Book, rep: &Rep, sent: Option<&Sent>) -> Value {
    let typed = |name: &str, stored: String| sent.map_or(stored, |sent| sent.get(name).to_owned());
    let receives = sent.map_or(rep.receives_leads, |sent| sent.has("receives_leads"));
    let courses: Vec<Value> = book
        .courses
        .iter()
        .filter(|course| course.active)
        .map(|course| {
            let chosen = match sent {
                Some(sent) => sent.all("courses").contains(&course.id.to_string()),
                None => rep.courses.contains(&course.id),
            };
            json!({"id": course.id, "name": course.name, "chosen": chosen})
        })
        .collect();
    json!({
        "person": Person::new(rep.id, &rep.name), "receives": receives, "courses": courses,
        "title": visit.words.with("dist-rep-title", &[("name", rep.name.as_str().into())]),
        "weight": typed("weight", rep.weight.to_string()),
        "cap": typed("lead_cap", rep.own_cap.map(|cap| cap.to_string()).unwrap_or_default()),
    })
}

fn row(visit: &Visit, book: &Book, state: &State, rep: &Rep, busiest: u32, most: i64) -> Value {
    let words = &visit.words;
    let cap = rep.capacity.filter(|cap| *cap > 0);
    let percent = rep.open_leads * 100 / cap.unwrap_or(busiest).max(1);
    let bar = match percent {
        90.. if cap.is_some() => "bar full",
        75.. if cap.is_some() => "bar warn",
        _ if !rep.available => "bar idle",
        _ => "bar",
    };
    let names: Vec<String> = rep.courses.iter().map(|id| book.course_name(Some(*id))).collect();
    let expected = rep.expected.round() as i64;
    let apart = rep.received - expected;
    json!({
        "person": Person::new(rep.id, &rep.name).working(rep.available), "available": rep.available,
        "why": rep.why_not.iter().map(|why| reason(visit, why)).collect::<Vec<_>>(),
        "open": rep.open_leads, "cap": cap, "load_percent": percent, "load_class": bar, "today": rep.today,
        "courses": if names.is_empty() { words.t("dist-all-courses") } else { names.join(", ") },
        "weight": state.rules.use_weights.then_some(rep.weight),
        "received": rep.received, "expected": expected, "by_hand": (rep.by_hand > 0).then(|| words.count("dist-by-hand", rep.by_hand)),
        "fair_percent": rep.received * 100 / most.max(1),
        // One lead more or less is fair; beyond a tenth somebody should look.
        "uneven": apart.abs() > 1 && apart.abs() * 10 > expected && state.given > 0 && rep.receives_leads,
    })
}

fn reason(visit: &Visit, why: &WhyNot) -> Value {
    let words = &visit.words;
    let until = why.until.map(|at| words.moment(at));
    let with = |id: &str, bare: &str| match &until {
        Some(time) => words.with(id, &[("time", time.as_str().into())]),
        None => words.t(bare),
    };
    let count = why.count.unwrap_or_default();
    let (tone, said) = match why.code {
        "not_receiving" => ("", words.t("dist-not-receiving")),
        "never_works" => ("tag-warning", words.t("dist-never-works")),
        "off_hours" => ("", with("dist-off-hours", "now-off")),
        "on_leave" => ("tag-warning", with("dist-on-leave", "now-on-leave")),
        "holiday" => ("tag-warning", with("dist-holiday", "now-off")),
        "absent" => ("tag-warning", with("dist-absent", "now-absent")),
        "blocked" => ("tag-danger", words.count("dist-blocked", count)),
        "at_cap" => ("tag-danger", words.count("dist-at-cap", count)),
        _ => ("", words.t("dist-no-share")),
    };
    json!({"tone": tone, "words": said})
}
