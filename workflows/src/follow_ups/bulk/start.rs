//! A change of many begins: checked once for what is wrong with it whatever the follow-up, stored with those it means,
//! and made at once where they are few.

use platform::db::insert;
use platform::idempotency::Key;
use platform::ids::new_id;
use platform::jobs::{NewJob, enqueue};
use platform::{Actor, App, Error, Id, Permit, Result, Tx, audit};
use sea_orm::Value;
use serde_json::json;

use super::preview::{Target, count_in, targets_in};
use super::run::work_in;
use super::{AT_ONCE, Change, Chosen, MOST_CHOSEN, MOST_HOURS};
use crate::follow_ups::Outcome;
use crate::typed;

/// Changes many follow-ups; the answer names the change, to be watched and taken back.
pub async fn change_many(app: &App, actor: &Actor, change: Change, chosen: Chosen, key: Option<Key>) -> Result<Id> {
    may(actor, &change)?;
    let author = actor.clone();
    app.once(actor, key, async move |tx: Tx| {
        start_in(&tx, &author, change, chosen).await
    })
    .await
}

pub(super) fn may(actor: &Actor, change: &Change) -> Result<()> {
    actor.may(Permit::FollowUpsBulk)?;
    match change {
        Change::Delete => actor.may(Permit::FollowUpsDelete),
        Change::Reassign { with_leads: true, .. } => actor.may(Permit::LeadsAssign),
        _ => Ok(()),
    }
}

async fn start_in(tx: &Tx, actor: &Actor, change: Change, chosen: Chosen) -> Result<Id> {
    let change = checked(tx, change).await?;
    let now = tx.now();
    let (state, total, targets) = match &chosen {
        Chosen::These(_) => {
            let targets = targets_in(tx, actor, &chosen, now, None, MOST_CHOSEN).await?;
            ("running", targets.len(), targets)
        }
        Chosen::Matching(_) => {
            let count = count_in(tx, actor, &chosen, now).await?;
            ("gathering", count.unsigned_abs() as usize, Vec::new())
        }
    };
    if total == 0 {
        return Err(Error::NotFound);
    }
    let id = new_id();
    let row = vec![
        tx.tenant().0.into(),
        id.into(),
        actor.user.into(),
        json!(change).into(),
        json!(chosen).into(),
        state.into(),
        (total as i64).into(),
        0i64.into(),
        0i64.into(),
        0i64.into(),
        0i64.into(),
        0i64.into(),
        now.into(),
    ];
    let columns =
        "tenant_id, id, author_id, action, selection, state, total, done, same, failed, undone, kept, created_at";
    insert(tx, "follow_up_bulk", columns, vec![row], "").await?;
    let changes = json!({"change": change.name(), "follow_ups": total});
    audit::record(tx, actor, "follow_ups.bulk_changed", "follow_up_bulk", id, changes).await?;
    if state == "running" {
        meant_in(tx, id, &targets).await?;
        if total <= AT_ONCE {
            work_in(tx, actor, id).await?;
            return Ok(id);
        }
    }
    enqueue(tx, NewJob::new("follow_ups.bulk", format!("follow_ups/{id}"), vec![id])).await?;
    Ok(id)
}

/// Writes down which follow-ups are meant.
pub(super) async fn meant_in(tx: &Tx, bulk: Id, targets: &[Target]) -> Result<()> {
    let rows = targets.iter().map(|target| {
        let values: Vec<Value> = vec![
            tx.tenant().0.into(),
            bulk.into(),
            target.id.into(),
            target.lead_id.into(),
            target.owner_id.into(),
            target.due_at.into(),
            "waiting".into(),
        ];
        values
    });
    let columns = "tenant_id, bulk_id, follow_up_id, lead_id, owner_id, due_at, state";
    insert(tx, "follow_up_bulk_item", columns, rows.collect(), "")
        .await
        .map(|_| ())
}

/// What would be wrong with every follow-up is said before any is touched.
pub(super) async fn checked(tx: &Tx, change: Change) -> Result<Change> {
    match change {
        Change::Reschedule { hours } => {
            if !(0..=MOST_HOURS).contains(&hours) {
                let error = Error::field("hours", "out_of_range").with("min", 0);
                return Err(error.with("max", MOST_HOURS));
            }
            Ok(change)
        }
        Change::Reassign { owner, .. } => {
            let user = crate::staff::find_in(tx, owner).await;
            let user = user.map_err(|_| Error::field("owner_id", "unknown_user"))?;
            if !user.active {
                return Err(Error::field("owner_id", "user_inactive"));
            }
            Ok(change)
        }
        Change::Complete { outcome, note } => {
            Outcome::parse(&outcome)?;
            let note = typed::text("note", &note, 5_000)?;
            Ok(Change::Complete { outcome, note })
        }
        Change::Delete => Ok(change),
    }
}
