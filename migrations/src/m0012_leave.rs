//! Leave as it is asked for (local days and hours, urgency), how it was answered and ended, and which follow-ups
//! moved out of its way.

use sea_orm_migration::prelude::*;

use crate::table::{index, run};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        for column in [
            "leave ADD COLUMN first_day TEXT",
            "leave ADD COLUMN last_day TEXT",
            "leave ADD COLUMN from_minute SMALLINT",
            "leave ADD COLUMN to_minute SMALLINT",
            "leave ADD COLUMN urgent BOOLEAN NOT NULL DEFAULT FALSE",
            "leave ADD COLUMN answer TEXT NOT NULL DEFAULT ''",
            "leave ADD COLUMN ended_by UUID",
            "leave ADD COLUMN ended_at TIMESTAMPTZ",
            "follow_up ADD COLUMN leave_id UUID",
            "follow_up ADD COLUMN left_from TIMESTAMPTZ",
            "follow_up ADD COLUMN left_to TIMESTAMPTZ",
        ] {
            run(m, &format!("ALTER TABLE {column}")).await?;
        }
        index(m, "INDEX leave_state ON leave (tenant_id, state, ends_at)").await?;
        index(
            m,
            "INDEX follow_up_leave ON follow_up (tenant_id, leave_id) WHERE leave_id IS NOT NULL",
        )
        .await
    }

    async fn down(&self, _: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Migration("schema history only moves forward".into()))
    }
}
