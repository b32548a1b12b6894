//! The lists people work from: filters, search by token range, cursor pages. Never a query per row.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use platform::{Actor, App, Id, Permit, Result, Tx, fold, phone};
use sea_orm::{FromQueryResult, Value};
use serde::Serialize;

use super::lead::Lead;
use crate::cursor;

#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub search: String,
    pub source: Option<String>,
    pub status: Option<String>,
    pub owner: Option<Id>,
    pub course: Option<Id>,
    /// Created at or after, and before.
    pub from: Option<DateTime<Utc>>,
    pub to: Option<DateTime<Utc>>,
    /// Only leads without an owner.
    pub waiting: bool,
    pub cursor: Option<String>,
    /// 1 to 200; 50 when absent.
    pub limit: Option<u64>,
}

#[derive(Debug, Serialize)]
pub struct Page {
    pub items: Vec<Lead>,
    pub next: Option<String>,
    /// The next open follow-up of each lead on the page, if it has one.
    #[serde(skip)]
    pub due: HashMap<Id, DateTime<Utc>>,
}

const COLUMNS: &str = "l.tenant_id, l.id, l.name, l.name_key, l.phone, l.secondary_phone, l.course_id, l.source, \
     l.status, l.status_since, l.owner_id, l.assigned_at, l.waiting_since, l.notes, l.tags, l.custom, l.lost_reason, \
     l.lost_at, l.enrolled_at, l.first_contact_at, l.import_id, l.branch_id, l.created_by, l.version, l.created_at, \
     l.updated_at";

/// Leads the actor may see, newest first.
pub async fn list(app: &App, actor: &Actor, filter: Filter) -> Result<Page> {
    let limit = filter.limit.unwrap_or(50).clamp(1, 200);
    let (conditions, mut values) = conditions(actor, &filter)?;
    let mut sql = format!("SELECT {COLUMNS} FROM lead AS l WHERE {conditions}");
    if let Some(cursor) = &filter.cursor {
        let (at, id) = cursor::read(cursor)?;
        values.push(at.into());
        values.push(id.into());
        sql.push_str(&format!(
            " AND (l.created_at, l.id) < (${}, ${})",
            values.len() - 1,
            values.len()
        ));
    }
    sql.push_str(&format!(" ORDER BY l.created_at DESC, l.id DESC LIMIT {}", limit + 1));
    app.db
        .read(actor.tenant_id(), async move |tx: Tx| {
            let mut items: Vec<Lead> = tx.all(&sql, values).await?;
            let more = items.len() as u64 > limit;
            items.truncate(limit as usize);
            let next = items
                .last()
                .filter(|_| more)
                .map(|lead| cursor::write(lead.created_at, lead.id));
            let due = next_due(&tx, &items).await?;
            Ok(Page { items, next, due })
        })
        .await
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
    let (conditions, values) = conditions(actor, &Filter { status: None, ..filter })?;
    let sql = format!("SELECT l.status, COUNT(*) AS count FROM lead AS l WHERE {conditions} GROUP BY l.status");
    let rows: Vec<Row> = app
        .db
        .read(actor.tenant_id(), async move |tx: Tx| tx.all(&sql, values).await)
        .await?;
    Ok(Counts {
        total: rows.iter().map(|row| row.count).sum(),
        statuses: rows.into_iter().map(|row| (row.status, row.count)).collect(),
    })
}

fn conditions(actor: &Actor, filter: &Filter) -> Result<(String, Vec<Value>)> {
    let mut sql = "l.tenant_id = $1".to_owned();
    let mut values: Vec<Value> = vec![actor.tenant_id().0.into()];
    let mut push = |sql: &mut String, condition: &str, value: Value| {
        values.push(value);
        sql.push_str(&format!(" AND {condition}${}", values.len()));
    };
    if !actor.can(Permit::LeadsAll) {
        actor.may(Permit::LeadsOwn)?;
        push(&mut sql, "l.owner_id = ", actor.person()?.into());
    }
    if let Some(owner) = filter.owner {
        push(&mut sql, "l.owner_id = ", owner.into());
    }
    if let Some(status) = &filter.status {
        push(&mut sql, "l.status = ", status.as_str().into());
    }
    if let Some(source) = &filter.source {
        push(&mut sql, "l.source = ", source.as_str().into());
    }
    if let Some(course) = filter.course {
        push(&mut sql, "l.course_id = ", course.into());
    }
    if let Some(from) = filter.from {
        push(&mut sql, "l.created_at >= ", from.into());
    }
    if let Some(to) = filter.to {
        push(&mut sql, "l.created_at < ", to.into());
    }
    if filter.waiting {
        sql.push_str(" AND l.waiting_since IS NOT NULL");
    }
    let code = phone::calling_code(phone::country(&actor.tenant.country));
    for alternatives in fold::query(&filter.search, code) {
        let mut ranges = Vec::new();
        for prefix in &alternatives {
            values.push(prefix.as_str().into());
            values.push(after(prefix).into());
            ranges.push(format!(
                "(t.token >= ${} AND t.token < ${})",
                values.len() - 1,
                values.len()
            ));
        }
        sql.push_str(&format!(
            " AND l.id IN (SELECT t.lead_id FROM lead_token AS t WHERE t.tenant_id = $1 AND ({}))",
            ranges.join(" OR ")
        ));
    }
    Ok((sql, values))
}

/// The first text after every text that begins with the prefix, in byte order.
fn after(prefix: &str) -> String {
    format!("{prefix}\u{10FFFF}")
}

async fn next_due(tx: &Tx, leads: &[Lead]) -> Result<HashMap<Id, DateTime<Utc>>> {
    #[derive(FromQueryResult)]
    struct Row {
        lead_id: Id,
        due_at: DateTime<Utc>,
    }
    if leads.is_empty() {
        return Ok(HashMap::new());
    }
    let mut values: Vec<Value> = vec![tx.tenant().0.into()];
    values.extend(leads.iter().map(|lead| Value::from(lead.id)));
    let sql = format!(
        "SELECT lead_id, MIN(due_at) AS due_at FROM follow_up WHERE tenant_id = $1 AND state = 'open' \
         AND lead_id IN ({}) GROUP BY lead_id",
        platform::db::list(2, leads.len())
    );
    let rows: Vec<Row> = tx.all(&sql, values).await?;
    Ok(rows.into_iter().map(|row| (row.lead_id, row.due_at)).collect())
}
