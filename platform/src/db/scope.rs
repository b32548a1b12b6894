//! The tenant-first finder: the way to a tenant's rows through sea-orm. A foreign row is simply not found.

use sea_orm::{ColumnTrait, DeleteMany, EntityTrait, QueryFilter, Select, UpdateMany};

use crate::ids::TenantId;

/// An entity whose rows belong to a tenant.
pub trait Scoped: EntityTrait {
    const TENANT: Self::Column;

    #[expect(clippy::disallowed_methods, reason = "the finder that carries the tenant")]
    fn of(tenant: TenantId) -> Select<Self> {
        Self::find().filter(Self::TENANT.eq(tenant.0))
    }

    #[expect(clippy::disallowed_methods, reason = "the update that carries the tenant")]
    fn change(tenant: TenantId) -> UpdateMany<Self> {
        Self::update_many().filter(Self::TENANT.eq(tenant.0))
    }

    #[expect(clippy::disallowed_methods, reason = "the delete that carries the tenant")]
    fn remove(tenant: TenantId) -> DeleteMany<Self> {
        Self::delete_many().filter(Self::TENANT.eq(tenant.0))
    }
}

/// Declares that an entity module's rows belong to a tenant.
#[macro_export]
macro_rules! scoped {
    ($($entity:ident),+ $(,)?) => {$(
        impl $crate::db::Scoped for $entity::Entity {
            const TENANT: $entity::Column = $entity::Column::TenantId;
        }
    )+};
}
