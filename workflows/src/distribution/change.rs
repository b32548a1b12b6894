//! The rules of the desk, which managers change; every other setting is the admin's.

use platform::{Actor, Permit, Result};
use serde_json::{Map, Value};

use super::silent::set_silent_minutes;
use crate::ports::Desk;
use crate::settings;

/// What may be changed; absent stays, an inner none goes back to the pack's default.
#[derive(Debug, Clone, Default)]
pub struct Change {
    pub use_weights: Option<Option<bool>>,
    pub lead_cap: Option<Option<i64>>,
    pub overdue_block: Option<Option<i64>>,
    pub overdue_grace_minutes: Option<Option<i64>>,
    pub silent_minutes: Option<i64>,
}

pub async fn change(desk: &Desk, actor: &Actor, change: Change) -> Result<()> {
    actor.may(Permit::Distribution)?;
    let whole = |value: Option<i64>| value.map_or(Value::Null, Value::from);
    let mut values = Map::new();
    if let Some(value) = change.use_weights {
        values.insert("use_weights".into(), value.map_or(Value::Null, Value::from));
    }
    for (key, value) in [
        ("lead_cap", change.lead_cap),
        ("overdue_block", change.overdue_block),
        ("overdue_grace_minutes", change.overdue_grace_minutes),
    ] {
        if let Some(value) = value {
            values.insert(key.into(), whole(value));
        }
    }
    if !values.is_empty() {
        settings::change_distribution(desk, actor, values).await?;
    }
    match change.silent_minutes {
        Some(minutes) => set_silent_minutes(&desk.app, actor, minutes).await,
        None => Ok(()),
    }
}
