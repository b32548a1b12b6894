//! Leads over REST, on both engines.

use chrono::TimeDelta;
use platform::Tx;
use reqwest::Method;
use serde_json::{Value, json};
use support::both_engines;
use support::site::{Reply, Site, Who};

async fn centre(site: &Site) -> (Who, Who, Who) {
    let tenant = site.test.tenant("demo").await;
    (
        site.user(&tenant, "admin", "admin").await,
        site.user(&tenant, "manager", "manager").await,
        site.user(&tenant, "ali", "sales").await,
    )
}

fn lead(name: &str, number: u32) -> Value {
    json!({"name": name, "phone": format!("+99890{number:07}")})
}

fn id(body: &Value) -> String {
    body["id"]
        .as_str()
        .unwrap_or_else(|| panic!("no id in {body}"))
        .to_owned()
}

fn names(page: &Value) -> Vec<&str> {
    page["items"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|lead| lead["name"].as_str())
        .collect()
}

async fn change(site: &Site, who: &Who, id: &str, version: &str, body: Value) -> Reply {
    let request = site
        .call(who, Method::PATCH, &format!("/leads/{id}"))
        .header("If-Match", version);
    Reply::of(request.json(&body)).await
}

both_engines! {
    async fn a_rep_writes_a_lead_down(site: Site) {
        let (_, _, ali) = centre(&site).await;
        let reply = site.post(&ali, "/leads", json!({
            "name": "  Aysel   Qodirova ", "phone": "90 123 45 67", "secondary_phone": "(90) 765-43-21",
            "source": "instagram", "notes": "Kechqurun", "tags": ["ielts", ""], "custom": {"age": 17},
        })).await;
        let (etag, location) = (reply.header("etag").to_owned(), reply.header("location").to_owned());
        let made = reply.expect(201);
        assert_eq!(etag, "\"1\"");
        assert_eq!(made["name"], "Aysel Qodirova");
        assert_eq!(made["phone"], "+998901234567");
        assert_eq!(made["status"], "new");
        assert_eq!(made["owner_id"], ali.id.to_string());
        assert_eq!(made["tags"], json!(["ielts"]));
        assert_eq!(made["custom"], json!({"age": 17}));
        assert!(made["created_at"].as_str().is_some_and(|at| at.ends_with('Z')), "{made}");
        assert!(made.get("tenant_id").is_none() && made.get("name_key").is_none(), "{made}");
        assert_eq!(location, format!("/api/v1/leads/{}", id(&made)));
        let found = site.get(&ali, &format!("/leads/{}", id(&made))).await;
        assert_eq!(found.header("etag"), "\"1\"");
        assert_eq!(found.expect(200), made);
        site.work().await;
        let planned = site.get(&ali, &format!("/leads/{}/follow-ups", id(&made))).await.expect(200);
        assert_eq!(planned["items"].as_array().map(Vec::len), Some(1), "{planned}");
    }

    async fn a_phone_that_is_here_is_a_repeated_enquiry(site: Site) {
        let (_, manager, ali) = centre(&site).await;
        let bob = site.user(&ali.tenant, "bob", "sales").await;
        let made = site.post(&ali, "/leads", lead("Aysel", 1)).await.expect(201);
        let own = site.post(&ali, "/leads", json!({"name": "Aysel again", "phone": "900000001", "notes": "Endi keladi"})).await;
        assert_eq!(own.refused(409, "duplicate_lead")["lead_id"], made["id"]);
        let foreign = site.post(&bob, "/leads", lead("Aysel", 1)).await.refused(409, "duplicate_lead");
        assert!(foreign.get("lead_id").is_none(), "{foreign}");
        let told = site.post(&manager, "/leads", lead("Aysel", 1)).await.refused(409, "duplicate_lead");
        assert_eq!(told["lead_id"], made["id"]);
        let timeline = site.get(&ali, &format!("/leads/{}/timeline", id(&made))).await.expect(200);
        let again: Vec<&Value> = timeline["items"].as_array().into_iter().flatten()
            .filter(|entry| entry["kind"] == "lead.enquired_again").collect();
        assert_eq!(again.len(), 3, "{timeline}");
        assert!(again.iter().any(|entry| entry["payload"]["notes"] == "Endi keladi"), "{timeline}");
    }

    async fn a_lost_lead_who_asks_again_is_reactivated(site: Site) {
        let (_, _, ali) = centre(&site).await;
        let made = site.post(&ali, "/leads", lead("Aysel", 1)).await.expect(201);
        let path = format!("/leads/{}", id(&made));
        site.put(&ali, &format!("{path}/status"), json!({"status": "lost"})).await.refused(422, "invalid");
        let unknown = json!({"status": "lost", "lost_reason": "no_such_reason"});
        site.put(&ali, &format!("{path}/status"), unknown).await.refused(422, "invalid");
        let reasons = site.get(&ali, "/lost-reasons").await.expect(200);
        let reason = reasons["items"][0]["key"].clone();
        let lost = site.put(&ali, &format!("{path}/status"), json!({"status": "lost", "lost_reason": reason})).await.expect(200);
        assert_eq!((&lost["status"], &lost["lost_reason"]), (&json!("lost"), &reason));
        assert!(lost["lost_at"].is_string());
        site.post(&ali, "/leads", lead("Aysel", 1)).await.refused(409, "duplicate_lead");
        let back = site.get(&ali, &path).await.expect(200);
        assert_eq!(back["status"], "reactivation");
    }

    async fn twenty_at_once_under_one_key_make_one_lead(site: Site) {
        let (_, _, ali) = centre(&site).await;
        let calls = (0..20).map(|_| {
            let request = site.call(&ali, Method::POST, "/leads").header("Idempotency-Key", "form-1").json(&lead("Aysel", 1));
            Reply::of(request)
        });
        let replies = futures::future::join_all(calls).await;
        let ids: std::collections::BTreeSet<String> = replies.into_iter().map(|reply| id(&reply.expect(201))).collect();
        assert_eq!(ids.len(), 1);
        let other = site.call(&ali, Method::POST, "/leads").header("Idempotency-Key", "form-1").json(&lead("Bek", 2));
        Reply::of(other).await.refused(422, "idempotency_key_reused");
        let empty = site.call(&ali, Method::POST, "/leads").header("Idempotency-Key", "").json(&lead("Bek", 2));
        Reply::of(empty).await.refused(422, "invalid");
        assert_eq!(site.get(&ali, "/leads").await.expect(200)["items"].as_array().map(Vec::len), Some(1));
    }

    async fn twenty_at_once_without_a_key_make_one_lead_too(site: Site) {
        let (_, _, ali) = centre(&site).await;
        let calls = (0..20).map(|_| site.post(&ali, "/leads", lead("Aysel", 1)));
        let replies = futures::future::join_all(calls).await;
        assert_eq!(replies.iter().filter(|reply| reply.status == 201).count(), 1);
        for reply in replies.into_iter().filter(|reply| reply.status != 201) {
            reply.refused(409, "duplicate_lead");
        }
    }

    async fn a_change_names_the_version_it_was_made_of(site: Site) {
        let (_, manager, ali) = centre(&site).await;
        let course = site.user(&ali.tenant, "root", "admin").await;
        let course = site.post(&course, "/courses", json!({"name": "IELTS"})).await.expect(201);
        let mut new = lead("Aysel", 1);
        new["course_id"] = course["id"].clone();
        new["secondary_phone"] = json!("+998901112233");
        let made = id(&site.post(&ali, "/leads", new).await.expect(201));
        site.patch(&ali, &format!("/leads/{made}"), json!({"notes": "x"})).await.refused(428, "if_match_required");
        change(&site, &ali, &made, "\"7\"", json!({"notes": "x"})).await.refused(412, "stale_version");
        change(&site, &ali, &made, "rubbish", json!({"notes": "x"})).await.refused(412, "stale_version");
        let reply = change(&site, &ali, &made, "\"1\"", json!({"notes": "x", "course_id": null, "secondary_phone": null})).await;
        assert_eq!(reply.header("etag"), "\"2\"");
        let changed = reply.expect(200);
        assert_eq!((&changed["notes"], &changed["course_id"], &changed["secondary_phone"]), (&json!("x"), &Value::Null, &Value::Null));
        assert_eq!(changed["name"], "Aysel", "what is not named stays");
        change(&site, &manager, &made, "\"1\"", json!({"notes": "y"})).await.refused(412, "stale_version");
        change(&site, &manager, &made, "W/\"2\"", json!({"notes": "y"})).await.expect(200);
        let emptied = change(&site, &manager, &made, "*", json!({"name": null})).await.refused(422, "invalid");
        assert_eq!(emptied["errors"][0]["field"], "name");
        let status = site.call(&ali, Method::PUT, &format!("/leads/{made}/status")).header("If-Match", "\"1\"");
        Reply::of(status.json(&json!({"status": "contacted"}))).await.refused(412, "stale_version");
        // The number given up is free again.
        site.post(&ali, "/leads", json!({"name": "Bek", "phone": "+998901112233"})).await.expect(201);
        let taken = json!({"phone": "+998901112233"});
        change(&site, &ali, &made, "*", taken).await.refused(409, "duplicate_lead");
    }

    async fn moves_follow_the_table(site: Site) {
        let (_, manager, ali) = centre(&site).await;
        let made = id(&site.post(&ali, "/leads", lead("Aysel", 1)).await.expect(201));
        let path = format!("/leads/{made}/status");
        let go = async |who: &Who, to: &str| site.put(who, &path, json!({"status": to, "note": "n"})).await;
        go(&ali, "no_such_status").await.refused(422, "invalid");
        go(&ali, "new").await.refused(422, "same_status");
        assert_eq!(go(&ali, "contacted").await.expect(200)["status"], "contacted");
        go(&ali, "new").await.refused(422, "move_back_by_manager");
        assert_eq!(go(&manager, "new").await.expect(200)["status"], "new");
        go(&manager, "reactivation").await.refused(422, "move_not_allowed");
        assert!(go(&ali, "interested").await.status < 500);
        let statuses = site.get(&ali, "/statuses").await.expect(200);
        let all = statuses["items"].as_array().cloned().unwrap_or_default();
        assert_eq!(all.len(), 10, "{statuses}");
        for status in &all {
            for lang in ["uz", "ru", "en", "kk"] {
                assert!(status["labels"][lang].is_string(), "{status}");
            }
        }
        // What the list of statuses offers is what the move accepts.
        let at = site.get(&ali, &format!("/leads/{made}")).await.expect(200)["status"].clone();
        let offered = all.iter().find(|status| status["key"] == at).map(|status| status["moves"].clone());
        for to in offered.as_ref().and_then(Value::as_array).into_iter().flatten() {
            assert!(to["to"].is_string() && to["needs_reason"].is_boolean());
        }
    }

    async fn a_rep_sees_own_leads_only(site: Site) {
        let (_, manager, ali) = centre(&site).await;
        let bob = site.user(&ali.tenant, "bob", "sales").await;
        let made = id(&site.post(&ali, "/leads", lead("Aysel", 1)).await.expect(201));
        for path in ["", "/timeline", "/decisions", "/follow-ups"] {
            site.get(&bob, &format!("/leads/{made}{path}")).await.refused(404, "not_found");
            site.get(&manager, &format!("/leads/{made}{path}")).await.expect(200);
        }
        site.post(&bob, &format!("/leads/{made}/notes"), json!({"text": "x"})).await.refused(404, "not_found");
        site.put(&bob, &format!("/leads/{made}/status"), json!({"status": "contacted"})).await.refused(404, "not_found");
        change(&site, &bob, &made, "*", json!({"notes": "x"})).await.refused(404, "not_found");
        site.put(&bob, &format!("/leads/{made}/owner"), json!({"owner_id": bob.id})).await.refused(403, "not_allowed");
        assert_eq!(site.get(&bob, "/leads").await.expect(200)["items"], json!([]));
        assert_eq!(site.get(&bob, &format!("/leads?owner_id={}", ali.id)).await.expect(200)["items"], json!([]));
        assert_eq!(names(&site.get(&manager, "/leads").await.expect(200)), ["Aysel"]);
        site.get(&ali, "/leads/not-an-id").await.refused(404, "not_found");
    }

    async fn a_manager_gives_a_lead_to_another_rep(site: Site) {
        let (_, manager, ali) = centre(&site).await;
        let bob = site.user(&ali.tenant, "bob", "sales").await;
        let made = id(&site.post(&ali, "/leads", lead("Aysel", 1)).await.expect(201));
        site.work().await;
        let path = format!("/leads/{made}/owner");
        let given = site.put(&manager, &path, json!({"owner_id": bob.id})).await.expect(200);
        assert_eq!(given["owner_id"], bob.id.to_string());
        let moved = site.get(&bob, &format!("/leads/{made}/follow-ups")).await.expect(200);
        assert_eq!(moved["items"][0]["owner_id"], bob.id.to_string(), "open work goes with the lead: {moved}");
        site.get(&ali, &format!("/leads/{made}")).await.refused(404, "not_found");
        let nobody = site.put(&manager, &path, json!({"owner_id": uuid::Uuid::now_v7()})).await.refused(422, "invalid");
        assert_eq!(nobody["errors"][0]["code"], "unknown_user");
        site.delete(&manager, &format!("/users/{}", ali.id)).await.expect(204);
        let gone = site.put(&manager, &path, json!({"owner_id": ali.id})).await.refused(422, "invalid");
        assert_eq!(gone["errors"][0]["code"], "user_inactive");
        // A manager may also name the rep at once; a rep's own choice is not asked.
        let chosen = site.post(&manager, "/leads", json!({"name": "Bek", "phone": "+998900000002", "owner_id": bob.id})).await.expect(201);
        assert_eq!(chosen["owner_id"], bob.id.to_string());
        let own = site.post(&bob, "/leads", json!({"name": "Cem", "phone": "+998900000003", "owner_id": manager.id})).await.expect(201);
        assert_eq!(own["owner_id"], bob.id.to_string());
    }

    async fn a_lead_nobody_owns_is_given_out_with_its_reason(site: Site) {
        let (_, manager, ali) = centre(&site).await;
        let made = site.post(&manager, "/leads", lead("Aysel", 1)).await.expect(201);
        assert_eq!(made["owner_id"], Value::Null);
        assert!(made["waiting_since"].is_string());
        assert_eq!(names(&site.get(&manager, "/leads?waiting=true").await.expect(200)), ["Aysel"]);
        site.work().await;
        let found = site.get(&manager, &format!("/leads/{}", id(&made))).await.expect(200);
        assert_eq!(found["owner_id"], ali.id.to_string());
        let why = site.get(&manager, &format!("/leads/{}/decisions", id(&made))).await.expect(200);
        assert!(why["items"].as_array().into_iter().flatten().any(|decision| decision["hook"] == "distribute"), "{why}");
        assert_eq!(site.get(&manager, "/leads?waiting=true").await.expect(200)["items"], json!([]));
    }

    async fn search_knows_every_spelling(site: Site) {
        let (_, manager, ali) = centre(&site).await;
        for (number, name) in ["Oʻtkir Ғуломов", "Шахзода Karimova", "Bek"].into_iter().enumerate() {
            site.post(&ali, "/leads", lead(name, 4_567 + number as u32)).await.expect(201);
        }
        for (typed, found) in [
            ("otkir", "Oʻtkir Ғуломов"), ("O'tkir", "Oʻtkir Ғуломов"), ("Ўткир", "Oʻtkir Ғуломов"),
            ("gulomov", "Oʻtkir Ғуломов"), ("шахз kari", "Шахзода Karimova"), ("Shaxzoda", "Шахзода Karimova"),
            ("4567", "Oʻtkir Ғуломов"), ("90 000 45 69", "Bek"), ("+998900004568", "Шахзода Karimova"),
        ] {
            let request = site.call(&manager, Method::GET, "/leads").query(&[("q", typed)]);
            assert_eq!(names(&Reply::of(request).await.expect(200)), [found], "{typed}");
        }
        for nothing in ["zzz", "45670", "otkir karimova"] {
            let request = site.call(&manager, Method::GET, "/leads").query(&[("q", nothing)]);
            assert_eq!(Reply::of(request).await.expect(200)["items"], json!([]), "{nothing}");
        }
        // A renamed lead is found by the new name only.
        let bek = site.get(&ali, "/leads?q=bek").await.expect(200)["items"][0]["id"].clone();
        change(&site, &ali, bek.as_str().expect("an id"), "*", json!({"name": "Temur"})).await.expect(200);
        assert_eq!(site.get(&ali, "/leads?q=bek").await.expect(200)["items"], json!([]));
        assert_eq!(names(&site.get(&ali, "/leads?q=temur").await.expect(200)), ["Temur"]);
    }

    async fn filters_narrow_the_list(site: Site) {
        let (admin, manager, ali) = centre(&site).await;
        let course = site.post(&admin, "/courses", json!({"name": "IELTS"})).await.expect(201);
        let mut new = lead("Aysel", 1);
        new["course_id"] = course["id"].clone();
        new["source"] = json!("telegram");
        site.post(&ali, "/leads", new).await.expect(201);
        site.pass(TimeDelta::days(1)).await;
        let noon = site.app().clock.now();
        let made = id(&site.post(&ali, "/leads", lead("Bek", 2)).await.expect(201));
        site.put(&ali, &format!("/leads/{made}/status"), json!({"status": "contacted"})).await.expect(200);
        for (query, found) in [
            (format!("course_id={}", course["id"].as_str().unwrap_or_default()), vec!["Aysel"]),
            ("source=telegram".into(), vec!["Aysel"]),
            ("status=contacted".into(), vec!["Bek"]),
            (format!("from={}", noon.format("%Y-%m-%dT%H:%M:%SZ")), vec!["Bek"]),
            (format!("to={}", noon.format("%Y-%m-%dT%H:%M:%SZ")), vec!["Aysel"]),
            (format!("owner_id={}", ali.id), vec!["Bek", "Aysel"]),
            (format!("owner_id={}", admin.id), vec![]),
            ("status=contacted&source=telegram".into(), vec![]),
        ] {
            assert_eq!(names(&site.get(&manager, &format!("/leads?{query}")).await.expect(200)), found, "{query}");
        }
        site.get(&manager, "/leads?owner_id=nobody").await.refused(400, "bad_request");
        site.get(&manager, "/leads?from=yesterday").await.refused(400, "bad_request");
        site.get(&manager, "/leads?limit=-1").await.refused(400, "bad_request");
        site.get(&manager, "/leads?cursor=rubbish").await.refused(422, "invalid");
    }

    async fn pages_stay_whole_while_leads_arrive(site: Site) {
        let (_, _, ali) = centre(&site).await;
        for number in 0..25 {
            site.post(&ali, "/leads", lead(&format!("Old {number:02}"), number)).await.expect(201);
        }
        let (mut seen, mut cursor, mut arriving) = (Vec::new(), None, 100);
        loop {
            let next = cursor.map_or_else(String::new, |cursor: String| format!("&cursor={cursor}"));
            let page = site.get(&ali, &format!("/leads?limit=7{next}")).await.expect(200);
            seen.extend(names(&page).into_iter().map(str::to_owned));
            arriving += 1;
            site.post(&ali, "/leads", lead(&format!("New {arriving}"), arriving)).await.expect(201);
            match page["next"].as_str() {
                Some(next) => cursor = Some(next.to_owned()),
                None => break,
            }
        }
        let expected: Vec<String> = (0..25).rev().map(|number| format!("Old {number:02}")).collect();
        assert_eq!(seen, expected, "nothing twice, nothing missing, newcomers on the next look");
    }

    async fn hostile_text_is_kept_or_refused_but_never_obeyed(site: Site) {
        let (_, _, ali) = centre(&site).await;
        for (number, name) in [
            "'; DROP TABLE lead; --", "<script>alert(1)</script>", "{{constructor}}", "Robert\u{202e}tset", "a\u{0}b",
            "👨‍👩‍👧 Oila", "$1 ? :name", "%_%", "\\u0000", "=cmd|' /C calc'!A0",
        ].into_iter().enumerate() {
            let reply = site.post(&ali, "/leads", lead(name, number as u32)).await;
            let kept = reply.expect(201)["name"].as_str().unwrap_or_default().to_owned();
            assert!(!kept.contains(['\u{0}', '\u{202e}']), "{kept:?}");
            let request = site.call(&ali, Method::GET, "/leads").query(&[("q", name), ("source", name), ("status", name)]);
            let found = Reply::of(request).await;
            assert!([200, 400].contains(&found.status), "{name:?}: {}", found.text);
        }
        let long = site.post(&ali, "/leads", lead(&"x".repeat(201), 50)).await.refused(422, "invalid");
        assert_eq!((&long["errors"][0]["code"], &long["errors"][0]["field"]), (&json!("too_long"), &json!("name")));
        for blank in ["", "   ", "\u{200b}\u{202e}"] {
            let none = site.post(&ali, "/leads", lead(blank, 51)).await.refused(422, "invalid");
            assert_eq!(none["errors"][0]["code"], "required");
        }
        let mut nul = lead("Custom", 52);
        nul["custom"] = json!({"k": "a\u{0}b"});
        let reply = site.post(&ali, "/leads", nul).await;
        assert!([201, 400].contains(&reply.status), "{}", reply.text);
        let source = site.post(&ali, "/leads", json!({"name": "A", "phone": "900000060", "source": "nowhere"})).await;
        assert_eq!(source.refused(422, "invalid")["errors"][0]["code"], "unknown_source");
        let course = json!({"name": "A", "phone": "900000061", "course_id": uuid::Uuid::now_v7()});
        assert!(site.post(&ali, "/leads", course).await.status == 422);
    }

    async fn a_bad_phone_says_what_is_wrong_in_the_readers_language(site: Site) {
        let (_, _, ali) = centre(&site).await;
        for (phone, code) in [
            ("", "phone_missing"), ("abc", "phone_not_a_number"), ("12345", "phone_too_short"),
            ("+998 90 123 45 67 89 10 11", "phone_too_long"), ("9.98901E+11", "phone_digits_lost"),
        ] {
            let mut titles = std::collections::BTreeSet::new();
            for lang in ["uz", "ru", "en", "kk"] {
                let request = site.call(&ali, Method::POST, "/leads").header("Accept-Language", lang);
                let problem = Reply::of(request.json(&json!({"name": "A", "phone": phone}))).await.refused(422, "invalid");
                let error = &problem["errors"][0];
                assert_eq!((&error["field"], &error["code"]), (&json!("phone"), &json!(code)), "{phone}: {problem}");
                titles.insert(error["message"].as_str().unwrap_or_default().to_owned());
            }
            assert_eq!(titles.len(), 4, "{titles:?}");
        }
    }

    async fn notes_and_history_are_on_the_timeline(site: Site) {
        let (_, _, ali) = centre(&site).await;
        let made = id(&site.post(&ali, "/leads", lead("Aysel", 1)).await.expect(201));
        let path = format!("/leads/{made}");
        for _ in 0..3 {
            let request = site.call(&ali, Method::POST, &format!("{path}/notes")).header("Idempotency-Key", "n1");
            Reply::of(request.json(&json!({"text": "Ota-onasi bilan gaplashdim"}))).await.expect(201);
        }
        site.post(&ali, &format!("{path}/notes"), json!({"text": "  "})).await.refused(422, "invalid");
        site.put(&ali, &format!("{path}/status"), json!({"status": "contacted", "note": "Javob berdi"})).await.expect(200);
        let timeline = site.get(&ali, &format!("{path}/timeline")).await.expect(200);
        let kinds: Vec<&str> = timeline["items"].as_array().into_iter().flatten().filter_map(|e| e["kind"].as_str()).collect();
        assert_eq!(kinds, ["lead.status_changed", "lead.noted", "lead.created"], "{timeline}");
        assert_eq!(timeline["items"][0]["actor_name"], "ali");
    }

    async fn a_stored_lead_carries_history_event_audit_and_job(site: Site) {
        let (_, _, ali) = centre(&site).await;
        site.post(&ali, "/leads", lead("Aysel", 1)).await.expect(201);
        let tenant = ali.tenant.id;
        for (table, condition) in [
            ("status_change", "to_status = 'new'"), ("event", "kind = 'lead.created'"),
            ("audit", "action = 'lead.created'"), ("job", "kind = 'scripts.plan'"), ("lead_phone", "sibling = 0"),
        ] {
            #[derive(sea_orm::FromQueryResult)]
            struct Count { count: i64 }
            let sql = format!("SELECT COUNT(*) AS count FROM {table} WHERE tenant_id = $1 AND {condition}");
            let count: Option<Count> = site.app().db
                .read(tenant, async move |tx: Tx| tx.one(&sql, vec![tenant.0.into()]).await)
                .await
                .expect("the table is there");
            assert_eq!(count.map(|row| row.count), Some(1), "{table}");
        }
    }
}
