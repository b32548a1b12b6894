//! A rep's day in numbers, in one query for the whole team. Every number is a list somebody can open.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use platform::{Actor, App, Id, Permit, Result, Tx};
use sea_orm::{FromQueryResult, Value};
use serde::Serialize;

/// Conversion looks at the leads received in so many days.
const COHORT: TimeDelta = TimeDelta::days(30);

#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Day {
    /// Leads owned, whatever their status.
    pub leads: i64,
    /// Leads created since local midnight.
    pub new_today: i64,
    /// Open follow-ups due by the end of the local day, overdue ones included.
    pub today: i64,
    pub overdue: i64,
    /// Follow-ups completed since local midnight.
    pub done_today: i64,
    /// Leads received in the last thirty days, and how many of those are won.
    pub received: i64,
    pub won: i64,
}

impl Day {
    /// Won of the received, in per cent; `None` with nothing received.
    pub fn conversion(&self) -> Option<f64> {
        (self.received > 0).then(|| self.won as f64 * 100.0 / self.received as f64)
    }
}

/// The actor's own numbers, or those of somebody whose numbers the actor may see.
pub async fn of_user(app: &App, actor: &Actor, user: Id) -> Result<Day> {
    if actor.user != Some(user) {
        actor.may(Permit::TeamNumbers)?;
    }
    Ok(days(app, actor, Some(user)).await?.remove(&user).unwrap_or_default())
}

/// Everybody who has a number.
pub async fn of_team(app: &App, actor: &Actor) -> Result<BTreeMap<Id, Day>> {
    actor.may(Permit::TeamNumbers)?;
    days(app, actor, None).await
}

async fn days(app: &App, actor: &Actor, user: Option<Id>) -> Result<BTreeMap<Id, Day>> {
    let now = app.clock.now();
    let (from, to) = actor.tenant.today(now);
    let tenant = actor.tenant_id();
    app.db
        .read(tenant, async move |tx: Tx| {
            let mut days = BTreeMap::<Id, Day>::new();
            let mut values: Vec<Value> = vec![tenant.0.into(), from.into(), (now - COHORT).into()];
            let leads: Vec<Leads> = tx
                .all(
                    &format!(
                        "SELECT l.owner_id, COUNT(*) AS leads, SUM(CASE WHEN l.created_at >= $2 THEN 1 ELSE 0 END) \
                         AS new_today, SUM(CASE WHEN l.created_at >= $3 THEN 1 ELSE 0 END) AS received, \
                         SUM(CASE WHEN l.created_at >= $3 AND s.kind = 'won' THEN 1 ELSE 0 END) AS won \
                         FROM lead AS l JOIN status AS s ON s.tenant_id = l.tenant_id AND s.key = l.status \
                         WHERE l.tenant_id = $1 AND {} GROUP BY l.owner_id",
                        of(&mut values, "l.owner_id", user)
                    ),
                    values,
                )
                .await?;
            for row in leads {
                let day = days.entry(row.owner_id).or_default();
                (day.leads, day.new_today, day.received, day.won) = (row.leads, row.new_today, row.received, row.won);
            }
            let mut values: Vec<Value> = vec![tenant.0.into(), to.into(), now.into()];
            let open: Vec<Open> = tx
                .all(
                    &format!(
                        "SELECT f.owner_id, COUNT(*) AS today, SUM(CASE WHEN f.due_at < $3 THEN 1 ELSE 0 END) AS overdue \
                         FROM follow_up AS f WHERE f.tenant_id = $1 AND f.state = 'open' AND f.due_at < $2 AND {} \
                         GROUP BY f.owner_id",
                        of(&mut values, "f.owner_id", user)
                    ),
                    values,
                )
                .await?;
            for row in open {
                let day = days.entry(row.owner_id).or_default();
                (day.today, day.overdue) = (row.today, row.overdue);
            }
            let mut values: Vec<Value> = vec![tenant.0.into(), from.into()];
            let done: Vec<Done> = tx
                .all(
                    &format!(
                        "SELECT f.owner_id, COUNT(*) AS done FROM follow_up AS f WHERE f.tenant_id = $1 \
                         AND f.state = 'done' AND f.completed_at >= $2 AND {} GROUP BY f.owner_id",
                        of(&mut values, "f.owner_id", user)
                    ),
                    values,
                )
                .await?;
            for row in done {
                days.entry(row.owner_id).or_default().done_today = row.done;
            }
            Ok(days)
        })
        .await
}

/// The condition on the owner; leads without one are nobody's numbers.
fn of(values: &mut Vec<Value>, column: &str, user: Option<Id>) -> String {
    match user {
        Some(user) => {
            values.push(user.into());
            format!("{column} = ${}", values.len())
        }
        None => format!("{column} IS NOT NULL"),
    }
}

#[derive(FromQueryResult)]
struct Leads {
    owner_id: Id,
    leads: i64,
    new_today: i64,
    received: i64,
    won: i64,
}

#[derive(FromQueryResult)]
struct Open {
    owner_id: Id,
    today: i64,
    overdue: i64,
}

#[derive(FromQueryResult)]
struct Done {
    owner_id: Id,
    done: i64,
}
