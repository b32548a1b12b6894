//! What nodes share beside the database: wake-ups, fan-out and rate limits. Redis where it is configured, the same
//! in memory where it is not or while it is away. Losing it loses no data.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use redis::AsyncCommands;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use tokio::sync::{broadcast, watch};

use crate::error::{Error, Result};

const FAILURE_WINDOW: Duration = Duration::from_secs(15 * 60);
const CHANNEL: &str = "markaz";
/// After a command without an answer, Redis is left alone for so long: nobody waits for what is away.
const REST: Duration = Duration::from_secs(1);

/// Each node says something to itself so often, and takes the line for dead when it does not hear it.
const BEAT: Duration = Duration::from_millis(500);
const QUIET: Duration = Duration::from_secs(2);

/// Work was enqueued.
pub const WORK: &str = "work";
/// The clock was moved.
pub const CLOCK: &str = "clock";
/// Messages may have been missed.
pub const MISSED: &str = "missed";

#[derive(Clone)]
pub struct Shared {
    redis: Option<ConnectionManager>,
    local: Arc<Local>,
}

struct Local {
    counters: Mutex<HashMap<String, (Instant, u32)>>,
    paces: Mutex<HashMap<String, (Instant, u32)>>,
    messages: broadcast::Sender<String>,
    healthy: std::sync::atomic::AtomicBool,
    away_until: Mutex<Option<Instant>>,
    linked: watch::Sender<bool>,
    /// Something was said that other nodes have not heard.
    untold: std::sync::atomic::AtomicBool,
}

impl Shared {
    pub async fn connect(url: Option<&str>) -> Result<Self, String> {
        let (messages, _) = broadcast::channel(1024);
        let healthy = std::sync::atomic::AtomicBool::new(true);
        let local = Arc::new(Local {
            counters: Mutex::default(),
            paces: Mutex::default(),
            messages,
            healthy,
            away_until: Mutex::default(),
            linked: watch::Sender::new(url.is_none()),
            untold: std::sync::atomic::AtomicBool::new(false),
        });
        let Some(url) = url else {
            return Ok(Shared { redis: None, local });
        };
        let client = redis::Client::open(url).map_err(|e| e.to_string())?;
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(Duration::from_millis(500)))
            .set_response_timeout(Some(Duration::from_millis(500)))
            .set_number_of_retries(1);
        let redis = client.get_connection_manager_lazy(config).map_err(|e| e.to_string())?;
        tokio::spawn(listen(client, redis.clone(), local.clone()));
        Ok(Shared {
            redis: Some(redis),
            local,
        })
    }

    /// Tells every node, this one included. Best effort: the database is the truth.
    pub async fn publish(&self, message: &str) {
        if let Some(redis) = self.answering() {
            let sent: redis::RedisResult<()> = redis.clone().publish(CHANNEL, message).await;
            if self.noted(sent).is_some() {
                return;
            }
        }
        if self.redis.is_some() {
            self.local.untold.store(true, std::sync::atomic::Ordering::Relaxed);
        }
        let _ = self.local.messages.send(message.to_owned());
    }

    pub fn subscribe(&self) -> broadcast::Receiver<String> {
        self.local.messages.subscribe()
    }

    /// Whether what other nodes say is heard here; always where there is no Redis to hear it by.
    pub fn linked(&self) -> watch::Receiver<bool> {
        self.local.linked.subscribe()
    }

    /// Counts a call and refuses the one too many within a window. Each node counts its own.
    pub fn pace(&self, key: &str, most: u32, window: Duration) -> Result<()> {
        let Ok(mut paces) = self.local.paces.lock() else {
            return Ok(());
        };
        if paces.len() > 10_000 {
            paces.retain(|_, (from, _)| from.elapsed() < window);
        }
        let (from, count) = paces.entry(key.to_owned()).or_insert((Instant::now(), 0));
        if from.elapsed() >= window {
            (*from, *count) = (Instant::now(), 0);
        }
        *count += 1;
        if *count > most {
            let left = window.saturating_sub(from.elapsed());
            return Err(Error::Throttled(left.as_secs().max(1)));
        }
        Ok(())
    }

    /// Refuses once a key has failed too often within a quarter of an hour.
    pub async fn check_failures(&self, key: &str, allowed: u32) -> Result<()> {
        let mut count = None;
        if let Some(redis) = self.answering() {
            let found: redis::RedisResult<Option<u32>> = redis.clone().get(key).await;
            count = self.noted(found).map(Option::unwrap_or_default);
        }
        let count = count.unwrap_or_else(|| self.local.count(key));
        if count >= allowed {
            Err(Error::Throttled(FAILURE_WINDOW.as_secs()))
        } else {
            Ok(())
        }
    }

    pub async fn count_failure(&self, key: &str) {
        self.local.add(key);
        if let Some(redis) = self.answering() {
            let mut pipe = redis::pipe();
            pipe.atomic()
                .incr(key, 1)
                .ignore()
                .expire(key, FAILURE_WINDOW.as_secs() as i64)
                .ignore();
            let done: redis::RedisResult<()> = pipe.query_async(&mut redis.clone()).await;
            self.noted(done);
        }
    }

    pub async fn clear_failures(&self, key: &str) {
        self.local.clear(key);
        if let Some(redis) = self.answering() {
            let done: redis::RedisResult<()> = redis.clone().del(key).await;
            self.noted(done);
        }
    }

    /// Whether Redis is configured and answering; `None` where it is not configured.
    pub async fn health(&self) -> Option<bool> {
        let redis = self.redis.as_ref()?;
        let pong: redis::RedisResult<String> = redis::cmd("PING").query_async(&mut redis.clone()).await;
        Some(self.noted(pong).is_some())
    }

    fn answering(&self) -> Option<&ConnectionManager> {
        let away = self.local.away_until.lock().ok().and_then(|until| *until);
        self.redis
            .as_ref()
            .filter(|_| away.is_none_or(|until| until <= Instant::now()))
    }

    /// Logs the change between answering and silent once, not at every command.
    fn noted<T>(&self, answer: redis::RedisResult<T>) -> Option<T> {
        use std::sync::atomic::Ordering::Relaxed;
        match answer {
            Ok(value) => {
                if !self.local.healthy.swap(true, Relaxed) {
                    tracing::info!("redis answers again");
                }
                Some(value)
            }
            Err(error) => {
                if let Ok(mut until) = self.local.away_until.lock() {
                    *until = Some(Instant::now() + REST);
                }
                if self.local.healthy.swap(false, Relaxed) {
                    tracing::warn!(%error, "redis is away: this node goes on alone");
                }
                None
            }
        }
    }
}

impl Local {
    fn count(&self, key: &str) -> u32 {
        let counters = self.counters.lock();
        counters
            .ok()
            .and_then(|c| {
                c.get(key)
                    .filter(|(at, _)| at.elapsed() < FAILURE_WINDOW)
                    .map(|(_, n)| *n)
            })
            .unwrap_or(0)
    }

    fn add(&self, key: &str) {
        let Ok(mut counters) = self.counters.lock() else { return };
        if counters.len() > 100_000 {
            counters.retain(|_, (at, _)| at.elapsed() < FAILURE_WINDOW);
        }
        let entry = counters.entry(key.to_owned()).or_insert((Instant::now(), 0));
        if entry.0.elapsed() >= FAILURE_WINDOW {
            *entry = (Instant::now(), 0);
        }
        entry.1 += 1;
    }

    fn clear(&self, key: &str) {
        if let Ok(mut counters) = self.counters.lock() {
            counters.remove(key);
        }
    }
}

/// Passes messages of other nodes on, for as long as the process lives.
async fn listen(client: redis::Client, redis: ConnectionManager, local: Arc<Local>) {
    let own = format!("{CHANNEL}/{}", uuid::Uuid::new_v4());
    loop {
        if let Ok(Ok(mut pubsub)) = tokio::time::timeout(QUIET, client.get_async_pubsub()).await
            && let Ok(Ok(())) = tokio::time::timeout(QUIET, pubsub.subscribe(&[CHANNEL, &own])).await
        {
            local.linked.send_replace(true);
            let _ = local.messages.send(MISSED.to_owned());
            hear(pubsub, &redis, &own, &local).await;
            local.linked.send_replace(false);
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

/// Until the line is dead: a Redis that hangs does not close it.
async fn hear(mut pubsub: redis::aio::PubSub, redis: &ConnectionManager, own: &str, local: &Arc<Local>) {
    use futures::StreamExt;
    let mut messages = pubsub.on_message();
    let mut beat = tokio::time::interval(BEAT);
    let mut heard = Instant::now();
    loop {
        tokio::select! {
            message = messages.next() => {
                let Some(message) = message else { return };
                heard = Instant::now();
                if message.get_channel_name() == CHANNEL && let Ok(text) = message.get_payload::<String>() {
                    let _ = local.messages.send(text);
                }
            }
            _ = beat.tick() => {
                if heard.elapsed() > QUIET {
                    return;
                }
                tokio::spawn(say_to_oneself(redis.clone(), own.to_owned(), local.clone()));
            }
        }
    }
}

/// Once that is answered, the others look for what they were not told.
async fn say_to_oneself(mut redis: ConnectionManager, own: String, local: Arc<Local>) {
    use std::sync::atomic::Ordering::Relaxed;
    let said: redis::RedisResult<()> = redis.publish(own, "").await;
    if said.is_ok() && local.untold.swap(false, Relaxed) {
        let told: redis::RedisResult<()> = redis.publish(CHANNEL, MISSED).await;
        if told.is_err() {
            local.untold.store(true, Relaxed);
        }
    }
}
