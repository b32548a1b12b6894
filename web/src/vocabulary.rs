//! The centre's own words about a lead, edited: sources, lost reasons and fields of its own.

use platform::locale::Lang;
use platform::{Error, Permit};
use poem::handler;
use poem::http::StatusCode;
use poem::web::Path;
use serde_json::{Value, json};
use wire::pack::{FieldKind, FieldOption};
use workflows::leads::{Label, label};
use workflows::vocabulary::{self, Change, Entry, List, New};

use crate::nav::Section;
use crate::render;
use crate::sent::Sent;
use crate::visit::{Answer, Visit, done};

const KINDS: [FieldKind; 5] = [
    FieldKind::Text,
    FieldKind::Number,
    FieldKind::Boolean,
    FieldKind::Date,
    FieldKind::Choice,
];

#[handler]
pub async fn index(visit: Visit) -> Answer {
    let actor = visit.actor()?;
    actor.may(Permit::Settings)?;
    let mut lists = Vec::new();
    for list in List::ALL {
        let entries = vocabulary::entries(visit.app(), actor, list).await?;
        let last = entries.len().saturating_sub(1);
        let rows: Vec<Value> = entries
            .iter()
            .enumerate()
            .map(|(at, entry)| row(&visit, list, entry, at, last))
            .collect();
        lists.push(json!({
            "name": list.name(), "label": visit.words.t(&format!("fields-{}", list.name())),
            "about": visit.words.t(&format!("fields-{}-about", list.name())), "rows": rows,
        }));
    }
    let page = visit.page(Section::Settings, visit.words.t("fields-title"));
    Ok(render::page(&page, "vocabulary/list", &json!({"lists": lists})))
}

#[handler]
pub async fn new(visit: Visit, Path(list): Path<String>) -> Answer {
    visit.actor()?.may(Permit::Settings)?;
    show(&visit, named(&list)?, None, &Sent::default(), None)
}

#[handler]
pub async fn add(visit: Visit, Path(list): Path<String>, sent: Sent) -> Answer {
    let list = named(&list)?;
    let wanted = New {
        key: None,
        labels: labels(&sent),
        kind: kind(sent.get("kind")),
        options: typed_options(&visit, &sent, &[]),
    };
    match vocabulary::add(visit.app(), visit.actor()?, list, wanted, visit.once(&sent)?).await {
        Ok(_) => Ok(done("/settings/fields", Some("toast-saved"))),
        Err(error) => show(&visit, list, None, &sent, Some(error)),
    }
}

#[handler]
pub async fn one(visit: Visit, Path((list, key)): Path<(String, String)>) -> Answer {
    visit.actor()?.may(Permit::Settings)?;
    let list = named(&list)?;
    let entry = find(&visit, list, &key).await?;
    show(&visit, list, Some(&entry), &Sent::default(), None)
}

#[handler]
pub async fn edit(visit: Visit, Path((list, key)): Path<(String, String)>, sent: Sent) -> Answer {
    visit.actor()?.may(Permit::Settings)?;
    let list = named(&list)?;
    let entry = find(&visit, list, &key).await?;
    let choice = entry.kind == Some(FieldKind::Choice);
    let change = Change {
        labels: Some(labels(&sent)),
        options: choice.then(|| typed_options(&visit, &sent, &entry.options)),
        retired: Some(!sent.has("offered")),
        position: None,
    };
    match vocabulary::change(visit.app(), visit.actor()?, list, &key, change).await {
        Ok(_) => Ok(done("/settings/fields", Some("toast-saved"))),
        Err(error) => show(&visit, list, Some(&entry), &sent, Some(error)),
    }
}

/// One place up or down.
#[handler]
pub async fn place(visit: Visit, Path((list, key)): Path<(String, String)>, sent: Sent) -> Answer {
    let change = Change {
        position: sent.get("position").parse().ok(),
        ..Change::default()
    };
    vocabulary::change(visit.app(), visit.actor()?, named(&list)?, &key, change).await?;
    Ok(done("/settings/fields", None))
}

fn row(visit: &Visit, list: List, entry: &Entry, at: usize, last: usize) -> Value {
    let words = &visit.words;
    json!({
        "key": entry.key, "label": label(&entry.labels, words.lang), "retired": entry.retired,
        "path": format!("/settings/fields/{}/{}", list.name(), entry.key),
        "kind": entry.kind.map(|kind| words.t(&format!("fields-kind-{}", name_of(kind)))),
        "options": (!entry.options.is_empty()).then(|| words.count("fields-options-n", entry.options.len() as i64)),
        "up": (at > 0).then(|| at.saturating_sub(1).to_string()),
        "down": (at < last).then(|| (at + 1).to_string()),
    })
}

fn show(visit: &Visit, list: List, entry: Option<&Entry>, sent: &Sent, error: Option<Error>) -> Answer {
    let wrong = error
        .as_ref()
        .map(|error| visit.field_errors(error))
        .unwrap_or_default();
    let refused = matches!(error, Some(Error::Refused(_) | Error::Conflict(_)));
    let error = match error {
        Some(error) if wrong.is_empty() && !refused => return Err(error.into()),
        error => error,
    };
    let (words, typed) = (&visit.words, error.is_some());
    let heading = match entry {
        Some(entry) => label(&entry.labels, words.lang).to_owned(),
        None => words.t(&format!("fields-{}-add", list.name())),
    };
    let text = |lang: Lang| match entry.filter(|_| !typed) {
        Some(entry) => entry.labels.get(lang.code()).cloned().unwrap_or_default(),
        None => sent.get(&label_name(lang)).to_owned(),
    };
    // What is too long is marked where it stands; anything else is the matter of them all, and said at the first.
    let long = |lang: &Lang| text(*lang).chars().count() > 60;
    let at = Lang::ALL
        .into_iter()
        .find(long)
        .filter(|_| wrong.contains_key("labels"))
        .unwrap_or(words.lang);
    let input = |lang: Lang| {
        let error = wrong.get("labels").filter(|_| lang == at);
        json!({"name": label_name(lang), "label": lang.endonym(), "value": text(lang), "error": error})
    };
    let others: Vec<Value> = Lang::ALL
        .into_iter()
        .filter(|lang| *lang != words.lang)
        .map(input)
        .collect();
    let is_choice = entry.is_some_and(|entry| entry.kind == Some(FieldKind::Choice));
    let view = json!({
        "heading": heading, "list": words.t(&format!("fields-{}", list.name())), "key": entry.map(|entry| &entry.key),
        "action": match entry {
            Some(entry) => format!("/settings/fields/{}/{}", list.name(), entry.key),
            None => format!("/settings/fields/{}/new", list.name()),
        },
        "problem": refused.then(|| error.as_ref().map(|error| visit.explain(error))),
        "label": input(words.lang), "others": others, "wrong": wrong.get("labels"), "wrong_options": wrong.get("options"),
        "is_field": list == List::CustomFields, "is_new": entry.is_none(), "is_choice": is_choice,
        "kinds": KINDS.map(|kind| json!({
            "value": name_of(kind), "label": words.t(&format!("fields-kind-{}", name_of(kind))),
            "kind": if kind == FieldKind::Choice { "choice" } else { "plain" },
        })),
        "kind": sent.some("kind").unwrap_or_else(|| "text".into()),
        "picks_choice": sent.get("kind") == "choice",
        "kind_label": entry.and_then(|entry| entry.kind).map(|kind| words.t(&format!("fields-kind-{}", name_of(kind)))),
        "options": entry.map(|entry| entry.options.iter().map(|option| json!({
            "name": option_name(&option.value),
            "value": if typed { sent.get(&option_name(&option.value)).to_owned() }
                else { label(&option.labels, words.lang).to_owned() },
        })).collect::<Vec<_>>()),
        "new_options": sent.get("new_options"),
        "offered": if typed { sent.has("offered") } else { entry.is_none_or(|entry| !entry.retired) },
    });
    let status = if typed {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let page = visit.page(Section::Settings, heading);
    Ok(render::page_with(status, &page, "vocabulary/form", &view))
}

/// Those there are, by their words in the visitor's language, an emptied one gone; then one for each new line.
fn typed_options(visit: &Visit, sent: &Sent, known: &[FieldOption]) -> Vec<FieldOption> {
    let lang = visit.words.lang;
    let kept = known.iter().filter_map(|option| {
        let text = sent.some(&option_name(&option.value))?;
        let mut option = option.clone();
        if text != label(&option.labels, lang) {
            option.labels.insert(lang.code().to_owned(), text);
        }
        Some(option)
    });
    let added = sent
        .get("new_options")
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty());
    let added = added.map(|line| FieldOption {
        value: String::new(),
        labels: Label::from([(lang.code().to_owned(), line.to_owned())]),
    });
    kept.chain(added).collect()
}

fn labels(sent: &Sent) -> Label {
    let text = |lang: Lang| Some((lang.code().to_owned(), sent.some(&label_name(lang))?));
    Lang::ALL.into_iter().filter_map(text).collect()
}

async fn find(visit: &Visit, list: List, key: &str) -> Result<Entry, Error> {
    let entries = vocabulary::entries(visit.app(), visit.actor()?, list).await?;
    entries
        .into_iter()
        .find(|entry| entry.key == key)
        .ok_or(Error::NotFound)
}

fn named(list: &str) -> Result<List, Error> {
    List::parse(list).ok_or(Error::NotFound)
}

fn kind(name: &str) -> Option<FieldKind> {
    KINDS.into_iter().find(|kind| name_of(*kind) == name)
}

fn name_of(kind: FieldKind) -> &'static str {
    match kind {
        FieldKind::Text => "text",
        FieldKind::Number => "number",
        FieldKind::Boolean => "boolean",
        FieldKind::Date => "date",
        FieldKind::Choice => "choice",
    }
}

fn label_name(lang: Lang) -> String {
    format!("label_{}", lang.code())
}

fn option_name(value: &str) -> String {
    format!("option_{value}")
}
