//! The three lists, in their order, with what is out of use.

use platform::{Actor, App, Result, Tx};
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use wire::pack::{FieldKind, FieldOption};

use crate::leads::Label;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    Sources,
    LostReasons,
    CustomFields,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// What scripts, imports and the API say; never changes.
    pub key: String,
    pub labels: Label,
    /// Of a custom field.
    pub kind: Option<FieldKind>,
    /// Of a custom field that is a choice.
    pub options: Vec<FieldOption>,
    /// No longer offered; leads that carry it keep it.
    pub retired: bool,
}

impl List {
    pub const ALL: [List; 3] = [List::Sources, List::LostReasons, List::CustomFields];

    pub fn parse(name: &str) -> Option<Self> {
        List::ALL.into_iter().find(|list| list.name() == name)
    }

    /// As addresses say it.
    pub fn name(self) -> &'static str {
        match self {
            List::Sources => "sources",
            List::LostReasons => "lost-reasons",
            List::CustomFields => "custom-fields",
        }
    }

    pub(super) fn table(self) -> &'static str {
        match self {
            List::Sources => "source",
            List::LostReasons => "lost_reason",
            List::CustomFields => "custom_field",
        }
    }
}

/// All of a list, those out of use among them: the forms everybody fills are made of it.
pub async fn entries(app: &App, actor: &Actor, list: List) -> Result<Vec<Entry>> {
    app.db
        .read(actor.tenant_id(), async move |tx: Tx| entries_in(&tx, list).await)
        .await
}

pub(super) async fn entries_in(tx: &Tx, list: List) -> Result<Vec<Entry>> {
    #[derive(FromQueryResult)]
    struct Row {
        key: String,
        labels: Value,
        kind: Option<String>,
        options: Option<Value>,
        retired_at: Option<chrono::DateTime<chrono::Utc>>,
    }
    let of_fields = match list {
        List::CustomFields => "kind, options",
        _ => "CAST(NULL AS TEXT) AS kind, CAST(NULL AS JSONB) AS options",
    };
    let sql = format!(
        "SELECT key, labels, {of_fields}, retired_at FROM {} WHERE tenant_id = $1 ORDER BY position, key",
        list.table()
    );
    let rows: Vec<Row> = tx.all(&sql, vec![tx.tenant().0.into()]).await?;
    let entry = |row: Row| Entry {
        key: row.key,
        labels: serde_json::from_value(row.labels).unwrap_or_default(),
        kind: row.kind.and_then(|kind| serde_json::from_value(kind.into()).ok()),
        options: row
            .options
            .and_then(|options| serde_json::from_value(options).ok())
            .unwrap_or_default(),
        retired: row.retired_at.is_some(),
    };
    Ok(rows.into_iter().map(entry).collect())
}
