//! Whose chat is whose. A user links a chat by a one-time link from the profile, never by a typed name.

use chrono::TimeDelta;
use platform::locale::Lang;
use platform::secrets::{hash_token, new_token};
use platform::tenancy::TenantRef;
use platform::{Actor, App, Error, Id, Result, TenantId, Tx, audit};
use sea_orm::FromQueryResult;

const LINK_LIFE: TimeDelta = TimeDelta::minutes(15);

/// Makes the acting user a link that opens the bot and binds the chat to the user, once.
pub async fn start_link(app: &App, actor: &Actor) -> Result<String> {
    let (tenant, user) = (actor.tenant_id(), actor.person()?);
    let bot = super::active(app, tenant).await?.ok_or(Error::refused("no_bot"))?;
    let token = new_token();
    let hash = hash_token(&token);
    app.db
        .write(tenant, async move |tx: Tx| {
            let sql = "DELETE FROM bot_link_token WHERE tenant_id = $1 AND user_id = $2";
            tx.run(sql, vec![tenant.0.into(), user.into()]).await?;
            tx.run(
                "INSERT INTO bot_link_token (tenant_id, token_hash, user_id, expires_at) VALUES ($1, $2, $3, $4)",
                vec![tenant.0.into(), hash.into(), user.into(), (tx.now() + LINK_LIFE).into()],
            )
            .await
        })
        .await?;
    Ok(format!("https://t.me/{}?start={token}", bot.username))
}

/// A chat shows a token: it is this user's from now on. Used, expired and foreign tokens are all the same refusal.
pub async fn take_link(app: &App, tenant: &TenantRef, token: &str, chat: i64) -> Result<Actor> {
    #[derive(FromQueryResult)]
    struct Row {
        user_id: Id,
    }
    let (id, hash) = (tenant.id, hash_token(token));
    app.db
        .write(id, async move |tx: Tx| {
            let row: Option<Row> = tx
                .one(
                    "UPDATE bot_link_token SET used_at = $3 WHERE tenant_id = $1 AND token_hash = $2 \
                     AND used_at IS NULL AND expires_at > $3 RETURNING user_id",
                    vec![id.0.into(), hash.into(), tx.now().into()],
                )
                .await?;
            let user = row.ok_or(Error::refused("link_expired"))?.user_id;
            link_in(&tx, user, chat).await
        })
        .await?;
    actor_of(app, tenant, chat).await?.ok_or(Error::refused("link_expired"))
}

pub async fn link(app: &App, tenant: TenantId, user: Id, chat: i64) -> Result<()> {
    app.db
        .write(tenant, async move |tx: Tx| link_in(&tx, user, chat).await)
        .await
}

/// One chat a user, one user a chat: the newest link counts.
pub async fn link_in(tx: &Tx, user: Id, chat: i64) -> Result<()> {
    let tenant = tx.tenant();
    let sql = "DELETE FROM bot_link WHERE tenant_id = $1 AND chat_id = $2 AND user_id <> $3";
    tx.run(sql, vec![tenant.0.into(), chat.into(), user.into()]).await?;
    tx.run(
        "INSERT INTO bot_link (tenant_id, user_id, chat_id, state, muted, created_at) \
         VALUES ($1, $2, $3, 'active', $4, $5) ON CONFLICT (tenant_id, user_id) \
         DO UPDATE SET chat_id = excluded.chat_id, state = 'active', created_at = excluded.created_at",
        vec![tenant.0.into(), user.into(), chat.into(), false.into(), tx.now().into()],
    )
    .await?;
    Ok(())
}

pub async fn unlink(app: &App, actor: &Actor) -> Result<()> {
    let (tenant, user, author) = (actor.tenant_id(), actor.person()?, actor.clone());
    app.db
        .write(tenant, async move |tx: Tx| {
            let sql = "DELETE FROM bot_link WHERE tenant_id = $1 AND user_id = $2";
            if tx.run(sql, vec![tenant.0.into(), user.into()]).await? > 0 {
                audit::record(
                    &tx,
                    &author,
                    "user.telegram_unlinked",
                    "user",
                    user,
                    serde_json::json!({}),
                )
                .await?;
            }
            Ok(())
        })
        .await?;
    Ok(())
}

/// The chat a user is reached in, and whether it is muted; `None` when there is none or it blocked the bot.
pub async fn chat_of(tx: &Tx, user: Id) -> Result<Option<(i64, bool)>> {
    #[derive(FromQueryResult)]
    struct Row {
        chat_id: i64,
        muted: bool,
    }
    let sql = "SELECT chat_id, muted FROM bot_link WHERE tenant_id = $1 AND user_id = $2 AND state = 'active'";
    let row: Option<Row> = tx.one(sql, vec![tx.tenant().0.into(), user.into()]).await?;
    Ok(row.map(|row| (row.chat_id, row.muted)))
}

/// Who speaks in a chat, with what the user may do right now; nobody for a deactivated user.
pub async fn actor_of(app: &App, tenant: &TenantRef, chat: i64) -> Result<Option<Actor>> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Id,
        first_name: String,
        last_name: String,
        role: String,
        locale: Option<String>,
        policy_version: i64,
    }
    let id = tenant.id;
    let row: Option<Row> = app
        .db
        .read(id, async move |tx: Tx| {
            tx.one(
                "SELECT u.id, u.first_name, u.last_name, u.role, u.locale, t.policy_version FROM bot_link AS l \
                 JOIN app_user AS u ON u.tenant_id = l.tenant_id AND u.id = l.user_id \
                 JOIN tenant AS t ON t.id = l.tenant_id \
                 WHERE l.tenant_id = $1 AND l.chat_id = $2 AND u.active",
                vec![id.0.into(), chat.into()],
            )
            .await
        })
        .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Actor {
        grants: app.policies.grants(id, row.policy_version, &row.role).await?,
        lang: row.locale.and_then(|code| code.parse().ok()).unwrap_or(tenant.locale),
        tenant: tenant.clone(),
        user: Some(row.id),
        name: format!("{} {}", row.first_name, row.last_name).trim().to_owned(),
        role: row.role,
        address: None,
        request_id: None,
    }))
}

/// The person blocked the bot or took it back.
pub async fn chat_blocked(app: &App, tenant: TenantId, chat: i64, blocked: bool) -> Result<()> {
    let state = if blocked { "blocked" } else { "active" };
    app.db
        .write(tenant, async move |tx: Tx| {
            let sql = "UPDATE bot_link SET state = $3 WHERE tenant_id = $1 AND chat_id = $2";
            tx.run(sql, vec![tenant.0.into(), chat.into(), state.into()]).await
        })
        .await?;
    Ok(())
}

pub async fn set_muted(app: &App, actor: &Actor, muted: bool) -> Result<()> {
    let (tenant, user) = (actor.tenant_id(), actor.person()?);
    app.db
        .write(tenant, async move |tx: Tx| {
            let sql = "UPDATE bot_link SET muted = $3 WHERE tenant_id = $1 AND user_id = $2";
            tx.run(sql, vec![tenant.0.into(), user.into(), muted.into()]).await
        })
        .await?;
    Ok(())
}

pub async fn is_muted(app: &App, actor: &Actor) -> Result<bool> {
    #[derive(FromQueryResult)]
    struct Row {
        muted: bool,
    }
    let (tenant, user) = (actor.tenant_id(), actor.person()?);
    let sql = "SELECT muted FROM bot_link WHERE tenant_id = $1 AND user_id = $2";
    let row: Option<Row> = app
        .db
        .read(tenant, async move |tx: Tx| {
            tx.one(sql, vec![tenant.0.into(), user.into()]).await
        })
        .await?;
    Ok(row.is_some_and(|row| row.muted))
}

/// The language a user reads, chosen in the chat: the portal follows it.
pub async fn set_language(app: &App, actor: &Actor, lang: Lang) -> Result<()> {
    let (tenant, user) = (actor.tenant_id(), actor.person()?);
    app.db
        .write(tenant, async move |tx: Tx| {
            let sql = "UPDATE app_user SET locale = $3 WHERE tenant_id = $1 AND id = $2";
            tx.run(sql, vec![tenant.0.into(), user.into(), lang.code().into()])
                .await
        })
        .await?;
    Ok(())
}
