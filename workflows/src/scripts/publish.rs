//! Overrides: an admin reads the pack's script, edits a copy, sees errors at their line, publishes, rolls back.
//! Versions are never changed; publishing points at one.

use std::sync::Arc;

use platform::{Actor, Error, Permit, Result, Tx, audit};
use sea_orm::FromQueryResult;
use serde_json::{Value, json};
use wire::{Check, CheckReport, Hook};

use super::drafts::discard_in;
use super::explain::explain;
use super::golden::gate;
use super::replan::replan_in;
use super::scene::scene;
use super::versions::version_in;
use crate::ports::{Desk, ScriptFault};
use crate::typed;

#[derive(Debug, Clone)]
pub struct Publish {
    pub source: String,
    pub message: String,
    /// The published version the editor started from; another one means somebody published meanwhile.
    pub based_on: Option<i64>,
    /// Plan anew what the rule before has planned and nobody has done yet.
    pub replan: bool,
}

/// Parses and lints a source against the tenant's words. Nothing is stored.
pub async fn check(desk: &Desk, actor: &Actor, hook: Hook, source: &str) -> Result<CheckReport> {
    actor.may(Permit::Scripts)?;
    let (author, packs) = (actor.clone(), desk.packs.clone());
    let scene = desk
        .app
        .db
        .read(actor.tenant_id(), async move |tx: Tx| {
            scene(&tx, &author, &*packs, hook).await
        })
        .await?;
    let batch = scene.batch(actor);
    let base = desk.packs.pack(&actor.tenant.pack).unwrap_or_else(|| desk.packs.core());
    let check = Check {
        tenant: batch.tenant,
        source: source.to_owned(),
        base: Some(base.script.clone()),
        registry: batch.registry,
        settings: batch.settings,
    };
    desk.scripts.check(check).await.map_err(unavailable)
}

fn unavailable(fault: ScriptFault) -> Error {
    tracing::warn!(
        code = fault.code,
        message = fault.message,
        "the script service did not answer"
    );
    Error::Unavailable("scripts_unavailable")
}

/// The engine's description of its words, fields and hooks, for completion and help.
pub async fn describe(desk: &Desk, actor: &Actor) -> Result<Arc<Value>> {
    actor.may(Permit::Scripts)?;
    desk.scripts.describe().await.map_err(unavailable)
}

/// Checks, stores and publishes a version. A source with errors is refused with its findings' first line.
pub async fn publish(desk: &Desk, actor: &Actor, hook: Hook, publish: Publish) -> Result<i64> {
    let report = check(desk, actor, hook, &publish.source).await?;
    if let Some(finding) = report.findings.iter().find(|f| f.severity == wire::Severity::Error) {
        return Err(Error::refused("script_has_errors")
            .with("line", finding.line)
            .with("column", finding.column)
            .with(
                "reason",
                explain(actor.lang, &finding.code, &finding.args, &finding.message),
            ));
    }
    gate(desk, actor, hook, &publish.source).await?;
    let message = typed::line("message", &publish.message, 300)?;
    if message.is_empty() {
        return Err(Error::field("message", "required"));
    }
    let actor = actor.clone();
    desk.app
        .db
        .write(actor.tenant_id(), async move |tx: Tx| {
            let state = lock_state(&tx, hook).await?;
            if state.published != publish.based_on {
                return Err(Error::conflict("published_meanwhile").with("published", state.published));
            }
            let version = next_version(&tx, hook).await?;
            tx.run(
                "INSERT INTO script_version (tenant_id, hook, version, source, hash, parent, author_id, message, created_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                vec![
                    tx.tenant().0.into(),
                    hook.as_str().into(),
                    version.into(),
                    publish.source.as_str().into(),
                    wire::source_hash(&publish.source).into(),
                    state.published.into(),
                    actor.user.into(),
                    message.as_str().into(),
                    tx.now().into(),
                ],
            )
            .await?;
            point(&tx, &actor, hook, Some(version), state.published, publish.replan).await?;
            if let Some(user) = actor.user {
                discard_in(&tx, hook, user).await?;
            }
            Ok(version)
        })
        .await
}

/// Publishes an earlier version again.
pub async fn roll_back(desk: &Desk, actor: &Actor, hook: Hook, version: i64, replan: bool) -> Result<()> {
    actor.may(Permit::Scripts)?;
    let actor = actor.clone();
    desk.app
        .db
        .write(actor.tenant_id(), async move |tx: Tx| {
            let state = lock_state(&tx, hook).await?;
            version_in(&tx, hook, version).await?;
            point(&tx, &actor, hook, Some(version), state.published, replan).await
        })
        .await
}

/// Goes back to the pack's own script.
pub async fn remove(desk: &Desk, actor: &Actor, hook: Hook, replan: bool) -> Result<()> {
    actor.may(Permit::Scripts)?;
    let actor = actor.clone();
    desk.app
        .db
        .write(actor.tenant_id(), async move |tx: Tx| {
            let state = lock_state(&tx, hook).await?;
            point(&tx, &actor, hook, None, state.published, replan).await
        })
        .await
}

#[derive(FromQueryResult)]
struct State {
    published: Option<i64>,
}

async fn lock_state(tx: &Tx, hook: Hook) -> Result<State> {
    let key = || vec![tx.tenant().0.into(), hook.as_str().into()];
    tx.run(
        "INSERT INTO script_state (tenant_id, hook, failures, version) VALUES ($1, $2, 0, 1) \
         ON CONFLICT (tenant_id, hook) DO NOTHING",
        key(),
    )
    .await?;
    let lock = if tx.is_postgres() { " FOR UPDATE" } else { "" };
    let sql = format!("SELECT published FROM script_state WHERE tenant_id = $1 AND hook = $2{lock}");
    tx.one(&sql, key()).await?.ok_or(Error::NotFound)
}

async fn next_version(tx: &Tx, hook: Hook) -> Result<i64> {
    #[derive(FromQueryResult)]
    struct Row {
        version: i64,
    }
    let sql = "SELECT version FROM script_version WHERE tenant_id = $1 AND hook = $2 ORDER BY version DESC LIMIT 1";
    let row: Option<Row> = tx.one(sql, vec![tx.tenant().0.into(), hook.as_str().into()]).await?;
    Ok(row.map_or(1, |row| row.version + 1))
}

async fn point(tx: &Tx, actor: &Actor, hook: Hook, to: Option<i64>, from: Option<i64>, replan: bool) -> Result<()> {
    tx.run(
        "UPDATE script_state SET published = $3, last_good = $4, paused_at = NULL, pause_reason = NULL, failures = 0, \
         failures_since = NULL, version = version + 1 WHERE tenant_id = $1 AND hook = $2",
        vec![
            tx.tenant().0.into(),
            hook.as_str().into(),
            to.into(),
            from.filter(|from| Some(*from) != to && to.is_some()).into(),
        ],
    )
    .await?;
    tx.run(
        "UPDATE notice SET resolved_at = $3 WHERE tenant_id = $1 AND kind = 'script_failing' \
         AND resolved_at IS NULL AND uniq LIKE $2",
        vec![
            tx.tenant().0.into(),
            format!("script/{}/%", hook.as_str()).into(),
            tx.now().into(),
        ],
    )
    .await?;
    if replan {
        replan_in(tx, hook).await?;
    }
    let changes = json!({"hook": hook.as_str(), "version": {"from": from, "to": to}, "replan": replan});
    audit::record(tx, actor, "script.published", "script", tx.tenant().0, changes).await
}
