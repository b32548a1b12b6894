//! What happens to open follow-ups when their lead moves on or changes hands, or when they are put off.

use std::collections::BTreeMap;

use calendar::Delay;
use platform::{Actor, Id, Result, Tx};
use sea_orm::FromQueryResult;

use super::schedule::{minute_of, wake_at};

/// Cancels a lead's open automatic follow-ups, sparing those a given event planned.
pub async fn cancel_open_in(tx: &Tx, lead: Id, spare: Option<Id>) -> Result<u64> {
    let mut values = vec![tx.tenant().0.into(), lead.into(), tx.now().into()];
    let mut sql = "UPDATE follow_up SET state = 'cancelled', closed_at = $3, version = version + 1 \
                   WHERE tenant_id = $1 AND lead_id = $2 AND state = 'open' AND kind = 'auto'"
        .to_owned();
    if let Some(event) = spare {
        values.push(event.into());
        sql.push_str(" AND (event_id IS NULL OR event_id <> $4)");
    }
    tx.run(&sql, values).await
}

/// Moves an open follow-up to a later time; it is reminded of, and may be late, again. False when it is closed.
pub async fn put_off_in(tx: &Tx, follow_up: Id, due_at: chrono::DateTime<chrono::Utc>) -> Result<bool> {
    let sql = "UPDATE follow_up SET due_at = $3, reminded_at = NULL, overdue_at = NULL, version = version + 1 \
               WHERE tenant_id = $1 AND id = $2 AND state = 'open'";
    let values = vec![tx.tenant().0.into(), follow_up.into(), due_at.into()];
    if tx.run(sql, values).await? == 0 {
        return Ok(false);
    }
    wake_at(tx, vec![minute_of(due_at)]).await?;
    Ok(true)
}

/// Gives a lead's open follow-ups to its new owner, moved into that person's working time.
pub async fn hand_over_in(tx: &Tx, actor: &Actor, lead: Id, owner: Id) -> Result<()> {
    hand_over_all_in(tx, actor, &[lead], owner).await
}

/// As [`hand_over_in`], of many leads at once.
pub async fn hand_over_all_in(tx: &Tx, actor: &Actor, leads: &[Id], owner: Id) -> Result<()> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Id,
        due_at: chrono::DateTime<chrono::Utc>,
    }
    let mut values: Vec<sea_orm::Value> = vec![tx.tenant().0.into()];
    values.extend(leads.iter().map(|id| sea_orm::Value::from(*id)));
    let sql = format!(
        "SELECT id, due_at FROM follow_up WHERE tenant_id = $1 AND state = 'open' AND lead_id IN ({})",
        platform::db::list(2, leads.len())
    );
    let rows: Vec<Row> = tx.all(&sql, values).await?;
    pass_on_in(
        tx,
        actor,
        rows.into_iter().map(|row| (row.id, row.due_at)).collect(),
        owner,
    )
    .await
}

/// Gives follow-ups, each with the time it is due, to another owner: what lies ahead moves into that person's working
/// time, and all of it is reminded of anew.
pub(super) async fn pass_on_in(
    tx: &Tx,
    actor: &Actor,
    rows: Vec<(Id, chrono::DateTime<chrono::Utc>)>,
    owner: Id,
) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let schedules = crate::staff::schedules(tx, actor).await?;
    let mut by_due: BTreeMap<chrono::DateTime<chrono::Utc>, Vec<Id>> = BTreeMap::new();
    for (id, due_at) in rows {
        let due = match schedules.get(&owner) {
            Some(schedule) if due_at > tx.now() => schedule.due(due_at, Delay::seconds(0), tx.now()).at,
            _ => due_at,
        };
        by_due.entry(due).or_default().push(id);
    }
    let mut minutes = Vec::new();
    for (due, ids) in by_due {
        // The new owner is reminded, of what is past as well.
        minutes.push(minute_of(due.max(tx.now())));
        let mut values: Vec<sea_orm::Value> = vec![tx.tenant().0.into(), owner.into(), due.into(), tx.now().into()];
        values.extend(ids.iter().map(|id| sea_orm::Value::from(*id)));
        let sql = format!(
            "UPDATE follow_up SET owner_id = $2, due_at = $3, reminded_at = NULL, \
             overdue_at = CASE WHEN due_at < $4 THEN overdue_at END, version = version + 1 \
             WHERE tenant_id = $1 AND id IN ({})",
            platform::db::list(5, ids.len())
        );
        tx.run(&sql, values).await?;
    }
    wake_at(tx, minutes).await
}

/// Sees to it that a lead's open follow-ups are reminded of when they fall due, or now if they did; says how many
/// there are.
pub(crate) async fn remind_again_in(tx: &Tx, lead: Id) -> Result<usize> {
    #[derive(FromQueryResult)]
    struct Row {
        due_at: chrono::DateTime<chrono::Utc>,
    }
    let sql = "SELECT due_at FROM follow_up WHERE tenant_id = $1 AND lead_id = $2 AND state = 'open'";
    let rows: Vec<Row> = tx.all(sql, vec![tx.tenant().0.into(), lead.into()]).await?;
    let minutes = rows.iter().map(|row| minute_of(row.due_at.max(tx.now()))).collect();
    wake_at(tx, minutes).await?;
    Ok(rows.len())
}
