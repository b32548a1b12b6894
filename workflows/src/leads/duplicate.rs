//! Whether a phone is here already, asked while it is typed: only what adding the lead would tell anyway.

use chrono::{DateTime, Utc};
use platform::{Actor, App, Id, Permit, Result, Tx};
use sea_orm::FromQueryResult;
use serde::Serialize;

use super::new_lead::normalize_phone;

#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Duplicate {
    pub known: bool,
    /// In the trash; said only to who may look there.
    pub trashed: bool,
    /// Which lead it is, for who may see it.
    pub lead: Option<Found>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Found {
    pub id: Id,
    pub name: String,
    pub status: String,
    pub owner_id: Option<Id>,
}

/// Looks a phone up as it is typed; one that is not whole yet is nobody's.
pub async fn duplicate(app: &App, actor: &Actor, phone: &str) -> Result<Duplicate> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Id,
        name: String,
        status: String,
        owner_id: Option<Id>,
        deleted_at: Option<DateTime<Utc>>,
    }
    actor.may(Permit::LeadsCreate)?;
    let Ok(phone) = normalize_phone("phone", phone, actor) else {
        return Ok(Duplicate::default());
    };
    let sql = "SELECT l.id, l.name, l.status, l.owner_id, l.deleted_at FROM lead_phone AS p \
               JOIN lead AS l ON l.tenant_id = p.tenant_id AND l.id = p.lead_id \
               WHERE p.tenant_id = $1 AND p.e164 = $2 ORDER BY l.deleted_at IS NOT NULL, p.sibling LIMIT 1";
    let row: Option<Row> = app
        .db
        .glance(actor.tenant_id(), async move |tx: Tx| {
            tx.one(sql, vec![tx.tenant().0.into(), phone.into()]).await
        })
        .await?;
    let Some(row) = row else {
        return Ok(Duplicate::default());
    };
    let trashed = row.deleted_at.is_some();
    let own = actor.user.is_some() && row.owner_id == actor.user;
    let visible = !trashed && (actor.can(Permit::LeadsAll) || own);
    Ok(Duplicate {
        known: true,
        trashed: trashed && actor.can(Permit::LeadsTrash),
        lead: visible.then_some(Found {
            id: row.id,
            name: row.name,
            status: row.status,
            owner_id: row.owner_id,
        }),
    })
}
