//! The daily look at lost leads. A step is due from its day on, so a day without a run loses none; it is taken once,
//! and what the loss itself planned under the same key counts as taken.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use platform::db::{Scoped, list};
use platform::events::{self, Event, NewEvent};
use platform::jobs::{Job, finish_in, hold_in};
use platform::{Actor, Id, Result, Tx};
use sea_orm::{ColumnTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, Value};
use serde_json::json;
use wire::{Batch, Call, EventCtx, Hook};

use crate::leads::{Lead, entity};
use crate::ports::Desk;
use crate::scripts::{self, Answer, Answered, Case, Scene, Worded};

const AT_ONCE: usize = 500;
const STEP: &str = "lead.reactivation_step";

/// Asks the rule about every lost lead that has an owner.
pub async fn daily(desk: &Desk, job: &Job) -> Result<()> {
    let actor = Actor::system(desk.app.tenants.by_id(job.tenant).await?);
    let mut after = None;
    loop {
        let (scene, found) = read(desk, &actor, after).await?;
        after = found.last().map(|lost| lost.lead.id);
        let last = found.len() < AT_ONCE;
        let outcomes = if found.is_empty() {
            Vec::new()
        } else {
            let batch = Batch {
                calls: found.iter().map(|lost| lost.call.clone()).collect(),
                ..scene.batch(&actor)
            };
            desk.scripts.run_slow(batch).await
        };
        let answers = outcomes.into_iter().map(|o| Answer::from(o, &scene.layers)).collect();
        store(desk, &actor, scene, found, answers, job, last).await?;
        if last {
            return Ok(());
        }
    }
}

struct Lost {
    lead: Lead,
    call: Call,
}

async fn read(desk: &Desk, actor: &Actor, after: Option<Id>) -> Result<(Scene, Vec<Lost>)> {
    let (author, packs) = (actor.clone(), desk.packs.clone());
    let now = desk.app.clock.now();
    desk.app
        .db
        .read(actor.tenant_id(), async move |tx: Tx| {
            let scene = scripts::scene(&tx, &author, &*packs, Hook::Reactivation).await?;
            if !scene.answered {
                return Ok((scene, Vec::new()));
            }
            let lost = scene.registry.statuses.iter().filter(|status| status.kind == "lost");
            let mut query = entity::Entity::of(tx.tenant())
                .filter(entity::Column::Status.is_in(lost.map(|status| status.key.clone())))
                .filter(entity::Column::OwnerId.is_not_null())
                .filter(entity::Column::LostAt.is_not_null());
            if let Some(after) = after {
                query = query.filter(entity::Column::Id.gt(after));
            }
            let query = query.order_by_asc(entity::Column::Id).limit(AT_ONCE as u64);
            let leads: Vec<Lead> = query.all(&tx).await?;
            let steps = steps(&tx, &leads).await?;
            let found = leads
                .into_iter()
                .enumerate()
                .map(|(at, lead)| {
                    let done = steps.get(&lead.id).cloned().unwrap_or_default();
                    let call = call(at as u32, &lead, done, now, &author);
                    Lost { lead, call }
                })
                .collect();
            Ok((scene, found))
        })
        .await
}

fn call(id: u32, lead: &Lead, done: HashSet<String>, now: DateTime<Utc>, actor: &Actor) -> Call {
    let event = EventCtx {
        id: lead.id.to_string(),
        kind: STEP.into(),
        occurred_at: now,
        actor: wire::Actor {
            id: None,
            role: actor.role.clone(),
        },
        depth: 0,
    };
    let day = actor.tenant.local_date(now);
    let seed = format!("{}|{}|{day}|reactivation", actor.tenant_id(), lead.id);
    let mut call = Call::new(id, Hook::Reactivation, now, seed, event, scripts::lead_ctx(lead, 0));
    call.days_since_lost = lead
        .lost_at
        .map(|lost| (day - actor.tenant.local_date(lost)).num_days());
    call.done_steps = done.into_iter().collect();
    call.done_steps.sort_unstable();
    call
}

async fn store(
    desk: &Desk,
    actor: &Actor,
    scene: Scene,
    found: Vec<Lost>,
    answers: Vec<Answer>,
    job: &Job,
    last: bool,
) -> Result<()> {
    let (actor, job) = (actor.clone(), job.clone());
    desk.app
        .db
        .write(actor.tenant_id(), async move |tx: Tx| {
            // Failures of calls that take a step are counted where the step is applied.
            let idle = answers.iter().filter(|answer| answer.plan.step.is_none());
            let failures: Vec<_> = idle.flat_map(|answer| answer.failures.iter().cloned()).collect();
            scripts::note_failures(&tx, &actor, Hook::Reactivation, &failures).await?;
            take(&tx, &actor, scene, found, answers).await?;
            if last {
                finish_in(&tx, &job).await
            } else {
                hold_in(&tx, &job).await
            }
        })
        .await
}

/// Takes the steps that are still to be taken: another node may have been first.
async fn take(tx: &Tx, actor: &Actor, scene: Scene, found: Vec<Lost>, answers: Vec<Answer>) -> Result<()> {
    let chosen: Vec<(Lost, Answer)> = found
        .into_iter()
        .zip(answers)
        .filter(|(_, answer)| answer.plan.step.is_some())
        .collect();
    let leads: Vec<Lead> = chosen.iter().map(|(lost, _)| lost.lead.clone()).collect();
    lock(tx, &leads).await?;
    let steps = steps(tx, &leads).await?;
    let mut taken = Vec::new();
    for (lost, answer) in chosen {
        let Some(step) = answer.plan.step.clone() else { continue };
        if steps.get(&lost.lead.id).is_some_and(|done| done.contains(&step.key)) {
            continue;
        }
        taken.push((lost, answer, step.key));
    }
    let events = taken.iter().map(|(lost, _, step)| NewEvent {
        kind: STEP,
        lead: Some(lost.lead.id),
        owner: lost.lead.owner_id,
        cause: None,
        payload: json!({"step": step, "lost_at": lost.lead.lost_at}),
    });
    let ids = events::record_all(tx, actor, events.collect()).await?;
    let (mut cases, mut answers) = (Vec::new(), Vec::new());
    for ((lost, answer, _), event) in taken.into_iter().zip(events::load(tx, &ids).await?) {
        cases.push(case(lost, event));
        answers.push(answer);
    }
    let answered = Answered {
        hook: Hook::Reactivation,
        scene,
        cases,
        answers,
        worded: Worded::default(),
    };
    scripts::apply(tx, actor, &answered).await
}

fn case(lost: Lost, event: Event) -> Case {
    Case {
        event,
        lead: lost.lead,
        call: lost.call,
        again: None,
    }
}

async fn lock(tx: &Tx, leads: &[Lead]) -> Result<()> {
    #[derive(FromQueryResult)]
    struct Row {
        #[expect(dead_code, reason = "only the lock matters")]
        id: Id,
    }
    if leads.is_empty() || !tx.is_postgres() {
        return Ok(());
    }
    let mut values: Vec<Value> = vec![tx.tenant().0.into()];
    values.extend(leads.iter().map(|lead| Value::from(lead.id)));
    let sql = format!(
        "SELECT id FROM lead WHERE tenant_id = $1 AND id IN ({}) ORDER BY id FOR UPDATE",
        list(2, leads.len())
    );
    tx.all::<Row>(&sql, values).await.map(|_| ())
}

/// The steps each lead has behind it since it was lost: taken here, or planned by the loss under the same key.
pub(crate) async fn steps(tx: &Tx, leads: &[Lead]) -> Result<HashMap<Id, HashSet<String>>> {
    #[derive(FromQueryResult)]
    struct Planned {
        lead_id: Id,
        key: String,
        created_at: DateTime<Utc>,
    }
    #[derive(FromQueryResult)]
    struct Taken {
        lead_id: Id,
        payload: serde_json::Value,
        occurred_at: DateTime<Utc>,
    }
    if leads.is_empty() {
        return Ok(HashMap::new());
    }
    let lost: HashMap<Id, DateTime<Utc>> = leads.iter().filter_map(|lead| Some((lead.id, lead.lost_at?))).collect();
    let since = |lead: &Id, at: DateTime<Utc>| lost.get(lead).is_some_and(|lost| at >= *lost);
    let mut values: Vec<Value> = vec![tx.tenant().0.into()];
    values.extend(leads.iter().map(|lead| Value::from(lead.id)));
    let ids = list(2, leads.len());
    let sql = format!(
        "SELECT lead_id, key, created_at FROM follow_up WHERE tenant_id = $1 AND kind = 'auto' AND lead_id IN ({ids})"
    );
    let planned: Vec<Planned> = tx.all(&sql, values.clone()).await?;
    let sql = format!(
        "SELECT lead_id, payload, occurred_at FROM event WHERE tenant_id = $1 AND kind = '{STEP}' \
         AND lead_id IN ({ids})"
    );
    let taken: Vec<Taken> = tx.all(&sql, values).await?;
    let mut found: HashMap<Id, HashSet<String>> = HashMap::new();
    for row in planned.into_iter().filter(|row| since(&row.lead_id, row.created_at)) {
        found.entry(row.lead_id).or_default().insert(row.key);
    }
    for row in taken.into_iter().filter(|row| since(&row.lead_id, row.occurred_at)) {
        if let Some(step) = row.payload["step"].as_str() {
            found.entry(row.lead_id).or_default().insert(step.to_owned());
        }
    }
    Ok(found)
}
