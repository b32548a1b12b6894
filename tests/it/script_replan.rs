//! Publishing a rule over follow-ups that wait: left as they are, or planned anew, once, with what is done left done.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use platform::jobs::{NewJob, enqueue};
use platform::{Actor, Id, Tx};
use support::app::TestApp;
use support::both_engines;
use support::desk::Center;
use support::scripts::host;
use wire::Hook;
use workflows::follow_ups::{self, FollowUp};
use workflows::leads::{self, Captured, Move, NewLead, Via};
use workflows::scripts::{self, Publish};

const HOOK: Hook = Hook::OnStatusChanged;

/// A Monday, three in the afternoon in Tashkent.
fn monday() -> DateTime<Utc> {
    "2027-03-01T10:00:00Z".parse().expect("an instant")
}

async fn center(test: &TestApp) -> (Center, Actor) {
    test.app.set_clock(monday()).await.expect("a test clock");
    let center = Center::with(&test.app, "one", Arc::new(host().await)).await;
    let rep = center.user("ann", "sales").await;
    (center, rep)
}

/// Steps so many hours after a lead is contacted.
fn cadence(hours: &[i64]) -> String {
    let steps: String = hours
        .iter()
        .enumerate()
        .map(|(at, hours)| format!("    p.add(followup(\"step/{}\").after(hours({hours})));\n", at + 1))
        .collect();
    format!(
        "fn on_status_changed(ctx) {{\n    let p = plan();\n    p.cancel_open();\n    if ctx.to != \"contacted\" {{ return p; }}\n{steps}    p\n}}\n"
    )
}

async fn publish(center: &Center, source: &str, replan: bool) {
    let based_on = scripts::overview(&center.desk, &center.admin, HOOK)
        .await
        .expect("an overview")
        .published;
    let publish = Publish {
        source: source.to_owned(),
        message: "sinov".to_owned(),
        based_on,
        replan,
    };
    scripts::publish(&center.desk, &center.admin, HOOK, publish)
        .await
        .expect("published");
}

async fn contacted(center: &Center, rep: &Actor, n: usize) -> Id {
    let new = NewLead {
        name: format!("Lid {n}"),
        phone: format!("+9989{:08}", 3_000_000 + n),
        owner_id: rep.user,
        ..NewLead::default()
    };
    let made = leads::capture(&center.desk.app, &center.admin, new, Via::Manual, None)
        .await
        .expect("stored");
    let Captured::New { id } = made else {
        panic!("a new phone")
    };
    drain(center).await;
    let to = Move {
        to: "contacted".into(),
        ..Move::default()
    };
    leads::change_status(&center.desk.app, &center.admin, id, to)
        .await
        .expect("moved");
    drain(center).await;
    id
}

async fn drain(center: &Center) {
    let runner = center.runner_of(&["scripts.plan", "scripts.replan"]);
    runner.drain().await.expect("the work is done");
}

/// Key and hours after Monday of each open follow-up.
async fn open(center: &Center, lead: Id) -> Vec<(String, i64)> {
    let all = follow_ups::of_lead(&center.desk.app, &center.admin, lead)
        .await
        .expect("follow-ups");
    let open = all.into_iter().filter(|f: &FollowUp| f.state == "open");
    let mut open: Vec<_> = open.map(|f| (f.key, (f.due_at - monday()).num_hours())).collect();
    open.sort();
    open
}

fn steps(expected: &[(&str, i64)]) -> Vec<(String, i64)> {
    expected
        .iter()
        .map(|(key, hours)| ((*key).to_owned(), *hours))
        .collect()
}

both_engines! {
    async fn pending_follow_ups_are_left_or_planned_anew(test: TestApp) {
        let (center, rep) = center(&test).await;
        publish(&center, &cadence(&[24, 72, 168]), false).await;
        let lead = contacted(&center, &rep, 0).await;
        let first = steps(&[("step/1", 24), ("step/2", 72), ("step/3", 168)]);
        assert_eq!(open(&center, lead).await, first);
        assert_eq!(scripts::pending(&center.desk.app, &center.admin, HOOK).await.unwrap(), 3);
        assert_eq!(scripts::pending(&center.desk.app, &center.admin, Hook::OnLeadCreated).await.unwrap(), 0);

        publish(&center, &cadence(&[10, 20, 30]), false).await;
        drain(&center).await;
        assert_eq!(open(&center, lead).await, first, "left as they are");

        publish(&center, &cadence(&[2, 48, 100, 200]), true).await;
        drain(&center).await;
        let second = steps(&[("step/1", 2), ("step/2", 48), ("step/3", 100), ("step/4", 200)]);
        assert_eq!(open(&center, lead).await, second);
        let why = scripts::of_lead(&center.desk.app, &center.admin, lead).await.unwrap();
        assert_eq!(why.iter().filter(|d| d.hook == "on_status_changed").count(), 2, "the new plan has its own record");
        drain(&center).await;
        assert_eq!(open(&center, lead).await, second, "nothing is planned twice");

        // Two days on: the first is done, the second waits, late; a new rule begins no step whose time has passed.
        test.app.set_clock(monday() + TimeDelta::hours(49)).await.unwrap();
        let all = follow_ups::of_lead(&center.desk.app, &center.admin, lead).await.unwrap();
        let one = all.iter().find(|f| f.key == "step/1" && f.state == "open").unwrap();
        let reached = follow_ups::Outcome::Reached;
        follow_ups::complete(&center.desk.app, &center.admin, one.id, reached, "").await.unwrap();
        drain(&center).await;
        publish(&center, &cadence(&[60, 24, 90, 210]), true).await;
        drain(&center).await;
        let third = steps(&[("step/2", 49), ("step/3", 90), ("step/4", 210)]);
        assert_eq!(open(&center, lead).await, third, "what is done stays done, what is late is due now");

        scripts::roll_back(&center.desk, &center.admin, HOOK, 1, true).await.unwrap();
        drain(&center).await;
        assert_eq!(open(&center, lead).await, steps(&[("step/2", 72), ("step/3", 168)]), "the first rule again");
    }

    async fn a_retry_a_second_publishing_and_many_chunks_plan_each_lead_once(test: TestApp) {
        let (center, rep) = center(&test).await;
        publish(&center, &cadence(&[24]), false).await;
        let mut all = Vec::new();
        for n in 0..120 {
            all.push(contacted(&center, &rep, n).await);
        }
        publish(&center, &cadence(&[48, 96]), true).await;
        publish(&center, &cadence(&[36, 96]), true).await;
        drain(&center).await;
        // The jobs once more, as after a node that died before it could say that it was done.
        #[derive(sea_orm::FromQueryResult)]
        struct Row { uniq: String, ids: serde_json::Value }
        let again = async move |tx: Tx| {
            let sql = "SELECT uniq, ids FROM job WHERE tenant_id = $1 AND kind = 'scripts.replan'";
            let jobs: Vec<Row> = tx.all(sql, vec![tx.tenant().0.into()]).await?;
            assert!(jobs.len() >= 3, "in chunks: {}", jobs.len());
            for job in jobs {
                let ids: Vec<Id> = serde_json::from_value(job.ids).unwrap();
                enqueue(&tx, NewJob::new("scripts.replan", format!("{}/again", job.uniq), ids)).await?;
            }
            Ok(())
        };
        center.desk.app.db.write(center.tenant.id, again).await.unwrap();
        drain(&center).await;
        for lead in all {
            assert_eq!(open(&center, lead).await, steps(&[("step/1", 36), ("step/2", 96)]));
        }
    }

    async fn a_rule_that_fails_takes_nothing_away(test: TestApp) {
        let (center, rep) = center(&test).await;
        publish(&center, &cadence(&[24, 72]), false).await;
        let lead = contacted(&center, &rep, 0).await;
        let failing = "fn on_status_changed(ctx) {\n    if ctx.lead.open_followups > 0 { throw \"no\"; }\n    let p = plan();\n    p.add(followup(\"x\").after(hours(1)));\n    p\n}\n";
        publish(&center, failing, true).await;
        drain(&center).await;
        assert_eq!(open(&center, lead).await, steps(&[("step/1", 24), ("step/2", 72)]));
    }
}
