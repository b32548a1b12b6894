//! A lead moves. The table of moves decides, the history remembers, the tenant's rules plan what follows.

use platform::events::{self, NewEvent};
use platform::ids::new_id;
use platform::jobs::{NewJob, enqueue};
use platform::{Actor, App, Error, Id, Result, Tx, audit};
use serde_json::json;

use super::lead::{Lead, fresh, lock};
use super::status::{Registry, registry_in};
use super::undo_move::Before;
use crate::typed;

#[derive(Debug, Clone, Default)]
pub struct Move {
    pub to: String,
    pub note: String,
    /// A key of the tenant's lost reasons; needed by moves that ask for one.
    pub lost_reason: Option<String>,
    /// The version the actor looked at, where the door checks it.
    pub version: Option<i64>,
    /// The status the actor saw it in: what else changed meanwhile does not matter to a board.
    pub from: Option<String>,
}

pub async fn change_status(app: &App, actor: &Actor, lead: Id, change: Move) -> Result<Lead> {
    let (moved, _) = move_lead(app, actor, lead, change).await?;
    Ok(moved)
}

/// As [`change_status`], with the event by which the move can be taken back.
pub async fn move_lead(app: &App, actor: &Actor, lead: Id, change: Move) -> Result<(Lead, Id)> {
    let actor = actor.clone();
    app.db
        .write(actor.tenant_id(), async move |tx: Tx| {
            let registry = registry_in(&tx).await?;
            move_in(&tx, &actor, &registry, lead, change, None).await
        })
        .await
}

pub async fn change_status_in(
    tx: &Tx,
    actor: &Actor,
    registry: &Registry,
    id: Id,
    change: Move,
    cause: Option<(Id, i16)>,
) -> Result<Lead> {
    let (moved, _) = move_in(tx, actor, registry, id, change, cause).await?;
    Ok(moved)
}

async fn move_in(
    tx: &Tx,
    actor: &Actor,
    registry: &Registry,
    id: Id,
    change: Move,
    cause: Option<(Id, i16)>,
) -> Result<(Lead, Id)> {
    let lead = lock(tx, actor, id).await?;
    fresh(&lead, change.version)?;
    if change.from.is_some_and(|from| from != lead.status) {
        return Err(Error::Precondition { missing: false });
    }
    if registry.status(&change.to).is_none() {
        return Err(Error::field("status", "unknown_status"));
    }
    let allowed = registry.allow(actor, &lead.status, &change.to)?;
    let reason = change.lost_reason.filter(|key| !key.is_empty());
    if allowed.needs_reason {
        let key = reason
            .as_deref()
            .ok_or_else(|| Error::field("lost_reason", "reason_required"))?;
        if !registry.lost_reasons.iter().any(|known| known.key == key) {
            return Err(Error::field("lost_reason", "unknown_reason"));
        }
    }
    let reason = reason.filter(|_| allowed.needs_reason);
    let note = typed::text("note", &change.note, 5_000)?;
    let kind = registry.kind(&change.to).to_owned();
    let won_before = registry.kind(&lead.status) == "won";
    let moved = store(tx, &lead, &change.to, &kind, won_before, reason.clone()).await?;
    history(tx, actor, &lead, &change.to, &note, reason.as_deref()).await?;
    crate::follow_ups::cancel_open_in(tx, lead.id, None).await?;
    let event = events::record(
        tx,
        actor,
        NewEvent {
            kind: "lead.status_changed",
            lead: Some(lead.id),
            owner: lead.owner_id,
            cause,
            payload: json!({
                "from": lead.status, "to": change.to, "kind": kind, "note": note, "reason": reason,
                "before": Before::of(&lead),
            }),
        },
    )
    .await?;
    if actor.user.is_some() {
        let told = json!({"status": {"from": lead.status, "to": moved.status}});
        audit::record(tx, actor, "lead.status_changed", "lead", lead.id, told).await?;
    }
    if lead.owner_id.is_some() {
        enqueue(tx, NewJob::new("scripts.plan", format!("plan/{event}"), vec![event])).await?;
    }
    Ok((moved, event))
}

/// The guarded update: only the version just read is replaced.
async fn store(tx: &Tx, lead: &Lead, to: &str, kind: &str, won_before: bool, reason: Option<String>) -> Result<Lead> {
    let now = tx.now();
    let mut moved = lead.clone();
    moved.status = to.to_owned();
    moved.status_since = now;
    moved.version += 1;
    moved.updated_at = now;
    if kind == "lost" {
        moved.lost_at = Some(now);
        moved.lost_reason = reason;
    }
    if kind == "won" && !won_before {
        moved.enrolled_at = Some(now);
    }
    if !matches!(kind, "new" | "lost") && lead.first_contact_at.is_none() {
        moved.first_contact_at = Some(now);
    }
    let done = tx
        .run(
            "UPDATE lead SET status = $4, status_since = $5, version = $6, updated_at = $5, lost_at = $7, \
             lost_reason = $8, enrolled_at = $9, first_contact_at = $10 \
             WHERE tenant_id = $1 AND id = $2 AND version = $3",
            vec![
                tx.tenant().0.into(),
                lead.id.into(),
                lead.version.into(),
                moved.status.as_str().into(),
                now.into(),
                moved.version.into(),
                moved.lost_at.into(),
                moved.lost_reason.clone().into(),
                moved.enrolled_at.into(),
                moved.first_contact_at.into(),
            ],
        )
        .await?;
    if done == 0 {
        Err(Error::Precondition { missing: false })
    } else {
        Ok(moved)
    }
}

pub(super) async fn history(
    tx: &Tx,
    actor: &Actor,
    lead: &Lead,
    to: &str,
    note: &str,
    reason: Option<&str>,
) -> Result<()> {
    tx.run(
        "INSERT INTO status_change (tenant_id, id, lead_id, from_status, to_status, actor_id, note, lost_reason, at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        vec![
            tx.tenant().0.into(),
            new_id().into(),
            lead.id.into(),
            lead.status.as_str().into(),
            to.into(),
            actor.user.into(),
            note.into(),
            reason.map(str::to_owned).into(),
            tx.now().into(),
        ],
    )
    .await?;
    Ok(())
}
