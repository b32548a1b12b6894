//! The log of changes: who changed what, when and from where. It is only ever read here and added to by
//! `platform::audit`.

use chrono::{DateTime, Utc};
use platform::{Actor, App, Error, Id, Permit, Result, Tx};
use sea_orm::FromQueryResult;
use serde_json::Value;

const PAGE: u64 = 50;
const MOST: u64 = 200;

#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub actor: Option<Id>,
    pub action: Option<String>,
    /// What kind of thing was changed. None: everything but leads, whose own page tells their story.
    pub object: Option<String>,
    pub object_id: Option<String>,
    pub from: Option<DateTime<Utc>>,
    pub to: Option<DateTime<Utc>>,
    pub cursor: Option<String>,
    pub limit: Option<u64>,
}

#[derive(Debug, Clone, FromQueryResult)]
pub struct Entry {
    pub id: Id,
    pub at: DateTime<Utc>,
    /// None: the system itself.
    pub actor_id: Option<Id>,
    pub action: String,
    pub object: String,
    pub object_id: String,
    pub address: Option<String>,
    pub request_id: Option<String>,
    pub changes: Value,
}

#[derive(Debug)]
pub struct Page {
    pub items: Vec<Entry>,
    pub next: Option<String>,
}

/// A page of the log, the newest first.
pub async fn log(app: &App, actor: &Actor, filter: Filter) -> Result<Page> {
    actor.may(Permit::Audit)?;
    let after: Option<Id> = match &filter.cursor {
        Some(cursor) => Some(cursor.parse().map_err(|_| Error::field("cursor", "bad_cursor"))?),
        None => None,
    };
    let limit = filter.limit.unwrap_or(PAGE).clamp(1, MOST);
    let tenant = actor.tenant_id();
    let mut values: Vec<sea_orm::Value> = vec![tenant.0.into()];
    let mut sql = "SELECT id, at, actor_id, action, object, object_id, address, request_id, changes FROM audit \
                   WHERE tenant_id = $1"
        .to_owned();
    // Word for word what the indexes hold, so that both engines see they may use them.
    if filter.object.as_deref() != Some("lead") {
        sql.push_str(" AND object <> 'lead'");
    }
    let mut only = |condition: &str, value: Option<sea_orm::Value>| {
        if let Some(value) = value {
            values.push(value);
            sql.push_str(&format!(" AND {condition} ${}", values.len()));
        }
    };
    only("actor_id =", filter.actor.map(Into::into));
    only("action =", filter.action.map(Into::into));
    only("object =", filter.object.map(Into::into));
    only("object_id =", filter.object_id.map(Into::into));
    only("at >=", filter.from.map(Into::into));
    only("at <", filter.to.map(Into::into));
    only("id <", after.map(Into::into));
    sql.push_str(&format!(" ORDER BY id DESC LIMIT {}", limit + 1));
    let mut items: Vec<Entry> = app
        .db
        .glance(tenant, async move |tx: Tx| tx.all(&sql, values).await)
        .await?;
    let more = items.len() as u64 > limit;
    items.truncate(limit as usize);
    let next = items.last().filter(|_| more).map(|entry| entry.id.to_string());
    Ok(Page { items, next })
}
