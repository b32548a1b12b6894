//! A call with a lead, written down: which way it went, how it ended, what was said. An event like everything else on
//! the timeline; numbers count it as a contact where somebody was reached.

use platform::events::{self, NewEvent};
use platform::{Actor, App, Error, Id, Result, Tx};
use serde_json::json;

use super::lead::find_in;
use crate::typed;

#[derive(Debug, Clone, Default)]
pub struct Call {
    /// One of [`DIRECTIONS`].
    pub direction: String,
    /// One of [`CALL_OUTCOMES`].
    pub outcome: String,
    pub note: String,
}

pub const DIRECTIONS: [&str; 2] = ["out", "in"];
pub const CALL_OUTCOMES: [&str; 4] = ["reached", "no_answer", "busy", "wrong_number"];

pub async fn log_call(app: &App, actor: &Actor, lead: Id, call: Call) -> Result<Id> {
    let actor = actor.clone();
    app.db
        .write(actor.tenant_id(), async move |tx: Tx| {
            log_call_in(&tx, &actor, lead, call).await
        })
        .await
}

pub async fn log_call_in(tx: &Tx, actor: &Actor, lead: Id, call: Call) -> Result<Id> {
    if !DIRECTIONS.contains(&call.direction.as_str()) {
        return Err(Error::field("direction", "unknown_direction"));
    }
    if !CALL_OUTCOMES.contains(&call.outcome.as_str()) {
        return Err(Error::field("outcome", "unknown_outcome"));
    }
    let lead = find_in(tx, actor, lead).await?;
    if call.outcome == "reached" && lead.first_contact_at.is_none() {
        let sql = "UPDATE lead SET first_contact_at = $3 WHERE tenant_id = $1 AND id = $2 AND first_contact_at IS NULL";
        tx.run(sql, vec![tx.tenant().0.into(), lead.id.into(), tx.now().into()])
            .await?;
    }
    let note = typed::text("note", &call.note, 5_000)?;
    let event = NewEvent {
        kind: "lead.called",
        lead: Some(lead.id),
        owner: lead.owner_id,
        cause: None,
        payload: json!({"direction": call.direction, "outcome": call.outcome, "note": note}),
    };
    events::record(tx, actor, event).await
}
