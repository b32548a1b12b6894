//! Imports: a table comes in, its rows become leads in a job; what was not taken is listed and can be downloaded.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use platform::http::message;
use platform::{Error, Id};
use poem::Request;
use poem_openapi::param::{Path, Query};
use poem_openapi::types::multipart::Upload;
use poem_openapi::{Enum, Multipart, Object, OpenApi};
use serde::Serialize;
use serde_json::{Map, json};
use sha2::{Digest, Sha256};
use workflows::imports::sheet::Mapping;
use workflows::imports::{self, Choice, Kind};
use workflows::leads::OnRepeat;

use crate::Area;
use crate::answer::{Accepted, Answer, Body, Csv};
use crate::idempotent::{KeyHeader, key};
use crate::page::Page;
use crate::security::Caller;

/// Rows of one import listed with it; the rest under `/imports/{id}/rows`.
const LISTED: u64 = 1000;

pub struct Operations;

#[OpenApi(tag = "Area::Imports")]
impl Operations {
    /// Imports the caller may see, newest first
    #[oai(path = "/imports", method = "get", operation_id = "list_imports")]
    async fn list(
        &self,
        caller: Caller,
        cursor: Query<Option<String>>,
        /// 1 to 200; 50 when absent.
        limit: Query<Option<u64>>,
    ) -> Answer<Body<Page<Import>>> {
        let page = imports::list(caller.app(), &caller.actor, cursor.0, limit.0).await?;
        let items = page.items.into_iter().map(|import| shown(&caller, import, Vec::new()));
        Ok(Body(Page {
            items: items.collect(),
            next: page.next,
        }))
    }

    /// Uploads a table (xlsx, xls, ods, csv) and starts importing it
    #[oai(path = "/imports", method = "post", operation_id = "start_import")]
    async fn start(
        &self,
        caller: Caller,
        #[oai(name = "Idempotency-Key")] idempotency_key: KeyHeader,
        req: &Request,
        body: NewImport,
    ) -> Answer<Accepted<Started>> {
        let name = body.file.file_name().unwrap_or_default().to_owned();
        let bytes = body.file.into_vec().await.map_err(Error::internal)?;
        let asked = json!({
            "file": format!("{:x}", Sha256::digest(&bytes)), "mapping": body.mapping, "owner_id": body.owner_id,
            "on_duplicate": body.on_duplicate, "choices": body.choices,
        });
        let key = key(idempotency_key, req, &asked)?;
        let choice = Choice {
            mapping: body
                .mapping
                .as_deref()
                .filter(|text| !text.trim().is_empty())
                .map(mapping)
                .transpose()?,
            owner_id: body
                .owner_id
                .as_deref()
                .filter(|text| !text.is_empty())
                .map(owner)
                .transpose()?,
            on_duplicate: body.on_duplicate.as_deref().map_or(Ok(OnRepeat::Skip), wish)?,
            rows: body.choices.as_deref().map_or(Ok(BTreeMap::new()), choices)?,
        };
        let import = imports::upload_and_start(&caller.desk, &caller.actor, &name, bytes, choice, key).await?;
        Ok(Accepted {
            location: format!("/api/v1/imports/{}", import.id),
            body: Started { id: import.id },
        })
    }

    /// How far an import is, with the first 1,000 rows it could not take
    #[oai(path = "/imports/:id", method = "get", operation_id = "get_import")]
    async fn get(&self, caller: Caller, id: Path<Id>) -> Answer<Body<Import>> {
        let import = imports::find(caller.app(), &caller.actor, id.0).await?;
        let rejected = imports::skipped(caller.app(), &caller.actor, id.0, Kind::Rejected, 0, LISTED).await?;
        let errors = rejected.into_iter().map(Skipped::from).collect();
        Ok(Body(shown(&caller, import, errors)))
    }

    /// Stops an import between two chunks; the leads it has made stay
    #[oai(path = "/imports/:id", method = "delete", operation_id = "cancel_import")]
    async fn cancel(&self, caller: Caller, id: Path<Id>) -> Answer<Body<Import>> {
        let import = imports::cancel(caller.app(), &caller.actor, id.0).await?;
        Ok(Body(shown(&caller, import, Vec::new())))
    }

    /// Takes an import back: its leads go, except those somebody has worked on since
    #[oai(path = "/imports/:id/reversal", method = "post", operation_id = "undo_import")]
    async fn undo(&self, caller: Caller, id: Path<Id>) -> Answer<Accepted<Import>> {
        let import = imports::undo(caller.app(), &caller.actor, id.0).await?;
        Ok(Accepted {
            location: format!("/api/v1/imports/{}", import.id),
            body: shown(&caller, import, Vec::new()),
        })
    }

    /// Leads that stayed when an import was taken back: somebody had worked on them
    #[oai(path = "/imports/:id/kept", method = "get", operation_id = "list_import_kept")]
    async fn kept(
        &self,
        caller: Caller,
        id: Path<Id>,
        /// The `next` of the page before.
        cursor: Query<Option<String>>,
    ) -> Answer<Body<Page<Kept>>> {
        let after = cursor.0.as_deref().map(str::parse).transpose();
        let after = after.map_err(|_| Error::field("cursor", "bad_cursor"))?;
        let rows = imports::kept(caller.app(), &caller.actor, id.0, after).await?;
        let next = rows
            .last()
            .filter(|_| rows.len() == 200)
            .map(|lead| lead.id.to_string());
        let items = rows.into_iter().map(|lead| Kept {
            id: lead.id,
            name: lead.name,
            phone: lead.phone,
            status: lead.status,
            owner_id: lead.owner_id,
        });
        Ok(Body(Page {
            items: items.collect(),
            next,
        }))
    }

    /// Rows an import did not take, in the file's order
    #[oai(path = "/imports/:id/rows", method = "get", operation_id = "list_import_rows")]
    async fn rows(
        &self,
        caller: Caller,
        id: Path<Id>,
        kind: Query<RowKind>,
        /// The `next` of the page before.
        cursor: Query<Option<String>>,
        /// 1 to 1,000; 200 when absent.
        limit: Query<Option<u64>>,
    ) -> Answer<Body<Page<Skipped>>> {
        let after = match &cursor.0 {
            Some(text) => text.parse().map_err(|_| Error::field("cursor", "bad_cursor"))?,
            None => 0,
        };
        let limit = limit.0.unwrap_or(200).clamp(1, 1000);
        let rows = imports::skipped(caller.app(), &caller.actor, id.0, kind.0.into(), after, limit).await?;
        let full = rows.len() as u64 == limit;
        let next = rows.last().filter(|_| full).map(|row| row.row.to_string());
        Ok(Body(Page {
            items: rows.into_iter().map(Skipped::from).collect(),
            next,
        }))
    }

    /// The same rows as csv, with the reason in the last column: to mend and upload again
    #[oai(
        path = "/imports/:id/rows.csv",
        method = "get",
        operation_id = "download_import_rows"
    )]
    async fn download(&self, caller: Caller, id: Path<Id>, kind: Query<RowKind>) -> Answer<Csv> {
        let kind: Kind = kind.0.into();
        let bytes = imports::download(&caller.desk, &caller.actor, id.0, kind).await?;
        let name = if kind == Kind::Rejected {
            "rejected.csv"
        } else {
            "duplicates.csv"
        };
        Ok(Csv { name, bytes })
    }
}

#[derive(Multipart)]
struct NewImport {
    file: Upload,
    /// JSON: field → column title or place from 0, such as `{"phone": "Telefon", "name": 0, "custom.level": 2}`; guessed when absent.
    mapping: Option<String>,
    /// One rep for all of its leads, for who may assign.
    owner_id: Option<String>,
    /// What becomes of a row whose phone is here already: `skip` (when absent), `update` (fills what the known lead
    /// lacks) or `link` (a lead of its own, of the same family, unless the name is the same too).
    on_duplicate: Option<String>,
    /// JSON: rows dealt with in another way, such as `{"17": "link"}`; a row is what stands beside it in a
    /// spreadsheet program.
    choices: Option<String>,
}

#[derive(Object, Serialize)]
struct Started {
    id: Id,
}

#[derive(Object, Serialize)]
struct Import {
    id: Id,
    file_name: String,
    /// queued, running, done or failed; undoing and undone when taken back; `mapping` while a person settles the columns in the portal.
    state: String,
    rows: i64,
    /// Rows dealt with so far.
    position: i64,
    created: i64,
    duplicates: i64,
    rejected: i64,
    /// Of the duplicates, those a known lead was filled in from.
    updated: i64,
    /// Of the created, those that share a phone with a known lead.
    linked: i64,
    /// After it was taken back: leads that went, and those that stayed.
    removed: i64,
    kept: i64,
    on_duplicate: String,
    undone_at: Option<DateTime<Utc>>,
    errors: Vec<Skipped>,
    /// Why it failed.
    error: Option<Failure>,
    author_id: Option<Id>,
    owner_id: Option<Id>,
    created_at: DateTime<Utc>,
    finished_at: Option<DateTime<Utc>>,
}

#[derive(Object, Serialize)]
#[oai(rename = "ImportFailure")]
struct Failure {
    code: String,
    message: String,
}

#[derive(Object, Serialize)]
#[oai(rename = "ImportRow")]
struct Skipped {
    /// What stands beside the row in a spreadsheet program.
    row: i64,
    code: String,
    field: Option<String>,
    message: String,
    /// The lead that was there first, for who may see it.
    lead_id: Option<Id>,
    cells: Vec<String>,
}

#[derive(Object, Serialize)]
#[oai(rename = "ImportKept")]
struct Kept {
    id: Id,
    name: String,
    phone: Option<String>,
    status: String,
    owner_id: Option<Id>,
}

#[derive(Enum, Clone, Copy)]
#[oai(rename_all = "snake_case")]
enum RowKind {
    Rejected,
    Duplicates,
}

fn mapping(text: &str) -> Result<Mapping, Error> {
    serde_json::from_str(text).map_err(|_| Error::field("mapping", "bad_mapping"))
}

fn wish(text: &str) -> Result<OnRepeat, Error> {
    OnRepeat::read(text).ok_or_else(|| Error::field("on_duplicate", "bad_choice"))
}

fn choices(text: &str) -> Result<BTreeMap<i64, OnRepeat>, Error> {
    if text.trim().is_empty() {
        return Ok(BTreeMap::new());
    }
    serde_json::from_str(text).map_err(|_| Error::field("choices", "bad_choice"))
}

fn owner(text: &str) -> Result<Id, Error> {
    text.parse().map_err(|_| Error::field("owner_id", "unknown_user"))
}

fn shown(caller: &Caller, import: imports::Import, errors: Vec<Skipped>) -> Import {
    let error = import.error.map(|code| Failure {
        message: message(caller.actor.lang, &code, &Map::new()),
        code,
    });
    Import {
        id: import.id,
        file_name: import.file_name,
        state: import.state,
        rows: import.total,
        position: import.position,
        created: import.created,
        duplicates: import.duplicates,
        rejected: import.rejected,
        updated: import.updated,
        linked: import.linked,
        removed: import.removed,
        kept: import.kept,
        on_duplicate: import.on_duplicate,
        undone_at: import.undone_at,
        errors,
        error,
        author_id: import.author_id,
        owner_id: import.owner_id,
        created_at: import.created_at,
        finished_at: import.finished_at,
    }
}

impl From<imports::Skipped> for Skipped {
    fn from(row: imports::Skipped) -> Self {
        Skipped {
            row: row.row,
            code: row.code,
            field: row.field,
            message: row.message,
            lead_id: row.lead_id,
            cells: row.cells,
        }
    }
}

impl From<RowKind> for Kind {
    fn from(kind: RowKind) -> Self {
        match kind {
            RowKind::Rejected => Kind::Rejected,
            RowKind::Duplicates => Kind::Duplicates,
        }
    }
}
