//! The list of a pack's files with the SHA-256 of each. A pack whose files are not exactly these is refused, so that
//! what was looked at is what runs.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::{fs, io};

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::pack_read::{Files, text};

/// The file the list stands in. It does not list itself.
pub const LIST: &str = "hashes.toml";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    files: BTreeMap<String, String>,
}

/// The list as it should be.
pub fn list(files: &Files) -> String {
    let mut out = String::from("# SHA-256 of every file of this version. Written by `markaz pack hash`.\n[files]\n");
    for (path, bytes) in files.iter().filter(|(path, _)| *path != LIST) {
        let _ = writeln!(out, "\"{path}\" = \"{}\"", hash(bytes));
    }
    out
}

/// Every file is on the list with its hash, and nothing else is.
pub fn verify(files: &Files) -> Result<(), (String, String)> {
    let wrong = |file: &str, reason: &str| Err((file.to_owned(), reason.to_owned()));
    let Some(text) = text(files, LIST) else {
        return wrong(LIST, "missing; `markaz pack hash` writes it");
    };
    let list: List = toml::from_str(text).map_err(|error| (LIST.to_owned(), error.to_string()))?;
    for (path, bytes) in files.iter().filter(|(path, _)| *path != LIST) {
        match list.files.get(path) {
            None => return wrong(path, "not on the list of hashes; `markaz pack hash` renews it"),
            Some(known) if *known != hash(bytes) => {
                return wrong(path, "changed since it was hashed; `markaz pack hash` renews the list");
            }
            Some(_) => {}
        }
    }
    match list.files.keys().find(|path| !files.contains_key(*path)) {
        Some(path) => wrong(path, "on the list of hashes, but not there"),
        None => Ok(()),
    }
}

/// A version's files as they stand in a folder; earlier versions kept in it are not part of it.
pub fn folder(root: &Path) -> io::Result<Files> {
    let (mut files, mut waiting) = (Files::new(), vec![root.to_path_buf()]);
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            let inside = path
                .strip_prefix(root)
                .unwrap_or(&path)
                .to_string_lossy()
                .replace('\\', "/");
            if path.is_dir() && inside != "versions" {
                waiting.push(path);
            } else if path.is_file() {
                files.insert(inside, fs::read(&path)?);
            }
        }
    }
    Ok(files)
}

fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}
