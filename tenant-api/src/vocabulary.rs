//! What a center writes about a lead in its own words: sources, lost reasons and fields of its own.

use std::collections::BTreeMap;

use poem::Request;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};
use serde::Serialize;
use wire::pack::{FieldKind, FieldOption};
use workflows::vocabulary::{self, Entry, List};

use crate::Area;
use crate::answer::{Answer, Body, Created};
use crate::idempotent::{KeyHeader, key};
use crate::page::Page;
use crate::security::Caller;

pub struct Operations;

#[OpenApi(tag = "Area::Leads")]
impl Operations {
    /// Where leads come from, in order, those no longer offered among them
    #[oai(path = "/sources", method = "get", operation_id = "list_sources")]
    async fn sources(&self, caller: Caller) -> Answer<Body<Page<LeadField>>> {
        all(&caller, List::Sources).await
    }

    /// One more source, at the end
    #[oai(path = "/sources", method = "post", operation_id = "add_source")]
    async fn add_source(
        &self,
        caller: Caller,
        #[oai(name = "Idempotency-Key")] idempotency_key: KeyHeader,
        req: &Request,
        body: Json<NewWord>,
    ) -> Answer<Created<LeadField>> {
        add(&caller, List::Sources, idempotency_key, req, body.0.into()).await
    }

    /// Changes a source; absent fields stay as they are
    #[oai(path = "/sources/:key", method = "patch", operation_id = "change_source")]
    async fn change_source(
        &self,
        caller: Caller,
        key: Path<String>,
        body: Json<FieldChange>,
    ) -> Answer<Body<LeadField>> {
        change(&caller, List::Sources, &key.0, body.0).await
    }

    /// Why leads are lost, in order, those no longer offered among them
    #[oai(path = "/lost-reasons", method = "get", operation_id = "list_lost_reasons")]
    async fn lost_reasons(&self, caller: Caller) -> Answer<Body<Page<LeadField>>> {
        all(&caller, List::LostReasons).await
    }

    /// One more reason, at the end
    #[oai(path = "/lost-reasons", method = "post", operation_id = "add_lost_reason")]
    async fn add_lost_reason(
        &self,
        caller: Caller,
        #[oai(name = "Idempotency-Key")] idempotency_key: KeyHeader,
        req: &Request,
        body: Json<NewWord>,
    ) -> Answer<Created<LeadField>> {
        add(&caller, List::LostReasons, idempotency_key, req, body.0.into()).await
    }

    /// Changes a reason; absent fields stay as they are
    #[oai(path = "/lost-reasons/:key", method = "patch", operation_id = "change_lost_reason")]
    async fn change_lost_reason(
        &self,
        caller: Caller,
        key: Path<String>,
        body: Json<FieldChange>,
    ) -> Answer<Body<LeadField>> {
        change(&caller, List::LostReasons, &key.0, body.0).await
    }

    /// The center's own fields of a lead, in order, those no longer offered among them
    #[oai(path = "/custom-fields", method = "get", operation_id = "list_custom_fields")]
    async fn custom_fields(&self, caller: Caller) -> Answer<Body<Page<LeadField>>> {
        all(&caller, List::CustomFields).await
    }

    /// One more field, at the end
    #[oai(path = "/custom-fields", method = "post", operation_id = "add_custom_field")]
    async fn add_custom_field(
        &self,
        caller: Caller,
        #[oai(name = "Idempotency-Key")] idempotency_key: KeyHeader,
        req: &Request,
        body: Json<NewField>,
    ) -> Answer<Created<LeadField>> {
        add(&caller, List::CustomFields, idempotency_key, req, body.0).await
    }

    /// Changes a field; absent fields stay as they are, its kind always
    #[oai(path = "/custom-fields/:key", method = "patch", operation_id = "change_custom_field")]
    async fn change_custom_field(
        &self,
        caller: Caller,
        key: Path<String>,
        body: Json<FieldChange>,
    ) -> Answer<Body<LeadField>> {
        change(&caller, List::CustomFields, &key.0, body.0).await
    }
}

async fn all(caller: &Caller, list: List) -> Answer<Body<Page<LeadField>>> {
    let entries = vocabulary::entries(caller.app(), &caller.actor, list).await?;
    Ok(Body(Page::whole(entries.into_iter().map(LeadField::from).collect())))
}

async fn add(
    caller: &Caller,
    list: List,
    idempotency_key: KeyHeader,
    req: &Request,
    new: NewField,
) -> Answer<Created<LeadField>> {
    let key = key(idempotency_key, req, &new)?;
    let (actor, new) = (caller.actor.clone(), vocabulary::New::from(new));
    let entry = vocabulary::add(caller.app(), &actor, list, new, key).await?;
    Ok(Created {
        location: format!("/api/v1/{}/{}", list.name(), entry.key),
        version: None,
        body: entry.into(),
    })
}

async fn change(caller: &Caller, list: List, key: &str, change: FieldChange) -> Answer<Body<LeadField>> {
    let change = vocabulary::Change {
        labels: change.labels,
        options: change
            .options
            .map(|options| options.into_iter().map(FieldOption::from).collect()),
        retired: change.retired,
        position: change.position.map(|at| at as usize),
    };
    let entry = vocabulary::change(caller.app(), &caller.actor, list, key, change).await?;
    Ok(Body(entry.into()))
}

#[derive(Object, Serialize)]
struct LeadField {
    /// What scripts, imports and this API say; never changes.
    key: String,
    /// By language; one stands in for those that are missing.
    labels: BTreeMap<String, String>,
    /// Of a custom field.
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<Kind>,
    /// Of a custom field that is a choice.
    options: Vec<Choice>,
    /// No longer offered; leads that carry it keep it.
    retired: bool,
}

#[derive(Object, Serialize)]
#[oai(rename = "NewLeadWord")]
struct NewWord {
    /// Made of the first label when absent: lower-case letters, digits and `_`.
    key: Option<String>,
    labels: BTreeMap<String, String>,
}

#[derive(Object, Serialize)]
#[oai(rename = "NewCustomField")]
struct NewField {
    /// Made of the first label when absent: lower-case letters, digits and `_`.
    key: Option<String>,
    labels: BTreeMap<String, String>,
    /// Text when absent.
    kind: Option<Kind>,
    /// Of a choice.
    #[oai(default)]
    options: Vec<Choice>,
}

#[derive(Object)]
#[oai(rename = "LeadFieldChange")]
struct FieldChange {
    labels: Option<BTreeMap<String, String>>,
    /// All choices in their order; one left out is no longer offered.
    options: Option<Vec<Choice>>,
    retired: Option<bool>,
    /// Its place in the list, from 0.
    position: Option<u32>,
}

#[derive(Object, Serialize)]
#[oai(rename = "CustomFieldChoice")]
struct Choice {
    /// What a lead holds; made of the first label when absent.
    #[oai(default)]
    value: String,
    labels: BTreeMap<String, String>,
}

#[derive(Enum, Serialize, Clone, Copy)]
#[oai(rename = "CustomFieldKind", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
enum Kind {
    Text,
    Number,
    Boolean,
    Date,
    Choice,
}

impl From<Entry> for LeadField {
    fn from(entry: Entry) -> Self {
        LeadField {
            key: entry.key,
            labels: entry.labels,
            kind: entry.kind.map(Kind::from),
            options: entry.options.into_iter().map(Choice::from).collect(),
            retired: entry.retired,
        }
    }
}

impl From<NewWord> for NewField {
    fn from(new: NewWord) -> Self {
        NewField {
            key: new.key,
            labels: new.labels,
            kind: None,
            options: Vec::new(),
        }
    }
}

impl From<NewField> for vocabulary::New {
    fn from(new: NewField) -> Self {
        vocabulary::New {
            key: new.key,
            labels: new.labels,
            kind: new.kind.map(FieldKind::from),
            options: new.options.into_iter().map(FieldOption::from).collect(),
        }
    }
}

impl From<FieldOption> for Choice {
    fn from(option: FieldOption) -> Self {
        Choice {
            value: option.value,
            labels: option.labels,
        }
    }
}

impl From<Choice> for FieldOption {
    fn from(choice: Choice) -> Self {
        FieldOption {
            value: choice.value,
            labels: choice.labels,
        }
    }
}

impl From<FieldKind> for Kind {
    fn from(kind: FieldKind) -> Self {
        match kind {
            FieldKind::Text => Kind::Text,
            FieldKind::Number => Kind::Number,
            FieldKind::Boolean => Kind::Boolean,
            FieldKind::Date => Kind::Date,
            FieldKind::Choice => Kind::Choice,
        }
    }
}

impl From<Kind> for FieldKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Text => FieldKind::Text,
            Kind::Number => FieldKind::Number,
            Kind::Boolean => FieldKind::Boolean,
            Kind::Date => FieldKind::Date,
            Kind::Choice => FieldKind::Choice,
        }
    }
}
