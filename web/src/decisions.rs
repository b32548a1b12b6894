//! Decisions a fallback made because a rule failed: what went wrong, and a press that has them made again.

use platform::{Error, Id};
use poem::handler;
use poem::web::{Path, Query};
use serde::Deserialize;
use serde_json::{Value, json};
use workflows::scripts::{self, Decided, Filter};

use crate::nav::Section;
use crate::render;
use crate::sent::Sent;
use crate::visit::{Answer, Visit, done};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    cursor: Option<String>,
}

#[handler]
pub async fn list(visit: Visit, Query(asked): Query<Asked>) -> Answer {
    let filter = Filter {
        degraded: true,
        cursor: asked.cursor,
        ..Filter::default()
    };
    let page = scripts::decisions(visit.app(), visit.actor()?, filter).await?;
    let rows: Vec<Value> = page.items.iter().map(|decided| row(&visit, decided)).collect();
    let next = page.next.map(|cursor| format!("/decisions?cursor={cursor}"));
    let view = json!({"rows": rows, "next": next});
    Ok(render::page(
        &visit.page(Section::Scripts, visit.words.t("decision-degraded")),
        "scripts/degraded",
        &view,
    ))
}

#[handler]
pub async fn rerun(visit: Visit, Path(id): Path<Id>, _sent: Sent) -> Answer {
    match scripts::rerun(visit.app(), visit.actor()?, id).await {
        Ok(()) | Err(Error::Conflict(_)) => Ok(done("/decisions", Some("toast-rerun"))),
        Err(error) => Err(error.into()),
    }
}

fn row(visit: &Visit, decided: &Decided) -> Value {
    let words = &visit.words;
    let failure = decided.failures.get(0).cloned().unwrap_or_default();
    let line = failure["line"].as_i64().filter(|line| *line > 0);
    json!({
        "id": decided.id,
        "hook": decided.hook,
        "rule": words.t(&format!("hook-{}", decided.hook)),
        "lead": decided.lead_id,
        "name": decided.lead_name,
        "at": words.moment(decided.created_at),
        "place": line.map(|line| words.count("script-place", line)),
        "why": scripts::explain_stored(words.lang, &failure),
        "by": words.t(&format!("decision-by-{}", decided.level.replace('_', "-"))),
        "again": decided.rerun_at.map(|at| words.moment(at)),
    })
}
