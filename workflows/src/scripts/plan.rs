//! The job behind every event that may need follow-ups: run the tenant's hook, apply its plan, in one commit.

use std::collections::{BTreeSet, HashMap};

use platform::events::{self, Event, MAX_DEPTH};
use platform::jobs::{Job, NewJob, enqueue, finish_in};
use platform::{Actor, Id, Result, Tx};
use wire::{Batch, Call, EventCtx, FollowUpCtx, Hook};

use super::answer::Answer;
use super::apply::apply;
use super::facts::{Waiting, ahead_in_import, leads_of, open_follow_ups, standing};
use super::scene::{Scene, lead_ctx, scene};
use super::word::{Worded, word};
use crate::leads::{Lead, Registry};
use crate::ports::Desk;

/// One event with the lead it is about and the call made of it.
pub(crate) struct Case {
    pub event: Event,
    pub lead: Lead,
    pub call: Call,
    /// The degraded decision this answers anew.
    pub again: Option<Id>,
}

/// What one hook's scripts answered to its cases.
pub(crate) struct Answered {
    pub hook: Hook,
    pub scene: Scene,
    pub cases: Vec<Case>,
    pub answers: Vec<Answer>,
    /// What became of the plans' notices.
    pub worded: Worded,
}

/// Plans for the events a job names.
pub async fn plan(desk: &Desk, job: &Job) -> Result<()> {
    let actor = Actor::system(desk.app.tenants.by_id(job.tenant).await?);
    let ids = job.ids.clone();
    let load = async move |tx: Tx| events::load(&tx, &ids).await;
    let events = desk.app.db.read(actor.tenant_id(), load).await?;
    let hooks: BTreeSet<Hook> = events.iter().flat_map(|event| may_wake(&event.kind)).copied().collect();
    let mut answered = Vec::new();
    for hook in hooks {
        answered.extend(ask(desk, &actor, &events, hook, &HashMap::new()).await?);
    }
    let job = job.clone();
    desk.app
        .db
        .write(actor.tenant_id(), async move |tx: Tx| {
            for answered in &answered {
                apply(&tx, &actor, answered).await?;
            }
            let leads = answered.iter().flat_map(|answered| &answered.cases);
            // Scores of a whole import can wait for the night.
            let leads: BTreeSet<Id> = leads
                .filter(|case| case.lead.import_id.is_none())
                .map(|case| case.lead.id)
                .collect();
            if !leads.is_empty() {
                let leads = leads.into_iter().collect();
                enqueue(
                    &tx,
                    NewJob::new("leads.score", format!("score/{}", job.id), leads).priority(2),
                )
                .await?;
            }
            finish_in(&tx, &job).await
        })
        .await
}

/// Asks the scripts of one hook about those of the events that wake it. `again` names the decisions made before.
pub(super) async fn ask(
    desk: &Desk,
    actor: &Actor,
    events: &[Event],
    hook: Hook,
    again: &HashMap<Id, Id>,
) -> Result<Option<Answered>> {
    let (scene, cases) = read(desk, actor, events, hook, again.clone()).await?;
    let native = matches!(hook, Hook::OnLeadCreated | Hook::OnStatusChanged);
    if cases.is_empty() || !(native || scene.answered) {
        return Ok(None);
    }
    let batch = Batch {
        calls: cases.iter().map(|case| case.call.clone()).collect(),
        ..scene.batch(actor)
    };
    // A file of thousands waits for whoever types in one lead.
    let outcomes = if cases.iter().all(|case| case.lead.import_id.is_some()) {
        desk.scripts.run_slow(batch).await
    } else {
        desk.scripts.run(batch).await
    };
    let answers = outcomes.into_iter().map(|o| Answer::from(o, &scene.layers)).collect();
    let mut answered = Answered {
        hook,
        scene,
        cases,
        answers,
        worded: Worded::default(),
    };
    word(desk, actor, &mut answered).await?;
    Ok(Some(answered))
}

/// The hooks a kind of event may wake.
fn may_wake(kind: &str) -> &'static [Hook] {
    match kind {
        "lead.created" => &[Hook::OnLeadCreated],
        "lead.status_changed" => &[Hook::OnStatusChanged],
        "lead.assigned" => &[Hook::OnLeadCreated, Hook::OnStatusChanged],
        "follow_up.completed" => &[Hook::OnFollowupCompleted],
        "follow_up.overdue" => &[Hook::OnOverdue],
        _ => &[],
    }
}

async fn read(
    desk: &Desk,
    actor: &Actor,
    events: &[Event],
    hook: Hook,
    again: HashMap<Id, Id>,
) -> Result<(Scene, Vec<Case>)> {
    let (author, packs, events) = (actor.clone(), desk.packs.clone(), events.to_vec());
    let now = desk.app.clock.now();
    desk.app
        .db
        .read(actor.tenant_id(), async move |tx: Tx| {
            let scene = scene(&tx, &author, &*packs, hook).await?;
            let leads = leads_of(&tx, &events).await?;
            let open = open_follow_ups(&tx, leads.keys().copied().collect()).await?;
            let ahead = ahead_in_import(&tx, leads.values()).await?;
            let owners = match hook {
                Hook::OnOverdue => leads.values().filter_map(|lead| lead.owner_id).collect(),
                _ => BTreeSet::new(),
            };
            let standing = standing(&tx, &owners.into_iter().collect::<Vec<Id>>()).await?;
            let mut given: HashMap<Id, u32> = ahead;
            let mut cases = Vec::new();
            for event in events {
                let Some(lead) = event.lead_id.and_then(|id| leads.get(&id)) else {
                    continue;
                };
                let again = again.get(&event.id).copied();
                let Waiting { open: waiting, planned } = open.get(&lead.id).copied().unwrap_or_default();
                // What the decision made before has planned does not stand in its own way, and what a person planned
                // not in that of a lead given out anew.
                let in_the_way = match again {
                    Some(_) => 0,
                    None if given_out(&event) => planned,
                    None => waiting,
                };
                if event.depth > MAX_DEPTH || hook_of(&event, lead, in_the_way, &scene.registry) != Some(hook) {
                    continue;
                }
                let mut call = call(cases.len() as u32, &event, lead, hook, waiting, now, &author);
                if let (Some(owner), Some(_), true) = (lead.owner_id, lead.import_id, comes_in(&event)) {
                    let count = given.entry(owner).or_default();
                    call.queue_ahead = *count;
                    *count += 1;
                }
                if hook == Hook::OnOverdue {
                    call.owner = lead
                        .owner_id
                        .map(|owner| standing.get(&owner).copied().unwrap_or_default());
                }
                cases.push(Case {
                    event,
                    lead: lead.clone(),
                    call,
                    again,
                });
            }
            Ok((scene, cases))
        })
        .await
}

/// Whether a lead of a file comes to its owner with the others of that file.
fn comes_in(event: &Event) -> bool {
    match event.kind.as_str() {
        "lead.created" => true,
        "lead.assigned" => event.payload["reason"] != "by_hand",
        _ => false,
    }
}

/// Whether a lead came to its owner from the queue: with no cadence of an owner before.
pub(super) fn given_out(event: &Event) -> bool {
    event.kind == "lead.assigned" && event.payload["decision_id"].is_string()
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
        // A lead that moved on since has a new cadence.
        "follow_up.completed" => still_there.then_some(Hook::OnFollowupCompleted),
        "follow_up.overdue" => still_there.then_some(Hook::OnOverdue),
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
        Hook::OnFollowupCompleted | Hook::OnOverdue => {
            call.followup = follow_up_of(event);
            call.outcome = event.payload["outcome"].as_str().map(str::to_owned);
            let due = call.followup.as_ref().map(|seen| seen.due_at);
            call.late_seconds = due
                .filter(|_| hook == Hook::OnOverdue)
                .map(|due| (now - due).num_seconds());
        }
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

fn follow_up_of(event: &Event) -> Option<FollowUpCtx> {
    let of = |name: &str| event.payload[name].clone();
    Some(FollowUpCtx {
        key: of("key").as_str()?.to_owned(),
        due_at: serde_json::from_value(of("due_at")).ok()?,
        sequence: of("sequence").as_u64().and_then(|n| n.try_into().ok()),
    })
}
