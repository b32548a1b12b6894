//! The sender's promises against a storm: nothing lost, in order, never before Telegram's `retry_after`.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use platform::error::Result;
use plugins::telegram::sender::{Outbox, Sender};
use plugins::telegram::simulator::Fault;
use support::telegram::{FakeTelegram, TOKEN};
use uuid::Uuid;
use workflows::bots::{Head, Outcome, Waiting};

const BOT: Uuid = Uuid::from_u128(9);

/// The outbox's contract kept in memory; a retry is due at once, so that the storm is not waited out.
#[derive(Default)]
struct Memory {
    messages: Mutex<BTreeMap<Uuid, Kept>>,
}

struct Kept {
    message: Waiting,
    state: State,
    due: Instant,
}

#[derive(Clone, Debug, PartialEq)]
enum State {
    Queued,
    Sending,
    Sent,
    Dead(String),
    Gone,
}

impl Memory {
    fn put(&self, chat_id: i64, html: &str) {
        let message = Waiting {
            id: Uuid::now_v7(),
            chat_id,
            text: html.into(),
            buttons: Vec::new(),
            notice: None,
            attempts: 0,
        };
        let kept = Kept {
            message: message.clone(),
            state: State::Queued,
            due: Instant::now(),
        };
        self.messages.lock().expect("no panic").insert(message.id, kept);
    }

    fn states(&self) -> Vec<State> {
        self.messages
            .lock()
            .expect("no panic")
            .values()
            .map(|kept| kept.state.clone())
            .collect()
    }
}

impl Outbox for Memory {
    async fn heads(&self) -> Result<Vec<Head>> {
        let messages = self.messages.lock().expect("no panic");
        let mut heads: BTreeMap<i64, Option<Head>> = BTreeMap::new();
        for kept in messages.values() {
            let chat = kept.message.chat_id;
            match kept.state {
                State::Sending => {
                    heads.insert(chat, None);
                }
                State::Queued => {
                    let due = kept.due <= Instant::now();
                    heads.entry(chat).or_insert_with(|| {
                        due.then_some(Head {
                            id: kept.message.id,
                            chat_id: chat,
                        })
                    });
                }
                _ => {}
            }
        }
        Ok(heads.into_values().flatten().collect())
    }

    async fn begin(&self, id: Uuid) -> Result<Option<Waiting>> {
        let mut messages = self.messages.lock().expect("no panic");
        let kept = messages.get_mut(&id).filter(|kept| kept.state == State::Queued);
        Ok(kept.map(|kept| {
            kept.state = State::Sending;
            kept.message.clone()
        }))
    }

    async fn settle(&self, message: &Waiting, outcome: Outcome) -> Result<()> {
        let mut messages = self.messages.lock().expect("no panic");
        let kept = messages.get_mut(&message.id).expect("it began");
        kept.state = match outcome {
            Outcome::Sent { .. } => State::Sent,
            Outcome::Dead(why) => State::Dead(why),
            Outcome::ChatGone(_) => State::Gone,
            Outcome::ChatSlowed(wait) | Outcome::BotSlowed(wait) => {
                kept.due = Instant::now() + wait;
                State::Queued
            }
            Outcome::BotRefused => State::Queued,
            Outcome::Retry { .. } | Outcome::Unknown { .. } => {
                kept.message.attempts += 1;
                State::Queued
            }
        };
        Ok(())
    }
}

async fn drain(telegram: &FakeTelegram, outbox: &Memory) {
    let sender = Sender::new(telegram.client());
    let deadline = Instant::now() + Duration::from_secs(60);
    while outbox.states().contains(&State::Queued) {
        assert!(Instant::now() < deadline, "messages are left: {:?}", outbox.states());
        sender
            .drain(outbox, BOT, &telegram.token())
            .await
            .expect("the outbox works");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_storm_loses_nothing_and_keeps_the_order_of_every_chat() {
    let telegram = FakeTelegram::start().await;
    let outbox = Memory::default();
    for chat in 1..=8 {
        telegram.person(chat, "Rep");
        (0..3).for_each(|n| outbox.put(chat, &format!("{chat}/{n}")));
    }
    // Three sends in ten meet a fault, and the same ones in every run.
    let counter = Mutex::new(0u32);
    telegram.simulator.fail_when(move |_| {
        let mut n = counter.lock().expect("no panic");
        *n += 1;
        match *n % 10 {
            3 => Some(Fault::ServerError(500)),
            6 => Some(Fault::RetryAfter(1)),
            9 => Some(Fault::ServerError(502)),
            _ => None,
        }
    });
    drain(&telegram, &outbox).await;

    assert!(
        outbox.states().iter().all(|state| *state == State::Sent),
        "{:?}",
        outbox.states()
    );
    for chat in 1..=8 {
        let sent: Vec<_> = telegram
            .simulator
            .accepted(chat)
            .into_iter()
            .filter_map(|call| call.text)
            .collect();
        assert_eq!(sent, [format!("{chat}/0"), format!("{chat}/1"), format!("{chat}/2")]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_sent_before_telegram_allows_it_and_a_chat_gets_one_message_a_second() {
    let telegram = FakeTelegram::start().await;
    let outbox = Memory::default();
    telegram.person(1, "Slow");
    telegram.person(2, "Free");
    for n in 0..3 {
        outbox.put(1, &n.to_string());
        outbox.put(2, &n.to_string());
    }
    telegram.simulator.fail_once(TOKEN, Some(1), Fault::RetryAfter(3));
    let started = Instant::now();
    drain(&telegram, &outbox).await;

    let calls = telegram.simulator.calls();
    let refused = calls
        .iter()
        .find(|call| call.code == 429)
        .expect("the chat was slowed")
        .at;
    let slow = telegram.simulator.accepted(1);
    assert!(
        slow[0].at - refused >= chrono::TimeDelta::milliseconds(2_950),
        "{:?}",
        slow[0].at - refused
    );
    let free = telegram.simulator.accepted(2);
    assert!(free[2].at < slow[0].at, "another chat does not wait");
    for pair in free.windows(2).chain(slow.windows(2)) {
        let gap = pair[1].at - pair[0].at;
        assert!(gap >= chrono::TimeDelta::milliseconds(900), "{gap:?}");
    }
    assert!(started.elapsed() < Duration::from_secs(20));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_chat_that_hangs_or_is_gone_holds_up_nobody() {
    let telegram = FakeTelegram::start().await;
    let outbox = Memory::default();
    for chat in 1..=4 {
        telegram.person(chat, "Rep");
        outbox.put(chat, "salom");
    }
    outbox.put(4, "1 < 2 breaks markup");
    telegram
        .simulator
        .fail_once(TOKEN, Some(1), Fault::Hang(Duration::from_secs(4)));
    telegram.simulator.block(TOKEN, 2, true);
    drain(&telegram, &outbox).await;

    let states = outbox.states();
    assert_eq!(states[..4], [State::Sent, State::Gone, State::Sent, State::Sent]);
    assert!(matches!(states[4], State::Dead(_)), "{:?}", states[4]);
    let others = [3, 4].map(|chat| telegram.simulator.accepted(chat)[0].at);
    let hung = telegram.simulator.accepted(1)[0].at;
    assert!(
        others.iter().all(|at| hung - *at > chrono::TimeDelta::seconds(3)),
        "{hung} {others:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rejected_token_stops_the_bot_and_keeps_its_messages() {
    let telegram = FakeTelegram::start().await;
    let outbox = Memory::default();
    for chat in 1..=20 {
        outbox.put(chat, "salom");
    }
    let wrong = plugins::telegram::client::Token::new("5:revoked");
    let waited = Sender::new(telegram.client())
        .drain(&outbox, BOT, &wrong)
        .await
        .expect("the outbox works");
    assert_eq!(waited, None);
    assert!(outbox.states().iter().all(|state| *state == State::Queued));
    assert!(telegram.simulator.calls().len() <= 8, "it does not try them all");
}
