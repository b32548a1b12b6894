//! The packs compiled into the binary: every version of each, read and verified once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use rust_embed::RustEmbed;
use wire::Hook;
use wire::pack::Pack;

pub use super::pack_read::PackError;
use super::pack_read::{Files, read};

/// The pack every tenant falls back on.
pub const CORE: &str = "core";
/// The pack a tenant runs on unless it chose another.
pub const TRAINING_CENTRE: &str = "training-centre";

/// Every version of every pack, by id, the oldest first.
pub fn packs() -> Result<&'static [Pack], PackError> {
    static LOADED: OnceLock<Result<Vec<Pack>, PackError>> = OnceLock::new();
    LOADED.get_or_init(load_all).as_deref().map_err(PackError::clone)
}

/// One pack: the newest of an id, or the very version of `id@1.0.0`.
pub fn pack(name: &str) -> Result<&'static Pack, PackError> {
    let (id, version) = match name.split_once('@') {
        Some((id, version)) => (id, Some(version)),
        None => (name, None),
    };
    packs()?
        .iter()
        .rfind(|pack| pack.id == id && version.is_none_or(|version| pack.version == version))
        .ok_or_else(|| PackError::Unknown(name.to_string()))
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

/// A pack's newest version stands in its folder, each earlier one whole in `versions/<version>`.
#[derive(RustEmbed)]
#[folder = "packs/"]
struct Embedded;

fn load_all() -> Result<Vec<Pack>, PackError> {
    let roots: BTreeSet<String> = Embedded::iter()
        .filter_map(|path| path.strip_suffix("/pack.toml").map(str::to_string))
        .collect();
    let mut packs = roots.iter().map(|root| load(root)).collect::<Result<Vec<_>, _>>()?;
    packs.sort_by(|a, b| (&a.id, a.number()).cmp(&(&b.id, b.number())));
    Ok(packs)
}

fn load(root: &str) -> Result<Pack, PackError> {
    let folder = format!("{root}/");
    let files: Files = Embedded::iter()
        .filter_map(|path| Some((path.strip_prefix(&folder)?.to_owned(), path.clone())))
        .filter(|(inside, _)| !inside.starts_with("versions/"))
        .filter_map(|(inside, path)| Some((inside, Embedded::get(&path)?.data.into_owned())))
        .collect();
    let pack = read(root, &files)?;
    let place = root.split_once("/versions/").unwrap_or((root, &pack.version));
    if place != (&pack.id, &pack.version) {
        return Err(PackError::Malformed {
            pack: root.to_owned(),
            file: "pack.toml".into(),
            reason: format!("{} does not belong into this folder", pack.reference()),
        });
    }
    Ok(pack)
}

fn text(path: &str) -> Option<String> {
    Embedded::get(path).and_then(|file| String::from_utf8(file.data.into_owned()).ok())
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
        let all: Vec<String> = packs().unwrap().iter().map(Pack::reference).collect();
        assert_eq!(
            all,
            [
                "core@1.0.0",
                "driving-school@1.0.0",
                "training-centre@1.0.0",
                "training-centre@1.1.0"
            ]
        );
        assert_eq!(pack("training-centre@1.0.0").unwrap().version, "1.0.0");
        assert!(pack("training-centre@9.9.9").is_err());
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
