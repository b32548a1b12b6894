//! Claiming, renewing and finishing under a lease. Leases use real time: the movable clock must not end them.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{FromQueryResult, Value};

use super::enqueue::lower_turn;
use crate::app::App;
use crate::db::{Tx, list};
use crate::error::{Error, Result};
use crate::ids::{Id, TenantId, new_id};

pub(super) const MAX_ATTEMPTS: i32 = 12;
/// More than a node that is restarted again and again brings on the jobs it happened to hold.
const MAX_CRASHES: i32 = 5;
const LEASE: TimeDelta = TimeDelta::seconds(60);
const LOOK_AGAIN: TimeDelta = TimeDelta::seconds(2);
const TENANTS_A_TURN: usize = 4;
/// A fault of the database passes in seconds; it says nothing about the job.
const PASSING: TimeDelta = TimeDelta::seconds(3);

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
struct Crashed {
    tenant_id: Id,
    id: Id,
    crashes: i32,
}

#[derive(FromQueryResult)]
struct Turn {
    tenant_id: Id,
}

/// What a worker has room for.
pub(super) struct Room {
    /// Jobs in all.
    pub free: usize,
    /// Jobs of one tenant in one turn.
    pub each: usize,
    /// Jobs of one tenant at once on this node.
    pub share: usize,
    /// What each tenant has running on this node.
    pub running: HashMap<TenantId, usize>,
    /// Kinds of which a tenant has at most one running, on whatever node.
    pub alone: Vec<&'static str>,
}

impl Room {
    fn left(&self, tenant: TenantId) -> usize {
        let running = self.running.get(&tenant).copied().unwrap_or(0);
        self.share.saturating_sub(running).min(self.each)
    }
}

/// Takes ready jobs of the tenants whose turn came first, a few of each.
pub(super) async fn claim(app: &App, room: Room) -> Result<Vec<Job>> {
    let clock = app.clock.clone();
    app.db
        .queue(async move |tx: Tx| {
            let real = tx.real(&clock).await?;
            let now = clock.shifted(real);
            let full = room.running.keys().filter(|tenant| room.left(**tenant) == 0).count();
            let skip = if tx.is_postgres() { "FOR UPDATE SKIP LOCKED" } else { "" };
            let sql = format!(
                "SELECT tenant_id FROM job_tenant WHERE next_turn <= $1 ORDER BY next_turn LIMIT {} {skip}",
                TENANTS_A_TURN + full
            );
            let turns: Vec<Turn> = tx.all(&sql, vec![now.into()]).await?;
            let mut claimed: Vec<Job> = Vec::new();
            for tenant in turns.into_iter().map(|turn| TenantId(turn.tenant_id)) {
                let each = room.left(tenant).min(room.free - claimed.len());
                if each > 0 {
                    claimed.extend(claim_of(&tx, tenant, each, now, real, &room.alone).await?);
                }
            }
            Ok(claimed)
        })
        .await
}

async fn claim_of(
    tx: &Tx,
    tenant: TenantId,
    each: usize,
    now: DateTime<Utc>,
    real: DateTime<Utc>,
    alone: &[&'static str],
) -> Result<Vec<Job>> {
    let (skip, kinds) = (
        if tx.is_postgres() { "FOR UPDATE SKIP LOCKED" } else { "" },
        list(3, alone.len()),
    );
    let mut values: Vec<Value> = vec![tenant.0.into(), now.into()];
    let mut apart = String::new();
    if !alone.is_empty() {
        values.extend(alone.iter().map(|kind| Value::from(*kind)));
        // The tenant's turn is locked: nobody else starts one of these meanwhile.
        apart = format!(
            "AND (kind NOT IN ({kinds}) OR NOT EXISTS (SELECT 1 FROM job AS r WHERE r.tenant_id = $1 \
             AND r.state = 'running' AND r.kind IN ({kinds})))"
        );
    }
    let sql = format!(
        "SELECT id, kind, uniq, ids, attempt FROM job WHERE tenant_id = $1 AND state = 'ready' AND run_at <= $2 \
         {apart} ORDER BY priority, run_at, id LIMIT {each} {skip}"
    );
    let mut rows: Vec<Row> = tx.all(&sql, values).await?;
    let found = rows.len();
    let mut first = true;
    rows.retain(|row| !alone.contains(&row.kind.as_str()) || std::mem::take(&mut first));
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
    next_turn(tx, tenant, now, found == each).await?;
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
    let soon = next.as_ref().map_or(again, |next| next.run_at.clamp(now, again));
    let sql = "UPDATE job_tenant SET next_turn = $2, idle = 1 WHERE tenant_id = $1 AND idle = 0";
    if tx.run(sql, vec![tenant.0.into(), soon.into()]).await? == 1 {
        return Ok(());
    }
    match next {
        Some(next) => {
            // Due and yet not taken (another node has it in hand): behind the others, not before them for ever.
            let at = next.run_at.max(now);
            let sql = "UPDATE job_tenant SET next_turn = $2 WHERE tenant_id = $1";
            tx.run(sql, vec![tenant.0.into(), at.into()]).await?;
        }
        None => {
            tx.run("DELETE FROM job_tenant WHERE tenant_id = $1", vec![tenant.0.into()])
                .await?;
        }
    }
    Ok(())
}

/// Refuses where the lease is lost: a long job asks in each of its commits, which also locks the job until then. Its
/// crashes are forgotten: it gets on between them.
pub async fn hold_in(tx: &Tx, job: &Job) -> Result<()> {
    let held = tx
        .run(
            "UPDATE job SET crashes = 0 WHERE tenant_id = $1 AND id = $2 AND attempt = $3 AND lease_id = $4 \
             AND state = 'running'",
            vec![job.tenant.0.into(), job.id.into(), job.attempt.into(), job.lease.into()],
        )
        .await?;
    if held == 0 { Err(lost()) } else { Ok(()) }
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
    let clock = app.clock.clone();
    // A passing fault of the database says nothing about the job: that try does not count.
    let passing = matches!(error, Error::Unavailable(_));
    let dead = job.attempt >= MAX_ATTEMPTS && !passing;
    let wait = if passing {
        PASSING
    } else {
        TimeDelta::seconds(2i64.pow(job.attempt.clamp(0, 12).unsigned_abs()).min(3600))
    };
    let wait = wait + TimeDelta::milliseconds(i64::from(rand::random::<u16>() % 1000));
    app.db
        .queue(async move |tx: Tx| {
            let run_at = clock.shifted(tx.real(&clock).await?) + wait;
            let state = if dead { "dead" } else { "ready" };
            let tries = job.attempt - i32::from(passing);
            let changed = tx
                .run(
                    "UPDATE job SET state = $5, run_at = $6, last_error = $7, lease_id = NULL, lease_until = NULL, \
                     attempt = $8 WHERE tenant_id = $1 AND id = $2 AND attempt = $3 AND lease_id = $4 \
                     AND state = 'running'",
                    vec![
                        job.tenant.0.into(),
                        job.id.into(),
                        job.attempt.into(),
                        job.lease.into(),
                        state.into(),
                        run_at.into(),
                        text.into(),
                        tries.into(),
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
    if jobs.is_empty() {
        return Ok(());
    }
    let clock = app.clock.clone();
    app.db
        .queue(async move |tx: Tx| {
            let until = tx.real(&clock).await? + LEASE;
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

/// Takes back jobs whose lease ran out: their worker died. Each waits a little longer than after its last crash, so
/// that one that kills its workers leaves them time for the rest; the fifth crash puts it away.
pub(super) async fn reclaim(app: &App) -> Result<u64> {
    let clock = app.clock.clone();
    app.db
        .queue(async move |tx: Tx| {
            let real = tx.real(&clock).await?;
            let now = clock.shifted(real);
            let skip = if tx.is_postgres() { "FOR UPDATE SKIP LOCKED" } else { "" };
            let sql = format!(
                "UPDATE job SET crashes = crashes + 1, lease_id = NULL, lease_until = NULL, last_error = 'worker_crashed', \
                 state = CASE WHEN crashes + 1 >= $2 THEN 'dead' ELSE 'ready' END \
                 WHERE state = 'running' AND (tenant_id, id) IN ( \
                 SELECT tenant_id, id FROM job WHERE state = 'running' AND lease_until < $1 {skip}) \
                 RETURNING tenant_id, id, crashes"
            );
            let rows: Vec<Crashed> = tx.all(&sql, vec![real.into(), MAX_CRASHES.into()]).await?;
            // In one order on every node, so that two of them cannot wait for each other.
            let mut turns: BTreeMap<TenantId, DateTime<Utc>> = BTreeMap::new();
            for crashes in 1..MAX_CRASHES {
                let run_at = now + TimeDelta::seconds(1 << crashes);
                let crashed: Vec<&Crashed> = rows.iter().filter(|row| row.crashes == crashes).collect();
                for chunk in crashed.chunks(500) {
                    let sql = format!("UPDATE job SET run_at = $1 WHERE id IN ({})", list(2, chunk.len()));
                    let mut values: Vec<Value> = vec![run_at.into()];
                    values.extend(chunk.iter().map(|row| Value::from(row.id)));
                    tx.run(&sql, values).await?;
                    for row in chunk {
                        turns.entry(TenantId(row.tenant_id)).or_insert(run_at);
                    }
                }
            }
            for (tenant, run_at) in turns {
                lower_turn(&tx, tenant, run_at).await?;
            }
            Ok(rows.len() as u64)
        })
        .await
}

/// Gives a turn to every tenant with work and none, or one that comes too late: whatever lost it, a job is not
/// forgotten. Returns how many were mended.
pub(super) async fn repair(app: &App) -> Result<u64> {
    app.db
        .queue(async move |tx: Tx| {
            tx.run(
                "INSERT INTO job_tenant (tenant_id, next_turn, idle) \
                 SELECT j.tenant_id, MIN(j.run_at), 0 FROM job AS j \
                 LEFT JOIN job_tenant AS t ON t.tenant_id = j.tenant_id \
                 WHERE j.state = 'ready' AND (t.tenant_id IS NULL OR (t.next_turn > j.run_at AND t.next_turn > $1)) \
                 GROUP BY j.tenant_id ORDER BY j.tenant_id \
                 ON CONFLICT (tenant_id) DO UPDATE SET next_turn = excluded.next_turn, idle = 0 \
                 WHERE job_tenant.next_turn > excluded.next_turn",
                vec![tx.now().into()],
            )
            .await
        })
        .await
}
