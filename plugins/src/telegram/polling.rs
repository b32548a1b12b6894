//! Long polling for bots the world cannot reach: one node asks for each bot, under a lease.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use platform::{App, Result, TenantId};
use tokio_util::sync::CancellationToken;
use workflows::bots::{self, Bot, Mode};

use super::client::{Client, Failure, Token};
use super::update;

const ASK_FOR: Duration = Duration::from_secs(10);
/// Outlives one asking; short, because a node that died holds it to its end.
const LEASE: Duration = Duration::from_secs(15);
const TROUBLE: Duration = Duration::from_secs(3);
/// How often every tenant is looked at, besides when a bot changes.
const LOOK_AROUND: Duration = Duration::from_secs(60);

#[derive(Clone)]
pub struct Polling {
    app: App,
    client: Client,
    asking: Arc<Mutex<HashSet<TenantId>>>,
}

impl Polling {
    pub fn new(app: App, client: Client) -> Self {
        Self {
            app,
            client,
            asking: Arc::default(),
        }
    }

    /// Polls for every bot that needs it until told to stop.
    pub async fn run(self, stop: CancellationToken) {
        let mut messages = self.app.shared.subscribe();
        while !stop.is_cancelled() {
            if let Err(error) = self.look_around(&stop).await {
                tracing::warn!(%error, "the bots could not be listed");
            }
            let changed = async {
                while let Ok(message) = messages.recv().await {
                    if message == "bots" {
                        return;
                    }
                }
                // Messages were missed, or nobody will send any more.
                tokio::time::sleep(Duration::from_secs(5)).await;
            };
            tokio::select! {
                () = stop.cancelled() => {}
                () = changed => {}
                () = tokio::time::sleep(LOOK_AROUND) => {}
            }
        }
    }

    /// Starts asking for every bot nobody asks for yet.
    async fn look_around(&self, stop: &CancellationToken) -> Result<()> {
        for tenant in self.app.tenants.all().await? {
            if self.bot(tenant).await?.is_some() && self.asking().insert(tenant) {
                tokio::spawn(self.clone().ask(tenant, stop.clone()));
            }
        }
        Ok(())
    }

    async fn ask(self, tenant: TenantId, stop: CancellationToken) {
        while !stop.is_cancelled() {
            let asked = tokio::select! {
                () = stop.cancelled() => break,
                asked = self.ask_once(tenant) => asked,
            };
            let pause = match asked {
                Ok(Some(pause)) => pause,
                Ok(None) => break,
                Err(error) => {
                    tracing::warn!(%error, %tenant, "updates could not be kept");
                    TROUBLE
                }
            };
            tokio::select! {
                () = stop.cancelled() => break,
                () = tokio::time::sleep(pause) => {}
            }
        }
        self.asking().remove(&tenant);
    }

    /// Answers how long to wait before asking again, or `None` when there is no bot to ask for.
    async fn ask_once(&self, tenant: TenantId) -> Result<Option<Duration>> {
        let Some(bot) = self.bot(tenant).await? else {
            return Ok(None);
        };
        if !bots::take_polling(&self.app, &bot, LEASE).await? {
            return Ok(Some(TROUBLE));
        }
        let updates = self
            .client
            .updates(&Token::new(bot.token.clone()), bot.poll_offset, ASK_FOR)
            .await;
        bots::leave_polling(&self.app, &bot).await?;
        match updates {
            Ok(updates) => self.keep(&bot, updates).await.map(|()| Some(Duration::ZERO)),
            Err(Failure::RetryAfter(wait)) => Ok(Some(wait)),
            Err(Failure::TokenRejected) => Ok(None),
            Err(error) => {
                tracing::info!(%error, %tenant, "Telegram did not give updates");
                Ok(Some(TROUBLE))
            }
        }
    }

    async fn bot(&self, tenant: TenantId) -> Result<Option<Bot>> {
        let bot = bots::active(&self.app, tenant).await?;
        Ok(bot.filter(|bot| bot.mode == Mode::Polling))
    }

    fn asking(&self) -> MutexGuard<'_, HashSet<TenantId>> {
        self.asking.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn keep(&self, bot: &Bot, updates: Vec<serde_json::Value>) -> Result<()> {
        for body in updates {
            if let Some(update_id) = update::update_id(&body) {
                bots::receive(&self.app, bot.tenant, bot.id, update_id, body).await?;
            }
        }
        Ok(())
    }
}
