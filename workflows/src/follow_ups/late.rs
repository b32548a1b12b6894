//! How many of one's own follow-ups are late: the figure beside "Today" on every page, and whether they stop new leads.

use platform::{Actor, App, Result, Tx};
use sea_orm::FromQueryResult;

pub async fn own_late(app: &App, actor: &Actor) -> Result<i64> {
    #[derive(FromQueryResult)]
    struct Row {
        count: i64,
    }
    let Some(person) = actor.user else { return Ok(0) };
    let row: Option<Row> = app
        .db
        .glance(actor.tenant_id(), async move |tx: Tx| {
            let sql = "SELECT COUNT(*) AS count FROM follow_up WHERE tenant_id = $1 AND owner_id = $2 \
                       AND state = 'open' AND due_at < $3";
            tx.one(sql, vec![tx.tenant().0.into(), person.into(), tx.now().into()])
                .await
        })
        .await?;
    Ok(row.map_or(0, |row| row.count))
}

/// New leads stopped for somebody because of late work.
#[derive(Debug, Clone, Copy)]
pub struct Stopped {
    pub overdue: i64,
    /// With fewer than so many they come again; none where a rule of the centre stopped them until all are done.
    pub threshold: Option<i64>,
}

/// Whether the actor gets no new leads because of late work.
pub async fn own_stop(app: &App, actor: &Actor) -> Result<Option<Stopped>> {
    #[derive(FromQueryResult)]
    struct Row {
        held_reason: Option<String>,
        overdue: i64,
    }
    let Some(person) = actor.user else { return Ok(None) };
    app.db
        .read(actor.tenant_id(), async move |tx: Tx| {
            let block = super::overdue::block(&tx).await?;
            let sql = "SELECT u.held_reason, (SELECT COUNT(*) FROM follow_up AS f WHERE f.tenant_id = $1 \
                       AND f.owner_id = $2 AND f.state = 'open' AND f.due_at < $3) AS overdue FROM app_user AS u \
                       WHERE u.tenant_id = $1 AND u.id = $2 AND u.blocked_since IS NOT NULL";
            let values = vec![tx.tenant().0.into(), person.into(), block.cutoff(tx.now()).into()];
            let row: Option<Row> = tx.one(sql, values).await?;
            Ok(row.map(|row| Stopped {
                overdue: row.overdue,
                threshold: row.held_reason.is_none().then_some(block.threshold),
            }))
        })
        .await
}
