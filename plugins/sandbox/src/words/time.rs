//! Instants, lengths of time, the tenant's local clock, a rep's working time.

use chrono::{DateTime, Datelike, TimeDelta, Timelike, Utc};
use rhai::{Dynamic, EvalAltResult, ImmutableString, Module};

use super::value::get;
use super::{with, word};
use crate::fault::{raise, raise_with};

type Answer<T> = Result<T, Box<EvalAltResult>>;

/// Nothing a sales desk plans is further away.
const FURTHEST_DAYS: i64 = 3660;
/// Counting working time costs time itself.
const LONGEST_COUNT: TimeDelta = TimeDelta::days(366);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Time(pub DateTime<Utc>);

/// `days` keep the local time of day, `seconds` are real ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Length {
    pub seconds: i64,
    pub days: i32,
}

#[derive(Debug, Clone, Copy)]
struct Local(DateTime<chrono_tz::Tz>);

impl Length {
    /// For comparing and showing; a day counts 24 hours.
    pub fn total(self) -> i64 {
        self.seconds + i64::from(self.days) * 86_400
    }
}

pub fn register(module: &mut Module) {
    module.set_custom_type::<Time>("Time");
    module.set_custom_type::<Length>("Duration");
    module.set_custom_type::<Local>("LocalTime");

    word(
        module,
        "seconds",
        &["n: int", "Duration"],
        "A length of n seconds.",
        |n: i64| length(n, 1),
    );
    word(
        module,
        "minutes",
        &["n: int", "Duration"],
        "A length of n minutes.",
        |n: i64| length(n, 60),
    );
    word(
        module,
        "hours",
        &["n: int", "Duration"],
        "A length of n hours.",
        |n: i64| length(n, 3_600),
    );
    word(
        module,
        "days",
        &["n: int", "Duration"],
        "n calendar days: the same local time of day.",
        days,
    );
    word(
        module,
        "local",
        &["t: Time", "LocalTime"],
        "The tenant's clock: date, year, month, day, hour, minute, weekday (1 = Monday).",
        local,
    );
    word(
        module,
        "work_add",
        &["user_id: String", "t: Time", "d: Duration", "Time"],
        "When so much of the user's working time has passed since t.",
        work_add,
    );
    word(
        module,
        "work_add",
        &["user_id: String", "t: Time", "n: int", "Time"],
        "",
        |_: Dynamic, _: Time, n: i64| no_unit::<Time>("work_add", n),
    );
    word(
        module,
        "work_between",
        &["user_id: String", "from: Time", "to: Time", "Duration"],
        "The user's working time between two moments.",
        work_between,
    );
    word(
        module,
        "next_work_start",
        &["user_id: String", "t: Time", "Time"],
        "The first working moment at or after t.",
        next_work_start,
    );

    word(
        module,
        "+",
        &["t: Time", "d: Duration", "Time"],
        "",
        |t: Time, d: Length| shift(t, d, 1),
    );
    word(
        module,
        "-",
        &["t: Time", "d: Duration", "Time"],
        "",
        |t: Time, d: Length| shift(t, d, -1),
    );
    word(
        module,
        "-",
        &["later: Time", "earlier: Time", "Duration"],
        "",
        |a: Time, b: Time| Length {
            seconds: (a.0 - b.0).num_seconds(),
            days: 0,
        },
    );
    word(
        module,
        "+",
        &["a: Duration", "b: Duration", "Duration"],
        "",
        |a: Length, b: Length| bounded(a.seconds.checked_add(b.seconds), a.days.checked_add(b.days)),
    );
    word(
        module,
        "-",
        &["a: Duration", "b: Duration", "Duration"],
        "",
        |a: Length, b: Length| bounded(a.seconds.checked_sub(b.seconds), a.days.checked_sub(b.days)),
    );
    word(module, "*", &["d: Duration", "n: int", "Duration"], "", times);
    word(
        module,
        "*",
        &["n: int", "d: Duration", "Duration"],
        "",
        |n: i64, d: Length| times(d, n),
    );
    word(module, "+", &["t: Time", "n: int", "Time"], "", |_: Time, n: i64| {
        no_unit::<Time>("+", n)
    });
    word(module, "-", &["t: Time", "n: int", "Time"], "", |_: Time, n: i64| {
        no_unit::<Time>("-", n)
    });

    compare(module, |t: &Time| t.0.timestamp_micros());
    compare(module, |d: &Length| d.total());

    for name in ["to_string", "to_debug"] {
        word(module, name, &["t: Time", "String"], "", |t: &mut Time| {
            t.0.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
        });
        word(module, name, &["d: Duration", "String"], "", |d: &mut Length| show(*d));
    }

    get(module, "seconds", |d: &mut Length| d.total());
    get(module, "minutes", |d: &mut Length| d.total() / 60);
    get(module, "hours", |d: &mut Length| d.total() / 3_600);
    get(module, "days", |d: &mut Length| d.total() / 86_400);
    get(module, "date", |t: &mut Local| {
        ImmutableString::from(t.0.format("%Y-%m-%d").to_string())
    });
    get(module, "year", |t: &mut Local| i64::from(t.0.year()));
    get(module, "month", |t: &mut Local| i64::from(t.0.month()));
    get(module, "day", |t: &mut Local| i64::from(t.0.day()));
    get(module, "hour", |t: &mut Local| i64::from(t.0.hour()));
    get(module, "minute", |t: &mut Local| i64::from(t.0.minute()));
    get(module, "weekday", |t: &mut Local| {
        i64::from(t.0.weekday().number_from_monday())
    });
}

/// Refuses a bare number where a length belongs, and says what to write.
pub fn no_unit<T>(place: &str, n: i64) -> Answer<T> {
    raise_with(
        "no_unit",
        &[("n", &n)],
        format!("{place} {n} has no unit: use hours({n}), minutes({n}) or days({n})"),
    )
}

fn compare<T: Clone + 'static>(module: &mut Module, rank: fn(&T) -> i64) {
    word(module, "==", &[], "", move |a: T, b: T| rank(&a) == rank(&b));
    word(module, "!=", &[], "", move |a: T, b: T| rank(&a) != rank(&b));
    word(module, "<", &[], "", move |a: T, b: T| rank(&a) < rank(&b));
    word(module, "<=", &[], "", move |a: T, b: T| rank(&a) <= rank(&b));
    word(module, ">", &[], "", move |a: T, b: T| rank(&a) > rank(&b));
    word(module, ">=", &[], "", move |a: T, b: T| rank(&a) >= rank(&b));
}

fn length(n: i64, seconds: i64) -> Answer<Length> {
    bounded(n.checked_mul(seconds), Some(0))
}

fn days(n: i64) -> Answer<Length> {
    bounded(Some(0), i32::try_from(n).ok())
}

fn times(d: Length, n: i64) -> Answer<Length> {
    let days = i32::try_from(n).ok().and_then(|n| d.days.checked_mul(n));
    bounded(d.seconds.checked_mul(n), if d.days == 0 { Some(0) } else { days })
}

fn bounded(seconds: Option<i64>, days: Option<i32>) -> Answer<Length> {
    match (seconds, days) {
        (Some(seconds), Some(days))
            if seconds.abs() <= FURTHEST_DAYS * 86_400 && i64::from(days).abs() <= FURTHEST_DAYS =>
        {
            Ok(Length { seconds, days })
        }
        _ => raise("too_long", "a length of more than ten years"),
    }
}

fn shift(t: Time, d: Length, sign: i32) -> Answer<Time> {
    let delay = calendar::Delay {
        seconds: d.seconds * i64::from(sign),
        days: d.days * sign,
    };
    let zone = with(|running| running.tenant.zone).unwrap_or_default();
    match delay.after(t.0, zone) {
        Some(at) => Ok(Time(at)),
        None => raise("too_long", "that moment is outside the calendar"),
    }
}

fn local(t: Time) -> Local {
    let zone = with(|running| running.tenant.zone).unwrap_or_default();
    Local(t.0.with_timezone(&zone))
}

fn work_add(user: Dynamic, t: Time, d: Length) -> Answer<Time> {
    if d.days != 0 {
        return raise_with(
            "too_long",
            &[("what", &"days")],
            "working time is counted in hours or minutes, not in days",
        );
    }
    let user = user.into_immutable_string().ok();
    let moved = with(|running| {
        running
            .tenant
            .schedule(user.as_deref())
            .and_then(|schedule| schedule.work_add(t.0, d.seconds))
    });
    // Without working time to count, time simply passes, as it does for an unowned lead.
    moved.flatten().map_or_else(|| shift(t, d, 1), |at| Ok(Time(at)))
}

fn work_between(user: Dynamic, from: Time, to: Time) -> Answer<Length> {
    if to.0 - from.0 > LONGEST_COUNT {
        return raise("too_long", "working time is counted over a year at most");
    }
    let user = user.into_immutable_string().ok();
    let seconds = with(|running| {
        running
            .tenant
            .schedule(user.as_deref())
            .map(|schedule| schedule.work_between(from.0, to.0))
    });
    let seconds = seconds
        .flatten()
        .unwrap_or_else(|| (to.0 - from.0).num_seconds().max(0));
    Ok(Length { seconds, days: 0 })
}

fn next_work_start(user: Dynamic, t: Time) -> Time {
    let user = user.into_immutable_string().ok();
    let start = with(|running| {
        running
            .tenant
            .schedule(user.as_deref())
            .and_then(|schedule| schedule.first_work(t.0))
    });
    start.flatten().map_or(t, Time)
}

fn show(d: Length) -> String {
    match (d.days, d.seconds) {
        (0, s) if s != 0 && s % 3_600 == 0 => format!("{}h", s / 3_600),
        (0, s) if s != 0 && s % 60 == 0 => format!("{}min", s / 60),
        (0, s) => format!("{s}s"),
        (days, 0) => format!("{days}d"),
        (days, s) => format!("{days}d {s}s"),
    }
}
