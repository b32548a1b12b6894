//! "Why?": the decision records of a lead, told in words: which rule, which version and line, who else there was.

use platform::{Error, Id, Permit};
use serde::Serialize;
use serde_json::Value;
use workflows::leads::Entry;
use workflows::scripts::{self, Stored};

use crate::book::Book;
use crate::page::Person;
use crate::visit::Visit;

/// More would hide what else there is to see.
const SHOWN: usize = 6;
/// Of a score given again and again only the newest is shown.
pub const LOOKED_AT: u64 = 30;

#[derive(Debug, Clone, Serialize)]
pub struct Why {
    pub id: String,
    /// The event this decision answered, or the one it led to.
    #[serde(skip)]
    pub event: Option<Id>,
    #[serde(skip)]
    pub decided_at: chrono::DateTime<chrono::Utc>,
    pub planned: Vec<String>,
    pub title: String,
    pub at: String,
    pub rule: String,
    pub reason: Option<String>,
    pub version: String,
    pub version_href: Option<String>,
    pub candidates: Option<Vec<Candidate>>,
    pub flip: Option<String>,
    /// What failed before this rule answered, with its line.
    pub failures: Vec<String>,
    /// The reader may keep it as a golden test.
    pub to_test: bool,
}

#[derive(Debug, Clone, Serialize)]
pub struct Candidate {
    person: Person,
    fit: bool,
    chosen: bool,
    reason: String,
}

pub fn of_lead(visit: &Visit, book: &Book, decisions: &[Stored], entries: &[Entry]) -> Result<Vec<Why>, Error> {
    let editor = visit.actor()?.can(Permit::Scripts);
    Ok(decisions
        .iter()
        .filter(newest_score())
        .take(SHOWN)
        .map(|decision| why(visit, book, decision, entries, editor))
        .collect())
}

/// Scores change often: only the last one says something of the lead as it stands.
fn newest_score() -> impl FnMut(&&Stored) -> bool {
    let mut seen = false;
    move |decision| decision.hook != "lead_score" || !std::mem::replace(&mut seen, true)
}

fn why(visit: &Visit, book: &Book, decision: &Stored, entries: &[Entry], editor: bool) -> Why {
    let words = &visit.words;
    let chosen = decision
        .plan
        .pointer("/assign/user_id")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let assigned = entries
        .iter()
        .find(|e| e.event.payload["decision_id"] == decision.id.to_string());
    let owner = assigned.and_then(|e| e.event.owner_id).or(chosen.parse().ok());
    let title = match (decision.hook.as_str(), book.name(owner)) {
        ("distribute", Some(name)) => {
            let first = name.split_whitespace().next().unwrap_or_default().to_owned();
            words.with("why-owner", &[("name", first.into())])
        }
        ("distribute", None) => words.t("why-queue"),
        ("lead_score", _) => words.t("why-score"),
        ("message", _) => words.t("why-message"),
        _ => words.t("why-follow-up"),
    };
    let own = ["override", "last_good"].contains(&decision.level.as_str());
    Why {
        id: decision.id.to_string(),
        event: assigned.map(|e| e.event.id).or(decision.event_id),
        decided_at: decision.created_at,
        planned: planned(book, decision),
        title,
        at: words.moment(decision.created_at),
        rule: words.t(&format!("hook-{}", decision.hook)),
        reason: reason(visit, book, decision, assigned),
        version: version(visit, decision),
        version_href: (own && editor).then(|| format!("/scripts/{}", decision.hook)),
        candidates: candidates(visit, book, decision, owner),
        flip: failed(decision).then(|| words.t("why-fallback")),
        failures: failures(visit, decision),
        to_test: editor,
    }
}

/// What the rule asked the rep to do.
fn planned(book: &Book, decision: &Stored) -> Vec<String> {
    let items = decision.plan["follow_ups"].as_array().into_iter().flatten();
    let mut steps: Vec<(String, usize)> = Vec::new();
    for text in items
        .filter_map(|item| item["text_key"].as_str())
        .map(|key| book.text(key))
    {
        match steps.iter_mut().find(|(step, _)| *step == text) {
            Some((_, times)) => *times += 1,
            None => steps.push((text, 1)),
        }
    }
    let told = |(text, times)| if times > 1 { format!("{text} (×{times})") } else { text };
    steps.into_iter().map(told).collect()
}

fn reason(visit: &Visit, book: &Book, decision: &Stored, assigned: Option<&Entry>) -> Option<String> {
    let given = assigned.and_then(|e| e.event.payload["reason"].as_str());
    let said = ["/assign/reason", "/queue/reason"]
        .into_iter()
        .find_map(|at| decision.plan.pointer(at)?.as_str());
    let key = given.or(said).filter(|key| !key.is_empty());
    let told = key.map(|key| {
        let own = platform::locale::find(visit.words.lang, &format!("why-{}", key.replace('_', "-")), &[]);
        own.unwrap_or_else(|| book.text(key))
    });
    let traced: Vec<&str> = decision
        .trace
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|line| line["text"].as_str())
        .collect();
    let scored: Vec<String> = decision.plan["score"]["reasons"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|reason| Some(book.text(reason.as_str()?)))
        .collect();
    let told = told.or_else(|| (!scored.is_empty()).then(|| scored.join(", ")));
    told.or_else(|| (!traced.is_empty()).then(|| traced.join("\n")))
        .or_else(|| {
            let planned = planned(book, decision);
            (!planned.is_empty()).then(|| planned.join(", "))
        })
}

fn version(visit: &Visit, decision: &Stored) -> String {
    let line = ["/assign/line", "/queue/line", "/follow_ups/0/line"]
        .into_iter()
        .find_map(|at| decision.plan.pointer(at)?.as_i64())
        .filter(|line| *line > 0);
    let layer = match decision.level.as_str() {
        "override" | "last_good" => decision.layer.replace("version ", "v"),
        _ => decision.layer.clone(),
    };
    match line {
        Some(line) => visit
            .words
            .with("why-version-line", &[("version", layer.into()), ("n", line.into())]),
        None => layer,
    }
}

fn failures(visit: &Visit, decision: &Stored) -> Vec<String> {
    let told = |failure: &Value| {
        let name = failure["name"].as_str().unwrap_or_default().replace("version ", "v");
        let reason = scripts::explain_stored(visit.words.lang, failure);
        match failure["line"].as_i64().filter(|line| *line > 0) {
            Some(line) => visit.words.with(
                "why-failed-line",
                &[("version", name.into()), ("n", line.into()), ("what", reason.into())],
            ),
            None => visit
                .words
                .with("why-failed", &[("version", name.into()), ("what", reason.into())]),
        }
    };
    decision.failures.as_array().into_iter().flatten().map(told).collect()
}

fn failed(decision: &Stored) -> bool {
    decision
        .failures
        .as_array()
        .is_some_and(|failures| !failures.is_empty())
}

/// The chosen one first, then the fitting, then those left out, each with what decided.
fn candidates(visit: &Visit, book: &Book, decision: &Stored, owner: Option<Id>) -> Option<Vec<Candidate>> {
    let course = decision.input.pointer("/lead/course_id").and_then(Value::as_str);
    let seen = decision.input["candidates"].as_array()?;
    let mut shown: Vec<Candidate> = seen
        .iter()
        .filter_map(|rep| {
            let id: Id = rep["id"].as_str()?.parse().ok()?;
            let left_out = left_out(rep, course);
            let open = rep["open_leads"].as_i64().unwrap_or_default();
            Some(Candidate {
                person: book.person(Some(id))?,
                chosen: owner == Some(id),
                fit: left_out.is_none(),
                reason: left_out.map_or_else(|| visit.words.count("why-open-leads", open), |key| visit.words.t(key)),
            })
        })
        .collect();
    shown.sort_by_key(|c| (!c.chosen, !c.fit));
    shown.truncate(8);
    (!shown.is_empty()).then_some(shown)
}

fn left_out(rep: &Value, course: Option<&str>) -> Option<&'static str> {
    let is = |name: &str| rep[name].as_bool().unwrap_or(false);
    let teaches = rep["teaches"]
        .as_array()
        .is_none_or(|all| all.is_empty() || all.iter().any(|c| c.as_str() == course));
    let full = rep["capacity"]
        .as_i64()
        .is_some_and(|most| rep["open_leads"].as_i64().unwrap_or(0) >= most);
    [
        (is("absent"), "why-absent"),
        (is("on_leave"), "why-on_leave"),
        (!is("in_hours"), "why-off_duty"),
        (is("blocked"), "why-blocked"),
        (full, "why-full"),
        (!teaches && course.is_some(), "why-course"),
    ]
    .into_iter()
    .find_map(|(out, key)| out.then_some(key))
}
