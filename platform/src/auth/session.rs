//! Signing in and the session that follows: 256 bits in a cookie, only its hash in SQL.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::FromQueryResult;
use serde_json::json;

use super::{Actor, Grants, Permit, password, second_factor};
use crate::app::App;
use crate::audit;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::ids::{Id, new_id};
use crate::secrets::{Place, hash_token, new_token};
use crate::tenancy::TenantRef;

const IDLE: TimeDelta = TimeDelta::hours(12);
const ABSOLUTE: TimeDelta = TimeDelta::days(14);
const TOUCH: TimeDelta = TimeDelta::minutes(5);
/// Between the password and the code.
const TICKET: TimeDelta = TimeDelta::minutes(5);

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
    /// The centre asks for a second factor and this user has none yet: nothing else may be done.
    pub must_enroll: bool,
}

/// What a right password leads to.
pub enum FirstStep {
    Open(Opened),
    /// A code is wanted too; what is held here proves the password for a few minutes.
    NeedsCode(String),
}

/// Both steps at once, for programs. Without a code where one is wanted: `second_factor_needed`.
pub async fn sign_in(
    app: &App,
    tenant: &TenantRef,
    username: &str,
    password: &str,
    code: Option<&str>,
    address: Option<&str>,
    agent: Option<&str>,
) -> Result<Opened> {
    match first_step(app, tenant, username, password, address, agent).await? {
        FirstStep::Open(opened) => Ok(opened),
        FirstStep::NeedsCode(ticket) => {
            let code = code.ok_or(Error::Unauthorized("second_factor_needed"))?;
            second_step(app, tenant, &ticket, code, address, agent).await
        }
    }
}

pub async fn first_step(
    app: &App,
    tenant: &TenantRef,
    username: &str,
    password: &str,
    address: Option<&str>,
    agent: Option<&str>,
) -> Result<FirstStep> {
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
    let Some((user, hash)) = stored.filter(|_| good) else {
        for key in &keys {
            app.shared.count_failure(key).await;
        }
        return Err(Error::Unauthorized("bad_credentials"));
    };
    app.shared.clear_failures(&keys[0]).await;
    if second_factor::is_on(app, tenant.id, user).await? {
        let good_until = (app.clock.real() + TICKET).timestamp();
        let proof = format!("{good_until}|{}", hash_token(&hash.unwrap_or_default()));
        let sealed = app.secrets.seal(&ticket_place(tenant, user), &proof)?;
        return Ok(FirstStep::NeedsCode(format!("{user}.{sealed}")));
    }
    open(app, tenant, user, address, agent).await.map(FirstStep::Open)
}

/// Opens the session a first step asked a code for.
pub async fn second_step(
    app: &App,
    tenant: &TenantRef,
    ticket: &str,
    code: &str,
    address: Option<&str>,
    agent: Option<&str>,
) -> Result<Opened> {
    const STALE: Error = Error::Unauthorized("sign_in_again");
    let (user, sealed) = ticket.split_once('.').ok_or(STALE)?;
    let user: Id = user.parse().map_err(|_| STALE)?;
    let proof = app
        .secrets
        .open(&ticket_place(tenant, user), sealed)
        .map_err(|_| STALE)?;
    let (good_until, hash) = proof.split_once('|').ok_or(STALE)?;
    let good_until: i64 = good_until.parse().map_err(|_| STALE)?;
    let same = password_of(app, tenant, user)
        .await?
        .is_some_and(|now| hash_token(&now) == hash);
    if good_until < app.clock.real().timestamp() || !same {
        return Err(STALE);
    }
    second_factor::pass(app, tenant, user, code, address).await?;
    open(app, tenant, user, address, agent).await
}

fn ticket_place(tenant: &TenantRef, user: Id) -> Place<'static> {
    Place {
        tenant: tenant.id,
        table: "session",
        column: "ticket",
        row: user,
    }
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
    let mut author = Actor::system(tenant.clone());
    (author.user, author.address) = (Some(user), address.clone());
    app.db
        .write(id, async move |tx: Tx| {
            let (now, session) = (tx.now(), new_id());
            tx.run(
                "INSERT INTO session (tenant_id, id, user_id, token_hash, csrf, created_at, seen_at, expires_at, \
                 address, agent) VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $8, $9)",
                vec![
                    id.0.into(),
                    session.into(),
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
            audit::record(&tx, &author, "session.opened", "session", session, json!({})).await?;
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
    resolve_from(app, tenant, token, None).await
}

/// As [`resolve`], noting from where the session was last seen.
pub async fn resolve_from(app: &App, tenant: &TenantRef, token: &str, address: Option<&str>) -> Result<Option<Found>> {
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
        address: Option<String>,
        required: bool,
        confirmed_at: Option<DateTime<Utc>>,
    }
    let id = tenant.id;
    let hash = hash_token(token);
    let now = app.clock.now();
    let row: Option<Row> = app
        .db
        .glance(id, async move |tx: Tx| {
            tx.one(
                "SELECT s.id, s.user_id, s.csrf, s.seen_at, u.first_name, u.last_name, u.role, u.locale, u.theme, \
                 t.policy_version, r.name AS role_name, s.address, t.second_factor AS required, f.confirmed_at \
                 FROM session AS s \
                 JOIN app_user AS u ON u.tenant_id = s.tenant_id AND u.id = s.user_id \
                 JOIN tenant AS t ON t.id = s.tenant_id \
                 LEFT JOIN role AS r ON r.tenant_id = s.tenant_id AND r.key = u.role \
                 LEFT JOIN second_factor AS f ON f.tenant_id = s.tenant_id AND f.user_id = s.user_id \
                 WHERE s.tenant_id = $1 AND s.token_hash = $2 AND s.expires_at > $3 AND s.seen_at > $4 AND u.active",
                vec![id.0.into(), hash.into(), now.into(), (now - IDLE).into()],
            )
            .await
        })
        .await?;
    let Some(row) = row else { return Ok(None) };
    let moved = address.is_some() && row.address.as_deref() != address;
    if moved || now - row.seen_at > TOUCH {
        let (session, address) = (row.id, address.map(str::to_owned).or(row.address));
        app.db
            .write(id, async move |tx: Tx| {
                let sql = "UPDATE session SET seen_at = $3, address = $4 WHERE tenant_id = $1 AND id = $2";
                tx.run(sql, vec![id.0.into(), session.into(), now.into(), address.into()])
                    .await
            })
            .await?;
    }
    let must_enroll = row.required && row.confirmed_at.is_none();
    let mut grants = app.policies.grants(id, row.policy_version, &row.role).await?;
    if must_enroll {
        grants = grants.and(Grants::default().with(Permit::Profile));
    }
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
        must_enroll,
    }))
}

pub async fn close(app: &App, actor: &Actor, session: Id) -> Result<()> {
    let (tenant, user, author) = (actor.tenant_id(), actor.person()?, actor.clone());
    let gone = app
        .db
        .write(tenant, async move |tx: Tx| {
            let sql = "DELETE FROM session WHERE tenant_id = $1 AND id = $2 AND user_id = $3";
            let gone = tx.run(sql, vec![tenant.0.into(), session.into(), user.into()]).await?;
            if gone > 0 {
                audit::record(&tx, &author, "session.closed", "session", session, json!({})).await?;
            }
            Ok(gone)
        })
        .await?;
    if gone == 0 { Err(Error::NotFound) } else { Ok(()) }
}

/// Ends every session of the actor's but the one they act in. Answers how many.
pub async fn close_others(app: &App, actor: &Actor, but: Option<Id>) -> Result<u64> {
    let (tenant, user, author) = (actor.tenant_id(), actor.person()?, actor.clone());
    app.db
        .write(tenant, async move |tx: Tx| {
            let sql = "DELETE FROM session WHERE tenant_id = $1 AND user_id = $2 AND id <> $3";
            let kept = but.unwrap_or_default();
            let gone = tx.run(sql, vec![tenant.0.into(), user.into(), kept.into()]).await?;
            if gone > 0 {
                let told = json!({"sessions": gone});
                audit::record(&tx, &author, "session.others_closed", "user", user, told).await?;
            }
            Ok(gone)
        })
        .await
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
            let now = tx.now();
            tx.all(
                "SELECT id, created_at, seen_at, expires_at, address, agent FROM session \
                 WHERE tenant_id = $1 AND user_id = $2 AND expires_at > $3 AND seen_at > $4 \
                 ORDER BY created_at DESC LIMIT 100",
                vec![tenant.0.into(), user.into(), now.into(), (now - IDLE).into()],
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

async fn password_of(app: &App, tenant: &TenantRef, user: Id) -> Result<Option<String>> {
    #[derive(FromQueryResult)]
    struct Row {
        password_hash: Option<String>,
    }
    let id = tenant.id;
    let sql = "SELECT password_hash FROM app_user WHERE tenant_id = $1 AND id = $2 AND active";
    let row: Option<Row> = app
        .db
        .read(id, async move |tx: Tx| {
            tx.one(sql, vec![id.0.into(), user.into()]).await
        })
        .await?;
    Ok(row.and_then(|row| row.password_hash))
}
