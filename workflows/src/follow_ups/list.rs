//! Today's and overdue follow-ups, by time, with the lead each is about: one query a page.

use chrono::{DateTime, Utc};
use platform::{Actor, App, Id, Permit, Result, Tx};
use sea_orm::{FromQueryResult, Value};
use serde::{Deserialize, Serialize};

use super::overdue_load::Age;
use crate::cursor;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum View {
    /// Open and due by the end of the local day, overdue ones included.
    #[default]
    Today,
    /// Open and already past.
    Overdue,
    /// Everything open.
    Open,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Filter {
    pub view: View,
    pub owner: Option<Id>,
    /// Only what is overdue this long.
    pub age: Option<Age>,
    #[serde(skip)]
    pub cursor: Option<String>,
    #[serde(skip)]
    pub limit: Option<u64>,
}

#[derive(Debug, FromQueryResult, Serialize)]
pub struct Item {
    pub id: Id,
    pub lead_id: Id,
    pub owner_id: Id,
    pub due_at: DateTime<Utc>,
    pub flagged: bool,
    pub key: String,
    pub sequence: i32,
    pub text: String,
    pub decision_id: Option<Id>,
    pub lead_name: String,
    pub lead_phone: Option<String>,
    pub lead_status: String,
    pub course_id: Option<Id>,
}

#[derive(Debug, Serialize)]
pub struct Page {
    pub items: Vec<Item>,
    pub next: Option<String>,
}

pub async fn list(app: &App, actor: &Actor, filter: Filter) -> Result<Page> {
    let limit = filter.limit.unwrap_or(50).clamp(1, 200);
    let mut items = earliest(app, actor, &filter, limit + 1).await?;
    let more = items.len() as u64 > limit;
    items.truncate(limit as usize);
    let next = items
        .last()
        .filter(|_| more)
        .map(|item| cursor::write(item.due_at, item.id));
    Ok(Page { items, next })
}

/// The first so many of a list, behind its cursor.
pub(super) async fn earliest(app: &App, actor: &Actor, filter: &Filter, limit: u64) -> Result<Vec<Item>> {
    let (conditions, mut values) = conditions(actor, filter, app.clock.now())?;
    let mut sql = format!(
        "SELECT f.id, f.lead_id, f.owner_id, f.due_at, f.flagged, f.key, f.sequence, f.text, f.decision_id, \
         l.name AS lead_name, l.phone AS lead_phone, l.status AS lead_status, l.course_id \
         FROM follow_up AS f JOIN lead AS l ON l.tenant_id = f.tenant_id AND l.id = f.lead_id AND l.deleted_at IS NULL \
         WHERE {conditions}"
    );
    if let Some(cursor) = &filter.cursor {
        let (at, id) = cursor::read(cursor)?;
        values.push(at.into());
        values.push(id.into());
        sql.push_str(&format!(
            " AND (f.due_at, f.id) > (${}, ${})",
            values.len() - 1,
            values.len()
        ));
    }
    sql.push_str(&format!(" ORDER BY f.due_at, f.id LIMIT {limit}"));
    app.db
        .glance(actor.tenant_id(), async move |tx: Tx| tx.all(&sql, values).await)
        .await
}

/// How many follow-ups a list has.
pub async fn matching(app: &App, actor: &Actor, filter: Filter) -> Result<i64> {
    #[derive(FromQueryResult)]
    struct Row {
        count: i64,
    }
    let (conditions, values) = conditions(actor, &filter, app.clock.now())?;
    let sql = format!("SELECT COUNT(*) AS count FROM follow_up AS f WHERE {conditions}");
    let count = async move |tx: Tx| tx.one(&sql, values).await;
    let row: Option<Row> = app.db.glance(actor.tenant_id(), count).await?;
    Ok(row.map_or(0, |row| row.count))
}

/// The conditions of a filter on `follow_up AS f`, `$1` being the tenant; never what the actor may not see.
pub(super) fn conditions(actor: &Actor, filter: &Filter, now: DateTime<Utc>) -> Result<(String, Vec<Value>)> {
    let (from, until) = match (filter.age, filter.view) {
        (Some(age), _) => (age.due(now).0, Some(age.due(now).1)),
        (None, View::Today) => (None, Some(actor.tenant.today(now).1)),
        (None, View::Overdue) => (None, Some(now)),
        (None, View::Open) => (None, None),
    };
    let owner = whose(actor, filter.owner)?;
    let mut values: Vec<Value> = vec![actor.tenant_id().0.into()];
    let mut sql = "f.tenant_id = $1 AND f.state = 'open'".to_owned();
    if let Some(owner) = owner {
        values.push(owner.into());
        sql.push_str(&format!(" AND f.owner_id = ${}", values.len()));
    }
    if let Some(from) = from {
        values.push(from.into());
        sql.push_str(&format!(" AND f.due_at >= ${}", values.len()));
    }
    if let Some(until) = until {
        values.push(until.into());
        sql.push_str(&format!(" AND f.due_at < ${}", values.len()));
    }
    Ok((sql, values))
}

/// Whose follow-ups are looked at: anybody's who is asked for, or the own ones.
pub(super) fn whose(actor: &Actor, asked: Option<Id>) -> Result<Option<Id>> {
    if actor.can(Permit::FollowUpsAll) {
        return Ok(asked);
    }
    actor.may(Permit::FollowUpsOwn)?;
    Ok(Some(actor.person()?))
}
