//! The bot's row: its token and its door's secret are sealed, and opened only for who sends or receives.

use chrono::{DateTime, Utc};
use platform::secrets::Place;
use platform::{Actor, App, Error, Id, Permit, Result, TenantId, Tx};
use sea_orm::FromQueryResult;

/// How people's messages reach us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Webhook,
    Polling,
}

#[derive(Clone, Debug)]
pub struct Bot {
    pub tenant: TenantId,
    pub id: Id,
    pub username: String,
    pub token: String,
    pub mode: Mode,
    pub secret: String,
    pub poll_offset: i64,
    pub paused_until: Option<DateTime<Utc>>,
}

/// What an administrator sees of it.
#[derive(Clone, Debug, FromQueryResult, serde::Serialize)]
pub struct BotView {
    pub username: String,
    pub mode: String,
    pub active: bool,
    pub created_at: DateTime<Utc>,
}

#[derive(FromQueryResult)]
struct Row {
    id: Id,
    username: String,
    token_sealed: String,
    mode: String,
    secret_sealed: String,
    poll_offset: i64,
    paused_until: Option<DateTime<Utc>>,
}

const COLUMNS: &str = "id, username, token_sealed, mode, secret_sealed, poll_offset, paused_until";

/// The tenant's working bot, if it has one.
pub async fn active(app: &App, tenant: TenantId) -> Result<Option<Bot>> {
    let sql = format!("SELECT {COLUMNS} FROM bot WHERE tenant_id = $1 AND active ORDER BY created_at DESC LIMIT 1");
    find(app, tenant, sql, None).await
}

/// The working bot behind an opaque path of a webhook.
pub async fn by_path(app: &App, tenant: TenantId, path: &str) -> Result<Option<Bot>> {
    let sql = format!("SELECT {COLUMNS} FROM bot WHERE tenant_id = $1 AND active AND path = $2");
    find(app, tenant, sql, Some(path.to_owned())).await
}

pub async fn show(app: &App, actor: &Actor) -> Result<Option<BotView>> {
    actor.may(Permit::Bot)?;
    let tenant = actor.tenant_id();
    let sql =
        "SELECT username, mode, active, created_at FROM bot WHERE tenant_id = $1 ORDER BY created_at DESC LIMIT 1";
    app.db
        .read(tenant, async move |tx: Tx| tx.one(sql, vec![tenant.0.into()]).await)
        .await
}

async fn find(app: &App, tenant: TenantId, sql: String, path: Option<String>) -> Result<Option<Bot>> {
    let row: Option<Row> = app
        .db
        .read(tenant, async move |tx: Tx| {
            let mut values = vec![tenant.0.into()];
            values.extend(path.map(sea_orm::Value::from));
            tx.one(&sql, values).await
        })
        .await?;
    row.map(|row| opened(app, tenant, row)).transpose()
}

fn opened(app: &App, tenant: TenantId, row: Row) -> Result<Bot> {
    Ok(Bot {
        tenant,
        token: app
            .secrets
            .open(&place(tenant, row.id, "token_sealed"), &row.token_sealed)?,
        secret: app
            .secrets
            .open(&place(tenant, row.id, "secret_sealed"), &row.secret_sealed)?,
        id: row.id,
        username: row.username,
        mode: row.mode.parse()?,
        poll_offset: row.poll_offset,
        paused_until: row.paused_until,
    })
}

pub(super) fn place(tenant: TenantId, row: Id, column: &str) -> Place<'_> {
    Place {
        tenant,
        table: "bot",
        column,
        row,
    }
}

impl Mode {
    pub fn key(self) -> &'static str {
        match self {
            Mode::Webhook => "webhook",
            Mode::Polling => "polling",
        }
    }
}

impl std::str::FromStr for Mode {
    type Err = Error;

    fn from_str(key: &str) -> Result<Self> {
        match key {
            "webhook" => Ok(Mode::Webhook),
            "polling" => Ok(Mode::Polling),
            other => Err(Error::internal(format!("a bot in mode {other}"))),
        }
    }
}
