//! The address of today's work: whose, how late, which way of looking.

use platform::Id;
use serde::{Deserialize, Serialize};
use workflows::follow_ups::{Age, Filter, Load, View};

#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Asked {
    pub mode: String,
    pub view: String,
    pub owner: String,
    pub age: String,
    pub at: String,
    pub after: String,
    pub back: String,
    /// The change of many whose outcome stands above the list.
    pub bulk: String,
}

impl Asked {
    pub fn filter(&self) -> Filter {
        Filter {
            view: if self.view == "overdue" {
                View::Overdue
            } else {
                View::Today
            },
            owner: self.owner.parse().ok(),
            age: self.age(),
            ..Filter::default()
        }
    }

    pub fn age(&self) -> Option<Age> {
        Age::parse(&self.age).ok().filter(|_| self.view == "overdue")
    }

    /// The chosen rep's load, or everybody's.
    pub fn of<'a>(&self, load: &'a [Load]) -> impl Iterator<Item = &'a Load> {
        let chosen: Option<Id> = self.owner.parse().ok();
        load.iter()
            .filter(move |load| chosen.is_none_or(|owner| load.owner == owner))
    }

    pub fn owner_only(&self) -> String {
        match self.owner.parse::<Id>() {
            Ok(owner) => format!("&owner={owner}"),
            Err(_) => String::new(),
        }
    }

    /// The part of the address that stays when the page or the way of looking changes.
    pub fn keep(&self) -> String {
        let age = self.age().map(|age| format!("&age={}", age.as_str()));
        format!("{}{}", self.owner_only(), age.unwrap_or_default())
    }

    pub fn address(&self) -> String {
        let mode = if self.back == "list" { "list" } else { "queue" };
        format!("/today?mode={mode}{}", self.narrowed())
    }

    /// What makes the list, without the page it is open at.
    pub fn query(&self) -> String {
        format!("mode=list{}", self.narrowed())
    }

    /// What follows the address of one of these in the queue.
    pub fn beside(&self) -> String {
        let after: String = url::form_urlencoded::byte_serialize(self.after.as_bytes()).collect();
        let after = (!after.is_empty()).then(|| format!("&after={after}"));
        format!("{}{}", self.narrowed(), after.unwrap_or_default())
    }

    /// Where what is listed becomes a file.
    pub fn export(&self) -> String {
        let view = if self.view == "overdue" { "" } else { "&view=today" };
        format!("/exports/new?what=follow_ups{view}{}", self.narrowed())
    }

    pub fn parse(query: &str) -> Self {
        let pairs: std::collections::BTreeMap<String, String> =
            url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        serde_json::to_value(pairs)
            .and_then(serde_json::from_value)
            .unwrap_or_default()
    }

    fn narrowed(&self) -> String {
        let view = if self.view == "overdue" { "&view=overdue" } else { "" };
        format!("{view}{}", self.keep())
    }
}
