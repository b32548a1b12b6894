//! The cadence table in plain Rust: what follows a new lead and each status, as the form's settings have it.

use calendar::Schedule;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value};
use wire::{Call, Hook, When};

use super::chance::Chance;

/// A follow-up as both sides describe it.
#[derive(Debug, PartialEq)]
pub struct Step {
    pub key: String,
    pub when: When,
    pub sequence: Option<u32>,
    pub text: &'static str,
    pub skip_if_past: bool,
}

/// One call's plan: whether open follow-ups are canceled first, and what is added.
pub fn plan(call: &Call, settings: &Map<String, Value>, owner: Option<&Schedule>) -> (bool, Vec<Step>) {
    let form = Form(settings);
    if call.hook == Hook::OnLeadCreated {
        return (
            false,
            vec![first_call(call, &form, owner, "new/1", "new_minutes", "call_new")],
        );
    }
    let steps = match call.to.as_deref().unwrap_or_default() {
        "new" => vec![first_call(call, &form, owner, "new/1", "new_minutes", "call_new")],
        "contacted" => {
            let mut delays = vec![hours(form.number("contacted_hours"))];
            delays.extend(form.days("contacted_days"));
            series("contacted", delays, "call_again")
        }
        "interested" => series("interested", form.days("interested_days"), "keep_interest"),
        "trial_registered" => before_trial(call, &form),
        "trial_attended" => after_trial(call, &form),
        "trial_not_attended" => {
            let mut delays = vec![
                minutes(form.number("no_show_minutes")),
                hours(form.number("no_show_hours")),
            ];
            delays.extend(form.days("no_show_days"));
            series("no_show", delays, "rebook_trial")
        }
        "offer_sent" => {
            let mut delays = vec![hours(form.number("offer_hours"))];
            delays.extend(form.days("offer_days"));
            series("offer", delays, "ask_decision")
        }
        "lost" => {
            let words = ["offer_again", "offer_other_course", "tell_new_groups"];
            let steps = series("lost", form.days("reactivation_days"), "");
            let worded = |(n, step): (usize, Step)| Step {
                text: words[n.min(2)],
                ..step
            };
            steps.into_iter().enumerate().map(worded).collect()
        }
        "reactivation" => {
            let (key, words) = ("reactivation/1", "call_returned");
            vec![first_call(call, &form, owner, key, "reactivated_minutes", words)]
        }
        _ => vec![],
    };
    (true, steps)
}

fn first_call(call: &Call, form: &Form, owner: Option<&Schedule>, key: &str, delay: &str, text: &'static str) -> Step {
    let mut wait = form.number(delay) * 60;
    if form.0["new_spread"] == true {
        let (one, two) = (form.number("new_spread_from"), form.number("new_spread_to"));
        wait = Chance::of(&call.seed).between(one.min(two), one.max(two)) * 60;
    }
    let when = if call.queue_ahead == 0 {
        When::After { seconds: wait, days: 0 }
    } else {
        let spaced = wait + i64::from(call.queue_ahead) * form.number("import_spacing_minutes") * 60;
        let spaced = spaced.min(160 * 3_600);
        let worked = owner.and_then(|owner| owner.work_add(call.now, spaced));
        let due = worked.unwrap_or(call.now + TimeDelta::seconds(spaced));
        When::At(due.min(season_later(call.now, form)))
    };
    step(key, when, Some(1), text)
}

/// Ninety days later at the same local time.
fn season_later(now: DateTime<Utc>, form: &Form) -> DateTime<Utc> {
    let zone: chrono_tz::Tz = form.0["time_zone"].as_str().expect("a name").parse().expect("a zone");
    calendar::Delay::days(90).after(now, zone).expect("within the calendar")
}

fn before_trial(call: &Call, form: &Form) -> Vec<Step> {
    let Some(trial) = &call.trial else {
        return vec![step("trial/time", hours(24), None, "agree_trial_time")];
    };
    let before = |key: String, seconds: i64, days: i64| {
        let anchor = "trial_start".to_owned();
        let when = When::Before {
            anchor,
            seconds,
            days: days as i32,
        };
        Step {
            skip_if_past: true,
            ..step(&key, when, None, "remind_trial")
        }
    };
    let mut steps = Vec::new();
    for (n, days) in form.list("trial_before_days").into_iter().enumerate() {
        steps.push(before(format!("trial/day/{}", n + 1), 0, days));
    }
    for (n, hours) in form.list("trial_before_hours").into_iter().enumerate() {
        steps.push(before(format!("trial/hour/{}", n + 1), hours * 3_600, 0));
    }
    let result = trial.ends_at + TimeDelta::minutes(form.maybe("trial_result_minutes"));
    steps.push(step("trial/result", When::At(result), None, "enter_trial_result"));
    steps
}

fn after_trial(call: &Call, form: &Form) -> Vec<Step> {
    let ended = call.trial.as_ref().map_or(call.now, |trial| trial.ends_at);
    let offer = When::At(ended + TimeDelta::minutes(form.number("attended_minutes")));
    let mut steps = vec![step("attended/offer", offer, Some(1), "make_offer")];
    let mut delays = vec![hours(form.number("attended_hours"))];
    delays.extend(form.days("attended_days"));
    for (n, delay) in (2..).zip(delays) {
        steps.push(step(&format!("attended/{n}"), delay, Some(n), "ask_decision"));
    }
    steps
}

fn series(name: &str, delays: Vec<When>, text: &'static str) -> Vec<Step> {
    let numbered = (1..).zip(delays);
    numbered
        .map(|(n, delay)| step(&format!("{name}/{n}"), delay, Some(n), text))
        .collect()
}

fn step(key: &str, when: When, sequence: Option<u32>, text: &'static str) -> Step {
    Step {
        key: key.to_owned(),
        when,
        sequence,
        text,
        skip_if_past: false,
    }
}

fn minutes(n: i64) -> When {
    When::After {
        seconds: n * 60,
        days: 0,
    }
}

fn hours(n: i64) -> When {
    minutes(n * 60)
}

struct Form<'a>(&'a Map<String, Value>);

impl Form<'_> {
    fn number(&self, key: &str) -> i64 {
        self.0[key].as_i64().unwrap_or_else(|| panic!("{key} is a number"))
    }

    fn maybe(&self, key: &str) -> i64 {
        self.0.get(key).and_then(Value::as_i64).unwrap_or(0)
    }

    fn list(&self, key: &str) -> Vec<i64> {
        let items = self.0[key].as_array().unwrap_or_else(|| panic!("{key} is a list"));
        items.iter().filter_map(Value::as_i64).collect()
    }

    fn days(&self, key: &str) -> Vec<When> {
        let days = |n: i64| When::After {
            seconds: 0,
            days: n as i32,
        };
        self.list(key).into_iter().map(days).collect()
    }
}
