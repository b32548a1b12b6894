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
    let postgres = app.db.is_postgres();
    let few = !filter.search.is_empty() || filter.tag.is_some() || filter.course.is_some() || filter.waiting;
    let (condition, values) = conditions(actor, &Filter { status: None, ..filter }, postgres)?;
    let (counting, counted) = count(&condition, &values, &keys);
    let (taking, taken) = if few {
        deal(&condition, values, &keys, after, limit, postgres)
    } else {
        take(&condition, values, &keys, after, limit)
    };
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
            let count = |key: &str| counts.iter().find(|row| row.status == key).map_or(0, |row| row.count);
            let leads: Vec<Lead> = if asked { tx.all(&sql, values).await? } else { Vec::new() };
            let due = next_due(&tx, leads.iter()).await?;
            let mut columns: Vec<Column> = keys
                .into_iter()
                .map(|status| Column {
                    count: count(&status),
                    status,
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

fn count(condition: &str, values: &[Value], keys: &[String]) -> (String, Vec<Value>) {
    let mut values = values.to_vec();
    let mut only = String::new();
    if let [key] = keys {
        values.push(key.as_str().into());
        only = format!(" AND l.status = ${}", values.len());
    }
    let sql = format!("SELECT l.status, COUNT(*) AS count FROM lead AS l WHERE {condition}{only} GROUP BY l.status");
    (sql, values)
}

/// The first cards of each column, along its own part of the index.
fn take(
    condition: &str,
    mut values: Vec<Value>,
    keys: &[String],
    after: Option<(DateTime<Utc>, Id)>,
    limit: usize,
) -> (String, Vec<Value>) {
    let past = past(&mut values, after);
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

/// The same of leads that are few: gathered once and then dealt out, where a column at a time would look for them among
/// all of each.
fn deal(
    condition: &str,
    mut values: Vec<Value>,
    keys: &[String],
    after: Option<(DateTime<Utc>, Id)>,
    limit: usize,
    postgres: bool,
) -> (String, Vec<Value>) {
    let past = past(&mut values, after);
    let columns = platform::db::list(values.len() + 1, keys.len());
    values.extend(keys.iter().map(|key| Value::from(key.as_str())));
    let dealt = format!(
        "SELECT l.id, ROW_NUMBER() OVER (PARTITION BY l.status ORDER BY l.status_since DESC, l.id DESC) AS place \
         FROM lead AS l WHERE {condition} AND l.status IN ({columns}){past}"
    );
    let first = format!("SELECT d.id FROM ({dealt}) AS d WHERE d.place <= {}", limit + 1);
    let among = if postgres {
        format!("= ANY (ARRAY({first}))")
    } else {
        format!("IN ({first})")
    };
    let sql = format!(
        "SELECT {COLUMNS} FROM lead AS l WHERE l.tenant_id = $1 AND l.deleted_at IS NULL AND l.id {among} \
         ORDER BY l.status_since DESC, l.id DESC"
    );
    (sql, values)
}

fn past(values: &mut Vec<Value>, after: Option<(DateTime<Utc>, Id)>) -> String {
    let Some((at, id)) = after else {
        return String::new();
    };
    values.push(at.into());
    values.push(id.into());
    format!(
        " AND (l.status_since, l.id) < (${}, ${})",
        values.len() - 1,
        values.len()
    )
}
