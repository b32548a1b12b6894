//! Imports of lead tables: the run, its progress, and the rows that were not taken.

use sea_orm_migration::prelude::*;

use crate::table::{index, tenant_table};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        tenant_table(
            m,
            "import",
            "id",
            "id UUID NOT NULL, file_id UUID NOT NULL, file_name TEXT NOT NULL, format TEXT NOT NULL, sheet TEXT, \
             author_id UUID, owner_id UUID, state TEXT NOT NULL, header JSONB NOT NULL, mapping JSONB NOT NULL, \
             total BIGINT NOT NULL, position BIGINT NOT NULL, created BIGINT NOT NULL, \
             duplicates BIGINT NOT NULL, rejected BIGINT NOT NULL, error TEXT, created_at TIMESTAMPTZ NOT NULL, finished_at TIMESTAMPTZ",
            &["FOREIGN KEY (tenant_id, file_id) REFERENCES file (tenant_id, id)"],
        )
        .await?;
        index(m, "INDEX import_created ON import (tenant_id, created_at)").await?;
        tenant_table(
            m,
            "import_row",
            "import_id, number",
            "import_id UUID NOT NULL, number BIGINT NOT NULL, code TEXT NOT NULL, field TEXT, args JSONB NOT NULL, \
             cells JSONB NOT NULL, lead_id UUID",
            &["FOREIGN KEY (tenant_id, import_id) REFERENCES import (tenant_id, id)"],
        )
        .await
    }

    async fn down(&self, _: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Migration("schema history only moves forward".into()))
    }
}
