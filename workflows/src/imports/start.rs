//! An import's columns are settled, and its job waits in the queue.

use std::collections::{BTreeMap, HashMap};

use platform::db::insert;
use platform::jobs::{NewJob, enqueue};
use platform::{Actor, App, Error, Id, Permit, Result, Tx, audit};
use sea_orm::FromQueryResult;
use serde_json::json;

use super::import::{Import, find_in};
use super::remembered::{fits_in, remember};
use super::sheet::Mapping;
use crate::leads::OnRepeat;

/// Imports wait behind what people do by hand.
pub(super) const PRIORITY: i16 = 5;
/// Nobody decides on more rows one by one.
pub const MOST_CHOICES: usize = 1000;

#[derive(Debug, Clone, Default)]
pub struct Choice {
    /// None: as guessed.
    pub mapping: Option<Mapping>,
    /// One rep for all of its leads; only for those who may assign. None: a rep's go to the rep, others are
    /// distributed.
    pub owner_id: Option<Id>,
    pub on_duplicate: OnRepeat,
    /// Rows, by what stands beside them in a spreadsheet program, that are dealt with in another way than the rest.
    pub rows: BTreeMap<i64, OnRepeat>,
}

pub async fn start(app: &App, actor: &Actor, id: Id, choice: Choice) -> Result<Import> {
    let actor = actor.clone();
    app.db
        .write(actor.tenant_id(), async move |tx: Tx| {
            start_in(&tx, &actor, id, choice).await
        })
        .await
}

pub(super) async fn start_in(tx: &Tx, actor: &Actor, id: Id, choice: Choice) -> Result<Import> {
    actor.may(Permit::ImportsCreate)?;
    let import = find_in(tx, actor, id).await?;
    let mapping = choice.mapping.unwrap_or_else(|| import.mapping());
    fits_in(tx, &import.header(), &mapping).await?;
    let owner = choice.owner_id.filter(|_| actor.can(Permit::LeadsAssign));
    if let Some(owner) = owner {
        let user = crate::staff::find_in(tx, owner).await;
        if !user.is_ok_and(|user| user.active) {
            return Err(Error::field("owner_id", "unknown_user"));
        }
    }
    if choice.rows.len() > MOST_CHOICES {
        return Err(Error::field("choices", "too_many").with("max", MOST_CHOICES as u64));
    }
    let sql = "UPDATE import SET state = 'queued', mapping = $3, owner_id = $4, on_duplicate = $5 \
               WHERE tenant_id = $1 AND id = $2 AND state = 'mapping'";
    let values = vec![
        tx.tenant().0.into(),
        id.into(),
        json!(mapping).into(),
        owner.into(),
        choice.on_duplicate.key().into(),
    ];
    if tx.run(sql, values).await? == 0 {
        return Err(Error::conflict("import_started"));
    }
    let row =
        |(number, wish): (&i64, &OnRepeat)| vec![tx.tenant().0.into(), id.into(), (*number).into(), wish.key().into()];
    let rows = choice.rows.iter().map(row).collect();
    insert(
        tx,
        "import_choice",
        "tenant_id, import_id, number, on_duplicate",
        rows,
        "",
    )
    .await?;
    remember(tx, &import.header(), &mapping).await?;
    let job = NewJob::new("imports.run", format!("import/{id}"), vec![id]);
    enqueue(tx, job.priority(PRIORITY)).await?;
    let what = json!({"file": import.file_name, "rows": import.total});
    audit::record(tx, actor, "import.started", "import", id, what).await?;
    find_in(tx, actor, id).await
}

/// What was chosen for single rows.
pub(super) async fn choices(tx: &Tx, id: Id) -> Result<HashMap<i64, OnRepeat>> {
    #[derive(FromQueryResult)]
    struct Row {
        number: i64,
        on_duplicate: String,
    }
    let sql = "SELECT number, on_duplicate FROM import_choice WHERE tenant_id = $1 AND import_id = $2";
    let rows: Vec<Row> = tx.all(sql, vec![tx.tenant().0.into(), id.into()]).await?;
    let read = |row: Row| Some((row.number, OnRepeat::read(&row.on_duplicate)?));
    Ok(rows.into_iter().filter_map(read).collect())
}
