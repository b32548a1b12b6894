//! Which follow-up was reminded of when, to whom and by which message: a message may speak of several.

use sea_orm_migration::prelude::*;

use crate::table::{index, tenant_table};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        tenant_table(
            m,
            "follow_up_reminder",
            "id",
            "id UUID NOT NULL, follow_up_id UUID NOT NULL, lead_id UUID NOT NULL, user_id UUID NOT NULL, \
             message TEXT NOT NULL, at TIMESTAMPTZ NOT NULL",
            &[
                "FOREIGN KEY (tenant_id, follow_up_id) REFERENCES follow_up (tenant_id, id)",
                "FOREIGN KEY (tenant_id, lead_id) REFERENCES lead (tenant_id, id)",
                "FOREIGN KEY (tenant_id, user_id) REFERENCES app_user (tenant_id, id)",
            ],
        )
        .await?;
        index(
            m,
            "INDEX follow_up_reminder_of ON follow_up_reminder (tenant_id, follow_up_id)",
        )
        .await?;
        index(
            m,
            "INDEX follow_up_reminder_lead ON follow_up_reminder (tenant_id, lead_id)",
        )
        .await
    }

    async fn down(&self, _: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Migration("schema history only moves forward".into()))
    }
}
