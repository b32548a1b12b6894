//! The tags of a centre put in order: how many leads each is on, another name, two made one, one given up. The leads
//! change as any change of many does: with progress, a list of what was refused, and an undo.

use std::collections::HashMap;

use platform::db::list;
use platform::idempotency::Key;
use platform::{Actor, App, Error, Id, Permit, Result, Tx, audit};
use sea_orm::{FromQueryResult, Value};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::bulk::{Change, Chosen, start_in};
use super::filter::Filter;
use super::tags::{LONGEST, Tag, name_in, tag_key, tag_token};
use crate::typed;

const PAGE: usize = 100;

#[derive(Debug, Clone, Serialize)]
pub struct Counted {
    pub key: String,
    pub name: String,
    /// Not in the trash.
    pub leads: i64,
}

#[derive(Debug, Serialize)]
pub struct Counts {
    pub items: Vec<Counted>,
    /// The key to go on after.
    pub next: Option<String>,
}

/// What became of a tag, and the change of the leads that had it: none where none had.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Retagged {
    pub name: Option<String>,
    pub change: Option<Id>,
}

/// The centre's tags by name, with how many leads each is on.
pub async fn tag_counts(app: &App, actor: &Actor, after: Option<String>) -> Result<Counts> {
    actor.may(Permit::Settings)?;
    let sql = format!(
        "SELECT key, name FROM tag WHERE tenant_id = $1 AND key > $2 ORDER BY key LIMIT {}",
        PAGE + 1
    );
    app.db
        .read(actor.tenant_id(), async move |tx: Tx| {
            let after = after.unwrap_or_default();
            let mut tags: Vec<Tag> = tx.all(&sql, vec![tx.tenant().0.into(), after.into()]).await?;
            let more = tags.len() > PAGE;
            tags.truncate(PAGE);
            let next = tags.last().filter(|_| more).map(|tag| tag.key.clone());
            let items = counted_in(&tx, tags).await?;
            Ok(Counts { items, next })
        })
        .await
}

pub async fn tag(app: &App, actor: &Actor, key: &str) -> Result<Counted> {
    actor.may(Permit::Settings)?;
    let key = key.to_owned();
    app.db
        .read(actor.tenant_id(), async move |tx: Tx| {
            let tag = known_in(&tx, &key).await?;
            counted_in(&tx, vec![tag]).await?.pop().ok_or(Error::NotFound)
        })
        .await
}

/// Another name, or another spelling of the same. A name another tag has already is refused: that is a merge.
pub async fn rename_tag(app: &App, actor: &Actor, key: &str, name: &str, once: Option<Key>) -> Result<Retagged> {
    actor.may(Permit::Settings)?;
    let to = typed::line("name", name, LONGEST)?;
    if to.is_empty() {
        return Err(Error::field("name", "required"));
    }
    let (author, key) = (actor.clone(), key.to_owned());
    app.once(actor, once, async move |tx: Tx| {
        let tag = known_in(&tx, &key).await?;
        let taken = tag_key(&to) != tag.key && find_in(&tx, &tag_key(&to)).await?.is_some();
        if taken {
            return Err(Error::field("name", "tag_taken"));
        }
        if to == tag.name {
            return Ok(Retagged {
                name: Some(to),
                change: None,
            });
        }
        become_in(&tx, &author, "tag.renamed", &tag, Some(&to)).await
    })
    .await
}

/// Leads of the one get the other instead.
pub async fn merge_tags(app: &App, actor: &Actor, key: &str, into: &str, once: Option<Key>) -> Result<Retagged> {
    actor.may(Permit::Settings)?;
    let (author, key, into) = (actor.clone(), key.to_owned(), tag_key(into));
    app.once(actor, once, async move |tx: Tx| {
        let tag = known_in(&tx, &key).await?;
        let into = find_in(&tx, &into).await?;
        let into = into.filter(|other| other.key != tag.key);
        let into = into.ok_or_else(|| Error::field("into", "unknown_tag"))?;
        become_in(&tx, &author, "tag.merged", &tag, Some(&into.name)).await
    })
    .await
}

/// Taken off every lead, and offered no more.
pub async fn drop_tag(app: &App, actor: &Actor, key: &str, once: Option<Key>) -> Result<Retagged> {
    actor.may(Permit::Settings)?;
    let (author, key) = (actor.clone(), key.to_owned());
    app.once(actor, once, async move |tx: Tx| {
        let tag = known_in(&tx, &key).await?;
        become_in(&tx, &author, "tag.dropped", &tag, None).await
    })
    .await
}

async fn become_in(tx: &Tx, actor: &Actor, action: &'static str, tag: &Tag, to: Option<&str>) -> Result<Retagged> {
    let sql = "DELETE FROM tag WHERE tenant_id = $1 AND key = $2";
    tx.run(sql, vec![tx.tenant().0.into(), tag.key.as_str().into()]).await?;
    if let Some(to) = to {
        name_in(tx, [to.to_owned()].iter()).await?;
    }
    let change = Change::Retag {
        from: tag.name.clone(),
        to: to.map(str::to_owned),
    };
    let filter = Filter {
        tag: Some(tag.name.clone()),
        ..Filter::default()
    };
    let change = match start_in(tx, actor, change, Chosen::Matching(Box::new(filter))).await {
        Ok(change) => Some(change),
        Err(Error::NotFound) => None,
        Err(error) => return Err(error),
    };
    let record = json!({"from": tag.name, "to": to});
    audit::record(tx, actor, action, "vocabulary", tx.tenant().0, record).await?;
    Ok(Retagged {
        name: to.map(str::to_owned),
        change,
    })
}

async fn find_in(tx: &Tx, key: &str) -> Result<Option<Tag>> {
    let sql = "SELECT key, name FROM tag WHERE tenant_id = $1 AND key = $2";
    tx.one(sql, vec![tx.tenant().0.into(), key.into()]).await
}

async fn known_in(tx: &Tx, key: &str) -> Result<Tag> {
    find_in(tx, key).await?.ok_or(Error::NotFound)
}

/// Counted along the index of what leads are found by; those in the trash are few and taken off again.
async fn counted_in(tx: &Tx, tags: Vec<Tag>) -> Result<Vec<Counted>> {
    #[derive(FromQueryResult)]
    struct Row {
        token: String,
        count: i64,
    }
    if tags.is_empty() {
        return Ok(Vec::new());
    }
    let mut values: Vec<Value> = vec![tx.tenant().0.into()];
    values.extend(tags.iter().map(|tag| Value::from(tag_token(&tag.key))));
    let tokens = list(2, tags.len());
    let all = format!(
        "SELECT t.token, COUNT(*) AS count FROM lead_token AS t WHERE t.tenant_id = $1 AND t.token IN ({tokens}) \
         GROUP BY t.token"
    );
    let gone = format!(
        "SELECT t.token, COUNT(*) AS count FROM lead AS l \
         JOIN lead_token AS t ON t.tenant_id = l.tenant_id AND t.lead_id = l.id \
         WHERE l.tenant_id = $1 AND l.deleted_at IS NOT NULL AND t.token IN ({tokens}) GROUP BY t.token"
    );
    let mut counts = HashMap::new();
    for (sql, sign) in [(all, 1), (gone, -1)] {
        for row in tx.all::<Row>(&sql, values.clone()).await? {
            *counts.entry(row.token).or_insert(0) += sign * row.count;
        }
    }
    let counted = |tag: Tag| Counted {
        leads: counts.get(&tag_token(&tag.key)).copied().unwrap_or_default(),
        key: tag.key,
        name: tag.name,
    };
    Ok(tags.into_iter().map(counted).collect())
}
