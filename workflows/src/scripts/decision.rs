//! Decision records: what a rule saw, what it answered, which script and line, what was refused. "Why?" reads them.

use chrono::{DateTime, Utc};
use platform::db::{insert, list};
use platform::ids::new_id;
use platform::{Actor, App, Id, Result, Tx};
use sea_orm::FromQueryResult;
use serde::Serialize;
use serde_json::{Value, json};
use wire::{Hook, Level};

use super::answer::Answer;
use super::scene::Scene;

const MAX_INPUT: usize = 16 * 1024;
/// The interface scripts are written for; a replay needs the same.
const ENGINE: &str = "markaz-scripts/1";

#[derive(Clone)]
pub struct Decision {
    pub id: Id,
    hook: Hook,
    batch: Option<Id>,
    event: Option<Id>,
    lead: Id,
    level: Level,
    layer: String,
    hash: String,
    settings_version: i64,
    input: Value,
    plan: Value,
    trace: Value,
    refusals: Value,
    failures: Value,
    ops: i64,
    micros: i64,
}

impl Decision {
    pub fn new(hook: Hook, lead: Id, input: Value, answer: &Answer, scene: &Scene) -> Self {
        let input = within_limit(input);
        let layer = answer.layer.as_ref();
        Decision {
            id: new_id(),
            hook,
            batch: None,
            event: None,
            lead,
            level: layer.map_or(Level::Core, |layer| layer.level),
            layer: layer.map_or_else(|| "native".to_owned(), |layer| layer.name.clone()),
            hash: layer.map(|layer| layer.hash.clone()).unwrap_or_default(),
            settings_version: scene.settings.version,
            input,
            plan: json!(answer.plan),
            trace: json!(answer.trace),
            refusals: json!([]),
            failures: json!(answer.failures),
            ops: answer.ops as i64,
            micros: answer.micros as i64,
        }
    }

    pub fn refused(self, refusals: Vec<Value>) -> Self {
        Decision {
            refusals: Value::Array(refusals),
            ..self
        }
    }

    /// A layer that should have answered did not.
    fn degraded(&self) -> bool {
        self.failures.as_array().is_some_and(|failures| !failures.is_empty())
    }

    pub fn in_batch(self, batch: Id) -> Self {
        Decision {
            batch: Some(batch),
            ..self
        }
    }

    /// Who got the lead in the end: our own rule may have chosen where the script's answer did not hold.
    pub fn gave(mut self, owner: Id, reason: &str, at: DateTime<Utc>) -> Self {
        if let Some(plan) = self.plan.as_object_mut() {
            plan.insert("given".into(), json!({"user_id": owner, "reason": reason, "at": at}));
        }
        self
    }

    pub fn event(&self) -> Option<Id> {
        self.event
    }

    pub fn of_event(self, event: Id) -> Self {
        Decision {
            event: Some(event),
            ..self
        }
    }
}

/// What is too much to keep is left out, the largest part first; what remains says so.
fn within_limit(mut input: Value) -> Value {
    for part in ["candidates", "lead", "event"] {
        if input.to_string().len() <= MAX_INPUT {
            break;
        }
        if let Some(removed) = input.as_object_mut().and_then(|input| input.remove(part)) {
            input["too_large"] = json!({ part: removed.as_array().map_or(1, Vec::len) });
        }
    }
    input
}

pub async fn store_decisions(tx: &Tx, decisions: &[Decision]) -> Result<()> {
    let rows = decisions
        .iter()
        .map(|d| {
            vec![
                tx.tenant().0.into(),
                d.id.into(),
                d.hook.as_str().into(),
                d.batch.into(),
                d.event.into(),
                d.lead.into(),
                d.level.as_str().into(),
                d.layer.as_str().into(),
                d.hash.as_str().into(),
                ENGINE.into(),
                d.settings_version.into(),
                d.input.clone().into(),
                d.plan.clone().into(),
                d.trace.clone().into(),
                d.refusals.clone().into(),
                d.failures.clone().into(),
                d.ops.into(),
                d.micros.into(),
                d.degraded().into(),
                tx.now().into(),
            ]
        })
        .collect();
    insert(
        tx,
        "decision",
        "tenant_id, id, hook, batch_id, event_id, lead_id, level, layer, script_hash, engine, settings_version, \
         input, plan, trace, refusals, failures, ops, micros, degraded, created_at",
        rows,
        "",
    )
    .await?;
    Ok(())
}

/// A stored decision, for "Why?".
#[derive(Debug, Clone, FromQueryResult, Serialize)]
pub struct Stored {
    pub id: Id,
    pub hook: String,
    #[serde(skip)]
    pub batch_id: Option<Id>,
    pub event_id: Option<Id>,
    pub level: String,
    pub layer: String,
    pub script_hash: String,
    pub settings_version: i64,
    pub input: Value,
    pub plan: Value,
    pub trace: Value,
    pub refusals: Value,
    pub failures: Value,
    pub ops: i64,
    pub micros: i64,
    pub created_at: DateTime<Utc>,
}

const COLUMNS: &str = "id, hook, batch_id, event_id, level, layer, script_hash, settings_version, input, plan, trace, \
     refusals, failures, ops, micros, created_at";

/// The latest 50 decisions about a lead, with the candidates as each saw them.
pub async fn of_lead(app: &App, actor: &Actor, lead: Id) -> Result<Vec<Stored>> {
    let actor = actor.clone();
    app.db
        .read(actor.tenant_id(), async move |tx: Tx| {
            crate::leads::find_in(&tx, &actor, lead).await?;
            of_lead_in(&tx, lead, 50).await
        })
        .await
}

/// One decision, with the candidates as it saw them.
pub(super) async fn stored_in(tx: &Tx, id: Id) -> Result<Stored> {
    let sql = format!("SELECT {COLUMNS} FROM decision WHERE tenant_id = $1 AND id = $2");
    let mut found: Vec<Stored> = tx.all(&sql, vec![tx.tenant().0.into(), id.into()]).await?;
    restore_candidates(tx, &mut found).await?;
    found.pop().ok_or(platform::Error::NotFound)
}

/// As [`of_lead`], of a lead already found to be visible.
pub(crate) async fn of_lead_in(tx: &Tx, lead: Id, most: u64) -> Result<Vec<Stored>> {
    let sql =
        format!("SELECT {COLUMNS} FROM decision WHERE tenant_id = $1 AND lead_id = $2 ORDER BY id DESC LIMIT {most}");
    let mut found: Vec<Stored> = tx.all(&sql, vec![tx.tenant().0.into(), lead.into()]).await?;
    restore_candidates(tx, &mut found).await?;
    Ok(found)
}

/// Only a batch's first decision stores the candidates; the picture of a later one follows from what was assigned
/// before it. The batches of all these decisions are read at once.
async fn restore_candidates(tx: &Tx, decisions: &mut [Stored]) -> Result<()> {
    let lacking = |decision: &&mut Stored| decision.input.get("candidates").is_none();
    let mut batches: Vec<Id> = decisions
        .iter_mut()
        .filter(lacking)
        .filter_map(|decision| decision.batch_id)
        .collect();
    batches.sort_unstable();
    batches.dedup();
    if batches.is_empty() {
        return Ok(());
    }
    let sql = format!(
        "SELECT batch_id, id, input, plan FROM decision WHERE tenant_id = $1 AND batch_id IN ({}) \
         ORDER BY batch_id, id LIMIT {}",
        list(2, batches.len()),
        batches.len() * 500
    );
    let mut values: Vec<sea_orm::Value> = vec![tx.tenant().0.into()];
    values.extend(batches.into_iter().map(sea_orm::Value::from));
    let rows: Vec<Given> = tx.all(&sql, values).await?;
    for decision in decisions.iter_mut().filter(lacking) {
        let before: Vec<&Given> = rows
            .iter()
            .filter(|row| Some(row.batch_id) == decision.batch_id && row.id < decision.id)
            .collect();
        if let Some(reps) = seen_after(&before) {
            decision.input["candidates"] = json!(reps);
        }
    }
    Ok(())
}

/// What a decision of a batch was about and whom it gave to.
#[derive(FromQueryResult)]
struct Given {
    batch_id: Id,
    id: Id,
    input: Value,
    plan: Value,
}

/// The candidates after what was given before.
fn seen_after(before: &[&Given]) -> Option<Vec<wire::Candidate>> {
    let first = before.first()?.input.get("candidates")?.clone();
    let mut reps: Vec<wire::Candidate> = serde_json::from_value(first).ok()?;
    for row in before {
        let user = row.plan.pointer("/given/user_id").and_then(Value::as_str);
        let at = row
            .plan
            .pointer("/given/at")
            .and_then(|at| serde_json::from_value(at.clone()).ok());
        if let (Some(user), Some(at)) = (user, at) {
            wire::apply_assignment(&mut reps, user, at);
        }
    }
    Some(reps)
}
