//! Other words, another place, out of use and back. A key and a kind stay: leads, scripts and imports rely on them.

use platform::{Actor, App, Error, Permit, Result, Tx, audit};
use sea_orm::Value;
use serde_json::json;
use wire::pack::{FieldKind, FieldOption};

use super::labels::{checked, is_new, options};
use super::list::{Entry, List, entries_in};
use crate::leads::{Label, Registry};

/// What is None stays as it is.
#[derive(Debug, Clone, Default)]
pub struct Change {
    pub labels: Option<Label>,
    /// All choices, in their order; one left out is no longer offered.
    pub options: Option<Vec<FieldOption>>,
    pub retired: Option<bool>,
    /// From 0.
    pub position: Option<usize>,
}

pub async fn change(app: &App, actor: &Actor, list: List, key: &str, change: Change) -> Result<Entry> {
    actor.may(Permit::Settings)?;
    let (author, key) = (actor.clone(), key.to_owned());
    let changed = app
        .db
        .write(actor.tenant_id(), async move |tx: Tx| {
            change_in(&tx, &author, list, &key, change).await
        })
        .await;
    app.kept.forget::<Registry>(actor.tenant_id());
    changed
}

async fn change_in(tx: &Tx, actor: &Actor, list: List, key: &str, change: Change) -> Result<Entry> {
    let mut entries = entries_in(tx, list).await?;
    let at = entries
        .iter()
        .position(|entry| entry.key == key)
        .ok_or(Error::NotFound)?;
    let before = entries[at].clone();
    let mut entry = before.clone();
    if let Some(labels) = change.labels {
        entry.labels = checked("labels", &labels)?;
        is_new(&entry.labels, &entries, Some(key))?;
    }
    if let Some(typed) = change.options.filter(|_| entry.kind == Some(FieldKind::Choice)) {
        entry.options = options(typed)?;
        if entry.options.is_empty() {
            return Err(Error::field("options", "required"));
        }
    }
    entry.retired = change.retired.unwrap_or(entry.retired);
    if entry.retired && list != List::CustomFields && entries.iter().all(|other| other.retired || other.key == key) {
        return Err(Error::refused("last_of_list"));
    }
    if entry != before {
        write(tx, list, &entry).await?;
        let was = json!({"labels": before.labels, "options": before.options, "retired": before.retired});
        let now = json!({"labels": entry.labels, "options": entry.options, "retired": entry.retired});
        let record = json!({"list": list.name(), "key": key, "from": was, "to": now});
        audit::record(tx, actor, "vocabulary.changed", "vocabulary", tx.tenant().0, record).await?;
    }
    if let Some(to) = change
        .position
        .map(|to| to.min(entries.len() - 1))
        .filter(|to| *to != at)
    {
        let moved = entries.remove(at);
        entries.insert(to, moved);
        arrange(tx, list, &entries).await?;
    }
    Ok(entry)
}

async fn write(tx: &Tx, list: List, entry: &Entry) -> Result<()> {
    let table = list.table();
    let mut values: Vec<Value> = vec![
        tx.tenant().0.into(),
        entry.key.as_str().into(),
        json!(entry.labels).into(),
        entry.retired.then(|| tx.now()).into(),
    ];
    let options = match list {
        List::CustomFields => {
            values.push(json!(entry.options).into());
            ", options = $5"
        }
        _ => "",
    };
    let sql = format!("UPDATE {table} SET labels = $3, retired_at = $4{options} WHERE tenant_id = $1 AND key = $2");
    tx.run(&sql, values).await.map(|_| ())
}

async fn arrange(tx: &Tx, list: List, entries: &[Entry]) -> Result<()> {
    let mut values: Vec<Value> = vec![tx.tenant().0.into()];
    let mut places = String::new();
    for (at, entry) in entries.iter().enumerate() {
        values.push(entry.key.as_str().into());
        places.push_str(&format!(" WHEN ${} THEN {at}", at + 2));
    }
    let sql = format!(
        "UPDATE {} SET position = CASE key{places} ELSE position END WHERE tenant_id = $1",
        list.table()
    );
    tx.run(&sql, values).await.map(|_| ())
}
