//! Follow-ups: today's and overdue ones, those of a lead, planning by hand and completing.

use chrono::{DateTime, Utc};
use platform::Id;
use poem::Request;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};
use serde::Serialize;
use workflows::follow_ups::{self, Age, Filter, NewFollowUp, Outcome, Snooze};

use crate::Area;
use crate::answer::{Answer, Body, Created};
use crate::idempotent::{KeyHeader, key};
use crate::page::Page;
use crate::security::Caller;

pub struct Operations;

#[OpenApi(tag = "Area::FollowUps")]
impl Operations {
    /// Open follow-ups the caller may see, by due time
    #[oai(path = "/follow-ups", method = "get", operation_id = "list_follow_ups")]
    async fn list(
        &self,
        caller: Caller,
        /// `today` when absent: due by the end of the local day, overdue ones included.
        view: Query<Option<View>>,
        owner_id: Query<Option<Id>>,
        /// Only what is overdue this long: `under_1h`, `1h_to_6h`, `6h_to_24h`, `over_24h`; `view` is then not looked at.
        age: Query<Option<String>>,
        cursor: Query<Option<String>>,
        /// 1 to 200; 50 when absent.
        limit: Query<Option<u64>>,
    ) -> Answer<Body<Page<Item>>> {
        let filter = Filter {
            view: view.0.unwrap_or(View::Today).into(),
            owner: owner_id.0,
            age: age.0.as_deref().map(Age::parse).transpose()?,
            cursor: cursor.0,
            limit: limit.0,
        };
        let page = follow_ups::list(caller.app(), &caller.actor, filter).await?;
        Ok(Body(Page {
            items: page.items.into_iter().map(Item::from).collect(),
            next: page.next,
        }))
    }

    /// What is overdue, by how long and whose, the most loaded first
    #[oai(path = "/overdue-load", method = "get", operation_id = "get_overdue_load")]
    async fn overdue_load(&self, caller: Caller) -> Answer<Body<Page<Load>>> {
        let found = follow_ups::overdue_load(caller.app(), &caller.actor).await?;
        Ok(Body(Page::whole(found.into_iter().map(Load::from).collect())))
    }

    /// One follow-up
    #[oai(path = "/follow-ups/:id", method = "get", operation_id = "get_follow_up")]
    async fn get(&self, caller: Caller, id: Path<Id>) -> Answer<Body<FollowUp>> {
        let found = follow_ups::find(caller.app(), &caller.actor, id.0).await?;
        Ok(Body(found.into()))
    }

    /// Completes a follow-up; a rep does it in working time
    #[oai(
        path = "/follow-ups/:id/completion",
        method = "put",
        operation_id = "complete_follow_up"
    )]
    async fn complete(&self, caller: Caller, id: Path<Id>, body: Json<Completion>) -> Answer<Body<FollowUp>> {
        done(&caller, id.0, body.0).await
    }

    /// As PUT, for clients that only post
    #[oai(
        path = "/follow-ups/:id/completion",
        method = "post",
        operation_id = "post_follow_up_completion"
    )]
    async fn post_completion(&self, caller: Caller, id: Path<Id>, body: Json<Completion>) -> Answer<Body<FollowUp>> {
        done(&caller, id.0, body.0).await
    }

    /// Puts an open follow-up off; managers. Its owner is reminded anew
    ///
    /// `for` counts in the owner's working time; `due_at` is the very moment.
    #[oai(path = "/follow-ups/:id/due", method = "put", operation_id = "put_off_follow_up")]
    async fn put_off(&self, caller: Caller, id: Path<Id>, body: Json<PutOff>) -> Answer<Body<FollowUp>> {
        let how = match (body.0.how_long, body.0.due_at) {
            (Some(text), None) => Snooze::parse(&text)?,
            (None, Some(at)) => Snooze::Until(at),
            _ => return Err(platform::Error::field("for", "required").into()),
        };
        let found = follow_ups::snooze(caller.app(), &caller.actor, id.0, how).await?;
        Ok(Body(found.into()))
    }

    /// The reminders sent for a follow-up, the latest first
    #[oai(
        path = "/follow-ups/:id/reminders",
        method = "get",
        operation_id = "list_follow_up_reminders"
    )]
    async fn reminders(&self, caller: Caller, id: Path<Id>) -> Answer<Body<Page<Reminder>>> {
        let found = follow_ups::reminders(caller.app(), &caller.actor, id.0).await?;
        Ok(Body(Page::whole(found.into_iter().map(Reminder::from).collect())))
    }

    /// A lead's follow-ups: open ones by time, then closed ones
    #[oai(
        path = "/leads/:id/follow-ups",
        method = "get",
        operation_id = "list_lead_follow_ups"
    )]
    async fn of_lead(&self, caller: Caller, id: Path<Id>) -> Answer<Body<Page<FollowUp>>> {
        let found = follow_ups::of_lead(caller.app(), &caller.actor, id.0).await?;
        Ok(Body(Page::whole(found.into_iter().map(FollowUp::from).collect())))
    }

    /// Plans one by hand for the lead's owner, at the very time given
    #[oai(path = "/leads/:id/follow-ups", method = "post", operation_id = "plan_follow_up")]
    async fn plan(
        &self,
        caller: Caller,
        id: Path<Id>,
        #[oai(name = "Idempotency-Key")] idempotency_key: KeyHeader,
        req: &Request,
        body: Json<NewPlan>,
    ) -> Answer<Created<FollowUp>> {
        let key = key(idempotency_key, req, &body.0)?;
        let actor = caller.actor.clone();
        let new = NewFollowUp {
            lead: id.0,
            due_at: body.0.due_at,
            text: body.0.text,
        };
        let made = caller
            .app()
            .once(&caller.actor, key, async move |tx| {
                follow_ups::schedule_in(&tx, &actor, new).await
            })
            .await?;
        let found = follow_ups::find(caller.app(), &caller.actor, made).await?;
        Ok(Created {
            location: format!("/api/v1/follow-ups/{made}"),
            version: None,
            body: found.into(),
        })
    }
}

async fn done(caller: &Caller, id: Id, completion: Completion) -> Answer<Body<FollowUp>> {
    let outcome = Outcome::parse(&completion.outcome)?;
    let found = follow_ups::complete(caller.app(), &caller.actor, id, outcome, &completion.note).await?;
    Ok(Body(found.into()))
}

#[derive(Enum, Serialize)]
#[oai(rename_all = "snake_case")]
pub enum View {
    Today,
    Overdue,
    Open,
}

#[derive(Object, Serialize)]
#[oai(rename = "OverdueLoad")]
struct Load {
    owner_id: Id,
    under_1h: i64,
    #[oai(rename = "1h_to_6h")]
    #[serde(rename = "1h_to_6h")]
    under_6h: i64,
    #[oai(rename = "6h_to_24h")]
    #[serde(rename = "6h_to_24h")]
    under_24h: i64,
    over_24h: i64,
}

impl From<follow_ups::Load> for Load {
    fn from(load: follow_ups::Load) -> Self {
        let [under_1h, under_6h, under_24h, over_24h] = load.ages;
        Load {
            owner_id: load.owner,
            under_1h,
            under_6h,
            under_24h,
            over_24h,
        }
    }
}

#[derive(Object)]
struct PutOff {
    /// 1h, tomorrow (its morning), 3d or 1w.
    #[oai(rename = "for")]
    how_long: Option<String>,
    due_at: Option<DateTime<Utc>>,
}

#[derive(Object, Serialize)]
#[oai(rename = "FollowUpReminder")]
struct Reminder {
    user_id: Id,
    at: DateTime<Utc>,
    /// delivered, waiting, failed, or portal: the person has no Telegram and sees it in the portal.
    outcome: String,
    sent_at: Option<DateTime<Utc>>,
}

impl From<follow_ups::Reminder> for Reminder {
    fn from(found: follow_ups::Reminder) -> Self {
        Reminder {
            user_id: found.user_id,
            at: found.at,
            outcome: found.outcome().to_owned(),
            sent_at: found.sent_at,
        }
    }
}

#[derive(Object)]
struct Completion {
    /// reached, no_answer, later or done.
    outcome: String,
    #[oai(default)]
    note: String,
}

#[derive(Object, Serialize)]
struct NewPlan {
    due_at: DateTime<Utc>,
    #[oai(default)]
    text: String,
}

/// A follow-up in a list, with the lead it is about.
#[derive(Object, Serialize)]
#[oai(rename = "FollowUpItem")]
struct Item {
    id: Id,
    lead_id: Id,
    owner_id: Id,
    due_at: DateTime<Utc>,
    flagged: bool,
    key: String,
    sequence: i32,
    text: String,
    decision_id: Option<Id>,
    lead_name: String,
    lead_phone: Option<String>,
    lead_status: String,
    course_id: Option<Id>,
}

#[derive(Object, Serialize)]
struct FollowUp {
    id: Id,
    lead_id: Id,
    owner_id: Id,
    due_at: DateTime<Utc>,
    /// No working time was near enough: due where it was asked for.
    flagged: bool,
    /// open, done, cancelled or deleted.
    state: String,
    /// auto: planned by a rule; manual.
    kind: String,
    key: String,
    sequence: i32,
    text: String,
    event_id: Option<Id>,
    decision_id: Option<Id>,
    outcome: Option<String>,
    note: String,
    completed_at: Option<DateTime<Utc>>,
    completed_by: Option<Id>,
    created_at: DateTime<Utc>,
}

impl From<View> for follow_ups::View {
    fn from(view: View) -> Self {
        match view {
            View::Today => follow_ups::View::Today,
            View::Overdue => follow_ups::View::Overdue,
            View::Open => follow_ups::View::Open,
        }
    }
}

impl From<follow_ups::Item> for Item {
    fn from(item: follow_ups::Item) -> Self {
        Item {
            id: item.id,
            lead_id: item.lead_id,
            owner_id: item.owner_id,
            due_at: item.due_at,
            flagged: item.flagged,
            key: item.key,
            sequence: item.sequence,
            text: item.text,
            decision_id: item.decision_id,
            lead_name: item.lead_name,
            lead_phone: item.lead_phone,
            lead_status: item.lead_status,
            course_id: item.course_id,
        }
    }
}

impl From<follow_ups::FollowUp> for FollowUp {
    fn from(found: follow_ups::FollowUp) -> Self {
        FollowUp {
            id: found.id,
            lead_id: found.lead_id,
            owner_id: found.owner_id,
            due_at: found.due_at,
            flagged: found.flagged,
            state: found.state,
            kind: found.kind,
            key: found.key,
            sequence: found.sequence,
            text: found.text,
            event_id: found.event_id,
            decision_id: found.decision_id,
            outcome: found.outcome,
            note: found.note,
            completed_at: found.completed_at,
            completed_by: found.completed_by,
            created_at: found.created_at,
        }
    }
}
