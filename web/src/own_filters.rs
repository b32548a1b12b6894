//! A centre's own fields as filters of the leads list and the board: in the address, in the form, as chips.

use std::collections::HashMap;

use platform::Error;
use platform::error::FieldError;
use serde_json::{Value, json};
use wire::pack::{CustomField, FieldKind};
use workflows::leads::asks::{Ask, How, ask};
use workflows::leads::label;

use crate::leads_asked::Asked;
use crate::visit::Visit;

/// What all of them begin with in an address: `custom.level=b1`, `custom.budget.from=500000`.
pub const PREFIX: &str = "custom.";

/// What an address asks of the fields; everything that does not fit is refused at once.
pub fn asks(fields: &[CustomField], asked: &Asked) -> Result<Vec<Ask>, Error> {
    let (mut asks, mut bad) = (Vec::new(), Vec::new());
    for (key, how, typed) in conditions(fields, asked) {
        match ask(fields, key, how, typed) {
            Ok(ask) => asks.push(ask),
            Err(error) => bad.push(error),
        }
    }
    if bad.is_empty() {
        Ok(asks)
    } else {
        Err(Error::Invalid(bad))
    }
}

fn conditions<'a>(fields: &[CustomField], asked: &'a Asked) -> Vec<(&'a str, How, &'a str)> {
    let one = |(name, typed): (&'a str, &'a str)| {
        let name = name.strip_prefix(PREFIX)?;
        Some(match name.split_once('.') {
            None => (name, usual(fields, name, asked), typed),
            Some((key, "from")) => (key, How::From, typed),
            Some((key, "to")) => (key, How::To, typed),
            // Says how the text itself is meant.
            Some((_, WHOLE)) => return None,
            Some((key, _)) => (key, How::Begins, typed),
        })
    };
    asked.own().filter_map(one).collect()
}

const WHOLE: &str = "whole";

/// A text is looked for by its beginning, unless the whole of it is asked for.
fn usual(fields: &[CustomField], key: &str, asked: &Asked) -> How {
    let text = fields
        .iter()
        .any(|field| field.key == key && field.kind == FieldKind::Text);
    if text
        && asked
            .own
            .get(&format!("{PREFIX}{key}.{WHOLE}"))
            .is_none_or(String::is_empty)
    {
        How::Begins
    } else {
        How::Is
    }
}

/// The list without these filters, and why: where one of them says nothing a list could be made of.
pub fn refused(visit: &Visit, fields: &[CustomField], error: &Error) -> Option<String> {
    let Error::Invalid(bad) = error else { return None };
    let said = bad.iter().map(|bad| {
        let key = bad.field.strip_prefix(PREFIX).unwrap_or(&bad.field);
        format!("{}: {}", name(visit, fields, key), message(visit, bad))
    });
    Some(said.collect::<Vec<_>>().join(" "))
}

fn message(visit: &Visit, bad: &FieldError) -> String {
    platform::http::message(visit.words.lang, bad.code, &bad.args)
}

fn name(visit: &Visit, fields: &[CustomField], key: &str) -> String {
    let known = fields.iter().find(|field| field.key == key);
    known.map_or_else(
        || key.to_owned(),
        |field| label(&field.labels, visit.words.lang).to_owned(),
    )
}

/// The filters of the form, with what was typed and what is wrong with it.
pub fn inputs(visit: &Visit, fields: &[CustomField], asked: &Asked) -> Vec<Value> {
    let wrong: HashMap<String, String> = match asks(fields, asked) {
        Err(Error::Invalid(bad)) => bad.iter().map(|bad| (bad.field.clone(), message(visit, bad))).collect(),
        _ => HashMap::new(),
    };
    let of = |name: String| asked.own.get(&name).cloned().unwrap_or_default();
    let input = |field: &CustomField| {
        let name = format!("{PREFIX}{}", field.key);
        let options: Vec<Value> = match field.kind {
            FieldKind::Boolean => ["yes", "no"]
                .map(|value| json!({"value": value, "label": visit.words.t(&format!("settings-{value}"))}))
                .to_vec(),
            _ => field
                .options
                .iter()
                .map(|option| json!({"value": option.value, "label": label(&option.labels, visit.words.lang)}))
                .collect(),
        };
        let choice = matches!(field.kind, FieldKind::Choice | FieldKind::Boolean);
        json!({
            "label": label(&field.labels, visit.words.lang), "options": options, "choice": choice,
            "range": matches!(field.kind, FieldKind::Number | FieldKind::Date),
            "type": if field.kind == FieldKind::Date { "date" } else { "text" },
            "mode": if field.kind == FieldKind::Number { "decimal" } else { "text" },
            "value": of(name.clone()), "from": of(format!("{name}.from")), "to": of(format!("{name}.to")),
            "whole": !of(format!("{name}.{WHOLE}")).is_empty(), "error": wrong.get(&name), "name": name,
        })
    };
    fields.iter().map(input).collect()
}

/// One for each condition, with the address without it.
pub fn chips(visit: &Visit, fields: &[CustomField], asked: &Asked) -> Vec<Value> {
    let chip = |(key, how, typed): (&str, How, &str)| {
        let field = fields.iter().find(|field| field.key == key);
        let shown = field.map_or_else(|| typed.to_owned(), |field| value(visit, field, typed));
        let (end, shown) = match how {
            How::From => (".from", format!("≥ {shown}")),
            How::To => (".to", format!("≤ {shown}")),
            How::Begins => ("", format!("{shown}…")),
            How::Is => ("", shown),
        };
        let without = asked.having(&format!("{PREFIX}{key}{end}"), "");
        json!({"label": name(visit, fields, key), "value": shown, "without": without})
    };
    conditions(fields, asked).into_iter().map(chip).collect()
}

fn value(visit: &Visit, field: &CustomField, typed: &str) -> String {
    let words = &visit.words;
    match field.kind {
        FieldKind::Boolean if matches!(typed, "yes" | "no") => words.t(&format!("settings-{typed}")),
        FieldKind::Date => typed.parse().map_or_else(|_| typed.to_owned(), |day| words.date(day)),
        FieldKind::Choice => {
            let option = field.options.iter().find(|option| option.value == typed);
            option.map_or_else(
                || typed.to_owned(),
                |option| label(&option.labels, words.lang).to_owned(),
            )
        }
        _ => typed.to_owned(),
    }
}
