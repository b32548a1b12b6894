//! A move taken back by the one who made it, within minutes: the lead stands where it stood, its follow-ups are open
//! again, and what the move had planned is gone. Both stay in the history.

use chrono::{DateTime, TimeDelta, Utc};
use platform::events::{self, Event, NewEvent};
use platform::jobs::{NewJob, enqueue};
use platform::{Actor, App, Error, Id, Result, Tx};
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::change_status::history;
use super::lead::{Lead, lock};

/// Later than this, a correction is a move of its own.
const WITHIN: TimeDelta = TimeDelta::minutes(10);

/// What a move overwrites; its event remembers it.
#[derive(Serialize, Deserialize)]
pub(super) struct Before {
    status_since: DateTime<Utc>,
    lost_at: Option<DateTime<Utc>>,
    lost_reason: Option<String>,
    enrolled_at: Option<DateTime<Utc>>,
    first_contact_at: Option<DateTime<Utc>>,
}

impl Before {
    pub fn of(lead: &Lead) -> Self {
        Before {
            status_since: lead.status_since,
            lost_at: lead.lost_at,
            lost_reason: lead.lost_reason.clone(),
            enrolled_at: lead.enrolled_at,
            first_contact_at: lead.first_contact_at,
        }
    }
}

/// Takes a move back; `event` is the one it left.
pub async fn undo_move(app: &App, actor: &Actor, lead: Id, event: Id) -> Result<Lead> {
    let actor = actor.clone();
    app.db
        .write(actor.tenant_id(), async move |tx: Tx| {
            undo_in(&tx, &actor, lead, event).await
        })
        .await
}

async fn undo_in(tx: &Tx, actor: &Actor, id: Id, event: Id) -> Result<Lead> {
    let lead = lock(tx, actor, id).await?;
    let found = events::load(tx, &[event]).await?.pop();
    let made = found
        .filter(|made| made.lead_id == Some(id) && made.kind == "lead.status_changed")
        .ok_or(Error::NotFound)?;
    if made.actor_id.is_none() || made.actor_id != actor.user {
        return Err(Error::Forbidden("not_allowed"));
    }
    let to = made.payload["to"].as_str().unwrap_or_default();
    if lead.status != to || lead.status_since != made.occurred_at {
        return Err(Error::conflict("moved_on_since"));
    }
    if tx.now() - made.occurred_at > WITHIN {
        return Err(Error::refused("too_late_to_undo"));
    }
    let (Some(from), Ok(before)) = (
        made.payload["from"].as_str().map(str::to_owned),
        serde_json::from_value::<Before>(made.payload["before"].clone()),
    ) else {
        return Err(Error::refused("too_late_to_undo"));
    };
    let back = restore(tx, &lead, &from, before).await?;
    history(tx, actor, &lead, &from, "", back.lost_reason.as_deref()).await?;
    let open = reopen(tx, &made).await?;
    let event = NewEvent {
        kind: "lead.move_undone",
        lead: Some(id),
        owner: lead.owner_id,
        cause: Some((made.id, made.depth)),
        payload: json!({"from": to, "to": from, "event_id": made.id}),
    };
    events::record(tx, actor, event).await?;
    if open == 0 {
        plan_anew(tx, &made).await?;
    }
    Ok(back)
}

async fn restore(tx: &Tx, lead: &Lead, from: &str, before: Before) -> Result<Lead> {
    let back = Lead {
        status: from.to_owned(),
        status_since: before.status_since,
        lost_at: before.lost_at,
        lost_reason: before.lost_reason,
        enrolled_at: before.enrolled_at,
        first_contact_at: before.first_contact_at,
        version: lead.version + 1,
        updated_at: tx.now(),
        ..lead.clone()
    };
    let sql = "UPDATE lead SET status = $4, status_since = $5, version = $6, updated_at = $7, lost_at = $8, \
               lost_reason = $9, enrolled_at = $10, first_contact_at = $11 \
               WHERE tenant_id = $1 AND id = $2 AND version = $3";
    let values = vec![
        tx.tenant().0.into(),
        lead.id.into(),
        lead.version.into(),
        back.status.as_str().into(),
        back.status_since.into(),
        back.version.into(),
        back.updated_at.into(),
        back.lost_at.into(),
        back.lost_reason.clone().into(),
        back.enrolled_at.into(),
        back.first_contact_at.into(),
    ];
    if tx.run(sql, values).await? == 0 {
        return Err(Error::Precondition { missing: false });
    }
    Ok(back)
}

/// Opens what the move closed and takes away what it planned; says how many are open.
async fn reopen(tx: &Tx, made: &Event) -> Result<usize> {
    let lead = made.lead_id.ok_or(Error::NotFound)?;
    let sql = "UPDATE follow_up SET state = 'cancelled', closed_at = $4, version = version + 1 \
               WHERE tenant_id = $1 AND lead_id = $2 AND event_id = $3 AND state = 'open'";
    let values = vec![tx.tenant().0.into(), lead.into(), made.id.into(), tx.now().into()];
    tx.run(sql, values).await?;
    // One transaction has one instant: what closed in it, the move closed.
    let sql = "UPDATE follow_up SET state = 'open', closed_at = NULL, version = version + 1 \
               WHERE tenant_id = $1 AND lead_id = $2 AND state = 'cancelled' AND kind = 'auto' AND closed_at = $3";
    let values = vec![tx.tenant().0.into(), lead.into(), made.occurred_at.into()];
    tx.run(sql, values).await?;
    crate::follow_ups::remind_again_in(tx, lead).await
}

/// A lead moved before its rule had planned anything has nothing to open again: the rule is asked now.
async fn plan_anew(tx: &Tx, made: &Event) -> Result<()> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Id,
    }
    let sql = "SELECT id FROM event WHERE tenant_id = $1 AND lead_id = $2 AND id < $3 \
               AND kind IN ('lead.created', 'lead.status_changed', 'lead.assigned') ORDER BY id DESC LIMIT 1";
    let values = vec![tx.tenant().0.into(), made.lead_id.into(), made.id.into()];
    if let Some(before) = tx.one::<Row>(sql, values).await? {
        let uniq = format!("plan/{}/back/{}", before.id, made.id);
        enqueue(tx, NewJob::new("scripts.plan", uniq, vec![before.id])).await?;
    }
    Ok(())
}
