//! The reader of tables with its turns: an open table takes a core and memory, so few are open at once.

use std::sync::Arc;

use tokio::sync::Semaphore;

use super::sheet::Sheets;
use crate::exports::table;

/// People wait for the one, jobs come back for the other: a running import keeps nobody from looking at a file.
const AT_ONCE: usize = 2;

pub struct Tables {
    pub(super) sheets: Arc<dyn Sheets>,
    pub(super) looking: Semaphore,
    pub(super) running: Semaphore,
}

impl Tables {
    pub fn new(sheets: impl Sheets + 'static) -> Arc<Self> {
        Arc::new(Tables {
            sheets: Arc::new(sheets),
            looking: Semaphore::new(AT_ONCE),
            running: Semaphore::new(AT_ONCE),
        })
    }

    /// A table to be written and handed out.
    pub fn begin(&self, format: table::Format) -> std::io::Result<Box<dyn table::Table>> {
        self.sheets.table(format)
    }
}
