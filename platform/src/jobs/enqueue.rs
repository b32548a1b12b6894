//! Putting work in the queue, within the transaction that causes it.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use sea_orm::FromQueryResult;

use crate::db::{Tx, insert};
use crate::error::Result;
use crate::ids::{Id, TenantId, new_id};

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

/// What waiting and running jobs are about, of those named `about/<id>/…`.
pub async fn under_way(tx: &Tx, about: &str) -> Result<HashSet<Id>> {
    #[derive(FromQueryResult)]
    struct Row {
        uniq: String,
    }
    // `0` follows `/`.
    let (from, to) = (format!("{about}/"), format!("{about}0"));
    let sql =
        "SELECT uniq FROM job WHERE tenant_id = $1 AND uniq >= $2 AND uniq < $3 AND state IN ('ready', 'running')";
    let rows: Vec<Row> = tx.all(sql, vec![tx.tenant().0.into(), from.into(), to.into()]).await?;
    let named = rows.iter().filter_map(|row| row.uniq.split('/').nth(1)?.parse().ok());
    Ok(named.collect())
}

/// The tenant's turn comes no later than its earliest job. Looked at before it is touched: writers of one tenant
/// must not queue behind each other's commits on this row. A claim that does not see a job yet to be committed
/// looks once more before the turn moves away (see `claim::next_turn`).
pub(super) async fn lower_turn(tx: &Tx, tenant: TenantId, at: DateTime<Utc>) -> Result<()> {
    #[derive(FromQueryResult)]
    struct Turn {
        #[expect(dead_code, reason = "only whether there is a row matters")]
        next_turn: DateTime<Utc>,
    }
    let key = || vec![tenant.0.into(), at.into()];
    let early = "SELECT next_turn FROM job_tenant WHERE tenant_id = $1 AND next_turn <= $2";
    if tx.one::<Turn>(early, key()).await?.is_some() {
        return Ok(());
    }
    tx.run(
        "INSERT INTO job_tenant (tenant_id, next_turn, idle) VALUES ($1, $2, 0) \
         ON CONFLICT (tenant_id) DO UPDATE SET next_turn = excluded.next_turn, idle = 0 \
         WHERE job_tenant.next_turn > excluded.next_turn",
        key(),
    )
    .await?;
    Ok(())
}
