//! Cursors of lists ordered by an instant, or a text, and an id.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use platform::{Error, Id, Result};

pub(crate) fn write(at: DateTime<Utc>, id: Id) -> String {
    URL_SAFE_NO_PAD.encode(format!("{}|{id}", at.timestamp_micros()))
}

pub(crate) fn read(cursor: &str) -> Result<(DateTime<Utc>, Id)> {
    let parse = || {
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
        let (at, id) = text.split_once('|')?;
        Some((DateTime::from_timestamp_micros(at.parse().ok()?)?, id.parse().ok()?))
    };
    parse().ok_or_else(|| Error::field("cursor", "bad_cursor"))
}

pub(crate) fn write_text(text: &str, id: Id) -> String {
    URL_SAFE_NO_PAD.encode(format!("{id}|{text}"))
}

pub(crate) fn read_text(cursor: &str) -> Result<(String, Id)> {
    let parse = || {
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
        let (id, text) = text.split_once('|')?;
        Some((text.to_owned(), id.parse().ok()?))
    };
    parse().ok_or_else(|| Error::field("cursor", "bad_cursor"))
}
