//! The instants a leave takes away: whole days, or the same hours on each of its days.

use calendar::{Interval, hours_off};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;
use platform::Id;
use sea_orm::FromQueryResult;

#[derive(Debug, Clone, FromQueryResult)]
pub(crate) struct Off {
    pub user_id: Id,
    pub starts_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    pub first_day: Option<String>,
    pub last_day: Option<String>,
    pub from_minute: Option<i16>,
    pub to_minute: Option<i16>,
}

impl Off {
    /// The columns of a row, for whoever reads leave.
    pub const COLUMNS: &str = "user_id, starts_at, ends_at, first_day, last_day, from_minute, to_minute";

    pub fn intervals(&self, zone: Tz) -> Vec<Interval> {
        let whole = Interval {
            from: self.starts_at,
            to: self.ends_at,
        };
        let day = |text: &Option<String>| text.as_deref()?.parse::<NaiveDate>().ok();
        let (Some(first), Some(last)) = (day(&self.first_day), day(&self.last_day)) else {
            return vec![whole];
        };
        let (Some(from), Some(to)) = (self.from_minute, self.to_minute) else {
            return vec![whole];
        };
        if first == last {
            return vec![whole];
        }
        // Ended before its time: what was left of it is no leave.
        hours_off(zone, first, last, time(from), time(to))
            .into_iter()
            .filter(|hours| hours.from < self.ends_at)
            .map(|hours| Interval {
                to: hours.to.min(self.ends_at),
                ..hours
            })
            .collect()
    }
}

/// 1440 is the midnight that ends the day.
pub(super) fn time(minutes: i16) -> NaiveTime {
    let minutes = u32::from(minutes.unsigned_abs()) % 1440;
    NaiveTime::from_hms_opt(minutes / 60, minutes % 60, 0).unwrap_or(NaiveTime::MIN)
}
