//! A second, naive implementation: walk minute by minute and ask the clock on the wall. Random
//! schedules in a zone without and a zone with clock changes must agree with it.
#![allow(clippy::unwrap_used)]

use calendar::{Delay, Interval, Schedule, Window, Windows};
use chrono::{DateTime, Datelike, NaiveTime, TimeDelta, TimeZone, Timelike, Utc};
use chrono_tz::Tz;

const MINUTE: TimeDelta = TimeDelta::minutes(1);
const SPAN_DAYS: i64 = 9;

#[test]
fn random_schedules_agree_with_a_minute_scan() {
    let mut dice = Dice(20_260_329);
    for round in 0..90 {
        let zone = [Tz::Asia__Tashkent, Tz::Europe__Berlin, Tz::America__New_York][round % 3];
        let start = [
            zone.with_ymd_and_hms(2026, 3, 5, 0, 0, 0),
            zone.with_ymd_and_hms(2026, 3, 26, 0, 0, 0),
            zone.with_ymd_and_hms(2026, 10, 22, 0, 0, 0),
        ];
        let start = start[dice.below(3)].unwrap().to_utc();
        let schedule = random(&mut dice, zone, start);
        let wall: Vec<bool> = minutes(start).map(|at| on_the_wall(&schedule, at)).collect();
        agree(&schedule, start, &wall, &mut dice, round);
    }
}

fn agree(schedule: &Schedule, start: DateTime<Utc>, wall: &[bool], dice: &mut Dice, round: usize) {
    let minute = |index: usize| start + MINUTE * i32::try_from(index).unwrap();
    for (index, works) in wall.iter().enumerate() {
        // Half past the minute: the edges themselves are the other tests' subject.
        let at = minute(index) + MINUTE / 2;
        assert_eq!(schedule.is_working(at), *works, "round {round}: {at} of {schedule:?}");
    }
    for _ in 0..40 {
        let (a, b) = (dice.below(wall.len()), dice.below(wall.len()));
        let (a, b) = (a.min(b), a.max(b));
        let worked = wall[a..b].iter().filter(|works| **works).count();
        assert_eq!(
            schedule.work_between(minute(a), minute(b)),
            worked as i64 * 60,
            "round {round}: {} to {} of {schedule:?}",
            minute(a),
            minute(b)
        );

        let at = minute(a) + MINUTE / 2;
        let next = wall[a..]
            .iter()
            .position(|works| *works)
            .map(|steps| if steps == 0 { at } else { minute(a + steps) });
        let due = schedule.due(at, Delay::NONE, at);
        // An inclusive end may offer a single instant that no minute shows.
        if let Some(next) = next.filter(|_| !schedule.leaves.iter().any(|leave| leave.to == due.at)) {
            assert_eq!(due.at, next, "round {round}: due at {at} of {schedule:?}");
        }
        if worked > 0 && wall[a] {
            let end = schedule.work_add(minute(a), worked as i64 * 60).unwrap();
            assert!(
                end <= minute(b) && schedule.work_between(minute(a), end) == worked as i64 * 60,
                "round {round}: {end}"
            );
        }
        if let Some(back) = wall[..a].iter().rposition(|works| *works) {
            let last = schedule.last_work(minute(a)).unwrap();
            assert!(
                last > minute(back) && last <= minute(a),
                "round {round}: {last} before {} of {schedule:?}",
                minute(a)
            );
            assert!(schedule.is_working(last));
        }
        if let Some(change) = schedule.next_change(at) {
            assert_ne!(schedule.is_working(change), schedule.is_working(at));
            assert_eq!(
                schedule.is_working(change - TimeDelta::microseconds(1)),
                schedule.is_working(at),
                "round {round}: {at} to {change} of {schedule:?}"
            );
        }
    }
}

fn minutes(start: DateTime<Utc>) -> impl Iterator<Item = DateTime<Utc>> {
    (0..SPAN_DAYS * 1440).map(move |minute| start + TimeDelta::minutes(minute))
}

fn on_the_wall(schedule: &Schedule, at: DateTime<Utc>) -> bool {
    let at = at + MINUTE / 2;
    let here = at.with_timezone(&schedule.time_zone);
    let windows = schedule.windows.as_ref().unwrap();
    let today = windows
        .day(here.weekday())
        .iter()
        .any(|w| here.time() >= w.from && (w.overnight() || here.time() <= w.to));
    let overnight = windows
        .day(here.weekday().pred())
        .iter()
        .any(|w| w.overnight() && here.time() <= w.to);
    (today || overnight) && !schedule.leaves.iter().any(|leave| leave.from <= at && at < leave.to)
}

fn random(dice: &mut Dice, time_zone: Tz, start: DateTime<Utc>) -> Schedule {
    let mut windows = Windows::default();
    for day in [
        &mut windows.mon,
        &mut windows.tue,
        &mut windows.wed,
        &mut windows.thu,
        &mut windows.fri,
        &mut windows.sat,
        &mut windows.sun,
    ] {
        *day = (0..[0, 1, 1, 2][dice.below(4)])
            .map(|_| Window::new(time(dice), time(dice)))
            .collect();
    }
    let leaves = (0..dice.below(4))
        .map(|_| {
            let from = start + MINUTE * (dice.below(9 * 96) as i32) * 15;
            Interval {
                from,
                to: from + MINUTE * (dice.below(60) as i32) * 30,
            }
        })
        .collect();
    Schedule {
        time_zone,
        windows: Some(windows),
        leaves,
        active: true,
    }
}

/// A quarter of an hour outside the night hour that a clock change repeats: there the wall alone
/// cannot tell the first from the second time.
fn time(dice: &mut Dice) -> NaiveTime {
    loop {
        let at = NaiveTime::MIN + MINUTE * (dice.below(96) as i32) * 15;
        if !(1..3).contains(&at.hour()) {
            return at;
        }
    }
}

struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % sides as u64) as usize
    }
}
