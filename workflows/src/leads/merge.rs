//! Two leads that are one person become one: each field from whichever lead is chosen, both histories, every phone. The
//! other lead's row goes; what both were is kept, so that it can be undone.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use platform::events::{self, NewEvent};
use platform::ids::new_id;
use platform::{Actor, App, Error, Id, Result, Tx, audit};
use sea_orm::{FromQueryResult, Value};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::edit::{find_by_in, replace};
use super::lead::{Lead, find_in, fresh, lock};
use super::tags;

/// What may be taken from the other lead; a custom field is `custom.<key>`. `both_notes` joins both notes.
pub const FIELDS: [&str; 9] = [
    "name",
    "phone",
    "secondary_phone",
    "course_id",
    "source",
    "status",
    "owner_id",
    "notes",
    "both_notes",
];

#[derive(Debug, Clone, Default)]
pub struct Merge {
    /// The lead that goes.
    pub other: Id,
    /// Fields that are the other lead's; the rest stay.
    pub taken: BTreeSet<String>,
    /// The versions the actor looked at, where the door checks them.
    pub version: Option<i64>,
    pub other_version: Option<i64>,
}

/// A merge that was made.
#[derive(Debug, Clone, FromQueryResult, Serialize)]
pub struct Merged {
    pub id: Id,
    pub kept_id: Id,
    pub gone_id: Id,
    pub merged_at: DateTime<Utc>,
    pub merged_by: Option<Id>,
    /// The name of the lead that went.
    pub name: String,
}

/// A follow-up as it was, and the version the merge left it at.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Moved {
    pub id: Id,
    pub lead_id: Id,
    pub owner_id: Id,
    pub state: String,
    pub closed_at: Option<DateTime<Utc>>,
    pub version: i64,
}

/// What came from the other lead.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Brought {
    pub follow_ups: Vec<Moved>,
    pub changes: Vec<Id>,
    pub decisions: Vec<Id>,
    pub phones: Vec<(String, i32)>,
}

pub async fn merge(app: &App, actor: &Actor, kept: Id, merge: Merge) -> Result<(Lead, Id)> {
    let actor = actor.clone();
    app.db
        .write(actor.tenant_id(), async move |tx: Tx| {
            merge_in(&tx, &actor, kept, merge).await
        })
        .await
}

pub async fn merge_in(tx: &Tx, actor: &Actor, id: Id, merge: Merge) -> Result<(Lead, Id)> {
    if id == merge.other {
        return Err(Error::refused("same_lead"));
    }
    // Two who merge the same two the other way round wait for each other in one order.
    let (first, second) = (id.min(merge.other), id.max(merge.other));
    let (first, second) = (lock(tx, actor, first).await?, lock(tx, actor, second).await?);
    let (kept, gone) = if first.id == id {
        (first, second)
    } else {
        (second, first)
    };
    fresh(&kept, merge.version)?;
    fresh(&gone, merge.other_version)?;
    let merged = joined(tx, &kept, &gone, &merge.taken)?;
    let brought = bring(tx, &kept, &gone, &merged, merge.taken.contains("status")).await?;
    // What was changed in bulk before is no longer undone in bulk for a lead that went.
    for table in ["lead_token", "bulk_lead", "follow_up_bulk_item"] {
        let sql = format!("DELETE FROM {table} WHERE tenant_id = $1 AND lead_id = $2");
        tx.run(&sql, vec![tx.tenant().0.into(), gone.id.into()]).await?;
    }
    let sql = "UPDATE follow_up_reminder SET lead_id = $3 WHERE tenant_id = $1 AND lead_id = $2";
    let values = vec![tx.tenant().0.into(), gone.id.into(), kept.id.into()];
    tx.run(sql, values).await?;
    let sql = "DELETE FROM lead WHERE tenant_id = $1 AND id = $2";
    tx.run(sql, vec![tx.tenant().0.into(), gone.id.into()]).await?;
    replace(tx, &merged).await?;
    find_by_in(tx, &merged).await?;
    crate::follow_ups::remind_again_in(tx, kept.id).await?;
    let made = remember(tx, actor, &kept, &gone, &merged, &brought).await?;
    let event = NewEvent {
        kind: "lead.merged",
        lead: Some(kept.id),
        owner: merged.owner_id,
        cause: None,
        payload: json!({"merge_id": made, "lead_id": gone.id, "name": gone.name}),
    };
    events::record(tx, actor, event).await?;
    tx.tell_after_commit(platform::live::Change {
        lead: gone.id,
        owners: gone.owner_id.into_iter().collect(),
        by: actor.user,
    });
    audit::record(tx, actor, "lead.merged", "lead", kept.id, json!({"other": gone.id})).await?;
    Ok((merged, made))
}

/// The lead both become.
fn joined(tx: &Tx, kept: &Lead, gone: &Lead, taken: &BTreeSet<String>) -> Result<Lead> {
    let mut merged = kept.clone();
    let mut custom = kept.custom.as_object().cloned().unwrap_or_default();
    let theirs = gone.custom.as_object().cloned().unwrap_or_default();
    for (key, value) in &theirs {
        custom.entry(key.clone()).or_insert_with(|| value.clone());
    }
    for field in taken {
        match field.as_str() {
            "name" => {
                merged.name.clone_from(&gone.name);
                merged.name_key.clone_from(&gone.name_key);
            }
            "phone" => merged.phone.clone_from(&gone.phone),
            "secondary_phone" => merged.secondary_phone.clone_from(&gone.secondary_phone),
            "course_id" => merged.course_id = gone.course_id,
            "source" => merged.source.clone_from(&gone.source),
            "status" => {
                merged.status.clone_from(&gone.status);
                merged.status_since = gone.status_since;
                merged.lost_at = gone.lost_at;
                merged.lost_reason.clone_from(&gone.lost_reason);
                merged.enrolled_at = gone.enrolled_at;
            }
            "owner_id" => {
                merged.owner_id = gone.owner_id;
                merged.assigned_at = gone.assigned_at;
                merged.waiting_since = gone.waiting_since;
            }
            "notes" => merged.notes.clone_from(&gone.notes),
            "both_notes" => merged.notes = both(&kept.notes, &gone.notes),
            other => match other
                .strip_prefix("custom.")
                .and_then(|key| Some((key, theirs.get(key)?)))
            {
                Some((key, value)) => {
                    custom.insert(key.to_owned(), value.clone());
                }
                None => return Err(Error::field("take", "unknown_field")),
            },
        }
    }
    merged.custom = custom.into();
    let mut words = tags::of(kept);
    for tag in tags::of(gone) {
        if !words.iter().any(|known| tags::tag_key(known) == tags::tag_key(&tag)) {
            words.push(tag);
        }
    }
    words.truncate(50);
    merged.tags = json!(words);
    merged.first_contact_at = kept.first_contact_at.into_iter().chain(gone.first_contact_at).min();
    merged.phone = merged
        .phone
        .take()
        .or_else(|| gone.phone.clone())
        .or_else(|| kept.phone.clone());
    // No number is lost: where there is room, one that was not chosen is the second.
    if merged.secondary_phone.is_none() || merged.secondary_phone == merged.phone {
        let all = [&kept.phone, &gone.phone, &kept.secondary_phone, &gone.secondary_phone];
        let mut others = all
            .into_iter()
            .flatten()
            .filter(|phone| Some(*phone) != merged.phone.as_ref());
        merged.secondary_phone = others.next().cloned();
    }
    merged.version = kept.version + 1;
    merged.updated_at = tx.now();
    Ok(merged)
}

fn both(kept: &str, gone: &str) -> String {
    let parts: Vec<&str> = [kept, gone]
        .into_iter()
        .filter(|text| !text.trim().is_empty())
        .collect();
    parts.join("\n\n").chars().take(10_000).collect()
}

/// Brings the other lead's follow-ups, history, decisions and phones. Of two cadences that of the chosen status goes on.
async fn bring(tx: &Tx, kept: &Lead, gone: &Lead, merged: &Lead, their_status: bool) -> Result<Brought> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Id,
        lead_id: Id,
        owner_id: Id,
        state: String,
        kind: String,
        closed_at: Option<DateTime<Utc>>,
        version: i64,
    }
    let (tenant, now) = (tx.tenant(), tx.now());
    let sql = "SELECT id, lead_id, owner_id, state, kind, closed_at, version FROM follow_up \
               WHERE tenant_id = $1 AND (lead_id = $2 OR (lead_id = $3 AND state = 'open'))";
    let rows: Vec<Row> = tx
        .all(sql, vec![tenant.0.into(), gone.id.into(), kept.id.into()])
        .await?;
    let ended = if their_status { kept.id } else { gone.id };
    let mut brought = Brought::default();
    for row in rows {
        let open = row.state == "open";
        let ends = open && row.kind == "auto" && row.lead_id == ended;
        let owner = merged.owner_id.filter(|_| open && !ends).unwrap_or(row.owner_id);
        if row.lead_id == kept.id && !ends && owner == row.owner_id {
            continue;
        }
        let sql = "UPDATE follow_up SET lead_id = $3, owner_id = $4, state = $5, closed_at = $6, version = version + 1 \
                   WHERE tenant_id = $1 AND id = $2";
        let values = vec![
            tenant.0.into(),
            row.id.into(),
            kept.id.into(),
            owner.into(),
            if ends { "cancelled" } else { row.state.as_str() }.into(),
            if ends { Some(now) } else { row.closed_at }.into(),
        ];
        tx.run(sql, values).await?;
        brought.follow_ups.push(Moved {
            id: row.id,
            lead_id: row.lead_id,
            owner_id: row.owner_id,
            state: row.state,
            closed_at: row.closed_at,
            version: row.version + 1,
        });
    }
    brought.changes = hand(tx, "status_change", gone.id, kept.id).await?;
    brought.decisions = hand(tx, "decision", gone.id, kept.id).await?;
    #[derive(FromQueryResult)]
    struct Phone {
        e164: String,
        sibling: i32,
    }
    let sql = "SELECT e164, sibling FROM lead_phone WHERE tenant_id = $1 AND lead_id = $2";
    let phones: Vec<Phone> = tx.all(sql, vec![tenant.0.into(), gone.id.into()]).await?;
    let sql = "UPDATE lead_phone SET lead_id = $3 WHERE tenant_id = $1 AND lead_id = $2";
    tx.run(sql, vec![tenant.0.into(), gone.id.into(), kept.id.into()])
        .await?;
    brought.phones = phones.into_iter().map(|phone| (phone.e164, phone.sibling)).collect();
    Ok(brought)
}

/// Gives one lead's rows of a table to another, and says which they were.
async fn hand(tx: &Tx, table: &str, from: Id, to: Id) -> Result<Vec<Id>> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Id,
    }
    let sql = format!("SELECT id FROM {table} WHERE tenant_id = $1 AND lead_id = $2");
    let rows: Vec<Row> = tx.all(&sql, vec![tx.tenant().0.into(), from.into()]).await?;
    let sql = format!("UPDATE {table} SET lead_id = $3 WHERE tenant_id = $1 AND lead_id = $2");
    tx.run(&sql, vec![tx.tenant().0.into(), from.into(), to.into()]).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

async fn remember(tx: &Tx, actor: &Actor, kept: &Lead, gone: &Lead, merged: &Lead, brought: &Brought) -> Result<Id> {
    let id = new_id();
    let sql = "INSERT INTO lead_merge (tenant_id, id, kept_id, gone_id, kept, gone, merged, moved, merged_at, merged_by) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    let values: Vec<Value> = vec![
        tx.tenant().0.into(),
        id.into(),
        kept.id.into(),
        gone.id.into(),
        json!(kept).into(),
        json!(gone).into(),
        json!(merged).into(),
        json!(brought).into(),
        tx.now().into(),
        actor.user.into(),
    ];
    tx.run(sql, values).await?;
    Ok(id)
}

/// Merges into a lead that may be undone still, newest first.
pub async fn merges(app: &App, actor: &Actor, lead: Id) -> Result<Vec<Merged>> {
    #[derive(FromQueryResult)]
    struct Row {
        #[sea_orm(nested)]
        merged: Unnamed,
        gone: serde_json::Value,
    }
    #[derive(FromQueryResult)]
    struct Unnamed {
        id: Id,
        kept_id: Id,
        gone_id: Id,
        merged_at: DateTime<Utc>,
        merged_by: Option<Id>,
    }
    let actor = actor.clone();
    app.db
        .read(actor.tenant_id(), async move |tx: Tx| {
            find_in(&tx, &actor, lead).await?;
            let sql = "SELECT id, kept_id, gone_id, merged_at, merged_by, gone FROM lead_merge \
                       WHERE tenant_id = $1 AND kept_id = $2 AND undone_at IS NULL AND merged_at > $3 \
                       ORDER BY id DESC LIMIT 20";
            let since = tx.now() - super::undo_merge::WITHIN;
            let rows: Vec<Row> = tx
                .all(sql, vec![tx.tenant().0.into(), lead.into(), since.into()])
                .await?;
            let named = |row: Row| Merged {
                id: row.merged.id,
                kept_id: row.merged.kept_id,
                gone_id: row.merged.gone_id,
                merged_at: row.merged.merged_at,
                merged_by: row.merged.merged_by,
                name: row.gone["name"].as_str().unwrap_or_default().to_owned(),
            };
            Ok(rows.into_iter().map(named).collect())
        })
        .await
}

/// The lead that another went into, if the actor may see it: old addresses lead there.
pub async fn merged_into(app: &App, actor: &Actor, gone: Id) -> Result<Id> {
    #[derive(FromQueryResult)]
    struct Row {
        kept_id: Id,
    }
    let actor = actor.clone();
    app.db
        .read(actor.tenant_id(), async move |tx: Tx| {
            let sql = "SELECT kept_id FROM lead_merge WHERE tenant_id = $1 AND gone_id = $2 AND undone_at IS NULL \
                       ORDER BY id DESC LIMIT 1";
            let row: Option<Row> = tx.one(sql, vec![tx.tenant().0.into(), gone.into()]).await?;
            let kept = row.ok_or(Error::NotFound)?.kept_id;
            find_in(&tx, &actor, kept).await.map(|lead| lead.id)
        })
        .await
}

/// The leads whose history is this one's too: itself, and those merged into it, and into those.
pub(super) async fn lives_in(tx: &Tx, lead: Id) -> Result<Vec<Id>> {
    #[derive(FromQueryResult)]
    struct Row {
        gone_id: Id,
    }
    let mut all = vec![lead];
    let mut asked = 0;
    while asked < all.len() && all.len() < 50 {
        let mut values: Vec<Value> = vec![tx.tenant().0.into()];
        values.extend(all[asked..].iter().map(|id| Value::from(*id)));
        let sql = format!(
            "SELECT gone_id FROM lead_merge WHERE tenant_id = $1 AND undone_at IS NULL AND kept_id IN ({})",
            platform::db::list(2, all.len() - asked)
        );
        asked = all.len();
        let rows: Vec<Row> = tx.all(&sql, values).await?;
        for row in rows {
            if !all.contains(&row.gone_id) {
                all.push(row.gone_id);
            }
        }
    }
    Ok(all)
}
