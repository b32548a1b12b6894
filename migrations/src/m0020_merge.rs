//! Two leads that were one person: what each was before they were merged, so that it can be undone.

use sea_orm_migration::prelude::*;

use crate::table::{index, tenant_table};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        // No reference to a lead: the one is gone, and the other may go the same way.
        tenant_table(
            m,
            "lead_merge",
            "id",
            "id UUID NOT NULL, kept_id UUID NOT NULL, gone_id UUID NOT NULL, kept JSONB NOT NULL, gone JSONB NOT NULL, \
             merged JSONB NOT NULL, moved JSONB NOT NULL, merged_at TIMESTAMPTZ NOT NULL, merged_by UUID, \
             undone_at TIMESTAMPTZ",
            &[],
        )
        .await?;
        index(m, "INDEX lead_merge_kept ON lead_merge (tenant_id, kept_id, id)").await?;
        index(m, "INDEX lead_merge_gone ON lead_merge (tenant_id, gone_id, id)").await
    }

    async fn down(&self, _: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Migration("schema history only moves forward".into()))
    }
}
