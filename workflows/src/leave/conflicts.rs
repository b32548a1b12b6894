//! What stands beside a request: the person's other leave at that time, colleagues away then, follow-ups that would
//! move. Shown to who decides, never a reason to refuse by itself.

use calendar::Interval;
use chrono::{DateTime, TimeDelta, Utc};
use platform::{Actor, App, Id, Permit, Result, Tx};
use sea_orm::FromQueryResult;
use serde::Serialize;

use super::off::Off;
use super::row::{COLUMNS, Leave, find_in};

#[derive(Debug, Clone, Serialize)]
pub struct Conflicts {
    /// Other requests of the same person, asked for or approved.
    pub own: Vec<Beside>,
    /// Colleagues away at that time, or asking for it.
    pub colleagues: Vec<Beside>,
    /// Open follow-ups due in it.
    pub follow_ups: i64,
}

#[derive(Debug, Clone, Serialize)]
pub struct Beside {
    /// None where a manager marked the person absent.
    pub leave_id: Option<Id>,
    pub user_id: Id,
    pub name: String,
    /// pending, approved, or absent.
    pub state: String,
    pub starts_at: DateTime<Utc>,
    /// None until further notice.
    pub ends_at: Option<DateTime<Utc>>,
}

pub async fn conflicts(app: &App, actor: &Actor, id: Id) -> Result<Conflicts> {
    let actor = actor.clone();
    app.db
        .read(actor.tenant_id(), async move |tx: Tx| {
            let leave = find_in(&tx, &actor, id).await?;
            conflicts_in(&tx, &actor, &leave).await
        })
        .await
}

async fn conflicts_in(tx: &Tx, actor: &Actor, leave: &Leave) -> Result<Conflicts> {
    #[derive(FromQueryResult)]
    struct Absent {
        id: Id,
        first_name: String,
        last_name: String,
        absent_from: DateTime<Utc>,
        absent_to: Option<DateTime<Utc>>,
    }
    let zone = actor.tenant.time_zone;
    let span = || {
        vec![
            tx.tenant().0.into(),
            leave.starts_at.into(),
            leave.ends_at.into(),
            leave.id.into(),
        ]
    };
    let sql = format!(
        "SELECT {COLUMNS} WHERE l.tenant_id = $1 AND l.state IN ('pending', 'approved') AND l.ends_at > $2 \
         AND l.starts_at < $3 AND l.id <> $4 AND u.active ORDER BY l.starts_at, l.id LIMIT 100"
    );
    let beside: Vec<Leave> = tx.all(&sql, span()).await?;
    let hours = leave.off().intervals(zone);
    let meets = |other: &Off| {
        let other = other.intervals(zone);
        hours
            .iter()
            .any(|a| other.iter().any(|b| a.from < b.to && b.from < a.to))
    };
    let decides = actor.can(Permit::LeaveDecide);
    let (own, others): (Vec<Leave>, Vec<Leave>) = beside
        .into_iter()
        .filter(|other| meets(&other.off()))
        .partition(|other| other.user_id == leave.user_id);
    // What colleagues ask for is between them and who decides.
    let mut colleagues: Vec<Beside> = others
        .into_iter()
        .filter(|other| decides || other.state == "approved")
        .map(|other| beside_of(other, decides))
        .collect();
    let sql = "SELECT id, first_name, last_name, absent_from, absent_to FROM app_user WHERE tenant_id = $1 AND active \
               AND id <> $4 AND absent_from < $3 AND (absent_to IS NULL OR absent_to > $2) ORDER BY name_key LIMIT 100";
    let values = vec![
        tx.tenant().0.into(),
        leave.starts_at.into(),
        leave.ends_at.into(),
        leave.user_id.into(),
    ];
    let absent: Vec<Absent> = tx.all(sql, values).await?;
    colleagues.extend(absent.into_iter().map(|person| Beside {
        leave_id: None,
        user_id: person.id,
        name: format!("{} {}", person.first_name, person.last_name).trim().to_owned(),
        state: "absent".into(),
        starts_at: person.absent_from,
        ends_at: person.absent_to,
    }));
    Ok(Conflicts {
        own: own.into_iter().map(|other| beside_of(other, true)).collect(),
        colleagues,
        follow_ups: due_in(tx, leave, &hours).await?,
    })
}

fn beside_of(other: Leave, named: bool) -> Beside {
    Beside {
        leave_id: named.then_some(other.id),
        user_id: other.user_id,
        name: other.name(),
        state: other.state,
        starts_at: other.starts_at,
        ends_at: Some(other.ends_at),
    }
}

async fn due_in(tx: &Tx, leave: &Leave, hours: &[Interval]) -> Result<i64> {
    #[derive(FromQueryResult)]
    struct Row {
        due_at: DateTime<Utc>,
    }
    let sql = "SELECT due_at FROM follow_up WHERE tenant_id = $1 AND owner_id = $2 AND state = 'open' \
               AND due_at >= $3 AND due_at < $4 ORDER BY due_at LIMIT 5000";
    let from = leave.starts_at.max(tx.now() - TimeDelta::days(366));
    let values = vec![
        tx.tenant().0.into(),
        leave.user_id.into(),
        from.into(),
        leave.ends_at.into(),
    ];
    let rows: Vec<Row> = tx.all(sql, values).await?;
    let inside = rows
        .iter()
        .filter(|row| hours.iter().any(|off| off.contains(row.due_at)));
    Ok(inside.count().try_into().unwrap_or(i64::MAX))
}
