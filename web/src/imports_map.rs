//! What a table's columns mean and what becomes of its repeated numbers, as a form asks it: of a file as of a connected
//! sheet.

use serde_json::{Value, json};
use wire::pack::CustomField;
use workflows::imports::Repeats;
use workflows::imports::sheet::{Column, Field, Mapping, Preview};
use workflows::leads::{self, OnRepeat};

use crate::sent::Sent;
use crate::words::{Words, phone};

const SAMPLES: usize = 3;

/// Columns to be matched, with what they hold and what it would look like.
pub fn columns_view(words: &Words, own: &[CustomField], preview: &Preview, mapping: &Mapping) -> Value {
    let shown: Vec<(usize, Field)> = (0..preview.header.len())
        .filter_map(|at| Some((at, field_at(mapping, &preview.header, at)?)))
        .collect();
    json!({
        "columns": (0..preview.header.len()).map(|at| column(words, own, preview, mapping, at)).collect::<Vec<_>>(),
        "preview_heads": shown.iter().map(|(_, field)| label(words, own, field)).collect::<Vec<_>>(),
        "preview": preview.sample.iter().take(5).map(|row| {
            let cell = |at: usize| row.cells.get(at).map(|cell| cell.text.as_str()).unwrap_or_default();
            shown.iter().map(|(at, _)| cell(*at)).collect::<Vec<_>>()
        }).collect::<Vec<_>>(),
        "preview_note": words.count("import-preview-note", preview.sample.len().min(5) as i64),
    })
}

/// The first column of each field counts.
pub fn columns_of(sent: &Sent) -> Mapping {
    let mut mapping = Mapping::default();
    for place in 0..sent.count() {
        if let Some(field) = Field::read(sent.get(&format!("column_{place}"))) {
            mapping.0.entry(field).or_insert(Column::At(place));
        }
    }
    mapping
}

pub fn wish(sent: &Sent) -> OnRepeat {
    OnRepeat::read(sent.get("on_duplicate")).unwrap_or_default()
}

pub fn wishes(words: &Words, chosen: OnRepeat) -> Value {
    let wish = |wish: OnRepeat| {
        json!({
            "value": wish.key(), "checked": wish == chosen, "label": words.t(&format!("import-dup-{}", wish.key())),
            "hint": words.t(&format!("import-dup-{}-hint", wish.key())),
        })
    };
    OnRepeat::ALL.into_iter().map(wish).collect()
}

pub fn repeats_view(words: &Words, found: &Repeats, sent: &Sent) -> Value {
    if found.total == 0 {
        return json!({"none": words.t("import-repeats-none"), "rows": null});
    }
    let rows = found.rows.iter().map(|repeat| {
        let (lead, known) = repeat.known.clone().unzip();
        let chosen = OnRepeat::read(sent.get(&format!("row_{}", repeat.row)));
        let here = match (&known, repeat.earlier) {
            (Some(name), _) => name.clone(),
            (None, Some(row)) => words.count("import-repeats-earlier", row),
            (None, None) => words.t("import-repeats-hidden"),
        };
        // The same person never becomes a second lead.
        let offered = OnRepeat::ALL
            .into_iter()
            .filter(|wish| *wish != OnRepeat::Link || !repeat.same);
        let option = |wish: OnRepeat| {
            json!({"value": wish.key(), "label": words.t(&format!("import-dup-{}-short", wish.key())),
                   "selected": chosen == Some(wish)})
        };
        json!({
            "row": repeat.row, "name": repeat.name, "phone": phone(&repeat.phone), "lead": lead, "here": here,
            "label": words.with("import-dup-row", &[("name", repeat.name.as_str().into())]),
            "options": offered.map(option).collect::<Vec<_>>(),
        })
    });
    let rows: Vec<Value> = rows.collect();
    let more = found.total - rows.len() as i64;
    json!({
        "none": null, "count": found.total, "rows": rows,
        "more": (more > 0).then(|| words.count("import-repeats-more", more)),
    })
}

fn column(words: &Words, own: &[CustomField], preview: &Preview, mapping: &Mapping, at: usize) -> Value {
    let field = field_at(mapping, &preview.header, at);
    let samples: Vec<&str> = preview
        .sample
        .iter()
        .filter_map(|row| row.cells.get(at))
        .map(|cell| cell.text.trim())
        .filter(|text| !text.is_empty())
        .take(SAMPLES)
        .collect();
    let mut options = vec![json!({"value": "", "label": words.t("import-skip"), "selected": field.is_none()})];
    let known = Field::ALL
        .into_iter()
        .chain(own.iter().map(|own| Field::Custom(own.key.clone())));
    options.extend(known.map(|known| {
        json!({"value": known.name(), "label": label(words, own, &known), "selected": field.as_ref() == Some(&known)})
    }));
    let (tone, icon, note) = match &field {
        Some(_) => ("t-success", "check", "import-recognized"),
        None => ("muted", "", "import-skipped"),
    };
    json!({
        "index": at, "header": preview.header[at], "samples": samples.join(", "), "field": field.as_ref().map(Field::name),
        "options": options, "tone": tone, "icon": icon, "note": words.t(note),
    })
}

fn field_at(mapping: &Mapping, header: &[String], at: usize) -> Option<Field> {
    let here = |column: &Column| match column {
        Column::At(place) => *place == at,
        Column::Named(name) => header.get(at).is_some_and(|title| title.trim() == name.trim()),
    };
    mapping
        .0
        .iter()
        .find(|(_, column)| here(column))
        .map(|(field, _)| field.clone())
}

fn label(words: &Words, own: &[CustomField], field: &Field) -> String {
    match field {
        Field::Custom(key) => {
            let known = own.iter().find(|own| own.key == *key);
            known.map_or_else(|| key.clone(), |own| leads::label(&own.labels, words.lang).to_owned())
        }
        usual => words.t(&format!("imports-field-{}", usual.name().replace('_', "-"))),
    }
}
