//! Taking a request back while nobody answered, and ending an approved leave before its time. What it had moved
//! comes back.

use platform::events::{self, NewEvent};
use platform::jobs::{NewJob, enqueue};
use platform::{Actor, App, Error, Id, Permit, Result, Tx, audit};
use serde_json::json;

use super::row::{Leave, find_in, lock};
use super::settle;

/// Takes back one's own request.
pub async fn cancel(app: &App, actor: &Actor, id: Id) -> Result<Leave> {
    let actor = actor.clone();
    app.db
        .write(actor.tenant_id(), async move |tx: Tx| {
            let found = lock(&tx, &actor, id).await?;
            if actor.user != Some(found.user_id) {
                return Err(Error::Forbidden("not_allowed"));
            }
            match found.state.as_str() {
                "cancelled" => return Ok(found),
                "pending" => {}
                _ => return Err(Error::conflict("leave_decided")),
            }
            close(&tx, &actor, &found, "leave.cancelled").await?;
            find_in(&tx, &actor, id).await
        })
        .await
}

/// Ends an approved leave now, or calls it off before it began: by whoever has it, or by who decides.
pub async fn end(app: &App, actor: &Actor, id: Id) -> Result<Leave> {
    let actor = actor.clone();
    app.db
        .write(actor.tenant_id(), async move |tx: Tx| {
            let found = lock(&tx, &actor, id).await?;
            if actor.user != Some(found.user_id) {
                actor.may(Permit::LeaveDecide)?;
            }
            if found.ended_at.is_some() {
                return Ok(found);
            }
            if found.state != "approved" {
                return Err(Error::refused("leave_not_approved"));
            }
            if found.ends_at <= tx.now() {
                return Err(Error::refused("leave_is_over"));
            }
            let begun = found.starts_at < tx.now();
            let kind = if begun { "leave.ended" } else { "leave.cancelled" };
            close(&tx, &actor, &found, kind).await?;
            settle::begin(&tx, &actor, id).await?;
            // Somebody is available again.
            let waiting = NewJob::new("distribution.waiting", format!("waiting/leave/{id}"), vec![]);
            enqueue(&tx, waiting).await?;
            find_in(&tx, &actor, id).await
        })
        .await
}

async fn close(tx: &Tx, actor: &Actor, found: &Leave, kind: &'static str) -> Result<()> {
    let (change, state) = if kind == "leave.ended" {
        ("ends_at = $5", "approved")
    } else {
        ("state = 'cancelled'", found.state.as_str())
    };
    let sql = format!(
        "UPDATE leave SET {change}, ended_by = $4, ended_at = $5 WHERE tenant_id = $1 AND id = $2 AND state = $3 \
         AND ended_at IS NULL"
    );
    let values = vec![
        tx.tenant().0.into(),
        found.id.into(),
        state.into(),
        actor.user.into(),
        tx.now().into(),
    ];
    if tx.run(&sql, values).await? == 0 {
        return Err(Error::conflict("leave_decided"));
    }
    let payload = json!({"leave_id": found.id, "from": found.starts_at, "to": found.ends_at});
    let event = NewEvent {
        kind,
        lead: None,
        owner: Some(found.user_id),
        cause: None,
        payload: payload.clone(),
    };
    events::record(tx, actor, event).await?;
    audit::record(tx, actor, kind, "leave", found.id, payload).await?;
    crate::messages::leave_closed(tx, actor, found.user_id, found.id).await
}
