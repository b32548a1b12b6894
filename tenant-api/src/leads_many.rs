//! Many leads at once, one undo for them, and the trash.

use chrono::{DateTime, Utc};
use platform::{Error, Id, http};
use poem::Request;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};
use serde::Serialize;
use workflows::leads::{self, Change, Chosen};

use crate::Area;
use crate::answer::{Accepted, Answer, Body, Done, Tagged};
use crate::idempotent::{KeyHeader, key};
use crate::leads::{Lead, offered_version, tagged};
use crate::leads_filter::LeadFilter;
use crate::page::Page;
use crate::security::Caller;

pub struct Operations;

#[OpenApi(tag = "Area::Leads")]
impl Operations {
    /// Changes many leads: those named, or all that match a filter
    ///
    /// Each lead is changed by the rules that hold for it alone; what is refused is listed. Large changes go on after
    /// the answer: look at the address it names.
    #[oai(path = "/bulk-changes", method = "post", operation_id = "create_bulk_change")]
    async fn create(
        &self,
        caller: Caller,
        #[oai(name = "Idempotency-Key")] idempotency_key: KeyHeader,
        req: &Request,
        body: Json<NewBulkChange>,
    ) -> Answer<Accepted<BulkChange>> {
        let key = key(idempotency_key, req, &body.0)?;
        let (change, chosen) = body.0.read(&caller).await?;
        let id = leads::change_many(caller.app(), &caller.actor, change, chosen, key).await?;
        let bulk = leads::bulk(caller.app(), &caller.actor, id).await?;
        Ok(Accepted {
            location: format!("/api/v1/bulk-changes/{id}"),
            body: shown(bulk)?,
        })
    }

    /// How far a change of many is
    #[oai(path = "/bulk-changes/:id", method = "get", operation_id = "get_bulk_change")]
    async fn get(&self, caller: Caller, id: Path<Id>) -> Answer<Body<BulkChange>> {
        let bulk = leads::bulk(caller.app(), &caller.actor, id.0).await?;
        Ok(Body(shown(bulk)?))
    }

    /// The first 200 leads it did not change, or did not take back, with why
    #[oai(
        path = "/bulk-changes/:id/refusals",
        method = "get",
        operation_id = "list_bulk_refusals"
    )]
    async fn refusals(&self, caller: Caller, id: Path<Id>) -> Answer<Body<Page<BulkRefusal>>> {
        let refused = leads::refused(caller.app(), &caller.actor, id.0).await?;
        let items = refused.into_iter().map(|lead| BulkRefusal {
            message: http::message(
                caller.actor.lang,
                &lead.code,
                lead.args.as_object().unwrap_or(&Default::default()),
            ),
            lead_id: lead.lead_id,
            name: lead.name,
            code: lead.code,
        });
        Ok(Body(Page::whole(items.collect())))
    }

    /// Takes a change of many back, within seven days
    ///
    /// Leads nobody touched since are what they were, with their follow-ups; the others stay and are listed.
    #[oai(path = "/bulk-changes/:id/undo", method = "put", operation_id = "undo_bulk_change")]
    async fn undo(&self, caller: Caller, id: Path<Id>) -> Answer<Body<BulkChange>> {
        leads::undo_many(caller.app(), &caller.actor, id.0).await?;
        let bulk = leads::bulk(caller.app(), &caller.actor, id.0).await?;
        Ok(Body(shown(bulk)?))
    }

    /// Deletes a lead into the trash, where it stays for thirty days
    #[oai(path = "/leads/:id", method = "delete", operation_id = "delete_lead")]
    async fn trash(
        &self,
        caller: Caller,
        id: Path<Id>,
        /// Refuses with 412 if the lead changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
    ) -> Answer<Done> {
        let version = offered_version(if_match.0.as_deref())?;
        leads::trash(caller.app(), &caller.actor, id.0, version).await?;
        Ok(Done)
    }

    /// Leads in the trash, the latest first
    #[oai(path = "/trash", method = "get", operation_id = "list_trash")]
    async fn trashed(
        &self,
        caller: Caller,
        cursor: Query<Option<String>>,
        /// 1 to 200; 50 when absent.
        limit: Query<Option<u64>>,
    ) -> Answer<Body<Page<TrashedLead>>> {
        let trash = leads::trashed(caller.app(), &caller.actor, cursor.0, limit.0).await?;
        Ok(Body(Page {
            items: trash.items.into_iter().map(TrashedLead::from).collect(),
            next: trash.next,
        }))
    }

    /// Brings a lead back from the trash with everything it had
    #[oai(path = "/trash/:id/restoration", method = "put", operation_id = "restore_lead")]
    async fn restore(&self, caller: Caller, id: Path<Id>) -> Answer<Tagged<Lead>> {
        leads::restore(caller.app(), &caller.actor, id.0).await?;
        Ok(tagged(leads::find(caller.app(), &caller.actor, id.0).await?))
    }
}

#[derive(Enum, Serialize)]
#[oai(rename_all = "snake_case")]
enum BulkAction {
    Assign,
    Tag,
    Untag,
    Status,
    Trash,
}

#[derive(Object, Serialize)]
struct NewBulkChange {
    action: BulkAction,
    /// For `assign`.
    owner_id: Option<Id>,
    /// For `tag` and `untag`.
    #[oai(default)]
    tags: Vec<String>,
    /// For `status`: a key of `/statuses`.
    status: Option<String>,
    #[oai(default)]
    note: String,
    /// For a status that asks for one.
    lost_reason: Option<String>,
    /// At most 500.
    lead_ids: Option<Vec<Id>>,
    /// Instead of `lead_ids`: all leads these would list.
    filter: Option<LeadFilter>,
}

#[derive(Object, Serialize)]
struct BulkChange {
    id: Id,
    /// assign, tag, untag, status, trash, or retag of the tags' own room.
    action: String,
    /// gathering, running, done, undoing or undone.
    state: String,
    total: i64,
    done: i64,
    /// Already as asked.
    same: i64,
    failed: i64,
    undone: i64,
    /// Not taken back: changed by somebody since.
    kept: i64,
    created_at: DateTime<Utc>,
    finished_at: Option<DateTime<Utc>>,
}

#[derive(Object, Serialize)]
struct BulkRefusal {
    lead_id: Id,
    name: String,
    code: String,
    /// The code in the caller's language.
    message: String,
}

#[derive(Object, Serialize)]
struct TrashedLead {
    id: Id,
    name: String,
    phone: Option<String>,
    status: String,
    owner_id: Option<Id>,
    deleted_at: DateTime<Utc>,
    deleted_by: Option<Id>,
    /// Gone for good from then on.
    until: DateTime<Utc>,
}

impl NewBulkChange {
    async fn read(self, caller: &Caller) -> Result<(Change, Chosen), Error> {
        let required = |field: &'static str| move || Error::field(field, "required");
        let change = match self.action {
            BulkAction::Assign => Change::Assign {
                owner: self.owner_id.ok_or_else(required("owner_id"))?,
            },
            BulkAction::Tag => Change::Tag { tags: self.tags },
            BulkAction::Untag => Change::Untag { tags: self.tags },
            BulkAction::Status => Change::Status {
                to: self.status.ok_or_else(required("status"))?,
                note: self.note,
                lost_reason: self.lost_reason,
            },
            BulkAction::Trash => Change::Trash,
        };
        let chosen = match (self.lead_ids, self.filter) {
            (Some(ids), None) => Chosen::These(ids),
            (None, Some(filter)) => Chosen::Matching(Box::new(filter.read(caller).await?)),
            _ => return Err(Error::field("lead_ids", "required")),
        };
        Ok((change, chosen))
    }
}

fn shown(bulk: leads::Bulk) -> Result<BulkChange, Error> {
    Ok(BulkChange {
        action: bulk.change()?.name().to_owned(),
        id: bulk.id,
        state: bulk.state,
        total: bulk.total,
        done: bulk.done,
        same: bulk.same,
        failed: bulk.failed,
        undone: bulk.undone,
        kept: bulk.kept,
        created_at: bulk.created_at,
        finished_at: bulk.finished_at,
    })
}

impl From<leads::Trashed> for TrashedLead {
    fn from(lead: leads::Trashed) -> Self {
        TrashedLead {
            until: lead.until(),
            id: lead.id,
            name: lead.name,
            phone: lead.phone,
            status: lead.status,
            owner_id: lead.owner_id,
            deleted_at: lead.deleted_at,
            deleted_by: lead.deleted_by,
        }
    }
}
