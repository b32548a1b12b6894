//! Courses, with the sales script a rep reads while calling.

use chrono::{DateTime, Utc};
use platform::{Error, Id};
use poem::Request;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::types::MaybeUndefined;
use poem_openapi::{Object, OpenApi};
use serde::{Deserialize, Serialize};
use workflows::courses::{self, Edit};

use crate::Area;
use crate::answer::{Answer, Body, Created};
use crate::idempotent::{KeyHeader, key};
use crate::leads::{clearable, kept};
use crate::page::Page;
use crate::security::Caller;

pub struct Operations;

#[OpenApi(tag = "Area::Courses")]
impl Operations {
    /// All courses by name
    #[oai(path = "/courses", method = "get", operation_id = "list_courses")]
    async fn list(&self, caller: Caller) -> Answer<Body<Page<Course>>> {
        let found = courses::list(caller.app(), &caller.actor).await?;
        Ok(Body(Page::whole(found.into_iter().map(Course::from).collect())))
    }

    /// A new course
    #[oai(path = "/courses", method = "post", operation_id = "create_course")]
    async fn create(
        &self,
        caller: Caller,
        #[oai(name = "Idempotency-Key")] idempotency_key: KeyHeader,
        req: &Request,
        body: Json<NewCourse>,
    ) -> Answer<Created<Course>> {
        let key = key(idempotency_key, req, &body.0)?;
        let (actor, new) = (caller.actor.clone(), body.0);
        let made = caller
            .app()
            .once(&caller.actor, key, async move |tx| {
                let course = courses::create_in(&tx, &actor, &new.name, &new.sales_script).await?;
                Ok(Course::from(course))
            })
            .await?;
        Ok(Created {
            location: format!("/api/v1/courses/{}", made.id),
            version: None,
            body: made,
        })
    }

    /// One course
    #[oai(path = "/courses/:id", method = "get", operation_id = "get_course")]
    async fn get(&self, caller: Caller, id: Path<Id>) -> Answer<Body<Course>> {
        let found = courses::find(caller.app(), &caller.actor, id.0).await?;
        Ok(Body(found.into()))
    }

    /// Changes a course; absent fields stay as they are
    #[oai(path = "/courses/:id", method = "patch", operation_id = "edit_course")]
    async fn edit(&self, caller: Caller, id: Path<Id>, body: Json<CourseEdit>) -> Answer<Body<Course>> {
        let changed = courses::edit(caller.app(), &caller.actor, id.0, body.0.try_into()?).await?;
        Ok(Body(changed.into()))
    }
}

#[derive(Object, Serialize, Deserialize)]
struct Course {
    id: Id,
    name: String,
    sales_script: String,
    active: bool,
    version: i64,
    created_at: DateTime<Utc>,
}

#[derive(Object, Serialize)]
struct NewCourse {
    name: String,
    #[oai(default)]
    sales_script: String,
}

#[derive(Object)]
struct CourseEdit {
    name: MaybeUndefined<String>,
    sales_script: MaybeUndefined<String>,
    active: MaybeUndefined<bool>,
}

impl From<courses::Course> for Course {
    fn from(course: courses::Course) -> Self {
        Course {
            id: course.id,
            name: course.name,
            sales_script: course.sales_script,
            active: course.active,
            version: course.version,
            created_at: course.created_at,
        }
    }
}

impl TryFrom<CourseEdit> for Edit {
    type Error = Error;

    fn try_from(edit: CourseEdit) -> Result<Self, Error> {
        Ok(Edit {
            name: kept("name", edit.name)?,
            sales_script: clearable(edit.sales_script).map(Option::unwrap_or_default),
            active: kept("active", edit.active)?,
        })
    }
}
