//! What falls due on a day the centre closes moves to its owner's next working moment, and comes back when the day is
//! opened again. A job does it; its name is the day.

use calendar::days_off;
use chrono::NaiveDate;
use platform::jobs::{Job, NewJob, enqueue, finish_in, hold_in};
use platform::{Actor, Id, Result, Tx};
use sea_orm::FromQueryResult;

use super::holidays::between;
use crate::follow_ups::{self, Around};
use crate::ports::Desk;

pub const CLOSED_DAY: &str = "leave.closed_day";

pub(super) async fn settle_later(tx: &Tx, day: NaiveDate) -> Result<()> {
    let uniq = format!("closed/{day}/{}", tx.now().timestamp_micros());
    enqueue(tx, NewJob::new(CLOSED_DAY, uniq, vec![])).await
}

/// Settles the follow-ups of the day a job is named after, one person a step.
pub async fn closed_day(desk: &Desk, job: &Job) -> Result<()> {
    let actor = Actor::system(desk.app.tenants.by_id(job.tenant).await?);
    let day: Option<NaiveDate> = job.uniq.split('/').nth(1).and_then(|day| day.parse().ok());
    if let Some(day) = day {
        let (author, tenant) = (actor.clone(), job.tenant);
        let people = desk
            .app
            .db
            .read(tenant, async move |tx: Tx| people(&tx, &author, day).await);
        for person in people.await? {
            let mut after = None;
            loop {
                let (author, job) = (actor.clone(), job.clone());
                let step = desk.app.db.write(tenant, async move |tx: Tx| {
                    hold_in(&tx, &job).await?;
                    some(&tx, &author, person, day, after).await
                });
                match step.await? {
                    Some(last) => after = Some(last),
                    None => break,
                }
            }
        }
    }
    let job = job.clone();
    desk.app
        .db
        .write(job.tenant, async move |tx: Tx| finish_in(&tx, &job).await)
        .await
}

/// Whoever has something open on the day, or that left it.
async fn people(tx: &Tx, actor: &Actor, day: NaiveDate) -> Result<Vec<Id>> {
    #[derive(FromQueryResult)]
    struct Row {
        owner_id: Id,
    }
    let span = days_off(actor.tenant.time_zone, day, day);
    let sql = "SELECT DISTINCT owner_id FROM follow_up WHERE tenant_id = $1 AND state = 'open' \
               AND ((due_at >= $2 AND due_at < $3) OR (left_from >= $2 AND left_from < $3)) LIMIT 2000";
    let values = vec![tx.tenant().0.into(), span.from.into(), span.to.into()];
    let rows: Vec<Row> = tx.all(sql, values).await?;
    Ok(rows.into_iter().map(|row| row.owner_id).collect())
}

type Place = (chrono::DateTime<chrono::Utc>, Id);

async fn some(tx: &Tx, actor: &Actor, person: Id, day: NaiveDate, after: Option<Place>) -> Result<Option<Place>> {
    let schedules = crate::staff::schedules(tx, actor).await?;
    let Some(schedule) = schedules.get(&person) else {
        return Ok(None);
    };
    let span = days_off(actor.tenant.time_zone, day, day);
    let around = Around {
        owner: person,
        leave: None,
        from: span.from,
        to: span.to,
        why: "holiday",
    };
    if between(tx, day, day).await?.is_empty() {
        return follow_ups::bring_back_in(tx, actor, &around, schedule, after).await;
    }
    follow_ups::move_out_in(tx, actor, &around, schedule, after).await
}
