//! What a table may cost us, whatever its file claims.

use workflows::imports::sheet::Cell;

/// Of a file, and of everything inside it once inflated.
pub const BYTES: u64 = 64 << 20;
/// An old xls is held in memory; its format ends at 65,536 rows, which fit in far less.
pub const XLS_BYTES: u64 = 24 << 20;
pub const ENTRIES: usize = 1_000;
pub const ROWS: usize = 200_000;
/// Columns beyond are not read: nobody maps them, and stray cells far right are common.
pub const COLUMNS: usize = 64;
/// Longer text is cut, and the cell says so.
pub const CELL: usize = 2_000;
pub const STRINGS: usize = 1_000_000;

pub fn text(text: &str) -> Cell {
    let text = text.trim();
    match text.char_indices().nth(CELL) {
        Some((end, _)) => Cell {
            text: text[..end].to_owned(),
            float: None,
            cut: true,
        },
        None => Cell::text(text),
    }
}

/// Puts a cell into its column, with blanks before it.
pub fn place(cells: &mut Vec<Cell>, column: usize, cell: Cell) {
    if column >= COLUMNS {
        return;
    }
    if cells.len() <= column {
        cells.resize_with(column + 1, Cell::default);
    }
    cells[column] = cell;
}
