//! Changing a user, deactivating one, and helping one in who cannot sign in.

use platform::audit::{self, Changes};
use platform::auth::{reset, second_factor};
use platform::db::Scoped;
use platform::fold::name_key;
use platform::jobs::{NewJob, enqueue};
use platform::{Actor, App, Error, Id, Result, Tx};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, IntoActiveModel, QueryFilter};

use super::contact;
use super::role::{may_give, may_manage};
use super::user::{Colleagues, User, courses_in, entity, find_in};
use crate::typed;

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
    may_manage(tx, actor, &user.role).await?;
    let role = edit.role.filter(|role| *role != user.role);
    if let Some(role) = &role {
        may_give(tx, actor, role).await?;
    }
    if actor.user == Some(id) && (edit.active == Some(false) || role.is_some()) {
        return Err(Error::refused("not_yourself"));
    }
    if user.active && user.role == "admin" && (edit.active == Some(false) || role.is_some()) {
        another_admin(tx, id).await?;
    }
    let mut row = user.clone().into_active_model();
    let mut changes = Changes::default();
    let first = match edit
        .first_name
        .map(|name| typed::line("first_name", &name, 100))
        .transpose()?
    {
        Some(name) if name.is_empty() => return Err(Error::field("first_name", "required")),
        Some(name) => name,
        None => user.first_name.clone(),
    };
    let last = match edit.last_name {
        Some(name) => typed::line("last_name", &name, 100)?,
        None => user.last_name.clone(),
    };
    changes.field("first_name", &user.first_name, &first);
    changes.field("last_name", &user.last_name, &last);
    row.name_key = Set(name_key(&format!("{first} {last}")));
    row.first_name = Set(first);
    row.last_name = Set(last);
    let email = match &edit.email {
        Some(email) => contact::email(email.as_deref())?,
        None => user.email.clone(),
    };
    let phone = match &edit.phone {
        Some(phone) => contact::phone(actor, phone.as_deref())?,
        None => user.phone.clone(),
    };
    let fresh = |now: &Option<String>, was: &Option<String>| now.clone().filter(|_| now != was);
    let (new_email, new_phone) = (fresh(&email, &user.email), fresh(&phone, &user.phone));
    contact::only_theirs(tx, Some(id), new_email.as_deref(), new_phone.as_deref()).await?;
    changes.personal("email", user.email.as_deref(), email.as_deref());
    changes.personal("phone", user.phone.as_deref(), phone.as_deref());
    row.email = Set(email);
    row.phone = Set(phone);
    if let Some(role) = role {
        changes.field("role", &user.role, &role);
        row.role = Set(role);
    }
    if let Some(receives) = edit.receives_leads {
        changes.field("receives_leads", user.receives_leads, receives);
        row.receives_leads = Set(receives);
    }
    if let Some(active) = edit.active {
        changes.field("active", user.active, active);
        row.active = Set(active);
    }
    if let Some(weight) = edit.weight {
        if !(0..=100).contains(&weight) {
            return Err(Error::field("weight", "out_of_range").with("min", 0).with("max", 100));
        }
        changes.field("weight", user.weight, weight);
        row.weight = Set(weight);
    }
    if let Some(cap) = edit.lead_cap {
        if cap.is_some_and(|cap| !(0..=100_000).contains(&cap)) {
            return Err(Error::field("lead_cap", "out_of_range")
                .with("min", 0)
                .with("max", 100_000));
        }
        changes.field("lead_cap", user.lead_cap, cap);
        row.lead_cap = Set(cap);
    }
    if let Some(courses) = edit.courses {
        let was = courses_in(tx, id).await?;
        let mut wanted = courses.clone();
        wanted.sort();
        wanted.dedup();
        if was != wanted {
            set_courses(tx, id, &wanted).await?;
        }
        changes.field("courses", was, wanted);
    }
    if changes.is_empty() {
        return Ok(user);
    }
    row.version = Set(user.version + 1);
    let changed = row.update(tx).await?;
    if user.active && !changed.active {
        sign_out(tx, id).await?;
    }
    audit::record(tx, actor, "user.changed", "user", id, changes.into()).await?;
    // Somebody may have become available.
    let uniq = format!("waiting/user/{id}/{}", changed.version);
    enqueue(tx, NewJob::new("distribution.waiting", uniq, vec![])).await?;
    Ok(changed)
}

/// Refuses to take the last active administrator away. Whoever else is just being taken away waits for this one.
async fn another_admin(tx: &Tx, but: Id) -> Result<()> {
    let tenant = tx.tenant();
    let hold = "UPDATE tenant SET policy_version = policy_version WHERE id = $1";
    tx.run(hold, vec![tenant.0.into()]).await?;
    let others = entity::Entity::of(tenant)
        .filter(entity::Column::Role.eq("admin"))
        .filter(entity::Column::Active.eq(true))
        .filter(entity::Column::Id.ne(but))
        .one(tx)
        .await?;
    others.map(|_| ()).ok_or_else(|| Error::refused("last_admin"))
}

/// A one-time link's token for a user who forgot the password, or never had one.
pub async fn reset_link(app: &App, actor: &Actor, id: Id) -> Result<String> {
    let author = actor.clone();
    app.db
        .read(actor.tenant_id(), async move |tx: Tx| {
            let user = find_in(&tx, id).await?;
            may_manage(&tx, &author, &user.role).await
        })
        .await?;
    reset::make(app, actor, id).await
}

/// For somebody whose phone with the codes is gone: they sign in by password alone and may set up another.
pub async fn reset_second_factor(app: &App, actor: &Actor, id: Id) -> Result<()> {
    let author = actor.clone();
    app.db
        .write(actor.tenant_id(), async move |tx: Tx| {
            let user = find_in(&tx, id).await?;
            may_manage(&tx, &author, &user.role).await?;
            second_factor::clear_in(&tx, &author, id, "user.second_factor_reset").await
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
