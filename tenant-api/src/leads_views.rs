//! Lists people keep, the columns of their list, and whether a phone is here already.

use platform::Id;
use poem::Request;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde::Serialize;
use workflows::leads::{self, ViewEdit};

use crate::Area;
use crate::answer::{Answer, Body, Created, Done};
use crate::idempotent::{KeyHeader, key};
use crate::page::Page;
use crate::security::Caller;

pub struct Operations;

#[OpenApi(tag = "Area::Leads")]
impl Operations {
    /// The caller's own views and those shared with the team
    #[oai(path = "/lead-views", method = "get", operation_id = "list_lead_views")]
    async fn views(&self, caller: Caller) -> Answer<Body<Page<LeadView>>> {
        let look = leads::list_look(caller.app(), &caller.actor).await?;
        Ok(Body(Page::whole(look.views.into_iter().map(LeadView::from).collect())))
    }

    /// Keeps a list under a name
    #[oai(path = "/lead-views", method = "post", operation_id = "create_lead_view")]
    async fn keep(
        &self,
        caller: Caller,
        #[oai(name = "Idempotency-Key")] idempotency_key: KeyHeader,
        req: &Request,
        body: Json<NewLeadView>,
    ) -> Answer<Created<KeptView>> {
        let key = key(idempotency_key, req, &body.0)?;
        let view = ViewEdit {
            name: Some(body.0.name),
            shared: Some(body.0.shared),
            query: Some(body.0.query),
        };
        let id = leads::keep_view(caller.app(), &caller.actor, view, key).await?;
        Ok(Created {
            location: format!("/api/v1/lead-views/{id}"),
            body: KeptView { id },
            version: None,
        })
    }

    /// Renames a view, shares it, or gives it another filter
    #[oai(path = "/lead-views/:id", method = "patch", operation_id = "edit_lead_view")]
    async fn edit(&self, caller: Caller, id: Path<Id>, body: Json<LeadViewEdit>) -> Answer<Body<LeadView>> {
        let edit = ViewEdit {
            name: body.0.name,
            shared: body.0.shared,
            query: body.0.query,
        };
        let view = leads::edit_view(caller.app(), &caller.actor, id.0, edit).await?;
        Ok(Body(view.into()))
    }

    /// Forgets a view
    #[oai(path = "/lead-views/:id", method = "delete", operation_id = "delete_lead_view")]
    async fn forget(&self, caller: Caller, id: Path<Id>) -> Answer<Done> {
        leads::drop_view(caller.app(), &caller.actor, id.0).await?;
        Ok(Done)
    }

    /// The columns of the caller's list
    #[oai(path = "/lead-columns", method = "get", operation_id = "get_lead_columns")]
    async fn columns(&self, caller: Caller) -> Answer<Body<LeadColumns>> {
        let look = leads::list_look(caller.app(), &caller.actor).await?;
        Ok(Body(LeadColumns { columns: look.columns }))
    }

    /// Chooses the columns of the caller's list
    #[oai(path = "/lead-columns", method = "put", operation_id = "set_lead_columns")]
    async fn choose(&self, caller: Caller, body: Json<LeadColumns>) -> Answer<Body<LeadColumns>> {
        let columns = leads::choose_columns(caller.app(), &caller.actor, body.0.columns).await?;
        Ok(Body(LeadColumns { columns }))
    }

    /// Whether a phone is here already; which lead it is, only for who may see it
    #[oai(path = "/known-phone", method = "get", operation_id = "check_known_phone")]
    async fn known(
        &self,
        caller: Caller,
        /// As people type it.
        phone: Query<String>,
    ) -> Answer<Body<KnownPhone>> {
        let found = leads::duplicate(caller.app(), &caller.actor, &phone.0).await?;
        Ok(Body(KnownPhone {
            known: found.known,
            trashed: found.trashed,
            lead_id: found.lead.as_ref().map(|lead| lead.id),
            name: found.lead.map(|lead| lead.name),
        }))
    }
}

#[derive(Object, Serialize)]
struct NewLeadView {
    name: String,
    /// The list's address after `?`: q, status, source, owner, course, tag, from, to, waiting, sort, and of the
    /// center's own fields `custom.<key>` (with `.from` and `.to` where it has an order).
    #[oai(default)]
    query: String,
    /// With the team; for who may assign leads.
    #[oai(default)]
    shared: bool,
}

#[derive(Object)]
struct LeadViewEdit {
    name: Option<String>,
    query: Option<String>,
    shared: Option<bool>,
}

#[derive(Object, Serialize)]
struct LeadView {
    id: Id,
    name: String,
    query: String,
    shared: bool,
    owner_id: Id,
}

#[derive(Object, Serialize)]
struct KeptView {
    id: Id,
}

#[derive(Object, Serialize)]
struct LeadColumns {
    /// phone, course, status, owner, next, source, tags, score, changed, created, or `custom.<key>` of a field of
    /// the center.
    columns: Vec<String>,
}

#[derive(Object, Serialize)]
struct KnownPhone {
    known: bool,
    /// In the trash: adding the lead brings it back. Only for who may look there.
    trashed: bool,
    lead_id: Option<Id>,
    name: Option<String>,
}

impl From<leads::View> for LeadView {
    fn from(view: leads::View) -> Self {
        LeadView {
            id: view.id,
            name: view.name,
            query: view.query,
            shared: view.shared,
            owner_id: view.owner_id,
        }
    }
}
