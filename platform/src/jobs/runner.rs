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

use super::claim::{Job, Room, claim, fail, finish, reclaim, renew, repair};
use super::schedule::{Tick, Ticks};
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
    alone: Vec<&'static str>,
    ticks: Arc<Ticks>,
    running: Arc<Mutex<HashMap<Id, Job>>>,
}

const AT_ONCE: usize = 8;
const PER_TENANT: usize = 3;
const EACH_TURN: usize = 2;
const RENEW: Duration = Duration::from_secs(15);
const REPAIR_EVERY: u32 = 4;
const LOOK_AT_THE_CLOCK: Duration = Duration::from_secs(5);

impl Runner {
    pub fn new(app: App, handlers: HashMap<&'static str, Handler>, ticks: Vec<Tick>) -> Self {
        Runner {
            app,
            handlers: Arc::new(handlers),
            alone: Vec::new(),
            ticks: Arc::new(Ticks::new(ticks)),
            running: Arc::default(),
        }
    }

    /// Kinds that decide from what the one before them left: of all of them together a tenant has one running, on
    /// whatever node.
    pub fn alone(self, kinds: &[&'static str]) -> Self {
        Runner {
            alone: kinds.to_vec(),
            ..self
        }
    }

    /// Works until told to stop, then finishes what it holds.
    pub async fn run(self, stop: CancellationToken) {
        let done = CancellationToken::new();
        let leases = tokio::spawn(self.clone().keep_leases(done.clone()));
        let slots = tokio::spawn(self.clone().keep_slots(stop.clone()));
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
        // What is held is finished under its lease, however long it takes.
        while tasks.join_next().await.is_some() {}
        done.cancel();
        let _ = tokio::join!(leases, slots);
    }

    async fn claim(&self, free: usize) -> Vec<Job> {
        let room = Room {
            free,
            each: EACH_TURN,
            share: PER_TENANT,
            running: self.by_tenant(),
            alone: self.alone.clone(),
        };
        match claim(&self.app, room).await {
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

    /// How much each tenant has of this worker.
    fn by_tenant(&self) -> HashMap<TenantId, usize> {
        let mut counts: HashMap<TenantId, usize> = HashMap::new();
        if let Ok(running) = self.running.lock() {
            for job in running.values() {
                *counts.entry(job.tenant).or_default() += 1;
            }
        }
        counts
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

    /// Leases are renewed and lost ones taken back, whatever the jobs, the ticks and the clock do.
    async fn keep_leases(self, done: CancellationToken) {
        let mut beat = 0u32;
        loop {
            self.renew_and_reclaim(beat).await;
            beat = beat.wrapping_add(1);
            tokio::select! {
                () = done.cancelled() => return,
                () = tokio::time::sleep(RENEW) => {}
            }
        }
    }

    async fn renew_and_reclaim(&self, beat: u32) {
        let held: Vec<Job> = match self.running.lock() {
            Ok(running) => running.values().cloned().collect(),
            Err(_) => Vec::new(),
        };
        if let Err(error) = renew(&self.app, held).await {
            tracing::warn!(%error, "leases were not renewed");
        }
        let mut found = reclaim(&self.app).await;
        if beat.is_multiple_of(REPAIR_EVERY)
            && let Ok(reclaimed) = &found
        {
            found = repair(&self.app).await.map(|mended| mended + reclaimed);
        }
        match found {
            Ok(0) => {}
            Ok(_) => self.app.db.wake(),
            Err(error) => tracing::warn!(%error, "lost jobs were not looked for"),
        }
    }

    /// Periodic work is put in the queue as its time comes.
    async fn keep_slots(self, stop: CancellationToken) {
        // Slots are minutes long at least: looking every few seconds is early enough. A test clock jumps.
        let moving = self.app.config.test_clock;
        let pause = if moving {
            Duration::from_secs(1)
        } else {
            LOOK_AT_THE_CLOCK
        };
        while !stop.is_cancelled() {
            if let Err(error) = self.look_at_the_clock().await {
                tracing::warn!(%error, "periodic work was not looked for");
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    async fn look_at_the_clock(&self) -> Result<()> {
        self.app.load_clock().await?;
        self.ticks.enqueue(&self.app).await?;
        Ok(())
    }

    /// Runs everything that is due, here and now; for tests and for the moved test clock.
    pub async fn drain(&self) -> Result<usize> {
        self.ticks.enqueue(&self.app).await?;
        let mut done = 0;
        loop {
            let room = Room {
                free: 20,
                each: 20,
                share: 20,
                running: HashMap::new(),
                alone: self.alone.clone(),
            };
            let jobs = claim(&self.app, room).await?;
            if jobs.is_empty() {
                return Ok(done);
            }
            done += jobs.len();
            for job in jobs {
                self.clone().perform(job).await;
            }
        }
    }

    /// What a worker does every quarter of a minute, here and now.
    pub async fn keep_house(&self) {
        self.renew_and_reclaim(0).await;
    }
}
