//! Local wall-clock times as instants. A time in a spring gap means the moment the clocks jump;
//! a time in an autumn overlap means its first or its last occurrence, as the caller asks.

use chrono::{DateTime, MappedLocalTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

pub fn local_date(zone: Tz, at: DateTime<Utc>) -> NaiveDate {
    at.with_timezone(&zone).date_naive()
}

/// The instant a local day begins.
pub fn midnight(zone: Tz, day: NaiveDate) -> DateTime<Utc> {
    first(zone, day.and_time(NaiveTime::MIN))
}

pub(crate) fn first(zone: Tz, local: NaiveDateTime) -> DateTime<Utc> {
    match zone.from_local_datetime(&local) {
        MappedLocalTime::Single(at) | MappedLocalTime::Ambiguous(at, _) => at.to_utc(),
        MappedLocalTime::None => jump(zone, local),
    }
}

pub(crate) fn last(zone: Tz, local: NaiveDateTime) -> DateTime<Utc> {
    match zone.from_local_datetime(&local) {
        MappedLocalTime::Single(at) | MappedLocalTime::Ambiguous(_, at) => at.to_utc(),
        MappedLocalTime::None => jump(zone, local),
    }
}

/// The first instant whose local time is not before `local`, which no clock ever shows.
fn jump(zone: Tz, local: NaiveDateTime) -> DateTime<Utc> {
    let shown = |at: DateTime<Utc>| at.with_timezone(&zone).naive_local();
    let mut before = local.and_utc() - TimeDelta::hours(26);
    let mut after = local.and_utc() + TimeDelta::hours(26);
    while after - before > TimeDelta::seconds(1) {
        let middle = before + TimeDelta::seconds((after - before).num_seconds() / 2);
        if shown(middle) < local {
            before = middle
        } else {
            after = middle
        }
    }
    // Zones change on whole seconds, whatever the fraction we searched with.
    after - TimeDelta::nanoseconds(i64::from(after.timestamp_subsec_nanos()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> NaiveDateTime {
        text.parse().unwrap()
    }

    #[test]
    fn a_time_in_the_spring_gap_is_the_jump() {
        for local in ["2026-03-29T02:00:00", "2026-03-29T02:30:00", "2026-03-29T02:59:59.999"] {
            assert_eq!(
                first(chrono_tz::Europe::Berlin, at(local)).to_rfc3339(),
                "2026-03-29T01:00:00+00:00",
                "{local}"
            );
        }
        assert_eq!(
            first(chrono_tz::Pacific::Apia, at("2011-12-30T12:00:00")).to_rfc3339(),
            "2011-12-30T10:00:00+00:00"
        );
    }

    #[test]
    fn a_time_in_the_autumn_overlap_has_a_first_and_a_last() {
        let local = at("2026-10-25T02:30:00");
        assert_eq!(
            first(chrono_tz::Europe::Berlin, local).to_rfc3339(),
            "2026-10-25T00:30:00+00:00"
        );
        assert_eq!(
            last(chrono_tz::Europe::Berlin, local).to_rfc3339(),
            "2026-10-25T01:30:00+00:00"
        );
    }
}
