//! Exports: a list is asked for as a file, a job writes it, and whoever asked downloads it while it is kept.

use chrono::{DateTime, Utc};
use platform::Id;
use platform::http::message;
use poem::Request;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};
use serde::{Deserialize, Serialize};
use serde_json::Map;
use workflows::exports::table::{Format, Separator};
use workflows::exports::{self, Wanted, What};
use workflows::{follow_ups, leads};

use crate::Area;
use crate::answer::{Accepted, Answer, Body, File};
use crate::idempotent::{KeyHeader, key};
use crate::leads_filter::LeadFilter;
use crate::page::Page;
use crate::security::Caller;

pub struct Operations;

#[OpenApi(tag = "Area::Exports")]
impl Operations {
    /// The caller's exports, newest first
    #[oai(path = "/exports", method = "get", operation_id = "list_exports")]
    async fn list(
        &self,
        caller: Caller,
        cursor: Query<Option<String>>,
        /// 1 to 200; 50 when absent.
        limit: Query<Option<u64>>,
    ) -> Answer<Body<Page<Export>>> {
        let page = exports::list(caller.app(), &caller.actor, cursor.0, limit.0).await?;
        Ok(Body(Page {
            items: page.items.into_iter().map(|export| shown(&caller, export)).collect(),
            next: page.next,
        }))
    }

    /// Asks for a list as a file
    #[oai(path = "/exports", method = "post", operation_id = "start_export")]
    async fn start(
        &self,
        caller: Caller,
        #[oai(name = "Idempotency-Key")] idempotency_key: KeyHeader,
        req: &Request,
        body: Json<NewExport>,
    ) -> Answer<Accepted<Export>> {
        let key = key(idempotency_key, req, &body.0)?;
        let mut filter = body.0.filter.unwrap_or_default();
        let ids = filter.ids.take().unwrap_or_default();
        let separator = body.0.separator.map(Separator::from);
        let wanted = Wanted {
            format: match body.0.format {
                FileFormat::Xlsx => Format::Xlsx,
                FileFormat::Csv => Format::Csv(separator.unwrap_or(Separator::usual(caller.actor.lang))),
            },
            what: match body.0.what {
                List::Leads => What::Leads(leads::Filter {
                    ids,
                    ..filter.leads.read(&caller).await?
                }),
                List::FollowUps => What::FollowUps(filter.follow_ups()),
                List::Team => What::Team,
            },
        };
        let export = exports::request(caller.app(), &caller.actor, wanted, key).await?;
        Ok(Accepted {
            location: format!("/api/v1/exports/{}", export.id),
            body: shown(&caller, export),
        })
    }

    /// How far an export is
    #[oai(path = "/exports/:id", method = "get", operation_id = "get_export")]
    async fn get(&self, caller: Caller, id: Path<Id>) -> Answer<Body<Export>> {
        let export = exports::find(caller.app(), &caller.actor, id.0).await?;
        Ok(Body(shown(&caller, export)))
    }

    /// Stops an export on its way
    #[oai(path = "/exports/:id", method = "delete", operation_id = "cancel_export")]
    async fn cancel(&self, caller: Caller, id: Path<Id>) -> Answer<Body<Export>> {
        let export = exports::cancel(caller.app(), &caller.actor, id.0).await?;
        Ok(Body(shown(&caller, export)))
    }

    /// The finished file
    #[oai(path = "/exports/:id/file", method = "get", operation_id = "download_export")]
    async fn download(&self, caller: Caller, id: Path<Id>) -> Answer<File> {
        let download = exports::open(caller.app(), &caller.actor, id.0).await?;
        let (app, actor) = (caller.app().clone(), caller.actor.clone());
        let (name, media_type, size) = (download.name.clone(), download.media_type, download.size);
        Ok(File {
            name,
            media_type,
            size,
            pieces: Box::new(move |at| {
                let (app, actor, download) = (app.clone(), actor.clone(), download.clone());
                Box::pin(async move { exports::piece(&app, &actor, &download, at).await })
            }),
        })
    }
}

#[derive(Object, Deserialize, Serialize)]
struct NewExport {
    what: List,
    format: FileFormat,
    /// Of csv; as spreadsheet programs of the caller's language expect when absent.
    separator: Option<CsvSeparator>,
    filter: Option<ExportFilter>,
}

#[derive(Enum, Clone, Copy, Deserialize, Serialize)]
#[oai(rename_all = "snake_case", rename = "ExportList")]
#[serde(rename_all = "snake_case")]
enum List {
    Leads,
    FollowUps,
    /// Today's numbers of everybody who works leads.
    Team,
}

#[derive(Enum, Clone, Copy, Deserialize, Serialize)]
#[oai(rename_all = "snake_case", rename = "ExportFormat")]
#[serde(rename_all = "snake_case")]
enum FileFormat {
    Xlsx,
    Csv,
}

#[derive(Enum, Clone, Copy, Deserialize, Serialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
enum CsvSeparator {
    Comma,
    Semicolon,
}

/// The same as the lists' own parameters.
#[derive(Object, Default, Deserialize, Serialize)]
#[oai(default)]
struct ExportFilter {
    #[oai(flatten)]
    #[serde(flatten)]
    leads: LeadFilter,
    /// Of leads: these alone, 200 at most.
    ids: Option<Vec<Id>>,
    /// Of follow-ups: today, overdue, open.
    view: Option<String>,
}

impl ExportFilter {
    fn follow_ups(self) -> follow_ups::Filter {
        follow_ups::Filter {
            view: match self.view.as_deref() {
                Some("overdue") => follow_ups::View::Overdue,
                Some("open") => follow_ups::View::Open,
                _ => follow_ups::View::Today,
            },
            owner: self.leads.owner_id,
            ..follow_ups::Filter::default()
        }
    }
}

impl From<CsvSeparator> for Separator {
    fn from(separator: CsvSeparator) -> Self {
        match separator {
            CsvSeparator::Comma => Separator::Comma,
            CsvSeparator::Semicolon => Separator::Semicolon,
        }
    }
}

#[derive(Object, Serialize)]
struct Export {
    id: Id,
    what: String,
    /// xlsx, csv_semicolon or csv_comma.
    format: String,
    /// queued, running, done or failed.
    state: String,
    /// Rows that matched when it was asked for.
    total: i64,
    /// Rows written so far.
    rows: i64,
    /// Bytes of the finished file.
    size: Option<i64>,
    /// Where the file is, while it is kept.
    file: Option<String>,
    error: Option<Failure>,
    created_at: DateTime<Utc>,
    finished_at: Option<DateTime<Utc>>,
    expires_at: Option<DateTime<Utc>>,
}

#[derive(Object, Serialize)]
#[oai(rename = "ExportFailure")]
struct Failure {
    code: String,
    message: String,
}

fn shown(caller: &Caller, export: exports::Export) -> Export {
    let ready = export.is_ready(caller.app().clock.now());
    let failure = |code: String| Failure {
        message: message(caller.actor.lang, &code, &Map::new()),
        code,
    };
    Export {
        file: ready.then(|| format!("/api/v1/exports/{}/file", export.id)),
        id: export.id,
        what: export.what,
        format: export.format,
        state: export.state,
        total: export.total,
        rows: export.rows,
        size: export.size,
        error: export.error.map(failure),
        created_at: export.created_at,
        finished_at: export.finished_at,
        expires_at: export.expires_at,
    }
}
