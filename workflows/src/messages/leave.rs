//! What is said about leave: to who decides when somebody asks or gives it back, to the person when it is answered.

use platform::{Actor, Id, Result, Tx};
use sea_orm::FromQueryResult;
use serde_json::json;

use super::queue::{Draft, Kind, queue};

/// Somebody asks for leave: everybody who may answer is told, with the buttons to do it.
pub async fn leave_requested(tx: &Tx, user: Id, leave: Id) -> Result<()> {
    let drafts = deciders(tx)
        .await?
        .into_iter()
        .filter(|decider| *decider != user)
        .map(|decider| about(decider, Kind::LeaveRequested, leave));
    queue(tx, drafts.collect()).await
}

pub async fn leave_answered(tx: &Tx, user: Id, leave: Id) -> Result<()> {
    queue(tx, vec![about(user, Kind::LeaveAnswered, leave)]).await
}

/// Taken back or ended early: the other side is told.
pub async fn leave_closed(tx: &Tx, actor: &Actor, user: Id, leave: Id) -> Result<()> {
    if actor.user != Some(user) {
        return queue(tx, vec![about(user, Kind::LeaveClosed, leave)]).await;
    }
    let drafts = deciders(tx)
        .await?
        .into_iter()
        .filter(|decider| *decider != user)
        .map(|decider| about(decider, Kind::LeaveClosed, leave));
    queue(tx, drafts.collect()).await
}

fn about(user: Id, kind: Kind, leave: Id) -> Draft {
    Draft::to(user, kind, leave).payload(json!({"leave_id": leave}))
}

/// Managers, admins, and whoever's role the tenant lets decide.
async fn deciders(tx: &Tx) -> Result<Vec<Id>> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Id,
    }
    let sql = "SELECT u.id FROM app_user AS u WHERE u.tenant_id = $1 AND u.active AND (u.role IN ('manager', 'admin') \
               OR EXISTS (SELECT 1 FROM policy AS p WHERE p.tenant_id = $1 AND p.role = u.role \
                          AND p.object = 'leave' AND p.action = 'decide')) ORDER BY u.id LIMIT 200";
    let rows: Vec<Row> = tx.all(sql, vec![tx.tenant().0.into()]).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}
