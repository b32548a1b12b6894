//! The settings form: what the pack declares, part by part, with every version of the values beside it.

use std::collections::HashMap;

use platform::{Error, Permit};
use poem::handler;
use poem::http::StatusCode;
use poem::web::Path;
use serde_json::{Map, Value, json};
use wire::pack::{Section as Part, Setting, SettingKind};
use workflows::leads::label;
use workflows::settings::{self, Change, Form, Version};
use workflows::staff::{self, User};

use crate::nav::Section;
use crate::render;
use crate::sent::Sent;
use crate::values;
use crate::visit::{Answer, Visit, done};

#[handler]
pub async fn show(visit: Visit) -> Answer {
    page(&visit, None, HashMap::new(), None).await
}

#[handler]
pub async fn save(visit: Visit, sent: Sent) -> Answer {
    let (desk, actor) = (&visit.desk, visit.actor()?);
    let form = settings::show(desk, actor).await?;
    let (values, mut wrong) = read(&form, &sent);
    if wrong.is_empty() {
        let change = Change {
            values,
            message: sent.get("message").to_owned(),
            based_on: sent.get("based_on").parse().ok(),
            replan: sent.has("replan"),
        };
        match settings::change(desk, actor, change).await {
            Ok(_) => return Ok(done("/settings", Some("toast-saved"))),
            Err(error @ Error::Invalid(_)) => wrong = visit.field_errors(&error),
            Err(error @ (Error::Conflict(_) | Error::Refused(_))) => {
                return page(&visit, Some(&sent), wrong, Some(error)).await;
            }
            Err(error) => return Err(error.into()),
        }
    } else {
        wrong = wrong_words(&visit, wrong);
    }
    page(&visit, Some(&sent), wrong, None).await
}

#[handler]
pub async fn restore(visit: Visit, Path(version): Path<i64>, sent: Sent) -> Answer {
    settings::restore(&visit.desk, visit.actor()?, version, sent.has("replan")).await?;
    Ok(done("/settings", Some("toast-restored")))
}

/// What was typed, only where it differs from what is in force; a value equal to the default follows the default.
fn read(form: &Form, sent: &Sent) -> (Map<String, Value>, HashMap<String, String>) {
    let (mut values, mut wrong) = (Map::new(), HashMap::new());
    for field in &form.fields {
        // A box that is not ticked sends nothing, every other field is there.
        if !sent.has(&field.key) && (field.kind != SettingKind::Boolean || !sent.has("based_on")) {
            continue;
        }
        match values::typed(field, sent.get(&field.key)) {
            Err(what) => {
                wrong.insert(field.key.clone(), what);
            }
            Ok(value) if form.values.get(&field.key) == Some(&value) => {}
            Ok(value) => {
                let value = if value == field.default { Value::Null } else { value };
                values.insert(field.key.clone(), value);
            }
        }
    }
    (values, wrong)
}

fn wrong_words(visit: &Visit, wrong: HashMap<String, String>) -> HashMap<String, String> {
    let say = |what: String| visit.words.with("settings-no-number", &[("what", what.into())]);
    wrong.into_iter().map(|(key, what)| (key, say(what))).collect()
}

async fn page(visit: &Visit, sent: Option<&Sent>, wrong: HashMap<String, String>, error: Option<Error>) -> Answer {
    let (desk, actor, words) = (&visit.desk, visit.actor()?, &visit.words);
    actor.may(Permit::Settings)?;
    let (form, pending, history, users) = tokio::try_join!(
        settings::show(desk, actor),
        settings::pending(desk, actor),
        settings::versions(desk, actor),
        staff::list(&desk.app, actor),
    )?;
    let changed = form
        .fields
        .iter()
        .filter(|f| form.values.get(&f.key) != Some(&f.default))
        .count();
    let parts = parts(&form);
    let wrong_message = error
        .as_ref()
        .map(|error| visit.field_errors(error))
        .unwrap_or_default();
    let view = json!({
        "sections": parts.iter().map(|(part, fields)| section(visit, &form, part.as_ref(), fields, sent, &wrong)).collect::<Vec<_>>(),
        "based_on": sent.and_then(|sent| sent.some("based_on")).unwrap_or_else(|| form.version.to_string()),
        "wrong_message": wrong_message.get("message"), "message": sent.map(|sent| sent.get("message").to_owned()).unwrap_or_default(),
        "problem": error.as_ref().map(|error| visit.explain(error)),
        "wrong": (!wrong.is_empty()).then(|| words.count("settings-wrong", wrong.len() as i64)),
        "changed": words.count("settings-changed", changed as i64),
        "history": history.iter().map(|version| told(visit, &form, version, &users)).collect::<Vec<_>>(),
        "pack": pack_name(visit),
        "replan": (pending > 0).then(|| words.count("settings-replan", pending)),
        "replanning": sent.is_some_and(|sent| sent.has("replan")),
    });
    let status = if error.is_some() || !wrong.is_empty() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let page = visit.page(Section::Settings, words.t("nav-settings"));
    Ok(render::page_with(status, &page, "settings/show", &view))
}

/// The parts of the form with their fields; what names no part comes last.
fn parts(form: &Form) -> Vec<(Option<Part>, Vec<&Setting>)> {
    let of = |key: &str| {
        form.fields
            .iter()
            .filter(|field| field.section == key)
            .collect::<Vec<_>>()
    };
    let mut parts: Vec<_> = form
        .sections
        .iter()
        .map(|part| (Some(part.clone()), of(&part.key)))
        .collect();
    parts.push((None, of("")));
    parts.retain(|(_, fields)| !fields.is_empty());
    parts
}

fn section(
    visit: &Visit,
    form: &Form,
    part: Option<&Part>,
    fields: &[&Setting],
    sent: Option<&Sent>,
    wrong: &HashMap<String, String>,
) -> Value {
    let words = &visit.words;
    let rows: Vec<Value> = fields
        .iter()
        .map(|field| row(visit, form, field, sent, wrong.get(&field.key)))
        .collect();
    json!({
        "key": part.map_or("other", |part| part.key.as_str()),
        "label": part.map_or_else(|| words.t("settings-other"), |part| label(&part.labels, words.lang).to_owned()),
        "about": part.map(|part| label(&part.about, words.lang)).filter(|about| !about.is_empty()),
        "reads": part.and_then(|part| part.reads).and_then(|reads| values::sentence(words, reads, fields, &form.values)),
        "changed": fields.iter().any(|f| form.values.get(&f.key) != Some(&f.default)),
        "rows": rows,
    })
}

fn row(visit: &Visit, form: &Form, field: &Setting, sent: Option<&Sent>, wrong: Option<&String>) -> Value {
    let words = &visit.words;
    let now = form.values.get(&field.key).unwrap_or(&field.default);
    let shown = match sent {
        Some(sent) if field.kind != SettingKind::Boolean => sent.get(&field.key).to_owned(),
        _ => values::plain(now),
    };
    let on = sent.map_or(now == &Value::Bool(true), |sent| sent.has(&field.key));
    let list = field.kind == SettingKind::IntegerList;
    let hint = label(&field.hints, words.lang).to_owned();
    json!({
        "key": field.key, "label": label(&field.labels, words.lang),
        "hint": if hint.is_empty() && list { words.t("settings-list-hint") } else { hint },
        "boolean": field.kind == SettingKind::Boolean, "list": list, "text": field.kind == SettingKind::Text,
        "value": shown, "on": on,
        "unit": field.unit.as_deref().map(|unit| values::unit(words, unit)),
        "changed": now != &field.default,
        "fill": values::plain(&field.default),
        "default": words.with("settings-default", &[("what", values::spoken(words, field, &field.default).into())]),
        "error": wrong,
    })
}

fn told(visit: &Visit, form: &Form, version: &Version, users: &[User]) -> Value {
    let words = &visit.words;
    let author = users
        .iter()
        .find(|user| Some(user.id) == version.author_id)
        .map(User::full_name);
    let changes: Vec<Value> = version
        .changes
        .iter()
        .filter_map(|change| {
            let field = form.fields.iter().find(|field| field.key == change.key)?;
            let part = form.sections.iter().find(|part| part.key == field.section);
            let say = |value: &Value| values::spoken(words, field, value);
            Some(json!({
                "part": part.map(|part| label(&part.labels, words.lang)), "label": label(&field.labels, words.lang),
                "from": say(&change.from), "to": say(&change.to),
            }))
        })
        .collect();
    json!({
        "number": version.version, "version": format!("v{}", version.version),
        "live": version.version == form.version,
        "message": version.message,
        "back": words.count("script-restore-n", version.version),
        "restored": version.restored.map(|number| words.count("settings-restored", number)),
        "at": words.moment(version.created_at), "who": author,
        "changes": changes,
    })
}

fn pack_name(visit: &Visit) -> String {
    let pack = visit
        .desk
        .packs
        .pack(&visit.request.tenant.pack)
        .unwrap_or_else(|| visit.desk.packs.core());
    format!("{} {}", label(&pack.names, visit.words.lang), pack.version)
}
