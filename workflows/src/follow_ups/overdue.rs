//! Overdue work: a rep at the threshold gets no new leads, and managers are told once, not at every sweep.

use platform::events::{self, NewEvent};
use platform::jobs::{NewJob, enqueue};
use platform::{Actor, App, Id, Result, Tx, settings};
use sea_orm::FromQueryResult;
use serde_json::json;

const DEFAULT_THRESHOLD: i64 = 5;

/// The setting's name, also used by scripts and the settings form.
const THRESHOLD_SETTING: &str = "overdue_block";

/// Tenant, now. The plans of both are looked at by the benchmarks.
pub const MARK_OVERDUE: &str = "UPDATE follow_up SET overdue_at = $2 WHERE tenant_id = $1 AND state = 'open' \
     AND overdue_at IS NULL AND due_at < $2";
pub const COUNT_OVERDUE: &str = "SELECT u.id, u.first_name, u.last_name, u.blocked_since, COUNT(f.id) AS overdue \
     FROM app_user AS u LEFT JOIN follow_up AS f ON f.tenant_id = u.tenant_id AND f.owner_id = u.id \
     AND f.state = 'open' AND f.due_at < $2 WHERE u.tenant_id = $1 AND u.active \
     GROUP BY u.id, u.first_name, u.last_name, u.blocked_since";

/// Marks follow-ups that became overdue and blocks or unblocks their owners.
pub async fn sweep(app: &App, actor: &Actor) -> Result<()> {
    let actor = actor.clone();
    app.db
        .write(actor.tenant_id(), async move |tx: Tx| sweep_in(&tx, &actor).await)
        .await
}

/// How many overdue follow-ups block a rep; a setting of 0 means that nothing does.
pub async fn threshold(tx: &Tx) -> Result<i64> {
    let set = settings::current(tx)
        .await?
        .integer(THRESHOLD_SETTING)
        .unwrap_or(DEFAULT_THRESHOLD);
    Ok(if set <= 0 { i64::MAX } else { set })
}

async fn sweep_in(tx: &Tx, actor: &Actor) -> Result<()> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Id,
        first_name: String,
        last_name: String,
        blocked_since: Option<chrono::DateTime<chrono::Utc>>,
        overdue: i64,
    }
    let (tenant, now) = (tx.tenant(), tx.now());
    tx.run(MARK_OVERDUE, vec![tenant.0.into(), now.into()]).await?;
    let threshold = threshold(tx).await?;
    let rows: Vec<Row> = tx.all(COUNT_OVERDUE, vec![tenant.0.into(), now.into()]).await?;
    let mut freed = false;
    for row in rows {
        let over = row.overdue >= threshold;
        if over == row.blocked_since.is_some() {
            continue;
        }
        let since = over.then_some(now);
        let was = if over { "IS NULL" } else { "IS NOT NULL" };
        let sql =
            format!("UPDATE app_user SET blocked_since = $3 WHERE tenant_id = $1 AND id = $2 AND blocked_since {was}");
        // Another sweep was first: it tells.
        if tx.run(&sql, vec![tenant.0.into(), row.id.into(), since.into()]).await? == 0 {
            continue;
        }
        let kind = if over { "rep.blocked" } else { "rep.unblocked" };
        let payload = json!({"overdue": row.overdue, "threshold": threshold});
        events::record(
            tx,
            actor,
            NewEvent {
                kind,
                lead: None,
                owner: Some(row.id),
                cause: None,
                payload,
            },
        )
        .await?;
        if over {
            let name = format!("{} {}", row.first_name, row.last_name);
            crate::messages::rep_blocked(tx, row.id, name.trim(), row.overdue, &now.to_rfc3339()).await?;
        }
        freed |= !over;
    }
    if freed {
        enqueue(
            tx,
            NewJob::new(
                "distribution.waiting",
                format!("waiting/freed/{}", platform::ids::new_id()),
                vec![],
            ),
        )
        .await?;
    }
    Ok(())
}
