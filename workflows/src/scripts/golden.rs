//! Golden tests: what a script's `test_*` functions demand of it. A red one keeps a version from being published; the
//! pack's own are shown beside them, since an override may change what the pack promises on purpose.

use std::collections::BTreeSet;
use std::sync::Arc;

use platform::{Actor, Error, Permit, Result, Tx};
use serde::Serialize;
use wire::pack::Pack;
use wire::{Args, Golden, Hook, TestFailure, TestResult};

use super::explain::explain;
use super::scene::{Scene, scene};
use crate::ports::Desk;

#[derive(Debug, Serialize)]
pub struct Proof {
    pub tests: Vec<TestResult>,
    /// The pack's own tests, run over this script.
    pub pack: Vec<PackTests>,
    /// The script does not parse, so nothing ran.
    pub unreadable: Option<TestFailure>,
    /// Whether any test of the script runs its hook.
    pub runs_hook: bool,
    /// Statuses no test of the script enters.
    pub untested: Vec<String>,
}

#[derive(Debug, Serialize)]
pub struct PackTests {
    pub file: String,
    pub tests: Vec<TestResult>,
}

impl Proof {
    pub fn first_red(&self) -> Option<(&str, &TestFailure)> {
        let mut red = self.tests.iter();
        red.find_map(|test| Some((test.name.as_str(), test.failure.as_ref()?)))
    }
}

/// Runs the tests that stand in a script, and the pack's over it.
pub async fn prove(desk: &Desk, actor: &Actor, hook: Hook, source: &str) -> Result<Proof> {
    actor.may(Permit::Scripts)?;
    let (scene, pack) = stage(desk, actor, hook).await?;
    let golden = golden(&scene, &pack, desk, actor, source);
    let tests = match run(desk, golden.clone()).await? {
        Ok(tests) => tests,
        Err(unreadable) => {
            return Ok(Proof {
                tests: Vec::new(),
                pack: Vec::new(),
                unreadable: Some(unreadable),
                runs_hook: false,
                untested: Vec::new(),
            });
        }
    };
    let mut over = Vec::new();
    for (file, text) in &pack.tests {
        let golden = Golden {
            tests: Some(text.clone()),
            ..golden.clone()
        };
        let file = file.clone();
        match run(desk, golden).await? {
            Ok(tests) => over.push(PackTests { file, tests }),
            Err(fault) => tracing::error!(file, fault.message, "a pack's tests do not parse"),
        }
    }
    let mut covers = tests.iter().flat_map(|test| &test.covers);
    Ok(Proof {
        runs_hook: covers.any(|cover| cover.hook == hook),
        untested: untested(&scene, hook, &tests),
        tests,
        pack: over,
        unreadable: None,
    })
}

/// What publishing asks: the script's own tests are green.
pub(super) async fn gate(desk: &Desk, actor: &Actor, hook: Hook, source: &str) -> Result<()> {
    // Most overrides have none, and then no process need be asked.
    if !source.contains("test_") {
        return Ok(());
    }
    let (scene, pack) = stage(desk, actor, hook).await?;
    let golden = golden(&scene, &pack, desk, actor, source);
    let tests = match run(desk, golden).await? {
        Ok(tests) => tests,
        // The check before has said so already.
        Err(fault) => return Err(red("", &fault, actor)),
    };
    let mut failed = tests.iter();
    match failed.find_map(|test| Some((&test.name, test.failure.as_ref()?))) {
        Some((name, failure)) => Err(red(name, failure, actor)),
        None => Ok(()),
    }
}

fn red(name: &str, failure: &TestFailure, actor: &Actor) -> Error {
    let reason = explain(actor.lang, &failure.code, &failure.args, &failure.message);
    Error::refused("test_failed")
        .with("name", name)
        .with("line", failure.line)
        .with("column", failure.column)
        .with("reason", reason)
}

async fn stage(desk: &Desk, actor: &Actor, hook: Hook) -> Result<(Scene, Arc<Pack>)> {
    let (author, packs) = (actor.clone(), desk.packs.clone());
    let pack = packs.pack(&actor.tenant.pack).unwrap_or_else(|| packs.core());
    let scene = desk
        .app
        .db
        .read(actor.tenant_id(), async move |tx: Tx| {
            scene(&tx, &author, &*packs, hook).await
        })
        .await?;
    Ok((scene, pack))
}

fn golden(scene: &Scene, pack: &Pack, desk: &Desk, actor: &Actor, source: &str) -> Golden {
    let batch = scene.batch(actor);
    let core = desk.packs.core();
    let mut below = vec![pack.script.clone()];
    if pack.id != core.id {
        below.push(core.script.clone());
    }
    Golden {
        tenant: batch.tenant,
        registry: batch.registry,
        settings: pack.defaults(),
        source: source.to_owned(),
        below,
        tests: None,
    }
}

async fn run(desk: &Desk, golden: Golden) -> Result<std::result::Result<Vec<TestResult>, TestFailure>> {
    match desk.scripts.prove(golden).await {
        Ok(results) => Ok(results),
        // A test that brings its process down has failed like any other.
        Err(fault) if fault.code == "script_killed" => Ok(Err(TestFailure {
            code: "killed".into(),
            message: fault.message,
            args: Args::new(),
            line: 0,
            column: 0,
        })),
        Err(fault) => {
            tracing::warn!(code = fault.code, message = fault.message, "tests could not be run");
            Err(Error::Unavailable("scripts_unavailable"))
        }
    }
}

fn untested(scene: &Scene, hook: Hook, tests: &[TestResult]) -> Vec<String> {
    let covers = tests.iter().flat_map(|test| &test.covers);
    let entered: BTreeSet<&str> = covers
        .filter(|cover| cover.hook == hook)
        .map(|cover| cover.status.as_str())
        .collect();
    if hook != Hook::OnStatusChanged {
        return Vec::new();
    }
    let statuses = scene.registry.statuses.iter().map(|status| status.key.clone());
    statuses.filter(|key| !entered.contains(key.as_str())).collect()
}
