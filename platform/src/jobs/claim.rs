//! Claiming, renewing and finishing under a lease. Leases use real time: the movable clock must not end them.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{FromQueryResult, Value};

use super::enqueue::lower_turn;
use crate::app::App;
use crate::db::{Tx, list};
use crate::error::{Error, Result};
use crate::ids::{Id, TenantId, new_id};

pub(super) const MAX_ATTEMPTS: i32 = 12;
const MAX_CRASHES: i32 = 3;
const LEASE: TimeDelta = TimeDelta::seconds(60);
const LOOK_AGAIN: TimeDelta = TimeDelta::seconds(2);
const TENANTS_A_TURN: u32 = 4;

/// A claimed job; only this attempt may finish it.
#[derive(Debug, Clone)]
pub struct Job {
    pub tenant: TenantId,
    pub id: Id,
    pub kind: String,
    pub uniq: String,
    pub ids: Vec<Id>,
    pub attempt: i32,
    lease: Id,
}

#[derive(FromQueryResult)]
struct Row {
    id: Id,
    kind: String,
    uniq: String,
    ids: serde_json::Value,
    attempt: i32,
}

#[derive(FromQueryResult)]
struct Turn {
    tenant_id: Id,
}

/// Takes up to `each` ready jobs from each of the tenants whose turn came first.
pub(super) async fn claim(app: &App, each: u32, busy: Vec<TenantId>) -> Result<Vec<Job>> {
    let (now, real) = (app.clock.now(), app.clock.real());
    app.db
        .queue(async move |tx: Tx| {
            let skip = if tx.is_postgres() { "FOR UPDATE SKIP LOCKED" } else { "" };
            let sql = format!(
                "SELECT tenant_id FROM job_tenant WHERE next_turn <= $1 ORDER BY next_turn LIMIT {} {skip}",
                TENANTS_A_TURN as usize + busy.len()
            );
            let turns: Vec<Turn> = tx.all(&sql, vec![now.into()]).await?;
            let mut claimed = Vec::new();
            let turns = turns.into_iter().map(|turn| TenantId(turn.tenant_id));
            for tenant in turns
                .filter(|tenant| !busy.contains(tenant))
                .take(TENANTS_A_TURN as usize)
            {
                claimed.extend(claim_of(&tx, tenant, each, now, real, skip).await?);
            }
            Ok(claimed)
        })
        .await
}

async fn claim_of(
    tx: &Tx,
    tenant: TenantId,
    each: u32,
    now: DateTime<Utc>,
    real: DateTime<Utc>,
    skip: &str,
) -> Result<Vec<Job>> {
    let sql = format!(
        "SELECT id, kind, uniq, ids, attempt FROM job WHERE tenant_id = $1 AND state = 'ready' AND run_at <= $2 \
         ORDER BY priority, run_at, id LIMIT {each} {skip}"
    );
    let rows: Vec<Row> = tx.all(&sql, vec![tenant.0.into(), now.into()]).await?;
    let lease = new_id();
    if !rows.is_empty() {
        let mut values: Vec<Value> = vec![tenant.0.into(), lease.into(), (real + LEASE).into()];
        values.extend(rows.iter().map(|row| Value::from(row.id)));
        let sql = format!(
            "UPDATE job SET state = 'running', attempt = attempt + 1, lease_id = $2, lease_until = $3 \
             WHERE tenant_id = $1 AND id IN ({})",
            list(4, rows.len())
        );
        tx.run(&sql, values).await?;
    }
    next_turn(tx, tenant, now, rows.len() as u32 == each).await?;
    Ok(rows
        .into_iter()
        .map(|row| Job {
            tenant,
            id: row.id,
            kind: row.kind,
            uniq: row.uniq,
            ids: serde_json::from_value(row.ids).unwrap_or_default(),
            attempt: row.attempt + 1,
            lease,
        })
        .collect())
}

/// A tenant with more to do goes to the back of the line. An idle one is looked at once more, after the longest a
/// writing transaction takes, and then waits for its next job.
async fn next_turn(tx: &Tx, tenant: TenantId, now: DateTime<Utc>, more: bool) -> Result<()> {
    #[derive(FromQueryResult)]
    struct Next {
        run_at: DateTime<Utc>,
    }
    if more {
        let sql = "UPDATE job_tenant SET next_turn = $2, idle = 0 WHERE tenant_id = $1";
        tx.run(sql, vec![tenant.0.into(), now.into()]).await?;
        return Ok(());
    }
    let sql = "SELECT run_at FROM job WHERE tenant_id = $1 AND state = 'ready' ORDER BY run_at LIMIT 1";
    let next: Option<Next> = tx.one(sql, vec![tenant.0.into()]).await?;
    let again = now + LOOK_AGAIN;
    let soon = next.as_ref().map_or(again, |next| next.run_at.min(again));
    let sql = "UPDATE job_tenant SET next_turn = $2, idle = 1 WHERE tenant_id = $1 AND idle = 0";
    if tx.run(sql, vec![tenant.0.into(), soon.into()]).await? == 1 {
        return Ok(());
    }
    match next {
        Some(next) => {
            let sql = "UPDATE job_tenant SET next_turn = $2 WHERE tenant_id = $1";
            tx.run(sql, vec![tenant.0.into(), next.run_at.into()]).await?;
        }
        None => {
            tx.run("DELETE FROM job_tenant WHERE tenant_id = $1", vec![tenant.0.into()])
                .await?;
        }
    }
    Ok(())
}

/// Refuses where the lease is lost: a long job asks before each of its commits.
pub async fn hold_in(tx: &Tx, job: &Job) -> Result<()> {
    #[derive(FromQueryResult)]
    struct Held {
        #[expect(dead_code, reason = "only its presence counts")]
        id: Id,
    }
    let held: Option<Held> = tx
        .one(
            "SELECT id FROM job WHERE tenant_id = $1 AND id = $2 AND attempt = $3 AND lease_id = $4 \
             AND state = 'running'",
            vec![job.tenant.0.into(), job.id.into(), job.attempt.into(), job.lease.into()],
        )
        .await?;
    held.map(|_| ()).ok_or_else(lost)
}

/// Finishes a job inside the transaction that holds its effect. A lost lease undoes the effect.
pub async fn finish_in(tx: &Tx, job: &Job) -> Result<()> {
    let done = tx
        .run(
            "UPDATE job SET state = 'done', finished_at = $5, lease_id = NULL, lease_until = NULL, last_error = NULL \
             WHERE tenant_id = $1 AND id = $2 AND attempt = $3 AND lease_id = $4 AND state = 'running'",
            vec![
                job.tenant.0.into(),
                job.id.into(),
                job.attempt.into(),
                job.lease.into(),
                tx.now().into(),
            ],
        )
        .await?;
    if done == 0 {
        return Err(lost());
    }
    Ok(())
}

fn lost() -> Error {
    metrics::counter!("job_fenced_total").increment(1);
    Error::conflict("job_lease_lost")
}

/// Marks a finished job done if its own transaction did not already.
pub(super) async fn finish(app: &App, job: &Job) -> Result<()> {
    let job = job.clone();
    app.db
        .queue(async move |tx: Tx| match finish_in(&tx, &job).await {
            Err(Error::Conflict(_)) => Ok(()),
            other => other,
        })
        .await
}

/// Puts a failed job back with a growing delay, or away for good.
pub(super) async fn fail(app: &App, job: &Job, error: &Error) -> Result<()> {
    let (job, text) = (job.clone(), error.to_string());
    let now = app.clock.now();
    // A passing fault of the database says nothing about the job.
    let passing = matches!(error, Error::Unavailable(_));
    let dead = job.attempt >= MAX_ATTEMPTS && !passing;
    let seconds = 2i64.pow(job.attempt.clamp(0, 12) as u32).min(3600);
    let jitter = i64::from(rand::random::<u16>() % 1000);
    let run_at = now + TimeDelta::seconds(seconds) + TimeDelta::milliseconds(jitter);
    app.db
        .queue(async move |tx: Tx| {
            let state = if dead { "dead" } else { "ready" };
            let changed = tx
                .run(
                    "UPDATE job SET state = $5, run_at = $6, last_error = $7, lease_id = NULL, lease_until = NULL \
                     WHERE tenant_id = $1 AND id = $2 AND attempt = $3 AND lease_id = $4 AND state = 'running'",
                    vec![
                        job.tenant.0.into(),
                        job.id.into(),
                        job.attempt.into(),
                        job.lease.into(),
                        state.into(),
                        run_at.into(),
                        text.into(),
                    ],
                )
                .await?;
            if changed == 1 && !dead {
                lower_turn(&tx, job.tenant, run_at).await?;
            }
            Ok(())
        })
        .await
}

/// Extends the leases of jobs still at work here.
pub async fn renew(app: &App, jobs: Vec<Job>) -> Result<()> {
    let until = app.clock.real() + LEASE;
    app.db
        .queue(async move |tx: Tx| {
            for job in jobs {
                tx.run(
                    "UPDATE job SET lease_until = $4 WHERE tenant_id = $1 AND id = $2 AND lease_id = $3 \
                     AND state = 'running'",
                    vec![job.tenant.0.into(), job.id.into(), job.lease.into(), until.into()],
                )
                .await?;
            }
            Ok(())
        })
        .await
}

/// Takes back jobs whose lease ran out: their worker died. The third crash puts one away.
pub(super) async fn reclaim(app: &App) -> Result<u64> {
    let (now, real) = (app.clock.now(), app.clock.real());
    app.db
        .queue(async move |tx: Tx| {
            let rows: Vec<Turn> = tx
                .all(
                    "UPDATE job SET crashes = crashes + 1, lease_id = NULL, lease_until = NULL, \
                     state = CASE WHEN crashes + 1 >= $2 THEN 'dead' ELSE 'ready' END, run_at = $3, \
                     last_error = 'worker_crashed' WHERE state = 'running' AND lease_until < $1 RETURNING tenant_id",
                    vec![real.into(), MAX_CRASHES.into(), now.into()],
                )
                .await?;
            for row in &rows {
                lower_turn(&tx, TenantId(row.tenant_id), now).await?;
            }
            Ok(rows.len() as u64)
        })
        .await
}
