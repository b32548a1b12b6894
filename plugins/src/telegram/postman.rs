//! Sends each tenant's waiting messages, one round at a time, however often it is poked. Work is found in the
//! database: a poke that gets lost is made up for by the next sweep.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use platform::{App, Id, Result, TenantId};
use workflows::bots::{self, Bot, Head, Outcome, Waiting};

use super::cards::{self, Words};
use super::client::{Client, Token};
use super::sender::{Outbox, Sender};

/// Longer waits are the sweep's.
const WAITED_OUT: Duration = Duration::from_secs(60);

#[derive(Clone)]
pub struct Postman {
    app: App,
    sender: Arc<Sender>,
    /// Tenants with a round under way, and whether they were poked meanwhile.
    rounds: Arc<Mutex<HashMap<TenantId, bool>>>,
}

/// One tenant's messages as the sender sees them.
struct Kept<'a> {
    app: &'a App,
    tenant: TenantId,
}

impl Postman {
    pub fn new(app: App, client: Client) -> Self {
        Self {
            app,
            sender: Arc::new(Sender::new(client)),
            rounds: Arc::default(),
        }
    }

    /// The tenant may have something to send. Returns at once.
    pub fn poke(&self, tenant: TenantId) {
        let mut rounds = self.rounds.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(poked) = rounds.get_mut(&tenant) {
            *poked = true;
            return;
        }
        rounds.insert(tenant, false);
        drop(rounds);
        tokio::spawn(self.clone().round(tenant));
    }

    /// Puts back what a crash left half sent, and sends what is due.
    pub async fn sweep(&self, tenant: TenantId) -> Result<()> {
        if bots::recover(&self.app, tenant)
            .await?
            .is_some_and(|next| next <= self.app.clock.now())
        {
            self.poke(tenant);
        }
        Ok(())
    }

    async fn round(self, tenant: TenantId) {
        loop {
            let wait = match self.drain(tenant).await {
                Ok(wait) => wait,
                Err(error) => {
                    tracing::warn!(%error, %tenant, "messages wait: the outbox failed");
                    Some(Duration::from_secs(2))
                }
            };
            match wait.filter(|wait| *wait <= WAITED_OUT) {
                Some(wait) => tokio::time::sleep(wait).await,
                None if self.is_over(tenant) => return,
                None => {}
            }
        }
    }

    async fn drain(&self, tenant: TenantId) -> Result<Option<Duration>> {
        let Some(bot) = bots::active(&self.app, tenant).await? else {
            return Ok(None);
        };
        let Bot { id, token, .. } = bot;
        self.sender
            .drain(&Kept { app: &self.app, tenant }, id, &Token::new(token))
            .await
    }

    /// Ends the round unless somebody poked after it looked.
    fn is_over(&self, tenant: TenantId) -> bool {
        let mut rounds = self.rounds.lock().unwrap_or_else(PoisonError::into_inner);
        match rounds.get_mut(&tenant) {
            Some(poked) if *poked => {
                *poked = false;
                false
            }
            _ => {
                rounds.remove(&tenant);
                true
            }
        }
    }
}

impl Kept<'_> {
    /// What a message says: a notice's words are of this moment, in the language and by the role of its reader.
    async fn words(&self, message: &Waiting) -> Result<Option<Words>> {
        let Some(notice) = &message.notice else {
            return Ok(Some(Words {
                html: message.text.clone(),
                buttons: message.buttons.clone(),
            }));
        };
        let tenant = self.app.tenants.by_id(self.tenant).await?;
        match bots::actor_of(self.app, &tenant, message.chat_id).await? {
            Some(actor) if actor.user == Some(notice.user) => cards::notice(self.app, &actor, notice).await,
            _ => Ok(None),
        }
    }
}

impl Outbox for Kept<'_> {
    fn heads(&self) -> impl Future<Output = Result<Vec<Head>>> + Send {
        bots::heads(self.app, self.tenant)
    }

    async fn begin(&self, id: Id) -> Result<Option<Waiting>> {
        let Some(mut message) = bots::begin(self.app, self.tenant, id).await? else {
            return Ok(None);
        };
        match self.words(&message).await {
            Ok(Some(words)) => {
                (message.text, message.buttons) = (words.html, words.buttons);
                Ok(Some(message))
            }
            Ok(None) => {
                let why = "no longer concerns this person".to_owned();
                bots::settle(self.app, self.tenant, &message, Outcome::Dead(why)).await?;
                Ok(None)
            }
            Err(error) => {
                let outcome = Outcome::Retry {
                    after: Duration::from_secs(30),
                    error: error.to_string(),
                };
                bots::settle(self.app, self.tenant, &message, outcome).await?;
                Ok(None)
            }
        }
    }

    fn settle(&self, message: &Waiting, outcome: Outcome) -> impl Future<Output = Result<()>> + Send {
        bots::settle(self.app, self.tenant, message, outcome)
    }
}
