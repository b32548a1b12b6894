//! When a user works: the weekly windows and absence.

use chrono::{DateTime, Utc};
use platform::{Error, Id};
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};
use serde::Serialize;
use workflows::staff::{self, WindowRow};

use crate::Area;
use crate::answer::{Answer, Body, Done};
use crate::security::Caller;

pub struct Operations;

#[OpenApi(tag = "Area::Users")]
impl Operations {
    /// A user's weekly working windows
    #[oai(path = "/users/:id/hours", method = "get", operation_id = "get_user_hours")]
    async fn hours(&self, caller: Caller, id: Path<Id>) -> Answer<Body<Hours>> {
        shown(&caller, id.0).await
    }

    /// Replaces the windows; none at all means this person never works
    #[oai(path = "/users/:id/hours", method = "put", operation_id = "set_user_hours")]
    async fn set_hours(&self, caller: Caller, id: Path<Id>, body: Json<Hours>) -> Answer<Body<Hours>> {
        let rows = body.0.windows.iter().enumerate().map(|(at, window)| window.row(at));
        let rows = rows.collect::<Result<Vec<_>, _>>()?;
        staff::set_windows(caller.app(), &caller.actor, id.0, rows).await?;
        shown(&caller, id.0).await
    }

    /// Marks a user away, until an instant or until further notice
    #[oai(path = "/users/:id/absence", method = "put", operation_id = "set_user_absence")]
    async fn set_absence(&self, caller: Caller, id: Path<Id>, body: Json<Absence>) -> Answer<Done> {
        staff::set_absence(caller.app(), &caller.actor, id.0, Some(body.0.from), body.0.to).await?;
        Ok(Done)
    }

    /// The user is back
    #[oai(path = "/users/:id/absence", method = "delete", operation_id = "clear_user_absence")]
    async fn clear_absence(&self, caller: Caller, id: Path<Id>) -> Answer<Done> {
        staff::set_absence(caller.app(), &caller.actor, id.0, None, None).await?;
        Ok(Done)
    }
}

async fn shown(caller: &Caller, id: Id) -> Answer<Body<Hours>> {
    let rows = staff::windows(caller.app(), &caller.actor, id).await?;
    Ok(Body(Hours {
        windows: rows.into_iter().map(Window::from).collect(),
    }))
}

#[derive(Object, Serialize)]
struct Hours {
    windows: Vec<Window>,
}

#[derive(Object, Serialize)]
struct Window {
    weekday: Weekday,
    /// Local time, `09:00`.
    starts: String,
    /// Local time; up to `starts` means overnight, `24:00` the midnight that ends the day.
    ends: String,
}

#[derive(Enum, Serialize, Clone, Copy)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
enum Weekday {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

#[derive(Object)]
struct Absence {
    from: DateTime<Utc>,
    to: Option<DateTime<Utc>>,
}

const WEEK: [Weekday; 7] = [
    Weekday::Mon,
    Weekday::Tue,
    Weekday::Wed,
    Weekday::Thu,
    Weekday::Fri,
    Weekday::Sat,
    Weekday::Sun,
];

impl Window {
    fn row(&self, at: usize) -> Result<WindowRow, Error> {
        let bad = || Error::field(format!("windows.{at}"), "bad_window");
        Ok(WindowRow {
            weekday: self.weekday as i16,
            starts: minutes(&self.starts).ok_or_else(bad)?,
            ends: minutes(&self.ends).ok_or_else(bad)?,
        })
    }
}

impl From<WindowRow> for Window {
    fn from(row: WindowRow) -> Self {
        let clock = |minutes: i16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
        Window {
            weekday: WEEK[usize::from(row.weekday.rem_euclid(7).unsigned_abs())],
            starts: clock(row.starts),
            ends: clock(row.ends),
        }
    }
}

pub fn minutes(text: &str) -> Option<i16> {
    let (hours, minutes) = text.split_once(':')?;
    let digits = |part: &str| -> Option<i16> {
        (part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse().ok())?
    };
    let (hours, minutes) = (digits(hours)?, digits(minutes)?);
    (minutes < 60 && hours * 60 + minutes <= 24 * 60).then_some(hours * 60 + minutes)
}
