//! A follow-up being described: when, in whose time, with which words.

use std::cell::{Ref, RefCell};
use std::rc::Rc;

use rhai::{EvalAltResult, ImmutableString, Module, NativeCallContext};
use wire::{FollowUpItem, When};

use super::plan::short;
use super::time::{Length, Time, no_unit};
use super::{place, with, word};
use crate::fault::{raise, raise_with};

type Answer<T> = Result<T, Box<EvalAltResult>>;

const MAX_AHEAD_SECONDS: i64 = 365 * 86_400;
const ANCHORS: [&str; 2] = ["trial_start", "trial_end"];

/// A handle too: a chain of calls builds one item, not a copy at every link.
#[derive(Debug, Clone)]
pub struct FollowUp(Rc<RefCell<Draft>>);

#[derive(Debug)]
pub struct Draft {
    pub item: FollowUpItem,
    /// It was told when.
    pub timed: bool,
}

impl FollowUp {
    pub fn draft(&self) -> Ref<'_, Draft> {
        self.0.borrow()
    }
}

pub fn register(module: &mut Module) {
    module.set_custom_type::<FollowUp>("FollowUp");
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
        "at",
        &["item: FollowUp", "n: int", "FollowUp"],
        "",
        |_: &mut FollowUp, n: i64| no_unit::<FollowUp>("at", n),
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
        return raise_with(
            "unknown_anchor",
            &[("name", &anchor)],
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
    timed(follow_up, moment(t)?)
}

/// A moment a follow-up may fall due at.
pub(super) fn moment(t: Time) -> Answer<When> {
    let now = with(|running| running.call.now).unwrap_or(t.0);
    if (t.0 - now).num_seconds() > MAX_AHEAD_SECONDS {
        return raise_with(
            "plan_limit",
            &[("what", &"far")],
            "a follow-up may be a year ahead at most",
        );
    }
    Ok(When::At(t.0))
}

/// A length a follow-up may be ahead.
pub(super) fn ahead(d: Length) -> Answer<Length> {
    if d.seconds < 0 || d.days < 0 {
        return raise_with(
            "plan_limit",
            &[("what", &"negative")],
            "a follow-up cannot be planned by a negative length",
        );
    }
    if d.total() > MAX_AHEAD_SECONDS {
        return raise_with(
            "plan_limit",
            &[("what", &"far")],
            "a follow-up may be a year ahead at most",
        );
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
        _ => raise_with(
            "plan_limit",
            &[("what", &"sequence")],
            "a sequence number lies between 1 and 1000",
        ),
    }
}

fn text(follow_up: &mut FollowUp, key: ImmutableString) -> Answer<FollowUp> {
    let key = short(&key, 100)?;
    Ok(changed(follow_up, |item| item.text_key = Some(key)))
}
