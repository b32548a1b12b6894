//! What happens to open follow-ups when their lead moves on or changes hands, or when they are put off.

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
    #[derive(FromQueryResult)]
    struct Row {
        id: Id,
        due_at: chrono::DateTime<chrono::Utc>,
    }
    let sql = "SELECT id, due_at FROM follow_up WHERE tenant_id = $1 AND lead_id = $2 AND state = 'open'";
    let rows: Vec<Row> = tx.all(sql, vec![tx.tenant().0.into(), lead.into()]).await?;
    if rows.is_empty() {
        return Ok(());
    }
    let schedules = crate::staff::schedules(tx, actor).await?;
    let mut minutes = Vec::new();
    for row in rows {
        let due = match schedules.get(&owner) {
            Some(schedule) if row.due_at > tx.now() => schedule.due(row.due_at, Delay::seconds(0), tx.now()).at,
            _ => row.due_at,
        };
        // The new owner is reminded, of what is past as well.
        minutes.push(minute_of(due.max(tx.now())));
        tx.run(
            "UPDATE follow_up SET owner_id = $3, due_at = $4, reminded_at = NULL, \
             overdue_at = CASE WHEN due_at < $5 THEN overdue_at END, version = version + 1 \
             WHERE tenant_id = $1 AND id = $2",
            vec![
                tx.tenant().0.into(),
                row.id.into(),
                owner.into(),
                due.into(),
                tx.now().into(),
            ],
        )
        .await?;
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
