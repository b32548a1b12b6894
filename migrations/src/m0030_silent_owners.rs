//! Leads that go back to distribution because their owner did nothing: after how long, and from whom.

use sea_orm_migration::prelude::*;

use crate::table::{index, run, tenant_table};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        tenant_table(
            m,
            "distribution_setting",
            "",
            "silent_minutes INTEGER NOT NULL, changed_by UUID, changed_at TIMESTAMPTZ NOT NULL",
            &[],
        )
        .await?;
        run(m, "ALTER TABLE lead ADD COLUMN returned_from UUID").await?;
        index(
            m,
            "INDEX lead_assigned ON lead (tenant_id, assigned_at) WHERE owner_id IS NOT NULL",
        )
        .await
    }

    async fn down(&self, _: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Migration("schema history only moves forward".into()))
    }
}
