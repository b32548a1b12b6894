//! One change of many follow-ups: chosen one by one or all that match a filter, looked at before it is made, with a
//! list of those left alone and one undo.

mod act;
mod pace;
mod preview;
mod run;
mod show;
mod start;
mod undo;

use chrono::{DateTime, Utc};
use platform::Id;
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};

use super::follow_up::FollowUp;
use super::list::Filter;

pub use preview::{Of, Preview, Stays, preview};
pub use run::bulk_now;
pub(crate) use show::forget_bulk_in;
pub use show::{Refused, bulk, refused};
pub use start::change_many;
pub use undo::undo_many;

/// So many are changed while their author waits; more are a job's.
const AT_ONCE: usize = 50;
const CHUNK: usize = 100;
/// So many may be named one by one, and so many may match.
pub const MOST_CHOSEN: usize = 500;
pub const MOST_MATCHING: usize = 20_000;
/// Nobody puts work off for longer than a month.
pub const MOST_HOURS: i64 = 720;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Change {
    /// So many hours from now, one after another in each owner's working time.
    Reschedule {
        hours: i64,
    },
    /// To somebody else, alone or with the lead and whatever else is open for it.
    Reassign {
        owner: Id,
        with_leads: bool,
    },
    Complete {
        outcome: String,
        note: String,
    },
    /// Kept, but neither open nor done.
    Delete,
}

impl Change {
    pub fn name(&self) -> &'static str {
        match self {
            Change::Reschedule { .. } => "reschedule",
            Change::Reassign { .. } => "reassign",
            Change::Complete { .. } => "complete",
            Change::Delete => "delete",
        }
    }
}

/// Which follow-ups.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Chosen {
    These(Vec<Id>),
    Matching(Filter),
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
    /// Not taken back: touched by somebody since.
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

    /// Follow-ups it is through with, of `total`; while it is taken back, of `done`.
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

/// What has to be known to take one back.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Before {
    /// The follow-up as it was, and the version the change left it with: another one by then is somebody's work.
    Row {
        was: Box<FollowUp>,
        version: i64,
        /// The completion, where it was one: what a rule planned because of it goes with it.
        event: Option<Id>,
    },
    /// The lead with everything open, as the leads' own undo wants it.
    Lead(serde_json::Value),
    /// It went along with another one of the same lead, and comes back with it.
    With(Id),
}
