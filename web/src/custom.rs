//! What a centre asks about a lead besides the usual, as its pack declares it: in the form, and on the lead's page.

use std::collections::HashMap;

use platform::Error;
use platform::locale::Lang;
use serde_json::{Map, Value, json};
use wire::pack::{CustomField, FieldKind};
use workflows::leads::{Lead, custom, label};

use crate::sent::Sent;
use crate::words::Words;

/// The fields of the form, with what was typed and what is wrong with it.
pub fn inputs(fields: &[CustomField], lang: Lang, typed: &Sent, errors: &HashMap<String, String>) -> Vec<Value> {
    fields
        .iter()
        .map(|field| {
            let name = name(&field.key);
            let options = field
                .options
                .iter()
                .map(|option| json!({"value": option.value, "label": label(&option.labels, lang)}));
            json!({
                "label": label(&field.labels, lang),
                "choice": field.kind == FieldKind::Choice, "boolean": field.kind == FieldKind::Boolean,
                "type": if field.kind == FieldKind::Date { "date" } else { "text" },
                "mode": if field.kind == FieldKind::Number { "decimal" } else { "text" },
                "options": options.collect::<Vec<_>>(),
                "value": typed.get(&name),
                "error": errors.get(&format!("custom.{}", field.key)),
                "name": name,
            })
        })
        .collect()
}

/// What was typed, in each field's own kind; everything that does not fit is refused at once.
pub fn read(fields: &[CustomField], sent: &Sent) -> Result<Map<String, Value>, Error> {
    let (mut values, mut bad) = (Map::new(), Vec::new());
    for field in fields {
        match custom::parse(field, sent.get(&name(&field.key))) {
            Ok(Value::Null) => {}
            Ok(value) => {
                values.insert(field.key.clone(), value);
            }
            Err(code) => bad.push(custom::refusal(field, code)),
        }
    }
    if bad.is_empty() {
        Ok(values)
    } else {
        Err(Error::Invalid(bad))
    }
}

/// A lead's values as a person reads them: label, value.
pub fn spoken(fields: &[CustomField], lead: &Lead, words: &Words) -> Vec<(String, String)> {
    let said = |field: &CustomField| Some((label(&field.labels, words.lang).to_owned(), say(field, lead, words)?));
    fields.iter().filter_map(said).collect()
}

/// One value of a lead; none where it has none.
pub fn say(field: &CustomField, lead: &Lead, words: &Words) -> Option<String> {
    let value = lead.custom.get(&field.key)?;
    Some(match (field.kind, value) {
        (FieldKind::Boolean, Value::Bool(on)) => words.t(if *on { "settings-yes" } else { "settings-no" }),
        (FieldKind::Choice, Value::String(chosen)) => {
            let option = field.options.iter().find(|option| &option.value == chosen);
            option.map_or_else(|| chosen.clone(), |option| label(&option.labels, words.lang).to_owned())
        }
        (FieldKind::Date, Value::String(day)) => day.parse().map_or_else(|_| day.clone(), |day| words.date(day)),
        (_, Value::String(text)) => text.clone(),
        (_, Value::Null) => return None,
        (_, other) => other.to_string(),
    })
}

fn name(key: &str) -> String {
    format!("custom_{key}")
}
