//! Adding a user, by whoever looks after people of that role.

use platform::audit::{self, Changes};
use platform::auth::password;
use platform::db::Scoped;
use platform::fold::name_key;
use platform::idempotency::Key;
use platform::ids::new_id;
use platform::{Actor, App, Error, Id, Permit, Result, Tx};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

use super::contact;
use super::role::may_give;
use super::user::{Colleagues, entity};
use crate::typed;

#[derive(Debug, Clone, Default)]
pub struct NewUser {
    pub username: String,
    pub first_name: String,
    pub last_name: String,
    pub role: String,
    pub email: Option<String>,
    pub phone: Option<String>,
    /// None: the user signs in by a one-time link first.
    pub password: Option<String>,
    pub receives_leads: bool,
}

pub async fn create(app: &App, actor: &Actor, new: NewUser) -> Result<Id> {
    create_once(app, actor, new, None).await
}

/// As [`create`]; under the same key the same user.
pub async fn create_once(app: &App, actor: &Actor, new: NewUser, key: Option<Key>) -> Result<Id> {
    actor.may(Permit::StaffSales)?;
    let hash = match &new.password {
        Some(text) => {
            password::check_rule(text)?;
            Some(password::hash(text).await?)
        }
        None => None,
    };
    let author = actor.clone();
    let created = app
        .once(actor, key, async move |tx: Tx| create_in(&tx, &author, new, hash).await)
        .await;
    app.kept.forget::<Colleagues>(actor.tenant_id());
    created
}

/// Adds a user within a transaction; the password is hashed beforehand, as hashing is slow on purpose.
pub async fn create_in(tx: &Tx, actor: &Actor, new: NewUser, password_hash: Option<String>) -> Result<Id> {
    may_give(tx, actor, &new.role).await?;
    let username = new.username.trim().to_lowercase();
    let good = (2..=60).contains(&username.len())
        && username
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"._-@".contains(&b));
    if !good {
        return Err(Error::field("username", "bad_username"));
    }
    let first_name = typed::line("first_name", &new.first_name, 100)?;
    if first_name.is_empty() {
        return Err(Error::field("first_name", "required"));
    }
    let last_name = typed::line("last_name", &new.last_name, 100)?;
    let phone = contact::phone(actor, new.phone.as_deref())?;
    let email = contact::email(new.email.as_deref())?;
    let tenant = tx.tenant();
    let taken = entity::Entity::of(tenant)
        .filter(entity::Column::Username.eq(&username))
        .one(tx)
        .await?;
    if taken.is_some() {
        return Err(Error::field("username", "username_taken"));
    }
    contact::only_theirs(tx, None, email.as_deref(), phone.as_deref()).await?;
    let id = new_id();
    let row = entity::ActiveModel {
        tenant_id: Set(tenant.0),
        id: Set(id),
        username: Set(username.clone()),
        name_key: Set(name_key(&format!("{first_name} {last_name}"))),
        first_name: Set(first_name),
        last_name: Set(last_name),
        email: Set(email),
        phone: Set(phone),
        role: Set(new.role.clone()),
        password_hash: Set(password_hash),
        active: Set(true),
        receives_leads: Set(new.receives_leads),
        locale: Set(None),
        theme: Set("auto".into()),
        branch_id: Set(None),
        weight: Set(1),
        lead_cap: Set(None),
        last_assigned_at: Set(None),
        hours_set: Set(false),
        absent_from: Set(None),
        absent_to: Set(None),
        blocked_since: Set(None),
        version: Set(1),
        created_at: Set(tx.now()),
    };
    entity::Entity::insert(row).exec_without_returning(tx).await?;
    let mut told = Changes::default();
    told.field("username", None::<&str>, &username);
    told.field("role", None::<&str>, &new.role);
    told.field("receives_leads", None::<bool>, new.receives_leads);
    audit::record(tx, actor, "user.created", "user", id, told.into()).await?;
    Ok(id)
}
