//! A chunk of follow-ups changed by one of the four actions, each remembering what it was.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use platform::db::list;
use platform::events::{self, NewEvent};
use platform::jobs::{NewJob, enqueue};
use platform::{Actor, Id, Result, Tx};
use sea_orm::{FromQueryResult, Value};
use serde_json::json;

use super::pace::{Pace, spacing};
use super::run::{Became, Item};
use super::{Before, Bulk, Change};
use crate::follow_ups::Outcome;
use crate::follow_ups::complete::completed;
use crate::follow_ups::follow_up::{FollowUp, lock_all};
use crate::follow_ups::hand_over::pass_on_in;
use crate::follow_ups::schedule::{minute_of, wake_at};

/// Changes a chunk; what somebody closed meanwhile stays.
pub(super) async fn change_all(tx: &Tx, actor: &Actor, bulk: &Bulk, items: Vec<Item>) -> Result<Vec<Became>> {
    let ids: Vec<Id> = items.iter().map(|item| item.follow_up_id).collect();
    lock_leads(tx, &items).await?;
    let mut found: HashMap<Id, FollowUp> = lock_all(tx, actor, &ids).await?;
    let mut became = Vec::new();
    let mut open = Vec::new();
    for item in items {
        match found.remove(&item.follow_up_id).filter(|found| found.state == "open") {
            Some(was) => open.push((item, was)),
            None => became.push(Became::of(item, "failed").because("follow_up_closed")),
        }
    }
    became.extend(match bulk.change()? {
        Change::Reschedule { hours } => put_off(tx, actor, bulk, hours, open).await?,
        Change::Reassign { owner, with_leads } => pass_on(tx, actor, bulk, owner, with_leads, open).await?,
        Change::Complete { outcome, note } => complete(tx, actor, Outcome::parse(&outcome)?, &note, open).await?,
        Change::Delete => delete(tx, actor, open).await?,
    });
    Ok(became)
}

/// Leads before their follow-ups, as every other verb takes them: nobody waits for the other for ever.
pub(super) async fn lock_leads(tx: &Tx, items: &[Item]) -> Result<()> {
    #[derive(FromQueryResult)]
    struct Row {
        #[expect(dead_code, reason = "only the lock matters")]
        id: Id,
    }
    if items.is_empty() || !tx.is_postgres() {
        return Ok(());
    }
    let mut values: Vec<Value> = vec![tx.tenant().0.into()];
    values.extend(items.iter().map(|item| Value::from(item.lead_id)));
    let sql = format!(
        "SELECT id FROM lead WHERE tenant_id = $1 AND deleted_at IS NULL AND id IN ({}) ORDER BY id FOR UPDATE",
        list(2, items.len())
    );
    tx.all::<Row>(&sql, values).await.map(|_| ())
}

type Open = Vec<(Item, FollowUp)>;

/// A follow-up changed by one step of its version.
fn done(item: Item, was: FollowUp, event: Option<Id>) -> Became {
    let before = Before::Row {
        version: was.version + 1,
        was: Box::new(was),
        event,
    };
    Became {
        before: Some(before),
        ..Became::of(item, "done")
    }
}

async fn put_off(tx: &Tx, actor: &Actor, bulk: &Bulk, hours: i64, open: Open) -> Result<Vec<Became>> {
    let schedules = crate::staff::schedules(tx, actor).await?;
    let (gap, last) = (spacing(tx).await?, placed_in(tx, bulk.id).await?);
    let mut pace = Pace::new(&schedules, bulk.created_at, hours, tx.now(), gap, last);
    let sql = "UPDATE follow_up SET due_at = $3, flagged = $4, reminded_at = NULL, overdue_at = NULL, \
               version = version + 1 WHERE tenant_id = $1 AND id = $2";
    let (mut became, mut told, mut minutes) = (Vec::new(), Vec::new(), Vec::new());
    for (item, was) in open {
        let due = pace.next(was.owner_id);
        let values = vec![tx.tenant().0.into(), was.id.into(), due.at.into(), due.flagged.into()];
        tx.run(sql, values).await?;
        minutes.push(minute_of(due.at));
        let payload = json!({
            "follow_up_id": was.id, "text": was.text, "from": was.due_at, "to": due.at, "why": "rescheduled",
        });
        told.push(said(&was, "follow_up.moved", was.owner_id, payload));
        let item = Item {
            owner_id: was.owner_id,
            ..item
        };
        became.push(Became {
            placed_at: Some(due.at),
            ..done(item, was, None)
        });
    }
    events::record_all(tx, actor, told).await?;
    wake_at(tx, minutes).await?;
    Ok(became)
}

/// Where each owner's latest one of this change went.
async fn placed_in(tx: &Tx, bulk: Id) -> Result<BTreeMap<Id, DateTime<Utc>>> {
    #[derive(FromQueryResult)]
    struct Row {
        owner_id: Id,
        last: DateTime<Utc>,
    }
    let sql = "SELECT owner_id, MAX(placed_at) AS last FROM follow_up_bulk_item WHERE tenant_id = $1 AND bulk_id = $2 \
               AND placed_at IS NOT NULL GROUP BY owner_id";
    let rows: Vec<Row> = tx.all(sql, vec![tx.tenant().0.into(), bulk.into()]).await?;
    Ok(rows.into_iter().map(|row| (row.owner_id, row.last)).collect())
}

async fn pass_on(tx: &Tx, actor: &Actor, bulk: &Bulk, to: Id, with_leads: bool, open: Open) -> Result<Vec<Became>> {
    let mut became = Vec::new();
    let mut alone = Vec::new();
    let mut moved = if with_leads {
        moved_in(tx, bulk.id, &open).await?
    } else {
        HashMap::new()
    };
    let registry = crate::leads::registry_in(tx).await?;
    for (item, was) in open {
        if !with_leads {
            alone.push((item, was));
            continue;
        }
        if let Some(first) = moved.get(&was.lead_id) {
            became.push(Became {
                before: Some(Before::With(*first)),
                ..Became::of(item, "done")
            });
            continue;
        }
        match crate::leads::assign_one_in(tx, actor, &registry, was.lead_id, to).await {
            Ok(Some(before)) => {
                moved.insert(was.lead_id, was.id);
                became.push(Became {
                    before: Some(Before::Lead(before)),
                    ..Became::of(item, "done")
                });
            }
            Ok(None) => alone.push((item, was)),
            Err(error) => {
                let (code, args) = crate::leads::refusal(error)?;
                became.push(Became {
                    code: Some((code.to_owned(), args)),
                    ..Became::of(item, "failed")
                });
            }
        }
    }
    let (theirs, others): (Open, Open) = alone.into_iter().partition(|(_, was)| was.owner_id == to);
    became.extend(theirs.into_iter().map(|(item, _)| Became::of(item, "same")));
    let rows = others.iter().map(|(_, was)| (was.id, was.due_at)).collect();
    pass_on_in(tx, actor, rows, to).await?;
    let told = others.iter().map(|(_, was)| {
        let payload = json!({"follow_up_id": was.id, "text": was.text, "from": was.owner_id, "to": to});
        said(was, "follow_up.reassigned", to, payload)
    });
    events::record_all(tx, actor, told.collect()).await?;
    became.extend(others.into_iter().map(|(item, was)| done(item, was, None)));
    Ok(became)
}

/// Leads this change has moved already, with the follow-up that took them along.
async fn moved_in(tx: &Tx, bulk: Id, open: &Open) -> Result<HashMap<Id, Id>> {
    #[derive(FromQueryResult)]
    struct Row {
        lead_id: Id,
        follow_up_id: Id,
        before: serde_json::Value,
    }
    if open.is_empty() {
        return Ok(HashMap::new());
    }
    let mut values: Vec<Value> = vec![tx.tenant().0.into(), bulk.into()];
    values.extend(open.iter().map(|(_, was)| Value::from(was.lead_id)));
    let sql = format!(
        "SELECT lead_id, follow_up_id, before FROM follow_up_bulk_item WHERE tenant_id = $1 AND bulk_id = $2 \
         AND state = 'done' AND before IS NOT NULL AND lead_id IN ({})",
        list(3, open.len())
    );
    let rows: Vec<Row> = tx.all(&sql, values).await?;
    let first = rows.into_iter().filter(|row| row.before.get("lead").is_some());
    Ok(first.map(|row| (row.lead_id, row.follow_up_id)).collect())
}

async fn complete(tx: &Tx, actor: &Actor, outcome: Outcome, note: &str, open: Open) -> Result<Vec<Became>> {
    if open.is_empty() {
        return Ok(Vec::new());
    }
    let now = tx.now();
    let ids = |from: usize| list(from, open.len());
    let mut values: Vec<Value> = vec![
        tx.tenant().0.into(),
        outcome.as_str().into(),
        note.into(),
        now.into(),
        actor.user.into(),
    ];
    values.extend(open.iter().map(|(_, was)| Value::from(was.id)));
    let sql = format!(
        "UPDATE follow_up SET state = 'done', outcome = $2, note = $3, completed_at = $4, completed_by = $5, \
         closed_at = $4, version = version + 1 WHERE tenant_id = $1 AND state = 'open' AND id IN ({})",
        ids(6)
    );
    tx.run(&sql, values).await?;
    if outcome == Outcome::Reached {
        let mut values: Vec<Value> = vec![tx.tenant().0.into(), now.into()];
        values.extend(open.iter().map(|(_, was)| Value::from(was.lead_id)));
        let sql = format!(
            "UPDATE lead SET first_contact_at = $2 WHERE tenant_id = $1 AND first_contact_at IS NULL \
             AND deleted_at IS NULL AND id IN ({})",
            ids(3)
        );
        tx.run(&sql, values).await?;
    }
    let told = open.iter().map(|(_, was)| completed(was, outcome, note, now));
    let said = events::record_all(tx, actor, told.collect()).await?;
    if let Some(first) = said.first() {
        enqueue(tx, NewJob::new("scripts.plan", format!("plan/{first}"), said.clone())).await?;
    }
    let each = open.into_iter().zip(said);
    Ok(each.map(|((item, was), event)| done(item, was, Some(event))).collect())
}

async fn delete(tx: &Tx, actor: &Actor, open: Open) -> Result<Vec<Became>> {
    if open.is_empty() {
        return Ok(Vec::new());
    }
    let mut values: Vec<Value> = vec![tx.tenant().0.into(), tx.now().into()];
    values.extend(open.iter().map(|(_, was)| Value::from(was.id)));
    let sql = format!(
        "UPDATE follow_up SET state = 'deleted', closed_at = $2, version = version + 1 WHERE tenant_id = $1 \
         AND state = 'open' AND id IN ({})",
        list(3, open.len())
    );
    tx.run(&sql, values).await?;
    let told = open.iter().map(|(_, was)| {
        let payload = json!({"follow_up_id": was.id, "text": was.text, "due_at": was.due_at});
        said(was, "follow_up.deleted", was.owner_id, payload)
    });
    events::record_all(tx, actor, told.collect()).await?;
    Ok(open.into_iter().map(|(item, was)| done(item, was, None)).collect())
}

pub(super) fn said(was: &FollowUp, kind: &'static str, owner: Id, payload: serde_json::Value) -> NewEvent {
    NewEvent {
        kind,
        lead: Some(was.lead_id),
        owner: Some(owner),
        cause: None,
        payload,
    }
}
