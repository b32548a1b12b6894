//! One change of many leads: chosen one by one or all that match a filter, each lead by the verb it would be by hand,
//! with a list of those refused and one undo.

mod run;
mod show;
mod start;
mod undo;

use chrono::{DateTime, Utc};
use platform::Id;
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};

use super::filter::Filter;

pub use run::bulk_now;
pub(crate) use run::{assign_one_in, refusal};
pub use show::{Refused, bulk, refused};
pub(super) use start::start_in;
pub use start::{change_many, matching};
pub(crate) use undo::put_back_in;
pub use undo::undo_many;

/// So many are changed while their author waits; more are a job's.
const AT_ONCE: usize = 50;
const CHUNK: usize = 100;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Change {
    Assign {
        owner: Id,
    },
    Tag {
        tags: Vec<String>,
    },
    Untag {
        tags: Vec<String>,
    },
    /// One tag in another's place, or gone: what the tags' own room does.
    Retag {
        from: String,
        to: Option<String>,
    },
    Status {
        to: String,
        note: String,
        lost_reason: Option<String>,
    },
    Trash,
}

impl Change {
    pub fn name(&self) -> &'static str {
        match self {
            Change::Assign { .. } => "assign",
            Change::Tag { .. } => "tag",
            Change::Untag { .. } => "untag",
            Change::Retag { .. } => "retag",
            Change::Status { .. } => "status",
            Change::Trash => "trash",
        }
    }
}

/// Which leads.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Chosen {
    These(Vec<Id>),
    Matching(Box<Filter>),
}

#[derive(Debug, Clone, FromQueryResult, Serialize)]
pub struct Bulk {
    pub id: Id,
    pub author_id: Option<Id>,
    pub undone_by: Option<Id>,
    #[serde(skip)]
    pub action: serde_json::Value,
    #[serde(skip)]
    pub selection: serde_json::Value,
    /// gathering, running, done, undoing, undone.
    pub state: String,
    #[serde(skip)]
    pub gathered: Option<Id>,
    pub total: i64,
    pub done: i64,
    /// Already as asked: left alone.
    pub same: i64,
    pub failed: i64,
    pub undone: i64,
    /// Not taken back: changed by somebody since.
    pub kept: i64,
    pub created_at: DateTime<Utc>,
    pub finished_at: Option<DateTime<Utc>>,
}

impl Bulk {
    pub fn change(&self) -> platform::Result<Change> {
        Ok(serde_json::from_value(self.action.clone())?)
    }

    /// In whose name it goes on.
    fn asked_by(&self) -> Option<Id> {
        self.undone_by.or(self.author_id)
    }

    pub fn working(&self) -> bool {
        matches!(self.state.as_str(), "gathering" | "running" | "undoing")
    }

    /// Leads it is through with, of `total`; while it is taken back, of `done`.
    pub fn through(&self) -> i64 {
        match self.state.as_str() {
            "undoing" => self.undone + self.kept,
            _ => self.done + self.same + self.failed,
        }
    }

    pub fn of(&self) -> i64 {
        if self.state == "undoing" { self.done } else { self.total }
    }
}

/// What a lead and its follow-ups were, and where the change left them.
#[derive(Debug, Serialize, Deserialize)]
struct Before {
    owner_id: Option<Id>,
    assigned_at: Option<DateTime<Utc>>,
    waiting_since: Option<DateTime<Utc>>,
    status: String,
    status_since: DateTime<Utc>,
    tags: Vec<String>,
    lost_reason: Option<String>,
    lost_at: Option<DateTime<Utc>>,
    enrolled_at: Option<DateTime<Utc>>,
    first_contact_at: Option<DateTime<Utc>>,
    /// The lead's version after the change: another one by then is somebody's work.
    version: i64,
    event: Option<Id>,
    follow_ups: Vec<Touched>,
}

#[derive(Debug, Clone, FromQueryResult, Serialize, Deserialize)]
struct Touched {
    id: Id,
    owner_id: Id,
    due_at: DateTime<Utc>,
    state: String,
    closed_at: Option<DateTime<Utc>>,
    reminded_at: Option<DateTime<Utc>>,
    overdue_at: Option<DateTime<Utc>>,
    version: i64,
}
