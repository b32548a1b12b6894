//! Runs a script's golden tests: each on its own, each call of a hook within the limits it has in life.

use std::rc::Rc;
use std::time::{Duration, Instant};

use rhai::{AST, CallFnOptions, Dynamic, Engine, Scope};
use wire::{Batch, Call, Golden, Hook, TestFailure, TestResult, source_hash};

use crate::fault::{Placed, numbers, of_running};
use crate::guard;
use crate::scripts::{Script, as_module, compile};
use crate::words::{self, Proving, Tenant};
use crate::{check::function_place, engine::Library};

/// CPU time of one test with everything it calls. The parent takes a longer silence for trouble.
const TEST_DEADLINE: Duration = Duration::from_millis(250);
/// CPU time of one hook call, as in life.
const CALL_DEADLINE_MS: u32 = 50;
const REPORT_EVERY: Duration = Duration::from_millis(100);
const PREFIX: &str = "test_";

/// Every test's result, handed out as they come; `Err` where the texts cannot be read.
pub fn run(
    library: &Library,
    golden: Golden,
    mut progress: impl FnMut(Vec<TestResult>) -> Result<(), String>,
) -> Result<Result<Vec<TestResult>, Placed>, String> {
    let suite = match Suite::read(library, golden) {
        Ok(suite) => suite,
        Err(fault) => return Ok(Err(fault)),
    };
    let (mut ready, mut reported) = (Vec::new(), Instant::now());
    for (name, line, params) in suite.tests() {
        ready.push(suite.prove(&name, line, params));
        if reported.elapsed() > REPORT_EVERY {
            progress(std::mem::take(&mut ready))?;
            reported = Instant::now();
        }
    }
    Ok(Ok(ready))
}

struct Suite {
    tenant: Rc<Tenant>,
    /// The script tested, then those under it.
    scripts: Rc<Vec<Rc<Script>>>,
    /// Tests of their own text.
    apart: Option<(Engine, AST)>,
}

impl Suite {
    fn read(library: &Library, golden: Golden) -> Result<Suite, Placed> {
        let mut scripts: Vec<Rc<Script>> = Vec::new();
        for source in golden.below.iter().rev() {
            let under = scripts.last().map(|below| as_module(below)).transpose()?;
            let script = compile(library, source, &source_hash(source), under).map_err(Placed::in_base)?;
            scripts.push(Rc::new(script));
        }
        let under = scripts.last().map(|below| as_module(below)).transpose()?;
        let own = compile(library, &golden.source, &source_hash(&golden.source), under)?;
        scripts.push(Rc::new(own));
        scripts.reverse();
        let apart = match &golden.tests {
            None => None,
            Some(tests) => {
                let tests = compile(library, tests, "tests", None)?;
                Some((tests.engine, tests.ast))
            }
        };
        let batch = Batch {
            tenant: golden.tenant,
            settings: golden.settings,
            registry: golden.registry,
            candidates: Vec::new(),
            schedules: Default::default(),
            layers: Vec::new(),
            calls: Vec::new(),
            deadline_ms: CALL_DEADLINE_MS,
        };
        let tenant = Tenant::new(batch).map_err(|message| Placed::nowhere("runtime", message))?;
        Ok(Suite {
            tenant: Rc::new(tenant),
            scripts: Rc::new(scripts),
            apart,
        })
    }

    fn text(&self) -> (&Engine, &AST) {
        match &self.apart {
            Some((engine, ast)) => (engine, ast),
            None => (&self.scripts[0].engine, &self.scripts[0].ast),
        }
    }

    /// Names and lines, in the order they are written.
    fn tests(&self) -> Vec<(String, u32, usize)> {
        let mut tests: Vec<(String, u32, usize)> = self
            .text()
            .1
            .iter_fn_def()
            .filter(|function| function.name.starts_with(PREFIX))
            .map(|function| {
                let line = numbers(function.body.start_position()).0;
                (function.name.to_string(), line, function.params.len())
            })
            .collect();
        tests.sort_by(|a, b| a.1.cmp(&b.1).then_with(|| a.0.cmp(&b.0)));
        tests
    }

    fn prove(&self, name: &str, line: u32, params: usize) -> TestResult {
        let mut result = TestResult {
            name: name.to_owned(),
            line,
            failure: None,
            covers: Vec::new(),
        };
        if params > 0 {
            let fault = Placed::nowhere("wrong_arity", "a test takes no arguments");
            let fault = fault.with(&[("name", &name), ("expected", &0), ("given", &params)]);
            result.failure = Some(failure(fault, line));
            return result;
        }
        let (engine, ast) = self.text();
        let source: Rc<str> = ast.source().unwrap_or_default().into();
        let dummy = Rc::new(Call::made_up(
            Hook::OnLeadCreated,
            words::usual_moment(&self.tenant),
            "",
        ));
        words::begin(&self.tenant, &dummy, &source);
        let proving = words::prove(Proving::new(
            self.tenant.clone(),
            self.scripts.clone(),
            self.apart.is_some(),
        ));
        guard::arm(TEST_DEADLINE);
        let options = CallFnOptions::new().eval_ast(false);
        let answer = engine.call_fn_with_options::<Dynamic>(options, &mut Scope::new(), ast, name, ());
        let proved = proving.end();
        words::end();
        result.covers = proved.covers;
        result.failure = answer.err().map(|error| {
            let fault = of_running(&error, &source);
            let place = function_place(ast, name);
            let fault = match proved.fault {
                // The hook's own place says more than the line that ran it.
                Some(cause) if cause.line > 0 => cause,
                _ if fault.line == 0 => Placed {
                    args: fault.args,
                    ..Placed::at(&fault.code, fault.message, place)
                },
                _ => fault,
            };
            failure(fault, line)
        });
        result
    }
}

fn failure(fault: Placed, line: u32) -> TestFailure {
    let failure = TestFailure::from(fault);
    TestFailure {
        line: if failure.line == 0 { line } else { failure.line },
        ..failure
    }
}

impl From<Placed> for TestFailure {
    fn from(fault: Placed) -> TestFailure {
        TestFailure {
            code: fault.code,
            message: fault.message,
            args: fault.args,
            line: fault.line,
            column: fault.column,
        }
    }
}
