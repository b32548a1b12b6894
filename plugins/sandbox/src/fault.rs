//! Turns what went wrong in a script into a code, a sentence and a place.

use rhai::{Dynamic, EvalAltResult as E, ParseError, Position};
use wire::{Failure, Layer};

/// A mistake one of our own words noticed.
#[derive(Debug, Clone)]
pub struct Fault {
    pub code: &'static str,
    pub message: String,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

/// Raises a mistake from inside a word; rhai adds the position of the call.
pub fn raise<T>(code: &'static str, message: impl Into<String>) -> Result<T, Box<E>> {
    let fault = Fault {
        code,
        message: message.into(),
    };
    Err(Box::new(E::ErrorRuntime(Dynamic::from(fault), Position::NONE)))
}

/// A fault with its place, not yet tied to a layer.
#[derive(Debug, Clone)]
pub struct Placed {
    pub code: String,
    pub message: String,
    pub line: u32,
    pub column: u32,
}

impl Placed {
    pub fn nowhere(code: &str, message: impl Into<String>) -> Placed {
        Placed {
            code: code.into(),
            message: message.into(),
            line: 0,
            column: 0,
        }
    }

    pub fn at(code: &str, message: impl Into<String>, place: Position) -> Placed {
        let (line, column) = numbers(place);
        Placed {
            code: code.into(),
            message: message.into(),
            line,
            column,
        }
    }

    /// The same fault seen from the script above, in whose text it has no place.
    pub fn in_base(self) -> Placed {
        Placed::nowhere(&self.code, format!("in base: {}", self.message))
    }

    pub fn of(self, layer: &Layer) -> Failure {
        Failure {
            level: layer.level,
            name: layer.name.clone(),
            hash: layer.hash.clone(),
            code: self.code,
            message: self.message,
            line: self.line,
            column: self.column,
        }
    }
}

pub fn numbers(place: Position) -> (u32, u32) {
    (place.line().unwrap_or(0) as u32, place.position().unwrap_or(0) as u32)
}

/// What a script that does not parse did wrong.
pub fn of_parsing(error: &ParseError) -> Placed {
    use rhai::ParseErrorType as P;
    let code = match error.err_type() {
        P::VariableUndefined(_) => "undefined_variable",
        P::LiteralTooLarge(..) => "size",
        P::ExprTooDeep | P::TooManyFunctions => "depth",
        P::ModuleUndefined(_) => "unknown_function",
        _ => "syntax",
    };
    Placed::at(code, error.err_type().to_string(), error.position())
}

/// What a running script did wrong. `own` names the script an admin is shown: a fault inside
/// `base::` is placed where that script called it.
pub fn of_running(error: &E, own: &str) -> Placed {
    let (inner, place, in_base) = descend(error, own, false);
    let (code, message) = describe(inner);
    let message = if in_base {
        format!("in base: {message}")
    } else {
        message
    };
    Placed::at(&code, message, place)
}

fn descend<'a>(error: &'a E, own: &str, in_base: bool) -> (&'a E, Position, bool) {
    match error {
        E::ErrorInFunctionCall(_, source, inner, place) => {
            let foreign = !source.is_empty() && source != own;
            let (cause, inner_place, deeper) = descend(inner, own, in_base || foreign);
            let shown = if foreign || inner_place.is_none() {
                *place
            } else {
                inner_place
            };
            (cause, shown, deeper)
        }
        other => (other, other.position(), in_base),
    }
}

fn describe(error: &E) -> (String, String) {
    let with = |code: &str, message: String| (code.to_string(), message);
    match error {
        E::ErrorRuntime(value, _) => match value.clone().try_cast::<Fault>() {
            Some(fault) => with(fault.code, fault.message),
            None => with("thrown", shorten(value.to_string())),
        },
        E::ErrorTerminated(token, _) => match token.to_string().as_str() {
            "memory" => with("memory", "the script took more memory than a call may".into()),
            _ => with("deadline", "the script ran longer than a call may".into()),
        },
        E::ErrorTooManyOperations(_) => with("operations", "the script took more steps than a call may".into()),
        E::ErrorStackOverflow(_) => with("depth", "functions call each other too deeply".into()),
        E::ErrorTooManyVariables(_) | E::ErrorTooManyModules(_) => with("depth", error_text(error)),
        E::ErrorDataTooLarge(..) => with("size", error_text(error)),
        E::ErrorArithmetic(..) => with("arithmetic", error_text(error)),
        E::ErrorFunctionNotFound(signature, _) => with("unknown_function", unknown_function(signature)),
        E::ErrorDotExpr(text, _) if text.ends_with("for type '()'") => {
            let property = text.split('\'').nth(1).unwrap_or_default();
            with(
                "unknown_property",
                format!("{property} of nothing: the value is absent here, compare it with () first"),
            )
        }
        E::ErrorDotExpr(..) | E::ErrorPropertyNotFound(..) => with("unknown_property", error_text(error)),
        E::ErrorParsing(..) => with("syntax", error_text(error)),
        _ => with("runtime", error_text(error)),
    }
}

/// The engine's sentence without its place, which has fields of its own.
fn error_text(error: &E) -> String {
    let text = error.to_string();
    let text = text.rfind(" (line ").map_or(text.as_str(), |end| &text[..end]);
    shorten(text.to_string())
}

fn unknown_function(signature: &str) -> String {
    let hint = match signature.split([' ', '(']).next().unwrap_or_default() {
        "after" | "before" | "at" => ": use hours(24), minutes(5) or days(1) for a length, and a time for at()",
        _ => "",
    };
    let signature = signature
        .replace("&str | ImmutableString | String", "text")
        .replace("i64", "number")
        .replace("f64", "number");
    shorten(format!("there is no {signature}{hint}"))
}

fn shorten(text: String) -> String {
    if text.chars().count() <= 300 {
        text
    } else {
        text.chars().take(299).chain(['…']).collect()
    }
}
