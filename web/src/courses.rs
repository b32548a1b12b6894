//! Courses, each with the script a rep reads while calling.

use platform::{Error, Id, Permit};
use poem::handler;
use poem::http::StatusCode;
use poem::web::Path;
use serde_json::{Value, json};
use workflows::courses::{self, Edit};

use crate::leads::errors;
use crate::nav::Section;
use crate::render;
use crate::sent::Sent;
use crate::visit::{Answer, Visit, done};

#[handler]
pub async fn list(visit: Visit) -> Answer {
    let actor = visit.actor()?;
    let rows: Vec<Value> = courses::list(visit.app(), actor)
        .await?
        .iter()
        .map(|course| {
            let line = course.sales_script.lines().next().unwrap_or_default();
            json!({"id": course.id, "name": course.name, "script": line, "active": course.active})
        })
        .collect();
    let view = json!({"can_edit": actor.can(Permit::CoursesWrite), "rows": rows});
    Ok(render::page(
        &visit.page(Section::Courses, visit.words.t("nav-courses")),
        "courses/list",
        &view,
    ))
}

#[handler]
pub async fn new(visit: Visit) -> Answer {
    visit.actor()?.may(Permit::CoursesWrite)?;
    show(&visit, None, json!({"name": "", "script": "", "active": true}), None)
}

#[handler]
pub async fn add(visit: Visit, sent: Sent) -> Answer {
    let (name, script) = (sent.get("name"), sent.get("script"));
    match courses::create_once(visit.app(), visit.actor()?, name, script, visit.once(&sent)?).await {
        Ok(_) => Ok(done("/courses", Some("toast-saved"))),
        Err(error) => show(&visit, None, typed(&sent), Some(error)),
    }
}

#[handler]
pub async fn one(visit: Visit, Path(id): Path<Id>) -> Answer {
    let course = courses::find(visit.app(), visit.actor()?, id).await?;
    show(
        &visit,
        Some(id),
        json!({"name": course.name, "script": course.sales_script, "active": course.active}),
        None,
    )
}

#[handler]
pub async fn edit(visit: Visit, Path(id): Path<Id>, sent: Sent) -> Answer {
    let change = Edit {
        name: Some(sent.get("name").to_owned()),
        sales_script: Some(sent.get("script").to_owned()),
        active: Some(sent.has("active")),
    };
    match courses::edit(visit.app(), visit.actor()?, id, change).await {
        Ok(_) => Ok(done("/courses", Some("toast-saved"))),
        Err(error) => show(&visit, Some(id), typed(&sent), Some(error)),
    }
}

fn typed(sent: &Sent) -> Value {
    json!({"name": sent.get("name"), "script": sent.get("script"), "active": sent.has("active")})
}

fn show(visit: &Visit, id: Option<Id>, form: Value, error: Option<Error>) -> Answer {
    let fields = error
        .as_ref()
        .map(|error| visit.field_errors(error))
        .unwrap_or_default();
    if let Some(error) = error.filter(|_| fields.is_empty()) {
        return Err(error.into());
    }
    let words = &visit.words;
    let name = form["name"].as_str().unwrap_or_default().to_owned();
    let heading = if id.is_some() { name } else { words.t("course-add") };
    let view = json!({
        "heading": heading, "existing": id.is_some(), "form": form, "problem": null,
        "action": id.map_or_else(|| "/courses".to_owned(), |id| format!("/courses/{id}")),
        "readonly": !visit.actor()?.can(Permit::CoursesWrite),
        "errors": errors(&fields, &["name", "sales_script"]),
    });
    let status = if fields.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    Ok(render::page_with(
        status,
        &visit.page(Section::Courses, heading),
        "courses/form",
        &view,
    ))
}
