//! A forgotten password: an admin makes a one-time link, its holder chooses a new password.

use chrono::TimeDelta;

use super::{Actor, password};
use crate::app::App;
use crate::audit;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::ids::Id;
use crate::secrets::{hash_token, new_token};
use crate::tenancy::TenantRef;

const LIFE: TimeDelta = TimeDelta::hours(24);

/// Makes the link's token. Who may reset whom is the staff slice's rule.
pub async fn make(app: &App, actor: &Actor, user: Id) -> Result<String> {
    let token = new_token();
    let (tenant, hash, author) = (actor.tenant_id(), hash_token(&token), actor.user);
    let actor = actor.clone();
    app.db
        .write(tenant, async move |tx: Tx| {
            let now = tx.now();
            tx.run(
                "INSERT INTO reset_link (tenant_id, token_hash, user_id, created_by, created_at, expires_at) \
                 VALUES ($1, $2, $3, $4, $5, $6)",
                vec![
                    tenant.0.into(),
                    hash.into(),
                    user.into(),
                    author.into(),
                    now.into(),
                    (now + LIFE).into(),
                ],
            )
            .await?;
            audit::record(&tx, &actor, "user.reset_link_made", "user", user, serde_json::json!({})).await
        })
        .await?;
    Ok(token)
}

/// Whose link it is, while it can be used.
pub async fn owner(app: &App, tenant: &TenantRef, token: &str) -> Result<Option<String>> {
    #[derive(sea_orm::FromQueryResult)]
    struct Row {
        username: String,
    }
    let (id, hash) = (tenant.id, hash_token(token));
    let row: Option<Row> = app
        .db
        .read(id, async move |tx: Tx| {
            tx.one(
                "SELECT u.username FROM reset_link AS r JOIN app_user AS u ON u.tenant_id = r.tenant_id \
                 AND u.id = r.user_id WHERE r.tenant_id = $1 AND r.token_hash = $2 AND r.used_at IS NULL \
                 AND r.expires_at > $3",
                vec![id.0.into(), hash.into(), tx.now().into()],
            )
            .await
        })
        .await?;
    Ok(row.map(|row| row.username))
}

/// Uses the link: sets the password and ends every session and token of the user.
pub async fn redeem(app: &App, tenant: &TenantRef, token: &str, new_password: &str) -> Result<()> {
    password::check_rule(new_password)?;
    let hashed = password::hash(new_password).await?;
    let (id, token) = (tenant.id, hash_token(token));
    let system = Actor::system(tenant.clone());
    app.db
        .write(id, async move |tx: Tx| {
            #[derive(sea_orm::FromQueryResult)]
            struct Row {
                user_id: Id,
            }
            let row: Option<Row> = tx
                .one(
                    "UPDATE reset_link SET used_at = $3 WHERE tenant_id = $1 AND token_hash = $2 \
                     AND used_at IS NULL AND expires_at > $3 RETURNING user_id",
                    vec![id.0.into(), token.into(), tx.now().into()],
                )
                .await?;
            let Some(Row { user_id }) = row else {
                return Err(Error::refused("link_used_or_expired"));
            };
            set_in(&tx, user_id, &hashed).await?;
            audit::record(
                &tx,
                &system,
                "user.password_reset",
                "user",
                user_id,
                serde_json::json!({}),
            )
            .await
        })
        .await
}

/// Replaces a password within a transaction and signs the user out everywhere.
pub async fn set_in(tx: &Tx, user: Id, hashed: &str) -> Result<()> {
    let tenant = tx.tenant();
    let sql = "UPDATE app_user SET password_hash = $3 WHERE tenant_id = $1 AND id = $2";
    if tx.run(sql, vec![tenant.0.into(), user.into(), hashed.into()]).await? == 0 {
        return Err(Error::NotFound);
    }
    for table in ["session", "api_token"] {
        let sql = format!("DELETE FROM {table} WHERE tenant_id = $1 AND user_id = $2");
        tx.run(&sql, vec![tenant.0.into(), user.into()]).await?;
    }
    Ok(())
}
