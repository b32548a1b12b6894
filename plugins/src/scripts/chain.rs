//! The fallback chain as the host sees it: layers taken out before a process is asked, each with
//! the failure its calls then carry.

use std::collections::HashMap;

use wire::{Failure, Layer, Outcome};

/// A layer that brought so many processes down is left out of the rest of the batch.
const PATIENCE: u32 = 5;

/// How often each layer brought a process down within a batch.
#[derive(Default)]
pub struct Crashes(HashMap<String, u32>);

impl Crashes {
    pub fn count(&mut self, layer: &Layer) {
        *self.0.entry(layer.hash.clone()).or_default() += 1;
    }

    /// Takes the layers that did it too often out of the chain.
    pub fn leave_out(&self, layers: &mut Vec<Layer>) -> Vec<Failure> {
        leave_out(layers, |layer| {
            let spent = self.0.get(&layer.hash).is_some_and(|count| *count >= PATIENCE);
            spent.then(|| {
                (
                    "paused",
                    "left out after bringing its process down repeatedly".to_string(),
                )
            })
        })
    }
}

/// Takes layers out of the chain, each with the reason it has.
pub fn leave_out(layers: &mut Vec<Layer>, reason: impl Fn(&Layer) -> Option<(&'static str, String)>) -> Vec<Failure> {
    let mut failures = Vec::new();
    layers.retain(|layer| match reason(layer) {
        None => true,
        Some((code, message)) => {
            failures.push(failure(layer, code, &message));
            false
        }
    });
    failures
}

/// Each call's chain of failures begins with those before its process was asked.
pub fn preceded(mut outcome: Outcome, mut failures: Vec<Failure>) -> Outcome {
    failures.append(&mut outcome.failures);
    outcome.failures = failures;
    outcome
}

pub fn failure(layer: &Layer, code: &str, message: &str) -> Failure {
    Failure {
        level: layer.level,
        name: layer.name.clone(),
        hash: layer.hash.clone(),
        code: code.into(),
        message: message.into(),
        args: Default::default(),
        line: 0,
        column: 0,
    }
}
