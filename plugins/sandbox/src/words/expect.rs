//! `expect(answer)…`: what a golden test demands. The first demand not met ends the test, at its line.

use chrono::{DateTime, Utc};
use rhai::{Array, Dynamic, EvalAltResult, ImmutableString, Module, NativeCallContext};
use wire::{Plan, typed_instant};

use super::given::{Proof, Proved, in_test, no_moment};
use super::time::Time;
use super::{with, word};
use crate::fault::raise_with;

type Answer<T> = Result<T, Box<EvalAltResult>>;

#[derive(Clone)]
struct Expect(Dynamic);

/// What is so instead of what was demanded: which sentence says it, about which follow-up, and what it names.
struct Wrong(&'static str, String, String);

impl Wrong {
    fn so(what: &'static str, given: impl ToString) -> Wrong {
        Wrong(what, String::new(), given.to_string())
    }

    fn of(what: &'static str, key: &str, given: impl ToString) -> Wrong {
        Wrong(what, key.to_owned(), given.to_string())
    }

    fn raise<T>(self) -> Answer<T> {
        let Wrong(what, key, given) = self;
        let message = match what {
            "follow_ups" => format!("the follow-ups are {given}"),
            "due" => format!("{key} falls due {given}"),
            "refused" => format!("{key} is refused: {given}"),
            "planned" => format!("{key} is planned"),
            "absent" => format!("there is no follow-up {key} among {given}"),
            "text" => format!("{key} says {given}"),
            "kept" => "open follow-ups are kept".into(),
            "canceled" => "open follow-ups are canceled".into(),
            "something" => "the plan is not empty".into(),
            "told" => format!("told are {given}"),
            "assigned" => format!("the lead is given to {given}"),
            "waits" => format!("the lead waits in {given}"),
            "nobody" => "nobody is given the lead".into(),
            "reason" => format!("the reason is {given}"),
            "tags" => format!("the new tags are {given}"),
            "traced" => format!("traced is {given}"),
            "answer" => "expect() needs the answer of run() here".into(),
            "texts" => "a list of texts is needed here".into(),
            _ => format!("it is {given}"),
        };
        raise_with(
            "expected",
            &[("what", &what), ("key", &key), ("given", &given)],
            message,
        )
    }
}

pub fn register(module: &mut Module) {
    module.set_custom_type::<Expect>("Expect");
    word(
        module,
        "expect",
        &["what: Any", "Expect"],
        "In a golden test: begins a demand on a hook's answer, or on any value.",
        |what: Dynamic| in_test(|_| Expect(what)),
    );
    word(
        module,
        "equals",
        &["expected: Expect", "value: Any", "Expect"],
        "Demands that the value is this one.",
        equals,
    );
    of_follow_ups(module);
    of_plan(module);
    of_choice(module);
    of_verdicts(module);
    word(
        module,
        "due_of",
        &["answer: Answer", "key: String", "Time"],
        "In a golden test: when a follow-up of the answer falls due.",
        |answer: &mut Proof, key: ImmutableString| match found(&answer.0, &key)? {
            Ok(at) => Ok(Time(at)),
            Err(code) => Wrong::of("refused", &key, code).raise(),
        },
    );
}

fn of_follow_ups(module: &mut Module) {
    word(
        module,
        "follow_ups",
        &["expected: Expect", "keys: Array", "Expect"],
        "Demands exactly these follow-ups, in this order; refused ones do not count.",
        |expect: &mut Expect, keys: Array| {
            let wanted = texts(keys)?;
            demand(expect, |answer| {
                let kept = answer.due.iter().filter(|(_, due)| due.is_ok());
                let planned: Vec<&str> = kept.map(|(key, _)| key.as_str()).collect();
                (planned != wanted).then(|| Wrong::so("follow_ups", listed(&planned)))
            })
        },
    );
    word(
        module,
        "due",
        &["expected: Expect", "key: String", "moment: String", "Expect"],
        "Demands that a follow-up falls due at this moment of the tenant's clock.",
        due,
    );
    word(
        module,
        "refused",
        &["expected: Expect", "key: String", "code: String", "Expect"],
        "Demands that a follow-up is not planned, and why: \"already_past\", \"too_far\".",
        |expect: &mut Expect, key: ImmutableString, code: ImmutableString| match &found(
            answer_of(expect)?.as_ref(),
            &key,
        )? {
            Err(why) if *why == code.as_str() => Ok(expect.clone()),
            Err(why) => Wrong::of("refused", &key, why).raise(),
            Ok(_) => Wrong::of("planned", &key, "").raise(),
        },
    );
    word(
        module,
        "text",
        &["expected: Expect", "key: String", "text: String", "Expect"],
        "Demands what a follow-up tells the rep to do.",
        |expect: &mut Expect, key: ImmutableString, text: ImmutableString| {
            found(answer_of(expect)?.as_ref(), &key)?.ok();
            demand(expect, |answer| {
                let item = answer.plan.follow_ups.iter().find(|item| item.key == *key)?;
                let said = item.text_key.as_deref();
                (said != Some(text.as_str())).then(|| Wrong::of("text", &key, said.unwrap_or("—")))
            })
        },
    );
}

fn of_plan(module: &mut Module) {
    flag(
        module,
        "cancels_open",
        "Demands that open follow-ups are canceled.",
        |plan| (!plan.cancel_open).then(|| Wrong::so("kept", "")),
    );
    flag(module, "keeps_open", "Demands that open follow-ups are kept.", |plan| {
        plan.cancel_open.then(|| Wrong::so("canceled", ""))
    });
    flag(module, "nothing", "Demands an empty plan.", |plan| {
        (!plan.is_empty()).then(|| Wrong::so("something", ""))
    });
    flag(module, "no_notices", "Demands that nobody is told.", |plan| {
        (!plan.notices.is_empty()).then(|| told(plan))
    });
    word(
        module,
        "tells",
        &["expected: Expect", "to: String", "template: String", "Expect"],
        "Demands a notice to somebody with this template.",
        |expect: &mut Expect, to: ImmutableString, template: ImmutableString| {
            demand(expect, |answer| {
                let mut notices = answer.plan.notices.iter();
                let found = notices.any(|n| n.to == *to && n.template == *template);
                (!found).then(|| told(&answer.plan))
            })
        },
    );
    word(
        module,
        "tags",
        &["expected: Expect", "tags: Array", "Expect"],
        "Demands exactly these new tags.",
        |expect: &mut Expect, tags: Array| {
            let wanted = texts(tags)?;
            demand(expect, |answer| {
                let added = &answer.plan.tags_added;
                (*added != wanted).then(|| Wrong::so("tags", listed(added)))
            })
        },
    );
    word(
        module,
        "traces",
        &["expected: Expect", "part: String", "Expect"],
        "Demands a trace line that holds this text.",
        |expect: &mut Expect, part: ImmutableString| {
            demand(expect, |answer| {
                let all: Vec<&str> = answer.trace.iter().map(|line| line.text.as_str()).collect();
                let found = all.iter().any(|line| line.contains(part.as_str()));
                (!found).then(|| Wrong::so("traced", listed(&all)))
            })
        },
    );
}

fn of_choice(module: &mut Module) {
    named(
        module,
        "assigns",
        "user_id",
        "Demands that the lead is given to this rep.",
        |plan, id| (plan.assign.as_ref().is_none_or(|assign| assign.user_id != id)).then(|| chosen(plan)),
    );
    named(
        module,
        "queues",
        "name",
        "Demands that the lead waits in this queue.",
        |plan, name| (plan.queue.as_ref().is_none_or(|queue| queue.name != name)).then(|| chosen(plan)),
    );
    named(
        module,
        "because",
        "reason",
        "Demands the reason of a choice.",
        |plan, reason| {
            let given = plan.assign.as_ref().map(|assign| assign.reason.as_str());
            let given = given.or(plan.queue.as_ref().map(|queue| queue.reason.as_str()));
            (given != Some(reason)).then(|| Wrong::so("reason", given.unwrap_or("—")))
        },
    );
}

fn of_verdicts(module: &mut Module) {
    flag(module, "allows", "Demands that the trial may be booked.", |plan| {
        let verdict = plan.verdict.as_ref();
        (verdict.is_none_or(|verdict| !verdict.allowed)).then(|| Wrong::so("it", verdict.map_or("—", |v| &v.reason)))
    });
    named(
        module,
        "denies",
        "reason",
        "Demands that the trial may not be booked, and why.",
        |plan, reason| {
            let verdict = plan.verdict.as_ref();
            let met = verdict.is_some_and(|verdict| !verdict.allowed && verdict.reason == reason);
            (!met).then(|| {
                Wrong::so(
                    "it",
                    verdict.map_or("—", |v| if v.allowed { "allow()" } else { &v.reason }),
                )
            })
        },
    );
    named(
        module,
        "steps",
        "key",
        "Demands this step of winning back.",
        |plan, key| {
            let step = plan.step.as_ref().map(|step| step.key.as_str());
            (step != Some(key)).then(|| Wrong::so("it", step.unwrap_or("—")))
        },
    );
    named(
        module,
        "sends",
        "template",
        "Demands the message's template.",
        |plan, template| {
            let message = plan.message.as_ref().map(|message| message.template.as_str());
            (message != Some(template)).then(|| Wrong::so("it", message.unwrap_or("—")))
        },
    );
    word(
        module,
        "scores",
        &["expected: Expect", "value: int", "Expect"],
        "Demands the lead's score.",
        |expect: &mut Expect, value: i64| {
            demand(expect, |answer| {
                let score = answer.plan.score.as_ref().map(|score| i64::from(score.value));
                let shown = score.map_or_else(|| "—".to_owned(), |score| score.to_string());
                (score != Some(value)).then(|| Wrong::so("it", shown))
            })
        },
    );
    word(
        module,
        "counts",
        &["expected: Expect", "value: number", "Expect"],
        "Demands the figure of a rep's day.",
        |expect: &mut Expect, value: Dynamic| {
            let wanted = value.as_float().or_else(|_| value.as_int().map(|n| n as f64)).ok();
            demand(expect, |answer| {
                let figure = answer.plan.kpi.as_ref().map(|kpi| kpi.value);
                let shown = figure.map_or_else(|| "—".to_owned(), |figure| figure.to_string());
                (figure.is_none() || figure != wanted).then(|| Wrong::so("it", shown))
            })
        },
    );
    for (name, help) in [
        ("reassigns", "Demands that the lead is taken from its owner."),
        ("reschedules", "Demands that the follow-up is put off."),
        ("blocks_owner", "Demands that the owner gets no new leads."),
    ] {
        word(
            module,
            name,
            &["expected: Expect", "Expect"],
            help,
            move |expect: &mut Expect| {
                demand(expect, |answer| {
                    let plan = &answer.plan;
                    let met = match name {
                        "reassigns" => plan.reassign.is_some(),
                        "reschedules" => plan.reschedule.is_some(),
                        _ => plan.block_owner.is_some(),
                    };
                    (!met).then(|| Wrong::so("it", "—"))
                })
            },
        );
    }
}

/// A demand without a value.
fn flag(module: &mut Module, name: &str, help: &str, wrong: fn(&Plan) -> Option<Wrong>) {
    word(
        module,
        name,
        &["expected: Expect", "Expect"],
        help,
        move |expect: &mut Expect| demand(expect, |answer| wrong(&answer.plan)),
    );
}

/// A demand with one text.
fn named(module: &mut Module, name: &str, param: &str, help: &str, wrong: fn(&Plan, &str) -> Option<Wrong>) {
    let param = format!("{param}: String");
    word(
        module,
        name,
        &["expected: Expect", &param, "Expect"],
        help,
        move |expect: &mut Expect, text: ImmutableString| demand(expect, |answer| wrong(&answer.plan, &text)),
    );
}

fn demand(expect: &Expect, wrong: impl FnOnce(&Proved) -> Option<Wrong>) -> Answer<Expect> {
    match wrong(answer_of(expect)?.as_ref()) {
        Some(wrong) => wrong.raise(),
        None => Ok(expect.clone()),
    }
}

fn answer_of(expect: &Expect) -> Answer<std::rc::Rc<Proved>> {
    match expect.0.clone().try_cast::<Proof>() {
        Some(answer) => Ok(answer.0),
        None => Wrong::so("answer", "").raise(),
    }
}

fn equals(context: NativeCallContext, expect: &mut Expect, value: Dynamic) -> Answer<Expect> {
    let shown = |value: &Dynamic| {
        let said = context.call_native_fn::<ImmutableString>("to_debug", (value.clone(),));
        said.map_or_else(|_| value.to_string(), |said| said.to_string())
    };
    let pair = (expect.0.clone(), value.clone());
    // Values of types that do not compare are not equal.
    if context.call_native_fn::<bool>("==", pair).unwrap_or(false) {
        return Ok(expect.clone());
    }
    let (given, expected) = (shown(&expect.0), shown(&value));
    let message = format!("the value is {given}, not {expected}");
    raise_with(
        "expected",
        &[("what", &"value"), ("given", &given), ("expected", &expected)],
        message,
    )
}

fn due(expect: &mut Expect, key: ImmutableString, moment: ImmutableString) -> Answer<Expect> {
    let zone = with(|running| running.tenant.zone).unwrap_or_default();
    let Some(wanted) = typed_instant(&moment, zone) else {
        return no_moment(&moment);
    };
    match found(answer_of(expect)?.as_ref(), &key)? {
        Ok(at) if at == wanted => Ok(expect.clone()),
        Ok(at) => {
            let local = at.with_timezone(&zone).format("%Y-%m-%d %H:%M:%S").to_string();
            Wrong::of("due", &key, local.strip_suffix(":00").unwrap_or(&local)).raise()
        }
        Err(code) => Wrong::of("refused", &key, code).raise(),
    }
}

fn found(answer: &Proved, key: &str) -> Answer<Result<DateTime<Utc>, &'static str>> {
    match answer.due.iter().find(|(known, _)| known == key) {
        Some((_, due)) => Ok(*due),
        None => {
            let keys: Vec<&str> = answer.due.iter().map(|(key, _)| key.as_str()).collect();
            Wrong::of("absent", key, listed(&keys)).raise()
        }
    }
}

fn told(plan: &Plan) -> Wrong {
    let all: Vec<String> = plan
        .notices
        .iter()
        .map(|n| format!("{} ({})", n.to, n.template))
        .collect();
    Wrong::so("told", listed(&all))
}

fn chosen(plan: &Plan) -> Wrong {
    match (&plan.assign, &plan.queue) {
        (Some(assign), _) => Wrong::so("assigned", &assign.user_id),
        (None, Some(queue)) => Wrong::so("waits", &queue.name),
        (None, None) => Wrong::so("nobody", ""),
    }
}

fn texts(values: Array) -> Answer<Vec<String>> {
    let text = |value: Dynamic| value.into_immutable_string().map(|text| text.to_string());
    match values.into_iter().map(text).collect() {
        Ok(texts) => Ok(texts),
        Err(_) => Wrong::so("texts", "").raise(),
    }
}

fn listed<T: AsRef<str>>(items: &[T]) -> String {
    if items.is_empty() {
        return "—".into();
    }
    items.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(", ")
}
