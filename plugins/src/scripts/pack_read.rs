//! A pack from its files, wherever they come from: names, sizes and hashes first, then the typed data, then whether
//! it all holds together. Nothing of a pack that fails is used.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use wire::MAX_SOURCE;
use wire::pack::{FieldKind, Labels, Pack, Text};
use wire::source::calls;

use super::pack_files::{Manifest, Moves, RegistryFile, SettingsFile, settings_of, statuses};
use super::{pack_hashes, pack_templates};

/// A pack's files by their path within it.
pub type Files = BTreeMap<String, Vec<u8>>;

pub const LANGUAGES: [&str; 4] = ["uz", "ru", "en", "kk"];

/// The script interface this server speaks.
const API: u32 = 1;
const MOST_FILES: usize = 300;
const LARGEST_FILE: usize = 256 * 1024;
const LARGEST_PACK: usize = 2 * 1024 * 1024;
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
/// What scripts may do, and the words by which they do it.
const PERMISSIONS: [(&str, &[&str]); 7] = [
    ("plan.follow_ups", &["followup"]),
    ("plan.notify", &["notify"]),
    ("plan.tags", &["tag", "untag"]),
    ("plan.messages", &["template"]),
    ("plan.move", &["reassign", "reschedule"]),
    ("assign", &["assign", "queue"]),
    ("block_owner", &["block_owner"]),
];

#[derive(Debug, Clone, thiserror::Error)]
pub enum PackError {
    #[error("there is no pack {0}")]
    Unknown(String),
    #[error("pack {pack}, {file}: {reason}")]
    Malformed { pack: String, file: String, reason: String },
}

/// Reads and verifies a pack. `name` is what to call it in an error.
pub fn read(name: &str, files: &Files) -> Result<Pack, PackError> {
    let wrong = |(file, reason): (String, String)| PackError::Malformed {
        pack: name.to_owned(),
        file,
        reason,
    };
    bounds(files).map_err(wrong)?;
    pack_hashes::verify(files).map_err(wrong)?;
    let pack = assemble(files).map_err(wrong)?;
    verify(&pack).map_err(wrong)?;
    Ok(pack)
}

/// Every permission a pack may ask for.
pub fn permissions() -> impl Iterator<Item = &'static str> {
    PERMISSIONS.into_iter().map(|(name, _)| name)
}

type Wrong = (String, String);

/// Names that stay inside the pack, sizes that cannot hurt.
fn bounds(files: &Files) -> Result<(), Wrong> {
    let whole: usize = files.values().map(Vec::len).sum();
    if files.len() > MOST_FILES || whole > LARGEST_PACK {
        let reason = format!(
            "{} files of {whole} bytes; {MOST_FILES} of {LARGEST_PACK} are allowed",
            files.len()
        );
        return Err(("pack.toml".into(), reason));
    }
    files.iter().try_for_each(|(path, bytes)| {
        let wrong = |reason: String| Err((path.clone(), reason));
        if !belongs(path) {
            return wrong("no file of a pack has this name".into());
        }
        if bytes.len() > LARGEST_FILE {
            return wrong(format!("{} bytes; {LARGEST_FILE} are allowed", bytes.len()));
        }
        if std::str::from_utf8(bytes).is_err() {
            return wrong("not UTF-8".into());
        }
        Ok(())
    })
}

/// The places a file of a pack can stand in; everything else, `..` among it, is no file of a pack.
fn belongs(path: &str) -> bool {
    let word = |text: &str| {
        !text.is_empty()
            && text.len() <= 60
            && text
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-')
    };
    let named = |text: &str, ending: &str| text.strip_suffix(ending).is_some_and(word);
    match path.split('/').collect::<Vec<_>>()[..] {
        ["pack.toml" | "hashes.toml" | "registry.toml" | "settings.schema.json" | "texts.toml" | "CHANGELOG.md"] => {
            true
        }
        ["scripts" | "tests", file] => named(file, ".rhai"),
        ["templates", channel, locale, file] => {
            pack_templates::CHANNELS.contains(&channel) && LANGUAGES.contains(&locale) && named(file, ".hbs")
        }
        _ => false,
    }
}

fn assemble(files: &Files) -> Result<Pack, Wrong> {
    let manifest: Manifest = parsed(files, "pack.toml", from_toml)?.ok_or_else(|| missing("pack.toml"))?;
    let registry: RegistryFile = parsed(files, "registry.toml", from_toml)?.unwrap_or_default();
    let settings: SettingsFile = parsed(files, "settings.schema.json", from_json)?.unwrap_or_default();
    let texts: BTreeMap<String, Labels> = parsed(files, "texts.toml", from_toml)?.unwrap_or_default();
    let (settings, sections) = settings_of(settings).map_err(|reason| ("settings.schema.json".to_owned(), reason))?;
    for language in LANGUAGES {
        if !manifest.languages.is_empty() && !manifest.languages.iter().any(|known| known == language) {
            return Err(("pack.toml".into(), format!("it is not written in {language}")));
        }
    }
    Ok(Pack {
        id: manifest.id,
        version: manifest.version,
        api: manifest.api,
        names: manifest.names,
        about: manifest.about,
        hooks: manifest.hooks,
        permissions: manifest.permissions,
        requires: manifest.requires,
        statuses: statuses(registry.statuses),
        transitions: registry.moves.iter().flat_map(Moves::spread).collect(),
        sources: registry.sources,
        lost_reasons: registry.lost_reasons,
        custom_fields: registry.custom_fields,
        sections,
        settings,
        texts: texts.into_iter().map(|(key, labels)| Text { key, labels }).collect(),
        templates: pack_templates::collect(files)?,
        // The files in order of name make one script.
        script: sources(files, "scripts/")
            .map(|(_, text)| text)
            .collect::<Vec<_>>()
            .join("\n"),
        tests: sources(files, "tests/")
            .map(|(name, text)| (name.to_owned(), text.to_owned()))
            .collect(),
        changelog: text(files, "CHANGELOG.md").unwrap_or_default().to_owned(),
    })
}

fn verify(pack: &Pack) -> Result<(), Wrong> {
    manifest_holds(pack).map_err(|reason| ("pack.toml".to_owned(), reason))?;
    registry_holds(pack).map_err(|reason| ("registry.toml".to_owned(), reason))?;
    if let Some(labels) = unspoken(pack) {
        return Err(("pack.toml".into(), format!("a label lacks a language: {labels:?}")));
    }
    pack.check_settings(&pack.defaults()).map_err(|bad| {
        (
            "settings.schema.json".into(),
            format!("default of {}: {}", bad.key, bad.code),
        )
    })?;
    if pack.script.len() > MAX_SOURCE {
        let reason = format!(
            "the scripts have {} bytes together; {MAX_SOURCE} are allowed",
            pack.script.len()
        );
        return Err(("scripts".into(), reason));
    }
    // A permission is asked for in the manifest, where whoever installs the pack reads it.
    for (permission, words) in PERMISSIONS {
        let used = words.iter().find(|word| calls(&pack.script, word));
        if let Some(word) = used.filter(|_| !pack.permissions.iter().any(|asked| asked == permission)) {
            return Err((
                "scripts".into(),
                format!("{word}() is used without the permission {permission}"),
            ));
        }
    }
    Ok(())
}

fn manifest_holds(pack: &Pack) -> Result<(), String> {
    let plain = |text: &str| {
        text.bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    if pack.id.is_empty() || pack.id.len() > 40 || !plain(&pack.id) {
        return Err(format!("{:?} is no id of a pack", pack.id));
    }
    let numbers: Vec<_> = pack.version.split('.').map(str::parse::<u32>).collect();
    if numbers.len() != 3 || numbers.iter().any(Result::is_err) {
        return Err(format!("{} is no version; write it as 1.2.3", pack.version));
    }
    if pack.api != API {
        return Err(format!(
            "it is written for script interface {}, this server speaks {API}",
            pack.api
        ));
    }
    match pack
        .permissions
        .iter()
        .find(|asked| !permissions().any(|known| known == *asked))
    {
        Some(unknown) => Err(format!("there is no permission {unknown}")),
        None => Ok(()),
    }
}

fn registry_holds(pack: &Pack) -> Result<(), String> {
    let known = |key: &String| pack.statuses.iter().any(|status| &status.key == key);
    if let Some(status) = pack.statuses.iter().find(|s| !KINDS.contains(&s.kind.as_str())) {
        return Err(format!("status {} has the unknown kind {}", status.key, status.kind));
    }
    if !pack.statuses.is_empty() && !pack.statuses.iter().any(|status| status.kind == "new") {
        return Err("no status is of the kind new: leads would have nowhere to begin".into());
    }
    if let Some(step) = pack
        .transitions
        .iter()
        .find(|step| !known(&step.from) || !known(&step.to))
    {
        return Err(format!("the move {} → {} names an unknown status", step.from, step.to));
    }
    for field in &pack.custom_fields {
        if (field.kind == FieldKind::Choice) == field.options.is_empty() {
            return Err(format!(
                "the field {}: a choice has options, nothing else does",
                field.key
            ));
        }
    }
    let keys: [(&str, Vec<&String>); 5] = [
        ("status", pack.statuses.iter().map(|s| &s.key).collect()),
        ("source", pack.sources.iter().map(|s| &s.key).collect()),
        ("lost reason", pack.lost_reasons.iter().map(|r| &r.key).collect()),
        ("field", pack.custom_fields.iter().map(|f| &f.key).collect()),
        ("section", pack.sections.iter().map(|s| &s.key).collect()),
    ];
    for (what, mut keys) in keys {
        keys.sort();
        if let Some(pair) = keys.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(format!("the {what} {} is there twice", pair[0]));
        }
    }
    Ok(())
}

/// A label that lacks a language.
fn unspoken(pack: &Pack) -> Option<&Labels> {
    let mut labels = std::iter::once(&pack.names)
        .chain(pack.statuses.iter().map(|s| &s.labels))
        .chain(pack.sources.iter().map(|s| &s.labels))
        .chain(pack.lost_reasons.iter().map(|r| &r.labels))
        .chain(pack.custom_fields.iter().map(|f| &f.labels))
        .chain(pack.custom_fields.iter().flat_map(|f| &f.options).map(|o| &o.labels))
        .chain(pack.sections.iter().map(|s| &s.labels))
        .chain(pack.sections.iter().map(|s| &s.about).filter(|about| !about.is_empty()))
        .chain(pack.settings.iter().map(|s| &s.labels))
        .chain(pack.settings.iter().map(|s| &s.hints).filter(|hints| !hints.is_empty()))
        .chain(pack.texts.iter().map(|t| &t.labels));
    let lacks = |labels: &Labels| LANGUAGES.iter().any(|l| labels.get(*l).is_none_or(String::is_empty));
    labels.find(|labels| lacks(labels))
}

fn missing(file: &str) -> Wrong {
    (file.to_owned(), "missing".to_owned())
}

fn parsed<T>(files: &Files, file: &str, parse: fn(&str) -> Result<T, String>) -> Result<Option<T>, Wrong> {
    text(files, file)
        .map(|text| parse(text).map_err(|reason| (file.to_owned(), reason)))
        .transpose()
}

fn from_toml<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    toml::from_str(text).map_err(|error| error.to_string())
}

fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_str(text).map_err(|error| error.to_string())
}

pub(super) fn text<'a>(files: &'a Files, path: &str) -> Option<&'a str> {
    files.get(path).and_then(|bytes| std::str::from_utf8(bytes).ok())
}

/// Scripts of a folder, in order of name.
fn sources<'a>(files: &'a Files, folder: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
    files.iter().filter_map(move |(path, bytes)| {
        let name = path.strip_prefix(folder)?;
        Some((name, std::str::from_utf8(bytes).ok()?))
    })
}
