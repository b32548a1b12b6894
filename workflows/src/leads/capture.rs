//! A lead comes in, by any door. The same phone never makes a second lead: a repeated enquiry is an event on the
//! existing one, its text kept, its owner told.

use platform::idempotency::Key;
use platform::{Actor, App, Error, Id, Permit, Result, Tx, audit};
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::custom;
use super::lead::Lead;
use super::new_lead::{Checked, NewLead, checked};
use super::repeat::{Known, repeat, sees};
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
    app.once(actor, key, async move |tx: Tx| capture_in(&tx, &author, new, via).await)
        .await
}

async fn capture_in(tx: &Tx, actor: &Actor, new: NewLead, via: Via) -> Result<(Captured, Option<Lead>)> {
    let mut lead = checked(actor, |_| true, new)?;
    custom::check_in(tx, &lead.custom).await?;
    let look = Look::before(tx, &lead).await?;
    if !look.source_known {
        return Err(Error::field("source", "unknown_source"));
    }
    if let Some(known) = look.known(tx).await? {
        if !(lead.family && sees(actor, &known)) {
            return Ok((repeat(tx, actor, &known, &lead).await?, None));
        }
        lead.siblings = next_siblings(tx, &lead).await?;
    }
    let owner = owner_of(tx, actor, lead.owner_id).await?;
    let stored = store(tx, actor, &look.new_status, vec![(lead, owner)], via).await?;
    let lead = stored
        .into_iter()
        .next()
        .ok_or_else(|| Error::internal("no lead was stored"))?;
    audit::record(tx, actor, "lead.created", "lead", lead.id, json!({})).await?;
    Ok((Captured::New { id: lead.id }, Some(lead)))
}

/// Which sibling a lead is of those that have each of its numbers already.
async fn next_siblings(tx: &Tx, lead: &Checked) -> Result<[i32; 2]> {
    #[derive(FromQueryResult)]
    struct Row {
        next: i32,
    }
    let mut next = [0, 0];
    for (place, phone) in next.iter_mut().zip(lead.phones()) {
        let sql = "SELECT COALESCE(MAX(sibling) + 1, 0) AS next FROM lead_phone WHERE tenant_id = $1 AND e164 = $2";
        let row: Option<Row> = tx.one(sql, vec![tx.tenant().0.into(), phone.into()]).await?;
        *place = row.map_or(0, |row| row.next);
    }
    Ok(next)
}

/// All a single lead must know before it is stored, in one query: intake is the hottest write.
#[derive(FromQueryResult)]
struct Look {
    new_status: String,
    source_known: bool,
    holder: Option<Id>,
}

impl Look {
    async fn before(tx: &Tx, lead: &Checked) -> Result<Self> {
        // Each phone by its whole key: a plan made while the tables were small stays good when they are not.
        let sql = "SELECT s.key AS new_status, EXISTS (SELECT 1 FROM source AS o WHERE o.tenant_id = $1 \
                   AND o.key = $2) AS source_known, COALESCE( \
                   (SELECT p.lead_id FROM lead_phone AS p WHERE p.tenant_id = $1 AND p.e164 = $3 AND p.sibling = 0), \
                   (SELECT p.lead_id FROM lead_phone AS p WHERE p.tenant_id = $1 AND p.e164 = $4 AND p.sibling = 0) \
                   ) AS holder FROM status AS s \
                   WHERE s.tenant_id = $1 AND s.kind = 'new' AND s.retired_at IS NULL \
                   ORDER BY s.position LIMIT 1";
        let second = lead.secondary_phone.as_ref().unwrap_or(&lead.phone);
        let values = vec![
            tx.tenant().0.into(),
            lead.source.as_str().into(),
            lead.phone.as_str().into(),
            second.as_str().into(),
        ];
        let found: Option<Look> = tx.one(sql, values).await?;
        found.ok_or_else(|| Error::internal("the tenant has no status of kind new"))
    }

    /// The lead that has one of the phones already.
    async fn known(&self, tx: &Tx) -> Result<Option<Known>> {
        let Some(holder) = self.holder else { return Ok(None) };
        let sql = "SELECT id, owner_id, status, deleted_at FROM lead WHERE tenant_id = $1 AND id = $2";
        tx.one(sql, vec![tx.tenant().0.into(), holder.into()]).await
    }
}

/// A rep's lead is the rep's; who may assign chooses, or leaves it to distribution.
pub(super) async fn owner_of(tx: &Tx, actor: &Actor, chosen: Option<Id>) -> Result<Option<Id>> {
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
