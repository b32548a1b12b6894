//! Before a table goes in: which of its rows have a number that is here already, or stood higher up, so that a person
//! can decide on each.

use std::collections::HashMap;
use std::sync::Arc;

use platform::fold::name_key;
use platform::{Actor, Error, Id, Permit, Result, Tx};
use serde::Serialize;

use super::import::Import;
use super::recognize::{Given, Recognizer};
use super::sheet::{Mapping, Row};
use super::stream::{Chunk, stream};
use super::upload::stored;
use crate::leads::{NewLead, families, registry_in};
use crate::ports::Desk;

/// Of the repeated rows, how many a person is shown to decide on.
const SHOWN: usize = 100;

#[derive(Debug, Default, Serialize)]
pub struct Repeats {
    pub total: i64,
    pub rows: Vec<Repeat>,
}

#[derive(Debug, Serialize)]
pub struct Repeat {
    /// What stands beside the row in a spreadsheet program.
    pub row: i64,
    pub name: String,
    pub phone: String,
    /// The lead that is here, for who may see it: with its name.
    pub known: Option<(Id, String)>,
    /// The row of the same file that has the number too.
    pub earlier: Option<i64>,
    /// The same name too: the same person, who never becomes a second lead.
    pub same: bool,
}

/// The repeated rows of a stored table under these columns. Reads all of it.
pub async fn repeats(desk: &Desk, actor: &Actor, id: Id, mapping: &Mapping) -> Result<Repeats> {
    actor.may(Permit::ImportsCreate)?;
    let (import, bytes) = stored(desk, actor, id).await?;
    mapping.resolve(&import.header())?;
    let import = Import {
        mapping: serde_json::to_value(mapping)?,
        ..import
    };
    let (author, about) = (actor.clone(), import.clone());
    let recognizer = desk
        .app
        .db
        .read(actor.tenant_id(), async move |tx: Tx| {
            let registry = registry_in(&tx).await?;
            Recognizer::new(&tx, &author, &registry, Given::from(&about)).await
        })
        .await?;
    let _turn = desk.sheets.looking.acquire().await.map_err(Error::internal)?;
    let mut chunks = stream(desk.sheets.sheets.clone(), bytes, import.sheet.clone(), 0);
    let (mut found, mut seen) = (Repeats::default(), HashMap::new());
    while let Some(chunk) = chunks.recv().await {
        let Chunk { rows, last } = chunk?;
        look_at(desk, actor, &recognizer, &rows, &mut seen, &mut found).await?;
        if last {
            return Ok(found);
        }
    }
    Err(Error::internal("the reading of a table broke off"))
}

/// Phones of the file so far, each with the row and the name it first stood with.
type Seen = HashMap<Arc<str>, (i64, Arc<str>)>;

async fn look_at(
    desk: &Desk,
    actor: &Actor,
    recognizer: &Recognizer,
    rows: &[Row],
    seen: &mut Seen,
    found: &mut Repeats,
) -> Result<()> {
    let leads: Vec<(i64, NewLead)> = rows
        .iter()
        .filter_map(|row| Some((i64::from(row.number), recognizer.lead(row).ok()?)))
        .collect();
    let phones: Vec<String> = leads.iter().flat_map(|(_, lead)| phones_of(lead)).collect();
    let known = desk
        .app
        .db
        .read(actor.tenant_id(), async move |tx: Tx| families(&tx, &phones).await)
        .await?;
    for (row, lead) in leads {
        let (phones, key) = (phones_of(&lead), name_key(&lead.name));
        let members = || phones.iter().filter_map(|phone| known.get(phone)).flatten();
        let named = members().find(|member| name_key(&member.name) == key);
        let holder = named.or_else(|| members().next());
        let earlier = phones.iter().find_map(|phone| seen.get(phone.as_str())).cloned();
        let name: Arc<str> = key.as_str().into();
        for phone in &phones {
            seen.entry(phone.as_str().into()).or_insert_with(|| (row, name.clone()));
        }
        if holder.is_none() && earlier.is_none() {
            continue;
        }
        found.total += 1;
        if found.rows.len() < SHOWN {
            let sees = |owner| actor.can(Permit::LeadsAll) || (actor.user.is_some() && owner == actor.user);
            found.rows.push(Repeat {
                row,
                same: named.is_some() || earlier.as_ref().is_some_and(|(_, first)| *first == name),
                known: holder.filter(|m| sees(m.owner_id)).map(|m| (m.id, m.name.clone())),
                earlier: earlier.map(|(row, _)| row),
                name: lead.name,
                phone: lead.phone,
            });
        }
    }
    Ok(())
}

fn phones_of(lead: &NewLead) -> Vec<String> {
    let mut phones = vec![lead.phone.clone()];
    phones.extend(lead.secondary_phone.clone());
    phones
}
