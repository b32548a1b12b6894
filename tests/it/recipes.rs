//! What the authors of scripts read is true: every recipe lints clean and its tests are green in the script process, the
//! page shows the very text that was run, the examples of the guide parse, and the reference is the engine's own.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use plugins::scripts::packs;
use support::scripts::{centre, check, core, host, registry_of};
use wire::{Golden, Hook};

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs")
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn golden(source: &str, below: Vec<String>, tests: Option<String>) -> Golden {
    let check = check(source);
    Golden {
        tenant: check.tenant,
        registry: check.registry,
        settings: centre().defaults(),
        source: source.to_owned(),
        below,
        tests,
    }
}

#[tokio::test]
async fn every_recipe_is_clean_green_and_shown_as_it_is() {
    let (host, folder) = (host().await, docs().join("recipes"));
    let page = read(&folder.join("README.md"));
    let mut count = 0;
    for entry in std::fs::read_dir(&folder).expect("the folder is there") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|kind| kind != "rhai") {
            continue;
        }
        count += 1;
        let (name, source) = (path.display(), read(&path));
        assert!(
            page.contains(&format!("```rhai\n{source}```\n")),
            "the page shows another {name}"
        );
        let report = host.check(check(&source)).await.expect("a process");
        assert!(report.findings.is_empty(), "{name}: {:?}", report.findings);
        assert_eq!(report.hooks.len(), 1, "{name} is an override of one hook");
        let below = vec![centre().script.clone(), core().script.clone()];
        let results = host
            .prove(golden(&source, below, None))
            .await
            .expect("a process")
            .expect("it parses");
        let red: Vec<_> = results.iter().filter(|test| test.failure.is_some()).collect();
        assert!(red.is_empty() && results.len() >= 2, "{name}: {red:#?}");
        let covered = results
            .iter()
            .flat_map(|test| &test.covers)
            .any(|cover| cover.hook == report.hooks[0]);
        assert!(covered, "{name}: no test runs {}", report.hooks[0]);
    }
    assert_eq!(count, 10, "ten recipes");
    assert_eq!(page.matches("```rhai").count(), count, "a recipe without its file");
}

#[tokio::test]
async fn every_pack_keeps_its_own_promises() {
    let host = host().await;
    assert!(!centre().tests.is_empty(), "the pack of today has tests");
    for pack in packs::packs().expect("the packs read") {
        let mut entered = BTreeSet::new();
        for (file, text) in &pack.tests {
            let golden = Golden {
                registry: registry_of(pack),
                settings: pack.defaults(),
                ..golden(&pack.script, vec![core().script.clone()], Some(text.clone()))
            };
            let results = host.prove(golden).await.expect("a process").expect("it parses");
            let red: Vec<_> = results.iter().filter(|test| test.failure.is_some()).collect();
            assert!(red.is_empty() && !results.is_empty(), "{} {file}: {red:#?}", pack.id);
            let covers = results.into_iter().flat_map(|test| test.covers);
            entered.extend(
                covers
                    .filter(|cover| cover.hook == Hook::OnStatusChanged)
                    .map(|cover| cover.status),
            );
        }
        // Versions from before there were tests have none.
        if pack.id == packs::TRAINING_CENTRE && !pack.tests.is_empty() {
            let statuses: BTreeSet<String> = pack.statuses.iter().map(|status| status.key.clone()).collect();
            assert_eq!(entered, statuses, "a status no test enters");
        }
    }
}

#[tokio::test]
async fn the_guides_examples_are_real() {
    let (host, guide) = (host().await, read(&docs().join("script-authors.md")));
    for block in guide.split("```rhai\n").skip(1) {
        let source = block.split("```").next().expect("it ends");
        let report = host.check(check(source)).await.expect("a process");
        assert!(report.passes(), "{source}\n{:?}", report.findings);
        let below = vec![centre().script.clone(), core().script.clone()];
        let results = host
            .prove(golden(source, below, None))
            .await
            .expect("a process")
            .expect("it parses");
        let red: Vec<_> = results.iter().filter(|test| test.failure.is_some()).collect();
        assert!(red.is_empty(), "{source}\n{red:#?}");
    }
    // What the guide explains line by line is the pack's own text.
    for block in guide.split("```pack\n").skip(1) {
        let lines = block.split("```").next().expect("it ends");
        assert!(centre().script.contains(lines), "the pack no longer says\n{lines}");
    }
    for hook in Hook::ALL {
        assert!(guide.contains(hook.as_str()), "the guide is silent on {hook}");
    }
}

#[tokio::test]
async fn the_reference_is_the_engines_own() {
    let written = reference(&host().await.metadata().await.expect("a process"));
    let path = docs().join("script-reference.md");
    if std::env::var_os("WRITE_DOCS").is_some() {
        std::fs::write(&path, &written).expect("the file is written");
    }
    let stored = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        stored == written,
        "docs/script-reference.md is stale: run make reference"
    );
}

/// The page, from what the script process says of itself.
fn reference(about: &serde_json::Value) -> String {
    let mut out = String::from(
        "# Reference for authors of scripts\n\nWritten from the engine's own words by `make reference`; a test keeps it true. \
         The guide is [script-authors.md](script-authors.md).\n\n## Words\n\n| Word | What it does |\n|---|---|\n",
    );
    for word in about["words"].as_array().expect("words") {
        let params: Vec<&str> = word["params"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|p| p.as_str())
            .collect();
        let gives = match word["returns"].as_str().unwrap_or_default() {
            "" => String::new(),
            kind => format!(" → {kind}"),
        };
        let name = word["name"].as_str().unwrap_or_default();
        let help = word["help"].as_str().unwrap_or_default().replace('|', "\\|");
        out.push_str(&format!("| `{name}({})`{gives} | {help} |\n", params.join(", ")));
    }
    out.push_str("\n## Fields\n\nWhat may be absent has a `?`; absent, it is `()`.\n\n| Of | Fields |\n|---|---|\n");
    for (kind, fields) in about["types"].as_object().expect("fields") {
        let fields = fields.as_object().into_iter().flatten();
        let names: Vec<String> = fields
            .map(|(name, of)| format!("`{name}: {}`", of.as_str().unwrap_or_default()))
            .collect();
        out.push_str(&format!("| {kind} | {} |\n", names.join(", ")));
    }
    let hooks: Vec<String> = about["hooks"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|hook| hook.as_str().or(hook["name"].as_str()).map(|name| format!("`{name}`")))
        .collect();
    out.push_str(&format!("\n## Hooks\n\n{}\n", hooks.join(", ")));
    out
}
