//! What is done with a lead: its status, its owner, notes, timeline and the reasons behind decisions.

use chrono::{DateTime, Utc};
use platform::Id;
use poem::Request;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde::Serialize;
use serde_json::Value;
use workflows::{leads, scripts};

use crate::Area;
use crate::answer::{Answer, Body, Created, Tagged};
use crate::idempotent::{KeyHeader, key};
use crate::leads::{Lead, offered_version, tagged};
use crate::page::Page;
use crate::security::Caller;

pub struct Operations;

#[OpenApi(tag = "Area::Leads")]
impl Operations {
    /// Moves a lead to a status its own allows
    #[oai(path = "/leads/:id/status", method = "put", operation_id = "change_lead_status")]
    async fn change_status(
        &self,
        caller: Caller,
        id: Path<Id>,
        /// Refuses the move with 412 if the lead changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Json<StatusChange>,
    ) -> Answer<Tagged<Lead>> {
        let change = leads::Move {
            to: body.0.status,
            note: body.0.note,
            lost_reason: body.0.lost_reason,
            version: offered_version(if_match.0.as_deref())?,
            from: None,
        };
        let lead = leads::change_status(caller.app(), &caller.actor, id.0, change).await?;
        Ok(tagged(lead))
    }

    /// Gives a lead to a user
    #[oai(path = "/leads/:id/owner", method = "put", operation_id = "assign_lead")]
    async fn assign(
        &self,
        caller: Caller,
        id: Path<Id>,
        /// Refuses with 412 if the lead changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Json<Owner>,
    ) -> Answer<Tagged<Lead>> {
        let version = offered_version(if_match.0.as_deref())?;
        let moves = body.0.move_follow_ups.unwrap_or(true);
        let lead = leads::assign_with(caller.app(), &caller.actor, id.0, body.0.owner_id, version, moves).await?;
        Ok(tagged(lead))
    }

    /// Adds a note to the timeline
    #[oai(path = "/leads/:id/notes", method = "post", operation_id = "add_lead_note")]
    async fn add_note(
        &self,
        caller: Caller,
        id: Path<Id>,
        #[oai(name = "Idempotency-Key")] idempotency_key: KeyHeader,
        req: &Request,
        body: Json<Note>,
    ) -> Answer<Created<Made>> {
        let key = key(idempotency_key, req, &body.0)?;
        let (actor, lead) = (caller.actor.clone(), id.0);
        let made = caller
            .app()
            .once(&caller.actor, key, async move |tx| {
                leads::add_note_in(&tx, &actor, lead, &body.0.text).await
            })
            .await?;
        Ok(Created {
            body: Made { id: made },
            location: format!("/api/v1/leads/{lead}/timeline"),
            version: None,
        })
    }

    /// Writes a call down on the timeline
    #[oai(path = "/leads/:id/calls", method = "post", operation_id = "log_lead_call")]
    async fn log_call(
        &self,
        caller: Caller,
        id: Path<Id>,
        #[oai(name = "Idempotency-Key")] idempotency_key: KeyHeader,
        req: &Request,
        body: Json<Call>,
    ) -> Answer<Created<Made>> {
        let key = key(idempotency_key, req, &body.0)?;
        let (actor, lead) = (caller.actor.clone(), id.0);
        let call = leads::Call {
            direction: body.0.direction,
            outcome: body.0.outcome,
            note: body.0.note,
        };
        let made = caller
            .app()
            .once(&caller.actor, key, async move |tx| {
                leads::log_call_in(&tx, &actor, lead, call).await
            })
            .await?;
        Ok(Created {
            body: Made { id: made },
            location: format!("/api/v1/leads/{lead}/timeline"),
            version: None,
        })
    }

    /// Everything that happened to a lead, newest first
    #[oai(path = "/leads/:id/timeline", method = "get", operation_id = "get_lead_timeline")]
    async fn timeline(
        &self,
        caller: Caller,
        id: Path<Id>,
        cursor: Query<Option<String>>,
        /// 1 to 200; 50 when absent.
        limit: Query<Option<u64>>,
    ) -> Answer<Body<Page<Entry>>> {
        let page = leads::timeline(caller.app(), &caller.actor, id.0, cursor.0.as_deref(), limit.0).await?;
        Ok(Body(Page {
            items: page.entries.into_iter().map(Entry::from).collect(),
            next: page.next,
        }))
    }

    /// Why? What rules saw and decided about a lead, newest first
    #[oai(path = "/leads/:id/decisions", method = "get", operation_id = "get_lead_decisions")]
    async fn decisions(&self, caller: Caller, id: Path<Id>) -> Answer<Body<Page<Decision>>> {
        let stored = scripts::of_lead(caller.app(), &caller.actor, id.0).await?;
        Ok(Body(Page::whole(stored.into_iter().map(Decision::from).collect())))
    }
}

#[derive(Object)]
struct StatusChange {
    /// A key of `/statuses`.
    status: String,
    #[oai(default)]
    note: String,
    /// A key of `/lost-reasons`, where the move asks for one.
    lost_reason: Option<String>,
}

#[derive(Object)]
struct Owner {
    owner_id: Id,
    /// When absent they do. False cancels the planned ones: the new owner begins the cadence afresh.
    move_follow_ups: Option<bool>,
}

#[derive(Object, Serialize)]
struct Note {
    text: String,
}

#[derive(Object, Serialize)]
struct Call {
    /// `out` or `in`.
    direction: String,
    /// `reached`, `no_answer`, `busy` or `wrong_number`.
    outcome: String,
    #[oai(default)]
    note: String,
}

#[derive(Object, Serialize)]
pub struct Made {
    pub id: Id,
}

#[derive(Object, Serialize)]
struct Entry {
    id: Id,
    /// `lead.created`, `lead.status_changed`, `follow_up.completed`, …
    kind: String,
    occurred_at: DateTime<Utc>,
    /// None: the system.
    actor_id: Option<Id>,
    actor_name: Option<String>,
    owner_id: Option<Id>,
    causation_id: Option<Id>,
    payload: Value,
}

#[derive(Object, Serialize)]
struct Decision {
    id: Id,
    hook: String,
    event_id: Option<Id>,
    /// override, last_good, pack or core.
    level: String,
    layer: String,
    script_hash: String,
    settings_version: i64,
    input: Value,
    plan: Value,
    trace: Value,
    refusals: Value,
    failures: Value,
    created_at: DateTime<Utc>,
}

impl From<leads::Entry> for Entry {
    fn from(entry: leads::Entry) -> Self {
        Entry {
            id: entry.event.id,
            kind: entry.event.kind,
            occurred_at: entry.event.occurred_at,
            actor_id: entry.event.actor_id,
            actor_name: entry.actor_name,
            owner_id: entry.event.owner_id,
            causation_id: entry.event.causation_id,
            payload: entry.event.payload,
        }
    }
}

impl From<scripts::Stored> for Decision {
    fn from(stored: scripts::Stored) -> Self {
        Decision {
            id: stored.id,
            hook: stored.hook,
            event_id: stored.event_id,
            level: stored.level,
            layer: stored.layer,
            script_hash: stored.script_hash,
            settings_version: stored.settings_version,
            input: stored.input,
            plan: stored.plan,
            trace: stored.trace,
            refusals: stored.refusals,
            failures: stored.failures,
            created_at: stored.created_at,
        }
    }
}
