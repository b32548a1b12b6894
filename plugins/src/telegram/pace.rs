//! How fast a bot may speak: GCRA by bot and by chat, and the pauses Telegram asks for.

use std::collections::{HashMap, VecDeque};
use std::num::NonZeroU32;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota};
use uuid::Uuid;

/// Under Telegram's published 30 a second, which it does not hold to exactly.
const BOT_A_SECOND: NonZeroU32 = NonZeroU32::new(25).expect("25 is not zero");
const CHAT_EVERY: Duration = Duration::from_secs(1);
/// Published as 20 a minute.
const GROUP_EVERY: Duration = Duration::from_millis(3_334);
/// Chats of one bot slowed down within `TOGETHER` mean that the bot itself is too fast.
const CHATS_TOGETHER: usize = 3;
const TOGETHER: Duration = Duration::from_secs(10);

/// Shared by everything that sends for the bots of this process.
pub struct Pace {
    bots: DefaultKeyedRateLimiter<Uuid>,
    chats: DefaultKeyedRateLimiter<(Uuid, i64)>,
    groups: DefaultKeyedRateLimiter<(Uuid, i64)>,
    pauses: Mutex<Pauses>,
    clock: DefaultClock,
}

#[derive(Default)]
struct Pauses {
    /// A chat, or with `None` the whole bot.
    until: HashMap<(Uuid, Option<i64>), Instant>,
    slowed: HashMap<Uuid, VecDeque<(Instant, i64)>>,
}

/// What a request to slow down applies to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Slowed {
    Chat,
    Bot,
}

impl Default for Pace {
    fn default() -> Self {
        let every = |period| Quota::with_period(period).expect("the period is not zero");
        Self {
            bots: DefaultKeyedRateLimiter::keyed(Quota::per_second(BOT_A_SECOND)),
            chats: DefaultKeyedRateLimiter::keyed(every(CHAT_EVERY)),
            groups: DefaultKeyedRateLimiter::keyed(every(GROUP_EVERY)),
            pauses: Mutex::default(),
            clock: DefaultClock::default(),
        }
    }
}

impl Pace {
    /// Takes the turn to send one message now, or answers how long to wait before asking again.
    pub fn turn(&self, bot: Uuid, chat: i64) -> Result<(), Duration> {
        self.paused(bot, chat).map_or(Ok(()), Err)?;
        // The chat first: it is the one that usually says no, and a refused bot check would cost a turn of the bot.
        let chats = if chat < 0 { &self.groups } else { &self.chats };
        chats
            .check_key(&(bot, chat))
            .map_err(|not_until| not_until.wait_time_from(self.clock.now()))?;
        self.bots
            .check_key(&bot)
            .map_err(|not_until| not_until.wait_time_from(self.clock.now()))
    }

    /// Telegram asked to wait. It does not say whether it means the chat or the bot: several chats at once mean the bot.
    pub fn slow_down(&self, bot: Uuid, chat: i64, wait: Duration) -> Slowed {
        let now = Instant::now();
        let mut pauses = self.pauses();
        let slowed = pauses.slowed.entry(bot).or_default();
        slowed.retain(|(at, other)| now.duration_since(*at) < TOGETHER && *other != chat);
        slowed.push_back((now, chat));
        let (what, key) = match slowed.len() >= CHATS_TOGETHER {
            true => (Slowed::Bot, None),
            false => (Slowed::Chat, Some(chat)),
        };
        let until = pauses.until.entry((bot, key)).or_insert(now);
        *until = (*until).max(now + wait);
        what
    }

    /// Chats that have been quiet need not be remembered.
    pub fn forget_quiet(&self) {
        self.bots.retain_recent();
        self.chats.retain_recent();
        self.groups.retain_recent();
        let now = Instant::now();
        let mut pauses = self.pauses();
        pauses.until.retain(|_, until| *until > now);
        pauses
            .slowed
            .retain(|_, chats| chats.iter().any(|(at, _)| now.duration_since(*at) < TOGETHER));
    }

    fn paused(&self, bot: Uuid, chat: i64) -> Option<Duration> {
        let now = Instant::now();
        let pauses = self.pauses();
        [None, Some(chat)]
            .iter()
            .filter_map(|key| pauses.until.get(&(bot, *key)))
            .map(|until| until.saturating_duration_since(now))
            .max()
            .filter(|wait| !wait.is_zero())
    }

    fn pauses(&self) -> MutexGuard<'_, Pauses> {
        self.pauses.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOT: Uuid = Uuid::from_u128(1);

    #[test]
    fn a_chat_gets_one_message_a_second_and_others_do_not_wait_for_it() {
        let pace = Pace::default();
        assert_eq!(pace.turn(BOT, 1), Ok(()));
        let wait = pace.turn(BOT, 1).expect_err("the second within a second waits");
        assert!(wait <= CHAT_EVERY && wait > Duration::from_millis(800), "{wait:?}");
        assert_eq!(pace.turn(BOT, 2), Ok(()));
    }

    #[test]
    fn a_bot_gets_25_a_second() {
        let pace = Pace::default();
        let sent = (1..=100).filter(|chat| pace.turn(BOT, *chat).is_ok()).count();
        assert!((25..=30).contains(&sent), "{sent}");
        assert_eq!(pace.turn(Uuid::from_u128(2), 1), Ok(()), "another bot is not slowed");
    }

    #[test]
    fn a_pause_holds_one_chat_until_several_are_slowed() {
        let pace = Pace::default();
        let minute = Duration::from_secs(60);
        assert_eq!(pace.slow_down(BOT, 1, minute), Slowed::Chat);
        assert!(pace.turn(BOT, 1).expect_err("paused") > Duration::from_secs(59));
        assert_eq!(pace.turn(BOT, 2), Ok(()));
        assert_eq!(
            pace.slow_down(BOT, 1, minute),
            Slowed::Chat,
            "the same chat again says nothing about the bot"
        );
        assert_eq!(pace.slow_down(BOT, 2, minute), Slowed::Chat);
        assert_eq!(pace.slow_down(BOT, 3, minute), Slowed::Bot);
        assert!(pace.turn(BOT, 99).is_err());
    }
}
