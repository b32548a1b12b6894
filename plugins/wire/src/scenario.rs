//! A call made up by hand, for trying a hook and for golden tests: both read the same context, so that what was tried
//! can become a test as it is.

use calendar::Schedule;
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::typed::{Fields, Read, at_most, bad, over, plain, schedule};
use crate::{
    ActivityCtx, Actor, Call, Candidate, DayCtx, EventCtx, FollowUpCtx, GroupCtx, Hook, LeadCtx, OwnerCtx, TrialCtx,
};

const MOST_CANDIDATES: usize = 1_000;
const MOST_LISTED: usize = 100;

const EVENT: &str = "id kind occurred_at depth";
const ACTOR: &str = "id role";
const LEAD: &str = "id status source course_id branch_id owner_id created_at status_since first_contact_at lost_at \
    lost_reason tags custom open_followups score";
const TRIAL: &str = "starts_at ends_at group_id result";
const FOLLOW_UP: &str = "key due_at sequence";
const ACTIVITY: &str = "enquiries reached unanswered followups_done followups_late last_contact_at";
const DAY: &str = "contacts followups_due followups_done trials enrolled response_min overdue";
const GROUP: &str = "id capacity students trials";
const ROOM: &str = "id capacity";
const CANDIDATE: &str = "id available on_leave absent blocked in_hours teaches open_leads overdue assigned_today \
    last_assigned_at capacity weight branch_id conversion_30d";

pub struct Scenario {
    pub call: Call,
    /// The owner's working time, if it was given.
    pub owner: Option<Schedule>,
    /// Who `distribute` chooses from, if they were given.
    pub candidates: Option<Vec<Candidate>>,
    /// Settings to try instead of the tenant's own.
    pub settings: Map<String, Value>,
}

impl Scenario {
    /// Lays a typed context over a call.
    pub fn read(mut call: Call, zone: Tz, context: Value) -> Read<Scenario> {
        let mut fields = Fields::open("context", context)?;
        call.event = event(&mut fields, call.event, zone)?;
        let before = call.lead.clone();
        lead(&mut call, &mut fields, zone)?;
        let owner = owner(&mut call, &mut fields, before.as_ref(), zone)?;
        of_hook(&mut call, &mut fields, zone)?;
        if call.hook == Hook::OnStatusChanged {
            entered(&mut call, before.as_ref());
        }
        let candidates = match fields.take("candidates") {
            None => None,
            Some((path, value)) => Some(candidates(&path, value, zone)?),
        };
        let settings = fields.map("settings")?;
        fields.done()?;
        Ok(Scenario {
            call,
            owner,
            candidates,
            settings,
        })
    }
}

impl Call {
    /// The event of a hook's usual kind about a lead of the first status, for a context to fill in. `seed` begins
    /// what chance is drawn from.
    pub fn made_up(hook: Hook, at: DateTime<Utc>, status: &str) -> Call {
        let kind = match hook {
            Hook::OnStatusChanged => "lead.status_changed",
            Hook::OnFollowupCompleted => "follow_up.completed",
            Hook::OnOverdue => "follow_up.overdue",
            Hook::Reactivation => "lead.reactivation_step",
            _ => "lead.created",
        };
        let event = EventCtx {
            id: "event".into(),
            kind: kind.into(),
            occurred_at: at,
            actor: Actor {
                id: None,
                role: "system".into(),
            },
            depth: 0,
        };
        // A rep's day is about no lead.
        let lead = (hook != Hook::KpiScore).then(|| LeadCtx::made_up(at, status));
        let mut call = Call::new(0, hook, at, "", event, lead);
        call.tell_usual();
        call
    }

    /// What its hook is always told, as usual as can be.
    fn tell_usual(&mut self) {
        match self.hook {
            Hook::OnFollowupCompleted => {
                self.followup = Some(FollowUpCtx::made_up(self.now));
                self.outcome = Some("reached".into());
            }
            Hook::OnOverdue => {
                let late = TimeDelta::hours(1);
                self.followup = Some(FollowUpCtx::made_up(self.now - late));
                self.late_seconds = Some(late.num_seconds());
                self.owner = Some(OwnerCtx { overdue: 1, open: 1 });
            }
            Hook::Reactivation => self.days_since_lost = Some(7),
            Hook::LeadScore => self.activity = Some(ActivityCtx::default()),
            Hook::KpiScore => {
                self.day = Some(DayCtx::default());
                self.worked = Some(true);
            }
            Hook::TrialRules => {
                self.group = Some(GroupCtx {
                    id: "group".into(),
                    capacity: 12,
                    ..GroupCtx::default()
                });
            }
            Hook::Message => self.template_key = Some("new_lead".into()),
            Hook::OnLeadCreated | Hook::OnStatusChanged | Hook::Distribute => {}
        }
    }
}

impl FollowUpCtx {
    fn made_up(due_at: DateTime<Utc>) -> FollowUpCtx {
        FollowUpCtx {
            key: "call".into(),
            due_at,
            sequence: Some(1),
        }
    }
}

impl LeadCtx {
    fn made_up(at: DateTime<Utc>, status: &str) -> LeadCtx {
        LeadCtx {
            id: "lead".into(),
            status: status.into(),
            source: "manual".into(),
            course_id: None,
            branch_id: None,
            owner_id: None,
            created_at: at,
            status_since: at,
            first_contact_at: None,
            lost_at: None,
            lost_reason: None,
            tags: Vec::new(),
            custom: Map::new(),
            open_followups: 0,
            score: None,
        }
    }
}

fn lead(call: &mut Call, fields: &mut Fields, zone: Tz) -> Read<()> {
    let Some((path, value)) = fields.take("lead") else {
        return Ok(());
    };
    let base = call.lead.take().unwrap_or_else(|| LeadCtx::made_up(call.now, "new"));
    let lead = over(&path, base, LEAD, value, zone)?;
    at_most("context.lead.custom", lead.custom.len(), MOST_LISTED)?;
    at_most("context.lead.tags", lead.tags.len(), MOST_LISTED)?;
    call.lead = Some(lead);
    Ok(())
}

/// The owner's working time, and how many follow-ups they have; a lead that had no owner gets one.
fn owner(call: &mut Call, fields: &mut Fields, before: Option<&LeadCtx>, zone: Tz) -> Read<Option<Schedule>> {
    let Some((path, value)) = fields.take("owner") else {
        return Ok(None);
    };
    let mut owner = Fields::open(&path, value)?;
    let id: Option<String> = owner.plain("id")?;
    let (overdue, open) = (owner.plain("overdue")?, owner.plain("open")?);
    let hours = schedule(&mut owner, zone)?;
    owner.done()?;
    if overdue.is_some() || open.is_some() {
        let usual = call.owner.unwrap_or_default();
        call.owner = Some(OwnerCtx {
            overdue: overdue.unwrap_or(usual.overdue),
            open: open.unwrap_or(usual.open),
        });
    }
    if let Some(lead) = &mut call.lead {
        let named = lead.owner_id != before.and_then(|before| before.owner_id.clone());
        if id.is_some() || !named {
            lead.owner_id = id.or(lead.owner_id.take()).or(Some("owner".into()));
        }
    }
    Ok(Some(hours))
}

/// A status entered is the status the lead has, unless the context says otherwise.
fn entered(call: &mut Call, before: Option<&LeadCtx>) {
    let Some(lead) = &mut call.lead else { return };
    let said = before.is_some_and(|before| before.status != lead.status);
    if let Some(to) = call.to.clone().filter(|to| !said && *to != lead.status) {
        lead.status = to;
        lead.status_since = call.event.occurred_at;
    }
    let to = call.to.get_or_insert_with(|| lead.status.clone()).clone();
    call.from.get_or_insert(to);
}

fn event(fields: &mut Fields, mut event: EventCtx, zone: Tz) -> Read<EventCtx> {
    let Some((path, value)) = fields.take("event") else {
        return Ok(event);
    };
    let Value::Object(mut given) = value else {
        return bad(&path, "wrong_type");
    };
    if let Some(actor) = given.remove("actor").filter(|actor| !actor.is_null()) {
        event.actor = over(&format!("{path}.actor"), event.actor, ACTOR, actor, zone)?;
    }
    over(&path, event, EVENT, Value::Object(given), zone)
}

/// What only some hooks are told.
fn of_hook(call: &mut Call, fields: &mut Fields, zone: Tz) -> Read<()> {
    set(&mut call.via, fields.plain("via")?);
    set(&mut call.from, fields.plain("from")?);
    set(&mut call.to, fields.plain("to")?);
    set(&mut call.outcome, fields.plain("outcome")?);
    set(&mut call.late_seconds, fields.plain("late_seconds")?);
    set(&mut call.days_since_lost, fields.plain("days_since_lost")?);
    call.queue_ahead = fields.plain("queue_ahead")?.unwrap_or(call.queue_ahead);
    call.duplicates = fields.plain("duplicates")?.unwrap_or_default();
    call.done_steps = fields.plain("done_steps")?.unwrap_or_default();
    at_most("context.duplicates", call.duplicates.len(), MOST_LISTED)?;
    at_most("context.done_steps", call.done_steps.len(), MOST_LISTED)?;
    if let Some((path, value)) = fields.take("trial") {
        required(&path, &value, &["starts_at", "ends_at"])?;
        let trial = TrialCtx {
            starts_at: call.now,
            ends_at: call.now,
            group_id: None,
            result: None,
        };
        call.trial = Some(over(&path, trial, TRIAL, value, zone)?);
    }
    set(&mut call.worked, fields.plain("worked")?);
    set(&mut call.template_key, fields.plain("template_key")?);
    call.channels = fields.plain("channels")?.unwrap_or_default();
    at_most("context.channels", call.channels.len(), MOST_LISTED)?;
    numbers(&mut call.activity, fields, "activity", ACTIVITY, zone)?;
    numbers(&mut call.day, fields, "day", DAY, zone)?;
    numbers(&mut call.group, fields, "group", GROUP, zone)?;
    numbers(&mut call.room, fields, "room", ROOM, zone)?;
    if let Some((path, value)) = fields.take("followup") {
        let follow_up = call.followup.take().unwrap_or_else(|| FollowUpCtx::made_up(call.now));
        call.followup = Some(over(&path, follow_up, FOLLOW_UP, value, zone)?);
    }
    Ok(())
}

/// A part that is whole without any of its fields.
fn numbers<T: Default + Serialize + DeserializeOwned>(
    slot: &mut Option<T>,
    fields: &mut Fields,
    name: &str,
    names: &str,
    zone: Tz,
) -> Read<()> {
    if let Some((path, value)) = fields.take(name) {
        *slot = Some(over(&path, slot.take().unwrap_or_default(), names, value, zone)?);
    }
    Ok(())
}

fn set<T>(slot: &mut Option<T>, given: Option<T>) {
    if given.is_some() {
        *slot = given;
    }
}

fn required(path: &str, value: &Value, names: &[&str]) -> Read<()> {
    let missing = names.iter().find(|name| value.get(name).is_none_or(Value::is_null));
    match missing {
        Some(name) if value.is_object() => bad(&format!("{path}.{name}"), "required"),
        _ => Ok(()),
    }
}

/// A rep is free to take leads unless something else is said.
fn candidates(path: &str, value: Value, zone: Tz) -> Read<Vec<Candidate>> {
    let given: Vec<Value> = plain(path, value)?;
    at_most(path, given.len(), MOST_CANDIDATES)?;
    let mut reps = Vec::with_capacity(given.len());
    for (n, mut value) in given.into_iter().enumerate() {
        let path = format!("{path}.{n}");
        required(&path, &value, &["id"])?;
        // Scripts read the list as `courses`.
        if let Some(courses) = value.as_object_mut().and_then(|rep| rep.remove("courses")) {
            value["teaches"] = courses;
        }
        reps.push(over(&path, Candidate::free(""), CANDIDATE, value, zone)?);
    }
    Ok(reps)
}
