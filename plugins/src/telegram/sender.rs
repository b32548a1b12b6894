//! Takes a bot's waiting messages to Telegram: in order within a chat, at Telegram's pace, each with its outcome kept.

use std::collections::HashSet;
use std::future::Future;
use std::time::Duration;

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use platform::error::Result;
use rand::Rng;
use uuid::Uuid;
use workflows::bots::{Head, Outcome, Waiting};

use super::client::{Client, Failure, Token};
use super::pace::{Pace, Slowed};

/// Sends of one bot under way at once.
const AT_ONCE: usize = 8;
const FIRST_BACKOFF: Duration = Duration::from_secs(2);
const LONGEST_BACKOFF: Duration = Duration::from_secs(3600);
/// Shorter waits are waited out here, longer ones are the next call's.
const WORTH_WAITING: Duration = Duration::from_millis(1_100);

/// Where the messages are kept. Between `begin` and `settle` a message is under way: a crash there leaves it unknown.
pub trait Outbox: Send + Sync {
    /// The oldest due message of every chat that has none under way.
    fn heads(&self) -> impl Future<Output = Result<Vec<Head>>> + Send;

    /// Marks a message as being sent and hands it out; `None` when somebody else has it already.
    fn begin(&self, id: Uuid) -> impl Future<Output = Result<Option<Waiting>>> + Send;

    fn settle(&self, message: &Waiting, outcome: Outcome) -> impl Future<Output = Result<()>> + Send;
}

struct Sent {
    chat_id: i64,
    token_rejected: bool,
}

pub struct Sender {
    client: Client,
    pace: Pace,
}

impl Sender {
    pub fn new(client: Client) -> Self {
        Self {
            client,
            pace: Pace::default(),
        }
    }

    /// Sends what may be sent. Answers how long to wait before there is more, or `None` when nothing is due.
    /// A chat that hangs holds up nobody but itself.
    pub async fn drain(&self, outbox: &impl Outbox, bot: Uuid, token: &Token) -> Result<Option<Duration>> {
        let mut under_way = FuturesUnordered::new();
        let mut busy = HashSet::new();
        let mut token_rejected = false;
        loop {
            let mut soonest: Option<Duration> = None;
            if under_way.len() < AT_ONCE && !token_rejected {
                for head in outbox.heads().await? {
                    if under_way.len() == AT_ONCE || busy.contains(&head.chat_id) {
                        continue;
                    }
                    match self.pace.turn(bot, head.chat_id) {
                        Ok(()) => {
                            busy.insert(head.chat_id);
                            under_way.push(self.send(outbox, bot, token, head));
                        }
                        Err(wait) => soonest = Some(soonest.map_or(wait, |other| other.min(wait))),
                    }
                }
            }
            if under_way.is_empty() {
                match soonest {
                    Some(wait) if wait <= WORTH_WAITING => tokio::time::sleep(wait).await,
                    later => {
                        self.pace.forget_quiet();
                        return Ok(later);
                    }
                }
                continue;
            }
            let turn_comes = tokio::time::sleep(soonest.unwrap_or(WORTH_WAITING));
            tokio::select! {
                Some(sent) = under_way.next() => {
                    let sent: Sent = sent?;
                    busy.remove(&sent.chat_id);
                    token_rejected |= sent.token_rejected;
                }
                () = turn_comes => {}
            }
        }
    }

    async fn send(&self, outbox: &impl Outbox, bot: Uuid, token: &Token, head: Head) -> Result<Sent> {
        let chat_id = head.chat_id;
        let Some(message) = outbox.begin(head.id).await? else {
            return Ok(Sent {
                chat_id,
                token_rejected: false,
            });
        };
        let sent = self.client.send(token, chat_id, &message.text, &message.buttons).await;
        let token_rejected = sent == Err(Failure::TokenRejected);
        outbox.settle(&message, self.outcome(bot, &message, sent)).await?;
        Ok(Sent {
            chat_id,
            token_rejected,
        })
    }

    fn outcome(&self, bot: Uuid, message: &Waiting, sent: Result<i64, Failure>) -> Outcome {
        let after = backoff(message.attempts);
        match sent {
            Ok(message_id) => Outcome::Sent { message_id },
            Err(Failure::RetryAfter(wait)) => match self.pace.slow_down(bot, message.chat_id, wait) {
                Slowed::Chat => Outcome::ChatSlowed(wait),
                Slowed::Bot => Outcome::BotSlowed(wait),
            },
            Err(Failure::ChatGone(why)) => Outcome::ChatGone(why),
            Err(Failure::Rejected(why)) => Outcome::Dead(why),
            Err(Failure::TokenRejected) => Outcome::BotRefused,
            Err(Failure::Unreachable(error)) => Outcome::Retry { after, error },
            Err(Failure::NoAnswer(error)) => Outcome::Unknown { after, error },
        }
    }
}

/// 2, 4, 8 … seconds up to an hour, a little apart, so that a storm's retries do not come together.
fn backoff(attempts: u32) -> Duration {
    let doubled = FIRST_BACKOFF.saturating_mul(2u32.saturating_pow(attempts.min(12)));
    doubled.min(LONGEST_BACKOFF).mul_f64(rand::rng().random_range(0.9..1.1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backoff_doubles_up_to_an_hour() {
        for (attempts, seconds) in [(0, 2.0), (1, 4.0), (5, 64.0), (30, 3600.0)] {
            let ratio = backoff(attempts).as_secs_f64() / seconds;
            assert!((0.89..1.11).contains(&ratio), "{attempts}: {ratio}");
        }
    }
}
