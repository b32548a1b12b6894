//! Every rep who may receive leads, with what the rule needs to know of them, in a constant number of queries.

use std::collections::{BTreeMap, HashMap};

use calendar::Schedule;
use platform::{Actor, Id, Result, Tx};
use sea_orm::{FromQueryResult, Value};
use wire::Candidate;

use crate::leads::Registry;

pub async fn candidates(
    tx: &Tx,
    actor: &Actor,
    registry: &Registry,
    schedules: &BTreeMap<Id, Schedule>,
) -> Result<Vec<Candidate>> {
    #[derive(FromQueryResult)]
    struct Rep {
        id: Id,
        weight: i32,
        lead_cap: Option<i32>,
        last_assigned_at: Option<chrono::DateTime<chrono::Utc>>,
        absent_from: Option<chrono::DateTime<chrono::Utc>>,
        absent_to: Option<chrono::DateTime<chrono::Utc>>,
        branch_id: Option<Id>,
    }
    #[derive(FromQueryResult)]
    struct Teaches {
        user_id: Id,
        course_id: Id,
    }
    let (tenant, now) = (tx.tenant(), tx.now());
    let reps: Vec<Rep> = tx
        .all(
            "SELECT id, weight, lead_cap, last_assigned_at, absent_from, absent_to, branch_id \
             FROM app_user WHERE tenant_id = $1 AND active AND receives_leads ORDER BY id LIMIT 1000",
            vec![tenant.0.into()],
        )
        .await?;
    let open = open_leads(tx, registry).await?;
    let overdue = counts(
        tx,
        "SELECT owner_id, COUNT(*) AS count FROM follow_up WHERE tenant_id = $1 AND state = 'open' AND due_at < $2 \
         GROUP BY owner_id",
        vec![tenant.0.into(), now.into()],
    )
    .await?;
    // Given or brought today, from the day's events: a lead may have waited since yesterday.
    let today = counts(
        tx,
        "SELECT owner_id, COUNT(*) AS count FROM event WHERE tenant_id = $1 AND local_date = $2 \
         AND kind IN ('lead.assigned', 'lead.created') AND owner_id IS NOT NULL GROUP BY owner_id",
        vec![tenant.0.into(), actor.tenant.local_date(now).to_string().into()],
    )
    .await?;
    let threshold = crate::follow_ups::threshold(tx).await?;
    let rows: Vec<Teaches> = tx
        .all(
            "SELECT user_id, course_id FROM user_course WHERE tenant_id = $1",
            vec![tenant.0.into()],
        )
        .await?;
    let mut teaches: HashMap<Id, Vec<String>> = HashMap::new();
    for row in rows {
        teaches.entry(row.user_id).or_default().push(row.course_id.to_string());
    }
    Ok(reps
        .into_iter()
        .map(|rep| {
            let schedule = schedules.get(&rep.id);
            let absent = rep.absent_from.is_some_and(|from| from <= now) && rep.absent_to.is_none_or(|to| now < to);
            let on_leave = schedule.is_some_and(|s| s.leaves.iter().any(|leave| leave.contains(now))) && !absent;
            let in_hours = schedule.is_none_or(|s| {
                Schedule {
                    leaves: vec![],
                    ..s.clone()
                }
                .is_working(now)
            });
            let (open_leads, late) = (get(&open, rep.id), get(&overdue, rep.id));
            // As things stand now, not as the last sweep left them.
            let blocked = i64::from(late) >= threshold;
            let capacity = rep.lead_cap.map(i32::unsigned_abs);
            let below_cap = capacity.is_none_or(|most| open_leads < most);
            Candidate {
                id: rep.id.to_string(),
                available: in_hours && !on_leave && !absent && !blocked && below_cap,
                on_leave,
                absent,
                blocked,
                in_hours,
                teaches: teaches.remove(&rep.id).unwrap_or_default(),
                open_leads,
                overdue: late,
                assigned_today: get(&today, rep.id),
                last_assigned_at: rep.last_assigned_at,
                capacity,
                weight: f64::from(rep.weight),
                branch_id: rep.branch_id.map(|id| id.to_string()),
                conversion_30d: None,
            }
        })
        .collect())
}

async fn open_leads(tx: &Tx, registry: &Registry) -> Result<HashMap<Id, i64>> {
    let keys = registry.open_keys();
    if keys.is_empty() {
        return Ok(HashMap::new());
    }
    let mut values: Vec<Value> = vec![tx.tenant().0.into()];
    values.extend(keys.iter().map(|key| Value::from(key.as_str())));
    let sql = format!(
        "SELECT owner_id, COUNT(*) AS count FROM lead WHERE tenant_id = $1 AND owner_id IS NOT NULL \
         AND status IN ({}) GROUP BY owner_id",
        platform::db::list(2, keys.len())
    );
    counts(tx, &sql, values).await
}

async fn counts(tx: &Tx, sql: &str, values: Vec<Value>) -> Result<HashMap<Id, i64>> {
    #[derive(FromQueryResult)]
    struct Row {
        owner_id: Id,
        count: i64,
    }
    let rows: Vec<Row> = tx.all(sql, values).await?;
    Ok(rows.into_iter().map(|row| (row.owner_id, row.count)).collect())
}

fn get(counts: &HashMap<Id, i64>, id: Id) -> u32 {
    counts.get(&id).copied().unwrap_or(0).try_into().unwrap_or(0)
}
