//! Applying plans: Rust checks every item, resolves its due time, and stores follow-ups and decisions together.

use std::collections::{HashMap, HashSet};

use calendar::Schedule;
use chrono::{DateTime, Utc};
use platform::db::list;
use platform::fold::clean_line;
use platform::{Actor, Id, Result, Tx};
use sea_orm::{FromQueryResult, Value};
use serde_json::json;
use wire::{FollowUpItem, Hook, When};

use super::answer::Answer;
use super::decision::{Decision, store_decisions};
use super::failures::note_failures;
use super::late::act_on_late;
use super::plan::{Answered, Case, given_out};
use super::rerun::{done_of, replace};
use crate::follow_ups::{Planned, cancel_open_in, store_in};
use crate::messages::{ScriptNotice, script_notices};

const MOST_FOLLOW_UPS: usize = 20;
const MOST_NOTICES: usize = 10;

pub(crate) async fn apply(tx: &Tx, actor: &Actor, answered: &Answered) -> Result<()> {
    let Answered {
        hook,
        scene,
        cases,
        answers,
        worded,
    } = answered;
    let hook = *hook;
    let current = current(tx, cases).await?;
    let open = open_now(tx, cases).await?;
    let undone = undone(tx, hook, cases).await?;
    let (mut decisions, mut planned, mut failures) = (Vec::new(), Vec::new(), Vec::new());
    let (mut notices, mut reps) = (Vec::new(), None);
    for (case, answer) in cases.iter().zip(answers) {
        failures.extend(answer.failures.iter().cloned());
        // The lead moved on or changed hands while the script ran: its next event plans anew.
        let (Some(owner), Some(now)) = (case.lead.owner_id, current.get(&case.lead.id)) else {
            continue;
        };
        let seen = (Some(owner), case.lead.status.as_str(), case.lead.status_since);
        if (now.owner_id, now.status.as_str(), now.status_since) != seen {
            continue;
        }
        // Taken back: nothing comes of it.
        if undone.contains(&case.event.id) {
            continue;
        }
        // Another event planned for this lead meanwhile: two cadences at once help nobody.
        let superseded = |open: &Vec<Open>| open.iter().any(|open| supersedes(open, case));
        if hook != Hook::OnOverdue && open.get(&case.lead.id).is_some_and(superseded) {
            continue;
        }
        let unrestricted = Schedule::unrestricted(actor.tenant.time_zone);
        let schedule = scene.schedules.get(&owner).unwrap_or(&unrestricted);
        let native = native(hook);
        let items = if answer.layer.is_some() {
            &answer.plan.follow_ups
        } else {
            &native
        };
        let mut refusals = Vec::new();
        let mut decision = Decision::new(hook, case.lead.id, input(case), answer, scene).of_event(case.event.id);
        let done = match case.again {
            Some(before) if !replace(tx, before, decision.id).await? => continue,
            Some(before) => done_of(tx, before).await?,
            None => HashSet::new(),
        };
        if answer.plan.cancel_open {
            cancel_open_in(tx, case.lead.id, Some(case.event.id)).await?;
        }
        for (at, item) in items.iter().enumerate() {
            if at >= MOST_FOLLOW_UPS {
                refusals.push(json!({"code": "too_many_follow_ups", "key": item.key, "line": item.line}));
                continue;
            }
            if done.contains(&item.key) {
                refusals.push(json!({"code": "already_done", "key": item.key, "line": item.line}));
                continue;
            }
            match item.due(case.event.occurred_at, case.call.trial.as_ref(), schedule, tx.now()) {
                Ok(due) => planned.push(Planned {
                    lead: case.lead.id,
                    owner,
                    due_at: due.at,
                    flagged: due.flagged,
                    identity: identity(hook, case, &item.key),
                    key: item.key.clone(),
                    sequence: item
                        .sequence
                        .map_or(at as i32 + 1, |n| n.try_into().unwrap_or(i32::MAX)),
                    text: item.text_key.clone().unwrap_or_default(),
                    event: Some(case.event.id),
                    decision: Some(decision.id),
                    by_hand: false,
                    author: None,
                }),
                Err(code) => refusals.push(json!({"code": code, "key": item.key, "line": item.line})),
            }
        }
        if hook == Hook::OnOverdue {
            act_on_late(tx, actor, scene, case, answer, &mut reps, &mut refusals).await?;
        }
        retag(tx, now, answer).await?;
        for (at, notice) in answer.plan.notices.iter().enumerate() {
            let code = match scene.registry.texts.contains_key(&notice.template) {
                _ if at >= MOST_NOTICES => "too_many_notices",
                false => "unknown_template",
                true => {
                    notices.push(ScriptNotice {
                        to: notice.to.clone(),
                        template: notice.template.clone(),
                        vars: notice.vars.clone(),
                        owner,
                        lead: case.lead.id,
                        event: case.event.id,
                    });
                    continue;
                }
            };
            refusals.push(json!({"code": code, "key": notice.template, "line": notice.line}));
        }
        let nothing = answer.plan.is_empty() && answer.failures.is_empty() && case.again.is_none();
        // Most follow-ups are done or late without anything coming of it: that is no decision.
        if nothing && matches!(hook, Hook::OnFollowupCompleted | Hook::OnOverdue) {
            continue;
        }
        decision = decision.refused(refusals);
        decisions.push(decision);
    }
    let kept: HashSet<Id> = decisions.iter().filter_map(Decision::event).collect();
    let worded_now = worded
        .decisions
        .iter()
        .filter(|d| d.event().is_some_and(|event| kept.contains(&event)));
    decisions.extend(worded_now.cloned());
    store_decisions(tx, &decisions).await?;
    note_failures(tx, actor, Hook::Message, &worded.failures).await?;
    store_in(tx, planned).await?;
    script_notices(tx, notices).await?;
    note_failures(tx, actor, hook, &failures).await
}

/// Adds and removes the tags a plan names.
async fn retag(tx: &Tx, lead: &Current, answer: &Answer) -> Result<()> {
    let plan = &answer.plan;
    if plan.tags_added.is_empty() && plan.tags_removed.is_empty() {
        return Ok(());
    }
    let before: Vec<String> = serde_json::from_value(lead.tags.clone()).unwrap_or_default();
    let mut tags = before.clone();
    tags.retain(|tag| !plan.tags_removed.contains(tag));
    for tag in &plan.tags_added {
        let tag = clean_line(tag, 60);
        if !tag.is_empty() && !tags.contains(&tag) && tags.len() < 50 {
            tags.push(tag);
        }
    }
    let sql = "UPDATE lead SET tags = $3, version = version + 1 WHERE tenant_id = $1 AND id = $2";
    tx.run(sql, vec![tx.tenant().0.into(), lead.id.into(), json!(tags).into()])
        .await?;
    crate::leads::retag_in(tx, lead.id, &before, &tags).await
}

/// Everything the script was told of the case, so that the decision can be replayed.
fn input(case: &Case) -> serde_json::Value {
    let mut input = json!(case.call);
    if let Some(input) = input.as_object_mut() {
        input.retain(|name, _| !matches!(name.as_str(), "id" | "hook"));
    }
    input
}

/// A retry finds what it planned before; asked again on purpose, a rule plans anew.
fn identity(hook: Hook, case: &Case, key: &str) -> String {
    let again = case.again.map(|before| format!("/again/{before}")).unwrap_or_default();
    format!("{}/{}/{key}{again}", case.event.id, hook.as_str())
}

/// Our own rule where no layer answered: one follow-up, so that nobody is forgotten. Where nothing was planned
/// before, nothing is added.
fn native(hook: Hook) -> Vec<FollowUpItem> {
    let seconds = match hook {
        Hook::OnLeadCreated => 5 * 60,
        Hook::OnStatusChanged => 24 * 3600,
        _ => return Vec::new(),
    };
    vec![FollowUpItem {
        key: "core".into(),
        line: 0,
        in_base: false,
        when: When::After { seconds, days: 0 },
        in_work_hours: true,
        skip_if_past: false,
        sequence: Some(1),
        text_key: None,
    }]
}

#[derive(FromQueryResult)]
struct Current {
    id: Id,
    owner_id: Option<Id>,
    status: String,
    status_since: DateTime<Utc>,
    tags: serde_json::Value,
}

#[derive(FromQueryResult)]
struct Open {
    lead_id: Id,
    kind: String,
    event_id: Option<Id>,
}

/// Whether an open follow-up makes an event's plan superfluous: whatever is open does for a lead that changed
/// hands, and a later event's cadence does for any.
fn supersedes(open: &Open, case: &Case) -> bool {
    match open.event_id {
        Some(event) if event == case.event.id => false,
        _ if given_out(&case.event) => open.kind == "auto",
        _ if case.event.kind == "lead.assigned" => true,
        Some(event) => open.kind == "auto" && event > case.event.id,
        None => false,
    }
}

/// Open follow-ups of the cases' leads, read after their rows are locked.
async fn open_now(tx: &Tx, cases: &[Case]) -> Result<HashMap<Id, Vec<Open>>> {
    let mut found: HashMap<Id, Vec<Open>> = HashMap::new();
    for chunk in cases.chunks(500) {
        let mut values: Vec<Value> = vec![tx.tenant().0.into()];
        values.extend(chunk.iter().map(|case| Value::from(case.lead.id)));
        let sql = format!(
            "SELECT lead_id, kind, event_id FROM follow_up WHERE tenant_id = $1 AND state = 'open' \
             AND lead_id IN ({})",
            list(2, chunk.len())
        );
        for open in tx.all::<Open>(&sql, values).await? {
            found.entry(open.lead_id).or_default().push(open);
        }
    }
    Ok(found)
}

/// Completions whose follow-up is not, or no longer, done by them.
async fn undone(tx: &Tx, hook: Hook, cases: &[Case]) -> Result<HashSet<Id>> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Id,
        completed_at: Option<DateTime<Utc>>,
    }
    let mut events = HashSet::new();
    if hook != Hook::OnFollowupCompleted {
        return Ok(events);
    }
    let of = |case: &Case| case.event.payload["follow_up_id"].as_str()?.parse::<Id>().ok();
    for chunk in cases.chunks(500) {
        let ids: Vec<Id> = chunk.iter().filter_map(of).collect();
        let mut values: Vec<Value> = vec![tx.tenant().0.into()];
        values.extend(ids.iter().copied().map(Value::from));
        let sql = format!(
            "SELECT id, completed_at FROM follow_up WHERE tenant_id = $1 AND state = 'done' AND id IN ({})",
            list(2, ids.len())
        );
        let rows: Vec<Row> = if ids.is_empty() {
            Vec::new()
        } else {
            tx.all(&sql, values).await?
        };
        let done: HashMap<Id, Option<DateTime<Utc>>> = rows.into_iter().map(|row| (row.id, row.completed_at)).collect();
        let by_then = |id: &Id, case: &Case| {
            let at = done.get(id).copied().flatten();
            at.is_some_and(|at| at <= case.event.occurred_at)
        };
        let stale = |case: &&Case| of(case).is_some_and(|id| !by_then(&id, case));
        events.extend(chunk.iter().filter(stale).map(|case| case.event.id));
    }
    Ok(events)
}

async fn current(tx: &Tx, cases: &[Case]) -> Result<HashMap<Id, Current>> {
    let mut found = HashMap::new();
    for chunk in cases.chunks(500) {
        let mut values: Vec<Value> = vec![tx.tenant().0.into()];
        values.extend(chunk.iter().map(|case| Value::from(case.lead.id)));
        let lock = if tx.is_postgres() {
            " ORDER BY id FOR UPDATE"
        } else {
            ""
        };
        let sql = format!(
            "SELECT id, owner_id, status, status_since, tags FROM lead WHERE tenant_id = $1 AND deleted_at IS NULL AND id IN ({}){lock}",
            list(2, chunk.len())
        );
        let rows: Vec<Current> = tx.all(&sql, values).await?;
        found.extend(rows.into_iter().map(|row| (row.id, row)));
    }
    Ok(found)
}
