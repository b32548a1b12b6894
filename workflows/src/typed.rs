//! What people type, cleaned for its place; what is too long for it is refused, never cut behind their back.

use platform::fold::{clean_line, clean_text};
use platform::{Error, Result};

/// One line.
pub(crate) fn line(field: &str, typed: &str, max: usize) -> Result<String> {
    bounded(field, clean_line(typed, max + 1), max)
}

/// Text of several lines.
pub(crate) fn text(field: &str, typed: &str, max: usize) -> Result<String> {
    bounded(field, clean_text(typed, max + 1), max)
}

fn bounded(field: &str, text: String, max: usize) -> Result<String> {
    if text.chars().count() > max {
        return Err(Error::field(field, "too_long").with("max", max as u64));
    }
    Ok(text)
}
