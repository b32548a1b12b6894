//! One error for every verb. Refusals carry a stable snake_case code that is translated in every language;
//! failures are logged once, at the boundary that turns them into an answer.

use serde_json::{Map, Value};

pub type Result<T, E = Error> = std::result::Result<T, E>;

#[derive(Debug)]
pub enum Error {
    /// The row does not exist for this tenant and actor.
    NotFound,
    /// Nobody is signed in, or the session or token is no longer good.
    Unauthorized(&'static str),
    /// The actor may not do this.
    Forbidden(&'static str),
    /// Fields that must be mended.
    Invalid(Vec<FieldError>),
    /// A rule says no.
    Refused(Refusal),
    /// The state changed meanwhile, or the thing is already there.
    Conflict(Refusal),
    /// `If-Match` is missing (428) or stale (412).
    Precondition { missing: bool },
    /// Too many requests; seconds to wait.
    Throttled(u64),
    /// The body is larger than allowed.
    TooLarge,
    /// Try again soon.
    Unavailable(&'static str),
    /// Our fault; the text goes to the log, never to the user.
    Internal(String),
}

#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct FieldError {
    pub field: String,
    pub code: &'static str,
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub args: Map<String, Value>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    pub code: &'static str,
    pub args: Map<String, Value>,
}

impl Error {
    pub fn refused(code: &'static str) -> Self {
        Error::Refused(Refusal { code, args: Map::new() })
    }

    pub fn conflict(code: &'static str) -> Self {
        Error::Conflict(Refusal { code, args: Map::new() })
    }

    pub fn field(field: impl Into<String>, code: &'static str) -> Self {
        Error::Invalid(vec![FieldError {
            field: field.into(),
            code,
            args: Map::new(),
        }])
    }

    pub fn internal(what: impl std::fmt::Display) -> Self {
        Error::Internal(what.to_string())
    }

    /// Adds a value the translated message names.
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        match &mut self {
            Error::Refused(r) | Error::Conflict(r) => {
                r.args.insert(name.to_owned(), value.into());
            }
            Error::Invalid(fields) => {
                if let Some(last) = fields.last_mut() {
                    last.args.insert(name.to_owned(), value.into());
                }
            }
            _ => {}
        }
        self
    }

    pub fn code(&self) -> &'static str {
        match self {
            Error::NotFound => "not_found",
            Error::Unauthorized(code) | Error::Forbidden(code) | Error::Unavailable(code) => code,
            Error::Invalid(_) => "invalid",
            Error::Refused(r) | Error::Conflict(r) => r.code,
            Error::Precondition { missing: true } => "if_match_required",
            Error::Precondition { missing: false } => "stale_version",
            Error::Throttled(_) => "too_many_requests",
            Error::TooLarge => "body_too_large",
            Error::Internal(_) => "internal",
        }
    }

    pub fn status(&self) -> u16 {
        match self {
            Error::NotFound => 404,
            Error::Unauthorized(_) => 401,
            Error::Forbidden(_) => 403,
            Error::Refused(refusal) => refused_status(refusal.code),
            Error::Invalid(_) => 422,
            Error::Conflict(_) => 409,
            Error::Precondition { missing: true } => 428,
            Error::Precondition { missing: false } => 412,
            Error::Throttled(_) => 429,
            Error::TooLarge => 413,
            Error::Unavailable(_) => 503,
            Error::Internal(_) => 500,
        }
    }
}

/// A refused rule is 422; what HTTP has a number of its own for keeps it.
fn refused_status(code: &str) -> u16 {
    match code {
        "bad_request" | "unreadable_text" => 400,
        "method_not_allowed" => 405,
        "length_required" => 411,
        "encoded_body" | "unsupported_media_type" => 415,
        "unknown_host" => 421,
        _ => 422,
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Error::Internal(what) => write!(f, "internal: {what}"),
            Error::Invalid(fields) => write!(f, "invalid: {fields:?}"),
            other => f.write_str(other.code()),
        }
    }
}

impl std::error::Error for Error {}

impl From<sea_orm::DbErr> for Error {
    fn from(error: sea_orm::DbErr) -> Self {
        use sea_orm::{DbErr, SqlErr};
        match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => return Error::conflict("already_exists"),
            Some(SqlErr::ForeignKeyConstraintViolation(_)) => return Error::refused("unknown_reference"),
            _ => {}
        }
        let text = error.to_string();
        let passing = [
            "database is locked",
            "database table is locked",
            "deadlock detected",
            "could not serialize",
        ];
        // Text that only SQLite would store, such as a NUL.
        if text.contains("invalid byte sequence") || text.contains("unsupported Unicode escape") {
            return Error::refused("unreadable_text");
        }
        match error {
            DbErr::RecordNotFound(_) => Error::NotFound,
            DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => Error::Unavailable("database_unavailable"),
            _ if passing.iter().any(|p| text.contains(p)) => Error::Unavailable("database_busy"),
            _ if is_connection_loss(&text) => Error::Unavailable("database_unavailable"),
            _ => Error::Internal(text),
        }
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Error::internal(error)
    }
}

fn is_connection_loss(text: &str) -> bool {
    [
        "error communicating with database",
        "terminating connection",
        "shutting down",
        "starting up",
        "Broken pipe",
    ]
    .iter()
    .any(|p| text.contains(p))
}
