//! `ctx` and what hangs on it. Every field is a getter: a misspelt one is an error with its place,
//! an absent value is `()`.

use std::rc::Rc;

use rhai::{Array, Dynamic, EvalAltResult, ImmutableString, Module};
use wire::{Call, Candidate, Hook};

use super::time::{Length, Time};
use super::{Tenant, word};
use crate::fault::raise;

type Answer<T> = Result<T, Box<EvalAltResult>>;

#[derive(Clone)]
pub struct Ctx {
    tenant: Rc<Tenant>,
    call: Rc<Call>,
}

#[derive(Clone)]
pub struct Rep(Rc<Candidate>);

#[derive(Clone)]
struct Event(Rc<Call>);
#[derive(Clone)]
struct Actor(Rc<Call>);
#[derive(Clone)]
struct Lead(Rc<Call>);
#[derive(Clone)]
struct Custom(Rc<Call>);
#[derive(Clone)]
struct Trial(Rc<Call>);
#[derive(Clone)]
struct SeenFollowUp(Rc<Call>);
#[derive(Clone)]
struct TenantView(Rc<Tenant>);
#[derive(Clone)]
struct Settings(Rc<Tenant>);

impl Ctx {
    pub fn new(tenant: Rc<Tenant>, call: Rc<Call>) -> Ctx {
        Ctx { tenant, call }
    }

    fn kind_of(&self, status: Option<&str>) -> Dynamic {
        let known = self
            .tenant
            .batch
            .registry
            .statuses
            .iter()
            .find(|known| Some(known.key.as_str()) == status);
        known.map_or(Dynamic::UNIT, |known| text(&known.kind).into())
    }

    /// A field only some hooks have; in the others naming it is a mistake.
    fn only(&self, field: &str, hooks: &[Hook]) -> Answer<&Call> {
        if hooks.contains(&self.call.hook) {
            return Ok(&self.call);
        }
        let names: Vec<&str> = hooks.iter().map(|hook| hook.as_str()).collect();
        raise(
            "unknown_property",
            format!("ctx.{field} is there in {} only", names.join(", ")),
        )
    }
}

impl std::ops::Deref for Rep {
    type Target = Candidate;
    fn deref(&self) -> &Candidate {
        &self.0
    }
}

/// The fields of `ctx` and of the things on it, for the editor and the lints.
pub fn fields_of(of: &str) -> &'static [&'static str] {
    match of {
        "ctx" => &[
            "event",
            "now",
            "tenant",
            "settings",
            "lead",
            "via",
            "duplicates",
            "queue_ahead",
            "from",
            "to",
            "from_kind",
            "to_kind",
            "trial",
            "candidates",
            "followup",
            "outcome",
            "late",
            "days_since_lost",
            "done_steps",
            "statuses",
            "courses",
        ],
        "event" => &["id", "kind", "occurred_at", "actor", "depth"],
        "actor" => &["id", "role"],
        "tenant" => &["tz", "locale", "currency", "country"],
        "lead" => &[
            "id",
            "status",
            "source",
            "course_id",
            "branch_id",
            "owner_id",
            "created_at",
            "status_since",
            "first_contact_at",
            "lost_at",
            "lost_reason",
            "tags",
            "custom",
            "open_followups",
            "score",
        ],
        "trial" => &["starts_at", "ends_at", "group_id", "result"],
        "followup" => &["key", "due_at", "sequence"],
        "candidate" => &[
            "id",
            "available",
            "on_leave",
            "absent",
            "blocked",
            "in_hours",
            "open_leads",
            "overdue",
            "assigned_today",
            "last_assigned_at",
            "capacity",
            "weight",
            "branch_id",
            "conversion_30d",
            "courses",
        ],
        _ => &[],
    }
}

pub fn register(module: &mut Module) {
    module.set_custom_type::<Ctx>("Ctx");
    module.set_custom_type::<Rep>("Candidate");
    module.set_custom_type::<Event>("Event");
    module.set_custom_type::<Actor>("Actor");
    module.set_custom_type::<Lead>("Lead");
    module.set_custom_type::<Custom>("CustomFields");
    module.set_custom_type::<Trial>("Trial");
    module.set_custom_type::<SeenFollowUp>("FollowUpSeen");
    module.set_custom_type::<TenantView>("Tenant");
    module.set_custom_type::<Settings>("Settings");
    common(module);
    of_hooks(module);
    lead(module);
    candidate(module);
}

fn common(module: &mut Module) {
    get(module, "now", |ctx: &mut Ctx| Time(ctx.call.now));
    get(module, "event", |ctx: &mut Ctx| Event(ctx.call.clone()));
    get(module, "tenant", |ctx: &mut Ctx| TenantView(ctx.tenant.clone()));
    get(module, "settings", |ctx: &mut Ctx| Settings(ctx.tenant.clone()));
    get(module, "lead", |ctx: &mut Ctx| Lead(ctx.call.clone()));
    get(module, "statuses", |ctx: &mut Ctx| {
        texts(ctx.tenant.batch.registry.statuses.iter().map(|s| s.key.as_str()))
    });
    get(module, "courses", |ctx: &mut Ctx| {
        texts(ctx.tenant.batch.registry.courses.iter().map(|c| c.id.as_str()))
    });

    get(module, "id", |event: &mut Event| text(&event.0.event.id));
    get(module, "kind", |event: &mut Event| text(&event.0.event.kind));
    get(module, "occurred_at", |event: &mut Event| {
        Time(event.0.event.occurred_at)
    });
    get(module, "actor", |event: &mut Event| Actor(event.0.clone()));
    get(module, "depth", |event: &mut Event| i64::from(event.0.event.depth));
    get(module, "id", |actor: &mut Actor| maybe_text(&actor.0.event.actor.id));
    get(module, "role", |actor: &mut Actor| text(&actor.0.event.actor.role));

    get(module, "tz", |tenant: &mut TenantView| {
        text(&tenant.0.batch.tenant.time_zone)
    });
    get(module, "locale", |tenant: &mut TenantView| {
        text(&tenant.0.batch.tenant.locale)
    });
    get(module, "currency", |tenant: &mut TenantView| {
        text(&tenant.0.batch.tenant.currency)
    });
    get(module, "country", |tenant: &mut TenantView| {
        text(&tenant.0.batch.tenant.country)
    });

    module.set_indexer_get_fn(
        |settings: &mut Settings, key: &str| match settings.0.settings.get(key) {
            Some(value) => Ok(value.clone()),
            None => raise("unknown_setting", format!("there is no setting {key}")),
        },
    );
}

fn of_hooks(module: &mut Module) {
    use Hook::{Distribute, OnFollowupCompleted, OnLeadCreated, OnOverdue, OnStatusChanged, Reactivation, TrialRules};
    field(module, "via", |ctx| {
        Ok(maybe_text(&ctx.only("via", &[OnLeadCreated])?.via))
    });
    field(module, "duplicates", |ctx| {
        Ok(texts(ctx.only("duplicates", &[OnLeadCreated])?.duplicates.iter()).into())
    });
    field(module, "queue_ahead", |ctx| {
        Ok(i64::from(ctx.only("queue_ahead", &[OnLeadCreated, OnStatusChanged])?.queue_ahead).into())
    });
    field(module, "from", |ctx| {
        Ok(maybe_text(&ctx.only("from", &[OnStatusChanged])?.from))
    });
    field(module, "to", |ctx| {
        Ok(maybe_text(&ctx.only("to", &[OnStatusChanged])?.to))
    });
    field(module, "from_kind", |ctx| {
        Ok(ctx.kind_of(ctx.only("from_kind", &[OnStatusChanged])?.from.as_deref()))
    });
    field(module, "to_kind", |ctx| {
        Ok(ctx.kind_of(ctx.only("to_kind", &[OnStatusChanged])?.to.as_deref()))
    });
    field(module, "trial", |ctx| {
        let call = ctx.only("trial", &[OnStatusChanged, TrialRules])?;
        Ok(if call.trial.is_some() {
            Dynamic::from(Trial(ctx.call.clone()))
        } else {
            Dynamic::UNIT
        })
    });
    field(module, "candidates", |ctx| {
        ctx.only("candidates", &[Distribute])?;
        let reps = ctx.tenant.candidates.borrow();
        Ok(reps
            .iter()
            .map(|rep| Dynamic::from(Rep(rep.clone())))
            .collect::<Array>()
            .into())
    });
    field(module, "followup", |ctx| {
        let call = ctx.only("followup", &[OnFollowupCompleted, OnOverdue])?;
        Ok(if call.followup.is_some() {
            Dynamic::from(SeenFollowUp(ctx.call.clone()))
        } else {
            Dynamic::UNIT
        })
    });
    field(module, "outcome", |ctx| {
        Ok(maybe_text(&ctx.only("outcome", &[OnFollowupCompleted])?.outcome))
    });
    field(module, "late", |ctx| {
        let late = ctx.only("late", &[OnOverdue])?.late_seconds;
        Ok(late.map_or(Dynamic::UNIT, |seconds| Dynamic::from(Length { seconds, days: 0 })))
    });
    field(module, "days_since_lost", |ctx| {
        Ok(maybe_int(ctx.only("days_since_lost", &[Reactivation])?.days_since_lost))
    });
    field(module, "done_steps", |ctx| {
        Ok(texts(ctx.only("done_steps", &[Reactivation])?.done_steps.iter()).into())
    });

    get(module, "starts_at", |trial: &mut Trial| {
        trial.0.trial.as_ref().map_or(Dynamic::UNIT, |t| time(t.starts_at))
    });
    get(module, "ends_at", |trial: &mut Trial| {
        trial.0.trial.as_ref().map_or(Dynamic::UNIT, |t| time(t.ends_at))
    });
    get(module, "group_id", |trial: &mut Trial| {
        trial
            .0
            .trial
            .as_ref()
            .map_or(Dynamic::UNIT, |t| maybe_text(&t.group_id))
    });
    get(module, "result", |trial: &mut Trial| {
        trial.0.trial.as_ref().map_or(Dynamic::UNIT, |t| maybe_text(&t.result))
    });
    get(module, "key", |seen: &mut SeenFollowUp| {
        seen.0.followup.as_ref().map_or(Dynamic::UNIT, |f| text(&f.key).into())
    });
    get(module, "due_at", |seen: &mut SeenFollowUp| {
        seen.0.followup.as_ref().map_or(Dynamic::UNIT, |f| time(f.due_at))
    });
    get(module, "sequence", |seen: &mut SeenFollowUp| {
        seen.0
            .followup
            .as_ref()
            .map_or(Dynamic::UNIT, |f| maybe_int(f.sequence.map(i64::from)))
    });
}

fn lead(module: &mut Module) {
    get(module, "id", |lead: &mut Lead| text(&lead.0.lead.id));
    get(module, "status", |lead: &mut Lead| text(&lead.0.lead.status));
    get(module, "source", |lead: &mut Lead| text(&lead.0.lead.source));
    get(module, "course_id", |lead: &mut Lead| {
        maybe_text(&lead.0.lead.course_id)
    });
    get(module, "branch_id", |lead: &mut Lead| {
        maybe_text(&lead.0.lead.branch_id)
    });
    get(module, "owner_id", |lead: &mut Lead| maybe_text(&lead.0.lead.owner_id));
    get(module, "created_at", |lead: &mut Lead| Time(lead.0.lead.created_at));
    get(module, "status_since", |lead: &mut Lead| Time(lead.0.lead.status_since));
    get(module, "first_contact_at", |lead: &mut Lead| {
        lead.0.lead.first_contact_at.map_or(Dynamic::UNIT, time)
    });
    get(module, "lost_at", |lead: &mut Lead| {
        lead.0.lead.lost_at.map_or(Dynamic::UNIT, time)
    });
    get(module, "lost_reason", |lead: &mut Lead| {
        maybe_text(&lead.0.lead.lost_reason)
    });
    get(module, "tags", |lead: &mut Lead| texts(lead.0.lead.tags.iter()));
    get(module, "custom", |lead: &mut Lead| Custom(lead.0.clone()));
    get(module, "open_followups", |lead: &mut Lead| {
        i64::from(lead.0.lead.open_followups)
    });
    get(module, "score", |lead: &mut Lead| maybe_int(lead.0.lead.score));
    // A tenant defines its own fields and most leads leave some empty.
    module.set_indexer_get_fn(|custom: &mut Custom, key: &str| match custom.0.lead.custom.get(key) {
        Some(value) => rhai::serde::to_dynamic(value),
        None => Ok(Dynamic::UNIT),
    });
}

fn candidate(module: &mut Module) {
    get(module, "id", |rep: &mut Rep| text(&rep.id));
    get(module, "courses", |rep: &mut Rep| texts(rep.teaches.iter()));
    get(module, "available", |rep: &mut Rep| rep.available);
    get(module, "on_leave", |rep: &mut Rep| rep.on_leave);
    get(module, "absent", |rep: &mut Rep| rep.absent);
    get(module, "blocked", |rep: &mut Rep| rep.blocked);
    get(module, "in_hours", |rep: &mut Rep| rep.in_hours);
    get(module, "open_leads", |rep: &mut Rep| i64::from(rep.open_leads));
    get(module, "overdue", |rep: &mut Rep| i64::from(rep.overdue));
    get(module, "assigned_today", |rep: &mut Rep| i64::from(rep.assigned_today));
    get(module, "last_assigned_at", |rep: &mut Rep| {
        rep.last_assigned_at.map_or(Dynamic::UNIT, time)
    });
    get(module, "capacity", |rep: &mut Rep| {
        maybe_int(rep.capacity.map(i64::from))
    });
    get(module, "weight", |rep: &mut Rep| rep.weight);
    get(module, "branch_id", |rep: &mut Rep| maybe_text(&rep.branch_id));
    get(module, "conversion_30d", |rep: &mut Rep| {
        rep.conversion_30d.map_or(Dynamic::UNIT, Dynamic::from)
    });
    word(
        module,
        "teaches",
        &["rep: Candidate", "course_id: String", "bool"],
        "Whether the rep takes leads of the course; no list means all, no course suits everybody.",
        |rep: &mut Rep, course: Dynamic| {
            let course = course.into_immutable_string().ok();
            rep.0.teaches(course.as_deref())
        },
    );
}

fn get<T: Clone + 'static, R: Clone + 'static>(module: &mut Module, name: &str, look: fn(&mut T) -> R) {
    module.set_getter_fn(name, move |value: &mut T| Ok(look(value)));
}

fn field(module: &mut Module, name: &str, look: fn(&Ctx) -> Answer<Dynamic>) {
    module.set_getter_fn(name, move |ctx: &mut Ctx| look(ctx));
}

fn text(value: &str) -> ImmutableString {
    value.into()
}

fn maybe_text(value: &Option<String>) -> Dynamic {
    value.as_deref().map_or(Dynamic::UNIT, |value| text(value).into())
}

fn maybe_int(value: Option<i64>) -> Dynamic {
    value.map_or(Dynamic::UNIT, Dynamic::from)
}

fn texts(values: impl Iterator<Item = impl AsRef<str>>) -> Array {
    values.map(|value| text(value.as_ref()).into()).collect()
}

fn time(at: chrono::DateTime<chrono::Utc>) -> Dynamic {
    Dynamic::from(Time(at))
}
