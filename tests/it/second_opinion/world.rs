//! Random centres, leads and reps: whatever the settings form, the staff page and the calendar allow.

use calendar::{Interval, Schedule, Window, Windows};
use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use serde_json::{Map, Value, json};
use support::scripts::{call, centre, registry, rep};
use wire::pack::SettingKind;
use wire::{Call, Candidate, Hook, TrialCtx};

const ZONES: [&str; 8] = [
    "Asia/Tashkent",
    "Asia/Almaty",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "America/St_Johns",
    "UTC",
];

/// Numbers that only look random: a failing case comes back.
pub struct Dice(pub u64);

impl Dice {
    /// From 0 up to, not including, `n`.
    pub fn below(&mut self, n: i64) -> i64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 11) as i64).rem_euclid(n)
    }

    pub fn one_in(&mut self, n: i64) -> bool {
        self.below(n) == 0
    }

    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below(high - low + 1)
    }

    pub fn pick<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len() as i64) as usize].clone()
    }
}

pub fn zone(dice: &mut Dice) -> &'static str {
    dice.pick(&ZONES)
}

/// Every setting of the form within the form's own bounds; some centres keep the defaults.
pub fn settings(dice: &mut Dice) -> Map<String, Value> {
    let pack = centre();
    let mut values = pack.defaults();
    if dice.one_in(5) {
        return values;
    }
    for setting in &pack.settings {
        let (low, high) = (setting.minimum.unwrap_or(0), setting.maximum.unwrap_or(1_000));
        let value = match setting.kind {
            SettingKind::Boolean => json!(dice.one_in(2)),
            SettingKind::Integer => json!(dice.between(low, high)),
            SettingKind::IntegerList => {
                let count = dice.between(0, setting.max_items.unwrap_or(6) as i64);
                json!((0..count).map(|_| dice.between(low, high)).collect::<Vec<_>>())
            }
            _ => continue,
        };
        values.insert(setting.key.clone(), value);
    }
    values
}

pub fn moment(dice: &mut Dice) -> DateTime<Utc> {
    let start: DateTime<Utc> = "2026-01-01T00:00:00Z".parse().expect("an instant");
    start + TimeDelta::seconds(dice.below(3 * 365 * 86_400))
}

pub fn schedule(dice: &mut Dice, zone: &str, now: DateTime<Utc>) -> Schedule {
    let mut windows = Windows::default();
    let Windows {
        mon,
        tue,
        wed,
        thu,
        fri,
        sat,
        sun,
    } = &mut windows;
    for day in [mon, tue, wed, thu, fri, sat, sun] {
        for _ in 0..dice.below(3) {
            let mut time = || NaiveTime::from_hms_opt(dice.below(24) as u32, 15 * dice.below(4) as u32, 0);
            if let (Some(from), Some(to)) = (time(), time()) {
                day.push(Window::new(from, to));
            }
        }
    }
    let leaves = (0..dice.below(3)).map(|_| {
        let from = now + TimeDelta::hours(dice.between(-48, 20 * 24));
        let to = from + TimeDelta::hours(dice.between(1, 10 * 24));
        Interval { from, to }
    });
    Schedule {
        time_zone: zone.parse().expect("a zone"),
        leaves: leaves.collect(),
        windows: (!dice.one_in(6)).then_some(windows),
        active: !dice.one_in(12),
    }
}

/// A lead just come, or one that moved to some status, owned by somebody or nobody.
pub fn lead(dice: &mut Dice, id: u32, now: DateTime<Utc>, owners: &[String]) -> Call {
    let created = dice.one_in(3);
    let mut call = call(
        id,
        if created {
            Hook::OnLeadCreated
        } else {
            Hook::OnStatusChanged
        },
    );
    call.now = now;
    call.event.occurred_at = now;
    call.seed = format!("tenant/{}/{}", dice.0, call.hook);
    if dice.one_in(3) {
        call.queue_ahead = dice.below(3_000) as u32;
    }
    if let Some(lead) = &mut call.lead {
        lead.owner_id = (!dice.one_in(8)).then(|| dice.pick(owners));
        lead.course_id = course(dice);
    }
    if !created {
        let statuses: Vec<String> = registry().statuses.into_iter().map(|status| status.key).collect();
        (call.from, call.to) = (Some(dice.pick(&statuses)), Some(dice.pick(&statuses)));
        call.trial = (!dice.one_in(4)).then(|| {
            let starts_at = now + TimeDelta::minutes(dice.between(-3 * 1_440, 20 * 1_440));
            TrialCtx {
                starts_at,
                ends_at: starts_at + TimeDelta::minutes(dice.between(30, 180)),
                group_id: None,
                result: None,
            }
        });
    }
    call
}

pub fn course(dice: &mut Dice) -> Option<String> {
    (!dice.one_in(4)).then(|| dice.pick(&["english", "maths", "it"]).to_owned())
}

pub fn crowd(dice: &mut Dice, now: DateTime<Utc>) -> Vec<Candidate> {
    (0..dice.below(40))
        .map(|n| {
            let capacity = dice.one_in(3).then(|| dice.below(12) as u32);
            let open_leads = dice.below(8) as u32;
            Candidate {
                available: !dice.one_in(4) && capacity.is_none_or(|most| open_leads < most),
                open_leads,
                capacity,
                teaches: (0..dice.below(3)).filter_map(|_| course(dice)).collect(),
                weight: dice.between(0, 5) as f64,
                assigned_today: dice.below(10) as u32,
                overdue: dice.below(4) as u32,
                last_assigned_at: (!dice.one_in(3)).then(|| now - TimeDelta::minutes(dice.below(300))),
                ..rep(&format!("rep-{n}"))
            }
        })
        .collect()
}
