//! Turns what went wrong in a script into a code, what the code speaks of, a sentence and a place.

use std::fmt::Display;

use rhai::{Dynamic, EvalAltResult as E, LexError, ParseError, ParseErrorType, Position};
use wire::{Args, Failure, Layer};

/// A mistake one of our own words noticed.
#[derive(Debug, Clone)]
pub struct Fault {
    pub code: &'static str,
    pub message: String,
    pub args: Args,
}

impl Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

/// Raises a mistake from inside a word; rhai adds the position of the call.
pub fn raise<T>(code: &'static str, message: impl Into<String>) -> Result<T, Box<E>> {
    raise_with(code, &[], message)
}

/// As [`raise`], with the names and figures that sentences in other languages need.
pub fn raise_with<T>(
    code: &'static str,
    args: &[(&str, &dyn Display)],
    message: impl Into<String>,
) -> Result<T, Box<E>> {
    let fault = Fault {
        code,
        message: message.into(),
        args: args_of(args),
    };
    Err(Box::new(E::ErrorRuntime(Dynamic::from(fault), Position::NONE)))
}

pub fn args_of(args: &[(&str, &dyn Display)]) -> Args {
    args.iter()
        .map(|(name, value)| ((*name).to_owned(), shorten(value.to_string())))
        .collect()
}

/// A fault with its place, not yet tied to a layer.
#[derive(Debug, Clone)]
pub struct Placed {
    pub code: String,
    pub message: String,
    pub args: Args,
    pub line: u32,
    pub column: u32,
}

impl Placed {
    pub fn nowhere(code: &str, message: impl Into<String>) -> Placed {
        Placed::at(code, message, Position::NONE)
    }

    pub fn at(code: &str, message: impl Into<String>, place: Position) -> Placed {
        let (line, column) = numbers(place);
        Placed {
            code: code.into(),
            message: message.into(),
            args: Args::new(),
            line,
            column,
        }
    }

    /// The same fault with what its sentence speaks of.
    pub fn with(mut self, args: &[(&str, &dyn Display)]) -> Placed {
        self.args.extend(args_of(args));
        self
    }

    /// The same fault seen from the script above, in whose text it has no place.
    pub fn in_base(self) -> Placed {
        Placed {
            args: self.args,
            ..Placed::nowhere(&self.code, format!("in base: {}", self.message))
        }
        .with(&[("base", &true)])
    }

    pub fn of(self, layer: &Layer) -> Failure {
        Failure {
            level: layer.level,
            name: layer.name.clone(),
            hash: layer.hash.clone(),
            code: self.code,
            message: self.message,
            args: self.args,
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
    parsing(error.err_type(), error.position())
}

/// What a running script did wrong. `own` names the script an admin is shown: a fault inside
/// `base::` is placed where that script called it.
pub fn of_running(error: &E, own: &str) -> Placed {
    let (inner, place, in_base) = descend(error, own, false);
    let mut fault = describe(inner, place);
    if in_base {
        fault.message = format!("in base: {}", fault.message);
        fault = fault.with(&[("base", &true)]);
    }
    fault
}

fn parsing(error: &ParseErrorType, place: Position) -> Placed {
    use ParseErrorType as P;
    let at = |code: &str| Placed::at(code, error.to_string(), place);
    let unreadable = |what: &str| at("syntax").with(&[("what", &what)]);
    match error {
        P::VariableUndefined(name) => at("undefined_variable").with(&[("name", name)]),
        P::ModuleUndefined(name) => at("unknown_function").with(&[("name", &format!("{name}::"))]),
        P::LiteralTooLarge(..) => at("size"),
        P::ExprTooDeep => at("depth").with(&[("what", &"expression")]),
        P::TooManyFunctions => at("depth").with(&[("what", &"functions")]),
        P::UnexpectedEOF => unreadable("end"),
        P::BadInput(LexError::UnterminatedString) => unreadable("string"),
        P::BadInput(LexError::MalformedEscapeSequence(text)) => unreadable("escape").with(&[("text", text)]),
        P::BadInput(LexError::MalformedNumber(text)) => unreadable("number").with(&[("text", text)]),
        P::BadInput(
            LexError::UnexpectedInput(text)
            | LexError::MalformedChar(text)
            | LexError::MalformedIdentifier(text)
            | LexError::ImproperSymbol(text, _),
        ) if !text.is_empty() => unreadable("input").with(&[("text", text)]),
        P::UnknownOperator(text) => unreadable("input").with(&[("text", text)]),
        P::MissingToken(token, _) if !token.is_empty() => unreadable("missing").with(&[("text", token)]),
        P::ExprExpected(_) => unreadable("expression"),
        P::PropertyExpected | P::VariableExpected | P::FnMissingName => unreadable("name"),
        P::Reserved(name) | P::ForbiddenVariable(name) => unreadable("reserved").with(&[("name", name)]),
        P::FnMissingParams(name) => unreadable("params").with(&[("name", name)]),
        P::FnMissingBody(name) => unreadable("body").with(&[("name", name)]),
        P::FnDuplicatedDefinition(name, _) => unreadable("fn_twice").with(&[("name", name)]),
        P::FnDuplicatedParam(_, name) | P::DuplicatedProperty(name) | P::DuplicatedVariable(name) => {
            unreadable("twice").with(&[("name", name)])
        }
        P::WrongFnDefinition => unreadable("fn_inside"),
        P::AssignmentToConstant(name) => unreadable("constant").with(&[("name", name)]),
        P::AssignmentToInvalidLHS(_) => unreadable("assignment"),
        P::LoopBreak => unreadable("break"),
        _ => unreadable("other"),
    }
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

fn describe(error: &E, place: Position) -> Placed {
    let at = |code: &str, message: &str| Placed::at(code, message, place);
    let told = |code: &str| Placed::at(code, error_text(error), place);
    let wrong = |what: &str| told("runtime").with(&[("what", &what)]);
    match error {
        E::ErrorRuntime(value, _) => match value.clone().try_cast::<Fault>() {
            Some(fault) => Placed {
                args: fault.args,
                ..Placed::at(fault.code, fault.message, place)
            },
            None => {
                let text = shorten(value.to_string());
                Placed::at("thrown", text.as_str(), place).with(&[("text", &text)])
            }
        },
        E::ErrorTerminated(token, _) => match token.to_string().as_str() {
            "memory" => at("memory", "the script took more memory than a call may"),
            _ => at("deadline", "the script ran longer than a call may"),
        },
        E::ErrorTooManyOperations(_) => at("operations", "the script took more steps than a call may"),
        E::ErrorStackOverflow(_) => at("depth", "functions call each other too deeply").with(&[("what", &"calls")]),
        E::ErrorTooManyVariables(_) | E::ErrorTooManyModules(_) => told("depth").with(&[("what", &"variables")]),
        E::ErrorDataTooLarge(..) => told("size"),
        E::ErrorArithmetic(text, _) => {
            let what = if text.to_lowercase().contains("zero") {
                "zero"
            } else {
                "other"
            };
            told("arithmetic").with(&[("what", &what)])
        }
        E::ErrorFunctionNotFound(signature, _) => unknown_function(signature, place),
        E::ErrorDotExpr(text, _) if text.ends_with("for type '()'") => {
            let name = quoted(text);
            let message = format!("{name} of nothing: the value is absent here, compare it with () first");
            Placed::at("unknown_property", message, place).with(&[("name", &name), ("what", &"absent")])
        }
        E::ErrorDotExpr(text, _) => told("unknown_property").with(&[("name", &quoted(text))]),
        E::ErrorPropertyNotFound(name, _) => told("unknown_property").with(&[("name", name)]),
        E::ErrorVariableNotFound(name, _) => told("undefined_variable").with(&[("name", name)]),
        E::ErrorParsing(kind, _) => Placed {
            message: error_text(error),
            ..parsing(kind, place)
        },
        E::ErrorArrayBounds(count, index, _) | E::ErrorStringBounds(count, index, _) => {
            wrong("bounds").with(&[("n", index), ("max", count)])
        }
        E::ErrorMismatchDataType(wanted, given, _) | E::ErrorMismatchOutputType(wanted, given, _) => {
            wrong("type").with(&[("expected", wanted), ("given", given)])
        }
        E::ErrorFor(_) => wrong("for"),
        E::ErrorIndexingType(..) => wrong("index"),
        _ => wrong("other"),
    }
}

/// The first name between apostrophes of an engine's sentence.
fn quoted(text: &str) -> String {
    text.split('\'').nth(1).unwrap_or_default().to_owned()
}

/// The engine's sentence without its place, which has fields of its own.
fn error_text(error: &E) -> String {
    let text = error.to_string();
    let text = text.rfind(" (line ").map_or(text.as_str(), |end| &text[..end]);
    shorten(text.to_string())
}

fn unknown_function(signature: &str, place: Position) -> Placed {
    let name = signature.split([' ', '(']).next().unwrap_or_default();
    let unit = matches!(name, "after" | "before" | "at");
    let hint = if unit {
        ": use hours(24), minutes(5) or days(1) for a length, and a time for at()"
    } else {
        ""
    };
    let signature = signature
        .replace("&str | ImmutableString | String", "text")
        .replace("i64", "number")
        .replace("f64", "number");
    let what = if unit { "unit" } else { "other" };
    Placed::at(
        "unknown_function",
        shorten(format!("there is no {signature}{hint}")),
        place,
    )
    .with(&[("name", &signature), ("what", &what)])
}

fn shorten(text: String) -> String {
    if text.chars().count() <= 300 {
        text
    } else {
        text.chars().take(299).chain(['…']).collect()
    }
}
