//! SQLite's single writer. Waiting closures are taken round-robin by tenant, each in a savepoint, and one commit
//! makes them all durable: a hundred small writers share one fsync, and a busy tenant cannot starve a quiet one.

use std::collections::{HashMap, VecDeque};
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;

use futures::FutureExt;
use sea_orm::{DatabaseConnection, DatabaseTransaction, SqliteTransactionMode, TransactionOptions, TransactionTrait};
use tokio::sync::{mpsc, oneshot};

use super::tx::Tx;
use crate::error::{Error, Result};
use crate::ids::TenantId;

const WAITING: usize = 10_000;
const GROUP: usize = 64;

/// What a closure leaves behind: its transaction, whether it went well, and how to tell the one who waits.
type Finished = (DatabaseTransaction, bool, Box<dyn FnOnce(Result<()>) + Send>);
type Work = Box<dyn FnOnce(DatabaseTransaction) -> Pin<Box<dyn Future<Output = Option<Finished>> + Send>> + Send>;

#[derive(Clone)]
pub(super) struct Writer {
    queue: mpsc::Sender<(TenantId, Work)>,
}

impl Writer {
    pub fn start(connection: DatabaseConnection) -> Self {
        let (queue, waiting) = mpsc::channel(WAITING);
        tokio::spawn(serve(connection, waiting));
        Writer { queue }
    }

    pub async fn run<T, F, Fut>(
        &self,
        tenant: TenantId,
        open: impl FnOnce(DatabaseTransaction) -> Tx + Send + 'static,
        run: F,
    ) -> Result<T>
    where
        F: FnOnce(Tx) -> Fut + Send + 'static,
        Fut: Future<Output = Result<T>> + Send + 'static,
        T: Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let work: Work = Box::new(move |txn| {
            Box::pin(async move {
                let tx = open(txn);
                let wake = tx.wake();
                let done = AssertUnwindSafe(run(tx.clone())).catch_unwind().await;
                let Ok((txn, enqueued)) = tx.finish() else {
                    let _ = answer.send(Err(Error::internal("a transaction outlived its closure")));
                    return None;
                };
                let done = done.unwrap_or_else(|_| Err(Error::internal("a write panicked")));
                let keep = done.is_ok();
                let tell = Box::new(move |committed: Result<()>| {
                    if committed.is_ok() && keep && enqueued {
                        wake.notify_one();
                    }
                    let _ = answer.send(committed.and(done));
                });
                Some((txn, keep, tell as Box<dyn FnOnce(Result<()>) + Send>))
            })
        });
        self.queue
            .try_send((tenant, work))
            .map_err(|_| Error::Unavailable("database_busy"))?;
        answered.await.map_err(|_| Error::Unavailable("database_unavailable"))?
    }
}

/// Waiting closures, one line per tenant, served in turns.
#[derive(Default)]
struct Lines {
    lines: HashMap<TenantId, VecDeque<Work>>,
    turns: VecDeque<TenantId>,
}

impl Lines {
    fn push(&mut self, (tenant, work): (TenantId, Work)) {
        let line = self.lines.entry(tenant).or_default();
        if line.is_empty() {
            self.turns.push_back(tenant);
        }
        line.push_back(work);
    }

    fn next(&mut self) -> Option<Work> {
        let tenant = self.turns.pop_front()?;
        let line = self.lines.get_mut(&tenant)?;
        let work = line.pop_front();
        if line.is_empty() {
            self.lines.remove(&tenant);
        } else {
            self.turns.push_back(tenant);
        }
        work
    }
}

async fn serve(connection: DatabaseConnection, mut waiting: mpsc::Receiver<(TenantId, Work)>) {
    let mut lines = Lines::default();
    loop {
        if lines.turns.is_empty() {
            match waiting.recv().await {
                Some(work) => lines.push(work),
                None => return,
            }
        }
        while let Ok(work) = waiting.try_recv() {
            lines.push(work);
        }
        group(&connection, &mut lines).await;
    }
}

async fn group(connection: &DatabaseConnection, lines: &mut Lines) {
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..Default::default()
    };
    let outer = match connection.begin_with_options(options).await {
        Ok(outer) => outer,
        Err(error) => {
            // Another process holds the file: those waiting are told to come again, nothing was done.
            tracing::warn!(%error, "the database could not be opened for writing");
            while let Some(work) = lines.next() {
                drop(work);
            }
            return;
        }
    };
    if lines.turns.len() == 1 && lines.lines.values().all(|line| line.len() == 1) {
        if let Some(work) = lines.next() {
            alone(outer, work).await;
        }
        return;
    }
    let mut told = Vec::new();
    for _ in 0..GROUP {
        let Some(work) = lines.next() else { break };
        let Ok(savepoint) = outer.begin().await else { continue };
        let Some((savepoint, keep, tell)) = work(savepoint).await else {
            continue;
        };
        let closed = if keep {
            savepoint.commit().await
        } else {
            savepoint.rollback().await
        };
        match closed {
            Ok(()) => told.push(tell),
            Err(error) => tell(Err(error.into())),
        }
    }
    let committed = outer.commit().await;
    for tell in told {
        tell(match &committed {
            Ok(()) => Ok(()),
            Err(error) => Err(failed(error)),
        });
    }
}

/// One writer needs no savepoint.
async fn alone(outer: DatabaseTransaction, work: Work) {
    let Some((outer, keep, tell)) = work(outer).await else {
        return;
    };
    let closed = if keep {
        outer.commit().await
    } else {
        outer.rollback().await
    };
    tell(closed.map_err(|error| failed(&error)));
}

fn failed(error: &sea_orm::DbErr) -> Error {
    tracing::error!(%error, "a commit failed");
    Error::Unavailable("database_unavailable")
}
