//! Statuses, sources, leads with phones and search tokens, status history, follow-ups.

use sea_orm_migration::prelude::*;

use crate::table::{index, tenant_table};

#[derive(DeriveMigrationName)]
pub struct Migration;

const LEAD: &str = "FOREIGN KEY (tenant_id, lead_id) REFERENCES lead (tenant_id, id)";
const OWNER: &str = "FOREIGN KEY (tenant_id, owner_id) REFERENCES app_user (tenant_id, id)";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        tenant_table(
            m,
            "status",
            "key",
            "key TEXT NOT NULL, kind TEXT NOT NULL, position INTEGER NOT NULL, labels JSONB NOT NULL",
            &[],
        )
        .await?;
        tenant_table(
            m,
            "transition",
            "from_key, to_key",
            "from_key TEXT NOT NULL, to_key TEXT NOT NULL, moved_by TEXT NOT NULL, needs_reason BOOLEAN NOT NULL, guard TEXT",
            &[
                "FOREIGN KEY (tenant_id, from_key) REFERENCES status (tenant_id, key)",
                "FOREIGN KEY (tenant_id, to_key) REFERENCES status (tenant_id, key)",
            ],
        )
        .await?;
        tenant_table(
            m,
            "source",
            "key",
            "key TEXT NOT NULL, position INTEGER NOT NULL, labels JSONB NOT NULL",
            &[],
        )
        .await?;
        for table in ["lost_reason", "pack_text"] {
            tenant_table(
                m,
                table,
                "key",
                "key TEXT NOT NULL, position INTEGER NOT NULL, labels JSONB NOT NULL",
                &[],
            )
            .await?;
        }
        leads(m).await?;
        follow_ups(m).await
    }

    async fn down(&self, _: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Migration("schema history only moves forward".into()))
    }
}

async fn leads(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    tenant_table(
        m,
        "lead",
        "id",
        "id UUID NOT NULL, name TEXT NOT NULL, name_key TEXT COLLATE \"C\" NOT NULL, phone TEXT, \
         secondary_phone TEXT, course_id UUID, source TEXT NOT NULL, status TEXT NOT NULL, \
         status_since TIMESTAMPTZ NOT NULL, owner_id UUID, assigned_at TIMESTAMPTZ, waiting_since TIMESTAMPTZ, \
         notes TEXT NOT NULL, tags JSONB NOT NULL, custom JSONB NOT NULL, lost_reason TEXT, lost_at TIMESTAMPTZ, \
         enrolled_at TIMESTAMPTZ, first_contact_at TIMESTAMPTZ, import_id UUID, branch_id UUID, \
         created_by UUID, version BIGINT NOT NULL, created_at TIMESTAMPTZ NOT NULL, updated_at TIMESTAMPTZ NOT NULL",
        &[
            OWNER,
            "FOREIGN KEY (tenant_id, course_id) REFERENCES course (tenant_id, id)",
            "FOREIGN KEY (tenant_id, status) REFERENCES status (tenant_id, key)",
            "FOREIGN KEY (tenant_id, source) REFERENCES source (tenant_id, key)",
        ],
    )
    .await?;
    index(m, "INDEX lead_created ON lead (tenant_id, created_at, id)").await?;
    index(m, "INDEX lead_owner ON lead (tenant_id, owner_id, created_at, id)").await?;
    index(m, "INDEX lead_status ON lead (tenant_id, status, created_at, id)").await?;
    index(m, "INDEX lead_owner_status ON lead (tenant_id, owner_id, status)").await?;
    index(
        m,
        "INDEX lead_waiting ON lead (tenant_id, waiting_since, id) WHERE waiting_since IS NOT NULL",
    )
    .await?;
    index(
        m,
        "INDEX lead_import ON lead (tenant_id, import_id, owner_id, id) WHERE import_id IS NOT NULL",
    )
    .await?;
    tenant_table(
        m,
        "lead_phone",
        "e164, sibling",
        "e164 TEXT COLLATE \"C\" NOT NULL, sibling INTEGER NOT NULL, lead_id UUID NOT NULL",
        &[LEAD],
    )
    .await?;
    index(m, "INDEX lead_phone_lead ON lead_phone (tenant_id, lead_id)").await?;
    tenant_table(
        m,
        "lead_token",
        "token, lead_id",
        "token TEXT COLLATE \"C\" NOT NULL, lead_id UUID NOT NULL",
        &[LEAD],
    )
    .await?;
    index(m, "INDEX lead_token_lead ON lead_token (tenant_id, lead_id)").await?;
    tenant_table(
        m,
        "status_change",
        "id",
        "id UUID NOT NULL, lead_id UUID NOT NULL, from_status TEXT, to_status TEXT NOT NULL, actor_id UUID, \
         note TEXT NOT NULL, lost_reason TEXT, at TIMESTAMPTZ NOT NULL",
        &[LEAD],
    )
    .await?;
    index(m, "INDEX status_change_lead ON status_change (tenant_id, lead_id, id)").await
}

async fn follow_ups(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    tenant_table(
        m,
        "decision",
        "id",
        "id UUID NOT NULL, hook TEXT NOT NULL, batch_id UUID, event_id UUID, lead_id UUID, level TEXT NOT NULL, \
         layer TEXT NOT NULL, script_hash TEXT NOT NULL, engine TEXT NOT NULL, settings_version BIGINT NOT NULL, \
         input JSONB NOT NULL, plan JSONB NOT NULL, trace JSONB NOT NULL, refusals JSONB NOT NULL, \
         failures JSONB NOT NULL, ops BIGINT NOT NULL, micros BIGINT NOT NULL, created_at TIMESTAMPTZ NOT NULL",
        &[LEAD],
    )
    .await?;
    index(m, "INDEX decision_lead ON decision (tenant_id, lead_id, id)").await?;
    index(
        m,
        "INDEX decision_batch ON decision (tenant_id, batch_id, id) WHERE batch_id IS NOT NULL",
    )
    .await?;
    tenant_table(
        m,
        "follow_up",
        "id",
        "id UUID NOT NULL, lead_id UUID NOT NULL, owner_id UUID NOT NULL, due_at TIMESTAMPTZ NOT NULL, \
         flagged BOOLEAN NOT NULL, state TEXT NOT NULL, kind TEXT NOT NULL, identity TEXT NOT NULL, \
         key TEXT NOT NULL, sequence INTEGER NOT NULL, text TEXT NOT NULL, event_id UUID, decision_id UUID, \
         outcome TEXT, note TEXT NOT NULL, completed_at TIMESTAMPTZ, completed_by UUID, closed_at TIMESTAMPTZ, \
         reminded_at TIMESTAMPTZ, overdue_at TIMESTAMPTZ, created_by UUID, version BIGINT NOT NULL, \
         created_at TIMESTAMPTZ NOT NULL",
        &[
            LEAD,
            OWNER,
            "CONSTRAINT follow_up_identity UNIQUE (tenant_id, identity)",
        ],
    )
    .await?;
    index(
        m,
        "INDEX follow_up_open ON follow_up (tenant_id, due_at, id) WHERE state = 'open'",
    )
    .await?;
    index(
        m,
        "INDEX follow_up_owner ON follow_up (tenant_id, owner_id, due_at, id) WHERE state = 'open'",
    )
    .await?;
    index(m, "INDEX follow_up_lead ON follow_up (tenant_id, lead_id, state)").await?;
    index(
        m,
        "INDEX follow_up_unreminded ON follow_up (tenant_id, due_at) WHERE state = 'open' AND reminded_at IS NULL",
    )
    .await?;
    index(
        m,
        "INDEX follow_up_not_overdue ON follow_up (tenant_id, due_at) WHERE state = 'open' AND overdue_at IS NULL",
    )
    .await
}
