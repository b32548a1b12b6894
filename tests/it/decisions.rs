//! What a centre's rules plan for its leads: each cadence once, in the owner's working time, whatever happens
//! while the script runs.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use futures::future::BoxFuture;
use platform::events::{self, NewEvent};
use platform::ids;
use platform::jobs::{NewJob, enqueue};
use platform::{Actor, Id, Tx};
use sea_orm::FromQueryResult;
use serde_json::json;
use support::app::TestApp;
use support::both_engines;
use support::desk::Center;
use support::scripts::host;
use wire::{Batch, Check, CheckReport, Outcome};
use workflows::bots;
use workflows::follow_ups::{self, FollowUp};
use workflows::leads::{self, Captured, Move, NewLead, Via};
use workflows::ports::{ScriptFault, ScriptHost};
use workflows::scripts::{self, Stored};
use workflows::staff::{self, WindowRow};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// A Monday, three in the afternoon in Tashkent.
pub(crate) fn monday() -> DateTime<Utc> {
    "2027-03-01T10:00:00Z".parse().expect("an instant")
}

pub(crate) async fn center(test: &TestApp) -> (Center, Actor) {
    test.app.set_clock(monday()).await.expect("a test clock");
    let center = Center::with(&test.app, "one", Arc::new(host().await)).await;
    let rep = center.user("ann", "sales").await;
    (center, rep)
}

pub(crate) fn id(actor: &Actor) -> Id {
    actor.user.expect("a person")
}

/// A lead of a rep's.
pub(crate) async fn lead_of(center: &Center, owner: &Actor, n: usize) -> Id {
    let new = NewLead {
        name: format!("Lid {n}"),
        phone: format!("+9989{:08}", 2_000_000 + n),
        source: Some("instagram".into()),
        owner_id: Some(id(owner)),
        ..NewLead::default()
    };
    let made = leads::capture(&center.desk.app, &center.admin, new, Via::Manual, None).await;
    match made.expect("it is stored") {
        Captured::New { id } => id,
        Captured::Repeat { .. } => panic!("a new phone"),
    }
}

pub(crate) async fn step(center: &Center, lead: Id, to: &str) {
    let reasons = leads::registry(&center.desk.app, &center.admin)
        .await
        .expect("words")
        .lost_reasons;
    let change = Move {
        to: to.into(),
        lost_reason: Some(reasons[0].key.clone()),
        ..Move::default()
    };
    let moved = leads::change_status(&center.desk.app, &center.admin, lead, change).await;
    moved.unwrap_or_else(|error| panic!("to {to}: {error}"));
}

pub(crate) async fn drain(center: &Center) {
    center
        .runner_of(&["scripts.plan"])
        .drain()
        .await
        .expect("the work is done");
}

pub(crate) async fn open(center: &Center, lead: Id) -> Vec<FollowUp> {
    let all = follow_ups::of_lead(&center.desk.app, &center.admin, lead)
        .await
        .expect("follow-ups");
    all.into_iter().filter(|f| f.state == "open").collect()
}

pub(crate) async fn keys(center: &Center, lead: Id) -> Vec<String> {
    open(center, lead).await.into_iter().map(|f| f.key).collect()
}

/// Seconds from an instant to each open follow-up, to the minute.
async fn offsets(center: &Center, lead: Id, from: DateTime<Utc>) -> Vec<i64> {
    let minutes = |f: &FollowUp| ((f.due_at - from).num_seconds() + 30).div_euclid(MINUTE) * MINUTE;
    open(center, lead).await.iter().map(minutes).collect()
}

pub(crate) async fn why(center: &Center, lead: Id) -> Vec<Stored> {
    scripts::of_lead(&center.desk.app, &center.admin, lead)
        .await
        .expect("decisions")
}

pub(crate) async fn run(center: &Center, sql: &'static str, values: Vec<sea_orm::Value>) {
    let run = async move |tx: Tx| tx.run(sql, values).await;
    center
        .desk
        .app
        .db
        .write(center.tenant.id, run)
        .await
        .expect("it is stored");
}

pub(crate) async fn count(center: &Center, sql: &'static str) -> i64 {
    #[derive(FromQueryResult)]
    struct Row {
        count: i64,
    }
    let tenant = center.tenant.id;
    let read = async move |tx: Tx| tx.one::<Row>(sql, vec![tenant.0.into()]).await;
    center
        .desk
        .app
        .db
        .read(tenant, read)
        .await
        .expect("a count")
        .map_or(0, |row| row.count)
}

/// Plans again for the events a lead had so far.
async fn plan_again(center: &Center, lead: Id, uniq: &'static str) {
    #[derive(FromQueryResult)]
    struct Row {
        id: Id,
    }
    let put = async move |tx: Tx| {
        let sql = "SELECT id FROM event WHERE tenant_id = $1 AND lead_id = $2 ORDER BY id";
        let events: Vec<Row> = tx.all(sql, vec![tx.tenant().0.into(), lead.into()]).await?;
        for event in events {
            enqueue(
                &tx,
                NewJob::new("scripts.plan", format!("{uniq}/{}", event.id), vec![event.id]),
            )
            .await?;
        }
        Ok(())
    };
    center.desk.app.db.write(center.tenant.id, put).await.expect("jobs");
    drain(center).await;
}

type Act = BoxFuture<'static, ()>;

/// The real host; once, something happens while the script runs.
struct Meanwhile {
    inner: Arc<dyn ScriptHost>,
    act: Mutex<Option<Act>>,
}

#[async_trait]
impl ScriptHost for Meanwhile {
    async fn run(&self, batch: Batch) -> Vec<Result<Outcome, ScriptFault>> {
        let act = self.act.lock().expect("no panic").take();
        let outcomes = self.inner.run(batch).await;
        if let Some(act) = act {
            act.await;
        }
        outcomes
    }

    async fn check(&self, check: Check) -> Result<CheckReport, ScriptFault> {
        self.inner.check(check).await
    }
}

fn with_meanwhile(center: &Center, act: Act) -> Center {
    let mut desk = center.desk.clone();
    desk.scripts = Arc::new(Meanwhile {
        inner: desk.scripts.clone(),
        act: Mutex::new(Some(act)),
    });
    Center {
        desk,
        tenant: center.tenant.clone(),
        admin: center.admin.clone(),
    }
}

both_engines! {
    async fn every_status_has_its_cadence(test: TestApp) {
        let (center, rep) = center(&test).await;
        let lead = lead_of(&center, &rep, 0).await;
        drain(&center).await;
        assert_eq!(offsets(&center, lead, monday()).await, [5 * MINUTE]);
        let walk: [(&str, &[i64]); 8] = [
            ("contacted", &[DAY, 3 * DAY, 7 * DAY]),
            ("interested", &[DAY, 3 * DAY, 5 * DAY, 7 * DAY]),
            ("trial_registered", &[DAY]),
            ("trial_not_attended", &[30 * MINUTE, DAY, 3 * DAY]),
            ("trial_attended", &[3 * MINUTE, DAY, 3 * DAY, 7 * DAY, 14 * DAY]),
            ("offer_sent", &[DAY, 3 * DAY]),
            ("lost", &[7 * DAY, 14 * DAY, 30 * DAY]),
            ("reactivation", &[5 * MINUTE]),
        ];
        for (status, expected) in walk {
            let now = test.app.clock.now();
            step(&center, lead, status).await;
            assert!(open(&center, lead).await.is_empty(), "leaving a status cancels what it had planned");
            drain(&center).await;
            let planned = offsets(&center, lead, now).await;
            assert_eq!(planned, expected, "{status}");
            let sequence: Vec<i32> = open(&center, lead).await.iter().map(|f| f.sequence).collect();
            assert_eq!(sequence, (1..=expected.len() as i32).collect::<Vec<_>>(), "{status}");
        }
        assert!(why(&center, lead).await.iter().all(|d| d.level == "pack" && d.failures == json!([])));
        // A retry plans nothing twice, and no event plans again for a status long left.
        let before = count(&center, "SELECT COUNT(*) AS count FROM follow_up WHERE tenant_id = $1").await;
        plan_again(&center, lead, "again").await;
        assert_eq!(offsets(&center, lead, test.app.clock.now()).await, [5 * MINUTE]);
        assert_eq!(count(&center, "SELECT COUNT(*) AS count FROM follow_up WHERE tenant_id = $1").await, before);
    }

    async fn follow_ups_fall_into_the_owners_working_time(test: TestApp) {
        let (center, rep) = center(&test).await;
        // Ten in the evening to six in the morning; on leave over Tuesday's night.
        let nights = (0..7).map(|weekday| WindowRow { weekday, starts: 1320, ends: 360 }).collect();
        staff::set_windows(&test.app, &center.admin, id(&rep), nights).await.unwrap();
        let at = |text: &str| text.parse::<DateTime<Utc>>().expect("an instant");
        let insert = "INSERT INTO leave (tenant_id, id, user_id, kind, state, starts_at, ends_at, note, created_at) \
                      VALUES ($1, $2, $3, 'day', $4, $5, $6, '', $5)";
        for (state, from, to) in [
            ("approved", "2027-03-02T15:00:00Z", "2027-03-03T05:00:00Z"),
            ("requested", "2027-03-04T00:00:00Z", "2027-03-30T00:00:00Z"),
        ] {
            let values: Vec<sea_orm::Value> = vec![
                center.tenant.id.0.into(), ids::new_id().into(), id(&rep).into(), state.into(), at(from).into(), at(to).into(),
            ];
            run(&center, insert, values).await;
        }
        let lead = lead_of(&center, &rep, 0).await;
        drain(&center).await;
        assert_eq!(open(&center, lead).await[0].due_at, at("2027-03-01T17:00:00Z"), "tonight at ten");
        step(&center, lead, "contacted").await;
        drain(&center).await;
        let due: Vec<_> = open(&center, lead).await.iter().map(|f| (f.due_at, f.flagged)).collect();
        let expected = ["2027-03-03T17:00:00Z", "2027-03-04T17:00:00Z", "2027-03-08T17:00:00Z"];
        assert_eq!(due, expected.map(|text| (at(text), false)), "after the leave that was approved");
        // Somebody who never works: due where it was asked for, flagged.
        let never = center.user("never", "sales").await;
        staff::set_windows(&test.app, &center.admin, id(&never), vec![]).await.unwrap();
        let theirs = lead_of(&center, &never, 1).await;
        drain(&center).await;
        assert!(open(&center, theirs).await[0].flagged);
    }

    async fn a_plan_for_a_status_left_meanwhile_is_dropped(test: TestApp) {
        let (center, rep) = center(&test).await;
        let lead = lead_of(&center, &rep, 0).await;
        drain(&center).await;
        step(&center, lead, "contacted").await;
        let (app, admin) = (test.app.clone(), center.admin.clone());
        let quick = with_meanwhile(&center, Box::pin(async move {
            let change = Move { to: "interested".into(), ..Move::default() };
            leads::change_status(&app, &admin, lead, change).await.expect("it moves");
        }));
        drain(&quick).await;
        assert_eq!(keys(&center, lead).await, ["interested/1", "interested/2", "interested/3", "interested/4"]);
        // Back and forth before anything ran: only the last counts.
        step(&center, lead, "contacted").await;
        step(&center, lead, "interested").await;
        step(&center, lead, "contacted").await;
        drain(&center).await;
        assert_eq!(keys(&center, lead).await, ["contacted/1", "contacted/2", "contacted/3"]);
        plan_again(&center, lead, "late").await;
        assert_eq!(keys(&center, lead).await, ["contacted/1", "contacted/2", "contacted/3"]);
    }

    async fn a_lead_that_changes_hands_keeps_one_cadence(test: TestApp) {
        let (center, ann) = center(&test).await;
        let bob = center.user("bob", "sales").await;
        let app = &test.app;
        // Given on before anything ran.
        let quick = lead_of(&center, &ann, 0).await;
        leads::assign(app, &center.admin, quick, id(&bob), None).await.unwrap();
        drain(&center).await;
        let planned = open(&center, quick).await;
        assert_eq!(planned.iter().map(|f| (f.key.as_str(), f.owner_id)).collect::<Vec<_>>(), [("new/1", id(&bob))]);
        // Open ones are handed over as they are.
        step(&center, quick, "contacted").await;
        drain(&center).await;
        let theirs: Vec<Id> = open(&center, quick).await.iter().map(|f| f.id).collect();
        leads::assign(app, &center.admin, quick, id(&ann), None).await.unwrap();
        drain(&center).await;
        let handed = open(&center, quick).await;
        assert_eq!(handed.iter().map(|f| f.id).collect::<Vec<_>>(), theirs);
        assert!(handed.iter().all(|f| f.owner_id == id(&ann)));
        // Given on while the script ran: planned for the new owner, once.
        let slow = lead_of(&center, &ann, 1).await;
        let (given, admin, to) = (app.clone(), center.admin.clone(), id(&bob));
        let busy = with_meanwhile(&center, Box::pin(async move {
            leads::assign(&given, &admin, slow, to, None).await.expect("it is given");
        }));
        drain(&busy).await;
        let planned = open(&center, slow).await;
        assert_eq!(planned.iter().map(|f| (f.key.as_str(), f.owner_id)).collect::<Vec<_>>(), [("new/1", id(&bob))]);
        // With nothing open, the cadence begins when the new owner gets it.
        for follow_up in open(&center, slow).await {
            follow_ups::complete(app, &center.admin, follow_up.id, follow_ups::Outcome::Done, "").await.unwrap();
        }
        let later = monday() + TimeDelta::hours(5);
        app.set_clock(later).await.unwrap();
        leads::assign(app, &center.admin, slow, id(&ann), None).await.unwrap();
        drain(&center).await;
        assert_eq!(offsets(&center, slow, later).await, [5 * MINUTE]);
        plan_again(&center, slow, "again").await;
        assert_eq!(open(&center, slow).await.len(), 1);
    }

    async fn tags_a_person_set_while_the_script_ran_are_kept(test: TestApp) {
        let (center, rep) = center(&test).await;
        publish_as_is(&center, "on_lead_created", "fn on_lead_created(ctx) { let p = plan(); p.tag(\"hot\"); p }").await;
        let lead = lead_of(&center, &rep, 0).await;
        let (app, tenant) = (test.app.clone(), center.tenant.id);
        let busy = with_meanwhile(&center, Box::pin(async move {
            let sql = "UPDATE lead SET tags = $3, version = version + 1 WHERE tenant_id = $1 AND id = $2";
            let values: Vec<sea_orm::Value> = vec![tenant.0.into(), lead.into(), json!(["vip"]).into()];
            app.db.write(tenant, async move |tx: Tx| tx.run(sql, values).await).await.expect("tagged");
        }));
        drain(&busy).await;
        let found = leads::find(&test.app, &center.admin, lead).await.unwrap();
        let decided = why(&center, lead).await;
        assert_eq!(found.tags, json!(["vip", "hot"]), "{decided:?}");
    }

    async fn without_a_script_process_our_own_rule_plans(test: TestApp) {
        test.app.set_clock(monday()).await.unwrap();
        let center = Center::new(&test.app, "one").await;
        let rep = center.user("ann", "sales").await;
        let lead = lead_of(&center, &rep, 0).await;
        drain(&center).await;
        assert_eq!(offsets(&center, lead, monday()).await, [5 * MINUTE]);
        step(&center, lead, "contacted").await;
        drain(&center).await;
        assert_eq!(offsets(&center, lead, monday()).await, [DAY]);
        for decision in why(&center, lead).await {
            assert_eq!((decision.level.as_str(), decision.layer.as_str()), ("core", "native"));
            assert_eq!(decision.failures.as_array().map(Vec::len), Some(1));
        }
    }

    async fn a_failing_override_loses_nothing_and_is_paused_at_the_fifth(test: TestApp) {
        let (center, rep) = center(&test).await;
        bots::link(&test.app, center.tenant.id, id(&center.admin), 7).await.unwrap();
        publish_as_is(&center, "on_status_changed", "fn on_status_changed(ctx) {\n    throw \"no\";\n}").await;
        let mut all = Vec::new();
        for n in 0..7 {
            let lead = lead_of(&center, &rep, n).await;
            drain(&center).await;
            step(&center, lead, "contacted").await;
            drain(&center).await;
            assert_eq!(keys(&center, lead).await, ["contacted/1", "contacted/2", "contacted/3"], "the pack answers");
            all.push(lead);
        }
        for (n, lead) in all.iter().enumerate() {
            let decisions = why(&center, *lead).await;
            let decision = decisions.iter().find(|d| d.hook == "on_status_changed").unwrap();
            assert_eq!(decision.level, "pack");
            let failures = decision.failures.as_array().unwrap();
            assert_eq!(failures.len(), usize::from(n < 5), "lead {n}: tried until it is paused");
            assert!(failures.iter().all(|failure| failure["line"] == 2));
        }
        let notices = "SELECT COUNT(*) AS count FROM notice WHERE tenant_id = $1 AND kind = 'script_failing'";
        assert_eq!(count(&center, notices).await, 2, "one as it begins, one as it is paused");
        let told = "SELECT COUNT(*) AS count FROM bot_message WHERE tenant_id = $1 AND kind = 'script_failing'";
        assert_eq!(count(&center, told).await, 2);
        let hook = wire::Hook::OnStatusChanged;
        let state = scripts::overview(&center.desk, &center.admin, hook).await.unwrap();
        assert!(state.paused_at.is_some() && state.pause.unwrap().line == 2, "with the line");
    }

    async fn a_chain_of_events_ends(test: TestApp) {
        let (center, rep) = center(&test).await;
        let lead = lead_of(&center, &rep, 0).await;
        drain(&center).await;
        step(&center, lead, "contacted").await;
        for (depth, planned) in [(5, 0), (4, 3)] {
            let system = Actor::system(center.tenant.clone());
            let put = async move |tx: Tx| {
                let event = NewEvent {
                    kind: "lead.status_changed",
                    lead: Some(lead),
                    owner: None,
                    cause: Some((ids::new_id(), depth)),
                    payload: json!({"from": "new", "to": "contacted"}),
                };
                let event = events::record(&tx, &system, event).await?;
                let sql = "DELETE FROM job WHERE tenant_id = $1 AND state = 'ready' AND kind = 'scripts.plan'";
                tx.run(sql, vec![tx.tenant().0.into()]).await?;
                enqueue(&tx, NewJob::new("scripts.plan", format!("deep/{depth}"), vec![event])).await
            };
            test.app.db.write(center.tenant.id, put).await.unwrap();
            drain(&center).await;
            assert_eq!(open(&center, lead).await.len(), planned, "caused at depth {depth}");
        }
    }
}

/// Publishes without asking the checker.
pub(crate) async fn publish_as_is(center: &Center, hook: &'static str, source: &'static str) {
    let now: sea_orm::Value = center.desk.app.clock.now().into();
    let version = "INSERT INTO script_version (tenant_id, hook, version, source, hash, message, created_at) \
                   VALUES ($1, $2, 1, $3, $4, 'test', $5)";
    let tenant = center.tenant.id.0;
    let hash = wire::source_hash(source);
    run(
        center,
        version,
        vec![tenant.into(), hook.into(), source.into(), hash.into(), now],
    )
    .await;
    let state = "INSERT INTO script_state (tenant_id, hook, published, failures, version) VALUES ($1, $2, 1, 0, 1)";
    run(center, state, vec![tenant.into(), hook.into()]).await;
}
