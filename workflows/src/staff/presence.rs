//! Who is at work right now, until when, and who the bot can reach: what lists of people show beside a name.

use std::collections::HashMap;

use calendar::{Schedule, Window};
use chrono::{DateTime, Timelike, Utc, Weekday};
use platform::{Actor, App, Id, Permit, Result, Tx};
use sea_orm::FromQueryResult;

use super::schedule::schedules;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Presence {
    pub working: bool,
    /// When that changes, if it does within the calendar's sight.
    pub changes_at: Option<DateTime<Utc>>,
    pub week_minutes: i64,
    /// A chat of the bot is linked and open.
    pub linked: bool,
}

/// Everybody's presence, for those who may read staff.
pub async fn presence(app: &App, actor: &Actor) -> Result<HashMap<Id, Presence>> {
    #[derive(FromQueryResult)]
    struct Row {
        user_id: Id,
    }
    actor.may(Permit::StaffRead)?;
    let actor = actor.clone();
    app.db
        .read(actor.tenant_id(), async move |tx: Tx| {
            let now = tx.now();
            let mut found: HashMap<Id, Presence> = schedules(&tx, &actor)
                .await?
                .into_iter()
                .map(|(id, schedule)| (id, of(&schedule, now)))
                .collect();
            let sql = "SELECT user_id FROM bot_link WHERE tenant_id = $1 AND state = 'active'";
            let rows: Vec<Row> = tx.all(sql, vec![tx.tenant().0.into()]).await?;
            for row in rows {
                found.entry(row.user_id).or_default().linked = true;
            }
            Ok(found)
        })
        .await
}

/// Whether the actor is in working time now.
pub async fn is_working(app: &App, actor: &Actor) -> Result<bool> {
    let actor = actor.clone();
    app.db
        .read(actor.tenant_id(), async move |tx: Tx| {
            let schedules = schedules(&tx, &actor).await?;
            let own = actor.user.and_then(|id| schedules.get(&id));
            Ok(own.is_some_and(|schedule| schedule.is_working(tx.now())))
        })
        .await
}

fn of(schedule: &Schedule, now: DateTime<Utc>) -> Presence {
    Presence {
        working: schedule.is_working(now),
        changes_at: schedule.next_change(now),
        week_minutes: schedule.windows.as_ref().map_or(0, |windows| {
            (0..7u8)
                .filter_map(|day| Weekday::try_from(day).ok())
                .flat_map(|day| windows.day(day))
                .map(minutes)
                .sum()
        }),
        linked: false,
    }
}

fn minutes(window: &Window) -> i64 {
    let of = |time: chrono::NaiveTime| i64::from(time.num_seconds_from_midnight()) / 60;
    let length = of(window.to) - of(window.from);
    if length <= 0 { length + 24 * 60 } else { length }
}
