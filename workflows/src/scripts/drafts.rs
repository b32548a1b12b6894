//! Drafts: what each admin is writing, kept on the server while they type. One a person and hook.

use chrono::{DateTime, Utc};
use platform::{Actor, App, Error, Id, Permit, Result, Tx, audit};
use sea_orm::FromQueryResult;
use serde::Serialize;
use wire::{Hook, MAX_SOURCE};

#[derive(Debug, Clone, FromQueryResult, Serialize)]
pub struct Draft {
    pub user_id: Id,
    pub source: String,
    /// The published version it began with; none is the pack's.
    pub based_on: Option<i64>,
    pub updated_at: DateTime<Utc>,
}

/// Everybody's drafts of a hook, the latest first.
pub async fn drafts(app: &App, actor: &Actor, hook: Hook) -> Result<Vec<Draft>> {
    actor.may(Permit::Scripts)?;
    let tenant = actor.tenant_id();
    app.db
        .read(tenant, async move |tx: Tx| {
            let sql = "SELECT user_id, source, based_on, updated_at FROM script_draft \
                       WHERE tenant_id = $1 AND hook = $2 ORDER BY updated_at DESC, user_id LIMIT 100";
            tx.all(sql, vec![tenant.0.into(), hook.as_str().into()]).await
        })
        .await
}

/// Keeps one's own draft as it stands now.
pub async fn save_draft(
    app: &App,
    actor: &Actor,
    hook: Hook,
    source: &str,
    based_on: Option<i64>,
) -> Result<DateTime<Utc>> {
    let user = writer(actor)?;
    if source.len() > MAX_SOURCE {
        return Err(Error::field("source", "too_long").with("max", MAX_SOURCE));
    }
    let source = source.to_owned();
    app.db
        .write(actor.tenant_id(), async move |tx: Tx| {
            tx.run(
                "INSERT INTO script_draft (tenant_id, hook, user_id, source, based_on, updated_at) \
                 VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (tenant_id, hook, user_id) \
                 DO UPDATE SET source = excluded.source, based_on = excluded.based_on, updated_at = excluded.updated_at",
                vec![
                    tx.tenant().0.into(),
                    hook.as_str().into(),
                    user.into(),
                    source.as_str().into(),
                    based_on.into(),
                    tx.now().into(),
                ],
            )
            .await?;
            Ok(tx.now())
        })
        .await
}

/// Throws one's own draft away.
pub async fn discard_draft(app: &App, actor: &Actor, hook: Hook) -> Result<()> {
    let (user, author) = (writer(actor)?, actor.clone());
    app.db
        .write(actor.tenant_id(), async move |tx: Tx| {
            discard_in(&tx, hook, user).await?;
            let told = serde_json::json!({"hook": hook.as_str()});
            audit::record(&tx, &author, "script.draft_discarded", "script", tx.tenant().0, told).await
        })
        .await
}

pub(super) async fn discard_in(tx: &Tx, hook: Hook, user: Id) -> Result<()> {
    let sql = "DELETE FROM script_draft WHERE tenant_id = $1 AND hook = $2 AND user_id = $3";
    tx.run(sql, vec![tx.tenant().0.into(), hook.as_str().into(), user.into()])
        .await?;
    Ok(())
}

/// A draft belongs to a person.
fn writer(actor: &Actor) -> Result<Id> {
    actor.may(Permit::Scripts)?;
    actor.user.ok_or(Error::Unauthorized("sign_in_required"))
}
