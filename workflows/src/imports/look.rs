//! Looking at a file somebody hands us: what it is, what its columns seem to mean, how many rows it has. The whole
//! table is read once, so that a file that would stop an import half-way is refused at the door.

use std::io::Cursor;
use std::ops::ControlFlow;
use std::sync::Arc;

use platform::{Error, Result};

use super::Tables;
use super::sheet::Preview;

/// Of the sample, what a person is shown.
const SHOWN: usize = 10;

pub(super) struct Look {
    pub preview: Preview,
    pub total: i64,
}

pub(super) async fn look(tables: &Tables, bytes: Arc<[u8]>, sheet: Option<String>) -> Result<Look> {
    let _turn = tables.looking.acquire().await.map_err(Error::internal)?;
    let sheets = tables.sheets.clone();
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
