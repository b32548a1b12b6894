//! Lists handed out as files: what was asked for, how far it is, and the file until it expires.

use sea_orm_migration::prelude::*;

use crate::table::{index, tenant_table};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        tenant_table(
            m,
            "export",
            "id",
            "id UUID NOT NULL, author_id UUID NOT NULL, what TEXT NOT NULL, filter JSONB NOT NULL, \
             format TEXT NOT NULL, locale TEXT NOT NULL, state TEXT NOT NULL, total BIGINT NOT NULL, \
             rows BIGINT NOT NULL, file_id UUID, size BIGINT, error TEXT, created_at TIMESTAMPTZ NOT NULL, \
             finished_at TIMESTAMPTZ, expires_at TIMESTAMPTZ",
            &["FOREIGN KEY (tenant_id, file_id) REFERENCES file (tenant_id, id)"],
        )
        .await?;
        index(
            m,
            "INDEX export_author ON export (tenant_id, author_id, created_at, id)",
        )
        .await
    }

    async fn down(&self, _: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Migration("schema history only moves forward".into()))
    }
}
