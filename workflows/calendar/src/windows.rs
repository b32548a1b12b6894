//! The weekly pattern: several windows a day, each closed at both ends, overnight where the end is
//! not after the start.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, Utc, Weekday};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::local;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    pub from: NaiveTime,
    pub to: NaiveTime,
}

impl Window {
    pub fn new(from: NaiveTime, to: NaiveTime) -> Self {
        Self { from, to }
    }

    pub fn overnight(&self) -> bool {
        self.to <= self.from
    }

    fn on(&self, zone: Tz, day: NaiveDate) -> Option<Span> {
        let until = if self.overnight() {
            day.checked_add_days(Days::new(1))?
        } else {
            day
        };
        let span = Span {
            from: local::first(zone, day.and_time(self.from)),
            to: local::last(zone, until.and_time(self.to)),
        };
        (span.from < span.to).then_some(span)
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Windows {
    pub mon: Vec<Window>,
    pub tue: Vec<Window>,
    pub wed: Vec<Window>,
    pub thu: Vec<Window>,
    pub fri: Vec<Window>,
    pub sat: Vec<Window>,
    pub sun: Vec<Window>,
}

impl Windows {
    /// The same window on each marked day, Monday first.
    pub fn weekly(days: [bool; 7], from: NaiveTime, to: NaiveTime) -> Self {
        let [mon, tue, wed, thu, fri, sat, sun] =
            days.map(|works| if works { vec![Window::new(from, to)] } else { vec![] });
        Self {
            mon,
            tue,
            wed,
            thu,
            fri,
            sat,
            sun,
        }
    }

    pub fn day(&self, day: Weekday) -> &[Window] {
        match day {
            Weekday::Mon => &self.mon,
            Weekday::Tue => &self.tue,
            Weekday::Wed => &self.wed,
            Weekday::Thu => &self.thu,
            Weekday::Fri => &self.fri,
            Weekday::Sat => &self.sat,
            Weekday::Sun => &self.sun,
        }
    }

    pub(crate) fn on(&self, zone: Tz, day: NaiveDate) -> impl Iterator<Item = Span> + '_ {
        self.day(day.weekday())
            .iter()
            .filter_map(move |window| window.on(zone, day))
    }

    /// The spans covering an instant; yesterday's count, because they may run overnight.
    pub(crate) fn around(&self, zone: Tz, at: DateTime<Utc>) -> impl Iterator<Item = Span> + '_ {
        let today = local::local_date(zone, at);
        // The day after matters where clocks fall back over midnight.
        let days = [today.pred_opt(), Some(today), today.succ_opt()];
        days.into_iter()
            .flatten()
            .flat_map(move |day| self.on(zone, day))
            .filter(move |span| span.from <= at && at <= span.to)
    }
}

/// A window on a real day; closed at both ends.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span {
    pub from: DateTime<Utc>,
    pub to: DateTime<Utc>,
}
