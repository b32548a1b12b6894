//! The same phone again: found before anything is stored, kept as an event on the lead it belongs to.

use chrono::{DateTime, Utc};
use platform::events::{self, NewEvent};
use platform::{Actor, Id, Permit, Result, Tx};
use sea_orm::FromQueryResult;
use serde_json::json;

use super::capture::Captured;
use super::lead::lock_any;
use super::new_lead::Checked;
use super::status::registry_in;
use super::trash::restore_in;

/// A lead that has one of the phones.
#[derive(FromQueryResult)]
pub(super) struct Known {
    pub id: Id,
    pub owner_id: Option<Id>,
    pub status: String,
    pub deleted_at: Option<DateTime<Utc>>,
}

/// Takes a lead out of the trash because it asks again; of two who see it at once, the second finds it back already.
pub(super) async fn bring_back(tx: &Tx, actor: &Actor, id: Id) -> Result<()> {
    match lock_any(tx, id).await?.filter(|lead| lead.deleted_at.is_some()) {
        Some(lead) => restore_in(tx, actor, &lead, "enquired_again").await,
        None => Ok(()),
    }
}

/// Whether an actor may see whose phone it is.
pub(super) fn sees(actor: &Actor, known: &Known) -> bool {
    actor.can(Permit::LeadsAll) || (actor.user.is_some() && known.owner_id == actor.user)
}

pub(super) async fn repeat(tx: &Tx, actor: &Actor, known: &Known, lead: &Checked) -> Result<Captured> {
    if known.deleted_at.is_some() {
        bring_back(tx, actor, known.id).await?;
    }
    let registry = registry_in(tx).await?;
    let event = events::record(
        tx,
        actor,
        NewEvent {
            kind: "lead.enquired_again",
            lead: Some(known.id),
            owner: known.owner_id,
            cause: None,
            payload: json!({"name": lead.name, "source": lead.source, "notes": lead.notes}),
        },
    )
    .await?;
    if registry.kind(&known.status) == "lost" {
        // A pack without a status for those who come back begins anew with them.
        let back = registry.of_kind("reactivating").or_else(|_| registry.of_kind("new"))?;
        let to = back.key.clone();
        let system = Actor {
            user: None,
            grants: platform::auth::Grants::all(),
            ..actor.clone()
        };
        let change = super::Move {
            to,
            ..super::Move::default()
        };
        super::change_status_in(tx, &system, &registry, known.id, change, Some((event, 0))).await?;
    }
    if let Some(owner) = known.owner_id {
        crate::messages::lead_enquired_again(tx, owner, known.id, event).await?;
    }
    Ok(Captured::Repeat {
        id: known.id,
        visible: sees(actor, known),
    })
}
