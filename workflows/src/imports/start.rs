//! An import's columns are settled, and its job waits in the queue.

use platform::jobs::{NewJob, enqueue};
use platform::{Actor, App, Error, Id, Permit, Result, Tx, audit};
use serde_json::json;

use super::import::{Import, find_in};
use super::sheet::Mapping;

/// Imports wait behind what people do by hand.
pub(super) const PRIORITY: i16 = 5;

#[derive(Debug, Clone, Default)]
pub struct Choice {
    /// None: as guessed.
    pub mapping: Option<Mapping>,
    /// One rep for all of its leads; only for those who may assign. None: a rep's go to the rep, others are
    /// distributed.
    pub owner_id: Option<Id>,
}

pub async fn start(app: &App, actor: &Actor, id: Id, choice: Choice) -> Result<Import> {
    let actor = actor.clone();
    app.db
        .write(actor.tenant_id(), async move |tx: Tx| {
            start_in(&tx, &actor, id, choice).await
        })
        .await
}

pub(super) async fn start_in(tx: &Tx, actor: &Actor, id: Id, choice: Choice) -> Result<Import> {
    actor.may(Permit::ImportsCreate)?;
    let import = find_in(tx, actor, id).await?;
    let mapping = choice.mapping.unwrap_or_else(|| import.mapping());
    mapping.resolve(&import.header())?;
    let owner = choice.owner_id.filter(|_| actor.can(Permit::LeadsAssign));
    if let Some(owner) = owner {
        let user = crate::staff::find_in(tx, owner).await;
        if !user.is_ok_and(|user| user.active) {
            return Err(Error::field("owner_id", "unknown_user"));
        }
    }
    let sql = "UPDATE import SET state = 'queued', mapping = $3, owner_id = $4 \
               WHERE tenant_id = $1 AND id = $2 AND state = 'mapping'";
    let values = vec![tx.tenant().0.into(), id.into(), json!(mapping).into(), owner.into()];
    if tx.run(sql, values).await? == 0 {
        return Err(Error::conflict("import_started"));
    }
    let job = NewJob::new("imports.run", format!("import/{id}"), vec![id]);
    enqueue(tx, job.priority(PRIORITY)).await?;
    let what = json!({"file": import.file_name, "rows": import.total});
    audit::record(tx, actor, "import.started", "import", id, what).await?;
    find_in(tx, actor, id).await
}
