//! Tags: words a centre sticks on leads. A tag is found as a search token no name can have, so filtering by one costs
//! what a search costs; `VIP` and `vip` are one tag, spelled as it was first.

use std::collections::BTreeMap;

use platform::db::insert;
use platform::fold::name_key;
use platform::{Actor, App, Error, Id, Permit, Result, Tx};
use sea_orm::FromQueryResult;
use serde::Serialize;

use super::found_by::refile_in;
use super::lead::Lead;
use crate::typed;

const MOST: usize = 50;
pub(super) const LONGEST: usize = 60;
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
    for tag in typed {
        let tag = typed::line("tags", tag, LONGEST)?;
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

/// A lead's tags changed: finds it by the new ones, and remembers words never used before.
pub(crate) async fn retag_in(tx: &Tx, lead: Id, before: &[String], after: &[String]) -> Result<()> {
    let found = |tags: &[String]| tags.iter().map(|tag| tag_token(tag)).collect::<Vec<_>>();
    refile_in(tx, lead, &found(before), &found(after)).await?;
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
