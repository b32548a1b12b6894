//! Many rows in few statements, within the engines' parameter limits.

use sea_orm::Value;

use super::tx::Tx;
use crate::error::Result;

/// `$from, $from+1, …` for an IN list.
pub fn list(from: usize, count: usize) -> String {
    (from..from + count)
        .map(|n| format!("${n}"))
        .collect::<Vec<_>>()
        .join(", ")
}

/// More rows in one statement gain nothing: what is left is the engine's own work.
const MOST: usize = 128;

/// Inserts rows of equal width in few statements; `tail` is what follows the values (`ON CONFLICT …`). Returns the
/// number of rows inserted.
///
/// Statements come in sizes that are powers of two, so that few of them are ever prepared and each stays prepared.
/// On SQLite their places have no names: it looks a name up among all the others, which takes longer than the insert.
pub async fn insert(tx: &Tx, table: &str, columns: &str, rows: Vec<Vec<Value>>, tail: &str) -> Result<u64> {
    let width = rows.first().map_or(1, Vec::len);
    let mut done = 0;
    let mut rows = rows.into_iter();
    while rows.len() > 0 {
        let count = 1 << rows.len().min(MOST).ilog2();
        let places: Vec<String> = (0..count)
            .map(|row| {
                if tx.is_postgres() {
                    format!("({})", list(row * width + 1, width))
                } else {
                    format!("({})", vec!["?"; width].join(", "))
                }
            })
            .collect();
        let sql = format!("INSERT INTO {table} ({columns}) VALUES {} {tail}", places.join(", "));
        done += tx.run(&sql, rows.by_ref().take(count).flatten().collect()).await?;
    }
    Ok(done)
}
