//! Lints over the syntax tree: functions that do not exist, wrong numbers of arguments, hooks
//! nobody calls, misspelt fields, statements that never run.

use std::collections::{BTreeMap, BTreeSet};

use rhai::{ASTNode, BinaryExpr, Expr, FnCallExpr, Position, Stmt};
use wire::{Check, Finding, Hook, Severity};

use super::{finding, nearest};
use crate::fault::Placed;
use crate::scripts::Script;
use crate::words::fields_of;

/// Functions of the language itself.
const LANGUAGE: [&str; 6] = ["type_of", "is_def_fn", "is_def_var", "Fn", "call", "this"];

/// Numbers of arguments by function name.
type Known = BTreeMap<String, BTreeSet<usize>>;

pub fn lint(script: &Script, below: Option<&Script>, check: &Check) -> Vec<Finding> {
    let mut lint = Lint {
        native: native(script),
        own: defined(script),
        base: below.map(defined).unwrap_or_default(),
        settings: check.settings.keys().map(String::as_str).collect(),
        called: BTreeSet::new(),
        findings: Vec::new(),
    };
    for statement in script.ast.statements() {
        let message = "this stands outside every function and never runs";
        lint.report(
            Severity::Error,
            "top_level_statement",
            message.into(),
            statement.position(),
            None,
        );
    }
    script.ast.walk(&mut |path| {
        if let Some(node) = path.last() {
            lint.node(node);
        }
        true
    });
    lint.definitions(script);
    lint.findings
}

struct Lint<'a> {
    native: Known,
    own: Known,
    base: Known,
    settings: Vec<&'a str>,
    called: BTreeSet<String>,
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
        // A native method counts the thing it is called on, a script's own finds it in `this`.
        let arities = merged(self.own.get(name), self.native.get(name), 1);
        let known = self.own.keys().chain(self.native.keys()).cloned().collect();
        self.judge(name, name, arities, given, place, known);
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
                self.report(
                    Severity::Error,
                    "unknown_function",
                    format!("there is no {shown}"),
                    place,
                    suggestion,
                );
            }
            Some(arities) if !arities.contains(&given) => {
                let takes = arities.iter().map(usize::to_string).collect::<Vec<_>>().join(" or ");
                let message = format!("{shown} takes {takes} arguments, this gives {given}");
                self.report(Severity::Error, "wrong_arity", message, place, None);
            }
            Some(_) => {}
        }
    }

    /// Follows `ctx.lead.status` and its like from the name `ctx`.
    fn fields(&mut self, chain: &BinaryExpr) {
        let Expr::Variable(variable, ..) = &chain.lhs else {
            return;
        };
        if variable.1 == "ctx" {
            self.field("ctx", &chain.rhs);
        }
    }

    fn field(&mut self, of: &str, rest: &Expr) {
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
            let owner = match of {
                "ctx" => "ctx".to_string(),
                "actor" => "ctx.event.actor".to_string(),
                of => format!("ctx.{of}"),
            };
            let suggestion = nearest(name, known);
            self.report(
                Severity::Error,
                code,
                format!("there is no {owner}.{name}"),
                *place,
                suggestion,
            );
        } else if let (Some(further), Expr::Dot(..)) = (further, rest) {
            match name {
                "settings" | "event" | "tenant" | "lead" | "trial" | "followup" | "owner" | "activity" | "day"
                | "group" | "room"
                    if of == "ctx" =>
                {
                    self.field(name, further)
                }
                "actor" => self.field("actor", further),
                _ => {}
            }
        }
    }

    fn definitions(&mut self, script: &Script) {
        for function in script.ast.iter_fn_def() {
            let (name, place) = (function.name.as_str(), function.body.start_position());
            match Hook::parse(name) {
                Some(hook) if function.params.len() != 1 => {
                    let message = format!("{hook} takes one argument, ctx");
                    self.report(Severity::Error, "wrong_arity", message, place, None);
                }
                Some(_) => {}
                None if self.called.contains(name) => {}
                None => {
                    let meant = nearest(name, Hook::ALL.map(Hook::as_str));
                    if meant.is_some() || name.starts_with("on_") {
                        let message = format!("there is no hook {name}, so nothing calls this");
                        self.report(Severity::Error, "unknown_hook", message, place, meant);
                    } else {
                        let message = format!("nothing calls {name}");
                        self.report(Severity::Warning, "unused_function", message, place, None);
                    }
                }
            }
        }
    }

    fn report(&mut self, severity: Severity, code: &str, message: String, place: Position, suggestion: Option<String>) {
        let mut found = finding(severity, Placed::at(code, message, place));
        found.suggestion = suggestion;
        self.findings.push(found);
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
