//! Calls to the Bot API. teloxide gives the methods and types; the request is our own, because teloxide's sleeps ten
//! seconds on every 5xx and answers an error's wording instead of its code.

use std::time::Duration;

use reqwest::StatusCode;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use teloxide::payloads::{
    self, AnswerCallbackQuerySetters, EditMessageTextSetters, GetUpdatesSetters, SendMessageSetters,
    SetMyCommandsSetters, SetWebhookSetters,
};
use teloxide::requests::Payload;
use teloxide::types::{
    AllowedUpdate, BotCommand, CallbackQueryId, ChatId, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions,
    MessageId, ParseMode,
};
use url::Url;
use workflows::bots::Button;

const ANSWER_WITHIN: Duration = Duration::from_secs(15);
const ALLOWED: [AllowedUpdate; 3] = [
    AllowedUpdate::Message,
    AllowedUpdate::CallbackQuery,
    AllowedUpdate::MyChatMember,
];
const MAX_CONNECTIONS: u8 = 8;

/// One client serves every bot: only the token differs.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    base: Url,
}

/// A bot's token, which no log line or error shows.
#[derive(Clone, PartialEq)]
pub struct Token(String);

/// Why Telegram did not do what it was asked.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Failure {
    #[error("too many requests: wait {} s", .0.as_secs())]
    RetryAfter(Duration),
    #[error("the chat is gone: {0}")]
    ChatGone(String),
    #[error("refused: {0}")]
    Rejected(String),
    #[error("the token is not valid")]
    TokenRejected,
    /// Certainly not carried out.
    #[error("Telegram is not reachable: {0}")]
    Unreachable(String),
    /// Sent, but no answer came: it may have been carried out.
    #[error("no answer: {0}")]
    NoAnswer(String),
}

#[derive(Clone, Debug, Deserialize)]
pub struct Me {
    pub id: i64,
    pub username: String,
    pub first_name: String,
}

#[derive(Clone, Debug, Deserialize)]
pub struct WebhookInfo {
    pub url: String,
    pub pending_update_count: u32,
    pub last_error_message: Option<String>,
}

#[derive(Deserialize)]
struct Sent {
    message_id: i64,
}

#[derive(Deserialize)]
struct Answer {
    result: Option<Value>,
    description: Option<String>,
    parameters: Option<Parameters>,
}

#[derive(Deserialize)]
struct Parameters {
    retry_after: Option<u64>,
}

impl Client {
    pub fn new(api_url: &str) -> Result<Self, String> {
        let base = Url::parse(api_url).map_err(|e| format!("MARKAZ_TELEGRAM_API_URL: {e}"))?;
        let http = reqwest::Client::builder()
            .connect_timeout(Duration::from_secs(5))
            .tcp_nodelay(true)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|e| e.to_string())?;
        Ok(Self { http, base })
    }

    pub async fn me(&self, token: &Token) -> Result<Me, Failure> {
        self.call(token, &payloads::GetMe::new(), ANSWER_WITHIN).await
    }

    /// Sends HTML; every foreign string in it must have gone through `bots::escape`. Answers the message's id.
    pub async fn send(&self, token: &Token, chat: i64, html: &str, buttons: &[Vec<Button>]) -> Result<i64, Failure> {
        let mut payload = payloads::SendMessage::new(ChatId(chat), html)
            .parse_mode(ParseMode::Html)
            .link_preview_options(no_preview());
        if !buttons.is_empty() {
            payload = payload.reply_markup(keyboard(buttons)?);
        }
        self.call::<_, Sent>(token, &payload, ANSWER_WITHIN)
            .await
            .map(|sent| sent.message_id)
    }

    /// Replaces a message; an unchanged one is as good as changed.
    pub async fn edit(
        &self,
        token: &Token,
        chat: i64,
        message: i64,
        html: &str,
        buttons: &[Vec<Button>],
    ) -> Result<(), Failure> {
        let message = i32::try_from(message).map_err(|_| Failure::Rejected("no such message".to_owned()))?;
        let payload = payloads::EditMessageText::new(ChatId(chat), MessageId(message), html)
            .parse_mode(ParseMode::Html)
            .link_preview_options(no_preview())
            .reply_markup(keyboard(buttons)?);
        match self.call::<_, Value>(token, &payload, ANSWER_WITHIN).await {
            Err(Failure::Rejected(why)) if why.contains("message is not modified") => Ok(()),
            other => other.map(drop),
        }
    }

    /// Ends the spinner on a pressed button; a press too old to answer needs none.
    pub async fn answer(&self, token: &Token, callback_id: &str, notice: Option<&str>) -> Result<(), Failure> {
        let mut payload = payloads::AnswerCallbackQuery::new(CallbackQueryId(callback_id.to_owned()));
        if let Some(notice) = notice {
            payload = payload.text(notice);
        }
        match self.call::<_, Value>(token, &payload, ANSWER_WITHIN).await {
            Err(Failure::Rejected(why)) if why.contains("query is too old") => Ok(()),
            other => other.map(drop),
        }
    }

    pub async fn set_webhook(&self, token: &Token, url: &Url, secret: &str) -> Result<(), Failure> {
        let payload = payloads::SetWebhook::new(url.clone())
            .secret_token(secret)
            .allowed_updates(ALLOWED)
            .max_connections(MAX_CONNECTIONS);
        self.call::<_, bool>(token, &payload, ANSWER_WITHIN).await.map(drop)
    }

    pub async fn delete_webhook(&self, token: &Token) -> Result<(), Failure> {
        self.call::<_, bool>(token, &payloads::DeleteWebhook::new(), ANSWER_WITHIN)
            .await
            .map(drop)
    }

    pub async fn webhook_info(&self, token: &Token) -> Result<WebhookInfo, Failure> {
        self.call(token, &payloads::GetWebhookInfo::new(), ANSWER_WITHIN).await
    }

    /// The command list Telegram shows to people of one language; `None` is for everybody else.
    pub async fn set_commands(
        &self,
        token: &Token,
        language: Option<&str>,
        commands: &[(String, String)],
    ) -> Result<(), Failure> {
        let commands = commands.iter().map(|(name, what)| BotCommand::new(name, what));
        let mut payload = payloads::SetMyCommands::new(commands);
        if let Some(language) = language {
            payload = payload.language_code(language);
        }
        self.call::<_, bool>(token, &payload, ANSWER_WITHIN).await.map(drop)
    }

    /// Long polling: waits up to `wait` for updates from `offset` on. They come as Telegram wrote them.
    pub async fn updates(&self, token: &Token, offset: i64, wait: Duration) -> Result<Vec<Value>, Failure> {
        let mut payload = payloads::GetUpdates::new().limit(100).allowed_updates(ALLOWED);
        payload.timeout = u32::try_from(wait.as_secs()).ok();
        payload.offset = i32::try_from(offset).ok();
        self.call(token, &payload, wait + ANSWER_WITHIN).await
    }

    async fn call<P, R>(&self, token: &Token, payload: &P, within: Duration) -> Result<R, Failure>
    where
        P: Payload + Serialize,
        R: DeserializeOwned,
    {
        let mut url = self.base.clone();
        url.path_segments_mut()
            .map_err(|()| Failure::Unreachable("the API address cannot carry a path".to_owned()))?
            .pop_if_empty()
            .extend([format!("bot{}", token.0).as_str(), P::NAME]);
        let request = self.http.post(url).timeout(within).json(payload);
        let response = request.send().await.map_err(failed_before_answer)?;
        let status = response.status();
        let bytes = response.bytes().await.map_err(failed_before_answer)?;
        if status.is_server_error() {
            return Err(Failure::Unreachable(status.to_string()));
        }
        let answer: Answer =
            serde_json::from_slice(&bytes).map_err(|e| Failure::NoAnswer(format!("unreadable answer: {e}")))?;
        match answer.result {
            Some(result) if status.is_success() => {
                serde_json::from_value(result).map_err(|e| Failure::NoAnswer(format!("unexpected answer: {e}")))
            }
            _ => Err(refusal(status, answer)),
        }
    }
}

impl Token {
    pub fn new(token: impl Into<String>) -> Self {
        Self(token.into())
    }

    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}

fn refusal(status: StatusCode, answer: Answer) -> Failure {
    let description = answer.description.unwrap_or_default();
    match status {
        StatusCode::TOO_MANY_REQUESTS => {
            let seconds = answer.parameters.and_then(|p| p.retry_after).unwrap_or(1);
            Failure::RetryAfter(Duration::from_secs(seconds))
        }
        StatusCode::FORBIDDEN => Failure::ChatGone(description),
        StatusCode::BAD_REQUEST if description.contains("chat not found") => Failure::ChatGone(description),
        StatusCode::UNAUTHORIZED | StatusCode::NOT_FOUND => Failure::TokenRejected,
        _ => Failure::Rejected(description),
    }
}

/// reqwest's errors name the URL, and the URL holds the token.
fn failed_before_answer(error: reqwest::Error) -> Failure {
    let connecting = error.is_connect() || error.is_builder();
    let error = error.without_url();
    let mut text = error.to_string();
    let mut source = std::error::Error::source(&error);
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    if connecting {
        Failure::Unreachable(text)
    } else {
        Failure::NoAnswer(text)
    }
}

fn keyboard(buttons: &[Vec<Button>]) -> Result<InlineKeyboardMarkup, Failure> {
    let rows: Result<Vec<Vec<_>>, Failure> = buttons.iter().map(|row| row.iter().map(key).collect()).collect();
    Ok(InlineKeyboardMarkup::new(rows?))
}

fn key(button: &Button) -> Result<InlineKeyboardButton, Failure> {
    match (&button.data, &button.url) {
        (Some(data), _) => Ok(InlineKeyboardButton::callback(&button.text, data)),
        (None, Some(url)) => {
            let url = Url::parse(url).map_err(|e| Failure::Rejected(format!("button address: {e}")))?;
            Ok(InlineKeyboardButton::url(&button.text, url))
        }
        (None, None) => Err(Failure::Rejected(format!("the button {:?} does nothing", button.text))),
    }
}

fn no_preview() -> LinkPreviewOptions {
    LinkPreviewOptions {
        is_disabled: true,
        url: None,
        prefer_small_media: false,
        prefer_large_media: false,
        show_above_text: false,
    }
}
