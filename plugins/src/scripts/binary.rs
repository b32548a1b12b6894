//! Finds the script process: by setting, beside the server, or where cargo builds it.

use std::path::{Path, PathBuf};

const NAME: &str = "markaz-sandbox";

/// `setting` is what `MARKAZ_SANDBOX` says. The places looked at are the answer when none has it.
pub fn find(setting: Option<&Path>) -> Result<PathBuf, Vec<PathBuf>> {
    let places = match setting {
        Some(path) => vec![path.to_path_buf()],
        None => usual_places(),
    };
    match places.iter().find(|path| path.is_file()) {
        Some(path) => Ok(path.clone()),
        None => Err(places),
    }
}

fn usual_places() -> Vec<PathBuf> {
    let mut places = Vec::new();
    let executable = std::env::current_exe().ok();
    if let Some(folder) = executable.as_deref().and_then(Path::parent) {
        places.push(folder.join(NAME));
        // A server or a test built by cargo runs from target/<profile>, a test from its deps.
        for target in folder.ancestors().filter(|folder| folder.ends_with("target")) {
            places.extend(["release", "debug"].map(|profile| target.join("sandbox").join(profile).join(NAME)));
        }
    }
    places.extend(["release", "debug"].map(|profile| Path::new("target/sandbox").join(profile).join(NAME)));
    places
}
