//! Changing settings: checked against the form, stored as the next version.

use platform::{Actor, Error, Permit, Result, Tx, audit, settings};
use serde_json::{Map, Value, json};
use wire::pack::{BadSetting, Pack, SettingKind};

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
    pack.check_settings(&changes).map_err(|bad| refusal(&pack, bad))?;
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

/// The refusal with the bounds its sentence names.
pub(crate) fn refusal(pack: &Pack, bad: BadSetting) -> Error {
    let setting = pack.settings.iter().find(|setting| setting.key == bad.key);
    let bounds = setting.map(|s| (s.kind, s.minimum, s.maximum, s.max_items));
    let error = Error::field(bad.key.as_str(), bad.code);
    match (bad.code, bounds) {
        ("out_of_range", Some((SettingKind::Text, ..))) => Error::field(bad.key, "too_long").with("max", 500),
        ("out_of_range", Some((_, least, most, _))) => error
            .with("min", least.unwrap_or(i64::MIN))
            .with("max", most.unwrap_or(i64::MAX)),
        ("too_many", Some((.., items))) => error.with("max", items.unwrap_or(20)),
        _ => error,
    }
}
