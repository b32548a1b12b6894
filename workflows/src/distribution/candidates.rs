//! Every rep who may receive leads, with what the rule needs to know of them, in a constant number of queries.

use std::collections::{BTreeMap, HashMap};

use calendar::Schedule;
use platform::db::list;
use platform::{Actor, Id, Result, Tx};
use sea_orm::{FromQueryResult, Value};
use wire::Candidate;

use crate::leads::Registry;

/// The most open leads of a rep who has no cap of their own; 0 means any number.
const CAP_SETTING: &str = "lead_cap";

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
        held_reason: Option<String>,
        open_leads: i64,
        today: i64,
        overdue: i64,
        counted: i64,
    }
    #[derive(FromQueryResult)]
    struct Teaches {
        user_id: Id,
        course_id: Id,
    }
    let (tenant, now) = (tx.tenant(), tx.now());
    let settings = platform::settings::current(tx).await?;
    let cap = settings.integer(CAP_SETTING).and_then(|cap| u32::try_from(cap).ok());
    let block = crate::follow_ups::block(tx).await?;
    let open = registry.open_keys();
    let keys = if open.is_empty() {
        "NULL".to_owned()
    } else {
        list(5, open.len())
    };
    let mut values: Vec<Value> = vec![
        tenant.0.into(),
        actor.tenant.local_date(now).to_string().into(),
        now.into(),
        block.cutoff(now).into(),
    ];
    values.extend(open.iter().map(|key| Value::from(key.as_str())));
    // Counted a rep at a time, each within the part of an index that is the rep's own: what was imported or closed
    // long ago costs nothing.
    let mine = "SELECT COUNT(*) FROM lead AS l WHERE l.tenant_id = $1 AND l.owner_id = u.id AND l.deleted_at IS NULL";
    // Given or brought today, from the day's events: a lead may have waited since yesterday.
    let today = "SELECT COUNT(*) FROM event AS e WHERE e.tenant_id = $1 AND e.owner_id = u.id";
    let late = "SELECT COUNT(*) FROM follow_up AS f WHERE f.tenant_id = $1 AND f.owner_id = u.id";
    let sql = format!(
        "SELECT u.id, u.weight, u.lead_cap, u.last_assigned_at, u.absent_from, u.absent_to, u.branch_id, u.held_reason, \
         ({mine} AND l.status IN ({keys})) AS open_leads, \
         ({today} AND e.local_date = $2 AND e.kind IN ('lead.assigned', 'lead.created')) AS today, \
         ({late} AND f.state = 'open' AND f.due_at < $3) AS overdue, \
         ({late} AND f.state = 'open' AND f.due_at < $4) AS counted \
         FROM app_user AS u WHERE u.tenant_id = $1 AND u.active AND u.receives_leads ORDER BY u.id LIMIT 1000"
    );
    let reps: Vec<Rep> = tx.all(&sql, values).await?;
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
            let (open_leads, late) = (whole(rep.open_leads), whole(rep.overdue));
            // As things stand now, not as the last sweep left them.
            let held = rep.held_reason.is_some() && rep.counted > 0;
            let blocked = held || rep.counted >= block.threshold;
            // A rep's own cap comes before everybody's.
            let capacity = rep.lead_cap.map(i32::unsigned_abs).or(cap.filter(|cap| *cap > 0));
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
                assigned_today: whole(rep.today),
                last_assigned_at: rep.last_assigned_at,
                capacity,
                weight: f64::from(rep.weight),
                branch_id: rep.branch_id.map(|id| id.to_string()),
                conversion_30d: None,
            }
        })
        .collect())
}

fn whole(count: i64) -> u32 {
    count.try_into().unwrap_or(u32::MAX)
}
