//! One chunk of an import in one commit: its position, its leads, the rows that made none, and what comes next.

use std::collections::{HashMap, HashSet};

use chrono::TimeDelta;
use platform::db::{insert, list as places};
use platform::jobs::{Job, NewJob, enqueue, finish_in, hold_in};
use platform::{Actor, Error, Id, Result, Tx};
use sea_orm::{FromQueryResult, Value};
use serde_json::json;

use super::recognize::Recognizer;
use super::start::PRIORITY;
use super::undo::keep_fills;
use crate::leads::{NewLead, OnRepeat, Registry, Taken as Outcome, Via, capture_all_in};

/// Everything a chunk is applied with.
pub(crate) struct Scene {
    pub actor: Actor,
    pub registry: Registry,
    pub recognizer: Recognizer,
    pub import: Id,
    /// What becomes of repeated phones: of the whole table's, and of single rows'.
    pub wish: OnRepeat,
    pub wishes: HashMap<i64, OnRepeat>,
}

impl Scene {
    pub fn wish(&self, row: i64) -> OnRepeat {
        self.wishes.get(&row).copied().unwrap_or(self.wish)
    }
}

/// A row of the file with the lead it makes, or why it makes none.
pub(crate) struct Taken {
    pub number: i64,
    pub cells: Vec<String>,
    pub lead: Result<NewLead>,
}

/// What follows a chunk.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    Chunk,
    Later,
    Done,
}

pub(super) async fn apply_in(
    tx: &Tx,
    job: &Job,
    scene: &Scene,
    taken: &[Taken],
    position: i64,
    next: Next,
) -> Result<bool> {
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
    let counts = capture(tx, scene, import, taken).await?;
    let state = if next == Next::Done { "done" } else { "running" };
    let finished = (next == Next::Done).then(|| tx.now());
    counts.add_to(tx, import).await?;
    tx.run(
        "UPDATE import SET state = $3, finished_at = $4, \
         total = CASE WHEN $3 = 'done' THEN position ELSE total END WHERE tenant_id = $1 AND id = $2",
        vec![tenant.0.into(), import.into(), state.into(), finished.into()],
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
pub(crate) struct Counts {
    created: i64,
    linked: i64,
    duplicates: i64,
    updated: i64,
    rejected: i64,
}

impl Counts {
    /// Created, duplicates, rejected.
    pub fn summed(&self) -> (i64, i64, i64) {
        (self.created, self.duplicates, self.rejected)
    }

    pub async fn add_to(&self, tx: &Tx, import: Id) -> Result<()> {
        tx.run(
            "UPDATE import SET created = created + $3, linked = linked + $4, duplicates = duplicates + $5, \
             updated = updated + $6, rejected = rejected + $7 WHERE tenant_id = $1 AND id = $2",
            vec![
                tx.tenant().0.into(),
                import.into(),
                self.created.into(),
                self.linked.into(),
                self.duplicates.into(),
                self.updated.into(),
                self.rejected.into(),
            ],
        )
        .await?;
        Ok(())
    }
}

/// Captures a chunk's leads and notes the rows that made none.
pub(crate) async fn capture(tx: &Tx, scene: &Scene, import: Id, taken: &[Taken]) -> Result<Counts> {
    let leads: Vec<NewLead> = taken.iter().filter_map(|row| row.lead.as_ref().ok().cloned()).collect();
    let via = Via::Import(import);
    let mut answers = capture_all_in(tx, &scene.actor, &scene.registry, leads, via)
        .await?
        .into_iter();
    let mut counts = Counts::default();
    let (mut repeats, mut notes, mut fills) = (Vec::new(), Vec::new(), Vec::new());
    for row in taken {
        let answer = match &row.lead {
            Ok(_) => answers.next().ok_or_else(|| Error::internal("a lead got no answer"))?,
            Err(error) => Err(said(error)),
        };
        match answer {
            Ok(Outcome::New { .. }) => counts.created += 1,
            Ok(Outcome::Linked { .. }) => {
                counts.created += 1;
                counts.linked += 1;
            }
            Ok(Outcome::Filled(filled)) => {
                counts.duplicates += 1;
                counts.updated += 1;
                let reason = Reason {
                    args: json!({"fields": filled.fields.keys().collect::<Vec<_>>()}),
                    ..Reason::plain("duplicate_filled")
                };
                notes.push(note(tx, import, row, reason, Some(filled.id)));
                fills.push(filled);
            }
            Ok(Outcome::Known { id }) => {
                counts.duplicates += 1;
                repeats.push((row, id));
            }
            Err(error) => {
                counts.rejected += 1;
                notes.push(note(tx, import, row, Reason::of(&error)?, None));
            }
        }
    }
    let own = own(tx, import, repeats.iter().map(|(_, id)| *id).collect()).await?;
    for (row, id) in repeats {
        let code = if own.contains(&id) {
            "duplicate_in_file"
        } else {
            "duplicate_lead"
        };
        notes.push(note(tx, import, row, Reason::plain(code), Some(id)));
    }
    let columns = "tenant_id, import_id, number, code, field, args, cells, lead_id";
    // A connected sheet may say the same row again.
    let tail = "ON CONFLICT (tenant_id, import_id, number) DO UPDATE SET code = excluded.code, \
                field = excluded.field, args = excluded.args, cells = excluded.cells, lead_id = excluded.lead_id";
    insert(tx, "import_row", columns, notes, tail).await?;
    keep_fills(tx, import, fills).await?;
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

/// The next job of this import, named after the one it follows so that it is made once.
pub(super) async fn continue_in(tx: &Tx, job: &Job, id: Id, after: TimeDelta) -> Result<()> {
    let next = NewJob::new("imports.run", format!("import/{id}/{}", job.id), vec![id]);
    enqueue(tx, next.priority(PRIORITY).at(tx.now() + after)).await
}
