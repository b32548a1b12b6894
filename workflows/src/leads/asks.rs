//! What a list asks of a centre's own fields: a condition as any door writes it (`level:is:b1`, `budget:from:500000`),
//! checked in its field's kind, and the rows of [`super::found_by`] it looks for.

use std::collections::BTreeMap;

use platform::error::FieldError;
use platform::{Error, Result};
use sea_orm::Value;
use serde::{Deserialize, Serialize};
use wire::pack::{CustomField, FieldKind};

use super::custom::{parse, refusal, spelled, token_start};

/// More at once is no list a person made.
const MOST: usize = 20;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ask {
    pub field: String,
    pub how: How,
    pub value: serde_json::Value,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// The same value; of a text however it is spelled.
    Is,
    /// Of a text.
    Begins,
    /// Of a number or a date: this and above, this and below.
    From,
    To,
}

impl How {
    pub const ALL: [How; 4] = [How::Is, How::Begins, How::From, How::To];

    pub fn name(self) -> &'static str {
        match self {
            How::Is => "is",
            How::Begins => "begins",
            How::From => "from",
            How::To => "to",
        }
    }

    fn fits(self, kind: FieldKind) -> bool {
        match self {
            How::Is => true,
            How::Begins => kind == FieldKind::Text,
            How::From | How::To => matches!(kind, FieldKind::Number | FieldKind::Date),
        }
    }
}

/// A condition on a field in use, from what a person typed. `yes` or `no` of a field that is one of them.
pub fn ask(fields: &[CustomField], key: &str, how: How, typed: &str) -> std::result::Result<Ask, FieldError> {
    let at = |code| FieldError {
        field: format!("custom.{key}"),
        code,
        args: Default::default(),
    };
    let field = fields
        .iter()
        .find(|field| field.key == key)
        .ok_or_else(|| at("unknown_field"))?;
    if !how.fits(field.kind) {
        return Err(at("bad_condition"));
    }
    let value = match (field.kind, typed.trim()) {
        (FieldKind::Boolean, "yes" | "true") => true.into(),
        (FieldKind::Boolean, "no" | "false") => false.into(),
        (FieldKind::Boolean, _) => return Err(at("unknown_choice")),
        (_, typed) => parse(field, typed).map_err(|code| refusal(field, code))?,
    };
    if value.is_null() {
        return Err(at("required"));
    }
    Ok(Ask {
        field: field.key.clone(),
        how,
        value,
    })
}

/// Conditions as programs write them, all that is wrong with them at once.
pub fn asks(fields: &[CustomField], written: &[String]) -> Result<Vec<Ask>> {
    if written.len() > MOST {
        return Err(Error::field("custom", "too_many").with("max", MOST as u64));
    }
    let read = |text: &String| {
        let mut parts = text.splitn(3, ':');
        let (key, how, typed) = (parts.next(), parts.next(), parts.next());
        let how = How::ALL.into_iter().find(|known| Some(known.name()) == how);
        match (key, how, typed) {
            (Some(key), Some(how), Some(typed)) => ask(fields, key, how, typed),
            _ => Err(FieldError {
                field: "custom".into(),
                code: "bad_condition",
                args: Default::default(),
            }),
        }
    };
    let (good, bad): (Vec<_>, Vec<_>) = written.iter().map(read).partition(std::result::Result::is_ok);
    match bad.into_iter().filter_map(std::result::Result::err).collect::<Vec<_>>() {
        bad if bad.is_empty() => Ok(good.into_iter().flatten().collect()),
        bad => Err(Error::Invalid(bad)),
    }
}

/// What each condition looks for among a lead's tokens.
pub(super) enum Wanted {
    /// At or after the first, before the second.
    Within(String, String),
    /// No such token: a box that was never ticked is a no.
    Without(String),
}

/// The tokens the conditions look for; both ends of one field are one range.
pub(super) fn wanted(asks: &[Ask]) -> Vec<Wanted> {
    let (mut wanted, mut ranges) = (Vec::new(), BTreeMap::<&str, (String, String)>::new());
    for ask in asks {
        let start = token_start(&ask.field);
        let token = format!("{start}{}", spelled(&ask.value).unwrap_or_default());
        match (ask.how, &ask.value) {
            (How::Is, serde_json::Value::Bool(false)) => wanted.push(Wanted::Without(format!("{start}true"))),
            (How::Is, _) => wanted.push(Wanted::Within(token.clone(), format!("{token}\u{1}"))),
            (How::Begins, _) => wanted.push(Wanted::Within(token.clone(), past(&token))),
            (How::From | How::To, _) => {
                let range = ranges
                    .entry(&ask.field)
                    .or_insert_with(|| (start.clone(), past(&start)));
                match ask.how {
                    How::From => range.0 = token.max(std::mem::take(&mut range.0)),
                    _ => range.1 = past(&token).min(std::mem::take(&mut range.1)),
                }
            }
        }
    }
    wanted.extend(ranges.into_values().map(|(from, to)| Wanted::Within(from, to)));
    wanted
}

/// The first text after every text that begins so, in byte order.
pub(super) fn past(prefix: &str) -> String {
    format!("{prefix}\u{10FFFF}")
}

impl Wanted {
    /// As a condition on `t.token`; the second says whether there must be one.
    pub fn sql(self, values: &mut Vec<Value>) -> (String, bool) {
        match self {
            Wanted::Within(from, to) => {
                values.push(from.into());
                values.push(to.into());
                let last = values.len();
                (format!("(t.token >= ${} AND t.token < ${last})", last - 1), true)
            }
            Wanted::Without(token) => {
                values.push(token.into());
                (format!("t.token = ${}", values.len()), false)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(key: &str, kind: FieldKind) -> CustomField {
        CustomField {
            key: key.into(),
            kind,
            options: Vec::new(),
            labels: Default::default(),
        }
    }

    #[test]
    fn a_condition_fits_its_field() {
        let fields = [field("budget", FieldKind::Number), field("city", FieldKind::Text)];
        let codes = |written: &str| match asks(&fields, &[written.to_owned()]) {
            Ok(_) => "",
            Err(Error::Invalid(bad)) => bad[0].code,
            Err(_) => "other",
        };
        for (written, expected) in [
            ("budget:from:1 000", ""),
            ("city:begins:Tosh:kent", ""),
            ("budget:from:a lot", "bad_number"),
            ("budget:begins:1", "bad_condition"),
            ("city:from:a", "bad_condition"),
            ("city:like:a", "bad_condition"),
            ("city", "bad_condition"),
            ("city:is: ", "required"),
            ("color:is:red", "unknown_field"),
        ] {
            assert_eq!(codes(written), expected, "{written}");
        }
    }

    #[test]
    fn both_ends_of_a_field_are_one_range() {
        let fields = [field("budget", FieldKind::Number)];
        let written = ["budget:from:10", "budget:to:20", "budget:from:5"].map(str::to_owned);
        let wanted = wanted(&asks(&fields, &written).unwrap());
        let [Wanted::Within(from, to)] = &wanted[..] else {
            panic!("more than one range");
        };
        let token = |n: f64| format!("=budget={}", spelled(&n.into()).unwrap());
        assert_eq!((from, to), (&token(10.0), &past(&token(20.0))));
    }
}
