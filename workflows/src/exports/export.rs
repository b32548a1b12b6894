//! An export's row: what was asked for, and how far it is. Everybody sees the own ones only.

use chrono::{DateTime, Utc};
use platform::locale::Lang;
use platform::{Actor, App, Error, Id, Permit, Result, Tx};
use sea_orm::{FromQueryResult, Value};
use serde::{Deserialize, Serialize};

use super::table::Format;
use crate::cursor;

#[derive(Debug, Clone, FromQueryResult, Serialize, Deserialize)]
pub struct Export {
    pub id: Id,
    pub author_id: Id,
    /// leads, follow_ups, team.
    pub what: String,
    pub filter: serde_json::Value,
    /// xlsx, csv_semicolon, csv_comma.
    pub format: String,
    pub locale: String,
    /// queued, running, done, failed.
    pub state: String,
    /// Rows that matched when it was asked for, and those written so far.
    pub total: i64,
    pub rows: i64,
    pub file_id: Option<Id>,
    pub size: Option<i64>,
    pub error: Option<String>,
    pub created_at: DateTime<Utc>,
    pub finished_at: Option<DateTime<Utc>>,
    /// The file is kept until then.
    pub expires_at: Option<DateTime<Utc>>,
}

pub(super) const COLUMNS: &str = "id, author_id, what, filter, format, locale, state, total, rows, file_id, size, \
     error, created_at, finished_at, expires_at";

impl Export {
    pub fn is_open(&self) -> bool {
        matches!(self.state.as_str(), "queued" | "running")
    }

    /// There is a file, still.
    pub fn is_ready(&self, now: DateTime<Utc>) -> bool {
        self.state == "done" && self.expires_at.is_some_and(|end| end > now)
    }

    pub fn lang(&self) -> Lang {
        self.locale.parse().unwrap_or_default()
    }

    pub fn format(&self) -> Result<Format> {
        Format::read(&self.format, self.lang()).ok_or_else(|| Error::internal("an export in no format"))
    }

    /// What the file is called: `leads-2026-11-20.xlsx`.
    pub fn file_name(&self, actor: &Actor) -> String {
        let day = actor.tenant.local_date(self.created_at);
        let ending = if self.format == "xlsx" { "xlsx" } else { "csv" };
        format!("{}-{day}.{ending}", self.what.replace('_', "-"))
    }
}

#[derive(Debug, Serialize)]
pub struct Page {
    pub items: Vec<Export>,
    pub next: Option<String>,
}

/// The actor's own, the latest first.
pub async fn list(app: &App, actor: &Actor, cursor: Option<String>, limit: Option<u64>) -> Result<Page> {
    actor.may(Permit::Exports)?;
    let limit = limit.unwrap_or(50).clamp(1, 200);
    let mut values: Vec<Value> = vec![actor.tenant_id().0.into(), actor.person()?.into()];
    let mut sql = format!("SELECT {COLUMNS} FROM export WHERE tenant_id = $1 AND author_id = $2");
    if let Some(cursor) = cursor {
        let (at, id) = cursor::read(&cursor)?;
        values.extend([at.into(), id.into()]);
        sql.push_str(" AND (created_at, id) < ($3, $4)");
    }
    sql.push_str(&format!(" ORDER BY created_at DESC, id DESC LIMIT {}", limit + 1));
    let read = async move |tx: Tx| tx.all(&sql, values).await;
    let mut items: Vec<Export> = app.db.read(actor.tenant_id(), read).await?;
    let more = items.len() as u64 > limit;
    items.truncate(limit as usize);
    let last = items.last().filter(|_| more);
    let next = last.map(|export| cursor::write(export.created_at, export.id));
    Ok(Page { items, next })
}

pub async fn find(app: &App, actor: &Actor, id: Id) -> Result<Export> {
    let (tenant, actor) = (actor.tenant_id(), actor.clone());
    let read = async move |tx: Tx| find_in(&tx, &actor, id).await;
    app.db.read(tenant, read).await
}

pub(super) async fn find_in(tx: &Tx, actor: &Actor, id: Id) -> Result<Export> {
    actor.may(Permit::Exports)?;
    let author = actor.person()?;
    let export = load(tx, id).await?.ok_or(Error::NotFound)?;
    if export.author_id == author {
        Ok(export)
    } else {
        Err(Error::NotFound)
    }
}

pub(super) async fn load(tx: &Tx, id: Id) -> Result<Option<Export>> {
    let sql = format!("SELECT {COLUMNS} FROM export WHERE tenant_id = $1 AND id = $2");
    tx.one(&sql, vec![tx.tenant().0.into(), id.into()]).await
}

/// Stops an export on its way.
pub async fn cancel(app: &App, actor: &Actor, id: Id) -> Result<Export> {
    let actor = actor.clone();
    app.db
        .write(actor.tenant_id(), async move |tx: Tx| {
            find_in(&tx, &actor, id).await?;
            if !fail_in(&tx, id, "export_canceled").await? {
                return Err(Error::conflict("export_finished"));
            }
            find_in(&tx, &actor, id).await
        })
        .await
}

/// Ends an export that is not over yet. Returns whether it was so.
pub(super) async fn fail_in(tx: &Tx, id: Id, code: &str) -> Result<bool> {
    let sql = "UPDATE export SET state = 'failed', error = $3, finished_at = $4 \
               WHERE tenant_id = $1 AND id = $2 AND state IN ('queued', 'running')";
    let values = vec![tx.tenant().0.into(), id.into(), code.into(), tx.now().into()];
    Ok(tx.run(sql, values).await? == 1)
}

/// Ends exports whose job was put away.
pub async fn close_broken(tx: &Tx) -> Result<()> {
    let sql = "UPDATE export SET state = 'failed', error = 'export_broken', finished_at = $2 \
               WHERE tenant_id = $1 AND state IN ('queued', 'running') AND NOT EXISTS (SELECT 1 FROM job AS j \
               WHERE j.tenant_id = $1 AND j.kind = 'exports.run' AND j.state IN ('ready', 'running'))";
    tx.run(sql, vec![tx.tenant().0.into(), tx.now().into()]).await?;
    Ok(())
}
