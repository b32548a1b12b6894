//! SQLite's single writer. Waiting closures are taken round-robin by tenant, each in a savepoint, and one commit
//! makes them all durable: a hundred small writers share one fsync, and a busy tenant cannot starve a quiet one.

use std::collections::{HashMap, VecDeque};
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;

use futures::FutureExt;
use sea_orm::{DatabaseConnection, DatabaseTransaction, SqliteTransactionMode, TransactionOptions, TransactionTrait};
use tokio::sync::{mpsc, oneshot};

use super::held::Held;
use super::tx::Tx;
use crate::error::{Error, Result};
use crate::ids::TenantId;

const WAITING: usize = 10_000;
const GROUP: usize = 64;
/// A tenant with more than this waiting is asked to come again.
const LINE: usize = 2_000;

type Tell = Box<dyn FnOnce(Result<()>) + Send>;

/// What a closure leaves behind: its transaction, whether it went well, and how to tell the one who waits.
type Finished = (DatabaseTransaction, bool, Tell);

/// A closure that waits to write.
trait Work: Send {
    fn run(self: Box<Self>, txn: DatabaseTransaction) -> Pin<Box<dyn Future<Output = Option<Finished>> + Send>>;
    fn refuse(self: Box<Self>, code: &'static str);
}

#[derive(Clone)]
pub(super) struct Writer {
    queue: mpsc::Sender<(TenantId, Box<dyn Work>)>,
}

impl Writer {
    pub fn start(connection: DatabaseConnection) -> Self {
        let (queue, waiting) = mpsc::channel(WAITING);
        tokio::spawn(serve(connection, waiting));
        Writer { queue }
    }

    /// The closure runs and commits even where its caller no longer waits.
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
        let asked = Box::new(Asked { open, run, answer });
        self.queue
            .try_send((tenant, asked))
            .map_err(|_| Error::Unavailable("database_busy"))?;
        answered.await.map_err(|_| Error::Unavailable("database_unavailable"))?
    }
}

struct Asked<O, F, T> {
    open: O,
    run: F,
    answer: oneshot::Sender<Result<T>>,
}

impl<O, F, Fut, T> Work for Asked<O, F, T>
where
    O: FnOnce(DatabaseTransaction) -> Tx + Send + 'static,
    F: FnOnce(Tx) -> Fut + Send + 'static,
    Fut: Future<Output = Result<T>> + Send + 'static,
    T: Send + 'static,
{
    fn run(self: Box<Self>, txn: DatabaseTransaction) -> Pin<Box<dyn Future<Output = Option<Finished>> + Send>> {
        Box::pin(async move {
            let Asked { open, run, answer } = *self;
            let tx = open(txn);
            let wake = tx.wake();
            let lent = tx.clone();
            let done = AssertUnwindSafe(async move { run(lent).await }).catch_unwind().await;
            let done = done.unwrap_or_else(|_| Err(Error::internal("a write panicked")));
            let tenant = tx.tenant();
            let (Held::Sqlite(txn), after, alone) = tx.finish().await? else {
                return None;
            };
            let done = if alone { done } else { Err(super::outlived()) };
            let keep = done.is_ok();
            let tell = Box::new(move |committed: Result<()>| {
                if committed.is_ok() && keep {
                    wake.committed(tenant, after);
                }
                // A refusal stands, whatever became of the others' commit.
                let _ = answer.send(if keep { committed.and(done) } else { done });
            });
            Some((txn, keep, tell as Tell))
        })
    }

    fn refuse(self: Box<Self>, code: &'static str) {
        let _ = self.answer.send(Err(Error::Unavailable(code)));
    }
}

/// Waiting closures, one line per tenant, served in turns.
#[derive(Default)]
struct Lines {
    lines: HashMap<TenantId, VecDeque<Box<dyn Work>>>,
    turns: VecDeque<TenantId>,
}

impl Lines {
    fn push(&mut self, (tenant, work): (TenantId, Box<dyn Work>)) {
        let line = self.lines.entry(tenant).or_default();
        if line.len() >= LINE {
            return work.refuse("database_busy");
        }
        if line.is_empty() {
            self.turns.push_back(tenant);
        }
        line.push_back(work);
    }

    fn next(&mut self) -> Option<Box<dyn Work>> {
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

async fn serve(connection: DatabaseConnection, mut waiting: mpsc::Receiver<(TenantId, Box<dyn Work>)>) {
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
            let code = match Error::from(error) {
                Error::Unavailable(code) => code,
                _ => "database_unavailable",
            };
            while let Some(work) = lines.next() {
                work.refuse(code);
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
        let savepoint = match outer.begin().await {
            Ok(savepoint) => savepoint,
            Err(error) => {
                tracing::error!(%error, "a savepoint failed");
                work.refuse("database_unavailable");
                continue;
            }
        };
        let Some((savepoint, keep, tell)) = work.run(savepoint).await else {
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
async fn alone(outer: DatabaseTransaction, work: Box<dyn Work>) {
    let Some((outer, keep, tell)) = work.run(outer).await else {
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
