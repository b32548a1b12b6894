//! The job of an import: a stretch of chunks, each one commit that moves the import's position on. Whatever dies in
//! between, the next attempt goes on after the last commit, and no chunk is ever applied twice.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use platform::auth::as_user;
use platform::jobs::{Job, finish_in, hold_in};
use platform::{Actor, Error, Id, Result, Tx};

use super::chunk::{Next, Scene, Taken, apply_in, continue_in};
use super::import::{Import, fail_in, load};
use super::recognize::{Given, Recognizer};
use super::start::choices;
use super::stream::{Chunk, stream};
use super::upload::bytes_of;
use crate::leads::{NewLead, registry_in};
use crate::ports::Desk;

/// So long an import waits for its turn at the reader; then it comes back a little later.
const PATIENCE: Duration = Duration::from_millis(500);
const COME_BACK: TimeDelta = TimeDelta::seconds(2);
/// How long one import keeps a worker before it goes to the back of the line.
const HOLD: Duration = Duration::from_secs(5);
/// Faults that pass are retried; what still fails by then would fail for ever.
const ATTEMPTS: i32 = 8;
const RACES: usize = 5;

pub async fn run(desk: &Desk, job: &Job) -> Result<()> {
    let Some(id) = job.ids.first().copied() else {
        return Ok(());
    };
    let Ok(turn) = tokio::time::timeout(PATIENCE, desk.sheets.running.acquire()).await else {
        return later(desk, job, id).await;
    };
    let _turn = turn.map_err(Error::internal)?;
    let began = Instant::now();
    loop {
        match stretch(desk, job, id, began).await {
            // Another attempt got ahead of this one before losing its lease: go on from where it stopped.
            Ok(false) => {}
            Ok(true) => return Ok(()),
            Err(Error::Refused(refusal)) => return give_up(desk, job, id, refusal.code).await,
            Err(error) if job.attempt >= ATTEMPTS && matches!(error, Error::Internal(_)) => {
                tracing::error!(%error, import = %id, tenant = %job.tenant, "an import was given up");
                return give_up(desk, job, id, "internal").await;
            }
            Err(error) => return Err(error),
        }
    }
}

/// Chunks until the table ends or the time is up. `false`: the import moved on without us.
async fn stretch(desk: &Desk, job: &Job, id: Id, began: Instant) -> Result<bool> {
    let Some((import, bytes, scene)) = prepare(desk, job, id).await? else {
        return Ok(true);
    };
    let scene = Arc::new(scene);
    let mut position = import.position;
    let skip = usize::try_from(position).unwrap_or_default();
    let mut chunks = stream(desk.sheets.sheets.clone(), bytes, import.sheet, skip);
    while let Some(chunk) = chunks.recv().await {
        let Chunk { rows, last } = chunk?;
        let next = if last {
            Next::Done
        } else if began.elapsed() >= HOLD {
            Next::Later
        } else {
            Next::Chunk
        };
        let taken: Vec<Taken> = rows
            .iter()
            .map(|row| Taken {
                number: i64::from(row.number),
                cells: row.cells.iter().map(|cell| cell.text.clone()).collect(),
                lead: scene.recognizer.lead(row).map(|lead| NewLead {
                    on_repeat: scene.wish(i64::from(row.number)),
                    ..lead
                }),
            })
            .collect();
        let count = taken.len() as i64;
        if !apply(desk, job, &scene, Arc::new(taken), position, next).await? {
            return Ok(false);
        }
        if next != Next::Chunk {
            return Ok(true);
        }
        position += count;
    }
    Err(Error::internal("the reading of a table broke off"))
}

async fn prepare(desk: &Desk, job: &Job, id: Id) -> Result<Option<(Import, Arc<[u8]>, Scene)>> {
    let app = &desk.app;
    let tenant = app.tenants.by_id(job.tenant).await?;
    let import = app.db.read(job.tenant, async move |tx: Tx| load(&tx, id).await).await?;
    let Some(import) = import.filter(Import::is_open) else {
        return Ok(None);
    };
    let author = match import.author_id {
        Some(user) => as_user(app, &tenant, user).await?,
        None => None,
    };
    // Whoever asked may have left since: the leads are the centre's all the same.
    let actor = author.unwrap_or_else(|| Actor::system(tenant));
    app.db
        .read(job.tenant, async move |tx: Tx| {
            let bytes = bytes_of(&tx, import.file_id).await?;
            let registry = registry_in(&tx).await?;
            let recognizer = Recognizer::new(&tx, &actor, &registry, Given::from(&import)).await?;
            let scene = Scene {
                actor,
                registry,
                recognizer,
                import: id,
                wish: import.on_duplicate(),
                wishes: choices(&tx, id).await?,
            };
            Ok(Some((import, bytes, scene)))
        })
        .await
}

async fn apply(
    desk: &Desk,
    job: &Job,
    scene: &Arc<Scene>,
    taken: Arc<Vec<Taken>>,
    position: i64,
    next: Next,
) -> Result<bool> {
    let mut races = 0;
    loop {
        let (job, scene, taken) = (job.clone(), scene.clone(), taken.clone());
        let applied = desk
            .app
            .db
            .write(job.tenant, async move |tx: Tx| {
                apply_in(&tx, &job, &scene, &taken, position, next).await
            })
            .await;
        match applied {
            // Somebody stored one of these phones between our look and our insert: now the look finds it.
            Err(Error::Conflict(refusal)) if refusal.code == "phone_raced" && races < RACES => races += 1,
            other => return other,
        }
    }
}

async fn later(desk: &Desk, job: &Job, id: Id) -> Result<()> {
    let job = job.clone();
    desk.app
        .db
        .write(job.tenant, async move |tx: Tx| {
            continue_in(&tx, &job, id, COME_BACK).await?;
            finish_in(&tx, &job).await
        })
        .await
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
