//! What a door hands in, and what is left of it once it is checked: normalized, bounded, in the tenant's words.

use platform::ids::new_id;
use platform::{Actor, Error, Id, Result, phone};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::custom;
use super::tags::checked_tags;
use crate::typed;

/// The source of a lead nobody named one for.
const MANUAL: &str = "manual";

/// What a table asks for where a phone is here already.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnRepeat {
    #[default]
    Skip,
    /// What the known lead lacks is filled in; nothing it has is replaced.
    Update,
    /// Somebody else of the same phone, usually of the family, becomes a lead of their own.
    Link,
}

#[derive(Debug, Clone, Default)]
pub struct NewLead {
    pub name: String,
    /// As typed; normalized here.
    pub phone: String,
    pub secondary_phone: Option<String>,
    pub course_id: Option<Id>,
    pub source: Option<String>,
    pub notes: String,
    pub tags: Vec<String>,
    pub custom: Map<String, Value>,
    /// Who gets it; only for those who may assign. None: a rep's is the rep's own, others are distributed.
    pub owner_id: Option<Id>,
    /// A phone that is here already is a relative's: another lead with the same number, not a repeated enquiry.
    pub family: bool,
    /// Asked of tables only: by hand and by API a repeated phone is a repeated enquiry.
    pub on_repeat: OnRepeat,
}

impl OnRepeat {
    pub const ALL: [OnRepeat; 3] = [Self::Skip, Self::Update, Self::Link];

    pub fn key(self) -> &'static str {
        match self {
            Self::Skip => "skip",
            Self::Update => "update",
            Self::Link => "link",
        }
    }

    pub fn read(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|choice| choice.key() == key)
    }
}

/// A lead fit to be stored.
pub(super) struct Checked {
    pub id: Id,
    pub name: String,
    pub phone: String,
    pub secondary_phone: Option<String>,
    pub course_id: Option<Id>,
    pub source: String,
    pub notes: String,
    pub tags: Vec<String>,
    pub custom: Map<String, Value>,
    pub owner_id: Option<Id>,
    pub family: bool,
    /// Which of those with the same phone this one is, for each of its phones.
    pub siblings: [i32; 2],
}

impl Checked {
    pub fn phones(&self) -> Vec<String> {
        let mut phones = vec![self.phone.clone()];
        phones.extend(self.secondary_phone.clone());
        phones
    }
}

/// Normalizes a phone for the actor's centre, or says what is wrong with it.
pub fn normalize_phone(field: &str, raw: &str, actor: &Actor) -> Result<String> {
    phone::normalize(raw, phone::country(&actor.tenant.country)).map_err(|e| Error::field(field, e.code()))
}

pub(super) fn checked(actor: &Actor, known_source: impl Fn(&str) -> bool, new: NewLead) -> Result<Checked> {
    let name = typed::line("name", &new.name, 200)?;
    if name.is_empty() {
        return Err(Error::field("name", "required"));
    }
    let phone = normalize_phone("phone", &new.phone, actor)?;
    let secondary = new.secondary_phone.filter(|raw| !raw.trim().is_empty());
    let secondary = secondary
        .map(|raw| normalize_phone("secondary_phone", &raw, actor))
        .transpose()?;
    let source = new.source.unwrap_or_else(|| MANUAL.into());
    if !known_source(&source) {
        return Err(Error::field("source", "unknown_source"));
    }
    Ok(Checked {
        id: new_id(),
        name,
        secondary_phone: secondary.filter(|second| *second != phone),
        phone,
        course_id: new.course_id,
        source,
        notes: typed::text("notes", &new.notes, 10_000)?,
        tags: checked_tags(&new.tags)?,
        custom: custom::tidy(new.custom),
        owner_id: new.owner_id,
        family: new.family,
        siblings: [0, 0],
    })
}
