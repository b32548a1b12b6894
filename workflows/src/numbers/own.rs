//! A rep's own numbers.

use platform::{Actor, App, Permit, Result, Tx};
use sea_orm::FromQueryResult;
use serde::Serialize;

#[derive(Debug, Serialize, FromQueryResult)]
pub struct Own {
    pub leads: i64,
    /// Open follow-ups due by the end of the local day, overdue ones included.
    pub today: i64,
    pub overdue: i64,
    pub new_today: i64,
}

pub async fn own(app: &App, actor: &Actor) -> Result<Own> {
    actor.may(Permit::LeadsOwn)?;
    let (tenant, user) = (actor.tenant_id(), actor.person()?);
    let (start, end) = actor.tenant.today(app.clock.now());
    app.db
        .read(tenant, async move |tx: Tx| {
            let found: Option<Own> = tx
                .one(
                    "SELECT \
                     (SELECT COUNT(*) FROM lead AS a WHERE a.tenant_id = $1 AND a.owner_id = $2 AND a.deleted_at IS NULL) AS leads, \
                     (SELECT COUNT(*) FROM lead AS b WHERE b.tenant_id = $1 AND b.owner_id = $2 \
                      AND b.created_at >= $3 AND b.deleted_at IS NULL) AS new_today, \
                     (SELECT COUNT(*) FROM follow_up AS c WHERE c.tenant_id = $1 AND c.owner_id = $2 \
                      AND c.state = 'open' AND c.due_at < $4) AS today, \
                     (SELECT COUNT(*) FROM follow_up AS d WHERE d.tenant_id = $1 AND d.owner_id = $2 \
                      AND d.state = 'open' AND d.due_at < $5) AS overdue",
                    vec![tenant.0.into(), user.into(), start.into(), end.into(), tx.now().into()],
                )
                .await?;
            found.ok_or_else(|| platform::Error::internal("a count without a row"))
        })
        .await
}
