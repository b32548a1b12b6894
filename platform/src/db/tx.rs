//! One tenant's open transaction. Every statement of the product passes here, so test builds can inspect them all.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, ExecResult, FromQueryResult, QueryResult, Statement, Value};

use tokio::sync::Mutex;

use super::held::Held;
use super::inspect;
use super::wake::Wake;
use crate::clock::{Clock, cut};
use crate::error::{Error, Result};
use crate::ids::TenantId;
use crate::live::Change;

#[derive(Clone)]
pub struct Tx {
    inner: Arc<Inner>,
}

struct Inner {
    /// Taken out when the closure ends: a clone that outlives it finds nothing to write with.
    held: Mutex<Option<Held>>,
    backend: DbBackend,
    tenant: TenantId,
    now: DateTime<Utc>,
    enqueued: AtomicBool,
    changes: std::sync::Mutex<Vec<Change>>,
    wake: Arc<Wake>,
}

/// What is done once a transaction has committed.
#[derive(Default)]
pub(super) struct After {
    pub enqueued: bool,
    pub changes: Vec<Change>,
}

impl Tx {
    pub(super) fn new(held: Held, backend: DbBackend, tenant: TenantId, now: DateTime<Utc>, wake: Arc<Wake>) -> Self {
        Tx {
            inner: Arc::new(Inner {
                held: Mutex::new(Some(held)),
                backend,
                tenant,
                now,
                enqueued: AtomicBool::new(false),
                changes: std::sync::Mutex::default(),
                wake,
            }),
        }
    }

    pub fn tenant(&self) -> TenantId {
        self.inner.tenant
    }

    /// The transaction's time: one instant for everything it writes.
    pub fn now(&self) -> DateTime<Utc> {
        self.inner.now
    }

    /// Real time by the database's clock: leases of several nodes compare with nothing else.
    pub(crate) async fn real(&self, clock: &Clock) -> Result<DateTime<Utc>> {
        #[derive(FromQueryResult)]
        struct Row {
            at: DateTime<Utc>,
        }
        if !self.is_postgres() {
            return Ok(clock.real());
        }
        let row: Option<Row> = self.one("SELECT clock_timestamp() AS at", vec![]).await?;
        Ok(row.map_or_else(|| clock.real(), |row| cut(row.at)))
    }

    /// Marks that work waits once this commits.
    pub fn wake_after_commit(&self) {
        self.inner.enqueued.store(true, Ordering::Relaxed);
    }

    /// Open pages are told of a lead once this commits.
    pub fn tell_after_commit(&self, change: Change) {
        if let Ok(mut changes) = self.inner.changes.lock() {
            changes.push(change);
        }
    }

    /// All rows of a statement with `$1`-style placeholders, which both engines take.
    pub async fn all<M: FromQueryResult>(&self, sql: &str, values: Vec<Value>) -> Result<Vec<M>> {
        let rows = self.query_all_raw(self.statement(sql, values)).await?;
        rows.iter()
            .map(|row| M::from_query_result(row, "").map_err(Error::from))
            .collect()
    }

    pub async fn one<M: FromQueryResult>(&self, sql: &str, values: Vec<Value>) -> Result<Option<M>> {
        let row = self.query_one_raw(self.statement(sql, values)).await?;
        row.map(|row| M::from_query_result(&row, "").map_err(Error::from))
            .transpose()
    }

    /// Runs a statement and returns the number of rows it changed.
    pub async fn run(&self, sql: &str, values: Vec<Value>) -> Result<u64> {
        Ok(self.execute_raw(self.statement(sql, values)).await?.rows_affected())
    }

    pub fn is_postgres(&self) -> bool {
        self.get_database_backend() == DbBackend::Postgres
    }

    fn statement(&self, sql: &str, values: Vec<Value>) -> Statement {
        Statement::from_sql_and_values(self.get_database_backend(), sql, values)
    }

    /// The transaction, what follows its commit, and whether nobody holds on to it any more.
    pub(super) async fn finish(self) -> Option<(Held, After, bool)> {
        let alone = Arc::strong_count(&self.inner) == 1;
        let held = self.inner.held.lock().await.take()?;
        let changes = self
            .inner
            .changes
            .lock()
            .map(|mut changes| std::mem::take(&mut *changes));
        let after = After {
            enqueued: self.inner.enqueued.load(Ordering::Relaxed),
            changes: changes.unwrap_or_default(),
        };
        Some((held, after, alone))
    }

    pub(super) fn wake(&self) -> Arc<Wake> {
        self.inner.wake.clone()
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Tx {
    fn get_database_backend(&self) -> DbBackend {
        self.inner.backend
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        inspect::check(&statement, self.inner.tenant);
        let mut held = self.inner.held.lock().await;
        held.as_mut().ok_or_else(ended)?.execute(statement).await
    }

    async fn execute_unprepared(&self, _: &str) -> Result<ExecResult, DbErr> {
        Err(DbErr::Custom("unprepared statements carry no tenant".into()))
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        inspect::check(&statement, self.inner.tenant);
        let mut held = self.inner.held.lock().await;
        held.as_mut().ok_or_else(ended)?.one(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        inspect::check(&statement, self.inner.tenant);
        let mut held = self.inner.held.lock().await;
        held.as_mut().ok_or_else(ended)?.all(statement).await
    }
}

fn ended() -> DbErr {
    DbErr::Custom("the transaction has ended".into())
}
