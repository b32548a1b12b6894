//! A lead changes hands. Its open follow-ups go with it, into the new owner's working time; where it has none, its
//! status's cadence is planned from that moment.

use platform::events::{self, NewEvent};
use platform::jobs::{NewJob, enqueue};
use platform::{Actor, App, Error, Id, Permit, Result, Tx, audit};
use serde_json::json;

use super::lead::{Lead, find_in, fresh, lock};

/// Gives a lead to a user, by hand, with its open follow-ups.
pub async fn assign(app: &App, actor: &Actor, lead: Id, owner: Id, version: Option<i64>) -> Result<Lead> {
    assign_with(app, actor, lead, owner, version, true).await
}

/// As [`assign`]. Where open follow-ups do not move, the planned ones are cancelled and the new owner begins the
/// status's cadence afresh; what a person planned goes along all the same.
pub async fn assign_with(
    app: &App,
    actor: &Actor,
    lead: Id,
    owner: Id,
    version: Option<i64>,
    move_follow_ups: bool,
) -> Result<Lead> {
    actor.may(Permit::LeadsAssign)?;
    let actor = actor.clone();
    app.db
        .write(actor.tenant_id(), async move |tx: Tx| {
            let found = lock(&tx, &actor, lead).await?;
            fresh(&found, version)?;
            let user = crate::staff::find_in(&tx, owner)
                .await
                .map_err(|_| Error::field("owner_id", "unknown_user"))?;
            if !user.active {
                return Err(Error::field("owner_id", "user_inactive"));
            }
            if !move_follow_ups && found.owner_id != Some(owner) {
                crate::follow_ups::cancel_open_in(&tx, lead, None).await?;
            }
            assign_in(&tx, &actor, &found, owner, json!({"reason": "by_hand"})).await?;
            audit::record(
                &tx,
                &actor,
                "lead.assigned",
                "lead",
                lead,
                json!({"owner_id": {"from": found.owner_id, "to": owner}}),
            )
            .await?;
            find_in(&tx, &actor, lead).await
        })
        .await
}

/// Moves a lead to an owner within a transaction; `why` is stored with the event. Returns the event, or none when
/// the lead was that owner's already.
pub async fn assign_in(tx: &Tx, actor: &Actor, lead: &Lead, owner: Id, why: serde_json::Value) -> Result<Option<Id>> {
    if lead.owner_id == Some(owner) {
        return Ok(None);
    }
    let now = tx.now();
    let done = tx
        .run(
            "UPDATE lead SET owner_id = $4, assigned_at = $5, waiting_since = NULL, version = version + 1, \
             updated_at = $5 WHERE tenant_id = $1 AND id = $2 AND version = $3",
            vec![
                tx.tenant().0.into(),
                lead.id.into(),
                lead.version.into(),
                owner.into(),
                now.into(),
            ],
        )
        .await?;
    if done == 0 {
        return Err(Error::Precondition { missing: false });
    }
    let sql = "UPDATE app_user SET last_assigned_at = $3 WHERE tenant_id = $1 AND id = $2";
    tx.run(sql, vec![tx.tenant().0.into(), owner.into(), now.into()])
        .await?;
    crate::follow_ups::hand_over_in(tx, actor, lead.id, owner).await?;
    let mut payload = why;
    payload["from"] = json!(lead.owner_id);
    payload["to"] = json!(owner);
    let event = events::record(
        tx,
        actor,
        NewEvent {
            kind: "lead.assigned",
            lead: Some(lead.id),
            owner: Some(owner),
            cause: None,
            payload,
        },
    )
    .await?;
    enqueue(tx, NewJob::new("scripts.plan", format!("plan/{event}"), vec![event])).await?;
    if actor.user != Some(owner) {
        crate::messages::lead_assigned(tx, vec![(owner, lead.id, event)]).await?;
    }
    Ok(Some(event))
}
