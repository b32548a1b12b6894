//! API tokens: prefixed, hashed, expiring, never stronger than their user.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::FromQueryResult;

use super::{Actor, Grants, Permit};
use crate::app::App;
use crate::audit;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::ids::{Id, TenantId, new_id};
use crate::secrets::{hash_token, new_token};
use crate::tenancy::TenantRef;

const PREFIX: &str = "mkz_";
pub const LIFE: TimeDelta = TimeDelta::days(365);

#[derive(Debug, FromQueryResult, serde::Serialize)]
pub struct Token {
    pub id: Id,
    pub name: String,
    pub scopes: serde_json::Value,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

/// Makes a token for a user; the text is returned once. Scopes are objects of the permission table
/// (`leads:own`, `imports`); none means all the user may do. Nobody makes a token that may more than they do
/// themselves: a narrow token cannot make itself a wide one.
pub async fn create(app: &App, actor: &Actor, user: Id, name: &str, scopes: Vec<String>) -> Result<(Id, String)> {
    if actor.user != Some(user) {
        actor.may(Permit::StaffManagers)?;
    }
    if let Some(unknown) = scopes
        .iter()
        .find(|s| !Permit::ALL.iter().any(|(_, object, _)| object == s))
    {
        return Err(Error::field("scopes", "unknown_scope").with("scope", unknown.as_str()));
    }
    let granted = grants_of(app, actor.tenant_id(), user)
        .await?
        .and(scoped(&serde_json::json!(scopes)));
    if granted.and(actor.grants) != granted {
        return Err(Error::Forbidden("not_allowed"));
    }
    let text = format!("{PREFIX}{}", new_token());
    let (tenant, hash, id, name) = (actor.tenant_id(), hash_token(&text), new_id(), name.to_owned());
    let author = actor.clone();
    app.db
        .write(tenant, async move |tx: Tx| {
            let told = serde_json::json!({"name": name, "scopes": scopes, "user_id": user});
            audit::record(&tx, &author, "token.created", "token", id, told).await?;
            tx.run(
                "INSERT INTO api_token (tenant_id, id, user_id, name, token_hash, scopes, created_at, expires_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                vec![
                    tenant.0.into(),
                    id.into(),
                    user.into(),
                    name.into(),
                    hash.into(),
                    serde_json::json!(scopes).into(),
                    tx.now().into(),
                    (tx.now() + LIFE).into(),
                ],
            )
            .await
        })
        .await?;
    Ok((id, text))
}

/// What a user's role allows now.
async fn grants_of(app: &App, tenant: TenantId, user: Id) -> Result<Grants> {
    #[derive(FromQueryResult)]
    struct Row {
        role: String,
        policy_version: i64,
    }
    let row: Option<Row> = app
        .db
        .read(tenant, async move |tx: Tx| {
            let sql = "SELECT u.role, t.policy_version FROM app_user AS u JOIN tenant AS t ON t.id = u.tenant_id \
                       WHERE u.tenant_id = $1 AND u.id = $2";
            tx.one(sql, vec![tenant.0.into(), user.into()]).await
        })
        .await?;
    let row = row.ok_or_else(|| Error::field("user_id", "unknown_user"))?;
    app.policies.grants(tenant, row.policy_version, &row.role).await
}

pub async fn list(app: &App, actor: &Actor) -> Result<Vec<Token>> {
    let (tenant, user) = (actor.tenant_id(), actor.person()?);
    app.db
        .read(tenant, async move |tx: Tx| {
            tx.all(
                "SELECT id, name, scopes, created_at, expires_at FROM api_token \
                 WHERE tenant_id = $1 AND user_id = $2 ORDER BY created_at DESC LIMIT 200",
                vec![tenant.0.into(), user.into()],
            )
            .await
        })
        .await
}

pub async fn revoke(app: &App, actor: &Actor, id: Id) -> Result<()> {
    let (tenant, user, author) = (actor.tenant_id(), actor.person()?, actor.clone());
    let gone = app
        .db
        .write(tenant, async move |tx: Tx| {
            let sql = "DELETE FROM api_token WHERE tenant_id = $1 AND id = $2 AND user_id = $3";
            let gone = tx.run(sql, vec![tenant.0.into(), id.into(), user.into()]).await?;
            if gone > 0 {
                audit::record(&tx, &author, "token.revoked", "token", id, serde_json::json!({})).await?;
            }
            Ok(gone)
        })
        .await?;
    if gone == 0 { Err(Error::NotFound) } else { Ok(()) }
}

/// The actor of a bearer token on a tenant's host.
pub async fn resolve(app: &App, tenant: &TenantRef, text: &str) -> Result<Option<Actor>> {
    #[derive(FromQueryResult)]
    struct Row {
        user_id: Id,
        scopes: serde_json::Value,
        first_name: String,
        last_name: String,
        role: String,
        locale: Option<String>,
        policy_version: i64,
    }
    if !text.starts_with(PREFIX) {
        return Ok(None);
    }
    let (id, hash, now) = (tenant.id, hash_token(text), app.clock.now());
    let row: Option<Row> = app
        .db
        .glance(id, async move |tx: Tx| {
            tx.one(
                "SELECT k.user_id, k.scopes, u.first_name, u.last_name, u.role, u.locale, t.policy_version \
                 FROM api_token AS k JOIN app_user AS u ON u.tenant_id = k.tenant_id AND u.id = k.user_id \
                 JOIN tenant AS t ON t.id = k.tenant_id \
                 WHERE k.tenant_id = $1 AND k.token_hash = $2 AND k.expires_at > $3 AND u.active",
                vec![id.0.into(), hash.into(), now.into()],
            )
            .await
        })
        .await?;
    let Some(row) = row else { return Ok(None) };
    let grants = app
        .policies
        .grants(id, row.policy_version, &row.role)
        .await?
        .and(scoped(&row.scopes));
    Ok(Some(Actor {
        lang: row.locale.and_then(|code| code.parse().ok()).unwrap_or(tenant.locale),
        tenant: tenant.clone(),
        user: Some(row.user_id),
        name: format!("{} {}", row.first_name, row.last_name).trim().to_owned(),
        role: row.role,
        grants,
        address: None,
        request_id: None,
    }))
}

fn scoped(scopes: &serde_json::Value) -> Grants {
    let scopes: Vec<&str> = scopes
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|s| s.as_str())
        .collect();
    if scopes.is_empty() {
        return Grants::all();
    }
    let allowed = Permit::ALL.iter().filter(|(_, object, _)| scopes.contains(object));
    allowed.fold(Grants::default(), |grants, (permit, ..)| grants.with(*permit))
}
