//! The working-hours contract, case by case.
#![allow(clippy::unwrap_used)]

use calendar::{Delay, Due, Schedule, Windows, days_off, hours_off};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::Deserialize;

#[derive(Deserialize)]
struct Vectors {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    id: String,
    rep: String,
    now: DateTime<Utc>,
    base_time: DateTime<Utc>,
    delay_seconds: i64,
    timezone: chrono_tz::Tz,
    work_start: Option<String>,
    work_end: Option<String>,
    work_days: [bool; 7],
    leaves: Vec<Leave>,
    due: Option<DateTime<Utc>>,
}

#[derive(Deserialize)]
struct Leave {
    start_date: NaiveDate,
    end_date: NaiveDate,
    start_time: Option<String>,
    end_time: Option<String>,
    status: String,
}

#[test]
fn every_case_of_the_contract_holds() {
    let vectors: Vectors = serde_json::from_str(include_str!("../../../tests/data/working_hours.json")).unwrap();
    assert_eq!(vectors.cases.len(), 150);
    for case in vectors.cases {
        let got = schedule(&case).due(case.base_time, Delay::seconds(case.delay_seconds), case.now);
        let unshifted = case.base_time + chrono::TimeDelta::seconds(case.delay_seconds);
        let expected = match case.due {
            Some(at) => Due { at, flagged: false },
            None => Due {
                at: unshifted,
                flagged: true,
            },
        };
        assert_eq!(got, expected, "{}", case.id);
    }
}

fn schedule(case: &Case) -> Schedule {
    let hours = case.work_start.as_deref().zip(case.work_end.as_deref());
    Schedule {
        time_zone: case.timezone,
        windows: hours.map(|(from, to)| Windows::weekly(case.work_days, time(from), time(to))),
        leaves: case
            .leaves
            .iter()
            .filter(|leave| leave.status == "approved")
            .flat_map(|leave| off(case, leave))
            .collect(),
        active: case.rep == "active",
    }
}

fn off(case: &Case, leave: &Leave) -> Vec<calendar::Interval> {
    match (leave.start_time.as_deref(), leave.end_time.as_deref()) {
        (Some(from), Some(to)) => hours_off(case.timezone, leave.start_date, leave.end_date, time(from), time(to)),
        _ => vec![days_off(case.timezone, leave.start_date, leave.end_date)],
    }
}

fn time(text: &str) -> NaiveTime {
    text.parse().unwrap()
}
