//! A course's row and the verbs on it.

use std::sync::Arc;

use crate::typed;
use platform::audit::{self, Changes};
use platform::db::Scoped;
use platform::fold::name_key;
use platform::idempotency::Key;
use platform::ids::new_id;
use platform::{Actor, App, Error, Id, Permit, Result, Tx, scoped};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::json;

mod entity {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize, serde::Deserialize)]
    #[sea_orm(table_name = "course")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        #[serde(skip)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub name: String,
        #[serde(skip)]
        pub name_key: String,
        pub sales_script: String,
        pub active: bool,
        pub version: i64,
        pub created_at: DateTimeUtc,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

scoped!(entity);

pub type Course = entity::Model;

#[derive(Debug, Clone, Default)]
pub struct Edit {
    pub name: Option<String>,
    pub sales_script: Option<String>,
    pub active: Option<bool>,
}

pub async fn list(app: &App, actor: &Actor) -> Result<Vec<Course>> {
    actor.may(Permit::CoursesRead)?;
    app.db
        .glance(actor.tenant_id(), async move |tx: Tx| list_in(&tx).await)
        .await
}

/// As [`list`], remembered for a few seconds: for showing, never for deciding.
pub async fn shown(app: &App, actor: &Actor) -> Result<Arc<Vec<Course>>> {
    // Beside a lead or a person: who may not see courses sees the rest.
    if !actor.can(Permit::CoursesRead) {
        return Ok(Arc::default());
    }
    app.kept.get(actor.tenant_id(), || list(app, actor)).await
}

pub async fn list_in(tx: &Tx) -> Result<Vec<Course>> {
    Ok(entity::Entity::of(tx.tenant())
        .order_by_asc(entity::Column::NameKey)
        .limit(1000)
        .all(tx)
        .await?)
}

pub async fn find(app: &App, actor: &Actor, id: Id) -> Result<Course> {
    actor.may(Permit::CoursesRead)?;
    app.db
        .read(actor.tenant_id(), async move |tx: Tx| load(&tx, id).await)
        .await
}

pub async fn create(app: &App, actor: &Actor, name: &str, sales_script: &str) -> Result<Course> {
    create_once(app, actor, name, sales_script, None).await
}

/// As [`create`]; under the same key the same course.
pub async fn create_once(app: &App, actor: &Actor, name: &str, script: &str, key: Option<Key>) -> Result<Course> {
    let (author, name, script) = (actor.clone(), name.to_owned(), script.to_owned());
    let created = app
        .once(actor, key, async move |tx: Tx| {
            create_in(&tx, &author, &name, &script).await
        })
        .await;
    app.kept.forget::<Vec<Course>>(actor.tenant_id());
    created
}

pub async fn create_in(tx: &Tx, actor: &Actor, name: &str, sales_script: &str) -> Result<Course> {
    actor.may(Permit::CoursesWrite)?;
    let name = checked_name(tx, name, None).await?;
    let course = Course {
        tenant_id: tx.tenant().0,
        id: new_id(),
        name_key: name_key(&name),
        name,
        sales_script: typed::text("sales_script", sales_script, 20_000)?,
        active: true,
        version: 1,
        created_at: tx.now(),
    };
    let row = course.clone().into_active_model().reset_all();
    entity::Entity::insert(row).exec_without_returning(tx).await?;
    audit::record(
        tx,
        actor,
        "course.created",
        "course",
        course.id,
        json!({"name": {"from": null, "to": course.name}}),
    )
    .await?;
    Ok(course)
}

pub async fn edit(app: &App, actor: &Actor, id: Id, edit: Edit) -> Result<Course> {
    actor.may(Permit::CoursesWrite)?;
    let author = actor.clone();
    let edited = app
        .db
        .write(actor.tenant_id(), async move |tx: Tx| {
            let course = load(&tx, id).await?;
            let was = course.clone();
            let version = course.version;
            let mut row = course.into_active_model();
            if let Some(name) = edit.name {
                let name = checked_name(&tx, &name, Some(id)).await?;
                row.name_key = Set(name_key(&name));
                row.name = Set(name);
            }
            if let Some(script) = edit.sales_script {
                row.sales_script = Set(typed::text("sales_script", &script, 20_000)?);
            }
            if let Some(active) = edit.active {
                row.active = Set(active);
            }
            row.version = Set(version + 1);
            let course = row.update(&tx).await?;
            let mut told = Changes::default();
            told.field("name", &was.name, &course.name);
            told.field("active", was.active, course.active);
            if was.sales_script != course.sales_script {
                told.field("sales_script", None::<usize>, course.sales_script.chars().count());
            }
            audit::record(&tx, &author, "course.changed", "course", id, told.into()).await?;
            Ok(course)
        })
        .await;
    app.kept.forget::<Vec<Course>>(actor.tenant_id());
    edited
}

async fn load(tx: &Tx, id: Id) -> Result<Course> {
    let course = entity::Entity::of(tx.tenant())
        .filter(entity::Column::Id.eq(id))
        .one(tx)
        .await?;
    course.ok_or(Error::NotFound)
}

async fn checked_name(tx: &Tx, name: &str, except: Option<Id>) -> Result<String> {
    let name = typed::line("name", name, 200)?;
    if name.is_empty() {
        return Err(Error::field("name", "required"));
    }
    let same = entity::Entity::of(tx.tenant())
        .filter(entity::Column::NameKey.eq(name_key(&name)))
        .one(tx)
        .await?;
    if same.is_some_and(|course| Some(course.id) != except) {
        return Err(Error::field("name", "name_taken"));
    }
    Ok(name)
}
