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

/// Inserts rows of equal width in as few statements as the engines' parameter limits allow; `tail` is what follows
/// the values (`ON CONFLICT …`). Returns the number of rows inserted.
pub async fn insert(tx: &Tx, table: &str, columns: &str, rows: Vec<Vec<Value>>, tail: &str) -> Result<u64> {
    let width = rows.first().map_or(1, Vec::len).max(1);
    let per_statement = (30_000 / width).clamp(1, 500);
    let mut done = 0;
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let chunk: Vec<Vec<Value>> = rows.by_ref().take(per_statement).collect();
        let places: Vec<String> = (0..chunk.len())
            .map(|row| format!("({})", list(row * width + 1, width)))
            .collect();
        let sql = format!("INSERT INTO {table} ({columns}) VALUES {} {tail}", places.join(", "));
        done += tx.run(&sql, chunk.into_iter().flatten().collect()).await?;
    }
    Ok(done)
}
