//! Planning follow-ups. Identity is (event, hook, key): whatever is retried, one is never planned twice.

use crate::typed;
use chrono::{DateTime, Timelike, Utc};
use platform::db::insert;
use platform::events::{self, NewEvent};
use platform::ids::new_id;
use platform::jobs::{NewJob, enqueue_all};
use platform::live::Change;
use platform::{Actor, App, Error, Id, Result, Tx, audit};
use serde_json::json;

/// Nobody plans further; instants beyond what the engines store come to an end here too.
pub(super) const FURTHEST: chrono::TimeDelta = chrono::TimeDelta::days(5 * 366);

/// A follow-up a person plans by hand.
#[derive(Debug, Clone)]
pub struct NewFollowUp {
    pub lead: Id,
    pub due_at: DateTime<Utc>,
    pub text: String,
}

/// A follow-up a rule decided, with its due time resolved.
#[derive(Debug, Clone)]
pub struct Planned {
    pub lead: Id,
    pub owner: Id,
    pub due_at: DateTime<Utc>,
    pub flagged: bool,
    pub identity: String,
    pub key: String,
    pub sequence: i32,
    pub text: String,
    pub event: Option<Id>,
    pub decision: Option<Id>,
    pub by_hand: bool,
    pub author: Option<Id>,
}

/// Plans one by hand, at the very time asked for, for the lead's owner.
pub async fn schedule(app: &App, actor: &Actor, new: NewFollowUp) -> Result<Id> {
    let actor = actor.clone();
    app.db
        .write(actor.tenant_id(), async move |tx: Tx| {
            schedule_in(&tx, &actor, new).await
        })
        .await
}

pub async fn schedule_in(tx: &Tx, actor: &Actor, new: NewFollowUp) -> Result<Id> {
    let lead = crate::leads::find_in(tx, actor, new.lead).await?;
    let owner = lead.owner_id.ok_or(Error::refused("lead_has_no_owner"))?;
    if new.due_at <= tx.now() {
        return Err(Error::field("due_at", "in_the_past"));
    }
    if new.due_at > tx.now() + FURTHEST {
        return Err(Error::field("due_at", "too_far"));
    }
    let id = new_id();
    let planned = Planned {
        lead: lead.id,
        owner,
        due_at: platform::clock::cut(new.due_at),
        flagged: false,
        identity: format!("manual/{id}"),
        key: "manual".into(),
        sequence: 1,
        text: typed::text("text", &new.text, 500)?,
        event: None,
        decision: None,
        by_hand: true,
        author: actor.user,
    };
    let payload = json!({"due_at": planned.due_at, "text": planned.text});
    let told = json!({"due_at": planned.due_at});
    audit::record(tx, actor, "follow_up.planned", "lead", lead.id, told).await?;
    let stored = store_in(tx, vec![planned]).await?;
    let event = NewEvent {
        kind: "follow_up.planned",
        lead: Some(lead.id),
        owner: Some(owner),
        cause: None,
        payload,
    };
    events::record(tx, actor, event).await?;
    stored
        .first()
        .copied()
        .ok_or_else(|| Error::internal("no follow-up was stored"))
}

/// Stores planned follow-ups; those that exist already are left as they are. Returns the ids tried, in order.
pub async fn store_in(tx: &Tx, planned: Vec<Planned>) -> Result<Vec<Id>> {
    let tenant = tx.tenant();
    let mut ids = Vec::with_capacity(planned.len());
    let mut minutes: Vec<DateTime<Utc>> = Vec::new();
    let mut rows = Vec::with_capacity(planned.len());
    for item in planned {
        let id = new_id();
        ids.push(id);
        tx.tell_after_commit(Change {
            lead: item.lead,
            owners: vec![item.owner],
            by: item.author,
        });
        minutes.push(minute_of(item.due_at));
        rows.push(vec![
            tenant.0.into(),
            id.into(),
            item.lead.into(),
            item.owner.into(),
            item.due_at.into(),
            item.flagged.into(),
            "open".into(),
            if item.by_hand { "manual" } else { "auto" }.into(),
            item.identity.into(),
            item.key.into(),
            item.sequence.into(),
            item.text.into(),
            item.event.into(),
            item.decision.into(),
            "".into(),
            item.author.into(),
            1i64.into(),
            tx.now().into(),
        ]);
    }
    insert(
        tx,
        "follow_up",
        "tenant_id, id, lead_id, owner_id, due_at, flagged, state, kind, identity, key, sequence, text, event_id, \
         decision_id, note, created_by, version, created_at",
        rows,
        "ON CONFLICT (tenant_id, identity) DO NOTHING",
    )
    .await?;
    wake_at(tx, minutes).await?;
    Ok(ids)
}

/// Follow-ups that come back are reminded of like new ones.
pub(crate) async fn wake_in(tx: &Tx, due: Vec<DateTime<Utc>>) -> Result<()> {
    wake_at(tx, due.into_iter().map(|due| minute_of(due.max(tx.now()))).collect()).await
}

/// One job a minute in which something falls due: reminders need no polling.
pub(super) async fn wake_at(tx: &Tx, mut minutes: Vec<DateTime<Utc>>) -> Result<()> {
    minutes.sort_unstable();
    minutes.dedup();
    let jobs = minutes
        .into_iter()
        .map(|minute| NewJob::new("follow_ups.remind", format!("remind/{}", minute.timestamp()), vec![]).at(minute));
    enqueue_all(tx, jobs.collect()).await
}

/// The first full minute not before an instant.
pub(super) fn minute_of(at: DateTime<Utc>) -> DateTime<Utc> {
    let cut = at.with_second(0).and_then(|at| at.with_nanosecond(0)).unwrap_or(at);
    if cut < at {
        cut + chrono::TimeDelta::minutes(1)
    } else {
        cut
    }
}
