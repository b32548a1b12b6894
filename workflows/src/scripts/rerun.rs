//! A decision a fallback made is made again by the rule that now works. Once: whatever is pressed or retried, the
//! second time changes nothing.

use std::collections::{BTreeMap, HashMap, HashSet};

use platform::db::list;
use platform::events;
use platform::jobs::{Job, NewJob, enqueue, finish_in};
use platform::{Actor, App, Error, Id, Permit, Result, Tx, audit};
use sea_orm::{FromQueryResult, Value};
use serde_json::json;
use wire::Hook;

use super::apply::apply;
use super::plan::ask;
use crate::ports::Desk;

/// Asks for a degraded decision to be made again; done already, it stays as it is.
pub async fn rerun(app: &App, actor: &Actor, decision: Id) -> Result<()> {
    actor.may(Permit::Scripts)?;
    let actor = actor.clone();
    app.db
        .write(actor.tenant_id(), async move |tx: Tx| {
            let found = before(&tx, &[decision]).await?;
            let found = found.first().ok_or(Error::NotFound)?;
            if !found.degraded {
                return Err(Error::conflict("decision_not_degraded"));
            }
            if found.rerun_at.is_some() {
                return Ok(());
            }
            audit::record(&tx, &actor, "decision.rerun", "decision", decision, json!({})).await?;
            let job = NewJob::new("scripts.rerun", format!("rerun/{decision}"), vec![decision]);
            enqueue(&tx, job).await
        })
        .await
}

/// The job: asks the rules again about the events of the decisions it names.
pub async fn rerun_now(desk: &Desk, job: &Job) -> Result<()> {
    let actor = Actor::system(desk.app.tenants.by_id(job.tenant).await?);
    let ids = job.ids.clone();
    let load = async move |tx: Tx| {
        let found = before(&tx, &ids).await?;
        let events: Vec<Id> = found.iter().filter_map(|decision| decision.event_id).collect();
        Ok((found, events::load(&tx, &events).await?))
    };
    let (found, events) = desk.app.db.read(actor.tenant_id(), load).await?;
    let open: Vec<Before> = found
        .into_iter()
        .filter(|decision| decision.rerun_at.is_none())
        .collect();
    let mut by_hook: BTreeMap<Hook, HashMap<Id, Id>> = BTreeMap::new();
    for decision in &open {
        if let (Some(hook), Some(event)) = (Hook::parse(&decision.hook), decision.event_id) {
            by_hook.entry(hook).or_default().insert(event, decision.id);
        }
    }
    let mut answered = Vec::new();
    for (hook, again) in &by_hook {
        let about: Vec<_> = events
            .iter()
            .filter(|event| again.contains_key(&event.id))
            .cloned()
            .collect();
        answered.extend(ask(desk, &actor, &about, *hook, again).await?);
    }
    let job = job.clone();
    desk.app
        .db
        .write(actor.tenant_id(), async move |tx: Tx| {
            for answered in &answered {
                apply(&tx, &actor, answered).await?;
            }
            for decision in &open {
                elsewhere(&tx, decision).await?;
            }
            finish_in(&tx, &job).await
        })
        .await
}

/// Puts a new decision in the place of an old one, whose open follow-ups go. False when somebody did so before.
pub(super) async fn replace(tx: &Tx, before: Id, decision: Id) -> Result<bool> {
    if !close(tx, before, Some(decision)).await? {
        return Ok(false);
    }
    let sql = "UPDATE follow_up SET state = 'cancelled', closed_at = $3, version = version + 1 \
               WHERE tenant_id = $1 AND decision_id = $2 AND state = 'open'";
    tx.run(sql, vec![tx.tenant().0.into(), before.into(), tx.now().into()])
        .await?;
    Ok(true)
}

/// What of an old decision's plan people have done: that is not asked of them again.
pub(super) async fn done_of(tx: &Tx, before: Id) -> Result<HashSet<String>> {
    #[derive(FromQueryResult)]
    struct Row {
        key: String,
    }
    let sql = "SELECT key FROM follow_up WHERE tenant_id = $1 AND decision_id = $2 AND state = 'done' LIMIT 100";
    let rows: Vec<Row> = tx.all(sql, vec![tx.tenant().0.into(), before.into()]).await?;
    Ok(rows.into_iter().map(|row| row.key).collect())
}

/// What is left when no plan was made anew: the lead moved on, or the hook's own work is done elsewhere.
async fn elsewhere(tx: &Tx, decision: &Before) -> Result<()> {
    if !close(tx, decision.id, None).await? {
        return Ok(());
    }
    let Some(lead) = decision.lead_id else { return Ok(()) };
    let kind = match Hook::parse(&decision.hook) {
        Some(Hook::Distribute) => "distribution.give_out",
        Some(Hook::LeadScore) => "leads.score",
        _ => return Ok(()),
    };
    enqueue(
        tx,
        NewJob::new(kind, format!("rerun/{kind}/{}", decision.id), vec![lead]),
    )
    .await
}

async fn close(tx: &Tx, before: Id, by: Option<Id>) -> Result<bool> {
    let sql = "UPDATE decision SET rerun_at = $3, rerun_id = $4 WHERE tenant_id = $1 AND id = $2 AND rerun_at IS NULL";
    let values = vec![tx.tenant().0.into(), before.into(), tx.now().into(), by.into()];
    Ok(tx.run(sql, values).await? == 1)
}

#[derive(FromQueryResult)]
struct Before {
    id: Id,
    hook: String,
    event_id: Option<Id>,
    lead_id: Option<Id>,
    degraded: bool,
    rerun_at: Option<chrono::DateTime<chrono::Utc>>,
}

async fn before(tx: &Tx, ids: &[Id]) -> Result<Vec<Before>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut values: Vec<Value> = vec![tx.tenant().0.into()];
    values.extend(ids.iter().map(|id| Value::from(*id)));
    let sql = format!(
        "SELECT id, hook, event_id, lead_id, degraded, rerun_at FROM decision WHERE tenant_id = $1 AND id IN ({})",
        list(2, ids.len())
    );
    tx.all(&sql, values).await
}
