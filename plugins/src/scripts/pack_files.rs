//! The files of a pack as they are written, and how they become the data a tenant is given.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use wire::Hook;
use wire::pack::{
    CustomField, Labels, MoveBy, Reads, ReasonDef, Section, Setting, SettingKind, SourceDef, StatusDef, Transition,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    pub id: String,
    pub version: String,
    pub api: u32,
    pub hooks: Vec<Hook>,
    #[serde(default)]
    pub permissions: Vec<String>,
    /// The languages its words are written in.
    #[serde(default)]
    pub languages: Vec<String>,
    #[serde(default)]
    pub requires: BTreeMap<String, String>,
    pub names: Labels,
    #[serde(default)]
    pub about: Labels,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegistryFile {
    pub statuses: Vec<StatusEntry>,
    pub moves: Vec<Moves>,
    pub sources: Vec<SourceDef>,
    pub lost_reasons: Vec<ReasonDef>,
    #[serde(default)]
    pub custom_fields: Vec<CustomField>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatusEntry {
    pub key: String,
    pub kind: String,
    pub labels: Labels,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Moves {
    pub from: Vec<String>,
    pub to: Vec<String>,
    #[serde(default = "anyone")]
    pub by: MoveBy,
    #[serde(default)]
    pub reason: bool,
    pub guard: Option<String>,
}

#[derive(Default, Deserialize)]
pub struct SettingsFile {
    #[serde(default)]
    pub sections: Vec<SectionEntry>,
    pub properties: BTreeMap<String, Property>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SectionEntry {
    pub key: String,
    pub title: Labels,
    #[serde(default)]
    pub about: Labels,
    pub reads: Option<Reads>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Property {
    #[serde(default)]
    pub section: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub title: Labels,
    #[serde(default)]
    pub description: Labels,
    pub default: Value,
    pub order: u32,
    pub unit: Option<String>,
    pub minimum: Option<i64>,
    pub maximum: Option<i64>,
    #[serde(rename = "maxItems")]
    pub max_items: Option<usize>,
    pub items: Option<Range>,
}

#[derive(Deserialize)]
pub struct Range {
    pub minimum: Option<i64>,
    pub maximum: Option<i64>,
}

fn anyone() -> MoveBy {
    MoveBy::Anyone
}

impl Moves {
    pub fn spread(&self) -> Vec<Transition> {
        let pairs = self
            .from
            .iter()
            .flat_map(|from| self.to.iter().map(move |to| (from, to)));
        pairs
            .map(|(from, to)| Transition {
                from: from.clone(),
                to: to.clone(),
                by: self.by,
                reason: self.reason,
                guard: self.guard.clone(),
            })
            .collect()
    }
}

impl Property {
    fn setting(self, key: String) -> Result<Setting, String> {
        let (kind, range) = match self.kind.as_str() {
            "integer" => (
                SettingKind::Integer,
                Range {
                    minimum: self.minimum,
                    maximum: self.maximum,
                },
            ),
            "boolean" => (
                SettingKind::Boolean,
                Range {
                    minimum: None,
                    maximum: None,
                },
            ),
            "string" => (
                SettingKind::Text,
                Range {
                    minimum: None,
                    maximum: None,
                },
            ),
            "array" => (
                SettingKind::IntegerList,
                self.items.ok_or(format!("{key} has no items"))?,
            ),
            other => return Err(format!("{key} has the unknown type {other}")),
        };
        Ok(Setting {
            key,
            section: self.section,
            kind,
            default: self.default,
            minimum: range.minimum,
            maximum: range.maximum,
            unit: self.unit,
            max_items: self.max_items,
            labels: self.title,
            hints: self.description,
        })
    }
}

pub fn statuses(entries: Vec<StatusEntry>) -> Vec<StatusDef> {
    let numbered = (1i32..).zip(entries);
    numbered
        .map(|(order, s)| StatusDef {
            key: s.key,
            kind: s.kind,
            order,
            labels: s.labels,
        })
        .collect()
}

/// The form's fields in their order, and its parts.
pub fn settings_of(file: SettingsFile) -> Result<(Vec<Setting>, Vec<Section>), String> {
    let sections: Vec<Section> = file
        .sections
        .into_iter()
        .map(|section| Section {
            key: section.key,
            labels: section.title,
            about: section.about,
            reads: section.reads,
        })
        .collect();
    let mut properties: Vec<(String, Property)> = file.properties.into_iter().collect();
    properties.sort_by_key(|(_, property)| property.order);
    let known = |key: &str| key.is_empty() || sections.iter().any(|section| section.key == key);
    if let Some((key, property)) = properties.iter().find(|(_, property)| !known(&property.section)) {
        return Err(format!("{key} stands in the unknown section {}", property.section));
    }
    let settings = properties
        .into_iter()
        .map(|(key, property)| property.setting(key))
        .collect::<Result<_, _>>()?;
    Ok((settings, sections))
}
