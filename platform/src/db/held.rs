//! What a transaction's statements run on. PostgreSQL's go to sqlx themselves: only so can a transaction be opened
//! together with its tenant in one round trip.

use sea_orm::sea_query::Values;
use sea_orm::sqlx::{self, AssertSqlSafe, PgPool, Postgres};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr, ExecResult, QueryResult, RuntimeErr, Statement,
};
use sea_query_sqlx::SqlxValues;

pub(super) enum Held {
    Sqlite(DatabaseTransaction),
    /// Any of SQLite's readers, for one statement.
    Glance(DatabaseConnection),
    Postgres(sqlx::Transaction<'static, Postgres>),
}

impl Held {
    /// `opening` begins the transaction, with whatever else goes in the same round trip.
    pub async fn open(pool: &PgPool, opening: String) -> Result<Self, DbErr> {
        let opened = pool.begin_with(AssertSqlSafe(opening)).await;
        opened.map(Held::Postgres).map_err(|error| match error {
            sqlx::Error::PoolTimedOut => DbErr::ConnectionAcquire(sea_orm::ConnAcquireErr::Timeout),
            sqlx::Error::PoolClosed => DbErr::ConnectionAcquire(sea_orm::ConnAcquireErr::ConnectionClosed),
            other => failed(other),
        })
    }

    pub async fn execute(&mut self, statement: Statement) -> Result<ExecResult, DbErr> {
        match self {
            Held::Sqlite(txn) => txn.execute_raw(statement).await,
            Held::Glance(readers) => readers.execute_raw(statement).await,
            Held::Postgres(txn) => {
                let done = bound(statement).execute(&mut **txn).await;
                done.map(ExecResult::from).map_err(failed)
            }
        }
    }

    pub async fn one(&mut self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        match self {
            Held::Sqlite(txn) => txn.query_one_raw(statement).await,
            Held::Glance(readers) => readers.query_one_raw(statement).await,
            Held::Postgres(txn) => {
                let row = bound(statement).fetch_optional(&mut **txn).await;
                row.map(|row| row.map(QueryResult::from)).map_err(failed)
            }
        }
    }

    pub async fn all(&mut self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        match self {
            Held::Sqlite(txn) => txn.query_all_raw(statement).await,
            Held::Glance(readers) => readers.query_all_raw(statement).await,
            Held::Postgres(txn) => {
                let rows = bound(statement).fetch_all(&mut **txn).await;
                rows.map(|rows| rows.into_iter().map(QueryResult::from).collect())
                    .map_err(failed)
            }
        }
    }

    pub async fn commit(self) -> Result<(), DbErr> {
        match self {
            Held::Sqlite(txn) => txn.commit().await,
            Held::Glance(_) => Ok(()),
            Held::Postgres(txn) => txn.commit().await.map_err(failed),
        }
    }

    pub async fn roll_back(self) -> Result<(), DbErr> {
        match self {
            Held::Sqlite(txn) => txn.rollback().await,
            Held::Glance(_) => Ok(()),
            Held::Postgres(txn) => txn.rollback().await.map_err(failed),
        }
    }
}

type Query = sqlx::query::Query<'static, Postgres, SqlxValues>;

fn bound(statement: Statement) -> Query {
    let values = statement.values.unwrap_or(Values(Vec::new()));
    sqlx::query_with(AssertSqlSafe(statement.sql), SqlxValues(values))
}

fn failed(error: sqlx::Error) -> DbErr {
    DbErr::Query(RuntimeErr::SqlxError(error.into()))
}
