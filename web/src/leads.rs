//! The leads list, with its filters in the address, and the quick form that adds one.

use std::collections::HashMap;

use platform::{Error, Permit};
use poem::http::StatusCode;
use poem::web::Query;
use poem::{Response, handler};
use serde_json::{Value, json};
use wire::pack::CustomField;
use workflows::leads::{self, Captured, Filter, Lead, NewLead, Sort, Via, label};

use crate::book::Book;
use crate::custom;
use crate::leads_asked::Asked;
use crate::nav::Section;
use crate::page::Choice;
use crate::render;
use crate::sent::Sent;
use crate::visit::{Answer, Visit, done};
use crate::words::phone;
use crate::{leads_many, leads_views, own_filters};

/// A page stays small with a centre's own columns in it, and a hundred people and courses to choose from.
const ROWS: u64 = 30;

#[handler]
pub async fn list(visit: Visit, Query(asked): Query<Asked>) -> Answer {
    show_list(&visit, &asked, None).await
}

/// The list as asked for; `problem` says why something was not done with it.
pub async fn show_list(visit: &Visit, asked: &Asked, problem: Option<String>) -> Answer {
    let (app, actor) = (visit.app(), visit.actor()?);
    let bulk = async {
        match asked.bulk.parse() {
            Ok(id) => leads_many::standing(visit, id, &asked.query()).await.map(Some),
            Err(_) => Ok(None),
        }
    };
    let (filter, problem) = possible(visit, asked, problem).await?;
    let filter = Filter {
        limit: Some(ROWS),
        ..filter
    };
    let (book, tags, page, bulk, look) = tokio::try_join!(
        Book::open(visit),
        leads::tags(app, actor),
        leads::list(app, actor, filter),
        bulk,
        leads::list_look(app, actor)
    )?;
    let fields = &book.registry.custom_fields;
    let (columns, show) = leads_views::shown_columns(visit, &look, fields);
    let own: Vec<&CustomField> = leads_views::own_columns(&look, fields);
    let (views, here, can_keep) = leads_views::tabs(visit, asked, &look)?;
    let rows: Vec<Value> = page
        .items
        .iter()
        .map(|lead| row(visit, &book, lead, page.due.get(&lead.id), &own))
        .collect();
    let team = actor.can(Permit::LeadsAll);
    let tags: Vec<Choice> = tags.into_iter().map(|tag| Choice::new(tag.key, tag.name)).collect();
    let sorts = Sort::ALL.map(|sort| Choice::new(sort.name(), visit.words.t(&format!("leads-sort-{}", sort.name()))));
    let mut tabs = asked.tabs(visit, &book, team);
    tabs.extend(views);
    let mut view = json!({
        "can_import": actor.can(Permit::ImportsCreate),
        "tabs": tabs, "here": here, "can_keep": can_keep,
        "shares": actor.can(Permit::LeadsAssign), "columns": columns, "show": show,
        "filter": asked, "narrow": asked.narrow(), "sorts": sorts, "sort": asked.order().name(),
        "statuses": book.statuses(), "sources": book.sources(), "courses": book.open_courses(),
        "owners": team.then(|| book.owners()),
        "tags": (!tags.is_empty()).then_some(&tags), "known_tags": tags,
        "query": asked.query(), "key": visit.request.id, "bulk": bulk,
        "can_trash": actor.can(Permit::LeadsTrash), "lost_reasons": book.lost_reasons(),
        "chips": asked.chips(visit, &book, &tags), "own_filters": own_filters::inputs(visit, fields, asked),
        "own": own.iter().map(|field| label(&field.labels, visit.words.lang)).collect::<Vec<_>>(),
        "export": actor.can(Permit::Exports).then(|| asked.export()),
        "shown": visit.words.count("leads-shown", rows.len() as i64),
        "first": (!asked.after.is_empty()).then(|| asked.having("after", "")),
        "next": page.next.map(|cursor| asked.having("after", &cursor)),
    });
    view["rows"] = Value::Array(rows);
    view["moves"] = moves(&book);
    let status = match problem {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    view["problem"] = json!(problem);
    let page = visit.page(Section::Leads, visit.words.t("nav-leads"));
    Ok(render::page_of(status, &page, "leads/list", view))
}

/// What the address asks for. Where it asks a field for what it cannot hold, the list without that, and the problem said.
pub async fn possible(
    visit: &Visit,
    asked: &Asked,
    problem: Option<String>,
) -> Result<(Filter, Option<String>), Error> {
    match asked.filter(visit).await {
        Ok(filter) => Ok((filter, problem)),
        Err(error) => {
            let registry = leads::shown(visit.app(), visit.actor()?).await?;
            let said = own_filters::refused(visit, &registry.custom_fields, &error).ok_or(error)?;
            Ok((asked.plain(visit), problem.or(Some(said))))
        }
    }
}

/// Statuses many leads can be moved to at once; which of them each may is said lead by lead.
fn moves(book: &Book) -> Value {
    let shown = book.registry.in_use().map(|status| {
        let asks = if status.kind == "lost" { "reason" } else { "none" };
        json!({"key": status.key, "kind": status.kind, "label": book.label(&status.labels), "asks": asks})
    });
    shown.collect()
}

#[handler]
pub async fn new(visit: Visit) -> Answer {
    let form = json!({
        "name": "", "phone": "", "secondary_phone": "", "course_id": "", "source": "manual", "owner_id": "", "notes": "",
    });
    show_form(&visit, form, &Sent::default(), &Error::NotFound, None).await
}

#[handler]
pub async fn add(visit: Visit, sent: Sent) -> Answer {
    let registry = leads::registry(visit.app(), visit.actor()?).await?;
    let captured = match read(&registry.custom_fields, &sent) {
        Ok(lead) => leads::capture(visit.app(), visit.actor()?, lead, Via::Manual, visit.once(&sent)?).await,
        Err(error) => Err(error),
    };
    let duplicate = match captured {
        Ok(Captured::New { id }) => return Ok(done(&format!("/leads/{id}"), Some("toast-lead-created"))),
        Ok(Captured::Repeat { id, visible }) => Some(visible.then(|| id.to_string())),
        Err(Error::Invalid(_) | Error::Refused(_) | Error::Conflict(_)) => None,
        Err(error) => return Err(error.into()),
    };
    let error = captured.err().unwrap_or(Error::conflict("duplicate_lead"));
    let form = json!({
        "name": sent.get("name"), "phone": sent.get("phone"), "secondary_phone": sent.get("secondary_phone"),
        "course_id": sent.get("course_id"), "source": sent.get("source"), "owner_id": sent.get("owner_id"),
        "notes": sent.get("notes"),
    });
    show_form(&visit, form, &sent, &error, duplicate.flatten()).await
}

/// A line of the list; `own` are the centre's own fields that are shown as columns.
fn row(
    visit: &Visit,
    book: &Book,
    lead: &Lead,
    due: Option<&chrono::DateTime<chrono::Utc>>,
    own: &[&CustomField],
) -> Value {
    json!({
        "id": lead.id,
        "name": lead.name,
        "phone": lead.phone.as_deref().map(phone).unwrap_or_default(),
        "course": book.course_name(lead.course_id),
        "status": book.status(&lead.status),
        "owner": book.person(lead.owner_id),
        "due": visit.words.due(due.copied()),
        "source": book.source(&lead.source),
        "created": visit.words.ago(lead.created_at),
        "changed": visit.words.ago(lead.updated_at),
        "score": lead.score,
        "tags": lead.tags,
        "own": own.iter().map(|field| custom::say(field, lead, &visit.words)).collect::<Vec<_>>(),
    })
}

fn read(fields: &[CustomField], sent: &Sent) -> Result<NewLead, Error> {
    Ok(NewLead {
        name: sent.get("name").to_owned(),
        phone: sent.get("phone").to_owned(),
        secondary_phone: sent.some("secondary_phone"),
        course_id: sent.id("course_id", "unknown_reference")?,
        source: sent.some("source"),
        notes: sent.get("notes").to_owned(),
        owner_id: sent.id("owner_id", "unknown_user")?,
        family: sent.some("family").is_some(),
        custom: custom::read(fields, sent)?,
        ..NewLead::default()
    })
}

async fn show_form(visit: &Visit, form: Value, typed: &Sent, error: &Error, duplicate: Option<String>) -> Answer {
    let book = Book::open(visit).await?;
    let fields = visit.field_errors(error);
    let refused = matches!(error, Error::Refused(_) | Error::Conflict(_));
    let view = json!({
        "form": form,
        "problem": refused.then(|| visit.explain(error)),
        "duplicate": duplicate,
        "errors": errors(&fields, &["name", "phone", "secondary_phone", "course_id", "source", "owner_id"]),
        "phone_example": phone_example(&visit.request.tenant.country),
        "custom": custom::inputs(&book.registry.custom_fields, visit.words.lang, typed, &fields),
        "courses": book.open_courses(),
        "sources": book.sources(),
        "owners": visit.actor()?.can(Permit::LeadsAssign).then(|| book.owners()),
    });
    let status = if refused || !fields.is_empty() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let page = visit.page(Section::Leads, visit.words.t("lead-add"));
    Ok(render::page_with(status, &page, "leads/new", &view))
}

/// Every field a form shows has its place, filled or not: templates are strict.
pub fn errors(found: &HashMap<String, String>, fields: &[&str]) -> Value {
    fields
        .iter()
        .map(|field| ((*field).to_owned(), json!(found.get(*field))))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

fn phone_example(country: &str) -> &'static str {
    match country {
        "KZ" | "RU" => "701 234 56 78",
        _ => "90 123 45 67",
    }
}

pub fn see(id: impl std::fmt::Display, toast: &str) -> Response {
    done(&format!("/leads/{id}"), Some(toast))
}
