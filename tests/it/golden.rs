//! Golden tests run in the script process: what they can say, what they catch, and that they cannot break out.

use serde_json::{Value, json};
use support::app::TestApp;
use support::both_engines;
use support::database::TestDatabase;
use support::scripts::{centre, check, core, host};
use support::site::Site;
use wire::{Golden, TestFailure, TestResult};

fn golden(source: &str) -> Golden {
    let check = check(source);
    Golden {
        tenant: check.tenant,
        registry: check.registry,
        settings: centre().defaults(),
        source: source.to_owned(),
        below: vec![centre().script.clone(), core().script.clone()],
        tests: None,
    }
}

async fn prove(source: &str) -> Vec<TestResult> {
    host()
        .await
        .prove(golden(source))
        .await
        .expect("a process")
        .expect("it parses")
}

async fn fails(body: &str) -> TestFailure {
    let source = format!("fn test_it() {{\n    {body}\n}}");
    let mut results = prove(&source).await;
    assert_eq!(results.len(), 1, "{results:?}");
    results.remove(0).failure.unwrap_or_else(|| panic!("{body} passed"))
}

const OWNER: &str = "owner: #{ windows: #{ mon: [[\"09:00\", \"18:00\"]], fri: [[\"09:00\", \"18:00\"]] } }";

#[tokio::test]
async fn a_test_says_what_follows_and_when() {
    let source = format!(
        r#"
fn on_lead_created(ctx) {{
    let p = base::on_lead_created(ctx);
    if ctx.lead.source == "referral" {{
        trace("came by recommendation");
        p.tag("vip");
        p.notify("manager", "new_lead");
        p.add(followup("vip/1").after(minutes(2)).in_work_hours().text("call_new"));
    }}
    p.add(followup("trial/2h").at(ctx.now - hours(1)).skip_if_past());
    p
}}
fn soon(ctx) {{ minutes(5) }}

fn test_a_friend_is_called_within_two_minutes() {{
    let answer = given(#{{ lead: #{{ source: "referral" }}, {OWNER} }}).at("2026-11-20 17:59").run("on_lead_created");
    expect(answer).follow_ups(["new/1", "vip/1", "trial/2h"]).due("vip/1", "2026-11-23 09:00").tags(["vip"])
        .tells("manager", "new_lead").text("vip/1", "call_new").traces("recommendation").keeps_open();
    expect(due_of(answer, "new/1") - due_of(answer, "vip/1")).equals(minutes(0));
}}
fn test_anybody_else_is_the_packs() {{
    let answer = given().run("on_lead_created");
    expect(answer).due("new/1", "2026-03-02T10:05").tags([]).no_notices();
    expect(soon(())).equals(minutes(5));
}}
fn test_what_the_override_leaves_alone() {{
    let moved = given(#{{ from: "contacted", to: "interested" }}).at("2026-11-20T15:00:00+05:00").run("on_status_changed");
    expect(moved).follow_ups(["interested/1", "interested/2", "interested/3", "interested/4"]).cancels_open();
    let shorter = given(#{{ to: "interested", settings: #{{ interested_days: [2] }} }}).run("on_status_changed");
    expect(shorter).follow_ups(["interested/1"]);
    let reps = [#{{ id: "ann", open_leads: 2 }}, #{{ id: "bob", open_leads: 1 }}];
    expect(given(#{{ candidates: reps }}).run("distribute")).assigns("bob").because("fewest_open");
    expect(given(#{{ candidates: [] }}).run("distribute")).queues("waiting");
}}
"#
    );
    let results = prove(&source).await;
    let failed: Vec<_> = results.iter().filter(|test| test.failure.is_some()).collect();
    assert!(failed.is_empty(), "{failed:#?}");
    assert_eq!(
        results
            .iter()
            .map(|test| (test.name.as_str(), test.line))
            .collect::<Vec<_>>(),
        [
            ("test_a_friend_is_called_within_two_minutes", 15),
            ("test_anybody_else_is_the_packs", 21),
            ("test_what_the_override_leaves_alone", 26)
        ]
    );
    let covers: Vec<String> = results[2]
        .covers
        .iter()
        .map(|cover| format!("{} {}", cover.hook, cover.status))
        .collect();
    assert_eq!(covers, ["on_status_changed interested", "distribute new"]);
}

#[tokio::test]
async fn a_red_test_says_what_is_so_instead_and_where() {
    let run = "let a = given(#{ to: \"interested\" }).run(\"on_status_changed\"); ";
    for (demand, message) in [
        ("expect(a).follow_ups([\"x\"])", "interested/1, interested/2"),
        (
            "expect(a).due(\"interested/1\", \"2026-03-04 10:00\")",
            "interested/1 falls due 2026-03-03 10:00",
        ),
        (
            "expect(a).due(\"x\", \"2026-03-04 10:00\")",
            "there is no follow-up x among interested/1",
        ),
        ("expect(a).keeps_open()", "open follow-ups are canceled"),
        ("expect(a).assigns(\"ann\")", "nobody is given the lead"),
        ("expect(a).tells(\"owner\", \"call_new\")", "told are —"),
        (
            "expect(a).refused(\"interested/1\", \"already_past\")",
            "interested/1 is planned",
        ),
        ("expect(1 + 1).equals(3)", "the value is 2, not 3"),
        ("expect(minutes(5)).equals(\"5min\")", "the value is 5min, not \"5min\""),
        ("expect(5).cancels_open()", "needs the answer of run()"),
    ] {
        let failure = fails(&format!("{run}\n    {demand};")).await;
        assert_eq!(
            (failure.code.as_str(), failure.line),
            ("expected", 3),
            "{demand}: {failure:?}"
        );
        assert!(failure.message.contains(message), "{demand}: {}", failure.message);
    }
    for (body, code) in [
        ("given(#{ leed: 1 }).run(\"distribute\")", "bad_context"),
        (
            "given(#{ settings: #{ nope: 1 } }).run(\"distribute\")",
            "unknown_setting",
        ),
        ("given().run(\"on_nothing\")", "unknown_hook"),
        ("given().at(\"noon\").run(\"distribute\")", "bad_moment"),
        ("nonsense()", "unknown_function"),
    ] {
        let failure = fails(body).await;
        assert_eq!((failure.code.as_str(), failure.line), (code, 2), "{body}: {failure:?}");
    }
}

#[tokio::test]
async fn a_failing_hook_is_shown_at_its_own_line() {
    let source = "fn on_lead_created(ctx) {\n    let p = plan();\n    p.add(followup(\"x\").after(24));\n    p\n}\n\
                  fn test_it() {\n    given().run(\"on_lead_created\");\n}";
    let failure = prove(source).await.remove(0).failure.expect("it fails");
    assert_eq!((failure.code.as_str(), failure.line), ("no_unit", 3), "{failure:?}");
    assert!(failure.message.contains("hours(24)"), "{}", failure.message);
    // In a text of its own the test's line is the one to show.
    let apart = Golden {
        source: "fn on_lead_created(ctx) { plan().add(5); plan() }".into(),
        tests: Some("// What must hold.\nfn test_it() {\n    given().run(\"on_lead_created\");\n}".into()),
        ..golden("")
    };
    let results = host().await.prove(apart).await.unwrap().unwrap();
    let failure = results[0].failure.as_ref().expect("it fails");
    assert_eq!((failure.code.as_str(), failure.line), ("hook_failed", 3), "{failure:?}");
}

#[tokio::test]
async fn a_test_cannot_run_away_nor_reach_into_life() {
    for (body, code) in [
        ("loop {}", "operations"),
        ("let s = \"x\"; loop { s += s; }", "size"),
        ("for n in 0..100 { given().run(\"on_lead_created\"); }", "too_many_runs"),
        ("test_it()", "depth"),
        ("throw 5", "thrown"),
    ] {
        assert_eq!(fails(body).await.code, code, "{body}");
    }
    let source = "fn on_lead_created(ctx) { given().run(\"on_lead_created\"); plan() }\nfn test_a() { given().run(\"on_lead_created\") }\n\
                  fn on_status_changed(ctx) { loop {} }\nfn test_b() { given().run(\"on_status_changed\") }\nfn test_c() { expect(1).equals(1) }\n\
                  fn test_d(x) { }";
    let codes: Vec<Option<String>> = prove(source)
        .await
        .into_iter()
        .map(|test| test.failure.map(|failure| failure.code))
        .collect();
    let codes: Vec<Option<&str>> = codes.iter().map(Option::as_deref).collect();
    assert_eq!(
        codes,
        [Some("only_in_tests"), Some("operations"), None, Some("wrong_arity")]
    );
    // Outside tests the words refuse, so a hook that uses one falls to the layer below.
    let mut life = support::scripts::batch("x", Some("fn on_lead_created(ctx) { expect(1); plan() }"), vec![]);
    life.calls = vec![support::scripts::call(0, wire::Hook::OnLeadCreated)];
    let outcome = host().await.run(life).await.remove(0).unwrap();
    assert_eq!(outcome.failures[0].code, "only_in_tests");
    let unreadable = host().await.prove(golden("fn test_a( {")).await.unwrap().unwrap_err();
    assert_eq!((unreadable.code.as_str(), unreadable.line), ("syntax", 1));
    let long = host()
        .await
        .prove(golden(&"// ".repeat(30_000)))
        .await
        .unwrap()
        .unwrap_err();
    assert_eq!(long.code, "source_too_long");
    // Fifty tests that each spin as long as they may: slow, but reported as they come.
    let spin = "let x = 0; for n in 0..3 { given().run(\"on_status_changed\"); }";
    let many: String = (0..50).map(|n| format!("fn test_{n}() {{ {spin} }}\n")).collect();
    assert_eq!(prove(&many).await.len(), 50);
}

#[tokio::test]
async fn the_same_tests_give_the_same_answer_and_chance_is_the_events() {
    let source = "fn on_lead_created(ctx) { let p = plan(); p.add(followup(\"x\").after(minutes(rand_int(1, 600)))); p }\n\
                  fn test_x() { let a = given(#{ event: #{ id: \"e-1\" } }).run(\"on_lead_created\"); \
                  let b = given(#{ event: #{ id: \"e-1\" } }).run(\"on_lead_created\"); \
                  let c = given(#{ event: #{ id: \"e-2\" } }).run(\"on_lead_created\"); \
                  expect(due_of(a, \"x\")).equals(due_of(b, \"x\")); expect(due_of(a, \"x\") == due_of(c, \"x\")).equals(false); }";
    assert_eq!(prove(source).await[0].failure, None);
    let report = host().await.check(check(source)).await.unwrap();
    assert_eq!(json!(report.findings), json!([]), "tests are no mistake");
}

const CREATED: &str = "/scripts/on_lead_created";

both_engines! {
    async fn a_red_test_keeps_a_version_from_being_published(database: TestDatabase) {
        let test = TestApp::on(database).await;
        let desk = web::server::desk(&test.app).await.expect("the ports are there");
        let site = Site::serving(test, desk).await;
        let tenant = site.test.tenant("demo").await;
        let admin = site.user(&tenant, "admin", "admin").await;
        let manager = site.user(&tenant, "manager", "manager").await;
        let source = |minutes: u32| format!(
            "fn on_lead_created(ctx) {{\n    let p = plan();\n    p.add(followup(\"new/1\").after(minutes({minutes})));\n    p\n}}\n\n\
             fn test_soon() {{\n    expect(given().at(\"2026-11-20 10:00\").run(\"on_lead_created\")).due(\"new/1\", \"2026-11-20 10:05\");\n}}\n"
        );
        let publish = |minutes: u32| json!({"source": source(minutes), "message": "Sinov", "based_on": null});
        let tests = format!("{CREATED}/tests");
        site.post(&manager, &tests, json!({"source": source(5)})).await.refused(403, "not_allowed");
        let red = site.post(&admin, &tests, json!({"source": source(7)})).await.expect(200);
        assert_eq!((&red["passes"], &red["tests"][0]["name"], &red["tests"][0]["failure"]["line"]), (&json!(false), &json!("test_soon"), &json!(8)), "{red}");
        for (lang, words) in [("uz", "testi 8-qatorda"), ("ru", "строка 8"), ("en", "red at line 8"), ("kk", "тесті 8-жолда")] {
            let call = site.call(&admin, reqwest::Method::PUT, CREATED).header("accept-language", lang);
            let refused = support::site::Reply::of(call.json(&publish(7))).await.refused(422, "test_failed");
            assert!(refused["title"].as_str().is_some_and(|title| title.contains(words)), "{lang}: {refused}");
            assert_eq!((&refused["args"]["name"], &refused["args"]["line"]), (&json!("test_soon"), &json!(8)));
        }
        assert_eq!(site.get(&admin, CREATED).await.expect(200)["published"], Value::Null);
        site.put(&admin, CREATED, publish(5)).await.expect(200);
        let green = site.post(&admin, &tests, json!({})).await.expect(200);
        assert_eq!((&green["passes"], green["tests"].as_array().map(Vec::len)), (&json!(true), Some(1)), "{green}");
        let broken = site.post(&admin, &tests, json!({"source": "fn test_x( {"})).await.expect(200);
        assert_eq!((&broken["passes"], &broken["unreadable"]["code"]), (&json!(false), &json!("syntax")), "{broken}");
        let none = site.post(&admin, "/scripts/on_status_changed/tests", json!({"source": "fn test_x() { given(#{ to: \"lost\" }).run(\"on_status_changed\"); }"})).await.expect(200);
        assert!(none["runs_hook"] == true && none["pack"].as_array().is_some_and(|tests| tests.len() > 10), "{none}");
        assert!(none["pack"].as_array().into_iter().flatten().all(|test| test["failure"].is_null()), "{none}");
        let untested: Vec<&str> = none["untested"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        assert!(untested.len() == 9 && !untested.contains(&"lost"), "{none}");
    }

    async fn a_decision_becomes_a_green_test_in_ones_draft(database: TestDatabase) {
        let test = TestApp::on(database).await;
        let desk = web::server::desk(&test.app).await.expect("the ports are there");
        let site = Site::serving(test, desk).await;
        let tenant = site.test.tenant("demo").await;
        let author = site.test.user(&tenant, "author", "admin").await;
        let admin = site.user(&tenant, "admin", "admin").await;
        let rep = site.user(&tenant, "rep", "sales").await;
        let other = site.user(&tenant, "other", "sales").await;
        let days = ["mon", "tue", "wed", "thu", "fri"];
        let nine_to_six: Vec<Value> = days.iter().map(|day| json!({"weekday": day, "starts": "09:00", "ends": "18:00"})).collect();
        site.put(&admin, &format!("/users/{}/hours", rep.id), json!({"windows": nine_to_six})).await.expect(200);
        site.patch(&admin, "/settings", json!({"interested_days": [2, 4]})).await.expect(200);
        let lead = json!({"name": "Nodira Karimova", "phone": "+998901234567", "source": "instagram", "owner_id": rep.id, "tags": ["a \"quoted\" tag"]});
        let lead = site.post(&admin, "/leads", lead).await.expect(201);
        let path = format!("/leads/{}", lead["id"].as_str().unwrap_or_default());
        site.work().await;
        site.call(&admin, reqwest::Method::PUT, &format!("{path}/status")).header("if-match", "*").json(&json!({"status": "interested"})).send().await.expect("an answer");
        let waiting = site.post(&admin, "/leads", json!({"name": "Navbatda", "phone": "+998901234568"})).await.expect(201);
        site.work().await;
        let mut kept = 0;
        for id in [&lead["id"], &waiting["id"]] {
            let found = site.get(&admin, &format!("/leads/{}/decisions", id.as_str().unwrap_or_default())).await.expect(200);
            for decision in found["items"].as_array().into_iter().flatten() {
                let id = decision["id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
                let hook = workflows::scripts::keep_as_test(&site.desk, &author, id).await.expect("it is kept");
                let draft = workflows::scripts::drafts(site.app(), &author, hook).await.expect("drafts").remove(0);
                let proof = workflows::scripts::prove(&site.desk, &author, hook, &draft.source).await.expect("it runs");
                assert!(proof.first_red().is_none() && !proof.tests.is_empty(), "{}\n{:?} {:?}", draft.source, proof.first_red(), proof.unreadable);
                kept += 1;
            }
        }
        assert!(kept >= 3, "created, moved, given out: {kept} {}", other.id);
        let moved = workflows::scripts::drafts(site.app(), &author, wire::Hook::OnStatusChanged).await.expect("drafts").remove(0);
        assert!(moved.source.contains("interested_days: [2, 4]") && moved.source.contains("\"interested/2\""), "{}", moved.source);
        let stranger = site.test.user(&site.test.tenant("other").await, "stranger", "admin").await;
        let id = site.get(&admin, &format!("{path}/decisions")).await.expect(200)["items"][0]["id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
        let refused = workflows::scripts::keep_as_test(&site.desk, &stranger, id).await;
        assert!(matches!(refused, Err(platform::Error::NotFound)), "{refused:?}");
    }
}
