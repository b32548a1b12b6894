//! Tenant scripts: versions, drafts, what is published, and notices to people who must know.

use sea_orm_migration::prelude::*;

use crate::table::{index, tenant_table};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        tenant_table(
            m,
            "script_version",
            "hook, version",
            "hook TEXT NOT NULL, version BIGINT NOT NULL, source TEXT NOT NULL, hash TEXT NOT NULL, \
             author_id UUID, message TEXT NOT NULL, created_at TIMESTAMPTZ NOT NULL",
            &[],
        )
        .await?;
        tenant_table(
            m,
            "script_draft",
            "hook, user_id",
            "hook TEXT NOT NULL, user_id UUID NOT NULL, source TEXT NOT NULL, updated_at TIMESTAMPTZ NOT NULL",
            &["FOREIGN KEY (tenant_id, user_id) REFERENCES app_user (tenant_id, id)"],
        )
        .await?;
        tenant_table(
            m,
            "script_state",
            "hook",
            "hook TEXT NOT NULL, published BIGINT, last_good BIGINT, paused_at TIMESTAMPTZ, pause_reason TEXT, \
             failures INTEGER NOT NULL, failures_since TIMESTAMPTZ, version BIGINT NOT NULL",
            &[],
        )
        .await?;
        tenant_table(
            m,
            "notice",
            "id",
            "id UUID NOT NULL, uniq TEXT NOT NULL, audience TEXT NOT NULL, user_id UUID, kind TEXT NOT NULL, \
             payload JSONB NOT NULL, created_at TIMESTAMPTZ NOT NULL, resolved_at TIMESTAMPTZ",
            &["CONSTRAINT notice_uniq UNIQUE (tenant_id, uniq)"],
        )
        .await?;
        index(
            m,
            "INDEX notice_open ON notice (tenant_id, audience, id) WHERE resolved_at IS NULL",
        )
        .await
    }

    async fn down(&self, _: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Migration("schema history only moves forward".into()))
    }
}
