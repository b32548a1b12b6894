//! The lead as a script reads it.

use std::rc::Rc;

use rhai::{Dynamic, Module};
use wire::Call;

use super::time::Time;
use super::value::{get, instant, maybe_int, maybe_text, text, texts};

#[derive(Clone)]
pub struct Lead(Rc<Call>);

#[derive(Clone)]
struct Custom(Rc<Call>);

impl Lead {
    pub fn of(call: Rc<Call>) -> Lead {
        Lead(call)
    }
}

pub fn register(module: &mut Module) {
    module.set_custom_type::<Lead>("Lead");
    module.set_custom_type::<Custom>("CustomFields");
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
        lead.0.lead.first_contact_at.map_or(Dynamic::UNIT, instant)
    });
    get(module, "lost_at", |lead: &mut Lead| {
        lead.0.lead.lost_at.map_or(Dynamic::UNIT, instant)
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
