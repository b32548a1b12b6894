//! Changing settings: checked against the form, stored as the next version.

use platform::audit::{self, Changes};
use platform::{Actor, Error, Permit, Result, Tx, settings};
use serde_json::{Map, Value};
use wire::pack::{BadSetting, Pack, SettingKind};

use super::show::{Form, form, pack_of};
use crate::ports::Desk;
use crate::scripts;
use crate::typed;

#[derive(Debug, Clone, Default)]
pub struct Change {
    /// Null goes back to the pack's default, and follows it from then on.
    pub values: Map<String, Value>,
    /// What for, for the people who read the history.
    pub message: String,
    /// The version the form was opened at; another one means somebody saved meanwhile.
    pub based_on: Option<i64>,
    /// Plan anew what was planned under the values before and nobody has done yet.
    pub replan: bool,
}

/// Stores the values given over the current ones. Nothing is stored where nothing changes.
pub async fn change(desk: &Desk, actor: &Actor, change: impl Into<Change>) -> Result<Form> {
    actor.may(Permit::Settings)?;
    store(desk, actor, change.into()).await
}

/// As [`change`], of the values leads are given out by, which managers may change; a pack that has no such value
/// keeps none of it.
pub(crate) async fn change_distribution(desk: &Desk, actor: &Actor, mut values: Map<String, Value>) -> Result<Form> {
    actor.may(Permit::Distribution)?;
    let pack = pack_of(desk, actor);
    values.retain(|key, _| pack.settings.iter().any(|setting| &setting.key == key));
    store(desk, actor, Change::from(values)).await
}

async fn store(desk: &Desk, actor: &Actor, change: Change) -> Result<Form> {
    let pack = pack_of(desk, actor);
    check(&pack, &change.values)?;
    let message = typed::line("message", &change.message, 300)?;
    let actor = actor.clone();
    desk.app
        .db
        .write(actor.tenant_id(), async move |tx: Tx| {
            let current = settings::current(&tx).await?;
            if change.based_on.is_some_and(|version| version != current.version) {
                return Err(Error::conflict("settings_changed_meanwhile"));
            }
            let mut values = current.values.clone();
            for (key, value) in &change.values {
                if value.is_null() {
                    values.remove(key);
                } else {
                    values.insert(key.clone(), value.clone());
                }
            }
            if values == current.values {
                return Ok(form(&pack, current));
            }
            let next = settings::store(&tx, actor.user, values, &message, None).await?;
            let of = |key: &str| {
                current
                    .values
                    .get(key)
                    .cloned()
                    .unwrap_or_else(|| default_of(&pack, key))
            };
            let mut told = Changes::default();
            for (key, value) in &change.values {
                let now = if value.is_null() {
                    default_of(&pack, key)
                } else {
                    value.clone()
                };
                told.field(key, of(key), now);
            }
            audit::record(&tx, &actor, "settings.changed", "settings", tx.tenant().0, told.into()).await?;
            if change.replan {
                replan_all(&tx).await?;
            }
            Ok(form(&pack, next))
        })
        .await
}

/// Every rule whose plans the delays shape plans its pending follow-ups anew.
pub(super) async fn replan_all(tx: &Tx) -> Result<()> {
    for hook in scripts::PLANNING {
        scripts::replan_in(tx, hook).await?;
    }
    Ok(())
}

fn default_of(pack: &Pack, key: &str) -> Value {
    let setting = pack.settings.iter().find(|setting| setting.key == key);
    setting.map_or(Value::Null, |setting| setting.default.clone())
}

/// How many open follow-ups the delays have shaped: what planning anew would touch.
pub async fn pending(desk: &Desk, actor: &Actor) -> Result<i64> {
    actor.may(Permit::Settings)?;
    let mut count = 0;
    for hook in scripts::PLANNING {
        count += scripts::pending(&desk.app, actor, hook).await?;
    }
    Ok(count)
}

impl From<Map<String, Value>> for Change {
    fn from(values: Map<String, Value>) -> Self {
        Change {
            values,
            ..Change::default()
        }
    }
}

/// Every value that does not fit, at once: a form shows them all.
fn check(pack: &Pack, values: &Map<String, Value>) -> Result<()> {
    let mut bad = Vec::new();
    for (key, value) in values {
        let field = pack.settings.iter().find(|setting| &setting.key == key);
        let code = match field {
            None => Some("unknown_setting"),
            Some(_) if value.is_null() => None,
            Some(setting) => setting.accepts(value).err(),
        };
        if let Some(code) = code
            && let Error::Invalid(found) = refusal(pack, BadSetting { key: key.clone(), code })
        {
            bad.extend(found);
        }
    }
    if bad.is_empty() {
        Ok(())
    } else {
        Err(Error::Invalid(bad))
    }
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
