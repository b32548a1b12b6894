//! `ctx` and what hangs on it. Every field is a getter: a misspelt one is an error with its place,
//! an absent value is `()`.

use std::rc::Rc;

use rhai::{Array, Dynamic, EvalAltResult, Module};
use wire::{Call, Hook};

use super::Tenant;
use super::candidate::Rep;
use super::lead::Lead;
use super::time::{Length, Time};
use super::value::{get, maybe_int, maybe_text, text, texts};
use crate::fault::raise_with;

type Answer<T> = Result<T, Box<EvalAltResult>>;

#[derive(Clone)]
pub struct Ctx {
    tenant: Rc<Tenant>,
    call: Rc<Call>,
}

#[derive(Clone)]
struct Event(Rc<Call>);
#[derive(Clone)]
struct Actor(Rc<Call>);
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
        raise_with(
            "unknown_property",
            &[("what", &"hook"), ("name", &format!("ctx.{field}"))],
            format!("ctx.{field} is there in {} only", names.join(", ")),
        )
    }
}

pub fn register(module: &mut Module) {
    module.set_custom_type::<Ctx>("Ctx");
    module.set_custom_type::<Event>("Event");
    module.set_custom_type::<Actor>("Actor");
    module.set_custom_type::<TenantView>("Tenant");
    module.set_custom_type::<Settings>("Settings");
    common(module);
    of_hooks(module);
}

fn common(module: &mut Module) {
    get(module, "now", |ctx: &mut Ctx| Time(ctx.call.now));
    get(module, "event", |ctx: &mut Ctx| Event(ctx.call.clone()));
    get(module, "tenant", |ctx: &mut Ctx| TenantView(ctx.tenant.clone()));
    get(module, "settings", |ctx: &mut Ctx| Settings(ctx.tenant.clone()));
    get(module, "lead", |ctx: &mut Ctx| {
        Lead::of(&ctx.call).map_or(Dynamic::UNIT, Dynamic::from)
    });
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
            None => raise_with(
                "unknown_setting",
                &[("name", &key)],
                format!("there is no setting {key}"),
            ),
        },
    );
}

fn of_hooks(module: &mut Module) {
    use Hook::{
        Distribute, KpiScore, LeadScore, Message, OnFollowupCompleted, OnLeadCreated, OnOverdue, OnStatusChanged,
        Reactivation, TrialRules,
    };
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
        Ok(seen(&ctx.only("trial", &[OnStatusChanged, TrialRules])?.trial))
    });
    field(module, "candidates", |ctx| {
        ctx.only("candidates", &[Distribute])?;
        let reps = ctx.tenant.candidates.borrow();
        Ok(reps
            .iter()
            .map(|rep| Dynamic::from(Rep::of(rep.clone())))
            .collect::<Array>()
            .into())
    });
    field(module, "followup", |ctx| {
        Ok(seen(&ctx.only("followup", &[OnFollowupCompleted, OnOverdue])?.followup))
    });
    field(module, "outcome", |ctx| {
        Ok(maybe_text(&ctx.only("outcome", &[OnFollowupCompleted])?.outcome))
    });
    field(module, "late", |ctx| {
        let late = ctx.only("late", &[OnOverdue])?.late_seconds;
        Ok(late.map_or(Dynamic::UNIT, |seconds| Dynamic::from(Length { seconds, days: 0 })))
    });
    field(module, "owner", |ctx| Ok(seen(&ctx.only("owner", &[OnOverdue])?.owner)));
    field(module, "days_since_lost", |ctx| {
        Ok(maybe_int(ctx.only("days_since_lost", &[Reactivation])?.days_since_lost))
    });
    field(module, "done_steps", |ctx| {
        Ok(texts(ctx.only("done_steps", &[Reactivation])?.done_steps.iter()).into())
    });
    field(module, "activity", |ctx| {
        Ok(seen(&ctx.only("activity", &[LeadScore])?.activity))
    });
    field(module, "day", |ctx| Ok(seen(&ctx.only("day", &[KpiScore])?.day)));
    field(module, "worked", |ctx| {
        Ok(ctx
            .only("worked", &[KpiScore])?
            .worked
            .map_or(Dynamic::UNIT, Dynamic::from))
    });
    field(module, "group", |ctx| {
        Ok(seen(&ctx.only("group", &[TrialRules])?.group))
    });
    field(module, "room", |ctx| Ok(seen(&ctx.only("room", &[TrialRules])?.room)));
    field(module, "template_key", |ctx| {
        Ok(maybe_text(&ctx.only("template_key", &[Message])?.template_key))
    });
    field(module, "channels", |ctx| {
        Ok(texts(ctx.only("channels", &[Message])?.channels.iter()).into())
    });
}

fn field(module: &mut Module, name: &str, look: fn(&Ctx) -> Answer<Dynamic>) {
    module.set_getter_fn(name, move |ctx: &mut Ctx| look(ctx));
}

/// A part of the call as a value of its own; `()` where the call has none.
fn seen<T: Clone + 'static>(part: &Option<T>) -> Dynamic {
    part.clone().map_or(Dynamic::UNIT, Dynamic::from)
}
