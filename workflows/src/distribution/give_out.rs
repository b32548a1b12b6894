//! Giving waiting leads out: one snapshot of the candidates, one script batch, one commit. Each lead sees the
//! picture the one before it left behind.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use platform::db::{Scoped, list};
use platform::events::{self, NewEvent};
use platform::ids::new_id;
use platform::jobs::{Job, NewJob, enqueue, finish_in};
use platform::{Actor, Id, Result, Tx};
use sea_orm::{ColumnTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, Value};
use serde_json::json;
use wire::{Batch, Call, Candidate, EventCtx, Hook, apply_assignment, assigned_at};

use super::candidates::candidates;
use super::choose::choose;
use crate::leads::Lead;
use crate::leads::entity;
use crate::ports::Desk;
use crate::scripts::{self, Answer, Decision, Scene};

const AT_ONCE: u64 = 500;

/// Gives out the leads a job names.
pub async fn give_out(desk: &Desk, job: &Job) -> Result<()> {
    let actor = Actor::system(desk.app.tenants.by_id(job.tenant).await?);
    give(desk, &actor, Some(job.ids.clone()), Some(job)).await.map(|_| ())
}

/// Tries the oldest waiting leads again: somebody may have become available.
pub async fn waiting(desk: &Desk, actor: &Actor) -> Result<()> {
    while give(desk, actor, None, None).await? == AT_ONCE as usize {}
    Ok(())
}

/// Returns how many leads found an owner.
async fn give(desk: &Desk, actor: &Actor, ids: Option<Vec<Id>>, job: Option<&Job>) -> Result<usize> {
    let (author, packs) = (actor.clone(), desk.packs.clone());
    let (leads, scene, reps) = desk
        .app
        .db
        .read(actor.tenant_id(), async move |tx: Tx| {
            let leads = unowned(&tx, ids).await?;
            let scene = scripts::scene(&tx, &author, &*packs, Hook::Distribute).await?;
            let reps = candidates(&tx, &author, &scene.registry, &scene.schedules).await?;
            Ok((leads, scene, reps))
        })
        .await?;
    if leads.is_empty() {
        return finish_alone(desk, job).await;
    }
    let now = desk.app.clock.now();
    let calls: Vec<Call> = leads
        .iter()
        .enumerate()
        .map(|(at, lead)| call(at, lead, now, actor))
        .collect();
    let batch = Batch {
        candidates: reps.clone(),
        calls: calls.clone(),
        ..scene.batch(actor)
    };
    let outcomes = desk.scripts.run(batch).await;
    let decided = decide(&leads, &calls, reps.clone(), outcomes, &scene);
    let (author, job) = (actor.clone(), job.cloned());
    let given = desk
        .app
        .db
        .write(actor.tenant_id(), async move |tx: Tx| {
            let given = apply(&tx, &author, &leads, &decided, &reps, &scene).await?;
            if let Some(job) = &job {
                finish_in(&tx, job).await?;
            }
            Ok(given)
        })
        .await?;
    Ok(given)
}

async fn finish_alone(desk: &Desk, job: Option<&Job>) -> Result<usize> {
    if let Some(job) = job.cloned() {
        desk.app
            .db
            .write(job.tenant, async move |tx: Tx| finish_in(&tx, &job).await)
            .await?;
    }
    Ok(0)
}

/// Leads without an owner: those named, or the ones that have waited longest.
async fn unowned(tx: &Tx, ids: Option<Vec<Id>>) -> Result<Vec<Lead>> {
    let mut query = entity::Entity::of(tx.tenant()).filter(entity::Column::OwnerId.is_null());
    query = match ids {
        Some(ids) => query
            .filter(entity::Column::Id.is_in(ids))
            .order_by_asc(entity::Column::Id),
        None => query
            .filter(entity::Column::WaitingSince.is_not_null())
            .order_by_asc(entity::Column::WaitingSince)
            .order_by_asc(entity::Column::Id),
    };
    Ok(query.limit(AT_ONCE).all(tx).await?)
}

fn call(at: usize, lead: &Lead, now: DateTime<Utc>, actor: &Actor) -> Call {
    let event = EventCtx {
        id: lead.id.to_string(),
        kind: "lead.waiting".into(),
        occurred_at: lead.waiting_since.unwrap_or(now),
        actor: wire::Actor {
            id: None,
            role: actor.role.clone(),
        },
        depth: 0,
    };
    let seed = format!("{}|{}|distribute", actor.tenant_id(), lead.id);
    Call::new(
        at as u32,
        Hook::Distribute,
        now,
        seed,
        event,
        scripts::lead_ctx(lead, 0),
    )
}

/// What became of one lead.
struct Decided {
    owner: Option<(Id, String)>,
    reason: String,
    answer: Answer,
    refusals: Vec<serde_json::Value>,
}

/// Checks every answer against the picture its lead saw, and falls back to our own rule where it does not hold.
fn decide(
    leads: &[Lead],
    calls: &[Call],
    mut reps: Vec<Candidate>,
    outcomes: Vec<std::result::Result<wire::Outcome, crate::ports::ScriptFault>>,
    scene: &Scene,
) -> Vec<Decided> {
    let mut decided = Vec::with_capacity(leads.len());
    for ((lead, call), outcome) in leads.iter().zip(calls).zip(outcomes) {
        let answer = Answer::from(outcome, &scene.layers);
        let course = lead.course_id.map(|id| id.to_string());
        let mut refusals = Vec::new();
        let mut chosen = None;
        let mut reason = String::new();
        if let Some(assign) = &answer.plan.assign {
            let fits = reps.iter().find(|rep| rep.id == assign.user_id);
            match fits {
                Some(rep) if rep.available && rep.teaches(course.as_deref()) => {
                    chosen = rep.id.parse::<Id>().ok().map(|id| (id, rep.id.clone()));
                    reason = assign.reason.clone();
                }
                Some(_) => refusals.push(json!({"code": "candidate_not_available", "line": assign.line})),
                None => refusals.push(json!({"code": "unknown_candidate", "line": assign.line})),
            }
        } else if let Some(queue) = &answer.plan.queue {
            reason = queue.reason.clone();
        }
        let silent = answer.plan.assign.is_none() && answer.plan.queue.is_none();
        if chosen.is_none() && (silent || !refusals.is_empty()) {
            chosen = choose(&reps, course.as_deref()).and_then(|rep| Some((rep.id.parse().ok()?, rep.id.clone())));
            reason = if chosen.is_some() {
                "fewest_open_leads"
            } else {
                "nobody_available"
            }
            .to_owned();
        }
        if let Some((_, id)) = &chosen {
            apply_assignment(&mut reps, id, assigned_at(call));
        }
        decided.push(Decided {
            owner: chosen,
            reason,
            answer,
            refusals,
        });
    }
    decided
}

async fn apply(
    tx: &Tx,
    actor: &Actor,
    leads: &[Lead],
    decided: &[Decided],
    reps: &[Candidate],
    scene: &Scene,
) -> Result<usize> {
    let mut by_owner: BTreeMap<Id, Vec<Id>> = BTreeMap::new();
    for (lead, decided) in leads.iter().zip(decided) {
        if let Some((owner, _)) = &decided.owner {
            by_owner.entry(*owner).or_default().push(lead.id);
        }
    }
    let taken = take(tx, &by_owner).await?;
    let batch = new_id();
    let (mut decisions, mut assigned) = (Vec::new(), Vec::new());
    for (position, (lead, decided)) in leads.iter().zip(decided).enumerate() {
        let owner = decided
            .owner
            .as_ref()
            .map(|(id, _)| *id)
            .filter(|_| taken.contains_key(&lead.id));
        // A lead that keeps waiting is decided again at every try; only its first wait is worth a record.
        if owner.is_none() && (decided.owner.is_some() || lead.waiting_since.is_none_or(|since| since < tx.now())) {
            if decided.owner.is_some() || position > 0 {
                continue;
            }
        }
        let input = if position == 0 {
            json!({"lead": scripts::lead_ctx(lead, 0), "candidates": reps})
        } else {
            json!({"lead": scripts::lead_ctx(lead, 0), "position": position})
        };
        let decision = Decision::new(Hook::Distribute, lead.id, input, &decided.answer, scene)
            .refused(decided.refusals.clone())
            .in_batch(batch);
        if let Some(owner) = owner {
            assigned.push((lead.id, owner, decision.id, decided.reason.clone()));
        }
        decisions.push(decision);
    }
    scripts::store_decisions(tx, &decisions).await?;
    tell(tx, actor, &assigned).await?;
    let failures = decided
        .iter()
        .flat_map(|d| &d.answer.failures)
        .cloned()
        .collect::<Vec<_>>();
    scripts::note_failures(tx, actor, Hook::Distribute, &failures).await?;
    if taken.len() < leads.len() {
        wait_for_somebody(tx, scene, leads.len() - taken.len()).await?;
    }
    Ok(taken.len())
}

/// Writes owners, one statement a rep. A lead somebody took meanwhile is left alone.
async fn take(tx: &Tx, by_owner: &BTreeMap<Id, Vec<Id>>) -> Result<HashMap<Id, Id>> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Id,
    }
    let mut taken = HashMap::new();
    for (owner, leads) in by_owner {
        let mut values: Vec<Value> = vec![tx.tenant().0.into(), (*owner).into(), tx.now().into()];
        values.extend(leads.iter().map(|id| Value::from(*id)));
        let sql = format!(
            "UPDATE lead SET owner_id = $2, assigned_at = $3, waiting_since = NULL, version = version + 1, \
             updated_at = $3 WHERE tenant_id = $1 AND owner_id IS NULL AND id IN ({}) RETURNING id",
            list(4, leads.len())
        );
        let rows: Vec<Row> = tx.all(&sql, values).await?;
        if !rows.is_empty() {
            let sql = "UPDATE app_user SET last_assigned_at = $3 WHERE tenant_id = $1 AND id = $2";
            tx.run(sql, vec![tx.tenant().0.into(), (*owner).into(), tx.now().into()])
                .await?;
        }
        taken.extend(rows.into_iter().map(|row| (row.id, *owner)));
    }
    Ok(taken)
}

async fn tell(tx: &Tx, actor: &Actor, assigned: &[(Id, Id, Id, String)]) -> Result<()> {
    let events = assigned
        .iter()
        .map(|(lead, owner, decision, reason)| NewEvent {
            kind: "lead.assigned",
            lead: Some(*lead),
            owner: Some(*owner),
            cause: None,
            payload: json!({"from": null, "to": owner, "reason": reason, "decision_id": decision}),
        })
        .collect();
    let ids = events::record_all(tx, actor, events).await?;
    if let Some(first) = ids.first() {
        enqueue(
            tx,
            NewJob::new("scripts.plan", format!("plan/{first}"), ids.clone()).priority(2),
        )
        .await?;
    }
    let told = assigned
        .iter()
        .zip(&ids)
        .map(|((lead, owner, ..), event)| (*owner, *lead, *event))
        .collect();
    crate::messages::lead_assigned(tx, told).await
}

/// The queue is looked at again when the first rep's working state changes; managers are told.
async fn wait_for_somebody(tx: &Tx, scene: &Scene, count: usize) -> Result<()> {
    crate::messages::waiting_leads(tx, count as i64).await?;
    let next = scene
        .schedules
        .values()
        .filter_map(|schedule| schedule.next_change(tx.now()))
        .min();
    let Some(at) = next else { return Ok(()) };
    enqueue(
        tx,
        NewJob::new("distribution.waiting", format!("waiting/{}", at.timestamp()), vec![]).at(at),
    )
    .await
}
