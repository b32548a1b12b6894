//! The distribution desk: it says why somebody gets nothing, managers change its rules, what a silent owner holds goes
//! back, and over ten thousand leads nobody is favoured.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use platform::jobs::{NewJob, enqueue};
use platform::{Actor, Id, Tx, ids};
use sea_orm::FromQueryResult;
use serde_json::{Value, json};
use support::app::TestApp;
use support::both_engines;
use support::desk::{Center, Silent};
use support::site::Site;
use workflows::leads::{self, NewLead, Via};
use workflows::staff::{self, Edit, WindowRow};
use workflows::{distribution, follow_ups};

const KINDS: &[&str] = &[
    "scripts.plan",
    "distribution.give_out",
    "distribution.waiting",
    distribution::SILENT,
];

/// A Monday, three in the afternoon in Tashkent.
fn monday() -> DateTime<Utc> {
    "2027-03-01T10:00:00Z".parse().expect("an instant")
}

async fn center(test: &TestApp) -> Center {
    test.app.set_clock(monday()).await.expect("a test clock");
    Center::with(&test.app, "one", Arc::new(Silent)).await
}

fn id(actor: &Actor) -> Id {
    actor.user.expect("a person")
}

fn lead(n: usize) -> NewLead {
    NewLead {
        name: format!("Lid {n}"),
        phone: format!("+9989{:08}", 1_000_000 + n),
        source: Some("instagram".into()),
        ..NewLead::default()
    }
}

async fn drain(center: &Center) {
    center.runner_of(KINDS).drain().await.expect("the work is done");
}

/// The tick that takes leads back, as a node would enqueue it.
async fn look_for_silence(center: &Center) {
    let job = NewJob::new(distribution::SILENT, format!("silent/{}", ids::new_id()), vec![]);
    let tenant = center.tenant.id;
    let put = async move |tx: Tx| enqueue(&tx, job).await;
    center.desk.app.db.write(tenant, put).await.expect("it is enqueued");
    drain(center).await;
}

async fn owners(center: &Center) -> BTreeMap<Id, Option<Id>> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Id,
        owner_id: Option<Id>,
    }
    let tenant = center.tenant.id;
    let sql = "SELECT id, owner_id FROM lead WHERE tenant_id = $1 ORDER BY id";
    let read = async move |tx: Tx| tx.all::<Row>(sql, vec![tenant.0.into()]).await;
    let rows = center.desk.app.db.read(tenant, read).await.expect("leads");
    rows.into_iter().map(|row| (row.id, row.owner_id)).collect()
}

async fn events(center: &Center, lead: Id, kind: &str) -> Vec<Value> {
    let timeline = leads::timeline(&center.desk.app, &center.admin, lead, None, Some(200)).await;
    let entries = timeline.expect("a timeline").entries;
    let those = entries.into_iter().filter(|entry| entry.event.kind == kind);
    those.map(|entry| entry.event.payload).collect()
}

fn why(rep: &Value) -> Vec<String> {
    let whys = rep["why_not"].as_array().cloned().unwrap_or_default();
    whys.iter()
        .filter_map(|why| why["code"].as_str().map(str::to_owned))
        .collect()
}

both_engines! {
    async fn the_desk_says_why_somebody_gets_nothing(site: Site) {
        site.set_clock("2026-11-24T04:00:00Z".parse().expect("an instant")).await;
        let tenant = site.test.tenant("demo").await;
        let manager = site.user(&tenant, "manager", "manager").await;
        let mut reps = BTreeMap::new();
        for name in ["free", "off", "never", "leave", "absent", "full", "late", "out"] {
            reps.insert(name, site.user(&tenant, name, "sales").await);
        }
        let week = json!({"windows": [{"weekday": "wed", "starts": "09:00", "ends": "18:00"}]});
        site.put(&manager, &format!("/users/{}/hours", reps["off"].id), week).await.expect(200);
        site.put(&manager, &format!("/users/{}/hours", reps["never"].id), json!({"windows": []})).await.expect(200);
        site.put(&manager, &format!("/users/{}/absence", reps["absent"].id), json!({"from": "2026-11-24T03:00:00Z", "to": "2026-11-24T10:00:00Z"})).await.expect(204);
        let asked = site.post(&reps["leave"], "/leave-requests", json!({"kind": "illness", "first_day": "2026-11-24"})).await.expect(201);
        let decision = format!("/leave-requests/{}/decision", asked["id"].as_str().expect("an id"));
        site.put(&manager, &decision, json!({"approve": true})).await.expect(200);
        site.patch(&manager, &format!("/users/{}", reps["full"].id), json!({"lead_cap": 1})).await.expect(200);
        site.patch(&manager, &format!("/users/{}", reps["out"].id), json!({"receives_leads": false})).await.expect(200);
        for (number, name) in [(1, "full"), (2, "late")] {
            let new = json!({"name": "X", "phone": format!("+99890000000{number}"), "owner_id": reps[name].id});
            let lead = site.post(&manager, "/leads", new).await.expect(201);
            if name == "late" {
                for minute in 1..=5 {
                    let plan = json!({"due_at": format!("2026-11-24T04:0{minute}:00Z"), "text": "ring"});
                    site.post(&reps[name], &format!("/leads/{}/follow-ups", lead["id"].as_str().expect("an id")), plan).await.expect(201);
                }
            }
        }
        site.set_clock("2026-11-24T04:10:00Z".parse().expect("an instant")).await;
        let state = site.get(&manager, "/distribution").await.expect(200);
        let rep = |name: &str| {
            let reps = state["reps"].as_array().expect("reps");
            reps.iter().find(|rep| rep["name"] == name).unwrap_or_else(|| panic!("no {name} in {state}")).clone()
        };
        for (name, expected) in [
            ("free", vec![]), ("off", vec!["off_hours"]), ("never", vec!["never_works"]), ("leave", vec!["on_leave"]),
            ("absent", vec!["absent"]), ("full", vec!["at_cap"]), ("late", vec!["blocked"]), ("out", vec!["not_receiving"]),
        ] {
            assert_eq!(why(&rep(name)), expected, "{name}");
            assert_eq!(rep(name)["available"], expected.is_empty(), "{name}");
        }
        assert_eq!(rep("off")["why_not"][0]["until"], "2026-11-25T04:00:00Z");
        assert_eq!(rep("leave")["why_not"][0]["until"], "2026-11-24T19:00:00Z");
        assert_eq!(rep("absent")["why_not"][0]["until"], "2026-11-24T10:00:00Z");
        assert_eq!(rep("late")["why_not"][0]["count"], 5);
        let share = rep("free")["expected"].as_f64().expect("a number");
        assert!(share.abs() < 0.001, "nothing was given out by the rule: {share}");
        // A course only somebody away teaches: those who are free cannot take it.
        let admin = site.user(&tenant, "admin", "admin").await;
        let course = site.post(&admin, "/courses", json!({"name": "IELTS"})).await.expect(201);
        let other = site.post(&admin, "/courses", json!({"name": "SAT"})).await.expect(201);
        site.patch(&manager, &format!("/users/{}", reps["free"].id), json!({"courses": [other["id"]]})).await.expect(200);
        site.post(&manager, "/leads", json!({"name": "Y", "phone": "+998900000009", "course_id": course["id"]})).await.expect(201);
        site.work().await;
        let state = site.get(&manager, "/distribution").await.expect(200);
        assert_eq!((&state["waiting"], &state["queue"][0]["reason"]), (&json!(1), &json!("nobody_teaches")));
        site.patch(&manager, &format!("/users/{}", reps["free"].id), json!({"courses": []})).await.expect(200);
        assert_eq!(site.get(&manager, "/distribution").await.expect(200)["queue"][0]["reason"], "ready");
        site.post(&manager, "/distribution/runs", json!({})).await.expect(204);
        site.work().await;
        let state = site.get(&manager, "/distribution").await.expect(200);
        assert_eq!((&state["waiting"], &state["given"]), (&json!(0), &json!(1)));
    }

    async fn managers_change_the_rules_of_the_desk_and_nothing_else(site: Site) {
        let tenant = site.test.tenant("demo").await;
        let (manager, rep) = (site.user(&tenant, "manager", "manager").await, site.user(&tenant, "rep", "sales").await);
        for (method, path) in [("get", "/distribution"), ("post", "/distribution/runs")] {
            let reply = if method == "get" { site.get(&rep, path).await } else { site.post(&rep, path, json!({})).await };
            reply.refused(403, "not_allowed");
        }
        site.patch(&rep, "/distribution", json!({"lead_cap": 1})).await.refused(403, "not_allowed");
        let rules = json!({"use_weights": true, "lead_cap": 40, "overdue_block": 7, "silent_minutes": 90});
        let changed = site.patch(&manager, "/distribution", rules).await.expect(200);
        assert_eq!(
            (&changed["strategy"], &changed["lead_cap"], &changed["overdue_block"], &changed["silent_minutes"]),
            (&json!("by_share"), &json!(40), &json!(7), &json!(90))
        );
        let back = site.patch(&manager, "/distribution", json!({"overdue_block": null, "use_weights": false})).await.expect(200);
        assert_eq!((&back["strategy"], &back["overdue_block"], &back["lead_cap"]), (&json!("fewest_open"), &json!(5), &json!(40)));
        for (body, field) in [(json!({"lead_cap": -1}), "lead_cap"), (json!({"silent_minutes": 10_081}), "silent_minutes")] {
            let problem = site.patch(&manager, "/distribution", body).await.refused(422, "invalid");
            assert_eq!((&problem["errors"][0]["field"], &problem["errors"][0]["code"]), (&json!(field), &json!("out_of_range")));
        }
        site.patch(&manager, "/settings", json!({"new_minutes": 15})).await.refused(403, "not_allowed");
    }

    async fn a_lead_changes_hands_with_its_follow_ups_or_begins_afresh(site: Site) {
        let tenant = site.test.tenant("demo").await;
        let manager = site.user(&tenant, "manager", "manager").await;
        let (ali, bob) = (site.user(&tenant, "ali", "sales").await, site.user(&tenant, "bob", "sales").await);
        for (number, moves) in [(1, true), (2, false)] {
            let new = json!({"name": "X", "phone": format!("+99890000001{number}"), "owner_id": ali.id});
            let lead = site.post(&manager, "/leads", new).await.expect(201)["id"].as_str().expect("an id").to_owned();
            site.work().await;
            let due_at = site.app().clock.now() + TimeDelta::days(2);
            let path = format!("/leads/{lead}/follow-ups");
            site.post(&ali, &path, json!({"due_at": due_at, "text": "ring"})).await.expect(201);
            let before = site.get(&manager, &path).await.expect(200);
            let auto = before["items"].as_array().expect("items").iter().find(|one| one["kind"] == "auto").expect("one is planned").clone();
            let body = json!({"owner_id": bob.id, "move_follow_ups": moves});
            let assigned = site.call(&manager, reqwest::Method::PUT, &format!("/leads/{lead}/owner")).header("If-Match", "*").json(&body);
            support::site::Reply::of(assigned).await.expect(200);
            let after = site.get(&manager, &path).await.expect(200);
            let items = after["items"].as_array().expect("items").clone();
            let same = items.iter().find(|one| one["id"] == auto["id"]).expect("it is kept");
            assert_eq!(same["state"], if moves { "open" } else { "cancelled" });
            let open = items.iter().filter(|one| one["state"] == "open").count();
            assert_eq!(open, if moves { 2 } else { 1 }, "what a person planned goes along");
            site.get(&bob, &format!("/follow-ups/{}", items[0]["id"].as_str().expect("an id"))).await.expect(200);
        }
    }

    async fn what_a_silent_owner_holds_goes_to_somebody_else(test: TestApp) {
        let center = center(&test).await;
        let (ann, app) = (center.user("ann", "sales").await, &test.app);
        let office: Vec<WindowRow> = (0..7).map(|weekday| WindowRow { weekday, starts: 540, ends: 1080 }).collect();
        staff::set_windows(app, &center.admin, id(&ann), office).await.unwrap();
        distribution::set_silent_minutes(app, &center.admin, 60).await.unwrap();
        // Half past five: thirty working minutes are left today.
        app.set_clock("2027-03-01T12:30:00Z".parse().unwrap()).await.unwrap();
        for n in 0..4 {
            leads::capture(app, &center.admin, lead(n), Via::Manual, None).await.unwrap();
        }
        drain(&center).await;
        let all: Vec<Id> = owners(&center).await.into_keys().collect();
        assert!(owners(&center).await.values().all(|owner| *owner == ann.user));
        let by_hand = follow_ups::NewFollowUp { lead: all[1], due_at: app.clock.now() + TimeDelta::days(3), text: "ring".into() };
        follow_ups::schedule(app, &center.admin, by_hand).await.unwrap();
        leads::add_note(app, &ann, all[0], "Gaplashdik").await.unwrap();
        leads::trash(app, &center.admin, all[3], None).await.unwrap();
        let bob = center.user("bob", "sales").await;
        // The night passes: thirty minutes worked, an hour is asked for.
        app.set_clock("2027-03-02T04:20:00Z".parse().unwrap()).await.unwrap();
        look_for_silence(&center).await;
        assert!(owners(&center).await.values().all(|owner| *owner == ann.user), "only working minutes count");
        app.set_clock("2027-03-02T04:31:00Z".parse().unwrap()).await.unwrap();
        look_for_silence(&center).await;
        look_for_silence(&center).await;
        let now = owners(&center).await;
        assert_eq!(now[&all[0]], ann.user, "a note is a touch");
        assert_eq!(now[&all[3]], ann.user, "what is in the trash is left alone");
        assert_eq!((now[&all[1]], now[&all[2]]), (bob.user, bob.user));
        let returned = events(&center, all[1], "lead.returned").await;
        assert_eq!(returned.len(), 1, "told once: {returned:?}");
        assert_eq!((&returned[0]["reason"], &returned[0]["minutes"]), (&json!("owner_silent"), &json!(60)));
        assert_eq!(returned[0]["from"], json!(ann.user));
        let mine = follow_ups::of_lead(app, &center.admin, all[1]).await.unwrap();
        let open: Vec<_> = mine.iter().filter(|one| one.state == "open").collect();
        assert!(open.iter().all(|one| Some(one.owner_id) == bob.user), "{open:?}");
        assert!(open.iter().any(|one| one.kind == "manual"), "what a person planned is not lost");
        assert!(open.iter().any(|one| one.kind == "auto"), "and does not stand in for the new owner's cadence: {open:?}");
        // With nobody else to take it a lead stays where it is.
        staff::deactivate(app, &center.admin, id(&ann)).await.unwrap();
        app.set_clock("2027-03-03T10:00:00Z".parse().unwrap()).await.unwrap();
        look_for_silence(&center).await;
        assert_eq!(owners(&center).await[&all[2]], bob.user);
    }

    async fn over_ten_thousand_leads_equal_reps_are_within_one_and_nobody_unavailable_gets_any(test: TestApp) {
        let center = center(&test).await;
        let (app, now) = (&test.app, monday());
        let mut reps = BTreeMap::new();
        // Created in an order that would show: those who may not receive stand between those who may.
        for name in ["ann", "leave", "bob", "blocked", "cem", "full", "dil", "absent", "eli"] {
            reps.insert(name, id(&center.user(name, "sales").await));
        }
        let day = app.clock.now().date_naive();
        let asker = platform::auth::as_user(app, &center.tenant, reps["leave"]).await.unwrap().expect("a user");
        let new = workflows::leave::NewLeave {
            kind: "vacation".into(), first_day: day, last_day: day, hours: None, note: String::new(), urgent: false,
        };
        let asked = workflows::leave::request(app, &asker, new, None).await.unwrap();
        let yes = workflows::leave::Decision { approve: true, reason: String::new() };
        workflows::leave::decide(app, &center.admin, asked, yes).await.unwrap();
        staff::set_absence(app, &center.admin, reps["absent"], Some(now), None).await.unwrap();
        staff::edit(app, &center.admin, reps["full"], Edit { lead_cap: Some(Some(0)), ..Edit::default() }).await.unwrap();
        let owned = NewLead { owner_id: Some(reps["blocked"]), ..lead(99_999) };
        leads::capture(app, &center.admin, owned, Via::Manual, None).await.unwrap();
        let theirs = *owners(&center).await.keys().next().expect("one lead");
        for n in 1..=5 {
            let new = follow_ups::NewFollowUp { lead: theirs, due_at: now + TimeDelta::seconds(n), text: "ring".into() };
            follow_ups::schedule(app, &center.admin, new).await.unwrap();
        }
        app.set_clock(now + TimeDelta::minutes(1)).await.unwrap();
        let mut numbers: Vec<usize> = (0..10_000).collect();
        // Whatever the order they come in: a fixed shuffle.
        let mut seed = 0x2545_F491_4F6C_DD1D_u64;
        for at in (1..numbers.len()).rev() {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            numbers.swap(at, usize::try_from(seed % (at as u64 + 1)).expect("it fits"));
        }
        for some in numbers.chunks(500) {
            let (admin, new) = (center.admin.clone(), some.iter().map(|n| lead(*n)).collect());
            app.db.write(center.tenant.id, async move |tx: Tx| {
                let registry = leads::registry_in(&tx).await?;
                leads::capture_all_in(&tx, &admin, &registry, new, Via::Api).await
            }).await.expect("they are stored");
            center.runner_of(&["distribution.give_out", "distribution.waiting"]).drain().await.expect("given out");
        }
        let mut spread: BTreeMap<Id, usize> = BTreeMap::new();
        for (lead, owner) in owners(&center).await {
            if lead != theirs {
                *spread.entry(owner.expect("nobody waits")).or_default() += 1;
            }
        }
        let got: HashSet<Id> = spread.keys().copied().collect();
        assert_eq!(got, ["ann", "bob", "cem", "dil", "eli"].map(|name| reps[name]).into(), "{spread:?}");
        let (least, most) = (spread.values().min().expect("some"), spread.values().max().expect("some"));
        assert!(most - least <= 1 && spread.values().sum::<usize>() == 10_000, "{spread:?}");
    }
}
