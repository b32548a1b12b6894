//! Giving leads out: evenly, to those who can take them, and to nobody twice.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use platform::{Actor, Id, Tx, ids};
use sea_orm::FromQueryResult;
use serde_json::Value;
use support::app::TestApp;
use support::both_engines;
use support::desk::{Center, Silent};
use support::scripts::host;
use wire::{Batch, Check, CheckReport, Outcome};
use workflows::leads::{self, NewLead, Via};
use workflows::ports::{ScriptFault, ScriptHost};
use workflows::scripts::{self, Stored};
use workflows::staff::{self, Edit, WindowRow};
use workflows::{bots, courses, follow_ups, work};

const KINDS: &[&str] = &[
    "scripts.plan",
    "distribution.give_out",
    "distribution.waiting",
    "distribution.silent",
    "follow_ups.remind",
];

/// A Monday, three in the afternoon in Tashkent.
fn monday() -> DateTime<Utc> {
    "2027-03-01T10:00:00Z".parse().expect("an instant")
}

async fn center(test: &TestApp) -> Center {
    test.app.set_clock(monday()).await.expect("a test clock");
    Center::with(&test.app, "one", Arc::new(host().await)).await
}

fn lead(n: usize) -> NewLead {
    NewLead {
        name: format!("Lid {n}"),
        phone: format!("+9989{:08}", 1_000_000 + n),
        source: Some("instagram".into()),
        ..NewLead::default()
    }
}

/// Leads in one batch; one job gives them all out.
async fn batch(center: &Center, new: Vec<NewLead>) {
    let admin = center.admin.clone();
    center
        .desk
        .app
        .db
        .write(center.tenant.id, async move |tx: Tx| {
            let registry = leads::registry_in(&tx).await?;
            leads::capture_all_in(&tx, &admin, &registry, new, Via::Api).await
        })
        .await
        .expect("they are stored");
}

async fn drain(center: &Center) {
    center.runner_of(KINDS).drain().await.expect("the work is done");
}

#[derive(FromQueryResult, Debug)]
struct Given {
    id: Id,
    owner_id: Option<Id>,
    waiting_since: Option<DateTime<Utc>>,
}

async fn given(center: &Center) -> Vec<Given> {
    let tenant = center.tenant.id;
    let sql = "SELECT id, owner_id, waiting_since FROM lead WHERE tenant_id = $1 ORDER BY id";
    let read = async move |tx: Tx| tx.all::<Given>(sql, vec![tenant.0.into()]).await;
    center.desk.app.db.read(tenant, read).await.expect("leads")
}

async fn spread(center: &Center) -> BTreeMap<Option<Id>, usize> {
    let mut spread = BTreeMap::new();
    for lead in given(center).await {
        assert_eq!(
            lead.owner_id.is_none(),
            lead.waiting_since.is_some(),
            "owned or waiting"
        );
        *spread.entry(lead.owner_id).or_default() += 1;
    }
    spread
}

fn uneven(spread: &BTreeMap<Option<Id>, usize>) -> usize {
    spread.values().max().unwrap_or(&0) - spread.values().min().unwrap_or(&0)
}

fn id(actor: &Actor) -> Id {
    actor.user.expect("a person")
}

async fn run(center: &Center, sql: &'static str, values: Vec<sea_orm::Value>) {
    let run = async move |tx: Tx| tx.run(sql, values).await;
    center
        .desk
        .app
        .db
        .write(center.tenant.id, run)
        .await
        .expect("it is stored");
}

async fn why(center: &Center, lead: Id) -> Vec<Stored> {
    scripts::of_lead(&center.desk.app, &center.admin, lead)
        .await
        .expect("decisions")
}

async fn messages(center: &Center, kind: &'static str) -> usize {
    #[derive(FromQueryResult)]
    struct Row {
        count: i64,
    }
    let tenant = center.tenant.id;
    let sql = "SELECT COUNT(*) AS count FROM bot_message WHERE tenant_id = $1 AND kind = $2";
    let read = async move |tx: Tx| tx.one::<Row>(sql, vec![tenant.0.into(), kind.into()]).await;
    let row = center.desk.app.db.read(tenant, read).await.expect("messages");
    usize::try_from(row.map_or(0, |row| row.count)).expect("a count")
}

/// Nine to six, Monday to Saturday.
fn office_hours() -> Vec<WindowRow> {
    (0..6)
        .map(|weekday| WindowRow {
            weekday,
            starts: 540,
            ends: 1080,
        })
        .collect()
}

/// A script host that first lets something happen, as if while the script ran.
struct Meanwhile<F>(F);

#[async_trait]
impl<F> ScriptHost for Meanwhile<F>
where
    F: Fn() -> futures::future::BoxFuture<'static, ()> + Send + Sync,
{
    async fn run(&self, batch: Batch) -> Vec<Result<Outcome, ScriptFault>> {
        (self.0)().await;
        Silent.run(batch).await
    }

    async fn check(&self, check: Check) -> Result<CheckReport, ScriptFault> {
        Silent.check(check).await
    }
}

both_engines! {
    async fn the_one_with_fewest_leads_gets_the_next_and_of_equals_who_waited_longest(test: TestApp) {
        test.app.set_clock(monday()).await.unwrap();
        let hosts: [(&str, Arc<dyn ScriptHost>); 2] = [("pack", Arc::new(host().await)), ("native", Arc::new(Silent))];
        for (slug, host) in hosts {
            let center = Center::with(&test.app, slug, host).await;
            let mut reps = Vec::new();
            for name in ["ann", "bob", "cem"] {
                reps.push(id(&center.user(name, "sales").await));
            }
            let mut order = Vec::new();
            for n in 0..9 {
                leads::capture(&test.app, &center.admin, lead(n), Via::Manual, None).await.unwrap();
                drain(&center).await;
                let owner = given(&center).await.last().unwrap().owner_id.expect("an owner");
                order.push(reps.iter().position(|rep| *rep == owner).unwrap());
                test.app.set_clock(test.app.clock.now() + TimeDelta::minutes(1)).await.unwrap();
            }
            assert_eq!(order, [0, 1, 2, 0, 1, 2, 0, 1, 2], "{slug}");
            // Two of the second's are lost: the second is behind now.
            let second = given(&center).await.into_iter().filter(|l| l.owner_id == Some(reps[1])).take(2);
            for lost in second.map(|lead| lead.id).collect::<Vec<_>>() {
                let lost_reason = leads::registry(&test.app, &center.admin).await.unwrap().lost_reasons[0].key.clone();
                let change = leads::Move { to: "lost".into(), lost_reason: Some(lost_reason), ..Default::default() };
                leads::change_status(&test.app, &center.admin, lost, change).await.unwrap();
            }
            for n in 9..11 {
                leads::capture(&test.app, &center.admin, lead(n), Via::Manual, None).await.unwrap();
                drain(&center).await;
                assert_eq!(given(&center).await.last().unwrap().owner_id, Some(reps[1]), "{slug}");
            }
        }
    }

    async fn five_hundred_at_once_are_spread_evenly(test: TestApp) {
        let center = center(&test).await;
        for n in 0..7 {
            center.user(&format!("rep{n}"), "sales").await;
        }
        batch(&center, (0..500).map(lead).collect()).await;
        drain(&center).await;
        let first = spread(&center).await;
        assert_eq!((first.len(), first.contains_key(&None)), (7, false));
        assert!(uneven(&first) <= 1, "{first:?}");
        batch(&center, (500..750).map(lead).collect()).await;
        drain(&center).await;
        let both = spread(&center).await;
        assert!(uneven(&both) <= 1 && both.values().sum::<usize>() == 750, "{both:?}");
        // Every position of the batch remembers the candidates as it saw them.
        let all = given(&center).await;
        for at in [0usize, 1, 7, 250, 499] {
            let decisions = why(&center, all[at].id).await;
            let decision = decisions.iter().find(|d| d.hook == "distribute").expect("a decision");
            let seen: Vec<wire::Candidate> = serde_json::from_value(decision.input["candidates"].clone()).unwrap();
            assert_eq!(seen.iter().map(|rep| rep.open_leads as usize).sum::<usize>(), at, "position {at}");
            let chosen = seen.iter().find(|rep| rep.id == all[at].owner_id.unwrap().to_string()).unwrap();
            assert_eq!(chosen.open_leads, seen.iter().map(|rep| rep.open_leads).min().unwrap());
            let same = seen.iter().filter(|rep| rep.open_leads == chosen.open_leads);
            assert_eq!(same.map(|rep| rep.last_assigned_at).min().unwrap(), chosen.last_assigned_at);
            assert_eq!(decision.plan.pointer("/given/user_id"), Some(&Value::from(chosen.id.clone())));
            assert!(!decision.plan.pointer("/given/reason").unwrap().as_str().unwrap().is_empty());
        }
    }

    async fn two_nodes_give_every_lead_one_owner_and_stay_even(test: TestApp) {
        let center = center(&test).await;
        for n in 0..4 {
            center.user(&format!("rep{n}"), "sales").await;
        }
        for n in 0..40 {
            leads::capture(&test.app, &center.admin, lead(n), Via::Manual, None).await.unwrap();
        }
        batch(&center, (40..80).map(lead).collect()).await;
        let mut elsewhere = center.desk.clone();
        elsewhere.app = test.beside().await;
        let elsewhere = Center { desk: elsewhere, tenant: center.tenant.clone(), admin: center.admin.clone() };
        let stop = tokio_util::sync::CancellationToken::new();
        let nodes: Vec<_> = [&center, &elsewhere]
            .map(|node| tokio::spawn(node.runner_of(KINDS).run(stop.clone())))
            .into_iter()
            .collect();
        for _ in 0..300 {
            if !spread(&center).await.contains_key(&None) {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        stop.cancel();
        for node in nodes {
            node.await.unwrap();
        }
        let spread = spread(&center).await;
        assert!(!spread.contains_key(&None) && spread.values().sum::<usize>() == 80, "{spread:?}");
        assert!(uneven(&spread) <= 1, "{spread:?}");
        #[derive(FromQueryResult)]
        struct Row {
            lead_id: Id,
        }
        let tenant = center.tenant.id;
        let sql = "SELECT lead_id FROM event WHERE tenant_id = $1 AND kind = 'lead.assigned'";
        let read = async move |tx: Tx| tx.all::<Row>(sql, vec![tenant.0.into()]).await;
        let told: Vec<Id> = test.app.db.read(tenant, read).await.unwrap().iter().map(|row| row.lead_id).collect();
        assert_eq!((told.len(), told.iter().collect::<HashSet<_>>().len()), (80, 80));
    }

    async fn with_nobody_on_shift_a_lead_waits_and_is_given_out_when_a_shift_begins(test: TestApp) {
        let center = center(&test).await;
        let rep = center.user("ann", "sales").await;
        let manager = center.user("boss", "manager").await;
        for (user, chat) in [(&rep, 1), (&manager, 2)] {
            bots::link(&test.app, center.tenant.id, id(user), chat).await.unwrap();
        }
        staff::set_windows(&test.app, &center.admin, id(&rep), office_hours()).await.unwrap();
        // Two in the night, from Monday to Tuesday.
        let night: DateTime<Utc> = "2027-03-01T21:00:00Z".parse().unwrap();
        test.app.set_clock(night).await.unwrap();
        batch(&center, (0..3).map(lead).collect()).await;
        drain(&center).await;
        leads::capture(&test.app, &center.admin, lead(3), Via::Manual, None).await.unwrap();
        drain(&center).await;
        assert_eq!(spread(&center).await, [(None, 4)].into());
        assert_eq!(messages(&center, "leads_waiting").await, 1, "the manager is told once an hour");
        for lead in given(&center).await {
            let told = why(&center, lead.id).await;
            assert_eq!(told.len(), 1, "its first wait is on record");
            assert_eq!(told[0].plan.pointer("/queue/reason"), Some(&Value::from("nobody_available")));
        }
        test.app.set_clock("2027-03-02T03:59:59Z".parse().unwrap()).await.unwrap();
        drain(&center).await;
        assert_eq!(spread(&center).await, [(None, 4)].into());
        let nine: DateTime<Utc> = "2027-03-02T04:00:00Z".parse().unwrap();
        test.app.set_clock(nine).await.unwrap();
        drain(&center).await;
        assert_eq!(spread(&center).await, [(Some(id(&rep)), 4)].into());
        // Planned from that moment, for the one who got it.
        for lead in given(&center).await {
            let planned = follow_ups::of_lead(&test.app, &center.admin, lead.id).await.unwrap();
            assert_eq!(planned.len(), 1);
            let since = planned[0].due_at - (nine + TimeDelta::minutes(5));
            assert!(planned[0].owner_id == id(&rep) && (0..30).contains(&since.num_seconds()), "{planned:?}");
        }
    }

    async fn who_cannot_take_a_lead_never_gets_one(test: TestApp) {
        let center = center(&test).await;
        let app = &test.app;
        let mut reps = BTreeMap::new();
        for name in ["leave", "absent", "blocked", "full", "gone", "office", "free"] {
            reps.insert(name, id(&center.user(name, "sales").await));
        }
        let now = app.clock.now();
        let insert = "INSERT INTO leave (tenant_id, id, user_id, kind, state, starts_at, ends_at, note, created_at) \
                      VALUES ($1, $2, $3, 'day', 'approved', $4, $5, '', $4)";
        let (from, to) = (now - TimeDelta::hours(1), now + TimeDelta::hours(1));
        let leave = vec![center.tenant.id.0.into(), ids::new_id().into(), reps["leave"].into(), from.into(), to.into()];
        run(&center, insert, leave).await;
        staff::set_absence(app, &center.admin, reps["absent"], Some(now), None).await.unwrap();
        let full = Edit { lead_cap: Some(Some(1)), ..Edit::default() };
        staff::edit(app, &center.admin, reps["full"], full).await.unwrap();
        staff::deactivate(app, &center.admin, reps["gone"]).await.unwrap();
        let morning = vec![WindowRow { weekday: 0, starts: 540, ends: 600 }];
        staff::set_windows(app, &center.admin, reps["office"], morning).await.unwrap();
        // Five overdue block.
        let owned = NewLead { owner_id: Some(reps["blocked"]), ..lead(900) };
        leads::capture(app, &center.admin, owned, Via::Manual, None).await.unwrap();
        let theirs = given(&center).await[0].id;
        for n in 1..=5 {
            let due_at = now + TimeDelta::minutes(n);
            let new = follow_ups::NewFollowUp { lead: theirs, due_at, text: "ring".into() };
            follow_ups::schedule(app, &center.admin, new).await.unwrap();
        }
        app.set_clock(now + TimeDelta::minutes(6)).await.unwrap();
        batch(&center, (0..20).map(lead).collect()).await;
        drain(&center).await;
        let spread = spread(&center).await;
        assert_eq!(spread.get(&Some(reps["free"])), Some(&19));
        assert_eq!(spread.get(&Some(reps["full"])), Some(&1), "up to the cap");
        assert_eq!(spread.get(&Some(reps["blocked"])), Some(&1), "only the one of before");
        assert_eq!(spread.len(), 3, "{spread:?}");
        // An hour later the leave is over: the next lead is for the one with none.
        app.set_clock(now + TimeDelta::hours(2)).await.unwrap();
        leads::capture(app, &center.admin, lead(50), Via::Manual, None).await.unwrap();
        drain(&center).await;
        assert_eq!(given(&center).await.last().unwrap().owner_id, Some(reps["leave"]));
    }

    async fn leads_of_a_course_nobody_teaches_do_not_stand_before_the_others(test: TestApp) {
        let center = center(&test).await;
        let chinese = courses::create(&test.app, &center.admin, "Chinese", "").await.unwrap().id;
        let english = courses::create(&test.app, &center.admin, "English", "").await.unwrap().id;
        let rep = center.user("ann", "sales").await;
        let teaches = Edit { courses: Some(vec![english]), ..Edit::default() };
        staff::edit(&test.app, &center.admin, id(&rep), teaches).await.unwrap();
        staff::set_absence(&test.app, &center.admin, id(&rep), Some(monday()), None).await.unwrap();
        let of = |n: usize, course| NewLead { course_id: Some(course), ..lead(n) };
        batch(&center, (0..500).map(|n| of(n, chinese)).collect()).await;
        test.app.set_clock(monday() + TimeDelta::minutes(1)).await.unwrap();
        batch(&center, (500..510).map(|n| of(n, english)).collect()).await;
        drain(&center).await;
        assert_eq!(spread(&center).await, [(None, 510)].into());
        staff::set_absence(&test.app, &center.admin, id(&rep), None, None).await.unwrap();
        drain(&center).await;
        assert_eq!(spread(&center).await, [(None, 500), (Some(id(&rep)), 10)].into());
    }

    async fn a_lead_taken_by_hand_while_the_script_ran_stays_with_its_owner(test: TestApp) {
        test.app.set_clock(monday()).await.unwrap();
        let plain = Center::new(&test.app, "one").await;
        let (ann, bob) = (plain.user("ann", "sales").await, plain.user("bob", "sales").await);
        batch(&plain, (0..4).map(lead).collect()).await;
        let first = given(&plain).await[0].id;
        let (app, admin, to) = (test.app.clone(), plain.admin.clone(), id(&bob));
        let meanwhile = Meanwhile(move || {
            let (app, admin) = (app.clone(), admin.clone());
            Box::pin(async move {
                leads::assign(&app, &admin, first, to, None).await.unwrap();
            }) as futures::future::BoxFuture<'static, ()>
        });
        let mut desk = plain.desk.clone();
        desk.scripts = Arc::new(meanwhile);
        let center = Center { desk, tenant: plain.tenant.clone(), admin: plain.admin.clone() };
        center.runner_of(&["distribution.give_out"]).drain().await.unwrap();
        let given = given(&center).await;
        assert_eq!(given[0].owner_id, Some(id(&bob)));
        let owners: Vec<_> = given.iter().map(|lead| lead.owner_id).collect();
        assert_eq!(owners[1..], [Some(id(&bob)), Some(id(&ann)), Some(id(&bob))], "as decided");
        let decision = &why(&center, first).await[0];
        assert_eq!(decision.refusals[0]["code"], "taken_meanwhile");
        for (at, lead) in given.iter().enumerate() {
            let decision = why(&center, lead.id).await.into_iter().find(|d| d.hook == "distribute").unwrap();
            let seen: Vec<wire::Candidate> = serde_json::from_value(decision.input["candidates"].clone()).unwrap();
            assert_eq!(seen.iter().map(|rep| rep.open_leads as usize).sum::<usize>(), at);
        }
    }

    async fn scripts_out_of_order_lose_no_lead(test: TestApp) {
        test.app.set_clock(monday()).await.unwrap();
        let center = Center::new(&test.app, "one").await;
        for n in 0..3 {
            center.user(&format!("rep{n}"), "sales").await;
        }
        batch(&center, (0..30).map(lead).collect()).await;
        drain(&center).await;
        assert_eq!(spread(&center).await.values().copied().collect::<Vec<_>>(), [10, 10, 10]);
        let decision = &why(&center, given(&center).await[0].id).await;
        assert!(decision.iter().all(|d| d.level == "core" && d.layer == "native"), "{decision:?}");
        assert!(work::ALONE.iter().all(|kind| KINDS.contains(kind)));
    }
}
