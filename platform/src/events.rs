//! The event log: what happened, written with the rows it happened to and never rewritten. Timeline, numbers,
//! scripts and audit read it.

use chrono::{DateTime, Utc};
use sea_orm::{FromQueryResult, Value};

use crate::auth::Actor;
use crate::db::{Tx, insert, list};
use crate::error::{Error, Result};
use crate::ids::{Id, new_id};
use crate::live::Change;

/// A chain of events causing events ends here: scripts that answer each other cannot run for ever.
pub const MAX_DEPTH: i16 = 5;

pub struct NewEvent {
    /// Past tense: `lead.status_changed`.
    pub kind: &'static str,
    pub lead: Option<Id>,
    pub owner: Option<Id>,
    /// The event that caused this one, with its depth.
    pub cause: Option<(Id, i16)>,
    pub payload: serde_json::Value,
}

#[derive(Debug, Clone, FromQueryResult, serde::Serialize)]
pub struct Event {
    pub id: Id,
    pub kind: String,
    pub occurred_at: DateTime<Utc>,
    pub actor_id: Option<Id>,
    pub lead_id: Option<Id>,
    pub owner_id: Option<Id>,
    pub causation_id: Option<Id>,
    pub depth: i16,
    pub payload: serde_json::Value,
}

pub async fn record(tx: &Tx, actor: &Actor, event: NewEvent) -> Result<Id> {
    let ids = record_all(tx, actor, vec![event]).await?;
    ids.first()
        .copied()
        .ok_or_else(|| Error::internal("no event was written"))
}

/// Records many events in few statements and returns their ids in order.
pub async fn record_all(tx: &Tx, actor: &Actor, events: Vec<NewEvent>) -> Result<Vec<Id>> {
    let (now, local_date) = (tx.now(), actor.tenant.local_date(tx.now()).to_string());
    let mut ids = Vec::with_capacity(events.len());
    let mut rows = Vec::with_capacity(events.len());
    for event in events {
        if let Some(lead) = event.lead {
            tx.tell_after_commit(Change {
                lead,
                owners: event.owner.into_iter().chain(gave_up(&event)).collect(),
                by: actor.user,
            });
        }
        let id = new_id();
        ids.push(id);
        let depth = event.cause.map_or(0, |(_, depth)| depth + 1);
        rows.push(vec![
            tx.tenant().0.into(),
            id.into(),
            event.kind.into(),
            1i16.into(),
            now.into(),
            now.into(),
            local_date.clone().into(),
            actor.user.into(),
            event.lead.into(),
            event.owner.into(),
            event.cause.map(|(id, _)| id).into(),
            depth.into(),
            event.payload.into(),
        ]);
    }
    insert(
        tx,
        "event",
        "tenant_id, id, kind, v, occurred_at, recorded_at, local_date, actor_id, lead_id, owner_id, causation_id, \
         depth, payload",
        rows,
        "",
    )
    .await?;
    Ok(ids)
}

/// Whose a lead was, where the event is about that.
fn gave_up(event: &NewEvent) -> Option<Id> {
    let from = (event.kind == "lead.assigned").then(|| event.payload["from"].as_str())?;
    from?.parse().ok()
}

/// The events of given ids, in id order.
pub async fn load(tx: &Tx, ids: &[Id]) -> Result<Vec<Event>> {
    let mut values: Vec<Value> = vec![tx.tenant().0.into()];
    values.extend(ids.iter().map(|id| Value::from(*id)));
    let sql = format!(
        "SELECT id, kind, occurred_at, actor_id, lead_id, owner_id, causation_id, depth, payload FROM event \
         WHERE tenant_id = $1 AND id IN ({}) ORDER BY id",
        list(2, ids.len())
    );
    if ids.is_empty() {
        Ok(Vec::new())
    } else {
        tx.all(&sql, values).await
    }
}
