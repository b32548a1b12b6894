//! Lints over the words of the text: statuses, sources, reasons and templates written out must
//! exist. The syntax tree cannot tell, since it keeps only a hash of each `switch` case.

use rhai::{Engine, Position, Token};
use wire::{Check, Finding, Severity};

use super::{finding, nearest};
use crate::fault::Placed;

/// What a literal must be one of.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Status,
    Source,
    LostReason,
    Template,
}

pub fn lint(engine: &Engine, check: &Check) -> Vec<Finding> {
    let tokens = tokens(engine, &check.source);
    let mut findings = Vec::new();
    let mut switches: Vec<(usize, Option<Kind>)> = Vec::new();
    let mut pending: Option<Option<Kind>> = None;
    let (mut depth, mut in_case) = (0usize, false);
    for (i, (token, place)) in tokens.iter().enumerate() {
        let before = |n: usize| i.checked_sub(n).map(|at| &tokens[at].0);
        match token {
            Token::Switch => pending = Some(None),
            Token::LeftParen | Token::LeftBracket | Token::QuestionBracket => depth += 1,
            Token::RightParen | Token::RightBracket => depth = depth.saturating_sub(1),
            Token::LeftBrace | Token::MapStart => {
                depth += 1;
                if let (Some(kind), Token::LeftBrace) = (pending, token) {
                    switches.push((depth, kind));
                    pending = None;
                    in_case = true;
                }
            }
            Token::RightBrace => {
                if switches.last().is_some_and(|(at, _)| *at == depth) {
                    switches.pop();
                }
                depth = depth.saturating_sub(1);
                // A case's block has ended, or the case stood in another switch.
                in_case = switches.last().is_some_and(|(at, _)| *at == depth);
            }
            Token::Comma if switches.last().is_some_and(|(at, _)| *at == depth) => in_case = true,
            Token::DoubleArrow => in_case = false,
            Token::Identifier(name) => {
                if let (Some(slot), Some(Token::Period)) = (pending.as_mut(), before(1)) {
                    *slot = kind_of(name);
                }
            }
            Token::StringConstant(text) => {
                let case = match switches.last() {
                    Some((at, kind)) if in_case && *at == depth => *kind,
                    _ => None,
                };
                let kind = case.or_else(|| compared(&tokens, i)).or_else(|| template(&tokens, i));
                if let Some(kind) = kind {
                    findings.extend(judge(check, kind, text, *place));
                }
            }
            _ => {}
        }
    }
    findings
}

/// The script's tokens, with the code inside template texts among them.
pub(super) fn tokens(engine: &Engine, source: &str) -> Vec<(Token, Position)> {
    let sources = [source];
    let (stream, control) = engine.lex(&sources);
    let mut tokens = Vec::new();
    // Depths at which a `${…}` opened: its closing brace leads back into the text.
    let (mut texts, mut depth) = (Vec::new(), 0usize);
    let mut opens = false;
    for (token, place) in stream {
        match &token {
            Token::EOF | Token::LexError(_) => break,
            Token::InterpolatedString(_) => opens = true,
            Token::LeftBrace | Token::MapStart => {
                depth += 1;
                if std::mem::take(&mut opens) {
                    texts.push(depth);
                }
            }
            Token::RightBrace => {
                if texts.last() == Some(&depth) {
                    texts.pop();
                    control.borrow_mut().is_within_text = true;
                }
                depth = depth.saturating_sub(1);
            }
            _ => {}
        }
        tokens.push((token, place));
    }
    tokens
}

fn kind_of(field: &str) -> Option<Kind> {
    match field {
        "to" | "from" | "status" => Some(Kind::Status),
        "source" => Some(Kind::Source),
        "lost_reason" => Some(Kind::LostReason),
        _ => None,
    }
}

/// `ctx.to == "x"`, `"x" == ctx.to`, `ctx.to in ["x", "y"]`.
fn compared(tokens: &[(Token, Position)], at: usize) -> Option<Kind> {
    let token = |at: usize| tokens.get(at).map(|(token, _)| token);
    let field_ending = |end: usize| match (token(end.checked_sub(1)?)?, token(end)?) {
        (Token::Period, Token::Identifier(name)) => kind_of(name),
        _ => None,
    };
    let is_equality = |token: Option<&Token>| matches!(token, Some(Token::EqualsTo | Token::NotEqualsTo));
    if is_equality(at.checked_sub(1).and_then(token)) {
        return field_ending(at.checked_sub(2)?);
    }
    if is_equality(token(at + 1)) {
        let mut end = at + 2;
        while matches!(token(end + 1), Some(Token::Period)) {
            end += 2;
        }
        return field_ending(end);
    }
    let mut start = at;
    while matches!(token(start), Some(Token::StringConstant(_) | Token::Comma)) {
        start = start.checked_sub(1)?;
    }
    let listed = matches!(token(start), Some(Token::LeftBracket))
        && matches!(token(start.checked_sub(1)?), Some(Token::In | Token::NotIn));
    if listed {
        field_ending(start.checked_sub(2)?)
    } else {
        None
    }
}

/// The second argument of `notify(to, template)`.
fn template(tokens: &[(Token, Position)], at: usize) -> Option<Kind> {
    let token = |back: usize| at.checked_sub(back).map(|at| &tokens[at].0);
    match (token(1)?, token(2)?, token(3)?, token(4)?) {
        (Token::Comma, Token::StringConstant(_), Token::LeftParen, Token::Identifier(name))
            if name.as_str() == "notify" =>
        {
            Some(Kind::Template)
        }
        _ => None,
    }
}

fn judge(check: &Check, kind: Kind, text: &str, place: Position) -> Option<Finding> {
    let registry = &check.registry;
    let (code, word, known): (_, _, Vec<&str>) = match kind {
        Kind::Status => (
            "unknown_status",
            "status",
            registry.statuses.iter().map(|s| s.key.as_str()).collect(),
        ),
        Kind::Source => (
            "unknown_source",
            "source",
            registry.sources.iter().map(String::as_str).collect(),
        ),
        Kind::LostReason => (
            "unknown_lost_reason",
            "lost reason",
            registry.lost_reasons.iter().map(String::as_str).collect(),
        ),
        Kind::Template => (
            "unknown_template",
            "template",
            registry.templates.iter().map(String::as_str).collect(),
        ),
    };
    // An empty list means that the caller has none to compare with.
    if known.is_empty() || known.contains(&text) {
        return None;
    }
    let mut found = finding(
        Severity::Error,
        Placed::at(code, format!("there is no {word} {text}"), place).with(&[("name", &text)]),
    );
    found.suggestion = nearest(text, known);
    Some(found)
}
