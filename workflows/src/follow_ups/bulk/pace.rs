//! Where put-off follow-ups go: one after another in each owner's working time, as the leads of an import do, so that
//! nobody finds fifty calls due at the same minute.

use std::collections::BTreeMap;

use calendar::{Delay, Due, Schedule};
use chrono::{DateTime, TimeDelta, Utc};
use platform::{Id, Result, Tx, settings};

/// The settings' name: the time between two calls of an import.
const SPACING_SETTING: &str = "import_spacing_minutes";
const DEFAULT_SPACING: i64 = 5;

pub(super) struct Pace<'a> {
    schedules: &'a BTreeMap<Id, Schedule>,
    from: DateTime<Utc>,
    now: DateTime<Utc>,
    spacing: TimeDelta,
    last: BTreeMap<Id, DateTime<Utc>>,
}

impl<'a> Pace<'a> {
    /// `last` is where each owner's latest one went already.
    pub fn new(
        schedules: &'a BTreeMap<Id, Schedule>,
        asked_at: DateTime<Utc>,
        hours: i64,
        now: DateTime<Utc>,
        spacing: TimeDelta,
        last: BTreeMap<Id, DateTime<Utc>>,
    ) -> Self {
        Pace {
            schedules,
            from: asked_at + TimeDelta::hours(hours),
            now,
            spacing,
            last,
        }
    }

    /// The next free moment of an owner.
    pub fn next(&mut self, owner: Id) -> Due {
        let earliest = match self.last.get(&owner) {
            Some(last) => (*last + self.spacing).max(self.from),
            None => self.from,
        };
        let due = match self.schedules.get(&owner) {
            Some(schedule) => schedule.due(earliest, Delay::NONE, self.now),
            None => Due {
                at: earliest.max(self.now),
                flagged: true,
            },
        };
        self.last.insert(owner, due.at);
        due
    }
}

pub(super) async fn spacing(tx: &Tx) -> Result<TimeDelta> {
    let set = settings::current(tx).await?.integer(SPACING_SETTING);
    Ok(TimeDelta::minutes(set.unwrap_or(DEFAULT_SPACING).clamp(0, 240)))
}
