//! One undo for a change of many: every follow-up nobody has touched since is what it was, with its lead; the others
//! stay as they are and are named.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use platform::db::list;
use platform::events;
use platform::jobs::{NewJob, enqueue};
use platform::{Actor, App, Error, Id, Result, Tx, audit};
use sea_orm::{FromQueryResult, Value};
use serde_json::json;

use super::act::{lock_leads, said};
use super::run::{Became, Item, mark, next_in, work_in};
use super::show::visible_in;
use super::start::may;
use super::{AT_ONCE, Before, Bulk, CHUNK};
use crate::follow_ups::follow_up::{FollowUp, lock_all};

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
            let sql = "UPDATE follow_up_bulk SET state = 'undoing', undone_by = $3, finished_at = NULL \
                       WHERE tenant_id = $1 AND id = $2 AND state = 'done'";
            let values = vec![tx.tenant().0.into(), id.into(), actor.user.into()];
            if tx.run(sql, values).await? == 0 {
                return Ok(());
            }
            let changes = json!({"follow_ups": bulk.done});
            audit::record(&tx, &actor, "follow_ups.bulk_undone", "follow_up_bulk", id, changes).await?;
            if bulk.done <= AT_ONCE as i64 {
                return work_in(&tx, &actor, id).await;
            }
            let job = NewJob::new("follow_ups.bulk", format!("follow_ups_undo/{id}"), vec![id]);
            enqueue(&tx, job).await
        })
        .await
}

pub(super) async fn take_back_in(tx: &Tx, actor: &Actor, bulk: &Bulk) -> Result<bool> {
    let items = next_in(tx, bulk.id, "done").await?;
    let more = items.len() == CHUNK;
    let became = restore_all(tx, actor, bulk, items).await?;
    let count = |state: &str| became.iter().filter(|became| became.state == state).count() as i64;
    let sql = "UPDATE follow_up_bulk SET undone = undone + $3, kept = kept + $4, state = $5, finished_at = $6 \
               WHERE tenant_id = $1 AND id = $2";
    let values = vec![
        tx.tenant().0.into(),
        bulk.id.into(),
        count("undone").into(),
        count("kept").into(),
        if more { "undoing" } else { "undone" }.into(),
        (!more).then_some(tx.now()).into(),
    ];
    mark(tx, bulk.id, became).await?;
    tx.run(sql, values).await?;
    Ok(more)
}

async fn restore_all(tx: &Tx, actor: &Actor, bulk: &Bulk, items: Vec<Item>) -> Result<Vec<Became>> {
    let (mut became, mut alone, mut with) = (Vec::new(), Vec::new(), Vec::new());
    lock_leads(tx, &items).await?;
    for item in items {
        let before = item.before.clone().map(serde_json::from_value).transpose()?;
        match before {
            Some(Before::Lead(before)) => {
                let told = json!({"bulk_id": bulk.id, "change": bulk.change()?.name()});
                let kept = crate::leads::put_back_in(tx, actor, item.lead_id, before, told).await?;
                became.push(result(item, kept));
            }
            Some(Before::Row { was, version, event }) => alone.push((item, *was, version, event)),
            Some(Before::With(first)) => with.push((item, first)),
            None => became.push(result(item, Some("changed_since"))),
        }
    }
    became.extend(rows(tx, actor, bulk, alone).await?);
    let mut fates = fates_in(tx, bulk.id, &with).await?;
    fates.extend(became.iter().map(|one| (one.item.follow_up_id, one.state.to_owned())));
    for (item, first) in with {
        let undone = fates.get(&first).is_some_and(|state| state == "undone");
        became.push(result(item, (!undone).then_some("changed_since")));
    }
    Ok(became)
}

fn result(item: Item, kept: Option<&'static str>) -> Became {
    match kept {
        None => Became::of(item, "undone"),
        Some(code) => Became::of(item, "kept").because(code),
    }
}

type Alone = Vec<(Item, FollowUp, i64, Option<Id>)>;

/// Follow-ups as they were, all of them but those whose version says that somebody came after.
async fn rows(tx: &Tx, actor: &Actor, bulk: &Bulk, alone: Alone) -> Result<Vec<Became>> {
    let ids: Vec<Id> = alone.iter().map(|(_, was, ..)| was.id).collect();
    let now = lock_all(tx, actor, &ids).await?;
    let planned: Vec<Id> = alone.iter().filter_map(|(.., event)| *event).collect();
    let worked = worked_on(tx, &planned).await?;
    let (mut became, mut told, mut due, mut contacts) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut withdrawn = Vec::new();
    for (item, was, version, event) in alone {
        let found = now.get(&was.id).filter(|found| found.version == version);
        let (Some(found), false) = (found, event.is_some_and(|event| worked.contains(&event))) else {
            became.push(result(item, Some("changed_since")));
            continue;
        };
        restore(tx, &was).await?;
        due.push(was.due_at);
        withdrawn.extend(event);
        contacts.extend(found.completed_at.map(|at| (was.lead_id, at)));
        let payload = json!({
            "follow_up_id": was.id, "text": was.text, "bulk_id": bulk.id, "change": bulk.change()?.name(),
        });
        told.push(said(&was, "follow_up.change_undone", was.owner_id, payload));
        became.push(result(item, None));
    }
    unplan(tx, &withdrawn).await?;
    forget_contacts(tx, contacts).await?;
    events::record_all(tx, actor, told).await?;
    crate::follow_ups::wake_in(tx, due).await?;
    Ok(became)
}

async fn restore(tx: &Tx, was: &FollowUp) -> Result<()> {
    let sql = "UPDATE follow_up SET owner_id = $3, due_at = $4, flagged = $5, state = $6, outcome = $7, note = $8, \
               completed_at = $9, completed_by = $10, closed_at = $11, reminded_at = $12, overdue_at = $13, \
               version = version + 1 WHERE tenant_id = $1 AND id = $2";
    let values = vec![
        tx.tenant().0.into(),
        was.id.into(),
        was.owner_id.into(),
        was.due_at.into(),
        was.flagged.into(),
        was.state.as_str().into(),
        was.outcome.clone().into(),
        was.note.as_str().into(),
        was.completed_at.into(),
        was.completed_by.into(),
        was.closed_at.into(),
        was.reminded_at.into(),
        was.overdue_at.into(),
    ];
    tx.run(sql, values).await.map(|_| ())
}

/// Completions whose planned follow-ups are no longer as the rule left them.
async fn worked_on(tx: &Tx, events: &[Id]) -> Result<HashSet<Id>> {
    #[derive(FromQueryResult)]
    struct Row {
        event_id: Id,
    }
    if events.is_empty() {
        return Ok(HashSet::new());
    }
    let mut values: Vec<Value> = vec![tx.tenant().0.into()];
    values.extend(events.iter().map(|id| Value::from(*id)));
    let sql = format!(
        "SELECT DISTINCT event_id FROM follow_up WHERE tenant_id = $1 AND (state <> 'open' OR version <> 1) \
         AND event_id IN ({})",
        list(2, events.len())
    );
    let rows: Vec<Row> = tx.all(&sql, values).await?;
    Ok(rows.into_iter().map(|row| row.event_id).collect())
}

/// What a rule planned because of a completion goes. What it would still plan it does not: the follow-up is no longer
/// done by then.
async fn unplan(tx: &Tx, events: &[Id]) -> Result<()> {
    if events.is_empty() {
        return Ok(());
    }
    let mut values: Vec<Value> = vec![tx.tenant().0.into(), tx.now().into()];
    values.extend(events.iter().map(|id| Value::from(*id)));
    let sql = format!(
        "UPDATE follow_up SET state = 'deleted', closed_at = $2, version = version + 1 \
         WHERE tenant_id = $1 AND state = 'open' AND event_id IN ({})",
        list(3, events.len())
    );
    tx.run(&sql, values).await.map(|_| ())
}

/// A first contact that was this completion never was.
async fn forget_contacts(tx: &Tx, contacts: Vec<(Id, DateTime<Utc>)>) -> Result<()> {
    let mut by_moment: HashMap<DateTime<Utc>, Vec<Id>> = HashMap::new();
    for (lead, at) in contacts {
        by_moment.entry(at).or_default().push(lead);
    }
    for (at, leads) in by_moment {
        let mut values: Vec<Value> = vec![tx.tenant().0.into(), at.into()];
        values.extend(leads.iter().map(|id| Value::from(*id)));
        let sql = format!(
            "UPDATE lead SET first_contact_at = NULL WHERE tenant_id = $1 AND first_contact_at = $2 \
             AND deleted_at IS NULL AND id IN ({})",
            list(3, leads.len())
        );
        tx.run(&sql, values).await?;
    }
    Ok(())
}

/// What became of those that others went along with, where that was in an earlier chunk.
async fn fates_in(tx: &Tx, bulk: Id, with: &[(Item, Id)]) -> Result<HashMap<Id, String>> {
    #[derive(FromQueryResult)]
    struct Row {
        follow_up_id: Id,
        state: String,
    }
    if with.is_empty() {
        return Ok(HashMap::new());
    }
    let mut values: Vec<Value> = vec![tx.tenant().0.into(), bulk.into()];
    values.extend(with.iter().map(|(_, first)| Value::from(*first)));
    let sql = format!(
        "SELECT follow_up_id, state FROM follow_up_bulk_item WHERE tenant_id = $1 AND bulk_id = $2 \
         AND follow_up_id IN ({})",
        list(3, with.len())
    );
    let rows: Vec<Row> = tx.all(&sql, values).await?;
    Ok(rows.into_iter().map(|row| (row.follow_up_id, row.state)).collect())
}
