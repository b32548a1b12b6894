//! How long after: days keep the local time of day across clock changes, seconds are real seconds.

use std::ops::RangeInclusive;

use chrono::{DateTime, Datelike, Days, MappedLocalTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::local;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Delay {
    pub seconds: i64,
    pub days: i32,
}

impl Delay {
    pub const NONE: Self = Self { seconds: 0, days: 0 };

    pub fn seconds(seconds: i64) -> Self {
        Self { seconds, days: 0 }
    }

    pub fn minutes(minutes: i32) -> Self {
        Self::seconds(i64::from(minutes) * 60)
    }

    pub fn hours(hours: i32) -> Self {
        Self::seconds(i64::from(hours) * 3600)
    }

    pub fn days(days: i32) -> Self {
        Self { seconds: 0, days }
    }

    /// Nothing where the answer lies outside the calendar.
    pub fn after(self, base: DateTime<Utc>, zone: Tz) -> Option<DateTime<Utc>> {
        let same_time = shift_days(base, i64::from(self.days), zone)?;
        same_time
            .checked_add_signed(TimeDelta::try_seconds(self.seconds)?)
            .filter(plausible)
    }

    pub fn before(self, anchor: DateTime<Utc>, zone: Tz) -> Option<DateTime<Utc>> {
        let same_time = shift_days(anchor, -i64::from(self.days), zone)?;
        same_time
            .checked_sub_signed(TimeDelta::try_seconds(self.seconds)?)
            .filter(plausible)
    }
}

// The library panics at the ends of its calendar; nobody schedules there.
const YEARS: RangeInclusive<i32> = 1900..=9000;

fn plausible(at: &DateTime<Utc>) -> bool {
    YEARS.contains(&at.year())
}

fn shift_days(at: DateTime<Utc>, days: i64, zone: Tz) -> Option<DateTime<Utc>> {
    if days == 0 {
        return Some(at);
    }
    let here = at.with_timezone(&zone);
    let count = Days::new(days.unsigned_abs());
    let date = if days > 0 {
        here.date_naive().checked_add_days(count)
    } else {
        here.date_naive().checked_sub_days(count)
    }?;
    if !YEARS.contains(&date.year()) {
        return None;
    }
    let wanted = date.and_time(here.time());
    Some(match zone.from_local_datetime(&wanted) {
        MappedLocalTime::Ambiguous(_, second) if second.offset() == here.offset() => second.to_utc(),
        _ => local::first(zone, wanted),
    })
}
