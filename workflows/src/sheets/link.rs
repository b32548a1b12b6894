//! A sheet's address as people copy it from the browser.

use platform::{Error, Result};

/// The spreadsheet's id, and the tab's where the address names one.
pub(super) fn read(link: &str) -> Result<(String, Option<i64>)> {
    let link = link.trim();
    let id = match link.split_once("/spreadsheets/d/") {
        Some((_, rest)) => rest.split(['/', '?', '#']).next().unwrap_or_default(),
        None => link,
    };
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if !(20..=100).contains(&id.len()) || !id.chars().all(fits) {
        return Err(Error::field("link", "google_bad_link"));
    }
    let digits = |text: &str| text.chars().take_while(char::is_ascii_digit).collect::<String>();
    let gid = link.split_once("gid=").and_then(|(_, rest)| digits(rest).parse().ok());
    Ok((id.to_owned(), gid))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms";

    #[test]
    fn addresses_are_read_as_they_are_copied() {
        for (link, gid) in [
            (
                format!("https://docs.google.com/spreadsheets/d/{ID}/edit?gid=17#gid=17"),
                Some(17),
            ),
            (
                format!("https://docs.google.com/spreadsheets/d/{ID}/edit?usp=sharing"),
                None,
            ),
            (format!("  {ID} "), None),
        ] {
            assert_eq!(read(&link).unwrap(), (ID.to_owned(), gid), "{link}");
        }
        for bad in [
            "",
            "https://example.org",
            "../../etc/passwd",
            "https://docs.google.com/spreadsheets/d/../x",
        ] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }
}
