//! The whole desk's numbers, for managers and admins, in a constant number of queries.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use platform::{Actor, App, Id, Permit, Result, Tx};
use sea_orm::{FromQueryResult, Value};
use serde::Serialize;

use crate::leads::registry_in;

#[derive(Debug, Serialize)]
pub struct Team {
    pub total: i64,
    pub new_today: i64,
    pub working_now: i64,
    pub overdue: i64,
    /// Leads without an owner.
    pub waiting: i64,
    pub statuses: HashMap<String, i64>,
    pub reps: Vec<Rep>,
}

#[derive(Debug, Serialize)]
pub struct Rep {
    pub id: Id,
    pub name: String,
    pub receives_leads: bool,
    pub leads: i64,
    pub open: i64,
    pub cap: Option<i32>,
    /// Open follow-ups due by the end of the local day.
    pub today: i64,
    pub overdue: i64,
    /// Of the leads created in the last 30 days, the share won; none without leads.
    pub conversion: Option<f64>,
    pub working: bool,
    /// When the working state changes next.
    pub until: Option<DateTime<Utc>>,
    pub away: Option<Away>,
    pub blocked_since: Option<DateTime<Utc>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Away {
    Leave,
    Absent,
}

pub async fn team(app: &App, actor: &Actor) -> Result<Team> {
    actor.may(Permit::TeamNumbers)?;
    let actor = actor.clone();
    app.db
        .read(actor.tenant_id(), async move |tx: Tx| count(&tx, &actor).await)
        .await
}

#[derive(FromQueryResult)]
struct ByOwner {
    owner_id: Option<Id>,
    status: String,
    count: i64,
}

/// Of the last days alone.
#[derive(FromQueryResult)]
struct Recent {
    owner_id: Option<Id>,
    status: String,
    count: i64,
    new_today: i64,
}

#[derive(FromQueryResult)]
struct Due {
    owner_id: Id,
    today: i64,
    overdue: i64,
}

async fn count(tx: &Tx, actor: &Actor) -> Result<Team> {
    let (tenant, now) = (tx.tenant(), tx.now());
    let (start, end) = actor.tenant.today(now);
    let registry = registry_in(tx).await?;
    let schedules = crate::staff::schedules(tx, actor).await?;
    let leads: Vec<ByOwner> = tx
        .all(
            "SELECT owner_id, status, COUNT(*) AS count FROM lead WHERE tenant_id = $1 AND deleted_at IS NULL \
             GROUP BY owner_id, status",
            vec![tenant.0.into()],
        )
        .await?;
    let recent: Vec<Recent> = tx
        .all(
            "SELECT owner_id, status, COUNT(*) AS count, COUNT(CASE WHEN created_at >= $2 THEN 1 END) AS new_today \
             FROM lead WHERE tenant_id = $1 AND deleted_at IS NULL AND created_at >= $3 GROUP BY owner_id, status",
            vec![tenant.0.into(), start.into(), (now - TimeDelta::days(30)).into()],
        )
        .await?;
    let due: Vec<Due> = tx
        .all(
            "SELECT owner_id, COUNT(*) AS today, COUNT(CASE WHEN due_at < $3 THEN 1 END) AS overdue \
             FROM follow_up WHERE tenant_id = $1 AND state = 'open' AND due_at < $2 GROUP BY owner_id",
            vec![tenant.0.into(), end.into(), Value::from(now)],
        )
        .await?;
    let due: HashMap<Id, Due> = due.into_iter().map(|row| (row.owner_id, row)).collect();
    let people = crate::staff::sellers(tx).await?;
    let open = registry.open_keys();
    let won: Vec<&str> = registry
        .statuses
        .iter()
        .filter(|s| s.kind == "won")
        .map(|s| s.key.as_str())
        .collect();
    let mut statuses: HashMap<String, i64> = HashMap::new();
    for row in &leads {
        *statuses.entry(row.status.clone()).or_default() += row.count;
    }
    let reps: Vec<Rep> = people
        .into_iter()
        .map(|person| {
            let own = || leads.iter().filter(|row| row.owner_id == Some(person.id));
            let lately = || recent.iter().filter(|row| row.owner_id == Some(person.id));
            let received: i64 = lately().map(|row| row.count).sum();
            let enrolled: i64 = lately()
                .filter(|row| won.contains(&row.status.as_str()))
                .map(|row| row.count)
                .sum();
            let schedule = schedules.get(&person.id);
            let absent = person.absent_at(now);
            let on_leave = schedule.is_some_and(|s| s.leaves.iter().any(|leave| leave.contains(now)));
            Rep {
                id: person.id,
                name: person.full_name(),
                receives_leads: person.receives_leads,
                leads: own().map(|row| row.count).sum(),
                open: own()
                    .filter(|row| open.contains(&row.status))
                    .map(|row| row.count)
                    .sum(),
                cap: person.lead_cap,
                today: due.get(&person.id).map_or(0, |d| d.today),
                overdue: due.get(&person.id).map_or(0, |d| d.overdue),
                conversion: (received > 0).then(|| enrolled as f64 / received as f64),
                working: schedule.is_none_or(|s| s.is_working(now)),
                until: schedule.and_then(|s| s.next_change(now)),
                away: if absent {
                    Some(Away::Absent)
                } else {
                    on_leave.then_some(Away::Leave)
                },
                blocked_since: person.blocked_since,
            }
        })
        .collect();
    Ok(Team {
        total: leads.iter().map(|row| row.count).sum(),
        new_today: recent.iter().map(|row| row.new_today).sum(),
        working_now: reps.iter().filter(|rep| rep.working && rep.receives_leads).count() as i64,
        overdue: due.values().map(|row| row.overdue).sum(),
        waiting: leads
            .iter()
            .filter(|row| row.owner_id.is_none())
            .map(|row| row.count)
            .sum(),
        statuses,
        reps,
    })
}
