//! A table's rows as a stream of chunks: read on the blocking pool, never more than a few chunks ahead of whoever
//! takes them.

use std::io::Cursor;
use std::ops::ControlFlow;
use std::sync::Arc;

use tokio::sync::mpsc;

use super::sheet::{Row, SheetError, Sheets};

/// One commit's worth, and as many ids as one job carries.
pub(super) const CHUNK: usize = 500;
const AHEAD: usize = 2;

pub(super) struct Chunk {
    pub rows: Vec<Row>,
    /// The table ends with this one.
    pub last: bool,
}

/// The rows after the first `skip`. A stream that ends without a last chunk was cut off by a fault of ours.
pub(super) fn stream(
    sheets: Arc<dyn Sheets>,
    bytes: Arc<[u8]>,
    sheet: Option<String>,
    skip: usize,
) -> mpsc::Receiver<Result<Chunk, SheetError>> {
    let (give, take) = mpsc::channel(AHEAD);
    tokio::task::spawn_blocking(move || {
        let (mut seen, mut rows) = (0, Vec::with_capacity(CHUNK));
        let each = &mut |row: Row| {
            seen += 1;
            if seen <= skip {
                return ControlFlow::Continue(());
            }
            if rows.len() == CHUNK {
                let rows = std::mem::replace(&mut rows, Vec::with_capacity(CHUNK));
                if give.blocking_send(Ok(Chunk { rows, last: false })).is_err() {
                    return ControlFlow::Break(());
                }
            }
            rows.push(row);
            ControlFlow::Continue(())
        };
        let read = sheets.read(Box::new(Cursor::new(bytes)), sheet.as_deref(), each);
        // Whoever took the rows may be gone: then nobody misses the end.
        let _ = give.blocking_send(read.map(|()| Chunk { rows, last: true }));
    });
    take
}
