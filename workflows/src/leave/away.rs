//! Who is away when, between two days: approved leave, absence, holidays, and what is asked for where one decides.

use calendar::days_off;
use chrono::{DateTime, NaiveDate, Utc};
use platform::{Actor, App, Error, Id, Permit, Result, Tx};
use sea_orm::FromQueryResult;
use serde::Serialize;

use super::holidays::{Holiday, between};
use super::row::{COLUMNS, Leave};

/// A page of days; more than a year is nobody's view.
const MOST_DAYS: i64 = 370;

#[derive(Debug, Serialize)]
pub struct Calendar {
    pub away: Vec<Away>,
    pub holidays: Vec<Holiday>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Away {
    pub leave_id: Option<Id>,
    pub user_id: Id,
    pub name: String,
    /// illness, personal, vacation, other; only for who may know.
    pub kind: Option<String>,
    /// pending, approved, or absent.
    pub state: String,
    pub first_day: NaiveDate,
    pub last_day: NaiveDate,
    pub from_minute: Option<i16>,
    pub to_minute: Option<i16>,
}

pub async fn calendar(app: &App, actor: &Actor, first: NaiveDate, last: NaiveDate) -> Result<Calendar> {
    actor.may(Permit::LeaveOwn)?;
    if last < first || (last - first).num_days() > MOST_DAYS {
        return Err(Error::field("to", "out_of_range").with("min", 0).with("max", MOST_DAYS));
    }
    let actor = actor.clone();
    app.db
        .read(actor.tenant_id(), async move |tx: Tx| {
            let mut away = leaves(&tx, &actor, first, last).await?;
            away.extend(absences(&tx, &actor, first, last).await?);
            away.sort_by(|a, b| (a.first_day, &a.name).cmp(&(b.first_day, &b.name)));
            Ok(Calendar {
                away,
                holidays: between(&tx, first, last).await?,
            })
        })
        .await
}

async fn leaves(tx: &Tx, actor: &Actor, first: NaiveDate, last: NaiveDate) -> Result<Vec<Away>> {
    let span = days_off(actor.tenant.time_zone, first, last);
    let sql = format!(
        "SELECT {COLUMNS} WHERE l.tenant_id = $1 AND l.state IN ('pending', 'approved') AND l.ends_at > $2 \
         AND l.starts_at < $3 AND u.active ORDER BY l.starts_at, l.id LIMIT 2000"
    );
    let found: Vec<Leave> = tx
        .all(&sql, vec![tx.tenant().0.into(), span.from.into(), span.to.into()])
        .await?;
    let decides = actor.can(Permit::LeaveDecide);
    Ok(found
        .into_iter()
        .filter_map(|leave| {
            let mine = decides || actor.user == Some(leave.user_id);
            let (first_day, mut last_day) = leave.days(actor);
            if leave.ended_at.is_some() {
                last_day = last_day.min(actor.tenant.local_date(leave.ends_at));
            }
            (mine || leave.state == "approved").then(|| Away {
                leave_id: mine.then_some(leave.id),
                user_id: leave.user_id,
                name: leave.name(),
                kind: mine.then(|| leave.kind.clone()),
                state: leave.state.clone(),
                first_day,
                last_day,
                from_minute: leave.from_minute,
                to_minute: leave.to_minute,
            })
        })
        .collect())
}

async fn absences(tx: &Tx, actor: &Actor, first: NaiveDate, last: NaiveDate) -> Result<Vec<Away>> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Id,
        first_name: String,
        last_name: String,
        absent_from: DateTime<Utc>,
        absent_to: Option<DateTime<Utc>>,
    }
    let span = days_off(actor.tenant.time_zone, first, last);
    let sql = "SELECT id, first_name, last_name, absent_from, absent_to FROM app_user WHERE tenant_id = $1 AND active \
               AND absent_from < $3 AND (absent_to IS NULL OR absent_to > $2) ORDER BY name_key LIMIT 1000";
    let rows: Vec<Row> = tx
        .all(sql, vec![tx.tenant().0.into(), span.from.into(), span.to.into()])
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| Away {
            leave_id: None,
            user_id: row.id,
            name: format!("{} {}", row.first_name, row.last_name).trim().to_owned(),
            kind: None,
            state: "absent".into(),
            first_day: actor.tenant.local_date(row.absent_from),
            last_day: row.absent_to.map_or(last, |to| {
                actor.tenant.local_date(to - chrono::TimeDelta::microseconds(1))
            }),
            from_minute: None,
            to_minute: None,
        })
        .collect())
}
