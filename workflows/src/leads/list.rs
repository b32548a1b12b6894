//! The lists people work from: cursor pages in a chosen order. Never a query per row.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use platform::{Actor, App, Id, Result, Tx};
use sea_orm::{FromQueryResult, Value};
use serde::Serialize;

use super::filter::{Filter, Sort, conditions};
use super::lead::Lead;
use crate::cursor;

#[derive(Debug, Serialize)]
pub struct Page {
    pub items: Vec<Lead>,
    pub next: Option<String>,
    /// The next open follow-up of each lead on the page, if it has one.
    #[serde(skip)]
    pub due: HashMap<Id, DateTime<Utc>>,
}

pub(super) const COLUMNS: &str = "l.tenant_id, l.id, l.name, l.name_key, l.phone, l.secondary_phone, l.course_id, l.source, \
     l.status, l.status_since, l.owner_id, l.assigned_at, l.waiting_since, l.notes, l.tags, l.custom, l.lost_reason, \
     l.lost_at, l.enrolled_at, l.first_contact_at, l.import_id, l.branch_id, l.created_by, l.score, l.version, l.created_at, \
     l.updated_at";

/// Leads the actor may see, in the filter's order.
pub async fn list(app: &App, actor: &Actor, filter: Filter) -> Result<Page> {
    let limit = filter.limit.unwrap_or(50).clamp(1, 200);
    let (actor, sort) = (actor.clone(), filter.sort);
    app.db
        .read(actor.tenant_id(), async move |tx: Tx| {
            let (sql, values) = page_sql(&actor, &filter, limit, tx.is_postgres())?;
            let mut items: Vec<Lead> = tx.all(&sql, values).await?;
            let more = items.len() as u64 > limit;
            items.truncate(limit as usize);
            let next = items.last().filter(|_| more).map(|lead| place(sort, lead));
            let due = next_due(&tx, items.iter()).await?;
            Ok(Page { items, next, due })
        })
        .await
}

/// The statement behind a page, and its parameters.
fn page_sql(actor: &Actor, filter: &Filter, limit: u64, postgres: bool) -> Result<(String, Vec<Value>)> {
    let (conditions, mut values) = conditions(actor, filter, postgres)?;
    let mut sql = format!("SELECT {COLUMNS} FROM lead AS l WHERE {conditions}");
    let (column, down) = match filter.sort {
        Sort::Newest => ("l.created_at", true),
        Sort::Oldest => ("l.created_at", false),
        Sort::Name => ("l.name_key", false),
        Sort::Changed => ("l.updated_at", true),
    };
    if let Some(cursor) = &filter.cursor {
        let (key, id) = match filter.sort {
            Sort::Name => cursor::read_text(cursor).map(|(key, id)| (Value::from(key), id))?,
            _ => cursor::read(cursor).map(|(at, id)| (Value::from(at), id))?,
        };
        values.push(key);
        values.push(id.into());
        sql.push_str(&format!(
            " AND ({column}, l.id) {} (${}, ${})",
            if down { "<" } else { ">" },
            values.len() - 1,
            values.len()
        ));
    }
    let way = if down { "DESC" } else { "ASC" };
    sql.push_str(&format!(" ORDER BY {column} {way}, l.id {way} LIMIT {}", limit + 1));
    Ok((sql, values))
}

/// Where a lead stands in an order.
fn place(sort: Sort, lead: &Lead) -> String {
    match sort {
        Sort::Newest | Sort::Oldest => cursor::write(lead.created_at, lead.id),
        Sort::Name => cursor::write_text(&lead.name_key, lead.id),
        Sort::Changed => cursor::write(lead.updated_at, lead.id),
    }
}

#[derive(Debug, Serialize)]
pub struct Counts {
    pub total: i64,
    pub statuses: HashMap<String, i64>,
}

/// How many leads match, in all and by status (the status filter itself left out).
pub async fn counts(app: &App, actor: &Actor, filter: Filter) -> Result<Counts> {
    #[derive(FromQueryResult)]
    struct Row {
        status: String,
        count: i64,
    }
    let tenant = actor.tenant_id();
    let (actor, filter) = (actor.clone(), Filter { status: None, ..filter });
    let count = async move |tx: Tx| {
        let (conditions, values) = conditions(&actor, &filter, tx.is_postgres())?;
        let sql = format!("SELECT l.status, COUNT(*) AS count FROM lead AS l WHERE {conditions} GROUP BY l.status");
        tx.all(&sql, values).await
    };
    let rows: Vec<Row> = app.db.read(tenant, count).await?;
    Ok(Counts {
        total: rows.iter().map(|row| row.count).sum(),
        statuses: rows.into_iter().map(|row| (row.status, row.count)).collect(),
    })
}

pub(super) async fn next_due(
    tx: &Tx,
    leads: impl ExactSizeIterator<Item = &Lead>,
) -> Result<HashMap<Id, DateTime<Utc>>> {
    #[derive(FromQueryResult)]
    struct Row {
        lead_id: Id,
        due_at: DateTime<Utc>,
    }
    if leads.len() == 0 {
        return Ok(HashMap::new());
    }
    let sql = format!(
        "SELECT lead_id, MIN(due_at) AS due_at FROM follow_up WHERE tenant_id = $1 AND state = 'open' \
         AND lead_id IN ({}) GROUP BY lead_id",
        platform::db::list(2, leads.len())
    );
    let mut values: Vec<Value> = vec![tx.tenant().0.into()];
    values.extend(leads.map(|lead| Value::from(lead.id)));
    let rows: Vec<Row> = tx.all(&sql, values).await?;
    Ok(rows.into_iter().map(|row| (row.lead_id, row.due_at)).collect())
}
