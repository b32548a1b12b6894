//! One undo for a change of many: every lead nobody has touched since is what it was, with its follow-ups; the others
//! stay as they are and are named.

use chrono::TimeDelta;
use platform::events::{self, NewEvent};
use platform::ids::new_id;
use platform::jobs::{NewJob, enqueue};
use platform::{Actor, App, Error, Id, Result, Tx, audit};
use sea_orm::FromQueryResult;
use serde_json::json;

use super::run::{mark, next_in, work_in};
use super::show::visible_in;
use super::start::may;
use super::{AT_ONCE, Before, Bulk, CHUNK, Touched};
use crate::leads::lead::{Lead, lock_any};
use crate::leads::tags::{self, retag_in};

/// So long a change can be taken back.
const WINDOW: TimeDelta = TimeDelta::days(7);

/// Takes a finished change back. Asked twice, it happens once.
pub async fn undo_many(app: &App, actor: &Actor, id: Id) -> Result<()> {
    let actor = actor.clone();
    app.db
        .write(actor.tenant_id(), async move |tx: Tx| {
            let bulk = visible_in(&tx, &actor, id).await?;
            may(&actor, &bulk.change()?)?;
            match bulk.state.as_str() {
                "undoing" | "undone" => return Ok(()),
                "done" => {}
                _ => return Err(Error::refused("bulk_running")),
            }
            if bulk.created_at + WINDOW < tx.now() {
                return Err(Error::refused("undo_expired"));
            }
            let sql = "UPDATE bulk_change SET state = 'undoing', undone_by = $3, finished_at = NULL \
                       WHERE tenant_id = $1 AND id = $2 AND state = 'done'";
            let values = vec![tx.tenant().0.into(), id.into(), actor.user.into()];
            if tx.run(sql, values).await? == 0 {
                return Ok(());
            }
            let changes = json!({"leads": bulk.done});
            audit::record(&tx, &actor, "leads.bulk_undone", "bulk_change", id, changes).await?;
            if bulk.done <= AT_ONCE as i64 {
                return work_in(&tx, &actor, id).await;
            }
            enqueue(&tx, NewJob::new("leads.bulk", format!("undo/{id}"), vec![id])).await
        })
        .await
}

pub(super) async fn take_back_in(tx: &Tx, actor: &Actor, bulk: &Bulk) -> Result<bool> {
    let leads = next_in(tx, bulk.id, "done").await?;
    let (mut undone, mut kept) = (0i64, 0i64);
    for lead in &leads {
        match restore_in(tx, actor, bulk, *lead).await? {
            None => {
                undone += 1;
                mark(tx, bulk.id, *lead, "undone", None, None, None).await?;
            }
            Some(code) => {
                kept += 1;
                mark(tx, bulk.id, *lead, "kept", Some(code), Some(json!({})), None).await?;
            }
        }
    }
    let more = leads.len() == CHUNK;
    let sql = "UPDATE bulk_change SET undone = undone + $3, kept = kept + $4, state = $5, finished_at = $6 \
               WHERE tenant_id = $1 AND id = $2";
    let values = vec![
        tx.tenant().0.into(),
        bulk.id.into(),
        undone.into(),
        kept.into(),
        if more { "undoing" } else { "undone" }.into(),
        (!more).then_some(tx.now()).into(),
    ];
    tx.run(sql, values).await?;
    Ok(more)
}

/// Puts one lead back; a code where it has to stay as it is.
async fn restore_in(tx: &Tx, actor: &Actor, bulk: &Bulk, id: Id) -> Result<Option<&'static str>> {
    let Some(before) = before_in(tx, bulk.id, id).await? else {
        return Ok(Some("changed_since"));
    };
    let told = json!({"bulk_id": bulk.id, "change": bulk.change()?.name()});
    put_back_in(tx, actor, id, before, told).await
}

/// Puts one lead back to where it was with its follow-ups, saying what of; a code where somebody touched it since.
pub(crate) async fn put_back_in(
    tx: &Tx,
    actor: &Actor,
    id: Id,
    before: serde_json::Value,
    mut told: serde_json::Value,
) -> Result<Option<&'static str>> {
    let before: Before = serde_json::from_value(before)?;
    let Some(lead) = lock_any(tx, id).await? else {
        return Ok(Some("not_found"));
    };
    if lead.version != before.version || worked_since_in(tx, id, before.event).await? {
        return Ok(Some("changed_since"));
    }
    row_in(tx, &lead, &before).await?;
    retag_in(tx, id, &tags::of(&lead), &before.tags).await?;
    if lead.status != before.status {
        history_in(tx, actor, &lead, &before.status).await?;
    }
    follow_ups_in(tx, &before).await?;
    if let Some(event) = before.event {
        unplan_in(tx, event).await?;
    }
    told["status"] = json!(before.status);
    told["owner_id"] = json!(before.owner_id);
    let event = NewEvent {
        kind: "lead.change_undone",
        lead: Some(id),
        owner: before.owner_id,
        cause: None,
        payload: told,
    };
    events::record(tx, actor, event).await?;
    Ok(None)
}

async fn before_in(tx: &Tx, bulk: Id, lead: Id) -> Result<Option<serde_json::Value>> {
    #[derive(FromQueryResult)]
    struct Row {
        before: Option<serde_json::Value>,
    }
    let sql = "SELECT before FROM bulk_lead WHERE tenant_id = $1 AND bulk_id = $2 AND lead_id = $3";
    let row: Option<Row> = tx
        .one(sql, vec![tx.tenant().0.into(), bulk.into(), lead.into()])
        .await?;
    Ok(row.and_then(|row| row.before))
}

/// Whether a person did anything with the lead after the change.
async fn worked_since_in(tx: &Tx, lead: Id, event: Option<Id>) -> Result<bool> {
    #[derive(FromQueryResult)]
    struct Row {
        #[expect(dead_code, reason = "only whether there is one matters")]
        id: Id,
    }
    let Some(event) = event else { return Ok(false) };
    let sql = "SELECT id FROM event WHERE tenant_id = $1 AND lead_id = $2 AND id > $3 AND actor_id IS NOT NULL LIMIT 1";
    let row: Option<Row> = tx
        .one(sql, vec![tx.tenant().0.into(), lead.into(), event.into()])
        .await?;
    Ok(row.is_some())
}

async fn row_in(tx: &Tx, lead: &Lead, before: &Before) -> Result<()> {
    let sql = "UPDATE lead SET owner_id = $3, assigned_at = $4, waiting_since = $5, status = $6, status_since = $7, \
               tags = $8, lost_reason = $9, lost_at = $10, enrolled_at = $11, first_contact_at = $12, \
               deleted_at = NULL, deleted_by = NULL, version = version + 1, updated_at = $13 \
               WHERE tenant_id = $1 AND id = $2";
    let values = vec![
        tx.tenant().0.into(),
        lead.id.into(),
        before.owner_id.into(),
        before.assigned_at.into(),
        before.waiting_since.into(),
        before.status.as_str().into(),
        before.status_since.into(),
        json!(before.tags).into(),
        before.lost_reason.clone().into(),
        before.lost_at.into(),
        before.enrolled_at.into(),
        before.first_contact_at.into(),
        tx.now().into(),
    ];
    tx.run(sql, values).await.map(|_| ())
}

async fn history_in(tx: &Tx, actor: &Actor, lead: &Lead, to: &str) -> Result<()> {
    let sql = "INSERT INTO status_change (tenant_id, id, lead_id, from_status, to_status, actor_id, note, at) \
               VALUES ($1, $2, $3, $4, $5, $6, '', $7)";
    let values = vec![
        tx.tenant().0.into(),
        new_id().into(),
        lead.id.into(),
        lead.status.as_str().into(),
        to.into(),
        actor.user.into(),
        tx.now().into(),
    ];
    tx.run(sql, values).await.map(|_| ())
}

/// Follow-ups as they were; nobody has completed or moved one, or a person's event would tell.
async fn follow_ups_in(tx: &Tx, before: &Before) -> Result<()> {
    let sql = "UPDATE follow_up SET owner_id = $3, due_at = $4, state = $5, closed_at = $6, reminded_at = $7, \
               overdue_at = $8, version = version + 1 WHERE tenant_id = $1 AND id = $2 AND version <> $9";
    for Touched {
        id,
        owner_id,
        due_at,
        state,
        closed_at,
        reminded_at,
        overdue_at,
        version,
    } in &before.follow_ups
    {
        let values = vec![
            tx.tenant().0.into(),
            (*id).into(),
            (*owner_id).into(),
            (*due_at).into(),
            state.as_str().into(),
            (*closed_at).into(),
            (*reminded_at).into(),
            (*overdue_at).into(),
            (*version).into(),
        ];
        tx.run(sql, values).await?;
    }
    crate::follow_ups::wake_in(tx, before.follow_ups.iter().map(|f| f.due_at).collect()).await
}

/// What a rule planned because of the change goes, and what it would still plan is not planned.
async fn unplan_in(tx: &Tx, event: Id) -> Result<()> {
    let sql = "UPDATE follow_up SET state = 'deleted', closed_at = $3, version = version + 1 \
               WHERE tenant_id = $1 AND event_id = $2 AND state = 'open'";
    tx.run(sql, vec![tx.tenant().0.into(), event.into(), tx.now().into()])
        .await?;
    let sql = "DELETE FROM job WHERE tenant_id = $1 AND uniq = $2 AND state = 'ready'";
    tx.run(sql, vec![tx.tenant().0.into(), format!("plan/{event}").into()])
        .await
        .map(|_| ())
}
