//! The floors of the house: arrows only point down, and the script process stays apart.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Each floor may only name crates of the floors listed beside it.
const FLOORS: &[(&str, &[&str])] = &[
    ("migrations", &[]),
    ("calendar", &[]),
    ("wire", &["calendar"]),
    ("platform", &["migrations"]),
    ("workflows", &["platform", "migrations", "calendar", "wire"]),
    ("tenant-api", &["workflows", "platform", "calendar", "wire"]),
    ("plugins", &["workflows", "platform", "calendar", "wire"]),
    (
        "web",
        &[
            "tenant-api",
            "plugins",
            "workflows",
            "platform",
            "migrations",
            "calendar",
            "wire",
        ],
    ),
    (
        "tests",
        &[
            "web",
            "tenant-api",
            "plugins",
            "workflows",
            "platform",
            "migrations",
            "calendar",
            "wire",
        ],
    ),
];

#[test]
fn arrows_only_point_down() {
    let packages = packages();
    let ours: BTreeSet<&str> = packages.keys().map(String::as_str).collect();
    let floors: BTreeMap<&str, &[&str]> = FLOORS.iter().copied().collect();
    assert_eq!(
        ours,
        floors.keys().copied().collect(),
        "every crate of the workspace has its floor"
    );
    for (name, dependencies) in &packages {
        for dependency in dependencies.iter().filter(|d| ours.contains(d.as_str())) {
            assert!(
                floors[name.as_str()].contains(&dependency.as_str()),
                "{name} must not depend on {dependency}"
            );
        }
    }
}

#[test]
fn the_domain_knows_no_http_no_telegram_and_no_scripts() {
    let packages = packages();
    for outside in ["poem", "poem-openapi", "teloxide", "rhai", "reqwest", "handlebars"] {
        assert!(
            !packages["workflows"].contains(outside),
            "workflows must not depend on {outside}"
        );
    }
    for outside in ["teloxide", "rhai", "casbin", "sea-orm", "poem"] {
        for leaf in ["calendar", "wire"] {
            assert!(!packages[leaf].contains(outside), "{leaf} must not depend on {outside}");
        }
    }
}

#[test]
fn only_the_composition_names_the_floor_below_the_pages() {
    let allowed = ["server.rs", "commands.rs"];
    let composition = root().join("web/src/commands");
    for file in rust_files(&root().join("web/src")) {
        let name = file.file_name().and_then(|n| n.to_str()).expect("a file has a name");
        if (allowed.contains(&name) && file.parent() == Some(&root().join("web/src"))) || file.starts_with(&composition)
        {
            continue;
        }
        let text = std::fs::read_to_string(&file).expect("source is readable");
        for below in ["tenant_api", "plugins", "migrations"] {
            let named = text
                .lines()
                .filter(|line| !line.trim_start().starts_with("//"))
                .any(|line| line.contains(&format!("{below}::")) || line.contains(&format!("use {below}")));
            assert!(!named, "{} names {below}; pages call workflows", file.display());
        }
    }
}

/// casbin switches the limits of any rhai in its build off, so no other crate of this build may use rhai.
#[test]
fn scripts_and_casbin_never_share_a_build() {
    let users: Vec<String> = locked(&root().join("Cargo.lock"))
        .into_iter()
        .filter(|(_, dependencies)| dependencies.iter().any(|d| d == "rhai"))
        .map(|(name, _)| name)
        .collect();
    assert_eq!(users, ["casbin"], "rhai belongs to plugins/sandbox");

    let sandbox = locked(&root().join("plugins/sandbox/Cargo.lock"));
    assert!(sandbox.contains_key("rhai"), "the sandbox locks its own rhai");
    assert!(!sandbox.contains_key("casbin"), "the sandbox must not build casbin");
    assert!(!sandbox.contains_key("platform"), "the sandbox knows only the leaves");
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("tests lies in the workspace")
        .to_owned()
}

/// The workspace's crates, each with what it depends on.
fn packages() -> BTreeMap<String, BTreeSet<String>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(root())
        .output()
        .expect("cargo metadata runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo metadata prints JSON");
    let name = |v: &Value| v["name"].as_str().expect("a package has a name").to_owned();
    metadata["packages"]
        .as_array()
        .expect("packages are a list")
        .iter()
        .map(|package| {
            let dependencies = package["dependencies"].as_array().expect("dependencies are a list");
            (
                name(package),
                dependencies.iter().filter(|d| d["kind"] != "dev").map(name).collect(),
            )
        })
        .collect()
}

/// A lock file's packages, each with the names of what it needs.
fn locked(path: &Path) -> BTreeMap<String, Vec<String>> {
    let text = std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let lock: toml::Value = toml::from_str(&text).expect("a lock file is TOML");
    lock["package"]
        .as_array()
        .expect("packages are a list")
        .iter()
        .map(|package| {
            let dependencies = package
                .get("dependencies")
                .and_then(|d| d.as_array())
                .cloned()
                .unwrap_or_default();
            let names = dependencies
                .iter()
                .filter_map(|d| d.as_str()?.split(' ').next().map(str::to_owned))
                .collect();
            (
                package["name"].as_str().expect("a package has a name").to_owned(),
                names,
            )
        })
        .collect()
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    entries
        .flat_map(|entry| {
            let path = entry.expect("a folder entry is readable").path();
            match path.extension() {
                _ if path.is_dir() => rust_files(&path),
                Some(extension) if extension == "rs" => vec![path],
                _ => Vec::new(),
            }
        })
        .collect()
}
