//! Tags: words a centre sticks on leads. A tag is found as a search token no name can have, so filtering by one costs
//! what a search costs; `VIP` and `vip` are one tag, spelled as it was first.

use std::collections::BTreeMap;

use platform::db::{insert, list};
use platform::fold::{clean_line, name_key, tokens};
use platform::{Actor, App, Error, Id, Permit, Result, Tx};
use sea_orm::{FromQueryResult, Value};
use serde::Serialize;

use super::lead::Lead;

const MOST: usize = 50;
const LONGEST: usize = 60;
/// Tags offered in lists to choose from.
const SHOWN: usize = 300;

#[derive(Debug, Clone, FromQueryResult, Serialize)]
pub struct Tag {
    pub key: String,
    pub name: String,
}

/// The centre's tags, by name.
pub async fn tags(app: &App, actor: &Actor) -> Result<Vec<Tag>> {
    if !actor.can(Permit::LeadsAll) {
        actor.may(Permit::LeadsOwn)?;
    }
    let sql = format!("SELECT key, name FROM tag WHERE tenant_id = $1 ORDER BY key LIMIT {SHOWN}");
    app.db
        .glance(actor.tenant_id(), async move |tx: Tx| {
            tx.all(&sql, vec![tx.tenant().0.into()]).await
        })
        .await
}

/// What people typed, as it is stored: cleaned, each tag once.
pub(super) fn checked_tags(typed: &[String]) -> Result<Vec<String>> {
    if typed.len() > MOST {
        return Err(Error::field("tags", "too_many").with("max", MOST as u64));
    }
    let mut kept: Vec<String> = Vec::new();
    for tag in typed.iter().map(|tag| clean_line(tag, LONGEST)) {
        if !tag.is_empty() && !kept.iter().any(|known| tag_key(known) == tag_key(&tag)) {
            kept.push(tag);
        }
    }
    Ok(kept)
}

/// What makes two spellings one tag.
pub fn tag_key(tag: &str) -> String {
    let key = name_key(tag);
    if key.is_empty() { tag.trim().to_lowercase() } else { key }
}

/// The search token of a tag: no word of a name begins with `#`.
pub(super) fn tag_token(tag: &str) -> String {
    format!("#{}", tag_key(tag))
}

pub(crate) fn of(lead: &Lead) -> Vec<String> {
    serde_json::from_value(lead.tags.clone()).unwrap_or_default()
}

/// Everything a lead is found by.
pub(super) fn lead_tokens<'a>(name: &str, phones: impl IntoIterator<Item = &'a str>, tags: &[String]) -> Vec<String> {
    let mut found = tokens(name, phones);
    found.extend(tags.iter().map(|tag| tag_token(tag)));
    found.sort_unstable();
    found.dedup();
    found
}

/// A lead's tags changed: finds it by the new ones, and remembers words never used before.
pub(crate) async fn retag_in(tx: &Tx, lead: Id, before: &[String], after: &[String]) -> Result<()> {
    let tenant = tx.tenant();
    let (old, new): (Vec<String>, Vec<String>) = (
        before.iter().map(|tag| tag_token(tag)).collect(),
        after.iter().map(|tag| tag_token(tag)).collect(),
    );
    let gone: Vec<&String> = old.iter().filter(|token| !new.contains(token)).collect();
    if !gone.is_empty() {
        let mut values: Vec<Value> = vec![tenant.0.into(), lead.into()];
        values.extend(gone.iter().map(|token| Value::from(token.as_str())));
        let sql = format!(
            "DELETE FROM lead_token WHERE tenant_id = $1 AND lead_id = $2 AND token IN ({})",
            list(3, gone.len())
        );
        tx.run(&sql, values).await?;
    }
    let come = new.iter().filter(|token| !old.contains(token));
    let rows = come
        .map(|token| vec![tenant.0.into(), token.as_str().into(), lead.into()])
        .collect();
    let columns = "tenant_id, token, lead_id";
    insert(tx, "lead_token", columns, rows, "ON CONFLICT DO NOTHING").await?;
    name_in(tx, after.iter().filter(|tag| !before.contains(tag))).await
}

/// Remembers tags' spellings; a known one keeps its own.
pub(super) async fn name_in(tx: &Tx, tags: impl Iterator<Item = &String>) -> Result<()> {
    let named: BTreeMap<String, &String> = tags.map(|tag| (tag_key(tag), tag)).collect();
    let rows = named
        .into_iter()
        .map(|(key, name)| vec![tx.tenant().0.into(), key.into(), name.as_str().into(), tx.now().into()])
        .collect();
    insert(
        tx,
        "tag",
        "tenant_id, key, name, created_at",
        rows,
        "ON CONFLICT DO NOTHING",
    )
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_tag_however_it_is_spelled() {
        assert_eq!(tag_token("Oʻrta  daraja"), tag_token("o'rta daraja"));
        assert_eq!(tag_token("ВИП"), tag_token("vip"));
        assert_eq!(tag_token("🔥"), "#🔥");
        let typed = [" VIP ", "vip", "", "B1"].map(str::to_owned);
        assert_eq!(checked_tags(&typed).unwrap(), ["VIP", "B1"]);
        assert!(checked_tags(&vec!["x".to_owned(); 51]).is_err());
    }
}
