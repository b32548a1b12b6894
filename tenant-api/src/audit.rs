//! The log of changes, for whoever may read it.

use chrono::{DateTime, Utc};
use platform::Id;
use poem_openapi::param::Query;
use poem_openapi::{Object, OpenApi};
use serde::Serialize;
use serde_json::Value;
use workflows::audit::{self, Filter};

use crate::Area;
use crate::answer::{Answer, Body};
use crate::page::Page;
use crate::security::Caller;

pub struct Operations;

#[OpenApi(tag = "Area::Audit")]
impl Operations {
    /// Who changed what, when and from where, the newest first
    ///
    /// Without `object` everything but leads; `object=lead` for those. Phones and e-mails of people are half hidden,
    /// secrets are never written.
    #[oai(path = "/audit", method = "get", operation_id = "list_audit")]
    #[allow(clippy::too_many_arguments, reason = "each is a filter of its own")]
    async fn list(
        &self,
        caller: Caller,
        actor_id: Query<Option<Id>>,
        action: Query<Option<String>>,
        object: Query<Option<String>>,
        object_id: Query<Option<String>>,
        from: Query<Option<DateTime<Utc>>>,
        to: Query<Option<DateTime<Utc>>>,
        cursor: Query<Option<String>>,
        limit: Query<Option<u64>>,
    ) -> Answer<Body<Page<Entry>>> {
        let filter = Filter {
            actor: actor_id.0,
            action: action.0,
            object: object.0,
            object_id: object_id.0,
            from: from.0,
            to: to.0,
            cursor: cursor.0,
            limit: limit.0,
        };
        let page = audit::log(caller.app(), &caller.actor, filter).await?;
        Ok(Body(Page {
            items: page.items.into_iter().map(Entry::from).collect(),
            next: page.next,
        }))
    }
}

#[derive(Object, Serialize)]
#[oai(rename = "AuditEntry")]
struct Entry {
    id: Id,
    at: DateTime<Utc>,
    /// Null: the system itself.
    actor_id: Option<Id>,
    /// As `user.changed`.
    action: String,
    object: String,
    object_id: String,
    /// From where.
    address: Option<String>,
    request_id: Option<String>,
    /// By field `{"from": …, "to": …}`, or what else there is to tell.
    changes: Value,
}

impl From<audit::Entry> for Entry {
    fn from(entry: audit::Entry) -> Self {
        Entry {
            id: entry.id,
            at: entry.at,
            actor_id: entry.actor_id,
            action: entry.action,
            object: entry.object,
            object_id: entry.object_id,
            address: entry.address,
            request_id: entry.request_id,
            changes: entry.changes,
        }
    }
}
