//! Follow-ups keep out of a leave: those that fall into an approved one go to the owner's next working moment, and
//! come back when it ends early. The first few at once, the rest by a job; a repeat finds nothing left to do.

use chrono::{DateTime, Utc};
use platform::jobs::{Job, NewJob, enqueue, finish_in};
use platform::{Actor, Error, Id, Result, Tx};

use super::row::{Leave, find_in};
use crate::follow_ups::{self, Around};
use crate::ports::Desk;

pub const FOLLOW_UPS: &str = "leave.follow_ups";

/// Settles what one transaction may; a job does the rest.
pub(super) async fn begin(tx: &Tx, actor: &Actor, id: Id) -> Result<()> {
    let leave = find_in(tx, actor, id).await?;
    if some(tx, actor, &leave, None).await?.is_some() {
        let uniq = format!("{FOLLOW_UPS}/{id}/{}", tx.now().timestamp_micros());
        enqueue(tx, NewJob::new(FOLLOW_UPS, uniq, vec![id])).await?;
    }
    Ok(())
}

/// Settles the follow-ups of the leaves a job names.
pub async fn follow_ups(desk: &Desk, job: &Job) -> Result<()> {
    let actor = Actor::system(desk.app.tenants.by_id(job.tenant).await?);
    for id in job.ids.clone() {
        let mut after = None;
        loop {
            let actor = actor.clone();
            let step = desk.app.db.write(job.tenant, async move |tx: Tx| {
                let leave = match find_in(&tx, &actor, id).await {
                    Ok(leave) => leave,
                    Err(Error::NotFound) => return Ok(None),
                    Err(error) => return Err(error),
                };
                some(&tx, &actor, &leave, after).await
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

/// A part of them; answers the last one looked at where there may be more.
async fn some(
    tx: &Tx,
    actor: &Actor,
    leave: &Leave,
    after: Option<(DateTime<Utc>, Id)>,
) -> Result<Option<(DateTime<Utc>, Id)>> {
    let schedules = crate::staff::schedules(tx, actor).await?;
    let Some(schedule) = schedules.get(&leave.user_id) else {
        return Ok(None);
    };
    let around = Around {
        owner: leave.user_id,
        leave: Some(leave.id),
        from: leave.starts_at,
        to: leave.ends_at,
        why: "leave",
    };
    if leave.state != "approved" || leave.ended_at.is_some() {
        return follow_ups::bring_back_in(tx, actor, &around, schedule, after).await;
    }
    follow_ups::move_out_in(tx, actor, &around, schedule, after).await
}
