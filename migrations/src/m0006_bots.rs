//! The tenant's Telegram bot, the chats linked to its users, updates received and messages to send.

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
            "bot",
            "id",
            "id UUID NOT NULL, username TEXT NOT NULL, token_sealed TEXT NOT NULL, mode TEXT NOT NULL, \
             path TEXT NOT NULL, secret_sealed TEXT NOT NULL, poll_offset BIGINT NOT NULL, \
             polled_until TIMESTAMPTZ, paused_until TIMESTAMPTZ, active BOOLEAN NOT NULL, \
             created_at TIMESTAMPTZ NOT NULL",
            &["CONSTRAINT bot_path UNIQUE (tenant_id, path)"],
        )
        .await?;
        tenant_table(
            m,
            "bot_link",
            "user_id",
            "user_id UUID NOT NULL, chat_id BIGINT NOT NULL, state TEXT NOT NULL, muted BOOLEAN NOT NULL, \
             paused_until TIMESTAMPTZ, created_at TIMESTAMPTZ NOT NULL",
            &[USER, "CONSTRAINT bot_link_chat UNIQUE (tenant_id, chat_id)"],
        )
        .await?;
        tenant_table(
            m,
            "bot_link_token",
            "token_hash",
            "token_hash TEXT NOT NULL, user_id UUID NOT NULL, expires_at TIMESTAMPTZ NOT NULL, used_at TIMESTAMPTZ",
            &[USER],
        )
        .await?;
        tenant_table(
            m,
            "bot_update",
            "bot_id, update_id",
            "bot_id UUID NOT NULL, update_id BIGINT NOT NULL, body JSONB NOT NULL, received_at TIMESTAMPTZ NOT NULL, \
             handled_at TIMESTAMPTZ",
            &["FOREIGN KEY (tenant_id, bot_id) REFERENCES bot (tenant_id, id)"],
        )
        .await?;
        tenant_table(
            m,
            "bot_message",
            "id",
            "id UUID NOT NULL, chat_id BIGINT NOT NULL, user_id UUID, uniq TEXT NOT NULL, kind TEXT NOT NULL, \
             payload JSONB NOT NULL, text TEXT NOT NULL, state TEXT NOT NULL, run_at TIMESTAMPTZ NOT NULL, \
             attempts INTEGER NOT NULL, message_id BIGINT, lead_id UUID, follow_up_id UUID, last_error TEXT, \
             created_at TIMESTAMPTZ NOT NULL, sent_at TIMESTAMPTZ",
            &["CONSTRAINT bot_message_uniq UNIQUE (tenant_id, uniq)"],
        )
        .await?;
        index(
            m,
            "INDEX bot_message_queue ON bot_message (tenant_id, chat_id, id) WHERE state = 'queued'",
        )
        .await?;
        index(
            m,
            "UNIQUE INDEX bot_message_sending ON bot_message (tenant_id, chat_id) WHERE state = 'sending'",
        )
        .await?;
        index(
            m,
            "INDEX bot_message_follow_up ON bot_message (tenant_id, follow_up_id) WHERE follow_up_id IS NOT NULL",
        )
        .await
    }

    async fn down(&self, _: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Migration("schema history only moves forward".into()))
    }
}
