//! The job behind every event that may need follow-ups: run the tenant's hook, apply its plan, in one commit.

use std::collections::HashMap;

use platform::db::{Scoped, list};
use platform::events::{self, Event, MAX_DEPTH};
use platform::jobs::{Job, finish_in};
use platform::{Actor, Id, Result, Tx};
use sea_orm::{ColumnTrait, FromQueryResult, QueryFilter, Value};
use wire::{Batch, Call, EventCtx, Hook};

use super::answer::Answer;
use super::apply::apply;
use super::scene::{Scene, lead_ctx, scene};
use crate::leads::entity;
use crate::leads::{Lead, Registry};
use crate::ports::Desk;

/// One event with the lead it is about and the call made of it.
pub(super) struct Case {
    pub event: Event,
    pub lead: Lead,
    pub call: Call,
}

/// Plans for the events a job names.
pub async fn plan(desk: &Desk, job: &Job) -> Result<()> {
    let actor = Actor::system(desk.app.tenants.by_id(job.tenant).await?);
    let mut answered = Vec::new();
    for hook in [Hook::OnLeadCreated, Hook::OnStatusChanged] {
        let (scene, cases) = read(desk, &actor, job, hook).await?;
        if cases.is_empty() {
            continue;
        }
        let batch = Batch {
            calls: cases.iter().map(|case| case.call.clone()).collect(),
            ..scene.batch(&actor)
        };
        let outcomes = desk.scripts.run(batch).await;
        let answers: Vec<Answer> = outcomes.into_iter().map(|o| Answer::from(o, &scene.layers)).collect();
        answered.push((hook, scene, cases, answers));
    }
    let job = job.clone();
    desk.app
        .db
        .write(actor.tenant_id(), async move |tx: Tx| {
            for (hook, scene, cases, answers) in &answered {
                apply(&tx, &actor, *hook, scene, cases, answers).await?;
            }
            finish_in(&tx, &job).await
        })
        .await
}

async fn read(desk: &Desk, actor: &Actor, job: &Job, hook: Hook) -> Result<(Scene, Vec<Case>)> {
    let (author, packs, ids) = (actor.clone(), desk.packs.clone(), job.ids.clone());
    let now = desk.app.clock.now();
    desk.app
        .db
        .read(actor.tenant_id(), async move |tx: Tx| {
            let scene = scene(&tx, &author, &*packs, hook).await?;
            let events = events::load(&tx, &ids).await?;
            let leads = leads_of(&tx, &events).await?;
            let open = open_follow_ups(&tx, leads.keys().copied().collect()).await?;
            let ahead = ahead_in_import(&tx, leads.values()).await?;
            let mut given: HashMap<Id, u32> = ahead;
            let mut cases = Vec::new();
            for event in events {
                let Some(lead) = event.lead_id.and_then(|id| leads.get(&id)) else {
                    continue;
                };
                let waiting = open.get(&lead.id).copied().unwrap_or(0);
                if event.depth > MAX_DEPTH || hook_of(&event, lead, waiting, &scene.registry) != Some(hook) {
                    continue;
                }
                let mut call = call(cases.len() as u32, &event, lead, hook, waiting, now, &author);
                if let (Some(owner), Some(_)) = (lead.owner_id, lead.import_id) {
                    let count = given.entry(owner).or_default();
                    call.queue_ahead = *count;
                    *count += 1;
                }
                cases.push(Case {
                    event,
                    lead: lead.clone(),
                    call,
                });
            }
            Ok((scene, cases))
        })
        .await
}

/// Which hook an event wakes, if the lead still stands where the event left it.
fn hook_of(event: &Event, lead: &Lead, open: u32, registry: &Registry) -> Option<Hook> {
    lead.owner_id?;
    let still_there = lead.status_since <= event.occurred_at;
    match event.kind.as_str() {
        // The status it came with, never left; not one it was moved back to.
        "lead.created" => (registry.kind(&lead.status) == "new" && still_there).then_some(Hook::OnLeadCreated),
        "lead.status_changed" => {
            (event.payload["to"].as_str() == Some(lead.status.as_str()) && still_there).then_some(Hook::OnStatusChanged)
        }
        // A new owner with nothing to do yet: the status's cadence starts now.
        "lead.assigned" if open == 0 => Some(if registry.kind(&lead.status) == "new" {
            Hook::OnLeadCreated
        } else {
            Hook::OnStatusChanged
        }),
        _ => None,
    }
}

fn call(
    id: u32,
    event: &Event,
    lead: &Lead,
    hook: Hook,
    open: u32,
    now: chrono::DateTime<chrono::Utc>,
    actor: &Actor,
) -> Call {
    let ctx = EventCtx {
        id: event.id.to_string(),
        kind: event.kind.clone(),
        occurred_at: event.occurred_at,
        actor: wire::Actor {
            id: event.actor_id.map(|id| id.to_string()),
            role: if event.actor_id.is_some() { "user" } else { "system" }.into(),
        },
        depth: u32::from(event.depth.unsigned_abs()),
    };
    let seed = format!("{}|{}|{}", actor.tenant_id(), event.id, hook.as_str());
    let mut call = Call::new(id, hook, now, seed, ctx, lead_ctx(lead, open));
    match hook {
        Hook::OnLeadCreated => call.via = event.payload["via"].as_str().map(str::to_owned),
        _ => {
            call.from = Some(event.payload["from"].as_str().unwrap_or(&lead.status).to_owned());
            call.to = Some(lead.status.clone());
            if event.kind == "lead.assigned" {
                call.from.clone_from(&call.to);
            }
        }
    }
    call
}

async fn leads_of(tx: &Tx, events: &[Event]) -> Result<HashMap<Id, Lead>> {
    let ids: Vec<Id> = events.iter().filter_map(|event| event.lead_id).collect();
    let leads = entity::Entity::of(tx.tenant())
        .filter(entity::Column::Id.is_in(ids))
        .all(tx)
        .await?;
    Ok(leads.into_iter().map(|lead| (lead.id, lead)).collect())
}

#[derive(FromQueryResult)]
struct Count {
    id: Id,
    count: i64,
}

async fn open_follow_ups(tx: &Tx, leads: Vec<Id>) -> Result<HashMap<Id, u32>> {
    if leads.is_empty() {
        return Ok(HashMap::new());
    }
    let mut values: Vec<Value> = vec![tx.tenant().0.into()];
    values.extend(leads.iter().map(|id| Value::from(*id)));
    let sql = format!(
        "SELECT lead_id AS id, COUNT(*) AS count FROM follow_up WHERE tenant_id = $1 AND state = 'open' \
         AND lead_id IN ({}) GROUP BY lead_id",
        list(2, leads.len())
    );
    counted(tx, &sql, values).await
}

/// How many earlier leads of the same import each owner has: what spreads an import over a rep's day.
async fn ahead_in_import(tx: &Tx, leads: impl Iterator<Item = &Lead>) -> Result<HashMap<Id, u32>> {
    let first = leads.filter(|lead| lead.import_id.is_some()).min_by_key(|lead| lead.id);
    let Some((import, first)) = first.and_then(|lead| Some((lead.import_id?, lead.id))) else {
        return Ok(HashMap::new());
    };
    let sql = "SELECT u.id, (SELECT COUNT(*) FROM lead AS l WHERE l.tenant_id = $1 AND l.import_id = $2 \
               AND l.owner_id = u.id AND l.id < $3) AS count FROM app_user AS u WHERE u.tenant_id = $1";
    counted(tx, sql, vec![tx.tenant().0.into(), import.into(), first.into()]).await
}

async fn counted(tx: &Tx, sql: &str, values: Vec<Value>) -> Result<HashMap<Id, u32>> {
    let rows: Vec<Count> = tx.all(sql, values).await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.id, row.count.try_into().unwrap_or(0)))
        .collect())
}
