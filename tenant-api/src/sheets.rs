//! Connected Google sheets: a key and an address go in, the key never comes out again.

use chrono::{DateTime, Utc};
use platform::http::message;
use platform::{Error, Id};
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use workflows::leads::OnRepeat;
use workflows::sheets::{self, Connect, Key, Settled};

use crate::Area;
use crate::answer::{Accepted, Answer, Body, Created, Done};
use crate::page::Page;
use crate::security::Caller;

pub struct Operations;

#[OpenApi(tag = "Area::Sheets")]
impl Operations {
    /// Connected sheets the caller may see, newest first
    #[oai(path = "/sheets", method = "get", operation_id = "list_sheets")]
    async fn list(&self, caller: Caller) -> Answer<Body<Page<Sheet>>> {
        let found = sheets::list(caller.app(), &caller.actor).await?;
        Ok(Body(Page {
            items: found.into_iter().map(|sheet| shown(&caller, sheet)).collect(),
            next: None,
        }))
    }

    /// Connects a sheet: tried at Google before it is kept. Its columns are settled next
    #[oai(path = "/sheets", method = "post", operation_id = "connect_sheet")]
    async fn connect(&self, caller: Caller, body: Json<NewSheet>) -> Answer<Created<Sheet>> {
        let key = match (body.0.key, body.0.same_as) {
            (Some(key), _) => Key::Json(key.to_string()),
            (None, Some(other)) => Key::Of(other),
            (None, None) => return Err(Error::field("key", "required").into()),
        };
        let link = body.0.link;
        let sheet = sheets::connect(&caller.desk, &caller.actor, Connect { key, link }).await?;
        Ok(Created {
            location: format!("/api/v1/sheets/{}", sheet.id),
            body: shown(&caller, sheet),
            version: None,
        })
    }

    /// A connected sheet, with how its readings go
    #[oai(path = "/sheets/:id", method = "get", operation_id = "get_sheet")]
    async fn get(&self, caller: Caller, id: Path<Id>) -> Answer<Body<Sheet>> {
        let sheet = sheets::find(caller.app(), &caller.actor, id.0).await?;
        Ok(Body(shown(&caller, sheet)))
    }

    /// Forgets a sheet and its key; the leads it made stay
    #[oai(path = "/sheets/:id", method = "delete", operation_id = "remove_sheet")]
    async fn remove(&self, caller: Caller, id: Path<Id>) -> Answer<Done> {
        sheets::remove(caller.app(), &caller.actor, id.0).await?;
        Ok(Done)
    }

    /// Settles what the columns mean and where the leads go, and begins to read
    #[oai(path = "/sheets/:id/mapping", method = "put", operation_id = "settle_sheet")]
    async fn settle(&self, caller: Caller, id: Path<Id>, body: Json<Settling>) -> Answer<Body<Sheet>> {
        let before = sheets::find(caller.app(), &caller.actor, id.0).await?;
        let body = body.0;
        let mapping = match body.mapping {
            Some(mapping) => serde_json::from_value(mapping).map_err(|_| Error::field("mapping", "bad_mapping"))?,
            None => before.mapping(),
        };
        let wish = body
            .on_duplicate
            .as_deref()
            .map(|key| OnRepeat::read(key).ok_or_else(|| Error::field("on_duplicate", "bad_choice")));
        let settled = Settled {
            mapping,
            course_id: body.course_id,
            owner_id: body.owner_id,
            on_duplicate: wish.transpose()?.unwrap_or_default(),
            every_minutes: body.every_minutes.unwrap_or(before.every_minutes),
            gid: body.gid,
        };
        let sheet = sheets::settle(&caller.desk, &caller.actor, id.0, settled).await?;
        Ok(Body(shown(&caller, sheet)))
    }

    /// Reads the sheet now, besides its schedule
    #[oai(path = "/sheets/:id/readings", method = "post", operation_id = "read_sheet")]
    async fn sync(&self, caller: Caller, id: Path<Id>) -> Answer<Accepted<Sheet>> {
        let sheet = sheets::sync_now(caller.app(), &caller.actor, id.0).await?;
        Ok(Accepted {
            location: format!("/api/v1/sheets/{}", sheet.id),
            body: shown(&caller, sheet),
        })
    }

    /// Stops the reading, or goes on with it
    #[oai(path = "/sheets/:id/pause", method = "put", operation_id = "pause_sheet")]
    async fn pause(&self, caller: Caller, id: Path<Id>, body: Json<Pause>) -> Answer<Body<Sheet>> {
        let sheet = sheets::pause(caller.app(), &caller.actor, id.0, body.0.paused).await?;
        Ok(Body(shown(&caller, sheet)))
    }

    /// Another service account's key, tried before it is kept
    #[oai(path = "/sheets/:id/key", method = "put", operation_id = "replace_sheet_key")]
    async fn replace_key(&self, caller: Caller, id: Path<Id>, body: Json<NewKey>) -> Answer<Body<Sheet>> {
        let key = body.0.key.to_string();
        let sheet = sheets::replace_key(&caller.desk, &caller.actor, id.0, &key).await?;
        Ok(Body(shown(&caller, sheet)))
    }
}

#[derive(Object, Deserialize)]
struct NewSheet {
    /// The sheet's address, or its id.
    link: String,
    /// A service account's key, the JSON as Google hands it out. The sheet must be shared with the account.
    key: Option<Value>,
    /// Or the key of a sheet connected before.
    same_as: Option<Id>,
}

#[derive(Object, Deserialize)]
struct Settling {
    /// Field → column title or place from 0, such as `{"phone": "Telefon", "name": 0, "custom.level": 2}`; as guessed when absent.
    mapping: Option<Value>,
    /// Of rows that name no course.
    course_id: Option<Id>,
    /// One rep for all of its leads, for who may assign.
    owner_id: Option<Id>,
    /// skip (when absent), update or link; as of an import.
    on_duplicate: Option<String>,
    /// 5 to 1,440.
    every_minutes: Option<i32>,
    /// Another tab.
    gid: Option<i64>,
}

#[derive(Object, Deserialize)]
#[oai(rename = "SheetPause")]
struct Pause {
    paused: bool,
}

#[derive(Object, Deserialize)]
#[oai(rename = "SheetKey")]
struct NewKey {
    /// The JSON as Google hands it out.
    key: Value,
}

#[derive(Object, Serialize)]
#[oai(rename = "ConnectedSheet")]
struct Sheet {
    id: Id,
    title: String,
    tab: String,
    gid: i64,
    address: String,
    /// The service account the sheet is shared with.
    account: String,
    /// mapping, active, paused or broken.
    state: String,
    error: Option<Failure>,
    header: Vec<String>,
    mapping: Value,
    course_id: Option<Id>,
    owner_id: Option<Id>,
    author_id: Id,
    on_duplicate: String,
    every_minutes: i32,
    /// Rows below the header at the last reading.
    rows: i64,
    created: i64,
    duplicates: i64,
    rejected: i64,
    /// The import this day's rows are counted in.
    import_id: Option<Id>,
    synced_at: Option<DateTime<Utc>>,
    next_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
}

#[derive(Object, Serialize)]
#[oai(rename = "SheetFailure")]
struct Failure {
    code: String,
    message: String,
}

fn shown(caller: &Caller, sheet: sheets::Sheet) -> Sheet {
    let failure = |code: &String| Failure {
        message: message(
            caller.actor.lang,
            code,
            &Map::from_iter([("name".to_owned(), json!(sheet.email))]),
        ),
        code: code.clone(),
    };
    Sheet {
        error: sheet.error.as_ref().map(failure),
        address: sheet.address(),
        header: sheet.header(),
        id: sheet.id,
        title: sheet.title,
        tab: sheet.tab,
        gid: sheet.gid,
        account: sheet.email,
        state: sheet.state,
        mapping: sheet.mapping,
        course_id: sheet.course_id,
        owner_id: sheet.owner_id,
        author_id: sheet.author_id,
        on_duplicate: sheet.on_duplicate,
        every_minutes: sheet.every_minutes,
        rows: sheet.seen,
        created: sheet.created,
        duplicates: sheet.duplicates,
        rejected: sheet.rejected,
        import_id: sheet.import_id,
        synced_at: sheet.synced_at,
        next_at: sheet.next_at,
        created_at: sheet.created_at,
    }
}
