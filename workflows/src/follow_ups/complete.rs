//! A follow-up is done: outcome, note, by whom. Reps do it in their working time; a repeat changes nothing.

use chrono::{DateTime, Utc};
use platform::events::{self, NewEvent};
use platform::jobs::{NewJob, enqueue};
use platform::{Actor, App, Error, Id, Permit, Result, Tx, audit};
use serde_json::json;

use super::follow_up::{FollowUp, lock};
use crate::typed;

/// How the contact went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Reached,
    NoAnswer,
    Later,
    Done,
}

impl Outcome {
    pub const ALL: [Outcome; 4] = [Outcome::Reached, Outcome::NoAnswer, Outcome::Later, Outcome::Done];

    pub fn as_str(self) -> &'static str {
        match self {
            Outcome::Reached => "reached",
            Outcome::NoAnswer => "no_answer",
            Outcome::Later => "later",
            Outcome::Done => "done",
        }
    }

    pub fn parse(text: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|outcome| outcome.as_str() == text);
        found.ok_or_else(|| Error::field("outcome", "unknown_outcome"))
    }
}

pub async fn complete(app: &App, actor: &Actor, id: Id, outcome: Outcome, note: &str) -> Result<FollowUp> {
    let (actor, note) = (actor.clone(), typed::text("note", note, 5_000)?);
    app.db
        .write(actor.tenant_id(), async move |tx: Tx| {
            let found = lock(&tx, &actor, id).await?;
            match found.state.as_str() {
                "open" => {}
                // The same person pressing twice gets the same answer.
                "done" if found.completed_by == actor.user && found.outcome.as_deref() == Some(outcome.as_str()) => {
                    return Ok(found);
                }
                _ => return Err(Error::conflict("follow_up_closed")),
            }
            if !actor.can(Permit::FollowUpsAll) {
                in_working_time(&tx, &actor).await?;
            }
            store(&tx, &actor, found, outcome, note).await
        })
        .await
}

async fn in_working_time(tx: &Tx, actor: &Actor) -> Result<()> {
    let schedules = crate::staff::schedules(tx, actor).await?;
    let person = actor.person()?;
    match schedules.get(&person) {
        Some(schedule) if schedule.is_working(tx.now()) => Ok(()),
        _ => Err(Error::refused("outside_working_time")),
    }
}

/// What is said of a follow-up that is done.
pub(super) fn completed(found: &FollowUp, outcome: Outcome, note: &str, now: DateTime<Utc>) -> NewEvent {
    let payload = json!({
        "follow_up_id": found.id, "key": found.key, "sequence": found.sequence, "outcome": outcome.as_str(), "note": note,
        "due_at": found.due_at, "on_time": now <= found.due_at, "text": found.text,
    });
    NewEvent {
        kind: "follow_up.completed",
        lead: Some(found.lead_id),
        owner: Some(found.owner_id),
        cause: None,
        payload,
    }
}

async fn store(tx: &Tx, actor: &Actor, found: FollowUp, outcome: Outcome, note: String) -> Result<FollowUp> {
    let now = tx.now();
    tx.run(
        "UPDATE follow_up SET state = 'done', outcome = $3, note = $4, completed_at = $5, completed_by = $6, \
         closed_at = $5, version = version + 1 WHERE tenant_id = $1 AND id = $2 AND state = 'open'",
        vec![
            tx.tenant().0.into(),
            found.id.into(),
            outcome.as_str().into(),
            note.as_str().into(),
            now.into(),
            actor.user.into(),
        ],
    )
    .await?;
    if outcome == Outcome::Reached {
        let sql = "UPDATE lead SET first_contact_at = $3 WHERE tenant_id = $1 AND id = $2 AND first_contact_at IS NULL";
        tx.run(sql, vec![tx.tenant().0.into(), found.lead_id.into(), now.into()])
            .await?;
    }
    let event = completed(&found, outcome, &note, now);
    let event = events::record(tx, actor, event).await?;
    enqueue(tx, NewJob::new("scripts.plan", format!("plan/{event}"), vec![event])).await?;
    let told = json!({"outcome": outcome.as_str()});
    audit::record(tx, actor, "follow_up.completed", "lead", found.lead_id, told).await?;
    Ok(FollowUp {
        state: "done".into(),
        outcome: Some(outcome.as_str().into()),
        note,
        completed_at: Some(now),
        completed_by: actor.user,
        closed_at: Some(now),
        version: found.version + 1,
        ..found
    })
}
