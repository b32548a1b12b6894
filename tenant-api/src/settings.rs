//! The tenant's settings: the form its pack declares, and the values over the pack's defaults.

use std::collections::BTreeMap;

use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde::Serialize;
use serde_json::Value;
use workflows::settings;

use crate::Area;
use crate::answer::{Answer, Body};
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
    #[oai(path = "/settings", method = "patch", operation_id = "change_settings")]
    async fn change(&self, caller: Caller, body: Json<BTreeMap<String, Value>>) -> Answer<Body<Settings>> {
        let form = settings::change(&caller.desk, &caller.actor, body.0.into_iter().collect()).await?;
        Ok(Body(form.into()))
    }
}

#[derive(Object, Serialize)]
struct Settings {
    version: i64,
    values: BTreeMap<String, Value>,
    fields: Vec<Field>,
}

#[derive(Object, Serialize)]
#[oai(rename = "SettingField")]
struct Field {
    key: String,
    /// integer, boolean, integer_list or text.
    kind: String,
    default: Value,
    minimum: Option<i64>,
    maximum: Option<i64>,
    unit: Option<String>,
    max_items: Option<u64>,
    /// By language.
    labels: BTreeMap<String, String>,
}

impl From<settings::Form> for Settings {
    fn from(form: settings::Form) -> Self {
        let fields = form.fields.into_iter().map(|field| Field {
            kind: serde_json::to_value(field.kind)
                .ok()
                .and_then(|kind| kind.as_str().map(str::to_owned))
                .unwrap_or_default(),
            key: field.key,
            default: field.default,
            minimum: field.minimum,
            maximum: field.maximum,
            unit: field.unit,
            max_items: field.max_items.map(|most| most as u64),
            labels: field.labels,
        });
        Settings {
            version: form.version,
            values: form.values.into_iter().collect(),
            fields: fields.collect(),
        }
    }
}
