//! Tables as people send them: written by real programs, in every format, and every real lead found.

#![allow(clippy::unwrap_used)]

mod compound;
mod hostile;
mod real;
mod texts;

use std::io::Cursor;

use plugins::sheets::{Workbook, open};
use workflows::imports::sheet::{Row, SheetError, SheetFile};

fn file(bytes: impl Into<Vec<u8>>) -> Box<dyn SheetFile> {
    Box::new(Cursor::new(bytes.into()))
}

fn book(bytes: impl Into<Vec<u8>>) -> Workbook {
    open(file(bytes)).unwrap()
}

fn data(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/../tests/data/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn rows(bytes: impl Into<Vec<u8>>) -> Result<Vec<Row>, SheetError> {
    open(file(bytes))?.rows(None)?.collect()
}

fn texts(row: &Row) -> Vec<&str> {
    row.cells.iter().map(|cell| cell.text.as_str()).collect()
}
