//! A lead its owner does not touch goes back to distribution: after so many of the owner's working minutes, while
//! somebody else could take it. Off unless the centre sets the minutes.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use platform::db::list;
use platform::events::{self, NewEvent};
use platform::jobs::{Job, NewJob, enqueue, finish_in};
use platform::{Actor, App, Error, Id, Permit, Result, Tx, audit};
use sea_orm::{FromQueryResult, Value};
use serde_json::json;
use wire::Candidate;

use super::candidates::candidates;
use crate::ports::Desk;

pub const SILENT: &str = "distribution.silent";

/// A lead older than this in its owner's hands is a case for a manager.
const FURTHEST: TimeDelta = TimeDelta::days(14);
/// As many as one run returns: the next is minutes away.
const AT_ONCE: usize = 200;
const MOST_MINUTES: i64 = 10_080;

pub(super) async fn silent_minutes(tx: &Tx) -> Result<i64> {
    #[derive(FromQueryResult)]
    struct Row {
        silent_minutes: i32,
    }
    let sql = "SELECT silent_minutes FROM distribution_setting WHERE tenant_id = $1";
    let row: Option<Row> = tx.one(sql, vec![tx.tenant().0.into()]).await?;
    Ok(row.map_or(0, |row| i64::from(row.silent_minutes)))
}

/// After how many working minutes an untouched lead goes back; 0 never.
pub async fn set_silent_minutes(app: &App, actor: &Actor, minutes: i64) -> Result<()> {
    actor.may(Permit::Distribution)?;
    let stored = i32::try_from(minutes)
        .ok()
        .filter(|minutes| (0..=MOST_MINUTES).contains(&i64::from(*minutes)))
        .ok_or_else(|| {
            Error::field("silent_minutes", "out_of_range")
                .with("min", 0)
                .with("max", MOST_MINUTES)
        })?;
    let actor = actor.clone();
    app.db
        .write(actor.tenant_id(), async move |tx: Tx| {
            if silent_minutes(&tx).await? == minutes {
                return Ok(());
            }
            let sql = "INSERT INTO distribution_setting (tenant_id, silent_minutes, changed_by, changed_at) \
                       VALUES ($1, $2, $3, $4) ON CONFLICT (tenant_id) DO UPDATE SET \
                       silent_minutes = excluded.silent_minutes, changed_by = excluded.changed_by, \
                       changed_at = excluded.changed_at";
            let tenant = tx.tenant();
            tx.run(
                sql,
                vec![tenant.0.into(), stored.into(), actor.user.into(), tx.now().into()],
            )
            .await?;
            let changes = json!({"silent_minutes": minutes});
            audit::record(&tx, &actor, "distribution.changed", "distribution", tenant.0, changes).await
        })
        .await
}

/// Every few minutes. A repeat finds nothing: what was returned has no owner.
pub async fn return_silent(desk: &Desk, job: &Job) -> Result<()> {
    let actor = Actor::system(desk.app.tenants.by_id(job.tenant).await?);
    let job = job.clone();
    desk.app
        .db
        .write(job.tenant, async move |tx: Tx| {
            let minutes = silent_minutes(&tx).await?;
            if minutes > 0 {
                return_in(&tx, &actor, minutes).await?;
            }
            finish_in(&tx, &job).await
        })
        .await
}

#[derive(FromQueryResult, Clone)]
struct Held {
    id: Id,
    owner_id: Id,
    course_id: Option<Id>,
    assigned_at: DateTime<Utc>,
}

async fn return_in(tx: &Tx, actor: &Actor, minutes: i64) -> Result<()> {
    let registry = crate::leads::registry_in(tx).await?;
    let untouched = untouched(tx, &registry.open_keys(), minutes).await?;
    if untouched.is_empty() {
        return Ok(());
    }
    let schedules = crate::staff::schedules(tx, actor).await?;
    let reps = candidates(tx, actor, &registry, &schedules).await?;
    let now = tx.now();
    let silent: Vec<Held> = untouched
        .into_iter()
        .filter(|lead| {
            let worked = schedules
                .get(&lead.owner_id)
                .map_or(0, |schedule| schedule.work_between(lead.assigned_at, now));
            worked >= minutes * 60 && somebody_else(&reps, lead)
        })
        .take(AT_ONCE)
        .collect();
    give_back(tx, actor, silent, minutes).await
}

/// A lead without an owner helps nobody while nobody else could take it.
fn somebody_else(reps: &[Candidate], lead: &Held) -> bool {
    let (owner, course) = (lead.owner_id.to_string(), lead.course_id.map(|id| id.to_string()));
    reps.iter()
        .any(|rep| rep.available && rep.id != owner && rep.teaches(course.as_deref()))
}

/// Open leads given long enough ago by the clock, with nothing their owner did since.
async fn untouched(tx: &Tx, open: &[String], minutes: i64) -> Result<Vec<Held>> {
    if open.is_empty() {
        return Ok(Vec::new());
    }
    let now = tx.now();
    let latest = now - TimeDelta::minutes(minutes);
    let mut values: Vec<Value> = vec![tx.tenant().0.into(), (now - FURTHEST).into(), latest.into()];
    values.extend(open.iter().map(|key| Value::from(key.as_str())));
    let sql = format!(
        "SELECT l.id, l.owner_id, l.course_id, l.assigned_at FROM lead AS l WHERE l.tenant_id = $1 \
         AND l.owner_id IS NOT NULL AND l.deleted_at IS NULL AND l.assigned_at >= $2 AND l.assigned_at <= $3 AND l.status IN ({}) \
         AND NOT EXISTS (SELECT 1 FROM event AS e WHERE e.tenant_id = $1 AND e.lead_id = l.id \
         AND e.actor_id = l.owner_id AND e.occurred_at >= l.assigned_at) \
         ORDER BY l.assigned_at, l.id LIMIT 1000",
        list(4, open.len())
    );
    tx.all(&sql, values).await
}

async fn give_back(tx: &Tx, actor: &Actor, silent: Vec<Held>, minutes: i64) -> Result<()> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Id,
    }
    if silent.is_empty() {
        return Ok(());
    }
    let held: HashMap<Id, Held> = silent.iter().map(|lead| (lead.id, lead.clone())).collect();
    // Whoever was given one since it was looked at keeps it.
    let latest = tx.now() - TimeDelta::minutes(minutes);
    let mut values: Vec<Value> = vec![tx.tenant().0.into(), tx.now().into(), latest.into()];
    values.extend(silent.iter().map(|lead| Value::from(lead.id)));
    let sql = format!(
        "UPDATE lead SET returned_from = owner_id, owner_id = NULL, assigned_at = NULL, waiting_since = $2, \
         version = version + 1, updated_at = $2 WHERE tenant_id = $1 AND owner_id IS NOT NULL AND deleted_at IS NULL \
         AND assigned_at <= $3 AND id IN ({}) RETURNING id",
        list(4, silent.len())
    );
    let rows: Vec<Row> = tx.all(&sql, values).await?;
    let returned: Vec<&Held> = rows.iter().filter_map(|row| held.get(&row.id)).collect();
    if returned.is_empty() {
        return Ok(());
    }
    // The next owner's cadence is planned anew; what a person planned waits for that owner.
    let mut values: Vec<Value> = vec![tx.tenant().0.into(), tx.now().into()];
    values.extend(returned.iter().map(|lead| Value::from(lead.id)));
    let ids = list(3, returned.len());
    let sql = format!(
        "UPDATE follow_up SET state = 'cancelled', closed_at = $2, version = version + 1 WHERE tenant_id = $1 \
         AND state = 'open' AND kind = 'auto' AND lead_id IN ({ids})"
    );
    tx.run(&sql, values).await?;
    let told = returned.iter().map(|lead| NewEvent {
        kind: "lead.returned",
        lead: Some(lead.id),
        owner: Some(lead.owner_id),
        cause: None,
        payload: json!({"from": lead.owner_id, "reason": "owner_silent", "minutes": minutes, "since": lead.assigned_at}),
    });
    let events = events::record_all(tx, actor, told.collect()).await?;
    let mut by_owner: BTreeMap<Id, i64> = BTreeMap::new();
    for lead in &returned {
        *by_owner.entry(lead.owner_id).or_default() += 1;
    }
    let Some(first) = events.first() else { return Ok(()) };
    crate::messages::leads_returned(tx, by_owner, minutes, *first).await?;
    let leads = returned.iter().map(|lead| lead.id).collect();
    enqueue(
        tx,
        NewJob::new("distribution.give_out", format!("returned/{first}"), leads),
    )
    .await
}

/// Whom each of these leads was taken back from, where it was.
pub(super) async fn returned_from(tx: &Tx, leads: &[Id]) -> Result<HashMap<Id, Id>> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Id,
        returned_from: Id,
    }
    if leads.is_empty() {
        return Ok(HashMap::new());
    }
    let mut values: Vec<Value> = vec![tx.tenant().0.into()];
    values.extend(leads.iter().map(|id| Value::from(*id)));
    let sql = format!(
        "SELECT id, returned_from FROM lead WHERE tenant_id = $1 AND returned_from IS NOT NULL AND deleted_at IS NULL AND id IN ({})",
        list(2, leads.len())
    );
    let rows: Vec<Row> = tx.all(&sql, values).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.returned_from)).collect())
}
