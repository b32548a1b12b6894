//! The job that reads a sheet: from where it stopped to the last row, a commit for each stretch of rows, and again
//! from the top the next time. What passes by itself is waited for; what does not stops the sheet, and admins are told.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use platform::ids::new_id;
use platform::jobs::{Job, NewJob, enqueue, enqueue_all, finish_in, hold_in, under_way};
use platform::{Actor, App, Error, Id, Permit, Result, Tx};
use sea_orm::FromQueryResult;
use serde_json::json;

use super::connect::FIRST;
use super::port::{Fault, Tab};
use super::sheet::{Sheet, find_in, load};
use super::take::{Reading, scene, take};
use crate::imports::sheet::{Row, SheetError};
use crate::ports::Desk;

/// Rows asked for at once, and rows of one commit.
const PAGE: u32 = 2000;
const CHUNK: usize = 500;
/// How long one sheet keeps a worker before it goes to the back of the line.
const HOLD: Duration = Duration::from_secs(20);
/// Google is asked again after 15 s, 30 s, a minute, …, an hour.
const PATIENCE: i64 = 15;
const LONGEST: i64 = 3600;

/// Why a reading did not come to its end.
enum Stop {
    Google(Fault),
    Ours(Error),
}

enum End {
    Done(i64),
    Later,
    /// Another reading got ahead of this one, or somebody stopped the sheet.
    Overtaken,
}

pub async fn run(desk: &Desk, job: &Job) -> Result<()> {
    let Some(id) = job.ids.first().copied() else {
        return Ok(());
    };
    let read = async move |tx: Tx| load(&tx, id).await;
    let found = desk.app.db.read(job.tenant, read).await?;
    let Some(sheet) = found.filter(|sheet| sheet.state == "active") else {
        return Ok(());
    };
    match read_on(desk, job, &sheet).await {
        Ok(_) => Ok(()),
        Err(Stop::Google(fault)) if fault.passes() => put_off(desk, job, &sheet, &fault).await,
        Err(Stop::Google(fault)) => break_off(desk, job, &sheet, fault.code()).await,
        Err(Stop::Ours(Error::Refused(refusal))) => break_off(desk, job, &sheet, refusal.code).await,
        Err(Stop::Ours(error)) => Err(error),
    }
}

/// Reads a sheet now, besides its schedule.
pub async fn sync_now(app: &App, actor: &Actor, id: Id) -> Result<Sheet> {
    actor.may(Permit::ImportsCreate)?;
    let actor = actor.clone();
    app.db
        .write(actor.tenant_id(), async move |tx: Tx| {
            match find_in(&tx, &actor, id).await?.state.as_str() {
                "mapping" => return Err(Error::conflict("sheet_not_settled")),
                "paused" => return Err(Error::conflict("sheet_paused")),
                _ => {}
            }
            let sql = "UPDATE connected_sheet SET state = 'active', tries = 0 WHERE tenant_id = $1 AND id = $2";
            tx.run(sql, vec![tx.tenant().0.into(), id.into()]).await?;
            enqueue_now(&tx, id).await?;
            find_in(&tx, &actor, id).await
        })
        .await
}

/// Sheets whose time has come, unless they are being read. `slot` names the tick: two nodes enqueue once.
pub async fn enqueue_due(tx: &Tx, slot: &str) -> Result<()> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Id,
    }
    let tenant = tx.tenant();
    let sql = "SELECT id FROM connected_sheet WHERE tenant_id = $1 AND state = 'active' \
               AND (next_at IS NULL OR next_at <= $2)";
    let due: Vec<Row> = tx.all(sql, vec![tenant.0.into(), tx.now().into()]).await?;
    if due.is_empty() {
        return Ok(());
    }
    let read = under_way(tx, "sheet").await?;
    let jobs = due
        .into_iter()
        .filter(|row| !read.contains(&row.id))
        .map(|Row { id }| NewJob::new("sheets.sync", format!("sheet/{id}/{slot}"), vec![id]).priority(5));
    enqueue_all(tx, jobs.collect()).await
}

pub(super) async fn enqueue_now(tx: &Tx, id: Id) -> Result<()> {
    let uniq = format!("sheet/{id}/{}", tx.now().timestamp_micros());
    enqueue(tx, NewJob::new("sheets.sync", uniq, vec![id]).priority(3)).await
}

async fn read_on(desk: &Desk, job: &Job, sheet: &Sheet) -> Result<(), Stop> {
    let (app, google, began) = (&desk.app, &*desk.google, Instant::now());
    let key = sheet.key(app, job.tenant)?;
    let book = google.book(&key, &sheet.spreadsheet).await?;
    let tab = book.tabs.iter().find(|tab| tab.gid == sheet.gid);
    let tab = tab.ok_or_else(|| Error::refused("google_no_tab"))?;
    let first = google
        .rows(&key, &sheet.spreadsheet, &tab.name, 1, FIRST.min(tab.rows.max(1)))
        .await?;
    let (header, preview) = match google.look(&tab.name, first) {
        Ok(found) => found,
        // Everything was cleared away: there is nothing to read, and nothing wrong.
        Err(SheetError::Empty) => return Ok(end(desk, job, sheet, tab, &book.title, End::Done(sheet.next_row)).await?),
        Err(error) => return Err(Stop::Ours(error.into())),
    };
    if sheet.mapping().resolve(&preview.header).is_err() {
        return Err(Stop::Ours(Error::refused("sheet_columns_changed")));
    }
    let scene = scene(desk, job, sheet, &preview.header).await?;
    let (mut at, mut next) = (
        sheet.next_row,
        u32::try_from(sheet.next_row).unwrap_or(0).max(header + 1),
    );
    let mut done = End::Done(at);
    'pages: while next <= tab.rows {
        let to = (next + PAGE - 1).min(tab.rows);
        let rows = google.rows(&key, &sheet.spreadsheet, &tab.name, next, to).await?;
        let rows: Vec<Row> = rows
            .into_iter()
            .filter(|row| row.cells.iter().any(|cell| !cell.is_blank()))
            .collect();
        let count = rows.len().div_ceil(CHUNK);
        for (place, rows) in rows.chunks(CHUNK).enumerate() {
            let last = rows.last().map_or(to, |row| row.number);
            let after = i64::from(if place + 1 == count { to } else { last }) + 1;
            let reading = Reading {
                pass: sheet.pass,
                from: at,
                to: after,
            };
            if !take(desk, job, sheet.id, &scene, rows, reading).await? {
                done = End::Overtaken;
                break 'pages;
            }
            at = after;
        }
        next = to + 1;
        done = End::Done(at);
        if began.elapsed() >= HOLD && next <= tab.rows {
            done = End::Later;
            break;
        }
    }
    Ok(end(desk, job, sheet, tab, &book.title, done).await?)
}

async fn end(desk: &Desk, job: &Job, sheet: &Sheet, tab: &Tab, title: &str, end: End) -> Result<()> {
    let (job, id, pass, every) = (job.clone(), sheet.id, sheet.pass, sheet.every_minutes);
    let (tab, title) = (tab.name.clone(), title.to_owned());
    desk.app
        .db
        .write(job.tenant, async move |tx: Tx| {
            hold_in(&tx, &job).await?;
            match end {
                End::Overtaken => {}
                End::Later => go_on(&tx, &job, id, TimeDelta::zero()).await?,
                End::Done(at) => {
                    let sql = "UPDATE connected_sheet SET next_row = 0, pass = pass + 1, synced_at = $5, next_at = $6, \
                               error = NULL, tries = 0, title = $7, tab = $8, \
                               seen = CASE WHEN $4 = 0 THEN 0 ELSE seen END \
                               WHERE tenant_id = $1 AND id = $2 AND pass = $3 AND next_row = $4";
                    tx.run(
                        sql,
                        vec![
                            tx.tenant().0.into(),
                            id.into(),
                            pass.into(),
                            at.into(),
                            tx.now().into(),
                            (tx.now() + TimeDelta::minutes(every.into())).into(),
                            title.into(),
                            tab.into(),
                        ],
                    )
                    .await?;
                }
            }
            finish_in(&tx, &job).await
        })
        .await
}

/// Waits longer each time, or for as long as Google says.
async fn put_off(desk: &Desk, job: &Job, sheet: &Sheet, fault: &Fault) -> Result<()> {
    if let Fault::Unreachable(why) = fault {
        tracing::info!(sheet = %sheet.id, tenant = %job.tenant, why, "a sheet could not be read");
    }
    let asked = match fault {
        Fault::Busy(Some(after)) => i64::try_from(after.as_secs()).unwrap_or(LONGEST),
        _ => 0,
    };
    let own = PATIENCE << sheet.tries.clamp(0, 8);
    let delay = TimeDelta::seconds(own.max(asked).min(LONGEST));
    let (job, id, code) = (job.clone(), sheet.id, fault.code());
    desk.app
        .db
        .write(job.tenant, async move |tx: Tx| {
            hold_in(&tx, &job).await?;
            let sql = "UPDATE connected_sheet SET error = $3, tries = tries + 1 \
                       WHERE tenant_id = $1 AND id = $2 AND state = 'active'";
            tx.run(sql, vec![tx.tenant().0.into(), id.into(), code.into()]).await?;
            go_on(&tx, &job, id, delay).await?;
            finish_in(&tx, &job).await
        })
        .await
}

/// Nobody but a person can mend it: the sheet stops, admins and whoever connected it are told, once.
async fn break_off(desk: &Desk, job: &Job, sheet: &Sheet, code: &'static str) -> Result<()> {
    let (job, sheet) = (job.clone(), sheet.clone());
    desk.app
        .db
        .write(job.tenant, async move |tx: Tx| {
            hold_in(&tx, &job).await?;
            let tenant = tx.tenant();
            let sql = "UPDATE connected_sheet SET state = 'broken', error = $3, next_at = NULL \
                       WHERE tenant_id = $1 AND id = $2 AND state = 'active'";
            if tx.run(sql, vec![tenant.0.into(), sheet.id.into(), code.into()]).await? == 1 {
                let uniq = format!("sheet/{}/{}", sheet.id, tx.now().timestamp_micros());
                let payload = json!({"sheet_id": sheet.id, "name": sheet.title, "code": code, "account": sheet.email});
                tx.run(
                    "INSERT INTO notice (tenant_id, id, uniq, audience, kind, payload, created_at) \
                     VALUES ($1, $2, $3, 'admin', 'sheet_broken', $4, $5) ON CONFLICT (tenant_id, uniq) DO NOTHING",
                    vec![
                        tenant.0.into(),
                        new_id().into(),
                        uniq.as_str().into(),
                        payload.clone().into(),
                        tx.now().into(),
                    ],
                )
                .await?;
                crate::messages::sheet_broken(&tx, sheet.author_id, &uniq, payload).await?;
            }
            finish_in(&tx, &job).await
        })
        .await
}

/// The next job of this sheet, named after the one it follows so that it is made once.
async fn go_on(tx: &Tx, job: &Job, id: Id, after: TimeDelta) -> Result<()> {
    let next = NewJob::new("sheets.sync", format!("sheet/{id}/{}", job.id), vec![id]);
    enqueue(tx, next.priority(5).at(tx.now() + after)).await
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Stop::Google(fault)
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Stop::Ours(error)
    }
}
