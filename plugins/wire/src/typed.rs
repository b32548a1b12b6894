//! Values typed by hand, read by name: a misspelt or ill-typed one is refused with its path, never left out silently.

use calendar::{Interval, Schedule, Window, Windows, days_off, hours_off};
use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, SecondsFormat, TimeZone, Utc};
use chrono_tz::Tz;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

const MOST_WINDOWS: usize = 10;
const MOST_LEAVES: usize = 50;
const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// Which value is refused, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadField {
    pub field: String,
    /// `unknown_field`, `wrong_type`, `required`, `bad_time`, `bad_window`, `unknown_time_zone`, `too_many`.
    pub code: &'static str,
    /// With `too_many`.
    pub most: Option<usize>,
}

pub type Read<T> = Result<T, BadField>;

/// An object being read: what is taken is known, what is left is not.
pub struct Fields {
    path: String,
    values: Map<String, Value>,
}

impl Fields {
    pub fn open(path: &str, value: Value) -> Read<Fields> {
        match value {
            Value::Object(values) => Ok(Fields {
                path: path.to_owned(),
                values,
            }),
            _ => bad(path, "wrong_type"),
        }
    }

    /// A field's path and value, if it is there and not null.
    pub fn take(&mut self, name: &str) -> Option<(String, Value)> {
        let value = self.values.remove(name).filter(|value| !value.is_null())?;
        Some((format!("{}.{name}", self.path), value))
    }

    pub fn plain<T: DeserializeOwned>(&mut self, name: &str) -> Read<Option<T>> {
        self.take(name).map(|(path, value)| plain(&path, value)).transpose()
    }

    pub fn map(&mut self, name: &str) -> Read<Map<String, Value>> {
        Ok(self.plain(name)?.unwrap_or_default())
    }

    /// Nothing may be left over.
    pub fn done(self) -> Read<()> {
        match self.values.into_iter().next() {
            Some((name, _)) => bad(&format!("{}.{name}", self.path), "unknown_field"),
            None => Ok(()),
        }
    }
}

pub fn bad<T>(field: &str, code: &'static str) -> Read<T> {
    Err(BadField {
        field: field.to_owned(),
        code,
        most: None,
    })
}

pub fn at_most(field: &str, count: usize, most: usize) -> Read<()> {
    if count <= most {
        return Ok(());
    }
    Err(BadField {
        field: field.to_owned(),
        code: "too_many",
        most: Some(most),
    })
}

pub fn plain<T: DeserializeOwned>(path: &str, value: Value) -> Read<T> {
    serde_json::from_value(value).or_else(|_| bad(path, "wrong_type"))
}

/// Lays the given fields over a value, one by one, so that a wrong one is found by its name.
pub fn over<T: Serialize + DeserializeOwned>(path: &str, base: T, names: &str, given: Value, zone: Tz) -> Read<T> {
    let Value::Object(given) = given else {
        return bad(path, "wrong_type");
    };
    let (mut whole, mut read) = (serde_json::to_value(&base).unwrap_or_default(), base);
    for (name, value) in given.into_iter().filter(|(_, value)| !value.is_null()) {
        let path = format!("{path}.{name}");
        if !names.split(' ').any(|known| known == name) {
            return bad(&path, "unknown_field");
        }
        whole[&name] = match &value {
            Value::String(text) if name.ends_with("_at") => {
                let Some(at) = instant(text, zone) else {
                    return bad(&path, "bad_time");
                };
                at.to_rfc3339_opts(SecondsFormat::Micros, true).into()
            }
            _ => value,
        };
        read = serde_json::from_value(whole.clone()).or_else(|_| bad(&path, "wrong_type"))?;
    }
    Ok(read)
}

/// RFC 3339, or the local time of a place: `2026-11-20T15:00`, `2026-11-20 15:00:30`.
pub fn instant(text: &str, zone: Tz) -> Option<DateTime<Utc>> {
    let text = text.trim();
    let at = match text.parse::<DateTime<Utc>>() {
        Ok(at) => at,
        Err(_) => {
            let local = text.replacen(' ', "T", 1);
            let local = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
                .iter()
                .find_map(|form| NaiveDateTime::parse_from_str(&local, form).ok())?;
            zone.from_local_datetime(&local).earliest()?.to_utc()
        }
    };
    // Nobody plans outside these, and the calendar's own ends are far.
    (DateTime::UNIX_EPOCH <= at && at < DateTime::from_timestamp(32_503_680_000, 0)?).then_some(at)
}

/// A person's working time: `{time_zone, windows: {mon: [["09:00", "18:00"]]}, leaves: [{from, to, start, end}], active}`.
pub fn schedule(fields: &mut Fields, zone: Tz) -> Read<Schedule> {
    let mut schedule = Schedule::unrestricted(zone);
    if let Some((path, value)) = fields.take("time_zone") {
        let name: String = plain(&path, value)?;
        schedule.time_zone = name.parse().or_else(|_| bad(&path, "unknown_time_zone"))?;
    }
    if let Some((path, value)) = fields.take("windows") {
        schedule.windows = Some(windows(&path, value)?);
    }
    if let Some((path, value)) = fields.take("leaves") {
        let leaves: Vec<Value> = plain(&path, value)?;
        at_most(&path, leaves.len(), MOST_LEAVES)?;
        for (n, leave) in leaves.into_iter().enumerate() {
            schedule
                .leaves
                .extend(away(&format!("{path}.{n}"), leave, schedule.time_zone)?);
        }
    }
    if let Some(active) = fields.plain("active")? {
        schedule.active = active;
    }
    Ok(schedule)
}

fn windows(path: &str, value: Value) -> Read<Windows> {
    let mut fields = Fields::open(path, value)?;
    let mut week: [Vec<Window>; 7] = Default::default();
    for (day, name) in week.iter_mut().zip(DAYS) {
        let Some((path, value)) = fields.take(name) else {
            continue;
        };
        let spans: Vec<Value> = plain(&path, value)?;
        at_most(&path, spans.len(), MOST_WINDOWS)?;
        for (n, span) in spans.into_iter().enumerate() {
            day.push(window(&format!("{path}.{n}"), span)?);
        }
    }
    fields.done()?;
    let [mon, tue, wed, thu, fri, sat, sun] = week;
    Ok(Windows {
        mon,
        tue,
        wed,
        thu,
        fri,
        sat,
        sun,
    })
}

/// `["09:00", "18:00"]` or `{"from": "09:00", "to": "18:00"}`; over midnight where the end is not after the start.
fn window(path: &str, value: Value) -> Read<Window> {
    let (from, to): (String, String) = if value.is_object() {
        let mut fields = Fields::open(path, value)?;
        let ends = fields.plain("from")?.zip(fields.plain("to")?);
        fields.done()?;
        ends.map_or_else(|| bad(path, "bad_window"), Ok)?
    } else {
        plain(path, value)?
    };
    match (time(&from), time(&to)) {
        (Some(from), Some(to)) => Ok(Window::new(from, to)),
        _ => bad(path, "bad_window"),
    }
}

/// Whole days from one to another, both included, or the same hours on each of them; or two instants.
fn away(path: &str, value: Value, zone: Tz) -> Read<Vec<Interval>> {
    let mut fields = Fields::open(path, value)?;
    let (from, to): (Option<String>, Option<String>) = (fields.plain("from")?, fields.plain("to")?);
    let (start, end) = (hour(&mut fields, "start")?, hour(&mut fields, "end")?);
    fields.done()?;
    let Some(from) = from else {
        return bad(&format!("{path}.from"), "required");
    };
    let to = to.unwrap_or_else(|| from.clone());
    let days = day(&from).zip(day(&to));
    match (days, start.zip(end)) {
        (Some((first, last)), Some((start, end))) => Ok(hours_off(zone, first, last, start, end)),
        // Half a pair of hours means nothing, so the days are off whole: what is stored is read the same way.
        (Some((first, last)), None) => Ok(vec![days_off(zone, first, last)]),
        (None, _) => match instant(&from, zone).zip(instant(&to, zone)) {
            Some((from, to)) => Ok(vec![Interval { from, to }]),
            None => bad(path, "bad_time"),
        },
    }
}

fn day(text: &str) -> Option<NaiveDate> {
    text.parse::<NaiveDate>()
        .ok()
        .filter(|day| (1970..3000).contains(&day.year()))
}

fn hour(fields: &mut Fields, name: &str) -> Read<Option<NaiveTime>> {
    let Some((path, value)) = fields.take(name) else {
        return Ok(None);
    };
    let text: String = plain(&path, value)?;
    time(&text).map_or_else(|| bad(&path, "bad_time"), |time| Ok(Some(time)))
}

/// `09:00`; `24:00` is the midnight that ends the day.
fn time(text: &str) -> Option<NaiveTime> {
    if text == "24:00" {
        return Some(NaiveTime::MIN);
    }
    ["%H:%M", "%H:%M:%S"]
        .iter()
        .find_map(|form| NaiveTime::parse_from_str(text, form).ok())
}
