//! What is asked of the database for one tenant, for tests that count a page's statements and look at their plans. A
//! release build keeps nothing.

use sea_orm::Statement;

use crate::ids::TenantId;

/// Hears a tenant's statements, whichever connection they take, until it is dropped.
pub struct Ear {
    tenant: TenantId,
}

#[cfg(debug_assertions)]
mod ears {
    use std::collections::HashMap;
    use std::sync::{LazyLock, Mutex, MutexGuard};

    use super::*;

    static HEARD: LazyLock<Mutex<HashMap<TenantId, Vec<Statement>>>> = LazyLock::new(Mutex::default);

    pub fn all() -> MutexGuard<'static, HashMap<TenantId, Vec<Statement>>> {
        HEARD.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

pub fn listen(tenant: TenantId) -> Ear {
    #[cfg(debug_assertions)]
    ears::all().insert(tenant, Vec::new());
    Ear { tenant }
}

impl Ear {
    /// What was asked since it was last looked at.
    pub fn heard(&self) -> Vec<Statement> {
        #[cfg(debug_assertions)]
        return ears::all()
            .get_mut(&self.tenant)
            .map(std::mem::take)
            .unwrap_or_default();
        #[cfg(not(debug_assertions))]
        Vec::new()
    }
}

impl Drop for Ear {
    fn drop(&mut self) {
        #[cfg(debug_assertions)]
        ears::all().remove(&self.tenant);
    }
}

#[cfg(debug_assertions)]
pub(super) fn note(statement: &Statement, tenant: TenantId) {
    if let Some(heard) = ears::all().get_mut(&tenant) {
        heard.push(statement.clone());
    }
}
