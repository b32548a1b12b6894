//! Sources and lost reasons a centre no longer offers: the leads that carry them keep them.

use sea_orm_migration::prelude::*;

use crate::table::run;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        run(m, "ALTER TABLE source ADD COLUMN retired_at TIMESTAMPTZ").await?;
        run(m, "ALTER TABLE lost_reason ADD COLUMN retired_at TIMESTAMPTZ").await
    }

    async fn down(&self, _: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Migration("schema history only moves forward".into()))
    }
}
