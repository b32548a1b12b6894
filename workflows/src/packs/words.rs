//! A pack's words in the tenant's rows: statuses and moves, sources, lost reasons, texts, fields. What is there stays;
//! a label that is still some pack's is kept up to date, one the centre wrote itself is not touched.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use platform::db::insert;
use platform::{Result, Tx};
use sea_orm::{FromQueryResult, Value};
use serde_json::json;
use wire::pack::{Labels, MoveBy, Pack, Transition};

/// The tables of named words.
const NAMED: [&str; 3] = ["source", "lost_reason", "pack_text"];

/// Adds what is missing. Until the pack runs, its statuses and fields wait out of sight.
pub async fn bring(tx: &Tx, pack: &Pack, running: bool) -> Result<()> {
    let tenant = tx.tenant();
    let again = "ON CONFLICT DO NOTHING";
    let hidden = (!running).then(|| tx.now());
    let rows = pack.statuses.iter().map(|s| {
        vec![
            tenant.0.into(),
            s.key.as_str().into(),
            s.kind.as_str().into(),
            s.order.into(),
            json!(s.labels).into(),
            hidden.into(),
        ]
    });
    let columns = "tenant_id, key, kind, position, labels, retired_at";
    insert(tx, "status", columns, rows.collect(), again).await?;
    let rows = pack.custom_fields.iter().zip(0i32..).map(|(field, at)| {
        vec![
            tenant.0.into(),
            field.key.as_str().into(),
            at.into(),
            json!(field.kind).as_str().unwrap_or("text").into(),
            json!(field.options).into(),
            json!(field.labels).into(),
            hidden.into(),
        ]
    });
    let columns = "tenant_id, key, position, kind, options, labels, retired_at";
    insert(tx, "custom_field", columns, rows.collect(), again).await?;
    if running {
        insert_moves(tx, &pack.transitions).await?;
    }
    for table in NAMED {
        let rows = named(pack, table)
            .into_iter()
            .zip(0i32..)
            .map(|((key, labels), at)| vec![tenant.0.into(), key.into(), at.into(), json!(labels).into()]);
        insert(tx, table, "tenant_id, key, position, labels", rows.collect(), again).await?;
    }
    Ok(())
}

/// Makes a pack's words those in use: in its order, with its moves; statuses and fields that only other packs know
/// are put out of use, with the leads in them where they are.
pub async fn adopt(tx: &Tx, pack: &Pack, shipped: &[Arc<Pack>]) -> Result<()> {
    bring(tx, pack, true).await?;
    let tenant = tx.tenant();
    let known = |key: &str| shipped.iter().any(|other| other.statuses.iter().any(|s| s.key == key));
    for status in statuses(tx).await? {
        let values = |position: i32, retired: Option<chrono::DateTime<chrono::Utc>>| -> Vec<Value> {
            vec![
                tenant.0.into(),
                status.key.as_str().into(),
                position.into(),
                retired.into(),
            ]
        };
        let sql = "UPDATE status SET position = $3, retired_at = $4 WHERE tenant_id = $1 AND key = $2";
        match pack.statuses.iter().find(|theirs| theirs.key == status.key) {
            Some(theirs) => tx.run(sql, values(theirs.order, None)).await?,
            None if known(&status.key) => {
                let since = status.retired_at.unwrap_or_else(|| tx.now());
                tx.run(sql, values(1_000 + status.position % 1_000, Some(since)))
                    .await?
            }
            None => 0,
        };
    }
    let fields: Vec<&str> = pack.custom_fields.iter().map(|field| field.key.as_str()).collect();
    for key in keys(tx, "custom_field").await? {
        let shipped = shipped
            .iter()
            .any(|other| other.custom_fields.iter().any(|f| f.key == key));
        let retired = (shipped && !fields.contains(&key.as_str())).then(|| tx.now());
        let sql = "UPDATE custom_field SET retired_at = $3 WHERE tenant_id = $1 AND key = $2";
        tx.run(sql, vec![tenant.0.into(), key.into(), retired.into()]).await?;
    }
    moves(tx, pack, shipped).await?;
    relabel(tx, pack, shipped).await
}

#[derive(FromQueryResult)]
pub(super) struct StatusRow {
    pub key: String,
    pub kind: String,
    pub position: i32,
    pub labels: serde_json::Value,
    pub retired_at: Option<chrono::DateTime<chrono::Utc>>,
}

pub(super) async fn statuses(tx: &Tx) -> Result<Vec<StatusRow>> {
    let sql = "SELECT key, kind, position, labels, retired_at FROM status WHERE tenant_id = $1 ORDER BY position, key";
    tx.all(sql, vec![tx.tenant().0.into()]).await
}

/// A pack's words of a table, by key.
pub(super) fn named<'a>(pack: &'a Pack, table: &str) -> Vec<(&'a str, &'a Labels)> {
    match table {
        "source" => pack.sources.iter().map(|s| (s.key.as_str(), &s.labels)).collect(),
        "lost_reason" => pack.lost_reasons.iter().map(|r| (r.key.as_str(), &r.labels)).collect(),
        _ => pack.texts.iter().map(|t| (t.key.as_str(), &t.labels)).collect(),
    }
}

/// The labels of a table's rows, by key.
pub(super) async fn labels(tx: &Tx, table: &str) -> Result<BTreeMap<String, Labels>> {
    #[derive(FromQueryResult)]
    struct Row {
        key: String,
        labels: serde_json::Value,
    }
    let sql = format!("SELECT key, labels FROM {table} WHERE tenant_id = $1");
    let rows: Vec<Row> = tx.all(&sql, vec![tx.tenant().0.into()]).await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.key, serde_json::from_value(row.labels).unwrap_or_default()))
        .collect())
}

/// Whether a label is some pack's word for a key, and so not the centre's own.
pub(super) fn is_shipped(shipped: &[Arc<Pack>], table: &str, key: &str, label: &Labels) -> bool {
    shipped.iter().any(|pack| match table {
        "status" => pack.statuses.iter().any(|s| s.key == key && &s.labels == label),
        _ => named(pack, table)
            .iter()
            .any(|(known, labels)| *known == key && *labels == label),
    })
}

async fn relabel(tx: &Tx, pack: &Pack, shipped: &[Arc<Pack>]) -> Result<()> {
    let statuses = pack.statuses.iter().map(|s| (s.key.as_str(), &s.labels)).collect();
    let tables = NAMED.into_iter().map(|table| (table, named(pack, table)));
    for (table, words) in std::iter::once(("status", statuses)).chain(tables) {
        let now = labels(tx, table).await?;
        for (key, wanted) in words {
            let Some(shown) = now.get(key).filter(|shown| *shown != wanted) else {
                continue;
            };
            if is_shipped(shipped, table, key, shown) {
                let sql = format!("UPDATE {table} SET labels = $3 WHERE tenant_id = $1 AND key = $2");
                let values = vec![tx.tenant().0.into(), key.into(), json!(wanted).into()];
                tx.run(&sql, values).await?;
            }
        }
    }
    Ok(())
}

/// The pack's moves come, those only other packs know go; the centre's own stay.
async fn moves(tx: &Tx, pack: &Pack, shipped: &[Arc<Pack>]) -> Result<()> {
    #[derive(FromQueryResult)]
    struct Row {
        from_key: String,
        to_key: String,
    }
    let pair = |step: &Transition| (step.from.clone(), step.to.clone());
    let wanted: HashSet<_> = pack.transitions.iter().map(pair).collect();
    let known: HashSet<_> = shipped.iter().flat_map(|pack| &pack.transitions).map(pair).collect();
    let sql = "SELECT from_key, to_key FROM transition WHERE tenant_id = $1";
    let rows: Vec<Row> = tx.all(sql, vec![tx.tenant().0.into()]).await?;
    for row in rows {
        let step = (row.from_key, row.to_key);
        // The pack's own are written anew: who may make a move, and what it needs, may have changed.
        if known.contains(&step) || wanted.contains(&step) {
            let sql = "DELETE FROM transition WHERE tenant_id = $1 AND from_key = $2 AND to_key = $3";
            tx.run(sql, vec![tx.tenant().0.into(), step.0.into(), step.1.into()])
                .await?;
        }
    }
    insert_moves(tx, &pack.transitions).await
}

async fn insert_moves(tx: &Tx, transitions: &[Transition]) -> Result<()> {
    let rows = transitions.iter().map(|step| {
        let by = match step.by {
            MoveBy::Anyone => "anyone",
            MoveBy::Manager => "manager",
            MoveBy::System => "system",
        };
        vec![
            tx.tenant().0.into(),
            step.from.as_str().into(),
            step.to.as_str().into(),
            by.into(),
            step.reason.into(),
            step.guard.clone().into(),
        ]
    });
    let columns = "tenant_id, from_key, to_key, moved_by, needs_reason, guard";
    insert(tx, "transition", columns, rows.collect(), "ON CONFLICT DO NOTHING").await?;
    Ok(())
}

async fn keys(tx: &Tx, table: &str) -> Result<Vec<String>> {
    Ok(labels(tx, table).await?.into_keys().collect())
}
