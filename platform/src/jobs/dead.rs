//! Jobs that were given up: an operator sees why, and gives them another life once the cause is gone.

use chrono::{DateTime, Utc};
use sea_orm::FromQueryResult;

use super::enqueue::lower_turn;
use crate::app::App;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::ids::{Id, TenantId};

const SHOWN: usize = 200;

/// A job nobody will try again by itself.
#[derive(Debug, Clone, FromQueryResult)]
pub struct DeadJob {
    pub tenant_id: Id,
    pub id: Id,
    pub kind: String,
    pub attempt: i32,
    pub crashes: i32,
    pub run_at: DateTime<Utc>,
    pub last_error: Option<String>,
}

/// The 200 latest, of every tenant.
pub async fn dead(app: &App) -> Result<Vec<DeadJob>> {
    app.db
        .queue(async move |tx: Tx| {
            let sql = format!(
                "SELECT tenant_id, id, kind, attempt, crashes, run_at, last_error FROM job WHERE state = 'dead' \
                 ORDER BY run_at DESC LIMIT {SHOWN}"
            );
            tx.all(&sql, vec![]).await
        })
        .await
}

/// Puts a dead job back as if it had never been tried. `not_found` when there is none, or it lives.
pub async fn replay(app: &App, tenant: TenantId, id: Id) -> Result<()> {
    let clock = app.clock.clone();
    app.db
        .queue(async move |tx: Tx| {
            let now = clock.shifted(tx.real(&clock).await?);
            let sql = "UPDATE job SET state = 'ready', attempt = 0, crashes = 0, run_at = $3 \
                       WHERE tenant_id = $1 AND id = $2 AND state = 'dead'";
            let changed = tx.run(sql, vec![tenant.0.into(), id.into(), now.into()]).await?;
            if changed == 0 {
                return Err(Error::NotFound);
            }
            lower_turn(&tx, tenant, now).await
        })
        .await
}
