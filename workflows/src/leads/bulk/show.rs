//! Watching a change of many: how far it is, and which leads it could not change, in words.

use platform::{Actor, App, Error, Id, Permit, Result, Tx};
use sea_orm::FromQueryResult;
use serde::Serialize;

use super::Bulk;

const SHOWN: usize = 200;

/// A lead that was refused, or could not be taken back.
#[derive(Debug, FromQueryResult, Serialize)]
pub struct Refused {
    pub lead_id: Id,
    pub name: String,
    pub code: String,
    pub args: serde_json::Value,
}

/// A change the actor made, or anybody's for who sees all leads.
pub async fn bulk(app: &App, actor: &Actor, id: Id) -> Result<Bulk> {
    let actor = actor.clone();
    app.db
        .read(actor.tenant_id(), async move |tx: Tx| visible_in(&tx, &actor, id).await)
        .await
}

/// The first 200 leads it did not change or did not take back, with why.
pub async fn refused(app: &App, actor: &Actor, id: Id) -> Result<Vec<Refused>> {
    let actor = actor.clone();
    let sql = format!(
        "SELECT b.lead_id, l.name, b.code, b.args FROM bulk_lead AS b \
         JOIN lead AS l ON l.tenant_id = b.tenant_id AND l.id = b.lead_id \
         WHERE b.tenant_id = $1 AND b.bulk_id = $2 AND b.state IN ('failed', 'kept') ORDER BY b.lead_id LIMIT {SHOWN}"
    );
    app.db
        .read(actor.tenant_id(), async move |tx: Tx| {
            visible_in(&tx, &actor, id).await?;
            tx.all(&sql, vec![tx.tenant().0.into(), id.into()]).await
        })
        .await
}

pub(super) async fn visible_in(tx: &Tx, actor: &Actor, id: Id) -> Result<Bulk> {
    let found = find_in(tx, id).await?;
    let own = |bulk: &Bulk| actor.can(Permit::LeadsAll) || (actor.user.is_some() && bulk.author_id == actor.user);
    found.filter(own).ok_or(Error::NotFound)
}

pub(super) async fn find_in(tx: &Tx, id: Id) -> Result<Option<Bulk>> {
    let sql = "SELECT id, author_id, undone_by, action, selection, state, gathered, total, done, same, failed, undone, \
               kept, created_at, finished_at FROM bulk_change WHERE tenant_id = $1 AND id = $2";
    tx.one(sql, vec![tx.tenant().0.into(), id.into()]).await
}
