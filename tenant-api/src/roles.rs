//! Roles: what each may do, and those a centre defines itself.

use platform::auth::Grants;
use platform::{Error, Permit};
use poem::Request;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::types::MaybeUndefined;
use poem_openapi::{Object, OpenApi};
use serde::Serialize;
use workflows::staff;

use crate::Area;
use crate::answer::{Answer, Body, Created, Done};
use crate::idempotent::{KeyHeader, key};
use crate::leads::kept;
use crate::page::Page;
use crate::security::Caller;

pub struct Operations;

#[OpenApi(tag = "Area::Access")]
impl Operations {
    /// Everything a role can allow, in words
    #[oai(path = "/permits", method = "get", operation_id = "list_permits")]
    async fn permits(&self, caller: Caller) -> Answer<Body<Page<Allowed>>> {
        caller.actor.may(Permit::StaffRead)?;
        let lang = caller.actor.lang;
        let all = Permit::ALL.iter().map(|(_, object, action)| Allowed {
            permit: format!("{object} {action}"),
            words: platform::locale::t(lang, &staff::permit_words(object, action), &[]),
        });
        Ok(Body(Page::whole(all.collect())))
    }

    /// The built-in roles and the centre's own
    #[oai(path = "/roles", method = "get", operation_id = "list_roles")]
    async fn list(&self, caller: Caller) -> Answer<Body<Page<Role>>> {
        let roles = staff::roles(caller.app(), &caller.actor).await?;
        let lang = caller.actor.lang;
        Ok(Body(Page::whole(
            roles.into_iter().map(|role| Role::of(role, lang)).collect(),
        )))
    }

    /// A new role
    ///
    /// It can allow no more than its maker may do. What a permit is of no use without is added to it.
    #[oai(path = "/roles", method = "post", operation_id = "create_role")]
    async fn create(
        &self,
        caller: Caller,
        #[oai(name = "Idempotency-Key")] idempotency_key: KeyHeader,
        req: &Request,
        body: Json<NewRole>,
    ) -> Answer<Created<Role>> {
        let key = key(idempotency_key, req, &body.0)?;
        let grants = grants(&body.0.permits)?;
        let id = staff::add_role(caller.app(), &caller.actor, &body.0.name, grants, key).await?;
        let role = staff::role(caller.app(), &caller.actor, &id.to_string()).await?;
        Ok(Created {
            location: format!("/api/v1/roles/{id}"),
            version: None,
            body: Role::of(role, caller.actor.lang),
        })
    }

    /// One role
    #[oai(path = "/roles/:id", method = "get", operation_id = "get_role")]
    async fn get(&self, caller: Caller, id: Path<String>) -> Answer<Body<Role>> {
        let role = staff::role(caller.app(), &caller.actor, &id.0).await?;
        Ok(Body(Role::of(role, caller.actor.lang)))
    }

    /// Changes a role's name, what it allows, or both; at once, on every node
    #[oai(path = "/roles/:id", method = "patch", operation_id = "edit_role")]
    async fn edit(&self, caller: Caller, id: Path<String>, body: Json<RoleEdit>) -> Answer<Body<Role>> {
        let name = kept("name", body.0.name)?;
        let permits = kept("permits", body.0.permits)?;
        let grants = permits.map(|permits| grants(&permits)).transpose()?;
        staff::edit_role(caller.app(), &caller.actor, &id.0, name.as_deref(), grants).await?;
        let role = staff::role(caller.app(), &caller.actor, &id.0).await?;
        Ok(Body(Role::of(role, caller.actor.lang)))
    }

    /// Removes a role
    ///
    /// `move_to` is the role its people get instead; without one, 422 `role_in_use` while anybody has it.
    #[oai(path = "/roles/:id", method = "delete", operation_id = "remove_role")]
    async fn remove(&self, caller: Caller, id: Path<String>, move_to: Query<Option<String>>) -> Answer<Done> {
        staff::remove_role(caller.app(), &caller.actor, &id.0, move_to.0.as_deref()).await?;
        Ok(Done)
    }
}

fn grants(permits: &[String]) -> Result<Grants, Error> {
    let named = permits.iter().enumerate().map(|(at, text)| {
        let found = text
            .split_once(' ')
            .and_then(|(object, action)| Permit::named(object, action));
        found.ok_or_else(|| Error::field(format!("permits.{at}"), "unknown_permit"))
    });
    named.collect()
}

#[derive(Object, Serialize)]
#[oai(rename = "Permit")]
struct Allowed {
    /// An object and an action, as `leads:own work`.
    permit: String,
    /// What it means, in the caller's language.
    words: String,
}

#[derive(Object, Serialize)]
struct Role {
    /// What a user's `role` names: `sales`, `manager`, `admin`, or an id.
    id: String,
    /// A built-in role's is in the caller's language.
    name: String,
    /// It can be copied, not changed.
    built_in: bool,
    /// How many have it.
    people: i64,
    permits: Vec<String>,
}

impl Role {
    fn of(role: staff::Role, lang: platform::locale::Lang) -> Self {
        let permits = role
            .grants
            .rows()
            .map(|(_, object, action)| format!("{object} {action}"));
        Role {
            permits: permits.collect(),
            name: role
                .name
                .unwrap_or_else(|| platform::locale::t(lang, &format!("role-{}", role.key), &[])),
            built_in: role.built_in,
            people: role.people,
            id: role.key,
        }
    }
}

#[derive(Object, Serialize)]
struct NewRole {
    name: String,
    /// As `/permits` lists them.
    permits: Vec<String>,
}

#[derive(Object)]
struct RoleEdit {
    name: MaybeUndefined<String>,
    permits: MaybeUndefined<Vec<String>>,
}
