//! What an import is asked about numbers it already knows, what a table's columns meant last time, and what is needed
//! to take an import back.

use sea_orm_migration::prelude::*;

use crate::table::{index, run, tenant_table};

#[derive(DeriveMigrationName)]
pub struct Migration;

const IMPORT: &str = "FOREIGN KEY (tenant_id, import_id) REFERENCES import (tenant_id, id)";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        for column in [
            "on_duplicate TEXT NOT NULL DEFAULT 'skip'",
            "updated BIGINT NOT NULL DEFAULT 0",
            "linked BIGINT NOT NULL DEFAULT 0",
            "removed BIGINT NOT NULL DEFAULT 0",
            "kept BIGINT NOT NULL DEFAULT 0",
            "undone_at TIMESTAMPTZ",
        ] {
            run(m, &format!("ALTER TABLE import ADD COLUMN {column}")).await?;
        }
        let columns = "import_id UUID NOT NULL, number BIGINT NOT NULL, on_duplicate TEXT NOT NULL";
        tenant_table(m, "import_choice", "import_id, number", columns, &[IMPORT]).await?;
        let columns = "import_id UUID NOT NULL, lead_id UUID NOT NULL, fields JSONB NOT NULL, version BIGINT NOT NULL";
        tenant_table(m, "import_fill", "import_id, lead_id", columns, &[IMPORT]).await?;
        index(m, "INDEX import_fill_lead ON import_fill (tenant_id, lead_id)").await?;
        let columns = "titles TEXT NOT NULL, mapping JSONB NOT NULL, used_at TIMESTAMPTZ NOT NULL";
        tenant_table(m, "import_mapping", "titles", columns, &[]).await
    }

    async fn down(&self, _: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Migration("schema history only moves forward".into()))
    }
}
