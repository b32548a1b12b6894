//! What a centre asks about a lead besides the usual, as its pack declares it: in the form, and on the lead's page.

use platform::locale::Lang;
use serde_json::{Map, Value, json};
use wire::pack::{CustomField, FieldKind};
use workflows::leads::{Lead, label};

use crate::sent::Sent;
use crate::words::Words;

/// The fields of the form, with what was typed.
pub fn inputs(fields: &[CustomField], lang: Lang, typed: &Map<String, Value>) -> Vec<Value> {
    fields
        .iter()
        .map(|field| {
            let value = typed.get(&field.key).unwrap_or(&Value::Null);
            let options = field.options.iter().map(|option| {
                let chosen = value.as_str() == Some(option.value.as_str());
                json!({"value": option.value, "label": label(&option.labels, lang), "chosen": chosen})
            });
            json!({
                "name": name(&field.key), "label": label(&field.labels, lang),
                "choice": field.kind == FieldKind::Choice, "boolean": field.kind == FieldKind::Boolean,
                "type": if field.kind == FieldKind::Date { "date" } else { "text" },
                "mode": if field.kind == FieldKind::Number { "decimal" } else { "text" },
                "options": options.collect::<Vec<_>>(),
                "on": value.as_bool().unwrap_or(false),
                "value": value.as_str().map_or_else(|| if value.is_number() { value.to_string() } else { String::new() }, str::to_owned),
            })
        })
        .collect()
}

/// What was typed, in the field's own kind; what does not fit a field is left out.
pub fn read(fields: &[CustomField], sent: &Sent) -> Map<String, Value> {
    let one = |field: &CustomField| -> Option<Value> {
        let text = sent.some(&name(&field.key));
        match field.kind {
            FieldKind::Boolean => text.map(|_| Value::Bool(true)),
            FieldKind::Number => text?.replace(',', ".").parse::<f64>().ok().map(Value::from),
            FieldKind::Date => text?
                .parse::<chrono::NaiveDate>()
                .ok()
                .map(|day| day.to_string().into()),
            FieldKind::Choice => text
                .filter(|text| field.options.iter().any(|option| &option.value == text))
                .map(Value::from),
            FieldKind::Text => text.map(|text| text.chars().take(500).collect::<String>().into()),
        }
    };
    fields
        .iter()
        .filter_map(|field| Some((field.key.clone(), one(field)?)))
        .collect()
}

/// A lead's values as a person reads them: label, value.
pub fn spoken(fields: &[CustomField], lead: &Lead, words: &Words) -> Vec<(String, String)> {
    fields
        .iter()
        .filter_map(|field| {
            let value = lead.custom.get(&field.key)?;
            let text = match (field.kind, value) {
                (FieldKind::Boolean, Value::Bool(on)) => words.t(if *on { "settings-yes" } else { "settings-no" }),
                (FieldKind::Choice, Value::String(chosen)) => {
                    let option = field.options.iter().find(|option| &option.value == chosen);
                    option.map_or_else(|| chosen.clone(), |option| label(&option.labels, words.lang).to_owned())
                }
                (FieldKind::Date, Value::String(day)) => {
                    day.parse().map_or_else(|_| day.clone(), |day| words.date(day))
                }
                (_, Value::String(text)) => text.clone(),
                (_, Value::Null) => return None,
                (_, other) => other.to_string(),
            };
            Some((label(&field.labels, words.lang).to_owned(), text))
        })
        .collect()
}

fn name(key: &str) -> String {
    format!("custom_{key}")
}
