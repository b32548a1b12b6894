//! Leads written before tags and the centre's own fields were looked for are found by them too: once, after the
//! migration that asked for it, a chunk a commit.

use platform::jobs::{Job, finish_in, hold_in};
use platform::{Id, Result, Tx};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect, Value};

use super::custom;
use super::found_by::file_in;
use super::lead::{Lead, entity, every};
use super::tags::{self, name_in, tag_token};
use crate::ports::Desk;

const CHUNK: usize = 500;

pub async fn refile(desk: &Desk, job: &Job) -> Result<()> {
    let mut after = None;
    loop {
        let (tenant, job) = (job.tenant, job.clone());
        let step = async move |tx: Tx| {
            let last = chunk_in(&tx, after).await?;
            match last {
                Some(_) => hold_in(&tx, &job).await?,
                None => finish_in(&tx, &job).await?,
            }
            Ok(last)
        };
        after = desk.app.db.write(tenant, step).await?;
        if after.is_none() {
            return Ok(());
        }
    }
}

/// The next leads, those in the trash among them: they may come back. None after the last.
async fn chunk_in(tx: &Tx, after: Option<Id>) -> Result<Option<Id>> {
    let mut query = every(tx.tenant());
    if let Some(after) = after {
        query = query.filter(entity::Column::Id.gt(after));
    }
    if tx.is_postgres() {
        query = query.lock_exclusive();
    }
    let query = query.order_by_asc(entity::Column::Id).limit(CHUNK as u64);
    let leads: Vec<Lead> = query.all(tx).await?;
    let mut rows: Vec<Vec<Value>> = Vec::new();
    let mut words = Vec::new();
    for lead in &leads {
        let tags = tags::of(lead);
        let found = tags.iter().map(|tag| tag_token(tag)).chain(custom::tokens_of(lead));
        rows.extend(found.map(|token| vec![lead.tenant_id.into(), token.into(), lead.id.into()]));
        words.extend(tags);
    }
    file_in(tx, rows).await?;
    name_in(tx, words.iter()).await?;
    Ok(leads.last().filter(|_| leads.len() == CHUNK).map(|lead| lead.id))
}
