//! The dry run: what it would do to this centre to run on a pack's version. Nothing is stored.

use std::collections::BTreeMap;
use std::sync::Arc;

use platform::settings;
use platform::{Actor, Error, Permit, Result, Tx};
use sea_orm::FromQueryResult;
use serde_json::{Map, Value};
use wire::pack::{Labels, Pack, Setting, StatusDef, version_number};
use wire::source::functions;
use wire::{Check, Finding, Hook, StatusRef};

use super::overrides::{Overridden, alike, compare, published};
use super::words::{StatusRow, is_shipped, labels, named, statuses};
use crate::ports::Desk;
use crate::scripts::scene;

#[derive(Debug)]
pub struct Report {
    pub pack: Arc<Pack>,
    pub step: Step,
    /// The version installed now.
    pub from: Option<String>,
    /// Whether the centre runs on this pack.
    pub running: bool,
    /// What its scripts may do that the centre has not granted yet.
    pub asked: Vec<String>,
    /// Packs it needs that are not here.
    pub missing: Vec<String>,
    pub new_statuses: Vec<StatusDef>,
    /// Statuses that go out of use, with the leads in them.
    pub retired: Vec<(String, Labels, i64)>,
    pub clashes: Vec<Clash>,
    /// How many words come new: sources, lost reasons, texts, fields.
    pub new_words: BTreeMap<&'static str, usize>,
    pub new_settings: Vec<Setting>,
    /// Values of the centre's that the form no longer has, or no longer takes.
    pub misfits: Vec<Misfit>,
    /// Functions of the pack that are new, changed, gone.
    pub functions: (Vec<String>, Vec<String>, Vec<String>),
    pub overrides: Vec<Overridden>,
    /// What the checker says of the pack's own script among the centre's words; none where it could not be asked.
    pub findings: Option<Vec<Finding>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The pack is not here yet.
    Install,
    /// Here, at this version, but another pack runs.
    Enable,
    Upgrade,
    /// Back to an earlier version.
    Downgrade,
    /// This very version runs.
    None,
}

/// A key the centre uses with another meaning than the pack's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clash {
    /// status, source, lost_reason, pack_text.
    pub what: &'static str,
    pub key: String,
    pub ours: Labels,
    pub theirs: Labels,
    /// A status of another kind: the pack cannot run beside it. Other clashes keep the centre's word.
    pub blocking: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Misfit {
    pub key: String,
    pub value: Value,
    /// What stands in the new form instead; none where it has no such field.
    pub default: Option<Value>,
}

impl Report {
    /// Why it cannot be done, if it cannot.
    pub fn refusal(&self) -> Option<Error> {
        if let Some(clash) = self.clashes.iter().find(|clash| clash.blocking) {
            return Some(Error::refused("pack_clashes").with("name", clash.key.as_str()));
        }
        let missing = self.missing.first()?;
        Some(Error::refused("pack_requires").with("name", missing.as_str()))
    }
}

pub async fn report(desk: &Desk, actor: &Actor, name: &str) -> Result<Report> {
    actor.may(Permit::Scripts)?;
    let pack = super::named(desk, name)?;
    let (author, desk_packs, shipped, theirs) = (actor.clone(), desk.packs.clone(), desk.packs.all(), pack.clone());
    let (mut report, own, scene) = desk
        .app
        .db
        .read(actor.tenant_id(), async move |tx: Tx| {
            let running = super::running(&*desk_packs, &author);
            let report = compiled(&tx, theirs, running, &shipped).await?;
            let own = published(&tx).await?;
            let scene = scene(&tx, &author, &*desk_packs, Hook::OnStatusChanged).await?;
            Ok((report, own, scene))
        })
        .await?;
    let before = pinned(desk, actor, &pack.id, report.from.as_deref());
    report.functions = moved(before.as_ref().map_or("", |before| &before.script), &pack.script);
    // The words as they would be.
    let batch = scene.batch(actor);
    let mut registry = batch.registry;
    let retired: Vec<&String> = report.retired.iter().map(|(key, ..)| key).collect();
    registry.statuses.retain(|status| !retired.contains(&&status.key));
    registry.statuses.extend(report.new_statuses.iter().map(|s| StatusRef {
        key: s.key.clone(),
        kind: s.kind.clone(),
    }));
    extend(&mut registry.sources, pack.sources.iter().map(|s| &s.key));
    extend(&mut registry.templates, pack.texts.iter().map(|t| &t.key));
    extend(&mut registry.lost_reasons, pack.lost_reasons.iter().map(|r| &r.key));
    let check = |source: &str, base: &str| Check {
        tenant: batch.tenant.clone(),
        source: source.to_owned(),
        base: Some(base.to_owned()),
        registry: registry.clone(),
        settings: pack.settings_with(&scene.settings.values),
    };
    let core = desk.packs.core();
    report.findings = ask(desk, check(&pack.script, &core.script)).await;
    // What the override compares with is what runs now, be it another pack.
    let now = super::running(&*desk.packs, actor).unwrap_or_else(|| desk.packs.core());
    for rule in own {
        let findings = ask(desk, check(&rule.source, &pack.script)).await;
        report.overrides.push(Overridden {
            findings,
            ..compare(&rule, &now.script, &pack.script)
        });
    }
    Ok(report)
}

/// The version installed now, if it is still to be had.
fn pinned(desk: &Desk, actor: &Actor, id: &str, from: Option<&str>) -> Option<Arc<Pack>> {
    match from {
        Some(version) => desk.packs.pack(&format!("{id}@{version}")),
        None => super::running(&*desk.packs, actor),
    }
}

async fn compiled(tx: &Tx, pack: Arc<Pack>, running: Option<Arc<Pack>>, shipped: &[Arc<Pack>]) -> Result<Report> {
    let granted = granted(tx, &pack.id).await?;
    let from = match running.as_ref().filter(|running| running.id == pack.id) {
        Some(running) => Some(running.version.clone()),
        None => granted.as_ref().map(|(version, _)| version.clone()),
    };
    let is_running = running.as_ref().is_some_and(|running| running.id == pack.id);
    let step = match from.as_deref().map(version_number) {
        None => Step::Install,
        Some(number) if number < pack.number() => Step::Upgrade,
        Some(number) if number > pack.number() => Step::Downgrade,
        Some(_) if is_running => Step::None,
        Some(_) => Step::Enable,
    };
    // A centre made before packs asked granted what its pack had.
    let granted = match granted {
        Some((_, granted)) => granted,
        None if is_running => running.iter().flat_map(|running| running.permissions.clone()).collect(),
        None => Vec::new(),
    };
    let here = statuses(tx).await?;
    let own = settings::current(tx).await?.values;
    let mut new_words = BTreeMap::new();
    for (what, table) in [
        ("sources", "source"),
        ("lost_reasons", "lost_reason"),
        ("texts", "pack_text"),
    ] {
        let known = labels(tx, table).await?;
        let fresh = named(&pack, table)
            .iter()
            .filter(|(key, _)| !known.contains_key(*key))
            .count();
        new_words.insert(what, fresh);
    }
    let known = labels(tx, "custom_field").await?;
    new_words.insert(
        "fields",
        pack.custom_fields
            .iter()
            .filter(|f| !known.contains_key(&f.key))
            .count(),
    );
    let former = running.as_ref().map_or(&[][..], |running| &running.settings);
    let fresh = |setting: &&Setting| !former.iter().any(|old| old.key == setting.key);
    Ok(Report {
        step,
        running: is_running,
        asked: pack
            .permissions
            .iter()
            .filter(|asked| !granted.contains(asked))
            .cloned()
            .collect(),
        missing: missing(&pack, shipped),
        new_statuses: pack
            .statuses
            .iter()
            .filter(|s| !here.iter().any(|row| row.key == s.key))
            .cloned()
            .collect(),
        retired: retired(tx, &pack, &here, shipped).await?,
        clashes: clashes(tx, &pack, &here, shipped).await?,
        new_words,
        new_settings: pack.settings.iter().filter(fresh).cloned().collect(),
        misfits: misfits(&pack, &own),
        functions: Default::default(),
        overrides: Vec::new(),
        findings: None,
        from,
        pack,
    })
}

/// The version installed and what the centre let it do.
async fn granted(tx: &Tx, id: &str) -> Result<Option<(String, Vec<String>)>> {
    #[derive(FromQueryResult)]
    struct Row {
        version: String,
        permissions: Value,
    }
    let sql = "SELECT version, permissions FROM installed_pack WHERE tenant_id = $1 AND pack = $2";
    let row: Option<Row> = tx.one(sql, vec![tx.tenant().0.into(), id.into()]).await?;
    Ok(row.map(|row| (row.version, serde_json::from_value(row.permissions).unwrap_or_default())))
}

fn missing(pack: &Pack, shipped: &[Arc<Pack>]) -> Vec<String> {
    let here = |id: &str, least: &str| {
        id == "core"
            || shipped
                .iter()
                .any(|other| other.id == id && other.number() >= version_number(least))
    };
    let absent = pack.requires.iter().filter(|(id, least)| !here(id, least));
    absent.map(|(id, least)| format!("{id} {least}")).collect()
}

async fn retired(
    tx: &Tx,
    pack: &Pack,
    here: &[StatusRow],
    shipped: &[Arc<Pack>],
) -> Result<Vec<(String, Labels, i64)>> {
    #[derive(FromQueryResult)]
    struct Row {
        status: String,
        count: i64,
    }
    let sql = "SELECT status, COUNT(*) AS count FROM lead WHERE tenant_id = $1 AND deleted_at IS NULL GROUP BY status";
    let rows: Vec<Row> = tx.all(sql, vec![tx.tenant().0.into()]).await?;
    let leads = |key: &str| rows.iter().find(|row| row.status == key).map_or(0, |row| row.count);
    let in_pack = |key: &str| pack.statuses.iter().any(|s| s.key == key);
    let in_any = |key: &str| shipped.iter().any(|other| other.statuses.iter().any(|s| s.key == key));
    let gone = here
        .iter()
        .filter(|row| row.retired_at.is_none() && !in_pack(&row.key) && in_any(&row.key));
    Ok(gone
        .map(|row| {
            let words = serde_json::from_value(row.labels.clone()).unwrap_or_default();
            (row.key.clone(), words, leads(&row.key))
        })
        .collect())
}

async fn clashes(tx: &Tx, pack: &Pack, here: &[StatusRow], shipped: &[Arc<Pack>]) -> Result<Vec<Clash>> {
    let mut found = Vec::new();
    for status in &pack.statuses {
        let Some(row) = here.iter().find(|row| row.key == status.key) else {
            continue;
        };
        let ours: Labels = serde_json::from_value(row.labels.clone()).unwrap_or_default();
        let blocking = row.kind != status.kind;
        if blocking || (ours != status.labels && !is_shipped(shipped, "status", &row.key, &ours)) {
            found.push(Clash {
                what: "status",
                key: status.key.clone(),
                ours,
                theirs: status.labels.clone(),
                blocking,
            });
        }
    }
    for table in ["source", "lost_reason", "pack_text"] {
        let now = labels(tx, table).await?;
        for (key, theirs) in named(pack, table) {
            let Some(ours) = now.get(key).filter(|ours| *ours != theirs) else {
                continue;
            };
            if !is_shipped(shipped, table, key, ours) {
                found.push(Clash {
                    what: table,
                    key: key.to_owned(),
                    ours: ours.clone(),
                    theirs: theirs.clone(),
                    blocking: false,
                });
            }
        }
    }
    Ok(found)
}

/// The centre's own values that do not fit the pack's form.
pub(super) fn misfits(pack: &Pack, own: &Map<String, Value>) -> Vec<Misfit> {
    let fits = |key: &str, value: &Value| {
        let field = pack.settings.iter().find(|setting| setting.key == key);
        field.is_some_and(|setting| setting.accepts(value).is_ok())
    };
    own.iter()
        .filter(|(key, value)| !fits(key, value))
        .map(|(key, value)| Misfit {
            key: key.clone(),
            value: value.clone(),
            default: pack.defaults().get(key).cloned(),
        })
        .collect()
}

/// Names of functions that are new, changed, gone.
fn moved(before: &str, after: &str) -> (Vec<String>, Vec<String>, Vec<String>) {
    let (before, after) = (functions(before), functions(after));
    let (mut new, mut changed) = (Vec::new(), Vec::new());
    for function in &after {
        match before.iter().find(|old| old.name == function.name) {
            None => new.push(function.name.clone()),
            Some(old) if !alike(&old.text, &function.text) => changed.push(function.name.clone()),
            Some(_) => {}
        }
    }
    let gone = before.iter().filter(|old| !after.iter().any(|f| f.name == old.name));
    (new, changed, gone.map(|old| old.name.clone()).collect())
}

fn extend<'a>(known: &mut Vec<String>, more: impl Iterator<Item = &'a String>) {
    for key in more {
        if !known.contains(key) {
            known.push(key.clone());
        }
    }
}

/// The checker's findings; without a script process the report says so and goes on.
async fn ask(desk: &Desk, check: Check) -> Option<Vec<Finding>> {
    match desk.scripts.check(check).await {
        Ok(report) => Some(report.findings),
        Err(fault) => {
            tracing::warn!(
                code = fault.code,
                message = fault.message,
                "a pack could not be checked"
            );
            None
        }
    }
}
