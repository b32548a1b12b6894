//! A day's follow-ups for paper: all of them at once up to a bound, each with the last words written about its lead.

use std::collections::HashMap;

use platform::fold::clean_line;
use platform::{Actor, App, Id, Result, Tx};
use sea_orm::{FromQueryResult, Value};

use super::list::{Filter, Item, earliest, matching};

/// More than anybody calls in a day; the earliest of them. Whoever has more prints rep by rep.
const MOST: u64 = 500;
/// Of a lead's last words, as much as a row of a table holds.
const WORDS: usize = 120;
/// How far back among a lead's events its last words are looked for.
const LATEST: i64 = 8;

pub struct Sheet {
    pub items: Vec<Item>,
    /// By lead.
    pub notes: HashMap<Id, String>,
    /// How many more there are than the sheet takes.
    pub left_out: i64,
}

pub async fn sheet(app: &App, actor: &Actor, filter: Filter) -> Result<Sheet> {
    let items = earliest(app, actor, &filter, MOST).await?;
    let left_out = if items.len() as u64 == MOST {
        matching(app, actor, filter).await? - MOST as i64
    } else {
        0
    };
    let mut leads: Vec<Id> = items.iter().map(|item| item.lead_id).collect();
    leads.sort_unstable();
    leads.dedup();
    let notes = app
        .db
        .read(actor.tenant_id(), async move |tx: Tx| last_words(&tx, &leads).await)
        .await?;
    Ok(Sheet { items, notes, left_out })
}

/// The newest note of each lead that has one, whatever it was written with; else the lead's own notes.
async fn last_words(tx: &Tx, leads: &[Id]) -> Result<HashMap<Id, String>> {
    #[derive(FromQueryResult)]
    struct Said {
        lead_id: Id,
        payload: serde_json::Value,
    }
    #[derive(FromQueryResult)]
    struct Kept {
        id: Id,
        notes: String,
    }
    if leads.is_empty() {
        return Ok(HashMap::new());
    }
    let values = || -> Vec<Value> {
        let ids = leads.iter().map(|id| Value::from(*id));
        std::iter::once(tx.tenant().0.into()).chain(ids).collect()
    };
    let ids = platform::db::list(2, leads.len());
    let kept = format!(
        "SELECT l.id, l.notes FROM lead AS l WHERE l.tenant_id = $1 AND l.id IN ({ids}) AND l.deleted_at IS NULL \
         AND l.notes <> ''"
    );
    let kept: Vec<Kept> = tx.all(&kept, values()).await?;
    let said = format!(
        "SELECT s.lead_id, s.payload FROM (SELECT e.id, e.lead_id, e.payload, \
         ROW_NUMBER() OVER (PARTITION BY e.lead_id ORDER BY e.id DESC) AS at FROM event AS e \
         WHERE e.tenant_id = $1 AND e.lead_id IN ({ids}) \
         AND e.kind IN ('lead.noted', 'lead.called', 'lead.status_changed', 'follow_up.completed')) AS s \
         WHERE s.at <= {LATEST} ORDER BY s.id"
    );
    let said: Vec<Said> = tx.all(&said, values()).await?;
    let mut words: HashMap<Id, String> = kept
        .into_iter()
        .map(|lead| (lead.id, clean_line(&lead.notes, WORDS)))
        .collect();
    for said in said {
        // A note's own text; of a finished follow-up `text` is what was to be done, its note what came of it.
        let note = said.payload["note"].as_str();
        let text = said
            .payload
            .get("follow_up_id")
            .is_none()
            .then(|| said.payload["text"].as_str());
        if let Some(text) = note.or(text.flatten()).filter(|text| !text.is_empty()) {
            words.insert(said.lead_id, clean_line(text, WORDS));
        }
    }
    Ok(words)
}
