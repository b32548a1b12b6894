//! What a tenant changes once in months and every page asks for, remembered for a few seconds: only for showing, never
//! for deciding.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, RwLock};
use std::time::{Duration, Instant};

use crate::error::Result;
use crate::ids::TenantId;

const FRESH: Duration = Duration::from_secs(5);
const REMEMBERED: usize = 20_000;

type Found = (Instant, Arc<dyn Any + Send + Sync>);

/// One value of each type a tenant.
#[derive(Clone, Default)]
pub struct Kept {
    found: Arc<RwLock<HashMap<(TenantId, TypeId), Found>>>,
}

impl Kept {
    pub async fn get<T, Fut>(&self, tenant: TenantId, find: impl FnOnce() -> Fut) -> Result<Arc<T>>
    where
        T: Send + Sync + 'static,
        Fut: Future<Output = Result<T>>,
    {
        let key = (tenant, TypeId::of::<T>());
        let known = self.found.read().ok().and_then(|found| found.get(&key).cloned());
        if let Some((at, known)) = known
            && at.elapsed() < FRESH
            && let Ok(known) = known.downcast()
        {
            return Ok(known);
        }
        let fresh = Arc::new(find().await?);
        if let Ok(mut found) = self.found.write() {
            if found.len() > REMEMBERED {
                found.clear();
            }
            found.insert(key, (Instant::now(), fresh.clone()));
        }
        Ok(fresh)
    }

    /// Everything is looked up again, as by a node that has just started.
    pub fn forget_all(&self) {
        if let Ok(mut found) = self.found.write() {
            found.clear();
        }
    }

    /// After a change here; other nodes see it within seconds.
    pub fn forget<T: 'static>(&self, tenant: TenantId) {
        if let Ok(mut found) = self.found.write() {
            found.remove(&(tenant, TypeId::of::<T>()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_value_is_found_once_until_it_is_forgotten() {
        let (kept, tenant) = (Kept::default(), TenantId(uuid::Uuid::now_v7()));
        assert_eq!(*kept.get(tenant, async || Ok(1)).await.unwrap(), 1);
        assert_eq!(*kept.get(tenant, async || Ok(2)).await.unwrap(), 1);
        kept.forget::<i32>(tenant);
        assert_eq!(*kept.get(tenant, async || Ok(3)).await.unwrap(), 3);
    }

    #[tokio::test]
    async fn a_tenant_never_gets_what_another_has() {
        let (kept, other) = (Kept::default(), TenantId(uuid::Uuid::now_v7()));
        kept.get(TenantId(uuid::Uuid::now_v7()), async || Ok("theirs"))
            .await
            .unwrap();
        assert_eq!(*kept.get(other, async || Ok("own")).await.unwrap(), "own");
    }
}
