//! Reads the packs compiled into the binary and turns their files into typed data.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use rust_embed::RustEmbed;
use serde::de::DeserializeOwned;
use wire::Hook;
use wire::pack::{Labels, Pack, Text};

use super::pack_files::{Manifest, Moves, RegistryFile, SettingsFile, settings_of, statuses};

/// The pack every tenant falls back on.
pub const CORE: &str = "core";
/// The pack a tenant runs on unless it chose another.
pub const TRAINING_CENTRE: &str = "training-centre";

const LANGUAGES: [&str; 4] = ["uz", "ru", "en", "kk"];
const KINDS: [&str; 9] = [
    "new",
    "working",
    "trial_booked",
    "trial_attended",
    "no_show",
    "offered",
    "won",
    "lost",
    "reactivating",
];

#[derive(Debug, Clone, thiserror::Error)]
pub enum PackError {
    #[error("there is no pack {0}")]
    Unknown(String),
    #[error("pack {pack}, {file}: {reason}")]
    Malformed { pack: String, file: String, reason: String },
}

/// Every pack, by id.
pub fn packs() -> Result<&'static [Pack], PackError> {
    static LOADED: OnceLock<Result<Vec<Pack>, PackError>> = OnceLock::new();
    LOADED.get_or_init(load_all).as_deref().map_err(PackError::clone)
}

/// One pack.
pub fn pack(id: &str) -> Result<&'static Pack, PackError> {
    packs()?
        .iter()
        .find(|pack| pack.id == id)
        .ok_or_else(|| PackError::Unknown(id.to_string()))
}

/// The overrides a demo tenant starts with, by hook: `academy` or `avto`. Nothing for another name.
pub fn example(name: &str) -> BTreeMap<Hook, String> {
    let source = |hook: Hook| text(&format!("examples/{name}/{hook}.rhai")).map(|source| (hook, source));
    if is_plain(name) {
        Hook::ALL.into_iter().filter_map(source).collect()
    } else {
        BTreeMap::new()
    }
}

#[derive(RustEmbed)]
#[folder = "packs/"]
struct Files;

fn load_all() -> Result<Vec<Pack>, PackError> {
    let mut ids: Vec<String> = Files::iter()
        .filter_map(|path| path.strip_suffix("/pack.toml").map(str::to_string))
        .filter(|id| is_plain(id))
        .collect();
    ids.sort();
    ids.iter().map(|id| load(id)).collect()
}

fn load(id: &str) -> Result<Pack, PackError> {
    let wrong = |file: &str, reason: String| PackError::Malformed {
        pack: id.into(),
        file: file.into(),
        reason,
    };
    let manifest: Manifest = required(id, "pack.toml", parse_toml)?;
    let registry: RegistryFile = optional(id, "registry.toml", parse_toml)?;
    let settings: SettingsFile = optional(id, "settings.schema.json", parse_json)?;
    let texts: BTreeMap<String, Labels> = optional(id, "texts.toml", parse_toml)?;
    if manifest.id != id {
        return Err(wrong(
            "pack.toml",
            format!("the folder is {id}, the id {}", manifest.id),
        ));
    }
    let pack = Pack {
        id: manifest.id,
        version: manifest.version,
        api: manifest.api,
        names: manifest.names,
        hooks: manifest.hooks,
        statuses: statuses(registry.statuses),
        transitions: registry.moves.iter().flat_map(Moves::spread).collect(),
        sources: registry.sources,
        lost_reasons: registry.lost_reasons,
        settings: settings_of(settings).map_err(|reason| wrong("settings.schema.json", reason))?,
        texts: texts.into_iter().map(|(key, labels)| Text { key, labels }).collect(),
        script: script(id),
    };
    verify(&pack).map_err(|reason| wrong("registry.toml", reason))?;
    Ok(pack)
}

/// The pack's files in order of name make one script.
fn script(id: &str) -> String {
    let folder = format!("{id}/scripts/");
    let mut paths: Vec<_> = Files::iter()
        .filter(|path| path.starts_with(&folder) && path.ends_with(".rhai"))
        .collect();
    paths.sort();
    paths
        .iter()
        .filter_map(|path| text(path))
        .collect::<Vec<_>>()
        .join("\n")
}

fn verify(pack: &Pack) -> Result<(), String> {
    let known = |key: &String| pack.statuses.iter().any(|status| &status.key == key);
    if let Some(status) = pack
        .statuses
        .iter()
        .find(|status| !KINDS.contains(&status.kind.as_str()))
    {
        return Err(format!("status {} has the unknown kind {}", status.key, status.kind));
    }
    if let Some(step) = pack
        .transitions
        .iter()
        .find(|step| !known(&step.from) || !known(&step.to))
    {
        return Err(format!("the move {} → {} names an unknown status", step.from, step.to));
    }
    let mut labels = std::iter::once(&pack.names)
        .chain(pack.statuses.iter().map(|s| &s.labels))
        .chain(pack.sources.iter().map(|s| &s.labels))
        .chain(pack.lost_reasons.iter().map(|r| &r.labels))
        .chain(pack.settings.iter().map(|s| &s.labels))
        .chain(pack.texts.iter().map(|t| &t.labels));
    match labels.find(|labels| {
        LANGUAGES
            .iter()
            .any(|language| labels.get(*language).is_none_or(String::is_empty))
    }) {
        Some(labels) => Err(format!("a label lacks a language: {labels:?}")),
        None => pack
            .check_settings(&pack.defaults())
            .map_err(|bad| format!("default of {}: {}", bad.key, bad.code)),
    }
}

fn required<T>(id: &str, file: &str, parse: fn(&str) -> Result<T, String>) -> Result<T, PackError> {
    let wrong = |reason| PackError::Malformed {
        pack: id.into(),
        file: file.into(),
        reason,
    };
    let text = text(&format!("{id}/{file}")).ok_or_else(|| wrong("missing".to_string()))?;
    parse(&text).map_err(wrong)
}

fn optional<T: Default>(id: &str, file: &str, parse: fn(&str) -> Result<T, String>) -> Result<T, PackError> {
    if Files::get(&format!("{id}/{file}")).is_none() {
        Ok(T::default())
    } else {
        required(id, file, parse)
    }
}

fn parse_toml<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    toml::from_str(text).map_err(|error| error.to_string())
}

fn parse_json<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_str(text).map_err(|error| error.to_string())
}

fn text(path: &str) -> Option<String> {
    Files::get(path).and_then(|file| String::from_utf8(file.data.into_owned()).ok())
}

/// A pack's name is a word, never a path.
fn is_plain(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value};

    use super::*;

    #[test]
    fn every_pack_reads_and_verifies() {
        let ids: Vec<&str> = packs().unwrap().iter().map(|pack| pack.id.as_str()).collect();
        assert_eq!(ids, [CORE, TRAINING_CENTRE]);
        let centre = pack(TRAINING_CENTRE).unwrap();
        assert_eq!(centre.statuses.len(), 10);
        assert_eq!(centre.sources.len(), 15);
        assert_eq!(centre.defaults()["interested_days"], serde_json::json!([1, 3, 5, 7]));
        assert!(centre.texts.len() > 10 && centre.settings[0].key == "new_minutes");
    }

    #[test]
    fn lost_is_reached_from_everywhere_but_enrolled_and_always_with_a_reason() {
        let centre = pack(TRAINING_CENTRE).unwrap();
        for status in &centre.statuses {
            let step = centre
                .transitions
                .iter()
                .find(|step| step.from == status.key && step.to == "lost");
            let expected = !matches!(status.key.as_str(), "enrolled" | "lost");
            assert_eq!(step.is_some_and(|step| step.reason), expected, "{}", status.key);
        }
        let mut pairs: Vec<_> = centre.transitions.iter().map(|step| (&step.from, &step.to)).collect();
        let all = pairs.len();
        pairs.sort();
        pairs.dedup();
        assert_eq!(pairs.len(), all, "a move is listed twice");
    }

    #[test]
    fn a_path_is_no_pack() {
        for name in ["../web", "/etc", "..", "", "examples/../core", "Core"] {
            assert!(pack(name).is_err() && example(name).is_empty(), "{name}");
        }
        assert_eq!((example("academy").len(), example("avto").len()), (3, 3));
    }

    #[test]
    fn a_setting_out_of_its_range_is_refused() {
        let centre = pack(TRAINING_CENTRE).unwrap();
        let check = |key: &str, value: Value| {
            let own = Map::from_iter([(key.to_string(), value)]);
            centre.check_settings(&own).map_err(|bad| bad.code)
        };
        assert_eq!(check("new_minutes", 15.into()), Ok(()));
        assert_eq!(check("new_minutes", 0.into()), Err("out_of_range"));
        assert_eq!(check("new_minutes", "5".into()), Err("wrong_type"));
        assert_eq!(
            check("interested_days", serde_json::json!([1, 2, 3, 4, 5, 6, 7])),
            Err("too_many")
        );
        assert_eq!(check("nope", 1.into()), Err("unknown_setting"));
    }
}
