//! One tenant's open transaction. Every statement of the product passes here, so test builds can inspect them all.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::{DateTime, Utc};
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, ExecResult, FromQueryResult, QueryResult, Statement, Value,
};
use tokio::sync::Notify;

use super::inspect;
use crate::error::{Error, Result};
use crate::ids::TenantId;

#[derive(Clone)]
pub struct Tx {
    inner: Arc<Inner>,
}

struct Inner {
    txn: DatabaseTransaction,
    tenant: TenantId,
    now: DateTime<Utc>,
    enqueued: AtomicBool,
    wake: Arc<Notify>,
}

impl Tx {
    pub(super) fn new(txn: DatabaseTransaction, tenant: TenantId, now: DateTime<Utc>, wake: Arc<Notify>) -> Self {
        Tx {
            inner: Arc::new(Inner {
                txn,
                tenant,
                now,
                enqueued: AtomicBool::new(false),
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

    /// Marks that work waits once this commits.
    pub fn wake_after_commit(&self) {
        self.inner.enqueued.store(true, Ordering::Relaxed);
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

    pub(super) fn finish(self) -> Result<(DatabaseTransaction, bool)> {
        let inner = Arc::try_unwrap(self.inner)
            .map_err(|_| Error::internal("a transaction outlived the closure it was lent to"))?;
        Ok((inner.txn, inner.enqueued.into_inner()))
    }

    pub(super) fn wake(&self) -> Arc<Notify> {
        self.inner.wake.clone()
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Tx {
    fn get_database_backend(&self) -> DbBackend {
        self.inner.txn.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        inspect::check(&statement, self.inner.tenant);
        self.inner.txn.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, _: &str) -> Result<ExecResult, DbErr> {
        Err(DbErr::Custom("unprepared statements carry no tenant".into()))
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        inspect::check(&statement, self.inner.tenant);
        self.inner.txn.query_one_raw(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        inspect::check(&statement, self.inner.tenant);
        self.inner.txn.query_all_raw(statement).await
    }
}
