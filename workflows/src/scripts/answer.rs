//! One call's answer, whoever gave it. Where the script process could not answer at all, that is recorded too and
//! our own rule acts.

use wire::{Failure, Layer, LayerRef, Level, Outcome, Plan, TraceLine};

use crate::ports::ScriptFault;

#[derive(Debug, Clone)]
pub struct Answer {
    /// None: no layer answered, our own rule acts.
    pub layer: Option<LayerRef>,
    pub plan: Plan,
    pub trace: Vec<TraceLine>,
    pub failures: Vec<Failure>,
    pub ops: u64,
    pub micros: u64,
}

impl Answer {
    pub fn from(outcome: Result<Outcome, ScriptFault>, layers: &[Layer]) -> Self {
        match outcome {
            Ok(outcome) => Answer {
                layer: outcome.layer,
                plan: outcome.plan,
                trace: outcome.trace,
                failures: outcome.failures,
                ops: outcome.ops,
                micros: outcome.micros,
            },
            Err(fault) => {
                let first = layers.first();
                let failure = Failure {
                    level: first.map_or(Level::Core, |layer| layer.level),
                    name: first.map(|layer| layer.name.clone()).unwrap_or_default(),
                    hash: first.map(|layer| layer.hash.clone()).unwrap_or_default(),
                    code: fault.code.to_owned(),
                    message: fault.message,
                    args: Default::default(),
                    line: 0,
                    column: 0,
                };
                let (plan, trace) = (Plan::default(), Vec::new());
                Answer {
                    layer: None,
                    plan,
                    trace,
                    failures: vec![failure],
                    ops: 0,
                    micros: 0,
                }
            }
        }
    }
}
