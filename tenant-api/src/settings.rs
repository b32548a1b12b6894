//! The tenant's settings: the form its pack declares, and the values over the pack's defaults.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use platform::Id;
use poem_openapi::param::Query;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde::Serialize;
use serde_json::Value;
use workflows::settings;

use crate::Area;
use crate::answer::{Answer, Body};
use crate::page::Page;
use crate::security::Caller;

pub struct Operations;

#[OpenApi(tag = "Area::Settings")]
impl Operations {
    /// Values in force, and the form they belong to
    #[oai(path = "/settings", method = "get", operation_id = "get_settings")]
    async fn show(&self, caller: Caller) -> Answer<Body<Settings>> {
        let form = settings::show(&caller.desk, &caller.actor).await?;
        Ok(Body(form.into()))
    }

    /// Changes some values; null goes back to the pack's default
    ///
    /// `message` says what for. `based_on` is the version the change starts from; 409 `settings_changed_meanwhile` if
    /// there is a newer one. `replan` plans anew what was planned under the values before and nobody has done yet.
    #[oai(path = "/settings", method = "patch", operation_id = "change_settings")]
    async fn change(
        &self,
        caller: Caller,
        message: Query<Option<String>>,
        based_on: Query<Option<i64>>,
        replan: Query<Option<bool>>,
        body: Json<BTreeMap<String, Value>>,
    ) -> Answer<Body<Settings>> {
        let change = settings::Change {
            values: body.0.into_iter().collect(),
            message: message.0.unwrap_or_default(),
            based_on: based_on.0,
            replan: replan.0.unwrap_or_default(),
        };
        let form = settings::change(&caller.desk, &caller.actor, change).await?;
        Ok(Body(form.into()))
    }

    /// The latest versions with what each changed, newest first
    #[oai(path = "/settings/versions", method = "get", operation_id = "list_settings_versions")]
    async fn versions(&self, caller: Caller) -> Answer<Body<Page<Version>>> {
        let found = settings::versions(&caller.desk, &caller.actor).await?;
        Ok(Body(Page::whole(found.into_iter().map(Version::from).collect())))
    }

    /// Goes back to an earlier version: its values become the next one
    #[oai(path = "/settings/current", method = "put", operation_id = "restore_settings")]
    async fn restore(&self, caller: Caller, body: Json<Restored>) -> Answer<Body<Settings>> {
        let form = settings::restore(&caller.desk, &caller.actor, body.0.version, body.0.replan).await?;
        Ok(Body(form.into()))
    }
}

#[derive(Object)]
#[oai(rename = "SettingsToRestore")]
struct Restored {
    version: i64,
    /// Plan anew what was planned under the values before and nobody has done yet.
    #[oai(default)]
    replan: bool,
}

#[derive(Object, Serialize)]
#[oai(rename = "SettingsVersion")]
struct Version {
    version: i64,
    author_id: Option<Id>,
    message: String,
    /// The earlier version it went back to.
    restored: Option<i64>,
    created_at: DateTime<Utc>,
    changes: Vec<Changed>,
}

#[derive(Object, Serialize)]
#[oai(rename = "SettingChanged")]
struct Changed {
    key: String,
    from: Value,
    to: Value,
}

impl From<settings::Version> for Version {
    fn from(found: settings::Version) -> Self {
        let changes = found.changes.into_iter().map(|change| Changed {
            key: change.key,
            from: change.from,
            to: change.to,
        });
        Version {
            version: found.version,
            author_id: found.author_id,
            message: found.message,
            restored: found.restored,
            created_at: found.created_at,
            changes: changes.collect(),
        }
    }
}

#[derive(Object, Serialize)]
struct Settings {
    version: i64,
    values: BTreeMap<String, Value>,
    fields: Vec<Field>,
    /// The parts of the form, in order.
    sections: Vec<Section>,
}

#[derive(Object, Serialize)]
#[oai(rename = "SettingField")]
struct Field {
    key: String,
    /// The part of the form it stands in.
    section: String,
    /// integer, boolean, integer_list or text.
    kind: String,
    default: Value,
    minimum: Option<i64>,
    maximum: Option<i64>,
    unit: Option<String>,
    max_items: Option<u64>,
    /// By language.
    labels: BTreeMap<String, String>,
    hints: BTreeMap<String, String>,
}

#[derive(Object, Serialize)]
#[oai(rename = "SettingSection")]
struct Section {
    key: String,
    /// By language.
    labels: BTreeMap<String, String>,
    about: BTreeMap<String, String>,
}

impl From<settings::Form> for Settings {
    fn from(form: settings::Form) -> Self {
        let fields = form.fields.into_iter().map(|field| Field {
            kind: serde_json::to_value(field.kind)
                .ok()
                .and_then(|kind| kind.as_str().map(str::to_owned))
                .unwrap_or_default(),
            key: field.key,
            section: field.section,
            default: field.default,
            minimum: field.minimum,
            maximum: field.maximum,
            unit: field.unit,
            max_items: field.max_items.map(|most| most as u64),
            labels: field.labels,
            hints: field.hints,
        });
        let sections = form.sections.into_iter().map(|section| Section {
            key: section.key,
            labels: section.labels,
            about: section.about,
        });
        Settings {
            version: form.version,
            values: form.values.into_iter().collect(),
            fields: fields.collect(),
            sections: sections.collect(),
        }
    }
}
