//! What every verb is given: configuration, database, clock and the rest of the ground.

use std::sync::Arc;

use sea_orm::FromQueryResult;

use crate::auth::Policies;
use crate::clock::Clock;
use crate::config::Config;
use crate::db::{Db, Tx};
use crate::error::Result;
use crate::secrets::Secrets;
use crate::shared::Shared;
use crate::tenancy::Directory;

#[derive(Clone)]
pub struct App {
    pub config: Arc<Config>,
    pub db: Db,
    pub clock: Clock,
    pub shared: Shared,
    pub secrets: Secrets,
    pub policies: Policies,
    pub tenants: Directory,
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
            config: Arc::new(config),
            db,
            clock,
            shared,
            secrets,
        };
        app.load_clock().await.map_err(|e| e.to_string())?;
        Ok(app)
    }

    /// Takes over the clock offset other nodes agreed on.
    pub async fn load_clock(&self) -> Result<()> {
        #[derive(FromQueryResult)]
        struct Row {
            offset_micros: i64,
        }
        if self.config.test_clock {
            let sql = "SELECT offset_micros FROM clock WHERE id = 1";
            let row: Option<Row> = self
                .db
                .platform_read(async move |tx: Tx| tx.one(sql, vec![]).await)
                .await?;
            self.clock.set_offset(row.map_or(0, |row| row.offset_micros));
        }
        Ok(())
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
        self.shared.publish("clock").await;
        self.db.wake();
        Ok(())
    }
}
