//! Runs a batch: each call through its layers until one answers.

use std::collections::HashMap;
use std::rc::Rc;
use std::time::{Duration, Instant};

use rhai::{CallFnOptions, Dynamic, Scope};
use wire::{Batch, Call, Failure, Hook, Layer, LayerRef, Outcome, Plan, Reply, TraceLine, assigned_at};

use crate::check::function_place;
use crate::fault::{Placed, numbers, of_running};
use crate::guard;
use crate::scripts::{Script, Scripts};
use crate::words::{self, Ctx, Decision, PlanBuilder, Tenant};

/// The parent takes a longer silence for trouble.
const REPORT_EVERY: Duration = Duration::from_millis(100);
/// After so many runaway calls a layer is left out of the rest of the batch.
const PATIENCE: u32 = 3;

/// Answers every call of the batch, in order, handing out what is ready whenever time passes.
pub fn run(
    scripts: &mut Scripts,
    mut batch: Batch,
    mut progress: impl FnMut(Vec<Outcome>) -> Result<(), String>,
) -> Result<Reply, String> {
    for layer in &batch.layers {
        if let Some(source) = &layer.source
            && let Err(message) = scripts.learn(&layer.hash, source)
        {
            return Ok(Reply::Refused {
                code: "wrong_hash".into(),
                message,
            });
        }
    }
    let missing: Vec<String> = batch
        .layers
        .iter()
        .filter(|layer| !scripts.knows(&layer.hash))
        .map(|layer| layer.hash.clone())
        .collect();
    if !missing.is_empty() {
        return Ok(Reply::UnknownHash(missing));
    }

    let calls = std::mem::take(&mut batch.calls);
    let tenant = match Tenant::new(batch) {
        Ok(tenant) => Rc::new(tenant),
        Err(message) => {
            return Ok(Reply::Refused {
                code: "bad_batch".into(),
                message,
            });
        }
    };
    let mut chain = Chain {
        scripts,
        runaways: HashMap::new(),
    };
    let mut ready = Vec::new();
    let mut reported = Instant::now();
    for call in calls {
        ready.push(chain.answer(&tenant, call));
        if reported.elapsed() > REPORT_EVERY {
            progress(std::mem::take(&mut ready))?;
            reported = Instant::now();
        }
    }
    Ok(Reply::Ran(ready))
}

struct Chain<'a> {
    scripts: &'a mut Scripts,
    /// Runaway calls by layer hash.
    runaways: HashMap<String, u32>,
}

impl Chain<'_> {
    fn answer(&mut self, tenant: &Rc<Tenant>, call: Call) -> Outcome {
        let started = Instant::now();
        let call = Rc::new(call);
        let mut outcome = Outcome {
            id: call.id,
            layer: None,
            plan: Plan::default(),
            trace: Vec::new(),
            ops: 0,
            micros: 0,
            failures: Vec::new(),
        };
        for layer in &tenant.batch.layers {
            match self.ask(tenant, &call, layer) {
                Ok(None) => {}
                Ok(Some(answer)) => {
                    outcome.layer = Some(LayerRef {
                        level: layer.level,
                        name: layer.name.clone(),
                        hash: layer.hash.clone(),
                    });
                    outcome.plan = answer.plan;
                    outcome.trace = answer.trace;
                    outcome.ops = answer.ops;
                    break;
                }
                Err(failure) => outcome.failures.push(*failure),
            }
        }
        if let Some(assign) = &outcome.plan.assign {
            tenant.give_lead(&assign.user_id, assigned_at(&call));
        }
        outcome.micros = started.elapsed().as_micros() as u64;
        outcome
    }

    fn ask(&mut self, tenant: &Rc<Tenant>, call: &Rc<Call>, layer: &Layer) -> Result<Option<Answer>, Box<Failure>> {
        let runaways = self.runaways.get(&layer.hash).copied().unwrap_or_default();
        if runaways >= PATIENCE {
            return Err(Placed::nowhere("paused", "left out after running away repeatedly")
                .of(layer)
                .into());
        }
        let script = self
            .scripts
            .prepare(&layer.hash, layer.base.as_deref())
            .map_err(|fault| Box::new(fault.of(layer)))?;
        if !script.defines(call.hook) {
            return Ok(None);
        }
        ask(&script, tenant, call).map(Some).map_err(|fault| {
            if matches!(fault.code.as_str(), "deadline" | "memory" | "operations") {
                *self.runaways.entry(layer.hash.clone()).or_default() += 1;
            }
            Box::new(fault.of(layer))
        })
    }
}

pub struct Answer {
    pub plan: Plan,
    pub trace: Vec<TraceLine>,
    pub ops: u64,
}

/// Calls one hook of one script.
pub fn ask(script: &Script, tenant: &Rc<Tenant>, call: &Rc<Call>) -> Result<Answer, Placed> {
    words::begin(tenant, call, &script.name);
    guard::arm(Duration::from_millis(u64::from(tenant.batch.deadline_ms)));
    let ctx = Ctx::new(tenant.clone(), call.clone());
    let options = CallFnOptions::new().eval_ast(false);
    let result: Result<Dynamic, _> =
        script
            .engine
            .call_fn_with_options(options, &mut Scope::new(), &script.ast, call.hook.as_str(), (ctx,));
    let trace = words::end();
    let ops = guard::operations();
    let value = result.map_err(|error| {
        let fault = of_running(&error, &script.name);
        // Limits carry no place of their own: the hook's first line is better than none.
        if fault.line == 0 {
            let (line, column) = numbers(place(script, call.hook));
            Placed { line, column, ..fault }
        } else {
            fault
        }
    })?;
    let plan = plan_of(call.hook, value).map_err(|message| {
        Placed::at("wrong_return", message, place(script, call.hook)).with(&[("hook", &call.hook)])
    })?;
    Ok(Answer { plan, trace, ops })
}

fn plan_of(hook: Hook, value: Dynamic) -> Result<Plan, String> {
    let given = value.type_name().to_string();
    // Nothing to do, and a rep who did not work, are answers too.
    if value.is_unit() && matches!(hook, Hook::Reactivation | Hook::KpiScore) {
        return Ok(Plan::default());
    }
    let wanted = match hook {
        Hook::OnLeadCreated | Hook::OnStatusChanged | Hook::OnFollowupCompleted | Hook::OnOverdue => "plan()",
        Hook::Reactivation => "step(…) or ()",
        Hook::Distribute => "assign(…) or queue(…)",
        Hook::LeadScore => "score(…)",
        Hook::KpiScore => "kpi(…) or ()",
        Hook::TrialRules => "allow() or deny(…)",
        Hook::Message => "template(…)",
    };
    let plan = if wanted == "plan()" || hook == Hook::Reactivation {
        let built = value.try_cast::<PlanBuilder>();
        // A step is what keeps a lost lead from being called again every day.
        built
            .filter(|plan| plan.is_step() == (hook == Hook::Reactivation))
            .map(PlanBuilder::into_plan)
    } else {
        let decided = value.try_cast::<Decision>();
        decided.filter(|decision| decision.fits(hook)).map(Decision::into_plan)
    };
    plan.ok_or_else(|| format!("{hook} must return {wanted}, this returned {}", words::name_of(&given)))
}

fn place(script: &Script, hook: Hook) -> rhai::Position {
    function_place(&script.ast, hook.as_str())
}
