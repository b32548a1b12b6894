//! Everything that happened to a lead, newest first, from the event log.

use platform::events::Event;
use platform::{Actor, App, Error, Id, Result, Tx};
use sea_orm::{FromQueryResult, Value};
use serde::Serialize;

use super::lead::find_in;
use super::merge::lives_in;

#[derive(Debug, Serialize)]
pub struct Entry {
    #[serde(flatten)]
    pub event: Event,
    /// Who did it; none for the system.
    pub actor_name: Option<String>,
}

/// A page of a lead's events, newest first.
#[derive(Debug, Serialize)]
pub struct Timeline {
    pub entries: Vec<Entry>,
    /// Asks for what happened before.
    pub next: Option<String>,
}

/// The events of a lead the actor may see: the latest, or those before a cursor; 50, or as many as asked for up to 200.
pub async fn timeline(
    app: &App,
    actor: &Actor,
    lead: Id,
    cursor: Option<&str>,
    limit: Option<u64>,
) -> Result<Timeline> {
    let before = cursor
        .map(|cursor| cursor.parse().map_err(|_| Error::field("cursor", "bad_cursor")))
        .transpose()?;
    let actor = actor.clone();
    app.db
        .read(actor.tenant_id(), async move |tx: Tx| {
            find_in(&tx, &actor, lead).await?;
            timeline_in(&tx, lead, before, limit.unwrap_or(PAGE).clamp(1, 200)).await
        })
        .await
}

pub(super) const PAGE: u64 = 50;

/// As [`timeline`], of a lead already found to be visible.
pub(super) async fn timeline_in(tx: &Tx, lead: Id, before: Option<Id>, limit: u64) -> Result<Timeline> {
    #[derive(FromQueryResult)]
    struct Row {
        #[sea_orm(nested)]
        event: Event,
        first_name: Option<String>,
        last_name: Option<String>,
    }
    let leads = lives_in(tx, lead).await?;
    let mut values: Vec<Value> = vec![tx.tenant().0.into()];
    values.extend(leads.iter().map(|id| Value::from(*id)));
    let mut past = String::new();
    if let Some(before) = before {
        values.push(before.into());
        past = format!("AND e.id < ${} ", values.len());
    }
    let leads = platform::db::list(2, leads.len());
    let sql = format!(
        "SELECT e.id, e.kind, e.occurred_at, e.actor_id, e.lead_id, e.owner_id, e.causation_id, e.depth, \
               e.payload, u.first_name, u.last_name FROM event AS e \
               LEFT JOIN app_user AS u ON u.tenant_id = $1 AND u.id = e.actor_id \
               WHERE e.tenant_id = $1 AND e.lead_id IN ({leads}) {past}ORDER BY e.id DESC LIMIT {}",
        limit + 1
    );
    let mut rows: Vec<Row> = tx.all(&sql, values).await?;
    let more = rows.len() as u64 > limit;
    rows.truncate(limit as usize);
    let next = rows.last().filter(|_| more).map(|row| row.event.id.to_string());
    let name = |first: String, last: String| format!("{first} {last}").trim().to_owned();
    let entry = |row: Row| Entry {
        actor_name: row.first_name.zip(row.last_name).map(|(first, last)| name(first, last)),
        event: row.event,
    };
    Ok(Timeline {
        entries: rows.into_iter().map(entry).collect(),
        next,
    })
}
