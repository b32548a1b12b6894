//! The caller's own account.

use platform::{Id, Permit};
use poem_openapi::payload::Json;
use poem_openapi::types::MaybeUndefined;
use poem_openapi::{Object, OpenApi};
use serde::Serialize;
use workflows::staff;

use crate::Area;
use crate::answer::{Answer, Body, Done};
use crate::leads::{clearable, kept};
use crate::security::Caller;
use crate::users::User;

pub struct Operations;

#[OpenApi(tag = "Area::Access")]
impl Operations {
    /// Who the caller is and what they may do
    #[oai(path = "/me", method = "get", operation_id = "get_me")]
    async fn me(&self, caller: Caller) -> Answer<Body<Me>> {
        let actor = &caller.actor;
        let permits = Permit::ALL
            .iter()
            .filter(|(permit, ..)| actor.can(*permit))
            .map(|(_, object, action)| format!("{object} {action}"));
        Ok(Body(Me {
            id: actor.user,
            name: actor.name.clone(),
            role: actor.role.clone(),
            locale: actor.lang.code().to_owned(),
            permits: permits.collect(),
            tenant: Tenant {
                slug: actor.tenant.slug.clone(),
                name: actor.tenant.name.clone(),
                time_zone: actor.tenant.time_zone.name().to_owned(),
                currency: actor.tenant.currency.clone(),
                country: actor.tenant.country.clone(),
                pack: actor.tenant.pack.clone(),
            },
        }))
    }

    /// Changes the own name, e-mail and phone
    ///
    /// Absent fields stay as they are; null clears what may be empty.
    #[oai(path = "/me", method = "patch", operation_id = "edit_me")]
    async fn edit(&self, caller: Caller, body: Json<MeEdit>) -> Answer<Body<User>> {
        let (app, actor) = (caller.app(), &caller.actor);
        let user = staff::find(app, actor, actor.person()?).await?;
        let details = staff::Details {
            first_name: kept("first_name", body.0.first_name)?.unwrap_or(user.first_name),
            last_name: clearable(body.0.last_name).map_or(user.last_name, Option::unwrap_or_default),
            email: clearable(body.0.email).unwrap_or(user.email),
            phone: clearable(body.0.phone).unwrap_or(user.phone),
        };
        Ok(Body(staff::edit_own(app, actor, details).await?.into()))
    }

    /// A new password, with the old one as proof; signs out everywhere
    #[oai(path = "/me/password", method = "put", operation_id = "change_password")]
    async fn change_password(&self, caller: Caller, body: Json<Passwords>) -> Answer<Done> {
        let Passwords { old_password, password } = body.0;
        staff::change_password(caller.app(), &caller.actor, &old_password, &password).await?;
        Ok(Done)
    }
}

#[derive(Object)]
struct MeEdit {
    first_name: MaybeUndefined<String>,
    last_name: MaybeUndefined<String>,
    email: MaybeUndefined<String>,
    phone: MaybeUndefined<String>,
}

#[derive(Object, Serialize)]
struct Me {
    id: Option<Id>,
    name: String,
    role: String,
    locale: String,
    permits: Vec<String>,
    tenant: Tenant,
}

#[derive(Object, Serialize)]
struct Tenant {
    slug: String,
    name: String,
    time_zone: String,
    currency: String,
    country: String,
    pack: String,
}

#[derive(Object)]
struct Passwords {
    old_password: String,
    password: String,
}
