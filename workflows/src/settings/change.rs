//! Changing settings: checked against the form, stored as the next version.

use platform::{Actor, Error, Permit, Result, Tx, audit, settings};
use serde_json::{Map, Value, json};

use super::show::{Form, form};
use crate::ports::Desk;

/// Stores the values given over the current ones; null goes back to the pack's default.
pub async fn change(desk: &Desk, actor: &Actor, changes: Map<String, Value>) -> Result<Form> {
    actor.may(Permit::Settings)?;
    let pack = desk.packs.pack(&actor.tenant.pack).unwrap_or_else(|| desk.packs.core());
    let defaults = pack.defaults();
    let changes: Map<String, Value> = changes
        .into_iter()
        .map(|(key, value)| {
            let value = if value.is_null() {
                defaults.get(&key).cloned().unwrap_or(value)
            } else {
                value
            };
            (key, value)
        })
        .collect();
    pack.check_settings(&changes)
        .map_err(|bad| Error::field(bad.key, bad.code))?;
    let actor = actor.clone();
    desk.app
        .db
        .write(actor.tenant_id(), async move |tx: Tx| {
            if changes.is_empty() {
                return Ok(form(&pack, settings::current(&tx).await?));
            }
            let record = json!(changes);
            let next = settings::change(&tx, actor.user, changes).await?;
            audit::record(&tx, &actor, "settings.changed", "settings", tx.tenant().0, record).await?;
            Ok(form(&pack, next))
        })
        .await
}
