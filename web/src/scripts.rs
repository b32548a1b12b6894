//! The rules: the pack's script beside the tenant's own, errors at their line, versions to go back to.

use std::collections::HashMap;

use platform::{Error, Permit};
use poem::http::StatusCode;
use poem::web::{Path, Query};
use poem::{Response, handler};
use serde::Deserialize;
use serde_json::{Value, json};
use wire::{CheckReport, Finding, Hook, Severity};
use workflows::scripts::{self, Publish};
use workflows::staff;

use crate::nav::Section;
use crate::render;
use crate::sent::Sent;
use crate::visit::{Answer, Visit, done};

/// Hooks that may be written and checked already, but wait for the part of the product that calls them.
const LATER: [Hook; 3] = [Hook::KpiScore, Hook::TrialRules, Hook::Message];

/// The tabs beside the code, first shown first. Each is a partial `scripts/<key>.hbs` with the words `script-panel-<key>`.
const PANELS: [&str; 2] = ["versions", "pack"];

/// What a script may say, for the editor to complete.
const WORDS: [&str; 24] = [
    "ctx.lead",
    "ctx.lead.course_id",
    "ctx.lead.source",
    "ctx.lead.tags",
    "ctx.candidates",
    "ctx.event",
    "ctx.settings",
    "ctx.queue_ahead",
    "available",
    "open_leads",
    "overdue",
    "assigned_today",
    "last_assigned_at",
    "teaches(",
    "assign(",
    "queue(",
    "follow_up(",
    "plan(",
    "trace(",
    "minutes(",
    "hours(",
    "days(",
    "in_work_hours(",
    "base::",
];

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

/// Checks the draft, or checks and publishes it: which, the pressed button says.
#[handler]
pub async fn submit(visit: Visit, Path(hook): Path<String>, sent: Sent) -> Answer {
    let (hook, source) = (parse(&hook)?, sent.get("source").replace("\r\n", "\n"));
    let actor = visit.actor()?;
    let report = scripts::check(&visit.desk, actor, hook, &source).await?;
    let kept = |error| Draft {
        source: Some(source.clone()),
        report: Some(report.clone()),
        error,
        message: sent.get("message").to_owned(),
        panel: None,
    };
    if sent.get("act") != "publish" || !report.passes() {
        return page(&visit, hook, kept(None)).await;
    }
    let publish = Publish {
        source: source.clone(),
        message: sent.get("message").to_owned(),
        based_on: sent.get("based_on").parse().ok(),
    };
    match scripts::publish(&visit.desk, actor, hook, publish).await {
        Ok(_) => Ok(see(hook, "toast-published")),
        Err(error @ (Error::Refused(_) | Error::Conflict(_) | Error::Invalid(_))) => {
            page(&visit, hook, kept(Some(error))).await
        }
        Err(error) => Err(error.into()),
    }
}

#[handler]
pub async fn restore(visit: Visit, Path((hook, version)): Path<(String, i64)>, _sent: Sent) -> Answer {
    let hook = parse(&hook)?;
    scripts::roll_back(&visit.desk, visit.actor()?, hook, version).await?;
    Ok(see(hook, "toast-restored"))
}

/// Back to the pack's own script.
#[handler]
pub async fn remove(visit: Visit, Path(hook): Path<String>, _sent: Sent) -> Answer {
    let hook = parse(&hook)?;
    scripts::remove(&visit.desk, visit.actor()?, hook).await?;
    Ok(see(hook, "toast-restored"))
}

#[derive(Default)]
struct Draft {
    source: Option<String>,
    report: Option<CheckReport>,
    error: Option<Error>,
    message: String,
    /// The tab asked for.
    panel: Option<String>,
}

async fn page(visit: &Visit, hook: Hook, draft: Draft) -> Answer {
    let (desk, actor, words) = (&visit.desk, visit.actor()?, &visit.words);
    let (now, versions, users, published) = tokio::try_join!(
        scripts::overview(desk, actor, hook),
        scripts::versions(&desk.app, actor, hook),
        staff::list(&desk.app, actor),
        scripts::published(&desk.app, actor),
    )?;
    let hooks = Hook::ALL.map(|other| {
        let later = LATER.contains(&other);
        let state = match published.get(other.as_str()) {
            Some(n) => words.count("script-overridden", *n),
            None if later => words.t("script-later"),
            None => words.t("script-pack"),
        };
        json!({
            "key": other.as_str(), "label": label(visit, other), "state": state, "current": other == hook, "later": later,
        })
    });
    let panel = PANELS
        .iter()
        .find(|key| draft.panel.as_deref() == Some(**key))
        .unwrap_or(&PANELS[0]);
    let faults: Vec<Value> = draft
        .report
        .iter()
        .flat_map(|report| &report.findings)
        .map(|finding| fault(visit, finding))
        .collect();
    let errors = draft
        .report
        .iter()
        .flat_map(|r| &r.findings)
        .filter(|f| f.severity == Severity::Error)
        .count();
    let author = |id: Option<platform::Id>| {
        users
            .iter()
            .find(|user| Some(user.id) == id)
            .map(workflows::staff::User::full_name)
            .unwrap_or_default()
    };
    let stored = now.source.clone().unwrap_or_else(|| starter(hook));
    let source = draft.source.unwrap_or_else(|| stored.clone());
    let view = json!({
        "hook": {"key": hook.as_str(), "label": label(visit, hook), "about": words.t(&format!("hook-about-{}", hook.as_str()))},
        "hooks": hooks,
        "later": LATER.contains(&hook),
        "panels": PANELS.map(|key| json!({
            "key": key, "label": words.t(&format!("script-panel-{key}")), "current": key == *panel,
        })),
        "panel": PANELS.map(|key| (key, json!(key == *panel))).into_iter().collect::<HashMap<_, _>>(),
        "draft": source != stored,
        "overridden": now.published.is_some(),
        "based_on": now.published,
        "running": now.published.map(|n| words.count("script-running", n)),
        "paused": now.paused_at.map(|at| words.with("script-paused", &[("time", words.moment(at).into())])),
        "pause_reason": now.pause.map(|pause| {
            let place = words.count("script-place", i64::from(pause.line));
            format!("{place}: {}", pause.explain(words.lang))
        }),
        "faults": faults, "faults_json": Value::Array(faults.clone()).to_string(),
        "blocked": errors > 0,
        "fault_words": words.count("script-faults", faults.len() as i64),
        "words_json": json!(WORDS).to_string(),
        "checked": (draft.report.is_some() && faults.is_empty()).then(|| words.t("script-checked")),
        "source": source,
        "error": draft.error.as_ref().map(|error| crate::lead::reason(visit, error)),
        "message": draft.message,
        "versions": versions.iter().map(|v| json!({
            "version": format!("v{}", v.version), "number": v.version, "message": v.message,
            "at": words.moment(v.created_at), "who": author(v.author_id), "live": now.published == Some(v.version),
        })).collect::<Vec<_>>(),
        "pack": now.pack, "base": now.pack_source,
    });
    let status = if errors > 0 || draft.error.is_some() {
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

fn fault(visit: &Visit, finding: &Finding) -> Value {
    let line = Some(finding.line).filter(|line| *line > 0);
    let meant = finding
        .suggestion
        .as_ref()
        .map(|word| visit.words.with("script-meant", &[("what", word.as_str().into())]));
    let told = scripts::explain(visit.words.lang, &finding.code, &finding.args, &finding.message);
    let message = match meant {
        Some(meant) => format!("{told} {meant}"),
        None => told,
    };
    json!({
        "line": line, "column": Some(finding.column).filter(|column| *column > 0), "message": message,
        "severity": if finding.severity == Severity::Error { "error" } else { "warning" },
        "place": line.map(|line| visit.words.count("script-place", i64::from(line))),
        "bad": finding.severity == Severity::Error,
    })
}

/// An override that does what the pack does: a place to start from.
fn starter(hook: Hook) -> String {
    format!("fn {0}(ctx) {{\n    base::{0}(ctx)\n}}\n", hook.as_str())
}

fn label(visit: &Visit, hook: Hook) -> String {
    visit.words.t(&format!("hook-{}", hook.as_str()))
}

fn parse(hook: &str) -> Result<Hook, Error> {
    Hook::parse(hook).ok_or(Error::NotFound)
}

fn see(hook: Hook, toast: &str) -> Response {
    done(&format!("/scripts/{}", hook.as_str()), Some(toast))
}
