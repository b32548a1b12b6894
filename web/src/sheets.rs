//! Google sheets: connect one, settle its columns, see how its readings go, pause it, let it go.

use platform::{Error, Id, Permit};
use poem::handler;
use poem::http::StatusCode;
use poem::web::{Path, Query};
use serde::Deserialize;
use serde_json::{Map, json};
use workflows::sheets::{self, Connect, Key, Settled, Sheet};

use crate::book::Book;
use crate::imports_map::{columns_of, columns_view, wish, wishes};
use crate::leads::errors;
use crate::nav::Section;
use crate::page::Choice;
use crate::render;
use crate::sent::Sent;
use crate::visit::{Answer, Visit, done};
use crate::words::Words;

const MINUTES: [i32; 6] = [5, 15, 30, 60, 180, 1440];

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    edit: String,
}

#[handler]
pub async fn index(visit: Visit) -> Answer {
    let (app, actor, words) = (visit.app(), visit.actor()?, &visit.words);
    let (book, found) = tokio::try_join!(Book::open(&visit), sheets::list(app, actor))?;
    let row = |sheet: &Sheet| {
        let (tone, state) = tag(words, sheet);
        json!({
            "id": sheet.id, "title": sheet.title, "tab": sheet.tab, "tone": tone, "state": state,
            "synced": sheet.synced_at.map(|at| words.ago(at)), "owner": goes_to(words, &book, sheet),
            "created": sheet.created, "duplicates": sheet.duplicates, "rejected": sheet.rejected,
        })
    };
    let view = json!({"rows": found.iter().map(row).collect::<Vec<_>>()});
    let page = visit.page(Section::Sheets, words.t("nav-sheets"));
    Ok(render::page(&page, "sheets/index", &view))
}

#[handler]
pub async fn new(visit: Visit) -> Answer {
    connect_page(&visit, "", "", None).await
}

#[handler]
pub async fn connect(visit: Visit, sent: Sent) -> Answer {
    let key = match sent.id("same_as", "unknown_sheet")? {
        Some(other) => Key::Of(other),
        None => Key::Json(sent.get("key").to_owned()),
    };
    let link = sent.get("link").to_owned();
    match sheets::connect(&visit.desk, visit.actor()?, Connect { key, link }).await {
        Ok(sheet) => Ok(done(&format!("/sheets/{}", sheet.id), None)),
        Err(error @ (Error::Invalid(_) | Error::Refused(_))) => {
            connect_page(&visit, sent.get("link"), sent.get("same_as"), Some(error)).await
        }
        Err(error) => Err(error.into()),
    }
}

#[handler]
pub async fn one(visit: Visit, Path(id): Path<Id>, Query(asked): Query<Asked>) -> Answer {
    let sheet = sheets::find(visit.app(), visit.actor()?, id).await?;
    if sheet.state == "mapping" || !asked.edit.is_empty() {
        return map_page(&visit, sheet, None, &Sent::default()).await;
    }
    show_page(&visit, &sheet, None, StatusCode::OK).await
}

#[handler]
pub async fn settle(visit: Visit, Path(id): Path<Id>, sent: Sent) -> Answer {
    let settled = Settled {
        mapping: columns_of(&sent),
        course_id: sent.id("course_id", "unknown_reference")?,
        owner_id: sent.id("owner_id", "unknown_user")?,
        on_duplicate: wish(&sent),
        every_minutes: sent.get("every_minutes").parse().unwrap_or(15),
        gid: sent.get("gid").parse().ok(),
    };
    match sheets::settle(&visit.desk, visit.actor()?, id, settled).await {
        Ok(_) => Ok(done(&format!("/sheets/{id}"), Some("toast-sheet-settled"))),
        Err(error @ (Error::Invalid(_) | Error::Refused(_))) => {
            let sheet = sheets::find(visit.app(), visit.actor()?, id).await?;
            map_page(&visit, sheet, Some(error), &sent).await
        }
        Err(error) => Err(error.into()),
    }
}

#[handler]
pub async fn sync(visit: Visit, Path(id): Path<Id>, _sent: Sent) -> Answer {
    sheets::sync_now(visit.app(), visit.actor()?, id).await?;
    Ok(done(&format!("/sheets/{id}"), Some("toast-sheet-syncing")))
}

#[handler]
pub async fn pause(visit: Visit, Path(id): Path<Id>, sent: Sent) -> Answer {
    sheets::pause(visit.app(), visit.actor()?, id, sent.get("paused") == "1").await?;
    Ok(done(&format!("/sheets/{id}"), None))
}

#[handler]
pub async fn replace_key(visit: Visit, Path(id): Path<Id>, sent: Sent) -> Answer {
    match sheets::replace_key(&visit.desk, visit.actor()?, id, sent.get("key")).await {
        Ok(_) => Ok(done(&format!("/sheets/{id}"), Some("toast-saved"))),
        Err(error @ (Error::Invalid(_) | Error::Refused(_))) => {
            let sheet = sheets::find(visit.app(), visit.actor()?, id).await?;
            show_page(&visit, &sheet, Some(error), StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(error) => Err(error.into()),
    }
}

#[handler]
pub async fn remove(visit: Visit, Path(id): Path<Id>, _sent: Sent) -> Answer {
    sheets::remove(visit.app(), visit.actor()?, id).await?;
    Ok(done("/sheets", Some("toast-sheet-removed")))
}

/// The key is never shown again, not even to whoever just typed it.
async fn connect_page(visit: &Visit, link: &str, same_as: &str, error: Option<Error>) -> Answer {
    let (app, actor, words) = (visit.app(), visit.actor()?, &visit.words);
    actor.may(Permit::ImportsCreate)?;
    let mut accounts: Vec<Choice> = Vec::new();
    for sheet in sheets::list(app, actor).await? {
        if !accounts.iter().any(|known| known.label == sheet.email) {
            accounts.push(Choice::new(sheet.id, sheet.email));
        }
    }
    let fields = error
        .as_ref()
        .map(|error| visit.field_errors(error))
        .unwrap_or_default();
    let view = json!({
        "link": link, "same_as": same_as, "accounts": (!accounts.is_empty()).then_some(accounts),
        "problem": error.as_ref().filter(|_| fields.is_empty()).map(|error| visit.explain(error)),
        "errors": errors(&fields, &["key", "link", "same_as"]),
    });
    let page = visit.page(Section::Sheets, words.t("sheets-connect"));
    Ok(render::page_with(status(error.as_ref()), &page, "sheets/new", &view))
}

/// What Google says of the sheet now; where it says nothing, why.
async fn map_page(visit: &Visit, sheet: Sheet, error: Option<Error>, sent: &Sent) -> Answer {
    let (actor, words) = (visit.actor()?, &visit.words);
    let (sheet, preview, tabs) = match sheets::preview(&visit.desk, actor, sheet.id).await {
        Ok(found) => found,
        Err(error @ Error::Refused(_)) => {
            return show_page(visit, &sheet, Some(error), StatusCode::UNPROCESSABLE_ENTITY).await;
        }
        Err(error) => return Err(error.into()),
    };
    let book = Book::open(visit).await?;
    let mapping = if error.is_some() {
        columns_of(sent)
    } else {
        sheet.mapping()
    };
    let chosen = |name: &str, known: String| {
        if error.is_some() {
            sent.get(name).to_owned()
        } else {
            known
        }
    };
    let tabs: Vec<Choice> = tabs.into_iter().map(|tab| Choice::new(tab.gid, tab.name)).collect();
    let minutes = MINUTES.map(|minutes| Choice::new(minutes, every(words, minutes)));
    let view = json!({
        "id": sheet.id, "title": sheet.title, "tab": sheet.tab, "email": sheet.email, "address": sheet.address(),
        "error": error.as_ref().map(|error| crate::lead::reason(visit, error)),
        "tabs": (tabs.len() > 1).then_some(&tabs), "gid": chosen("gid", sheet.gid.to_string()),
        "courses": book.open_courses(), "course": chosen("course_id", text(sheet.course_id)),
        "owners": actor.can(Permit::LeadsAssign).then(|| book.owners()), "owner": chosen("owner_id", text(sheet.owner_id)),
        "minutes": minutes, "every": chosen("every_minutes", sheet.every_minutes.to_string()),
        "wishes": wishes(words, if error.is_some() { wish(sent) } else { sheet.on_duplicate() }),
        "map": columns_view(words, &book.registry.custom_fields, &preview, &mapping), "first": sheet.state == "mapping",
        "owner_note": crate::imports::owner_note(visit)?,
    });
    let page = visit.page(Section::Sheets, sheet.title.clone());
    Ok(render::page_with(status(error.as_ref()), &page, "sheets/map", &view))
}

async fn show_page(visit: &Visit, sheet: &Sheet, error: Option<Error>, status: StatusCode) -> Answer {
    let words = &visit.words;
    let book = Book::open(visit).await?;
    let (tone, state) = tag(words, sheet);
    let said = error.as_ref().map(|error| crate::lead::reason(visit, error));
    let failed = sheet.error.as_deref().map(|code| {
        let args = Map::from_iter([("name".to_owned(), json!(sheet.email))]);
        platform::http::message(words.lang, code, &args)
    });
    let view = json!({
        "id": sheet.id, "title": sheet.title, "tab": sheet.tab, "email": sheet.email, "address": sheet.address(),
        "tone": tone, "state": state, "failed": said.or(failed), "broken": sheet.state == "broken",
        "active": sheet.state == "active", "paused": sheet.state == "paused", "unsettled": sheet.state == "mapping",
        "synced": sheet.synced_at.map(|at| words.moment(at)),
        "next": sheet.next_at.filter(|_| sheet.state == "active").map(|at| words.moment(at.max(words.now))),
        "every": every(words, sheet.every_minutes), "owner": goes_to(words, &book, sheet),
        "course": book.course_name(sheet.course_id), "seen": sheet.seen, "created": sheet.created,
        "duplicates": sheet.duplicates, "rejected": sheet.rejected, "import": sheet.import_id,
    });
    let page = visit.page(Section::Sheets, sheet.title.clone());
    Ok(render::page_with(status, &page, "sheets/show", &view))
}

fn tag(words: &Words, sheet: &Sheet) -> (&'static str, String) {
    let (tone, id) = match (sheet.state.as_str(), &sheet.error) {
        ("active", None) => ("tag-success", "sheets-state-active"),
        ("active", Some(_)) => ("tag-warning", "sheets-state-waiting"),
        ("broken", _) => ("tag-danger", "sheets-state-broken"),
        ("mapping", _) => ("tag-warning", "sheets-state-mapping"),
        _ => ("", "sheets-state-paused"),
    };
    (tone, words.t(id))
}

/// Whose its leads are.
fn goes_to(words: &Words, book: &Book, sheet: &Sheet) -> String {
    let owner = book.name(sheet.owner_id);
    owner.unwrap_or_else(|| words.t("sheets-by-rule"))
}

fn every(words: &Words, minutes: i32) -> String {
    match minutes {
        1440 => words.t("sheets-every-day"),
        minutes if minutes % 60 == 0 => words.count("sheets-every-hours", i64::from(minutes / 60)),
        minutes => words.count("sheets-every-minutes", i64::from(minutes)),
    }
}

fn text(id: Option<Id>) -> String {
    id.map(|id| id.to_string()).unwrap_or_default()
}

fn status(error: Option<&Error>) -> StatusCode {
    match error {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    }
}
