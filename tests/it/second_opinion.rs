//! The training-center pack's cadence and distribution written a second time, in plain Rust and without a script:
//! on 10,000 random leads and on 10,000 leads among random reps both say the same.

mod cadence;
mod chance;
mod distribution;
mod world;

use std::collections::BTreeMap;

use serde_json::json;
use support::scripts::{batch, call, host};
use wire::{Call, Hook, Level, Outcome, apply_assignment, assigned_at};
use world::{Dice, crowd, lead, moment, schedule, settings, zone};

const CENTRES: usize = 100;
const LEADS: u32 = 100;

#[tokio::test]
async fn both_plan_the_same_cadence_for_ten_thousand_leads() {
    let host = host().await;
    let mut dice = Dice(0x5eed_0f1e_ad50_2026);
    let mut planned = 0;
    for centre in 0..CENTRES {
        let (zone, now, values) = (zone(&mut dice), moment(&mut dice), settings(&mut dice));
        let owners: Vec<String> = (0..6).map(|n| format!("rep-{n}")).collect();
        let mut schedules: BTreeMap<String, calendar::Schedule> = BTreeMap::new();
        for owner in &owners {
            if !dice.one_in(5) {
                schedules.insert(owner.clone(), schedule(&mut dice, zone, now));
            }
        }
        let calls: Vec<Call> = (0..LEADS).map(|id| lead(&mut dice, id, now, &owners)).collect();
        let mut asked = batch("demo", None, calls.clone());
        asked.tenant.time_zone = zone.into();
        asked.settings = values.clone();
        asked.schedules = schedules.clone();
        let mut values = values;
        values.insert("time_zone".into(), json!(zone));
        for (call, answer) in calls.iter().zip(host.run(asked).await) {
            let outcome = answer.expect("an answer");
            let owner = call.owner_id().and_then(|id| schedules.get(id));
            let (cancels, steps) = cadence::plan(call, &values, owner);
            let told: Vec<cadence::Step> = outcome
                .plan
                .follow_ups
                .iter()
                .map(|item| cadence::Step {
                    key: item.key.clone(),
                    when: item.when.clone(),
                    sequence: item.sequence,
                    text: steps
                        .iter()
                        .find(|step| item.text_key.as_deref() == Some(step.text))
                        .map_or("", |step| step.text),
                    skip_if_past: item.skip_if_past,
                })
                .collect();
            let case = || {
                format!(
                    "centre {centre}, {:?} to {:?}, {values:?}: {:?}",
                    call.hook, call.to, outcome.failures
                )
            };
            assert_eq!(
                outcome.layer.as_ref().map(|layer| layer.level),
                Some(Level::Pack),
                "{}",
                case()
            );
            assert_eq!((outcome.plan.cancel_open, &told), (cancels, &steps), "{}", case());
            assert!(
                outcome.plan.follow_ups.iter().all(|item| item.in_work_hours),
                "{}",
                case()
            );
            planned += told.len();
        }
    }
    assert!(planned > 15_000, "{planned} follow-ups are too few to prove anything");
}

#[tokio::test]
async fn both_give_ten_thousand_leads_to_the_same_reps() {
    let host = host().await;
    let mut dice = Dice(0xd15_7218_0710_2026);
    let (mut given, mut waiting) = (0, 0);
    for centre in 0..CENTRES {
        let (now, values) = (moment(&mut dice), settings(&mut dice));
        let mut reps = crowd(&mut dice, now);
        let calls: Vec<Call> = (0..LEADS)
            .map(|id| {
                let mut call = call(id, Hook::Distribute);
                call.now = now;
                call.lead.as_mut().expect("a lead").course_id = world::course(&mut dice);
                call
            })
            .collect();
        let mut asked = batch("demo", None, calls.clone());
        asked.settings = values.clone();
        asked.candidates = reps.clone();
        let answers: Vec<Outcome> = host
            .run(asked)
            .await
            .into_iter()
            .map(|a| a.expect("an answer"))
            .collect();
        for (call, outcome) in calls.iter().zip(answers) {
            let course = call.lead.as_ref().and_then(|lead| lead.course_id.clone());
            let ours = distribution::choose(&reps, course.as_deref(), &values);
            let ours = ours.map(|(rep, reason)| (rep.id.clone(), reason.to_owned()));
            let theirs = outcome.plan.assign.map(|assign| (assign.user_id, assign.reason));
            assert_eq!(
                ours, theirs,
                "centre {centre}, call {}: {:?}",
                call.id, outcome.failures
            );
            assert_eq!(outcome.plan.queue.is_some(), theirs.is_none());
            match theirs {
                Some((id, _)) => {
                    apply_assignment(&mut reps, &id, assigned_at(call));
                    given += 1;
                }
                None => waiting += 1,
            }
        }
    }
    assert!(
        given > 5_000 && waiting > 200,
        "{given} given, {waiting} waiting prove little"
    );
}
