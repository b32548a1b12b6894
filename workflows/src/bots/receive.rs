//! What people did in chats, kept before it is answered: the same update twice is one row and one job.

use std::time::Duration;

use chrono::TimeDelta;
use platform::jobs::{NewJob, enqueue};
use platform::{App, Id, Result, TenantId, Tx};
use sea_orm::FromQueryResult;
use serde_json::Value;

use super::Bot;

/// The job that handles what was received.
pub const HANDLE: &str = "bots.handle";

#[derive(Clone, Debug, FromQueryResult)]
pub struct Update {
    pub bot_id: Id,
    pub update_id: i64,
    pub body: Value,
}

/// Keeps an update; answers whether it is new. Once this returned, the messenger may forget it.
pub async fn receive(app: &App, tenant: TenantId, bot: Id, update_id: i64, body: Value) -> Result<bool> {
    app.db
        .write(tenant, async move |tx: Tx| {
            let new = tx
                .run(
                    "INSERT INTO bot_update (tenant_id, bot_id, update_id, body, received_at) \
                     VALUES ($1, $2, $3, $4, $5) ON CONFLICT (tenant_id, bot_id, update_id) DO NOTHING",
                    vec![
                        tenant.0.into(),
                        bot.into(),
                        update_id.into(),
                        body.into(),
                        tx.now().into(),
                    ],
                )
                .await?
                == 1;
            let sql = "UPDATE bot SET poll_offset = $3 WHERE tenant_id = $1 AND id = $2 AND poll_offset < $3";
            tx.run(sql, vec![tenant.0.into(), bot.into(), (update_id + 1).into()])
                .await?;
            if new {
                let job = NewJob::new(HANDLE, format!("{HANDLE}/{bot}/{update_id}"), vec![bot]).priority(0);
                enqueue(&tx, job).await?;
            }
            Ok(new)
        })
        .await
}

/// Takes the right to ask for a bot's updates, so that no two nodes ask at once.
pub async fn take_polling(app: &App, bot: &Bot, lease: Duration) -> Result<bool> {
    let (tenant, id, real) = (bot.tenant, bot.id, app.clock.real());
    let until = real + TimeDelta::from_std(lease).unwrap_or(TimeDelta::minutes(1));
    let taken = app
        .db
        .write(tenant, async move |tx: Tx| {
            let sql = "UPDATE bot SET polled_until = $3 WHERE tenant_id = $1 AND id = $2 AND active \
                       AND (polled_until IS NULL OR polled_until < $4)";
            tx.run(sql, vec![tenant.0.into(), id.into(), until.into(), real.into()])
                .await
        })
        .await?;
    Ok(taken == 1)
}

pub async fn leave_polling(app: &App, bot: &Bot) -> Result<()> {
    let (tenant, id) = (bot.tenant, bot.id);
    app.db
        .write(tenant, async move |tx: Tx| {
            let sql = "UPDATE bot SET polled_until = NULL WHERE tenant_id = $1 AND id = $2";
            tx.run(sql, vec![tenant.0.into(), id.into()]).await
        })
        .await?;
    Ok(())
}

/// What nobody has answered yet, in the order it happened.
pub async fn unhandled(app: &App, tenant: TenantId) -> Result<Vec<Update>> {
    let sql = "SELECT bot_id, update_id, body FROM bot_update WHERE tenant_id = $1 AND handled_at IS NULL \
               ORDER BY update_id LIMIT 100";
    app.db
        .read(tenant, async move |tx: Tx| tx.all(sql, vec![tenant.0.into()]).await)
        .await
}

pub async fn handled(app: &App, tenant: TenantId, update: &Update) -> Result<()> {
    let (bot, update_id) = (update.bot_id, update.update_id);
    app.db
        .write(tenant, async move |tx: Tx| {
            let sql = "UPDATE bot_update SET handled_at = $4 WHERE tenant_id = $1 AND bot_id = $2 AND update_id = $3";
            tx.run(
                sql,
                vec![tenant.0.into(), bot.into(), update_id.into(), tx.now().into()],
            )
            .await
        })
        .await?;
    Ok(())
}
