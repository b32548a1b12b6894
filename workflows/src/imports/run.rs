//! The job of an import: a stretch of chunks, each one commit that moves the import's position on. Whatever dies in
//! between, the next attempt goes on after the last commit, and no chunk is ever applied twice.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use platform::auth::as_user;
use platform::db::{insert, list as places};
use platform::jobs::{Job, NewJob, enqueue, finish_in, hold_in};
use platform::{Actor, Error, Id, Result, Tx};
use sea_orm::{FromQueryResult, Value};
use serde_json::json;

use super::import::{Import, fail_in, load};
use super::recognize::Recognizer;
use super::start::PRIORITY;
use super::stream::{Chunk, stream};
use super::upload::bytes_of;
use crate::leads::{Captured, NewLead, Registry, Via, capture_all_in, registry_in};
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

/// Everything a chunk is applied with.
struct Scene {
    actor: Actor,
    registry: Registry,
    recognizer: Recognizer,
    import: Id,
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
                lead: scene.recognizer.lead(row),
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
            let recognizer = Recognizer::new(&tx, &actor, &registry, &import).await?;
            let scene = Scene {
                actor,
                registry,
                recognizer,
                import: id,
            };
            Ok(Some((import, bytes, scene)))
        })
        .await
}

/// A row of the file with the lead it makes, or why it makes none.
struct Taken {
    number: i64,
    cells: Vec<String>,
    lead: Result<NewLead>,
}

/// What follows a chunk.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    Chunk,
    Later,
    Done,
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

async fn apply_in(tx: &Tx, job: &Job, scene: &Scene, taken: &[Taken], position: i64, next: Next) -> Result<bool> {
    hold_in(tx, job).await?;
    let (tenant, import) = (tx.tenant(), scene.import);
    // First of all, and a lock on the row: of two who read the same position, one goes on.
    let sql = "UPDATE import SET position = $4, state = 'running' \
               WHERE tenant_id = $1 AND id = $2 AND position = $3 AND state IN ('queued', 'running')";
    let moved = position + taken.len() as i64;
    let values = vec![tenant.0.into(), import.into(), position.into(), moved.into()];
    if tx.run(sql, values).await? == 0 {
        return Ok(false);
    }
    let counts = capture(tx, scene, taken).await?;
    let state = if next == Next::Done { "done" } else { "running" };
    let finished = (next == Next::Done).then(|| tx.now());
    tx.run(
        "UPDATE import SET created = created + $3, duplicates = duplicates + $4, rejected = rejected + $5, \
         state = $6, finished_at = $7, total = CASE WHEN $6 = 'done' THEN position ELSE total END \
         WHERE tenant_id = $1 AND id = $2",
        vec![
            tenant.0.into(),
            import.into(),
            counts.created.into(),
            counts.duplicates.into(),
            counts.rejected.into(),
            state.into(),
            finished.into(),
        ],
    )
    .await?;
    match next {
        Next::Chunk => {}
        Next::Later => {
            continue_in(tx, job, import, TimeDelta::zero()).await?;
            finish_in(tx, job).await?;
        }
        Next::Done => finish_in(tx, job).await?,
    }
    Ok(true)
}

#[derive(Default)]
struct Counts {
    created: i64,
    duplicates: i64,
    rejected: i64,
}

/// Captures a chunk's leads and notes the rows that made none.
async fn capture(tx: &Tx, scene: &Scene, taken: &[Taken]) -> Result<Counts> {
    let leads: Vec<NewLead> = taken.iter().filter_map(|row| row.lead.as_ref().ok().cloned()).collect();
    let via = Via::Import(scene.import);
    let mut answers = capture_all_in(tx, &scene.actor, &scene.registry, leads, via)
        .await?
        .into_iter();
    let mut counts = Counts::default();
    let (mut repeats, mut notes) = (Vec::new(), Vec::new());
    for row in taken {
        let answer = match &row.lead {
            Ok(_) => answers.next().ok_or_else(|| Error::internal("a lead got no answer"))?,
            Err(error) => Err(said(error)),
        };
        match answer {
            Ok(Captured::New { .. }) => counts.created += 1,
            Ok(Captured::Repeat { id, .. }) => {
                counts.duplicates += 1;
                repeats.push((row, id));
            }
            Err(error) => {
                counts.rejected += 1;
                notes.push(note(tx, scene.import, row, Reason::of(&error)?, None));
            }
        }
    }
    let own = own(tx, scene.import, repeats.iter().map(|(_, id)| *id).collect()).await?;
    for (row, id) in repeats {
        let code = if own.contains(&id) {
            "duplicate_in_file"
        } else {
            "duplicate_lead"
        };
        notes.push(note(tx, scene.import, row, Reason::plain(code), Some(id)));
    }
    let columns = "tenant_id, import_id, number, code, field, args, cells, lead_id";
    insert(tx, "import_row", columns, notes, "").await?;
    Ok(counts)
}

/// Those of the leads that this import made.
async fn own(tx: &Tx, import: Id, leads: Vec<Id>) -> Result<HashSet<Id>> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Id,
    }
    if leads.is_empty() {
        return Ok(HashSet::new());
    }
    let sql = format!(
        "SELECT id FROM lead WHERE tenant_id = $1 AND import_id = $2 AND id IN ({})",
        places(3, leads.len())
    );
    let mut values: Vec<Value> = vec![tx.tenant().0.into(), import.into()];
    values.extend(leads.into_iter().map(Value::from));
    let rows: Vec<Row> = tx.all(&sql, values).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

struct Reason {
    code: String,
    field: Option<String>,
    args: serde_json::Value,
}

impl Reason {
    fn plain(code: &str) -> Self {
        Reason {
            code: code.to_owned(),
            field: None,
            args: json!({}),
        }
    }

    /// What is wrong with a row; anything but a refusal is a fault and stops the chunk.
    fn of(error: &Error) -> Result<Self> {
        match error {
            Error::Invalid(fields) if !fields.is_empty() => Ok(Reason {
                code: fields[0].code.to_owned(),
                field: Some(fields[0].field.clone()),
                args: json!(fields[0].args),
            }),
            Error::Refused(refusal) => Ok(Reason::plain(refusal.code)),
            other => Err(Error::internal(other)),
        }
    }
}

fn note(tx: &Tx, import: Id, row: &Taken, reason: Reason, lead: Option<Id>) -> Vec<Value> {
    vec![
        tx.tenant().0.into(),
        import.into(),
        row.number.into(),
        reason.code.into(),
        reason.field.into(),
        reason.args.into(),
        json!(row.cells).into(),
        lead.into(),
    ]
}

/// The same refusal once more: errors are not copied lightly.
fn said(error: &Error) -> Error {
    match error {
        Error::Invalid(fields) => Error::Invalid(fields.clone()),
        Error::Refused(refusal) => Error::Refused(refusal.clone()),
        other => Error::internal(other),
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

/// The next job of this import, named after the one it follows so that it is made once.
async fn continue_in(tx: &Tx, job: &Job, id: Id, after: TimeDelta) -> Result<()> {
    let next = NewJob::new("imports.run", format!("import/{id}/{}", job.id), vec![id]);
    enqueue(tx, next.priority(PRIORITY).at(tx.now() + after)).await
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
