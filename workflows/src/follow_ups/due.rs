//! Follow-ups falling due: one statement marks them, the message goes in the same transaction.

use chrono::{DateTime, Utc};
use platform::{App, Id, Result, TenantId, Tx};
use sea_orm::FromQueryResult;

use super::reminders::remember_in;
use crate::messages::Due;

const AT_ONCE: usize = 500;

/// Reminds owners of everything due by now that was not reminded. Returns how many.
pub async fn remind(app: &App, tenant: TenantId) -> Result<usize> {
    let mut reminded = 0;
    loop {
        let done = app.db.write(tenant, async move |tx: Tx| remind_some(&tx).await).await?;
        reminded += done;
        if done < AT_ONCE {
            return Ok(reminded);
        }
    }
}

/// The claim itself: tenant, now. Its plan is looked at by the benchmarks.
pub fn claim_due_sql(postgres: bool) -> String {
    let skip = if postgres { "FOR UPDATE SKIP LOCKED" } else { "" };
    format!(
        "UPDATE follow_up SET reminded_at = $2 WHERE follow_up.tenant_id = $1 AND follow_up.id IN ( \
         SELECT f.id FROM follow_up AS f WHERE f.tenant_id = $1 AND f.state = 'open' AND f.reminded_at IS NULL \
         AND f.due_at <= $2 ORDER BY f.due_at LIMIT {AT_ONCE} {skip}) RETURNING id, owner_id, lead_id, due_at"
    )
}

async fn remind_some(tx: &Tx) -> Result<usize> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Id,
        owner_id: Id,
        lead_id: Id,
        due_at: DateTime<Utc>,
    }
    let sql = claim_due_sql(tx.is_postgres());
    let rows: Vec<Row> = tx.all(&sql, vec![tx.tenant().0.into(), tx.now().into()]).await?;
    let reminded = rows.len();
    let due = rows.into_iter().map(|row| Due {
        owner: row.owner_id,
        follow_up: row.id,
        lead: row.lead_id,
        at: row.due_at,
    });
    let told = crate::messages::follow_ups_due(tx, due.collect()).await?;
    remember_in(tx, told).await?;
    Ok(reminded)
}
