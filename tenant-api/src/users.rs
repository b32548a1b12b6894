//! Users: who works here. Managers look after reps, admins after everybody.

use chrono::{DateTime, Utc};
use platform::{Error, Id};
use poem::Request;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::types::MaybeUndefined;
use poem_openapi::{Object, OpenApi};
use serde::Serialize;
use workflows::staff::{self, Edit, HandOver};

use crate::Area;
use crate::answer::{Answer, Body, Created, Done};
use crate::idempotent::{KeyHeader, key};
use crate::leads::{clearable, kept};
use crate::page::Page;
use crate::security::Caller;

pub struct Operations;

#[OpenApi(tag = "Area::Users")]
impl Operations {
    /// All users by name
    #[oai(path = "/users", method = "get", operation_id = "list_users")]
    async fn list(&self, caller: Caller) -> Answer<Body<Page<User>>> {
        let users = staff::list(caller.app(), &caller.actor).await?;
        Ok(Body(Page::whole(users.into_iter().map(User::from).collect())))
    }

    /// A new user
    ///
    /// Without a password the user first signs in by a one-time link.
    #[oai(path = "/users", method = "post", operation_id = "create_user")]
    async fn create(
        &self,
        caller: Caller,
        #[oai(name = "Idempotency-Key")] idempotency_key: KeyHeader,
        req: &Request,
        body: Json<NewUser>,
    ) -> Answer<Created<User>> {
        let key = key(idempotency_key, req, &body.0)?;
        let id = staff::create_once(caller.app(), &caller.actor, body.0.into(), key).await?;
        let user = staff::find(caller.app(), &caller.actor, id).await?;
        Ok(Created {
            location: format!("/api/v1/users/{id}"),
            version: None,
            body: user.into(),
        })
    }

    /// One user
    #[oai(path = "/users/:id", method = "get", operation_id = "get_user")]
    async fn get(&self, caller: Caller, id: Path<Id>) -> Answer<Body<User>> {
        let user = staff::find(caller.app(), &caller.actor, id.0).await?;
        Ok(Body(user.into()))
    }

    /// Changes a user
    ///
    /// Absent fields stay as they are; null clears what may be empty.
    #[oai(path = "/users/:id", method = "patch", operation_id = "edit_user")]
    async fn edit(&self, caller: Caller, id: Path<Id>, body: Json<UserEdit>) -> Answer<Body<User>> {
        let user = staff::edit(caller.app(), &caller.actor, id.0, body.0.try_into()?).await?;
        Ok(Body(user.into()))
    }

    /// Takes a user out of work
    ///
    /// Signed out everywhere and given no leads; what they did stays. `hand_over_to` gets the open leads and
    /// follow-ups; with `share_out` they are distributed again; with neither they stay.
    #[oai(path = "/users/:id", method = "delete", operation_id = "deactivate_user")]
    async fn deactivate(
        &self,
        caller: Caller,
        id: Path<Id>,
        hand_over_to: Query<Option<Id>>,
        share_out: Query<Option<bool>>,
    ) -> Answer<Done> {
        let hand_over = match (hand_over_to.0, share_out.0.unwrap_or_default()) {
            (Some(to), _) => HandOver::To(to),
            (None, true) => HandOver::ShareOut,
            (None, false) => HandOver::Keep,
        };
        staff::let_go(caller.app(), &caller.actor, id.0, hand_over).await?;
        Ok(Done)
    }

    /// A one-time link with which the user chooses a new password
    #[oai(path = "/users/:id/reset-link", method = "post", operation_id = "make_reset_link")]
    async fn reset_link(&self, caller: Caller, id: Path<Id>) -> Answer<Created<ResetLink>> {
        let token = staff::reset_link(caller.app(), &caller.actor, id.0).await?;
        let path = format!("/reset/{token}");
        Ok(Created {
            location: path.clone(),
            version: None,
            body: ResetLink { path, token },
        })
    }
}

#[derive(Object, Serialize)]
pub struct User {
    pub id: Id,
    pub username: String,
    pub first_name: String,
    pub last_name: String,
    pub email: Option<String>,
    pub phone: Option<String>,
    /// admin, manager, sales, or the id of a role of the centre's own.
    pub role: String,
    pub active: bool,
    pub receives_leads: bool,
    pub locale: Option<String>,
    pub weight: i32,
    pub lead_cap: Option<i32>,
    pub absent_from: Option<DateTime<Utc>>,
    pub absent_to: Option<DateTime<Utc>>,
    /// Set while too much overdue work keeps new leads away.
    pub blocked_since: Option<DateTime<Utc>>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
}

#[derive(Object, Serialize)]
struct NewUser {
    username: String,
    first_name: String,
    #[oai(default)]
    last_name: String,
    role: String,
    email: Option<String>,
    phone: Option<String>,
    #[serde(skip)]
    password: Option<String>,
    /// When absent: reps do, others do not.
    receives_leads: Option<bool>,
}

#[derive(Object)]
struct UserEdit {
    first_name: MaybeUndefined<String>,
    last_name: MaybeUndefined<String>,
    email: MaybeUndefined<String>,
    phone: MaybeUndefined<String>,
    role: MaybeUndefined<String>,
    active: MaybeUndefined<bool>,
    receives_leads: MaybeUndefined<bool>,
    weight: MaybeUndefined<i32>,
    lead_cap: MaybeUndefined<i32>,
    /// Courses this rep takes leads of; empty or null means all.
    courses: MaybeUndefined<Vec<Id>>,
}

#[derive(Object, Serialize)]
struct ResetLink {
    /// Shown once: where on this host the user goes.
    path: String,
    token: String,
}

impl From<staff::User> for User {
    fn from(user: staff::User) -> Self {
        User {
            id: user.id,
            username: user.username,
            first_name: user.first_name,
            last_name: user.last_name,
            email: user.email,
            phone: user.phone,
            role: user.role,
            active: user.active,
            receives_leads: user.receives_leads,
            locale: user.locale,
            weight: user.weight,
            lead_cap: user.lead_cap,
            absent_from: user.absent_from,
            absent_to: user.absent_to,
            blocked_since: user.blocked_since,
            version: user.version,
            created_at: user.created_at,
        }
    }
}

impl From<NewUser> for staff::NewUser {
    fn from(new: NewUser) -> Self {
        staff::NewUser {
            receives_leads: new.receives_leads.unwrap_or(new.role == "sales"),
            username: new.username,
            first_name: new.first_name,
            last_name: new.last_name,
            role: new.role,
            email: new.email,
            phone: new.phone,
            password: new.password,
        }
    }
}

impl TryFrom<UserEdit> for Edit {
    type Error = Error;

    fn try_from(edit: UserEdit) -> Result<Self, Error> {
        Ok(Edit {
            first_name: kept("first_name", edit.first_name)?,
            last_name: clearable(edit.last_name).map(Option::unwrap_or_default),
            email: clearable(edit.email),
            phone: clearable(edit.phone),
            role: kept("role", edit.role)?,
            active: kept("active", edit.active)?,
            receives_leads: kept("receives_leads", edit.receives_leads)?,
            weight: kept("weight", edit.weight)?,
            lead_cap: clearable(edit.lead_cap),
            courses: clearable(edit.courses).map(Option::unwrap_or_default),
        })
    }
}
