//! Giving waiting leads out: one snapshot of the candidates, one script batch, one commit. Each lead sees the
//! picture the one before it left behind, and these jobs run one at a time in a centre, so no other changes it.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, Utc};
use platform::db::{Scoped, list};
use platform::events::{self, NewEvent};
use platform::ids::new_id;
use platform::jobs::{Job, NewJob, enqueue, finish_in, hold_in};
use platform::{Actor, Id, Result, Tx};
use sea_orm::{ColumnTrait, Condition, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, Value};
use serde_json::json;
use wire::{Batch, Call, Candidate, EventCtx, Hook, apply_assignment, assigned_at};

use super::candidates::candidates;
use super::choose::choose;
use super::silent::returned_from;
use crate::leads::Lead;
use crate::leads::entity;
use crate::ports::Desk;
use crate::scripts::{self, Answer, Decision, Scene};

const AT_ONCE: usize = 500;

/// Gives out the leads a job names.
pub async fn give_out(desk: &Desk, job: &Job) -> Result<()> {
    let actor = Actor::system(desk.app.tenants.by_id(job.tenant).await?);
    let mut rest = job.ids.as_slice();
    loop {
        let (some, later) = rest.split_at(rest.len().min(AT_ONCE));
        let last = later.is_empty();
        give(desk, &actor, Which::Named(some.to_vec()), job, last).await?;
        if last {
            return Ok(());
        }
        rest = later;
    }
}

/// Tries waiting leads again, the oldest first: somebody may have become available.
pub async fn waiting(desk: &Desk, job: &Job) -> Result<()> {
    let actor = Actor::system(desk.app.tenants.by_id(job.tenant).await?);
    let mut after = None;
    loop {
        let page = give(desk, &actor, Which::Waiting(after), job, false).await?;
        after = page.last;
        // Leads nobody can take now must not stand before those somebody can.
        if page.leads < AT_ONCE || !page.anybody_left {
            return Ok(());
        }
    }
}

enum Which {
    Named(Vec<Id>),
    /// Those that wait, after this one.
    Waiting(Option<(DateTime<Utc>, Id)>),
}

struct Page {
    leads: usize,
    last: Option<(DateTime<Utc>, Id)>,
    anybody_left: bool,
}

/// One batch; the job ends with its `last`.
async fn give(desk: &Desk, actor: &Actor, which: Which, job: &Job, last: bool) -> Result<Page> {
    let (author, packs) = (actor.clone(), desk.packs.clone());
    let (leads, scene, reps, silent) = desk
        .app
        .db
        .read(actor.tenant_id(), async move |tx: Tx| {
            let leads = unowned(&tx, which).await?;
            let scene = scripts::scene(&tx, &author, &*packs, Hook::Distribute).await?;
            let reps = candidates(&tx, &author, &scene.registry, &scene.schedules).await?;
            let ids: Vec<Id> = leads.iter().map(|lead| lead.id).collect();
            let silent = returned_from(&tx, &ids).await?;
            Ok((leads, scene, reps, silent))
        })
        .await?;
    let now = desk.app.clock.now();
    let calls: Vec<Call> = leads
        .iter()
        .enumerate()
        .map(|(at, lead)| call(at, lead, now, actor))
        .collect();
    let outcomes = if calls.is_empty() {
        Vec::new()
    } else {
        let batch = Batch {
            candidates: reps.clone(),
            calls: calls.clone(),
            ..scene.batch(actor)
        };
        if leads.iter().all(|lead| lead.import_id.is_some()) {
            desk.scripts.run_slow(batch).await
        } else {
            desk.scripts.run(batch).await
        }
    };
    let mut after = reps.clone();
    let decided = decide(&leads, &calls, &mut after, outcomes, &scene, &silent);
    let page = Page {
        leads: leads.len(),
        last: leads.last().and_then(|lead| Some((lead.waiting_since?, lead.id))),
        anybody_left: after.iter().any(|rep| rep.available),
    };
    let (author, job) = (actor.clone(), job.clone());
    desk.app
        .db
        .write(actor.tenant_id(), async move |tx: Tx| {
            if !leads.is_empty() {
                apply(&tx, &author, &leads, &decided, reps, &scene).await?;
            }
            if last {
                finish_in(&tx, &job).await
            } else {
                hold_in(&tx, &job).await
            }
        })
        .await?;
    Ok(page)
}

/// Leads without an owner: those named, or the ones that have waited longest.
async fn unowned(tx: &Tx, which: Which) -> Result<Vec<Lead>> {
    let mut query = entity::Entity::of(tx.tenant()).filter(entity::Column::OwnerId.is_null());
    query = match which {
        Which::Named(ids) => query
            .filter(entity::Column::Id.is_in(ids))
            .order_by_asc(entity::Column::Id),
        Which::Waiting(after) => {
            let query = match after {
                Some((since, id)) => query.filter(
                    Condition::any().add(entity::Column::WaitingSince.gt(since)).add(
                        Condition::all()
                            .add(entity::Column::WaitingSince.eq(since))
                            .add(entity::Column::Id.gt(id)),
                    ),
                ),
                None => query.filter(entity::Column::WaitingSince.is_not_null()),
            };
            query
                .order_by_asc(entity::Column::WaitingSince)
                .order_by_asc(entity::Column::Id)
        }
    };
    Ok(query.limit(AT_ONCE as u64).all(tx).await?)
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
    owner: Option<Id>,
    /// When that counts as done: what the next lead of the batch sees.
    at: DateTime<Utc>,
    reason: String,
    answer: Answer,
    refusals: Vec<serde_json::Value>,
}

/// Checks every answer against the picture its lead saw, and falls back to our own rule where it does not hold.
fn decide(
    leads: &[Lead],
    calls: &[Call],
    reps: &mut [Candidate],
    outcomes: Vec<std::result::Result<wire::Outcome, crate::ports::ScriptFault>>,
    scene: &Scene,
    silent: &HashMap<Id, Id>,
) -> Vec<Decided> {
    let mut decided = Vec::with_capacity(leads.len());
    for ((lead, call), outcome) in leads.iter().zip(calls).zip(outcomes) {
        let answer = Answer::from(outcome, &scene.layers);
        let course = lead.course_id.map(|id| id.to_string());
        let mut refusals = Vec::new();
        let mut chosen: Option<String> = None;
        let mut reason = String::new();
        if let Some(assign) = &answer.plan.assign {
            match reps.iter().find(|rep| rep.id == assign.user_id) {
                Some(rep) if rep.available && rep.teaches(course.as_deref()) => {
                    chosen = Some(rep.id.clone());
                    reason.clone_from(&assign.reason);
                }
                Some(_) => refusals.push(json!({"code": "candidate_not_available", "line": assign.line})),
                None => refusals.push(json!({"code": "unknown_candidate", "line": assign.line})),
            }
        } else if let Some(queue) = &answer.plan.queue {
            reason.clone_from(&queue.reason);
        }
        let quiet = answer.plan.assign.is_none() && answer.plan.queue.is_none();
        if quiet || !refusals.is_empty() {
            chosen = choose(reps, course.as_deref()).map(|rep| rep.id.clone());
            reason = if chosen.is_some() {
                "fewest_open"
            } else {
                "nobody_available"
            }
            .to_owned();
        }
        // Taken back from somebody who did nothing with it: anybody else comes first.
        let before = silent.get(&lead.id).map(Id::to_string);
        if before.is_some() && before == chosen {
            let others: Vec<Candidate> = reps
                .iter()
                .filter(|rep| Some(&rep.id) != before.as_ref())
                .cloned()
                .collect();
            if let Some(other) = choose(&others, course.as_deref()) {
                chosen = Some(other.id.clone());
                reason = "owner_silent".to_owned();
                refusals.push(json!({"code": "was_silent"}));
            }
        }
        let at = assigned_at(call);
        if let Some(id) = &chosen {
            apply_assignment(reps, id, at);
        }
        decided.push(Decided {
            owner: chosen.and_then(|id| id.parse().ok()),
            at,
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
    mut reps: Vec<Candidate>,
    scene: &Scene,
) -> Result<()> {
    let taken = take(tx, actor, leads, decided).await?;
    let left: Vec<Id> = leads
        .iter()
        .map(|lead| lead.id)
        .filter(|id| !taken.contains_key(id))
        .collect();
    let known = decided_before(tx, &left).await?;
    let (mut decisions, mut assigned) = (Vec::new(), Vec::new());
    let batch = new_id();
    for (lead, decided) in leads.iter().zip(decided) {
        let owner = taken.get(&lead.id).copied();
        // A lead that goes on waiting is decided again at every try: its first wait is worth a record.
        let worth_a_record = owner.is_some() || decided.owner.is_some() || !known.contains(&lead.id);
        if worth_a_record {
            // Only the first of a batch keeps the candidates: the others' follow from what was given before them.
            let lead_seen = scripts::lead_ctx(lead, 0);
            let input = if decisions.is_empty() {
                json!({"lead": lead_seen, "candidates": reps})
            } else {
                json!({"lead": lead_seen, "position": decisions.len()})
            };
            let mut refusals = decided.refusals.clone();
            if decided.owner.is_some() && owner.is_none() {
                refusals.push(json!({"code": "taken_meanwhile"}));
            }
            let mut decision = Decision::new(Hook::Distribute, lead.id, input, &decided.answer, scene)
                .refused(refusals)
                .in_batch(batch);
            if let Some(chosen) = decided.owner {
                decision = decision.gave(chosen, &decided.reason, decided.at);
            }
            if let Some(owner) = owner {
                assigned.push((lead.id, owner, decision.id, decided.reason.clone()));
            }
            decisions.push(decision);
        }
        if let Some(chosen) = decided.owner {
            apply_assignment(&mut reps, &chosen.to_string(), decided.at);
        }
    }
    scripts::store_decisions(tx, &decisions).await?;
    tell(tx, actor, &assigned).await?;
    let failures = decided
        .iter()
        .flat_map(|d| &d.answer.failures)
        .cloned()
        .collect::<Vec<_>>();
    scripts::note_failures(tx, actor, Hook::Distribute, &failures).await?;
    let waiting = still_waiting(tx, &left).await?;
    if waiting > 0 {
        let reps: HashSet<String> = reps.into_iter().map(|rep| rep.id).collect();
        wait_for_somebody(tx, scene, &reps, waiting).await?;
    }
    Ok(())
}

/// Writes owners, one statement a rep. A lead somebody took meanwhile is left alone, and so is one whose rep is
/// no longer there to take it.
async fn take(tx: &Tx, actor: &Actor, leads: &[Lead], decided: &[Decided]) -> Result<HashMap<Id, Id>> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Id,
    }
    let mut by_owner: BTreeMap<Id, (Vec<Id>, DateTime<Utc>)> = BTreeMap::new();
    for (lead, decided) in leads.iter().zip(decided) {
        if let Some(owner) = decided.owner {
            let theirs = by_owner.entry(owner).or_insert_with(|| (Vec::new(), decided.at));
            theirs.0.push(lead.id);
            theirs.1 = decided.at;
        }
    }
    let mut taken = HashMap::new();
    for (owner, (leads, last)) in by_owner {
        let sql = "UPDATE app_user SET last_assigned_at = $3 WHERE tenant_id = $1 AND id = $2 AND active";
        let there = tx
            .run(sql, vec![tx.tenant().0.into(), owner.into(), last.into()])
            .await?;
        if there == 0 {
            continue;
        }
        let mut values: Vec<Value> = vec![tx.tenant().0.into(), owner.into(), tx.now().into()];
        values.extend(leads.iter().map(|id| Value::from(*id)));
        let sql = format!(
            "UPDATE lead SET owner_id = $2, assigned_at = $3, waiting_since = NULL, version = version + 1, \
             updated_at = $3 WHERE tenant_id = $1 AND owner_id IS NULL AND deleted_at IS NULL AND id IN ({}) RETURNING id",
            list(4, leads.len())
        );
        let rows: Vec<Row> = tx.all(&sql, values).await?;
        // What an earlier owner left open goes with the leads, into the new one's working time.
        let ids: Vec<Id> = rows.iter().map(|row| row.id).collect();
        if !ids.is_empty() {
            crate::follow_ups::hand_over_all_in(tx, actor, &ids, owner).await?;
        }
        taken.extend(rows.into_iter().map(|row| (row.id, owner)));
    }
    Ok(taken)
}

/// Which of these leads have a decision already.
async fn decided_before(tx: &Tx, leads: &[Id]) -> Result<HashSet<Id>> {
    #[derive(FromQueryResult)]
    struct Row {
        lead_id: Id,
    }
    if leads.is_empty() {
        return Ok(HashSet::new());
    }
    let mut values: Vec<Value> = vec![tx.tenant().0.into(), Hook::Distribute.as_str().into()];
    values.extend(leads.iter().map(|id| Value::from(*id)));
    let sql = format!(
        "SELECT DISTINCT lead_id FROM decision WHERE tenant_id = $1 AND hook = $2 AND lead_id IN ({})",
        list(3, leads.len())
    );
    let rows: Vec<Row> = tx.all(&sql, values).await?;
    Ok(rows.into_iter().map(|row| row.lead_id).collect())
}

async fn still_waiting(tx: &Tx, leads: &[Id]) -> Result<usize> {
    #[derive(FromQueryResult)]
    struct Row {
        count: i64,
    }
    if leads.is_empty() {
        return Ok(0);
    }
    let mut values: Vec<Value> = vec![tx.tenant().0.into()];
    values.extend(leads.iter().map(|id| Value::from(*id)));
    let sql = format!(
        "SELECT COUNT(*) AS count FROM lead WHERE tenant_id = $1 AND owner_id IS NULL AND deleted_at IS NULL AND id IN ({})",
        list(2, leads.len())
    );
    let row: Option<Row> = tx.one(&sql, values).await?;
    Ok(row.map_or(0, |row| row.count.try_into().unwrap_or(0)))
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
async fn wait_for_somebody(tx: &Tx, scene: &Scene, reps: &HashSet<String>, count: usize) -> Result<()> {
    crate::messages::waiting_leads(tx, count as i64).await?;
    let next = scene
        .schedules
        .iter()
        .filter(|(id, _)| reps.contains(&id.to_string()))
        .filter_map(|(_, schedule)| schedule.next_change(tx.now()))
        .min();
    let Some(at) = next else { return Ok(()) };
    enqueue(
        tx,
        NewJob::new(
            "distribution.waiting",
            format!("waiting/{}", at.timestamp_micros()),
            vec![],
        )
        .at(at),
    )
    .await
}
