//! Named situations: overnight, leaves, clock changes, reminders before an anchor, measured work.
#![allow(clippy::unwrap_used)]

use calendar::{Delay, Due, Interval, Schedule, Window, Windows, days_off, hours_off};
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use chrono_tz::{Asia::Tashkent, Europe::Berlin, Tz};

const WORK_WEEK: [bool; 7] = [true, true, true, true, true, false, false];
const EVERY_DAY: [bool; 7] = [true; 7];

#[test]
fn a_plan_in_the_past_counts_from_now() {
    let desk = desk(Tashkent, WORK_WEEK, "09:00", "18:00");
    let due = desk.due(
        at("2026-03-03T09:00:00+05:00"),
        Delay::days(1),
        at("2026-03-04T15:00:00+05:00"),
    );
    assert_eq!(due, on_time("2026-03-05T15:00:00+05:00"));
}

#[test]
fn hours_without_a_day_are_flagged_and_no_hours_are_not() {
    let now = at("2026-03-04T11:00:00+05:00");
    let mut desk = desk(Tashkent, [false; 7], "09:00", "18:00");
    assert_eq!(
        desk.due(now, Delay::hours(1), now),
        Due {
            at: now + TimeDelta::hours(1),
            flagged: true
        }
    );
    desk.windows = None;
    assert_eq!(
        desk.due(now, Delay::hours(1), now),
        Due {
            at: now + TimeDelta::hours(1),
            flagged: false
        }
    );
}

#[test]
fn a_leave_longer_than_the_horizon_is_flagged() {
    let now = at("2026-03-04T11:00:00+05:00");
    let mut desk = desk(Tashkent, EVERY_DAY, "09:00", "18:00");
    desk.leaves = vec![days_off(Tashkent, day("2026-03-04"), day("2026-06-30"))];
    assert!(desk.due(now, Delay::hours(1), now).flagged);
    desk.leaves = vec![days_off(Tashkent, day("2026-03-04"), day("2026-05-30"))];
    assert_eq!(
        desk.due(now, Delay::hours(1), now),
        on_time("2026-05-31T09:00:00+05:00")
    );
}

#[test]
fn days_keep_the_local_time_over_a_clock_change() {
    let open = Schedule::unrestricted(Berlin);
    let base = at("2026-03-28T10:00:00+01:00");
    assert_eq!(
        open.due(base, Delay::days(1), base),
        on_time("2026-03-29T10:00:00+02:00")
    );
    assert_eq!(
        open.due(base, Delay::hours(24), base),
        on_time("2026-03-29T11:00:00+02:00")
    );
    let night = at("2026-03-28T02:30:00+01:00");
    assert_eq!(
        open.due(night, Delay::days(1), night),
        on_time("2026-03-29T03:00:00+02:00")
    );
}

#[test]
fn a_night_shift_spans_the_clock_changes() {
    let night = desk(Berlin, EVERY_DAY, "22:00", "06:00");
    let (spring, autumn) = (at("2026-03-28T22:00:00+01:00"), at("2026-10-24T22:00:00+02:00"));
    assert_eq!(night.work_between(spring, spring + TimeDelta::hours(12)), 7 * 3600);
    assert_eq!(night.work_between(autumn, autumn + TimeDelta::hours(12)), 9 * 3600);
}

#[test]
fn a_window_on_the_edge_of_a_clock_change_runs_from_its_first_to_its_last_moment() {
    let early = desk(Berlin, EVERY_DAY, "02:30", "05:00");
    assert_eq!(
        early.first_work(at("2026-03-29T00:30:00Z")),
        Some(at("2026-03-29T03:00:00+02:00"))
    );
    let autumn = (at("2026-10-24T23:00:00Z"), at("2026-10-25T10:00:00Z"));
    assert_eq!(early.work_between(autumn.0, autumn.1), 3600 * 7 / 2);
    let skipped = desk(Berlin, EVERY_DAY, "02:15", "02:45");
    assert_eq!(
        skipped.first_work(at("2026-03-29T00:30:00Z")),
        Some(at("2026-03-30T02:15:00+02:00"))
    );
}

#[test]
fn a_reminder_moves_earlier_and_never_past_its_anchor() {
    let desk = desk(Tashkent, WORK_WEEK, "09:00", "18:00");
    let saturday = at("2026-03-07T11:00:00+05:00");
    assert_eq!(
        desk.before(saturday, Delay::days(1)),
        on_time("2026-03-06T11:00:00+05:00")
    );
    assert_eq!(
        desk.before(saturday, Delay::hours(2)),
        on_time("2026-03-06T18:00:00+05:00")
    );
    let monday = at("2026-03-09T10:00:00+05:00");
    assert_eq!(
        desk.before(monday, Delay::hours(2)),
        on_time("2026-03-06T18:00:00+05:00")
    );
    assert_eq!(
        desk.before(monday, Delay::seconds(-60)),
        on_time("2026-03-09T10:00:00+05:00")
    );
}

#[test]
fn a_reminder_lands_ahead_of_a_leave() {
    let mut desk = desk(Tashkent, WORK_WEEK, "09:00", "18:00");
    desk.leaves = hours_off(
        Tashkent,
        day("2026-03-04"),
        day("2026-03-04"),
        time("14:00"),
        time("18:00"),
    );
    let trial = at("2026-03-04T18:00:00+05:00");
    assert_eq!(
        desk.before(trial, Delay::hours(2)),
        on_time("2026-03-04T13:59:59+05:00")
    );
    desk.leaves = vec![days_off(Tashkent, day("2026-03-03"), day("2026-03-04"))];
    assert_eq!(
        desk.before(trial, Delay::hours(2)),
        on_time("2026-03-02T18:00:00+05:00")
    );
}

#[test]
fn the_next_change_is_the_first_instant_with_the_other_answer() {
    let mut desk = desk(Tashkent, WORK_WEEK, "09:00", "18:00");
    assert_eq!(
        desk.next_change(at("2026-03-06T19:00:00+05:00")),
        Some(at("2026-03-09T09:00:00+05:00"))
    );
    assert_eq!(
        desk.next_change(at("2026-03-06T10:00:00+05:00")),
        Some(at("2026-03-06T18:00:00.000001+05:00"))
    );
    desk.leaves = hours_off(
        Tashkent,
        day("2026-03-06"),
        day("2026-03-06"),
        time("14:00"),
        time("15:00"),
    );
    assert_eq!(
        desk.next_change(at("2026-03-06T10:00:00+05:00")),
        Some(at("2026-03-06T14:00:00+05:00"))
    );
    assert_eq!(
        desk.next_change(at("2026-03-06T14:00:00+05:00")),
        Some(at("2026-03-06T15:00:00+05:00"))
    );
    assert_eq!(
        Schedule::unrestricted(Tashkent).next_change(at("2026-03-06T14:00:00+05:00")),
        None
    );
    desk.active = false;
    assert_eq!(desk.next_change(at("2026-03-06T10:00:00+05:00")), None);
}

#[test]
fn several_windows_a_day_leave_a_lunch_break() {
    let mut windows = Windows::weekly(WORK_WEEK, time("09:00"), time("13:00"));
    windows.wed.push(Window::new(time("14:00"), time("18:00")));
    let desk = Schedule {
        windows: Some(windows),
        ..Schedule::unrestricted(Tashkent)
    };
    let lunch = at("2026-03-04T12:50:00+05:00");
    assert_eq!(
        desk.due(lunch, Delay::minutes(15), lunch),
        on_time("2026-03-04T14:00:00+05:00")
    );
    assert_eq!(desk.work_add(lunch, 20 * 60), Some(at("2026-03-04T14:10:00+05:00")));
    assert_eq!(
        desk.work_between(lunch, at("2026-03-05T09:30:00+05:00")),
        (10 + 240 + 30) * 60
    );
}

#[test]
fn round_the_clock_never_stops() {
    let always = desk(Tashkent, EVERY_DAY, "00:00", "00:00");
    let start = at("2026-03-04T12:50:00+05:00");
    assert_eq!(always.next_change(start), None);
    assert_eq!(always.work_add(start, 200 * 86400), Some(start + TimeDelta::days(200)));
    assert_eq!(always.work_between(start, start + TimeDelta::days(200)), 200 * 86400);
}

#[test]
fn absurd_numbers_are_answered() {
    let desk = desk(Tashkent, WORK_WEEK, "09:00", "18:00");
    let now = at("2026-03-04T11:00:00+05:00");
    for seconds in [i64::MIN, i64::MAX, 1 << 53, -(1 << 53)] {
        for days in [i32::MIN, 0, i32::MAX] {
            let due = desk.due(now, Delay { seconds, days }, now);
            assert!(due.at >= now || due.flagged);
            assert!(desk.before(now, Delay { seconds, days }).at <= now);
            assert!(desk.work_add(now, seconds).is_none_or(|end| end >= now));
        }
    }
}

#[test]
fn a_schedule_survives_json() {
    let mut desk = desk(Tashkent, WORK_WEEK, "09:00", "18:00");
    desk.leaves = vec![Interval {
        from: at("2026-03-04T11:00:00Z"),
        to: at("2026-03-05T11:00:00Z"),
    }];
    let text = serde_json::to_string(&desk).unwrap();
    assert_eq!(serde_json::from_str::<Schedule>(&text).unwrap(), desk);
    let typed: Windows = serde_json::from_str(r#"{"mon": [{"from": "09:00", "to": "18:00"}]}"#).unwrap();
    assert_eq!(typed.mon, vec![Window::new(time("09:00"), time("18:00"))]);
}

fn desk(time_zone: Tz, days: [bool; 7], from: &str, to: &str) -> Schedule {
    Schedule {
        windows: Some(Windows::weekly(days, time(from), time(to))),
        ..Schedule::unrestricted(time_zone)
    }
}

fn on_time(text: &str) -> Due {
    Due {
        at: at(text),
        flagged: false,
    }
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn time(text: &str) -> NaiveTime {
    text.parse().unwrap()
}
