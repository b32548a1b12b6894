//! One more source, lost reason or field, at the end of its list.

use platform::idempotency::Key;
use platform::{Actor, App, Error, Permit, Result, Tx, audit};
use sea_orm::Value;
use serde_json::json;
use wire::pack::{FieldKind, FieldOption};

use super::labels::{checked, is_key, is_new, key, options};
use super::list::{Entry, List, entries_in};
use crate::leads::{Label, Registry};

/// Beyond this a form is no form.
const MOST: usize = 100;

#[derive(Debug, Clone, Default)]
pub struct New {
    /// None: made of the words.
    pub key: Option<String>,
    pub labels: Label,
    /// Of a custom field; none is text.
    pub kind: Option<FieldKind>,
    pub options: Vec<FieldOption>,
}

/// The same key gets the first answer again.
pub async fn add(app: &App, actor: &Actor, list: List, new: New, key: Option<Key>) -> Result<Entry> {
    let author = actor.clone();
    let added = app
        .once(actor, key, async move |tx: Tx| add_in(&tx, &author, list, new).await)
        .await;
    app.kept.forget::<Registry>(actor.tenant_id());
    added
}

async fn add_in(tx: &Tx, actor: &Actor, list: List, new: New) -> Result<Entry> {
    actor.may(Permit::Settings)?;
    let others = entries_in(tx, list).await?;
    if others.len() >= MOST {
        return Err(Error::refused("list_full").with("max", MOST as u64));
    }
    let labels = checked("labels", &new.labels)?;
    is_new(&labels, &others, None)?;
    let taken = |key: &str| others.iter().any(|entry| entry.key == key);
    let key = match new.key {
        None => key(&labels, taken),
        Some(key) if !is_key(&key) => return Err(Error::field("key", "bad_key")),
        Some(key) if taken(&key) => return Err(Error::field("key", "already_exists")),
        Some(key) => key,
    };
    let kind = (list == List::CustomFields).then(|| new.kind.unwrap_or(FieldKind::Text));
    let options = match kind {
        Some(FieldKind::Choice) => options(new.options)?,
        _ => Vec::new(),
    };
    if kind == Some(FieldKind::Choice) && options.is_empty() {
        return Err(Error::field("options", "required"));
    }
    let entry = Entry {
        key,
        labels,
        kind,
        options,
        retired: false,
    };
    store(tx, list, &entry, others.len() as i32).await?;
    let record = json!({"list": list.name(), "key": entry.key, "labels": entry.labels});
    audit::record(tx, actor, "vocabulary.added", "vocabulary", tx.tenant().0, record).await?;
    Ok(entry)
}

async fn store(tx: &Tx, list: List, entry: &Entry, position: i32) -> Result<()> {
    let mut values: Vec<Value> = vec![
        tx.tenant().0.into(),
        entry.key.as_str().into(),
        position.into(),
        json!(entry.labels).into(),
    ];
    let sql = match list {
        List::CustomFields => {
            values.push(json!(entry.kind).as_str().unwrap_or("text").into());
            values.push(json!(entry.options).into());
            "INSERT INTO custom_field (tenant_id, key, position, labels, kind, options) VALUES ($1, $2, $3, $4, $5, $6) \
             ON CONFLICT DO NOTHING"
                .to_owned()
        }
        _ => format!(
            "INSERT INTO {} (tenant_id, key, position, labels) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
            list.table()
        ),
    };
    match tx.run(&sql, values).await? {
        // Somebody adds the same at this very moment.
        0 => Err(Error::field("labels", "name_taken")),
        _ => Ok(()),
    }
}
