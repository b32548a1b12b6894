//! What a centre asks about a lead besides the usual: each value in its field's kind, all of them bounded together.

use chrono::NaiveDate;
use platform::error::FieldError;
use platform::fold::clean_text;
use platform::{Error, Result, Tx};
use sea_orm::FromQueryResult;
use serde_json::{Map, Value};
use wire::pack::{CustomField, FieldKind};

use super::lead::Lead;
use super::status::labels;
use super::tags::tag_key;

/// All fields of a lead as they are stored: they travel with every list and every script's context.
const MOST: usize = 16_000;
/// Characters of one text.
const LONGEST: usize = 500;
/// Characters of a text that a lead is found by, and how many values.
const FOUND_BY: usize = 100;
const MOST_FOUND: usize = 200;

/// A field's value from what a person typed; a blank one is null.
pub fn parse(field: &CustomField, typed: &str) -> std::result::Result<Value, &'static str> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(Value::Null);
    }
    let value = match field.kind {
        FieldKind::Boolean => Value::Bool(true),
        FieldKind::Number => number(typed).ok_or("bad_number")?,
        FieldKind::Date | FieldKind::Choice | FieldKind::Text => typed.into(),
    };
    fits(field, &value).map(|()| value)
}

fn number(typed: &str) -> Option<Value> {
    let plain = typed.replace([' ', '\u{a0}', '\u{202f}'], "").replace(',', ".");
    match plain.parse::<i64>() {
        Ok(whole) => Some(whole.into()),
        Err(_) => plain.parse::<f64>().ok().filter(|n| n.is_finite()).map(Value::from),
    }
}

/// Nothing in a text turns a line around or hides in it, whichever door it came by.
pub(super) fn tidy(mut custom: Map<String, Value>) -> Map<String, Value> {
    for value in custom.values_mut() {
        if let Value::String(text) = value {
            *text = clean_text(text, MOST);
        }
    }
    custom
}

/// Every value that does not fit its field, at once. What no field is declared for is kept as it came: another
/// system's own marks are not lost.
pub(super) fn check(fields: &[CustomField], custom: &Map<String, Value>) -> Result<()> {
    if serde_json::to_string(custom)?.len() > MOST {
        return Err(Error::field("custom", "too_long").with("max", MOST as u64));
    }
    let mut bad = Vec::new();
    for field in fields {
        let value = custom.get(&field.key).unwrap_or(&Value::Null);
        bad.extend(fits(field, value).err().map(|code| refusal(field, code)));
    }
    if bad.is_empty() {
        Ok(())
    } else {
        Err(Error::Invalid(bad))
    }
}

/// A value's refusal, at the name its field has in a lead.
pub fn refusal(field: &CustomField, code: &'static str) -> FieldError {
    FieldError {
        field: format!("custom.{}", field.key),
        code,
        args: Map::from_iter([("max".to_owned(), LONGEST.into())]),
    }
}

pub(super) fn of(lead: &Lead) -> Map<String, Value> {
    lead.custom.as_object().cloned().unwrap_or_default()
}

pub(super) fn tokens_of(lead: &Lead) -> Vec<String> {
    lead.custom.as_object().map(tokens).unwrap_or_default()
}

/// What a lead is found by of its own fields, those no field is declared for among them: one may be declared later.
pub(super) fn tokens(custom: &Map<String, Value>) -> Vec<String> {
    let named = custom.iter().filter(|(key, _)| key.len() <= 60 && !key.contains('='));
    named
        .filter_map(|(key, value)| Some(format!("{}{}", token_start(key), spelled(value)?)))
        .take(MOST_FOUND)
        .collect()
}

/// What all tokens of a field begin with.
pub(super) fn token_start(field: &str) -> String {
    format!("={field}=")
}

/// A value as text that stands in the value's order among its kind: numbers by size, days by date, words folded.
pub(super) fn spelled(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(tag_key(text).chars().take(FOUND_BY).collect()),
        Value::Bool(on) => Some(on.to_string()),
        Value::Number(number) => {
            let bits = number.as_f64()?.to_bits();
            let ordered = if bits >> 63 == 1 { !bits } else { bits | 1 << 63 };
            Some(format!("{ordered:016x}"))
        }
        _ => None,
    }
}

/// As [`check`], asking for the centre's fields only where there is anything to check.
pub(super) async fn check_in(tx: &Tx, custom: &Map<String, Value>) -> Result<()> {
    if custom.is_empty() {
        return Ok(());
    }
    check(&fields_in(tx).await?, custom)
}

/// The fields in use, in their order.
pub(crate) async fn fields_in(tx: &Tx) -> Result<Vec<CustomField>> {
    #[derive(FromQueryResult)]
    struct Row {
        key: String,
        kind: String,
        options: Value,
        labels: Value,
    }
    let sql = "SELECT key, kind, options, labels FROM custom_field WHERE tenant_id = $1 AND retired_at IS NULL \
               ORDER BY position, key";
    let rows: Vec<Row> = tx.all(sql, vec![tx.tenant().0.into()]).await?;
    let field = |row: Row| CustomField {
        key: row.key,
        kind: serde_json::from_value(row.kind.into()).unwrap_or(FieldKind::Text),
        options: serde_json::from_value(row.options).unwrap_or_default(),
        labels: labels(row.labels),
    };
    Ok(rows.into_iter().map(field).collect())
}

fn fits(field: &CustomField, value: &Value) -> std::result::Result<(), &'static str> {
    match (field.kind, value) {
        (_, Value::Null) | (FieldKind::Boolean, Value::Bool(_)) | (FieldKind::Number, Value::Number(_)) => Ok(()),
        (FieldKind::Number, _) => Err("bad_number"),
        (FieldKind::Boolean, _) => Err("wrong_type"),
        (FieldKind::Date, Value::String(day)) if day.parse::<NaiveDate>().is_ok() => Ok(()),
        (FieldKind::Date, _) => Err("bad_date"),
        (FieldKind::Choice, Value::String(chosen)) if field.options.iter().any(|o| &o.value == chosen) => Ok(()),
        (FieldKind::Choice, _) => Err("unknown_choice"),
        (FieldKind::Text, Value::String(text)) if text.chars().count() > LONGEST => Err("too_long"),
        (FieldKind::Text, Value::String(_)) => Ok(()),
        (FieldKind::Text, _) => Err("wrong_type"),
    }
}

#[cfg(test)]
mod tests {
    use wire::pack::FieldOption;

    use super::*;

    fn field(kind: FieldKind) -> CustomField {
        let option = FieldOption {
            value: "b".into(),
            labels: Default::default(),
        };
        CustomField {
            key: "x".into(),
            kind,
            options: vec![option],
            labels: Default::default(),
        }
    }

    #[test]
    fn what_is_typed_is_read_in_the_kind_of_its_field() {
        let number = field(FieldKind::Number);
        assert_eq!(parse(&number, " 1 250 000 "), Ok(1_250_000.into()));
        assert_eq!(parse(&number, "2,5"), Ok(2.5.into()));
        assert_eq!(parse(&number, "a lot"), Err("bad_number"));
        assert_eq!(parse(&number, "1e999"), Err("bad_number"));
        assert_eq!(parse(&number, ""), Ok(Value::Null));
        let date = field(FieldKind::Date);
        assert_eq!(parse(&date, "2026-02-28"), Ok("2026-02-28".into()));
        assert_eq!(parse(&date, "2026-02-30"), Err("bad_date"));
        assert_eq!(parse(&field(FieldKind::Choice), "c"), Err("unknown_choice"));
        assert_eq!(parse(&field(FieldKind::Text), &"a".repeat(501)), Err("too_long"));
    }

    #[test]
    fn a_value_is_found_in_the_order_of_its_kind() {
        let numbers = [-1e9, -2.5, -0.001, 0.0, 0.5, 2.0, 10.0, 1.25e6];
        let spelled: Vec<String> = numbers
            .iter()
            .filter_map(|n| super::spelled(&Value::from(*n)))
            .collect();
        assert!(spelled.is_sorted(), "{spelled:?}");
        assert_eq!(super::spelled(&2.into()), super::spelled(&2.0.into()));
        let days = ["2025-12-31", "2026-01-01", "2026-10-09"].map(|day| super::spelled(&day.into()));
        assert!(days.is_sorted());
        let lead = serde_json::json!({"city": "Toʻytepa", "hot": true, "utm": {"a": 1}, "none": null});
        assert_eq!(tokens(lead.as_object().unwrap()), ["=city=toytepa", "=hot=true"]);
    }

    #[test]
    fn every_value_that_does_not_fit_is_named() {
        let mut number = field(FieldKind::Number);
        number.key = "n".into();
        let custom = serde_json::json!({"x": "c", "n": "7", "utm": {"any": 1}});
        let Err(Error::Invalid(bad)) = check(&[field(FieldKind::Choice), number], custom.as_object().unwrap()) else {
            panic!("it was accepted");
        };
        let named: Vec<_> = bad.iter().map(|f| (f.field.as_str(), f.code)).collect();
        assert_eq!(named, [("custom.x", "unknown_choice"), ("custom.n", "bad_number")]);
    }
}
