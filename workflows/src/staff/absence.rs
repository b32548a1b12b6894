//! Absence: a manager marks a rep away, now or for an interval. Effective only inside it; where it has an end, what
//! falls due in it moves to the next working moment.

use chrono::{DateTime, Utc};
use platform::jobs::{Job, NewJob, enqueue, finish_in};
use platform::{Actor, App, Error, Id, Result, Tx, audit};
use serde_json::json;

use super::role::may_manage;
use super::schedule::schedules;
use super::user::find_in;
use crate::follow_ups::{self, Around};
use crate::ports::Desk;

pub const FOLLOW_UPS: &str = "staff.absence_follow_ups";

/// Sets or clears (`from` absent) a rep's absence; without an end it lasts until cleared.
pub async fn set_absence(
    app: &App,
    actor: &Actor,
    user: Id,
    from: Option<DateTime<Utc>>,
    to: Option<DateTime<Utc>>,
) -> Result<()> {
    if let (Some(from), Some(to)) = (from, to)
        && to <= from
    {
        return Err(Error::field("to", "ends_before_it_starts"));
    }
    let actor = actor.clone();
    app.db
        .write(actor.tenant_id(), async move |tx: Tx| {
            let found = find_in(&tx, user).await?;
            may_manage(&tx, &actor, &found.role).await?;
            let sql = "UPDATE app_user SET absent_from = $3, absent_to = $4, version = version + 1 \
                       WHERE tenant_id = $1 AND id = $2";
            let to = from.and(to);
            tx.run(sql, vec![tx.tenant().0.into(), user.into(), from.into(), to.into()])
                .await?;
            audit::record(
                &tx,
                &actor,
                "user.absence_set",
                "user",
                user,
                json!({"absent_from": {"from": found.absent_from, "to": from}, "absent_to": {"from": found.absent_to, "to": to}}),
            )
            .await?;
            if step_around(&tx, &actor, user, None).await?.is_some() {
                let uniq = format!("{FOLLOW_UPS}/{user}/{}", found.version + 1);
                enqueue(&tx, NewJob::new(FOLLOW_UPS, uniq, vec![user])).await?;
            }
            let uniq = format!("waiting/absence/{user}/{}", found.version + 1);
            enqueue(&tx, NewJob::new("distribution.waiting", uniq, vec![])).await
        })
        .await
}

/// What one transaction could not move.
pub async fn absence_follow_ups(desk: &Desk, job: &Job) -> Result<()> {
    let actor = Actor::system(desk.app.tenants.by_id(job.tenant).await?);
    for user in job.ids.clone() {
        let mut after = None;
        loop {
            let actor = actor.clone();
            let step = desk.app.db.write(job.tenant, async move |tx: Tx| {
                step_around(&tx, &actor, user, after).await
            });
            match step.await? {
                Some(last) => after = Some(last),
                None => break,
            }
        }
    }
    let job = job.clone();
    desk.app
        .db
        .write(job.tenant, async move |tx: Tx| finish_in(&tx, &job).await)
        .await
}

type Place = (DateTime<Utc>, Id);

/// Nobody knows where to put what falls into an absence without an end: it stays.
async fn step_around(tx: &Tx, actor: &Actor, user: Id, after: Option<Place>) -> Result<Option<Place>> {
    let person = find_in(tx, user).await?;
    let (Some(from), Some(to)) = (person.absent_from, person.absent_to) else {
        return Ok(None);
    };
    let schedules = schedules(tx, actor).await?;
    let Some(schedule) = schedules.get(&user).filter(|_| to > tx.now()) else {
        return Ok(None);
    };
    let around = Around {
        owner: user,
        leave: None,
        from,
        to,
        why: "absence",
    };
    follow_ups::move_out_in(tx, actor, &around, schedule, after).await
}
