//! What goes wrong between a bot and Telegram, on demand.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use super::Call;

#[derive(Clone, Debug)]
pub enum Fault {
    /// 429: too many requests, try again after so many seconds.
    RetryAfter(u32),
    /// 403: the person blocked the bot.
    Blocked,
    /// 400 with this description.
    BadRequest(String),
    /// A 5xx before the request was looked at.
    ServerError(u16),
    /// No answer for so long, and the request was not carried out.
    Hang(Duration),
    /// Carried out, but the answer never arrives.
    LoseAnswer(Duration),
}

type Storm = Arc<dyn Fn(&Call) -> Option<Fault> + Send + Sync>;

#[derive(Default)]
pub(super) struct Faults {
    queued: HashMap<(String, Option<i64>), VecDeque<Fault>>,
    standing: HashMap<String, Fault>,
    storm: Option<Storm>,
}

impl Faults {
    pub fn queue(&mut self, token: &str, chat_id: Option<i64>, fault: Fault) {
        self.queued
            .entry((token.to_owned(), chat_id))
            .or_default()
            .push_back(fault);
    }

    pub fn stand(&mut self, token: &str, fault: Option<Fault>) {
        match fault {
            Some(fault) => self.standing.insert(token.to_owned(), fault),
            None => self.standing.remove(token),
        };
    }

    pub fn storm(&mut self, storm: Option<Storm>) {
        self.storm = storm;
    }

    pub fn take(&mut self, call: &Call) -> Option<Fault> {
        let one_chat = (call.token.clone(), call.chat_id);
        let any_chat = (call.token.clone(), None);
        for key in [one_chat, any_chat] {
            if let Some(fault) = self.queued.get_mut(&key).and_then(VecDeque::pop_front) {
                return Some(fault);
            }
        }
        if let Some(fault) = self.standing.get(&call.token) {
            return Some(fault.clone());
        }
        self.storm.as_ref().and_then(|storm| storm(call))
    }
}
