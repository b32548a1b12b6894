//! Looking at a file somebody hands us: what it is, what its columns seem to mean, how many rows it has. The whole
//! table is read once, so that a file that would stop an import half-way is refused at the door.

use std::io::Cursor;
use std::ops::ControlFlow;
use std::sync::Arc;

use platform::{Error, Result};
use tokio::sync::Semaphore;

use super::sheet::{Preview, Sheets};

/// Of the sample, what a person is shown.
const SHOWN: usize = 10;

/// Reading takes a core and memory: two at once, apart from the running imports so that nobody waits for those.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

pub(super) struct Look {
    pub preview: Preview,
    pub total: i64,
}

pub(super) async fn look(sheets: Arc<dyn Sheets>, bytes: Arc<[u8]>, sheet: Option<String>) -> Result<Look> {
    let _turn = AT_ONCE.acquire().await.map_err(Error::internal)?;
    let read = move || {
        let mut preview = sheets.preview(Box::new(Cursor::new(bytes.clone())), sheet.as_deref())?;
        preview.sample.truncate(SHOWN);
        let mut total = 0;
        let count = &mut |_| {
            total += 1;
            ControlFlow::Continue(())
        };
        sheets.read(Box::new(Cursor::new(bytes)), Some(&preview.sheet), count)?;
        Ok(Look { preview, total })
    };
    tokio::task::spawn_blocking(read).await.map_err(Error::internal)?
}
