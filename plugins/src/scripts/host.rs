//! The script host: takes a tenant's batch, gives back an outcome for every call. A script that
//! brings its process down costs its own call a layer, never another call and never another tenant.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::OnceCell;
use wire::{
    Args, Batch, Call, Candidate, Check, CheckReport, Finding, Golden, MAX_SOURCE, Outcome, Plan, Reply, Request,
    Severity, TestFailure, TestResult, apply_assignment, assigned_at,
};

use super::binary;
use super::chain::{Crashes, failure, leave_out, preceded};
use super::child::{Broken, Child};
use super::config::{HostConfig, HostError};
use super::pool::{Lane, Lease, Pool};

/// Calls sent at a time: a long import lets others in between.
const CHUNK: usize = 100;

/// Runs tenant scripts in processes of their own. Cheap to clone.
#[derive(Clone)]
pub struct ScriptHost {
    pool: Arc<Pool>,
    /// What [`ScriptHost::describe`] was told: every process says the same.
    words: Arc<OnceCell<Arc<serde_json::Value>>>,
}

impl ScriptHost {
    /// Finds the binary and sees that a process of it answers.
    pub async fn start(config: HostConfig) -> Result<ScriptHost, HostError> {
        let binary = binary::find(config.binary.as_deref()).map_err(HostError::NotFound)?;
        // The process starts in another folder, so a relative path would miss it.
        let binary = std::path::absolute(&binary).unwrap_or(binary);
        let pool = Arc::new(Pool::new(
            binary,
            config.processes,
            config.patience,
            config.recycle_after,
        ));
        let words = Arc::default();
        let host = ScriptHost { pool, words };
        match host.ask("", &Request::Ping).await? {
            Reply::Pong { .. } => Ok(host),
            other => Err(HostError::Unavailable(format!("it answered a ping with {other:?}"))),
        }
    }

    /// An outcome for every call, in order. `Err` is for calls that no script process could take;
    /// a script that fails, runs away or brings its process down gives an outcome that says so.
    pub async fn run(&self, batch: Batch) -> Vec<Result<Outcome, HostError>> {
        self.run_in(Lane::Fast, batch).await
    }

    /// As [`run`](Self::run), for work nobody waits for.
    pub async fn run_slow(&self, batch: Batch) -> Vec<Result<Outcome, HostError>> {
        self.run_in(Lane::Slow, batch).await
    }

    async fn run_in(&self, lane: Lane, mut batch: Batch) -> Vec<Result<Outcome, HostError>> {
        let mut waiting: VecDeque<Call> = std::mem::take(&mut batch.calls).into();
        let mut answers = Vec::with_capacity(waiting.len());
        let mut crashes = Crashes::default();
        let mut left_out = leave_out(&mut batch.layers, |layer| {
            let length = layer.source.as_ref().map_or(0, String::len);
            (length > MAX_SOURCE).then(|| ("source_too_long", too_long(length)))
        });
        // Calls still to be run one by one, since one of them brought a process down.
        let mut careful = 0usize;
        while !waiting.is_empty() {
            // Once left out, a layer is missed by every call that follows.
            left_out.extend(crashes.leave_out(&mut batch.layers));
            let count = if careful > 0 { 1 } else { CHUNK.min(waiting.len()) };
            let calls: Vec<Call> = waiting.drain(..count).collect();
            careful = careful.saturating_sub(count);
            let mut done = Vec::new();
            let result = match &calls[..] {
                [call] => self
                    .run_alone(lane, &mut batch, call, &mut crashes)
                    .await
                    .map(|outcome| done.push(outcome)),
                _ => self.exchange(lane, &mut batch, &calls, &mut done).await,
            };
            let answered = done.len();
            answers.extend(done.into_iter().map(|outcome| Ok(preceded(outcome, left_out.clone()))));
            match result {
                Ok(()) => {}
                Err(HostError::Killed(reason)) if count > 1 => {
                    tracing::warn!(
                        tenant = batch.tenant.id,
                        reason,
                        "a script process went down: going on call by call"
                    );
                    careful = count - answered;
                    for call in calls.into_iter().skip(answered).rev() {
                        waiting.push_front(call);
                    }
                }
                Err(error) => answers.extend(calls.iter().skip(answered).map(|_| Err(error.clone()))),
            }
        }
        answers
    }

    /// Parses, lints and dry-runs a script.
    pub async fn check(&self, check: Check) -> Result<CheckReport, HostError> {
        let length = check.source.len();
        if length > MAX_SOURCE {
            let refused = Finding {
                severity: Severity::Error,
                code: "source_too_long".into(),
                message: too_long(length),
                args: size_args(length),
                line: 0,
                column: 0,
                suggestion: None,
            };
            return Ok(CheckReport {
                findings: vec![refused],
                ..CheckReport::default()
            });
        }
        let tenant = check.tenant.id.clone();
        match self.ask(&tenant, &Request::Check(Box::new(check))).await? {
            Reply::Checked(report) => Ok(report),
            other => Err(HostError::Unavailable(format!("it answered a check with {other:?}"))),
        }
    }

    /// Runs a script's golden tests; whose texts do not parse, says where.
    pub async fn prove(&self, golden: Golden) -> Result<Result<Vec<TestResult>, TestFailure>, HostError> {
        let longest = golden.source.len().max(golden.tests.as_ref().map_or(0, String::len));
        if longest > MAX_SOURCE {
            return Ok(Err(TestFailure {
                code: "source_too_long".into(),
                message: too_long(longest),
                args: size_args(longest),
                line: 0,
                column: 0,
            }));
        }
        let lease = self.pool.lease(&golden.tenant.id, Lane::Fast).await;
        let mut child = start(&lease)?;
        let mut done = Vec::new();
        let mut result = child.prove(golden.clone(), &mut done).await;
        // A process that died while it waited says nothing about these tests.
        if child.proven && done.is_empty() && matches!(result, Err(Broken::Dead(_))) {
            child = start_fresh(&lease)?;
            result = child.prove(golden, &mut done).await;
        }
        let unreadable = settle(&lease, child, result)?;
        Ok(unreadable.map_or(Ok(done), Err))
    }

    /// The words a script may use, for the editor.
    pub async fn metadata(&self) -> Result<serde_json::Value, HostError> {
        match self.ask("", &Request::Metadata).await? {
            Reply::Metadata(value) => Ok(value),
            other => Err(HostError::Unavailable(format!("it answered a question with {other:?}"))),
        }
    }

    /// The same, asked once.
    pub async fn describe(&self) -> Result<Arc<serde_json::Value>, HostError> {
        let asked = async || self.metadata().await.map(Arc::new);
        self.words.get_or_try_init(asked).await.cloned()
    }

    /// Any request with one answer.
    pub async fn ask(&self, tenant: &str, request: &Request) -> Result<Reply, HostError> {
        let lease = self.pool.lease(tenant, Lane::Fast).await;
        let mut child = start(&lease)?;
        let result = child.ask(request).await;
        settle(&lease, child, result)
    }

    /// One call, without each layer in turn that brings its process down.
    async fn run_alone(
        &self,
        lane: Lane,
        batch: &mut Batch,
        call: &Call,
        crashes: &mut Crashes,
    ) -> Result<Outcome, HostError> {
        let all = batch.layers.clone();
        let mut failures = Vec::new();
        let outcome = loop {
            let mut done = Vec::new();
            match self.exchange(lane, batch, std::slice::from_ref(call), &mut done).await {
                Ok(()) => {
                    break done
                        .pop()
                        .ok_or_else(|| HostError::Unavailable("it gave no answer".into()));
                }
                Err(HostError::Killed(reason)) if !batch.layers.is_empty() => {
                    let layer = batch.layers.remove(0);
                    tracing::warn!(
                        tenant = batch.tenant.id,
                        layer = layer.name,
                        reason,
                        "a script was stopped by force"
                    );
                    failures.push(failure(&layer, "killed", &reason));
                    crashes.count(&layer);
                    if batch.layers.is_empty() {
                        break Ok(unanswered(call.id));
                    }
                }
                Err(error) => break Err(error),
            }
        };
        batch.layers = all;
        outcome.map(|outcome| preceded(outcome, failures))
    }

    /// Sends calls to a process. Assignments are applied to the batch's candidates as they come,
    /// so the next exchange starts from where this one ended.
    async fn exchange(
        &self,
        lane: Lane,
        batch: &mut Batch,
        calls: &[Call],
        done: &mut Vec<Outcome>,
    ) -> Result<(), HostError> {
        let mut lease = self.pool.lease(&batch.tenant.id, lane).await;
        let from = Instant::now();
        let mut child = start(&lease)?;
        let mut result = child.run(batch, calls, done).await;
        // A process that died while it waited says nothing about this batch's scripts.
        if child.proven && done.is_empty() && matches!(result, Err(Broken::Dead(_))) {
            child = start_fresh(&lease)?;
            result = child.run(batch, calls, done).await;
        }
        let used = Duration::from_micros(done.iter().map(|outcome| outcome.micros).sum());
        // Whoever brings a process down pays for all the time it was held.
        lease.charge(if result.is_ok() { used } else { used.max(from.elapsed()) });
        apply(&mut batch.candidates, calls, done);
        settle(&lease, child, result)
    }
}

fn size_args(length: usize) -> Args {
    let pairs = [("n", length), ("max", MAX_SOURCE)];
    pairs.map(|(name, n)| (name.to_owned(), n.to_string())).into()
}

fn too_long(length: usize) -> String {
    format!("a script may have {MAX_SOURCE} bytes, this one has {length}")
}

fn apply(candidates: &mut [Candidate], calls: &[Call], done: &[Outcome]) {
    for (call, outcome) in calls.iter().zip(done) {
        if let Some(assign) = &outcome.plan.assign {
            apply_assignment(candidates, &assign.user_id, assigned_at(call));
        }
    }
}

fn start(lease: &Lease) -> Result<Child, HostError> {
    lease.child().map_err(|error| HostError::Unavailable(error.to_string()))
}

fn start_fresh(lease: &Lease) -> Result<Child, HostError> {
    lease
        .fresh_child()
        .map_err(|error| HostError::Unavailable(error.to_string()))
}

/// Keeps a healthy process, drops (and so kills) a broken one.
fn settle<T>(lease: &Lease, child: Child, result: Result<T, Broken>) -> Result<T, HostError> {
    match result {
        Ok(value) => {
            lease.give_back(child);
            Ok(value)
        }
        Err(Broken::Refused { code, message }) => {
            lease.give_back(child);
            Err(HostError::Refused { code, message })
        }
        Err(Broken::Dead(reason) | Broken::Silent(reason)) => Err(HostError::Killed(reason)),
    }
}

fn unanswered(id: u32) -> Outcome {
    Outcome {
        id,
        layer: None,
        plan: Plan::default(),
        trace: Vec::new(),
        ops: 0,
        micros: 0,
        failures: Vec::new(),
    }
}
