//! The only door to the database. `read` and `write` yield a connection that belongs to one tenant; the raw
//! connection is private to this module.

mod bulk;
mod check;
pub mod heard;
mod held;
mod inspect;
mod scope;
mod share;
mod tx;
mod wake;
mod writer;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use sea_orm::sqlx::Connection as _;
use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement, TransactionTrait};

use crate::clock::Clock;
use crate::config::Config;
use crate::error::{Error, Result};
use crate::ids::TenantId;

pub use bulk::{insert, list};
use held::Held;
pub use scope::Scoped;
use share::Shares;
pub use tx::Tx;
use wake::Wake;
use writer::Writer;

/// A connection unused for longer is asked whether it still lives.
const RESTED: Duration = Duration::from_secs(1);
/// Statements a connection keeps prepared.
const PREPARED: usize = 512;

/// Rows of platform tables (tenant, host, operator, clock) stand outside every tenant.
const NO_TENANT: TenantId = TenantId(uuid::Uuid::nil());

#[derive(Clone)]
pub struct Db {
    engine: Engine,
    clock: Clock,
    /// Woken after a commit that enqueued work.
    wake: Arc<Wake>,
}

#[derive(Clone)]
enum Engine {
    Sqlite {
        writer: Writer,
        readers: DatabaseConnection,
    },
    Postgres {
        pool: DatabaseConnection,
        shares: Shares,
    },
}

impl Db {
    pub async fn connect(config: &Config, clock: Clock) -> Result<Self> {
        let engine = if config.is_postgres() {
            let mut options = ConnectOptions::new(&config.database_url);
            options
                .max_connections(share::CONNECTIONS)
                .acquire_timeout(share::PATIENCE)
                .test_before_acquire(false)
                .map_sqlx_postgres_before_acquire(|connection, found| {
                    Box::pin(async move {
                        // One in use a moment ago is there still: asking costs every transaction a round trip.
                        if found.idle_for > RESTED {
                            connection.ping().await?;
                        }
                        Ok(true)
                    })
                })
                .map_sqlx_postgres_opts(|options| options.statement_cache_capacity(PREPARED))
                .sqlx_logging(false);
            Engine::Postgres {
                pool: Database::connect(options).await?,
                shares: Shares::default(),
            }
        } else {
            let writer = sqlite(&config.database_url, 1).await?;
            let readers = sqlite(&config.database_url, 4).await?;
            Engine::Sqlite {
                writer: Writer::start(writer),
                readers,
            }
        };
        Ok(Db {
            engine,
            clock,
            wake: Arc::default(),
        })
    }

    /// A connection that may change the schema: for the migration commands and nothing else.
    pub async fn for_migrations(url: &str, app_role: &str) -> Result<DatabaseConnection> {
        if !url.starts_with("postgres") {
            return sqlite(url, 1).await;
        }
        let mut options = ConnectOptions::new(url);
        options.max_connections(1).sqlx_logging(false);
        let connection = Database::connect(options).await?;
        let set = "SELECT set_config('markaz.app_role', $1, false)";
        connection
            .execute_raw(Statement::from_sql_and_values(
                DbBackend::Postgres,
                set,
                [app_role.into()],
            ))
            .await?;
        Ok(connection)
    }

    /// Runs a closure over a consistent snapshot of one tenant's rows.
    pub async fn read<T, F, Fut>(&self, tenant: TenantId, run: F) -> Result<T>
    where
        F: FnOnce(Tx) -> Fut + Send + 'static,
        Fut: Future<Output = Result<T>> + Send + 'static,
        T: Send + 'static,
    {
        match &self.engine {
            Engine::Sqlite { readers, .. } => {
                let (db, readers) = (self.clone(), readers.clone());
                detached(async move {
                    db.inside(Held::Sqlite(readers.begin().await?), tenant, Ends::Drop, run)
                        .await
                })
                .await
            }
            Engine::Postgres { pool, shares } => {
                // One snapshot for all statements, as SQLite has it.
                let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
                self.within(pool, shares, tenant, begin, Ends::Drop, run).await
            }
        }
    }

    /// A read of one statement, which sees one snapshot by itself: it needs no transaction around it on SQLite, and no
    /// more than the tenant on PostgreSQL.
    pub async fn glance<T, F, Fut>(&self, tenant: TenantId, run: F) -> Result<T>
    where
        F: FnOnce(Tx) -> Fut + Send + 'static,
        Fut: Future<Output = Result<T>> + Send + 'static,
        T: Send + 'static,
    {
        match &self.engine {
            Engine::Sqlite { readers, .. } => {
                let (db, held) = (self.clone(), Held::Glance(readers.clone()));
                detached(async move { db.inside(held, tenant, Ends::Drop, run).await }).await
            }
            Engine::Postgres { pool, shares } => {
                self.within(pool, shares, tenant, "BEGIN READ ONLY", Ends::Drop, run)
                    .await
            }
        }
    }

    /// Runs a closure in one transaction over one tenant's rows. It touches only `tx` and awaits no network:
    /// on SQLite others wait behind it.
    pub async fn write<T, F, Fut>(&self, tenant: TenantId, run: F) -> Result<T>
    where
        F: FnOnce(Tx) -> Fut + Send + 'static,
        Fut: Future<Output = Result<T>> + Send + 'static,
        T: Send + 'static,
    {
        match &self.engine {
            Engine::Sqlite { writer, .. } => {
                let (clock, wake) = (self.clock.clone(), self.wake.clone());
                writer
                    .run(
                        tenant,
                        move |txn| Tx::new(Held::Sqlite(txn), DbBackend::Sqlite, tenant, clock.now(), wake),
                        run,
                    )
                    .await
            }
            Engine::Postgres { pool, shares } => self.within(pool, shares, tenant, "BEGIN", Ends::Commit, run).await,
        }
    }

    /// Reads and writes tables that belong to no tenant.
    pub async fn platform<T, F, Fut>(&self, run: F) -> Result<T>
    where
        F: FnOnce(Tx) -> Fut + Send + 'static,
        Fut: Future<Output = Result<T>> + Send + 'static,
        T: Send + 'static,
    {
        self.write(NO_TENANT, run).await
    }

    /// Reads tables that belong to no tenant, without waiting for the writer.
    pub async fn platform_read<T, F, Fut>(&self, run: F) -> Result<T>
    where
        F: FnOnce(Tx) -> Fut + Send + 'static,
        Fut: Future<Output = Result<T>> + Send + 'static,
        T: Send + 'static,
    {
        self.read(NO_TENANT, run).await
    }

    /// The queue's own view over all tenants: `job`, `job_tenant` and `tick` alone.
    pub(crate) async fn queue<T, F, Fut>(&self, run: F) -> Result<T>
    where
        F: FnOnce(Tx) -> Fut + Send + 'static,
        Fut: Future<Output = Result<T>> + Send + 'static,
        T: Send + 'static,
    {
        match &self.engine {
            Engine::Sqlite { .. } => self.write(NO_TENANT, run).await,
            Engine::Postgres { pool, .. } => {
                let (db, pool) = (self.clone(), pool.clone());
                detached(async move {
                    let opening = "BEGIN; SET LOCAL ROLE markaz_queue".to_owned();
                    let held = Held::open(pool.get_postgres_connection_pool(), opening).await?;
                    db.inside(held, NO_TENANT, Ends::Commit, run).await
                })
                .await
            }
        }
    }

    pub fn is_postgres(&self) -> bool {
        matches!(self.engine, Engine::Postgres { .. })
    }

    /// Resolves when some commit enqueued work since the last call.
    pub async fn woken(&self) {
        self.wake.woken().await;
    }

    /// Work may have fallen due on this node.
    pub fn wake(&self) {
        self.wake.here();
    }

    /// Resolves when this node enqueued work that others might take.
    pub(crate) async fn work_to_tell(&self) {
        self.wake.to_tell().await;
    }

    /// Resolves when commits of this node changed what open pages show: a message for each tenant.
    pub(crate) async fn changes_to_tell(&self) -> Vec<String> {
        self.wake.changes.take().await
    }

    /// Refuses a role or schema that would break isolation. Called before the server listens.
    pub async fn check(&self) -> Result<(), String> {
        match &self.engine {
            Engine::Postgres { pool, .. } => check::postgres(pool).await,
            Engine::Sqlite { readers, .. } => check::sqlite(readers).await,
        }
    }

    /// Names of the migrations this database has had.
    pub async fn migrations(&self) -> Result<Vec<String>> {
        let connection = match &self.engine {
            Engine::Postgres { pool, .. } => pool,
            Engine::Sqlite { readers, .. } => readers,
        };
        let sql = "SELECT version FROM seaql_migrations ORDER BY version";
        let rows = connection
            .query_all_raw(Statement::from_string(connection.get_database_backend(), sql))
            .await?;
        rows.iter()
            .map(|row| row.try_get("", "version").map_err(Error::from))
            .collect()
    }

    /// A transaction of a tenant on PostgreSQL, opened together with the tenant in one round trip.
    async fn within<T, F, Fut>(
        &self,
        pool: &DatabaseConnection,
        shares: &Shares,
        tenant: TenantId,
        begin: &'static str,
        ends: Ends,
        run: F,
    ) -> Result<T>
    where
        F: FnOnce(Tx) -> Fut + Send + 'static,
        Fut: Future<Output = Result<T>> + Send + 'static,
        T: Send + 'static,
    {
        let (db, pool, shares) = (self.clone(), pool.clone(), shares.clone());
        detached(async move {
            let _share = shares.take(tenant).await?;
            let opening = format!("{begin}; {}", enter(tenant));
            let held = Held::open(pool.get_postgres_connection_pool(), opening).await?;
            db.inside(held, tenant, ends, run).await
        })
        .await
    }

    async fn inside<T, F, Fut>(&self, held: Held, tenant: TenantId, ends: Ends, run: F) -> Result<T>
    where
        F: FnOnce(Tx) -> Fut,
        Fut: Future<Output = Result<T>>,
    {
        let backend = match &self.engine {
            Engine::Sqlite { .. } => DbBackend::Sqlite,
            Engine::Postgres { .. } => DbBackend::Postgres,
        };
        let tx = Tx::new(held, backend, tenant, self.clock.now(), self.wake.clone());
        let done = run(tx.clone()).await;
        let Some((held, after, alone)) = tx.finish().await else {
            return Err(Error::internal("a transaction was ended twice"));
        };
        let done = if alone { done } else { Err(outlived()) };
        match (done, ends) {
            (done, Ends::Drop) => done,
            (Ok(value), Ends::Commit) => {
                held.commit().await?;
                self.wake.committed(tenant, after);
                Ok(value)
            }
            (Err(error), Ends::Commit) => {
                // The connection may be the very thing that broke; the first error says more.
                let _ = held.roll_back().await;
                Err(error)
            }
        }
    }
}

/// What becomes of a transaction after its closure.
#[derive(Clone, Copy)]
enum Ends {
    Commit,
    /// It only read: it is rolled back with the connection's way back to the pool, and nobody waits for that.
    Drop,
}

/// A transaction in a task of its own: one whose caller is polled by turns, or went away, must not sit on a
/// connection that others wait for.
async fn detached<T: Send + 'static>(work: impl Future<Output = Result<T>> + Send + 'static) -> Result<T> {
    tokio::spawn(work)
        .await
        .map_err(|_| Error::internal("a transaction panicked"))?
}

fn outlived() -> Error {
    Error::internal("a transaction outlived the closure it was lent to")
}

/// Opens a tenant for row-level security, until the transaction ends. A tenant's id is no text anybody wrote. Every
/// table holds other tenants' rows too and has an index that begins with the tenant: reading one from end to end is
/// never right, whatever statistics older than the last import say.
fn enter(tenant: TenantId) -> String {
    if tenant == NO_TENANT {
        return "SELECT set_config('app.tenant', '', true)".to_owned();
    }
    format!("SELECT set_config('app.tenant', '{tenant}', true), set_config('enable_seqscan', 'off', true)")
}

async fn sqlite(url: &str, connections: u32) -> Result<DatabaseConnection> {
    let path = url
        .trim_start_matches("sqlite://")
        .split('?')
        .next()
        .unwrap_or_default();
    if let Some(folder) = std::path::Path::new(path).parent() {
        std::fs::create_dir_all(folder).map_err(|e| Error::internal(format!("{}: {e}", folder.display())))?;
    }
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(Duration::from_secs(30))
        .test_before_acquire(false)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(|options| {
            options
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .foreign_keys(true)
                .busy_timeout(Duration::from_secs(5))
                .statement_cache_capacity(PREPARED)
        })
        .map_sqlx_sqlite_pool_opts(|pool| pool.idle_timeout(None).max_lifetime(None));
    Ok(Database::connect(options).await?)
}
