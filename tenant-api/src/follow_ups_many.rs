//! Many follow-ups at once: a look at what would change, the change, its list of those left alone, one undo.

use chrono::{DateTime, Utc};
use platform::{Error, Id, http};
use poem::Request;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};
use serde::Serialize;
use workflows::follow_ups::{self, Age, Change, Chosen, Filter};

use crate::Area;
use crate::answer::{Accepted, Answer, Body};
use crate::follow_ups::View;
use crate::idempotent::{KeyHeader, key};
use crate::page::Page;
use crate::security::Caller;

pub struct Operations;

#[OpenApi(tag = "Area::FollowUps")]
impl Operations {
    /// What a change of many would do: how many, whose, when they would be due, what stays and why
    #[oai(
        path = "/follow-up-change-previews",
        method = "post",
        operation_id = "preview_follow_up_change"
    )]
    async fn preview(&self, caller: Caller, body: Json<NewFollowUpChange>) -> Answer<Body<FollowUpPreview>> {
        let (change, chosen) = body.0.read()?;
        let found = follow_ups::preview(caller.app(), &caller.actor, change, chosen).await?;
        let lang = caller.actor.lang;
        Ok(Body(FollowUpPreview {
            total: found.total,
            changing: found.changing,
            leads: found.leads,
            reps: found.reps.into_iter().map(RepShare::from).collect(),
            stays: found
                .stays
                .into_iter()
                .map(|stays| Staying {
                    message: http::message(lang, stays.code, &Default::default()),
                    code: stays.code.to_owned(),
                    count: stays.count,
                    names: stays.names,
                })
                .collect(),
        }))
    }

    /// Changes many follow-ups: those named, or all that match a filter
    ///
    /// At most 500 named, at most 20,000 matching. What is closed meanwhile stays and is listed. Large changes go on
    /// after the answer: look at the address it names.
    #[oai(
        path = "/follow-up-changes",
        method = "post",
        operation_id = "create_follow_up_change"
    )]
    async fn create(
        &self,
        caller: Caller,
        #[oai(name = "Idempotency-Key")] idempotency_key: KeyHeader,
        req: &Request,
        body: Json<NewFollowUpChange>,
    ) -> Answer<Accepted<FollowUpChange>> {
        let key = key(idempotency_key, req, &body.0)?;
        let (change, chosen) = body.0.read()?;
        let id = follow_ups::change_many(caller.app(), &caller.actor, change, chosen, key).await?;
        let bulk = follow_ups::bulk(caller.app(), &caller.actor, id).await?;
        Ok(Accepted {
            location: format!("/api/v1/follow-up-changes/{id}"),
            body: shown(bulk)?,
        })
    }

    /// How far a change of many is
    #[oai(
        path = "/follow-up-changes/:id",
        method = "get",
        operation_id = "get_follow_up_change"
    )]
    async fn get(&self, caller: Caller, id: Path<Id>) -> Answer<Body<FollowUpChange>> {
        let bulk = follow_ups::bulk(caller.app(), &caller.actor, id.0).await?;
        Ok(Body(shown(bulk)?))
    }

    /// The first 200 it left alone, or did not take back, with why
    #[oai(
        path = "/follow-up-changes/:id/refusals",
        method = "get",
        operation_id = "list_follow_up_refusals"
    )]
    async fn refusals(&self, caller: Caller, id: Path<Id>) -> Answer<Body<Page<FollowUpRefusal>>> {
        let refused = follow_ups::refused(caller.app(), &caller.actor, id.0).await?;
        let items = refused.into_iter().map(|one| FollowUpRefusal {
            message: http::message(
                caller.actor.lang,
                &one.code,
                one.args.as_object().unwrap_or(&Default::default()),
            ),
            follow_up_id: one.follow_up_id,
            lead_id: one.lead_id,
            name: one.name,
            code: one.code,
        });
        Ok(Body(Page::whole(items.collect())))
    }

    /// Takes a change of many back, within seven days
    ///
    /// Follow-ups nobody touched since are what they were, with their leads; the others stay and are listed.
    #[oai(
        path = "/follow-up-changes/:id/undo",
        method = "put",
        operation_id = "undo_follow_up_change"
    )]
    async fn undo(&self, caller: Caller, id: Path<Id>) -> Answer<Body<FollowUpChange>> {
        follow_ups::undo_many(caller.app(), &caller.actor, id.0).await?;
        let bulk = follow_ups::bulk(caller.app(), &caller.actor, id.0).await?;
        Ok(Body(shown(bulk)?))
    }
}

#[derive(Enum, Serialize)]
#[oai(rename_all = "snake_case")]
enum FollowUpAction {
    Reschedule,
    Reassign,
    Complete,
    Delete,
}

#[derive(Object, Serialize)]
struct NewFollowUpChange {
    action: FollowUpAction,
    /// For `reschedule`: so many hours from now, 0 to 720, one after another in each owner's working time.
    hours: Option<i64>,
    /// For `reassign`.
    owner_id: Option<Id>,
    /// For `reassign`: the leads change hands as well, with whatever else is open for them.
    #[oai(default)]
    with_leads: bool,
    /// For `complete`: reached, no_answer, later or done.
    outcome: Option<String>,
    #[oai(default)]
    note: String,
    /// At most 500.
    follow_up_ids: Option<Vec<Id>>,
    /// Instead of `follow_up_ids`: all open ones these would list.
    filter: Option<FollowUpFilter>,
}

#[derive(Object, Serialize)]
struct FollowUpFilter {
    /// `overdue` when absent.
    view: Option<View>,
    owner_id: Option<Id>,
    /// under_1h, 1h_to_6h, 6h_to_24h or over_24h; `view` is then not looked at.
    age: Option<String>,
}

#[derive(Object, Serialize)]
struct FollowUpPreview {
    total: i64,
    changing: i64,
    /// Leads that change hands with them.
    leads: i64,
    reps: Vec<RepShare>,
    stays: Vec<Staying>,
}

#[derive(Object, Serialize)]
struct RepShare {
    owner_id: Id,
    count: i64,
    /// When the first would be due, for `reschedule`.
    first: Option<DateTime<Utc>>,
    last: Option<DateTime<Utc>>,
    /// So many find no working time within three months and would be due regardless of it.
    outside: i64,
}

#[derive(Object, Serialize)]
struct Staying {
    code: String,
    /// The code in the caller's language.
    message: String,
    count: i64,
    /// The first leads they are about.
    names: Vec<String>,
}

#[derive(Object, Serialize)]
struct FollowUpChange {
    id: Id,
    /// reschedule, reassign, complete or delete.
    action: String,
    /// gathering, running, done, undoing or undone.
    state: String,
    total: i64,
    done: i64,
    /// Already as asked.
    same: i64,
    failed: i64,
    undone: i64,
    /// Not taken back: touched by somebody since.
    kept: i64,
    created_at: DateTime<Utc>,
    finished_at: Option<DateTime<Utc>>,
}

#[derive(Object, Serialize)]
struct FollowUpRefusal {
    follow_up_id: Id,
    lead_id: Id,
    /// The lead's.
    name: String,
    code: String,
    /// The code in the caller's language.
    message: String,
}

impl NewFollowUpChange {
    fn read(self) -> Result<(Change, Chosen), Error> {
        let required = |field: &'static str| move || Error::field(field, "required");
        let change = match self.action {
            FollowUpAction::Reschedule => Change::Reschedule {
                hours: self.hours.ok_or_else(required("hours"))?,
            },
            FollowUpAction::Reassign => Change::Reassign {
                owner: self.owner_id.ok_or_else(required("owner_id"))?,
                with_leads: self.with_leads,
            },
            FollowUpAction::Complete => Change::Complete {
                outcome: self.outcome.ok_or_else(required("outcome"))?,
                note: self.note,
            },
            FollowUpAction::Delete => Change::Delete,
        };
        let chosen = match (self.follow_up_ids, self.filter) {
            (Some(ids), None) => Chosen::These(ids),
            (None, Some(filter)) => Chosen::Matching(filter.read()?),
            _ => return Err(Error::field("follow_up_ids", "required")),
        };
        Ok((change, chosen))
    }
}

impl FollowUpFilter {
    fn read(self) -> Result<Filter, Error> {
        Ok(Filter {
            view: self.view.unwrap_or(View::Overdue).into(),
            owner: self.owner_id,
            age: self.age.as_deref().map(Age::parse).transpose()?,
            ..Filter::default()
        })
    }
}

fn shown(bulk: follow_ups::Bulk) -> Result<FollowUpChange, Error> {
    Ok(FollowUpChange {
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

impl From<follow_ups::Of> for RepShare {
    fn from(of: follow_ups::Of) -> Self {
        RepShare {
            owner_id: of.owner,
            count: of.count,
            first: of.first,
            last: of.last,
            outside: of.outside,
        }
    }
}
