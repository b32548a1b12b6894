//! When each person works: weekly windows, less approved leave, absence and holidays.

use std::collections::BTreeMap;

use calendar::{Interval, Schedule, Window, Windows, days_off};
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use platform::jobs::{NewJob, enqueue};
use platform::{Actor, App, Error, Id, Result, Tx, audit};
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::role::may_manage;
use super::user::find_in;
use crate::leave::Off;

/// One window of a weekday (0 = Monday), in minutes from local midnight; `ends` up to `starts` means overnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, FromQueryResult)]
pub struct WindowRow {
    pub weekday: i16,
    pub starts: i16,
    pub ends: i16,
}

/// An open absence has no end yet; nobody plans further than this.
const FOR_EVER: TimeDelta = TimeDelta::days(3650);

/// The working time of everybody, by user id.
pub async fn schedules(tx: &Tx, actor: &Actor) -> Result<BTreeMap<Id, Schedule>> {
    let zone = actor.tenant.time_zone;
    let values = || vec![tx.tenant().0.into()];
    let people: Vec<Person> = tx
        .all(
            "SELECT id, active, hours_set, absent_from, absent_to FROM app_user WHERE tenant_id = $1 LIMIT 2000",
            values(),
        )
        .await?;
    let rows: Vec<Owned> = tx
        .all(
            "SELECT user_id, weekday, starts, ends FROM working_window WHERE tenant_id = $1",
            values(),
        )
        .await?;
    let sql = format!(
        "SELECT {} FROM leave WHERE tenant_id = $1 AND state = 'approved' AND ends_at > $2",
        Off::COLUMNS
    );
    let recent = tx.now() - TimeDelta::days(1);
    let leaves: Vec<Off> = tx.all(&sql, vec![tx.tenant().0.into(), recent.into()]).await?;
    let holidays: Vec<Holiday> = tx.all("SELECT day FROM holiday WHERE tenant_id = $1", values()).await?;
    let shut: Vec<Interval> = holidays
        .iter()
        .filter_map(|holiday| holiday.day.parse::<NaiveDate>().ok())
        .map(|day| days_off(zone, day, day))
        .collect();
    let mut schedules: BTreeMap<Id, Schedule> = people
        .into_iter()
        .map(|person| {
            let mut away = shut.clone();
            if let Some(from) = person.absent_from {
                away.push(Interval {
                    from,
                    to: person.absent_to.unwrap_or(from + FOR_EVER),
                });
            }
            let windows = person.hours_set.then(Windows::default);
            (
                person.id,
                Schedule {
                    time_zone: zone,
                    windows,
                    leaves: away,
                    active: person.active,
                },
            )
        })
        .collect();
    for row in rows {
        if let Some(windows) = schedules.get_mut(&row.user_id).and_then(|s| s.windows.as_mut()) {
            day_mut(windows, row.weekday).push(Window::new(time(row.starts), time(row.ends)));
        }
    }
    for leave in leaves {
        if let Some(schedule) = schedules.get_mut(&leave.user_id) {
            schedule.leaves.extend(leave.intervals(zone));
        }
    }
    Ok(schedules)
}

/// The stored windows of one user, by day and time.
pub async fn windows(app: &App, actor: &Actor, user: Id) -> Result<Vec<WindowRow>> {
    super::user::find(app, actor, user).await?;
    app.db
        .read(actor.tenant_id(), async move |tx: Tx| windows_in(&tx, user).await)
        .await
}

async fn windows_in(tx: &Tx, user: Id) -> Result<Vec<WindowRow>> {
    let sql = "SELECT weekday, starts, ends FROM working_window WHERE tenant_id = $1 AND user_id = $2 \
               ORDER BY weekday, starts";
    tx.all(sql, vec![tx.tenant().0.into(), user.into()]).await
}

/// Replaces a user's working windows. No windows at all means this person never works.
pub async fn set_windows(app: &App, actor: &Actor, user: Id, windows: Vec<WindowRow>) -> Result<()> {
    check(&windows)?;
    let actor = actor.clone();
    app.db
        .write(actor.tenant_id(), async move |tx: Tx| {
            set_windows_in(&tx, &actor, user, windows).await
        })
        .await
}

pub(crate) async fn set_windows_in(tx: &Tx, actor: &Actor, user: Id, windows: Vec<WindowRow>) -> Result<()> {
    let found = find_in(tx, user).await?;
    may_manage(tx, actor, &found.role).await?;
    let tenant = tx.tenant();
    let key = || vec![tenant.0.into(), user.into()];
    let before = windows_in(tx, user).await?;
    tx.run(
        "DELETE FROM working_window WHERE tenant_id = $1 AND user_id = $2",
        key(),
    )
    .await?;
    let rows = windows
        .iter()
        .map(|w| {
            vec![
                tenant.0.into(),
                user.into(),
                w.weekday.into(),
                w.starts.into(),
                w.ends.into(),
            ]
        })
        .collect();
    platform::db::insert(
        tx,
        "working_window",
        "tenant_id, user_id, weekday, starts, ends",
        rows,
        "",
    )
    .await?;
    let sql = "UPDATE app_user SET hours_set = TRUE, version = version + 1 WHERE tenant_id = $1 AND id = $2";
    tx.run(sql, key()).await?;
    audit::record(
        tx,
        actor,
        "user.hours_changed",
        "user",
        user,
        json!({"windows": {"from": before, "to": windows}}),
    )
    .await?;
    let uniq = format!("waiting/hours/{user}/{}", found.version + 1);
    enqueue(tx, NewJob::new("distribution.waiting", uniq, vec![])).await
}

#[derive(FromQueryResult)]
struct Person {
    id: Id,
    active: bool,
    hours_set: bool,
    absent_from: Option<DateTime<Utc>>,
    absent_to: Option<DateTime<Utc>>,
}

#[derive(FromQueryResult)]
struct Owned {
    user_id: Id,
    weekday: i16,
    starts: i16,
    ends: i16,
}

#[derive(FromQueryResult)]
struct Holiday {
    day: String,
}

fn check(windows: &[WindowRow]) -> Result<()> {
    if windows.len() > 70 {
        return Err(Error::field("windows", "too_many").with("max", 70));
    }
    for (at, window) in windows.iter().enumerate() {
        let good = (0..7).contains(&window.weekday)
            && (0..1440).contains(&window.starts)
            && (0..=1440).contains(&window.ends)
            && window.starts != window.ends;
        let overlaps = windows[..at].iter().any(|other| {
            other.weekday == window.weekday
                && window.ends > window.starts
                && other.ends > other.starts
                && window.starts < other.ends
                && other.starts < window.ends
        });
        if !good || overlaps {
            return Err(Error::field(format!("windows.{at}"), "bad_window"));
        }
    }
    Ok(())
}

/// 1440 is the midnight that ends the day: an overnight end at 00:00.
fn time(minutes: i16) -> NaiveTime {
    let minutes = u32::from(minutes.unsigned_abs()) % 1440;
    NaiveTime::from_hms_opt(minutes / 60, minutes % 60, 0).unwrap_or(NaiveTime::MIN)
}

fn day_mut(windows: &mut Windows, weekday: i16) -> &mut Vec<Window> {
    match weekday {
        0 => &mut windows.mon,
        1 => &mut windows.tue,
        2 => &mut windows.wed,
        3 => &mut windows.thu,
        4 => &mut windows.fri,
        5 => &mut windows.sat,
        _ => &mut windows.sun,
    }
}
