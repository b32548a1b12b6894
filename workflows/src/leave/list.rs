//! Requests, the newest first: one's own, or everybody's for those who decide.

use platform::{Actor, App, Id, Permit, Result, Tx};
use sea_orm::{FromQueryResult, Value};

use super::row::{COLUMNS, Leave};
use crate::cursor;

#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// pending, approved, rejected or cancelled.
    pub state: Option<String>,
    pub user: Option<Id>,
    pub cursor: Option<String>,
    pub limit: Option<u64>,
}

#[derive(Debug)]
pub struct Page {
    pub items: Vec<Leave>,
    pub next: Option<String>,
}

pub async fn list(app: &App, actor: &Actor, filter: Filter) -> Result<Page> {
    let limit = filter.limit.unwrap_or(50).clamp(1, 200);
    let user = if actor.can(Permit::LeaveDecide) {
        filter.user
    } else {
        actor.may(Permit::LeaveOwn)?;
        Some(actor.person()?)
    };
    let mut values: Vec<Value> = vec![actor.tenant_id().0.into()];
    let mut sql = format!("SELECT {COLUMNS} WHERE l.tenant_id = $1");
    let mut push = |sql: &mut String, condition: &str, value: Value| {
        values.push(value);
        sql.push_str(&format!(" AND {condition} ${}", values.len()));
    };
    if let Some(user) = user {
        push(&mut sql, "l.user_id =", user.into());
    }
    if let Some(state) = filter.state {
        push(&mut sql, "l.state =", state.into());
    }
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
    let mut items: Vec<Leave> = app
        .db
        .glance(actor.tenant_id(), async move |tx: Tx| tx.all(&sql, values).await)
        .await?;
    let more = items.len() as u64 > limit;
    items.truncate(limit as usize);
    let next = items
        .last()
        .filter(|_| more)
        .map(|leave| cursor::write(leave.created_at, leave.id));
    Ok(Page { items, next })
}

/// How many requests wait for an answer; 0 for who may not give one.
pub async fn pending(app: &App, actor: &Actor) -> Result<i64> {
    #[derive(FromQueryResult)]
    struct Row {
        count: i64,
    }
    if !actor.can(Permit::LeaveDecide) {
        return Ok(0);
    }
    let tenant = actor.tenant_id();
    let row: Option<Row> = app
        .db
        .glance(tenant, async move |tx: Tx| {
            let sql = "SELECT COUNT(*) AS count FROM leave WHERE tenant_id = $1 AND state = 'pending'";
            tx.one(sql, vec![tenant.0.into()]).await
        })
        .await?;
    Ok(row.map_or(0, |row| row.count))
}
