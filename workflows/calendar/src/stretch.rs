//! Measuring working time: unbroken stretches of it, and where each one starts and stops.

use chrono::{DateTime, Days, TimeDelta, Utc};

use crate::{HORIZON_DAYS, Schedule, local_date};

/// Nobody measures more working time than this; it bounds what a wrong number can cost.
const LONGEST: TimeDelta = TimeDelta::days(3 * 366);
const TICK: TimeDelta = TimeDelta::microseconds(1);

impl Schedule {
    /// When the working state next flips: the first instant whose answer differs from `at`'s.
    pub fn next_change(&self, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        if !self.is_working(at) {
            return self.first_work(at);
        }
        let limit = at + TimeDelta::days(HORIZON_DAYS);
        let stop = self.stop(at, limit);
        if stop >= limit {
            None
        } else if self.is_working(stop) {
            Some(stop + TICK)
        } else {
            Some(stop)
        }
    }

    /// When `seconds` of working time have passed since `at`.
    pub fn work_add(&self, at: DateTime<Utc>, seconds: i64) -> Option<DateTime<Utc>> {
        let mut left = TimeDelta::try_seconds(seconds.max(0))?;
        let limit = at + LONGEST;
        let mut from = self.first_work(at)?;
        while from < limit {
            let stop = self.stop(from, limit);
            if left <= stop - from {
                return Some(from + left);
            }
            left -= stop - from;
            from = self.first_work(stop + TICK)?;
        }
        None
    }

    /// Whole seconds of working time between two instants; 0 where `to` is not after `from`.
    pub fn work_between(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> i64 {
        let to = to.min(from + LONGEST);
        let mut total = TimeDelta::zero();
        let mut next = self.first_work(from);
        while let Some(start) = next.filter(|start| *start < to) {
            let stop = self.stop(start, to);
            total += stop - start;
            next = self.first_work(stop + TICK);
        }
        total.num_seconds()
    }

    /// Where the working stretch around `at` ends; at most `limit`.
    fn stop(&self, at: DateTime<Utc>, limit: DateTime<Utc>) -> DateTime<Utc> {
        let leave = self
            .leaves
            .iter()
            .filter(|leave| leave.from > at && leave.from < leave.to)
            .map(|leave| leave.from)
            .min();
        let limit = leave.map_or(limit, |from| from.min(limit));
        let Some(windows) = &self.windows else {
            return limit;
        };
        let mut stop = at;
        while stop < limit {
            let further = windows.around(self.time_zone, stop).map(|span| span.to).max();
            match further.filter(|further| *further > stop) {
                Some(further) => stop = further,
                None => return stop,
            }
        }
        limit
    }

    pub(crate) fn in_window(&self, at: DateTime<Utc>) -> bool {
        match &self.windows {
            Some(windows) => windows.around(self.time_zone, at).next().is_some(),
            None => true,
        }
    }

    /// The end of the leave covering `at`; one that begins where another ends is found by asking again.
    pub(crate) fn back_from_leave(&self, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.leaves
            .iter()
            .filter(|leave| leave.contains(at))
            .map(|leave| leave.to)
            .max()
    }

    pub(crate) fn left_for_leave(&self, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.leaves
            .iter()
            .filter(|leave| leave.contains(at))
            .map(|leave| leave.from)
            .min()
    }

    /// The first window to open after `at`.
    pub(crate) fn next_start(&self, at: DateTime<Utc>, limit: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let windows = self.windows.as_ref()?;
        let last = local_date(self.time_zone, limit);
        local_date(self.time_zone, at)
            .iter_days()
            .take_while(|day| *day <= last)
            .find_map(|day| {
                windows
                    .on(self.time_zone, day)
                    .map(|span| span.from)
                    .filter(|from| *from > at)
                    .min()
            })
    }

    /// The last window to close before `at`.
    pub(crate) fn previous_end(&self, at: DateTime<Utc>, limit: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let windows = self.windows.as_ref()?;
        let first = local_date(self.time_zone, limit).checked_sub_days(Days::new(1))?;
        let mut day = local_date(self.time_zone, at);
        let mut found: Option<DateTime<Utc>> = None;
        // An overnight window of the day before may close after one of the day itself.
        let mut since_found = 0;
        while day >= first && since_found < 2 {
            let end = windows
                .on(self.time_zone, day)
                .map(|span| span.to)
                .filter(|to| *to < at)
                .max();
            found = found.max(end);
            since_found += u8::from(found.is_some());
            day = day.pred_opt()?;
        }
        found
    }
}
