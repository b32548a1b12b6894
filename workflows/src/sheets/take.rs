//! A stretch of a sheet's rows in one commit: the place the reading has come to, the rows never seen before, and their
//! leads. A row is known by what it says, not by where it stands: rows may be put in, moved and deleted at any time.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::TimeDelta;
use platform::auth::as_user;
use platform::db::{insert, list as places};
use platform::ids::new_id;
use platform::jobs::{Job, hold_in};
use platform::secrets::hash_token;
use platform::{Actor, Error, Id, Result, Tx, files};
use sea_orm::{FromQueryResult, Value};
use serde_json::json;

use super::sheet::{Sheet, load};
use crate::imports::sheet::{Columns, Field, Row};
use crate::imports::{Given, Recognizer, Scene, Taken, capture};
use crate::leads::{NewLead, registry_in};
use crate::ports::Desk;

const FORMAT: &str = "google_sheets";
const MEDIA_TYPE: &str = "application/vnd.google-apps.spreadsheet";
const RACES: usize = 5;

/// From which place to which, in which reading of the whole sheet.
#[derive(Clone, Copy)]
pub(super) struct Reading {
    pub pass: i64,
    pub from: i64,
    pub to: i64,
}

/// Everything rows are taken with.
pub(super) struct Hands {
    scene: Scene,
    columns: Columns,
}

pub(super) async fn scene(desk: &Desk, job: &Job, sheet: &Sheet, header: &[String]) -> Result<Arc<Hands>> {
    let app = &desk.app;
    let tenant = app.tenants.by_id(job.tenant).await?;
    // Whoever connected it may have left since: the leads are the centre's all the same.
    let author = as_user(app, &tenant, sheet.author_id).await?;
    let actor = author.unwrap_or_else(|| Actor::system(tenant));
    let given = Given {
        header: header.to_vec(),
        mapping: sheet.mapping(),
        format: FORMAT.to_owned(),
        owner_id: sheet.owner_id,
        course_id: sheet.course_id,
    };
    let (columns, wish, id) = (given.mapping.resolve(header)?, sheet.on_duplicate(), sheet.id);
    app.db
        .read(job.tenant, async move |tx: Tx| {
            let registry = registry_in(&tx).await?;
            let recognizer = Recognizer::new(&tx, &actor, &registry, given).await?;
            let scene = Scene {
                actor,
                registry,
                recognizer,
                import: id,
                wish,
                wishes: HashMap::new(),
            };
            Ok(Arc::new(Hands { scene, columns }))
        })
        .await
}

/// `false`: somebody else has read on from here, or the sheet was stopped.
pub(super) async fn take(
    desk: &Desk,
    job: &Job,
    id: Id,
    hands: &Arc<Hands>,
    rows: &[Row],
    reading: Reading,
) -> Result<bool> {
    let rows: Arc<[Row]> = rows.into();
    let mut races = 0;
    loop {
        let (job, hands, rows) = (job.clone(), hands.clone(), rows.clone());
        let taken = desk
            .app
            .db
            .write(job.tenant, async move |tx: Tx| {
                hold_in(&tx, &job).await?;
                take_in(&tx, id, &hands, &rows, reading).await
            })
            .await;
        match taken {
            // Somebody stored one of these phones between our look and our insert: now the look finds it.
            Err(Error::Conflict(refusal)) if refusal.code == "phone_raced" && races < RACES => races += 1,
            other => return other,
        }
    }
}

async fn take_in(tx: &Tx, id: Id, given: &Hands, rows: &[Row], reading: Reading) -> Result<bool> {
    let tenant = tx.tenant();
    // First of all, and a lock on the row: of two who read the same rows, one goes on.
    let sql = "UPDATE connected_sheet SET next_row = $5, seen = CASE WHEN next_row = 0 THEN $6 ELSE seen + $6 END \
               WHERE tenant_id = $1 AND id = $2 AND pass = $3 AND next_row = $4 AND state = 'active'";
    let values = vec![
        tenant.0.into(),
        id.into(),
        reading.pass.into(),
        reading.from.into(),
        reading.to.into(),
        (rows.len() as i64).into(),
    ];
    if tx.run(sql, values).await? == 0 {
        return Ok(false);
    }
    let fresh = unseen(tx, id, given, rows).await?;
    if fresh.is_empty() {
        return Ok(true);
    }
    let sheet = load(tx, id).await?.ok_or(Error::NotFound)?;
    let import = import_of_today(tx, &sheet, &given.scene.actor).await?;
    let taken: Vec<Taken> = fresh
        .iter()
        .map(|(_, row)| Taken {
            number: i64::from(row.number),
            cells: row.cells.iter().map(|cell| cell.text.clone()).collect(),
            lead: given.scene.recognizer.lead(row).map(|lead| NewLead {
                on_repeat: given.scene.wish,
                ..lead
            }),
        })
        .collect();
    let counts = capture(tx, &given.scene, import, &taken).await?;
    counts.add_to(tx, import).await?;
    let sql = "UPDATE import SET total = total + $3, position = position + $3, finished_at = $4 \
               WHERE tenant_id = $1 AND id = $2";
    let count = taken.len() as i64;
    tx.run(sql, vec![tenant.0.into(), import.into(), count.into(), tx.now().into()])
        .await?;
    let sql = "UPDATE connected_sheet SET created = created + $3, duplicates = duplicates + $4, \
               rejected = rejected + $5 WHERE tenant_id = $1 AND id = $2";
    let (created, duplicates, rejected) = counts.summed();
    let values = vec![
        tenant.0.into(),
        id.into(),
        created.into(),
        duplicates.into(),
        rejected.into(),
    ];
    tx.run(sql, values).await?;
    let hashes = fresh
        .into_iter()
        .map(|(hash, _)| vec![tenant.0.into(), id.into(), hash.into()])
        .collect();
    insert(
        tx,
        "sheet_row",
        "tenant_id, sheet_id, hash",
        hashes,
        "ON CONFLICT DO NOTHING",
    )
    .await?;
    Ok(true)
}

/// Rows that say something new, each once.
async fn unseen<'r>(tx: &Tx, id: Id, given: &Hands, rows: &'r [Row]) -> Result<Vec<(String, &'r Row)>> {
    #[derive(FromQueryResult)]
    struct Known {
        hash: String,
    }
    let hashes: Vec<String> = rows.iter().map(|row| said(&given.columns, row)).collect();
    let mut values: Vec<Value> = vec![tx.tenant().0.into(), id.into()];
    values.extend(hashes.iter().map(|hash| Value::from(hash.as_str())));
    let sql = format!(
        "SELECT hash FROM sheet_row WHERE tenant_id = $1 AND sheet_id = $2 AND hash IN ({})",
        places(3, hashes.len())
    );
    let known: Vec<Known> = tx.all(&sql, values).await?;
    let mut known: HashSet<String> = known.into_iter().map(|row| row.hash).collect();
    let pairs = hashes.into_iter().zip(rows);
    Ok(pairs.filter(|(hash, _)| known.insert(hash.clone())).collect())
}

/// What a row says in the columns that mean something.
fn said(columns: &Columns, row: &Row) -> String {
    let cell = |field: &Field| columns.cell(row, field).map_or("", |cell| cell.text.trim());
    let usual = Field::ALL.iter().map(cell);
    let said: Vec<&str> = usual.chain(columns.own().map(|(field, _)| cell(field))).collect();
    hash_token(&said.join("\u{1f}"))
}

/// One import a day: the history shows days, not minutes, and a day can be taken back.
async fn import_of_today(tx: &Tx, sheet: &Sheet, actor: &Actor) -> Result<Id> {
    let tenant = tx.tenant();
    if let Some(known) = sheet.import_id {
        let sql = "UPDATE import SET finished_at = $3 WHERE tenant_id = $1 AND id = $2 AND state = 'done' \
                   AND created_at >= $4";
        let today = actor.tenant.today(tx.now()).0;
        let values = vec![tenant.0.into(), known.into(), tx.now().into(), today.into()];
        if tx.run(sql, values).await? == 1 {
            return Ok(known);
        }
    }
    let name = format!("{}, {}", sheet.title, sheet.tab);
    // It has no bytes here: what it stands for is at Google.
    let file = files::store(tx, &name, MEDIA_TYPE, &[], TimeDelta::days(1)).await?;
    let id = new_id();
    tx.run(
        "INSERT INTO import (tenant_id, id, file_id, file_name, format, sheet, author_id, owner_id, state, header, \
         mapping, total, position, created, duplicates, rejected, on_duplicate, created_at, finished_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'done', $9, $10, 0, 0, 0, 0, 0, $11, $12, $12)",
        vec![
            tenant.0.into(),
            id.into(),
            file.into(),
            name.into(),
            FORMAT.into(),
            sheet.tab.as_str().into(),
            sheet.author_id.into(),
            sheet.owner_id.into(),
            json!(sheet.header()).into(),
            json!(sheet.mapping()).into(),
            sheet.on_duplicate.as_str().into(),
            tx.now().into(),
        ],
    )
    .await?;
    let sql = "UPDATE connected_sheet SET import_id = $3 WHERE tenant_id = $1 AND id = $2";
    tx.run(sql, vec![tenant.0.into(), sheet.id.into(), id.into()]).await?;
    Ok(id)
}
