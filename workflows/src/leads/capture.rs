//! A lead comes in, by any door. The same phone never makes a second lead: a repeated enquiry is an event on the
//! existing one, its text kept, its owner told.

use std::collections::HashMap;

use platform::idempotency::Key;
use platform::{Actor, App, Error, Id, Permit, Result, Tx, audit};
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::lead::{Lead, stored};
use super::new_lead::{Checked, MANUAL, NewLead, checked};
use super::repeat::{known_phones, repeat};
use super::status::Registry;
use super::store::store;

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

/// The two words of the tenant a single lead needs, in one query: intake is the hottest write.
#[derive(FromQueryResult)]
struct Words {
    new_status: String,
    source_known: bool,
}

impl Words {
    async fn of(tx: &Tx, source: &str) -> Result<Self> {
        let sql = "SELECT s.key AS new_status, EXISTS (SELECT 1 FROM source AS o WHERE o.tenant_id = $1 \
                   AND o.key = $2) AS source_known FROM status AS s WHERE s.tenant_id = $1 AND s.kind = 'new' AND s.retired_at IS NULL \
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

impl Via {
    pub fn name(self) -> &'static str {
        match self {
            Via::Manual => "manual",
            Via::Api => "api",
            Via::Import(_) => "import",
        }
    }

    /// Imports wait behind what people do by hand.
    pub(super) fn priority(self) -> i16 {
        if matches!(self, Via::Import(_)) { 5 } else { 1 }
    }
}
