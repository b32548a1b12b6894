//! How many of one's own follow-ups are late: the figure beside "Today" on every page.

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
