//! Errors as RFC 9457 problems with a stable code, in the reader's language.

use poem::Response;
use poem::http::{StatusCode, header};
use serde_json::{Map, Value, json};

use crate::error::Error;
use crate::locale::{self, Lang};

/// The sentence for a code, in a person's language.
pub fn message(lang: Lang, code: &str, args: &Map<String, Value>) -> String {
    let id = format!("error-{}", code.replace('_', "-"));
    // Fluent wants names that outlive the call; arguments are few and named in the code.
    let args: Vec<(&'static str, locale::Value)> = args
        .iter()
        .filter_map(|(name, value)| {
            let name = ARGS.iter().find(|known| *known == name)?;
            let value = match value {
                Value::Number(n) => locale::Value::from(n.as_f64().unwrap_or_default()),
                Value::String(s) => locale::Value::from(s.clone()),
                other => locale::Value::from(other.to_string()),
            };
            Some((*name, value))
        })
        .collect();
    locale::find(lang, &id, &args).unwrap_or_else(|| locale::t(lang, "error-internal", &[]))
}

/// Names a translated error may use.
const ARGS: &[&str] = &[
    "scope", "from", "to", "max", "min", "name", "line", "column", "reason", "count", "time", "status",
];

pub fn problem(error: &Error, lang: Lang, request_id: &str) -> Response {
    if let Error::Internal(what) = error {
        tracing::error!(request_id, what, "a request failed");
    }
    let none = Map::new();
    let args = match error {
        Error::Refused(refusal) | Error::Conflict(refusal) => &refusal.args,
        _ => &none,
    };
    let mut body = json!({
        "type": format!("urn:markaz:problem:{}", error.code()),
        "title": message(lang, error.code(), args),
        "status": error.status(),
        "code": error.code(),
        "request_id": request_id,
    });
    // What the sentence names stays together; anything else (`lead_id`) is a member of the problem itself.
    let (words, members): (Map<_, _>, Map<_, _>) = args
        .clone()
        .into_iter()
        .partition(|(name, _)| ARGS.contains(&name.as_str()));
    if !words.is_empty() {
        body["args"] = Value::Object(words);
    }
    if let Some(body) = body.as_object_mut() {
        body.extend(members);
    }
    if let Error::Invalid(fields) = error {
        body["errors"] = fields
            .iter()
            .map(|f| json!({"field": f.field, "code": f.code, "message": message(lang, f.code, &f.args)}))
            .collect();
    }
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, "application/problem+json");
    match error {
        Error::Throttled(seconds) => response = response.header(header::RETRY_AFTER, seconds.to_string()),
        Error::Unavailable(_) => response = response.header(header::RETRY_AFTER, "2"),
        Error::Unauthorized(_) => response = response.header(header::WWW_AUTHENTICATE, "Bearer"),
        _ => {}
    }
    response.body(body.to_string())
}
