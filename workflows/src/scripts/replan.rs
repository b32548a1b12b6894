//! Follow-ups an older rule planned, planned anew by the one that is published now: a chunk of decisions a job, each
//! chunk one commit, so that a retry or a kill repeats nothing.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use platform::db::list;
use platform::events;
use platform::ids::new_id;
use platform::jobs::{Job, NewJob, enqueue, finish_in};
use platform::{Actor, App, Error, Id, Permit, Result, Tx};
use sea_orm::{FromQueryResult, Value};
use wire::{FollowUpItem, Hook, When};

use super::answer::Answer;
use super::apply::apply;
use super::plan::{Answered, ask};
use super::word::Worded;
use crate::ports::Desk;

/// Decisions a job.
const CHUNK: usize = 100;
/// Nobody counts further.
const MOST_COUNTED: i64 = 10_000;

/// Hooks whose plans can be made again from the event alone.
pub(crate) const PLANNING: [Hook; 2] = [Hook::OnLeadCreated, Hook::OnStatusChanged];

/// How many open follow-ups of this rule are planned; at most 10,000 are counted.
pub async fn pending(app: &App, actor: &Actor, hook: Hook) -> Result<i64> {
    #[derive(FromQueryResult)]
    struct Row {
        count: i64,
    }
    actor.may(Permit::Scripts)?;
    if !PLANNING.contains(&hook) {
        return Ok(0);
    }
    let tenant = actor.tenant_id();
    let row: Option<Row> = app
        .db
        .read(tenant, async move |tx: Tx| {
            let sql = format!(
                "SELECT COUNT(*) AS count FROM (SELECT f.id FROM follow_up AS f JOIN decision AS d \
                 ON d.tenant_id = f.tenant_id AND d.id = f.decision_id WHERE f.tenant_id = $1 AND f.state = 'open' \
                 AND f.kind = 'auto' AND d.hook = $2 LIMIT {MOST_COUNTED}) AS o"
            );
            tx.one(&sql, vec![tenant.0.into(), hook.as_str().into()]).await
        })
        .await?;
    Ok(row.map_or(0, |row| row.count))
}

/// Plans the pending follow-ups of a rule anew, beginning after the commit.
pub(crate) async fn replan_in(tx: &Tx, hook: Hook) -> Result<()> {
    if !PLANNING.contains(&hook) {
        return Ok(());
    }
    // Decisions from here on are the new rule's own, those of this very job among them.
    let until = new_id();
    enqueue(tx, job_after(hook, until, None)).await
}

/// The job: one chunk, and the next job behind it.
pub async fn replan_now(desk: &Desk, job: &Job) -> Result<()> {
    let actor = Actor::system(desk.app.tenants.by_id(job.tenant).await?);
    let hook = job.uniq.split('/').nth(1).and_then(Hook::parse);
    let (Some(hook), Some(until)) = (hook, job.ids.first().copied()) else {
        return Err(Error::internal(format!("{} names no hook", job.uniq)));
    };
    let after = job.ids.get(1).copied();
    let load = async move |tx: Tx| {
        let found = planned_by(&tx, hook, until, after).await?;
        let ids: Vec<Id> = found.iter().filter_map(|decision| decision.event_id).collect();
        let steps = steps(&tx, &found).await?;
        Ok((events::load(&tx, &ids).await?, steps, found))
    };
    let (events, steps, found) = desk.app.db.read(actor.tenant_id(), load).await?;
    let again: HashMap<Id, Id> = found.iter().filter_map(|d| Some((d.event_id?, d.id))).collect();
    let now = desk.app.clock.now();
    let answered = match events.is_empty() {
        true => None,
        false => ask(desk, &actor, &events, hook, &again).await?,
    };
    let answered = answered.map(|answered| anew(answered, &steps, &actor, now));
    let next = (found.len() == CHUNK)
        .then(|| found.last().map(|decision| decision.id))
        .flatten();
    let job = job.clone();
    desk.app
        .db
        .write(actor.tenant_id(), async move |tx: Tx| {
            if let Some(answered) = &answered {
                apply(&tx, &actor, answered).await?;
            }
            if next.is_some() {
                enqueue(&tx, job_after(hook, until, next)).await?;
            }
            finish_in(&tx, &job).await
        })
        .await
}

fn job_after(hook: Hook, until: Id, after: Option<Id>) -> NewJob {
    let uniq = format!("replan/{hook}/{until}/{}", after.unwrap_or(until));
    let ids = [until].into_iter().chain(after).collect();
    NewJob::new("scripts.replan", uniq, ids).priority(2)
}

/// What is kept of the answers: a rule that fails replaces nothing, a step whose time has passed is not begun now,
/// and nobody is told or tagged a second time.
fn anew(answered: Answered, steps: &HashMap<Id, Steps>, actor: &Actor, now: DateTime<Utc>) -> Answered {
    let none = Steps::default();
    let pairs = answered.cases.into_iter().zip(answered.answers);
    let (cases, answers) = pairs
        .filter(|(_, answer)| answer.layer.is_some() && answer.failures.is_empty())
        .map(|(case, mut answer)| {
            let steps = case.again.and_then(|before| steps.get(&before)).unwrap_or(&none);
            leave_past(&mut answer, steps, case.event.occurred_at, actor, now);
            answer.plan.cancel_open = false;
            answer.plan.notices.clear();
            answer.plan.tags_added.clear();
            answer.plan.tags_removed.clear();
            (case, answer)
        })
        .unzip();
    Answered {
        hook: answered.hook,
        scene: answered.scene,
        cases,
        answers,
        worded: Worded::default(),
    }
}

/// Leaves out what is done, and the steps that would have been due already, unless they were waiting to be done;
/// where that leaves nothing of a plan, its last step is due now.
fn leave_past(answer: &mut Answer, steps: &Steps, base: DateTime<Utc>, actor: &Actor, now: DateTime<Utc>) {
    let items = &mut answer.plan.follow_ups;
    items.retain(|item| !steps.done.contains(&item.key));
    let last = items.last().cloned();
    items.retain(|item| steps.open.contains(&item.key) || !is_past(item, base, actor, now));
    if items.is_empty() {
        items.extend(last);
    }
}

fn is_past(item: &FollowUpItem, base: DateTime<Utc>, actor: &Actor, now: DateTime<Utc>) -> bool {
    match &item.when {
        When::After { seconds, days } => {
            let delay = calendar::Delay {
                seconds: *seconds,
                days: *days,
            };
            let due = delay.after(base, actor.tenant.time_zone);
            due.is_some_and(|due| due < now - TimeDelta::minutes(1))
        }
        When::At(at) => *at < now - TimeDelta::minutes(1),
        // Those before a trial say themselves whether they may be late.
        When::Before { .. } => false,
    }
}

#[derive(FromQueryResult)]
struct Before {
    id: Id,
    event_id: Option<Id>,
}

/// The next decisions of a rule whose follow-ups wait.
async fn planned_by(tx: &Tx, hook: Hook, until: Id, after: Option<Id>) -> Result<Vec<Before>> {
    let mut values: Vec<Value> = vec![tx.tenant().0.into(), hook.as_str().into(), until.into()];
    let mut sql = "SELECT d.id, d.event_id FROM decision AS d WHERE d.tenant_id = $1 AND d.hook = $2 \
                   AND d.event_id IS NOT NULL AND d.id < $3 AND EXISTS (SELECT 1 FROM follow_up AS f WHERE f.tenant_id = $1 \
                   AND f.lead_id = d.lead_id AND f.decision_id = d.id AND f.state = 'open' AND f.kind = 'auto')"
        .to_owned();
    if let Some(after) = after {
        values.push(after.into());
        sql.push_str(" AND d.id > $4");
    }
    sql.push_str(&format!(" ORDER BY d.id LIMIT {CHUNK}"));
    tx.all(&sql, values).await
}

/// The keys of what waits and of what people have done, for the event a decision answered.
#[derive(Default)]
struct Steps {
    open: HashSet<String>,
    done: HashSet<String>,
}

async fn steps(tx: &Tx, decisions: &[Before]) -> Result<HashMap<Id, Steps>> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Id,
        key: String,
        state: String,
    }
    let mut found: HashMap<Id, Steps> = HashMap::new();
    if decisions.is_empty() {
        return Ok(found);
    }
    let mut values: Vec<Value> = vec![tx.tenant().0.into()];
    values.extend(decisions.iter().map(|decision| Value::from(decision.id)));
    let sql = format!(
        "SELECT d.id, f.key, f.state FROM decision AS d JOIN follow_up AS f ON f.tenant_id = d.tenant_id \
         AND f.lead_id = d.lead_id AND f.event_id = d.event_id WHERE d.tenant_id = $1 \
         AND f.state IN ('open', 'done') AND d.id IN ({})",
        list(2, decisions.len())
    );
    for row in tx.all::<Row>(&sql, values).await? {
        let steps = found.entry(row.id).or_default();
        let keys = if row.state == "open" {
            &mut steps.open
        } else {
            &mut steps.done
        };
        keys.insert(row.key);
    }
    Ok(found)
}
