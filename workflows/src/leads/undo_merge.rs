//! A merge undone, for thirty days: both leads stand as they stood. What was done since stays with the lead that was
//! kept, and a field somebody changed since keeps the change.

use chrono::TimeDelta;
use platform::db::{insert, list};
use platform::events::{self, NewEvent};
use platform::fold::name_key;
use platform::{Actor, App, Error, Id, Result, Tx, audit};
use sea_orm::{ActiveModelTrait, FromQueryResult, IntoActiveModel, Value};
use serde_json::json;

use super::edit::{find_by_in, replace};
use super::lead::{Lead, lock};
use super::merge::Brought;

pub(super) const WITHIN: TimeDelta = TimeDelta::days(30);

/// Undoes a merge into a lead; answers the lead that comes back.
pub async fn undo_merge(app: &App, actor: &Actor, kept: Id, merge: Id) -> Result<Lead> {
    let actor = actor.clone();
    app.db
        .write(actor.tenant_id(), async move |tx: Tx| {
            undo_in(&tx, &actor, kept, merge).await
        })
        .await
}

#[derive(FromQueryResult)]
struct Made {
    kept: serde_json::Value,
    gone: serde_json::Value,
    merged: serde_json::Value,
    moved: serde_json::Value,
    merged_at: chrono::DateTime<chrono::Utc>,
}

async fn undo_in(tx: &Tx, actor: &Actor, id: Id, merge: Id) -> Result<Lead> {
    let now = lock(tx, actor, id).await?;
    let sql = "SELECT kept, gone, merged, moved, merged_at FROM lead_merge \
               WHERE tenant_id = $1 AND id = $2 AND kept_id = $3 AND undone_at IS NULL";
    let found: Option<Made> = tx.one(sql, vec![tx.tenant().0.into(), merge.into(), id.into()]).await?;
    let made = found.ok_or(Error::NotFound)?;
    if tx.now() - made.merged_at > WITHIN {
        return Err(Error::refused("merge_too_old"));
    }
    let (was, merged): (Lead, Lead) = (read(tx, made.kept)?, read(tx, made.merged)?);
    let mut gone: Lead = read(tx, made.gone)?;
    gone.version += 1;
    gone.updated_at = tx.now();
    let mut row = gone.clone().into_active_model();
    row = row.reset_all();
    row.insert(tx).await?;
    give_back(tx, id, &gone, serde_json::from_value(made.moved)?).await?;
    let back = unjoined(tx, &now, &was, &merged);
    replace(tx, &back).await?;
    for lead in [&back, &gone] {
        find_by_in(tx, lead).await?;
        crate::follow_ups::remind_again_in(tx, lead.id).await?;
        let event = NewEvent {
            kind: "lead.unmerged",
            lead: Some(lead.id),
            owner: lead.owner_id,
            cause: None,
            payload: json!({"merge_id": merge, "lead_id": if lead.id == id { gone.id } else { id }}),
        };
        events::record(tx, actor, event).await?;
    }
    let sql = "UPDATE lead_merge SET undone_at = $3 WHERE tenant_id = $1 AND id = $2";
    tx.run(sql, vec![tx.tenant().0.into(), merge.into(), tx.now().into()])
        .await?;
    audit::record(tx, actor, "lead.unmerged", "lead", id, json!({"other": gone.id})).await?;
    Ok(gone)
}

/// A lead as it was written down; the tenant and the order of its name are not written with it.
fn read(tx: &Tx, kept: serde_json::Value) -> Result<Lead> {
    let lead: Lead = serde_json::from_value(kept)?;
    Ok(Lead {
        tenant_id: tx.tenant().0,
        name_key: name_key(&lead.name),
        ..lead
    })
}

/// Each field as it was before, unless somebody changed it since.
fn unjoined(tx: &Tx, now: &Lead, was: &Lead, merged: &Lead) -> Lead {
    macro_rules! back {
        ($($field:ident),+) => {
            Lead {
                version: now.version + 1,
                updated_at: tx.now(),
                $($field: if now.$field == merged.$field { was.$field.clone() } else { now.$field.clone() },)+
                ..now.clone()
            }
        };
    }
    back!(
        name,
        name_key,
        phone,
        secondary_phone,
        course_id,
        source,
        status,
        status_since,
        lost_at,
        lost_reason,
        enrolled_at,
        owner_id,
        assigned_at,
        waiting_since,
        notes,
        tags,
        custom,
        first_contact_at
    )
}

async fn give_back(tx: &Tx, kept: Id, gone: &Lead, moved: Brought) -> Result<()> {
    let tenant = tx.tenant();
    for was in moved.follow_ups {
        // One that somebody has worked on since goes back with what was done.
        let sql = "UPDATE follow_up SET lead_id = $3, owner_id = $4, state = $5, closed_at = $6, version = version + 1 \
                   WHERE tenant_id = $1 AND id = $2 AND version = $7";
        let values = vec![
            tenant.0.into(),
            was.id.into(),
            was.lead_id.into(),
            was.owner_id.into(),
            was.state.as_str().into(),
            was.closed_at.into(),
            was.version.into(),
        ];
        if tx.run(sql, values).await? == 0 {
            let sql = "UPDATE follow_up SET lead_id = $3 WHERE tenant_id = $1 AND id = $2";
            tx.run(sql, vec![tenant.0.into(), was.id.into(), was.lead_id.into()])
                .await?;
        }
    }
    // Reminders belong where their follow-up is.
    let sql = "UPDATE follow_up_reminder SET lead_id = (SELECT f.lead_id FROM follow_up AS f WHERE f.tenant_id = $1 \
               AND f.id = follow_up_reminder.follow_up_id) WHERE tenant_id = $1 AND lead_id = $2";
    tx.run(sql, vec![tenant.0.into(), kept.into()]).await?;
    for (table, ids) in [("status_change", moved.changes), ("decision", moved.decisions)] {
        for chunk in ids.chunks(500) {
            let mut values: Vec<Value> = vec![tenant.0.into(), gone.id.into()];
            values.extend(chunk.iter().map(|id| Value::from(*id)));
            let sql = format!(
                "UPDATE {table} SET lead_id = $2 WHERE tenant_id = $1 AND id IN ({})",
                list(3, chunk.len())
            );
            tx.run(&sql, values).await?;
        }
    }
    for (e164, sibling) in moved.phones {
        let sql =
            "UPDATE lead_phone SET lead_id = $4 WHERE tenant_id = $1 AND e164 = $2 AND sibling = $3 AND lead_id = $5";
        let values = vec![
            tenant.0.into(),
            e164.as_str().into(),
            sibling.into(),
            gone.id.into(),
            kept.into(),
        ];
        if tx.run(sql, values).await? == 0 {
            let row = vec![tenant.0.into(), e164.into(), sibling.into(), gone.id.into()];
            let columns = "tenant_id, e164, sibling, lead_id";
            insert(tx, "lead_phone", columns, vec![row], "ON CONFLICT DO NOTHING").await?;
        }
    }
    Ok(())
}
