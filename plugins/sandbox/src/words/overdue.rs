//! What only a late follow-up calls for: a later time, another rep, a pause for its owner.

use rhai::{EvalAltResult, ImmutableString, Module, NativeCallContext};
use wire::{BlockOwner, Hook, Reassign, Reschedule, When};

use super::follow_up::{ahead, moment};
use super::plan::{PlanBuilder, short};
use super::time::{Length, Time, no_unit};
use super::{place, with, word};
use crate::fault::raise;

type Answer<T> = Result<T, Box<EvalAltResult>>;

pub fn register(module: &mut Module) {
    word(
        module,
        "reassign",
        &["plan: Plan", "reason: String"],
        "Gives the late lead to whoever else is free; it stays where it is when nobody is.",
        |context: NativeCallContext, plan: &mut PlanBuilder, reason: ImmutableString| {
            reassign(&context, plan, None, &reason)
        },
    );
    word(
        module,
        "reassign",
        &["plan: Plan", "user_id: String", "reason: String"],
        "Gives the late lead to a certain rep.",
        |context: NativeCallContext, plan: &mut PlanBuilder, to: ImmutableString, reason: ImmutableString| {
            reassign(&context, plan, Some(&to), &reason)
        },
    );
    word(
        module,
        "reschedule",
        &["plan: Plan", "d: Duration"],
        "Moves the late follow-up so far from now, in its owner's working time.",
        |context: NativeCallContext, plan: &mut PlanBuilder, d: Length| {
            let d = ahead(d)?;
            let when = When::After {
                seconds: d.seconds,
                days: d.days,
            };
            reschedule(&context, plan, when)
        },
    );
    word(
        module,
        "reschedule",
        &["plan: Plan", "t: Time"],
        "Moves the late follow-up to a moment in its owner's working time.",
        |context: NativeCallContext, plan: &mut PlanBuilder, t: Time| reschedule(&context, plan, moment(t)?),
    );
    word(
        module,
        "reschedule",
        &["plan: Plan", "n: int"],
        "",
        |_: &mut PlanBuilder, n: i64| no_unit::<()>("reschedule", n),
    );
    word(
        module,
        "block_owner",
        &["plan: Plan", "reason: String"],
        "No new leads for the owner until nothing of theirs is overdue.",
        block_owner,
    );
}

fn reassign(context: &NativeCallContext, plan: &PlanBuilder, to: Option<&str>, reason: &str) -> Answer<()> {
    only_overdue("reassign")?;
    let (line, in_base) = place(context);
    let reassign = Reassign {
        user_id: to.map(|id| short(id, 100)).transpose()?,
        reason: short(reason, 300)?,
        line,
        in_base,
    };
    plan.change(|plan| plan.reassign = Some(reassign));
    Ok(())
}

fn reschedule(context: &NativeCallContext, plan: &PlanBuilder, when: When) -> Answer<()> {
    only_overdue("reschedule")?;
    let (line, in_base) = place(context);
    plan.change(|plan| plan.reschedule = Some(Reschedule { when, line, in_base }));
    Ok(())
}

fn block_owner(context: NativeCallContext, plan: &mut PlanBuilder, reason: ImmutableString) -> Answer<()> {
    only_overdue("block_owner")?;
    let (line, in_base) = place(&context);
    let block = BlockOwner {
        reason: short(&reason, 300)?,
        line,
        in_base,
    };
    plan.change(|plan| plan.block_owner = Some(block));
    Ok(())
}

fn only_overdue(name: &str) -> Answer<()> {
    match with(|running| running.call.hook) {
        Some(Hook::OnOverdue) => Ok(()),
        _ => raise("wrong_hook", format!("{name}() belongs to on_overdue")),
    }
}
