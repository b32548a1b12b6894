//! Changes of many leads at once with what is needed to take them back, the trash, and the lists people keep.

use sea_orm_migration::prelude::*;

use crate::table::{index, run, tenant_table};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        run(m, "ALTER TABLE lead ADD COLUMN deleted_at TIMESTAMPTZ").await?;
        run(m, "ALTER TABLE lead ADD COLUMN deleted_by UUID").await?;
        index(
            m,
            "INDEX lead_trash ON lead (tenant_id, deleted_at, id) WHERE deleted_at IS NOT NULL",
        )
        .await?;
        tenant_table(
            m,
            "bulk_change",
            "id",
            "id UUID NOT NULL, author_id UUID, action JSONB NOT NULL, selection JSONB NOT NULL, state TEXT NOT NULL, \
             gathered UUID, total BIGINT NOT NULL, done BIGINT NOT NULL, same BIGINT NOT NULL, failed BIGINT NOT NULL, \
             undone BIGINT NOT NULL, kept BIGINT NOT NULL, undone_by UUID, created_at TIMESTAMPTZ NOT NULL, finished_at TIMESTAMPTZ",
            &[],
        )
        .await?;
        index(m, "INDEX bulk_change_age ON bulk_change (tenant_id, created_at)").await?;
        tenant_table(
            m,
            "bulk_lead",
            "bulk_id, lead_id",
            "bulk_id UUID NOT NULL, lead_id UUID NOT NULL, state TEXT NOT NULL, code TEXT, args JSONB, before JSONB",
            &[
                "FOREIGN KEY (tenant_id, bulk_id) REFERENCES bulk_change (tenant_id, id)",
                "FOREIGN KEY (tenant_id, lead_id) REFERENCES lead (tenant_id, id)",
            ],
        )
        .await?;
        index(
            m,
            "INDEX bulk_lead_state ON bulk_lead (tenant_id, bulk_id, state, lead_id)",
        )
        .await?;
        index(m, "INDEX bulk_lead_lead ON bulk_lead (tenant_id, lead_id)").await?;
        tenant_table(
            m,
            "lead_view",
            "id",
            "id UUID NOT NULL, owner_id UUID NOT NULL, shared BOOLEAN NOT NULL, name TEXT NOT NULL, \
             query TEXT NOT NULL, created_at TIMESTAMPTZ NOT NULL",
            &["FOREIGN KEY (tenant_id, owner_id) REFERENCES app_user (tenant_id, id)"],
        )
        .await?;
        tenant_table(
            m,
            "lead_columns",
            "user_id",
            "user_id UUID NOT NULL, columns JSONB NOT NULL",
            &["FOREIGN KEY (tenant_id, user_id) REFERENCES app_user (tenant_id, id)"],
        )
        .await
    }

    async fn down(&self, _: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Migration("schema history only moves forward".into()))
    }
}
