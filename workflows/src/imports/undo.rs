//! An import is taken back: the leads it made go with their follow-ups, and what it filled in is emptied again, except
//! where somebody has worked on them since. Those stay and are listed.

use std::collections::HashMap;

use platform::auth::as_user;
use platform::db::{insert, list as places};
use platform::jobs::{Job, NewJob, enqueue, finish_in, hold_in};
use platform::{Actor, App, Error, Id, Permit, Result, Tx, audit};
use sea_orm::{FromQueryResult, Value};
use serde::Serialize;
use serde_json::{Map, json};

use super::import::{Import, find_in, load};
use super::start::PRIORITY;
use crate::leads::{Filled, empty_again_in, withdraw_untouched_in};
use crate::ports::Desk;

const CHUNK: usize = 500;

/// A lead that stayed.
#[derive(Debug, Clone, FromQueryResult, Serialize)]
pub struct Kept {
    pub id: Id,
    pub name: String,
    pub phone: Option<String>,
    pub status: String,
    pub owner_id: Option<Id>,
}

/// Begins to take an import back.
pub async fn undo(app: &App, actor: &Actor, id: Id) -> Result<Import> {
    actor.may(Permit::ImportsCreate)?;
    let actor = actor.clone();
    app.db
        .write(actor.tenant_id(), async move |tx: Tx| {
            let import = find_in(&tx, &actor, id).await?;
            let sql = "UPDATE import SET state = 'undoing', undone_at = $3 WHERE tenant_id = $1 AND id = $2 \
                       AND state IN ('done', 'failed') AND created + updated > 0";
            let values = vec![tx.tenant().0.into(), id.into(), tx.now().into()];
            if tx.run(sql, values).await? == 0 {
                return Err(Error::conflict("import_not_undoable"));
            }
            // Named by whoever asked: the job acts in their name.
            let again = tx.now().timestamp_micros();
            let job = NewJob::new(
                "imports.undo",
                format!("import/{id}/undo/{again}"),
                vec![id, actor.user.unwrap_or(id)],
            );
            enqueue(&tx, job.priority(PRIORITY)).await?;
            let what = json!({"file": import.file_name, "created": import.created});
            audit::record(&tx, &actor, "import.undone", "import", id, what).await?;
            find_in(&tx, &actor, id).await
        })
        .await
}

/// The leads that stayed when an import was taken back, in the order they came; at most 200 after a given one.
pub async fn kept(app: &App, actor: &Actor, id: Id, after: Option<Id>) -> Result<Vec<Kept>> {
    let actor = actor.clone();
    app.db
        .read(actor.tenant_id(), async move |tx: Tx| {
            find_in(&tx, &actor, id).await?;
            let mut values: Vec<Value> = vec![tx.tenant().0.into(), id.into()];
            let mut sql =
                "SELECT id, name, phone, status, owner_id FROM lead WHERE tenant_id = $1 AND import_id = $2 AND deleted_at IS NULL".to_owned();
            if !actor.can(Permit::LeadsAll) {
                values.push(actor.person()?.into());
                sql.push_str(&format!(" AND owner_id = ${}", values.len()));
            }
            if let Some(after) = after {
                values.push(after.into());
                sql.push_str(&format!(" AND id > ${}", values.len()));
            }
            tx.all(&format!("{sql} ORDER BY id LIMIT 200"), values).await
        })
        .await
}

/// The job: chunk by chunk, each a commit. What is gone is gone, so another attempt simply goes on.
pub async fn run_undo(desk: &Desk, job: &Job) -> Result<()> {
    let [id, user] = job.ids[..] else { return Ok(()) };
    let app = &desk.app;
    let tenant = app.tenants.by_id(job.tenant).await?;
    let import = app.db.read(job.tenant, async move |tx: Tx| load(&tx, id).await).await?;
    if import.is_none_or(|import| import.state != "undoing") {
        return Ok(());
    }
    let actor = as_user(app, &tenant, user)
        .await?
        .unwrap_or_else(|| Actor::system(tenant));
    let leads = app
        .db
        .read(job.tenant, async move |tx: Tx| all_of(&tx, id).await)
        .await?;
    for chunk in leads.chunks(CHUNK) {
        let (job, actor, chunk) = (job.clone(), actor.clone(), chunk.to_vec());
        app.db
            .write(job.tenant, async move |tx: Tx| {
                hold_in(&tx, &job).await?;
                let gone = withdraw_untouched_in(&tx, &actor, id, &chunk).await?;
                let sql = "UPDATE import SET removed = removed + $3 WHERE tenant_id = $1 AND id = $2";
                tx.run(sql, vec![tx.tenant().0.into(), id.into(), (gone as i64).into()])
                    .await
            })
            .await?;
    }
    while empty_some(desk, job, &actor, id).await? {}
    let job = job.clone();
    app.db
        .write(job.tenant, async move |tx: Tx| {
            let sql = "UPDATE import SET state = 'undone', kept = kept + (SELECT COUNT(*) FROM lead AS l \
                       WHERE l.tenant_id = $1 AND l.import_id = $2 AND l.deleted_at IS NULL) WHERE tenant_id = $1 AND id = $2 \
                       AND state = 'undoing'";
            tx.run(sql, vec![tx.tenant().0.into(), id.into()]).await?;
            finish_in(&tx, &job).await
        })
        .await
}

/// What a chunk filled in, so that it can be emptied again. A lead filled twice in a row is emptied as one.
pub(super) async fn keep_fills(tx: &Tx, import: Id, fills: Vec<Filled>) -> Result<()> {
    if fills.is_empty() {
        return Ok(());
    }
    let mut whole: HashMap<Id, Fill> = known(tx, import, &fills).await?;
    for filled in fills {
        let mut fields = filled.fields;
        if let Some(before) = whole.remove(&filled.id).filter(|before| before.version == filled.from) {
            fields = merged(before.fields, fields);
        }
        let fields = serde_json::Value::Object(fields);
        whole.insert(
            filled.id,
            Fill {
                lead_id: filled.id,
                fields,
                version: filled.version,
            },
        );
    }
    let rows = whole.into_values().map(|fill| {
        vec![
            tx.tenant().0.into(),
            import.into(),
            fill.lead_id.into(),
            fill.fields.into(),
            fill.version.into(),
        ]
    });
    let tail = "ON CONFLICT (tenant_id, import_id, lead_id) DO UPDATE SET fields = excluded.fields, \
                version = excluded.version";
    let columns = "tenant_id, import_id, lead_id, fields, version";
    insert(tx, "import_fill", columns, rows.collect(), tail).await?;
    Ok(())
}

#[derive(FromQueryResult)]
struct Fill {
    lead_id: Id,
    fields: serde_json::Value,
    version: i64,
}

async fn known(tx: &Tx, import: Id, fills: &[Filled]) -> Result<HashMap<Id, Fill>> {
    let mut values: Vec<Value> = vec![tx.tenant().0.into(), import.into()];
    values.extend(fills.iter().map(|filled| Value::from(filled.id)));
    let sql = format!(
        "SELECT lead_id, fields, version FROM import_fill WHERE tenant_id = $1 AND import_id = $2 AND lead_id IN ({})",
        places(3, fills.len())
    );
    let rows: Vec<Fill> = tx.all(&sql, values).await?;
    Ok(rows.into_iter().map(|row| (row.lead_id, row)).collect())
}

/// Custom fields are put together one by one, the others stand for themselves.
fn merged(before: serde_json::Value, after: Map<String, serde_json::Value>) -> Map<String, serde_json::Value> {
    let mut whole = before.as_object().cloned().unwrap_or_default();
    for (field, value) in after {
        match (whole.get_mut(&field).and_then(serde_json::Value::as_object_mut), value) {
            (Some(known), serde_json::Value::Object(more)) => known.extend(more),
            (_, value) => {
                whole.insert(field, value);
            }
        }
    }
    whole
}

async fn all_of(tx: &Tx, import: Id) -> Result<Vec<Id>> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Id,
    }
    let sql = "SELECT id FROM lead WHERE tenant_id = $1 AND import_id = $2";
    let rows: Vec<Row> = tx.all(sql, vec![tx.tenant().0.into(), import.into()]).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Empties a chunk of what was filled in. Returns whether there may be more.
async fn empty_some(desk: &Desk, job: &Job, actor: &Actor, id: Id) -> Result<bool> {
    let (job, actor) = (job.clone(), actor.clone());
    desk.app
        .db
        .write(job.tenant, async move |tx: Tx| {
            hold_in(&tx, &job).await?;
            let sql = format!(
                "SELECT lead_id, fields, version FROM import_fill WHERE tenant_id = $1 AND import_id = $2 \
                 ORDER BY lead_id LIMIT {CHUNK}"
            );
            let fills: Vec<Fill> = tx.all(&sql, vec![tx.tenant().0.into(), id.into()]).await?;
            if fills.is_empty() {
                return Ok(false);
            }
            let ids: Vec<Id> = fills.iter().map(|fill| fill.lead_id).collect();
            let fills = fills.into_iter().map(|fill| {
                (
                    fill.lead_id,
                    fill.fields.as_object().cloned().unwrap_or_default(),
                    fill.version,
                )
            });
            let changed = empty_again_in(&tx, &actor, id, fills.collect()).await?;
            let mut values: Vec<Value> = vec![tx.tenant().0.into(), id.into()];
            values.extend(ids.iter().map(|id| Value::from(*id)));
            let sql = format!(
                "DELETE FROM import_fill WHERE tenant_id = $1 AND import_id = $2 AND lead_id IN ({})",
                places(3, ids.len())
            );
            tx.run(&sql, values).await?;
            let sql = "UPDATE import SET kept = kept + $3 WHERE tenant_id = $1 AND id = $2";
            tx.run(sql, vec![tx.tenant().0.into(), id.into(), (changed as i64).into()])
                .await?;
            Ok(true)
        })
        .await
}
