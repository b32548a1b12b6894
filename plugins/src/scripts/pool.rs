//! Shares a few script processes among many tenants: one batch at a time each, tenants in turn,
//! and always a process left that no single tenant can hold.

use std::collections::{HashMap, VecDeque};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::Instant;

use super::child::Child;

const MOST_PER_TENANT: usize = 2;
/// A tenant that used more CPU than this within the window runs only when nobody else waits.
const FAIR_SHARE: Duration = Duration::from_secs(2);
const WINDOW: Duration = Duration::from_secs(60);

pub struct Pool {
    binary: PathBuf,
    size: usize,
    patience: Duration,
    recycle_after: u64,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    idle: Vec<Child>,
    running: usize,
    tenants: HashMap<String, Tenant>,
    /// Tenants with somebody waiting, next first.
    turn: VecDeque<String>,
}

#[derive(Default)]
struct Tenant {
    running: usize,
    waiting: VecDeque<oneshot::Sender<()>>,
    /// Waiting too, in the slow lane.
    patient: VecDeque<oneshot::Sender<()>>,
    used: Duration,
    window: Option<Instant>,
}

/// How urgent a batch is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// Somebody may be waiting for it.
    Fast,
    /// Imports and simulations: they go when nobody else wants to.
    Slow,
}

/// The right to use one process. Given back when dropped.
pub struct Lease {
    pool: Arc<Pool>,
    tenant: String,
    used: Duration,
}

impl Pool {
    pub fn new(binary: PathBuf, size: usize, patience: Duration, recycle_after: u64) -> Pool {
        Pool {
            binary,
            size: size.max(2),
            patience,
            recycle_after,
            state: Mutex::default(),
        }
    }

    /// Waits for this tenant's turn.
    pub async fn lease(self: &Arc<Self>, tenant: &str, lane: Lane) -> Lease {
        let turn = {
            let mut state = self.lock();
            let (sender, receiver) = oneshot::channel();
            let entry = state.tenants.entry(tenant.to_string()).or_default();
            let known = entry.is_waited_for();
            match lane {
                Lane::Fast => entry.waiting.push_back(sender),
                Lane::Slow => entry.patient.push_back(sender),
            }
            if !known {
                state.turn.push_back(tenant.to_string());
            }
            self.hand_out(&mut state);
            receiver
        };
        // The sender lives in the state until it is used, so this cannot fail; and a caller that
        // gave up waiting is skipped by `hand_out`.
        let _ = turn.await;
        Lease {
            pool: self.clone(),
            tenant: tenant.to_string(),
            used: Duration::ZERO,
        }
    }

    fn hand_out(&self, state: &mut State) {
        while state.running < self.size {
            let Some(place) = self.next(state) else { return };
            let Some(name) = state.turn.remove(place) else { return };
            let Some(tenant) = state.tenants.get_mut(&name) else {
                continue;
            };
            let Some(waiter) = tenant.waiting.pop_front().or_else(|| tenant.patient.pop_front()) else {
                continue;
            };
            let taken = waiter.send(()).is_ok();
            if taken {
                tenant.running += 1;
                state.running += 1;
            }
            if tenant.is_waited_for() {
                state.turn.push_back(name);
            } else {
                state.forget_if_quiet(&name);
            }
        }
    }

    /// Whose turn it is: the first who may run, is in the fast lane and has not used more than a
    /// fair share; failing that, the first who may run.
    fn next(&self, state: &State) -> Option<usize> {
        let most = MOST_PER_TENANT.min(self.size - 1);
        let may_run = |name: &String| state.tenants.get(name).is_some_and(|tenant| tenant.running < most);
        let first = |name: &String| {
            state
                .tenants
                .get(name)
                .is_some_and(|tenant| tenant.recent() <= FAIR_SHARE && !tenant.waiting.is_empty())
        };
        state
            .turn
            .iter()
            .position(|name| may_run(name) && first(name))
            .or_else(|| state.turn.iter().position(may_run))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lease {
    /// A process to work with: one that waits, or a new one.
    pub fn child(&self) -> std::io::Result<Child> {
        let idle = self.pool.lock().idle.pop();
        match idle {
            Some(child) => Ok(child),
            None => self.fresh_child(),
        }
    }

    pub fn fresh_child(&self) -> std::io::Result<Child> {
        Child::spawn(&self.pool.binary, self.pool.patience)
    }

    /// Gives a healthy process back; one that has served long enough is let go.
    pub fn give_back(&self, mut child: Child) {
        child.proven = true;
        if child.calls < self.pool.recycle_after {
            self.pool.lock().idle.push(child);
        }
    }

    /// Puts CPU time on the tenant's account.
    pub fn charge(&mut self, used: Duration) {
        self.used += used;
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let mut state = self.pool.lock();
        state.running = state.running.saturating_sub(1);
        if let Some(tenant) = state.tenants.get_mut(&self.tenant) {
            tenant.running = tenant.running.saturating_sub(1);
            tenant.charge(self.used);
        }
        state.forget_if_quiet(&self.tenant);
        self.pool.hand_out(&mut state);
    }
}

impl State {
    /// A thousand tenants who are not at work leave no trace here.
    fn forget_if_quiet(&mut self, name: &str) {
        let quiet = self
            .tenants
            .get(name)
            .is_some_and(|tenant| tenant.running == 0 && !tenant.is_waited_for() && tenant.recent() < FAIR_SHARE / 4);
        if quiet {
            self.tenants.remove(name);
        }
        // Those who once used much are looked at again when somebody else leaves.
        if self.tenants.len() > 1_000 {
            self.tenants
                .retain(|_, t| t.running > 0 || t.is_waited_for() || t.recent() > Duration::ZERO);
        }
    }
}

impl Tenant {
    fn is_waited_for(&self) -> bool {
        !self.waiting.is_empty() || !self.patient.is_empty()
    }

    fn recent(&self) -> Duration {
        match self.window {
            Some(from) if from.elapsed() < WINDOW => self.used,
            _ => Duration::ZERO,
        }
    }

    fn charge(&mut self, used: Duration) {
        if self.window.is_none_or(|from| from.elapsed() >= WINDOW) {
            self.window = Some(Instant::now());
            self.used = Duration::ZERO;
        }
        self.used += used;
    }
}
