//! The board's order: a column's leads, those that came to it last first, of a centre or of one owner.

use sea_orm_migration::prelude::*;

use crate::table::{index, run};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        index(m, "INDEX lead_board ON lead (tenant_id, status, status_since, id)").await?;
        // Holds all of lead_owner_status, which it replaces: a lead's indexes are paid for at every intake.
        index(
            m,
            "INDEX lead_owner_board ON lead (tenant_id, owner_id, status, status_since, id)",
        )
        .await?;
        run(m, "DROP INDEX lead_owner_status").await
    }

    async fn down(&self, _: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Migration("schema history only moves forward".into()))
    }
}
