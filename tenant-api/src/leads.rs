//! Leads: the list people work from, intake, one lead and its own fields.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use platform::{Error, Id};
use poem::Request;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::types::MaybeUndefined;
use poem_openapi::{Object, OpenApi};
use serde::Serialize;
use serde_json::Value;
use workflows::leads::{self, Captured, Edit, Filter, Via};

use crate::Area;
use crate::answer::{Answer, Body, Created, Tagged};
use crate::idempotent::{KeyHeader, key};
use crate::leads_filter::{LeadFilter, Order};
use crate::page::Page;
use crate::security::Caller;

pub struct Operations;

#[OpenApi(tag = "Area::Leads")]
impl Operations {
    /// Leads the caller may see
    #[oai(path = "/leads", method = "get", operation_id = "list_leads")]
    #[allow(clippy::too_many_arguments, reason = "each is a query parameter")]
    async fn list(
        &self,
        caller: Caller,
        /// Words of the name, a phone, or its last four digits.
        q: Query<Option<String>>,
        status: Query<Option<String>>,
        source: Query<Option<String>>,
        owner_id: Query<Option<Id>>,
        course_id: Query<Option<Id>>,
        /// One of `/tags`, in any spelling.
        tag: Query<Option<String>>,
        /// Created at or after.
        from: Query<Option<DateTime<Utc>>>,
        /// Created before.
        to: Query<Option<DateTime<Utc>>>,
        /// Only leads that wait for an owner.
        waiting: Query<Option<bool>>,
        /// Of the center's own fields, as often as needed: `level:is:b1`, `city:begins:Tosh`, `budget:from:500000`,
        /// `visit:to:2026-09-01`.
        custom: Query<Option<Vec<String>>>,
        /// `newest` when absent. A cursor belongs to the order it came with.
        sort: Query<Option<Order>>,
        cursor: Query<Option<String>>,
        /// 1 to 200; 50 when absent.
        limit: Query<Option<u64>>,
    ) -> Answer<Body<Page<Lead>>> {
        let filter = LeadFilter {
            q: q.0,
            status: status.0,
            source: source.0,
            owner_id: owner_id.0,
            course_id: course_id.0,
            tag: tag.0,
            from: from.0,
            to: to.0,
            waiting: waiting.0,
            custom: custom.0,
            sort: sort.0,
        };
        let filter = Filter {
            cursor: cursor.0,
            limit: limit.0,
            ..filter.read(&caller).await?
        };
        let page = leads::list(caller.app(), &caller.actor, filter).await?;
        let due = page.due;
        let items = page.items.into_iter().map(|lead| {
            let next_follow_up_at = due.get(&lead.id).copied();
            Lead {
                next_follow_up_at,
                ..lead.into()
            }
        });
        Ok(Body(Page {
            items: items.collect(),
            next: page.next,
        }))
    }

    /// A new lead
    ///
    /// A phone that is here already answers 409 `duplicate_lead` and is kept as a repeated enquiry.
    #[oai(path = "/leads", method = "post", operation_id = "create_lead")]
    async fn create(
        &self,
        caller: Caller,
        #[oai(name = "Idempotency-Key")] idempotency_key: KeyHeader,
        req: &Request,
        body: Json<NewLead>,
    ) -> Answer<Created<Lead>> {
        let key = key(idempotency_key, req, &body.0)?;
        let (captured, lead) =
            leads::capture_and_show(caller.app(), &caller.actor, body.0.into(), Via::Api, key).await?;
        match (captured, lead) {
            (Captured::Repeat { id, visible: true }, _) => {
                Err(Error::conflict("duplicate_lead").with("lead_id", id.to_string()).into())
            }
            (Captured::New { .. }, Some(lead)) => Ok(Created {
                location: format!("/api/v1/leads/{}", lead.id),
                version: Some(lead.version),
                body: lead.into(),
            }),
            _ => Err(Error::conflict("duplicate_lead").into()),
        }
    }

    /// One lead
    #[oai(path = "/leads/:id", method = "get", operation_id = "get_lead")]
    async fn get(&self, caller: Caller, id: Path<Id>) -> Answer<Tagged<Lead>> {
        let lead = leads::find(caller.app(), &caller.actor, id.0).await?;
        Ok(tagged(lead))
    }

    /// Changes a lead's own fields
    ///
    /// Absent fields stay as they are; null clears what may be empty.
    #[oai(path = "/leads/:id", method = "patch", operation_id = "edit_lead")]
    async fn edit(
        &self,
        caller: Caller,
        id: Path<Id>,
        /// The ETag of the lead as it was read.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Json<LeadEdit>,
    ) -> Answer<Tagged<Lead>> {
        let version = required_version(if_match.0.as_deref())?;
        let lead = leads::edit(caller.app(), &caller.actor, id.0, body.0.try_into()?, version).await?;
        Ok(tagged(lead))
    }
}

#[derive(Object, Serialize)]
pub struct Lead {
    pub id: Id,
    pub name: String,
    /// E.164.
    pub phone: Option<String>,
    pub secondary_phone: Option<String>,
    pub course_id: Option<Id>,
    pub source: String,
    pub status: String,
    pub status_since: DateTime<Utc>,
    pub owner_id: Option<Id>,
    pub assigned_at: Option<DateTime<Utc>>,
    /// Set while nobody could be given the lead.
    pub waiting_since: Option<DateTime<Utc>>,
    pub notes: String,
    pub tags: Value,
    pub custom: Value,
    pub lost_reason: Option<String>,
    pub lost_at: Option<DateTime<Utc>>,
    pub enrolled_at: Option<DateTime<Utc>>,
    pub first_contact_at: Option<DateTime<Utc>>,
    pub import_id: Option<Id>,
    /// From 0 to 100, by the centre's own rule; null until it gave one.
    pub score: Option<i16>,
    pub created_by: Option<Id>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    /// The earliest open follow-up; only in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_follow_up_at: Option<DateTime<Utc>>,
}

#[derive(Object, Serialize)]
struct NewLead {
    name: String,
    /// As people type it; read in the centre's country and stored as E.164.
    phone: String,
    secondary_phone: Option<String>,
    course_id: Option<Id>,
    /// A key of `/sources`; `manual` when absent.
    source: Option<String>,
    #[oai(default)]
    notes: String,
    #[oai(default)]
    tags: Vec<String>,
    #[oai(default)]
    custom: BTreeMap<String, Value>,
    /// For who may assign; otherwise a rep's lead is the rep's and others are given out.
    owner_id: Option<Id>,
    /// A phone that is here already is a relative's: a lead of its own with the same number.
    #[oai(default)]
    family: bool,
}

#[derive(Object)]
struct LeadEdit {
    name: MaybeUndefined<String>,
    phone: MaybeUndefined<String>,
    secondary_phone: MaybeUndefined<String>,
    course_id: MaybeUndefined<Id>,
    source: MaybeUndefined<String>,
    notes: MaybeUndefined<String>,
    tags: MaybeUndefined<Vec<String>>,
    custom: MaybeUndefined<BTreeMap<String, Value>>,
}

pub fn tagged(lead: leads::Lead) -> Tagged<Lead> {
    let version = lead.version;
    Tagged(lead.into(), version)
}

/// The version a change was made of; 428 when it names none. `*` is whatever there is.
pub fn required_version(if_match: Option<&str>) -> Result<Option<i64>, Error> {
    let text = if_match.ok_or(Error::Precondition { missing: true })?.trim();
    if text == "*" {
        return Ok(None);
    }
    let tag = text.trim_start_matches("W/").trim_matches('"');
    tag.parse()
        .map(Some)
        .map_err(|_| Error::Precondition { missing: false })
}

/// Changes through a sub-resource have rules of their own against surprises, so the version may be left out.
pub fn offered_version(if_match: Option<&str>) -> Result<Option<i64>, Error> {
    if_match.map_or(Ok(None), |text| required_version(Some(text)))
}

/// A field that may be changed but not emptied.
pub fn kept<T>(field: &'static str, value: MaybeUndefined<T>) -> Result<Option<T>, Error> {
    match value {
        MaybeUndefined::Undefined => Ok(None),
        MaybeUndefined::Null => Err(Error::field(field, "required")),
        MaybeUndefined::Value(value) => Ok(Some(value)),
    }
}

/// A field that null empties.
pub fn clearable<T>(value: MaybeUndefined<T>) -> Option<Option<T>> {
    match value {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => Some(None),
        MaybeUndefined::Value(value) => Some(Some(value)),
    }
}

impl From<leads::Lead> for Lead {
    fn from(lead: leads::Lead) -> Self {
        Lead {
            id: lead.id,
            name: lead.name,
            phone: lead.phone,
            secondary_phone: lead.secondary_phone,
            course_id: lead.course_id,
            source: lead.source,
            status: lead.status,
            status_since: lead.status_since,
            owner_id: lead.owner_id,
            assigned_at: lead.assigned_at,
            waiting_since: lead.waiting_since,
            notes: lead.notes,
            tags: lead.tags,
            custom: lead.custom,
            lost_reason: lead.lost_reason,
            lost_at: lead.lost_at,
            enrolled_at: lead.enrolled_at,
            first_contact_at: lead.first_contact_at,
            import_id: lead.import_id,
            score: lead.score,
            created_by: lead.created_by,
            version: lead.version,
            created_at: lead.created_at,
            updated_at: lead.updated_at,
            next_follow_up_at: None,
        }
    }
}

impl From<NewLead> for leads::NewLead {
    fn from(new: NewLead) -> Self {
        leads::NewLead {
            name: new.name,
            phone: new.phone,
            secondary_phone: new.secondary_phone,
            course_id: new.course_id,
            source: new.source,
            notes: new.notes,
            tags: new.tags,
            custom: new.custom.into_iter().collect(),
            owner_id: new.owner_id,
            family: new.family,
            ..leads::NewLead::default()
        }
    }
}

impl TryFrom<LeadEdit> for Edit {
    type Error = Error;

    fn try_from(edit: LeadEdit) -> Result<Self, Error> {
        Ok(Edit {
            name: kept("name", edit.name)?,
            phone: kept("phone", edit.phone)?,
            secondary_phone: clearable(edit.secondary_phone),
            course_id: clearable(edit.course_id),
            source: kept("source", edit.source)?,
            notes: clearable(edit.notes).map(Option::unwrap_or_default),
            tags: clearable(edit.tags).map(Option::unwrap_or_default),
            custom: clearable(edit.custom).map(|custom| custom.unwrap_or_default().into_iter().collect()),
        })
    }
}
