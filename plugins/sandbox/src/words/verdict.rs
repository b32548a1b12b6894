//! Answers that are one word: who gets the lead, how good it is, whether the trial may be booked.

use std::collections::BTreeMap;

use rhai::{Array, Dynamic, EvalAltResult, ImmutableString, Map, Module, NativeCallContext};
use wire::{Assign, Hook, Kpi, Message, Plan, Queue, Score, Verdict};

use super::candidate::Rep;
use super::plan::short;
use super::{place, with, word};
use crate::fault::{raise, raise_with};

type Answer<T> = Result<T, Box<EvalAltResult>>;

const MAX_REASONS: usize = 10;
const MAX_PARTS: usize = 20;

/// What a hook that decides one thing returns.
#[derive(Debug, Clone)]
pub enum Decision {
    Assign(Assign),
    Queue(Queue),
    Score(Score),
    Kpi(Kpi),
    Trial(Verdict),
    Message(Message),
}

impl Decision {
    /// Whether it is this hook's to decide.
    pub fn fits(&self, hook: Hook) -> bool {
        let own = match self {
            Decision::Assign(_) | Decision::Queue(_) => Hook::Distribute,
            Decision::Score(_) => Hook::LeadScore,
            Decision::Kpi(_) => Hook::KpiScore,
            Decision::Trial(_) => Hook::TrialRules,
            Decision::Message(_) => Hook::Message,
        };
        own == hook
    }

    pub fn into_plan(self) -> Plan {
        let mut plan = Plan::default();
        match self {
            Decision::Assign(assign) => plan.assign = Some(assign),
            Decision::Queue(queue) => plan.queue = Some(queue),
            Decision::Score(score) => plan.score = Some(score),
            Decision::Kpi(kpi) => plan.kpi = Some(kpi),
            Decision::Trial(verdict) => plan.verdict = Some(verdict),
            Decision::Message(message) => plan.message = Some(message),
        }
        plan
    }
}

pub fn register(module: &mut Module) {
    module.set_custom_type::<Decision>("Decision");
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
            raise_with::<Decision>(
                "unknown_candidate",
                &[("what", &"nobody")],
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
    word(
        module,
        "score",
        &["points: int", "reasons: Array", "Decision"],
        "How good the lead is, from 0 to 100, and why.",
        score,
    );
    word(
        module,
        "kpi",
        &["value: number", "parts: Map", "Decision"],
        "A rep's day as one number, with the numbers it is made of.",
        kpi,
    );
    word(
        module,
        "allow",
        &["Decision"],
        "The learner may come to the trial lesson.",
        |context: NativeCallContext| verdict(&context, None),
    );
    word(
        module,
        "deny",
        &["reason: String", "Decision"],
        "The learner may not come to this trial lesson, and why.",
        |context: NativeCallContext, reason: ImmutableString| verdict(&context, Some(&reason)),
    );
    word(
        module,
        "template",
        &["key: String", "vars: Map", "Decision"],
        "The template to send, and what it is told besides the lead.",
        template,
    );
}

fn assign(context: &NativeCallContext, id: &str, reason: &str) -> Answer<Decision> {
    let known = with(|running| running.tenant.candidates.borrow().iter().any(|rep| rep.id == id)).unwrap_or(false);
    if !known {
        return raise_with(
            "unknown_candidate",
            &[("name", &id)],
            format!("{id} is not one of the candidates"),
        );
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

fn score(context: NativeCallContext, points: i64, reasons: Array) -> Answer<Decision> {
    let Some(value) = u8::try_from(points).ok().filter(|value| *value <= 100) else {
        return raise_with(
            "plan_limit",
            &[("what", &"score"), ("n", &points)],
            format!("a score lies between 0 and 100, this is {points}"),
        );
    };
    if reasons.len() > MAX_REASONS {
        return raise_with(
            "plan_limit",
            &[("what", &"parts"), ("max", &MAX_REASONS)],
            format!("a score has {MAX_REASONS} reasons at most"),
        );
    }
    let reasons = reasons
        .into_iter()
        .map(|reason| match reason.into_immutable_string() {
            Ok(reason) => short(&reason, 300),
            Err(given) => raise("plan_limit", format!("a reason is a text, this is {given}")),
        })
        .collect::<Answer<_>>()?;
    let (line, in_base) = place(&context);
    Ok(Decision::Score(Score {
        value,
        reasons,
        line,
        in_base,
    }))
}

fn kpi(context: NativeCallContext, value: Dynamic, parts: Map) -> Answer<Decision> {
    if parts.len() > MAX_PARTS {
        return raise_with(
            "plan_limit",
            &[("what", &"parts"), ("max", &MAX_PARTS)],
            format!("a kpi has {MAX_PARTS} parts at most"),
        );
    }
    let parts = parts
        .into_iter()
        .map(|(name, part)| Ok((short(&name, 50)?, number(&part)?)))
        .collect::<Answer<BTreeMap<_, _>>>()?;
    let (line, in_base) = place(&context);
    Ok(Decision::Kpi(Kpi {
        value: number(&value)?,
        parts,
        line,
        in_base,
    }))
}

fn verdict(context: &NativeCallContext, refused: Option<&str>) -> Answer<Decision> {
    let (line, in_base) = place(context);
    Ok(Decision::Trial(Verdict {
        allowed: refused.is_none(),
        reason: refused
            .map(|reason| short(reason, 300))
            .transpose()?
            .unwrap_or_default(),
        line,
        in_base,
    }))
}

fn template(context: NativeCallContext, key: ImmutableString, vars: Map) -> Answer<Decision> {
    if vars.len() > MAX_PARTS {
        return raise_with(
            "plan_limit",
            &[("what", &"parts"), ("max", &MAX_PARTS)],
            format!("a template is told {MAX_PARTS} things at most"),
        );
    }
    let vars = vars
        .into_iter()
        .map(|(name, value)| Ok((short(&name, 50)?, plain(&value)?)))
        .collect::<Answer<_>>()?;
    let (line, in_base) = place(&context);
    Ok(Decision::Message(Message {
        template: short(&key, 100)?,
        vars,
        line,
        in_base,
    }))
}

/// A number that can be stored and compared.
fn number(value: &Dynamic) -> Answer<f64> {
    let number = value.as_float().or_else(|_| value.as_int().map(|n| n as f64));
    match number {
        Ok(number) if number.is_finite() => Ok(number),
        _ => raise("wrong_return", format!("a number is needed here, this is {value}")),
    }
}

/// A text, a number or a truth: what a template can show.
fn plain(value: &Dynamic) -> Answer<serde_json::Value> {
    if let Ok(truth) = value.as_bool() {
        return Ok(truth.into());
    }
    if let Ok(whole) = value.as_int() {
        return Ok(whole.into());
    }
    if let Ok(text) = value.clone().into_immutable_string() {
        return Ok(text.as_str().into());
    }
    number(value).map(Into::into)
}
