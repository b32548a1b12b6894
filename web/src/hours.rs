//! The editor of somebody's working week: what is stored, or what was just typed, with the wrong window marked.

use platform::Error;
use serde_json::{Value, json};
use workflows::staff::WindowRow;

use crate::sent::Sent;
use crate::visit::Visit;

/// A window as it was typed.
pub struct Typed {
    weekday: i16,
    from: String,
    to: String,
}

pub fn typed(sent: &Sent) -> Vec<Typed> {
    let mut found = Vec::new();
    for weekday in 0..7 {
        let (from, to) = (sent.all(&format!("from_{weekday}")), sent.all(&format!("to_{weekday}")));
        for (from, to) in from
            .iter()
            .zip(to)
            .filter(|(from, to)| !from.is_empty() || !to.is_empty())
        {
            found.push(Typed {
                weekday,
                from: from.trim().to_owned(),
                to: to.trim().to_owned(),
            });
        }
    }
    found
}

/// The windows typed; the first that is none is named as the verb names it.
pub fn read(typed: &[Typed]) -> Result<Vec<WindowRow>, Error> {
    let rows = typed.iter().enumerate().map(|(at, window)| {
        let bad = || Error::field(format!("windows.{at}"), "bad_window");
        Ok(WindowRow {
            weekday: window.weekday,
            starts: minutes(&window.from).filter(|m| *m < 1440).ok_or_else(bad)?,
            ends: minutes(&window.to).ok_or_else(bad)?,
        })
    });
    rows.collect()
}

pub fn week(visit: &Visit, windows: &[WindowRow]) -> Vec<Value> {
    let clock = |minutes: i16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
    days(visit, |day| {
        let theirs = windows.iter().filter(|window| window.weekday == day);
        theirs
            .map(|w| shown(day, &clock(w.starts), &clock(w.ends), w.ends <= w.starts, false))
            .collect()
    })
}

pub fn typed_week(visit: &Visit, typed: &[Typed], error: &Error) -> Vec<Value> {
    let wrong = match error {
        Error::Invalid(fields) => fields
            .first()
            .and_then(|f| f.field.strip_prefix("windows.")?.parse::<usize>().ok()),
        _ => None,
    };
    days(visit, |day| {
        let theirs = typed.iter().enumerate().filter(|(_, window)| window.weekday == day);
        theirs
            .map(|(at, window)| shown(day, &window.from, &window.to, false, Some(at) == wrong))
            .collect()
    })
}

/// `45 h a week`
pub fn total(visit: &Visit, windows: &[WindowRow]) -> Option<String> {
    let length = |w: &WindowRow| i64::from(w.ends - w.starts) + if w.ends <= w.starts { 1440 } else { 0 };
    let minutes: i64 = windows.iter().map(length).sum();
    (minutes > 0).then(|| visit.words.count("user-hours-week", minutes / 60))
}

fn days(visit: &Visit, windows: impl Fn(i16) -> Vec<Value>) -> Vec<Value> {
    let day = |day: i16| {
        json!({
            "day": day, "label": visit.words.t(&format!("weekday-{}", day + 1)), "windows": windows(day),
            "first": day == 0,
        })
    };
    (0..7).map(day).collect()
}

fn shown(day: i16, from: &str, to: &str, overnight: bool, wrong: bool) -> Value {
    json!({"day": day, "from": from, "to": to, "overnight": overnight, "wrong": wrong})
}

/// `9:00`, `09:00`, `24:00`
fn minutes(text: &str) -> Option<i16> {
    let (hours, minutes) = text.split_once(':')?;
    let (hours, minutes): (i16, i16) = (hours.parse().ok()?, minutes.parse().ok()?);
    ((0..=24).contains(&hours) && (0..60).contains(&minutes) && hours * 60 + minutes <= 1440)
        .then_some(hours * 60 + minutes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_that_is_none_is_named() {
        let typed = |from: &str, to: &str| Typed {
            weekday: 0,
            from: from.into(),
            to: to.into(),
        };
        let read_ends = |typed: &[Typed]| read(typed).map(|rows| rows.iter().map(|row| row.ends).collect::<Vec<_>>());
        assert_eq!(
            read_ends(&[typed("9:00", "13:00"), typed("22:00", "24:00")]).unwrap(),
            [780, 1440]
        );
        for bad in ["25:00", "9", "09:60", "-1:00", "24:01", ""] {
            let Err(Error::Invalid(fields)) = read(&[typed("09:00", "10:00"), typed("10:00", bad)]) else {
                panic!("{bad} is no time")
            };
            assert_eq!(fields[0].field, "windows.1");
        }
        assert!(read(&[typed("24:00", "10:00")]).is_err());
    }
}
