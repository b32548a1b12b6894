//! Identifiers: UUIDv7, so rows of a tenant arrive in index order. Ids use real time, never the movable clock.

use uuid::Uuid;

pub type Id = Uuid;

/// A tenant's id; a type of its own so that it cannot be mixed up with a row's id.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct TenantId(pub Uuid);

impl std::fmt::Display for TenantId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl From<TenantId> for sea_orm::Value {
    fn from(id: TenantId) -> Self {
        id.0.into()
    }
}

pub fn new_id() -> Id {
    Uuid::now_v7()
}
