//! All a lead's page shows, in one snapshot: the lead is looked for once, and nothing contradicts anything.

use platform::{Actor, App, Id, Result, Tx};

use super::lead::{Lead, Sibling, find_in, siblings};
use super::timeline::{PAGE, Timeline, timeline_in};
use crate::follow_ups::{self, FollowUp, Reminder};
use crate::scripts::{self, Stored};

pub struct Whole {
    pub lead: Lead,
    /// Open ones first, by time.
    pub follow_ups: Vec<FollowUp>,
    /// Of those still open, the latest first.
    pub reminders: Vec<Reminder>,
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
            let follow_ups = follow_ups::of_lead_in(&tx, id).await?;
            let open: Vec<Id> = follow_ups.iter().filter(|f| f.state == "open").map(|f| f.id).collect();
            Ok(Whole {
                reminders: follow_ups::reminders_of_in(&tx, &open).await?,
                family: siblings(&tx, &actor, &lead).await?,
                lead,
                follow_ups,
                timeline: timeline_in(&tx, id, None, PAGE).await?,
                decisions: scripts::of_lead_in(&tx, id, decisions).await?,
            })
        })
        .await
}
