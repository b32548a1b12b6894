//! Which leads: the same words whether a list is asked for, the board, a change of many or a file.

use chrono::{DateTime, Utc};
use platform::{Error, Id};
use poem_openapi::{Enum, Object};
use serde::{Deserialize, Serialize};
use workflows::leads::{self, Filter, Sort, asks};

use crate::security::Caller;

/// As the parameters of the list.
#[derive(Default, Object, Deserialize, Serialize)]
#[oai(default)]
#[serde(default)]
pub struct LeadFilter {
    /// Words of the name, a phone, or its last four digits.
    pub q: Option<String>,
    pub status: Option<String>,
    pub source: Option<String>,
    pub owner_id: Option<Id>,
    pub course_id: Option<Id>,
    /// One of `/tags`, in any spelling.
    pub tag: Option<String>,
    /// Created at or after.
    pub from: Option<DateTime<Utc>>,
    /// Created before.
    pub to: Option<DateTime<Utc>>,
    /// Only leads that wait for an owner.
    pub waiting: Option<bool>,
    /// Of the center's own fields: `level:is:b1`, `city:begins:Tosh`, `budget:from:500000`, `visit:to:2026-09-01`.
    pub custom: Option<Vec<String>>,
    /// `newest` when absent.
    pub sort: Option<Order>,
}

#[derive(Enum, Clone, Copy, Deserialize, Serialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Order {
    Newest,
    Oldest,
    Name,
    /// Last changed first.
    Changed,
}

impl LeadFilter {
    /// Conditions on the center's own fields are read in their kinds.
    pub async fn read(self, caller: &Caller) -> Result<Filter, Error> {
        let custom = match self.custom {
            Some(written) if !written.is_empty() => {
                let registry = leads::shown(caller.app(), &caller.actor).await?;
                asks::asks(&registry.custom_fields, &written)?
            }
            _ => Vec::new(),
        };
        Ok(Filter {
            search: self.q.unwrap_or_default(),
            status: self.status,
            source: self.source,
            owner: self.owner_id,
            course: self.course_id,
            tag: self.tag,
            from: self.from,
            to: self.to,
            waiting: self.waiting.unwrap_or_default(),
            custom,
            sort: self.sort.map_or_else(Sort::default, Sort::from),
            ..Filter::default()
        })
    }
}

impl From<Order> for Sort {
    fn from(order: Order) -> Self {
        match order {
            Order::Newest => Sort::Newest,
            Order::Oldest => Sort::Oldest,
            Order::Name => Sort::Name,
            Order::Changed => Sort::Changed,
        }
    }
}
