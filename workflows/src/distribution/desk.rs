//! The distribution desk: who may be given a lead right now, and if not why; what waits; what came to whom.

use std::collections::{BTreeMap, HashMap};

use calendar::Schedule;
use chrono::{DateTime, TimeDelta, Utc};
use platform::jobs::{NewJob, enqueue};
use platform::{Actor, Id, Permit, Result, Tx};
use sea_orm::FromQueryResult;
use serde::Serialize;
use wire::{Candidate, Hook, Level};

use super::candidates::candidates;
use super::silent::silent_minutes;
use crate::ports::Desk;
use crate::scripts;
use crate::staff::{User, sellers};

/// What fairness is counted over.
const DAYS: i64 = 30;

#[derive(Debug, Serialize)]
pub struct State {
    pub rules: Rules,
    pub reps: Vec<Rep>,
    pub waiting: i64,
    /// Waiting leads by course, the longest wait first; at most 50 courses.
    pub queue: Vec<Waiting>,
    /// Leads given out by the rule within thirty days.
    pub given: i64,
}

#[derive(Debug, Serialize)]
pub struct Rules {
    /// fewest_open, by_share, or own_rule where the centre published a script.
    pub strategy: &'static str,
    pub use_weights: bool,
    pub lead_cap: i64,
    pub overdue_block: i64,
    pub overdue_grace_minutes: i64,
    /// 0: untouched leads stay where they are.
    pub silent_minutes: i64,
}

#[derive(Debug, Serialize)]
pub struct Rep {
    pub id: Id,
    pub name: String,
    pub receives_leads: bool,
    pub available: bool,
    /// Every reason why not; empty for who is available.
    pub why_not: Vec<WhyNot>,
    pub open_leads: u32,
    pub capacity: Option<u32>,
    pub own_cap: Option<i32>,
    pub overdue: u32,
    pub weight: i32,
    /// Courses this rep takes leads of; empty means all.
    pub courses: Vec<Id>,
    pub today: u32,
    /// Given by the rule within thirty days.
    pub received: i64,
    /// Given by hand within thirty days.
    pub by_hand: i64,
    /// What the rep's share of all that was given comes to.
    pub expected: f64,
    pub version: i64,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WhyNot {
    /// not_receiving, never_works, off_hours, on_leave, holiday, absent, blocked, at_cap, no_share.
    pub code: &'static str,
    /// When it ends, where that is known.
    pub until: Option<DateTime<Utc>>,
    /// Overdue follow-ups, or open leads.
    pub count: Option<i64>,
}

#[derive(Debug, Serialize)]
pub struct Waiting {
    pub course_id: Option<Id>,
    pub count: i64,
    pub since: DateTime<Utc>,
    /// nobody_available, nobody_teaches (nobody who is available), or ready: somebody can take them now.
    pub reason: &'static str,
}

pub async fn state(desk: &Desk, actor: &Actor) -> Result<State> {
    actor.may(Permit::Distribution)?;
    let (author, packs) = (actor.clone(), desk.packs.clone());
    desk.app
        .db
        .read(actor.tenant_id(), async move |tx: Tx| {
            let scene = scripts::scene(&tx, &author, &*packs, Hook::Distribute).await?;
            let found = candidates(&tx, &author, &scene.registry, &scene.schedules).await?;
            let people = sellers(&tx).await?;
            let given = given(&tx, &author).await?;
            let number = |key: &str| scene.values.get(key).and_then(serde_json::Value::as_i64).unwrap_or(0);
            let use_weights = scene.values.get("use_weights").and_then(serde_json::Value::as_bool) == Some(true);
            let own_rule = scene.layers.iter().any(|layer| layer.level == Level::Override);
            let rules = Rules {
                strategy: match (own_rule, use_weights) {
                    (true, _) => "own_rule",
                    (false, true) => "by_share",
                    (false, false) => "fewest_open",
                },
                use_weights,
                lead_cap: number("lead_cap"),
                overdue_block: number("overdue_block"),
                overdue_grace_minutes: number("overdue_grace_minutes"),
                silent_minutes: silent_minutes(&tx).await?,
            };
            let shut = shut_today(&tx, &author).await?;
            let view = View {
                now: tx.now(),
                shut,
                use_weights,
            };
            let queue = waiting(&tx, &found, &view).await?;
            let all: i64 = given.values().map(|one| one.by_rule).sum();
            let by_id: HashMap<&str, &Candidate> = found.iter().map(|rep| (rep.id.as_str(), rep)).collect();
            let share = |person: &User| {
                if use_weights {
                    f64::from(person.weight.max(0))
                } else {
                    1.0
                }
            };
            let shares: f64 = people.iter().filter(|person| person.receives_leads).map(share).sum();
            let reps = people
                .iter()
                .map(|person| {
                    let rep = by_id.get(person.id.to_string().as_str()).copied();
                    let why_not = why_not(person, rep, scene.schedules.get(&person.id), &view);
                    let received = given.get(&person.id).copied().unwrap_or_default();
                    let part = if person.receives_leads && shares > 0.0 {
                        share(person) / shares
                    } else {
                        0.0
                    };
                    Rep {
                        id: person.id,
                        name: person.full_name(),
                        receives_leads: person.receives_leads,
                        available: why_not.is_empty(),
                        why_not,
                        open_leads: rep.map_or(0, |rep| rep.open_leads),
                        capacity: rep.and_then(|rep| rep.capacity),
                        own_cap: person.lead_cap,
                        overdue: rep.map_or(0, |rep| rep.overdue),
                        weight: person.weight,
                        courses: rep.map_or_else(Vec::new, |rep| {
                            rep.teaches.iter().filter_map(|id| id.parse().ok()).collect()
                        }),
                        today: rep.map_or(0, |rep| rep.assigned_today),
                        received: received.by_rule,
                        by_hand: received.by_hand,
                        expected: part * all as f64,
                        version: person.version,
                    }
                })
                .collect();
            Ok(State {
                rules,
                reps,
                waiting: queue.iter().map(|one| one.count).sum(),
                queue,
                given: all,
            })
        })
        .await
}

/// Tries everything that waits, now.
pub async fn give_out_now(desk: &Desk, actor: &Actor) -> Result<()> {
    actor.may(Permit::Distribution)?;
    let who = actor.user.map(|id| id.to_string()).unwrap_or_default();
    desk.app
        .db
        .write(actor.tenant_id(), async move |tx: Tx| {
            // Pressing twice in a second is one try.
            let uniq = format!("waiting/now/{who}/{}", tx.now().timestamp());
            enqueue(&tx, NewJob::new("distribution.waiting", uniq, vec![]).priority(0)).await
        })
        .await
}

struct View {
    now: DateTime<Utc>,
    /// Today is a holiday.
    shut: bool,
    use_weights: bool,
}

fn why_not(person: &User, rep: Option<&Candidate>, schedule: Option<&Schedule>, view: &View) -> Vec<WhyNot> {
    let now = view.now;
    let mut found = Vec::new();
    let mut add = |code: &'static str, until: Option<DateTime<Utc>>, count: Option<i64>| {
        found.push(WhyNot { code, until, count });
    };
    let Some(rep) = rep else {
        add("not_receiving", None, None);
        return found;
    };
    let back = schedule.and_then(|schedule| schedule.first_work(now));
    if rep.absent {
        add("absent", person.absent_to, None);
    } else if rep.on_leave {
        let until = schedule.and_then(|schedule| {
            let covering = schedule.leaves.iter().filter(|leave| leave.contains(now));
            covering.map(|leave| leave.to).max()
        });
        add(if view.shut { "holiday" } else { "on_leave" }, until, None);
    } else if !rep.in_hours {
        let code = if back.is_some() { "off_hours" } else { "never_works" };
        add(code, back, None);
    }
    if rep.blocked {
        add("blocked", None, Some(i64::from(rep.overdue)));
    }
    if rep.capacity.is_some_and(|most| rep.open_leads >= most) {
        add("at_cap", None, Some(i64::from(rep.open_leads)));
    }
    if view.use_weights && rep.weight <= 0.0 {
        add("no_share", None, None);
    }
    found
}

async fn shut_today(tx: &Tx, actor: &Actor) -> Result<bool> {
    #[derive(FromQueryResult)]
    struct Row {
        #[expect(dead_code, reason = "only whether there is a row matters")]
        day: String,
    }
    let today = actor.tenant.local_date(tx.now()).to_string();
    let sql = "SELECT day FROM holiday WHERE tenant_id = $1 AND day = $2";
    let row: Option<Row> = tx.one(sql, vec![tx.tenant().0.into(), today.into()]).await?;
    Ok(row.is_some())
}

#[derive(Clone, Copy, Default)]
struct Given {
    by_rule: i64,
    by_hand: i64,
}

/// What came to each within the last days, from the event log: who left since counts for nobody here.
async fn given(tx: &Tx, actor: &Actor) -> Result<BTreeMap<Id, Given>> {
    #[derive(FromQueryResult)]
    struct Row {
        owner_id: Id,
        by_rule: i64,
        by_hand: i64,
    }
    let first = actor.tenant.local_date(tx.now() - TimeDelta::days(DAYS)).to_string();
    let sql = "SELECT e.owner_id, COUNT(CASE WHEN e.actor_id IS NULL THEN 1 END) AS by_rule, \
               COUNT(CASE WHEN e.actor_id IS NOT NULL THEN 1 END) AS by_hand FROM event AS e \
               JOIN app_user AS u ON u.tenant_id = e.tenant_id AND u.id = e.owner_id AND u.active \
               WHERE e.tenant_id = $1 AND e.kind = 'lead.assigned' AND e.local_date >= $2 GROUP BY e.owner_id";
    let rows: Vec<Row> = tx.all(sql, vec![tx.tenant().0.into(), first.into()]).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let given = Given {
                by_rule: row.by_rule,
                by_hand: row.by_hand,
            };
            (row.owner_id, given)
        })
        .collect())
}

async fn waiting(tx: &Tx, reps: &[Candidate], view: &View) -> Result<Vec<Waiting>> {
    #[derive(FromQueryResult)]
    struct Row {
        course_id: Option<Id>,
        count: i64,
        since: DateTime<Utc>,
    }
    let sql = "SELECT course_id, COUNT(*) AS count, MIN(waiting_since) AS since FROM lead WHERE tenant_id = $1 \
               AND waiting_since IS NOT NULL AND deleted_at IS NULL GROUP BY course_id ORDER BY MIN(waiting_since) LIMIT 50";
    let rows: Vec<Row> = tx.all(sql, vec![tx.tenant().0.into()]).await?;
    let free = |rep: &&Candidate| rep.available && (!view.use_weights || rep.weight > 0.0);
    let anybody = reps.iter().any(|rep| free(&rep));
    Ok(rows
        .into_iter()
        .map(|row| {
            let course = row.course_id.map(|id| id.to_string());
            let somebody = reps.iter().filter(free).any(|rep| rep.teaches(course.as_deref()));
            Waiting {
                course_id: row.course_id,
                count: row.count,
                since: row.since,
                reason: match (somebody, anybody) {
                    (true, _) => "ready",
                    (false, true) => "nobody_teaches",
                    (false, false) => "nobody_available",
                },
            }
        })
        .collect())
}
