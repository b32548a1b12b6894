//! Users, their sessions and tokens, roles, working windows, leave, holidays and courses.

use sea_orm_migration::prelude::*;

use crate::table::{index, tenant_table};

#[derive(DeriveMigrationName)]
pub struct Migration;

const USER: &str = "FOREIGN KEY (tenant_id, user_id) REFERENCES app_user (tenant_id, id)";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        tenant_table(
            m,
            "app_user",
            "id",
            "id UUID NOT NULL, username TEXT NOT NULL, first_name TEXT NOT NULL, last_name TEXT NOT NULL, \
             name_key TEXT COLLATE \"C\" NOT NULL, email TEXT, phone TEXT, role TEXT NOT NULL, password_hash TEXT, \
             active BOOLEAN NOT NULL, receives_leads BOOLEAN NOT NULL, locale TEXT, theme TEXT NOT NULL, \
             branch_id UUID, weight INTEGER NOT NULL, lead_cap INTEGER, last_assigned_at TIMESTAMPTZ, \
             hours_set BOOLEAN NOT NULL, absent_from TIMESTAMPTZ, absent_to TIMESTAMPTZ, blocked_since TIMESTAMPTZ, version BIGINT NOT NULL, \
             created_at TIMESTAMPTZ NOT NULL",
            &["CONSTRAINT app_user_username UNIQUE (tenant_id, username)"],
        )
        .await?;
        tenant_table(
            m,
            "session",
            "id",
            "id UUID NOT NULL, user_id UUID NOT NULL, token_hash TEXT NOT NULL, csrf TEXT NOT NULL, \
             created_at TIMESTAMPTZ NOT NULL, seen_at TIMESTAMPTZ NOT NULL, expires_at TIMESTAMPTZ NOT NULL, \
             address TEXT, agent TEXT",
            &[USER, "CONSTRAINT session_token UNIQUE (tenant_id, token_hash)"],
        )
        .await?;
        index(m, "INDEX session_of_user ON session (tenant_id, user_id)").await?;
        tenant_table(
            m,
            "api_token",
            "id",
            "id UUID NOT NULL, user_id UUID NOT NULL, name TEXT NOT NULL, token_hash TEXT NOT NULL, \
             scopes JSONB NOT NULL, created_at TIMESTAMPTZ NOT NULL, expires_at TIMESTAMPTZ NOT NULL, \
             seen_at TIMESTAMPTZ",
            &[USER, "CONSTRAINT api_token_hash UNIQUE (tenant_id, token_hash)"],
        )
        .await?;
        tenant_table(
            m,
            "reset_link",
            "token_hash",
            "token_hash TEXT NOT NULL, user_id UUID NOT NULL, created_by UUID, created_at TIMESTAMPTZ NOT NULL, \
             expires_at TIMESTAMPTZ NOT NULL, used_at TIMESTAMPTZ",
            &[USER],
        )
        .await?;
        tenant_table(
            m,
            "policy",
            "role, object, action",
            "role TEXT NOT NULL, object TEXT NOT NULL, action TEXT NOT NULL",
            &[],
        )
        .await?;
        tenant_table(
            m,
            "working_window",
            "user_id, weekday, starts",
            "user_id UUID NOT NULL, weekday SMALLINT NOT NULL, starts SMALLINT NOT NULL, ends SMALLINT NOT NULL",
            &[
                USER,
                "CHECK (weekday BETWEEN 0 AND 6 AND starts BETWEEN 0 AND 1439 AND ends BETWEEN 0 AND 1440)",
            ],
        )
        .await?;
        tenant_table(
            m,
            "leave",
            "id",
            "id UUID NOT NULL, user_id UUID NOT NULL, kind TEXT NOT NULL, state TEXT NOT NULL, \
             starts_at TIMESTAMPTZ NOT NULL, ends_at TIMESTAMPTZ NOT NULL, note TEXT NOT NULL, decided_by UUID, \
             decided_at TIMESTAMPTZ, created_at TIMESTAMPTZ NOT NULL",
            &[USER, "CHECK (ends_at > starts_at)"],
        )
        .await?;
        index(m, "INDEX leave_user ON leave (tenant_id, user_id, ends_at)").await?;
        tenant_table(m, "holiday", "day", "day TEXT NOT NULL, name TEXT NOT NULL", &[]).await?;
        tenant_table(
            m,
            "course",
            "id",
            "id UUID NOT NULL, name TEXT NOT NULL, name_key TEXT COLLATE \"C\" NOT NULL, sales_script TEXT NOT NULL, \
             active BOOLEAN NOT NULL, version BIGINT NOT NULL, created_at TIMESTAMPTZ NOT NULL",
            &["CONSTRAINT course_name UNIQUE (tenant_id, name_key)"],
        )
        .await?;
        tenant_table(
            m,
            "user_course",
            "user_id, course_id",
            "user_id UUID NOT NULL, course_id UUID NOT NULL",
            &[
                USER,
                "FOREIGN KEY (tenant_id, course_id) REFERENCES course (tenant_id, id)",
            ],
        )
        .await
    }

    async fn down(&self, _: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Migration("schema history only moves forward".into()))
    }
}
