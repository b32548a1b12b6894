//! All a lead's page shows, in one snapshot: the lead is looked for once, and nothing contradicts anything.

use platform::{Actor, App, Id, Result, Tx};

use super::lead::{Lead, Sibling, find_in, siblings};
use super::timeline::{PAGE, Timeline, timeline_in};
use crate::follow_ups::{self, FollowUp};
use crate::scripts::{self, Stored};

pub struct Whole {
    pub lead: Lead,
    /// Open ones first, by time.
    pub follow_ups: Vec<FollowUp>,
    /// Its first page.
    pub timeline: Timeline,
    pub decisions: Vec<Stored>,
    /// Others with one of its phones.
    pub family: Vec<Sibling>,
}

/// A lead with its follow-ups, its events and its latest decisions, as many as asked for.
pub async fn whole(app: &App, actor: &Actor, id: Id, decisions: u64) -> Result<Whole> {
    let actor = actor.clone();
    app.db
        .read(actor.tenant_id(), async move |tx: Tx| {
            let lead = find_in(&tx, &actor, id).await?;
            Ok(Whole {
                family: siblings(&tx, &actor, &lead).await?,
                lead,
                follow_ups: follow_ups::of_lead_in(&tx, id).await?,
                timeline: timeline_in(&tx, id, None, PAGE).await?,
                decisions: scripts::of_lead_in(&tx, id, decisions).await?,
            })
        })
        .await
}
