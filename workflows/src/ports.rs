//! What the domain needs from outside, declared here and implemented in `plugins`.

use std::sync::Arc;

use async_trait::async_trait;
use platform::App;
use wire::pack::Pack;
use wire::{Batch, Check, CheckReport, Golden, Outcome, TestFailure, TestResult};

use crate::imports::Tables;
use crate::sheets::port::GoogleSheets;

/// The ground with the ports attached: what jobs and the few verbs that reach outside are given.
#[derive(Clone)]
pub struct Desk {
    pub app: App,
    pub scripts: Arc<dyn ScriptHost>,
    pub packs: Arc<dyn Packs>,
    pub sheets: Arc<Tables>,
    pub google: Arc<dyn GoogleSheets>,
}

/// Runs tenant scripts in their own process.
#[async_trait]
pub trait ScriptHost: Send + Sync {
    /// One outcome per call, in order; a call that could not be run at all carries its fault.
    async fn run(&self, batch: Batch) -> Vec<Result<Outcome, ScriptFault>>;

    /// As [`run`](Self::run), for work nobody waits for: imports, simulations. It goes when nothing else wants to.
    async fn run_slow(&self, batch: Batch) -> Vec<Result<Outcome, ScriptFault>> {
        self.run(batch).await
    }

    async fn check(&self, check: Check) -> Result<CheckReport, ScriptFault>;

    /// Runs golden tests; the inner `Err` says where their texts do not parse.
    async fn prove(&self, _: Golden) -> Result<Result<Vec<TestResult>, TestFailure>, ScriptFault> {
        Err(ScriptFault {
            code: "sandbox_unavailable",
            message: "this host runs no tests".into(),
        })
    }

    /// The words a script may use, with their help; the same for as long as the server runs.
    async fn describe(&self) -> Result<Arc<serde_json::Value>, ScriptFault> {
        Err(ScriptFault {
            code: "sandbox_unavailable",
            message: "this host describes nothing".into(),
        })
    }
}

/// Why a call got no answer from the script process: it was killed, or there is none.
#[derive(Debug, Clone)]
pub struct ScriptFault {
    pub code: &'static str,
    pub message: String,
}

/// Packs as data.
pub trait Packs: Send + Sync {
    /// The newest version of an id, or the very one of `id@1.0.0`.
    fn pack(&self, name: &str) -> Option<Arc<Pack>>;
    /// Every version of every pack a tenant may run on, by id, the oldest first.
    fn all(&self) -> Vec<Arc<Pack>>;
    /// The smallest pack, under every other.
    fn core(&self) -> Arc<Pack>;
}
