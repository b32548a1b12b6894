//! Open follow-ups step around time their owner is away: out to the next working moment, and back where that time
//! is given back. Each says so in its history. One statement for all that go to the same moment.

use std::collections::BTreeMap;

use calendar::Schedule;
use chrono::{DateTime, Utc};
use platform::db::list;
use platform::events::{self, NewEvent};
use platform::{Actor, Id, Result, Tx};
use sea_orm::{FromQueryResult, Value};
use serde_json::json;

use super::schedule::{minute_of, wake_at};

/// As many as one transaction moves.
const AT_ONCE: usize = 500;

/// Time an owner is away.
pub struct Around {
    pub owner: Id,
    /// What the follow-ups remember, so that they can come back.
    pub leave: Option<Id>,
    pub from: DateTime<Utc>,
    pub to: DateTime<Utc>,
    /// Why they moved, as the event says it: leave, absence.
    pub why: &'static str,
}

type Place = (DateTime<Utc>, Id);

#[derive(FromQueryResult)]
struct Moved {
    id: Id,
    lead_id: Id,
    due_at: DateTime<Utc>,
    text: String,
}

/// Moves open follow-ups due within, after a place in their order, to the next working moment. Answers the last
/// one looked at where there may be more.
pub async fn move_out_in(
    tx: &Tx,
    actor: &Actor,
    around: &Around,
    schedule: &Schedule,
    after: Option<Place>,
) -> Result<Option<Place>> {
    let mut values: Vec<Value> = vec![
        tx.tenant().0.into(),
        around.owner.into(),
        around.from.into(),
        around.to.into(),
    ];
    let mut sql = "SELECT id, lead_id, due_at, text FROM follow_up WHERE tenant_id = $1 AND owner_id = $2 \
                   AND state = 'open' AND due_at >= $3 AND due_at < $4"
        .to_owned();
    if let Some((at, id)) = after {
        values.extend([at.into(), id.into()]);
        sql.push_str(" AND (due_at, id) > ($5, $6)");
    }
    sql.push_str(&format!(" ORDER BY due_at, id LIMIT {AT_ONCE}"));
    let found: Vec<Moved> = tx.all(&sql, values).await?;
    let last = found.last().map(|last| (last.due_at, last.id));
    let more = found.len() == AT_ONCE;
    let off = |at: DateTime<Utc>| schedule.leaves.iter().any(|leave| leave.contains(at));
    let mut by_moment: BTreeMap<DateTime<Utc>, Vec<Moved>> = BTreeMap::new();
    for row in found {
        if !off(row.due_at) {
            continue;
        }
        // Where no working moment is near they stay: late is better than lost.
        if let Some(moment) = schedule.first_work(row.due_at.max(tx.now())) {
            by_moment.entry(moment).or_default().push(row);
        }
    }
    let mut told = Vec::new();
    let moments: Vec<DateTime<Utc>> = by_moment.keys().copied().map(minute_of).collect();
    for (moment, rows) in by_moment {
        let mut values: Vec<Value> = vec![tx.tenant().0.into(), moment.into(), around.leave.into()];
        values.extend(rows.iter().map(|row| Value::from(row.id)));
        let sql = format!(
            "UPDATE follow_up SET left_from = CASE WHEN left_to = due_at AND left_from IS NOT NULL THEN left_from \
             ELSE due_at END, left_to = $2, leave_id = $3, due_at = $2, reminded_at = NULL, overdue_at = NULL, \
             version = version + 1 WHERE tenant_id = $1 AND state = 'open' AND id IN ({})",
            list(4, rows.len())
        );
        tx.run(&sql, values).await?;
        told.extend(
            rows.iter()
                .map(|row| event(around, row.lead_id, row.id, &row.text, row.due_at, moment, around.why)),
        );
    }
    events::record_all(tx, actor, told).await?;
    wake_at(tx, moments).await?;
    Ok(last.filter(|_| more))
}

/// Brings back what moved out of a leave that is given back, or of a day that is open again: to where it was, or to the
/// next working moment where that is past. What a person moved meanwhile stays where it was put.
pub async fn bring_back_in(
    tx: &Tx,
    actor: &Actor,
    around: &Around,
    schedule: &Schedule,
    after: Option<Place>,
) -> Result<Option<Place>> {
    #[derive(FromQueryResult)]
    struct Left {
        id: Id,
        lead_id: Id,
        due_at: DateTime<Utc>,
        left_from: DateTime<Utc>,
        text: String,
    }
    let (_, last) = after.unzip();
    let mut values: Vec<Value> = vec![tx.tenant().0.into(), around.owner.into()];
    let mut sql = "SELECT id, lead_id, due_at, left_from, text FROM follow_up WHERE tenant_id = $1 AND owner_id = $2 \
                   AND state = 'open' AND due_at = left_to AND left_from IS NOT NULL"
        .to_owned();
    match around.leave {
        Some(leave) => {
            values.push(leave.into());
            sql.push_str(" AND leave_id = $3");
        }
        None => {
            values.extend([around.from.into(), around.to.into()]);
            sql.push_str(" AND leave_id IS NULL AND left_from >= $3 AND left_from < $4");
        }
    }
    if let Some(last) = last {
        values.push(last.into());
        sql.push_str(&format!(" AND id > ${}", values.len()));
    }
    sql.push_str(&format!(" ORDER BY id LIMIT {AT_ONCE}"));
    let found: Vec<Left> = tx.all(&sql, values).await?;
    let last = found.last().map(|last| (last.due_at, last.id));
    let more = found.len() == AT_ONCE;
    let now = tx.now();
    let off = |at: DateTime<Utc>| schedule.leaves.iter().any(|leave| leave.contains(at));
    let (mut whole, mut by_moment) = (Vec::new(), BTreeMap::<DateTime<Utc>, Vec<Left>>::new());
    for row in found {
        if row.left_from > now && !off(row.left_from) {
            whole.push(row);
        } else {
            let moment = schedule.first_work(row.left_from.max(now)).unwrap_or(row.due_at);
            by_moment.entry(moment.min(row.due_at)).or_default().push(row);
        }
    }
    let (mut told, mut moments) = (Vec::new(), Vec::new());
    let why = if around.leave.is_some() { "back" } else { "opened" };
    const BACK: &str = "leave_id = NULL, left_to = NULL, reminded_at = NULL, overdue_at = NULL, version = version + 1 \
                        WHERE tenant_id = $1 AND state = 'open'";
    if !whole.is_empty() {
        let mut values: Vec<Value> = vec![tx.tenant().0.into()];
        values.extend(whole.iter().map(|row| Value::from(row.id)));
        let sql = format!(
            "UPDATE follow_up SET due_at = left_from, {BACK} AND id IN ({})",
            list(2, whole.len())
        );
        tx.run(&sql, values).await?;
        moments.extend(whole.iter().map(|row| minute_of(row.left_from)));
        told.extend(
            whole
                .iter()
                .map(|row| event(around, row.lead_id, row.id, &row.text, row.due_at, row.left_from, why)),
        );
    }
    for (moment, rows) in by_moment {
        let mut values: Vec<Value> = vec![tx.tenant().0.into(), moment.into()];
        values.extend(rows.iter().map(|row| Value::from(row.id)));
        let sql = format!(
            "UPDATE follow_up SET due_at = $2, {BACK} AND id IN ({})",
            list(3, rows.len())
        );
        tx.run(&sql, values).await?;
        moments.push(minute_of(moment));
        told.extend(
            rows.iter()
                .filter(|row| row.due_at != moment)
                .map(|row| event(around, row.lead_id, row.id, &row.text, row.due_at, moment, why)),
        );
    }
    events::record_all(tx, actor, told).await?;
    wake_at(tx, moments).await?;
    Ok(last.filter(|_| more))
}

fn event(
    around: &Around,
    lead: Id,
    id: Id,
    text: &str,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    why: &'static str,
) -> NewEvent {
    NewEvent {
        kind: "follow_up.moved",
        lead: Some(lead),
        owner: Some(around.owner),
        cause: None,
        payload: json!({
            "follow_up_id": id, "text": text, "from": from, "to": to, "why": why, "leave_id": around.leave,
        }),
    }
}
