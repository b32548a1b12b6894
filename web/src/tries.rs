//! Trying the text in the editor: on a lead or a typed context, at a chosen moment; and its golden tests, beside it.

use chrono::{DateTime, Utc};
use platform::{Error, Id, Permit};
use poem::web::{Path, Query};
use poem::{Request, Response, handler};
use serde::Deserialize;
use serde_json::{Value, json};
use wire::{Hook, TestResult};
use workflows::leads::{self, Filter};
use workflows::scripts::{self, Proof, Tried, Try};

use crate::book::Book;
use crate::nav::Section;
use crate::render;
use crate::scripts::source_of;
use crate::sent::{LOCAL_TIME, Sent};
use crate::visit::{Answer, Visit, done};
use crate::words::phone;

const FOUND: usize = 6;

/// What the tab asks for, before anything was tried.
pub fn blank(visit: &Visit) -> Value {
    let now = visit.words.now.with_timezone(&visit.words.zone);
    json!({"at": now.format(LOCAL_TIME).to_string(), "example": EXAMPLE})
}

const EXAMPLE: &str = "{\"to\": \"interested\", \"owner\": {\"windows\": {\"mon\": [[\"09:00\", \"18:00\"]]}}}";

const TEST: &str = "fn test_called_in_five_minutes() {\n    let answer = given().at(\"2026-11-20 10:00\").run(\"on_lead_created\");\n    \
    expect(answer).due(\"new/1\", \"2026-11-20 10:05\");\n}";

#[handler]
pub async fn run(visit: Visit, req: &Request, Path(hook): Path<String>, sent: Sent) -> Answer {
    let hook = Hook::parse(&hook).ok_or(Error::NotFound)?;
    let book = Book::open(&visit).await?;
    let tried = match asked(&visit, &sent) {
        Ok(asked) => scripts::try_out(&visit.desk, visit.actor()?, hook, asked).await,
        Err(error) => Err(error),
    };
    let view = match tried {
        Ok(tried) => shown(&visit, &book, tried),
        Err(error @ (Error::Invalid(_) | Error::NotFound | Error::Throttled(_) | Error::Unavailable(_))) => {
            json!({"refusal": refusal(&visit, &error)})
        }
        Err(error) => return Err(error.into()),
    };
    Ok(answer(&visit, req, hook, "scripts/tried", &view))
}

#[handler]
pub async fn prove(visit: Visit, req: &Request, Path(hook): Path<String>, sent: Sent) -> Answer {
    let hook = Hook::parse(&hook).ok_or(Error::NotFound)?;
    let source = source_of(&sent);
    let view = match scripts::prove(&visit.desk, visit.actor()?, hook, &source).await {
        Ok(proof) => proved(&visit, &Book::open(&visit).await?, &proof),
        Err(error @ Error::Unavailable(_)) => json!({"refusal": refusal(&visit, &error)}),
        Err(error) => return Err(error.into()),
    };
    Ok(answer(&visit, req, hook, "scripts/proved", &view))
}

/// A decision becomes a test at the end of one's draft.
#[handler]
pub async fn keep(visit: Visit, Path(decision): Path<Id>, _sent: Sent) -> Answer {
    let hook = scripts::keep_as_test(&visit.desk, visit.actor()?, decision).await?;
    Ok(done(&format!("/scripts/{hook}?panel=tests"), Some("toast-test-added")))
}

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    q: String,
}

/// The leads a try may be made on.
#[handler]
pub async fn find(visit: Visit, Path(hook): Path<String>, Query(asked): Query<Asked>) -> Answer {
    Hook::parse(&hook).ok_or(Error::NotFound)?;
    visit.actor()?.may(Permit::Scripts)?;
    let q = asked.q.trim().to_owned();
    let mut found = Vec::new();
    if !q.is_empty() {
        let filter = Filter {
            search: q.clone(),
            limit: Some(FOUND as u64),
            ..Filter::default()
        };
        found = leads::list(visit.app(), visit.actor()?, filter).await?.items;
    }
    let book = Book::open(&visit).await?;
    let found: Vec<Value> = found
        .iter()
        .map(|lead| {
            let number = lead.phone.as_deref().map(phone).unwrap_or_default();
            json!({"id": lead.id, "name": lead.name, "phone": number, "status": book.status(&lead.status).label})
        })
        .collect();
    let view = json!({"q": q, "leads": found});
    Ok(render::part(&page(&visit), "scripts/found", &view))
}

fn asked(visit: &Visit, sent: &Sent) -> Result<Try, Error> {
    let context = match sent.some("context") {
        None => None,
        Some(text) => Some(serde_json::from_str(&text).map_err(|_| Error::field("context", "bad_json"))?),
    };
    Ok(Try {
        source: Some(source_of(sent)),
        version: None,
        lead: sent.id("lead", "unknown_reference")?,
        context,
        at: sent.moment("at", &visit.request.tenant)?,
    })
}

fn shown(visit: &Visit, book: &Book, tried: Tried) -> Value {
    let words = &visit.words;
    let plan = &tried.plan;
    let list = |name: &str| plan[name].as_array().cloned().unwrap_or_default();
    let items: Vec<Value> = list("follow_ups")
        .iter()
        .map(|item| follow_up(visit, book, item))
        .collect();
    let notices: Vec<Value> = list("notices")
        .iter()
        .map(|notice| {
            let to = notice["to"].as_str().unwrap_or_default();
            let role = platform::locale::find(words.lang, &format!("try-to-{to}"), &[]);
            let text = book.text(notice["template"].as_str().unwrap_or_default());
            json!({"to": role.unwrap_or_else(|| to.to_owned()), "text": text})
        })
        .collect();
    let texts = |name: &str| -> Vec<String> {
        let all = list(name);
        all.iter().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let refused: Vec<Value> = tried
        .refused
        .iter()
        .map(|item| {
            let reason = scripts::explain(words.lang, item.code, &item.args(), item.code);
            json!({"key": item.key, "reason": reason, "line": line(item.line, item.in_base)})
        })
        .collect();
    let failure = tried.failures.first().map(|failure| {
        let reason = scripts::explain(words.lang, &failure.code, &failure.args, &failure.message);
        json!({"reason": reason, "line": line(failure.line, false)})
    });
    let verdicts = verdicts(visit, book, plan);
    let nothing = items.is_empty() && notices.is_empty() && verdicts.is_empty() && refused.is_empty();
    let millis = tried.micros as f64 / 1000.0;
    json!({
        "refusal": null, "failure": failure, "items": items, "notices": notices, "refused": refused, "verdicts": verdicts,
        "cancels": plan["cancel_open"] == json!(true), "added": texts("tags_added"), "removed": texts("tags_removed"),
        "nothing": nothing && tried.failures.is_empty(),
        "pack": tried.layer.filter(|layer| layer.name != "draft").map(|layer| layer.name),
        "trace": tried.trace.iter().map(|t| json!({"text": t.text, "line": line(t.line, false)})).collect::<Vec<_>>(),
        "cost": words.with("try-cost", &[("n", (tried.ops as i64).into()), ("time", format!("{millis:.1}").into())]),
    })
}

fn follow_up(visit: &Visit, book: &Book, item: &Value) -> Value {
    let words = &visit.words;
    let due: Option<DateTime<Utc>> = item["due_at"].as_str().and_then(|at| at.parse().ok());
    let number = item["line"].as_u64().unwrap_or_default() as u32;
    json!({
        "key": item["key"], "text": item["text_key"].as_str().map(|key| book.text(key)),
        "day": due.map(|at| format!("{}, {}", words.weekday(words.day(at)), words.date(words.day(at)))),
        "time": due.map(|at| words.time(at)),
        "flagged": item["flagged"] == json!(true),
        "line": line(number, item["in_base"] == json!(true)),
    })
}

/// What hooks answer besides follow-ups, in words.
fn verdicts(visit: &Visit, book: &Book, plan: &Value) -> Vec<Value> {
    let words = &visit.words;
    let text = |at: &str| plan.pointer(at).and_then(Value::as_str).unwrap_or_default();
    let mut told = Vec::new();
    let mut say = |part: &str, id: &str, name: String, reason: String| {
        if plan.get(part).is_some_and(|part| !part.is_null()) {
            let number = plan[part]["line"].as_u64().unwrap_or_default() as u32;
            let in_base = plan[part]["in_base"] == json!(true);
            told.push(json!({"text": words.with(id, &[("name", name.into())]), "reason": reason, "line": line(number, in_base)}));
        }
    };
    let person = |id: &str| book.name(id.parse().ok()).unwrap_or_else(|| id.to_owned());
    say(
        "assign",
        "try-assign",
        person(text("/assign/user_id")),
        book.text(text("/assign/reason")),
    );
    say(
        "queue",
        "try-queue",
        text("/queue/name").to_owned(),
        book.text(text("/queue/reason")),
    );
    say(
        "reassign",
        "try-reassign",
        person(text("/reassign/user_id")),
        book.text(text("/reassign/reason")),
    );
    say("reschedule", "try-reschedule", String::new(), String::new());
    say(
        "block_owner",
        "try-block",
        String::new(),
        book.text(text("/block_owner/reason")),
    );
    say("step", "try-step", text("/step/key").to_owned(), String::new());
    say(
        "message",
        "try-message",
        text("/message/template").to_owned(),
        String::new(),
    );
    let reasons = plan["score"]["reasons"].as_array().into_iter().flatten();
    let reasons: Vec<String> = reasons.filter_map(Value::as_str).map(|key| book.text(key)).collect();
    say(
        "score",
        "try-score",
        plan["score"]["value"].to_string(),
        reasons.join(", "),
    );
    let parts = plan["kpi"]["parts"].as_object().into_iter().flatten();
    let parts: Vec<String> = parts.map(|(key, value)| format!("{key} {value}")).collect();
    say("kpi", "try-kpi", plan["kpi"]["value"].to_string(), parts.join(", "));
    let verdict = if plan["verdict"]["allowed"] == json!(true) {
        "try-allow"
    } else {
        "try-deny"
    };
    say("verdict", verdict, String::new(), book.text(text("/verdict/reason")));
    told
}

fn proved(visit: &Visit, book: &Book, proof: &Proof) -> Value {
    let words = &visit.words;
    let one = |test: &TestResult, apart: bool| {
        let failure = test.failure.as_ref();
        let reason = failure.map(|f| scripts::explain(words.lang, &f.code, &f.args, &f.message));
        let at = failure.map_or(test.line, |failure| failure.line);
        let name = test.name.trim_start_matches("test_").replace('_', " ");
        json!({"name": name, "passed": failure.is_none(), "reason": reason, "line": line(at, apart)})
    };
    let tests: Vec<Value> = proof.tests.iter().map(|test| one(test, false)).collect();
    let pack: Vec<Value> = proof
        .pack
        .iter()
        .flat_map(|file| &file.tests)
        .map(|test| one(test, true))
        .collect();
    let red = |tests: &[Value]| tests.iter().filter(|test| test["passed"] == json!(false)).count() as i64;
    let unreadable = proof.unreadable.as_ref().map(|fault| {
        let reason = scripts::explain(words.lang, &fault.code, &fault.args, &fault.message);
        json!({"reason": reason, "line": line(fault.line, false)})
    });
    let untested: Vec<String> = proof.untested.iter().map(|key| book.status(key).label).collect();
    let summary = match (tests.len() as i64, red(&tests)) {
        (0, _) => None,
        (all, 0) => Some(words.count("tests-green", all)),
        (_, red) => Some(words.count("tests-red", red)),
    };
    let over = (!pack.is_empty()).then(|| match red(&pack) {
        0 => words.count("tests-pack-green", pack.len() as i64),
        red => words.count("tests-pack-red", red),
    });
    json!({
        "refusal": null, "example": TEST, "unreadable": unreadable, "summary": summary, "bad": red(&tests) > 0, "tests": tests,
        "over": over, "pack": pack, "untested": untested,
        "idle": !proof.tests.is_empty() && !proof.runs_hook,
        "none": proof.tests.is_empty() && proof.unreadable.is_none(),
    })
}

/// A line of the editor's text; one of the script below leads nowhere there.
fn line(number: u32, in_base: bool) -> Option<u32> {
    Some(number).filter(|number| *number > 0 && !in_base)
}

fn refusal(visit: &Visit, error: &Error) -> Vec<String> {
    let fields = visit.field_errors(error);
    if fields.is_empty() {
        return vec![visit.explain(error)];
    }
    let mut told: Vec<String> = fields
        .iter()
        .map(|(field, reason)| format!("{field}: {reason}"))
        .collect();
    told.sort();
    told
}

fn page(visit: &Visit) -> crate::page::Page {
    visit.page(Section::Scripts, String::new())
}

/// A part beside the editor; a whole page for who has no script running.
fn answer(visit: &Visit, req: &Request, hook: Hook, template: &str, view: &Value) -> Response {
    let title = visit.words.t(&format!("hook-{hook}"));
    if req.header("hx-request").is_some() {
        return render::part(&page(visit), template, view);
    }
    render::page(&visit.page(Section::Scripts, title), template, view)
}
