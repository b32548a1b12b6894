//! The distribution desk: its rules, who may be given a lead now and why not, what waits, what came to whom.

use chrono::{DateTime, Utc};
use platform::Id;
use poem_openapi::payload::Json;
use poem_openapi::types::MaybeUndefined;
use poem_openapi::{Object, OpenApi};
use serde::Serialize;
use workflows::distribution::{self, Change};

use crate::Area;
use crate::answer::{Answer, Body, Done};
use crate::leads::clearable;
use crate::security::Caller;

pub struct Operations;

#[OpenApi(tag = "Area::Distribution")]
impl Operations {
    /// The desk as it stands
    #[oai(path = "/distribution", method = "get", operation_id = "get_distribution")]
    async fn show(&self, caller: Caller) -> Answer<Body<Distribution>> {
        let state = distribution::state(&caller.desk, &caller.actor).await?;
        Ok(Body(state.into()))
    }

    /// Changes the rules every lead is given out by
    ///
    /// Absent fields stay as they are; null goes back to the pack's default.
    #[oai(path = "/distribution", method = "patch", operation_id = "change_distribution")]
    async fn change(&self, caller: Caller, body: Json<DistributionChange>) -> Answer<Body<Distribution>> {
        let change = Change {
            use_weights: clearable(body.0.use_weights),
            lead_cap: clearable(body.0.lead_cap),
            overdue_block: clearable(body.0.overdue_block),
            overdue_grace_minutes: clearable(body.0.overdue_grace_minutes),
            silent_minutes: clearable(body.0.silent_minutes).map(Option::unwrap_or_default),
        };
        distribution::change(&caller.desk, &caller.actor, change).await?;
        let state = distribution::state(&caller.desk, &caller.actor).await?;
        Ok(Body(state.into()))
    }

    /// Tries everything that waits, now
    ///
    /// Who is free takes what they teach; the rest goes on waiting.
    #[oai(path = "/distribution/runs", method = "post", operation_id = "give_out_waiting")]
    async fn run(&self, caller: Caller) -> Answer<Done> {
        distribution::give_out_now(&caller.desk, &caller.actor).await?;
        Ok(Done)
    }
}

#[derive(Object)]
struct DistributionChange {
    /// Measure a rep's leads against the rep's share.
    use_weights: MaybeUndefined<bool>,
    /// The most open leads of a rep without a cap of their own; 0 means any number.
    lead_cap: MaybeUndefined<i64>,
    /// So many overdue follow-ups stop new leads; 0 means never.
    overdue_block: MaybeUndefined<i64>,
    overdue_grace_minutes: MaybeUndefined<i64>,
    /// After so many of the owner's working minutes an untouched lead goes back; 0 means never.
    silent_minutes: MaybeUndefined<i64>,
}

#[derive(Object, Serialize)]
struct Distribution {
    /// fewest_open, by_share, or own_rule where the centre published a script.
    strategy: String,
    use_weights: bool,
    lead_cap: i64,
    overdue_block: i64,
    overdue_grace_minutes: i64,
    silent_minutes: i64,
    reps: Vec<DistributionRep>,
    waiting: i64,
    /// Waiting leads by course, the longest wait first.
    queue: Vec<DistributionQueue>,
    /// Leads given out by the rule within thirty days.
    given: i64,
}

#[derive(Object, Serialize)]
struct DistributionRep {
    id: Id,
    name: String,
    receives_leads: bool,
    available: bool,
    /// Every reason why not; empty for who is available.
    why_not: Vec<DistributionWhyNot>,
    open_leads: u32,
    /// The most open leads, own or everybody's.
    capacity: Option<u32>,
    overdue: u32,
    weight: i32,
    /// Courses this rep takes leads of; empty means all.
    courses: Vec<Id>,
    assigned_today: u32,
    /// Given by the rule within thirty days.
    received: i64,
    by_hand: i64,
    /// What the rep's share of all that was given comes to.
    expected: f64,
}

#[derive(Object, Serialize)]
struct DistributionWhyNot {
    /// not_receiving, never_works, off_hours, on_leave, holiday, absent, blocked, at_cap or no_share.
    code: String,
    until: Option<DateTime<Utc>>,
    /// Overdue follow-ups, or open leads.
    count: Option<i64>,
}

#[derive(Object, Serialize)]
struct DistributionQueue {
    course_id: Option<Id>,
    count: i64,
    since: DateTime<Utc>,
    /// nobody_available, nobody_teaches or ready.
    reason: String,
}

impl From<distribution::State> for Distribution {
    fn from(state: distribution::State) -> Self {
        Distribution {
            strategy: state.rules.strategy.to_owned(),
            use_weights: state.rules.use_weights,
            lead_cap: state.rules.lead_cap,
            overdue_block: state.rules.overdue_block,
            overdue_grace_minutes: state.rules.overdue_grace_minutes,
            silent_minutes: state.rules.silent_minutes,
            reps: state.reps.into_iter().map(DistributionRep::from).collect(),
            waiting: state.waiting,
            queue: state.queue.into_iter().map(DistributionQueue::from).collect(),
            given: state.given,
        }
    }
}

impl From<distribution::Rep> for DistributionRep {
    fn from(rep: distribution::Rep) -> Self {
        DistributionRep {
            id: rep.id,
            name: rep.name,
            receives_leads: rep.receives_leads,
            available: rep.available,
            why_not: rep.why_not.into_iter().map(DistributionWhyNot::from).collect(),
            open_leads: rep.open_leads,
            capacity: rep.capacity,
            overdue: rep.overdue,
            weight: rep.weight,
            courses: rep.courses,
            assigned_today: rep.today,
            received: rep.received,
            by_hand: rep.by_hand,
            expected: rep.expected,
        }
    }
}

impl From<distribution::WhyNot> for DistributionWhyNot {
    fn from(why: distribution::WhyNot) -> Self {
        DistributionWhyNot {
            code: why.code.to_owned(),
            until: why.until,
            count: why.count,
        }
    }
}

impl From<distribution::Waiting> for DistributionQueue {
    fn from(waiting: distribution::Waiting) -> Self {
        DistributionQueue {
            course_id: waiting.course_id,
            count: waiting.count,
            since: waiting.since,
            reason: waiting.reason.to_owned(),
        }
    }
}
