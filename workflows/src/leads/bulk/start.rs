//! A change of many begins: checked once for what is wrong with it whatever the lead, stored with its leads, and done
//! at once where they are few.

use platform::db::{insert, list};
use platform::idempotency::Key;
use platform::ids::new_id;
use platform::jobs::{NewJob, enqueue};
use platform::{Actor, App, Error, Id, Permit, Result, Tx, audit};
use sea_orm::{FromQueryResult, Value};
use serde_json::json;

use super::run::work_in;
use super::{AT_ONCE, Change, Chosen};
use crate::leads::filter::{Filter, conditions};
use crate::leads::status::{Registry, registry_in};
use crate::leads::tags::checked_tags;
use crate::typed;

const MOST_CHOSEN: usize = 500;

/// Changes many leads; the answer names the change, to be watched and taken back.
pub async fn change_many(app: &App, actor: &Actor, change: Change, chosen: Chosen, key: Option<Key>) -> Result<Id> {
    may(actor, &change)?;
    let author = actor.clone();
    app.once(actor, key, async move |tx: Tx| {
        start_in(&tx, &author, change, chosen).await
    })
    .await
}

/// How many leads a filter finds.
pub async fn matching(app: &App, actor: &Actor, filter: Filter) -> Result<i64> {
    let actor = actor.clone();
    app.db
        .read(actor.tenant_id(), async move |tx: Tx| {
            count_in(&tx, &actor, &filter).await
        })
        .await
}

pub(super) fn may(actor: &Actor, change: &Change) -> Result<()> {
    match change {
        Change::Assign { .. } => actor.may(Permit::LeadsAssign),
        Change::Trash => actor.may(Permit::LeadsTrash),
        Change::Retag { .. } => actor.may(Permit::Settings),
        _ if actor.can(Permit::LeadsAll) => Ok(()),
        _ => actor.may(Permit::LeadsOwn),
    }
}

pub(in crate::leads) async fn start_in(tx: &Tx, actor: &Actor, change: Change, chosen: Chosen) -> Result<Id> {
    let registry = registry_in(tx).await?;
    let change = checked(tx, &registry, change).await?;
    let id = new_id();
    let (state, total, these) = match &chosen {
        Chosen::These(ids) => {
            let found = visible_in(tx, actor, ids).await?;
            ("running", found.len() as i64, found)
        }
        Chosen::Matching(filter) => ("gathering", count_in(tx, actor, filter).await?, Vec::new()),
    };
    if total == 0 {
        return Err(Error::NotFound);
    }
    let now = tx.now();
    let row = vec![
        tx.tenant().0.into(),
        id.into(),
        actor.user.into(),
        json!(change).into(),
        json!(chosen).into(),
        state.into(),
        total.into(),
        0i64.into(),
        0i64.into(),
        0i64.into(),
        0i64.into(),
        0i64.into(),
        now.into(),
    ];
    let columns =
        "tenant_id, id, author_id, action, selection, state, total, done, same, failed, undone, kept, created_at";
    insert(tx, "bulk_change", columns, vec![row], "").await?;
    let changes = json!({"change": change.name(), "leads": total});
    audit::record(tx, actor, "leads.bulk_changed", "bulk_change", id, changes).await?;
    let few = !these.is_empty() && these.len() <= AT_ONCE;
    let rows = these.into_iter().map(|lead| {
        let values: Vec<Value> = vec![tx.tenant().0.into(), id.into(), lead.into(), "waiting".into()];
        values
    });
    insert(
        tx,
        "bulk_lead",
        "tenant_id, bulk_id, lead_id, state",
        rows.collect(),
        "",
    )
    .await?;
    if few {
        work_in(tx, actor, id).await?;
    } else {
        enqueue(tx, NewJob::new("leads.bulk", format!("bulk/{id}"), vec![id])).await?;
    }
    Ok(id)
}

/// What would be wrong with every lead is said before any is touched.
async fn checked(tx: &Tx, registry: &Registry, change: Change) -> Result<Change> {
    match change {
        Change::Assign { owner } => {
            let user = crate::staff::find_in(tx, owner)
                .await
                .map_err(|_| Error::field("owner_id", "unknown_user"))?;
            if !user.active {
                return Err(Error::field("owner_id", "user_inactive"));
            }
            Ok(Change::Assign { owner })
        }
        Change::Tag { tags } => Ok(Change::Tag { tags: some(tags)? }),
        Change::Untag { tags } => Ok(Change::Untag { tags: some(tags)? }),
        Change::Retag { from, to } => Ok(Change::Retag { from, to }),
        Change::Status { to, note, lost_reason } => {
            let status = registry.status(&to);
            let Some(status) = status.filter(|status| !status.retired) else {
                return Err(Error::field("status", "unknown_status"));
            };
            let lost_reason = lost_reason.filter(|key| !key.is_empty());
            if status.kind == "lost" {
                let key = lost_reason
                    .as_ref()
                    .ok_or_else(|| Error::field("lost_reason", "reason_required"))?;
                if !registry.lost_reasons.iter().any(|known| known.key == *key) {
                    return Err(Error::field("lost_reason", "unknown_reason"));
                }
            }
            let note = typed::text("note", &note, 5_000)?;
            Ok(Change::Status { to, note, lost_reason })
        }
        Change::Trash => Ok(Change::Trash),
    }
}

fn some(tags: Vec<String>) -> Result<Vec<String>> {
    let tags = checked_tags(&tags)?;
    if tags.is_empty() {
        return Err(Error::field("tags", "required"));
    }
    Ok(tags)
}

async fn visible_in(tx: &Tx, actor: &Actor, ids: &[Id]) -> Result<Vec<Id>> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Id,
    }
    if ids.len() > MOST_CHOSEN {
        return Err(Error::field("lead_ids", "too_many").with("max", MOST_CHOSEN as u64));
    }
    if ids.is_empty() {
        return Err(Error::field("lead_ids", "required"));
    }
    let (conditions, mut values) = conditions(actor, &Filter::default(), tx.is_postgres())?;
    let from = values.len() + 1;
    values.extend(ids.iter().map(|id| Value::from(*id)));
    let sql = format!(
        "SELECT l.id FROM lead AS l WHERE {conditions} AND l.id IN ({}) ORDER BY l.id",
        list(from, ids.len())
    );
    let rows: Vec<Row> = tx.all(&sql, values).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

async fn count_in(tx: &Tx, actor: &Actor, filter: &Filter) -> Result<i64> {
    #[derive(FromQueryResult)]
    struct Row {
        count: i64,
    }
    let (conditions, values) = conditions(actor, filter, tx.is_postgres())?;
    let sql = format!("SELECT COUNT(*) AS count FROM lead AS l WHERE {conditions}");
    let row: Option<Row> = tx.one(&sql, values).await?;
    Ok(row.map_or(0, |row| row.count))
}
