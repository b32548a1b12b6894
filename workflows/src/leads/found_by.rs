//! Everything a lead is found by, as rows of one table: the words of its name, its phones, its tags and its centre's
//! own fields. No word of a name begins with the mark of a tag or of a field, so each is a search of its own.

use platform::db::{insert, list};
use platform::fold::tokens;
use platform::{Id, Result, Tx};
use sea_orm::Value;
use serde_json::Map;

use super::custom;
use super::tags::tag_token;

pub(super) fn lead_tokens<'a>(
    name: &str,
    phones: impl IntoIterator<Item = &'a str>,
    tags: &[String],
    custom: &Map<String, serde_json::Value>,
) -> Vec<String> {
    let mut found = tokens(name, phones);
    found.extend(tags.iter().map(|tag| tag_token(tag)));
    found.extend(custom::tokens(custom));
    found.sort_unstable();
    found.dedup();
    found
}

/// A lead is found by the new tokens and no longer by those of the old that are not among them.
pub(super) async fn refile_in(tx: &Tx, lead: Id, old: &[String], new: &[String]) -> Result<()> {
    let tenant = tx.tenant();
    let gone: Vec<&String> = old.iter().filter(|token| !new.contains(token)).collect();
    for chunk in gone.chunks(500) {
        let mut values: Vec<Value> = vec![tenant.0.into(), lead.into()];
        values.extend(chunk.iter().map(|token| Value::from(token.as_str())));
        let sql = format!(
            "DELETE FROM lead_token WHERE tenant_id = $1 AND lead_id = $2 AND token IN ({})",
            list(3, chunk.len())
        );
        tx.run(&sql, values).await?;
    }
    let come = new.iter().filter(|token| !old.contains(token));
    let rows = come.map(|token| vec![tenant.0.into(), token.as_str().into(), lead.into()]);
    file_in(tx, rows.collect()).await
}

/// Rows of tenant, token and lead; those that are there already stay.
pub(super) async fn file_in(tx: &Tx, rows: Vec<Vec<Value>>) -> Result<()> {
    let columns = "tenant_id, token, lead_id";
    insert(tx, "lead_token", columns, rows, "ON CONFLICT DO NOTHING").await?;
    Ok(())
}
