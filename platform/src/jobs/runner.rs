//! The worker: claims, runs a few jobs at once, keeps their leases alive, takes back what crashed.

use std::collections::HashMap;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::FutureExt;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::claim::{Job, claim, fail, finish, reclaim, renew};
use super::schedule::{Tick, tick};
use crate::app::App;
use crate::error::{Error, Result};
use crate::ids::{Id, TenantId};

type Run = Pin<Box<dyn Future<Output = Result<()>> + Send>>;

/// Runs one kind of job. It may run twice for one job: effects are keyed, or finish the job in their transaction.
pub type Handler = Arc<dyn Fn(Job) -> Run + Send + Sync>;

#[derive(Clone)]
pub struct Runner {
    app: App,
    handlers: Arc<HashMap<&'static str, Handler>>,
    ticks: Arc<Vec<Tick>>,
    running: Arc<Mutex<HashMap<Id, Job>>>,
}

const AT_ONCE: usize = 8;
const PER_TENANT: usize = 3;
const EACH_TURN: u32 = 2;

impl Runner {
    pub fn new(app: App, handlers: HashMap<&'static str, Handler>, ticks: Vec<Tick>) -> Self {
        Runner {
            app,
            handlers: Arc::new(handlers),
            ticks: Arc::new(ticks),
            running: Arc::default(),
        }
    }

    /// Works until told to stop, then finishes what it holds.
    pub async fn run(self, stop: CancellationToken) {
        let housekeeping = tokio::spawn(self.clone().keep_house(stop.clone()));
        let mut tasks = JoinSet::new();
        while !stop.is_cancelled() {
            while tasks.try_join_next().is_some() {}
            let free = AT_ONCE.saturating_sub(tasks.len());
            let jobs = if free == 0 { Vec::new() } else { self.claim(free).await };
            if jobs.is_empty() {
                self.wait(&stop, &mut tasks).await;
            }
            for job in jobs {
                tasks.spawn(self.clone().perform(job));
            }
        }
        while tasks.join_next().await.is_some() {}
        let _ = housekeeping.await;
    }

    async fn claim(&self, free: usize) -> Vec<Job> {
        let busy = self.busy();
        let each = EACH_TURN.min(free as u32);
        match claim(&self.app, each, busy).await {
            Ok(jobs) => {
                if let Ok(mut running) = self.running.lock() {
                    running.extend(jobs.iter().map(|job| (job.id, job.clone())));
                }
                jobs
            }
            Err(error) => {
                tracing::warn!(%error, "no jobs could be claimed");
                Vec::new()
            }
        }
    }

    /// Tenants that already have their share of this worker.
    fn busy(&self) -> Vec<TenantId> {
        let mut counts: HashMap<TenantId, usize> = HashMap::new();
        if let Ok(running) = self.running.lock() {
            for job in running.values() {
                *counts.entry(job.tenant).or_default() += 1;
            }
        }
        counts
            .into_iter()
            .filter(|(_, n)| *n >= PER_TENANT)
            .map(|(tenant, _)| tenant)
            .collect()
    }

    async fn wait(&self, stop: &CancellationToken, tasks: &mut JoinSet<()>) {
        let jitter = Duration::from_millis(700 + u64::from(rand::random::<u8>()) * 2);
        tokio::select! {
            () = stop.cancelled() => {}
            () = self.app.db.woken() => {}
            Some(_) = tasks.join_next(), if !tasks.is_empty() => {}
            () = tokio::time::sleep(jitter) => {}
        }
    }

    async fn perform(self, job: Job) {
        let started = std::time::Instant::now();
        let done = match self.handlers.get(job.kind.as_str()) {
            Some(handler) => AssertUnwindSafe(handler(job.clone()))
                .catch_unwind()
                .await
                .unwrap_or_else(|_| Err(Error::internal("the job panicked"))),
            None => Err(Error::internal(format!("no handler for jobs of kind {}", job.kind))),
        };
        let closed = match &done {
            Ok(()) => finish(&self.app, &job).await,
            Err(error) => {
                tracing::warn!(%error, job = %job.id, kind = job.kind, tenant = %job.tenant, attempt = job.attempt, "a job failed");
                fail(&self.app, &job, error).await
            }
        };
        if let Err(error) = closed {
            tracing::warn!(%error, job = %job.id, "a job could not be closed: its lease will run out");
        }
        if let Ok(mut running) = self.running.lock() {
            running.remove(&job.id);
        }
        let result = if done.is_ok() { "done" } else { "failed" };
        metrics::histogram!("job_seconds", "kind" => job.kind, "result" => result)
            .record(started.elapsed().as_secs_f64());
    }

    /// Ticks, lease renewal and reclaiming, each at its pace, whatever the jobs do.
    async fn keep_house(self, stop: CancellationToken) {
        let mut beat = 0u64;
        while !stop.is_cancelled() {
            if let Err(error) = self.housekeep(beat).await {
                tracing::warn!(%error, "housekeeping failed");
            }
            beat += 1;
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(Duration::from_secs(1)) => {}
            }
        }
    }

    async fn housekeep(&self, beat: u64) -> Result<()> {
        self.app.load_clock().await?;
        tick_due(&self.app, &self.ticks, beat).await?;
        if beat % 15 == 0 {
            let running: Vec<Job> = self
                .running
                .lock()
                .map(|r| r.values().cloned().collect())
                .unwrap_or_default();
            renew(&self.app, running).await?;
            if reclaim(&self.app).await? > 0 {
                self.app.db.wake();
            }
        }
        Ok(())
    }

    /// Runs everything that is due, here and now; for tests and for the moved test clock.
    pub async fn drain(&self) -> Result<usize> {
        tick(&self.app, &self.ticks).await?;
        let mut done = 0;
        loop {
            let jobs = claim(&self.app, 20, Vec::new()).await?;
            if jobs.is_empty() {
                return Ok(done);
            }
            done += jobs.len();
            for job in jobs {
                self.clone().perform(job).await;
            }
        }
    }
}

async fn tick_due(app: &App, ticks: &[Tick], beat: u64) -> Result<()> {
    // Slots are minutes long at least; looking every few seconds is early enough, and at once under a test clock.
    if beat % 5 == 0 || app.config.test_clock {
        tick(app, ticks).await?;
    }
    Ok(())
}
