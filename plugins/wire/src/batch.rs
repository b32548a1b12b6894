//! One tenant's work for the script process: who it is, its scripts, its people, its calls.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{Call, Candidate, Schedule};

/// Calls of exactly one tenant, run in order by one script process.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Batch {
    pub tenant: TenantCtx,
    /// The pack's settings with the tenant's values over its defaults.
    #[serde(default)]
    pub settings: Map<String, Value>,
    #[serde(default)]
    pub registry: Registry,
    /// The reps `distribute` chooses from. Shared by the batch: every assignment changes the
    /// picture the next call sees, by [`crate::apply_assignment`].
    #[serde(default)]
    pub candidates: Vec<Candidate>,
    /// Working time by user id, for `work_add` and its kin.
    #[serde(default)]
    pub schedules: BTreeMap<String, Schedule>,
    /// Tried in order: the tenant's published script, its last good one, the pack, the core.
    pub layers: Vec<Layer>,
    pub calls: Vec<Call>,
    /// CPU time one layer of one call may take.
    #[serde(default = "default_deadline")]
    pub deadline_ms: u32,
}

/// A batch as the parent sends it: the same message, borrowed, with the calls and the layers of
/// this time.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct BatchRef<'a> {
    pub tenant: &'a TenantCtx,
    pub settings: &'a Map<String, Value>,
    pub registry: &'a Registry,
    pub candidates: &'a [Candidate],
    pub schedules: &'a BTreeMap<String, Schedule>,
    pub layers: &'a [Layer],
    pub calls: &'a [Call],
    pub deadline_ms: u32,
}

impl Batch {
    /// This batch with other layers and calls.
    pub fn with<'a>(&'a self, layers: &'a [Layer], calls: &'a [Call]) -> BatchRef<'a> {
        BatchRef {
            tenant: &self.tenant,
            settings: &self.settings,
            registry: &self.registry,
            candidates: &self.candidates,
            schedules: &self.schedules,
            layers,
            calls,
            deadline_ms: self.deadline_ms,
        }
    }
}

/// What a script may know about its tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TenantCtx {
    pub id: String,
    /// An IANA name, such as `Asia/Tashkent`.
    pub time_zone: String,
    pub locale: String,
    /// ISO 4217.
    pub currency: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
}

/// The tenant's own words, so that a script naming an unknown one is caught.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registry {
    #[serde(default)]
    pub statuses: Vec<StatusRef>,
    #[serde(default)]
    pub sources: Vec<String>,
    #[serde(default)]
    pub templates: Vec<String>,
    #[serde(default)]
    pub lost_reasons: Vec<String>,
    #[serde(default)]
    pub courses: Vec<CourseRef>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusRef {
    pub key: String,
    /// One of the fixed kinds: new, working, trial_booked, trial_attended, no_show, offered,
    /// won, lost, reactivating.
    pub kind: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CourseRef {
    pub id: String,
    pub name: String,
}

/// The longest script, in bytes.
pub const MAX_SOURCE: usize = 64 * 1024;

/// One script of the fallback chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layer {
    pub level: Level,
    /// What an admin reads: `training-centre@1.0.0`, `version 7`.
    pub name: String,
    /// [`source_hash`] of the source.
    pub hash: String,
    /// Left out when the child has it already; the script host does that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The hash of the layer reachable as `base::`; that layer must be in the batch too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<String>,
}

impl Layer {
    /// A layer with its source, hashed.
    pub fn new(level: Level, name: impl Into<String>, source: impl Into<String>) -> Layer {
        let source = source.into();
        Layer {
            level,
            name: name.into(),
            hash: source_hash(&source),
            source: Some(source),
            base: None,
        }
    }

    /// The same layer without its source, for a process that knows it.
    pub fn bare(&self) -> Layer {
        Layer {
            level: self.level,
            name: self.name.clone(),
            hash: self.hash.clone(),
            source: None,
            base: self.base.clone(),
        }
    }

    /// The same layer with another's functions under `base::`.
    pub fn over(mut self, base: &Layer) -> Layer {
        self.base = Some(base.hash.clone());
        self
    }
}

/// Where in the fallback chain an answer came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// The tenant's published script.
    Override,
    /// The tenant's previous script that worked.
    LastGood,
    /// The pack the tenant runs on.
    Pack,
    /// The smallest script that loses no lead.
    Core,
}

impl Level {
    pub const fn as_str(self) -> &'static str {
        match self {
            Level::Override => "override",
            Level::LastGood => "last_good",
            Level::Pack => "pack",
            Level::Core => "core",
        }
    }
}

/// The name of a script: SHA-256 of its text, in hex.
pub fn source_hash(source: &str) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(source.as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn default_deadline() -> u32 {
    50
}
