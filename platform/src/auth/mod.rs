//! Who is acting and what they may do. Every verb asks `actor.may` first.

pub mod password;
mod permit;
mod policy;
pub mod reset;
pub mod second_factor;
pub mod session;
pub mod token;
mod user;

pub use permit::{Grants, Permit};
pub use policy::{BUILT_IN_ROLES, Policies};
pub use user::as_user;

use crate::error::{Error, Result};
use crate::ids::{Id, TenantId};
use crate::locale::Lang;
use crate::tenancy::TenantRef;

#[derive(Clone, Debug)]
pub struct Actor {
    pub tenant: TenantRef,
    /// None when the system itself acts (jobs, scripts, commands).
    pub user: Option<Id>,
    pub name: String,
    pub role: String,
    pub grants: Grants,
    pub lang: Lang,
    pub address: Option<String>,
    pub request_id: Option<String>,
}

impl Actor {
    /// The platform acting for a tenant: allowed everything within it.
    pub fn system(tenant: TenantRef) -> Self {
        let lang = tenant.locale;
        Actor {
            tenant,
            user: None,
            name: String::new(),
            role: "system".into(),
            grants: Grants::all(),
            lang,
            address: None,
            request_id: None,
        }
    }

    pub fn tenant_id(&self) -> TenantId {
        self.tenant.id
    }

    pub fn can(&self, permit: Permit) -> bool {
        self.grants.has(permit)
    }

    pub fn may(&self, permit: Permit) -> Result<()> {
        if self.can(permit) {
            Ok(())
        } else {
            Err(Error::Forbidden("not_allowed"))
        }
    }

    /// The user's id, for what only a person can do.
    pub fn person(&self) -> Result<Id> {
        self.user.ok_or(Error::Forbidden("not_a_person"))
    }
}
