//! Leads by status, those that came to it last first: a column's first cards with its whole count, in as many queries
//! for a hundred thousand leads as for ten.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use platform::{Actor, App, Id, Result, Tx};
use sea_orm::{FromQueryResult, Value};

use super::filter::{Filter, conditions};
use super::lead::Lead;
use super::list::{COLUMNS, next_due};
use super::status::Registry;
use crate::cursor;

pub struct Board {
    pub columns: Vec<Column>,
    /// The next open follow-up of each lead shown, if it has one.
    pub due: HashMap<Id, DateTime<Utc>>,
}

pub struct Column {
    pub status: String,
    /// Of all its leads that match, shown or not.
    pub count: i64,
    pub leads: Vec<Lead>,
    pub next: Option<String>,
}

/// The board of an actor's leads, or one column of it where the filter names a status: only that one has pages.
pub async fn board(app: &App, actor: &Actor, registry: &Registry, filter: Filter) -> Result<Board> {
    let limit = filter.limit.unwrap_or(20).clamp(1, 100) as usize;
    let after = match (&filter.status, &filter.cursor) {
        (Some(_), Some(cursor)) => Some(cursor::read(cursor)?),
        _ => None,
    };
    let keys: Vec<String> = match &filter.status {
        Some(status) => vec![status.clone()],
        None => registry.statuses.iter().map(|status| status.key.clone()).collect(),
    };
    let (condition, values) = conditions(actor, &Filter { status: None, ..filter }, app.db.is_postgres())?;
    let (counting, counted) = count(&condition, &values, &keys);
    let (taking, taken) = take(&condition, values, &keys, after, limit);
    let registry = registry.clone();
    app.db
        .read(actor.tenant_id(), async move |tx: Tx| {
            let counts: HashMap<String, i64> = tx
                .all::<Count>(&counting, counted)
                .await?
                .into_iter()
                .map(|row| (row.status, row.count))
                .collect();
            let mut found: HashMap<String, Vec<Lead>> = HashMap::new();
            for lead in tx.all::<Lead>(&taking, taken).await? {
                found.entry(lead.status.clone()).or_default().push(lead);
            }
            let mut columns = Vec::new();
            for status in keys {
                let count = counts.get(&status).copied().unwrap_or_default();
                // A status out of use stands there as long as somebody is in it.
                if count == 0 && registry.status(&status).is_none_or(|known| known.retired) {
                    continue;
                }
                let mut leads = found.remove(&status).unwrap_or_default();
                let more = leads.len() > limit;
                leads.truncate(limit);
                let last = leads.last().filter(|_| more);
                columns.push(Column {
                    next: last.map(|lead| cursor::write(lead.status_since, lead.id)),
                    status,
                    count,
                    leads,
                });
            }
            let shown: Vec<&Lead> = columns.iter().flat_map(|column| &column.leads).collect();
            let due = next_due(&tx, shown.into_iter()).await?;
            Ok(Board { columns, due })
        })
        .await
}

/// These leads as the board has them now, and every column's count: what an open board asks when it hears of a change.
/// Leads that no longer match, or that the actor may no longer see, are missing.
pub async fn cards(app: &App, actor: &Actor, registry: &Registry, filter: Filter, ids: &[Id]) -> Result<Board> {
    let only = filter.status.clone();
    let (condition, values) = conditions(actor, &Filter { status: None, ..filter }, app.db.is_postgres())?;
    let keys: Vec<String> = match only {
        Some(status) => vec![status],
        None => registry.statuses.iter().map(|status| status.key.clone()).collect(),
    };
    let (counting, counted) = count(&condition, &values, &keys);
    let named = platform::db::list(values.len() + 1, ids.len());
    let sql =
        format!("SELECT {COLUMNS} FROM lead AS l WHERE {condition} AND l.id IN ({named}) ORDER BY l.status_since");
    let values: Vec<Value> = values
        .into_iter()
        .chain(ids.iter().map(|id| Value::from(*id)))
        .collect();
    let asked = !ids.is_empty();
    app.db
        .read(actor.tenant_id(), async move |tx: Tx| {
            let counts: Vec<Count> = tx.all(&counting, counted).await?;
            let leads: Vec<Lead> = if asked { tx.all(&sql, values).await? } else { Vec::new() };
            let due = next_due(&tx, leads.iter()).await?;
            let mut columns: Vec<Column> = counts
                .into_iter()
                .map(|row| Column {
                    status: row.status,
                    count: row.count,
                    leads: Vec::new(),
                    next: None,
                })
                .collect();
            for lead in leads {
                if let Some(column) = columns.iter_mut().find(|column| column.status == lead.status) {
                    column.leads.push(lead);
                }
            }
            Ok(Board { columns, due })
        })
        .await
}

#[derive(FromQueryResult)]
struct Count {
    status: String,
    count: i64,
}

/// Each column counted along its own part of the index.
fn count(condition: &str, values: &[Value], keys: &[String]) -> (String, Vec<Value>) {
    let mut values = values.to_vec();
    let parts: Vec<String> = keys
        .iter()
        .map(|key| {
            values.push(key.as_str().into());
            let at = values.len();
            format!("SELECT ${at} AS status, COUNT(*) AS count FROM lead AS l WHERE {condition} AND l.status = ${at}")
        })
        .collect();
    (parts.join(" UNION ALL "), values)
}

fn take(
    condition: &str,
    mut values: Vec<Value>,
    keys: &[String],
    after: Option<(DateTime<Utc>, Id)>,
    limit: usize,
) -> (String, Vec<Value>) {
    let mut past = String::new();
    if let Some((at, id)) = after {
        values.push(at.into());
        values.push(id.into());
        let (at, id) = (values.len() - 1, values.len());
        past = format!(" AND (l.status_since, l.id) < (${at}, ${id})");
    }
    let parts: Vec<String> = keys
        .iter()
        .map(|key| {
            values.push(key.as_str().into());
            let sql = format!(
                "SELECT {COLUMNS} FROM lead AS l WHERE {condition} AND l.status = ${}{past} \
                 ORDER BY l.status_since DESC, l.id DESC LIMIT {}",
                values.len(),
                limit + 1
            );
            format!("SELECT * FROM ({sql}) AS first_cards")
        })
        .collect();
    (parts.join(" UNION ALL "), values)
}
