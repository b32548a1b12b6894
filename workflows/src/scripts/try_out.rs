//! Runs one hook of a draft, a stored version or what is live, on a lead or a typed context, at a chosen moment.
//! Nothing is stored, nobody is told: the answer is all there is.

use std::sync::Arc;
use std::time::Duration;

use calendar::Schedule;
use chrono::{DateTime, Datelike, Utc};
use platform::{Actor, Error, Id, Permit, Result, Tx};
use sea_orm::FromQueryResult;
use serde::Serialize;
use serde_json::{Map, Value, json};
use wire::pack::Pack;
use wire::{
    Args, BadField, Batch, Call, Candidate, Failure, FollowUpCtx, Hook, Layer, LayerRef, Level, Outcome, Scenario,
    TraceLine,
};

use super::facts::standing;
use super::scene::{Scene, lead_ctx, scene};
use crate::distribution::candidates;
use crate::leads::activity;
use crate::ports::{Desk, Packs};
use crate::reactivation::steps;

/// A person tries by hand, a program may try a cadence through; a loop gone wild is stopped.
const MOST_PER_MINUTE: u32 = 3_000;
const MINUTE: Duration = Duration::from_secs(60);

/// What to run, on what, when.
#[derive(Debug, Clone, Default)]
pub struct Try {
    /// A draft. With neither a draft nor a version: what is live, with its fallbacks.
    pub source: Option<String>,
    pub version: Option<i64>,
    pub lead: Option<Id>,
    /// Laid over the lead, or over a made-up one.
    pub context: Option<Value>,
    /// The moment; now, if none is named.
    pub at: Option<DateTime<Utc>>,
}

#[derive(Debug, Serialize)]
pub struct Tried {
    pub hook: Hook,
    pub at: DateTime<Utc>,
    /// Who answered; none when what was to be tried failed.
    pub layer: Option<LayerRef>,
    /// The plan, each follow-up with the time it would fall due.
    pub plan: Value,
    pub trace: Vec<TraceLine>,
    pub ops: u64,
    pub micros: u64,
    /// What of the plan would not be done.
    pub refused: Vec<Refused>,
    /// Scripts that failed before one answered, in order.
    pub failures: Vec<Failure>,
}

#[derive(Debug, Serialize)]
pub struct Refused {
    pub code: &'static str,
    pub key: String,
    pub line: u32,
    pub in_base: bool,
}

impl Refused {
    /// What its sentence speaks of.
    pub fn args(&self) -> Args {
        [("name".to_owned(), self.key.clone())].into()
    }
}

pub async fn try_out(desk: &Desk, actor: &Actor, hook: Hook, asked: Try) -> Result<Tried> {
    actor.may(Permit::Scripts)?;
    if asked.source.is_some() && asked.version.is_some() {
        return Err(Error::field("version", "source_or_version"));
    }
    let tenant = actor.tenant_id();
    desk.app
        .shared
        .pace(&format!("try/{tenant}"), MOST_PER_MINUTE, MINUTE)?;
    let at = asked.at.unwrap_or_else(|| desk.app.clock.now());
    if !(1970..3000).contains(&at.year()) {
        return Err(Error::field("at", "bad_time"));
    }
    let alone = asked.source.is_some() || asked.version.is_some();
    let (author, packs) = (actor.clone(), desk.packs.clone());
    let Setting { scene, scenario, reps } = desk
        .app
        .db
        .read(tenant, async move |tx: Tx| {
            setting(&tx, &author, packs, hook, asked, at).await
        })
        .await?;

    let owner = schedule_of(&scene, &scenario, actor);
    let mut batch = Batch {
        candidates: reps,
        calls: vec![scenario.call.clone()],
        ..scene.batch(actor)
    };
    batch.settings.extend(scenario.settings.clone());
    if let (Some(id), Some(hours)) = (scenario.call.owner_id(), &scenario.owner) {
        batch.schedules.insert(id.to_owned(), hours.clone());
    }
    let mut outcome = match desk.scripts.run(batch).await.pop() {
        Some(Ok(outcome)) => outcome,
        Some(Err(fault)) => {
            tracing::warn!(
                code = fault.code,
                message = fault.message,
                "a script could not be tried"
            );
            return Err(Error::Unavailable("scripts_unavailable"));
        }
        None => return Err(Error::internal("no outcome")),
    };
    // Whoever tries a draft asks what the draft does, not what would act in its place.
    if alone && outcome.degraded() {
        outcome = Outcome {
            layer: None,
            plan: Default::default(),
            trace: Vec::new(),
            ops: 0,
            ..outcome
        };
        outcome.failures.truncate(1);
    }
    let (plan, refused) = resolved(&outcome, &scenario.call, &owner, &scene);
    Ok(Tried {
        hook,
        at,
        layer: outcome.layer,
        plan,
        trace: outcome.trace,
        ops: outcome.ops,
        micros: outcome.micros,
        refused,
        failures: outcome.failures,
    })
}

/// Everything a try is run with.
struct Setting {
    scene: Scene,
    scenario: Scenario,
    reps: Vec<Candidate>,
}

async fn setting(
    tx: &Tx,
    actor: &Actor,
    packs: Arc<dyn Packs>,
    hook: Hook,
    asked: Try,
    at: DateTime<Utc>,
) -> Result<Setting> {
    let mut scene = scene(tx, actor, &*packs, hook).await?;
    let base = match asked.lead {
        Some(id) => of_lead(tx, actor, hook, id, at).await?,
        None => Call::made_up(
            hook,
            at,
            scene.registry.of_kind("new").map_or("new", |s| s.key.as_str()),
        ),
    };
    let context = asked.context.unwrap_or_else(|| json!({}));
    let mut scenario = Scenario::read(base, actor.tenant.time_zone, context).map_err(refuse)?;
    let event = &scenario.call.event.id;
    scenario.call.seed = format!("{}|{event}|{}", actor.tenant_id(), hook.as_str());
    let pack = packs.pack(&actor.tenant.pack).unwrap_or_else(|| packs.core());
    check_settings(&pack, &scenario.settings)?;

    let own = match (asked.source, asked.version) {
        (Some(source), _) => Some(("draft".to_owned(), source)),
        (None, Some(version)) => Some((format!("version {version}"), stored(tx, hook, version).await?)),
        (None, None) => None,
    };
    if let Some((name, source)) = own {
        let below = scene.layers.iter().filter(|layer| layer.level > Level::LastGood);
        let below: Vec<Layer> = below.cloned().collect();
        let own = Layer::new(Level::Override, name, source);
        let own = match below.first() {
            Some(base) => own.over(base),
            None => own,
        };
        scene.layers = std::iter::once(own).chain(below).collect();
    }
    let reps = match (hook, scenario.candidates.take()) {
        (_, Some(reps)) => reps,
        (Hook::Distribute, None) => {
            let reps = candidates(tx, actor, &scene.registry, &scene.schedules).await?;
            as_of(reps, &scene, at)
        }
        (_, None) => Vec::new(),
    };
    Ok(Setting { scene, scenario, reps })
}

/// The call a hook would get about a lead, were its event to happen at that moment.
async fn of_lead(tx: &Tx, actor: &Actor, hook: Hook, id: Id, at: DateTime<Utc>) -> Result<Call> {
    #[derive(FromQueryResult)]
    struct Count {
        count: i64,
    }
    let lead = crate::leads::find_in(tx, actor, id).await?;
    let sql = "SELECT COUNT(*) AS count FROM follow_up WHERE tenant_id = $1 AND state = 'open' AND lead_id = $2";
    let open: Option<Count> = tx.one(sql, vec![tx.tenant().0.into(), lead.id.into()]).await?;
    let open = open.map_or(0, |row| row.count.try_into().unwrap_or(0));
    let mut call = Call::made_up(hook, at, &lead.status);
    call.event.id = lead.id.to_string();
    call.lead = call.lead.map(|_| lead_ctx(&lead, open));
    let known = std::slice::from_ref(&lead);
    match hook {
        Hook::LeadScore => call.activity = activity(tx, &[id]).await?.remove(&id).or(call.activity),
        Hook::OnOverdue | Hook::OnFollowupCompleted => {
            if let Some(owner) = lead.owner_id {
                call.owner = call
                    .owner
                    .and(standing(tx, &[owner]).await?.remove(&owner))
                    .or(call.owner);
            }
            next_step(tx, &mut call, id).await?;
        }
        Hook::Reactivation => {
            let day = |at| actor.tenant.local_date(at);
            call.days_since_lost = lead.lost_at.map(|lost| (day(at) - day(lost)).num_days());
            let taken = steps(tx, known).await?.remove(&id).unwrap_or_default();
            call.done_steps = taken.into_iter().collect();
            call.done_steps.sort_unstable();
        }
        _ => {}
    }
    Ok(call)
}

/// The lead's next open follow-up stands for the one in hand.
async fn next_step(tx: &Tx, call: &mut Call, lead: Id) -> Result<()> {
    #[derive(FromQueryResult)]
    struct Row {
        key: String,
        due_at: DateTime<Utc>,
        sequence: i32,
    }
    let sql = "SELECT key, due_at, sequence FROM follow_up WHERE tenant_id = $1 AND state = 'open' AND lead_id = $2 \
               ORDER BY due_at LIMIT 1";
    let row: Option<Row> = tx.one(sql, vec![tx.tenant().0.into(), lead.into()]).await?;
    if let Some(row) = row {
        call.late_seconds = call.late_seconds.map(|_| (call.now - row.due_at).num_seconds().max(0));
        call.followup = Some(FollowUpCtx {
            key: row.key,
            due_at: row.due_at,
            sequence: row.sequence.try_into().ok(),
        });
    }
    Ok(())
}

async fn stored(tx: &Tx, hook: Hook, version: i64) -> Result<String> {
    #[derive(FromQueryResult)]
    struct Row {
        source: String,
    }
    let sql = "SELECT source FROM script_version WHERE tenant_id = $1 AND hook = $2 AND version = $3";
    let values = vec![tx.tenant().0.into(), hook.as_str().into(), version.into()];
    let row: Option<Row> = tx.one(sql, values).await?;
    row.map(|row| row.source).ok_or(Error::NotFound)
}

/// Who would be free at another moment: hours and leave are those of that moment, the rest is as it is now.
fn as_of(reps: Vec<Candidate>, scene: &Scene, at: DateTime<Utc>) -> Vec<Candidate> {
    reps.into_iter()
        .map(|rep| {
            let schedule = rep.id.parse::<Id>().ok().and_then(|id| scene.schedules.get(&id));
            let Some(schedule) = schedule else { return rep };
            let away = schedule.leaves.iter().any(|leave| leave.contains(at));
            let in_hours = Schedule {
                leaves: vec![],
                ..schedule.clone()
            }
            .is_working(at);
            let below_cap = rep.capacity.is_none_or(|most| rep.open_leads < most);
            Candidate {
                available: in_hours && !away && !rep.blocked && below_cap,
                on_leave: away && !rep.absent,
                absent: away && rep.absent,
                in_hours,
                ..rep
            }
        })
        .collect()
}

fn schedule_of(scene: &Scene, scenario: &Scenario, actor: &Actor) -> Schedule {
    let owner: Option<Id> = scenario.call.owner_id().and_then(|id| id.parse().ok());
    scenario
        .owner
        .clone()
        .or_else(|| scene.schedules.get(&owner?).cloned())
        .unwrap_or_else(|| Schedule::unrestricted(actor.tenant.time_zone))
}

/// The plan with every due time worked out, and what would be refused.
fn resolved(outcome: &Outcome, call: &Call, owner: &Schedule, scene: &Scene) -> (Value, Vec<Refused>) {
    let (mut follow_ups, mut refused) = (Vec::new(), Vec::new());
    for item in &outcome.plan.follow_ups {
        match item.due(call.event.occurred_at, call.trial.as_ref(), owner, call.now) {
            Ok(due) => {
                let mut shown = json!(item);
                shown["due_at"] = json!(due.at);
                shown["flagged"] = json!(due.flagged);
                follow_ups.push(shown);
            }
            Err(code) => refused.push(Refused {
                code,
                key: item.key.clone(),
                line: item.line,
                in_base: item.in_base,
            }),
        }
    }
    let (known, unknown): (Vec<_>, Vec<_>) = outcome
        .plan
        .notices
        .iter()
        .partition(|notice| scene.registry.texts.contains_key(&notice.template));
    refused.extend(unknown.into_iter().map(|notice| Refused {
        code: "unknown_template",
        key: notice.template.clone(),
        line: notice.line,
        in_base: notice.in_base,
    }));
    let mut plan = json!(outcome.plan);
    plan["notices"] = json!(known);
    plan["follow_ups"] = Value::Array(follow_ups);
    if plan["cancel_open"].is_null() {
        plan["cancel_open"] = json!(false);
    }
    (plan, refused)
}

fn check_settings(pack: &Pack, own: &Map<String, Value>) -> Result<()> {
    let refusal = match pack.check_settings(own) {
        Ok(()) => return Ok(()),
        Err(bad) => crate::settings::refusal(pack, bad),
    };
    Err(match refusal {
        Error::Invalid(mut fields) => {
            for field in &mut fields {
                field.field = format!("context.settings.{}", field.field);
            }
            Error::Invalid(fields)
        }
        other => other,
    })
}

fn refuse(bad: BadField) -> Error {
    let error = Error::field(bad.field, bad.code);
    match bad.most {
        Some(most) => error.with("max", most),
        None => error,
    }
}
