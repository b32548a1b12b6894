//! A name nobody gave: was it meant for another, or left behind when an anonymous function was made?

use rhai::{Engine, Position, Token};
use wire::Finding;

use super::literals::tokens;
use super::nearest;

/// Says more about an undefined variable than the parser can.
pub fn refine(engine: &Engine, source: &str, found: &mut Finding) {
    let Some(name) = found.args.get("name").cloned() else {
        return;
    };
    let tokens = tokens(engine, source);
    let at = tokens.iter().position(|(_, place)| {
        place.line() == Some(found.line as usize) && place.position() == Some(found.column as usize)
    });
    let Some(at) = at else { return };
    let given = names_before(&tokens, at);
    let closure = closures(&tokens)
        .into_iter()
        .rev()
        .find(|(from, to)| *from < at && at < *to);
    match closure {
        Some((from, _)) if given.iter().any(|(known, place)| *known == name && *place < from) => {
            found.code = "captured_variable".into();
            found.message = format!("a function without a name cannot see {name} of the one around it");
        }
        _ => {
            let others = given
                .iter()
                .map(|(known, _)| known.as_str())
                .filter(|known| *known != name);
            found.suggestion = nearest(&name, others);
        }
    }
}

/// The names given in the function around a token, with the places where they were.
fn names_before(tokens: &[(Token, Position)], at: usize) -> Vec<(String, usize)> {
    let from = tokens[..at]
        .iter()
        .rposition(|(token, _)| *token == Token::Fn)
        .unwrap_or(0);
    let mut names = Vec::new();
    let mut in_params = tokens.get(from).is_some_and(|(token, _)| *token == Token::Fn);
    for i in from..at {
        match (&tokens[i].0, i.checked_sub(1).map(|before| &tokens[before].0)) {
            (Token::RightParen, _) => in_params = false,
            (Token::Identifier(name), Some(Token::Let | Token::Const | Token::For)) => {
                names.push((name.to_string(), i))
            }
            (Token::Identifier(name), Some(Token::LeftParen | Token::Comma)) if in_params => {
                names.push((name.to_string(), i));
            }
            _ => {}
        }
    }
    names
}

/// From the first bar of each anonymous function to the end of its body.
fn closures(tokens: &[(Token, Position)]) -> Vec<(usize, usize)> {
    let begins = |at: usize| match at.checked_sub(1).map(|before| &tokens[before].0) {
        None => true,
        Some(before) => matches!(
            before,
            Token::LeftParen
                | Token::Comma
                | Token::Equals
                | Token::Return
                | Token::DoubleArrow
                | Token::LeftBrace
                | Token::SemiColon
                | Token::Colon
        ),
    };
    let mut found = Vec::new();
    for at in 0..tokens.len() {
        let body = match tokens[at].0 {
            Token::Or if begins(at) => at + 1,
            Token::Pipe if begins(at) => {
                let close = tokens[at + 1..].iter().position(|(token, _)| *token == Token::Pipe);
                match close {
                    Some(close) => at + close + 2,
                    None => continue,
                }
            }
            _ => continue,
        };
        found.push((at, end_of(tokens, body)));
    }
    found
}

fn end_of(tokens: &[(Token, Position)], body: usize) -> usize {
    let mut depth = 0usize;
    for (i, (token, _)) in tokens.iter().enumerate().skip(body) {
        match token {
            Token::LeftParen | Token::LeftBracket | Token::LeftBrace | Token::MapStart => depth += 1,
            Token::RightParen | Token::RightBracket | Token::RightBrace if depth == 0 => return i,
            Token::RightParen | Token::RightBracket | Token::RightBrace => {
                depth -= 1;
                if depth == 0 && *token == Token::RightBrace {
                    return i + 1;
                }
            }
            Token::Comma | Token::SemiColon if depth == 0 => return i,
            _ => {}
        }
    }
    tokens.len()
}
