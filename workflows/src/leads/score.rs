//! How good a lead is, by the tenant's own rule: asked when something happens with it, and of every open lead once a
//! night. Where the rule fails, the score stays what it was.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use platform::db::{Scoped, list};
use platform::jobs::{Job, finish_in, hold_in};
use platform::{Actor, Id, Result, Tx};
use sea_orm::{ColumnTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, Value};
use serde_json::json;
use wire::{ActivityCtx, Batch, Call, EventCtx, Hook};

use super::lead::{Lead, entity};
use super::status::Registry;
use crate::ports::Desk;
use crate::scripts::{self, Answer, Decision, Scene};

const AT_ONCE: usize = 500;

/// Scores the leads a job names.
pub async fn score(desk: &Desk, job: &Job) -> Result<()> {
    let actor = Actor::system(desk.app.tenants.by_id(job.tenant).await?);
    let (scene, leads) = read(desk, &actor, Which::Named(job.ids.clone())).await?;
    let answers = ask(desk, &actor, &scene, &leads).await;
    store(desk, &actor, scene, leads, answers, job, true).await
}

/// Scores every open lead, page by page.
pub async fn score_all(desk: &Desk, job: &Job) -> Result<()> {
    let actor = Actor::system(desk.app.tenants.by_id(job.tenant).await?);
    let mut after = None;
    loop {
        let (scene, leads) = read(desk, &actor, Which::OpenAfter(after)).await?;
        after = leads.last().map(|scored| scored.lead.id);
        let last = leads.len() < AT_ONCE;
        let answers = ask(desk, &actor, &scene, &leads).await;
        store(desk, &actor, scene, leads, answers, job, last).await?;
        if last {
            return Ok(());
        }
    }
}

enum Which {
    Named(Vec<Id>),
    OpenAfter(Option<Id>),
}

struct Scored {
    lead: Lead,
    call: Call,
}

async fn read(desk: &Desk, actor: &Actor, which: Which) -> Result<(Scene, Vec<Scored>)> {
    let (author, packs) = (actor.clone(), desk.packs.clone());
    let now = desk.app.clock.now();
    desk.app
        .db
        .read(actor.tenant_id(), async move |tx: Tx| {
            let scene = scripts::scene(&tx, &author, &*packs, Hook::LeadScore).await?;
            if !scene.answered {
                return Ok((scene, Vec::new()));
            }
            let leads = wanted(&tx, &scene.registry, which).await?;
            let ids: Vec<Id> = leads.iter().map(|lead| lead.id).collect();
            let activity = activity(&tx, &ids).await?;
            let leads = leads
                .into_iter()
                .enumerate()
                .map(|(at, lead)| {
                    let seen = activity.get(&lead.id).copied().unwrap_or_default();
                    let call = call(at as u32, &lead, seen, now, &author);
                    Scored { lead, call }
                })
                .collect();
            Ok((scene, leads))
        })
        .await
}

async fn wanted(tx: &Tx, registry: &Registry, which: Which) -> Result<Vec<Lead>> {
    let all = entity::Entity::of(tx.tenant());
    let query = match which {
        Which::Named(ids) => all.filter(entity::Column::Id.is_in(ids)),
        Which::OpenAfter(after) => {
            let closed = registry
                .statuses
                .iter()
                .filter(|s| matches!(s.kind.as_str(), "won" | "lost"));
            let open = all.filter(entity::Column::Status.is_not_in(closed.map(|s| s.key.clone())));
            match after {
                Some(after) => open.filter(entity::Column::Id.gt(after)),
                None => open,
            }
        }
    };
    let query = query.order_by_asc(entity::Column::Id).limit(AT_ONCE as u64);
    Ok(query.all(tx).await?)
}

fn call(id: u32, lead: &Lead, seen: ActivityCtx, now: DateTime<Utc>, actor: &Actor) -> Call {
    let event = EventCtx {
        id: lead.id.to_string(),
        kind: "lead.scored".into(),
        occurred_at: now,
        actor: wire::Actor {
            id: None,
            role: actor.role.clone(),
        },
        depth: 0,
    };
    let seed = format!("{}|{}|lead_score", actor.tenant_id(), lead.id);
    let mut call = Call::new(id, Hook::LeadScore, now, seed, event, scripts::lead_ctx(lead, 0));
    call.activity = Some(seen);
    call
}

async fn ask(desk: &Desk, actor: &Actor, scene: &Scene, leads: &[Scored]) -> Vec<Answer> {
    if leads.is_empty() {
        return Vec::new();
    }
    let batch = Batch {
        calls: leads.iter().map(|scored| scored.call.clone()).collect(),
        ..scene.batch(actor)
    };
    let outcomes = desk.scripts.run_slow(batch).await;
    outcomes.into_iter().map(|o| Answer::from(o, &scene.layers)).collect()
}

async fn store(
    desk: &Desk,
    actor: &Actor,
    scene: Scene,
    leads: Vec<Scored>,
    answers: Vec<Answer>,
    job: &Job,
    last: bool,
) -> Result<()> {
    let (actor, job) = (actor.clone(), job.clone());
    desk.app
        .db
        .write(actor.tenant_id(), async move |tx: Tx| {
            let (mut decisions, mut failures) = (Vec::new(), Vec::new());
            for (scored, answer) in leads.iter().zip(&answers) {
                failures.extend(answer.failures.iter().cloned());
                let changed = write(&tx, &scored.lead, answer).await?;
                if changed || !answer.failures.is_empty() {
                    let input =
                        json!({"lead": scored.call.lead, "activity": scored.call.activity, "now": scored.call.now});
                    decisions.push(Decision::new(Hook::LeadScore, scored.lead.id, input, answer, &scene));
                }
            }
            scripts::store_decisions(&tx, &decisions).await?;
            scripts::note_failures(&tx, &actor, Hook::LeadScore, &failures).await?;
            if last {
                finish_in(&tx, &job).await
            } else {
                hold_in(&tx, &job).await
            }
        })
        .await
}

/// Stores a score that is another than before. The lead's version stays: nobody's edit is out of date for it.
async fn write(tx: &Tx, lead: &Lead, answer: &Answer) -> Result<bool> {
    let Some(score) = &answer.plan.score else {
        return Ok(false);
    };
    let reasons = json!(score.reasons);
    if lead.score == Some(i16::from(score.value)) && lead.score_reasons.as_ref() == Some(&reasons) {
        return Ok(false);
    }
    let sql = "UPDATE lead SET score = $3, score_reasons = $4 WHERE tenant_id = $1 AND id = $2";
    let values = vec![
        tx.tenant().0.into(),
        lead.id.into(),
        i16::from(score.value).into(),
        reasons.into(),
    ];
    Ok(tx.run(sql, values).await? == 1)
}

/// What has happened with each of these leads.
pub(crate) async fn activity(tx: &Tx, leads: &[Id]) -> Result<HashMap<Id, ActivityCtx>> {
    #[derive(FromQueryResult)]
    struct Done {
        lead_id: Id,
        done: i64,
        late: i64,
        reached: i64,
        unanswered: i64,
        last_contact_at: Option<DateTime<Utc>>,
    }
    #[derive(FromQueryResult)]
    struct Asked {
        lead_id: Id,
        count: i64,
    }
    if leads.is_empty() {
        return Ok(HashMap::new());
    }
    let mut values: Vec<Value> = vec![tx.tenant().0.into()];
    values.extend(leads.iter().map(|id| Value::from(*id)));
    let ids = list(2, leads.len());
    let sql = format!(
        "SELECT lead_id, COUNT(*) AS done, COUNT(CASE WHEN completed_at > due_at THEN 1 END) AS late, \
         COUNT(CASE WHEN outcome = 'reached' THEN 1 END) AS reached, \
         COUNT(CASE WHEN outcome = 'no_answer' THEN 1 END) AS unanswered, \
         MAX(CASE WHEN outcome = 'reached' THEN completed_at END) AS last_contact_at \
         FROM follow_up WHERE tenant_id = $1 AND state = 'done' AND lead_id IN ({ids}) GROUP BY lead_id"
    );
    let done: Vec<Done> = tx.all(&sql, values.clone()).await?;
    let sql = format!(
        "SELECT lead_id, COUNT(*) AS count FROM event WHERE tenant_id = $1 AND kind = 'lead.enquired_again' \
         AND lead_id IN ({ids}) GROUP BY lead_id"
    );
    let asked: Vec<Asked> = tx.all(&sql, values).await?;
    let whole = |count: i64| u32::try_from(count).unwrap_or(u32::MAX);
    let mut found: HashMap<Id, ActivityCtx> = HashMap::new();
    for row in done {
        let seen = found.entry(row.lead_id).or_default();
        seen.followups_done = whole(row.done);
        seen.followups_late = whole(row.late);
        seen.reached = whole(row.reached);
        seen.unanswered = whole(row.unanswered);
        seen.last_contact_at = row.last_contact_at;
    }
    for row in asked {
        found.entry(row.lead_id).or_default().enquiries = whole(row.count);
    }
    Ok(found)
}
