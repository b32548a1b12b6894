//! A tenant's share of PostgreSQL's connections: one that asks for a hundred at once waits for itself, not everybody
//! for it. SQLite's writer takes turns by its own lines.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::NO_TENANT;
use crate::error::{Error, Result};
use crate::ids::TenantId;

pub(super) const CONNECTIONS: u32 = 20;
const EACH: usize = 12;
/// A busy page waits; it is refused only when whoever asked has given up.
pub(super) const PATIENCE: Duration = Duration::from_secs(20);
const REMEMBERED: usize = 2_000;

#[derive(Clone, Default)]
pub(super) struct Shares {
    tenants: Arc<Mutex<HashMap<TenantId, Arc<Semaphore>>>>,
}

impl Shares {
    pub async fn take(&self, tenant: TenantId) -> Result<Option<OwnedSemaphorePermit>> {
        if tenant == NO_TENANT {
            return Ok(None);
        }
        let share = self.of(tenant);
        match tokio::time::timeout(PATIENCE, share.acquire_owned()).await {
            Ok(Ok(permit)) => Ok(Some(permit)),
            _ => Err(Error::Unavailable("database_busy")),
        }
    }

    fn of(&self, tenant: TenantId) -> Arc<Semaphore> {
        let fresh = || Arc::new(Semaphore::new(EACH));
        let Ok(mut tenants) = self.tenants.lock() else {
            return fresh();
        };
        if tenants.len() > REMEMBERED {
            tenants.retain(|_, share| Arc::strong_count(share) > 1);
        }
        tenants.entry(tenant).or_insert_with(fresh).clone()
    }
}
