//! `given(…).at(…).run(hook)`: a golden test calls a hook as life would, on a context it makes up.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use chrono::{DateTime, TimeZone, Utc};
use rhai::{EvalAltResult, ImmutableString, Map, Module};
use serde_json::Value;
use wire::{Batch, Call, Cover, Hook, Plan, Scenario, Schedule, TraceLine, typed_instant};

use super::{Tenant, suspended, word};
use crate::fault::{Placed, raise, raise_with};
use crate::guard;
use crate::run::ask;
use crate::scripts::Script;

type Answer<T> = Result<T, Box<EvalAltResult>>;

const MOST_RUNS: usize = 20;

/// What is made up, not yet run.
#[derive(Debug, Clone)]
struct Given {
    context: Value,
    at: Option<ImmutableString>,
}

/// What a hook answered, with every due time worked out.
#[derive(Debug, Clone)]
pub struct Proof(pub Rc<Proved>);

#[derive(Debug)]
pub struct Proved {
    pub plan: Plan,
    /// By key of the follow-up: when, or why not.
    pub due: Vec<(String, Result<DateTime<Utc>, &'static str>)>,
    pub trace: Vec<TraceLine>,
}

/// The test now running.
pub struct Proving {
    tenant: Rc<Tenant>,
    scripts: Rc<Vec<Rc<Script>>>,
    /// The tests stand in a text of their own, where a line of the script would mislead.
    apart: bool,
    inside: bool,
    runs: usize,
    covers: BTreeSet<Cover>,
    fault: Option<Placed>,
}

/// Ends the test when told, or when dropped.
pub struct Underway;

pub struct Told {
    pub covers: Vec<Cover>,
    pub fault: Option<Placed>,
}

thread_local! {
    static PROVING: RefCell<Option<Proving>> = const { RefCell::new(None) };
}

pub fn prove(proving: Proving) -> Underway {
    PROVING.set(Some(proving));
    Underway
}

impl Underway {
    pub fn end(self) -> Told {
        let proving = PROVING.take();
        Told {
            fault: proving.as_ref().and_then(|proving| proving.fault.clone()),
            covers: proving
                .map(|proving| proving.covers.into_iter().collect())
                .unwrap_or_default(),
        }
    }
}

impl Drop for Underway {
    fn drop(&mut self) {
        PROVING.set(None);
    }
}

impl Proving {
    pub fn new(tenant: Rc<Tenant>, scripts: Rc<Vec<Rc<Script>>>, apart: bool) -> Proving {
        Proving {
            tenant,
            scripts,
            apart,
            inside: false,
            runs: 0,
            covers: BTreeSet::new(),
            fault: None,
        }
    }
}

/// The moment of a test that names none: a Monday, ten in the morning.
pub fn usual_moment(tenant: &Tenant) -> DateTime<Utc> {
    let local = tenant.zone.with_ymd_and_hms(2026, 3, 2, 10, 0, 0).earliest();
    local.map(|local| local.to_utc()).unwrap_or_default()
}

pub fn register(module: &mut Module) {
    module.set_custom_type::<Given>("Given");
    module.set_custom_type::<Proof>("Answer");
    word(
        module,
        "given",
        &["context: Map", "Given"],
        "In a golden test: the context a hook is asked about, its fields named as in ctx.",
        given,
    );
    word(
        module,
        "given",
        &["Given"],
        "In a golden test: a new lead, and nothing special.",
        || given(Map::new()),
    );
    word(
        module,
        "at",
        &["given: Given", "moment: String", "Given"],
        "In a golden test: the moment, such as \"2026-11-20 15:00\" on the tenant's clock.",
        |given: &mut Given, at: ImmutableString| Given {
            at: Some(at),
            ..given.clone()
        },
    );
    word(
        module,
        "run",
        &["given: Given", "hook: String", "Answer"],
        "In a golden test: calls the hook and works out when its follow-ups fall due.",
        run,
    );
}

/// Refuses a word of golden tests outside them.
pub fn in_test<T>(look: impl FnOnce(&mut Proving) -> T) -> Answer<T> {
    let found = PROVING.with_borrow_mut(|proving| proving.as_mut().filter(|p| !p.inside).map(look));
    match found {
        Some(found) => Ok(found),
        None => raise("only_in_tests", "this word belongs in a test_ function"),
    }
}

fn given(context: Map) -> Answer<Given> {
    in_test(|_| ())?;
    let context = rhai::serde::from_dynamic(&context.into())?;
    Ok(Given { context, at: None })
}

fn run(given: &mut Given, hook: ImmutableString) -> Answer<Proof> {
    let (tenant, scripts, apart, runs) = in_test(|proving| {
        proving.runs += 1;
        let parts = (proving.tenant.clone(), proving.scripts.clone());
        (parts.0, parts.1, proving.apart, proving.runs)
    })?;
    if runs > MOST_RUNS {
        let message = format!("a test runs {MOST_RUNS} hooks at most");
        return raise_with("too_many_runs", &[("max", &MOST_RUNS)], message);
    }
    let Some(hook) = Hook::parse(&hook) else {
        return raise_with("unknown_hook", &[("name", &hook)], format!("there is no hook {hook}"));
    };
    let at = match &given.at {
        None => usual_moment(&tenant),
        Some(text) => match typed_instant(text, tenant.zone) {
            Some(at) => at,
            None => return no_moment(text),
        },
    };
    let statuses = &tenant.batch.registry.statuses;
    let first = statuses.iter().find(|status| status.kind == "new");
    let base = Call::made_up(hook, at, first.map_or("new", |status| status.key.as_str()));
    let mut scenario = match Scenario::read(base, tenant.zone, given.context.clone()) {
        Ok(scenario) => scenario,
        Err(bad) => {
            let message = format!("{}: {}", bad.field, bad.code);
            return raise_with("bad_context", &[("name", &bad.field)], message);
        }
    };
    let event = &scenario.call.event.id;
    scenario.call.seed = format!("{}|{event}|{hook}", tenant.batch.tenant.id);
    let Some(script) = scripts.iter().find(|script| script.defines(hook)) else {
        return raise_with("unknown_hook", &[("name", &hook)], format!("no script defines {hook}"));
    };
    let of_lead = scenario.call.lead.as_ref().map(|lead| lead.status.clone());
    let status = scenario.call.to.clone().or(of_lead).unwrap_or_default();
    let owner = scenario
        .owner
        .clone()
        .unwrap_or_else(|| Schedule::unrestricted(tenant.zone));
    let place = Rc::new(place(&tenant, &mut scenario)?);
    let call = Rc::new(scenario.call);
    in_test(|proving| {
        proving.covers.insert(Cover { hook, status });
        proving.inside = true;
    })?;
    let answer = guard::apart(|| suspended(|| ask(script, &place, &call)));
    PROVING.with_borrow_mut(|proving| {
        if let Some(proving) = proving {
            proving.inside = false;
        }
    });
    match answer {
        Ok(answer) => {
            let due = |item: &wire::FollowUpItem| {
                let due = item.due(call.event.occurred_at, call.trial.as_ref(), &owner, call.now);
                (item.key.clone(), due.map(|due| due.at))
            };
            Ok(Proof(Rc::new(Proved {
                due: answer.plan.follow_ups.iter().map(due).collect(),
                plan: answer.plan,
                trace: answer.trace,
            })))
        }
        Err(fault) => {
            if !apart && Rc::ptr_eq(script, &scripts[0]) {
                let shown = fault.clone();
                in_test(|proving| proving.fault = Some(shown))?;
            }
            let message = format!("{hook}, line {}: {}", fault.line, fault.message);
            raise_with(
                "hook_failed",
                &[("hook", &hook), ("n", &fault.line), ("text", &fault.message)],
                message,
            )
        }
    }
}

/// A text that names no moment.
pub fn no_moment<T>(text: &str) -> Answer<T> {
    raise_with(
        "bad_moment",
        &[("text", &text)],
        format!("{text} is no moment: write \"2026-11-20 15:00\""),
    )
}

/// The tenant as the made-up call sees it.
fn place(tenant: &Tenant, scenario: &mut Scenario) -> Answer<Tenant> {
    let mut settings = tenant.settings_json();
    for (key, value) in std::mem::take(&mut scenario.settings) {
        if !settings.contains_key(&key) {
            return raise_with(
                "unknown_setting",
                &[("name", &key)],
                format!("there is no setting {key}"),
            );
        }
        settings.insert(key, value);
    }
    let mut batch = Batch {
        settings,
        candidates: scenario.candidates.take().unwrap_or_default(),
        ..tenant.batch.clone()
    };
    if let (Some(id), Some(hours)) = (scenario.call.owner_id(), &scenario.owner) {
        batch.schedules.insert(id.to_owned(), hours.clone());
    }
    match Tenant::new(batch) {
        Ok(tenant) => Ok(tenant),
        Err(message) => raise("runtime", message),
    }
}

impl Tenant {
    fn settings_json(&self) -> serde_json::Map<String, Value> {
        let json = |value| rhai::serde::from_dynamic(value).unwrap_or(Value::Null);
        self.settings
            .iter()
            .map(|(key, value)| (key.clone(), json(value)))
            .collect()
    }
}
