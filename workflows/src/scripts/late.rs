//! What a rule may do about a late follow-up besides planning another: move it, give its lead away, hold its owner
//! back. Everything is checked here, and what does not hold is refused with a reason.

use calendar::{Delay, Schedule};
use platform::events::{self, NewEvent};
use platform::{Actor, Id, Result, Tx};
use serde_json::{Value, json};
use wire::{BlockOwner, Candidate, Reassign, Reschedule, When};

use super::answer::Answer;
use super::plan::Case;
use super::scene::Scene;
use crate::distribution;
use crate::messages::{self, ScriptNotice};
use crate::{follow_ups, leads, staff};

/// The text managers get when no rule could say what to do.
const LATE: &str = "follow_up_late";

pub(super) async fn act_on_late(
    tx: &Tx,
    actor: &Actor,
    scene: &Scene,
    case: &Case,
    answer: &Answer,
    reps: &mut Option<Vec<Candidate>>,
    refusals: &mut Vec<Value>,
) -> Result<()> {
    if answer.layer.is_none() && !answer.failures.is_empty() {
        return tell_managers(tx, case).await;
    }
    let plan = &answer.plan;
    if let Some(later) = &plan.reschedule
        && let Err(code) = reschedule(tx, scene, case, later).await?
    {
        refusals.push(json!({"code": code, "item": "reschedule", "line": later.line}));
    }
    if let Some(block) = &plan.block_owner {
        block_owner(tx, actor, case, block).await?;
    }
    if let Some(to) = &plan.reassign
        && let Err(code) = reassign(tx, actor, scene, case, to, reps).await?
    {
        refusals.push(json!({"code": code, "item": "reassign", "line": to.line}));
    }
    Ok(())
}

type Checked = std::result::Result<(), &'static str>;

async fn reschedule(tx: &Tx, scene: &Scene, case: &Case, later: &Reschedule) -> Result<Checked> {
    let Some(follow_up) = follow_up_of(case) else {
        return Ok(Err("unknown_follow_up"));
    };
    let now = tx.now();
    let unrestricted = Schedule::unrestricted(scene.time_zone);
    let owner = case.lead.owner_id.and_then(|owner| scene.schedules.get(&owner));
    let schedule = owner.unwrap_or(&unrestricted);
    let due = match &later.when {
        When::After { seconds, days } => {
            let delay = Delay {
                seconds: *seconds,
                days: *days,
            };
            schedule.due(now, delay, now)
        }
        When::At(at) => schedule.due(*at, Delay::NONE, now),
        When::Before { .. } => return Ok(Err("unknown_anchor")),
    };
    if due.at <= now {
        return Ok(Err("already_past"));
    }
    let moved = follow_ups::put_off_in(tx, follow_up, due.at).await?;
    Ok(if moved { Ok(()) } else { Err("follow_up_closed") })
}

/// `known` is who could take a lead, looked up for the first of a batch and kept up to date for the others.
async fn reassign(
    tx: &Tx,
    actor: &Actor,
    scene: &Scene,
    case: &Case,
    to: &Reassign,
    known: &mut Option<Vec<Candidate>>,
) -> Result<Checked> {
    let reps = match known.take() {
        Some(reps) => reps,
        None => distribution::candidates(tx, actor, &scene.registry, &scene.schedules).await?,
    };
    let reps = known.insert(reps);
    let course = case.lead.course_id.map(|id| id.to_string());
    let owner = case.lead.owner_id.map(|id| id.to_string()).unwrap_or_default();
    let fits = |rep: &&Candidate| rep.available && rep.teaches(course.as_deref()) && rep.id != owner;
    let chosen = match &to.user_id {
        Some(id) => match reps.iter().find(|rep| &rep.id == id) {
            Some(rep) if fits(&rep) => rep,
            Some(_) => return Ok(Err("candidate_not_available")),
            None => return Ok(Err("unknown_candidate")),
        },
        None => {
            let others: Vec<Candidate> = reps.iter().filter(fits).cloned().collect();
            let best = distribution::choose(&others, course.as_deref()).map(|rep| rep.id.clone());
            match reps.iter().find(|rep| Some(&rep.id) == best.as_ref()) {
                Some(rep) => rep,
                None => return Ok(Err("nobody_available")),
            }
        }
    };
    let chosen = chosen.id.clone();
    wire::apply_assignment(reps, &chosen, tx.now());
    let Ok(chosen) = chosen.parse::<Id>() else {
        return Ok(Err("unknown_candidate"));
    };
    let lead = leads::lock(tx, actor, case.lead.id).await?;
    let why = json!({"reason": to.reason, "cause": case.event.id});
    leads::assign_in(tx, actor, &lead, chosen, why).await?;
    Ok(Ok(()))
}

/// Held back until nothing of theirs is overdue: the sweep lets them go.
async fn block_owner(tx: &Tx, actor: &Actor, case: &Case, block: &BlockOwner) -> Result<()> {
    let Some(owner) = case.lead.owner_id else { return Ok(()) };
    let now = tx.now();
    let sql = "UPDATE app_user SET held_reason = $3, blocked_since = COALESCE(blocked_since, $4) \
               WHERE tenant_id = $1 AND id = $2 AND held_reason IS NULL";
    let values = vec![
        tx.tenant().0.into(),
        owner.into(),
        block.reason.as_str().into(),
        now.into(),
    ];
    if tx.run(sql, values).await? == 0 {
        return Ok(());
    }
    let overdue = case.call.owner.map_or(0, |owner| i64::from(owner.overdue));
    let event = NewEvent {
        kind: "rep.blocked",
        lead: None,
        owner: Some(owner),
        cause: Some((case.event.id, case.event.depth)),
        payload: json!({"overdue": overdue, "reason": block.reason}),
    };
    events::record(tx, actor, event).await?;
    let name = staff::find_in(tx, owner).await?.full_name();
    messages::rep_blocked(tx, owner, &name, overdue, &now.to_rfc3339()).await
}

async fn tell_managers(tx: &Tx, case: &Case) -> Result<()> {
    let Some(owner) = case.lead.owner_id else { return Ok(()) };
    let notice = ScriptNotice {
        to: "manager".into(),
        template: LATE.into(),
        vars: serde_json::Map::new(),
        owner,
        lead: case.lead.id,
        event: case.event.id,
    };
    messages::script_notices(tx, vec![notice]).await
}

fn follow_up_of(case: &Case) -> Option<Id> {
    case.event.payload["follow_up_id"].as_str()?.parse().ok()
}
