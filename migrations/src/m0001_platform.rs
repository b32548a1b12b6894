//! Tenants, the clock, jobs, events, audit, idempotency and files: what every slice stands on.

use sea_orm_migration::prelude::*;

use crate::table::{Grant, index, platform_table, queue_table, readable_history, tenant_table, tenant_table_with};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        readable_history(m).await?;
        platform_table(
            m,
            "tenant",
            "id UUID PRIMARY KEY, slug TEXT NOT NULL UNIQUE, name TEXT NOT NULL, state TEXT NOT NULL, \
             time_zone TEXT NOT NULL, locale TEXT NOT NULL, currency TEXT NOT NULL, country TEXT NOT NULL, \
             pack TEXT NOT NULL, policy_version BIGINT NOT NULL, created_at TIMESTAMPTZ NOT NULL",
        )
        .await?;
        platform_table(
            m,
            "tenant_host",
            "host TEXT PRIMARY KEY, tenant_id UUID NOT NULL REFERENCES tenant (id)",
        )
        .await?;
        platform_table(
            m,
            "operator",
            "id UUID PRIMARY KEY, username TEXT NOT NULL UNIQUE, password_hash TEXT NOT NULL, \
             created_at TIMESTAMPTZ NOT NULL",
        )
        .await?;
        platform_table(m, "clock", "id INTEGER PRIMARY KEY, offset_micros BIGINT NOT NULL").await?;

        jobs(m).await?;
        events(m).await?;
        tenant_table(
            m,
            "idempotency",
            "principal, key",
            "principal TEXT NOT NULL, key TEXT NOT NULL, fingerprint TEXT NOT NULL, status INTEGER NOT NULL, \
             body TEXT NOT NULL, created_at TIMESTAMPTZ NOT NULL",
            &[],
        )
        .await?;
        tenant_table(
            m,
            "file",
            "id",
            "id UUID NOT NULL, name TEXT NOT NULL, media_type TEXT NOT NULL, size BIGINT NOT NULL, \
             created_at TIMESTAMPTZ NOT NULL, expires_at TIMESTAMPTZ NOT NULL",
            &[],
        )
        .await?;
        tenant_table(
            m,
            "file_chunk",
            "file_id, position",
            "file_id UUID NOT NULL, position INTEGER NOT NULL, bytes BYTEA NOT NULL",
            &["FOREIGN KEY (tenant_id, file_id) REFERENCES file (tenant_id, id)"],
        )
        .await?;
        tenant_table(
            m,
            "settings_version",
            "version",
            "version BIGINT NOT NULL, settings JSONB NOT NULL, author_id UUID, created_at TIMESTAMPTZ NOT NULL",
            &[],
        )
        .await
    }

    async fn down(&self, _: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Migration("schema history only moves forward".into()))
    }
}

async fn jobs(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    tenant_table(
        m,
        "job",
        "id",
        "id UUID NOT NULL, kind TEXT NOT NULL, uniq TEXT NOT NULL, ids JSONB NOT NULL, state TEXT NOT NULL, \
         priority SMALLINT NOT NULL, run_at TIMESTAMPTZ NOT NULL, attempt INTEGER NOT NULL, \
         max_attempts INTEGER NOT NULL, crashes INTEGER NOT NULL, lease_id UUID, lease_until TIMESTAMPTZ, \
         last_error TEXT, trace_id TEXT, created_at TIMESTAMPTZ NOT NULL, finished_at TIMESTAMPTZ",
        &["CONSTRAINT job_uniq UNIQUE (tenant_id, uniq)"],
    )
    .await?;
    index(
        m,
        "INDEX job_ready ON job (tenant_id, priority, run_at, id) WHERE state = 'ready'",
    )
    .await?;
    index(m, "INDEX job_leased ON job (lease_until) WHERE state = 'running'").await?;
    index(m, "INDEX job_finished ON job (finished_at) WHERE state = 'done'").await?;
    tenant_table(
        m,
        "job_tenant",
        "",
        "next_turn TIMESTAMPTZ NOT NULL, idle SMALLINT NOT NULL",
        &[],
    )
    .await?;
    index(m, "INDEX job_tenant_turn ON job_tenant (next_turn)").await?;
    tenant_table(
        m,
        "tick",
        "name, slot",
        "name TEXT NOT NULL, slot TEXT NOT NULL, created_at TIMESTAMPTZ NOT NULL",
        &[],
    )
    .await?;
    for table in ["job", "job_tenant", "tick"] {
        queue_table(m, table).await?;
    }
    Ok(())
}

async fn events(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    tenant_table_with(
        m,
        "event",
        "id",
        "id UUID NOT NULL, kind TEXT NOT NULL, v SMALLINT NOT NULL, occurred_at TIMESTAMPTZ NOT NULL, \
         recorded_at TIMESTAMPTZ NOT NULL, local_date TEXT NOT NULL, actor_id UUID, lead_id UUID, owner_id UUID, \
         causation_id UUID, depth SMALLINT NOT NULL, payload JSONB NOT NULL",
        &[],
        Grant::Append,
    )
    .await?;
    index(
        m,
        "INDEX event_lead ON event (tenant_id, lead_id, id) WHERE lead_id IS NOT NULL",
    )
    .await?;
    index(m, "INDEX event_day ON event (tenant_id, local_date, kind, owner_id)").await?;
    tenant_table_with(
        m,
        "audit",
        "id",
        "id UUID NOT NULL, at TIMESTAMPTZ NOT NULL, actor_id UUID, action TEXT NOT NULL, object TEXT NOT NULL, \
         object_id TEXT NOT NULL, address TEXT, request_id TEXT, changes JSONB NOT NULL",
        &[],
        Grant::Append,
    )
    .await?;
    index(m, "INDEX audit_object ON audit (tenant_id, object, object_id, id)").await
}
