//! A sheet is connected: the key and the address are tried at Google first, then the key is sealed. What its columns
//! mean is settled afterwards.

use platform::ids::new_id;
use platform::{Actor, App, Error, Id, Permit, Result, Tx, audit};
use sea_orm::FromQueryResult;
use serde_json::json;

use super::port::{Book, GoogleSheets, ServiceKey, Tab};
use super::sheet::{MOST, Sheet, find_in, place};
use super::{link, sheet};
use crate::imports::sheet::{Preview, Row};
use crate::ports::Desk;

pub struct Connect {
    pub key: Key,
    /// The sheet's address, or its id.
    pub link: String,
}

pub enum Key {
    /// A service account's key, the JSON as Google hands it out.
    Json(String),
    /// The one of a sheet that is connected already.
    Of(Id),
}

/// The first rows: where a header is looked for, and what a person is shown.
pub(super) const FIRST: u32 = 30;

pub async fn connect(desk: &Desk, actor: &Actor, new: Connect) -> Result<Sheet> {
    actor.may(Permit::ImportsCreate)?;
    let author = actor.person()?;
    let key = key_of(&desk.app, actor, new.key).await?;
    let (spreadsheet, gid) = link::read(&new.link)?;
    let book = book(&*desk.google, &key, &spreadsheet).await?;
    let tab = match gid {
        Some(gid) => book.tabs.iter().find(|tab| tab.gid == gid),
        None => book.tabs.first(),
    };
    let tab = tab.cloned().ok_or_else(|| Error::field("link", "google_no_tab"))?;
    let (_, preview) = look(&*desk.google, &key, &spreadsheet, &tab).await?;
    let id = new_id();
    let sealed = desk.app.secrets.seal(&place(actor.tenant_id(), id), &key.text())?;
    let (actor_then, title, email) = (actor.clone(), book.title.clone(), key.client_email.clone());
    desk.app
        .db
        .write(actor.tenant_id(), async move |tx: Tx| {
            #[derive(FromQueryResult)]
            struct Row {
                count: i64,
                same: Option<Id>,
            }
            let tenant = tx.tenant();
            let sql = "SELECT COUNT(*) AS count, (SELECT s.id FROM connected_sheet AS s WHERE s.tenant_id = $1 \
                       AND s.spreadsheet = $2 AND s.gid = $3) AS same FROM connected_sheet AS c WHERE c.tenant_id = $1";
            let values = vec![tenant.0.into(), spreadsheet.as_str().into(), tab.gid.into()];
            let there: Option<Row> = tx.one(sql, values).await?;
            let there = there.ok_or_else(|| Error::internal("a count without a row"))?;
            if there.same.is_some() {
                return Err(Error::field("link", "sheet_connected"));
            }
            if there.count >= MOST as i64 {
                return Err(Error::refused("too_many_sheets"));
            }
            let header = json!(preview.header);
            let mapping = crate::imports::recall(&tx, &preview).await?;
            tx.run(
                "INSERT INTO connected_sheet (tenant_id, id, author_id, title, spreadsheet, gid, tab, email, key_sealed, \
                 header, mapping, on_duplicate, every_minutes, state, tries, pass, next_row, seen, created, duplicates, \
                 rejected, created_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'skip', 15, 'mapping', 0, 0, 0, 0, 0, 0, 0, $12)",
                vec![
                    tenant.0.into(),
                    id.into(),
                    author.into(),
                    title.as_str().into(),
                    spreadsheet.into(),
                    tab.gid.into(),
                    tab.name.as_str().into(),
                    email.as_str().into(),
                    sealed.into(),
                    header.into(),
                    json!(mapping).into(),
                    tx.now().into(),
                ],
            )
            .await?;
            let what = json!({"title": title, "tab": tab.name, "account": email});
            audit::record(&tx, &actor_then, "sheet.connected", "sheet", id, what).await?;
            find_in(&tx, &actor_then, id).await
        })
        .await
}

/// The sheet's header and first rows as they are at Google now, and its other tabs.
pub async fn preview(desk: &Desk, actor: &Actor, id: Id) -> Result<(Sheet, Preview, Vec<Tab>)> {
    let sheet = sheet::find(&desk.app, actor, id).await?;
    let key = sheet.key(&desk.app, actor.tenant_id())?;
    let book = book(&*desk.google, &key, &sheet.spreadsheet).await?;
    let tab = book.tabs.iter().find(|tab| tab.gid == sheet.gid);
    let tab = tab.ok_or_else(|| Error::refused("google_no_tab"))?;
    let (_, preview) = look(&*desk.google, &key, &sheet.spreadsheet, tab).await?;
    Ok((sheet, preview, book.tabs))
}

pub(super) async fn book(google: &dyn GoogleSheets, key: &ServiceKey, spreadsheet: &str) -> Result<Book> {
    let book = google.book(key, spreadsheet).await;
    book.map_err(|fault| fault.refusal(&key.client_email))
}

/// Which row is the header, and what it seems to mean.
pub(super) async fn look(
    google: &dyn GoogleSheets,
    key: &ServiceKey,
    spreadsheet: &str,
    tab: &Tab,
) -> Result<(u32, Preview)> {
    let last = FIRST.min(tab.rows.max(1));
    let rows: Vec<Row> = google
        .rows(key, spreadsheet, &tab.name, 1, last)
        .await
        .map_err(|fault| fault.refusal(&key.client_email))?;
    Ok(google.look(&tab.name, rows)?)
}

async fn key_of(app: &App, actor: &Actor, key: Key) -> Result<ServiceKey> {
    match key {
        Key::Json(json) => ServiceKey::read(&json),
        Key::Of(other) => {
            let sheet = sheet::find(app, actor, other).await;
            let sheet = sheet.map_err(|_| Error::field("same_as", "unknown_sheet"))?;
            sheet.key(app, actor.tenant_id())
        }
    }
}
