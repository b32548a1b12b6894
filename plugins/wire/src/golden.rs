//! Golden tests: what a script's `test_*` functions expect of its hooks, run in the script process under all its limits.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{Args, Hook, Registry, TenantCtx};

/// Tests to run on a script.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Golden {
    pub tenant: TenantCtx,
    #[serde(default)]
    pub registry: Registry,
    /// What a test starts from: the pack's own values, so that a changed setting turns no test red.
    #[serde(default)]
    pub settings: Map<String, Value>,
    /// The script tested.
    pub source: String,
    /// The scripts under it, the nearest first: the pack, the core.
    #[serde(default)]
    pub below: Vec<String>,
    /// Tests that stand in a text of their own; without it, those in the script.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tests: Option<String>,
}

/// What became of one test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestResult {
    pub name: String,
    /// Where it begins, in the text it stands in.
    pub line: u32,
    /// None: it passed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<TestFailure>,
    /// What it called.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub covers: Vec<Cover>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestFailure {
    /// `expected`, or a failure code of the hook or of the test itself.
    pub code: String,
    /// In English; `args` fill the sentences of other languages.
    pub message: String,
    #[serde(default, skip_serializing_if = "Args::is_empty")]
    pub args: Args,
    /// The line of the test; where a hook of the same text failed, its line.
    pub line: u32,
    pub column: u32,
}

/// A hook a test called, with the status it was about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Cover {
    pub hook: Hook,
    pub status: String,
}
