//! Watching a change of many: how far it is, and which follow-ups it left alone, in words.

use chrono::{DateTime, Utc};
use platform::{Actor, App, Error, Id, Permit, Result, Tx};
use sea_orm::FromQueryResult;
use serde::Serialize;

use super::Bulk;

const SHOWN: usize = 200;

/// A follow-up that was left alone, or could not be taken back, with the lead it is about.
#[derive(Debug, FromQueryResult, Serialize)]
pub struct Refused {
    pub follow_up_id: Id,
    pub lead_id: Id,
    pub name: String,
    pub code: String,
    pub args: serde_json::Value,
}

/// A change the actor made, or anybody's for who sees all follow-ups.
pub async fn bulk(app: &App, actor: &Actor, id: Id) -> Result<Bulk> {
    let actor = actor.clone();
    app.db
        .glance(actor.tenant_id(), async move |tx: Tx| visible_in(&tx, &actor, id).await)
        .await
}

/// The first 200 it did not change or did not take back, with why.
pub async fn refused(app: &App, actor: &Actor, id: Id) -> Result<Vec<Refused>> {
    let actor = actor.clone();
    let sql = format!(
        "SELECT b.follow_up_id, b.lead_id, l.name, b.code, b.args FROM follow_up_bulk_item AS b \
         JOIN lead AS l ON l.tenant_id = b.tenant_id AND l.id = b.lead_id AND l.deleted_at IS NULL \
         WHERE b.tenant_id = $1 AND b.bulk_id = $2 AND b.state IN ('failed', 'kept') \
         ORDER BY b.due_at, b.follow_up_id LIMIT {SHOWN}"
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
    let own = |bulk: &Bulk| actor.can(Permit::FollowUpsAll) || (actor.user.is_some() && bulk.author_id == actor.user);
    found.filter(own).ok_or(Error::NotFound)
}

pub(super) async fn find_in(tx: &Tx, id: Id) -> Result<Option<Bulk>> {
    let sql = "SELECT id, author_id, undone_by, action, selection, state, gathered, total, done, same, failed, undone, \
               kept, created_at, finished_at FROM follow_up_bulk WHERE tenant_id = $1 AND id = $2";
    tx.one(sql, vec![tx.tenant().0.into(), id.into()]).await
}

/// Changes that cannot be taken back any more go, with their lists.
pub(crate) async fn forget_bulk_in(tx: &Tx, before: DateTime<Utc>) -> Result<()> {
    let values = || vec![tx.tenant().0.into(), before.into()];
    let sql = "DELETE FROM follow_up_bulk_item WHERE tenant_id = $1 AND bulk_id IN \
               (SELECT b.id FROM follow_up_bulk AS b WHERE b.tenant_id = $1 AND b.created_at < $2)";
    tx.run(sql, values()).await?;
    let sql = "DELETE FROM follow_up_bulk WHERE tenant_id = $1 AND created_at < $2";
    tx.run(sql, values()).await.map(|_| ())
}
