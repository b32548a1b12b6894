//! The builders a script answers with. Each item remembers the line that asked for it, and a
//! mistake is refused on its own line.

use std::cell::RefCell;
use std::rc::Rc;

use rhai::{EvalAltResult, ImmutableString, Module, NativeCallContext};
use wire::{Assign, FollowUpItem, Notice, Plan, Queue, When};

use super::context::Rep;
use super::time::{Length, Time, no_unit};
use super::{place, with, word};
use crate::fault::raise;

type Answer<T> = Result<T, Box<EvalAltResult>>;

const MAX_FOLLOW_UPS: usize = 20;
const MAX_NOTICES: usize = 10;
const MAX_TAGS: usize = 20;
const MAX_AHEAD_SECONDS: i64 = 365 * 86_400;
const ANCHORS: [&str; 2] = ["trial_start", "trial_end"];

/// A handle: a plan given to a helper function is the same plan there.
#[derive(Debug, Clone, Default)]
pub struct PlanBuilder(Rc<RefCell<Plan>>);

impl PlanBuilder {
    pub fn into_plan(self) -> Plan {
        self.0.take()
    }
}

/// What `distribute` returns.
#[derive(Debug, Clone)]
pub enum Decision {
    Assign(Assign),
    Queue(Queue),
}

impl Decision {
    pub fn into_plan(self) -> Plan {
        match self {
            Decision::Assign(assign) => Plan {
                assign: Some(assign),
                ..Plan::default()
            },
            Decision::Queue(queue) => Plan {
                queue: Some(queue),
                ..Plan::default()
            },
        }
    }
}

/// A handle too: a chain of calls builds one item, not a copy at every link.
#[derive(Debug, Clone)]
struct FollowUp(Rc<RefCell<Draft>>);

#[derive(Debug)]
struct Draft {
    item: FollowUpItem,
    timed: bool,
}

pub fn register(module: &mut Module) {
    module.set_custom_type::<PlanBuilder>("Plan");
    module.set_custom_type::<FollowUp>("FollowUp");
    module.set_custom_type::<Decision>("Decision");

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
        "followup",
        &["key: String", "FollowUp"],
        "A follow-up; its key is unique in the plan.",
        followup,
    );
    word(
        module,
        "after",
        &["item: FollowUp", "d: Duration", "FollowUp"],
        "Due so long after now.",
        after,
    );
    word(
        module,
        "after",
        &["item: FollowUp", "n: int", "FollowUp"],
        "",
        |_: &mut FollowUp, n: i64| no_unit::<FollowUp>("after", n),
    );
    word(
        module,
        "before",
        &["item: FollowUp", "anchor: String", "d: Duration", "FollowUp"],
        "Due so long before \"trial_start\" or \"trial_end\".",
        before,
    );
    word(
        module,
        "before",
        &["item: FollowUp", "anchor: String", "n: int", "FollowUp"],
        "",
        |_: &mut FollowUp, _: ImmutableString, n: i64| no_unit::<FollowUp>("before", n),
    );
    word(
        module,
        "at",
        &["item: FollowUp", "t: Time", "FollowUp"],
        "Due at a moment.",
        at,
    );
    word(
        module,
        "in_work_hours",
        &["item: FollowUp", "FollowUp"],
        "Moves the due time into the owner's working time.",
        |f: &mut FollowUp| changed(f, |item| item.in_work_hours = true),
    );
    word(
        module,
        "skip_if_past",
        &["item: FollowUp", "FollowUp"],
        "Plans nothing when the due time is past.",
        |f: &mut FollowUp| changed(f, |item| item.skip_if_past = true),
    );
    word(
        module,
        "sequence",
        &["item: FollowUp", "n: int", "FollowUp"],
        "Which contact of a series this is.",
        sequence,
    );
    word(
        module,
        "text",
        &["item: FollowUp", "key: String", "FollowUp"],
        "The text telling the rep what to do.",
        text,
    );

    word(
        module,
        "assign",
        &["user_id: String", "reason: String", "Decision"],
        "Gives the lead to a rep.",
        |context: NativeCallContext, id: ImmutableString, reason: ImmutableString| assign(&context, &id, &reason),
    );
    word(
        module,
        "assign",
        &["rep: Candidate", "reason: String", "Decision"],
        "Gives the lead to a rep.",
        |context: NativeCallContext, rep: Rep, reason: ImmutableString| assign(&context, &rep.id, &reason),
    );
    word(
        module,
        "assign",
        &["nobody: ()", "reason: String", "Decision"],
        "",
        |_: (), _: ImmutableString| {
            raise::<Decision>(
                "unknown_candidate",
                "assign() was given nobody: return queue(…) instead",
            )
        },
    );
    word(
        module,
        "queue",
        &["name: String", "reason: String", "Decision"],
        "Lets the lead wait.",
        queue,
    );
}

fn add(plan: &mut PlanBuilder, follow_up: FollowUp) -> Answer<()> {
    let mut plan = plan.0.borrow_mut();
    let draft = follow_up.0.borrow();
    let key = &draft.item.key;
    if !draft.timed {
        return raise(
            "no_time",
            format!("follow-up {key} has no time: add after(…), before(…) or at(…)"),
        );
    }
    if plan.follow_ups.iter().any(|item| &item.key == key) {
        return raise("duplicate_key", format!("the plan already has a follow-up {key}"));
    }
    if plan.follow_ups.len() >= MAX_FOLLOW_UPS {
        return raise("plan_limit", format!("a plan holds {MAX_FOLLOW_UPS} follow-ups"));
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
        return raise("plan_limit", format!("a plan holds {MAX_NOTICES} notices"));
    }
    let (line, in_base) = place(&context);
    plan.notices.push(Notice {
        to: short(&to, 50)?,
        template: short(&template, 100)?,
        line,
        in_base,
    });
    Ok(())
}

fn push_tag(tags: &mut Vec<String>, tag: ImmutableString) -> Answer<()> {
    if tags.len() >= MAX_TAGS {
        return raise("plan_limit", format!("a plan holds {MAX_TAGS} tags"));
    }
    tags.push(short(&tag, 50)?);
    Ok(())
}

fn followup(context: NativeCallContext, key: ImmutableString) -> Answer<FollowUp> {
    let (line, in_base) = place(&context);
    let item = FollowUpItem {
        key: short(&key, 100)?,
        line,
        in_base,
        when: When::After { seconds: 0, days: 0 },
        in_work_hours: false,
        skip_if_past: false,
        sequence: None,
        text_key: None,
    };
    Ok(FollowUp(Rc::new(RefCell::new(Draft { item, timed: false }))))
}

fn after(follow_up: &mut FollowUp, d: Length) -> Answer<FollowUp> {
    let d = ahead(d)?;
    timed(
        follow_up,
        When::After {
            seconds: d.seconds,
            days: d.days,
        },
    )
}

fn before(follow_up: &mut FollowUp, anchor: ImmutableString, d: Length) -> Answer<FollowUp> {
    let d = ahead(d)?;
    if !ANCHORS.contains(&anchor.as_str()) {
        return raise(
            "unknown_anchor",
            format!("before() counts from {}, not from {anchor}", ANCHORS.join(" or ")),
        );
    }
    if with(|running| running.call.trial.is_none()).unwrap_or(true) {
        return raise("no_trial", "there is no trial to count from");
    }
    timed(
        follow_up,
        When::Before {
            anchor: anchor.to_string(),
            seconds: d.seconds,
            days: d.days,
        },
    )
}

fn at(follow_up: &mut FollowUp, t: Time) -> Answer<FollowUp> {
    let now = with(|running| running.call.now).unwrap_or(t.0);
    if (t.0 - now).num_seconds() > MAX_AHEAD_SECONDS {
        return raise("plan_limit", "a follow-up may be a year ahead at most");
    }
    timed(follow_up, When::At(t.0))
}

fn ahead(d: Length) -> Answer<Length> {
    if d.seconds < 0 || d.days < 0 {
        return raise("plan_limit", "a follow-up cannot be planned by a negative length");
    }
    if d.total() > MAX_AHEAD_SECONDS {
        return raise("plan_limit", "a follow-up may be a year ahead at most");
    }
    Ok(d)
}

fn timed(follow_up: &FollowUp, when: When) -> Answer<FollowUp> {
    let mut draft = follow_up.0.borrow_mut();
    draft.item.when = when;
    draft.timed = true;
    Ok(follow_up.clone())
}

fn changed(follow_up: &FollowUp, change: impl FnOnce(&mut FollowUpItem)) -> FollowUp {
    change(&mut follow_up.0.borrow_mut().item);
    follow_up.clone()
}

fn sequence(follow_up: &mut FollowUp, n: i64) -> Answer<FollowUp> {
    match u32::try_from(n) {
        Ok(n) if (1..=1_000).contains(&n) => Ok(changed(follow_up, |item| item.sequence = Some(n))),
        _ => raise("plan_limit", "a sequence number lies between 1 and 1000"),
    }
}

fn text(follow_up: &mut FollowUp, key: ImmutableString) -> Answer<FollowUp> {
    let key = short(&key, 100)?;
    Ok(changed(follow_up, |item| item.text_key = Some(key)))
}

fn assign(context: &NativeCallContext, id: &str, reason: &str) -> Answer<Decision> {
    let known = with(|running| running.tenant.candidates.borrow().iter().any(|rep| rep.id == id)).unwrap_or(false);
    if !known {
        return raise("unknown_candidate", format!("{id} is not one of the candidates"));
    }
    let (line, in_base) = place(context);
    Ok(Decision::Assign(Assign {
        user_id: id.to_string(),
        reason: short(reason, 300)?,
        line,
        in_base,
    }))
}

fn queue(context: NativeCallContext, name: ImmutableString, reason: ImmutableString) -> Answer<Decision> {
    let (line, in_base) = place(&context);
    Ok(Decision::Queue(Queue {
        name: short(&name, 50)?,
        reason: short(&reason, 300)?,
        line,
        in_base,
    }))
}

fn short(text: &str, most: usize) -> Answer<String> {
    if text.is_empty() || text.chars().count() > most {
        return raise("plan_limit", format!("a text of 1 to {most} characters is needed here"));
    }
    Ok(text.to_string())
}
