//! Versions of a hook: never changed, each with its author, its message, its hash and the one it was written over.

use chrono::{DateTime, Utc};
use platform::{Actor, App, Error, Permit, Result, Tx};
use sea_orm::FromQueryResult;
use serde::Serialize;
use wire::Hook;

#[derive(Debug, FromQueryResult, Serialize)]
pub struct Version {
    pub hook: String,
    pub version: i64,
    pub hash: String,
    /// The version published when this one was written; none is the pack's script.
    pub parent: Option<i64>,
    pub author_id: Option<platform::Id>,
    pub message: String,
    pub created_at: DateTime<Utc>,
    pub source: String,
}

pub(super) const COLUMNS: &str = "hook, version, hash, parent, author_id, message, created_at, source";

/// The latest 100 versions of a hook, newest first.
pub async fn versions(app: &App, actor: &Actor, hook: Hook) -> Result<Vec<Version>> {
    actor.may(Permit::Scripts)?;
    let tenant = actor.tenant_id();
    app.db
        .read(tenant, async move |tx: Tx| {
            let sql = format!(
                "SELECT {COLUMNS} FROM script_version WHERE tenant_id = $1 AND hook = $2 ORDER BY version DESC LIMIT 100"
            );
            tx.all(&sql, vec![tenant.0.into(), hook.as_str().into()]).await
        })
        .await
}

pub async fn version(app: &App, actor: &Actor, hook: Hook, version: i64) -> Result<Version> {
    actor.may(Permit::Scripts)?;
    app.db
        .read(actor.tenant_id(), async move |tx: Tx| {
            version_in(&tx, hook, version).await
        })
        .await
}

pub(super) async fn version_in(tx: &Tx, hook: Hook, version: i64) -> Result<Version> {
    let sql = format!("SELECT {COLUMNS} FROM script_version WHERE tenant_id = $1 AND hook = $2 AND version = $3");
    let values = vec![tx.tenant().0.into(), hook.as_str().into(), version.into()];
    tx.one(&sql, values).await?.ok_or(Error::NotFound)
}
