//! What every verb is given: configuration, database, clock and the rest of the ground.

use std::sync::Arc;
use std::time::Duration;

use sea_orm::FromQueryResult;
use tokio::sync::broadcast::error::RecvError;

use crate::auth::Policies;
use crate::clock::Clock;
use crate::config::Config;
use crate::db::{Db, Tx};
use crate::error::Result;
use crate::kept::Kept;
use crate::live::Live;
use crate::secrets::Secrets;
use crate::shared::{self, Shared};
use crate::tenancy::Directory;

const CLOCK_LOOK: Duration = Duration::from_secs(1);
const TELL_PAUSE: Duration = Duration::from_millis(50);

#[derive(Clone)]
pub struct App {
    pub config: Arc<Config>,
    pub db: Db,
    pub clock: Clock,
    pub shared: Shared,
    pub secrets: Secrets,
    pub policies: Policies,
    pub tenants: Directory,
    pub kept: Kept,
    pub live: Live,
}

impl App {
    /// Connects everything a node needs. The schema must be there already.
    pub async fn start(config: Config) -> Result<Self, String> {
        let clock = Clock::default();
        let secrets = Secrets::load(&config)?;
        let db = Db::connect(&config, clock.clone())
            .await
            .map_err(|e| format!("database: {e}"))?;
        let shared = Shared::connect(config.redis_url.as_deref()).await?;
        let app = App {
            policies: Policies::new(db.clone()),
            tenants: Directory::new(db.clone()),
            kept: Kept::default(),
            live: Live::new(&shared),
            config: Arc::new(config),
            db,
            clock,
            shared,
            secrets,
        };
        app.load_clock().await.map_err(|e| e.to_string())?;
        tokio::spawn(app.clone().listen());
        if app.config.redis_url.is_some() {
            tokio::spawn(app.clone().tell());
        }
        tokio::spawn(app.clone().tell_changes());
        Ok(app)
    }

    /// Takes over the database's clock, and the offset other nodes agreed on.
    pub async fn load_clock(&self) -> Result<()> {
        #[derive(FromQueryResult)]
        struct Row {
            offset_micros: i64,
        }
        let (clock, moving) = (self.clock.clone(), self.config.test_clock);
        if !moving && !self.db.is_postgres() {
            return Ok(());
        }
        let moves = clock.moves();
        let offset = self
            .db
            .platform_read(async move |tx: Tx| {
                if tx.is_postgres() {
                    clock.follow(tx.real(&clock).await?);
                }
                let sql = "SELECT offset_micros FROM clock WHERE id = 1";
                let row: Option<Row> = if moving { tx.one(sql, vec![]).await? } else { None };
                Ok(row.map_or(0, |row| row.offset_micros))
            })
            .await?;
        self.clock.take_over(offset, moves);
        Ok(())
    }

    /// What other nodes say. What was missed is looked up: the database is the truth.
    async fn listen(self) {
        let mut messages = self.shared.subscribe();
        loop {
            let heard = tokio::select! {
                message = messages.recv() => match message {
                    Ok(text) => text,
                    Err(RecvError::Lagged(_)) => shared::MISSED.to_owned(),
                    Err(RecvError::Closed) => return,
                },
                // A moved clock reaches nodes without Redis too.
                () = tokio::time::sleep(CLOCK_LOOK), if self.config.test_clock => shared::CLOCK.to_owned(),
            };
            self.live.hear(&heard);
            let missed = heard == shared::MISSED;
            if missed {
                self.live.missed();
            }
            if (missed || heard == shared::CLOCK)
                && let Err(error) = self.load_clock().await
            {
                tracing::debug!(%error, "the clock was not loaded");
            }
            if missed || heard == shared::WORK {
                self.db.wake();
            }
        }
    }

    /// Tells other nodes that work waits, as often as they can use it.
    async fn tell(self) {
        loop {
            self.db.work_to_tell().await;
            self.shared.publish(shared::WORK).await;
            tokio::time::sleep(TELL_PAUSE).await;
        }
    }

    /// Tells every node's open pages what this one's commits changed.
    async fn tell_changes(self) {
        loop {
            for message in self.db.changes_to_tell().await {
                self.shared.publish(&message).await;
            }
        }
    }

    /// Moves the whole server's clock; only where a test clock is allowed.
    pub async fn set_clock(&self, now: chrono::DateTime<chrono::Utc>) -> Result<()> {
        if !self.config.test_clock {
            return Err(crate::error::Error::NotFound);
        }
        let offset = (now - self.clock.real()).num_microseconds().unwrap_or(0);
        self.db
            .platform(async move |tx: Tx| {
                let sql = "INSERT INTO clock (id, offset_micros) VALUES (1, $1) \
                           ON CONFLICT (id) DO UPDATE SET offset_micros = excluded.offset_micros";
                tx.run(sql, vec![offset.into()]).await
            })
            .await?;
        self.clock.set_offset(offset);
        self.shared.publish(shared::CLOCK).await;
        self.db.wake();
        Ok(())
    }
}
