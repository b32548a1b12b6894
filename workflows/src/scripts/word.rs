//! Which template a notice is sent with: the tenant's `message` rule may choose another than the plan named. Where it
//! fails, or names one nobody wrote, the notice goes out as planned.

use platform::{Actor, Result, Tx};
use serde_json::json;
use wire::{Batch, Call, Failure, Hook};

use super::answer::Answer;
use super::decision::Decision;
use super::plan::Answered;
use super::scene::{Scene, scene};
use crate::ports::Desk;

/// Where notices to staff go.
const CHANNELS: [&str; 1] = ["telegram"];

/// What the rule decided, to be stored with the plans its notices belong to.
#[derive(Default)]
pub(crate) struct Worded {
    pub decisions: Vec<Decision>,
    pub failures: Vec<Failure>,
}

/// Asks about every notice of some plans and puts the answers in.
pub(super) async fn word(desk: &Desk, actor: &Actor, answered: &mut Answered) -> Result<()> {
    let calls = calls(answered);
    if calls.is_empty() {
        return Ok(());
    }
    let (author, packs) = (actor.clone(), desk.packs.clone());
    let read = async move |tx: Tx| scene(&tx, &author, &*packs, Hook::Message).await;
    let scene = desk.app.db.read(actor.tenant_id(), read).await?;
    if !scene.answered {
        return Ok(());
    }
    let batch = Batch {
        calls: calls.clone(),
        ..scene.batch(actor)
    };
    let outcomes = desk.scripts.run_slow(batch).await;
    let answers: Vec<Answer> = outcomes.into_iter().map(|o| Answer::from(o, &scene.layers)).collect();
    put_in(answered, &scene, &calls, answers);
    Ok(())
}

/// One call a notice, in the order of the plans.
fn calls(answered: &Answered) -> Vec<Call> {
    let mut calls = Vec::new();
    for (case, answer) in answered.cases.iter().zip(&answered.answers) {
        for notice in &answer.plan.notices {
            let of = &case.call;
            let (id, seed) = (calls.len() as u32, format!("{}|message|{}", of.seed, notice.template));
            let mut call = Call::new(id, Hook::Message, of.now, seed, of.event.clone(), of.lead.clone());
            call.template_key = Some(notice.template.clone());
            call.channels = CHANNELS.map(str::to_owned).into();
            calls.push(call);
        }
    }
    calls
}

fn put_in(answered: &mut Answered, scene: &Scene, calls: &[Call], answers: Vec<Answer>) {
    let mut asked = calls.iter().zip(answers);
    for (case, answer) in answered.cases.iter().zip(&mut answered.answers) {
        for notice in &mut answer.plan.notices {
            let Some((call, worded)) = asked.next() else { return };
            let mut refusals = Vec::new();
            if let Some(message) = &worded.plan.message {
                if scene.registry.texts.contains_key(&message.template) {
                    notice.template.clone_from(&message.template);
                    notice.vars.clone_from(&message.vars);
                } else {
                    refusals.push(json!({
                        "code": "unknown_template", "key": message.template, "line": message.line,
                    }));
                }
            }
            let same = Some(&notice.template) == call.template_key.as_ref() && notice.vars.is_empty();
            if !same || !refusals.is_empty() || !worded.failures.is_empty() {
                let input = json!({"lead": call.lead, "template_key": call.template_key, "channels": call.channels});
                let decision = Decision::new(Hook::Message, case.lead.id, input, &worded, scene);
                answered
                    .worded
                    .decisions
                    .push(decision.of_event(case.event.id).refused(refusals));
            }
            answered.worded.failures.extend(worded.failures);
        }
    }
}
