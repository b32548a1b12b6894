//! A connected sheet's row, and whose it is: everybody's for managers and admins, a rep's own for the rep.

use chrono::{DateTime, Utc};
use platform::secrets::Place;
use platform::{Actor, App, Error, Id, Permit, Result, TenantId, Tx};
use sea_orm::{FromQueryResult, Value};
use serde::{Deserialize, Serialize};

use super::port::ServiceKey;
use crate::imports::sheet::Mapping;
use crate::leads::OnRepeat;

#[derive(Debug, Clone, FromQueryResult, Serialize, Deserialize)]
pub struct Sheet {
    pub id: Id,
    pub author_id: Id,
    /// The rep all of its leads go to, where whoever may assign chose one.
    pub owner_id: Option<Id>,
    pub title: String,
    pub spreadsheet: String,
    pub gid: i64,
    pub tab: String,
    /// The service account it is shared with.
    pub email: String,
    #[serde(skip)]
    pub key_sealed: String,
    pub header: serde_json::Value,
    pub mapping: serde_json::Value,
    /// Of rows that name no course.
    pub course_id: Option<Id>,
    pub on_duplicate: String,
    pub every_minutes: i32,
    /// mapping, active, paused, broken.
    pub state: String,
    /// Why the last reading did not end well.
    pub error: Option<String>,
    pub tries: i32,
    /// Which reading of the whole sheet this is, and the row it goes on from; 0 between readings.
    pub pass: i64,
    pub next_row: i64,
    /// Where this day's rows are counted.
    pub import_id: Option<Id>,
    /// Rows below the header at the last reading, and what became of all rows so far.
    pub seen: i64,
    pub created: i64,
    pub duplicates: i64,
    pub rejected: i64,
    pub synced_at: Option<DateTime<Utc>>,
    pub next_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
}

const COLUMNS: &str = "id, author_id, owner_id, title, spreadsheet, gid, tab, email, key_sealed, header, mapping, \
     course_id, on_duplicate, every_minutes, state, error, tries, pass, next_row, import_id, seen, created, \
     duplicates, rejected, synced_at, next_at, created_at";

/// More than anybody connects.
pub(super) const MOST: usize = 100;

impl Sheet {
    pub fn header(&self) -> Vec<String> {
        serde_json::from_value(self.header.clone()).unwrap_or_default()
    }

    pub fn mapping(&self) -> Mapping {
        serde_json::from_value(self.mapping.clone()).unwrap_or_default()
    }

    pub fn on_duplicate(&self) -> OnRepeat {
        OnRepeat::read(&self.on_duplicate).unwrap_or_default()
    }

    /// Where a person opens it.
    pub fn address(&self) -> String {
        format!(
            "https://docs.google.com/spreadsheets/d/{}/edit#gid={}",
            self.spreadsheet, self.gid
        )
    }

    pub(super) fn key(&self, app: &App, tenant: TenantId) -> Result<ServiceKey> {
        let text = app.secrets.open(&place(tenant, self.id), &self.key_sealed)?;
        serde_json::from_str(&text).map_err(Error::internal)
    }
}

pub(super) fn place(tenant: TenantId, sheet: Id) -> Place<'static> {
    Place {
        tenant,
        table: "connected_sheet",
        column: "key_sealed",
        row: sheet,
    }
}

/// The latest first.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<Sheet>> {
    let mut values: Vec<Value> = vec![actor.tenant_id().0.into()];
    let mut sql = format!("SELECT {COLUMNS} FROM connected_sheet WHERE tenant_id = $1");
    if let Some(author) = only(actor)? {
        values.push(author.into());
        sql.push_str(" AND author_id = $2");
    }
    sql.push_str(&format!(" ORDER BY created_at DESC, id DESC LIMIT {MOST}"));
    let read = async move |tx: Tx| tx.all(&sql, values).await;
    app.db.read(actor.tenant_id(), read).await
}

/// One that can no longer be read, until somebody mends it.
#[derive(Debug, FromQueryResult)]
pub struct Broken {
    pub id: Id,
    pub title: String,
    pub error: Option<String>,
}

/// The first few an actor is to be told of.
pub async fn broken(app: &App, actor: &Actor) -> Result<Vec<Broken>> {
    if !actor.can(Permit::ImportsCreate) && !actor.can(Permit::ImportsAll) {
        return Ok(Vec::new());
    }
    let author = only(actor)?;
    let mut sql = "SELECT id, title, error FROM connected_sheet WHERE tenant_id = $1 AND state = 'broken'".to_owned();
    let mut values: Vec<Value> = vec![actor.tenant_id().0.into()];
    if let Some(author) = author {
        values.push(author.into());
        sql.push_str(" AND author_id = $2");
    }
    sql.push_str(" ORDER BY created_at LIMIT 3");
    let read = async move |tx: Tx| tx.all(&sql, values).await;
    app.db.read(actor.tenant_id(), read).await
}

pub async fn find(app: &App, actor: &Actor, id: Id) -> Result<Sheet> {
    let (tenant, actor) = (actor.tenant_id(), actor.clone());
    let read = async move |tx: Tx| find_in(&tx, &actor, id).await;
    app.db.read(tenant, read).await
}

pub(super) async fn find_in(tx: &Tx, actor: &Actor, id: Id) -> Result<Sheet> {
    let author = only(actor)?;
    let sheet = load(tx, id).await?.ok_or(Error::NotFound)?;
    match author {
        Some(author) if sheet.author_id != author => Err(Error::NotFound),
        _ => Ok(sheet),
    }
}

pub(super) async fn load(tx: &Tx, id: Id) -> Result<Option<Sheet>> {
    let sql = format!("SELECT {COLUMNS} FROM connected_sheet WHERE tenant_id = $1 AND id = $2");
    tx.one(&sql, vec![tx.tenant().0.into(), id.into()]).await
}

fn only(actor: &Actor) -> Result<Option<Id>> {
    actor.may(Permit::ImportsCreate)?;
    if actor.can(Permit::ImportsAll) {
        return Ok(None);
    }
    actor.person().map(Some)
}
