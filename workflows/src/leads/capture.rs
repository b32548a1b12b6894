//! A lead comes in, by any door. The same phone never makes a second lead: a repeated enquiry is an event on the
//! existing one, its text kept, its owner told.

use std::collections::HashMap;

use platform::db::{insert, list as places};
use platform::events::{self, NewEvent};
use platform::fold::{clean_line, clean_text, name_key, tokens};
use platform::idempotency::Key;
use platform::ids::new_id;
use platform::jobs::{NewJob, enqueue_all};
use platform::{Actor, App, Error, Id, Permit, Result, Tx, audit, phone};
use sea_orm::{FromQueryResult, Value};
use serde::{Deserialize, Serialize};
use serde_json::{Map, json};

use super::lead::{Lead, stored};
use super::status::{Registry, registry_in};

#[derive(Debug, Clone, Default)]
pub struct NewLead {
    pub name: String,
    /// As typed; normalized here.
    pub phone: String,
    pub secondary_phone: Option<String>,
    pub course_id: Option<Id>,
    pub source: Option<String>,
    pub notes: String,
    pub tags: Vec<String>,
    pub custom: Map<String, serde_json::Value>,
    /// Who gets it; only for those who may assign. None: a rep's is the rep's own, others are distributed.
    pub owner_id: Option<Id>,
}

/// The door a lead came through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Via {
    Manual,
    Api,
    Import(Id),
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Captured {
    New {
        id: Id,
    },
    /// Already here. `visible` says whether the actor may be told which lead it is.
    Repeat {
        id: Id,
        visible: bool,
    },
}

/// One lead by hand or by API.
pub async fn capture(app: &App, actor: &Actor, new: NewLead, via: Via, key: Option<Key>) -> Result<Captured> {
    let (captured, _) = capture_and_show(app, actor, new, via, key).await?;
    Ok(captured)
}

/// As [`capture`], with a new lead as it was stored: a repeat under the same key gets it as it was then.
pub async fn capture_and_show(
    app: &App,
    actor: &Actor,
    new: NewLead,
    via: Via,
    key: Option<Key>,
) -> Result<(Captured, Option<Lead>)> {
    actor.may(Permit::LeadsCreate)?;
    let retry = key.as_ref().map(|key| Key {
        key: key.key.clone(),
        fingerprint: key.fingerprint.clone(),
    });
    match once(app, actor, new.clone(), via, key).await {
        // Somebody stored this phone between our look and our insert: now the look finds it.
        Err(Error::Conflict(refusal)) if refusal.code == "phone_raced" => once(app, actor, new, via, retry).await,
        other => other,
    }
}

async fn once(app: &App, actor: &Actor, new: NewLead, via: Via, key: Option<Key>) -> Result<(Captured, Option<Lead>)> {
    let author = actor.clone();
    app.once(actor, key, async move |tx: Tx| {
        let captured = capture_in(&tx, &author, new, via).await?;
        let lead = match captured {
            Captured::New { id } => Some(stored(&tx, id).await?),
            Captured::Repeat { .. } => None,
        };
        Ok((captured, lead))
    })
    .await
}

pub async fn capture_in(tx: &Tx, actor: &Actor, new: NewLead, via: Via) -> Result<Captured> {
    let source = new.source.clone().unwrap_or_else(|| MANUAL.into());
    let words = Words::of(tx, &source).await?;
    let lead = checked(actor, |key| key == source && words.source_known, new)?;
    let phones = lead.phones();
    if let Some(known) = known_phones(tx, &phones).await?.into_values().next() {
        return repeat(tx, actor, &known, &lead).await;
    }
    let owner = owner_of(tx, actor, lead.owner_id).await?;
    let ids = store(tx, actor, &words.new_status, vec![(lead, owner)], via).await?;
    let id = ids
        .first()
        .copied()
        .ok_or_else(|| Error::internal("no lead was stored"))?;
    if via == Via::Manual || via == Via::Api {
        audit::record(tx, actor, "lead.created", "lead", id, json!({})).await?;
    }
    Ok(Captured::New { id })
}

const MANUAL: &str = "manual";

/// The two words of the tenant a single lead needs, in one query: intake is the hottest write.
#[derive(FromQueryResult)]
struct Words {
    new_status: String,
    source_known: bool,
}

impl Words {
    async fn of(tx: &Tx, source: &str) -> Result<Self> {
        let sql = "SELECT s.key AS new_status, EXISTS (SELECT 1 FROM source AS o WHERE o.tenant_id = $1 \
                   AND o.key = $2) AS source_known FROM status AS s WHERE s.tenant_id = $1 AND s.kind = 'new' \
                   ORDER BY s.position LIMIT 1";
        let found: Option<Words> = tx.one(sql, vec![tx.tenant().0.into(), source.into()]).await?;
        found.ok_or_else(|| Error::internal("the tenant has no status of kind new"))
    }
}

/// Many leads in few statements: a chunk of an import. Each answer stands at its lead's place; refused leads carry
/// their error, the rest are stored.
pub async fn capture_all_in(
    tx: &Tx,
    actor: &Actor,
    registry: &Registry,
    new: Vec<NewLead>,
    via: Via,
) -> Result<Vec<Result<Captured>>> {
    let checked: Vec<Result<Checked>> = new
        .into_iter()
        .map(|lead| checked(actor, |key| registry.has_source(key), lead))
        .collect();
    let phones: Vec<String> = checked.iter().flatten().flat_map(Checked::phones).collect();
    let mut taken: HashMap<String, Id> = known_phones(tx, &phones)
        .await?
        .into_iter()
        .map(|(phone, known)| (phone, known.id))
        .collect();
    let mut answers = Vec::with_capacity(checked.len());
    let mut fresh = Vec::new();
    let mut owners: HashMap<Option<Id>, Option<Id>> = HashMap::new();
    for lead in checked {
        let lead = match lead {
            Ok(lead) => lead,
            Err(error) => {
                answers.push(Err(error));
                continue;
            }
        };
        if let Some(id) = lead.phones().iter().find_map(|phone| taken.get(phone)) {
            answers.push(Ok(Captured::Repeat { id: *id, visible: true }));
            continue;
        }
        let owner = match owners.get(&lead.owner_id) {
            Some(owner) => *owner,
            None => {
                let owner = owner_of(tx, actor, lead.owner_id).await?;
                owners.insert(lead.owner_id, owner);
                owner
            }
        };
        taken.extend(lead.phones().into_iter().map(|phone| (phone, lead.id)));
        answers.push(Ok(Captured::New { id: lead.id }));
        fresh.push((lead, owner));
    }
    store(tx, actor, &registry.of_kind("new")?.key, fresh, via).await?;
    Ok(answers)
}

/// Normalizes a phone for the actor's centre, or says what is wrong with it.
pub fn normalize_phone(field: &str, raw: &str, actor: &Actor) -> Result<String> {
    phone::normalize(raw, phone::country(&actor.tenant.country)).map_err(|e| Error::field(field, e.code()))
}

struct Checked {
    id: Id,
    name: String,
    phone: String,
    secondary_phone: Option<String>,
    course_id: Option<Id>,
    source: String,
    notes: String,
    tags: Vec<String>,
    custom: Map<String, serde_json::Value>,
    owner_id: Option<Id>,
}

impl Checked {
    fn phones(&self) -> Vec<String> {
        let mut phones = vec![self.phone.clone()];
        phones.extend(self.secondary_phone.clone());
        phones
    }
}

struct Known {
    id: Id,
    owner_id: Option<Id>,
    status: String,
}

fn checked(actor: &Actor, known_source: impl Fn(&str) -> bool, new: NewLead) -> Result<Checked> {
    let name = clean_line(&new.name, 201);
    if name.is_empty() {
        return Err(Error::field("name", "required"));
    }
    if name.chars().count() > 200 {
        return Err(Error::field("name", "too_long").with("max", 200));
    }
    let phone = normalize_phone("phone", &new.phone, actor)?;
    let secondary = new.secondary_phone.filter(|raw| !raw.trim().is_empty());
    let secondary = secondary
        .map(|raw| normalize_phone("secondary_phone", &raw, actor))
        .transpose()?;
    let source = new.source.unwrap_or_else(|| MANUAL.into());
    if !known_source(&source) {
        return Err(Error::field("source", "unknown_source"));
    }
    if new.tags.len() > 50 {
        return Err(Error::field("tags", "too_many").with("max", 50));
    }
    Ok(Checked {
        id: new_id(),
        name,
        secondary_phone: secondary.filter(|second| *second != phone),
        phone,
        course_id: new.course_id,
        source,
        notes: clean_text(&new.notes, 10_000),
        tags: new
            .tags
            .iter()
            .map(|tag| clean_line(tag, 60))
            .filter(|tag| !tag.is_empty())
            .collect(),
        custom: new.custom,
        owner_id: new.owner_id,
    })
}

/// A rep's lead is the rep's; who may assign chooses, or leaves it to distribution.
async fn owner_of(tx: &Tx, actor: &Actor, chosen: Option<Id>) -> Result<Option<Id>> {
    if !actor.can(Permit::LeadsAssign) {
        return Ok(actor.user);
    }
    if let Some(id) = chosen {
        let user = crate::staff::find_in(tx, id)
            .await
            .map_err(|_| Error::field("owner_id", "unknown_user"))?;
        if !user.active {
            return Err(Error::field("owner_id", "user_inactive"));
        }
    }
    Ok(chosen)
}

async fn known_phones(tx: &Tx, phones: &[String]) -> Result<HashMap<String, Known>> {
    #[derive(FromQueryResult)]
    struct Row {
        e164: String,
        id: Id,
        owner_id: Option<Id>,
        status: String,
    }
    let mut known = HashMap::new();
    for chunk in phones.chunks(900) {
        let mut values: Vec<Value> = vec![tx.tenant().0.into()];
        values.extend(chunk.iter().map(|phone| Value::from(phone.as_str())));
        let sql = format!(
            "SELECT p.e164, l.id, l.owner_id, l.status FROM lead_phone AS p \
             JOIN lead AS l ON l.tenant_id = p.tenant_id AND l.id = p.lead_id \
             WHERE p.tenant_id = $1 AND p.sibling = 0 AND p.e164 IN ({})",
            places(2, chunk.len())
        );
        let rows: Vec<Row> = tx.all(&sql, values).await?;
        known.extend(rows.into_iter().map(|row| {
            (
                row.e164,
                Known {
                    id: row.id,
                    owner_id: row.owner_id,
                    status: row.status,
                },
            )
        }));
    }
    Ok(known)
}

async fn repeat(tx: &Tx, actor: &Actor, known: &Known, lead: &Checked) -> Result<Captured> {
    let registry = registry_in(tx).await?;
    let event = events::record(
        tx,
        actor,
        NewEvent {
            kind: "lead.enquired_again",
            lead: Some(known.id),
            owner: known.owner_id,
            cause: None,
            payload: json!({"name": lead.name, "source": lead.source, "notes": lead.notes}),
        },
    )
    .await?;
    if registry.kind(&known.status) == "lost" {
        let to = registry.of_kind("reactivating")?.key.clone();
        let system = Actor {
            user: None,
            grants: platform::auth::Grants::all(),
            ..actor.clone()
        };
        let change = super::Move {
            to,
            note: String::new(),
            lost_reason: None,
            version: None,
        };
        super::change_status_in(tx, &system, &registry, known.id, change, Some((event, 0))).await?;
    }
    if let Some(owner) = known.owner_id {
        crate::messages::lead_enquired_again(tx, owner, known.id, event).await?;
    }
    let visible = actor.can(Permit::LeadsAll) || (actor.user.is_some() && known.owner_id == actor.user);
    Ok(Captured::Repeat { id: known.id, visible })
}

/// Rows, tokens, history, events and jobs of new leads, all in the caller's transaction.
async fn store(tx: &Tx, actor: &Actor, status: &str, leads: Vec<(Checked, Option<Id>)>, via: Via) -> Result<Vec<Id>> {
    if leads.is_empty() {
        return Ok(Vec::new());
    }
    let (tenant, now) = (tx.tenant(), tx.now());
    let (mut rows, mut phones, mut words, mut changes, mut created) = (vec![], vec![], vec![], vec![], vec![]);
    let import = if let Via::Import(id) = via { Some(id) } else { None };
    let ids: Vec<Id> = leads.iter().map(|(lead, _)| lead.id).collect();
    let waiting: Vec<Id> = leads
        .iter()
        .filter(|(_, owner)| owner.is_none())
        .map(|(lead, _)| lead.id)
        .collect();
    for (lead, owner) in &leads {
        for phone in lead.phones() {
            phones.push(vec![tenant.0.into(), phone.into(), 0i32.into(), lead.id.into()]);
        }
        for word in tokens(&lead.name, lead.phones().iter().map(String::as_str)) {
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
        rows.push(row(tenant.0, lead, *owner, status, now, actor.user, import));
    }
    let expected = phones.len() as u64;
    insert(tx, "lead", COLUMNS, rows, "").await?;
    let conflict = "ON CONFLICT (tenant_id, e164, sibling) DO NOTHING";
    if insert(tx, "lead_phone", "tenant_id, e164, sibling, lead_id", phones, conflict).await? != expected {
        return Err(Error::conflict("phone_raced"));
    }
    insert(
        tx,
        "lead_token",
        "tenant_id, token, lead_id",
        words,
        "ON CONFLICT DO NOTHING",
    )
    .await?;
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
    Ok(ids)
}

const COLUMNS: &str = "tenant_id, id, name, name_key, phone, secondary_phone, course_id, source, status, \
     status_since, owner_id, assigned_at, waiting_since, notes, tags, custom, import_id, created_by, version, \
     created_at, updated_at";

fn row(
    tenant: Id,
    lead: &Checked,
    owner: Option<Id>,
    status: &str,
    now: chrono::DateTime<chrono::Utc>,
    author: Option<Id>,
    import: Option<Id>,
) -> Vec<Value> {
    vec![
        tenant.into(),
        lead.id.into(),
        lead.name.as_str().into(),
        name_key(&lead.name).into(),
        lead.phone.as_str().into(),
        lead.secondary_phone.clone().into(),
        lead.course_id.into(),
        lead.source.as_str().into(),
        status.into(),
        now.into(),
        owner.into(),
        owner.map(|_| now).into(),
        owner.is_none().then_some(now).into(),
        lead.notes.as_str().into(),
        json!(lead.tags).into(),
        serde_json::Value::Object(lead.custom.clone()).into(),
        import.into(),
        author.into(),
        1i64.into(),
        now.into(),
        now.into(),
    ]
}

impl Via {
    pub fn name(self) -> &'static str {
        match self {
            Via::Manual => "manual",
            Via::Api => "api",
            Via::Import(_) => "import",
        }
    }

    /// Imports wait behind what people do by hand.
    fn priority(self) -> i16 {
        if matches!(self, Via::Import(_)) { 5 } else { 1 }
    }
}
