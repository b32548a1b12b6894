//! What a centre has lived through before somebody looks at it: two weeks in which leads came, reps called and
//! noted, some were late, somebody was away. The clock is set back and walked to now; every row comes from a verb.

use std::collections::HashMap;

use chrono::{DateTime, Days, NaiveTime, TimeDelta, Utc};
use platform::auth::as_user;
use platform::jobs::Runner;
use platform::tenancy::TenantRef;
use platform::{Actor, App, Error, Id, Result};
use serde_json::{Map, Value};

use super::centres::Centre;
use crate::follow_ups::{self, Filter, Outcome, View};
use crate::leads::{self, Call, Captured, Move, NewLead, Registry, Via, ViewEdit};
use crate::leave::{self, Decision, NewLeave};
use crate::ports::Desk;
use crate::{courses, staff};

/// The hours of a day, in minutes, at which something happens.
const HOURS: [u32; 7] = [560, 640, 730, 830, 920, 1010, 1110];
/// In the last hours before now reps have not come to everything yet.
const STILL_OPEN: usize = 3;
/// Hours over which the leads that the centre is known by came.
const RECENT: usize = 9;

/// A fresh centre with the people its story is about.
struct Stage {
    centre: &'static Centre,
    tenant: TenantRef,
    manager: Actor,
    reps: Vec<Actor>,
    courses: Vec<Id>,
    registry: Registry,
    /// By phone: the status a lead is on its way to.
    goals: HashMap<String, &'static str>,
}

/// A lead on its way in.
struct Arrival {
    new: NewLead,
    goal: &'static str,
}

/// Brings the leads of fresh centres: over the last `days`, or all at once now where there are none to live through.
pub async fn live(desk: &Desk, runner: &Runner, fresh: Vec<(&'static Centre, TenantRef)>, days: u32) -> Result<()> {
    let app = &desk.app;
    let mut stages = Vec::new();
    for (centre, tenant) in fresh {
        stages.push(stage(app, centre, tenant).await?);
    }
    let Some(zone) = stages.first().map(|stage| stage.tenant.clone()) else {
        return Ok(());
    };
    let (now, kept) = (app.clock.now(), app.clock.offset_micros());
    let hours = hours(&zone, now, days);
    if hours.is_empty() {
        for stage in &mut stages {
            for number in 0..stage.centre.leads.len() {
                let arrival = known(stage, number);
                let Some(id) = arrive(app, stage, arrival).await? else {
                    continue;
                };
                advance(app, stage, id, "new", stage.centre.leads[number].3, usize::MAX).await?;
            }
        }
        return Ok(());
    }
    for (hour, at) in hours.iter().enumerate() {
        app.clock
            .set_offset(kept - (now - *at).num_microseconds().unwrap_or_default());
        let left = hours.len() - hour;
        for stage in &mut stages {
            for arrival in arrivals(stage, hour, left) {
                arrive(app, stage, arrival).await?;
            }
        }
        runner.drain().await?;
        for stage in &stages {
            work(app, stage, hour, left).await?;
            be_away(app, stage, hours.len(), left).await?;
        }
        runner.drain().await?;
        if left == STILL_OPEN {
            for stage in &stages {
                plan_next_steps(app, stage).await?;
            }
        }
    }
    app.clock.set_offset(kept);
    runner.drain().await?;
    Ok(())
}

async fn stage(app: &App, centre: &'static Centre, tenant: TenantRef) -> Result<Stage> {
    let system = Actor::system(tenant.clone());
    let (mut manager, mut reps) = (None, Vec::new());
    for user in staff::list(app, &system).await? {
        let Some(actor) = as_user(app, &tenant, user.id).await? else {
            continue;
        };
        match actor.role.as_str() {
            "manager" => manager = Some(actor),
            "sales" => reps.push(actor),
            _ => {}
        }
    }
    let courses = courses::list(app, &system)
        .await?
        .into_iter()
        .map(|course| course.id)
        .collect();
    Ok(Stage {
        centre,
        manager: manager.ok_or(Error::NotFound)?,
        reps,
        courses,
        registry: leads::registry(app, &system).await?,
        tenant,
        goals: HashMap::new(),
    })
}

/// The hours of the last days up to now, the first one first.
fn hours(tenant: &TenantRef, now: DateTime<Utc>, days: u32) -> Vec<DateTime<Utc>> {
    let today = tenant.local_date(now);
    (0..=u64::from(days))
        .rev()
        .filter(|_| days > 0)
        .filter_map(|ago| today.checked_sub_days(Days::new(ago)))
        .flat_map(|day| {
            HOURS.map(|minute| tenant.instant(day.and_time(NaiveTime::MIN) + TimeDelta::minutes(minute.into())))
        })
        .filter(|at| *at < now)
        .collect()
}

/// Who comes in an hour: strangers all the time, and towards the end the leads the centre is known by.
fn arrivals(stage: &Stage, hour: usize, left: usize) -> Vec<Arrival> {
    let a_day = stage.centre.past.a_day;
    let (before, after) = (hour * a_day / HOURS.len(), (hour + 1) * a_day / HOURS.len());
    let mut arrivals: Vec<_> = (before..after).map(|number| stranger(stage, number)).collect();
    if left <= RECENT {
        let numbers = (0..stage.centre.leads.len()).filter(|number| number % RECENT == left - 1);
        arrivals.extend(numbers.map(|number| known(stage, number)));
    }
    arrivals
}

fn known(stage: &Stage, number: usize) -> Arrival {
    let (name, phone, source, goal) = stage.centre.leads[number];
    Arrival {
        new: NewLead {
            name: name.into(),
            phone: phone.into(),
            source: Some(source.into()),
            course_id: pick(&stage.courses, number).copied(),
            custom: custom(stage.centre, number),
            ..NewLead::default()
        },
        goal,
    }
}

fn stranger(stage: &Stage, number: usize) -> Arrival {
    let past = &stage.centre.past;
    let woman = number.is_multiple_of(2);
    let first = pick(if woman { past.women } else { past.men }, number / 2)
        .copied()
        .unwrap_or_default();
    let last = pick(past.last_names, number * 7 + 3).copied().unwrap_or_default();
    let phone = pick(past.phones, number).copied().unwrap_or_default();
    let tagged = number % 4 == 1;
    Arrival {
        new: NewLead {
            name: format!("{first} {}", if woman { feminine(last) } else { last.to_owned() }),
            phone: format!("{phone}{:07}", 2_345_678 + number * 104_729 % 7_000_000),
            source: pick(past.sources, number).map(|source| (*source).to_owned()),
            course_id: pick(&stage.courses, number * 5 / 3).copied(),
            tags: pick(past.tags, number / 4)
                .filter(|_| tagged)
                .map(|tag| (*tag).to_owned())
                .into_iter()
                .collect(),
            custom: custom(stage.centre, number),
            ..NewLead::default()
        },
        goal: pick(past.goals, number).copied().unwrap_or("new"),
    }
}

fn feminine(last: &str) -> String {
    match last {
        _ if last.ends_with("ov") || last.ends_with("ev") => format!("{last}a"),
        _ if last.ends_with("ов") || last.ends_with("ев") => format!("{last}а"),
        _ => last.to_owned(),
    }
}

fn pick<T>(from: &[T], number: usize) -> Option<&T> {
    from.get(number % from.len().max(1))
}

/// A driving school asks what is to be driven, and with what.
fn custom(centre: &Centre, number: usize) -> Map<String, Value> {
    let mut asked = Map::new();
    if centre.pack == "driving-school" {
        asked.insert("category".into(), "B".into());
        let transmission = if number.is_multiple_of(2) {
            "manual"
        } else {
            "automatic"
        };
        asked.insert("transmission".into(), transmission.into());
    }
    asked
}

async fn arrive(app: &App, stage: &mut Stage, arrival: Arrival) -> Result<Option<Id>> {
    let phone = digits(&arrival.new.phone);
    stage.goals.insert(phone, arrival.goal);
    let system = Actor::system(stage.tenant.clone());
    match leads::capture(app, &system, arrival.new, Via::Manual, None).await? {
        Captured::New { id } => Ok(Some(id)),
        _ => Ok(None),
    }
}

fn digits(phone: &str) -> String {
    phone.chars().filter(char::is_ascii_digit).collect()
}

/// Each rep goes through what is due: calls, notes, completes, and moves the lead on where somebody was reached.
async fn work(app: &App, stage: &Stage, hour: usize, left: usize) -> Result<()> {
    for rep in &stage.reps {
        let due = Filter {
            view: View::Overdue,
            limit: Some(20),
            ..Filter::default()
        };
        for item in follow_ups::list(app, rep, due).await?.items {
            // The same every time the demo is made, and as uneven as people are.
            let phone = digits(item.lead_phone.as_deref().unwrap_or_default());
            let luck = phone.bytes().map(usize::from).sum::<usize>() + hour * 7 + item.sequence.unsigned_abs() as usize;
            if left <= STILL_OPEN && luck % 5 < 2 {
                continue;
            }
            let goal = stage.goals.get(&phone).copied().unwrap_or("new");
            let reached = luck % 10 < 7 && goal != "new";
            let (outcome, call) = if reached {
                (Outcome::Reached, "reached")
            } else {
                (Outcome::NoAnswer, "no_answer")
            };
            let talk = pick(stage.centre.past.talks, luck)
                .filter(|_| reached)
                .copied()
                .unwrap_or_default();
            match follow_ups::complete(app, rep, item.id, outcome, talk).await {
                Ok(_) => {}
                Err(Error::Internal(error)) => return Err(Error::Internal(error)),
                // Outside this rep's hours.
                Err(_) => break,
            }
            let call = Call {
                direction: "out".into(),
                outcome: call.into(),
                note: String::new(),
            };
            leads::log_call(app, rep, item.lead_id, call).await?;
            if reached {
                advance_as(app, rep, stage, item.lead_id, &item.lead_status, goal, 1).await?;
            }
        }
    }
    Ok(())
}

/// Reps plan a call by hand for most of the leads whose rules have come to their end.
async fn plan_next_steps(app: &App, stage: &Stage) -> Result<()> {
    let today = stage.tenant.local_date(app.clock.now());
    for rep in &stage.reps {
        let own = leads::Filter {
            limit: Some(200),
            ..leads::Filter::default()
        };
        let page = leads::list(app, rep, own).await?;
        let open = stage.registry.open_keys();
        let idle = page
            .items
            .iter()
            .filter(|lead| open.contains(&lead.status) && !page.due.contains_key(&lead.id));
        for (number, lead) in idle.enumerate().filter(|(number, _)| number % 5 != 4) {
            let hour = TimeDelta::minutes(i64::from(HOURS[number % HOURS.len()]));
            let day = today + Days::new(1 + number as u64 % 4);
            let next = follow_ups::NewFollowUp {
                lead: lead.id,
                due_at: stage.tenant.instant(day.and_time(NaiveTime::MIN) + hour),
                text: pick(stage.centre.past.steps, number)
                    .copied()
                    .unwrap_or_default()
                    .into(),
            };
            follow_ups::schedule(app, rep, next).await?;
        }
    }
    Ok(())
}

async fn advance(app: &App, stage: &Stage, lead: Id, from: &str, goal: &str, steps: usize) -> Result<()> {
    advance_as(
        app,
        &Actor::system(stage.tenant.clone()),
        stage,
        lead,
        from,
        goal,
        steps,
    )
    .await
}

/// Moves a lead so many steps towards where it ends.
async fn advance_as(
    app: &App,
    actor: &Actor,
    stage: &Stage,
    lead: Id,
    from: &str,
    goal: &str,
    steps: usize,
) -> Result<()> {
    let way = way_to(goal);
    let next = way.iter().position(|status| *status == from).map_or(0, |at| at + 1);
    for to in way.iter().skip(next).take(steps) {
        let reason = stage
            .registry
            .lost_reasons
            .get(lead.as_u128() as usize % stage.registry.lost_reasons.len().max(1));
        let step = Move {
            to: (*to).into(),
            lost_reason: reason
                .filter(|_| matches!(*to, "lost" | "cancelled"))
                .map(|reason| reason.key.clone()),
            ..Move::default()
        };
        leads::change_status(app, actor, lead, step).await?;
    }
    Ok(())
}

fn way_to(goal: &str) -> &'static [&'static str] {
    match goal {
        "contacted" => &["contacted"],
        "interested" => &["contacted", "interested"],
        "trial_registered" => &["contacted", "interested", "trial_registered"],
        "trial_attended" => &["contacted", "trial_registered", "trial_attended"],
        "offer_sent" => &["contacted", "interested", "offer_sent"],
        "enrolled" => &["contacted", "interested", "enrolled"],
        "lost" => &["contacted", "lost"],
        "confirmed" => &["confirmed"],
        "paid" => &["confirmed", "paid"],
        "completed" => &["confirmed", "paid", "completed"],
        "cancelled" => &["cancelled"],
        _ => &[],
    }
}

/// One rep was away last week, one asks to be; and the manager shares a list.
async fn be_away(app: &App, stage: &Stage, hours: usize, left: usize) -> Result<()> {
    let (was_away, asks, answer) = stage.centre.past.leave;
    let today = stage.tenant.local_date(app.clock.now());
    let leave = |kind: &str, from: u64, days: u64, hours: Option<(i16, i16)>, note: &str| NewLeave {
        kind: kind.into(),
        first_day: today + Days::new(from),
        last_day: today + Days::new(from + days - 1),
        hours,
        note: note.into(),
        urgent: false,
    };
    if left == hours.min(6 * HOURS.len())
        && let Some(rep) = stage.reps.last()
    {
        let id = leave::request(app, rep, leave("personal", 2, 2, None, was_away), None).await?;
        let yes = Decision {
            approve: true,
            reason: answer.into(),
        };
        leave::decide(app, &stage.manager, id, yes).await?;
        let (name, query) = stage.centre.past.view;
        let view = ViewEdit {
            name: Some(name.into()),
            shared: Some(true),
            query: Some(query.into()),
        };
        leads::keep_view(app, &stage.manager, view, None).await?;
    }
    if left == 1
        && let Some(rep) = stage.reps.first()
    {
        leave::request(app, rep, leave("illness", 3, 1, Some((540, 780)), asks), None).await?;
    }
    Ok(())
}
