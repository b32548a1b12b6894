//! A lead's own fields, changed where they stand. Two people who change different fields both have their way; of two
//! who change the same one, the second sees both values and keeps what was typed.

use std::slice;

use platform::{Error, Id};
use poem::handler;
use poem::web::Path;
use serde_json::{Value, json};
use wire::pack::{CustomField, FieldKind};
use workflows::leads::{self, Edit, Lead, Registry, label};

use crate::book::Book;
use crate::custom;
use crate::lead::{Refused, page, reason};
use crate::leads::see;
use crate::sent::Sent;
use crate::visit::{Answer, Visit};
use crate::words::phone;

/// Which field stands open, and why it was not saved.
#[derive(Default)]
pub struct Editing {
    pub field: String,
    /// What was typed; none where it has only been opened.
    pub typed: Option<String>,
    pub error: Option<String>,
    pub theirs: Option<Theirs>,
}

/// What a colleague made of it meanwhile.
pub struct Theirs {
    pub by: Option<String>,
}

const TRIES: usize = 3;

#[handler]
pub async fn save(visit: Visit, Path((id, field)): Path<(Id, String)>, sent: Sent) -> Answer {
    let (app, actor) = (visit.app(), visit.actor()?);
    let registry = leads::registry(app, actor).await?;
    let typed = plain(sent.get(&control(&field)));
    for _ in 0..TRIES {
        let lead = leads::find(app, actor, id).await?;
        let now = value(&registry, &lead, &field).ok_or(Error::NotFound)?;
        if now != plain(sent.get("was")) && now != typed {
            let theirs = Theirs {
                by: who_changed(&visit, id, &field).await?,
            };
            return open(&visit, id, field, typed, None, Some(theirs)).await;
        }
        let edit = match edit(&registry, &lead, &field, &sent) {
            Ok(edit) => edit,
            Err(error) => return refuse(&visit, id, field, typed, error).await,
        };
        match leads::edit(app, actor, id, edit, Some(lead.version)).await {
            Ok(_) => return Ok(see(id, "toast-saved")),
            // Something else of it changed between the look and the save: that is nobody's conflict.
            Err(Error::Precondition { .. }) => {}
            Err(error) => return refuse(&visit, id, field, typed, error).await,
        }
    }
    Err(Error::Precondition { missing: false }.into())
}

async fn refuse(visit: &Visit, id: Id, field: String, typed: String, error: Error) -> Answer {
    match &error {
        Error::Invalid(_) | Error::Refused(_) | Error::Conflict(_) => {
            let why = reason(visit, &error);
            open(visit, id, field, typed, Some(why), None).await
        }
        _ => Err(error.into()),
    }
}

async fn open(
    visit: &Visit,
    id: Id,
    field: String,
    typed: String,
    error: Option<String>,
    theirs: Option<Theirs>,
) -> Answer {
    let editing = Editing {
        field,
        typed: Some(typed),
        error,
        theirs,
    };
    page(visit, id, Refused::default(), editing).await
}

async fn who_changed(visit: &Visit, id: Id, field: &str) -> Result<Option<String>, Error> {
    let column = if field.starts_with(CUSTOM) { "custom" } else { field };
    let timeline = leads::timeline(visit.app(), visit.actor()?, id, None, None).await?;
    let changed = |entry: &leads::Entry| {
        let fields = entry.event.payload["fields"].as_array();
        entry.event.kind == "lead.edited" && fields.is_some_and(|fields| fields.iter().any(|f| f == column))
    };
    Ok(timeline
        .entries
        .into_iter()
        .find(changed)
        .and_then(|entry| entry.actor_name))
}

const CUSTOM: &str = "custom_";

/// The name a field's value is sent under.
fn control(field: &str) -> String {
    if field.starts_with(CUSTOM) {
        field.to_owned()
    } else {
        "value".to_owned()
    }
}

/// Lines end one way, whichever a browser sends.
fn plain(text: &str) -> String {
    text.replace("\r\n", "\n")
}

/// What a field holds, as it stands in its form; none for a field there is not.
fn value(registry: &Registry, lead: &Lead, field: &str) -> Option<String> {
    Some(match field {
        "name" => lead.name.clone(),
        "phone" => lead.phone.clone().unwrap_or_default(),
        "secondary_phone" => lead.secondary_phone.clone().unwrap_or_default(),
        "course_id" => lead.course_id.map(|id| id.to_string()).unwrap_or_default(),
        "source" => lead.source.clone(),
        "notes" => lead.notes.clone(),
        "tags" => tags(lead).join(", "),
        other => match &lead.custom[&custom_field(registry, other)?.key] {
            Value::Null | Value::Bool(false) => String::new(),
            Value::Bool(true) => "1".to_owned(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        },
    })
}

fn edit(registry: &Registry, lead: &Lead, field: &str, sent: &Sent) -> Result<Edit, Error> {
    let typed = plain(sent.get("value"));
    let mut edit = Edit::default();
    match field {
        "name" => edit.name = Some(typed),
        "phone" => edit.phone = Some(typed),
        "secondary_phone" => edit.secondary_phone = Some(Some(typed)),
        "course_id" => edit.course_id = Some(sent.id("value", "unknown_reference")?),
        "source" => edit.source = Some(typed),
        "notes" => edit.notes = Some(typed),
        "tags" => edit.tags = Some(typed.split(',').map(str::to_owned).collect()),
        other => {
            let field = custom_field(registry, other).ok_or(Error::NotFound)?;
            let mut all = lead.custom.as_object().cloned().unwrap_or_default();
            all.remove(&field.key);
            all.extend(custom::read(slice::from_ref(field), sent)?);
            edit.custom = Some(all);
        }
    }
    Ok(edit)
}

fn custom_field<'a>(registry: &'a Registry, name: &str) -> Option<&'a CustomField> {
    let key = name.strip_prefix(CUSTOM)?;
    registry.custom_fields.iter().find(|field| field.key == key)
}

fn tags(lead: &Lead) -> Vec<String> {
    serde_json::from_value(lead.tags.clone()).unwrap_or_default()
}

/// A lead's name, in its form where that is open.
pub fn heading(visit: &Visit, book: &Book, lead: &Lead, editing: &Editing) -> Value {
    fact(visit, book, lead, editing, "name", "lead-name", lead.name.clone(), None)
}

/// Everything a person may change about a lead, and what there is to know beside it.
pub fn facts(visit: &Visit, book: &Book, lead: &Lead, editing: &Editing) -> Vec<Value> {
    let words = &visit.words;
    let show = |field: &str, label: &str, text: String, tel: Option<&str>| {
        fact(visit, book, lead, editing, field, label, text, tel)
    };
    let shown = |number: &Option<String>| number.as_deref().map(phone).unwrap_or_default();
    let mut facts = vec![
        show("phone", "lead-phone", shown(&lead.phone), lead.phone.as_deref()),
        show(
            "secondary_phone",
            "lead-second-phone",
            shown(&lead.secondary_phone),
            lead.secondary_phone.as_deref(),
        ),
        show("course_id", "lead-course", book.course_name(lead.course_id), None),
        show("source", "lead-source", book.source(&lead.source), None),
        show("tags", "lead-tags", tags(lead).join(", "), None),
    ];
    for field in &book.registry.custom_fields {
        let said = custom::spoken(slice::from_ref(field), lead, words).pop();
        let text = said.map(|(_, text)| text).unwrap_or_default();
        let name = format!("{CUSTOM}{}", field.key);
        let mut shown = show(&name, "lead-note", text, None);
        shown["label"] = label(&field.labels, words.lang).into();
        facts.push(shown);
    }
    facts.push(show("notes", "lead-note", lead.notes.clone(), None));
    let mut known = |label: &str, text: String| {
        if !text.is_empty() {
            facts.push(json!({"label": words.t(label), "value": text, "field": null, "tel": null, "form": null, "long": false}));
        }
    };
    known(
        "lead-score",
        lead.score.map(|score| score.to_string()).unwrap_or_default(),
    );
    let lost = lead.lost_reason.as_deref().map(|key| book.lost_reason(key));
    known("lead-lost-reason", lost.unwrap_or_default());
    known("lead-created", words.moment(lead.created_at));
    facts
}

#[allow(clippy::too_many_arguments, reason = "each stands in its own place of the row")]
fn fact(
    visit: &Visit,
    book: &Book,
    lead: &Lead,
    editing: &Editing,
    field: &str,
    label: &str,
    text: String,
    tel: Option<&str>,
) -> Value {
    let form = (editing.field == field).then(|| form(visit, book, lead, editing, &text));
    json!({
        "field": field, "label": visit.words.t(label), "value": text, "tel": tel, "form": form,
        "long": field == "notes",
    })
}

/// The form of the field that stands open.
fn form(visit: &Visit, book: &Book, lead: &Lead, editing: &Editing, text: &str) -> Value {
    let field = editing.field.as_str();
    let now = value(&book.registry, lead, field).unwrap_or_default();
    let custom = custom_field(&book.registry, field);
    let (kind, options) = match (field, custom.map(|custom| custom.kind)) {
        ("course_id", _) => ("choice", json!(book.open_courses())),
        ("source", _) => ("choice", json!(book.sources())),
        ("notes", _) => ("area", Value::Null),
        ("phone" | "secondary_phone", _) => ("tel", Value::Null),
        (_, Some(FieldKind::Choice)) => ("choice", json!(choices(visit, custom))),
        (_, Some(FieldKind::Boolean)) => ("check", Value::Null),
        (_, Some(FieldKind::Date)) => ("date", Value::Null),
        _ => ("text", Value::Null),
    };
    let conflict = editing.theirs.as_ref().map(|theirs| {
        let theirs_is = if text.is_empty() { "—" } else { text };
        match &theirs.by {
            Some(by) => visit.words.with(
                "field-changed-by",
                &[("name", by.as_str().into()), ("what", theirs_is.into())],
            ),
            None => visit.words.with("field-changed", &[("what", theirs_is.into())]),
        }
    });
    json!({
        "name": control(field), "kind": kind, "options": options, "choice": kind == "choice", "area": kind == "area",
        "check": kind == "check", "input": if kind == "area" || kind == "choice" || kind == "check" { "" } else { kind },
        "may_be_empty": kind == "choice" && field != "source",
        "value": editing.typed.clone().unwrap_or_else(|| now.clone()), "was": now,
        "error": editing.error, "conflict": conflict,
        "max": if field == "name" { 200 } else { 500 },
    })
}

fn choices(visit: &Visit, field: Option<&CustomField>) -> Vec<Value> {
    let options = field.into_iter().flat_map(|field| &field.options);
    let choice = |option: &wire::pack::FieldOption| json!({"value": option.value, "label": label(&option.labels, visit.words.lang)});
    options.map(choice).collect()
}
