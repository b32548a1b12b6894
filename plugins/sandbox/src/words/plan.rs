//! The builders a script answers with. Each item remembers the line that asked for it, and a
//! mistake is refused on its own line.

use std::cell::RefCell;
use std::rc::Rc;

use rhai::{EvalAltResult, ImmutableString, Module, NativeCallContext};
use wire::{Notice, Plan, Step};

use super::follow_up::FollowUp;
use super::{place, word};
use crate::fault::raise_with;

type Answer<T> = Result<T, Box<EvalAltResult>>;

const MAX_FOLLOW_UPS: usize = 20;
const MAX_NOTICES: usize = 10;
const MAX_TAGS: usize = 20;

/// A handle: a plan given to a helper function is the same plan there.
#[derive(Debug, Clone, Default)]
pub struct PlanBuilder(Rc<RefCell<Plan>>);

impl PlanBuilder {
    pub fn into_plan(self) -> Plan {
        self.0.take()
    }

    pub fn is_step(&self) -> bool {
        self.0.borrow().step.is_some()
    }

    pub(super) fn change(&self, change: impl FnOnce(&mut Plan)) {
        change(&mut self.0.borrow_mut());
    }
}

pub fn register(module: &mut Module) {
    module.set_custom_type::<PlanBuilder>("Plan");
    word(module, "plan", &["Plan"], "An empty plan.", PlanBuilder::default);
    word(
        module,
        "add",
        &["plan: Plan", "item: FollowUp"],
        "Plans a follow-up.",
        add,
    );
    word(
        module,
        "cancel_open",
        &["plan: Plan"],
        "Cancels the lead's open automatic follow-ups first.",
        |plan: &mut PlanBuilder| plan.0.borrow_mut().cancel_open = true,
    );
    word(
        module,
        "notify",
        &["plan: Plan", "to: String", "template: String"],
        "Sends staff a message: to \"owner\", \"manager\", \"admin\" or another role.",
        notify,
    );
    word(
        module,
        "tag",
        &["plan: Plan", "tag: String"],
        "Puts a tag on the lead.",
        |plan: &mut PlanBuilder, tag: ImmutableString| push_tag(&mut plan.0.borrow_mut().tags_added, tag),
    );
    word(
        module,
        "untag",
        &["plan: Plan", "tag: String"],
        "Takes a tag off the lead.",
        |plan: &mut PlanBuilder, tag: ImmutableString| push_tag(&mut plan.0.borrow_mut().tags_removed, tag),
    );
    word(
        module,
        "step",
        &["key: String", "Plan"],
        "A plan that takes a step of winning a lost lead back: once for each lead and key.",
        step,
    );
}

fn add(plan: &mut PlanBuilder, follow_up: FollowUp) -> Answer<()> {
    let mut plan = plan.0.borrow_mut();
    let draft = follow_up.draft();
    let key = &draft.item.key;
    if !draft.timed {
        return raise_with(
            "no_time",
            &[("name", key)],
            format!("follow-up {key} has no time: add after(…), before(…) or at(…)"),
        );
    }
    if plan.follow_ups.iter().any(|item| &item.key == key) {
        return raise_with(
            "duplicate_key",
            &[("name", key)],
            format!("the plan already has a follow-up {key}"),
        );
    }
    if plan.follow_ups.len() >= MAX_FOLLOW_UPS {
        return raise_with(
            "plan_limit",
            &[("what", &"follow_ups"), ("max", &MAX_FOLLOW_UPS)],
            format!("a plan holds {MAX_FOLLOW_UPS} follow-ups"),
        );
    }
    plan.follow_ups.push(draft.item.clone());
    Ok(())
}

fn notify(
    context: NativeCallContext,
    plan: &mut PlanBuilder,
    to: ImmutableString,
    template: ImmutableString,
) -> Answer<()> {
    let mut plan = plan.0.borrow_mut();
    if plan.notices.len() >= MAX_NOTICES {
        return raise_with(
            "plan_limit",
            &[("what", &"notices"), ("max", &MAX_NOTICES)],
            format!("a plan holds {MAX_NOTICES} notices"),
        );
    }
    let (line, in_base) = place(&context);
    plan.notices.push(Notice {
        to: short(&to, 50)?,
        template: short(&template, 100)?,
        vars: serde_json::Map::new(),
        line,
        in_base,
    });
    Ok(())
}

fn push_tag(tags: &mut Vec<String>, tag: ImmutableString) -> Answer<()> {
    if tags.len() >= MAX_TAGS {
        return raise_with(
            "plan_limit",
            &[("what", &"tags"), ("max", &MAX_TAGS)],
            format!("a plan holds {MAX_TAGS} tags"),
        );
    }
    tags.push(short(&tag, 50)?);
    Ok(())
}

fn step(context: NativeCallContext, key: ImmutableString) -> Answer<PlanBuilder> {
    let (line, in_base) = place(&context);
    let step = Step {
        key: short(&key, 100)?,
        line,
        in_base,
    };
    let plan = Plan {
        step: Some(step),
        ..Plan::default()
    };
    Ok(PlanBuilder(Rc::new(RefCell::new(plan))))
}

/// A text of a length that can be stored.
pub(super) fn short(text: &str, most: usize) -> Answer<String> {
    if text.is_empty() || text.chars().count() > most {
        return raise_with(
            "plan_limit",
            &[("what", &"text"), ("max", &most)],
            format!("a text of 1 to {most} characters is needed here"),
        );
    }
    Ok(text.to_string())
}
