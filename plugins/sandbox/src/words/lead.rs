//! The lead as a script reads it.

use std::rc::Rc;

use rhai::{Dynamic, Module};
use wire::{Call, LeadCtx};

use super::time::Time;
use super::value::{instant, maybe_int, maybe_text, text, texts};

/// Stands for a call's lead; made only where there is one.
#[derive(Clone)]
pub struct Lead(Rc<Call>);

#[derive(Clone)]
struct Custom(Rc<Call>);

impl Lead {
    pub fn of(call: &Rc<Call>) -> Option<Lead> {
        call.lead.is_some().then(|| Lead(call.clone()))
    }
}

pub fn register(module: &mut Module) {
    module.set_custom_type::<Lead>("Lead");
    module.set_custom_type::<Custom>("CustomFields");
    field(module, "id", |lead| text(&lead.id).into());
    field(module, "status", |lead| text(&lead.status).into());
    field(module, "source", |lead| text(&lead.source).into());
    field(module, "course_id", |lead| maybe_text(&lead.course_id));
    field(module, "branch_id", |lead| maybe_text(&lead.branch_id));
    field(module, "owner_id", |lead| maybe_text(&lead.owner_id));
    field(module, "created_at", |lead| Dynamic::from(Time(lead.created_at)));
    field(module, "status_since", |lead| Dynamic::from(Time(lead.status_since)));
    field(module, "first_contact_at", |lead| {
        lead.first_contact_at.map_or(Dynamic::UNIT, instant)
    });
    field(module, "lost_at", |lead| lead.lost_at.map_or(Dynamic::UNIT, instant));
    field(module, "lost_reason", |lead| maybe_text(&lead.lost_reason));
    field(module, "tags", |lead| texts(lead.tags.iter()).into());
    field(module, "open_followups", |lead| i64::from(lead.open_followups).into());
    field(module, "score", |lead| maybe_int(lead.score));
    module.set_getter_fn("custom", |lead: &mut Lead| Ok(Custom(lead.0.clone())));
    // A tenant defines its own fields and most leads leave some empty.
    module.set_indexer_get_fn(|custom: &mut Custom, key: &str| {
        match custom.0.lead.as_ref().and_then(|lead| lead.custom.get(key)) {
            Some(value) => rhai::serde::to_dynamic(value),
            None => Ok(Dynamic::UNIT),
        }
    });
}

fn field(module: &mut Module, name: &str, look: fn(&LeadCtx) -> Dynamic) {
    module.set_getter_fn(name, move |lead: &mut Lead| {
        Ok(lead.0.lead.as_ref().map_or(Dynamic::UNIT, look))
    });
}
