//! Leads that share a phone, two leads made one, and that undone.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use platform::Id;
use poem::Request;
use poem_openapi::param::{Header, Path};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde::Serialize;
use workflows::leads;

use crate::Area;
use crate::answer::{Answer, Body, Created, Tagged};
use crate::idempotent::{KeyHeader, key};
use crate::leads::{Lead, offered_version, tagged};
use crate::page::Page;
use crate::security::Caller;

pub struct Operations;

#[OpenApi(tag = "Area::Leads")]
impl Operations {
    /// Other leads with one of this lead's phones that the caller may see: usually the family
    #[oai(path = "/leads/:id/family", method = "get", operation_id = "list_lead_family")]
    async fn family(&self, caller: Caller, id: Path<Id>) -> Answer<Body<Page<Relative>>> {
        let family = leads::family(caller.app(), &caller.actor, id.0).await?;
        let relative = |found: leads::Sibling| Relative {
            id: found.id,
            name: found.name,
        };
        Ok(Body(Page::whole(family.into_iter().map(relative).collect())))
    }

    /// Merges another lead into this one
    ///
    /// Fields named in `take` are the other lead's, the rest stay; tags of both, every phone and both histories come
    /// along. The other lead is gone until the merge is undone, which is possible for thirty days.
    #[oai(path = "/leads/:id/merges", method = "post", operation_id = "merge_leads")]
    async fn merge(
        &self,
        caller: Caller,
        id: Path<Id>,
        #[oai(name = "Idempotency-Key")] idempotency_key: KeyHeader,
        req: &Request,
        /// Refuses with 412 if the lead that stays changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Json<NewMerge>,
    ) -> Answer<Created<MergeMade>> {
        let key = key(idempotency_key, req, &body.0)?;
        let merge = leads::Merge {
            other: body.0.lead_id,
            taken: body.0.take.into_iter().collect::<BTreeSet<_>>(),
            version: offered_version(if_match.0.as_deref())?,
            other_version: None,
        };
        let (actor, kept) = (caller.actor.clone(), id.0);
        let (lead, made): (leads::Lead, Id) = caller
            .app()
            .once(&caller.actor, key, async move |tx| {
                leads::merge_in(&tx, &actor, kept, merge).await
            })
            .await?;
        Ok(Created {
            location: format!("/api/v1/leads/{}/merges/{made}", lead.id),
            version: Some(lead.version),
            body: MergeMade {
                id: made,
                lead: lead.into(),
            },
        })
    }

    /// Merges into a lead that can be undone, newest first
    #[oai(path = "/leads/:id/merges", method = "get", operation_id = "list_lead_merges")]
    async fn merges(&self, caller: Caller, id: Path<Id>) -> Answer<Body<Page<Merged>>> {
        let merges = leads::merges(caller.app(), &caller.actor, id.0).await?;
        let merged = |made: leads::Merged| Merged {
            id: made.id,
            lead_id: made.gone_id,
            name: made.name,
            merged_at: made.merged_at,
            merged_by: made.merged_by,
        };
        Ok(Body(Page::whole(merges.into_iter().map(merged).collect())))
    }

    /// Undoes a merge; answers the lead that comes back
    #[oai(
        path = "/leads/:id/merges/:merge_id",
        method = "delete",
        operation_id = "undo_lead_merge"
    )]
    async fn undo(&self, caller: Caller, id: Path<Id>, merge_id: Path<Id>) -> Answer<Tagged<Lead>> {
        let lead = leads::undo_merge(caller.app(), &caller.actor, id.0, merge_id.0).await?;
        Ok(tagged(lead))
    }
}

#[derive(Object, Serialize)]
struct Relative {
    id: Id,
    name: String,
}

#[derive(Object, Serialize)]
struct NewMerge {
    /// The lead that goes.
    lead_id: Id,
    /// `name`, `phone`, `secondary_phone`, `course_id`, `source`, `status`, `owner_id`, `notes`, `both_notes`, or
    /// `custom.` and a field's key.
    #[oai(default)]
    take: Vec<String>,
}

#[derive(Object, Serialize)]
struct MergeMade {
    id: Id,
    lead: Lead,
}

#[derive(Object, Serialize)]
struct Merged {
    id: Id,
    /// The lead that went, and its name.
    lead_id: Id,
    name: String,
    merged_at: DateTime<Utc>,
    merged_by: Option<Id>,
}
