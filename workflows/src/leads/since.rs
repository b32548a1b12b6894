//! What has happened to leads since a page was drawn: for a page that was away for a moment.

use chrono::{DateTime, TimeDelta, Utc};
use platform::live::{Change, News, first_id_at};
use platform::{Actor, App, Id, Permit, Result, Tx};
use sea_orm::FromQueryResult;

/// An event gets its id before its transaction commits.
const OVERLAP: TimeDelta = TimeDelta::seconds(5);
const MOST: usize = 100;

/// Leads the actor may see, or might before, that changed since a real instant.
pub async fn changed_since(app: &App, actor: &Actor, since: DateTime<Utc>) -> Result<News> {
    #[derive(FromQueryResult)]
    struct Row {
        lead_id: Id,
        owner_id: Option<Id>,
        actor_id: Option<Id>,
        payload: Option<serde_json::Value>,
    }
    let (first, all) = (first_id_at(since - OVERLAP), actor.can(Permit::LeadsAll));
    let rows: Vec<Row> = app
        .db
        .glance(actor.tenant_id(), async move |tx: Tx| {
            let sql = format!(
                "SELECT lead_id, owner_id, actor_id, CASE WHEN kind = 'lead.assigned' THEN payload END AS payload \
                 FROM event WHERE tenant_id = $1 AND id >= $2 AND lead_id IS NOT NULL ORDER BY id LIMIT {}",
                MOST + 1
            );
            tx.all(&sql, vec![tx.tenant().0.into(), first.into()]).await
        })
        .await?;
    if rows.len() > MOST {
        return Ok(News::Anything);
    }
    let change = |row: Row| {
        let from = row
            .payload
            .as_ref()
            .and_then(|payload| payload["from"].as_str()?.parse().ok());
        Change {
            lead: row.lead_id,
            owners: row.owner_id.into_iter().chain(from).collect(),
            by: row.actor_id,
        }
    };
    let changes = rows
        .into_iter()
        .map(change)
        .filter(|change| change.concerns(actor, all));
    Ok(News::Changes(changes.collect()))
}
