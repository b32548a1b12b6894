//! Roles a centre defines, second factors, what a centre says of itself, and the audit in the order it is read.

use sea_orm_migration::prelude::*;

use crate::table::{index, run, tenant_table};

#[derive(DeriveMigrationName)]
pub struct Migration;

const USER: &str = "FOREIGN KEY (tenant_id, user_id) REFERENCES app_user (tenant_id, id)";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        run(m, "ALTER TABLE tenant ADD COLUMN address TEXT").await?;
        run(m, "ALTER TABLE tenant ADD COLUMN support TEXT").await?;
        run(
            m,
            "ALTER TABLE tenant ADD COLUMN second_factor BOOLEAN NOT NULL DEFAULT FALSE",
        )
        .await?;
        // The key is what `app_user.role` and `policy.role` name: text, as the built-in roles' names are.
        tenant_table(
            m,
            "role",
            "key",
            "key TEXT NOT NULL, name TEXT NOT NULL, name_key TEXT COLLATE \"C\" NOT NULL, version BIGINT NOT NULL, \
             created_at TIMESTAMPTZ NOT NULL",
            &["CONSTRAINT role_name UNIQUE (tenant_id, name_key)"],
        )
        .await?;
        tenant_table(
            m,
            "second_factor",
            "user_id",
            "user_id UUID NOT NULL, secret TEXT NOT NULL, confirmed_at TIMESTAMPTZ, last_step BIGINT NOT NULL, \
             created_at TIMESTAMPTZ NOT NULL",
            &[USER],
        )
        .await?;
        tenant_table(
            m,
            "recovery_code",
            "user_id, code_hash",
            "user_id UUID NOT NULL, code_hash TEXT NOT NULL, used_at TIMESTAMPTZ",
            &[USER],
        )
        .await?;
        // Leads are written all day long and have a history of their own: their rows cost no index here.
        for columns in ["id", "actor_id, id", "action, id"] {
            let name = columns.split(", ").next().unwrap_or_default();
            index(
                m,
                &format!("INDEX audit_desk_{name} ON audit (tenant_id, {columns}) WHERE object <> 'lead'"),
            )
            .await?;
        }
        Ok(())
    }

    async fn down(&self, _: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Migration("schema history only moves forward".into()))
    }
}
