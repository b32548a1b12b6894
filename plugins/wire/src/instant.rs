//! Instants as RFC 3339 in UTC with microseconds. A batch carries thousands, and the general
//! formatter and parser cost more than all the rest of a call's JSON.

use std::fmt;

use chrono::{DateTime, NaiveDate, Utc};
use serde::de::{Error, Visitor};
use serde::{Deserializer, Serializer};

/// `2026-11-20T10:00:00.000000Z`
const LENGTH: usize = 27;

pub fn serialize<S: Serializer>(at: &DateTime<Utc>, to: S) -> Result<S::Ok, S::Error> {
    use chrono::{Datelike, Timelike};
    if !(0..=9999).contains(&at.year()) {
        return to.collect_str(&at.to_rfc3339());
    }
    let mut text = *b"0000-00-00T00:00:00.000000Z";
    put(&mut text[0..4], at.year() as u32);
    put(&mut text[5..7], at.month());
    put(&mut text[8..10], at.day());
    put(&mut text[11..13], at.hour());
    put(&mut text[14..16], at.minute());
    put(&mut text[17..19], at.second());
    put(&mut text[20..26], at.timestamp_subsec_micros().min(999_999));
    to.serialize_str(std::str::from_utf8(&text).unwrap_or_default())
}

pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<DateTime<Utc>, D::Error> {
    from.deserialize_str(Instant)
}

/// The same for an instant that may be absent.
pub mod maybe {
    use chrono::{DateTime, Utc};
    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(at: &Option<DateTime<Utc>>, to: S) -> Result<S::Ok, S::Error> {
        match at {
            Some(at) => super::serialize(at, to),
            None => to.serialize_none(),
        }
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<DateTime<Utc>>, D::Error> {
        #[derive(Deserialize)]
        struct Wrapped(#[serde(with = "super")] DateTime<Utc>);
        Ok(Option::<Wrapped>::deserialize(from)?.map(|wrapped| wrapped.0))
    }
}

struct Instant;

impl Visitor<'_> for Instant {
    type Value = DateTime<Utc>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an RFC 3339 instant")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<DateTime<Utc>, E> {
        match quick(text.as_bytes()) {
            Some(at) => Ok(at),
            None => text.parse().map_err(E::custom),
        }
    }
}

/// Reads our own form; anything else is the general parser's.
fn quick(text: &[u8]) -> Option<DateTime<Utc>> {
    let marks = [
        (4, b'-'),
        (7, b'-'),
        (10, b'T'),
        (13, b':'),
        (16, b':'),
        (19, b'.'),
        (26, b'Z'),
    ];
    if text.len() != LENGTH || marks.iter().any(|(at, mark)| text[*at] != *mark) {
        return None;
    }
    let date = NaiveDate::from_ymd_opt(take(&text[0..4])? as i32, take(&text[5..7])?, take(&text[8..10])?)?;
    let (hour, minute, second) = (take(&text[11..13])?, take(&text[14..16])?, take(&text[17..19])?);
    Some(
        date.and_hms_micro_opt(hour, minute, second, take(&text[20..26])?)?
            .and_utc(),
    )
}

fn put(digits: &mut [u8], mut n: u32) {
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + (n % 10) as u8;
        n /= 10;
    }
}

fn take(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0u32, |n, digit| {
        digit.is_ascii_digit().then(|| n * 10 + u32::from(digit - b'0'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize)]
    struct Two(
        #[serde(with = "super")] DateTime<Utc>,
        #[serde(with = "maybe")] Option<DateTime<Utc>>,
    );

    #[test]
    fn instants_come_back_as_they_went_and_other_forms_are_read() {
        for micros in [
            0,
            1,
            1_800_000_000_123_456,
            -62_135_596_800_000_000,
            253_402_300_799_999_999,
        ] {
            let at = DateTime::from_timestamp_micros(micros).unwrap();
            for two in [Two(at, Some(at)), Two(at, None)] {
                let json = serde_json::to_string(&two).unwrap();
                assert_eq!(serde_json::from_str::<Two>(&json).unwrap(), two, "{json}");
            }
        }
        let two: Two = serde_json::from_str(r#"["2026-11-20T15:00:00+05:00", null]"#).unwrap();
        assert_eq!(two.0, "2026-11-20T10:00:00Z".parse::<DateTime<Utc>>().unwrap());
        for wrong in [
            "2026-13-20T10:00:00.000000Z",
            "2026-11-20T10:00:00.00x000Z",
            "yesterday",
        ] {
            assert!(
                serde_json::from_str::<Two>(&format!(r#"["{wrong}", null]"#)).is_err(),
                "{wrong}"
            );
        }
    }
}
