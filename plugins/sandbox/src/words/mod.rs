//! The words a tenant's script is written in, and what they know about the call being run.

mod candidate;
mod chance;
mod context;
mod expect;
mod fields;
mod follow_up;
mod given;
mod lead;
mod overdue;
mod parts;
mod plan;
mod time;
mod value;
mod verdict;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use calendar::Schedule;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use rand_chacha::ChaCha8Rng;
use rhai::{Dynamic, FuncRegistration, Module, NativeCallContext};
use wire::{Batch, Call, Candidate, TraceLine};

pub use context::Ctx;
pub use fields::{KINDS, fields_of, types_of};
pub use given::{Proving, prove, usual_moment};
pub use plan::PlanBuilder;
pub use verdict::Decision;

const TRACE_BYTES: usize = 4 * 1024;

/// A batch's tenant, prepared once for all its calls.
pub struct Tenant {
    pub batch: Batch,
    pub zone: Tz,
    pub settings: BTreeMap<String, Dynamic>,
    pub candidates: RefCell<Vec<Rc<Candidate>>>,
}

impl Tenant {
    pub fn new(mut batch: Batch) -> Result<Tenant, String> {
        let zone = batch
            .tenant
            .time_zone
            .parse::<Tz>()
            .map_err(|error| error.to_string())?;
        let settings = std::mem::take(&mut batch.settings)
            .into_iter()
            .map(|(key, value)| rhai::serde::to_dynamic(value).map(|value| (key, value)))
            .collect::<Result<_, _>>()
            .map_err(|error| error.to_string())?;
        let candidates = RefCell::new(std::mem::take(&mut batch.candidates).into_iter().map(Rc::new).collect());
        Ok(Tenant {
            batch,
            zone,
            settings,
            candidates,
        })
    }

    pub fn give_lead(&self, user_id: &str, at: DateTime<Utc>) {
        let mut candidates = self.candidates.borrow_mut();
        if let Some(rep) = candidates.iter_mut().find(|rep| rep.id == user_id) {
            Rc::make_mut(rep).take_lead(at);
        }
    }

    fn schedule(&self, user_id: Option<&str>) -> Option<&Schedule> {
        self.batch.schedules.get(user_id?)
    }
}

/// The call now running. rhai's functions are shared by all calls, so they look here.
struct Running {
    tenant: Rc<Tenant>,
    call: Rc<Call>,
    /// The hash of the script asked.
    own: Rc<str>,
    chance: Option<ChaCha8Rng>,
    trace: Vec<TraceLine>,
    traced: usize,
}

thread_local! {
    static RUNNING: RefCell<Option<Running>> = const { RefCell::new(None) };
}

pub fn begin(tenant: &Rc<Tenant>, call: &Rc<Call>, own: &Rc<str>) {
    let running = Running {
        tenant: tenant.clone(),
        call: call.clone(),
        own: own.clone(),
        chance: None,
        trace: Vec::new(),
        traced: 0,
    };
    RUNNING.set(Some(running));
}

/// Ends the call and gives what it traced.
pub fn end() -> Vec<TraceLine> {
    RUNNING.take().map(|running| running.trace).unwrap_or_default()
}

/// Runs another call in the middle of this one, and comes back to it.
fn suspended<T>(other: impl FnOnce() -> T) -> T {
    let waiting = RUNNING.take();
    let done = other();
    RUNNING.set(waiting);
    done
}

/// All of Markaz's words.
pub fn module() -> Module {
    let mut module = Module::new();
    context::register(&mut module);
    time::register(&mut module);
    lead::register(&mut module);
    parts::register(&mut module);
    candidate::register(&mut module);
    plan::register(&mut module);
    overdue::register(&mut module);
    verdict::register(&mut module);
    follow_up::register(&mut module);
    chance::register(&mut module);
    given::register(&mut module);
    expect::register(&mut module);
    word(
        &mut module,
        "trace",
        &["text: Any"],
        "Writes a line into the decision's record.",
        trace,
    );
    module
}

/// A type's name as an admin should read it.
pub fn name_of(rust: &str) -> &str {
    match rust.rsplit("::").next().unwrap_or(rust) {
        "()" => "nothing",
        "PlanBuilder" => "plan()",
        "Decision" => "a decision of another hook",
        "i64" => "a number",
        "ImmutableString" | "string" => "a text",
        name => name,
    }
}

fn trace(context: NativeCallContext, text: Dynamic) {
    let (line, _) = place(&context);
    with(|running| {
        let room = TRACE_BYTES.saturating_sub(running.traced);
        if room == 0 {
            return;
        }
        let mut text = text.to_string();
        if text.len() > room {
            text.truncate(text.floor_char_boundary(room));
        }
        running.traced += text.len().max(1);
        running.trace.push(TraceLine { line, text });
    });
}

/// The line that called, and whether it stands in the script below.
fn place(context: &NativeCallContext) -> (u32, bool) {
    let line = context.call_position().line().unwrap_or(0) as u32;
    let here = context.iter_namespaces().last().and_then(Module::id);
    let in_base = here.is_some_and(|here| with(|running| here != &*running.own).unwrap_or(false));
    (line, in_base)
}

fn with<T>(look: impl FnOnce(&mut Running) -> T) -> Option<T> {
    RUNNING.with_borrow_mut(|running| running.as_mut().map(look))
}

/// Registers a word with what the editor shows about it.
fn word<A: 'static, const N: usize, const X: bool, R, const F: bool>(
    module: &mut Module,
    name: &str,
    params: &[&str],
    help: &str,
    function: impl rhai::RhaiNativeFunc<A, N, X, R, F> + 'static,
) where
    R: Clone + 'static,
{
    FuncRegistration::new(name)
        .in_global_namespace()
        .with_purity(true)
        .with_volatility(true)
        .with_params_info(params)
        .with_comments([format!("/// {help}")])
        .set_into_module(module, function);
}
