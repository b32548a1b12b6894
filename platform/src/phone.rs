//! Phone numbers as people type them, stored as E.164. We fold and place the digits ourselves and
//! ask the numbering plan only whether the result exists: the parser misreads Uzbek code 99.

mod plan;

use std::fmt::Write;

pub use phonenumber::country::Id as Country;
use phonenumber::metadata::{DATABASE, Metadata};
use unicode_normalization::UnicodeNormalization;

use crate::error::Error;
use crate::fold;

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PhoneError {
    #[error("phone_missing")]
    Missing,
    #[error("phone_not_a_number")]
    NotANumber,
    #[error("phone_too_short")]
    TooShort,
    #[error("phone_too_long")]
    TooLong,
    #[error("phone_unknown")]
    Unknown,
    #[error("phone_digits_lost")]
    DigitsLost,
}

impl PhoneError {
    pub const ALL: [Self; 6] = [
        Self::Missing,
        Self::NotANumber,
        Self::TooShort,
        Self::TooLong,
        Self::Unknown,
        Self::DigitsLost,
    ];

    /// The refusal of a form whose `field` holds the number.
    pub fn on(self, field: &str) -> Error {
        Error::field(field, self.code())
    }

    pub fn code(self) -> &'static str {
        match self {
            Self::Missing => "phone_missing",
            Self::NotANumber => "phone_not_a_number",
            Self::TooShort => "phone_too_short",
            Self::TooLong => "phone_too_long",
            Self::Unknown => "phone_unknown",
            Self::DigitsLost => "phone_digits_lost",
        }
    }
}

/// The country of an ISO 3166 alpha-2 code; Uzbekistan where the code is unknown.
pub fn country(alpha2: &str) -> Country {
    alpha2.parse().unwrap_or(Country::UZ)
}

/// E.164, or why not. Numbers without a country code belong to `country`.
pub fn normalize(raw: &str, country: Country) -> Result<String, PhoneError> {
    let typed = Typed::read(raw)?;
    let home = DATABASE.by_id(country.as_ref()).ok_or(PhoneError::Unknown)?;
    let number = if typed.international {
        abroad(&typed.digits)
    } else {
        at_home(&typed.digits, home)
    };
    number.ok_or_else(|| typed.wrong(home))
}

/// A number a spreadsheet stored as a float. Many trailing zeros mean that somebody saw
/// 9.98901E+11 and typed it back: the real digits are gone.
pub fn normalize_float(value: f64, country: Country) -> Result<String, PhoneError> {
    if value.fract() != 0.0 || !(1.0..1e15).contains(&value) {
        return Err(PhoneError::NotANumber);
    }
    let digits = format!("{value:.0}");
    if digits.len() >= 11 && digits.ends_with("000000") {
        return Err(PhoneError::DigitsLost);
    }
    normalize(&digits, country)
}

/// `+998 90 123 45 67` with no-break spaces; what is no E.164 comes back as it is.
pub fn format_national(e164: &str) -> String {
    let Some(digits) = e164
        .strip_prefix('+')
        .filter(|rest| rest.bytes().all(|b| b.is_ascii_digit()))
    else {
        return e164.to_owned();
    };
    match digits.len() {
        12 if digits.starts_with("998") => grouped(digits, &[3, 2, 3, 2, 2]),
        11 if digits.starts_with('7') => grouped(digits, &[1, 3, 3, 2, 2]),
        _ => by_the_plan(e164),
    }
}

/// `998` for Uzbekistan.
pub fn calling_code(country: Country) -> Option<u16> {
    DATABASE.by_id(country.as_ref()).map(Metadata::country_code)
}

struct Typed {
    digits: String,
    international: bool,
}

impl Typed {
    fn read(raw: &str) -> Result<Self, PhoneError> {
        let text: String = raw.nfkc().filter(|c| !fold::is_invisible(*c)).collect();
        let text = text.trim().trim_matches(['"', '\'', '`', '«', '»', '“', '”']).trim();
        let text = text.strip_prefix("tel:").unwrap_or(text);
        if text.is_empty() || text.chars().all(|c| !c.is_alphanumeric()) {
            return Err(PhoneError::Missing);
        }
        if let Some(whole) = from_scientific(text)? {
            return Ok(Self {
                digits: whole,
                international: false,
            });
        }
        let text = without_extension(text).replace("(0)", "");
        let (international, rest) = match text.trim_start_matches(['(', ' ']).strip_prefix('+') {
            Some(rest) => (true, rest),
            None => (false, text.as_str()),
        };
        let mut digits = String::with_capacity(15);
        for c in rest.chars() {
            match fold::digit(c) {
                Some(digit) => digits.push(digit),
                None if is_separator(c) => {}
                None => return Err(PhoneError::NotANumber),
            }
        }
        Ok(Self { digits, international })
    }

    fn wrong(&self, home: &Metadata) -> PhoneError {
        let own = self
            .digits
            .strip_prefix(&home.country_code().to_string())
            .unwrap_or(&self.digits);
        if self.digits.len() > 15 {
            PhoneError::TooLong
        } else if self.international && own.len() == self.digits.len() {
            if self.digits.len() < 8 {
                PhoneError::TooShort
            } else {
                PhoneError::Unknown
            }
        } else {
            match own.len().cmp(&national_length(home)) {
                std::cmp::Ordering::Less => PhoneError::TooShort,
                std::cmp::Ordering::Equal => PhoneError::Unknown,
                std::cmp::Ordering::Greater => PhoneError::TooLong,
            }
        }
    }
}

fn at_home(digits: &str, home: &Metadata) -> Option<String> {
    if let Some(rest) = digits.strip_prefix("00").or_else(|| digits.strip_prefix("810")) {
        return abroad(rest);
    }
    // The national reading comes first: 998 68 63 46 with code 99 begins like the country code.
    let national = plan::has(home, digits).then_some(digits);
    let without_trunk = || {
        digits
            .strip_prefix(home.national_prefix()?)
            .filter(|rest| plan::has(home, rest))
    };
    if let Some(national) = national.or_else(without_trunk) {
        return Some(format!("+{}{national}", home.country_code()));
    }
    if digits.starts_with(&home.country_code().to_string()) {
        return abroad(digits);
    }
    // A neighbor's mobile number copied without its plus; anything shorter is a slip of the finger.
    (digits.len() >= 11 && plan::is_mobile_somewhere(digits)).then(|| format!("+{digits}"))
}

fn abroad(digits: &str) -> Option<String> {
    plan::exists(digits).then(|| format!("+{digits}"))
}

fn national_length(home: &Metadata) -> usize {
    let example = home.descriptors().mobile().and_then(|mobile| mobile.example());
    example.map_or(9, str::len)
}

fn is_separator(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '-' | '‐' | '‑' | '‒' | '–' | '—' | '−' | '.' | '(' | ')' | '[' | ']' | '/' | '\\' | '_' | '·'
        )
}

/// `+998 90 123 45 67 ext 5`: the number ends where the extension's word begins.
fn without_extension(text: &str) -> &str {
    let Some((start, _)) = text.char_indices().find(|(_, c)| c.is_alphabetic() || *c == '#') else {
        return text;
    };
    let word_end = text[start..]
        .find(|c: char| !c.is_alphabetic() && c != '#')
        .map_or(text.len(), |length| start + length);
    let word = text[start..word_end].to_lowercase();
    let known = matches!(
        word.as_str(),
        "ext" | "extension" | "x" | "#" | "доб" | "вн" | "ichki" | "ички"
    );
    let number = text[word_end..].trim_matches(['.', ':', ' ', ')']);
    let extension = !number.is_empty() && number.len() <= 6 && number.bytes().all(|b| b.is_ascii_digit());
    if known && extension {
        text[..start].trim_end_matches([' ', ',', ';', '('])
    } else {
        text
    }
}

/// `9.98901234567E+11` in a text cell: fine while the mantissa holds every digit.
fn from_scientific(text: &str) -> Result<Option<String>, PhoneError> {
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else {
        return Ok(None);
    };
    let Some((exponent, (whole, fraction))) = exponent.parse::<usize>().ok().zip(mantissa.split_once(['.', ',']))
    else {
        return Ok(None);
    };
    if whole.len() != 1
        || ![whole, fraction]
            .iter()
            .all(|part| part.bytes().all(|b| b.is_ascii_digit()))
    {
        return Ok(None);
    }
    if fraction.len() == exponent {
        Ok(Some(format!("{whole}{fraction}")))
    } else {
        Err(PhoneError::DigitsLost)
    }
}

fn grouped(digits: &str, groups: &[usize]) -> String {
    let mut out = String::from("+");
    let mut rest = digits;
    for (index, length) in groups.iter().enumerate() {
        let (group, tail) = rest.split_at(*length);
        let _ = write!(out, "{}{group}", if index == 0 { "" } else { "\u{a0}" });
        rest = tail;
    }
    out
}

fn by_the_plan(e164: &str) -> String {
    let Ok(number) = phonenumber::parse(None, e164) else {
        return e164.to_owned();
    };
    // Writing to a String cannot fail, but the formatter does for a code without a plan.
    let mut out = String::new();
    match write!(out, "{}", number.format().mode(phonenumber::Mode::International)) {
        Ok(()) => out.replace([' ', '-'], "\u{a0}"),
        Err(_) => e164.to_owned(),
    }
}

#[cfg(test)]
mod tests;
