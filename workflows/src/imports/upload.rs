//! A file comes in: kept for thirty days, looked at once, and either waiting for a person to settle its columns or
//! started at once.

use std::sync::Arc;

use chrono::TimeDelta;
use platform::fold::clean_line;
use platform::idempotency::Key;
use platform::ids::new_id;
use platform::{Actor, Error, Id, Permit, Result, Tx, files};
use serde::Serialize;
use serde_json::json;

use super::import::{Import, find_in};
use super::look::{Look, look};
use super::remembered::recall;
use super::sheet::{Preview, SheetError};
use super::start::{self, Choice};
use crate::ports::Desk;

const KEPT: TimeDelta = TimeDelta::days(30);

/// An import whose columns are still to be settled, with what a person needs for it.
#[derive(Debug, Serialize)]
pub struct Opened {
    pub import: Import,
    pub preview: Preview,
}

/// Keeps a file and says what its columns seem to mean. [`super::start`] goes on from there.
pub async fn upload(desk: &Desk, actor: &Actor, name: &str, bytes: Vec<u8>) -> Result<Opened> {
    actor.may(Permit::ImportsCreate)?;
    let bytes = checked(bytes)?;
    let look = look(&desk.sheets, bytes.clone(), None).await?;
    let (author, name, preview) = (actor.clone(), name.to_owned(), look.preview.clone());
    let import = desk
        .app
        .db
        .write(actor.tenant_id(), async move |tx: Tx| {
            let id = keep(&tx, &author, &name, &bytes, &look).await?;
            find_in(&tx, &author, id).await
        })
        .await?;
    Ok(Opened { import, preview })
}

/// Upload and start in one step, for programs: without a choice the columns are guessed.
pub async fn upload_and_start(
    desk: &Desk,
    actor: &Actor,
    name: &str,
    bytes: Vec<u8>,
    choice: Choice,
    key: Option<Key>,
) -> Result<Import> {
    actor.may(Permit::ImportsCreate)?;
    let bytes = checked(bytes)?;
    let look = look(&desk.sheets, bytes.clone(), None).await?;
    let (author, name) = (actor.clone(), name.to_owned());
    desk.app
        .once(actor, key, async move |tx: Tx| {
            let id = keep(&tx, &author, &name, &bytes, &look).await?;
            start::start_in(&tx, &author, id, choice).await
        })
        .await
}

/// A stored file again, as it was shown after the upload.
pub async fn open(desk: &Desk, actor: &Actor, id: Id) -> Result<Opened> {
    let (import, bytes) = stored(desk, actor, id).await?;
    let look = look(&desk.sheets, bytes, import.sheet.clone()).await?;
    let preview = look.preview;
    Ok(Opened { import, preview })
}

/// Another sheet of the same file, before the start.
pub async fn choose_sheet(desk: &Desk, actor: &Actor, id: Id, sheet: &str) -> Result<Opened> {
    actor.may(Permit::ImportsCreate)?;
    let (_, bytes) = stored(desk, actor, id).await?;
    let look = look(&desk.sheets, bytes, Some(sheet.to_owned())).await?;
    let (author, preview) = (actor.clone(), look.preview.clone());
    let import = desk
        .app
        .db
        .write(actor.tenant_id(), async move |tx: Tx| {
            let mapping = recall(&tx, &look.preview).await?;
            let sql = "UPDATE import SET sheet = $3, header = $4, mapping = $5, total = $6 \
                       WHERE tenant_id = $1 AND id = $2 AND state = 'mapping'";
            let values = vec![
                tx.tenant().0.into(),
                id.into(),
                look.preview.sheet.as_str().into(),
                json!(look.preview.header).into(),
                json!(mapping).into(),
                look.total.into(),
            ];
            if tx.run(sql, values).await? == 0 {
                return Err(Error::conflict("import_started"));
            }
            find_in(&tx, &author, id).await
        })
        .await?;
    Ok(Opened { import, preview })
}

fn checked(bytes: Vec<u8>) -> Result<Arc<[u8]>> {
    if bytes.len() > files::MAX_BYTES {
        return Err(SheetError::TooLarge.into());
    }
    Ok(bytes.into())
}

pub(super) async fn stored(desk: &Desk, actor: &Actor, id: Id) -> Result<(Import, Arc<[u8]>)> {
    let author = actor.clone();
    desk.app
        .db
        .read(actor.tenant_id(), async move |tx: Tx| {
            let import = find_in(&tx, &author, id).await?;
            let bytes = bytes_of(&tx, import.file_id).await?;
            Ok((import, bytes))
        })
        .await
}

/// A file's bytes, or that they are no longer kept.
pub(super) async fn bytes_of(tx: &Tx, file: Id) -> Result<Arc<[u8]>> {
    match files::load(tx, file).await {
        Ok(bytes) => Ok(bytes.into()),
        Err(Error::NotFound) => Err(Error::refused("file_expired")),
        Err(error) => Err(error),
    }
}

/// The file and its import, waiting for its columns.
async fn keep(tx: &Tx, actor: &Actor, name: &str, bytes: &[u8], look: &Look) -> Result<Id> {
    let preview = &look.preview;
    // Some browsers send a whole path.
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let name = match clean_line(name, 200) {
        name if name.is_empty() => preview.format.as_str().to_owned(),
        name => name,
    };
    let file = files::store(tx, &name, preview.format.media_type(), bytes, KEPT).await?;
    let (id, mapping) = (new_id(), recall(tx, preview).await?);
    tx.run(
        "INSERT INTO import (tenant_id, id, file_id, file_name, format, sheet, author_id, state, header, mapping, \
         total, position, created, duplicates, rejected, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'mapping', $8, $9, $10, 0, 0, 0, 0, $11)",
        vec![
            tx.tenant().0.into(),
            id.into(),
            file.into(),
            name.into(),
            preview.format.as_str().into(),
            preview.sheet.as_str().into(),
            actor.user.into(),
            json!(preview.header).into(),
            json!(mapping).into(),
            look.total.into(),
            tx.now().into(),
        ],
    )
    .await?;
    Ok(id)
}
