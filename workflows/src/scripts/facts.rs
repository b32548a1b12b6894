//! What the hooks are told besides the lead itself, counted for many leads at once.

use std::collections::HashMap;

use platform::db::{Scoped, list};
use platform::events::Event;
use platform::{Id, Result, Tx};
use sea_orm::{ColumnTrait, FromQueryResult, QueryFilter, Value};
use wire::OwnerCtx;

use crate::leads::Lead;
use crate::leads::entity;

pub(super) async fn leads_of(tx: &Tx, events: &[Event]) -> Result<HashMap<Id, Lead>> {
    let ids: Vec<Id> = events.iter().filter_map(|event| event.lead_id).collect();
    let leads = entity::Entity::of(tx.tenant())
        .filter(entity::Column::Id.is_in(ids))
        .all(tx)
        .await?;
    Ok(leads.into_iter().map(|lead| (lead.id, lead)).collect())
}

#[derive(FromQueryResult)]
struct Count {
    id: Id,
    count: i64,
}

/// What is open for a lead: all of it, and what a rule planned.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Waiting {
    pub open: u32,
    pub planned: u32,
}

pub(super) async fn open_follow_ups(tx: &Tx, leads: Vec<Id>) -> Result<HashMap<Id, Waiting>> {
    if leads.is_empty() {
        return Ok(HashMap::new());
    }
    let mut values: Vec<Value> = vec![tx.tenant().0.into()];
    values.extend(leads.iter().map(|id| Value::from(*id)));
    let sql = format!(
        "SELECT lead_id AS id, COUNT(*) AS open, COUNT(CASE WHEN kind = 'auto' THEN 1 END) AS planned FROM follow_up \
         WHERE tenant_id = $1 AND state = 'open' AND lead_id IN ({}) GROUP BY lead_id",
        list(2, leads.len())
    );
    #[derive(FromQueryResult)]
    struct Row {
        id: Id,
        open: i64,
        planned: i64,
    }
    let count = |n: i64| n.try_into().unwrap_or(u32::MAX);
    let rows: Vec<Row> = tx.all(&sql, values).await?;
    let waiting = |row: Row| Waiting {
        open: count(row.open),
        planned: count(row.planned),
    };
    Ok(rows.into_iter().map(|row| (row.id, waiting(row))).collect())
}

/// How many earlier leads of the same import each owner has: what spreads an import over a rep's day.
pub(super) async fn ahead_in_import(tx: &Tx, leads: impl Iterator<Item = &Lead>) -> Result<HashMap<Id, u32>> {
    let first = leads.filter(|lead| lead.import_id.is_some()).min_by_key(|lead| lead.id);
    let Some((import, first)) = first.and_then(|lead| Some((lead.import_id?, lead.id))) else {
        return Ok(HashMap::new());
    };
    let sql = "SELECT u.id, (SELECT COUNT(*) FROM lead AS l WHERE l.tenant_id = $1 AND l.import_id = $2 \
               AND l.owner_id = u.id AND l.id < $3) AS count FROM app_user AS u WHERE u.tenant_id = $1";
    counted(tx, sql, vec![tx.tenant().0.into(), import.into(), first.into()]).await
}

async fn counted(tx: &Tx, sql: &str, values: Vec<Value>) -> Result<HashMap<Id, u32>> {
    let rows: Vec<Count> = tx.all(sql, values).await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.id, row.count.try_into().unwrap_or(0)))
        .collect())
}

/// How these people stand with their follow-ups.
pub(super) async fn standing(tx: &Tx, owners: &[Id]) -> Result<HashMap<Id, OwnerCtx>> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Id,
        open: i64,
        overdue: i64,
    }
    if owners.is_empty() {
        return Ok(HashMap::new());
    }
    let mut values: Vec<Value> = vec![tx.tenant().0.into(), tx.now().into()];
    values.extend(owners.iter().map(|id| Value::from(*id)));
    let sql = format!(
        "SELECT owner_id AS id, COUNT(*) AS open, COUNT(CASE WHEN due_at < $2 THEN 1 END) AS overdue \
         FROM follow_up WHERE tenant_id = $1 AND state = 'open' AND owner_id IN ({}) GROUP BY owner_id",
        list(3, owners.len())
    );
    let rows: Vec<Row> = tx.all(&sql, values).await?;
    let whole = |count: i64| count.try_into().unwrap_or(u32::MAX);
    Ok(rows
        .into_iter()
        .map(|row| {
            let standing = OwnerCtx {
                overdue: whole(row.overdue),
                open: whole(row.open),
            };
            (row.id, standing)
        })
        .collect())
}
