//! Follow-ups falling due and being late: everyone told once, nobody twice, whoever looks.

use chrono::{DateTime, TimeDelta, Utc};
use platform::{Actor, Id, Tx};
use sea_orm::FromQueryResult;
use support::app::TestApp;
use support::both_engines;
use support::desk::Center;
use workflows::follow_ups::{self, NewFollowUp, Outcome};
use workflows::leads::{self, Captured, NewLead, Via};
use workflows::{bots, staff};

/// A Monday, three in the afternoon in Tashkent.
fn monday() -> DateTime<Utc> {
    "2027-03-01T10:00:00Z".parse().expect("an instant")
}

fn id(actor: &Actor) -> Id {
    actor.user.expect("a person")
}

struct Desk {
    center: Center,
    rep: Actor,
    manager: Actor,
    lead: Id,
}

/// A rep with a lead and nothing planned, and a manager; both with chats.
async fn desk(test: &TestApp) -> Desk {
    test.app.set_clock(monday()).await.expect("a test clock");
    let center = Center::new(&test.app, "one").await;
    let (rep, manager) = (center.user("ann", "sales").await, center.user("boss", "manager").await);
    for (user, chat) in [(&rep, 1), (&manager, 2)] {
        bots::link(&test.app, center.tenant.id, id(user), chat)
            .await
            .expect("linked");
    }
    let lead = lead_of(&center, &rep, 0).await;
    center.runner_of(&[]).drain().await.expect("nothing is planned");
    Desk {
        center,
        rep,
        manager,
        lead,
    }
}

async fn lead_of(center: &Center, owner: &Actor, n: usize) -> Id {
    let new = NewLead {
        name: format!("Lid {n}"),
        phone: format!("+9989{:08}", 3_000_000 + n),
        source: Some("instagram".into()),
        owner_id: Some(id(owner)),
        ..NewLead::default()
    };
    match leads::capture(&center.desk.app, &center.admin, new, Via::Manual, None)
        .await
        .expect("stored")
    {
        Captured::New { id } => id,
        Captured::Repeat { .. } => panic!("a new phone"),
    }
}

async fn plan(desk: &Desk, minutes: i64) -> Id {
    let due_at = desk.center.desk.app.clock.now() + TimeDelta::minutes(minutes);
    let new = NewFollowUp {
        lead: desk.lead,
        due_at,
        text: "ring".into(),
    };
    follow_ups::schedule(&desk.center.desk.app, &desk.center.admin, new)
        .await
        .expect("planned")
}

#[derive(FromQueryResult, Debug)]
struct Message {
    kind: String,
    user_id: Option<Id>,
    payload: serde_json::Value,
}

async fn messages(desk: &Desk, kinds: &[&str]) -> Vec<Message> {
    let tenant = desk.center.tenant.id;
    let sql = "SELECT kind, user_id, payload FROM bot_message WHERE tenant_id = $1 ORDER BY id";
    let read = async move |tx: Tx| tx.all::<Message>(sql, vec![tenant.0.into()]).await;
    let all = desk.center.desk.app.db.read(tenant, read).await.expect("messages");
    all.into_iter()
        .filter(|message| kinds.contains(&message.kind.as_str()))
        .collect()
}

async fn events(desk: &Desk, kind: &'static str) -> i64 {
    #[derive(FromQueryResult)]
    struct Row {
        count: i64,
    }
    let tenant = desk.center.tenant.id;
    let sql = "SELECT COUNT(*) AS count FROM event WHERE tenant_id = $1 AND kind = $2";
    let read = async move |tx: Tx| tx.one::<Row>(sql, vec![tenant.0.into(), kind.into()]).await;
    desk.center
        .desk
        .app
        .db
        .read(tenant, read)
        .await
        .expect("events")
        .map_or(0, |row| row.count)
}

async fn pass(test: &TestApp, minutes: i64) {
    let now = test.app.clock.now() + TimeDelta::minutes(minutes);
    test.app.set_clock(now).await.expect("a test clock");
}

const DUE: &[&str] = &["follow_up_due", "follow_ups_due"];

both_engines! {
    async fn each_is_told_of_once_though_two_workers_look(test: TestApp) {
        let desk = desk(&test).await;
        plan(&desk, 10).await;
        plan(&desk, 30).await;
        let done = plan(&desk, 10).await;
        follow_ups::complete(&test.app, &desk.center.admin, done, Outcome::Done, "").await.unwrap();
        let other = test.beside().await;
        let (tenant, runner) = (desk.center.tenant.id, desk.center.runner_of(&["follow_ups.remind"]));
        runner.drain().await.unwrap();
        assert!(messages(&desk, DUE).await.is_empty(), "not before its time");
        for (minutes, told) in [(12, 1), (20, 2), (5, 2)] {
            pass(&test, minutes).await;
            other.load_clock().await.unwrap();
            let (drained, one, two) = tokio::join!(
                runner.drain(),
                follow_ups::remind(&test.app, tenant),
                follow_ups::remind(&other, tenant)
            );
            drained.unwrap();
            assert!(one.unwrap() + two.unwrap() <= 1);
            assert_eq!(messages(&desk, DUE).await.len(), told);
        }
        assert!(messages(&desk, DUE).await.iter().all(|m| m.user_id == desk.rep.user && m.kind == "follow_up_due"));
    }

    async fn the_jobs_alone_remind_in_time(test: TestApp) {
        let desk = desk(&test).await;
        plan(&desk, 10).await;
        pass(&test, 11).await;
        desk.center.runner_of(&["follow_ups.remind"]).drain().await.unwrap();
        assert_eq!(messages(&desk, DUE).await.len(), 1);
    }

    async fn many_at_once_are_one_message(test: TestApp) {
        let desk = desk(&test).await;
        for _ in 0..5 {
            plan(&desk, 10).await;
        }
        pass(&test, 11).await;
        assert_eq!(follow_ups::remind(&test.app, desk.center.tenant.id).await.unwrap(), 5);
        let told = messages(&desk, DUE).await;
        assert_eq!((told.len(), told[0].kind.as_str(), &told[0].payload["count"]), (1, "follow_ups_due", &5.into()));
    }

    async fn one_handed_over_is_told_to_its_new_owner(test: TestApp) {
        let desk = desk(&test).await;
        let bob = desk.center.user("bob", "sales").await;
        bots::link(&test.app, desk.center.tenant.id, id(&bob), 3).await.unwrap();
        plan(&desk, 10).await;
        pass(&test, 11).await;
        follow_ups::remind(&test.app, desk.center.tenant.id).await.unwrap();
        for (to, told) in [(&bob, 2), (&desk.rep, 2)] {
            leads::assign(&test.app, &desk.center.admin, desk.lead, id(to), None).await.unwrap();
            pass(&test, 2).await;
            desk.center.runner_of(&["follow_ups.remind"]).drain().await.unwrap();
            assert_eq!(messages(&desk, DUE).await.len(), told, "who was told of this time already is not told again");
        }
    }

    async fn a_rep_with_five_overdue_is_blocked_once_and_freed_again(test: TestApp) {
        let desk = desk(&test).await;
        let app = &test.app;
        let system = Actor::system(desk.center.tenant.clone());
        let mut planned = Vec::new();
        for minutes in 1..=5 {
            planned.push(plan(&desk, minutes).await);
        }
        pass(&test, 4).await;
        follow_ups::sweep(app, &system).await.unwrap();
        assert_eq!(events(&desk, "rep.blocked").await, 0, "four are not five");
        pass(&test, 3).await;
        let other = test.beside().await;
        for _ in 0..2 {
            let (one, two) = tokio::join!(follow_ups::sweep(app, &system), follow_ups::sweep(&other, &system));
            one.unwrap();
            two.unwrap();
            pass(&test, 5).await;
        }
        assert_eq!(events(&desk, "rep.blocked").await, 1);
        let told: Vec<_> = messages(&desk, &["rep_blocked"]).await.iter().map(|message| message.user_id).collect();
        assert_eq!(told.len(), 2, "the rep and the manager, once");
        assert!(told.contains(&desk.rep.user) && told.contains(&desk.manager.user));
        // No lead for the blocked; the next one waits.
        let new = NewLead { name: "Lid 9".into(), phone: "+998901112233".into(), ..NewLead::default() };
        let Captured::New { id: waiting } = leads::capture(app, &desk.center.admin, new, Via::Manual, None).await.unwrap()
        else {
            panic!("a new phone")
        };
        let runner = desk.center.runner_of(&["distribution.give_out", "distribution.waiting"]);
        runner.drain().await.unwrap();
        assert_eq!(leads::find(app, &desk.center.admin, waiting).await.unwrap().owner_id, None);
        follow_ups::complete(app, &desk.center.admin, planned[0], Outcome::Done, "").await.unwrap();
        for _ in 0..2 {
            follow_ups::sweep(app, &system).await.unwrap();
        }
        assert_eq!(events(&desk, "rep.unblocked").await, 1);
        runner.drain().await.unwrap();
        let given = leads::find(app, &desk.center.admin, waiting).await.unwrap();
        assert_eq!(given.owner_id, desk.rep.user, "freed, the rep gets what waited");
        let rep = staff::find(app, &desk.center.admin, id(&desk.rep)).await.unwrap();
        assert_eq!(rep.blocked_since, None);
    }

    async fn reps_complete_in_their_working_time_only(test: TestApp) {
        let desk = desk(&test).await;
        let app = &test.app;
        let planned = plan(&desk, 10).await;
        let morning = vec![staff::WindowRow { weekday: 1, starts: 540, ends: 600 }];
        staff::set_windows(app, &desk.center.admin, id(&desk.rep), morning).await.unwrap();
        let early = follow_ups::complete(app, &desk.rep, planned, Outcome::Reached, "").await;
        assert_eq!(early.unwrap_err().code(), "outside_working_time");
        app.set_clock("2027-03-02T04:30:00Z".parse().unwrap()).await.unwrap();
        for _ in 0..2 {
            let done = follow_ups::complete(app, &desk.rep, planned, Outcome::Reached, "spoke").await.unwrap();
            assert_eq!((done.state.as_str(), done.version), ("done", 2), "pressing twice changes nothing");
        }
        assert_eq!(events(&desk, "follow_up.completed").await, 1);
        let other = follow_ups::complete(app, &desk.center.admin, planned, Outcome::Later, "").await;
        assert_eq!(other.unwrap_err().code(), "follow_up_closed");
    }
}
