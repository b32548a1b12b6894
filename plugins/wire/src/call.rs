//! One hook call: the event, the lead, and what that hook is told besides.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::Hook;

/// One hook to run. Names and phones are not in it: templates merge those later.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Call {
    /// The call's place in its batch, from 0; the outcome carries it back.
    pub id: u32,
    pub hook: Hook,
    /// What the script sees as the present.
    #[serde(with = "crate::instant")]
    pub now: DateTime<Utc>,
    /// Seeds `rand_int`, `pick`, `weighted_pick`: tenant, event and hook.
    pub seed: String,
    pub event: EventCtx,
    /// Absent where no lead is concerned: `kpi_score`, and a `message` about something else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead: Option<LeadCtx>,
    /// `on_lead_created`: form, import, api, bot, manual…
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub via: Option<String>,
    /// `on_lead_created`: ids of leads that look like the same person.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub duplicates: Vec<String>,
    /// How many leads of the same import its owner was given before this one: spreads an import.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub queue_ahead: u32,
    /// `on_status_changed`: the status left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// `on_status_changed`: the status entered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// `on_status_changed`, `trial_rules`: the trial concerned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trial: Option<TrialCtx>,
    /// `on_followup_completed`, `on_overdue`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub followup: Option<FollowUpCtx>,
    /// `on_followup_completed`: how the contact went.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// `on_overdue`: by how much.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_seconds: Option<i64>,
    /// `reactivation`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days_since_lost: Option<i64>,
    /// `reactivation`: steps already taken.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub done_steps: Vec<String>,
    /// `on_overdue`: how the lead's owner stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<OwnerCtx>,
    /// `lead_score`: what has happened with the lead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub activity: Option<ActivityCtx>,
    /// `kpi_score`: a rep's day in numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<DayCtx>,
    /// `kpi_score`: whether the rep was at work that day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worked: Option<bool>,
    /// `trial_rules`: the group whose lesson the learner would visit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<GroupCtx>,
    /// `trial_rules`: where that lesson takes place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room: Option<RoomCtx>,
    /// `message`: the template the pack would send.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template_key: Option<String>,
    /// `message`: where it can go, such as `telegram`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub channels: Vec<String>,
}

impl Call {
    /// A call with nothing but what every hook has.
    pub fn new(
        id: u32,
        hook: Hook,
        now: DateTime<Utc>,
        seed: impl Into<String>,
        event: EventCtx,
        lead: impl Into<Option<LeadCtx>>,
    ) -> Call {
        Call {
            id,
            hook,
            now,
            seed: seed.into(),
            event,
            lead: lead.into(),
            via: None,
            duplicates: Vec::new(),
            queue_ahead: 0,
            from: None,
            to: None,
            trial: None,
            followup: None,
            outcome: None,
            late_seconds: None,
            days_since_lost: None,
            done_steps: Vec::new(),
            owner: None,
            activity: None,
            day: None,
            worked: None,
            group: None,
            room: None,
            template_key: None,
            channels: Vec::new(),
        }
    }

    /// The lead's owner, if it has one.
    pub fn owner_id(&self) -> Option<&str> {
        self.lead.as_ref()?.owner_id.as_deref()
    }
}

/// The event that woke the hook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventCtx {
    pub id: String,
    pub kind: String,
    #[serde(with = "crate::instant")]
    pub occurred_at: DateTime<Utc>,
    pub actor: Actor,
    /// How many script decisions led here; guards against ping-pong.
    #[serde(default)]
    pub depth: u32,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// Absent for the system itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    pub role: String,
}

/// The lead as a script sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LeadCtx {
    pub id: String,
    pub status: String,
    pub source: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub course_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub branch_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner_id: Option<String>,
    #[serde(with = "crate::instant")]
    pub created_at: DateTime<Utc>,
    #[serde(with = "crate::instant")]
    pub status_since: DateTime<Utc>,
    #[serde(default, with = "crate::instant::maybe", skip_serializing_if = "Option::is_none")]
    pub first_contact_at: Option<DateTime<Utc>>,
    #[serde(default, with = "crate::instant::maybe", skip_serializing_if = "Option::is_none")]
    pub lost_at: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lost_reason: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub custom: Map<String, Value>,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub open_followups: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<i64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrialCtx {
    #[serde(with = "crate::instant")]
    pub starts_at: DateTime<Utc>,
    #[serde(with = "crate::instant")]
    pub ends_at: DateTime<Utc>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FollowUpCtx {
    pub key: String,
    #[serde(with = "crate::instant")]
    pub due_at: DateTime<Utc>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sequence: Option<u32>,
}

/// How a rep stands with the work there is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OwnerCtx {
    /// Open follow-ups past their time, the one in hand included.
    pub overdue: u32,
    /// Open follow-ups in all.
    pub open: u32,
}

/// What has happened with a lead since it came.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ActivityCtx {
    /// How often the person asked again by themselves.
    pub enquiries: u32,
    /// Contacts in which the person was reached.
    pub reached: u32,
    /// Contacts nobody answered.
    pub unanswered: u32,
    pub followups_done: u32,
    /// Of those, the ones done after their time.
    pub followups_late: u32,
    #[serde(with = "crate::instant::maybe", skip_serializing_if = "Option::is_none")]
    pub last_contact_at: Option<DateTime<Utc>>,
}

/// One rep's local day, counted from events.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DayCtx {
    pub contacts: u32,
    pub followups_due: u32,
    pub followups_done: u32,
    pub trials: u32,
    pub enrolled: u32,
    /// Working minutes until the first answer to a new lead, on average; absent when none came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response_min: Option<u32>,
    /// Follow-ups past their time at the day's end.
    pub overdue: u32,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct GroupCtx {
    pub id: String,
    pub capacity: u32,
    pub students: u32,
    /// Open trial bookings.
    pub trials: u32,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RoomCtx {
    pub id: String,
    pub capacity: u32,
}

fn is_zero(n: &u32) -> bool {
    *n == 0
}
