//! What became of one call: the plan, who made it, why, at what cost, and what failed on the way.

use serde::{Deserialize, Serialize};

use crate::{Args, Level, Plan};

/// The answer to one call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// The call's id.
    pub id: u32,
    /// The layer that answered; none when every layer failed or has no such hook. The caller
    /// then applies its native rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub layer: Option<LayerRef>,
    #[serde(default)]
    pub plan: Plan,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub trace: Vec<TraceLine>,
    /// Script operations the answering layer used.
    #[serde(default)]
    pub ops: u64,
    /// Time the call took with all its layers. Not part of what a replay compares.
    #[serde(default)]
    pub micros: u64,
    /// The layers that failed before one answered, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failures: Vec<Failure>,
}

impl Outcome {
    /// True when a layer that should have answered did not.
    pub fn degraded(&self) -> bool {
        !self.failures.is_empty()
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LayerRef {
    pub level: Level,
    pub name: String,
    pub hash: String,
}

/// A line the script wrote with `trace(text)`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TraceLine {
    pub line: u32,
    pub text: String,
}

/// Why a layer gave no answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    pub level: Level,
    pub name: String,
    pub hash: String,
    /// Stable: `syntax`, `operations`, `deadline`, `memory`, `size`, `depth`, `unknown_function`,
    /// `unknown_property`, `wrong_return`, `wrong_hook`, `unknown_candidate`, `plan_limit`, `thrown`,
    /// `arithmetic`, `paused`, `source_missing`, `killed`, `runtime`.
    pub code: String,
    /// The sentence in English, for where no other language has words for the code.
    pub message: String,
    /// What the sentence in another language needs besides the code.
    #[serde(default, skip_serializing_if = "Args::is_empty")]
    pub args: Args,
    /// From 1; 0 when the fault has no place.
    pub line: u32,
    pub column: u32,
}
