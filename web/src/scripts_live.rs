//! What the editor asks while somebody types: keep the draft, check it, and which words there are.

use platform::Error;
use platform::locale;
use poem::http::header;
use poem::web::Path;
use poem::{Response, handler};
use serde_json::{Value, json};
use wire::{CheckReport, Hook};
use workflows::{leads, scripts};

use crate::scripts::{based_on, fault, parse, saved, source_of, starter};
use crate::sent::Sent;
use crate::visit::{Answer, Visit};

/// Keeps the draft and checks it.
#[handler]
pub async fn check(visit: Visit, Path(hook): Path<String>, sent: Sent) -> Answer {
    let (hook, source) = (parse(&hook)?, source_of(&sent));
    let kept = match keep(&visit, hook, &source, based_on(&sent)).await {
        Ok(kept) => kept,
        Err(Error::Invalid(_)) => None,
        Err(error) => return Err(error.into()),
    };
    let report = match scripts::check(&visit.desk, visit.actor()?, hook, &source).await {
        Ok(report) => Some(report),
        Err(Error::Unavailable(_)) => None,
        Err(error) => return Err(error.into()),
    };
    let summary = match &report {
        Some(report) => summary(&visit, Some(report)),
        None => visit.explain(&Error::Unavailable("scripts_unavailable")),
    };
    let answer = json!({
        "saved": kept.map(|at| saved(&visit, at)), "draft": kept.is_some(),
        "faults": report.as_ref().map(|report| faults(&visit, report)),
        "summary": summary, "blocked": report.as_ref().is_some_and(|report| !report.passes()),
    });
    Ok(json_of(&answer, "no-store"))
}

/// The engine's words with help in the reader's language. Their address changes with them, so a browser keeps them.
#[handler]
pub async fn words(visit: Visit, Path(version): Path<String>) -> Answer {
    let found = translated(&visit).await?;
    let caching = if version == version_of(&found) {
        "private, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    Ok(json_of(&found, caching))
}

/// Saves what is not yet published; a draft that says what runs already is none.
pub async fn keep(
    visit: &Visit,
    hook: Hook,
    source: &str,
    based_on: Option<i64>,
) -> Result<Option<chrono::DateTime<chrono::Utc>>, Error> {
    let (desk, actor) = (&visit.desk, visit.actor()?);
    let now = scripts::overview(desk, actor, hook).await?;
    let stored = now.source.unwrap_or_else(|| starter(desk, actor, hook));
    if source == stored {
        scripts::discard_draft(&desk.app, actor, hook).await?;
        return Ok(None);
    }
    scripts::save_draft(&desk.app, actor, hook, source, based_on)
        .await
        .map(Some)
}

pub fn faults(visit: &Visit, report: &CheckReport) -> Vec<Value> {
    report.findings.iter().map(|finding| fault(visit, finding)).collect()
}

pub fn summary(visit: &Visit, report: Option<&CheckReport>) -> String {
    match report {
        None => visit.words.t("script-check-hint"),
        Some(report) if report.findings.is_empty() => visit.words.t("script-checked"),
        Some(report) => visit.words.count("script-faults", report.findings.len() as i64),
    }
}

/// Where the words are to be had; none while the script service does not answer.
pub async fn words_address(visit: &Visit) -> Option<String> {
    let found = translated(visit).await.ok()?;
    Some(format!("/scripts/words/{}", version_of(&found)))
}

/// The center's own keys that belong into texts of a script, each with its label.
pub async fn literals(visit: &Visit) -> Result<Value, Error> {
    let (desk, actor, lang) = (&visit.desk, visit.actor()?, visit.words.lang);
    let registry = leads::registry(&desk.app, actor).await?;
    let pack = desk.packs.pack(&actor.tenant.pack).unwrap_or_else(|| desk.packs.core());
    let named = |all: &[leads::Named]| all.iter().map(|n| json!([n.key, n.label(lang)])).collect::<Value>();
    let label = |labels: &wire::pack::Labels| labels.get(lang.code()).cloned().unwrap_or_default();
    let mut kinds: Vec<&str> = registry.statuses.iter().map(|status| status.kind.as_str()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    Ok(json!({
        "status": registry.statuses.iter().map(|s| json!([s.key, s.label(lang)])).collect::<Value>(),
        "kind": kinds.iter().map(|kind| json!([kind, ""])).collect::<Value>(),
        "source": named(&registry.sources),
        "lost_reason": named(&registry.lost_reasons),
        "template": registry.texts.keys().map(|key| json!([key, registry.text(key, lang)])).collect::<Value>(),
        "setting": pack.settings.iter().map(|s| json!([s.key, label(&s.labels)])).collect::<Value>(),
        "anchor": [["trial_start", ""], ["trial_end", ""]],
        "role": (["owner", "sales", "manager", "admin"].map(|role| json!([role, ""]))),
    }))
}

async fn translated(visit: &Visit) -> Result<Value, Error> {
    let mut found = (*scripts::describe(&visit.desk, visit.actor()?).await?).clone();
    for word in found["words"].as_array_mut().into_iter().flatten() {
        let name = word["name"].as_str().unwrap_or_default().replace('_', "-");
        // The same name may mean something else on another thing: `text` of a follow-up, `text` of a demand.
        let on = word["params"][0]
            .as_str()
            .and_then(|first| first.split(':').next())
            .unwrap_or_default();
        let ids = [format!("word-{name}-{on}"), format!("word-{name}")];
        if let Some(help) = ids.iter().find_map(|id| locale::find(visit.words.lang, id, &[])) {
            word["help"] = help.into();
        }
    }
    Ok(found)
}

fn version_of(found: &Value) -> String {
    wire::source_hash(&found.to_string()).chars().take(16).collect()
}

fn json_of(value: &Value, caching: &str) -> Response {
    Response::builder()
        .content_type("application/json")
        .header(header::CACHE_CONTROL, caching)
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
        .body(value.to_string())
}
