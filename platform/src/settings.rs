//! A tenant's settings: append-only versions, so that a decision can name the ones it was made under.

use sea_orm::FromQueryResult;
use serde_json::{Map, Value};

use crate::db::Tx;
use crate::error::Result;
use crate::ids::Id;

#[derive(Debug, Clone, Default)]
pub struct Settings {
    pub version: i64,
    pub values: Map<String, Value>,
}

impl Settings {
    pub fn integer(&self, key: &str) -> Option<i64> {
        self.values.get(key).and_then(Value::as_i64)
    }

    pub fn boolean(&self, key: &str) -> Option<bool> {
        self.values.get(key).and_then(Value::as_bool)
    }
}

pub async fn current(tx: &Tx) -> Result<Settings> {
    #[derive(FromQueryResult)]
    struct Row {
        version: i64,
        settings: Value,
    }
    let sql = "SELECT version, settings FROM settings_version WHERE tenant_id = $1 ORDER BY version DESC LIMIT 1";
    let row: Option<Row> = tx.one(sql, vec![tx.tenant().0.into()]).await?;
    Ok(row.map_or_else(Settings::default, |row| Settings {
        version: row.version,
        values: row.settings.as_object().cloned().unwrap_or_default(),
    }))
}

/// Stores changed values over the current ones as the next version.
pub async fn change(tx: &Tx, author: Option<Id>, changes: Map<String, Value>) -> Result<Settings> {
    let mut values = current(tx).await?.values;
    values.extend(changes);
    store(tx, author, values, "", None).await
}

/// Stores all values as the next version; `restored` is the earlier version they are taken from.
pub async fn store(
    tx: &Tx,
    author: Option<Id>,
    values: Map<String, Value>,
    message: &str,
    restored: Option<i64>,
) -> Result<Settings> {
    let version = current(tx).await?.version + 1;
    tx.run(
        "INSERT INTO settings_version (tenant_id, version, settings, author_id, message, restored, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        vec![
            tx.tenant().0.into(),
            version.into(),
            Value::Object(values.clone()).into(),
            author.into(),
            message.into(),
            restored.into(),
            tx.now().into(),
        ],
    )
    .await?;
    Ok(Settings { version, values })
}
