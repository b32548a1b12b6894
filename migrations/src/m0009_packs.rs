//! Packs a centre has installed, settings with their history told, statuses a pack took out of use, custom fields.

use sea_orm_migration::prelude::*;

use crate::table::{run, tenant_table};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        run(m, "ALTER TABLE settings_version ADD COLUMN message TEXT").await?;
        run(m, "ALTER TABLE settings_version ADD COLUMN restored BIGINT").await?;
        run(m, "ALTER TABLE status ADD COLUMN retired_at TIMESTAMPTZ").await?;
        tenant_table(
            m,
            "custom_field",
            "key",
            "key TEXT NOT NULL, position INTEGER NOT NULL, kind TEXT NOT NULL, options JSONB NOT NULL, \
             labels JSONB NOT NULL, retired_at TIMESTAMPTZ",
            &[],
        )
        .await?;
        tenant_table(
            m,
            "installed_pack",
            "pack",
            "pack TEXT NOT NULL, version TEXT NOT NULL, permissions JSONB NOT NULL, installed_by UUID, \
             installed_at TIMESTAMPTZ NOT NULL, changed_at TIMESTAMPTZ NOT NULL",
            &[],
        )
        .await?;
        // Until now there was one version of a pack: whoever runs on it stays on it until an upgrade.
        run(
            m,
            "UPDATE tenant SET pack = pack || '@1.0.0' WHERE pack NOT LIKE '%@%' AND pack <> 'core'",
        )
        .await
    }

    async fn down(&self, _: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Migration("schema history only moves forward".into()))
    }
}
