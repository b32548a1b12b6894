//! Reading a table of 100,000 leads: the library's cells reader alone, ours with its checks, and
//! ours with every phone normalized.

use std::hint::black_box;
use std::io::Cursor;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use platform::phone::Country::UZ;
use plugins::sheets::Sheets;
use support::sheets::{cells_alone, leads_xlsx};
use workflows::imports::sheet::SheetReader;

use crate::report::{Measure, Target, row};

const ROWS: u32 = 100_000;
const ROUNDS: usize = 5;

pub fn run() {
    let bytes = leads_xlsx(ROWS);
    let (limit, cells) = best(|| cells_alone(&bytes));
    let (ours, rows) = best(|| read(&bytes, false));
    let (phones, found) = best(|| read(&bytes, true));
    assert_eq!(
        (cells, rows, found),
        (5 * (ROWS as usize + 1), ROWS as usize, ROWS as usize)
    );
    row(
        "reading 100,000 rows, with checks / cells alone",
        ours,
        Some(limit),
        Target::None,
    );
    row(
        "reading 100,000 rows, and phones / cells alone",
        phones,
        Some(limit),
        Target::None,
    );
}

fn read(bytes: &[u8], phones: bool) -> usize {
    let mut count = 0;
    let file = Box::new(Cursor::new(bytes.to_vec()));
    let each = &mut |row: workflows::imports::sheet::Row| {
        count += usize::from(!phones || row.cells[1].phone(UZ).is_ok());
        black_box(row);
        ControlFlow::Continue(())
    };
    Sheets.read(file, None, each).expect("a good table");
    count
}

fn best(run: impl Fn() -> usize) -> (Measure, usize) {
    let timed = |_| {
        let start = Instant::now();
        let result = black_box(run());
        (start.elapsed(), result)
    };
    let (time, result): (Duration, usize) = (0..ROUNDS).map(timed).min().expect("a round");
    (Measure::Took(time.as_secs_f64()), result)
}
