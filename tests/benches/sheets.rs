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

const ROWS: u32 = 100_000;
const ROUNDS: usize = 5;

fn main() {
    let bytes = leads_xlsx(ROWS);
    let (limit, cells) = best(|| cells_alone(&bytes));
    let (ours, rows) = best(|| read(&bytes, false));
    let (phones, found) = best(|| read(&bytes, true));
    assert_eq!(
        (cells, rows, found),
        (5 * (ROWS as usize + 1), ROWS as usize, ROWS as usize)
    );
    println!("reading {ROWS} rows ({} KB)", bytes.len() / 1024);
    println!("  cells reader alone   {limit:>10.1?}");
    println!("  ours, with checks    {ours:>10.1?}  {:.2}x", ratio(ours, limit));
    println!("  and phones           {phones:>10.1?}  {:.2}x", ratio(phones, limit));
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

fn best(run: impl Fn() -> usize) -> (Duration, usize) {
    let timed = |_| {
        let start = Instant::now();
        let result = black_box(run());
        (start.elapsed(), result)
    };
    (0..ROUNDS).map(timed).min().expect("a round")
}

fn ratio(ours: Duration, limit: Duration) -> f64 {
    ours.as_secs_f64() / limit.as_secs_f64()
}
