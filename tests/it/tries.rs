//! Trying a hook out: the answer is all there is, and it is what would really happen.

use serde_json::{Value, json};
use support::app::TestApp;
use support::both_engines;
use support::database::TestDatabase;
use support::site::{Reply, Site, Who};

const CREATED: &str = "/scripts/on_lead_created/try";
const MOVED: &str = "/scripts/on_status_changed/try";
const GIVEN: &str = "/scripts/distribute/try";
/// A Friday, three in the afternoon in Tashkent.
const FRIDAY: &str = "2026-11-20T15:00:00+05:00";

async fn site(database: TestDatabase) -> (Site, Who) {
    let test = TestApp::on(database).await;
    let desk = web::server::desk(&test.app).await.expect("the ports are there");
    let site = Site::serving(test, desk).await;
    let tenant = site.test.tenant("demo").await;
    let admin = site.user(&tenant, "admin", "admin").await;
    (site, admin)
}

fn nine_to_six() -> Value {
    let day = json!([["09:00", "18:00"]]);
    json!({"time_zone": "Asia/Tashkent", "windows": {"mon": day, "tue": day, "wed": day, "thu": day, "fri": day}})
}

fn due(tried: &Value) -> Vec<(String, String)> {
    let items = tried["plan"]["follow_ups"].as_array().expect("follow-ups");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    items
        .iter()
        .map(|item| (text(&item["key"]), text(&item["due_at"])))
        .collect()
}

fn instant(text: &Value) -> chrono::DateTime<chrono::Utc> {
    text.as_str().and_then(|text| text.parse().ok()).expect("an instant")
}

both_engines! {
    async fn a_cadence_is_seen_with_its_due_times_before_anything_acts(database: TestDatabase) {
        let (site, admin) = site(database).await;
        let manager = site.user(&admin.tenant, "manager", "manager").await;
        site.post(&manager, MOVED, json!({})).await.refused(403, "not_allowed");

        let context = json!({"from": "contacted", "to": "interested", "owner": nine_to_six()});
        let tried = site.post(&admin, MOVED, json!({"context": context, "at": FRIDAY})).await.expect(200);
        assert_eq!(tried["layer"]["level"], "pack", "{tried}");
        let expected = [
            // A day later is a Saturday, three are a Monday, five a Wednesday, seven a Friday.
            ("interested/1", "2026-11-23T04:00:00Z"), ("interested/2", "2026-11-23T10:00:00Z"),
            ("interested/3", "2026-11-25T10:00:00Z"), ("interested/4", "2026-11-27T10:00:00Z"),
        ];
        assert_eq!(due(&tried), expected.map(|(key, at)| (key.to_owned(), at.to_owned())));
        assert_eq!((&tried["plan"]["cancel_open"], &tried["failure"]), (&json!(true), &Value::Null));
        assert!(tried["ops"].as_u64().is_some_and(|ops| ops > 10) && tried["micros"].is_u64(), "{tried}");

        let other = json!({"context": {"to": "interested", "settings": {"interested_days": [2]}}, "at": FRIDAY});
        let tried = site.post(&admin, MOVED, other).await.expect(200);
        assert_eq!(due(&tried), [("interested/1".to_owned(), "2026-11-22T10:00:00Z".to_owned())]);

        let draft = "fn on_status_changed(ctx) {\n    trace(`from ${ctx.from}`);\n    let p = base::on_status_changed(ctx);\n    \
                     p.add(followup(\"soon\").before(\"trial_start\", hours(2)).skip_if_past());\n    p.notify(\"manager\", \"call_new\");\n    p\n}";
        let trial = json!({"starts_at": "2026-11-20T16:00", "ends_at": "2026-11-20T17:30"});
        let context = json!({"from": "new", "to": "offer_sent", "trial": trial, "owner": nine_to_six()});
        let tried = site.post(&admin, MOVED, json!({"source": draft, "context": context, "at": FRIDAY})).await.expect(200);
        assert_eq!((&tried["layer"]["name"], &tried["trace"][0]), (&json!("draft"), &json!({"line": 2, "text": "from new"})));
        assert_eq!((&tried["refused"][0]["code"], &tried["refused"][0]["line"]), (&json!("already_past"), &json!(4)), "{tried}");
        assert_eq!(tried["plan"]["notices"][0]["to"], "manager");
        assert_eq!(due(&tried).len(), 2, "{tried}");
    }

    async fn the_working_time_contract_holds_through_the_api(database: TestDatabase) {
        let (site, admin) = site(database).await;
        let vectors: Value = serde_json::from_str(include_str!("../data/working_hours.json")).expect("JSON");
        for case in vectors["cases"].as_array().expect("cases") {
            let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
            let span = json!([[case["work_start"], case["work_end"]]]);
            let windows: serde_json::Map<String, Value> = days.iter().zip(case["work_days"].as_array().expect("days"))
                .map(|(day, works)| ((*day).to_owned(), if works == true { span.clone() } else { json!([]) }))
                .collect();
            let leaves: Vec<Value> = case["leaves"].as_array().expect("leaves").iter()
                .filter(|leave| leave["status"] == "approved")
                .map(|leave| json!({"from": leave["start_date"], "to": leave["end_date"], "start": leave["start_time"], "end": leave["end_time"]}))
                .collect();
            let mut owner = json!({"time_zone": case["timezone"], "leaves": leaves, "active": case["rep"] == "active"});
            if case["work_start"].is_string() && case["work_end"].is_string() {
                owner["windows"] = Value::Object(windows);
            }
            let source = format!(
                "fn on_lead_created(ctx) {{ let p = plan(); p.add(followup(\"x\").after(seconds({})).in_work_hours()); p }}",
                case["delay_seconds"]
            );
            let context = json!({"owner": owner, "event": {"occurred_at": case["base_time"]}});
            let tried = site.post(&admin, CREATED, json!({"source": source, "context": context, "at": case["now"]})).await.expect(200);
            let planned = &tried["plan"]["follow_ups"][0];
            if case["due"].is_string() {
                assert_eq!((instant(&planned["due_at"]), &planned["flagged"]), (instant(&case["due"]), &json!(false)), "{case}");
            } else {
                assert_eq!(planned["flagged"], true, "{case}");
            }
        }
    }

    async fn a_failing_script_is_an_answer_in_the_callers_language(database: TestDatabase) {
        let (site, admin) = site(database).await;
        let broken = "fn on_lead_created(ctx) {\n    let p = plan();\n\n\n\n\n    p.add(followup(\"x\").after(24));\n    p\n}";
        for (lang, words) in [("uz", "24 nima?"), ("ru", "24 чего?"), ("en", "24 of what?"), ("kk", "24 не?")] {
            let call = site.call(&admin, reqwest::Method::POST, CREATED).header("accept-language", lang);
            let tried = Reply::of(call.json(&json!({"source": broken}))).await.expect(200);
            let failure = &tried["failure"];
            assert_eq!((&failure["code"], &failure["line"]), (&json!("no_unit"), &json!(7)), "{tried}");
            assert!(failure["message"].as_str().is_some_and(|text| text.contains(words)), "{lang}: {failure}");
            assert!(failure["detail"].as_str().is_some_and(|text| text.contains("hours(24)")), "{failure}");
            assert_eq!((&tried["layer"], due(&tried).len()), (&Value::Null, 0), "the pack must not hide what the draft does");
        }
        for (source, code) in [
            ("fn on_lead_created(ctx) { loop {} }", "operations"),
            ("fn on_lead_created(ctx) { let x = ; }", "syntax"),
            ("fn on_lead_created(ctx) { 5 }", "wrong_return"),
            ("fn on_lead_created(ctx) { throw \"no\" }", "thrown"),
            ("fn on_lead_created(ctx) { minuts(5) }", "unknown_function"),
        ] {
            let tried = site.post(&admin, CREATED, json!({"source": source})).await.expect(200);
            assert_eq!(tried["failure"]["code"], code, "{source}: {tried}");
        }
        // A draft without the hook leaves it to the pack, as it would when published.
        let tried = site.post(&admin, CREATED, json!({"source": "fn helper(x) { x }"})).await.expect(200);
        assert_eq!((&tried["layer"]["level"], due(&tried).len()), (&json!("pack"), 1), "{tried}");
    }

    async fn a_version_a_lead_and_what_is_live_are_tried_and_nothing_is_left_behind(database: TestDatabase) {
        let (site, admin) = site(database).await;
        let lead = json!({"name": "Nodira Karimova", "phone": "+998901234567", "source": "instagram"});
        let lead = site.post(&admin, "/leads", lead).await.expect(201);
        site.work().await;
        let rows = || async {
            let open = site.get(&admin, "/follow-ups?view=open").await.expect(200)["items"].as_array().map(Vec::len);
            let path = format!("/leads/{}", lead["id"].as_str().unwrap_or_default());
            let told = site.get(&admin, &format!("{path}/timeline")).await.expect(200)["items"].as_array().map(Vec::len);
            (open, told, site.get(&admin, &format!("{path}/decisions")).await.expect(200)["items"].as_array().map(Vec::len))
        };
        let before = rows().await;
        let source = "fn on_lead_created(ctx) { let p = plan(); p.tag(`${ctx.lead.source}`); p.notify(\"owner\", \"call_new\"); \
                      p.add(followup(\"mine\").after(minutes(2))); p }";
        let version = json!({"source": source, "message": "Ikki daqiqa", "based_on": null});
        site.put(&admin, "/scripts/on_lead_created", version).await.expect(200);
        for body in [
            json!({"lead_id": lead["id"], "at": FRIDAY}), json!({"lead_id": lead["id"], "version": 1, "at": FRIDAY}),
            json!({"lead_id": lead["id"], "source": source, "at": FRIDAY}),
        ] {
            let tried = site.post(&admin, CREATED, body).await.expect(200);
            assert_eq!(due(&tried), [("mine".to_owned(), "2026-11-20T10:02:00Z".to_owned())], "{tried}");
            assert_eq!(tried["plan"]["tags_added"], json!(["instagram"]));
        }
        site.work().await;
        assert_eq!(rows().await, before, "a try leaves nothing behind");
        site.post(&admin, CREATED, json!({"version": 9})).await.refused(404, "not_found");
        site.post(&admin, CREATED, json!({"version": 1, "source": source})).await.refused(422, "invalid");

        let reps = json!([{"id": "ann", "open_leads": 3}, {"id": "bob", "open_leads": 1, "available": false}, {"id": "cem", "open_leads": 2}]);
        let tried = site.post(&admin, GIVEN, json!({"context": {"candidates": reps}})).await.expect(200);
        assert_eq!(tried["plan"]["assign"]["user_id"], "cem", "{tried}");
        let rep = site.user(&admin.tenant, "rep", "sales").await;
        let tried = site.post(&admin, GIVEN, json!({"lead_id": lead["id"], "at": FRIDAY})).await.expect(200);
        assert!(tried["plan"]["assign"]["user_id"].is_string(), "{} {tried}", rep.id);
    }

    async fn hostile_input_is_refused_by_name(database: TestDatabase) {
        let (site, admin) = site(database).await;
        let stranger = site.test.tenant("other").await;
        let stranger = site.user(&stranger, "admin", "admin").await;
        let lead = json!({"name": "Boshqa", "phone": "+998901234567"});
        let lead = site.post(&stranger, "/leads", lead).await.expect(201);
        let foreign = site.post(&admin, CREATED, json!({"lead_id": lead["id"]})).await;
        let none = site.post(&admin, CREATED, json!({"lead_id": "018f0000-0000-7000-8000-000000000000"})).await;
        foreign.refused(404, "not_found");
        none.refused(404, "not_found");
        site.post(&admin, "/scripts/on_nothing/try", json!({})).await.refused(404, "not_found");

        let many: Vec<Value> = (0..1_001).map(|n| json!({"id": n.to_string()})).collect();
        for (context, field, code) in [
            (json!({"sourse": "x"}), "context.sourse", "unknown_field"),
            (json!({"now": FRIDAY}), "context.now", "unknown_field"),
            (json!([]), "context", "wrong_type"),
            (json!({"lead": 5}), "context.lead", "wrong_type"),
            (json!({"lead": {"nmae": "x"}}), "context.lead.nmae", "unknown_field"),
            (json!({"lead": {"tags": ["x", 5]}}), "context.lead.tags", "wrong_type"),
            (json!({"lead": {"created_at": "yesterday"}}), "context.lead.created_at", "bad_time"),
            (json!({"queue_ahead": -1}), "context.queue_ahead", "wrong_type"),
            (json!({"trial": {"starts_at": FRIDAY}}), "context.trial.ends_at", "required"),
            (json!({"event": {"actor": {"name": "x"}}}), "context.event.actor.name", "unknown_field"),
            (json!({"owner": {"time_zone": "Mars/Base"}}), "context.owner.time_zone", "unknown_time_zone"),
            (json!({"owner": {"windows": {"monday": []}}}), "context.owner.windows.monday", "unknown_field"),
            (json!({"owner": {"windows": {"mon": [["9 o'clock", "18:00"]]}}}), "context.owner.windows.mon.0", "bad_window"),
            (json!({"owner": {"leaves": [{"to": "2026-11-20"}]}}), "context.owner.leaves.0.from", "required"),
            (json!({"owner": {"leaves": [{"from": "+262142-01-01"}]}}), "context.owner.leaves.0", "bad_time"),
            (json!({"candidates": [{"open_leads": 5}]}), "context.candidates.0.id", "required"),
            (json!({"candidates": many}), "context.candidates", "too_many"),
            (json!({"settings": {"new_minutes": 0}}), "context.settings.new_minutes", "out_of_range"),
            (json!({"settings": {"nope": 1}}), "context.settings.nope", "unknown_setting"),
        ] {
            let refused = site.post(&admin, CREATED, json!({"context": context})).await.refused(422, "invalid");
            assert_eq!((&refused["errors"][0]["field"], &refused["errors"][0]["code"]), (&json!(field), &json!(code)), "{refused}");
        }
        site.post(&admin, CREATED, json!({"at": "0001-01-01T00:00:00Z"})).await.refused(422, "invalid");
        site.post(&admin, CREATED, json!({"sauce": "x"})).await.refused(400, "bad_request");
        site.post(&admin, CREATED, json!({"lead_id": 5})).await.refused(400, "bad_request");
        // Refused by its length, the rest of it is not read: a client still sending may find the line cut.
        let large = json!({"source": "x".repeat(3 * 1024 * 1024)});
        let mut answer = None;
        for _ in 0..20 {
            answer = site.call(&admin, reqwest::Method::POST, CREATED).json(&large).send().await.ok();
            if answer.is_some() {
                break;
            }
        }
        assert_eq!(answer.expect("an answer in twenty").status(), 413);
        let long = site.post(&admin, CREATED, json!({"source": "// ".repeat(60_000)})).await.expect(200);
        assert_eq!(long["failure"]["code"], "source_too_long", "{long}");
        let deep = format!("{{\"context\": {{\"lead\": {{\"custom\": {{\"x\": {}1{}}}}}}}}}", "[".repeat(5_000), "]".repeat(5_000));
        let call = site.call(&admin, reqwest::Method::POST, CREATED).header("content-type", "application/json");
        Reply::of(call.body(deep)).await.refused(400, "bad_request");
        // A map the script is given may be large; reading it costs the script, not the server.
        let wide: serde_json::Map<String, Value> = (0..90).map(|n| (format!("f{n}"), json!("x".repeat(5_000)))).collect();
        let wide = json!({"context": {"lead": {"custom": wide}}, "source": "fn on_lead_created(ctx) { trace(ctx.lead.custom.f1); plan() }"});
        let tried = site.post(&admin, CREATED, wide).await.expect(200);
        assert!(tried["trace"].to_string().len() < 6_000, "{}", tried["failure"]);
    }

    async fn a_loop_gone_wild_is_told_to_wait(database: TestDatabase) {
        let (site, admin) = site(database).await;
        let key = format!("try/{}", admin.tenant.id);
        while site.app().shared.pace(&key, 3_000, std::time::Duration::from_secs(60)).is_ok() {}
        let reply = site.post(&admin, CREATED, json!({})).await;
        assert!(reply.header("retry-after").parse::<u64>().is_ok_and(|seconds| (1..=60).contains(&seconds)));
        reply.refused(429, "too_many_requests");
    }

    async fn without_a_script_process_trying_waits(site: Site) {
        let tenant = site.test.tenant("demo").await;
        let admin = site.user(&tenant, "admin", "admin").await;
        site.post(&admin, CREATED, json!({})).await.refused(503, "scripts_unavailable");
    }
}
