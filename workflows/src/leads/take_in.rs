//! Many leads in few statements: a chunk of a table. Each says for itself what becomes of it where its phone is here
//! already: nothing, an empty field filled, or a lead of its own beside the family's.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use platform::db::list;
use platform::fold::name_key;
use platform::{Actor, Error, Id, Permit, Result, Tx};
use sea_orm::{FromQueryResult, Value};

use super::capture::{Via, owner_of};
use super::custom;
use super::fill::{Filled, fill};
use super::new_lead::{Checked, NewLead, OnRepeat, checked};
use super::repeat::bring_back;
use super::status::Registry;
use super::store::store;

#[derive(Debug, Clone)]
pub enum Taken {
    New {
        id: Id,
    },
    /// A lead of its own beside the one that has the phone.
    Linked {
        id: Id,
    },
    /// The lead that was here, with what it lacked.
    Filled(Filled),
    /// The lead that was here, as it was.
    Known {
        id: Id,
    },
}

/// Somebody who has a phone.
#[derive(Debug, Clone, FromQueryResult)]
pub(crate) struct Member {
    pub e164: String,
    pub sibling: i32,
    pub id: Id,
    pub owner_id: Option<Id>,
    pub name: String,
    pub deleted_at: Option<DateTime<Utc>>,
}

pub(crate) type Families = HashMap<String, Vec<Member>>;

/// Each answer stands at its lead's place; refused leads carry their error, the rest are stored.
pub async fn capture_all_in(
    tx: &Tx,
    actor: &Actor,
    registry: &Registry,
    new: Vec<NewLead>,
    via: Via,
) -> Result<Vec<Result<Taken>>> {
    let wishes: Vec<OnRepeat> = new.iter().map(|lead| lead.on_repeat).collect();
    let checked: Vec<Result<Checked>> = new
        .into_iter()
        .map(|lead| {
            custom::check(&registry.custom_fields, &lead.custom)?;
            checked(actor, |key| registry.has_source(key), lead)
        })
        .collect();
    let phones: Vec<String> = checked.iter().flatten().flat_map(Checked::phones).collect();
    let mut families = families(tx, &phones).await?;
    let (mut owners, mut back) = (HashMap::<Option<Id>, Option<Id>>::new(), BTreeSet::new());
    let (mut answers, mut fresh, mut fills) = (Vec::with_capacity(checked.len()), Vec::new(), Vec::new());
    for (lead, wish) in checked.into_iter().zip(wishes) {
        let mut lead = match lead {
            Ok(lead) => lead,
            Err(error) => {
                answers.push(Err(error));
                continue;
            }
        };
        let key = name_key(&lead.name);
        let known = holder(&families, &lead, &key);
        if let Some((holder, same)) = &known {
            if holder.deleted_at.is_some() && (*same || wish != OnRepeat::Link) {
                back.insert(holder.id);
            }
            let sees = actor.can(Permit::LeadsAll) || (actor.user.is_some() && holder.owner_id == actor.user);
            match wish {
                OnRepeat::Link if sees && !same => lead.siblings = next_places(&families, &lead),
                OnRepeat::Update if sees => {
                    fills.push((answers.len(), holder.id, lead));
                    answers.push(Ok(Taken::Known { id: holder.id }));
                    continue;
                }
                // The same name again is the same person: a table with families may come twice.
                _ => {
                    answers.push(Ok(Taken::Known { id: holder.id }));
                    continue;
                }
            }
        }
        let owner = match owners.get(&lead.owner_id) {
            Some(owner) => *owner,
            None => {
                let owner = match owner_of(tx, actor, lead.owner_id).await {
                    // Whoever a table was meant for may have left since: its leads are shared out.
                    Err(Error::Invalid(_)) => None,
                    found => still_here(tx, found?).await?,
                };
                owners.insert(lead.owner_id, owner);
                owner
            }
        };
        for (e164, sibling) in lead.phones().into_iter().zip(lead.siblings) {
            families.entry(e164.clone()).or_default().push(Member {
                e164,
                sibling,
                id: lead.id,
                owner_id: owner,
                name: lead.name.clone(),
                deleted_at: None,
            });
        }
        answers.push(Ok(match known {
            Some(_) => Taken::Linked { id: lead.id },
            None => Taken::New { id: lead.id },
        }));
        fresh.push((lead, owner));
    }
    store(tx, actor, &registry.of_kind("new")?.key, fresh, via).await?;
    // Whoever is in the trash and comes in again comes back.
    for id in back {
        bring_back(tx, actor, id).await?;
    }
    for (at, filled) in fill(tx, actor, &families, fills, via).await? {
        answers[at] = Ok(Taken::Filled(filled));
    }
    Ok(answers)
}

/// Somebody who leaves while their table comes in gets no more of it; one who is about to waits for this chunk, so that
/// it is handed over with the rest.
async fn still_here(tx: &Tx, owner: Option<Id>) -> Result<Option<Id>> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Id,
    }
    let Some(owner) = owner else { return Ok(None) };
    let lock = if tx.is_postgres() { " FOR SHARE" } else { "" };
    let sql = format!("SELECT id FROM app_user WHERE tenant_id = $1 AND id = $2 AND active{lock}");
    let row: Option<Row> = tx.one(&sql, vec![tx.tenant().0.into(), owner.into()]).await?;
    Ok(row.map(|row| row.id))
}

/// Everybody who has one of the phones.
pub(crate) async fn families(tx: &Tx, phones: &[String]) -> Result<Families> {
    let mut families = Families::new();
    for chunk in phones.chunks(900) {
        let mut values: Vec<Value> = vec![tx.tenant().0.into()];
        values.extend(chunk.iter().map(|phone| Value::from(phone.as_str())));
        let sql = format!(
            "SELECT p.e164, p.sibling, l.id, l.owner_id, l.name, l.deleted_at FROM lead_phone AS p \
             JOIN lead AS l ON l.tenant_id = p.tenant_id AND l.id = p.lead_id \
             WHERE p.tenant_id = $1 AND p.e164 IN ({}) ORDER BY p.e164, p.sibling",
            list(2, chunk.len())
        );
        let rows: Vec<Member> = tx.all(&sql, values).await?;
        for row in rows {
            families.entry(row.e164.clone()).or_default().push(row);
        }
    }
    Ok(families)
}

/// Who has one of the lead's phones: one of the same name before the first of them, and whether it is of that name.
fn holder(families: &Families, lead: &Checked, key: &str) -> Option<(Member, bool)> {
    let phones = lead.phones();
    let members = || phones.iter().filter_map(|phone| families.get(phone)).flatten();
    let same = members().find(|member| name_key(&member.name) == key);
    let first = || members().min_by_key(|member| member.sibling);
    Some((same.or_else(first)?.clone(), same.is_some()))
}

fn next_places(families: &Families, lead: &Checked) -> [i32; 2] {
    let next = |phone: &String| {
        let taken = families.get(phone).into_iter().flatten().map(|member| member.sibling);
        taken.max().map_or(0, |last| last + 1)
    };
    [next(&lead.phone), lead.secondary_phone.as_ref().map_or(0, next)]
}
