//! Settings as a person reads and types them: numbers with their unit, lists with commas, delays as a sentence.

use serde_json::{Map, Value};
use wire::pack::{Reads, Setting, SettingKind};

use crate::words::Words;

/// What was typed into a field, or the piece of it that is no whole number.
pub fn typed(field: &Setting, text: &str) -> Result<Value, String> {
    let whole = |text: &str| text.parse::<i64>().map_err(|_| text.to_owned());
    match field.kind {
        SettingKind::Boolean => Ok(Value::Bool(!text.is_empty())),
        SettingKind::Text => Ok(Value::String(text.trim().to_owned())),
        SettingKind::Integer => whole(text.trim()).map(Value::from),
        SettingKind::IntegerList => {
            let items = text.split(|c: char| c == ',' || c == ';' || c.is_whitespace());
            items
                .filter(|item| !item.is_empty())
                .map(|item| whole(item).map(Value::from))
                .collect()
        }
    }
}

/// As it stands in the field.
pub fn plain(value: &Value) -> String {
    match value {
        Value::Array(items) => items.iter().map(Value::to_string).collect::<Vec<_>>().join(", "),
        Value::String(text) => text.clone(),
        Value::Bool(on) => if *on { "1" } else { "" }.to_owned(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// In words: `24 hours`, `3 and 7 days`, `on`.
pub fn spoken(words: &Words, field: &Setting, value: &Value) -> String {
    match value {
        Value::Bool(on) => words.t(if *on { "settings-on" } else { "settings-off" }),
        Value::Array(items) if items.is_empty() => words.t("settings-none"),
        Value::String(text) if text.is_empty() => words.t("settings-none"),
        Value::Null => words.t("settings-none"),
        Value::Array(items) => {
            let numbers: Vec<i64> = items.iter().filter_map(Value::as_i64).collect();
            measured(words, field.unit.as_deref(), &numbers)
        }
        Value::Number(number) => measured(words, field.unit.as_deref(), &[number.as_i64().unwrap_or_default()]),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The name of a unit, beside a field.
pub fn unit(words: &Words, unit: &str) -> String {
    words.t(&format!("settings-unit-{unit}"))
}

/// The delays of a part in one sentence: `24 hours, then 3 and 7 days`. None where it has none.
pub fn sentence(words: &Words, reads: Reads, fields: &[&Setting], values: &Map<String, Value>) -> Option<String> {
    let mut delays: Vec<(i64, &str, i64)> = Vec::new();
    for field in fields {
        let (Some(unit), Some(value)) = (field.unit.as_deref(), values.get(&field.key)) else {
            continue;
        };
        let numbers = match value {
            Value::Array(items) => items.iter().filter_map(Value::as_i64).collect(),
            other => other.as_i64().into_iter().collect::<Vec<_>>(),
        };
        delays.extend(
            numbers
                .into_iter()
                .map(|number| (number * minutes_in(unit), unit, number)),
        );
    }
    delays.sort_unstable();
    if reads == Reads::Before {
        delays.reverse();
    }
    let spoken = delays
        .chunk_by(|a, b| a.1 == b.1)
        .map(|group| {
            let numbers: Vec<i64> = group.iter().map(|(.., number)| *number).collect();
            measured(words, Some(group[0].1), &numbers)
        })
        .reduce(|from, to| words.with("settings-then", &[("from", from.into()), ("to", to.into())]))?;
    let id = match reads {
        Reads::After => "settings-after",
        Reads::Before => "settings-before",
    };
    Some(words.with(id, &[("what", spoken.into())]))
}

fn measured(words: &Words, unit: Option<&str>, numbers: &[i64]) -> String {
    let last = numbers.last().copied().unwrap_or_default();
    let listed = match numbers {
        [] => return words.t("settings-none"),
        [one] => one.to_string(),
        [first @ .., last] => {
            let first = first.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
            words.with(
                "settings-and",
                &[("from", first.into()), ("to", last.to_string().into())],
            )
        }
    };
    match unit {
        Some(unit) => words.with(
            &format!("settings-{unit}"),
            &[("what", listed.into()), ("n", last.into())],
        ),
        None => listed,
    }
}

fn minutes_in(unit: &str) -> i64 {
    match unit {
        "hours" => 60,
        "days" => 24 * 60,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use platform::locale::Lang;
    use serde_json::json;

    use super::*;

    fn words(lang: Lang) -> Words {
        let now = "2026-11-20T10:00:00Z".parse().unwrap();
        Words {
            lang,
            zone: chrono_tz::UTC,
            now,
        }
    }

    fn field(key: &str, kind: SettingKind, unit: &str) -> Setting {
        Setting {
            key: key.into(),
            section: String::new(),
            kind,
            default: json!(0),
            minimum: None,
            maximum: None,
            unit: Some(unit.into()),
            max_items: None,
            labels: Default::default(),
            hints: Default::default(),
        }
    }

    #[test]
    fn delays_read_as_a_sentence() {
        let hours = field("h", SettingKind::Integer, "hours");
        let days = field("d", SettingKind::IntegerList, "days");
        let values = json!({"h": 24, "d": [7, 3]}).as_object().unwrap().clone();
        let say = |lang, reads| sentence(&words(lang), reads, &[&days, &hours], &values).unwrap();
        let plain = |text: String| text.replace(['\u{2068}', '\u{2069}'], "");
        assert_eq!(plain(say(Lang::En, Reads::After)), "After 24 hours, then 3 and 7 days");
        assert_eq!(plain(say(Lang::Uz, Reads::After)), "24 soat, soʻng 3 va 7 kundan keyin");
        assert_eq!(plain(say(Lang::Ru, Reads::After)), "Через 24 часа, затем 3 и 7 дней");
        assert_eq!(
            plain(say(Lang::En, Reads::Before)),
            "7 and 3 days, then 24 hours before"
        );
        assert_eq!(sentence(&words(Lang::En), Reads::After, &[], &values), None);
    }

    #[test]
    fn a_list_is_typed_with_commas_or_spaces() {
        let days = field("d", SettingKind::IntegerList, "days");
        assert_eq!(typed(&days, " 1, 3;5  7 "), Ok(json!([1, 3, 5, 7])));
        assert_eq!(typed(&days, ""), Ok(json!([])));
        assert_eq!(typed(&days, "1, ikki"), Err("ikki".into()));
        assert_eq!(
            typed(&field("h", SettingKind::Integer, "hours"), "2.5"),
            Err("2.5".into())
        );
    }
}
