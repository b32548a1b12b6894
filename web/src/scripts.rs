//! The rules: the pack's script beside the tenant's own, errors at their line, versions to go back to.

use std::collections::HashMap;

use platform::{Error, Permit};
use poem::http::StatusCode;
use poem::web::{Path, Query};
use poem::{Response, handler};
use serde::Deserialize;
use serde_json::{Value, json};
use wire::{CheckReport, Finding, Hook, Severity};
use workflows::scripts::{self, Overview, Publish, Version};
use workflows::staff;

use crate::nav::Section;
use crate::render;
use crate::scripts_live;
use crate::sent::Sent;
use crate::tries;
use crate::visit::{Answer, Visit, done};

/// Hooks that may be written and checked already, but wait for the part of the product that calls them.
const LATER: [Hook; 2] = [Hook::KpiScore, Hook::TrialRules];

/// The tabs beside the code. Each is a partial `scripts/<key>.hbs` with the words `script-panel-<key>`.
const PANELS: [&str; 4] = ["versions", "pack", "try", "tests"];

#[handler]
pub async fn index(visit: Visit) -> Answer {
    visit.actor()?.may(Permit::Scripts)?;
    Ok(done("/scripts/distribute", None))
}

#[derive(Deserialize)]
pub struct Shown {
    panel: Option<String>,
}

#[handler]
pub async fn show(visit: Visit, Path(hook): Path<String>, Query(shown): Query<Shown>) -> Answer {
    let draft = Draft {
        panel: shown.panel,
        ..Draft::default()
    };
    page(&visit, parse(&hook)?, draft).await
}

/// Checks the draft, publishes it, carries it over to what is published now, or throws it away: the pressed button
/// says which.
#[handler]
pub async fn submit(visit: Visit, Path(hook): Path<String>, sent: Sent) -> Answer {
    let (hook, source) = (parse(&hook)?, source_of(&sent));
    let (desk, actor) = (&visit.desk, visit.actor()?);
    let based_on = based_on(&sent);
    match sent.get("act") {
        "discard" => {
            scripts::discard_draft(&desk.app, actor, hook).await?;
            return Ok(see(hook, "toast-draft-discarded"));
        }
        "rebase" => {
            let now = scripts::overview(desk, actor, hook).await?;
            scripts::save_draft(&desk.app, actor, hook, &source, now.published).await?;
            return Ok(done(&format!("/scripts/{hook}"), None));
        }
        _ => {}
    }
    let report = scripts::check(desk, actor, hook, &source).await?;
    let kept = |error| Draft {
        source: Some(source.clone()),
        based_on: Some(based_on),
        report: Some(report.clone()),
        error,
        message: sent.get("message").to_owned(),
        panel: None,
    };
    if sent.get("act") != "publish" || !report.passes() {
        scripts_live::keep(&visit, hook, &source, based_on).await?;
        return page(&visit, hook, kept(None)).await;
    }
    let publish = Publish {
        source: source.clone(),
        message: sent.get("message").to_owned(),
        based_on,
        replan: sent.get("replan") == "1",
    };
    match scripts::publish(desk, actor, hook, publish).await {
        Ok(_) => Ok(see(hook, "toast-published")),
        Err(error @ (Error::Refused(_) | Error::Conflict(_) | Error::Invalid(_))) => {
            scripts_live::keep(&visit, hook, &source, based_on).await?;
            page(&visit, hook, kept(Some(error))).await
        }
        Err(error) => Err(error.into()),
    }
}

#[handler]
pub async fn restore(visit: Visit, Path((hook, version)): Path<(String, i64)>, sent: Sent) -> Answer {
    let hook = parse(&hook)?;
    scripts::roll_back(&visit.desk, visit.actor()?, hook, version, sent.get("replan") == "1").await?;
    Ok(see(hook, "toast-restored"))
}

/// Back to the pack's own script.
#[handler]
pub async fn remove(visit: Visit, Path(hook): Path<String>, sent: Sent) -> Answer {
    let hook = parse(&hook)?;
    scripts::remove(&visit.desk, visit.actor()?, hook, sent.get("replan") == "1").await?;
    Ok(see(hook, "toast-restored"))
}

/// What was sent, where something was.
#[derive(Default)]
struct Draft {
    source: Option<String>,
    based_on: Option<Option<i64>>,
    report: Option<CheckReport>,
    error: Option<Error>,
    message: String,
    /// The tab asked for.
    panel: Option<String>,
}

async fn page(visit: &Visit, hook: Hook, sent: Draft) -> Answer {
    let (desk, actor, words) = (&visit.desk, visit.actor()?, &visit.words);
    let (now, versions, users, published, drafts, pending) = tokio::try_join!(
        scripts::overview(desk, actor, hook),
        scripts::versions(&desk.app, actor, hook),
        staff::list(&desk.app, actor),
        scripts::published(&desk.app, actor),
        scripts::drafts(&desk.app, actor, hook),
        scripts::pending(&desk.app, actor, hook),
    )?;
    let author = |id: Option<platform::Id>| {
        let user = users.iter().find(|user| Some(user.id) == id);
        user.map(workflows::staff::User::full_name).unwrap_or_default()
    };
    let stored = now.source.clone().unwrap_or_else(|| starter(desk, actor, hook));
    let (own, others): (Vec<_>, Vec<_>) = drafts.into_iter().partition(|draft| Some(draft.user_id) == actor.user);
    let own = own.into_iter().next();
    let based_on = sent
        .based_on
        .unwrap_or(own.as_ref().map_or(now.published, |draft| draft.based_on));
    let source = sent.source.or(own.as_ref().map(|draft| draft.source.clone()));
    let source = source.unwrap_or_else(|| stored.clone());
    let is_draft = source != stored;
    let faults = sent
        .report
        .as_ref()
        .map(|report| scripts_live::faults(visit, report))
        .unwrap_or_default();
    let summary = scripts_live::summary(visit, sent.report.as_ref());
    let blocked = sent.report.as_ref().is_some_and(|report| !report.passes());
    let meanwhile = (is_draft && based_on != now.published).then(|| meanwhile(visit, &now));
    let panel = PANELS.iter().find(|key| sent.panel.as_deref() == Some(**key));
    // Who has written nothing yet wants to see what runs.
    let panel = panel.unwrap_or(if versions.is_empty() { &"pack" } else { &PANELS[0] });
    let view = json!({
        "hook": {"key": hook.as_str(), "label": label(visit, hook), "about": words.t(&format!("hook-about-{}", hook.as_str()))},
        "hooks": hooks(visit, hook, &published),
        "later": LATER.contains(&hook),
        "panels": PANELS.map(|key| json!({
            "key": key, "label": words.t(&format!("script-panel-{key}")), "current": key == *panel,
        })),
        "panel": PANELS.map(|key| (key, json!(key == *panel))).into_iter().collect::<HashMap<_, _>>(),
        "draft": is_draft,
        "saved": own.as_ref().filter(|_| is_draft).map(|draft| saved(visit, draft.updated_at)),
        "drafts": others.iter().map(|draft| json!({
            "who": author(Some(draft.user_id)), "at": words.moment(draft.updated_at), "id": draft.user_id.to_string(),
        })).collect::<Vec<_>>(),
        "meanwhile": meanwhile,
        "overridden": now.published.is_some(),
        "based_on": based_on,
        "running": now.published.map(|n| words.count("script-running", n)),
        "paused": now.paused_at.map(|at| words.with("script-paused", &[("time", words.moment(at).into())])),
        "pause_reason": now.pause.map(|pause| {
            let place = words.count("script-place", i64::from(pause.line));
            format!("{place}: {}", pause.explain(words.lang))
        }),
        "faults": faults, "faults_json": json!(faults).to_string(),
        "blocked": blocked, "checked": sent.report.is_some(), "summary": summary,
        "words": scripts_live::words_address(visit).await,
        "literals": scripts_live::literals(visit).await?.to_string(),
        "source": source,
        "error": sent.error.as_ref().map(|error| crate::lead::reason(visit, error)),
        "message": sent.message,
        "pending": pending, "pending_words": words.count("script-pending", pending),
        "versions": versions.iter().map(|v| json!({
            "version": format!("v{}", v.version), "number": v.version, "message": v.message,
            "at": words.moment(v.created_at), "who": author(v.author_id), "live": now.published == Some(v.version),
            "parent": v.parent.map_or_else(|| "pack".to_owned(), |n| n.to_string()),
        })).collect::<Vec<_>>(),
        "returns": returns(visit, hook, now.published, &versions),
        "pack": now.pack, "base": now.pack_source, "try": tries::blank(visit),
    });
    let status = if blocked || sent.error.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    Ok(render::page_with(
        status,
        &visit.page(Section::Scripts, label(visit, hook)),
        "scripts/show",
        &view,
    ))
}

fn hooks(visit: &Visit, shown: Hook, published: &HashMap<String, i64>) -> [Value; 10] {
    let words = &visit.words;
    Hook::ALL.map(|hook| {
        let later = LATER.contains(&hook);
        let state = match published.get(hook.as_str()) {
            Some(n) => words.count("script-overridden", *n),
            None if later => words.t("script-later"),
            None => words.t("script-pack"),
        };
        json!({
            "key": hook.as_str(), "label": label(visit, hook), "state": state, "current": hook == shown, "later": later,
        })
    })
}

/// The ways back: to an earlier version, to the pack's rule.
fn returns(visit: &Visit, hook: Hook, published: Option<i64>, versions: &[Version]) -> Vec<Value> {
    let words = &visit.words;
    let mut ways: Vec<Value> = versions
        .iter()
        .filter(|version| published != Some(version.version))
        .map(|version| {
            let number = version.version;
            json!({
                "key": number.to_string(), "title": words.count("script-restore-n", number), "about": version.message,
                "action": format!("/scripts/{hook}/versions/{number}/restore"),
            })
        })
        .collect();
    if published.is_some() {
        ways.push(json!({
            "key": "pack", "title": words.t("script-remove"), "about": null, "action": format!("/scripts/{hook}/removal"),
        }));
    }
    ways
}

/// Somebody published while this was being written.
fn meanwhile(visit: &Visit, now: &Overview) -> String {
    match now.published {
        Some(n) => visit.words.count("script-meanwhile", n),
        None => visit.words.t("script-meanwhile-pack"),
    }
}

pub fn saved(visit: &Visit, at: chrono::DateTime<chrono::Utc>) -> String {
    visit
        .words
        .with("script-saved", &[("time", visit.words.time(at).into())])
}

/// One finding as the page and the editor show it.
pub fn fault(visit: &Visit, finding: &Finding) -> Value {
    let line = Some(finding.line).filter(|line| *line > 0);
    let told = scripts::explain(visit.words.lang, &finding.code, &finding.args, &finding.message);
    let meant = finding
        .suggestion
        .as_ref()
        .map(|word| visit.words.with("script-meant", &[("what", word.as_str().into())]));
    let message = match meant {
        Some(meant) => format!("{told} {meant}"),
        None => told,
    };
    json!({
        "line": line, "column": Some(finding.column).filter(|column| *column > 0), "message": message,
        "severity": if finding.severity == Severity::Error { "error" } else { "warning" },
        "place": line.map(|line| visit.words.count("script-place", i64::from(line))),
        "fix": finding.suggestion,
    })
}

/// What an editor begins with where nothing of one's own is published: what the pack does, or an empty answer.
pub fn starter(desk: &workflows::ports::Desk, actor: &platform::Actor, hook: Hook) -> String {
    let pack = desk.packs.pack(&actor.tenant.pack).unwrap_or_else(|| desk.packs.core());
    let body = if pack.script.contains(&format!("fn {hook}(")) {
        format!("base::{hook}(ctx)")
    } else {
        match hook {
            Hook::Reactivation | Hook::KpiScore => "()",
            Hook::Distribute => "queue(\"waiting\", \"nobody_available\")",
            Hook::LeadScore => "score(50, [])",
            Hook::TrialRules => "allow()",
            Hook::Message => "template(ctx.template_key, #{})",
            _ => "plan()",
        }
        .to_owned()
    };
    format!("fn {hook}(ctx) {{\n    {body}\n}}\n")
}

pub fn label(visit: &Visit, hook: Hook) -> String {
    visit.words.t(&format!("hook-{}", hook.as_str()))
}

pub fn parse(hook: &str) -> Result<Hook, Error> {
    Hook::parse(hook).ok_or(Error::NotFound)
}

pub fn source_of(sent: &Sent) -> String {
    sent.get("source").replace("\r\n", "\n")
}

pub fn based_on(sent: &Sent) -> Option<i64> {
    sent.get("based_on").parse().ok()
}

fn see(hook: Hook, toast: &str) -> Response {
    done(&format!("/scripts/{}", hook.as_str()), Some(toast))
}
