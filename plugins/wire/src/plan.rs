//! What a script wants done. Rust checks every item before anything happens.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Everything one call decided; absent parts decide nothing.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Cancel the lead's open automatic follow-ups before adding new ones.
    #[serde(default, skip_serializing_if = "is_false")]
    pub cancel_open: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub follow_ups: Vec<FollowUpItem>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<Notice>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags_added: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags_removed: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assign: Option<Assign>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<Queue>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reassign: Option<Reassign>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reschedule: Option<Reschedule>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub block_owner: Option<BlockOwner>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<Step>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<Score>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kpi: Option<Kpi>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<Message>,
}

impl Plan {
    /// Nothing is to be done.
    pub fn is_empty(&self) -> bool {
        *self == Plan::default()
    }
}

/// A follow-up to plan. Its identity is (event, hook, key): a retry never plans it twice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FollowUpItem {
    pub key: String,
    /// The line of the script that asked for it.
    pub line: u32,
    /// The line is in the script below, reached through `base::`.
    #[serde(default, skip_serializing_if = "is_false")]
    pub in_base: bool,
    pub when: When,
    /// Move the due time into the owner's working time.
    #[serde(default, skip_serializing_if = "is_false")]
    pub in_work_hours: bool,
    /// Plan nothing when the due time is already past.
    #[serde(default, skip_serializing_if = "is_false")]
    pub skip_if_past: bool,
    /// Which contact of a series this is, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sequence: Option<u32>,
    /// The pack's text saying what to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text_key: Option<String>,
}

/// When a follow-up falls due. `days` are calendar days: the same local time, whatever the
/// clocks do in between.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// So long after the call's `now`.
    After {
        seconds: i64,
        days: i32,
    },
    /// So long before an anchor (`trial_start`, `trial_end`); moved earlier into working time,
    /// never later.
    Before {
        anchor: String,
        seconds: i64,
        days: i32,
    },
    At(#[serde(with = "crate::instant")] DateTime<Utc>),
}

/// A message to staff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// `owner`, or a role: `manager`, `admin`, `sales`, or one of the tenant's own.
    pub to: String,
    pub template: String,
    /// What the `message` rule told the template besides the lead.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub vars: Map<String, Value>,
    pub line: u32,
    #[serde(default, skip_serializing_if = "is_false")]
    pub in_base: bool,
}

/// `distribute` chose a rep.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assign {
    pub user_id: String,
    /// A key of the pack's texts, or the script's own words.
    pub reason: String,
    pub line: u32,
    #[serde(default, skip_serializing_if = "is_false")]
    pub in_base: bool,
}

/// `distribute` chose nobody: the lead waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Queue {
    pub name: String,
    pub reason: String,
    pub line: u32,
    #[serde(default, skip_serializing_if = "is_false")]
    pub in_base: bool,
}

/// `on_overdue`: the lead goes to somebody else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reassign {
    /// Absent: to whoever the distribution finds, its owner left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    pub reason: String,
    pub line: u32,
    #[serde(default, skip_serializing_if = "is_false")]
    pub in_base: bool,
}

/// `on_overdue`: the follow-up in hand falls due later, in the owner's working time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reschedule {
    pub when: When,
    pub line: u32,
    #[serde(default, skip_serializing_if = "is_false")]
    pub in_base: bool,
}

/// `on_overdue`: no new leads for the owner until nothing of theirs is overdue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockOwner {
    pub reason: String,
    pub line: u32,
    #[serde(default, skip_serializing_if = "is_false")]
    pub in_base: bool,
}

/// `reactivation` takes a step: once per lead and key since it was lost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    pub key: String,
    pub line: u32,
    #[serde(default, skip_serializing_if = "is_false")]
    pub in_base: bool,
}

/// `lead_score`: from 0 to 100, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Score {
    pub value: u8,
    /// Keys of the pack's texts, or the script's own words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<String>,
    pub line: u32,
    #[serde(default, skip_serializing_if = "is_false")]
    pub in_base: bool,
}

/// `kpi_score`: a rep's day in one number, with the parts it is made of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Kpi {
    pub value: f64,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parts: BTreeMap<String, f64>,
    pub line: u32,
    #[serde(default, skip_serializing_if = "is_false")]
    pub in_base: bool,
}

/// `trial_rules`: whether the learner may come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    pub allowed: bool,
    /// Why not: a key of the pack's texts, or the script's own words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    pub line: u32,
    #[serde(default, skip_serializing_if = "is_false")]
    pub in_base: bool,
}

/// `message`: which template to send, and what it is told besides.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Message {
    pub template: String,
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub vars: Map<String, Value>,
    pub line: u32,
    #[serde(default, skip_serializing_if = "is_false")]
    pub in_base: bool,
}

fn is_false(flag: &bool) -> bool {
    !*flag
}
