//! Putting work in the queue, within the transaction that causes it.

use chrono::{DateTime, Utc};

use crate::db::{Tx, insert};
use crate::error::Result;
use crate::ids::{Id, new_id};

pub struct NewJob {
    pub kind: &'static str,
    /// The same work never waits twice: the second insert does nothing, even after the first has run.
    pub uniq: String,
    /// Ids of one kind, at most 500.
    pub ids: Vec<Id>,
    pub run_at: Option<DateTime<Utc>>,
    /// 0 first; imports and simulations later.
    pub priority: i16,
}

impl NewJob {
    pub fn new(kind: &'static str, uniq: impl Into<String>, ids: Vec<Id>) -> Self {
        NewJob {
            kind,
            uniq: uniq.into(),
            ids,
            run_at: None,
            priority: 1,
        }
    }

    pub fn at(mut self, run_at: DateTime<Utc>) -> Self {
        self.run_at = Some(run_at);
        self
    }

    pub fn priority(mut self, priority: i16) -> Self {
        self.priority = priority;
        self
    }
}

pub async fn enqueue(tx: &Tx, job: NewJob) -> Result<()> {
    enqueue_all(tx, vec![job]).await
}

pub async fn enqueue_all(tx: &Tx, jobs: Vec<NewJob>) -> Result<()> {
    let Some(first) = jobs.iter().map(|job| job.run_at.unwrap_or(tx.now())).min() else {
        return Ok(());
    };
    let tenant = tx.tenant();
    let rows = jobs
        .into_iter()
        .map(|job| {
            vec![
                tenant.0.into(),
                new_id().into(),
                job.kind.into(),
                job.uniq.into(),
                serde_json::json!(job.ids).into(),
                "ready".into(),
                job.priority.into(),
                job.run_at.unwrap_or(tx.now()).into(),
                0i32.into(),
                super::claim::MAX_ATTEMPTS.into(),
                0i32.into(),
                tx.now().into(),
            ]
        })
        .collect();
    insert(
        tx,
        "job",
        "tenant_id, id, kind, uniq, ids, state, priority, run_at, attempt, max_attempts, crashes, created_at",
        rows,
        "ON CONFLICT (tenant_id, uniq) DO NOTHING",
    )
    .await?;
    lower_turn(tx, tenant, first).await?;
    tx.wake_after_commit();
    Ok(())
}

/// The tenant's turn comes no later than its earliest job.
pub(super) async fn lower_turn(tx: &Tx, tenant: crate::ids::TenantId, at: DateTime<Utc>) -> Result<()> {
    tx.run(
        "INSERT INTO job_tenant (tenant_id, next_turn) VALUES ($1, $2) \
         ON CONFLICT (tenant_id) DO UPDATE SET next_turn = excluded.next_turn \
         WHERE job_tenant.next_turn > excluded.next_turn",
        vec![tenant.0.into(), at.into()],
    )
    .await?;
    Ok(())
}
