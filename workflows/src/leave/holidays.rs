//! Days the whole centre is closed. What falls due on one moves to the owner's next working moment.

use crate::typed;
use chrono::{Days, NaiveDate};
use platform::jobs::{NewJob, enqueue};
use platform::{Actor, App, Error, Permit, Result, Tx, audit};
use sea_orm::FromQueryResult;
use serde::Serialize;
use serde_json::json;

use super::closed_day::settle_later;

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Holiday {
    pub day: NaiveDate,
    pub name: String,
}

/// Holidays from a day on; at most 400.
pub async fn holidays(app: &App, actor: &Actor, from: NaiveDate) -> Result<Vec<Holiday>> {
    actor.may(Permit::LeaveOwn)?;
    app.db
        .glance(actor.tenant_id(), async move |tx: Tx| {
            between(&tx, from, NaiveDate::MAX).await
        })
        .await
}

/// Closes the centre on a day; the same day again takes the new name.
pub async fn add_holiday(app: &App, actor: &Actor, day: NaiveDate, name: &str) -> Result<()> {
    actor.may(Permit::Settings)?;
    let name = typed::line("name", name, 100)?;
    let today = actor.tenant.local_date(app.clock.now());
    if name.is_empty() {
        return Err(Error::field("name", "required"));
    }
    if day < today {
        return Err(Error::field("day", "in_the_past"));
    }
    if day > today + Days::new(3 * 366) {
        return Err(Error::field("day", "too_far"));
    }
    let actor = actor.clone();
    app.db
        .write(actor.tenant_id(), async move |tx: Tx| {
            let sql = "INSERT INTO holiday (tenant_id, day, name) VALUES ($1, $2, $3) \
                       ON CONFLICT (tenant_id, day) DO UPDATE SET name = excluded.name";
            let key = day.to_string();
            tx.run(
                sql,
                vec![tx.tenant().0.into(), key.as_str().into(), name.as_str().into()],
            )
            .await?;
            let changes = json!({"day": key, "name": name});
            audit::record(&tx, &actor, "holiday.added", "holiday", tx.tenant().0, changes).await?;
            settle_later(&tx, day).await
        })
        .await
}

pub async fn remove_holiday(app: &App, actor: &Actor, day: NaiveDate) -> Result<()> {
    actor.may(Permit::Settings)?;
    let actor = actor.clone();
    app.db
        .write(actor.tenant_id(), async move |tx: Tx| {
            let (tenant, key) = (tx.tenant(), day.to_string());
            let sql = "DELETE FROM holiday WHERE tenant_id = $1 AND day = $2";
            if tx.run(sql, vec![tenant.0.into(), key.as_str().into()]).await? == 0 {
                return Err(Error::NotFound);
            }
            audit::record(&tx, &actor, "holiday.removed", "holiday", tenant.0, json!({"day": key})).await?;
            settle_later(&tx, day).await?;
            let uniq = format!("waiting/holiday/{key}/{}", tx.now().timestamp_micros());
            enqueue(&tx, NewJob::new("distribution.waiting", uniq, vec![])).await
        })
        .await
}

pub(super) async fn between(tx: &Tx, first: NaiveDate, last: NaiveDate) -> Result<Vec<Holiday>> {
    #[derive(FromQueryResult)]
    struct Row {
        day: String,
        name: String,
    }
    // Days are kept as ISO text, which sorts as days do up to the year 9999.
    let last = last.min(NaiveDate::from_ymd_opt(9999, 12, 31).unwrap_or(last));
    let sql = "SELECT day, name FROM holiday WHERE tenant_id = $1 AND day >= $2 AND day <= $3 ORDER BY day LIMIT 400";
    let values = vec![tx.tenant().0.into(), first.to_string().into(), last.to_string().into()];
    let rows: Vec<Row> = tx.all(sql, values).await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            Some(Holiday {
                day: row.day.parse().ok()?,
                name: row.name,
            })
        })
        .collect())
}
