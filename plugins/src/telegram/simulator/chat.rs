//! A private chat: who talks to the bot, and what was said.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::now;

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Person {
    pub id: i64,
    pub first_name: String,
    pub username: Option<String>,
    pub language_code: Option<String>,
}

/// A message as a chat shows it.
#[derive(Clone, Debug, Serialize)]
pub struct Bubble {
    pub id: i64,
    pub from_bot: bool,
    pub text: String,
    pub at: DateTime<Utc>,
    pub edited: bool,
    pub buttons: Vec<Vec<Button>>,
    /// What the bot answered to the last press: the small notice on top of the chat.
    pub notice: Option<String>,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Button {
    pub text: String,
    #[serde(rename = "callback_data")]
    pub data: Option<String>,
    pub url: Option<String>,
}

pub(super) struct Chat {
    pub person: Person,
    pub bubbles: Vec<Bubble>,
    pub blocked: bool,
}

impl Chat {
    pub fn of(person: &Person) -> Self {
        Self {
            person: person.clone(),
            bubbles: Vec::new(),
            blocked: false,
        }
    }

    pub fn bubble(&self, message_id: i64) -> Option<&Bubble> {
        self.bubbles.iter().find(|bubble| bubble.id == message_id)
    }

    pub fn bubble_mut(&mut self, message_id: i64) -> Option<&mut Bubble> {
        self.bubbles.iter_mut().find(|bubble| bubble.id == message_id)
    }

    /// The person writes; the answer is the message as an update carries it.
    pub fn hear(&mut self, id: i64, text: &str) -> Value {
        // Starting the bot again is how a person takes a block back.
        if text.starts_with("/start") {
            self.blocked = false;
        }
        self.keep(id, false, text, Vec::new())
            .message(&self.person, &Value::Null)
    }

    pub fn keep(&mut self, id: i64, from_bot: bool, text: &str, buttons: Vec<Vec<Button>>) -> Bubble {
        let bubble = Bubble {
            id,
            from_bot,
            text: text.to_owned(),
            at: now(),
            edited: false,
            buttons,
            notice: None,
        };
        self.bubbles.push(bubble.clone());
        bubble
    }
}

impl Person {
    /// The person a user of the product is in the simulator: always the same one.
    pub fn of_user(user: Uuid, name: &str, language: &str) -> Self {
        // Telegram's ids fit 52 bits and are positive.
        let id = (user.as_u128() & ((1 << 51) - 1)) as i64 + 1;
        Person {
            id,
            first_name: name.to_owned(),
            username: None,
            language_code: Some(language.to_owned()),
        }
    }

    pub(super) fn user(&self) -> Value {
        json!({
            "id": self.id, "is_bot": false, "first_name": self.first_name, "username": self.username,
            "language_code": self.language_code,
        })
    }

    pub(super) fn chat(&self) -> Value {
        json!({"id": self.id, "type": "private", "first_name": self.first_name, "username": self.username})
    }
}

impl Bubble {
    pub(super) fn message(&self, person: &Person, bot: &Value) -> Value {
        let from = if self.from_bot { bot.clone() } else { person.user() };
        let mut message = json!({
            "message_id": self.id, "date": self.at.timestamp(), "chat": person.chat(), "from": from, "text": self.text,
        });
        if let Some(command) = self.text.split_whitespace().next().filter(|word| word.starts_with('/')) {
            message["entities"] =
                json!([{"type": "bot_command", "offset": 0, "length": command.encode_utf16().count()}]);
        }
        if !self.buttons.is_empty() {
            let rows: Vec<Vec<Value>> = self
                .buttons
                .iter()
                .map(|row| row.iter().map(Button::json).collect())
                .collect();
            message["reply_markup"] = json!({"inline_keyboard": rows});
        }
        message
    }
}

impl Button {
    fn json(&self) -> Value {
        match (&self.data, &self.url) {
            (Some(data), _) => json!({"text": self.text, "callback_data": data}),
            (None, url) => json!({"text": self.text, "url": url}),
        }
    }
}
