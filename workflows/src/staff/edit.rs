//! Changing a user, deactivating one, one-time reset links and the own profile.

use platform::auth::{password, reset};
use platform::db::Scoped;
use platform::fold::{clean_line, name_key};
use platform::jobs::{NewJob, enqueue};
use platform::locale::Lang;
use platform::{Actor, App, Error, Id, Result, Tx, audit};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, IntoActiveModel, QueryFilter};
use serde_json::{Map, Value, json};

use super::create::may_manage;
use super::user::{Colleagues, User, entity, find_in};

/// What may be changed of a user; absent fields stay as they are.
#[derive(Debug, Clone, Default)]
pub struct Edit {
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub email: Option<Option<String>>,
    pub phone: Option<Option<String>>,
    pub role: Option<String>,
    pub receives_leads: Option<bool>,
    pub active: Option<bool>,
    pub weight: Option<i32>,
    pub lead_cap: Option<Option<i32>>,
    /// Courses this rep takes leads of; empty means all.
    pub courses: Option<Vec<Id>>,
}

pub async fn edit(app: &App, actor: &Actor, id: Id, edit: Edit) -> Result<User> {
    let author = actor.clone();
    let edited = app
        .db
        .write(actor.tenant_id(), async move |tx: Tx| {
            edit_in(&tx, &author, id, edit).await
        })
        .await;
    app.kept.forget::<Colleagues>(actor.tenant_id());
    edited
}

pub async fn edit_in(tx: &Tx, actor: &Actor, id: Id, edit: Edit) -> Result<User> {
    let user = find_in(tx, id).await?;
    may_manage(actor, &user.role)?;
    if let Some(role) = &edit.role {
        may_manage(actor, role)?;
    }
    if actor.user == Some(id) && (edit.active == Some(false) || edit.role.as_ref().is_some_and(|r| *r != user.role)) {
        return Err(Error::refused("not_yourself"));
    }
    let mut changes = Map::new();
    let mut row = user.clone().into_active_model();
    let mut first = user.first_name.clone();
    let mut last = user.last_name.clone();
    if let Some(name) = edit.first_name {
        first = clean_line(&name, 100);
        if first.is_empty() {
            return Err(Error::field("first_name", "required"));
        }
        changes.insert("first_name".into(), json!(first));
    }
    if let Some(name) = edit.last_name {
        last = clean_line(&name, 100);
        changes.insert("last_name".into(), json!(last));
    }
    row.name_key = Set(name_key(&format!("{first} {last}")));
    row.first_name = Set(first);
    row.last_name = Set(last);
    if let Some(email) = edit.email {
        row.email = Set(email.map(|e| clean_line(&e, 200)).filter(|e| !e.is_empty()));
        changes.insert("email".into(), Value::Bool(true));
    }
    if let Some(phone) = edit.phone {
        let phone = phone.filter(|p| !p.trim().is_empty());
        row.phone = Set(phone
            .map(|raw| crate::leads::normalize_phone("phone", &raw, actor))
            .transpose()?);
        changes.insert("phone".into(), Value::Bool(true));
    }
    if let Some(role) = edit.role {
        changes.insert("role".into(), json!(role));
        row.role = Set(role);
    }
    if let Some(receives) = edit.receives_leads {
        changes.insert("receives_leads".into(), json!(receives));
        row.receives_leads = Set(receives);
    }
    if let Some(active) = edit.active {
        changes.insert("active".into(), json!(active));
        row.active = Set(active);
    }
    if let Some(weight) = edit.weight {
        if !(0..=100).contains(&weight) {
            return Err(Error::field("weight", "out_of_range").with("min", 0).with("max", 100));
        }
        changes.insert("weight".into(), json!(weight));
        row.weight = Set(weight);
    }
    if let Some(cap) = edit.lead_cap {
        if cap.is_some_and(|cap| !(0..=100_000).contains(&cap)) {
            return Err(Error::field("lead_cap", "out_of_range")
                .with("min", 0)
                .with("max", 100_000));
        }
        changes.insert("lead_cap".into(), json!(cap));
        row.lead_cap = Set(cap);
    }
    row.version = Set(user.version + 1);
    let changed = row.update(tx).await?;
    if let Some(courses) = edit.courses {
        set_courses(tx, id, &courses).await?;
        changes.insert("courses".into(), json!(courses));
    }
    if user.active && !changed.active {
        sign_out(tx, id).await?;
    }
    audit::record(tx, actor, "user.changed", "user", id, Value::Object(changes)).await?;
    // Somebody may have become available.
    let uniq = format!("waiting/user/{id}/{}", changed.version);
    enqueue(tx, NewJob::new("distribution.waiting", uniq, vec![])).await?;
    Ok(changed)
}

/// Takes a user out of work: signed out, given no leads. Their history stays; leads are handed over by assigning.
pub async fn deactivate(app: &App, actor: &Actor, id: Id) -> Result<User> {
    edit(
        app,
        actor,
        id,
        Edit {
            active: Some(false),
            ..Edit::default()
        },
    )
    .await
}

/// A one-time link's token for a user who forgot the password, or never had one.
pub async fn reset_link(app: &App, actor: &Actor, id: Id) -> Result<String> {
    let user = app
        .db
        .read(actor.tenant_id(), async move |tx: Tx| find_in(&tx, id).await)
        .await?;
    may_manage(actor, &user.role)?;
    reset::make(app, actor, id).await
}

/// The own password, with the old one as proof. Signs out everywhere.
pub async fn change_password(app: &App, actor: &Actor, old: &str, new: &str) -> Result<()> {
    let id = actor.person()?;
    let user = app
        .db
        .read(actor.tenant_id(), async move |tx: Tx| find_in(&tx, id).await)
        .await?;
    if !password::verify(old, user.password_hash.as_deref()).await? {
        return Err(Error::field("old_password", "bad_credentials"));
    }
    password::check_rule(new)?;
    let hash = password::hash(new).await?;
    let actor = actor.clone();
    app.db
        .write(actor.tenant_id(), async move |tx: Tx| {
            reset::set_in(&tx, id, &hash).await?;
            audit::record(&tx, &actor, "user.password_changed", "user", id, json!({})).await
        })
        .await
}

pub async fn set_language_and_theme(app: &App, actor: &Actor, lang: Lang, theme: &str) -> Result<()> {
    if !["auto", "light", "dark"].contains(&theme) {
        return Err(Error::field("theme", "unknown_theme"));
    }
    let (id, tenant, theme) = (actor.person()?, actor.tenant_id(), theme.to_owned());
    app.db
        .write(tenant, async move |tx: Tx| {
            entity::Entity::change(tenant)
                .filter(entity::Column::Id.eq(id))
                .col_expr(entity::Column::Locale, Expr::value(lang.code()))
                .col_expr(entity::Column::Theme, Expr::value(theme))
                .exec(&tx)
                .await?;
            Ok(())
        })
        .await
}

async fn set_courses(tx: &Tx, user: Id, courses: &[Id]) -> Result<()> {
    let tenant = tx.tenant();
    let clear = "DELETE FROM user_course WHERE tenant_id = $1 AND user_id = $2";
    tx.run(clear, vec![tenant.0.into(), user.into()]).await?;
    let rows = courses
        .iter()
        .map(|course| vec![tenant.0.into(), user.into(), (*course).into()])
        .collect();
    platform::db::insert(
        tx,
        "user_course",
        "tenant_id, user_id, course_id",
        rows,
        "ON CONFLICT DO NOTHING",
    )
    .await?;
    Ok(())
}

async fn sign_out(tx: &Tx, user: Id) -> Result<()> {
    for table in ["session", "api_token"] {
        let sql = format!("DELETE FROM {table} WHERE tenant_id = $1 AND user_id = $2");
        tx.run(&sql, vec![tx.tenant().0.into(), user.into()]).await?;
    }
    Ok(())
}
