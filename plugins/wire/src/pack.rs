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
    /// What it is for, in a sentence.
    #[serde(default)]
    pub about: Labels,
    pub hooks: Vec<Hook>,
    /// What its scripts may do: `plan.follow_ups`, `plan.notify`, `assign`, `block_owner`…
    #[serde(default)]
    pub permissions: Vec<String>,
    /// Packs it needs beside it, by id, with the least version.
    #[serde(default)]
    pub requires: BTreeMap<String, String>,
    pub statuses: Vec<StatusDef>,
    pub transitions: Vec<Transition>,
    pub sources: Vec<SourceDef>,
    pub lost_reasons: Vec<ReasonDef>,
    #[serde(default)]
    pub custom_fields: Vec<CustomField>,
    /// The parts of the settings form, in order.
    #[serde(default)]
    pub sections: Vec<Section>,
    pub settings: Vec<Setting>,
    pub texts: Vec<Text>,
    /// Messages to clients, a template each channel and language.
    #[serde(default)]
    pub templates: Vec<Template>,
    /// The pack's one script: its files in order of name.
    pub script: String,
    /// Its golden tests: file name, source.
    #[serde(default)]
    pub tests: Vec<(String, String)>,
    #[serde(default)]
    pub changelog: String,
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

/// What a center asks about a lead besides the usual: kept in the lead's `custom`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomField {
    pub key: String,
    pub kind: FieldKind,
    /// Of a choice: its values with their words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<FieldOption>,
    pub labels: Labels,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    Text,
    Number,
    Boolean,
    Date,
    Choice,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldOption {
    pub value: String,
    pub labels: Labels,
}

/// A part of the settings form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    pub key: String,
    pub labels: Labels,
    #[serde(default, skip_serializing_if = "Labels::is_empty")]
    pub about: Labels,
    /// How its delays read together: `after` something, `before` it, or not at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reads: Option<Reads>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reads {
    After,
    Before,
}

/// A message to a client, rendered outside the script.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    pub key: String,
    /// telegram, sms, whatsapp, email.
    pub channel: String,
    pub locale: String,
    pub source: String,
}

/// One field of the pack's settings form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Setting {
    pub key: String,
    /// The part of the form it stands in; empty: the last one.
    #[serde(default)]
    pub section: String,
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
    #[serde(default, skip_serializing_if = "Labels::is_empty")]
    pub hints: Labels,
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
    /// `training-centre@1.0.0`: this very version.
    pub fn reference(&self) -> String {
        format!("{}@{}", self.id, self.version)
    }

    /// The version's numbers, to tell a newer one from an older.
    pub fn number(&self) -> (u64, u64, u64) {
        version_number(&self.version)
    }

    /// The pack's script as a layer of the fallback chain.
    pub fn layer(&self) -> Layer {
        let level = if self.id == "core" { Level::Core } else { Level::Pack };
        Layer::new(level, self.reference(), self.script.clone())
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
    /// Whether a value may stand in this field; else why not.
    pub fn accepts(&self, value: &Value) -> Result<(), &'static str> {
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

/// `1.10.0` is newer than `1.9.0`; what is no number counts as 0.
pub fn version_number(version: &str) -> (u64, u64, u64) {
    let mut parts = version.split('.').map(|part| part.parse().unwrap_or(0));
    let mut next = || parts.next().unwrap_or(0);
    (next(), next(), next())
}
