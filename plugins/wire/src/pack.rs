//! A pack as data: statuses and moves, sources, settings with their defaults, texts, scripts.
//! The loader in `plugins` fills these; provisioning a tenant writes them into its rows.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{Hook, Layer, Level};

/// Everything a tenant gets from its pack.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Pack {
    pub id: String,
    pub version: String,
    /// The version of the script interface it is written for.
    pub api: u32,
    pub names: Labels,
    pub hooks: Vec<Hook>,
    pub statuses: Vec<StatusDef>,
    pub transitions: Vec<Transition>,
    pub sources: Vec<SourceDef>,
    pub lost_reasons: Vec<ReasonDef>,
    pub settings: Vec<Setting>,
    pub texts: Vec<Text>,
    /// The pack's one script: its files in order of name.
    pub script: String,
}

/// One text in every language: `uz`, `ru`, `en`, `kk`.
pub type Labels = BTreeMap<String, String>;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusDef {
    pub key: String,
    /// new, working, trial_booked, trial_attended, no_show, offered, won, lost, reactivating.
    pub kind: String,
    pub order: i32,
    pub labels: Labels,
}

/// A move between two statuses that the tenant's table allows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transition {
    pub from: String,
    pub to: String,
    pub by: MoveBy,
    /// The mover must name a reason.
    #[serde(default)]
    pub reason: bool,
    /// What must be true besides: `trial_booked`, `free_seat`. Enforced by the domain that knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guard: Option<String>,
}

/// Who may make a move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MoveBy {
    /// Whoever may work the lead.
    Anyone,
    /// Managers and admins: moves back.
    Manager,
    /// The system alone, such as lost → reactivation on a repeated enquiry.
    System,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceDef {
    pub key: String,
    pub labels: Labels,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReasonDef {
    pub key: String,
    pub labels: Labels,
}

/// One field of the pack's settings form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Setting {
    pub key: String,
    pub kind: SettingKind,
    pub default: Value,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maximum: Option<i64>,
    /// minutes, hours, days; absent for a plain number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// The most items of a list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_items: Option<usize>,
    pub labels: Labels,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SettingKind {
    Integer,
    Boolean,
    IntegerList,
    Text,
}

/// A text the script names by key: what to do at a follow-up, why a rep was chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    pub key: String,
    pub labels: Labels,
}

/// Why a settings value is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadSetting {
    pub key: String,
    /// `unknown_setting`, `wrong_type`, `out_of_range`, `too_many`.
    pub code: &'static str,
}

impl Pack {
    /// The pack's script as a layer of the fallback chain.
    pub fn layer(&self) -> Layer {
        let level = if self.id == "core" { Level::Core } else { Level::Pack };
        Layer::new(level, format!("{}@{}", self.id, self.version), self.script.clone())
    }

    /// The defaults alone.
    pub fn defaults(&self) -> Map<String, Value> {
        self.settings
            .iter()
            .map(|setting| (setting.key.clone(), setting.default.clone()))
            .collect()
    }

    /// The tenant's values over the defaults; values the pack does not know are left out.
    pub fn settings_with(&self, own: &Map<String, Value>) -> Map<String, Value> {
        let mut all = self.defaults();
        for (key, value) in own {
            if let Some(slot) = all.get_mut(key) {
                *slot = value.clone();
            }
        }
        all
    }

    /// Checks a tenant's values against the form.
    pub fn check_settings(&self, own: &Map<String, Value>) -> Result<(), BadSetting> {
        own.iter().try_for_each(|(key, value)| {
            let refuse = |code| Err(BadSetting { key: key.clone(), code });
            match self.settings.iter().find(|setting| &setting.key == key) {
                None => refuse("unknown_setting"),
                Some(setting) => setting.accepts(value).or_else(refuse),
            }
        })
    }
}

impl Setting {
    fn accepts(&self, value: &Value) -> Result<(), &'static str> {
        let in_range = |n: i64| {
            let low = self.minimum.is_none_or(|least| n >= least);
            let high = self.maximum.is_none_or(|most| n <= most);
            if low && high { Ok(()) } else { Err("out_of_range") }
        };
        match self.kind {
            SettingKind::Boolean => value.is_boolean().then_some(()).ok_or("wrong_type"),
            SettingKind::Text => match value.as_str() {
                Some(text) if text.len() <= 500 => Ok(()),
                Some(_) => Err("out_of_range"),
                None => Err("wrong_type"),
            },
            SettingKind::Integer => in_range(value.as_i64().ok_or("wrong_type")?),
            SettingKind::IntegerList => {
                let items = value.as_array().ok_or("wrong_type")?;
                if items.len() > self.max_items.unwrap_or(20) {
                    return Err("too_many");
                }
                items
                    .iter()
                    .try_for_each(|item| in_range(item.as_i64().ok_or("wrong_type")?))
            }
        }
    }
}
