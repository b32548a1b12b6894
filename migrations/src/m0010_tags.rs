//! The leads list at a hundred thousand: an index for every filter and order, and the words a centre tags leads with.

use sea_orm_migration::prelude::*;

use crate::table::{index, tenant_table};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        tenant_table(
            m,
            "tag",
            "key",
            "key TEXT COLLATE \"C\" NOT NULL, name TEXT NOT NULL, created_at TIMESTAMPTZ NOT NULL",
            &[],
        )
        .await?;
        index(m, "INDEX lead_source ON lead (tenant_id, source, created_at, id)").await?;
        index(m, "INDEX lead_course ON lead (tenant_id, course_id, created_at, id)").await?;
        index(m, "INDEX lead_name ON lead (tenant_id, name_key, id)").await?;
        index(m, "INDEX lead_changed ON lead (tenant_id, updated_at, id)").await
    }

    async fn down(&self, _: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Migration("schema history only moves forward".into()))
    }
}
