//! Lists and counts are of leads outside the trash: their indexes hold no others, and the status beside the order, so
//! that a hundred thousand leads are counted without reading one of them.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::table::{index, run};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        // SQLite looks into the row for every column a statement names that the index does not hold, though the index
        // alone says what is in this one.
        let tail = match m.get_database_backend() {
            DbBackend::Sqlite => ", deleted_at",
            _ => "",
        };
        for (name, columns) in [
            ("lead_created", "created_at, id, status"),
            ("lead_owner", "owner_id, created_at, id, status"),
            ("lead_status", "status, created_at, id"),
            ("lead_source", "source, created_at, id, status"),
            ("lead_course", "course_id, created_at, id, status"),
            ("lead_board", "status, status_since, id"),
            ("lead_owner_board", "owner_id, status, status_since, id"),
        ] {
            run(m, &format!("DROP INDEX {name}")).await?;
            index(
                m,
                &format!("INDEX {name} ON lead (tenant_id, {columns}{tail}) WHERE deleted_at IS NULL"),
            )
            .await?;
        }
        Ok(())
    }

    async fn down(&self, _: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Migration("schema history only moves forward".into()))
    }
}
