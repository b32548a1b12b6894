//! Signing in and the session that follows: 256 bits in a cookie, only its hash in SQL.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::FromQueryResult;

use super::{Actor, password};
use crate::app::App;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::ids::{Id, new_id};
use crate::secrets::{hash_token, new_token};
use crate::tenancy::TenantRef;

const IDLE: TimeDelta = TimeDelta::hours(12);
const ABSOLUTE: TimeDelta = TimeDelta::days(14);
const TOUCH: TimeDelta = TimeDelta::minutes(5);

/// A fresh session; `token` is shown once, in the cookie.
pub struct Opened {
    pub token: String,
    pub user: Id,
}

/// A session found good.
pub struct Found {
    pub actor: Actor,
    pub session: Id,
    pub csrf: String,
    /// The user's chosen theme: auto, light or dark.
    pub theme: String,
    /// What the centre calls a role of its own.
    pub role_name: Option<String>,
}

pub async fn sign_in(
    app: &App,
    tenant: &TenantRef,
    username: &str,
    password: &str,
    address: Option<&str>,
    agent: Option<&str>,
) -> Result<Opened> {
    let username = username.trim().to_lowercase();
    let keys = [
        format!("login/{}/{username}", tenant.id),
        format!("login-from/{}/{}", tenant.id, address.unwrap_or("-")),
    ];
    app.shared.check_failures(&keys[0], 10).await?;
    app.shared.check_failures(&keys[1], 50).await?;

    let stored = credentials(app, tenant, &username).await?;
    let hash = stored.as_ref().and_then(|(_, hash)| hash.as_deref());
    let good = password::verify(password, hash).await?;
    let Some((user, _)) = stored.filter(|_| good) else {
        for key in &keys {
            app.shared.count_failure(key).await;
        }
        return Err(Error::Unauthorized("bad_credentials"));
    };
    app.shared.clear_failures(&keys[0]).await;
    open(app, tenant, user, address, agent).await
}

pub async fn open(
    app: &App,
    tenant: &TenantRef,
    user: Id,
    address: Option<&str>,
    agent: Option<&str>,
) -> Result<Opened> {
    let token = new_token();
    let hash = hash_token(&token);
    let id = tenant.id;
    let (address, agent) = (
        address.map(str::to_owned),
        agent.map(|a| a.chars().take(200).collect::<String>()),
    );
    app.db
        .write(id, async move |tx: Tx| {
            let now = tx.now();
            tx.run(
                "INSERT INTO session (tenant_id, id, user_id, token_hash, csrf, created_at, seen_at, expires_at, \
                 address, agent) VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $8, $9)",
                vec![
                    id.0.into(),
                    new_id().into(),
                    user.into(),
                    hash.into(),
                    new_token().into(),
                    now.into(),
                    (now + ABSOLUTE).into(),
                    address.into(),
                    agent.into(),
                ],
            )
            .await?;
            tx.run(
                "DELETE FROM session WHERE tenant_id = $1 AND expires_at < $2",
                vec![id.0.into(), now.into()],
            )
            .await
        })
        .await?;
    Ok(Opened { token, user })
}

/// The session of a cookie, with its actor. Another tenant's token is nobody here.
pub async fn resolve(app: &App, tenant: &TenantRef, token: &str) -> Result<Option<Found>> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Id,
        user_id: Id,
        csrf: String,
        seen_at: DateTime<Utc>,
        first_name: String,
        last_name: String,
        role: String,
        locale: Option<String>,
        theme: String,
        policy_version: i64,
        role_name: Option<String>,
    }
    let id = tenant.id;
    let hash = hash_token(token);
    let now = app.clock.now();
    let row: Option<Row> = app
        .db
        .glance(id, async move |tx: Tx| {
            tx.one(
                "SELECT s.id, s.user_id, s.csrf, s.seen_at, u.first_name, u.last_name, u.role, u.locale, u.theme, \
                 t.policy_version, r.name AS role_name FROM session AS s \
                 JOIN app_user AS u ON u.tenant_id = s.tenant_id AND u.id = s.user_id \
                 JOIN tenant AS t ON t.id = s.tenant_id \
                 LEFT JOIN role AS r ON r.tenant_id = s.tenant_id AND r.key = u.role \
                 WHERE s.tenant_id = $1 AND s.token_hash = $2 AND s.expires_at > $3 AND s.seen_at > $4 AND u.active",
                vec![id.0.into(), hash.into(), now.into(), (now - IDLE).into()],
            )
            .await
        })
        .await?;
    let Some(row) = row else { return Ok(None) };
    if now - row.seen_at > TOUCH {
        let session = row.id;
        app.db
            .write(id, async move |tx: Tx| {
                let sql = "UPDATE session SET seen_at = $3 WHERE tenant_id = $1 AND id = $2";
                tx.run(sql, vec![id.0.into(), session.into(), now.into()]).await
            })
            .await?;
    }
    let grants = app.policies.grants(id, row.policy_version, &row.role).await?;
    let actor = Actor {
        lang: row.locale.and_then(|code| code.parse().ok()).unwrap_or(tenant.locale),
        tenant: tenant.clone(),
        user: Some(row.user_id),
        name: format!("{} {}", row.first_name, row.last_name).trim().to_owned(),
        role: row.role,
        grants,
        address: None,
        request_id: None,
    };
    Ok(Some(Found {
        actor,
        session: row.id,
        csrf: row.csrf,
        theme: row.theme,
        role_name: row.role_name,
    }))
}

pub async fn close(app: &App, actor: &Actor, session: Id) -> Result<()> {
    let (tenant, user) = (actor.tenant_id(), actor.person()?);
    let gone = app
        .db
        .write(tenant, async move |tx: Tx| {
            let sql = "DELETE FROM session WHERE tenant_id = $1 AND id = $2 AND user_id = $3";
            tx.run(sql, vec![tenant.0.into(), session.into(), user.into()]).await
        })
        .await?;
    if gone == 0 { Err(Error::NotFound) } else { Ok(()) }
}

#[derive(Debug, FromQueryResult, serde::Serialize)]
pub struct Session {
    pub id: Id,
    pub created_at: DateTime<Utc>,
    pub seen_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub address: Option<String>,
    pub agent: Option<String>,
}

/// The actor's own open sessions, newest first.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<Session>> {
    let (tenant, user) = (actor.tenant_id(), actor.person()?);
    app.db
        .read(tenant, async move |tx: Tx| {
            tx.all(
                "SELECT id, created_at, seen_at, expires_at, address, agent FROM session \
                 WHERE tenant_id = $1 AND user_id = $2 ORDER BY created_at DESC LIMIT 100",
                vec![tenant.0.into(), user.into()],
            )
            .await
        })
        .await
}

async fn credentials(app: &App, tenant: &TenantRef, username: &str) -> Result<Option<(Id, Option<String>)>> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Id,
        password_hash: Option<String>,
    }
    let (id, username) = (tenant.id, username.to_owned());
    let row: Option<Row> = app
        .db
        .read(id, async move |tx: Tx| {
            let sql = "SELECT id, password_hash FROM app_user WHERE tenant_id = $1 AND username = $2 AND active";
            tx.one(sql, vec![id.0.into(), username.into()]).await
        })
        .await?;
    Ok(row.map(|row| (row.id, row.password_hash)))
}
