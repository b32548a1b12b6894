//! Periodic work: every slot once, whoever looks at the clock and wherever it jumps.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use platform::jobs::{Every, Handler, Runner, Tick};
use platform::{App, TenantId, Tx};
use support::app::TestApp;
use support::both_engines;

type Seen = Arc<Mutex<HashMap<(TenantId, String), usize>>>;

fn runner(app: &App, seen: &Seen) -> Runner {
    let seen = seen.clone();
    let handler: Handler = Arc::new(move |job| {
        *seen.lock().unwrap().entry((job.tenant, job.uniq)).or_default() += 1;
        Box::pin(async { Ok(()) })
    });
    let ticks = vec![
        Tick {
            name: "often",
            every: Every::Minutes(5),
        },
        Tick {
            name: "nightly",
            every: Every::DayAt(time(3, 30)),
        },
    ];
    Runner::new(
        app.clone(),
        [("often", handler.clone()), ("nightly", handler)].into(),
        ticks,
    )
}

fn time(hour: u32, minute: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, minute, 0).expect("a time of day")
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

fn day_slot(zone: &str, hour: u32, minute: u32, now: &str) -> String {
    Every::DayAt(time(hour, minute)).slot(zone.parse().expect("a zone"), at(now))
}

#[test]
fn a_slot_of_minutes_begins_on_the_clock() {
    let zone = chrono_tz::Asia::Tashkent;
    let slot = |now: &str| Every::Minutes(5).slot(zone, at(now));
    assert_eq!(slot("2026-11-20T10:04:59.999Z"), "2026-11-20T10:00");
    assert_eq!(slot("2026-11-20T10:05:00Z"), "2026-11-20T10:05");
    assert_eq!(
        Every::Minutes(0).slot(zone, at("2026-11-20T10:05:30Z")),
        "2026-11-20T10:05"
    );
}

#[test]
fn a_daily_slot_turns_with_the_local_day() {
    // Tashkent is five hours ahead: midnight is 19:00 UTC.
    let slot = |now| day_slot("Asia/Tashkent", 0, 0, now);
    assert_eq!(slot("2026-11-20T18:59:59.999Z"), "2026-11-20");
    assert_eq!(slot("2026-11-20T19:00:00Z"), "2026-11-21");
    let slot = |now| day_slot("Asia/Tashkent", 3, 30, now);
    assert_eq!(slot("2026-11-20T22:29:59Z"), "2026-11-20");
    assert_eq!(slot("2026-11-20T22:30:00Z"), "2026-11-21");
    // Down from before its time until after midnight: the day's slot is still the last that began.
    let slot = |now| day_slot("Asia/Tashkent", 23, 59, now);
    assert_eq!(slot("2026-11-20T18:58:00Z"), "2026-11-19");
    assert_eq!(slot("2026-11-20T19:30:00Z"), "2026-11-20");
}

#[test]
fn a_daily_slot_is_neither_skipped_nor_doubled_when_the_clocks_change() {
    let slots = |from: &str, hours: i64, hour, minute| {
        let mut slots: Vec<String> = (0..hours * 4)
            .map(|quarter| at(from) + TimeDelta::minutes(15 * quarter))
            .map(|now| Every::DayAt(time(hour, minute)).slot(chrono_tz::Europe::Berlin, now))
            .collect();
        slots.dedup();
        slots
    };
    // 29 March 2026: 02:00 becomes 03:00. 25 October: 03:00 becomes 02:00.
    assert_eq!(slots("2026-03-28T12:00:00Z", 24, 2, 30), ["2026-03-28", "2026-03-29"]);
    assert_eq!(day_slot("Europe/Berlin", 2, 30, "2026-03-29T00:59:59Z"), "2026-03-28");
    assert_eq!(day_slot("Europe/Berlin", 2, 30, "2026-03-29T01:00:00Z"), "2026-03-29");
    let mut autumn = slots("2026-10-24T12:00:00Z", 24, 2, 30);
    // In the hour lived twice the clock is before half past two again; that slot has been.
    assert_eq!(autumn.len(), 4, "{autumn:?}");
    autumn.sort();
    autumn.dedup();
    assert_eq!(autumn, ["2026-10-24", "2026-10-25"]);
}

both_engines! {
    async fn two_workers_give_every_tenant_every_slot_once(test: TestApp) {
        let seen: Seen = Arc::default();
        let mut tenants = Vec::new();
        for n in 0..8 {
            tenants.push(test.tenant(&format!("t{n}")).await.id);
        }
        let other = test.beside().await;
        let (first, second) = (runner(&test.app, &seen), runner(&other, &seen));
        // Noon in Tashkent, then eleven steps of five minutes and one over midnight.
        let noon = at("2027-03-01T07:00:00Z");
        let mut expected = 0;
        for step in 0..12 {
            let now = noon + TimeDelta::minutes(5 * step) + TimeDelta::hours(if step == 11 { 24 } else { 0 });
            test.app.set_clock(now).await.unwrap();
            other.load_clock().await.unwrap();
            let (a, b) = tokio::join!(first.drain(), second.drain());
            let slots = 8 * if step == 0 || step == 11 { 2 } else { 1 };
            assert_eq!(a.unwrap() + b.unwrap(), slots, "step {step}");
            expected += slots;
        }
        let seen = seen.lock().unwrap();
        assert_eq!(seen.len(), expected);
        assert!(seen.values().all(|times| *times == 1), "a slot ran twice");
    }

    async fn a_tenant_that_cannot_be_read_does_not_stop_the_others(test: TestApp) {
        let seen: Seen = Arc::default();
        let (good, broken) = (test.tenant("good").await.id, test.tenant("broken").await.id);
        let sql = "UPDATE tenant SET time_zone = 'Mars/Olympus' WHERE id = $1";
        test.app.db.platform(async move |tx: Tx| tx.run(sql, vec![broken.0.into()]).await).await.unwrap();
        assert_eq!(runner(&test.app, &seen).drain().await.unwrap(), 2);
        assert!(seen.lock().unwrap().keys().all(|(tenant, _)| *tenant == good));
    }
}
