//! The trash: a deleted lead is nowhere but here, whole, for thirty days; then it is gone. Its phones stay known to it,
//! so an enquiry brings it back instead of making it a second time.

use chrono::{DateTime, TimeDelta, Utc};
use platform::events::{self, NewEvent};
use platform::jobs::{Job, NewJob, enqueue, finish_in, hold_in};
use platform::{Actor, App, Error, Id, Permit, Result, Tx, audit};
use sea_orm::{FromQueryResult, Value};
use serde::Serialize;
use serde_json::json;

use super::lead::{Lead, lock, lock_any};
use super::tags::{self, name_in};
use crate::cursor;
use crate::ports::Desk;

const KEPT: TimeDelta = TimeDelta::days(30);
const CHUNK: usize = 100;
/// Every table with rows of a lead, children first. Events are the centre's history and stay: they name no phone.
pub const BELONGINGS: &[&str] = &[
    "bulk_lead",
    "follow_up_bulk_item",
    "follow_up_reminder",
    "import_fill",
    "bot_message",
    "follow_up",
    "decision",
    "status_change",
    "lead_token",
    "lead_phone",
];

#[derive(Debug, FromQueryResult, Serialize)]
pub struct Trashed {
    pub id: Id,
    pub name: String,
    pub phone: Option<String>,
    pub status: String,
    pub owner_id: Option<Id>,
    pub deleted_at: DateTime<Utc>,
    pub deleted_by: Option<Id>,
    pub deleted_by_name: Option<String>,
}

impl Trashed {
    /// When it is gone for good.
    pub fn until(&self) -> DateTime<Utc> {
        self.deleted_at + KEPT
    }
}

#[derive(Debug, Serialize)]
pub struct Trash {
    pub items: Vec<Trashed>,
    pub next: Option<String>,
}

/// Deletes a lead into the trash, its open follow-ups with it.
pub async fn trash(app: &App, actor: &Actor, id: Id, version: Option<i64>) -> Result<()> {
    actor.may(Permit::LeadsTrash)?;
    let actor = actor.clone();
    app.db
        .write(actor.tenant_id(), async move |tx: Tx| {
            let lead = lock(&tx, &actor, id).await?;
            super::lead::fresh(&lead, version)?;
            trash_in(&tx, &actor, &lead).await?;
            audit::record(&tx, &actor, "lead.trashed", "lead", id, json!({"name": lead.name})).await
        })
        .await
}

pub(super) async fn trash_in(tx: &Tx, actor: &Actor, lead: &Lead) -> Result<()> {
    let (tenant, now) = (tx.tenant(), tx.now());
    let sql = "UPDATE lead SET deleted_at = $3, deleted_by = $4, version = version + 1, updated_at = $3 \
               WHERE tenant_id = $1 AND id = $2 AND deleted_at IS NULL";
    let values = vec![tenant.0.into(), lead.id.into(), now.into(), actor.user.into()];
    if tx.run(sql, values).await? == 0 {
        return Err(Error::NotFound);
    }
    // A state of their own, so that exactly these come back.
    let sql = "UPDATE follow_up SET state = 'trashed', closed_at = $3, version = version + 1 \
               WHERE tenant_id = $1 AND lead_id = $2 AND state = 'open'";
    tx.run(sql, vec![tenant.0.into(), lead.id.into(), now.into()]).await?;
    let event = NewEvent {
        kind: "lead.trashed",
        lead: Some(lead.id),
        owner: lead.owner_id,
        cause: None,
        payload: json!({}),
    };
    events::record(tx, actor, event).await.map(|_| ())
}

/// Brings a lead back with everything it had.
pub async fn restore(app: &App, actor: &Actor, id: Id) -> Result<()> {
    actor.may(Permit::LeadsTrash)?;
    let actor = actor.clone();
    app.db
        .write(actor.tenant_id(), async move |tx: Tx| {
            let lead = lock_any(&tx, id).await?.filter(|lead| lead.deleted_at.is_some());
            let lead = lead.ok_or(Error::NotFound)?;
            restore_in(&tx, &actor, &lead, "by_hand").await?;
            // A tag given up meanwhile is in use again.
            name_in(&tx, tags::of(&lead).iter()).await?;
            audit::record(&tx, &actor, "lead.restored", "lead", id, json!({"name": lead.name})).await
        })
        .await
}

/// A lead whose owner left meanwhile waits for another one.
pub(super) async fn restore_in(tx: &Tx, actor: &Actor, lead: &Lead, why: &str) -> Result<()> {
    let (tenant, now) = (tx.tenant(), tx.now());
    let owner = match lead.owner_id {
        Some(owner) => crate::staff::find_in(tx, owner).await.ok().filter(|user| user.active),
        None => None,
    };
    let owner = owner.map(|user| user.id);
    let waiting = if owner.is_some() {
        None
    } else {
        lead.waiting_since.or(Some(now))
    };
    let sql = "UPDATE lead SET deleted_at = NULL, deleted_by = NULL, owner_id = $3, waiting_since = $4, \
               version = version + 1, updated_at = $5 WHERE tenant_id = $1 AND id = $2";
    let values = vec![
        tenant.0.into(),
        lead.id.into(),
        owner.into(),
        waiting.into(),
        now.into(),
    ];
    tx.run(sql, values).await?;
    #[derive(FromQueryResult)]
    struct Due {
        due_at: DateTime<Utc>,
    }
    let sql = "UPDATE follow_up SET state = 'open', closed_at = NULL, version = version + 1 \
               WHERE tenant_id = $1 AND lead_id = $2 AND state = 'trashed' RETURNING due_at";
    let due: Vec<Due> = tx.all(sql, vec![tenant.0.into(), lead.id.into()]).await?;
    crate::follow_ups::wake_in(tx, due.into_iter().map(|row| row.due_at).collect()).await?;
    let event = NewEvent {
        kind: "lead.restored",
        lead: Some(lead.id),
        owner,
        cause: None,
        payload: json!({"reason": why}),
    };
    let event = events::record(tx, actor, event).await?;
    if owner.is_none() {
        enqueue(
            tx,
            NewJob::new("distribution.give_out", format!("give/{event}"), vec![lead.id]),
        )
        .await?;
    }
    Ok(())
}

/// What is in the trash, the latest first.
pub async fn trashed(app: &App, actor: &Actor, after: Option<String>, limit: Option<u64>) -> Result<Trash> {
    actor.may(Permit::LeadsTrash)?;
    let limit = limit.unwrap_or(50).clamp(1, 200);
    let mut values: Vec<Value> = vec![actor.tenant_id().0.into()];
    let mut sql = "SELECT l.id, l.name, l.phone, l.status, l.owner_id, l.deleted_at, l.deleted_by, \
                   u.first_name || ' ' || u.last_name AS deleted_by_name FROM lead AS l \
                   LEFT JOIN app_user AS u ON u.tenant_id = l.tenant_id AND u.id = l.deleted_by \
                   WHERE l.tenant_id = $1 AND l.deleted_at IS NOT NULL"
        .to_owned();
    if let Some(after) = after {
        let (at, id) = cursor::read(&after)?;
        values.push(at.into());
        values.push(id.into());
        sql.push_str(" AND (l.deleted_at, l.id) < ($2, $3)");
    }
    sql.push_str(&format!(" ORDER BY l.deleted_at DESC, l.id DESC LIMIT {}", limit + 1));
    let mut items: Vec<Trashed> = app
        .db
        .read(actor.tenant_id(), async move |tx: Tx| tx.all(&sql, values).await)
        .await?;
    let more = items.len() as u64 > limit;
    items.truncate(limit as usize);
    let last = items.last().filter(|_| more);
    let next = last.map(|lead| cursor::write(lead.deleted_at, lead.id));
    Ok(Trash { items, next })
}

/// Once a night: what has lain here for thirty days goes, a chunk a commit.
pub async fn purge(desk: &Desk, job: &Job) -> Result<()> {
    loop {
        let job = job.clone();
        let tenant = job.tenant;
        let step = async move |tx: Tx| {
            let more = purge_in(&tx).await? == CHUNK;
            if more {
                hold_in(&tx, &job).await?;
            } else {
                forget_bulk_in(&tx).await?;
                forget_merged_in(&tx).await?;
                finish_in(&tx, &job).await?;
            }
            Ok(more)
        };
        if !desk.app.db.write(tenant, step).await? {
            return Ok(());
        }
    }
}

async fn purge_in(tx: &Tx) -> Result<usize> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Id,
    }
    let before = tx.now() - KEPT;
    let sql = format!(
        "SELECT id FROM lead WHERE tenant_id = $1 AND deleted_at IS NOT NULL AND deleted_at < $2 \
         ORDER BY deleted_at LIMIT {CHUNK}"
    );
    let rows: Vec<Row> = tx.all(&sql, vec![tx.tenant().0.into(), before.into()]).await?;
    if rows.is_empty() {
        return Ok(0);
    }
    let mut values: Vec<Value> = vec![tx.tenant().0.into()];
    values.extend(rows.iter().map(|row| Value::from(row.id)));
    let ids = platform::db::list(2, rows.len());
    for table in BELONGINGS {
        let sql = format!("DELETE FROM {table} WHERE tenant_id = $1 AND lead_id IN ({ids})");
        tx.run(&sql, values.clone()).await?;
    }
    // Whoever was merged into it goes with it.
    for (table, column) in [("lead_merge", "kept_id"), ("lead", "id")] {
        let sql = format!("DELETE FROM {table} WHERE tenant_id = $1 AND {column} IN ({ids})");
        tx.run(&sql, values.clone()).await?;
    }
    Ok(rows.len())
}

/// Changes of many cannot be taken back any more: their lists of leads go as well.
async fn forget_bulk_in(tx: &Tx) -> Result<()> {
    let values = || vec![tx.tenant().0.into(), (tx.now() - KEPT).into()];
    let sql = "DELETE FROM bulk_lead WHERE tenant_id = $1 AND bulk_id IN \
               (SELECT b.id FROM bulk_change AS b WHERE b.tenant_id = $1 AND b.created_at < $2)";
    tx.run(sql, values()).await?;
    let sql = "DELETE FROM bulk_change WHERE tenant_id = $1 AND created_at < $2";
    tx.run(sql, values()).await?;
    crate::follow_ups::forget_bulk_in(tx, tx.now() - KEPT).await
}

/// Merges cannot be undone any more: what the two were goes, only that the one became the other stays, for old
/// addresses.
async fn forget_merged_in(tx: &Tx) -> Result<()> {
    let sql = "UPDATE lead_merge SET kept = $3, gone = $3, merged = $3, moved = $3 \
               WHERE tenant_id = $1 AND merged_at < $2 AND kept <> $3";
    let before = tx.now() - super::undo_merge::WITHIN;
    let values = vec![tx.tenant().0.into(), before.into(), json!({}).into()];
    tx.run(sql, values).await.map(|_| ())
}
