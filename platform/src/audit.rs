//! Who changed what, in the transaction that changed it. Rows are only ever added.

use serde_json::Value;

use crate::auth::Actor;
use crate::db::Tx;
use crate::error::Result;
use crate::ids::{Id, new_id};

/// `action` is an event-like verb (`user.created`); `changes` names fields, never secrets.
pub async fn record(tx: &Tx, actor: &Actor, action: &str, object: &str, id: Id, changes: Value) -> Result<()> {
    tx.run(
        "INSERT INTO audit (tenant_id, id, at, actor_id, action, object, object_id, address, request_id, changes) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        vec![
            tx.tenant().0.into(),
            new_id().into(),
            tx.now().into(),
            actor.user.into(),
            action.into(),
            object.into(),
            id.to_string().into(),
            actor.address.clone().into(),
            actor.request_id.clone().into(),
            changes.into(),
        ],
    )
    .await?;
    Ok(())
}
