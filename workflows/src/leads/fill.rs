//! What a known lead lacks, filled in from a table, and emptied again when the table is taken back. Nothing a lead
//! has is ever replaced.

use std::collections::HashMap;

use platform::db::{Scoped, insert};
use platform::events::{self, NewEvent};
use platform::fold::tokens;
use platform::{Actor, Error, Id, Result, Tx};
use sea_orm::{ColumnTrait, QueryFilter};
use serde_json::{Map, Value, json};

use super::capture::Via;
use super::custom;
use super::found_by::{file_in, refile_in};
use super::lead::{Lead, entity};
use super::new_lead::Checked;
use super::tags::retag_in;
use super::take_in::Families;

#[derive(Debug, Clone)]
pub struct Filled {
    pub id: Id,
    /// What was put in, by field.
    pub fields: Map<String, Value>,
    /// The lead's version before and after.
    pub from: i64,
    pub version: i64,
}

/// Fills known leads, each at its place in the table; those that lack nothing are left out of the answer.
pub(super) async fn fill(
    tx: &Tx,
    actor: &Actor,
    families: &Families,
    wanted: Vec<(usize, Id, Checked)>,
    via: Via,
) -> Result<Vec<(usize, Filled)>> {
    let mut leads = load(tx, wanted.iter().map(|(_, id, _)| *id).collect()).await?;
    let (mut done, mut told) = (Vec::new(), Vec::new());
    for (at, id, row) in wanted {
        let Some(lead) = leads.get_mut(&id) else { continue };
        let fields = put_in(lead, &row, families);
        if fields.is_empty() {
            continue;
        }
        let from = lead.version;
        lead.version += 1;
        save(tx, lead, from).await?;
        if let Some(phone) = fields.get("secondary_phone").and_then(Value::as_str) {
            add_phone(tx, lead, phone).await?;
        }
        if fields.contains_key("tags") {
            retag_in(tx, lead.id, &[], &row.tags).await?;
        }
        if let Some(custom) = fields.get("custom").and_then(Value::as_object) {
            refile_in(tx, lead.id, &[], &custom::tokens(custom)).await?;
        }
        let import = if let Via::Import(id) = via { Some(id) } else { None };
        told.push(event(
            "lead.filled",
            lead,
            json!({"fields": keys(&fields), "import_id": import}),
        ));
        done.push((
            at,
            Filled {
                id,
                fields,
                from,
                version: lead.version,
            },
        ));
    }
    events::record_all(tx, actor, told).await?;
    Ok(done)
}

/// Empties what an import filled in, of leads nobody has changed since. Returns how many were left as they are.
pub(crate) async fn empty_again_in(
    tx: &Tx,
    actor: &Actor,
    import: Id,
    fills: Vec<(Id, Map<String, Value>, i64)>,
) -> Result<usize> {
    let mut leads = load(tx, fills.iter().map(|(id, ..)| *id).collect()).await?;
    let (mut changed, mut told) = (0, Vec::new());
    for (id, fields, version) in fills {
        // Its own leads are gone by now, or stay whole.
        let Some(lead) = leads.get_mut(&id).filter(|lead| lead.import_id != Some(import)) else {
            continue;
        };
        if lead.version != version {
            changed += 1;
            continue;
        }
        take_out(lead, &fields);
        lead.version += 1;
        save(tx, lead, version).await?;
        if let Some(phone) = fields.get("secondary_phone").and_then(Value::as_str) {
            drop_phone(tx, lead, phone).await?;
        }
        if let Some(tags) = fields.get("tags") {
            let tags: Vec<String> = serde_json::from_value(tags.clone())?;
            retag_in(tx, lead.id, &tags, &[]).await?;
        }
        if let Some(custom) = fields.get("custom").and_then(Value::as_object) {
            refile_in(tx, lead.id, &custom::tokens(custom), &[]).await?;
        }
        told.push(event("lead.edited", lead, json!({"fields": keys(&fields)})));
    }
    events::record_all(tx, actor, told).await?;
    Ok(changed)
}

fn put_in(lead: &mut Lead, row: &Checked, families: &Families) -> Map<String, Value> {
    let mut fields = Map::new();
    if let (None, Some(course)) = (lead.course_id, row.course_id) {
        lead.course_id = Some(course);
        fields.insert("course_id".into(), json!(course));
    }
    if lead.notes.is_empty() && !row.notes.is_empty() {
        lead.notes = row.notes.clone();
        fields.insert("notes".into(), json!(row.notes));
    }
    // A phone somebody else has stays theirs.
    let free = |phone: &String| Some(phone) != lead.phone.as_ref() && !families.contains_key(phone);
    if let (None, Some(phone)) = (&lead.secondary_phone, row.phones().into_iter().find(free)) {
        fields.insert("secondary_phone".into(), json!(phone));
        lead.secondary_phone = Some(phone);
    }
    if lead.tags.as_array().is_none_or(Vec::is_empty) && !row.tags.is_empty() {
        lead.tags = json!(row.tags);
        fields.insert("tags".into(), json!(row.tags));
    }
    if let Some(custom) = lead.custom.as_object_mut() {
        let missing = row.custom.iter().filter(|(key, _)| !custom.contains_key(*key));
        let added: Map<String, Value> = missing.map(|(key, value)| (key.clone(), value.clone())).collect();
        if !added.is_empty() {
            custom.extend(added.clone());
            fields.insert("custom".into(), Value::Object(added));
        }
    }
    fields
}

fn take_out(lead: &mut Lead, fields: &Map<String, Value>) {
    for (field, value) in fields {
        match field.as_str() {
            "course_id" => lead.course_id = None,
            "notes" => lead.notes.clear(),
            "secondary_phone" => lead.secondary_phone = None,
            "tags" => lead.tags = json!([]),
            "custom" => {
                if let (Some(custom), Some(added)) = (lead.custom.as_object_mut(), value.as_object()) {
                    custom.retain(|key, _| !added.contains_key(key));
                }
            }
            _ => {}
        }
    }
}

async fn load(tx: &Tx, ids: Vec<Id>) -> Result<HashMap<Id, Lead>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let found = entity::Entity::of(tx.tenant())
        .filter(entity::Column::Id.is_in(ids))
        .all(tx)
        .await?;
    Ok(found.into_iter().map(|lead| (lead.id, lead)).collect())
}

async fn save(tx: &Tx, lead: &mut Lead, from: i64) -> Result<()> {
    lead.updated_at = tx.now();
    let done = tx
        .run(
            "UPDATE lead SET course_id = $4, notes = $5, secondary_phone = $6, tags = $7, custom = $8, version = $9, \
             updated_at = $10 WHERE tenant_id = $1 AND id = $2 AND version = $3",
            vec![
                tx.tenant().0.into(),
                lead.id.into(),
                from.into(),
                lead.course_id.into(),
                lead.notes.as_str().into(),
                lead.secondary_phone.clone().into(),
                lead.tags.clone().into(),
                lead.custom.clone().into(),
                lead.version.into(),
                lead.updated_at.into(),
            ],
        )
        .await?;
    // Somebody changed it between our look and our write: the whole chunk looks again.
    if done == 0 {
        Err(Error::conflict("phone_raced"))
    } else {
        Ok(())
    }
}

async fn add_phone(tx: &Tx, lead: &Lead, phone: &str) -> Result<()> {
    let tenant = tx.tenant();
    let row = vec![tenant.0.into(), phone.into(), 0i32.into(), lead.id.into()];
    let columns = "tenant_id, e164, sibling, lead_id";
    if insert(tx, "lead_phone", columns, vec![row], "ON CONFLICT DO NOTHING").await? == 0 {
        return Err(Error::conflict("phone_raced"));
    }
    let words = tokens("", [phone]).into_iter();
    let rows = words
        .map(|word| vec![tenant.0.into(), word.into(), lead.id.into()])
        .collect();
    file_in(tx, rows).await
}

async fn drop_phone(tx: &Tx, lead: &Lead, phone: &str) -> Result<()> {
    let tenant = tx.tenant();
    let sql = "DELETE FROM lead_phone WHERE tenant_id = $1 AND e164 = $2 AND lead_id = $3";
    tx.run(sql, vec![tenant.0.into(), phone.into(), lead.id.into()]).await?;
    let kept = tokens(&lead.name, lead.phone.as_deref());
    let sql = "DELETE FROM lead_token WHERE tenant_id = $1 AND lead_id = $2 AND token = $3";
    for word in tokens("", [phone]).into_iter().filter(|word| !kept.contains(word)) {
        tx.run(sql, vec![tenant.0.into(), lead.id.into(), word.into()]).await?;
    }
    Ok(())
}

fn keys(fields: &Map<String, Value>) -> Vec<&String> {
    fields.keys().collect()
}

fn event(kind: &'static str, lead: &Lead, payload: Value) -> NewEvent {
    NewEvent {
        kind,
        lead: Some(lead.id),
        owner: lead.owner_id,
        cause: None,
        payload,
    }
}
