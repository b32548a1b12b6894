//! What a change of many would do, before it does it: how many, whose, when they would be due, and what stays and why.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use platform::db::list;
use platform::{Actor, App, Error, Id, Result, Tx};
use sea_orm::{FromQueryResult, Value};
use serde::Serialize;

use super::pace::{Pace, spacing};
use super::start::{checked, may};
use super::{Change, Chosen, MOST_CHOSEN, MOST_MATCHING};
use crate::follow_ups::list::{conditions, whose};

/// Names shown of those that stay.
const NAMED: usize = 10;

#[derive(Debug, Default, Serialize)]
pub struct Preview {
    pub total: i64,
    pub changing: i64,
    /// Leads that change hands with them.
    pub leads: i64,
    /// By whose they are now, the most first.
    pub reps: Vec<Of>,
    pub stays: Vec<Stays>,
}

/// What changes of one rep's.
#[derive(Debug, Clone, Serialize)]
pub struct Of {
    pub owner: Id,
    pub count: i64,
    /// When the first and the last would be due, where that changes.
    pub first: Option<DateTime<Utc>>,
    pub last: Option<DateTime<Utc>>,
    /// So many find no working time within three months and would be due regardless of it.
    pub outside: i64,
}

/// Follow-ups that stay as they are, for one reason.
#[derive(Debug, Clone, Serialize)]
pub struct Stays {
    pub code: &'static str,
    pub count: i64,
    /// The first leads they are about.
    pub names: Vec<String>,
}

/// A follow-up a change means.
#[derive(Debug, Clone, FromQueryResult)]
pub(super) struct Target {
    pub id: Id,
    pub lead_id: Id,
    pub owner_id: Id,
    pub due_at: DateTime<Utc>,
    pub state: String,
    pub lead_owner: Option<Id>,
    pub name: String,
}

pub async fn preview(app: &App, actor: &Actor, change: Change, chosen: Chosen) -> Result<Preview> {
    may(actor, &change)?;
    let actor = actor.clone();
    app.db
        .read(actor.tenant_id(), async move |tx: Tx| {
            let change = checked(&tx, change).await?;
            let mut targets = targets_in(&tx, &actor, &chosen, tx.now(), None, MOST_MATCHING + 1).await?;
            if targets.is_empty() {
                return Err(Error::NotFound);
            }
            bounded(targets.len() as i64)?;
            targets.sort_by_key(|target| (target.due_at, target.id));
            shown(&tx, &actor, &change, &targets).await
        })
        .await
}

async fn shown(tx: &Tx, actor: &Actor, change: &Change, targets: &[Target]) -> Result<Preview> {
    let (mut changing, mut stays): (Vec<&Target>, BTreeMap<&'static str, Stays>) = (Vec::new(), BTreeMap::new());
    for target in targets {
        let Some(code) = stays_as_it_is(change, target) else {
            changing.push(target);
            continue;
        };
        let same = stays.entry(code).or_insert_with(|| Stays {
            code,
            count: 0,
            names: Vec::new(),
        });
        same.count += 1;
        if same.names.len() < NAMED {
            same.names.push(target.name.clone());
        }
    }
    let mut reps: BTreeMap<Id, Of> = BTreeMap::new();
    let schedules = match change {
        Change::Reschedule { .. } => crate::staff::schedules(tx, actor).await?,
        _ => BTreeMap::new(),
    };
    let (hours, gap) = match change {
        Change::Reschedule { hours } => (*hours, spacing(tx).await?),
        _ => (0, TimeDelta::zero()),
    };
    let mut pace = Pace::new(&schedules, tx.now(), hours, tx.now(), gap, BTreeMap::new());
    for target in &changing {
        let of = reps.entry(target.owner_id).or_insert_with(|| Of {
            owner: target.owner_id,
            count: 0,
            first: None,
            last: None,
            outside: 0,
        });
        of.count += 1;
        if matches!(change, Change::Reschedule { .. }) {
            let due = pace.next(target.owner_id);
            of.first = of.first.or(Some(due.at));
            of.last = Some(due.at);
            of.outside += i64::from(due.flagged);
        }
    }
    let mut reps: Vec<Of> = reps.into_values().collect();
    reps.sort_by_key(|of| (-of.count, of.owner));
    let moving = |target: &&&Target| matches!(change, Change::Reassign { owner, with_leads: true } if target.lead_owner != Some(*owner));
    let leads: BTreeSet<Id> = changing.iter().filter(moving).map(|target| target.lead_id).collect();
    Ok(Preview {
        total: targets.len() as i64,
        changing: changing.len() as i64,
        leads: leads.len() as i64,
        reps,
        stays: stays.into_values().collect(),
    })
}

/// Why a change would leave a follow-up alone.
fn stays_as_it_is(change: &Change, target: &Target) -> Option<&'static str> {
    if target.state != "open" {
        return Some("follow_up_closed");
    }
    match change {
        Change::Reassign { owner, with_leads } => {
            let lead_too = *with_leads && target.lead_owner != Some(*owner);
            (target.owner_id == *owner && !lead_too).then_some("already_theirs")
        }
        _ => None,
    }
}

/// The follow-ups meant, as things stood at a moment, by id.
pub(super) async fn targets_in(
    tx: &Tx,
    actor: &Actor,
    chosen: &Chosen,
    at: DateTime<Utc>,
    after: Option<Id>,
    limit: usize,
) -> Result<Vec<Target>> {
    let (mut sql, mut values) = meant(actor, chosen, at)?;
    if let Some(after) = after {
        values.push(after.into());
        sql.push_str(&format!(" AND f.id > ${}", values.len()));
    }
    let sql = format!(
        "SELECT f.id, f.lead_id, f.owner_id, f.due_at, f.state, l.owner_id AS lead_owner, l.name FROM follow_up AS f \
         JOIN lead AS l ON l.tenant_id = f.tenant_id AND l.id = f.lead_id AND l.deleted_at IS NULL \
         WHERE {sql} ORDER BY f.id LIMIT {limit}"
    );
    tx.all(&sql, values).await
}

pub(super) async fn count_in(tx: &Tx, actor: &Actor, chosen: &Chosen, at: DateTime<Utc>) -> Result<i64> {
    #[derive(FromQueryResult)]
    struct Row {
        count: i64,
    }
    let (conditions, values) = meant(actor, chosen, at)?;
    let sql = format!("SELECT COUNT(*) AS count FROM follow_up AS f WHERE {conditions}");
    let row: Option<Row> = tx.one(&sql, values).await?;
    let count = row.map_or(0, |row| row.count);
    bounded(count)?;
    Ok(count)
}

fn bounded(count: i64) -> Result<()> {
    if count > MOST_MATCHING as i64 {
        return Err(Error::field("filter", "too_many").with("max", MOST_MATCHING as u64));
    }
    Ok(())
}

/// Those named, whatever became of them since, or those that match; never what the actor may not see.
fn meant(actor: &Actor, chosen: &Chosen, at: DateTime<Utc>) -> Result<(String, Vec<Value>)> {
    let ids = match chosen {
        Chosen::Matching(filter) => return conditions(actor, filter, at),
        Chosen::These(ids) => ids,
    };
    if ids.is_empty() {
        return Err(Error::field("follow_up_ids", "required"));
    }
    if ids.len() > MOST_CHOSEN {
        return Err(Error::field("follow_up_ids", "too_many").with("max", MOST_CHOSEN as u64));
    }
    let mut values: Vec<Value> = vec![actor.tenant_id().0.into()];
    let mut sql = "f.tenant_id = $1 AND f.state NOT IN ('deleted', 'trashed')".to_owned();
    if let Some(owner) = whose(actor, None)? {
        values.push(owner.into());
        sql.push_str(" AND f.owner_id = $2");
    }
    let ids: BTreeSet<Id> = ids.iter().copied().collect();
    sql.push_str(&format!(" AND f.id IN ({})", list(values.len() + 1, ids.len())));
    values.extend(ids.into_iter().map(Value::from));
    Ok((sql, values))
}
