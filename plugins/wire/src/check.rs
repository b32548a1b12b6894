//! What the editor asks before a script is saved or published.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{Hook, Registry, TenantCtx};

/// A script to parse, lint and dry-run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Check {
    pub tenant: TenantCtx,
    pub source: String,
    /// The script reachable as `base::`, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<String>,
    #[serde(default)]
    pub registry: Registry,
    #[serde(default)]
    pub settings: Map<String, Value>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckReport {
    pub hash: String,
    /// Hooks the script itself defines.
    pub hooks: Vec<Hook>,
    pub functions: Vec<FunctionInfo>,
    /// By place in the text.
    pub findings: Vec<Finding>,
}

impl CheckReport {
    /// Whether the script may be published.
    pub fn passes(&self) -> bool {
        self.findings.iter().all(|finding| finding.severity != Severity::Error)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FunctionInfo {
    pub name: String,
    pub params: Vec<String>,
    pub line: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    pub severity: Severity,
    /// Stable: `syntax`, `source_too_long`, `undefined_variable`, `unknown_function`,
    /// `wrong_arity`, `unknown_hook`, `top_level_statement`, `unknown_status`, `unknown_source`,
    /// `unknown_lost_reason`, `unknown_template`, `unknown_setting`, `unknown_property`,
    /// `captured_variable`, `unreachable_code`, `no_plan_on_path`, `unused_function`,
    /// `status_without_follow_up`, or a failure code from the dry run.
    pub code: String,
    /// The sentence in English, for where no other language has words for the code.
    pub message: String,
    /// What the sentence in another language needs besides the code.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub args: Args,
    pub line: u32,
    pub column: u32,
    /// What was probably meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<String>,
}

/// Names and figures of a fault, by the name its sentence has for them.
pub type Args = BTreeMap<String, String>;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Refuses publishing.
    Error,
    Warning,
}
