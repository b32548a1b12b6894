//! What the later hooks leave behind: decisions that were not the tenant's own, scores of leads, reps held back.

use sea_orm_migration::prelude::*;

use crate::table::{index, run};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        for column in [
            "decision ADD COLUMN degraded BOOLEAN NOT NULL DEFAULT FALSE",
            "decision ADD COLUMN rerun_at TIMESTAMPTZ",
            "decision ADD COLUMN rerun_id UUID",
            "app_user ADD COLUMN held_reason TEXT",
            "lead ADD COLUMN score SMALLINT",
            "lead ADD COLUMN score_reasons JSONB",
        ] {
            run(m, &format!("ALTER TABLE {column}")).await?;
        }
        index(m, "INDEX decision_degraded ON decision (tenant_id, id) WHERE degraded").await
    }

    async fn down(&self, _: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Migration("schema history only moves forward".into()))
    }
}
