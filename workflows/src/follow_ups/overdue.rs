//! Overdue work: each follow-up that becomes late is an event the tenant's rule may answer; a rep at the threshold
//! gets no new leads, and managers are told once, not at every sweep.

use chrono::{DateTime, TimeDelta, Utc};
use platform::events::{self, NewEvent};
use platform::jobs::{NewJob, enqueue};
use platform::{Actor, App, Id, Result, Tx, settings};
use sea_orm::FromQueryResult;
use serde_json::json;

const DEFAULT_THRESHOLD: i64 = 5;

/// The settings' names, also used by scripts and the settings form.
const THRESHOLD_SETTING: &str = "overdue_block";
const GRACE_SETTING: &str = "overdue_grace_minutes";

/// As many as one job of the rules takes.
const AT_ONCE: usize = 500;

/// Tenant, now. The plans of both are looked at by the benchmarks.
pub const MARK_OVERDUE: &str = "UPDATE follow_up SET overdue_at = $2 WHERE tenant_id = $1 AND state = 'open' \
     AND overdue_at IS NULL AND due_at < $2 RETURNING id, lead_id, owner_id, key, sequence, due_at";
pub const COUNT_OVERDUE: &str = "SELECT u.id, u.first_name, u.last_name, u.blocked_since, u.held_reason, \
     COUNT(f.id) AS overdue FROM app_user AS u LEFT JOIN follow_up AS f ON f.tenant_id = u.tenant_id \
     AND f.owner_id = u.id AND f.state = 'open' AND f.due_at < $2 WHERE u.tenant_id = $1 AND u.active \
     GROUP BY u.id, u.first_name, u.last_name, u.blocked_since, u.held_reason";

/// Marks follow-ups that became overdue and blocks or unblocks their owners.
pub async fn sweep(app: &App, actor: &Actor) -> Result<()> {
    let actor = actor.clone();
    app.db
        .write(actor.tenant_id(), async move |tx: Tx| sweep_in(&tx, &actor).await)
        .await
}

/// When overdue work stops new leads.
#[derive(Debug, Clone, Copy)]
pub struct Block {
    /// So many follow-ups; a setting of 0 means that no number does.
    pub threshold: i64,
    /// Each later than this.
    pub grace: TimeDelta,
}

impl Block {
    /// A follow-up due before this counts.
    pub fn cutoff(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        now - self.grace
    }
}

pub async fn block(tx: &Tx) -> Result<Block> {
    let settings = settings::current(tx).await?;
    let set = settings.integer(THRESHOLD_SETTING).unwrap_or(DEFAULT_THRESHOLD);
    let grace = settings.integer(GRACE_SETTING).unwrap_or(0).max(0);
    Ok(Block {
        threshold: if set <= 0 { i64::MAX } else { set },
        grace: TimeDelta::try_minutes(grace).unwrap_or(TimeDelta::zero()),
    })
}

async fn sweep_in(tx: &Tx, actor: &Actor) -> Result<()> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Id,
        first_name: String,
        last_name: String,
        blocked_since: Option<DateTime<Utc>>,
        held_reason: Option<String>,
        overdue: i64,
    }
    let (tenant, now) = (tx.tenant(), tx.now());
    mark(tx, actor).await?;
    let block = block(tx).await?;
    let values = vec![tenant.0.into(), block.cutoff(now).into()];
    let rows: Vec<Row> = tx.all(COUNT_OVERDUE, values).await?;
    let mut freed = false;
    for row in rows {
        let held = row.held_reason.is_some() && row.overdue > 0;
        let over = held || row.overdue >= block.threshold;
        if over == row.blocked_since.is_some() {
            continue;
        }
        let since = over.then_some(now);
        let was = if over { "IS NULL" } else { "IS NOT NULL" };
        let sql = format!(
            "UPDATE app_user SET blocked_since = $3, held_reason = NULL \
             WHERE tenant_id = $1 AND id = $2 AND blocked_since {was}"
        );
        // Another sweep was first: it tells.
        if tx.run(&sql, vec![tenant.0.into(), row.id.into(), since.into()]).await? == 0 {
            continue;
        }
        let kind = if over { "rep.blocked" } else { "rep.unblocked" };
        let payload = json!({"overdue": row.overdue, "threshold": block.threshold});
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

/// Marks what became late and tells the rules of it.
async fn mark(tx: &Tx, actor: &Actor) -> Result<()> {
    #[derive(FromQueryResult)]
    struct Late {
        id: Id,
        lead_id: Id,
        owner_id: Id,
        key: String,
        sequence: i32,
        due_at: DateTime<Utc>,
    }
    let mut late: Vec<Late> = tx
        .all(MARK_OVERDUE, vec![tx.tenant().0.into(), tx.now().into()])
        .await?;
    late.sort_by_key(|late| (late.due_at, late.id));
    for some in late.chunks(AT_ONCE) {
        let became = some.iter().map(|late| NewEvent {
            kind: "follow_up.overdue",
            lead: Some(late.lead_id),
            owner: Some(late.owner_id),
            cause: None,
            payload: json!({
                "follow_up_id": late.id, "key": late.key, "sequence": late.sequence, "due_at": late.due_at,
            }),
        });
        let ids = events::record_all(tx, actor, became.collect()).await?;
        if let Some(first) = ids.first() {
            let job = NewJob::new("scripts.plan", format!("plan/{first}"), ids.clone()).priority(2);
            enqueue(tx, job).await?;
        }
    }
    Ok(())
}
