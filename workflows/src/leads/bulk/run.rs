//! A change of many at work: leads are gathered, then changed, a chunk a commit, so that whatever dies in between, the
//! next attempt goes on from there and no lead is changed twice.

use platform::auth::as_user;
use platform::jobs::{Job, finish_in, hold_in};
use platform::{Actor, Error, Id, Result, Tx};
use sea_orm::{FromQueryResult, Value};
use serde_json::json;

use super::show::find_in;
use super::start::may;
use super::undo::take_back_in;
use super::{Before, Bulk, CHUNK, Change, Chosen, Touched};
use crate::leads::edit::edit_in;
use crate::leads::filter::{Filter, conditions};
use crate::leads::lead::lock;
use crate::leads::status::{Registry, registry_in};
use crate::leads::tags::{self, tag_key};
use crate::leads::{Edit, Move, assign_in, change_status_in};
use crate::ports::Desk;

const GATHER: usize = 2_000;

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
    // What whoever asked may do now decides; one who left does nothing more.
    let actor = match bulk.asked_by() {
        Some(user) => as_user(app, &tenant, user).await?,
        None => Some(Actor::system(tenant)),
    };
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
pub(super) async fn step_in(tx: &Tx, actor: &Actor, id: Id) -> Result<bool> {
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

/// Writes down the next leads that match, in the order of their ids; those that come in later are not meant.
async fn gather_in(tx: &Tx, actor: &Actor, bulk: &Bulk) -> Result<()> {
    let filter = match serde_json::from_value(bulk.selection.clone())? {
        Chosen::Matching(filter) => *filter,
        Chosen::These(_) => Filter::default(),
    };
    let (conditions, mut values) = conditions(actor, &filter, tx.is_postgres())?;
    let at = values.len();
    values.push(bulk.id.into());
    values.push(bulk.created_at.into());
    let mut after = String::new();
    if let Some(last) = bulk.gathered {
        values.push(last.into());
        after = format!(" AND l.id > ${}", at + 3);
    }
    #[derive(FromQueryResult)]
    struct Row {
        lead_id: Id,
    }
    let sql = format!(
        "INSERT INTO bulk_lead (tenant_id, bulk_id, lead_id, state) \
         SELECT l.tenant_id, ${}, l.id, 'waiting' FROM lead AS l WHERE {conditions} AND l.created_at <= ${}{after} \
         ORDER BY l.id LIMIT {GATHER} RETURNING lead_id",
        at + 1,
        at + 2
    );
    let rows: Vec<Row> = tx.all(&sql, values).await?;
    let last = rows.iter().map(|row| row.lead_id).max();
    let state = if rows.len() < GATHER { "running" } else { "gathering" };
    let sql = "UPDATE bulk_change SET state = $3, gathered = $4 WHERE tenant_id = $1 AND id = $2";
    let values = vec![
        tx.tenant().0.into(),
        bulk.id.into(),
        state.into(),
        last.or(bulk.gathered).into(),
    ];
    tx.run(sql, values).await?;
    if state == "running" {
        let sql = "UPDATE bulk_change SET total = (SELECT COUNT(*) FROM bulk_lead AS b WHERE b.tenant_id = $1 \
                   AND b.bulk_id = $2) WHERE tenant_id = $1 AND id = $2";
        tx.run(sql, vec![tx.tenant().0.into(), bulk.id.into()]).await?;
    }
    Ok(())
}

async fn change_in(tx: &Tx, actor: &Actor, bulk: &Bulk) -> Result<bool> {
    let change = bulk.change()?;
    may(actor, &change)?;
    let leads = next_in(tx, bulk.id, "waiting").await?;
    let registry = registry_in(tx).await?;
    let (mut done, mut same, mut failed) = (0i64, 0i64, 0i64);
    for lead in &leads {
        let (state, code, args, before) = match one(tx, actor, &registry, &change, *lead).await {
            Ok(Some(before)) => ("done", None, None, Some(json!(before))),
            Ok(None) => ("same", None, None, None),
            Err(error) => {
                let (code, args) = refusal(error)?;
                ("failed", Some(code), Some(args), None)
            }
        };
        match state {
            "done" => done += 1,
            "same" => same += 1,
            _ => failed += 1,
        }
        mark(tx, bulk.id, *lead, state, code, args, before).await?;
    }
    let more = leads.len() == CHUNK;
    let sql = "UPDATE bulk_change SET done = done + $3, same = same + $4, failed = failed + $5, state = $6, \
               finished_at = $7 WHERE tenant_id = $1 AND id = $2";
    tx.run(
        sql,
        vec![
            tx.tenant().0.into(),
            bulk.id.into(),
            done.into(),
            same.into(),
            failed.into(),
            if more { "running" } else { "done" }.into(),
            (!more).then_some(tx.now()).into(),
        ],
    )
    .await?;
    Ok(more)
}

/// One lead given to somebody with what is open for it, and what [`put_back_in`](super::put_back_in) needs; none where
/// it is theirs already.
pub(crate) async fn assign_one_in(
    tx: &Tx,
    actor: &Actor,
    registry: &Registry,
    lead: Id,
    owner: Id,
) -> Result<Option<serde_json::Value>> {
    let before = one(tx, actor, registry, &Change::Assign { owner }, lead).await?;
    Ok(before.map(|before| json!(before)))
}

/// One lead by the verb it would be by hand; none where it is as asked already.
async fn one(tx: &Tx, actor: &Actor, registry: &Registry, change: &Change, id: Id) -> Result<Option<Before>> {
    let lead = lock(tx, actor, id).await?;
    let follow_ups = open_in(tx, id).await?;
    let changed = match change {
        Change::Assign { owner } => {
            let why = json!({"reason": "by_hand"});
            assign_in(tx, actor, &lead, *owner, why).await?.is_some()
        }
        Change::Status { to, .. } if *to == lead.status => false,
        Change::Status { to, note, lost_reason } => {
            let moved = Move {
                to: to.clone(),
                note: note.clone(),
                lost_reason: lost_reason.clone(),
                ..Move::default()
            };
            change_status_in(tx, actor, registry, id, moved, None).await?;
            true
        }
        Change::Tag { tags } => retagged(tx, actor, id, &tags::of(&lead), tags, &[]).await?,
        Change::Untag { tags } => retagged(tx, actor, id, &tags::of(&lead), &[], tags).await?,
        Change::Retag { from, to } => {
            let to: Vec<String> = to.iter().cloned().collect();
            replaced(tx, actor, id, &tags::of(&lead), from, &to).await?
        }
        Change::Trash => {
            crate::leads::trash::trash_in(tx, actor, &lead).await?;
            true
        }
    };
    if !changed {
        return Ok(None);
    }
    let (version, event) = now_in(tx, id).await?;
    Ok(Some(Before {
        owner_id: lead.owner_id,
        assigned_at: lead.assigned_at,
        waiting_since: lead.waiting_since,
        tags: tags::of(&lead),
        status: lead.status,
        status_since: lead.status_since,
        lost_reason: lead.lost_reason,
        lost_at: lead.lost_at,
        enrolled_at: lead.enrolled_at,
        first_contact_at: lead.first_contact_at,
        version,
        event,
        follow_ups,
    }))
}

async fn retagged(tx: &Tx, actor: &Actor, id: Id, has: &[String], more: &[String], less: &[String]) -> Result<bool> {
    let is_in = |tag: &String, list: &[String]| list.iter().any(|other| tag_key(other) == tag_key(tag));
    let mut tags: Vec<String> = has.iter().filter(|tag| !is_in(tag, less)).cloned().collect();
    tags.extend(more.iter().filter(|tag| !is_in(tag, has)).cloned());
    save_in(tx, actor, id, has, tags).await
}

/// One tag in another's place, each tag once.
async fn replaced(tx: &Tx, actor: &Actor, id: Id, has: &[String], from: &str, to: &[String]) -> Result<bool> {
    let mut tags: Vec<String> = Vec::new();
    for tag in has {
        let gone = tag_key(tag) == tag_key(from);
        for tag in if gone { to } else { std::slice::from_ref(tag) } {
            if !tags.iter().any(|known| tag_key(known) == tag_key(tag)) {
                tags.push(tag.clone());
            }
        }
    }
    save_in(tx, actor, id, has, tags).await
}

async fn save_in(tx: &Tx, actor: &Actor, id: Id, has: &[String], tags: Vec<String>) -> Result<bool> {
    if tags == has {
        return Ok(false);
    }
    let edit = Edit {
        tags: Some(tags),
        ..Edit::default()
    };
    edit_in(tx, actor, id, edit, None).await?;
    Ok(true)
}

async fn open_in(tx: &Tx, lead: Id) -> Result<Vec<Touched>> {
    let sql = "SELECT id, owner_id, due_at, state, closed_at, reminded_at, overdue_at, version FROM follow_up \
               WHERE tenant_id = $1 AND lead_id = $2 AND state = 'open'";
    tx.all(sql, vec![tx.tenant().0.into(), lead.into()]).await
}

/// Where a lead stands now: its version and its latest event.
async fn now_in(tx: &Tx, lead: Id) -> Result<(i64, Option<Id>)> {
    #[derive(FromQueryResult)]
    struct Row {
        version: i64,
        event: Option<Id>,
    }
    let sql = "SELECT l.version, (SELECT e.id FROM event AS e WHERE e.tenant_id = $1 AND e.lead_id = $2 \
               ORDER BY e.id DESC LIMIT 1) AS event FROM lead AS l WHERE l.tenant_id = $1 AND l.id = $2";
    let row: Option<Row> = tx.one(sql, vec![tx.tenant().0.into(), lead.into()]).await?;
    row.map(|row| (row.version, row.event)).ok_or(Error::NotFound)
}

pub(super) async fn next_in(tx: &Tx, bulk: Id, state: &str) -> Result<Vec<Id>> {
    #[derive(FromQueryResult)]
    struct Row {
        lead_id: Id,
    }
    let sql = format!(
        "SELECT lead_id FROM bulk_lead WHERE tenant_id = $1 AND bulk_id = $2 AND state = $3 \
         ORDER BY lead_id LIMIT {CHUNK}"
    );
    let rows: Vec<Row> = tx
        .all(&sql, vec![tx.tenant().0.into(), bulk.into(), state.into()])
        .await?;
    Ok(rows.into_iter().map(|row| row.lead_id).collect())
}

pub(super) async fn mark(
    tx: &Tx,
    bulk: Id,
    lead: Id,
    state: &str,
    code: Option<&str>,
    args: Option<serde_json::Value>,
    before: Option<serde_json::Value>,
) -> Result<()> {
    let sql = "UPDATE bulk_lead SET state = $4, code = $5, args = $6, before = COALESCE($7, before) \
               WHERE tenant_id = $1 AND bulk_id = $2 AND lead_id = $3";
    let values: Vec<Value> = vec![
        tx.tenant().0.into(),
        bulk.into(),
        lead.into(),
        state.into(),
        code.map(str::to_owned).into(),
        args.into(),
        before.into(),
    ];
    tx.run(sql, values).await.map(|_| ())
}

/// Why one was not changed; faults of ours stop the chunk instead, to be tried again.
pub(crate) fn refusal(error: Error) -> Result<(&'static str, serde_json::Value)> {
    match error {
        Error::Refused(refusal) if refusal.code != "unknown_reference" => Ok((refusal.code, json!(refusal.args))),
        Error::Invalid(fields) => match fields.into_iter().next() {
            Some(field) => Ok((field.code, json!(field.args))),
            None => Ok(("invalid", json!({}))),
        },
        Error::NotFound | Error::Forbidden(_) | Error::Precondition { .. } => Ok((error.code(), json!({}))),
        other => Err(other),
    }
}

/// Nobody is there to go on in the name of.
async fn stop_in(tx: &Tx, id: Id) -> Result<bool> {
    let sql = "UPDATE bulk_change SET state = CASE WHEN state = 'undoing' THEN 'undone' ELSE 'done' END, \
               finished_at = $3 WHERE tenant_id = $1 AND id = $2";
    tx.run(sql, vec![tx.tenant().0.into(), id.into(), tx.now().into()])
        .await?;
    Ok(false)
}
