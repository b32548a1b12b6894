//! One person's working time and the due times it yields. The rules are pinned by
//! `tests/data/working_hours.json`: window ends are inclusive, leave ends exclusive.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::{Delay, Interval, Windows};

pub const HORIZON_DAYS: i64 = 92;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    pub time_zone: Tz,
    /// `None`: no hours were ever configured, so nothing is shifted. Configured hours with no
    /// window at all are another thing: this person never works.
    pub windows: Option<Windows>,
    pub leaves: Vec<Interval>,
    pub active: bool,
}

/// `flagged`: no working time was near enough, `at` is the unshifted time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    pub at: DateTime<Utc>,
    pub flagged: bool,
}

impl Schedule {
    /// Somebody without hours, leaves or limits; also what an unowned lead is planned with.
    pub fn unrestricted(time_zone: Tz) -> Self {
        Self {
            time_zone,
            windows: None,
            leaves: Vec::new(),
            active: true,
        }
    }

    /// The first working instant not before `base + delay`; counted from now where that is past.
    pub fn due(&self, base: DateTime<Utc>, delay: Delay, now: DateTime<Utc>) -> Due {
        let Some(planned) = delay.after(base, self.time_zone) else {
            return Due {
                at: now.max(base),
                flagged: true,
            };
        };
        if !self.shifts() {
            return Due {
                at: planned.max(now),
                flagged: false,
            };
        }
        let wanted = if planned < now {
            delay.after(now, self.time_zone).unwrap_or(now).max(now)
        } else {
            planned
        };
        self.shifted(wanted, self.first_work(wanted))
    }

    /// A reminder `delay` before the anchor, moved earlier into working time, so never after it.
    /// It may lie in the past: whether to skip it is the caller's decision.
    pub fn before(&self, anchor: DateTime<Utc>, delay: Delay) -> Due {
        let Some(wanted) = delay.before(anchor, self.time_zone) else {
            return Due {
                at: anchor,
                flagged: true,
            };
        };
        let wanted = wanted.min(anchor);
        if !self.shifts() {
            return Due {
                at: wanted,
                flagged: false,
            };
        }
        self.shifted(wanted, self.last_work(wanted))
    }

    /// The first working instant at or after `at`, within the horizon.
    pub fn first_work(&self, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        if !self.active {
            return None;
        }
        let limit = at + TimeDelta::days(HORIZON_DAYS);
        let mut candidate = at;
        while candidate <= limit {
            candidate = if let Some(back) = self.back_from_leave(candidate) {
                back
            } else if self.in_window(candidate) {
                return Some(candidate);
            } else {
                self.next_start(candidate, limit)?
            };
        }
        None
    }

    /// The last working instant at or before `at`, within the horizon. Before a leave it is the
    /// second ahead of it, for a leave begins at a moment that is already off.
    pub fn last_work(&self, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        if !self.active {
            return None;
        }
        let limit = at - TimeDelta::days(HORIZON_DAYS);
        let mut candidate = at;
        while candidate >= limit {
            candidate = if let Some(left) = self.left_for_leave(candidate) {
                left - TimeDelta::seconds(1)
            } else if self.in_window(candidate) {
                return Some(candidate);
            } else {
                self.previous_end(candidate, limit)?
            };
        }
        None
    }

    pub fn is_working(&self, at: DateTime<Utc>) -> bool {
        self.active && self.in_window(at) && self.back_from_leave(at).is_none()
    }

    fn shifts(&self) -> bool {
        self.active && self.windows.is_some()
    }

    fn shifted(&self, wanted: DateTime<Utc>, found: Option<DateTime<Utc>>) -> Due {
        Due {
            at: found.unwrap_or(wanted),
            flagged: found.is_none(),
        }
    }
}
