//! Messages that wait for the messenger: queued in the transaction that causes them, sent one after another in each
//! chat, each with its outcome. A send that a crash interrupted is unknown, and sent once more.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use platform::ids::new_id;
use platform::jobs::{NewJob, enqueue};
use platform::{App, Error, Id, Result, TenantId, Tx};
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};

/// The job that says a tenant has something to send.
pub const SEND: &str = "messages.deliver";
const MAX_ATTEMPTS: i32 = 14;
/// Longer than any send takes.
const SENDING_ENDS: TimeDelta = TimeDelta::seconds(60);

/// A button under a message: it presses `data` (at most 64 bytes), or opens `url`.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Button {
    pub text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// An answer to something a person did in a chat. It goes before everything else in that chat.
pub struct Reply {
    /// The same reply is queued once, however often its cause runs.
    pub uniq: String,
    /// HTML; every foreign string in it went through `escape`.
    pub text: String,
    pub buttons: Vec<Vec<Button>>,
}

/// The oldest message of a chat that may go now.
#[derive(Clone, Debug, FromQueryResult, PartialEq)]
pub struct Head {
    pub id: Id,
    pub chat_id: i64,
}

/// A message handed out for sending.
#[derive(Clone, Debug, PartialEq)]
pub struct Waiting {
    pub id: Id,
    pub chat_id: i64,
    /// Empty for a notice: its words are made when it is sent, of what is true then.
    pub text: String,
    pub buttons: Vec<Vec<Button>>,
    pub notice: Option<Notice>,
    pub attempts: u32,
}

/// What a notice speaks of, and to whom.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    pub kind: String,
    pub user: Id,
    pub payload: serde_json::Value,
    pub lead: Option<Id>,
    pub follow_up: Option<Id>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    Sent {
        message_id: i64,
    },
    /// The chat must rest; costs no attempt.
    ChatSlowed(Duration),
    /// The whole bot must rest; costs no attempt.
    BotSlowed(Duration),
    /// Nobody can be reached there any more.
    ChatGone(String),
    /// Will never be taken.
    Dead(String),
    /// Not carried out; again after this long.
    Retry {
        after: Duration,
        error: String,
    },
    /// Perhaps carried out; a reminder twice is better than none.
    Unknown {
        after: Duration,
        error: String,
    },
    /// The bot itself is refused: everything waits for a new token.
    BotRefused,
}

pub async fn reply(app: &App, tenant: TenantId, chat: i64, reply: Reply) -> Result<()> {
    app.db
        .write(tenant, async move |tx: Tx| reply_in(&tx, chat, reply).await)
        .await
}

pub async fn reply_in(tx: &Tx, chat: i64, reply: Reply) -> Result<()> {
    let (tenant, id) = (tx.tenant(), new_id());
    let new = tx
        .run(
            "INSERT INTO bot_message (tenant_id, id, chat_id, uniq, kind, payload, text, state, run_at, attempts, \
             created_at) VALUES ($1, $2, $3, $4, 'reply', $5, $6, 'queued', $7, 0, $7) \
             ON CONFLICT (tenant_id, uniq) DO NOTHING",
            vec![
                tenant.0.into(),
                id.into(),
                chat.into(),
                reply.uniq.into(),
                serde_json::json!({"buttons": reply.buttons}).into(),
                reply.text.into(),
                tx.now().into(),
            ],
        )
        .await?;
    if new == 1 {
        enqueue(tx, NewJob::new(SEND, format!("{SEND}/{id}"), vec![id]).priority(0)).await?;
    }
    Ok(())
}

/// For every chat with nothing under way, its next message if that is due. A failed one keeps its place.
pub async fn heads(app: &App, tenant: TenantId) -> Result<Vec<Head>> {
    app.db
        .read(tenant, async move |tx: Tx| {
            tx.all(
                "SELECT m.id, m.chat_id FROM ( \
                   SELECT q.id, q.chat_id, q.run_at, ROW_NUMBER() OVER (PARTITION BY q.chat_id \
                     ORDER BY CASE WHEN q.kind = 'reply' THEN 0 ELSE 1 END, q.id) AS place \
                   FROM bot_message AS q \
                   WHERE q.tenant_id = $1 AND q.state = 'queued' AND (q.run_at <= $2 OR q.attempts > 0) \
                 ) AS m WHERE m.place = 1 AND m.run_at <= $2 \
                 AND NOT EXISTS (SELECT 1 FROM bot_message AS s WHERE s.tenant_id = $1 AND s.chat_id = m.chat_id \
                                 AND s.state = 'sending') \
                 AND EXISTS (SELECT 1 FROM bot AS b WHERE b.tenant_id = $1 AND b.active \
                             AND (b.paused_until IS NULL OR b.paused_until <= $2)) \
                 ORDER BY m.id LIMIT 200",
                vec![tenant.0.into(), tx.now().into()],
            )
            .await
        })
        .await
}

/// Takes a message for sending; `None` when another node has it, or another of the chat is under way.
pub async fn begin(app: &App, tenant: TenantId, id: Id) -> Result<Option<Waiting>> {
    let real = app.clock.real();
    let taken = app
        .db
        .write(tenant, async move |tx: Tx| {
            let row: Option<Row> = tx
                .one(
                    "UPDATE bot_message SET state = 'sending', sent_at = $3 \
                     WHERE tenant_id = $1 AND id = $2 AND state = 'queued' \
                     RETURNING id, chat_id, user_id, kind, payload, text, lead_id, follow_up_id, attempts",
                    vec![tenant.0.into(), id.into(), real.into()],
                )
                .await?;
            Ok(row)
        })
        .await;
    match taken {
        Ok(Some(row)) => row.handed_out().map(Some),
        Ok(None) | Err(Error::Conflict(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Keeps what became of a message under way.
pub async fn settle(app: &App, tenant: TenantId, message: &Waiting, outcome: Outcome) -> Result<()> {
    let (id, chat, attempts) = (message.id, message.chat_id, message.attempts.cast_signed());
    let real = app.clock.real();
    app.db
        .write(tenant, async move |tx: Tx| {
            let now = tx.now();
            let after = |wait: Duration| now + TimeDelta::from_std(wait).unwrap_or(TimeDelta::hours(1));
            let settling = Settling { id, chat, attempts };
            match outcome {
                Outcome::Sent { message_id } => {
                    let sql = "UPDATE bot_message SET state = 'sent', message_id = $3, sent_at = $4 \
                               WHERE tenant_id = $1 AND id = $2";
                    tx.run(sql, vec![tenant.0.into(), id.into(), message_id.into(), real.into()])
                        .await?;
                    Ok(())
                }
                Outcome::ChatSlowed(wait) => {
                    settling.put_back(&tx, after(wait), 0, "too many requests").await?;
                    let sql = "UPDATE bot_message SET run_at = $3 \
                               WHERE tenant_id = $1 AND chat_id = $2 AND state = 'queued' AND run_at < $3";
                    tx.run(sql, vec![tenant.0.into(), chat.into(), after(wait).into()])
                        .await?;
                    Ok(())
                }
                Outcome::BotSlowed(wait) => {
                    settling.put_back(&tx, after(wait), 0, "too many requests").await?;
                    let sql = "UPDATE bot SET paused_until = $2 WHERE tenant_id = $1 AND active";
                    tx.run(sql, vec![tenant.0.into(), after(wait).into()]).await?;
                    Ok(())
                }
                Outcome::ChatGone(why) => {
                    settling.give_up(&tx, &why).await?;
                    let sql = "UPDATE bot_link SET state = 'blocked' WHERE tenant_id = $1 AND chat_id = $2";
                    tx.run(sql, vec![tenant.0.into(), chat.into()]).await?;
                    let sql = "UPDATE bot_message SET state = 'dead', last_error = $3 \
                               WHERE tenant_id = $1 AND chat_id = $2 AND state = 'queued'";
                    tx.run(sql, vec![tenant.0.into(), chat.into(), why.into()]).await?;
                    Ok(())
                }
                Outcome::Dead(why) => settling.give_up(&tx, &why).await,
                Outcome::Retry { error, .. } | Outcome::Unknown { error, .. } if attempts + 1 >= MAX_ATTEMPTS => {
                    settling.give_up(&tx, &error).await
                }
                Outcome::Retry { after: wait, error } => settling.put_back(&tx, after(wait), 1, &error).await,
                Outcome::Unknown { after: wait, error } => {
                    settling
                        .put_back(&tx, after(wait), 1, &format!("unknown, sent again: {error}"))
                        .await
                }
                Outcome::BotRefused => {
                    settling.put_back(&tx, now, 0, "the bot's token is refused").await?;
                    let sql = "UPDATE bot SET active = $2 WHERE tenant_id = $1";
                    tx.run(sql, vec![tenant.0.into(), false.into()]).await?;
                    Ok(())
                }
            }
        })
        .await
}

/// Puts back what a crash left under way, and answers when the tenant has something to send next.
pub async fn recover(app: &App, tenant: TenantId) -> Result<Option<DateTime<Utc>>> {
    #[derive(FromQueryResult)]
    struct Next {
        run_at: DateTime<Utc>,
    }
    let real = app.clock.real();
    app.db
        .write(tenant, async move |tx: Tx| {
            tx.run(
                "UPDATE bot_message SET state = 'queued', attempts = attempts + 1, \
                 last_error = 'unknown, sent again: the server stopped while sending' \
                 WHERE tenant_id = $1 AND state = 'sending' AND sent_at < $2",
                vec![tenant.0.into(), (real - SENDING_ENDS).into()],
            )
            .await?;
            let sql = "SELECT run_at FROM bot_message WHERE tenant_id = $1 AND state = 'queued' \
                       ORDER BY run_at LIMIT 1";
            let next: Option<Next> = tx.one(sql, vec![tenant.0.into()]).await?;
            Ok(next.map(|next| next.run_at))
        })
        .await
}

#[derive(FromQueryResult)]
struct Row {
    id: Id,
    chat_id: i64,
    user_id: Option<Id>,
    kind: String,
    payload: serde_json::Value,
    text: String,
    lead_id: Option<Id>,
    follow_up_id: Option<Id>,
    attempts: i32,
}

impl Row {
    fn handed_out(mut self) -> Result<Waiting> {
        let buttons = self.payload.get_mut("buttons").map(serde_json::Value::take);
        let notice = match self.user_id {
            Some(user) if self.text.is_empty() => Some(Notice {
                kind: self.kind,
                user,
                payload: self.payload,
                lead: self.lead_id,
                follow_up: self.follow_up_id,
            }),
            _ => None,
        };
        Ok(Waiting {
            id: self.id,
            chat_id: self.chat_id,
            text: self.text,
            buttons: buttons.map(serde_json::from_value).transpose()?.unwrap_or_default(),
            notice,
            attempts: self.attempts.unsigned_abs(),
        })
    }
}

struct Settling {
    id: Id,
    chat: i64,
    attempts: i32,
}

impl Settling {
    async fn put_back(&self, tx: &Tx, run_at: DateTime<Utc>, attempt: i32, error: &str) -> Result<()> {
        let sql = "UPDATE bot_message SET state = 'queued', run_at = $3, attempts = $4, last_error = $5 \
                   WHERE tenant_id = $1 AND id = $2";
        let tenant = tx.tenant();
        let values = vec![
            tenant.0.into(),
            self.id.into(),
            run_at.into(),
            (self.attempts + attempt).into(),
            error.into(),
        ];
        tx.run(sql, values).await?;
        let uniq = format!("{SEND}/{}/{}", self.id, new_id());
        enqueue(tx, NewJob::new(SEND, uniq, vec![self.id]).at(run_at).priority(0)).await
    }

    async fn give_up(&self, tx: &Tx, why: &str) -> Result<()> {
        tracing::info!(message = %self.id, chat = self.chat, why, "a message cannot be delivered");
        let sql = "UPDATE bot_message SET state = 'dead', last_error = $3 WHERE tenant_id = $1 AND id = $2";
        tx.run(sql, vec![tx.tenant().0.into(), self.id.into(), why.into()])
            .await?;
        Ok(())
    }
}
