//! The domain's ports, answered by the script processes and the compiled-in packs.

use std::sync::Arc;

use async_trait::async_trait;
use wire::pack::Pack;
use wire::{Batch, Check, CheckReport, Golden, Outcome, TestFailure, TestResult};
use workflows::ports::{self, ScriptFault};

use super::config::HostError;
use super::host::ScriptHost;
use super::packs;

#[async_trait]
impl ports::ScriptHost for ScriptHost {
    async fn run(&self, batch: Batch) -> Vec<Result<Outcome, ScriptFault>> {
        let answers = ScriptHost::run(self, batch).await;
        answers.into_iter().map(|answer| answer.map_err(fault)).collect()
    }

    async fn run_slow(&self, batch: Batch) -> Vec<Result<Outcome, ScriptFault>> {
        let answers = ScriptHost::run_slow(self, batch).await;
        answers.into_iter().map(|answer| answer.map_err(fault)).collect()
    }

    async fn check(&self, check: Check) -> Result<CheckReport, ScriptFault> {
        ScriptHost::check(self, check).await.map_err(fault)
    }

    async fn prove(&self, golden: Golden) -> Result<Result<Vec<TestResult>, TestFailure>, ScriptFault> {
        ScriptHost::prove(self, golden).await.map_err(fault)
    }

    async fn describe(&self) -> Result<Arc<serde_json::Value>, ScriptFault> {
        ScriptHost::describe(self).await.map_err(fault)
    }
}

/// No script process at all: every call falls to the domain's own rules.
pub struct NoScripts(pub HostError);

#[async_trait]
impl ports::ScriptHost for NoScripts {
    async fn run(&self, batch: Batch) -> Vec<Result<Outcome, ScriptFault>> {
        batch.calls.iter().map(|_| Err(fault(self.0.clone()))).collect()
    }

    async fn check(&self, _: Check) -> Result<CheckReport, ScriptFault> {
        Err(fault(self.0.clone()))
    }

    async fn prove(&self, _: Golden) -> Result<Result<Vec<TestResult>, TestFailure>, ScriptFault> {
        Err(fault(self.0.clone()))
    }
}

/// The packs in the binary.
pub struct CompiledPacks {
    packs: Vec<Arc<Pack>>,
    core: Arc<Pack>,
}

impl CompiledPacks {
    pub fn load() -> Result<Self, packs::PackError> {
        let packs: Vec<Arc<Pack>> = packs::packs()?.iter().cloned().map(Arc::new).collect();
        let core = Arc::new(packs::pack(packs::CORE)?.clone());
        Ok(CompiledPacks { packs, core })
    }
}

impl ports::Packs for CompiledPacks {
    fn pack(&self, name: &str) -> Option<Arc<Pack>> {
        let (id, version) = match name.split_once('@') {
            Some((id, version)) => (id, Some(version)),
            None => (name, None),
        };
        self.packs
            .iter()
            .rfind(|pack| pack.id == id && id != packs::CORE && version.is_none_or(|v| pack.version == v))
            .cloned()
    }

    fn all(&self) -> Vec<Arc<Pack>> {
        self.packs
            .iter()
            .filter(|pack| pack.id != packs::CORE)
            .cloned()
            .collect()
    }

    fn core(&self) -> Arc<Pack> {
        self.core.clone()
    }
}

fn fault(error: HostError) -> ScriptFault {
    ScriptFault {
        code: error.code(),
        message: error.to_string(),
    }
}
