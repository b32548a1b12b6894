//! `Idempotency-Key` on operations that make something: the same key and request get the first answer again.

use platform::Error;
use platform::idempotency::Key;
use poem::Request;
use poem_openapi::param::Header;
use serde::Serialize;

/// The header's value, as operations take it.
pub type KeyHeader = Header<Option<String>>;

/// The key of a request, with a fingerprint of what it asks for.
pub fn key(header: KeyHeader, req: &Request, asked: &impl Serialize) -> Result<Option<Key>, Error> {
    let Some(text) = header.0 else { return Ok(None) };
    let body = serde_json::to_vec(asked)?;
    Key::new(&text, req.method().as_str(), req.original_uri().path(), &body).map(Some)
}
