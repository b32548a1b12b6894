//! A decision becomes a golden test: the context it was made in and what was decided, written as a test function.

use std::collections::BTreeMap;
use std::fmt::Write;

use calendar::{Schedule, Window};
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use platform::{Actor, Error, Id, Permit, Result, Tx};
use sea_orm::FromQueryResult;
use serde_json::{Map, Value, json};
use wire::{Call, Hook, Plan, Scenario};

use super::decision::{Stored, stored_in};
use super::drafts::{drafts, save_draft};
use super::overview::overview;
use crate::ports::Desk;

/// A map or a list may hold so much in a script, counted all the way down.
const MOST_VALUES: usize = 150;
/// Leave further away moves no follow-up.
const NEAR: TimeDelta = TimeDelta::days(120);

/// Appends a decision, as a test, to one's own draft of its hook; answers which hook that is.
pub async fn keep_as_test(desk: &Desk, actor: &Actor, decision: Id) -> Result<Hook> {
    actor.may(Permit::Scripts)?;
    let user = actor.user.ok_or(Error::Unauthorized("sign_in_required"))?;
    let (author, packs) = (actor.clone(), desk.packs.clone());
    let (decision, settings, schedules) = desk
        .app
        .db
        .read(actor.tenant_id(), async move |tx: Tx| {
            let decision = stored_in(&tx, decision).await?;
            let pack = packs.pack(&author.tenant.pack).unwrap_or_else(|| packs.core());
            let mut settings = settings_of(&tx, decision.settings_version).await?;
            let defaults = pack.defaults();
            settings.retain(|key, value| defaults.get(key).is_some_and(|default| default != value));
            Ok((decision, settings, crate::staff::schedules(&tx, &author).await?))
        })
        .await?;
    let hook = Hook::parse(&decision.hook).ok_or(Error::NotFound)?;
    let own = drafts(&desk.app, actor, hook).await?;
    let (source, based_on) = match own.into_iter().find(|draft| draft.user_id == user) {
        Some(draft) => (draft.source, draft.based_on),
        None => {
            let now = overview(desk, actor, hook).await?;
            let plain = format!("fn {hook}(ctx) {{\n    base::{hook}(ctx)\n}}\n");
            (now.source.unwrap_or(plain), now.published)
        }
    };
    let number = source.matches("fn test_").count() + 1;
    let name = format!("test_{hook}_{number}");
    let test = written(&name, hook, &decision, settings, &schedules, actor.tenant.time_zone);
    let source = format!("{}\n\n{test}", source.trim_end());
    save_draft(&desk.app, actor, hook, &source, based_on).await?;
    Ok(hook)
}

async fn settings_of(tx: &Tx, version: i64) -> Result<Map<String, Value>> {
    #[derive(FromQueryResult)]
    struct Row {
        settings: Value,
    }
    let sql = "SELECT settings FROM settings_version WHERE tenant_id = $1 AND version = $2";
    let row: Option<Row> = tx.one(sql, vec![tx.tenant().0.into(), version.into()]).await?;
    Ok(row
        .and_then(|row| row.settings.as_object().cloned())
        .unwrap_or_default())
}

fn written(
    name: &str,
    hook: Hook,
    decision: &Stored,
    settings: Map<String, Value>,
    schedules: &BTreeMap<Id, Schedule>,
    zone: Tz,
) -> String {
    let at = decision.created_at;
    let plan: Plan = serde_json::from_value(decision.plan.clone()).unwrap_or_default();
    let mut context = context(decision, &plan);
    let owner = context["lead"]["owner_id"]
        .as_str()
        .and_then(|id| id.parse::<Id>().ok());
    let hours = owner.and_then(|id| schedules.get(&id)).cloned();
    if let Some(windows) = hours.as_ref().filter(|hours| hours.windows.is_some()) {
        let mut typed = typed_hours(windows, at);
        for known in ["overdue", "open"] {
            if let Some(count) = context["owner"].get(known) {
                typed[known] = count.clone();
            }
        }
        context["owner"] = typed;
    }
    if !settings.is_empty() {
        context["settings"] = Value::Object(settings);
    }
    let call = legible(hook, at, zone, &mut context);
    let hours = hours.unwrap_or_else(|| Schedule::unrestricted(zone));
    let mut out = format!(
        "// A decision of {}.\nfn {name}() {{\n    let answer = given(#{{\n",
        local(at, zone)
    );
    for (key, value) in context.as_object().into_iter().flatten() {
        let _ = writeln!(out, "        {}: {},", field(key), literal(value));
    }
    let _ = writeln!(
        out,
        "    }}).at({}).run({});",
        literal(&json!(at)),
        literal(&json!(hook.as_str()))
    );
    for demand in demands(&plan, &call, &hours, zone) {
        let _ = writeln!(out, "    expect(answer).{demand};");
    }
    out.push_str("}\n");
    out
}

/// What was known, without what a made-up call has anyway.
fn context(decision: &Stored, plan: &Plan) -> Value {
    let mut context = decision.input.clone();
    let Some(parts) = context.as_object_mut() else {
        return json!({});
    };
    parts.retain(|key, value| key != "too_large" && !is_empty(value));
    if let Some(event) = parts.get_mut("event").and_then(Value::as_object_mut) {
        event.retain(|key, _| key == "id" || key == "occurred_at");
    }
    if let Some(lead) = parts.get_mut("lead").and_then(Value::as_object_mut) {
        lead.retain(|_, value| !is_empty(value));
    }
    if let Some(reps) = parts.get_mut("candidates").and_then(Value::as_array_mut) {
        for rep in reps.iter_mut().filter_map(Value::as_object_mut) {
            rep.retain(|key, value| {
                let usual = matches!(key.as_str(), "available" | "in_hours") && *value == json!(true);
                let unset = matches!(value, Value::Bool(false)) && !matches!(key.as_str(), "available" | "in_hours");
                !(usual || unset || is_empty(value) || (key == "weight" && *value == json!(1.0)))
            });
        }
        let chosen = plan.assign.as_ref().map(|assign| assign.user_id.as_str());
        shorten(reps, chosen);
    }
    context
}

/// Leaves out reps who could not be chosen, then the last ones, until the list fits into a script.
fn shorten(reps: &mut Vec<Value>, chosen: Option<&str>) {
    let size = |reps: &[Value]| {
        reps.iter()
            .map(|rep| 1 + rep.as_object().map_or(0, Map::len))
            .sum::<usize>()
    };
    if size(reps) > MOST_VALUES {
        reps.retain(|rep| rep["available"] != json!(false));
    }
    while size(reps) > MOST_VALUES {
        match reps.iter().rposition(|rep| rep["id"].as_str() != chosen) {
            Some(last) => reps.remove(last),
            None => break,
        };
    }
}

/// Leaves out what a typed context does not know, so that an old record still makes a test.
fn legible(hook: Hook, at: DateTime<Utc>, zone: Tz, context: &mut Value) -> Call {
    for _ in 0..32 {
        match Scenario::read(Call::made_up(hook, at, "new"), zone, context.clone()) {
            Ok(scenario) => return scenario.call,
            Err(bad) => {
                let path: Vec<&str> = bad.field.split('.').skip(1).collect();
                let Some((last, above)) = path.split_last() else { break };
                let pointer: String = above.iter().map(|part| format!("/{part}")).collect();
                let parts = context.pointer_mut(&pointer).and_then(Value::as_object_mut);
                if parts.and_then(|parts| parts.remove(*last)).is_none() {
                    break;
                }
            }
        }
    }
    *context = json!({});
    Call::made_up(hook, at, "new")
}

fn demands(plan: &Plan, call: &Call, hours: &Schedule, zone: Tz) -> Vec<String> {
    let mut demands = Vec::new();
    let (mut keys, mut times) = (Vec::new(), Vec::new());
    for item in &plan.follow_ups {
        let key = literal(&json!(item.key));
        match item.due(call.event.occurred_at, call.trial.as_ref(), hours, call.now) {
            Ok(due) => {
                times.push(format!("due({key}, {})", literal(&json!(local(due.at, zone)))));
                keys.push(key);
            }
            Err(code) => times.push(format!("refused({key}, \"{code}\")")),
        }
    }
    match (&plan.assign, &plan.queue) {
        (Some(assign), _) => demands.push(format!(
            "assigns({}).because({})",
            literal(&json!(assign.user_id)),
            literal(&json!(assign.reason))
        )),
        (None, Some(queue)) => demands.push(format!("queues({})", literal(&json!(queue.name)))),
        (None, None) if call.hook == Hook::Distribute => {}
        (None, None) => demands.push(format!("follow_ups([{}])", keys.join(", "))),
    }
    demands.extend(times);
    if plan.cancel_open {
        demands.push("cancels_open()".into());
    }
    if !plan.tags_added.is_empty() {
        demands.push(format!("tags({})", literal(&json!(plan.tags_added))));
    }
    for notice in &plan.notices {
        let (to, template) = (literal(&json!(notice.to)), literal(&json!(notice.template)));
        demands.push(format!("tells({to}, {template})"));
    }
    if let Some(score) = &plan.score {
        demands.push(format!("scores({})", score.value));
    }
    if let Some(step) = &plan.step {
        demands.push(format!("steps({})", literal(&json!(step.key))));
    }
    demands
}

/// A person's hours as a typed context writes them.
fn typed_hours(schedule: &Schedule, at: DateTime<Utc>) -> Value {
    let day = |spans: &[Window]| -> Vec<[String; 2]> {
        let hour = |time: chrono::NaiveTime| time.format("%H:%M").to_string();
        spans.iter().map(|span| [hour(span.from), hour(span.to)]).collect()
    };
    let mut windows = Map::new();
    if let Some(week) = &schedule.windows {
        let days = [
            ("mon", &week.mon),
            ("tue", &week.tue),
            ("wed", &week.wed),
            ("thu", &week.thu),
            ("fri", &week.fri),
            ("sat", &week.sat),
            ("sun", &week.sun),
        ];
        let worked = days.into_iter().filter(|(_, spans)| !spans.is_empty());
        windows.extend(worked.map(|(name, spans)| (name.to_owned(), json!(day(spans)))));
    }
    let near = schedule
        .leaves
        .iter()
        .filter(|away| away.to > at && away.from < at + NEAR);
    let leaves: Vec<Value> = near
        .take(10)
        .map(|away| json!({"from": away.from, "to": away.to}))
        .collect();
    let mut hours = json!({"windows": windows});
    if !leaves.is_empty() {
        hours["leaves"] = json!(leaves);
    }
    hours
}

fn local(at: DateTime<Utc>, zone: Tz) -> String {
    let shown = at.with_timezone(&zone);
    if at.timestamp() % 60 == 0 && at.timestamp_subsec_micros() == 0 {
        shown.format("%Y-%m-%d %H:%M").to_string()
    } else {
        at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true)
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        Value::Number(number) => number.as_i64() == Some(0),
        _ => false,
    }
}

/// A value as a script writes it.
fn literal(value: &Value) -> String {
    match value {
        Value::Null => "()".into(),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(literal).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(fields) => {
            let fields: Vec<String> = fields
                .iter()
                .map(|(key, value)| format!("{}: {}", field(key), literal(value)))
                .collect();
            format!("#{{ {} }}", fields.join(", "))
        }
        // The language knows the escapes of JSON.
        other => other.to_string(),
    }
}

/// A field's name; one that is no plain word stands in quotation marks.
fn field(name: &str) -> String {
    const RESERVED: [&str; 20] = [
        "in", "new", "match", "case", "default", "with", "is", "call", "this", "use", "go", "sync", "shared", "let",
        "const", "if", "for", "fn", "return", "as",
    ];
    let plain = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_') && !RESERVED.contains(&name);
    if plain && !name.is_empty() {
        name.to_owned()
    } else {
        json!(name).to_string()
    }
}
