//! Every decision of a centre, and those a fallback made in place of the rule that should have.

use chrono::{DateTime, Utc};
use platform::{Actor, App, Id, Permit, Result, Tx};
use sea_orm::{FromQueryResult, Value};
use serde::Serialize;

use crate::cursor;

#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only those a fallback made.
    pub degraded: bool,
    /// Only those not decided again.
    pub open: bool,
    pub cursor: Option<String>,
    pub limit: Option<u64>,
}

/// A decision as a list shows it.
#[derive(Debug, FromQueryResult, Serialize)]
pub struct Decided {
    pub id: Id,
    pub hook: String,
    pub lead_id: Option<Id>,
    pub lead_name: Option<String>,
    /// Who answered: `override`, `last_good`, `pack` or `core`.
    pub level: String,
    pub layer: String,
    /// The layers that should have answered and did not.
    pub failures: serde_json::Value,
    pub created_at: DateTime<Utc>,
    /// When it was decided again.
    pub rerun_at: Option<DateTime<Utc>>,
    /// The decision made then; none when there was nothing left to decide.
    pub rerun_id: Option<Id>,
}

#[derive(Debug, Serialize)]
pub struct Page {
    pub items: Vec<Decided>,
    pub next: Option<String>,
}

/// Newest first.
pub async fn decisions(app: &App, actor: &Actor, filter: Filter) -> Result<Page> {
    actor.may(Permit::Scripts)?;
    let tenant = actor.tenant_id();
    let limit = filter.limit.unwrap_or(50).clamp(1, 200);
    let mut values: Vec<Value> = vec![tenant.0.into()];
    let mut sql = "SELECT d.id, d.hook, d.lead_id, l.name AS lead_name, d.level, d.layer, d.failures, d.created_at, \
                   d.rerun_at, d.rerun_id FROM decision AS d \
                   LEFT JOIN lead AS l ON l.tenant_id = d.tenant_id AND l.id = d.lead_id AND l.deleted_at IS NULL \
                   WHERE d.tenant_id = $1"
        .to_owned();
    if filter.degraded {
        sql.push_str(" AND d.degraded");
    }
    if filter.open {
        sql.push_str(" AND d.rerun_at IS NULL");
    }
    if let Some(after) = filter.cursor {
        values.push(cursor::read(&after)?.1.into());
        sql.push_str(&format!(" AND d.id < ${}", values.len()));
    }
    sql.push_str(&format!(" ORDER BY d.id DESC LIMIT {}", limit + 1));
    let mut items: Vec<Decided> = app
        .db
        .read(tenant, async move |tx: Tx| tx.all(&sql, values).await)
        .await?;
    let more = items.len() as u64 > limit;
    items.truncate(limit as usize);
    let last = items.last().filter(|_| more);
    Ok(Page {
        next: last.map(|last| cursor::write(last.created_at, last.id)),
        items,
    })
}
