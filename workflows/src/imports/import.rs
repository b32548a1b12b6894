//! An import's row: where it stands, and whose it is.

use chrono::{DateTime, Utc};
use platform::jobs::under_way;
use platform::{Actor, App, Error, Id, Permit, Result, Tx, audit};
use sea_orm::{FromQueryResult, Value};
use serde::{Deserialize, Serialize};

use super::sheet::Mapping;
use crate::cursor;
use crate::leads::OnRepeat;

#[derive(Debug, Clone, FromQueryResult, Serialize, Deserialize)]
pub struct Import {
    pub id: Id,
    pub file_id: Id,
    pub file_name: String,
    pub format: String,
    pub sheet: Option<String>,
    pub author_id: Option<Id>,
    /// The rep all of its leads go to, where whoever may assign chose one.
    pub owner_id: Option<Id>,
    /// mapping, queued, running, done, failed; undoing, undone.
    pub state: String,
    pub header: serde_json::Value,
    pub mapping: serde_json::Value,
    /// Rows below the header, and how many of them are dealt with.
    pub total: i64,
    pub position: i64,
    pub created: i64,
    pub duplicates: i64,
    pub rejected: i64,
    /// What becomes of a row whose phone is here already, where nothing else was chosen for it: skip, update, link.
    pub on_duplicate: String,
    /// Of the duplicates, those a known lead took something from; of the created, those that share a phone.
    pub updated: i64,
    pub linked: i64,
    /// After it was taken back: leads that went, and those that stayed because somebody had touched them.
    pub removed: i64,
    pub kept: i64,
    pub undone_at: Option<DateTime<Utc>>,
    /// Why it failed.
    pub error: Option<String>,
    pub created_at: DateTime<Utc>,
    pub finished_at: Option<DateTime<Utc>>,
}

pub(super) const COLUMNS: &str = "id, file_id, file_name, format, sheet, author_id, owner_id, state, header, \
     mapping, total, position, created, duplicates, rejected, on_duplicate, updated, linked, removed, kept, undone_at, \
     error, created_at, finished_at";

impl Import {
    pub fn header(&self) -> Vec<String> {
        serde_json::from_value(self.header.clone()).unwrap_or_default()
    }

    pub fn mapping(&self) -> Mapping {
        serde_json::from_value(self.mapping.clone()).unwrap_or_default()
    }

    pub fn is_open(&self) -> bool {
        matches!(self.state.as_str(), "queued" | "running")
    }

    /// Over, with something to take back.
    pub fn can_be_undone(&self) -> bool {
        matches!(self.state.as_str(), "done" | "failed") && (self.created > 0 || self.updated > 0)
    }

    pub fn on_duplicate(&self) -> OnRepeat {
        OnRepeat::read(&self.on_duplicate).unwrap_or_default()
    }
}

#[derive(Debug, Serialize)]
pub struct Page {
    pub items: Vec<Import>,
    pub next: Option<String>,
}

/// The latest first: everybody's for managers and admins, a rep's own for the rep.
pub async fn list(app: &App, actor: &Actor, cursor: Option<String>, limit: Option<u64>) -> Result<Page> {
    let limit = limit.unwrap_or(50).clamp(1, 200);
    let mut values: Vec<Value> = vec![actor.tenant_id().0.into()];
    let mut sql = format!("SELECT {COLUMNS} FROM import WHERE tenant_id = $1");
    if let Some(author) = only(actor)? {
        values.push(author.into());
        sql.push_str(&format!(" AND author_id = ${}", values.len()));
    }
    if let Some(cursor) = cursor {
        let (at, id) = cursor::read(&cursor)?;
        values.extend([at.into(), id.into()]);
        let last = values.len();
        sql.push_str(&format!(" AND (created_at, id) < (${}, ${last})", last - 1));
    }
    sql.push_str(&format!(" ORDER BY created_at DESC, id DESC LIMIT {}", limit + 1));
    let mut items: Vec<Import> = app
        .db
        .read(actor.tenant_id(), async move |tx: Tx| tx.all(&sql, values).await)
        .await?;
    let more = items.len() as u64 > limit;
    items.truncate(limit as usize);
    let last = items.last().filter(|_| more);
    let next = last.map(|import| cursor::write(import.created_at, import.id));
    Ok(Page { items, next })
}

pub async fn find(app: &App, actor: &Actor, id: Id) -> Result<Import> {
    let actor = actor.clone();
    app.db
        .read(actor.tenant_id(), async move |tx: Tx| find_in(&tx, &actor, id).await)
        .await
}

pub(super) async fn find_in(tx: &Tx, actor: &Actor, id: Id) -> Result<Import> {
    let author = only(actor)?;
    let import = load(tx, id).await?.ok_or(Error::NotFound)?;
    match author {
        Some(author) if import.author_id != Some(author) => Err(Error::NotFound),
        _ => Ok(import),
    }
}

pub(super) async fn load(tx: &Tx, id: Id) -> Result<Option<Import>> {
    let sql = format!("SELECT {COLUMNS} FROM import WHERE tenant_id = $1 AND id = $2");
    tx.one(&sql, vec![tx.tenant().0.into(), id.into()]).await
}

/// Stops an import between two chunks; the leads it has made stay.
pub async fn cancel(app: &App, actor: &Actor, id: Id) -> Result<Import> {
    actor.may(Permit::ImportsCreate)?;
    let actor = actor.clone();
    app.db
        .write(actor.tenant_id(), async move |tx: Tx| {
            find_in(&tx, &actor, id).await?;
            if !fail_in(&tx, id, "import_canceled").await? {
                return Err(Error::conflict("import_finished"));
            }
            audit::record(&tx, &actor, "import.canceled", "import", id, serde_json::json!({})).await?;
            find_in(&tx, &actor, id).await
        })
        .await
}

/// Ends an import that is not over yet. Returns whether it was so.
pub(super) async fn fail_in(tx: &Tx, id: Id, code: &str) -> Result<bool> {
    let sql = "UPDATE import SET state = 'failed', error = $3, finished_at = $4 \
               WHERE tenant_id = $1 AND id = $2 AND state IN ('mapping', 'queued', 'running')";
    let values = vec![tx.tenant().0.into(), id.into(), code.into(), tx.now().into()];
    Ok(tx.run(sql, values).await? == 1)
}

/// What was not taken back whole can be tried again.
async fn back_in(tx: &Tx, id: Id) -> Result<bool> {
    let sql = "UPDATE import SET state = 'done' WHERE tenant_id = $1 AND id = $2 AND state = 'undoing'";
    Ok(tx.run(sql, vec![tx.tenant().0.into(), id.into()]).await? == 1)
}

/// Ends imports whose job was put away: whatever broke it would break it again. Returns how many.
pub(crate) async fn close_broken(tx: &Tx) -> Result<usize> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Id,
    }
    let sql = "SELECT id FROM import WHERE tenant_id = $1 AND state IN ('queued', 'running', 'undoing')";
    let open: Vec<Row> = tx.all(sql, vec![tx.tenant().0.into()]).await?;
    if open.is_empty() {
        return Ok(0);
    }
    let alive = under_way(tx, "import").await?;
    let mut closed = 0;
    for Row { id } in open.into_iter().filter(|row| !alive.contains(&row.id)) {
        closed += usize::from(fail_in(tx, id, "import_broken").await? || back_in(tx, id).await?);
    }
    Ok(closed)
}

/// Whose imports an actor sees: everybody's (`None`), or the own ones.
fn only(actor: &Actor) -> Result<Option<Id>> {
    if actor.can(Permit::ImportsAll) {
        return Ok(None);
    }
    actor.may(Permit::ImportsCreate)?;
    actor.person().map(Some)
}
