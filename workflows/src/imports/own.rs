//! A cell of a table as a value of one of the centre's own fields, however people write it: a choice by any of its
//! labels, a day the way it is written here, yes and no in four languages.

use chrono::{Datelike, NaiveDate};
use serde_json::Value;
use wire::pack::{CustomField, FieldKind};

use super::sheet::Cell;
use crate::leads::{custom, tag_key};

const YES: [&str; 10] = ["ha", "xa", "yes", "true", "да", "иә", "ия", "1", "+", "✓"];
const NO: [&str; 8] = ["yoʻq", "no", "false", "нет", "жоқ", "жок", "0", "-"];

/// A blank cell is no value; one that does not fit says why.
pub(super) fn value(field: &CustomField, cell: &Cell) -> Result<Value, &'static str> {
    let text = cell.text.trim();
    if text.is_empty() {
        return Ok(Value::Null);
    }
    match field.kind {
        FieldKind::Boolean if is_one_of(&YES, text) => Ok(true.into()),
        FieldKind::Boolean if is_one_of(&NO, text) => Ok(false.into()),
        FieldKind::Boolean => Err("bad_yes_no"),
        FieldKind::Number => match cell.float {
            Some(number) if number.fract() == 0.0 && number.abs() < 1e15 => Ok((number as i64).into()),
            Some(number) => Ok(number.into()),
            None => custom::parse(field, text),
        },
        FieldKind::Date => custom::parse(field, &day(text).ok_or("bad_date")?.to_string()),
        FieldKind::Choice => custom::parse(field, chosen(field, text).ok_or("unknown_choice")?),
        FieldKind::Text => custom::parse(field, text),
    }
}

fn is_one_of(words: &[&str], text: &str) -> bool {
    let key = tag_key(text);
    words.iter().any(|word| tag_key(word) == key)
}

fn chosen<'f>(field: &'f CustomField, text: &str) -> Option<&'f str> {
    let key = tag_key(text);
    let said = |spelling: &String| tag_key(spelling) == key;
    let found = field
        .options
        .iter()
        .find(|option| said(&option.value) || option.labels.values().any(said));
    found.map(|option| option.value.as_str())
}

/// Day before month, as everybody here writes it; the time beside it says nothing.
fn day(text: &str) -> Option<NaiveDate> {
    let text = text.split([' ', 'T']).next()?;
    ["%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%d-%m-%Y"]
        .iter()
        .find_map(|form| NaiveDate::parse_from_str(text, form).ok())
        .filter(|day| (1900..2200).contains(&day.year()))
}

#[cfg(test)]
mod tests {
    use wire::pack::FieldOption;

    use super::*;

    fn read(kind: FieldKind, text: &str) -> Result<Value, &'static str> {
        let label = |lang: &str, text: &str| (lang.to_owned(), text.to_owned());
        let field = CustomField {
            key: "x".into(),
            kind,
            options: vec![FieldOption {
                value: "evening".into(),
                labels: [label("uz", "Kechki oʻqish"), label("ru", "Вечером")].into(),
            }],
            labels: Default::default(),
        };
        value(&field, &Cell::text(text))
    }

    #[test]
    fn a_cell_is_read_as_people_write_it() {
        for text in ["Ha", "ДА", "иә", "1", "+"] {
            assert_eq!(read(FieldKind::Boolean, text), Ok(true.into()), "{text}");
        }
        for text in ["yo'q", "Нет", "0", "-"] {
            assert_eq!(read(FieldKind::Boolean, text), Ok(false.into()), "{text}");
        }
        assert_eq!(read(FieldKind::Boolean, "balki"), Err("bad_yes_no"));
        for text in ["evening", "kechki o'qish", "ВЕЧЕРОМ"] {
            assert_eq!(read(FieldKind::Choice, text), Ok("evening".into()), "{text}");
        }
        assert_eq!(read(FieldKind::Choice, "tongda"), Err("unknown_choice"));
        for text in [
            "2026-09-01",
            "01.09.2026",
            "1/9/2026",
            "2026-09-01 00:00:00",
            "2026-09-01T10:00:00",
        ] {
            assert_eq!(read(FieldKind::Date, text), Ok("2026-09-01".into()), "{text}");
        }
        assert_eq!(read(FieldKind::Date, "31.02.2026"), Err("bad_date"));
        assert_eq!(read(FieldKind::Date, "01.09.26"), Err("bad_date"));
        assert_eq!(read(FieldKind::Number, "1 250 000"), Ok(1_250_000.into()));
        assert_eq!(read(FieldKind::Number, "koʻp"), Err("bad_number"));
        assert_eq!(read(FieldKind::Text, " "), Ok(Value::Null));
    }
}
