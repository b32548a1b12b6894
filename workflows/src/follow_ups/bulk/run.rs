//! A change of many at work: follow-ups are gathered, then changed by the time they were due, a chunk a commit, so that
//! whatever dies in between, the next attempt goes on from there and none is changed twice.

use chrono::{DateTime, Utc};
use platform::auth::as_user;
use platform::db::insert;
use platform::jobs::{Job, finish_in, hold_in};
use platform::{Actor, Id, Result, Tx};
use sea_orm::{FromQueryResult, Value};
use serde_json::json;

use super::act::change_all;
use super::preview::targets_in;
use super::show::find_in;
use super::start::{may, meant_in};
use super::undo::take_back_in;
use super::{Before, Bulk, CHUNK, Chosen};
use crate::ports::Desk;

const GATHER: usize = 2_000;

/// One of them, as it was when it was gathered.
#[derive(Debug, Clone, FromQueryResult)]
pub(super) struct Item {
    pub follow_up_id: Id,
    pub lead_id: Id,
    pub owner_id: Id,
    pub due_at: DateTime<Utc>,
    pub before: Option<serde_json::Value>,
}

/// What became of one.
pub(super) struct Became {
    pub item: Item,
    /// done, same, failed; undone, kept.
    pub state: &'static str,
    pub code: Option<(String, serde_json::Value)>,
    pub before: Option<Before>,
    pub placed_at: Option<DateTime<Utc>>,
}

impl Became {
    pub fn of(item: Item, state: &'static str) -> Self {
        Became {
            item,
            state,
            code: None,
            before: None,
            placed_at: None,
        }
    }

    pub fn because(self, code: &str) -> Self {
        Became {
            code: Some((code.to_owned(), json!({}))),
            ..self
        }
    }
}

/// The job behind a change too large to wait for, and behind its undo.
pub async fn bulk_now(desk: &Desk, job: &Job) -> Result<()> {
    let Some(id) = job.ids.first().copied() else {
        return Ok(());
    };
    let (app, tenant_id) = (&desk.app, job.tenant);
    let tenant = app.tenants.by_id(job.tenant).await?;
    let find = async move |tx: Tx| find_in(&tx, id).await;
    let Some(bulk) = app.db.read(job.tenant, find).await? else {
        return Ok(());
    };
    // What whoever asked may do now decides; one who left, or may no longer, does nothing more.
    let actor = match bulk.asked_by() {
        Some(user) => as_user(app, &tenant, user).await?,
        None => Some(Actor::system(tenant)),
    };
    let change = bulk.change()?;
    let actor = actor.filter(|actor| may(actor, &change).is_ok());
    loop {
        let (actor, job) = (actor.clone(), job.clone());
        let step = async move |tx: Tx| {
            let more = match &actor {
                Some(actor) => step_in(&tx, actor, id).await?,
                None => stop_in(&tx, id).await?,
            };
            if more {
                hold_in(&tx, &job).await?;
            } else {
                finish_in(&tx, &job).await?;
            }
            Ok(more)
        };
        if !app.db.write(tenant_id, step).await? {
            return Ok(());
        }
    }
}

/// Everything of a small change, in its author's own transaction.
pub(super) async fn work_in(tx: &Tx, actor: &Actor, id: Id) -> Result<()> {
    while step_in(tx, actor, id).await? {}
    Ok(())
}

/// The next chunk. False when there is none left.
async fn step_in(tx: &Tx, actor: &Actor, id: Id) -> Result<bool> {
    let Some(bulk) = find_in(tx, id).await? else {
        return Ok(false);
    };
    match bulk.state.as_str() {
        "gathering" => gather_in(tx, actor, &bulk).await.map(|()| true),
        "running" => change_in(tx, actor, &bulk).await,
        "undoing" => take_back_in(tx, actor, &bulk).await,
        _ => Ok(false),
    }
}

/// Writes down the next ones that matched when the change was asked for.
async fn gather_in(tx: &Tx, actor: &Actor, bulk: &Bulk) -> Result<()> {
    let chosen: Chosen = serde_json::from_value(bulk.selection.clone())?;
    let targets = targets_in(tx, actor, &chosen, bulk.created_at, bulk.gathered, GATHER).await?;
    meant_in(tx, bulk.id, &targets).await?;
    let last = targets.last().map(|target| target.id).or(bulk.gathered);
    let state = if targets.len() < GATHER { "running" } else { "gathering" };
    let sql = "UPDATE follow_up_bulk SET state = $3, gathered = $4, total = (SELECT COUNT(*) FROM follow_up_bulk_item \
               AS i WHERE i.tenant_id = $1 AND i.bulk_id = $2) WHERE tenant_id = $1 AND id = $2";
    let values = vec![tx.tenant().0.into(), bulk.id.into(), state.into(), last.into()];
    tx.run(sql, values).await.map(|_| ())
}

async fn change_in(tx: &Tx, actor: &Actor, bulk: &Bulk) -> Result<bool> {
    let items = next_in(tx, bulk.id, "waiting").await?;
    let more = items.len() == CHUNK;
    let became = change_all(tx, actor, bulk, items).await?;
    let count = |state: &str| became.iter().filter(|became| became.state == state).count() as i64;
    let sql = "UPDATE follow_up_bulk SET done = done + $3, same = same + $4, failed = failed + $5, state = $6, \
               finished_at = $7 WHERE tenant_id = $1 AND id = $2";
    let values = vec![
        tx.tenant().0.into(),
        bulk.id.into(),
        count("done").into(),
        count("same").into(),
        count("failed").into(),
        if more { "running" } else { "done" }.into(),
        (!more).then_some(tx.now()).into(),
    ];
    mark(tx, bulk.id, became).await?;
    tx.run(sql, values).await?;
    Ok(more)
}

/// The next of a state, the longest due first.
pub(super) async fn next_in(tx: &Tx, bulk: Id, state: &str) -> Result<Vec<Item>> {
    let sql = format!(
        "SELECT follow_up_id, lead_id, owner_id, due_at, before FROM follow_up_bulk_item \
         WHERE tenant_id = $1 AND bulk_id = $2 AND state = $3 ORDER BY due_at, follow_up_id LIMIT {CHUNK}"
    );
    tx.all(&sql, vec![tx.tenant().0.into(), bulk.into(), state.into()])
        .await
}

/// Writes down what became of a chunk.
pub(super) async fn mark(tx: &Tx, bulk: Id, became: Vec<Became>) -> Result<()> {
    let rows = became.into_iter().map(|became| {
        let (code, args) = became.code.unzip();
        let before = became.before.map(|before| json!(before)).or(became.item.before);
        let values: Vec<Value> = vec![
            tx.tenant().0.into(),
            bulk.into(),
            became.item.follow_up_id.into(),
            became.item.lead_id.into(),
            became.item.owner_id.into(),
            became.item.due_at.into(),
            became.state.into(),
            code.into(),
            args.into(),
            before.into(),
            became.placed_at.into(),
        ];
        values
    });
    let columns = "tenant_id, bulk_id, follow_up_id, lead_id, owner_id, due_at, state, code, args, before, placed_at";
    let tail = "ON CONFLICT (tenant_id, bulk_id, follow_up_id) DO UPDATE SET owner_id = excluded.owner_id, \
                state = excluded.state, code = excluded.code, args = excluded.args, before = excluded.before, \
                placed_at = excluded.placed_at";
    insert(tx, "follow_up_bulk_item", columns, rows.collect(), tail)
        .await
        .map(|_| ())
}

/// Nobody is there to go on in the name of.
async fn stop_in(tx: &Tx, id: Id) -> Result<bool> {
    let sql = "UPDATE follow_up_bulk SET state = CASE WHEN state = 'undoing' THEN 'undone' ELSE 'done' END, \
               finished_at = $3 WHERE tenant_id = $1 AND id = $2";
    tx.run(sql, vec![tx.tenant().0.into(), id.into(), tx.now().into()])
        .await?;
    Ok(false)
}
