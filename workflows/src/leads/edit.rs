//! Changing a lead's own fields. Phones keep the duplicate rule; search follows the name.

use platform::audit::{self, Changes};
use platform::db::insert;
use platform::events::{self, NewEvent};
use platform::fold::name_key;
use platform::{Actor, App, Error, Id, Result, Tx};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, IntoActiveModel};
use serde_json::{Map, Value, json};

use super::custom;
use super::found_by::{file_in, lead_tokens, refile_in};
use super::lead::{Lead, fresh, lock};
use super::new_lead::normalize_phone;
use super::status::registry_in;
use super::tags::{self, checked_tags, retag_in};
use crate::typed;

/// Absent fields stay as they are.
#[derive(Debug, Clone, Default)]
pub struct Edit {
    pub name: Option<String>,
    pub phone: Option<String>,
    pub secondary_phone: Option<Option<String>>,
    pub course_id: Option<Option<Id>>,
    pub source: Option<String>,
    pub notes: Option<String>,
    pub tags: Option<Vec<String>>,
    pub custom: Option<Map<String, Value>>,
}

pub async fn edit(app: &App, actor: &Actor, id: Id, edit: Edit, version: Option<i64>) -> Result<Lead> {
    let actor = actor.clone();
    app.db
        .write(actor.tenant_id(), async move |tx: Tx| {
            edit_in(&tx, &actor, id, edit, version).await
        })
        .await
}

pub(super) async fn edit_in(tx: &Tx, actor: &Actor, id: Id, edit: Edit, version: Option<i64>) -> Result<Lead> {
    let lead = lock(tx, actor, id).await?;
    fresh(&lead, version)?;
    let mut next = lead.clone();
    if let Some(name) = edit.name {
        next.name = typed::line("name", &name, 200)?;
        if next.name.is_empty() {
            return Err(Error::field("name", "required"));
        }
        next.name_key = name_key(&next.name);
    }
    if let Some(raw) = edit.phone {
        next.phone = Some(normalize_phone("phone", &raw, actor)?);
    }
    if let Some(raw) = edit.secondary_phone {
        let raw = raw.filter(|raw| !raw.trim().is_empty());
        let phone = raw
            .map(|raw| normalize_phone("secondary_phone", &raw, actor))
            .transpose()?;
        next.secondary_phone = phone.filter(|phone| next.phone.as_ref() != Some(phone));
    }
    if let Some(source) = edit.source {
        if !registry_in(tx).await?.has_source(&source) {
            return Err(Error::field("source", "unknown_source"));
        }
        next.source = source;
    }
    next.course_id = edit.course_id.unwrap_or(next.course_id);
    if let Some(notes) = edit.notes {
        next.notes = typed::text("notes", &notes, 10_000)?;
    }
    if let Some(tags) = edit.tags {
        next.tags = json!(checked_tags(&tags)?);
    }
    if let Some(custom) = edit.custom {
        let custom = custom::tidy(custom);
        custom::check_in(tx, &custom).await?;
        next.custom = Value::Object(custom);
    }
    let changed = changes(&lead, &next);
    if changed.is_empty() {
        return Ok(lead);
    }
    if changed
        .iter()
        .any(|field| ["name", "phone", "secondary_phone"].contains(field))
    {
        identify(tx, &lead, &next).await?;
    }
    if changed.contains(&"tags") {
        retag_in(tx, id, &tags::of(&lead), &tags::of(&next)).await?;
    }
    if changed.contains(&"custom") {
        refile_in(tx, id, &custom::tokens_of(&lead), &custom::tokens_of(&next)).await?;
    }
    next.version += 1;
    next.updated_at = tx.now();
    replace(tx, &next).await?;
    let payload = json!({"fields": changed});
    let event = NewEvent {
        kind: "lead.edited",
        lead: Some(id),
        owner: lead.owner_id,
        cause: None,
        payload,
    };
    events::record(tx, actor, event).await?;
    audit::record(tx, actor, "lead.changed", "lead", id, told(&lead, &next).into()).await?;
    Ok(next)
}

/// Of a person only that it changed, and from what to what half hidden; notes tell their story on the timeline.
fn told(before: &Lead, after: &Lead) -> Changes {
    let mut changes = Changes::default();
    changes.personal("name", Some(&before.name), Some(&after.name));
    changes.personal("phone", before.phone.as_deref(), after.phone.as_deref());
    changes.personal(
        "secondary_phone",
        before.secondary_phone.as_deref(),
        after.secondary_phone.as_deref(),
    );
    changes.field("course_id", before.course_id, after.course_id);
    changes.field("source", &before.source, &after.source);
    changes.field("tags", &before.tags, &after.tags);
    changes.field("notes", before.notes.chars().count(), after.notes.chars().count());
    let custom = |lead: &Lead| {
        lead.custom
            .as_object()
            .map(|all| all.keys().cloned().collect::<Vec<_>>())
    };
    if before.custom != after.custom {
        changes.field("custom", Value::Null, custom(after));
    }
    changes
}

/// Writes a lead's whole row.
pub(super) async fn replace(tx: &Tx, next: &Lead) -> Result<()> {
    let mut row = next.clone().into_active_model();
    for column in <super::lead::entity::Column as sea_orm::Iterable>::iter() {
        use super::lead::entity::Column;
        if !matches!(column, Column::TenantId | Column::Id) {
            row.reset(column);
        }
    }
    row.version = Set(next.version);
    row.update(tx).await?;
    Ok(())
}

/// Rewrites what a lead is found by: every phone that leads to it among them.
pub(super) async fn find_by_in(tx: &Tx, lead: &Lead) -> Result<()> {
    let tenant = tx.tenant();
    let phones = own_phones(tx, lead.id).await?;
    let (phones, custom) = (phones.iter().map(String::as_str), custom::of(lead));
    let words = lead_tokens(&lead.name, phones, &tags::of(lead), &custom);
    let sql = "DELETE FROM lead_token WHERE tenant_id = $1 AND lead_id = $2";
    tx.run(sql, vec![tenant.0.into(), lead.id.into()]).await?;
    let rows = words
        .into_iter()
        .map(|word| vec![tenant.0.into(), word.into(), lead.id.into()]);
    file_in(tx, rows.collect()).await
}

fn changes(before: &Lead, after: &Lead) -> Vec<&'static str> {
    [
        ("name", before.name != after.name),
        ("phone", before.phone != after.phone),
        ("secondary_phone", before.secondary_phone != after.secondary_phone),
        ("course_id", before.course_id != after.course_id),
        ("source", before.source != after.source),
        ("notes", before.notes != after.notes),
        ("tags", before.tags != after.tags),
        ("custom", before.custom != after.custom),
    ]
    .into_iter()
    .filter_map(|(name, changed)| changed.then_some(name))
    .collect()
}

/// Rewrites a lead's phones and search tokens; a phone that is another lead's already is refused.
async fn identify(tx: &Tx, before: &Lead, after: &Lead) -> Result<()> {
    let tenant = tx.tenant();
    let phones = |lead: &Lead| -> Vec<String> { lead.phone.iter().chain(&lead.secondary_phone).cloned().collect() };
    let (old, new) = (phones(before), phones(after));
    for gone in old.iter().filter(|phone| !new.contains(phone)) {
        let sql = "DELETE FROM lead_phone WHERE tenant_id = $1 AND e164 = $2 AND lead_id = $3";
        tx.run(sql, vec![tenant.0.into(), gone.as_str().into(), before.id.into()])
            .await?;
    }
    let own = own_phones(tx, before.id).await?;
    for phone in new.iter().filter(|phone| !own.contains(phone)) {
        let row = vec![tenant.0.into(), phone.as_str().into(), 0i32.into(), before.id.into()];
        let columns = "tenant_id, e164, sibling, lead_id";
        if insert(tx, "lead_phone", columns, vec![row], "ON CONFLICT DO NOTHING").await? == 0 {
            return Err(Error::conflict("duplicate_lead"));
        }
    }
    find_by_in(tx, after).await
}

/// Every phone that leads to a lead: its two, and those of leads merged into it.
async fn own_phones(tx: &Tx, lead: Id) -> Result<Vec<String>> {
    #[derive(sea_orm::FromQueryResult)]
    struct Row {
        e164: String,
    }
    let sql = "SELECT DISTINCT e164 FROM lead_phone WHERE tenant_id = $1 AND lead_id = $2";
    let rows: Vec<Row> = tx.all(sql, vec![tx.tenant().0.into(), lead.into()]).await?;
    Ok(rows.into_iter().map(|row| row.e164).collect())
}
