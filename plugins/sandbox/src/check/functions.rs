//! Lints over the syntax tree: functions that do not exist, wrong numbers of arguments, hooks
//! nobody calls, misspelt fields, statements that never run.

use std::collections::{BTreeMap, BTreeSet};

use rhai::{ASTNode, BinaryExpr, Expr, FnCallExpr, Position, Stmt};
use wire::{Check, Finding, Hook, Severity};

use super::paths::Body;
use super::{finding, nearest};
use crate::fault::Placed;
use crate::scripts::Script;
use crate::words::fields_of;

/// Functions of the language itself.
const LANGUAGE: [&str; 6] = ["type_of", "is_def_fn", "is_def_var", "Fn", "call", "this"];

/// Numbers of arguments by function name.
type Known = BTreeMap<String, BTreeSet<usize>>;

pub fn lint(script: &Script, below: Option<&Script>, bodies: &[Body], check: &Check) -> Vec<Finding> {
    let mut lint = Lint {
        native: native(script),
        own: defined(script),
        base: below.map(defined).unwrap_or_default(),
        settings: check.settings.keys().map(String::as_str).collect(),
        called: BTreeSet::new(),
        things: BTreeMap::new(),
        findings: Vec::new(),
    };
    for statement in script.ast.statements() {
        let message = "this stands outside every function and never runs";
        lint.report(
            Severity::Error,
            Placed::at("top_level_statement", message, statement.position()),
            None,
        );
    }
    for body in bodies {
        lint.things = things(&body.statements);
        for statement in &body.statements {
            statement.walk(&mut Vec::new(), &mut |path| {
                if let Some(node) = path.last() {
                    lint.node(node);
                }
                true
            });
        }
    }
    lint.definitions(script);
    lint.findings
}

struct Lint<'a> {
    native: Known,
    own: Known,
    base: Known,
    settings: Vec<&'a str>,
    called: BTreeSet<String>,
    /// What the variables of the function hold, where that is plain to see.
    things: BTreeMap<String, &'static str>,
    findings: Vec<Finding>,
}

impl Lint<'_> {
    fn node(&mut self, node: &ASTNode) {
        match node {
            ASTNode::Stmt(Stmt::FnCall(call, place)) => self.call(call, *place),
            ASTNode::Expr(Expr::FnCall(call, place)) => self.call(call, *place),
            ASTNode::Expr(Expr::MethodCall(call, place)) => self.method(call, *place),
            ASTNode::Expr(Expr::Dot(chain, ..)) => self.fields(chain),
            _ => {}
        }
    }

    fn call(&mut self, call: &FnCallExpr, place: Position) {
        let (name, given) = (call.name.as_str(), call.args.len());
        if call.is_operator_call() || !is_word(name) {
            return;
        }
        if let (Expr::StringConstant(named, _), "Fn") = (call.args.first().unwrap_or(&Expr::default()), name) {
            self.called.insert(named.to_string());
        }
        if call.is_qualified() {
            let arities = self.base.get(name).cloned();
            let known: Vec<String> = self.base.keys().cloned().collect();
            self.judge(&format!("base::{name}"), name, arities, given, place, known);
            return;
        }
        self.called.insert(name.to_string());
        if LANGUAGE.contains(&name) {
            return;
        }
        let arities = merged(self.own.get(name), self.native.get(name), 0);
        let known = self.own.keys().chain(self.native.keys()).cloned().collect();
        self.judge(name, name, arities, given, place, known);
    }

    fn method(&mut self, call: &FnCallExpr, place: Position) {
        let (name, given) = (call.name.as_str(), call.args.len());
        self.called.insert(name.to_string());
        if LANGUAGE.contains(&name) || !is_word(name) {
            return;
        }
        self.unit(call, place);
        // A native method counts the thing it is called on, a script's own finds it in `this`.
        let arities = merged(self.own.get(name), self.native.get(name), 1);
        let known = self.own.keys().chain(self.native.keys()).cloned().collect();
        self.judge(name, name, arities, given, place, known);
    }

    /// `after(24)`: twenty-four of what?
    fn unit(&mut self, call: &FnCallExpr, place: Position) {
        let name = call.name.as_str();
        if let ("after" | "before", Some(Expr::IntegerConstant(n, _))) = (name, call.args.last()) {
            let message = format!("{name} {n} has no unit: use hours({n}), minutes({n}) or days({n})");
            let fault = Placed::at("no_unit", message, place);
            self.report(Severity::Error, fault.with(&[("name", &name), ("n", n)]), None);
        }
    }

    fn judge(
        &mut self,
        shown: &str,
        name: &str,
        arities: Option<BTreeSet<usize>>,
        given: usize,
        place: Position,
        known: Vec<String>,
    ) {
        match arities {
            None => {
                let suggestion = nearest(name, known.iter().map(String::as_str));
                let fault = Placed::at("unknown_function", format!("there is no {shown}"), place);
                self.report(Severity::Error, fault.with(&[("name", &shown)]), suggestion);
            }
            Some(arities) if !arities.contains(&given) => {
                let takes = arities.iter().map(usize::to_string).collect::<Vec<_>>().join(" or ");
                let message = format!("{shown} takes {takes} arguments, this gives {given}");
                let expected = arities.iter().map(usize::to_string).collect::<Vec<_>>().join(" / ");
                let fault = Placed::at("wrong_arity", message, place);
                self.report(
                    Severity::Error,
                    fault.with(&[("name", &shown), ("expected", &expected), ("given", &given)]),
                    None,
                );
            }
            Some(_) => {}
        }
    }

    /// Follows `ctx.lead.status` and its like from the name `ctx`.
    fn fields(&mut self, chain: &BinaryExpr) {
        let Expr::Variable(variable, ..) = &chain.lhs else {
            return;
        };
        let name = variable.1.as_str();
        match self.things.get(name).copied() {
            Some(thing) => self.field(thing, name, &chain.rhs),
            None if name == "ctx" => self.field("ctx", "ctx", &chain.rhs),
            None => {}
        }
    }

    fn field(&mut self, of: &str, shown: &str, rest: &Expr) {
        let (head, further) = match rest {
            Expr::Dot(next, ..) | Expr::Index(next, ..) => (&next.lhs, Some(&next.rhs)),
            head => (head, None),
        };
        let Expr::Property(property, place) = head else {
            return;
        };
        let name = property.2.as_str();
        let (code, known) = match of {
            "settings" if self.settings.is_empty() => return,
            "settings" => ("unknown_setting", self.settings.clone()),
            of => ("unknown_property", fields_of(of)),
        };
        if known.is_empty() {
            return;
        }
        if !known.contains(&name) {
            let suggestion = nearest(name, known);
            let fault = Placed::at(code, format!("there is no {shown}.{name}"), *place);
            self.report(
                Severity::Error,
                fault.with(&[("name", &name), ("of", &shown)]),
                suggestion,
            );
        } else if let (Some(further), Expr::Dot(..)) = (further, rest) {
            let shown = format!("{shown}.{name}");
            match name {
                "settings" | "event" | "tenant" | "lead" | "trial" | "followup" | "owner" | "activity" | "day"
                | "group" | "room"
                    if of == "ctx" =>
                {
                    self.field(name, &shown, further);
                }
                "actor" => self.field("actor", &shown, further),
                _ => {}
            }
        }
    }

    fn definitions(&mut self, script: &Script) {
        for function in script.ast.iter_fn_def() {
            let (name, place) = (function.name.as_str(), function.body.start_position());
            match Hook::parse(name) {
                Some(hook) if function.params.len() != 1 => {
                    let fault = Placed::at("wrong_arity", format!("{hook} takes one argument, ctx"), place);
                    let given = function.params.len();
                    self.report(
                        Severity::Error,
                        fault.with(&[("name", &hook), ("expected", &1), ("given", &given)]),
                        None,
                    );
                }
                Some(_) => {}
                // A test calls itself, so to say.
                None if self.called.contains(name) || name.starts_with("test_") => {}
                None => {
                    let meant = nearest(name, Hook::ALL.map(Hook::as_str));
                    if meant.is_some() || name.starts_with("on_") {
                        let message = format!("there is no hook {name}, so nothing calls this");
                        let fault = Placed::at("unknown_hook", message, place);
                        self.report(Severity::Error, fault.with(&[("name", &name)]), meant);
                    } else {
                        let fault = Placed::at("unused_function", format!("nothing calls {name}"), place);
                        self.report(Severity::Warning, fault.with(&[("name", &name)]), None);
                    }
                }
            }
        }
    }

    fn report(&mut self, severity: Severity, fault: Placed, suggestion: Option<String>) {
        let mut found = finding(severity, fault);
        found.suggestion = suggestion;
        self.findings.push(found);
    }
}

/// Variables given a part of `ctx`, or run over the candidates. One that is also given something else is left out.
fn things(statements: &[Stmt]) -> BTreeMap<String, &'static str> {
    let mut found: BTreeMap<String, Option<&'static str>> = BTreeMap::new();
    let mut note = |name: &str, thing: Option<&'static str>| {
        found
            .entry(name.to_owned())
            .and_modify(|known| *known = known.filter(|known| Some(*known) == thing))
            .or_insert(thing);
    };
    for statement in statements {
        statement.walk(&mut Vec::new(), &mut |path| {
            match path.last() {
                Some(ASTNode::Stmt(Stmt::Var(given, ..))) => note(&given.0.name, part_of_ctx(&given.1)),
                Some(ASTNode::Stmt(Stmt::For(each, _))) => {
                    let reps = part_of_ctx(&each.2.expr) == Some("candidates");
                    note(&each.0.name, reps.then_some("candidate"));
                }
                Some(ASTNode::Stmt(Stmt::Assignment(given))) => {
                    if let Expr::Variable(variable, ..) = &given.1.lhs {
                        note(&variable.1, None);
                    }
                }
                _ => {}
            }
            true
        });
    }
    let plain = |(name, thing): (String, Option<&'static str>)| Some((name, thing.filter(|t| *t != "candidates")?));
    found.into_iter().filter_map(plain).collect()
}

/// `lead` for `ctx.lead`.
fn part_of_ctx(value: &Expr) -> Option<&'static str> {
    const PARTS: [&str; 12] = [
        "settings",
        "event",
        "tenant",
        "lead",
        "trial",
        "followup",
        "owner",
        "activity",
        "day",
        "group",
        "room",
        "candidates",
    ];
    let Expr::Dot(chain, ..) = value else { return None };
    match (&chain.lhs, &chain.rhs) {
        (Expr::Variable(variable, ..), Expr::Property(property, _)) if variable.1 == "ctx" => {
            PARTS.into_iter().find(|part| *part == property.2.as_str())
        }
        _ => None,
    }
}

fn native(script: &Script) -> Known {
    let mut known = Known::new();
    let listed = script.engine.collect_fn_metadata(
        None,
        |function| {
            let own_space = function.namespace.is_empty() && function.script.is_none();
            own_space.then(|| (function.metadata.name.to_string(), function.metadata.num_params))
        },
        true,
    );
    for (name, arity) in listed {
        known.entry(name).or_default().insert(arity);
    }
    known
}

fn defined(script: &Script) -> Known {
    let mut known = Known::new();
    for function in script.ast.iter_functions() {
        known
            .entry(function.name.to_string())
            .or_default()
            .insert(function.params.len());
    }
    known
}

fn merged(own: Option<&BTreeSet<usize>>, native: Option<&BTreeSet<usize>>, bound: usize) -> Option<BTreeSet<usize>> {
    if own.is_none() && native.is_none() {
        return None;
    }
    let own = own.into_iter().flatten().copied();
    let native = native
        .into_iter()
        .flatten()
        .filter_map(|arity| arity.checked_sub(bound));
    Some(own.chain(native).collect())
}

fn is_word(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
}
