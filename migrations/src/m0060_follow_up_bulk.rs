//! Changes of many follow-ups at once with what is needed to take them back.

use sea_orm_migration::prelude::*;

use crate::table::{index, tenant_table};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        tenant_table(
            m,
            "follow_up_bulk",
            "id",
            "id UUID NOT NULL, author_id UUID, action JSONB NOT NULL, selection JSONB NOT NULL, state TEXT NOT NULL, \
             gathered UUID, total BIGINT NOT NULL, done BIGINT NOT NULL, same BIGINT NOT NULL, failed BIGINT NOT NULL, \
             undone BIGINT NOT NULL, kept BIGINT NOT NULL, undone_by UUID, created_at TIMESTAMPTZ NOT NULL, \
             finished_at TIMESTAMPTZ",
            &[],
        )
        .await?;
        index(m, "INDEX follow_up_bulk_age ON follow_up_bulk (tenant_id, created_at)").await?;
        tenant_table(
            m,
            "follow_up_bulk_item",
            "bulk_id, follow_up_id",
            "bulk_id UUID NOT NULL, follow_up_id UUID NOT NULL, lead_id UUID NOT NULL, owner_id UUID NOT NULL, \
             due_at TIMESTAMPTZ NOT NULL, state TEXT NOT NULL, code TEXT, args JSONB, before JSONB, \
             placed_at TIMESTAMPTZ",
            &[
                "FOREIGN KEY (tenant_id, bulk_id) REFERENCES follow_up_bulk (tenant_id, id)",
                "FOREIGN KEY (tenant_id, follow_up_id) REFERENCES follow_up (tenant_id, id)",
                "FOREIGN KEY (tenant_id, lead_id) REFERENCES lead (tenant_id, id)",
            ],
        )
        .await?;
        index(
            m,
            "INDEX follow_up_bulk_item_state ON follow_up_bulk_item (tenant_id, bulk_id, state, due_at, follow_up_id)",
        )
        .await?;
        index(
            m,
            "INDEX follow_up_bulk_item_owner ON follow_up_bulk_item (tenant_id, bulk_id, owner_id, placed_at)",
        )
        .await?;
        index(
            m,
            "INDEX follow_up_bulk_item_lead ON follow_up_bulk_item (tenant_id, lead_id)",
        )
        .await?;
        index(
            m,
            "INDEX follow_up_bulk_item_follow_up ON follow_up_bulk_item (tenant_id, follow_up_id)",
        )
        .await
    }

    async fn down(&self, _: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Migration("schema history only moves forward".into()))
    }
}
