//! A request is answered, once: approved, or rejected with a reason. Nobody but an admin answers their own.

use platform::events::{self, NewEvent};
use platform::{Actor, App, Error, Id, Permit, Result, Tx, audit};
use serde_json::json;

use super::row::{Leave, find_in, lock};
use super::settle;
use crate::typed;

#[derive(Debug, Clone)]
pub struct Decision {
    pub approve: bool,
    /// A rejection needs one.
    pub reason: String,
}

pub async fn decide(app: &App, actor: &Actor, id: Id, decision: Decision) -> Result<Leave> {
    actor.may(Permit::LeaveDecide)?;
    let actor = actor.clone();
    app.db
        .write(actor.tenant_id(), async move |tx: Tx| {
            let found = lock(&tx, &actor, id).await?;
            decide_in(&tx, &actor, found, decision).await?;
            find_in(&tx, &actor, id).await
        })
        .await
}

async fn decide_in(tx: &Tx, actor: &Actor, found: Leave, decision: Decision) -> Result<()> {
    let state = if decision.approve { "approved" } else { "rejected" };
    let reason = typed::text("reason", &decision.reason, 500)?;
    if actor.user == Some(found.user_id) && !actor.can(Permit::StaffManagers) {
        return Err(Error::refused("not_your_own_leave"));
    }
    match found.state.as_str() {
        "pending" => {}
        // The same person pressing twice gets the same answer.
        same if same == state && found.decided_by == actor.user => return Ok(()),
        _ => return Err(Error::conflict("leave_decided")),
    }
    if !decision.approve && reason.is_empty() {
        return Err(Error::field("reason", "required"));
    }
    if decision.approve && found.ends_at <= tx.now() {
        return Err(Error::refused("leave_is_over"));
    }
    let sql = "UPDATE leave SET state = $3, answer = $4, decided_by = $5, decided_at = $6 \
               WHERE tenant_id = $1 AND id = $2 AND state = 'pending'";
    let values = vec![
        tx.tenant().0.into(),
        found.id.into(),
        state.into(),
        reason.as_str().into(),
        actor.user.into(),
        tx.now().into(),
    ];
    if tx.run(sql, values).await? == 0 {
        return Err(Error::conflict("leave_decided"));
    }
    let kind = if decision.approve {
        "leave.approved"
    } else {
        "leave.rejected"
    };
    let payload = json!({"leave_id": found.id, "from": found.starts_at, "to": found.ends_at, "reason": reason});
    let event = NewEvent {
        kind,
        lead: None,
        owner: Some(found.user_id),
        cause: None,
        payload: payload.clone(),
    };
    events::record(tx, actor, event).await?;
    audit::record(tx, actor, kind, "leave", found.id, payload).await?;
    if actor.user != Some(found.user_id) {
        crate::messages::leave_answered(tx, found.user_id, found.id).await?;
    }
    if decision.approve {
        settle::begin(tx, actor, found.id).await?;
    }
    Ok(())
}
