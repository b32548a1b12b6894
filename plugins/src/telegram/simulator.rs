//! Telegram's Bot API in memory: the demo's chats and the tests' stand-in are this one server.
//! Development only. It refuses what Telegram refuses, and fails on demand.

mod chat;
mod deliver;
mod faults;
mod markup;
mod methods;
mod server;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Value, json};
use tokio::sync::Notify;
use uuid::Uuid;

use chat::Chat;
pub use chat::{Bubble, Button, Person};
pub use faults::Fault;
use faults::Faults;

/// A running imitation of Telegram; clones share its chats.
#[derive(Clone, Default)]
pub struct Simulator {
    state: Arc<Mutex<State>>,
    updated: Arc<Notify>,
}

#[derive(Default)]
struct State {
    bots: BTreeMap<String, Bot>,
    calls: Vec<Call>,
    faults: Faults,
    last_id: i64,
}

struct Bot {
    id: i64,
    username: String,
    name: String,
    /// Whose bot it is, where a page may look at it.
    tenant: Option<Uuid>,
    /// The newest update, to send it a second time.
    last_update: Option<Value>,
    webhook: Option<Webhook>,
    commands: BTreeMap<String, Value>,
    updates: Vec<Value>,
    chats: BTreeMap<i64, Chat>,
    /// Presses not answered yet: callback id to chat and message.
    presses: BTreeMap<String, (i64, i64)>,
    delivering: bool,
}

#[derive(Clone, Debug, Serialize)]
pub struct Webhook {
    pub url: String,
    #[serde(skip)]
    pub secret: Option<String>,
    pub last_error: Option<String>,
}

/// One request a bot made, with the answer it got: 200 is an accepted one.
#[derive(Clone, Debug, Serialize)]
pub struct Call {
    pub at: DateTime<Utc>,
    #[serde(skip)]
    pub token: String,
    pub method: String,
    pub chat_id: Option<i64>,
    pub text: Option<String>,
    pub code: u16,
}

impl Simulator {
    /// Makes a bot known, as BotFather would; adding it again changes nothing.
    pub fn add_bot(&self, token: &str, username: &str, name: &str) {
        let mut state = self.lock();
        let id = state.next_id();
        state.bots.entry(token.to_owned()).or_insert_with(|| Bot {
            id: token.split(':').next().and_then(|id| id.parse().ok()).unwrap_or(id),
            username: username.to_owned(),
            name: name.to_owned(),
            tenant: None,
            last_update: None,
            webhook: None,
            commands: BTreeMap::new(),
            updates: Vec::new(),
            chats: BTreeMap::new(),
            presses: BTreeMap::new(),
            delivering: false,
        });
    }

    /// Lets a tenant's simulator page look at this bot.
    pub fn show_to(&self, tenant: Uuid, token: &str) {
        if let Some(bot) = self.lock().bots.get_mut(token) {
            bot.tenant = Some(tenant);
        }
    }

    /// A person writes to the bot. Returns the message's id.
    pub fn say(&self, token: &str, person: &Person, text: &str) -> Option<i64> {
        let mut state = self.lock();
        let (message_id, update_id) = (state.next_id(), state.next_id());
        let bot = state.bots.get_mut(token)?;
        let chat = bot.chats.entry(person.id).or_insert_with(|| Chat::of(person));
        let message = chat.hear(message_id, text);
        bot.push(json!({"update_id": update_id, "message": message}));
        drop(state);
        self.hand_over(token);
        Some(message_id)
    }

    /// A person presses a button under a message. Returns the callback's id, or nothing when there is no such button.
    pub fn press(&self, token: &str, chat_id: i64, message_id: i64, data: &str) -> Option<String> {
        let mut state = self.lock();
        let (callback_id, update_id) = (state.next_id().to_string(), state.next_id());
        let bot = state.bots.get_mut(token)?;
        let me = bot.user();
        let chat = bot.chats.get(&chat_id)?;
        let bubble = chat.bubble(message_id)?;
        bubble
            .buttons
            .iter()
            .flatten()
            .find(|button| button.data.as_deref() == Some(data))?;
        let callback = json!({
            "id": callback_id, "from": chat.person.user(), "message": bubble.message(&chat.person, &me),
            "chat_instance": chat_id.to_string(), "data": data,
        });
        bot.presses.insert(callback_id.clone(), (chat_id, message_id));
        bot.updates
            .push(json!({"update_id": update_id, "callback_query": callback}));
        drop(state);
        self.hand_over(token);
        Some(callback_id)
    }

    /// A person blocks the bot (or takes it back): the bot is told, and its messages are refused.
    pub fn block(&self, token: &str, chat_id: i64, blocked: bool) {
        let mut state = self.lock();
        let update_id = state.next_id();
        let Some(bot) = state.bots.get_mut(token) else {
            return;
        };
        let me = bot.user();
        let Some(chat) = bot.chats.get_mut(&chat_id) else {
            return;
        };
        chat.blocked = blocked;
        let (old, new) = if blocked {
            ("member", "kicked")
        } else {
            ("kicked", "member")
        };
        let member = |status: &str| match status {
            "kicked" => json!({"status": status, "user": me, "until_date": 0}),
            _ => json!({"status": status, "user": me}),
        };
        let change = json!({
            "chat": chat.person.chat(), "from": chat.person.user(), "date": now().timestamp(),
            "old_chat_member": member(old), "new_chat_member": member(new),
        });
        bot.updates
            .push(json!({"update_id": update_id, "my_chat_member": change}));
        drop(state);
        self.hand_over(token);
    }

    /// The next request about this chat (or about any chat) meets this fault.
    pub fn fail_once(&self, token: &str, chat_id: Option<i64>, fault: Fault) {
        self.lock().faults.queue(token, chat_id, fault);
    }

    /// Every request is asked for its fault; `None` lets it through.
    pub fn fail_when(&self, storm: impl Fn(&Call) -> Option<Fault> + Send + Sync + 'static) {
        self.lock().faults.storm(Some(Arc::new(storm)));
    }

    /// Every request of one bot meets this fault until it is taken back.
    pub fn fail_always(&self, token: &str, fault: Option<Fault>) {
        self.lock().faults.stand(token, fault);
    }

    pub fn calm(&self) {
        self.lock().faults = Faults::default();
    }

    /// Everything the bots asked for, oldest first.
    pub fn calls(&self) -> Vec<Call> {
        self.lock().calls.clone()
    }

    /// The messages Telegram accepted for a chat, with their times.
    pub fn accepted(&self, chat_id: i64) -> Vec<Call> {
        let sent = |call: &&Call| call.method == "sendmessage" && call.code == 200 && call.chat_id == Some(chat_id);
        self.lock().calls.iter().filter(sent).cloned().collect()
    }

    pub fn people(&self, token: &str) -> Vec<Person> {
        self.lock()
            .bots
            .get(token)
            .map(|bot| bot.chats.values().map(|c| c.person.clone()).collect())
            .unwrap_or_default()
    }

    pub fn bubbles(&self, token: &str, chat_id: i64) -> Vec<Bubble> {
        let state = self.lock();
        state
            .bots
            .get(token)
            .and_then(|bot| bot.chats.get(&chat_id))
            .map(|c| c.bubbles.clone())
            .unwrap_or_default()
    }

    pub fn webhook(&self, token: &str) -> Option<Webhook> {
        self.lock().bots.get(token)?.webhook.clone()
    }

    /// Telegram delivers the newest update once more, as it does when an answer got lost.
    pub fn repeat_last(&self, token: &str) -> Option<()> {
        let mut state = self.lock();
        let bot = state.bots.get_mut(token)?;
        let update = bot.last_update.clone()?;
        bot.updates.push(update);
        drop(state);
        self.hand_over(token);
        Some(())
    }

    /// The token of a tenant's bot: what its simulator page may look at.
    pub fn token_of(&self, tenant: Uuid) -> Option<String> {
        let state = self.lock();
        state
            .bots
            .iter()
            .find(|(_, bot)| bot.tenant == Some(tenant))
            .map(|(token, _)| token.clone())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn next_id(&mut self) -> i64 {
        self.last_id += 1;
        self.last_id
    }
}

impl Bot {
    fn push(&mut self, update: Value) {
        self.last_update = Some(update.clone());
        self.updates.push(update);
    }

    fn user(&self) -> Value {
        json!({"id": self.id, "is_bot": true, "first_name": self.name, "username": self.username})
    }
}

/// Telegram has a clock of its own, whatever the product's clock says.
fn now() -> DateTime<Utc> {
    std::time::SystemTime::now().into()
}
