//! Everything that happened to a lead, newest first, from the event log.

use platform::events::Event;
use platform::{Actor, App, Id, Result, Tx};
use sea_orm::FromQueryResult;
use serde::Serialize;

use super::lead::find_in;

#[derive(Debug, Serialize)]
pub struct Entry {
    #[serde(flatten)]
    pub event: Event,
    /// Who did it; none for the system.
    pub actor_name: Option<String>,
}

/// The latest 200 events of a lead the actor may see.
pub async fn timeline(app: &App, actor: &Actor, lead: Id) -> Result<Vec<Entry>> {
    let actor = actor.clone();
    app.db
        .read(actor.tenant_id(), async move |tx: Tx| {
            find_in(&tx, &actor, lead).await?;
            timeline_in(&tx, lead).await
        })
        .await
}

/// As [`timeline`], of a lead already found to be visible.
pub(super) async fn timeline_in(tx: &Tx, lead: Id) -> Result<Vec<Entry>> {
    #[derive(FromQueryResult)]
    struct Row {
        #[sea_orm(nested)]
        event: Event,
        first_name: Option<String>,
        last_name: Option<String>,
    }
    let sql = "SELECT e.id, e.kind, e.occurred_at, e.actor_id, e.lead_id, e.owner_id, e.causation_id, e.depth, \
               e.payload, u.first_name, u.last_name FROM event AS e \
               LEFT JOIN app_user AS u ON u.tenant_id = $1 AND u.id = e.actor_id \
               WHERE e.tenant_id = $1 AND e.lead_id = $2 ORDER BY e.id DESC LIMIT 200";
    let rows: Vec<Row> = tx.all(sql, vec![tx.tenant().0.into(), lead.into()]).await?;
    let name = |first: String, last: String| format!("{first} {last}").trim().to_owned();
    Ok(rows
        .into_iter()
        .map(|row| Entry {
            actor_name: row.first_name.zip(row.last_name).map(|(first, last)| name(first, last)),
            event: row.event,
        })
        .collect())
}
