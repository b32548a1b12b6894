//! Lints over the ways through a function: what is never reached, and where a hook ends without an
//! answer.

use rhai::{AST, ASTFlags, ASTNode, Expr, Position, ScriptFuncDef, Shared, Stmt};
use wire::{Finding, Hook, Severity};

use super::finding;
use crate::fault::Placed;
use crate::scripts::Script;

/// A function with its statements. The engine keeps their type to itself, so they are copies.
pub struct Body {
    pub function: Shared<ScriptFuncDef>,
    pub statements: Vec<Stmt>,
}

pub fn bodies(ast: &AST) -> Vec<Body> {
    let mut bodies: Vec<Body> = ast
        .iter_fn_def()
        .map(|function| Body {
            function: function.clone(),
            statements: Vec::new(),
        })
        .collect();
    // A function without a name stands inside another: the last to begin owns the statement.
    bodies.sort_by_key(|body| body.function.body.start_position());
    ast.walk(&mut |path| {
        if let [ASTNode::Stmt(statement)] = path {
            let place = statement.position();
            let owner = bodies.iter_mut().rev().find(|body| {
                let payload = &body.function.body;
                payload.start_position() <= place && place <= payload.end_position()
            });
            if let Some(owner) = owner {
                owner.statements.push((*statement).clone());
            }
        }
        true
    });
    bodies
}

pub fn lint(script: &Script, bodies: &[Body]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for body in bodies {
        unreachable(&body.statements, &mut findings);
        script_blocks(body, &mut findings);
        let hook = Hook::parse(&body.function.name).filter(|hook| must_answer(*hook) && script.defines(*hook));
        if let Some(hook) = hook {
            let mut ends = Ends {
                places: Vec::new(),
                lost: body.function.body.start_position(),
            };
            ends.block(&body.statements, body.function.body.start_position());
            ends.returns(&body.statements);
            findings.extend(ends.places.into_iter().map(|place| no_answer(hook, place)));
        }
    }
    findings
}

/// These may also answer with nothing: no step, no figure for a day off.
fn must_answer(hook: Hook) -> bool {
    !matches!(hook, Hook::Reactivation | Hook::KpiScore)
}

fn no_answer(hook: Hook, place: Position) -> Finding {
    let fault = Placed::at("no_plan_on_path", format!("{hook} ends here without an answer"), place);
    finding(Severity::Warning, fault.with(&[("hook", &hook)]))
}

/// Blocks inside the statements of a function.
fn script_blocks(body: &Body, findings: &mut Vec<Finding>) {
    for statement in &body.statements {
        statement.walk(&mut Vec::new(), &mut |path| {
            match path.last() {
                Some(ASTNode::Stmt(Stmt::If(flow, _) | Stmt::TryCatch(flow, _))) => {
                    unreachable(flow.body.statements(), findings);
                    unreachable(flow.branch.statements(), findings);
                }
                Some(ASTNode::Stmt(Stmt::While(flow, _) | Stmt::Do(flow, ..))) => {
                    unreachable(flow.body.statements(), findings);
                }
                Some(ASTNode::Stmt(Stmt::For(each, _))) => unreachable(each.2.body.statements(), findings),
                Some(ASTNode::Stmt(Stmt::Block(block))) => unreachable(block.statements(), findings),
                Some(ASTNode::Expr(Expr::Stmt(block))) => unreachable(block.statements(), findings),
                _ => {}
            }
            true
        });
    }
}

/// What follows a statement that always leaves the block.
fn unreachable(block: &[Stmt], findings: &mut Vec<Finding>) {
    let Some(end) = block.iter().position(leaves) else {
        return;
    };
    let Some(never) = block[end + 1..].iter().find(|statement| !statement.is_noop()) else {
        return;
    };
    let fault = Placed::at("unreachable_code", "this is never reached", never.position());
    findings.push(finding(Severity::Warning, fault));
}

fn leaves(statement: &Stmt) -> bool {
    let all = |block: &[Stmt]| block.iter().any(leaves);
    match statement {
        Stmt::Return(..) | Stmt::BreakLoop(..) => true,
        Stmt::Block(block) => all(block.statements()),
        Stmt::If(flow, _) => all(flow.body.statements()) && all(flow.branch.statements()),
        _ => false,
    }
}

/// The places where a function can end with nothing in hand.
struct Ends {
    places: Vec<Position>,
    /// Where to point when a branch is not written at all.
    lost: Position,
}

impl Ends {
    fn block(&mut self, block: &[Stmt], place: Position) {
        match block.iter().rev().find(|statement| !statement.is_noop()) {
            None => self.places.push(if place.is_none() { self.lost } else { place }),
            Some(last) => self.statement(last),
        }
    }

    fn statement(&mut self, statement: &Stmt) {
        match statement {
            Stmt::Expr(value) => self.value(value),
            Stmt::Block(block) => self.block(block.statements(), block.position()),
            Stmt::If(flow, place) => {
                self.block(flow.body.statements(), *place);
                self.block(flow.branch.statements(), *place);
            }
            Stmt::Switch(cases, place) => {
                for case in &cases.1.expressions {
                    self.value(&case.rhs);
                }
                if cases.1.def_case.is_none() {
                    self.places.push(*place);
                }
            }
            // `loop` only ends where something in it returns.
            Stmt::While(flow, place) if !matches!(flow.expr, Expr::Unit(..)) => self.places.push(*place),
            Stmt::For(_, place) | Stmt::Do(_, _, place) | Stmt::Var(_, _, place) => self.places.push(*place),
            Stmt::Assignment(_) => self.places.push(statement.position()),
            _ => {}
        }
    }

    fn value(&mut self, value: &Expr) {
        match value {
            Expr::Stmt(block) => self.block(block.statements(), block.position()),
            Expr::Unit(place)
            | Expr::BoolConstant(_, place)
            | Expr::IntegerConstant(_, place)
            | Expr::StringConstant(_, place)
            | Expr::Array(_, place) => self.places.push(*place),
            _ => {}
        }
    }

    /// `return;` with nothing after it, wherever it stands.
    fn returns(&mut self, block: &[Stmt]) {
        for statement in block {
            statement.walk(&mut Vec::new(), &mut |path| {
                if let Some(ASTNode::Stmt(Stmt::Return(value, flags, place))) = path.last()
                    && !flags.contains(ASTFlags::BREAK)
                {
                    match value {
                        None => self.places.push(*place),
                        Some(value) => self.value(value),
                    }
                }
                true
            });
        }
    }
}
