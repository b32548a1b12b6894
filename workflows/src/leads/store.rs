//! A new lead's rows: itself, phones, search tokens, history, events and jobs, all in the caller's transaction.

use platform::db::insert;
use platform::events::{self, NewEvent};
use platform::fold::name_key;
use platform::ids::new_id;
use platform::jobs::{NewJob, enqueue_all};
use platform::{Actor, Error, Id, Result, Tx};
use sea_orm::Value;
use serde_json::json;

use super::capture::Via;
use super::found_by::{file_in, lead_tokens};
use super::lead::Lead;
use super::new_lead::Checked;
use super::tags::name_in;

pub(super) async fn store(
    tx: &Tx,
    actor: &Actor,
    status: &str,
    leads: Vec<(Checked, Option<Id>)>,
    via: Via,
) -> Result<Vec<Lead>> {
    if leads.is_empty() {
        return Ok(Vec::new());
    }
    let (tenant, now) = (tx.tenant(), tx.now());
    let (mut rows, mut phones, mut words, mut changes, mut created) = (vec![], vec![], vec![], vec![], vec![]);
    let import = if let Via::Import(id) = via { Some(id) } else { None };
    let mut stored = Vec::with_capacity(leads.len());
    let waiting: Vec<Id> = leads
        .iter()
        .filter(|(_, owner)| owner.is_none())
        .map(|(lead, _)| lead.id)
        .collect();
    for (lead, owner) in &leads {
        for (phone, sibling) in lead.phones().into_iter().zip(lead.siblings) {
            phones.push(vec![tenant.0.into(), phone.into(), sibling.into(), lead.id.into()]);
        }
        let own = lead.phones();
        for word in lead_tokens(&lead.name, own.iter().map(String::as_str), &lead.tags, &lead.custom) {
            words.push(vec![tenant.0.into(), word.into(), lead.id.into()]);
        }
        changes.push(vec![
            tenant.0.into(),
            new_id().into(),
            lead.id.into(),
            status.into(),
            actor.user.into(),
            "".into(),
            now.into(),
        ]);
        created.push(NewEvent {
            kind: "lead.created",
            lead: Some(lead.id),
            owner: *owner,
            cause: None,
            payload: json!({"via": via.name(), "source": lead.source, "status": status}),
        });
        let lead = made(tenant.0, lead, *owner, status, now, actor.user, import);
        rows.push(row(&lead));
        stored.push(lead);
    }
    let expected = phones.len() as u64;
    insert(tx, "lead", COLUMNS, rows, "").await?;
    let conflict = "ON CONFLICT (tenant_id, e164, sibling) DO NOTHING";
    if insert(tx, "lead_phone", "tenant_id, e164, sibling, lead_id", phones, conflict).await? != expected {
        return Err(Error::conflict("phone_raced"));
    }
    file_in(tx, words).await?;
    name_in(tx, leads.iter().flat_map(|(lead, _)| &lead.tags)).await?;
    insert(
        tx,
        "status_change",
        "tenant_id, id, lead_id, to_status, actor_id, note, at",
        changes,
        "",
    )
    .await?;
    let event_ids = events::record_all(tx, actor, created).await?;
    let owned: Vec<(Id, Id, Id)> = leads
        .iter()
        .zip(&event_ids)
        .filter_map(|((lead, owner), event)| owner.map(|owner| (lead.id, owner, *event)))
        .collect();
    let mut jobs = Vec::new();
    if let Some((_, _, first)) = owned.first() {
        let ids = owned.iter().map(|(_, _, event)| *event).collect();
        jobs.push(NewJob::new("scripts.plan", format!("plan/{first}"), ids).priority(via.priority()));
    }
    if let Some(first) = waiting.first() {
        jobs.push(
            NewJob::new("distribution.give_out", format!("give/{first}"), waiting.clone()).priority(via.priority()),
        );
    }
    enqueue_all(tx, jobs).await?;
    // A rep who wrote the lead down knows of it; one it was given to is told.
    let told = owned
        .iter()
        .filter(|(_, owner, _)| actor.user != Some(*owner))
        .map(|(lead, owner, event)| (*owner, *lead, *event));
    crate::messages::lead_assigned(tx, told.collect()).await?;
    Ok(stored)
}

const COLUMNS: &str = "tenant_id, id, name, name_key, phone, secondary_phone, course_id, source, status, \
     status_since, owner_id, assigned_at, waiting_since, notes, tags, custom, import_id, created_by, version, \
     created_at, updated_at";

fn made(
    tenant: Id,
    lead: &Checked,
    owner: Option<Id>,
    status: &str,
    now: chrono::DateTime<chrono::Utc>,
    author: Option<Id>,
    import: Option<Id>,
) -> Lead {
    Lead {
        tenant_id: tenant,
        id: lead.id,
        name: lead.name.clone(),
        name_key: name_key(&lead.name),
        phone: Some(lead.phone.clone()),
        secondary_phone: lead.secondary_phone.clone(),
        course_id: lead.course_id,
        source: lead.source.clone(),
        status: status.to_owned(),
        status_since: now,
        owner_id: owner,
        assigned_at: owner.map(|_| now),
        waiting_since: owner.is_none().then_some(now),
        notes: lead.notes.clone(),
        tags: json!(lead.tags),
        custom: serde_json::Value::Object(lead.custom.clone()),
        lost_reason: None,
        lost_at: None,
        enrolled_at: None,
        first_contact_at: None,
        import_id: import,
        branch_id: None,
        created_by: author,
        score: None,
        score_reasons: None,
        deleted_at: None,
        deleted_by: None,
        version: 1,
        created_at: now,
        updated_at: now,
    }
}

/// As [`COLUMNS`] has them.
fn row(lead: &Lead) -> Vec<Value> {
    vec![
        lead.tenant_id.into(),
        lead.id.into(),
        lead.name.as_str().into(),
        lead.name_key.as_str().into(),
        lead.phone.clone().into(),
        lead.secondary_phone.clone().into(),
        lead.course_id.into(),
        lead.source.as_str().into(),
        lead.status.as_str().into(),
        lead.status_since.into(),
        lead.owner_id.into(),
        lead.assigned_at.into(),
        lead.waiting_since.into(),
        lead.notes.as_str().into(),
        lead.tags.clone().into(),
        lead.custom.clone().into(),
        lead.import_id.into(),
        lead.created_by.into(),
        lead.version.into(),
        lead.created_at.into(),
        lead.updated_at.into(),
    ]
}
