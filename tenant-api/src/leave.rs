//! Leave: requests, their answers, who is away when, and the centre's holidays.

use chrono::{DateTime, NaiveDate, Utc};
use platform::{Actor, Error, Id};
use poem::Request;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde::Serialize;
use workflows::leave::{self, Decision, Filter, NewLeave};

use crate::Area;
use crate::answer::{Answer, Body, Created, Done};
use crate::idempotent::{KeyHeader, key};
use crate::page::Page;
use crate::security::Caller;

pub struct Operations;

#[OpenApi(tag = "Area::Leave")]
impl Operations {
    /// Requests the caller may see, the newest first
    ///
    /// One's own; everybody's for those who decide.
    #[oai(path = "/leave-requests", method = "get", operation_id = "list_leave_requests")]
    async fn list(
        &self,
        caller: Caller,
        /// pending, approved, rejected or cancelled.
        state: Query<Option<String>>,
        user_id: Query<Option<Id>>,
        cursor: Query<Option<String>>,
        /// 1 to 200; 50 when absent.
        limit: Query<Option<u64>>,
    ) -> Answer<Body<Page<LeaveRequest>>> {
        let filter = Filter {
            state: state.0,
            user: user_id.0,
            cursor: cursor.0,
            limit: limit.0,
        };
        let page = leave::list(caller.app(), &caller.actor, filter).await?;
        let items = page
            .items
            .into_iter()
            .map(|found| LeaveRequest::of(found, &caller.actor));
        Ok(Body(Page {
            items: items.collect(),
            next: page.next,
        }))
    }

    /// Asks for leave, for the caller
    ///
    /// In the centre's own days and hours. Overlaps are shown beside the request, not refused; the same days asked
    /// for again while nobody answered are the same request.
    #[oai(path = "/leave-requests", method = "post", operation_id = "request_leave")]
    async fn request(
        &self,
        caller: Caller,
        #[oai(name = "Idempotency-Key")] idempotency_key: KeyHeader,
        req: &Request,
        body: Json<NewLeaveRequest>,
    ) -> Answer<Created<LeaveRequest>> {
        let key = key(idempotency_key, req, &body.0)?;
        let id = leave::request(caller.app(), &caller.actor, body.0.try_into()?, key).await?;
        let found = leave::find(caller.app(), &caller.actor, id).await?;
        Ok(Created {
            location: format!("/api/v1/leave-requests/{id}"),
            version: None,
            body: LeaveRequest::of(found, &caller.actor),
        })
    }

    /// One request
    #[oai(path = "/leave-requests/:id", method = "get", operation_id = "get_leave_request")]
    async fn get(&self, caller: Caller, id: Path<Id>) -> Answer<Body<LeaveRequest>> {
        let found = leave::find(caller.app(), &caller.actor, id.0).await?;
        Ok(Body(LeaveRequest::of(found, &caller.actor)))
    }

    /// What stands beside a request: own leave, colleagues away, follow-ups that would move
    #[oai(
        path = "/leave-requests/:id/conflicts",
        method = "get",
        operation_id = "get_leave_conflicts"
    )]
    async fn conflicts(&self, caller: Caller, id: Path<Id>) -> Answer<Body<LeaveConflicts>> {
        let found = leave::conflicts(caller.app(), &caller.actor, id.0).await?;
        Ok(Body(LeaveConflicts {
            own: found.own.into_iter().map(Beside::from).collect(),
            colleagues: found.colleagues.into_iter().map(Beside::from).collect(),
            follow_ups: found.follow_ups,
        }))
    }

    /// Answers a request, once
    ///
    /// An approval moves the person's open follow-ups that fall into the leave to the next working moment.
    #[oai(
        path = "/leave-requests/:id/decision",
        method = "put",
        operation_id = "decide_leave_request"
    )]
    async fn decide(&self, caller: Caller, id: Path<Id>, body: Json<LeaveDecision>) -> Answer<Body<LeaveRequest>> {
        let decision = Decision {
            approve: body.0.approve,
            reason: body.0.reason,
        };
        let found = leave::decide(caller.app(), &caller.actor, id.0, decision).await?;
        Ok(Body(LeaveRequest::of(found, &caller.actor)))
    }

    /// Takes back one's own request while nobody answered
    #[oai(
        path = "/leave-requests/:id/cancellation",
        method = "put",
        operation_id = "cancel_leave_request"
    )]
    async fn cancel(&self, caller: Caller, id: Path<Id>) -> Answer<Body<LeaveRequest>> {
        let found = leave::cancel(caller.app(), &caller.actor, id.0).await?;
        Ok(Body(LeaveRequest::of(found, &caller.actor)))
    }

    /// Ends an approved leave now, or calls it off before it began
    ///
    /// By whoever has it or by who decides; follow-ups it had moved come back.
    #[oai(path = "/leave-requests/:id/end", method = "put", operation_id = "end_leave")]
    async fn end(&self, caller: Caller, id: Path<Id>) -> Answer<Body<LeaveRequest>> {
        let found = leave::end(caller.app(), &caller.actor, id.0).await?;
        Ok(Body(LeaveRequest::of(found, &caller.actor)))
    }

    /// Who is away between two local days, both included
    #[oai(path = "/leave-calendar", method = "get", operation_id = "get_leave_calendar")]
    async fn calendar(&self, caller: Caller, from: Query<NaiveDate>, to: Query<NaiveDate>) -> Answer<Body<Calendar>> {
        let found = leave::calendar(caller.app(), &caller.actor, from.0, to.0).await?;
        Ok(Body(Calendar {
            away: found.away.into_iter().map(Away::from).collect(),
            holidays: found.holidays.into_iter().map(Holiday::from).collect(),
        }))
    }

    /// Days the centre is closed, from a day on; today when absent
    #[oai(path = "/holidays", method = "get", operation_id = "list_holidays")]
    async fn holidays(&self, caller: Caller, from: Query<Option<NaiveDate>>) -> Answer<Body<Page<Holiday>>> {
        let today = caller.actor.tenant.local_date(caller.app().clock.now());
        let found = leave::holidays(caller.app(), &caller.actor, from.0.unwrap_or(today)).await?;
        Ok(Body(Page::whole(found.into_iter().map(Holiday::from).collect())))
    }

    /// Closes the centre on a day
    #[oai(path = "/holidays/:day", method = "put", operation_id = "add_holiday")]
    async fn add_holiday(&self, caller: Caller, day: Path<NaiveDate>, body: Json<NewHoliday>) -> Answer<Done> {
        leave::add_holiday(caller.app(), &caller.actor, day.0, &body.0.name).await?;
        Ok(Done)
    }

    /// The centre works on that day after all
    #[oai(path = "/holidays/:day", method = "delete", operation_id = "remove_holiday")]
    async fn remove_holiday(&self, caller: Caller, day: Path<NaiveDate>) -> Answer<Done> {
        leave::remove_holiday(caller.app(), &caller.actor, day.0).await?;
        Ok(Done)
    }
}

#[derive(Object, Serialize)]
struct LeaveRequest {
    id: Id,
    user_id: Id,
    user_name: String,
    /// illness, personal, vacation or other.
    kind: String,
    /// pending, approved, rejected or cancelled.
    state: String,
    first_day: NaiveDate,
    last_day: NaiveDate,
    /// Local hours of each day, `14:00`; null means whole days.
    from: Option<String>,
    to: Option<String>,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    note: String,
    urgent: bool,
    /// What was said with the answer.
    answer: String,
    decided_by: Option<Id>,
    decided_at: Option<DateTime<Utc>>,
    /// Set where it was ended or called off before its time.
    ended_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
}

impl LeaveRequest {
    fn of(found: leave::Leave, actor: &Actor) -> Self {
        let (first_day, last_day) = found.days(actor);
        LeaveRequest {
            user_name: found.name(),
            id: found.id,
            user_id: found.user_id,
            kind: found.kind,
            state: found.state,
            first_day,
            last_day,
            from: found.from_minute.map(clock),
            to: found.to_minute.map(clock),
            starts_at: found.starts_at,
            ends_at: found.ends_at,
            note: found.note,
            urgent: found.urgent,
            answer: found.answer,
            decided_by: found.decided_by,
            decided_at: found.decided_at,
            ended_at: found.ended_at,
            created_at: found.created_at,
        }
    }
}

#[derive(Object, Serialize)]
struct NewLeaveRequest {
    /// illness, personal, vacation or other; other needs a note.
    kind: String,
    first_day: NaiveDate,
    /// The first day when absent.
    last_day: Option<NaiveDate>,
    /// Local hours of each day, `14:00`; both or neither. Up to `from` means overnight.
    from: Option<String>,
    to: Option<String>,
    #[oai(default)]
    note: String,
    #[oai(default)]
    urgent: bool,
}

impl TryFrom<NewLeaveRequest> for NewLeave {
    type Error = Error;

    fn try_from(new: NewLeaveRequest) -> Result<Self, Error> {
        let read = |field: &'static str, text: &str| {
            crate::hours::minutes(text).ok_or_else(|| Error::field(field, "bad_window"))
        };
        let hours = match (&new.from, &new.to) {
            (None, None) => None,
            (Some(from), Some(to)) => Some((read("from", from)?, read("to", to)?)),
            (None, Some(_)) => return Err(Error::field("from", "required")),
            (Some(_), None) => return Err(Error::field("to", "required")),
        };
        Ok(NewLeave {
            kind: new.kind,
            first_day: new.first_day,
            last_day: new.last_day.unwrap_or(new.first_day),
            hours,
            note: new.note,
            urgent: new.urgent,
        })
    }
}

#[derive(Object)]
struct LeaveDecision {
    approve: bool,
    /// A rejection needs one.
    #[oai(default)]
    reason: String,
}

#[derive(Object, Serialize)]
struct LeaveConflicts {
    own: Vec<Beside>,
    colleagues: Vec<Beside>,
    /// Open follow-ups due in it.
    follow_ups: i64,
}

#[derive(Object, Serialize)]
#[oai(rename = "LeaveBeside")]
struct Beside {
    leave_id: Option<Id>,
    user_id: Id,
    name: String,
    /// pending, approved, or absent.
    state: String,
    starts_at: DateTime<Utc>,
    /// Null until further notice.
    ends_at: Option<DateTime<Utc>>,
}

impl From<leave::Beside> for Beside {
    fn from(found: leave::Beside) -> Self {
        Beside {
            leave_id: found.leave_id,
            user_id: found.user_id,
            name: found.name,
            state: found.state,
            starts_at: found.starts_at,
            ends_at: found.ends_at,
        }
    }
}

#[derive(Object, Serialize)]
#[oai(rename = "LeaveCalendar")]
struct Calendar {
    away: Vec<Away>,
    holidays: Vec<Holiday>,
}

#[derive(Object, Serialize)]
struct Away {
    leave_id: Option<Id>,
    user_id: Id,
    name: String,
    /// Only for who may know.
    kind: Option<String>,
    /// pending, approved, or absent.
    state: String,
    first_day: NaiveDate,
    last_day: NaiveDate,
    from: Option<String>,
    to: Option<String>,
}

impl From<leave::Away> for Away {
    fn from(found: leave::Away) -> Self {
        Away {
            leave_id: found.leave_id,
            user_id: found.user_id,
            name: found.name,
            kind: found.kind,
            state: found.state,
            first_day: found.first_day,
            last_day: found.last_day,
            from: found.from_minute.map(clock),
            to: found.to_minute.map(clock),
        }
    }
}

#[derive(Object, Serialize)]
struct Holiday {
    day: NaiveDate,
    name: String,
}

impl From<leave::Holiday> for Holiday {
    fn from(found: leave::Holiday) -> Self {
        Holiday {
            day: found.day,
            name: found.name,
        }
    }
}

#[derive(Object)]
struct NewHoliday {
    name: String,
}

fn clock(minutes: i16) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}
