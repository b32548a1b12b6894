//! Google sheets a centre has connected, and the rows of them that were seen.

use sea_orm_migration::prelude::*;

use crate::table::{index, tenant_table};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        tenant_table(
            m,
            "connected_sheet",
            "id",
            "id UUID NOT NULL, author_id UUID NOT NULL, owner_id UUID, title TEXT NOT NULL, spreadsheet TEXT NOT NULL, \
             gid BIGINT NOT NULL, tab TEXT NOT NULL, email TEXT NOT NULL, key_sealed TEXT NOT NULL, \
             header JSONB NOT NULL, mapping JSONB NOT NULL, course_id UUID, on_duplicate TEXT NOT NULL, \
             every_minutes INTEGER NOT NULL, state TEXT NOT NULL, error TEXT, tries INTEGER NOT NULL, \
             pass BIGINT NOT NULL, next_row BIGINT NOT NULL, import_id UUID, seen BIGINT NOT NULL, \
             created BIGINT NOT NULL, duplicates BIGINT NOT NULL, rejected BIGINT NOT NULL, \
             synced_at TIMESTAMPTZ, next_at TIMESTAMPTZ, created_at TIMESTAMPTZ NOT NULL",
            &["FOREIGN KEY (tenant_id, course_id) REFERENCES course (tenant_id, id)"],
        )
        .await?;
        index(
            m,
            "UNIQUE INDEX connected_sheet_once ON connected_sheet (tenant_id, spreadsheet, gid)",
        )
        .await?;
        tenant_table(
            m,
            "sheet_row",
            "sheet_id, hash",
            "sheet_id UUID NOT NULL, hash TEXT NOT NULL",
            &["FOREIGN KEY (tenant_id, sheet_id) REFERENCES connected_sheet (tenant_id, id)"],
        )
        .await
    }

    async fn down(&self, _: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Migration("schema history only moves forward".into()))
    }
}
