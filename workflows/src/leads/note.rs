//! A note on a lead: an event like everything else on its timeline.

use platform::events::{self, NewEvent};
use platform::{Actor, App, Error, Id, Result, Tx, audit};
use serde_json::json;

use super::lead::find_in;
use crate::typed;

pub async fn add_note(app: &App, actor: &Actor, lead: Id, text: &str) -> Result<Id> {
    let (actor, text) = (actor.clone(), text.to_owned());
    app.db
        .write(actor.tenant_id(), async move |tx: Tx| {
            add_note_in(&tx, &actor, lead, &text).await
        })
        .await
}

pub async fn add_note_in(tx: &Tx, actor: &Actor, lead: Id, text: &str) -> Result<Id> {
    let text = typed::text("text", text, 5_000)?;
    if text.is_empty() {
        return Err(Error::field("text", "required"));
    }
    let lead = find_in(tx, actor, lead).await?;
    let event = NewEvent {
        kind: "lead.noted",
        lead: Some(lead.id),
        owner: lead.owner_id,
        cause: None,
        payload: json!({"text": text}),
    };
    let noted = events::record(tx, actor, event).await?;
    audit::record(tx, actor, "lead.noted", "lead", lead.id, json!({})).await?;
    Ok(noted)
}
