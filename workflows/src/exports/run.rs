//! The job of an export: page after page into a file on disk, then the file into the database in small pieces. It
//! holds a page and a piece in memory, however many rows there are; an attempt that dies begins anew.

use std::fs::File;
use std::io::Read;

use chrono::TimeDelta;
use platform::auth::as_user;
use platform::jobs::{Job, finish_in, hold_in};
use platform::{Actor, Error, Id, Permit, Result, Tx, files};

use super::export::{Export, fail_in, load};
use super::rows::{What, Words};
use super::table::{Cell, Table};
use crate::ports::Desk;

const KEPT: TimeDelta = TimeDelta::days(3);
/// Rows between two words about how far it is.
const TELL: usize = 1000;
const ATTEMPTS: i32 = 5;

pub async fn run(desk: &Desk, job: &Job) -> Result<()> {
    let Some(id) = job.ids.first().copied() else {
        return Ok(());
    };
    let read = async move |tx: Tx| load(&tx, id).await;
    let found = desk.app.db.read(job.tenant, read).await?;
    let Some(export) = found.filter(Export::is_open) else {
        return Ok(());
    };
    match write(desk, job, &export).await {
        Ok(()) => Ok(()),
        Err(error @ (Error::Refused(_) | Error::Forbidden(_) | Error::Invalid(_) | Error::TooLarge)) => {
            give_up(desk, job, id, error.code()).await
        }
        Err(error) if job.attempt >= ATTEMPTS && matches!(error, Error::Internal(_)) => {
            tracing::error!(%error, export = %id, tenant = %job.tenant, "an export was given up");
            give_up(desk, job, id, "export_broken").await
        }
        Err(error) => Err(error),
    }
}

async fn write(desk: &Desk, job: &Job, export: &Export) -> Result<()> {
    let app = &desk.app;
    let tenant = app.tenants.by_id(job.tenant).await?;
    // Whoever asked may have left, or may no longer: then nobody gets the file.
    let author = as_user(app, &tenant, export.author_id).await?;
    let actor = author.ok_or(Error::Forbidden("not_allowed"))?;
    actor.may(Permit::Exports)?;
    let what = What::read(&export.what, export.filter.clone())?;
    let words = Words::of(app, &actor, export.lang()).await?;
    let headings = what.headings(&words).into_iter().map(Cell::text).collect();
    let mut table = desk.sheets.begin(export.format()?).map_err(Error::internal)?;
    table = rows(table, vec![headings]).await?;
    let (mut after, mut written, mut told) = (None, 0, 0);
    loop {
        let page = what.page(app, &actor, &words, after).await?;
        written += page.rows.len();
        table = rows(table, page.rows).await?;
        if written - told >= TELL {
            told = written;
            if !tell(desk, job, export.id, written).await? {
                return Ok(());
            }
        }
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let file = tokio::task::spawn_blocking(move || table.finish())
        .await
        .map_err(Error::internal)?;
    keep(desk, job, export, &actor, file.map_err(Error::internal)?, written).await
}

/// Files are written where a slow disk keeps nobody waiting.
async fn rows(mut table: Box<dyn Table>, rows: Vec<Vec<Cell>>) -> Result<Box<dyn Table>> {
    let write = move || {
        rows.iter().try_for_each(|row| table.row(row))?;
        Ok::<_, std::io::Error>(table)
    };
    let written = tokio::task::spawn_blocking(write).await.map_err(Error::internal)?;
    written.map_err(Error::internal)
}

/// How far it is. `false`: it was stopped meanwhile.
async fn tell(desk: &Desk, job: &Job, id: Id, written: usize) -> Result<bool> {
    let job = job.clone();
    desk.app
        .db
        .write(job.tenant, async move |tx: Tx| {
            hold_in(&tx, &job).await?;
            let sql = "UPDATE export SET state = 'running', rows = $3 WHERE tenant_id = $1 AND id = $2 \
                       AND state IN ('queued', 'running')";
            let values = vec![tx.tenant().0.into(), id.into(), (written as i64).into()];
            Ok(tx.run(sql, values).await? == 1)
        })
        .await
}

async fn keep(desk: &Desk, job: &Job, export: &Export, actor: &Actor, mut file: File, written: usize) -> Result<()> {
    let db = &desk.app.db;
    if file.metadata().map_err(Error::internal)?.len() > files::MAX_BYTES as u64 {
        return Err(Error::refused("export_too_large"));
    }
    let (name, kind) = (export.file_name(actor), export.format()?.media_type());
    let stored = db
        .write(job.tenant, async move |tx: Tx| {
            files::begin(&tx, &name, kind, KEPT).await
        })
        .await?;
    let (mut size, mut at) = (0, 0);
    loop {
        let piece;
        (file, piece) = next_piece(file).await?;
        if piece.is_empty() {
            break;
        }
        size += piece.len();
        db.write(job.tenant, async move |tx: Tx| {
            files::append(&tx, stored, at, piece).await
        })
        .await?;
        at += 1;
    }
    let (job, id) = (job.clone(), export.id);
    db.write(job.tenant, async move |tx: Tx| {
        files::complete(&tx, stored, size as i64).await?;
        let sql = "UPDATE export SET state = 'done', rows = $3, file_id = $4, size = $5, finished_at = $6, \
                   expires_at = $7 WHERE tenant_id = $1 AND id = $2 AND state IN ('queued', 'running')";
        tx.run(
            sql,
            vec![
                tx.tenant().0.into(),
                id.into(),
                (written as i64).into(),
                stored.into(),
                (size as i64).into(),
                tx.now().into(),
                (tx.now() + KEPT).into(),
            ],
        )
        .await?;
        finish_in(&tx, &job).await
    })
    .await
}

async fn next_piece(mut file: File) -> Result<(File, Vec<u8>)> {
    let read = move || {
        let mut piece = Vec::with_capacity(files::PIECE);
        (&mut file).take(files::PIECE as u64).read_to_end(&mut piece)?;
        Ok::<_, std::io::Error>((file, piece))
    };
    let read = tokio::task::spawn_blocking(read).await.map_err(Error::internal)?;
    read.map_err(Error::internal)
}

async fn give_up(desk: &Desk, job: &Job, id: Id, code: &'static str) -> Result<()> {
    let job = job.clone();
    desk.app
        .db
        .write(job.tenant, async move |tx: Tx| {
            hold_in(&tx, &job).await?;
            fail_in(&tx, id, code).await?;
            finish_in(&tx, &job).await
        })
        .await
}
