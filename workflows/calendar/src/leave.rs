//! Leave, absence and holidays as instants: half-open, so work resumes at the very end of one.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::local;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interval {
    pub from: DateTime<Utc>,
    pub to: DateTime<Utc>,
}

impl Interval {
    pub fn contains(&self, at: DateTime<Utc>) -> bool {
        self.from <= at && at < self.to
    }
}

/// Whole local days, both included.
pub fn days_off(zone: Tz, first: NaiveDate, last: NaiveDate) -> Interval {
    let after = last.checked_add_days(Days::new(1)).unwrap_or(NaiveDate::MAX);
    Interval {
        from: local::midnight(zone, first),
        to: local::midnight(zone, after),
    }
}

/// The same hours on each of the local days, overnight where the end is not after the start.
/// A leave longer than a year is cut there, so that a typing error cannot make a million intervals.
pub fn hours_off(zone: Tz, first: NaiveDate, last: NaiveDate, from: NaiveTime, to: NaiveTime) -> Vec<Interval> {
    let overnight = u64::from(to <= from);
    first
        .iter_days()
        .take_while(|day| *day <= last)
        .take(366)
        .filter_map(|day| {
            let until = day.checked_add_days(Days::new(overnight))?;
            Some(Interval {
                from: local::first(zone, day.and_time(from)),
                to: local::last(zone, until.and_time(to)),
            })
        })
        .collect()
}
