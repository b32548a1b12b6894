//! Everything that happened to a lead, newest first, from the event log.

use platform::events::Event;
use platform::{Actor, App, Id, Result, Tx};
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
            let events: Vec<Event> = tx
                .all(
                    "SELECT id, kind, occurred_at, actor_id, lead_id, owner_id, causation_id, depth, payload \
                     FROM event WHERE tenant_id = $1 AND lead_id = $2 ORDER BY id DESC LIMIT 200",
                    vec![tx.tenant().0.into(), lead.into()],
                )
                .await?;
            let names = crate::staff::names(&tx).await?;
            Ok(events
                .into_iter()
                .map(|event| Entry {
                    actor_name: event.actor_id.and_then(|id| names.get(&id).cloned()),
                    event,
                })
                .collect())
        })
        .await
}
