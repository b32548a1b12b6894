//! Leads from a spreadsheet: choose a file, settle its columns, watch it go in, see what did not.

use platform::{Error, Id, Permit, files};
use poem::http::{StatusCode, header};
use poem::web::{Multipart, Path, Query};
use poem::{IntoResponse, Request, Response, handler};
use serde::Deserialize;
use serde_json::{Value, json};
use workflows::imports::{self, Choice, Import, Kind, Opened};
use workflows::leads::OnRepeat;

use crate::book::Book;
use crate::imports_map::{columns_of, columns_view, repeats_view, wish, wishes};
use crate::lead::reason;
use crate::nav::Section;
use crate::render;
use crate::sent::Sent;
use crate::visit::{Answer, Visit, done};
use crate::words::{Words, phone};

const ROWS: i64 = 200_000;
const SHOWN: u64 = 50;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    after: String,
}

#[handler]
pub async fn index(visit: Visit, Query(asked): Query<Asked>) -> Answer {
    start_page(&visit, Some(asked.after).filter(|after| !after.is_empty()), None).await
}

/// The token comes as the first field, before a byte of the file is read.
#[handler]
pub async fn upload(visit: Visit, req: &Request, mut form: Multipart) -> Answer {
    let mut trusted = false;
    let mut opened = Err(Error::field("file", "file_required"));
    while let Ok(Some(field)) = form.next_field().await {
        match field.name() {
            Some("csrf_token") => {
                let token = field.text().await.map_err(|_| Error::refused("bad_request"))?;
                visit.check_token(req, &token)?;
                trusted = true;
            }
            Some("file") if trusted => {
                let name = field.file_name().unwrap_or_default().to_owned();
                let bytes = field.bytes().await.map_err(|_| Error::TooLarge)?;
                if !bytes.is_empty() {
                    opened = imports::upload(&visit.desk, visit.actor()?, &name, bytes).await;
                }
            }
            _ => {}
        }
    }
    if !trusted {
        return Err(Error::Forbidden("cross_site_request").into());
    }
    match opened {
        Ok(opened) => Ok(done(&format!("/imports/{}", opened.import.id), None)),
        Err(error @ (Error::Invalid(_) | Error::Refused(_) | Error::TooLarge)) => {
            start_page(&visit, None, Some(error)).await
        }
        Err(error) => Err(error.into()),
    }
}

#[handler]
pub async fn one(visit: Visit, Path(id): Path<Id>) -> Answer {
    let import = imports::find(visit.app(), visit.actor()?, id).await?;
    if import.state == "mapping" {
        let opened = imports::open(&visit.desk, visit.actor()?, id).await?;
        return map_page(&visit, opened, None).await;
    }
    result_page(&visit, &import).await
}

#[handler]
pub async fn progress(visit: Visit, Path(id): Path<Id>) -> Answer {
    let import = imports::find(visit.app(), visit.actor()?, id).await?;
    let page = visit.page(Section::Imports, String::new());
    Ok(render::part(
        &page,
        "imports/progress",
        &standing(&visit, &import, true),
    ))
}

#[handler]
pub async fn choose_sheet(visit: Visit, Path(id): Path<Id>, sent: Sent) -> Answer {
    imports::choose_sheet(&visit.desk, visit.actor()?, id, sent.get("sheet")).await?;
    Ok(done(&format!("/imports/{id}"), None))
}

#[handler]
pub async fn start(visit: Visit, Path(id): Path<Id>, sent: Sent) -> Answer {
    let mapping = columns_of(&sent);
    let choice = Choice {
        mapping: Some(mapping.clone()),
        owner_id: sent.id("owner_id", "unknown_user")?,
        on_duplicate: wish(&sent),
        rows: sent
            .starting("row_")
            .filter_map(|(row, wish)| Some((row.parse().ok()?, OnRepeat::read(wish)?)))
            .collect(),
    };
    match imports::start(visit.app(), visit.actor()?, id, choice).await {
        Ok(_) => Ok(done(&format!("/imports/{id}"), None)),
        Err(error @ (Error::Invalid(_) | Error::Refused(_))) => {
            let mut opened = imports::open(&visit.desk, visit.actor()?, id).await?;
            opened.import.mapping = json!(mapping);
            opened.import.on_duplicate = wish(&sent).key().to_owned();
            map_page(&visit, opened, Some(error)).await
        }
        Err(Error::Conflict(_)) => Ok(done(&format!("/imports/{id}"), None)),
        Err(error) => Err(error.into()),
    }
}

/// The rows whose number is here already, under the columns as they stand in the form.
#[handler]
pub async fn repeats(visit: Visit, Path(id): Path<Id>, sent: Sent) -> Answer {
    let words = &visit.words;
    let view = match imports::repeats(&visit.desk, visit.actor()?, id, &columns_of(&sent)).await {
        Ok(found) => repeats_view(words, &found, &sent),
        Err(Error::Refused(_)) => json!({"none": words.t("import-repeats-phone"), "rows": null}),
        Err(error) => return Err(error.into()),
    };
    let page = visit.page(Section::Imports, String::new());
    Ok(render::part(&page, "imports/repeats", &view))
}

#[handler]
pub async fn undo(visit: Visit, Path(id): Path<Id>, _sent: Sent) -> Answer {
    match imports::undo(visit.app(), visit.actor()?, id).await {
        Ok(_) | Err(Error::Conflict(_)) => Ok(done(&format!("/imports/{id}"), None)),
        Err(error) => Err(error.into()),
    }
}

#[handler]
pub async fn cancel(visit: Visit, Path(id): Path<Id>, _sent: Sent) -> Answer {
    match imports::cancel(visit.app(), visit.actor()?, id).await {
        Ok(_) | Err(Error::Conflict(_)) => Ok(done(&format!("/imports/{id}"), None)),
        Err(error) => Err(error.into()),
    }
}

/// The rows that were not taken, with their reasons, as a table to mend and upload again.
#[handler]
pub async fn download(visit: Visit, Path((id, which)): Path<(Id, String)>) -> Answer {
    let kind = match which.as_str() {
        "rejected.csv" => Kind::Rejected,
        "duplicates.csv" => Kind::Duplicates,
        _ => return Err(Error::NotFound.into()),
    };
    let table = imports::download(&visit.desk, visit.actor()?, id, kind).await?;
    Ok(Response::builder()
        .header(header::CONTENT_TYPE, "text/csv; charset=utf-8")
        .header(header::CONTENT_DISPOSITION, format!("attachment; filename=\"{which}\""))
        .body(table)
        .into_response())
}

async fn start_page(visit: &Visit, after: Option<String>, error: Option<Error>) -> Answer {
    let (app, actor, words) = (visit.app(), visit.actor()?, &visit.words);
    actor.may(Permit::ImportsCreate)?;
    let (book, recent) = tokio::try_join!(Book::open(visit), imports::list(app, actor, after.clone(), Some(20)))?;
    let older = recent
        .next
        .as_ref()
        .map(|cursor| format!("/imports?after={cursor}#history"));
    let limit = (app.config.max_upload_mb as usize * 1024 * 1024).min(files::MAX_BYTES);
    let size = format!("{}\u{a0}MB", limit / 1024 / 1024);
    let recent: Vec<Value> = recent
        .items
        .iter()
        .map(|import| {
            let tone = match import.state.as_str() {
                "done" => "tag-success",
                "failed" => "tag-danger",
                "mapping" => "tag-warning",
                "undone" => "",
                _ => "tag-info",
            };
            json!({
                "id": import.id, "file": import.file_name, "at": words.moment(import.created_at),
                "who": book.name(import.author_id), "rows": import.total, "created": import.created,
                "duplicates": import.duplicates, "rejected": import.rejected, "tone": tone, "state": words.t(&format!("import-state-{}", import.state)),
            })
        })
        .collect();
    let view = json!({
        "steps": steps(words, 0), "error": error.as_ref().map(|error| reason(visit, error)), "limit": limit,
        "limits": words.with("import-limits", &[("size", size.clone().into()), ("n", ROWS.into())]),
        "too_big": words.with("import-too-big", &[("size", size.into())]),
        "owner_note": owner_note(visit)?, "recent": recent, "older": older, "newest": after.map(|_| "/imports#history"),
    });
    let status = if error.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    Ok(render::page_with(
        status,
        &visit.page(Section::Imports, words.t("nav-imports")),
        "imports/index",
        &view,
    ))
}

async fn map_page(visit: &Visit, opened: Opened, error: Option<Error>) -> Answer {
    let (actor, words) = (visit.actor()?, &visit.words);
    let Opened { import, preview } = opened;
    let mapping = import.mapping();
    let book = Book::open(visit).await?;
    let about = [("n", import.total.into()), ("of", (preview.header.len() as i64).into())];
    let view = json!({
        "id": import.id, "steps": steps(words, 1), "file": import.file_name,
        "about": words.with("import-about", &about),
        "error": error.as_ref().map(|error| reason(visit, error)),
        "sheets": (preview.sheets.len() > 1).then_some(&preview.sheets), "sheet": preview.sheet,
        "map": columns_view(words, &book.registry.custom_fields, &preview, &mapping),
        "owners": actor.can(Permit::LeadsAssign).then(|| book.owners()),
        "owner_note": owner_note(visit)?,
        "remembered": imports::is_remembered(visit.app(), actor, &import.header()).await?,
        "wishes": wishes(words, import.on_duplicate()),
    });
    let status = if error.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let page = visit.page(Section::Imports, import.file_name.clone());
    Ok(render::page_with(status, &page, "imports/map", &view))
}

/// What stayed when the import was taken back.
async fn kept(visit: &Visit, import: &Import) -> Result<Value, Error> {
    if import.state != "undone" || import.kept == 0 {
        return Ok(Value::Null);
    }
    let (found, book) = tokio::try_join!(
        imports::kept(visit.app(), visit.actor()?, import.id, None),
        Book::open(visit)
    )?;
    let lead = |lead: &imports::Kept| {
        json!({
            "id": lead.id, "name": lead.name, "phone": lead.phone.as_deref().map(phone).unwrap_or_default(),
            "status": book.status(&lead.status), "owner": book.person(lead.owner_id),
        })
    };
    Ok(json!({"count": import.kept, "rows": found.iter().take(SHOWN as usize).map(lead).collect::<Vec<_>>()}))
}

async fn result_page(visit: &Visit, import: &Import) -> Answer {
    let (app, actor, words) = (visit.app(), visit.actor()?, &visit.words);
    let mut view = standing(visit, import, false);
    let running = import.is_open() || import.state == "undoing";
    let mut lists = Vec::new();
    for (kind, count, title, file) in [
        (Kind::Rejected, import.rejected, "import-bad", "rejected.csv"),
        (Kind::Duplicates, import.duplicates, "import-seen", "duplicates.csv"),
    ] {
        if running || count == 0 {
            continue;
        }
        let rows = imports::skipped(app, actor, import.id, kind, 0, SHOWN).await?;
        let more = count - rows.len() as i64;
        lists.push(json!({
            "title": words.t(title), "count": count, "file": file, "bad": title == "import-bad",
            "rows": rows.iter().map(|row| json!({
                "row": row.row, "reason": row.message, "text": row.cells.join(", "), "lead": row.lead_id,
            })).collect::<Vec<_>>(),
            "more": (more > 0).then(|| words.count("import-bad-more", more)),
        }));
    }
    view["lists"] = json!(lists);
    view["kept"] = kept(visit, import).await?;
    view["steps"] = steps(words, if running { 2 } else { 3 });
    Ok(render::page(
        &visit.page(Section::Imports, import.file_name.clone()),
        "imports/show",
        &view,
    ))
}

fn standing(visit: &Visit, import: &Import, polled: bool) -> Value {
    let words = &visit.words;
    let undoing = import.state == "undoing";
    let running = import.is_open() || undoing;
    let percent = if undoing {
        (import.removed * 100 / import.created.max(1)).min(100)
    } else if import.total > 0 {
        (import.position * 100 / import.total).min(100)
    } else {
        100
    };
    let heading = match import.state.as_str() {
        "done" => "import-finished",
        "failed" => "import-stopped",
        "undoing" => "import-undoing",
        "undone" => "import-undone",
        _ => "import-running",
    };
    let file = import.file_name.as_str();
    let about = [
        ("name", file.into()),
        ("n", import.position.into()),
        ("of", import.total.into()),
    ];
    let failed = import
        .error
        .as_deref()
        .map(|code| platform::http::message(words.lang, code, &serde_json::Map::new()));
    json!({
        "id": import.id, "file": file, "running": running, "finished": polled && !running,
        "heading": words.t(heading), "percent": percent, "percent_words": running.then(|| format!("{percent}%")),
        "about": words.with("import-progress", &about), "left": import.is_open().then(|| left(words, import)).flatten(),
        "created": import.created, "duplicates": import.duplicates, "rejected": import.rejected, "failed": failed,
        "updated": import.updated, "linked": import.linked, "removed": import.removed, "stayed": import.kept,
        "stoppable": import.is_open(), "undoable": import.can_be_undone(), "undone": import.state == "undone",
        "undo_text": words.count("import-undo-text", import.created),
    })
}

/// How long it will take still, once that can be told.
fn left(words: &Words, import: &Import) -> Option<String> {
    let spent = (words.now - import.created_at).num_seconds();
    if import.position == 0 || spent < 2 {
        return None;
    }
    let rest = (import.total - import.position) * spent / import.position;
    Some(words.count("import-left", rest.max(1)))
}

fn steps(words: &Words, at: usize) -> Value {
    let labels = [
        "import-step-file",
        "import-step-map",
        "import-step-run",
        "import-step-result",
    ];
    let step = |(place, label): (usize, &str)| {
        let glyph = match place.cmp(&at) {
            std::cmp::Ordering::Less => "g-won",
            std::cmp::Ordering::Equal => "g-trial-booked",
            std::cmp::Ordering::Greater => "g-new",
        };
        json!({"done": place < at, "current": place == at, "glyph": glyph, "label": words.t(label)})
    };
    labels.into_iter().enumerate().map(step).collect()
}

pub(crate) fn owner_note(visit: &Visit) -> Result<String, Error> {
    let id = if visit.actor()?.can(Permit::LeadsAssign) {
        "import-to-rule"
    } else {
        "import-to-me"
    };
    Ok(visit.words.t(id))
}
