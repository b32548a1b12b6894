//! Reads a script before it is saved: does it parse, does it name things that exist, does it run.

mod dry_run;
mod functions;
mod literals;
mod names;
mod paths;

use rhai::{AST, Position};
use wire::{Check, CheckReport, Finding, FunctionInfo, Hook, Severity, source_hash};

use crate::engine::Library;
use crate::fault::{Placed, numbers};
use crate::scripts::{as_module, compile};
use crate::words::{KINDS, fields_of};

const MAX_FINDINGS: usize = 100;

pub fn check(library: &Library, check: &Check) -> CheckReport {
    let mut report = CheckReport {
        hash: source_hash(&check.source),
        ..CheckReport::default()
    };
    report.findings = match look(library, check, &mut report) {
        Ok(findings) => findings,
        Err(fault) => {
            let mut found = finding(Severity::Error, fault);
            if found.code == "undefined_variable" && !found.args.contains_key("base") {
                names::refine(&library.engine(None), &check.source, &mut found);
            }
            vec![found]
        }
    };
    report
        .findings
        .sort_by_key(|found| (found.line, found.column, found.severity));
    report
        .findings
        .dedup_by(|a, b| (a.line, a.column, &a.message) == (b.line, b.column, &b.message));
    report.findings.truncate(MAX_FINDINGS);
    report
}

/// Where a function of the script begins.
pub fn function_place(ast: &AST, name: &str) -> Position {
    ast.iter_fn_def()
        .find(|f| f.name == name)
        .map_or(Position::NONE, |f| f.body.start_position())
}

fn look(library: &Library, check: &Check, report: &mut CheckReport) -> Result<Vec<Finding>, Placed> {
    let base = match &check.base {
        None => None,
        Some(source) => {
            let below = compile(library, source, "base", None).map_err(Placed::in_base)?;
            Some((as_module(&below)?, below))
        }
    };
    let (module, below) = base.unzip();
    let script = compile(library, &check.source, &report.hash, module)?;
    report.functions = functions_of(&script.ast);
    report.hooks = Hook::ALL.into_iter().filter(|hook| script.defines(*hook)).collect();

    let bodies = paths::bodies(&script.ast);
    let mut findings = functions::lint(&script, below.as_ref(), &bodies, check);
    findings.extend(paths::lint(&script, &bodies));
    findings.extend(literals::lint(&script.engine, check));
    let sound = findings.iter().all(|finding| finding.severity != Severity::Error);
    // A script that names what is not there would only repeat itself when run.
    if sound {
        let ran = dry_run::run(&script, check, &report.hooks)?;
        findings.extend(ran.into_iter().map(suggest));
    }
    Ok(findings)
}

fn functions_of(ast: &AST) -> Vec<FunctionInfo> {
    let mut functions: Vec<FunctionInfo> = ast
        .iter_fn_def()
        .map(|f| FunctionInfo {
            name: f.name.to_string(),
            params: f.params.iter().map(|param| param.to_string()).collect(),
            line: numbers(f.body.start_position()).0,
        })
        .collect();
    functions.sort_by(|a, b| a.line.cmp(&b.line).then_with(|| a.name.cmp(&b.name)));
    functions
}

fn finding(severity: Severity, fault: Placed) -> Finding {
    Finding {
        severity,
        code: fault.code,
        message: fault.message,
        args: fault.args,
        line: fault.line,
        column: fault.column,
        suggestion: None,
    }
}

/// A misspelt property shows only when the script runs, where nobody knows what the thing was.
fn suggest(mut found: Finding) -> Finding {
    if found.code == "unknown_property"
        && found.suggestion.is_none()
        && let Some(name) = found.args.get("name")
    {
        let fields = KINDS.iter().flat_map(|kind| fields_of(kind));
        found.suggestion = nearest(name, fields.filter(|field| field != name));
    }
    found
}

/// The known word nearest to a misspelt one, if any is near.
fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let most = (word.chars().count() / 3).clamp(1, 3);
    known
        .into_iter()
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|(far, _)| *far <= most)
        .min()
        .map(|(_, candidate)| candidate.to_string())
}

fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let substituted = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}
