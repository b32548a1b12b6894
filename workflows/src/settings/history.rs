//! Every version of the settings: who changed what from what to what, and the way back to any of them.

use chrono::{DateTime, Utc};
use platform::{Actor, Error, Id, Permit, Result, Tx, audit, settings};
use sea_orm::FromQueryResult;
use serde_json::{Map, Value, json};
use wire::pack::Pack;

use super::change::replan_all;
use super::show::{Form, form, pack_of};
use crate::ports::Desk;

const SHOWN: usize = 100;

#[derive(Debug)]
pub struct Version {
    pub version: i64,
    pub author_id: Option<Id>,
    pub message: String,
    /// The earlier version it went back to.
    pub restored: Option<i64>,
    pub created_at: DateTime<Utc>,
    pub changes: Vec<Changed>,
}

/// One value in force before and after, as the pack the tenant runs on now names it.
#[derive(Debug, Clone, PartialEq)]
pub struct Changed {
    pub key: String,
    pub from: Value,
    pub to: Value,
}

#[derive(FromQueryResult)]
struct Row {
    version: i64,
    settings: Value,
    author_id: Option<Id>,
    message: Option<String>,
    restored: Option<i64>,
    created_at: DateTime<Utc>,
}

/// The latest versions, newest first.
pub async fn versions(desk: &Desk, actor: &Actor) -> Result<Vec<Version>> {
    actor.may(Permit::Settings)?;
    let pack = pack_of(desk, actor);
    let rows: Vec<Row> = desk
        .app
        .db
        .read(actor.tenant_id(), async move |tx: Tx| {
            let sql = format!(
                "SELECT version, settings, author_id, message, restored, created_at FROM settings_version \
                 WHERE tenant_id = $1 ORDER BY version DESC LIMIT {}",
                SHOWN + 1
            );
            tx.all(&sql, vec![tx.tenant().0.into()]).await
        })
        .await?;
    let none = Map::new();
    let of = |row: Option<&Row>| pack.settings_with(row.and_then(|row| row.settings.as_object()).unwrap_or(&none));
    let mut found = Vec::with_capacity(rows.len());
    for (at, row) in rows.iter().enumerate().take(SHOWN) {
        found.push(Version {
            version: row.version,
            author_id: row.author_id,
            message: row.message.clone().unwrap_or_default(),
            restored: row.restored,
            created_at: row.created_at,
            changes: changed(&pack, &of(rows.get(at + 1)), &of(Some(row))),
        });
    }
    Ok(found)
}

/// Goes back to an earlier version: its values become the next one. What was planned under the values before can be
/// planned anew under these.
pub async fn restore(desk: &Desk, actor: &Actor, version: i64, replan: bool) -> Result<Form> {
    actor.may(Permit::Settings)?;
    let pack = pack_of(desk, actor);
    let actor = actor.clone();
    desk.app
        .db
        .write(actor.tenant_id(), async move |tx: Tx| {
            let sql = "SELECT version, settings, author_id, message, restored, created_at FROM settings_version \
                       WHERE tenant_id = $1 AND version = $2";
            let row: Option<Row> = tx.one(sql, vec![tx.tenant().0.into(), version.into()]).await?;
            let values = row
                .ok_or(Error::NotFound)?
                .settings
                .as_object()
                .cloned()
                .unwrap_or_default();
            let current = settings::current(&tx).await?;
            if current.values == values {
                return Ok(form(&pack, current));
            }
            let next = settings::store(&tx, actor.user, values, "", Some(version)).await?;
            let record = json!({"version": {"from": current.version, "to": version}});
            audit::record(&tx, &actor, "settings.restored", "settings", tx.tenant().0, record).await?;
            if replan {
                replan_all(&tx).await?;
            }
            Ok(form(&pack, next))
        })
        .await
}

fn changed(pack: &Pack, before: &Map<String, Value>, after: &Map<String, Value>) -> Vec<Changed> {
    let of = |values: &Map<String, Value>, key: &str| values.get(key).cloned().unwrap_or(Value::Null);
    pack.settings
        .iter()
        .map(|setting| Changed {
            key: setting.key.clone(),
            from: of(before, &setting.key),
            to: of(after, &setting.key),
        })
        .filter(|change| change.from != change.to)
        .collect()
}
