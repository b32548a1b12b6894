//! Follow-ups over REST: the lists people work from, planning by hand, completing in working time.

use chrono::{SecondsFormat, TimeDelta};
use reqwest::Method;
use serde_json::{Value, json};
use support::both_engines;
use support::site::{Reply, Site, Who};

async fn reps(site: &Site) -> (Who, Who, Who) {
    let tenant = site.test.tenant("demo").await;
    (
        site.user(&tenant, "manager", "manager").await,
        site.user(&tenant, "ali", "sales").await,
        site.user(&tenant, "bob", "sales").await,
    )
}

/// A lead of a rep's with its first follow-up planned; the lead's and the follow-up's id.
async fn worked(site: &Site, who: &Who, number: u32) -> (String, String) {
    let lead = json!({"name": format!("Lid {number}"), "phone": format!("+99890{number:07}")});
    let lead = text(&site.post(who, "/leads", lead).await.expect(201), "id");
    site.work().await;
    let planned = site.get(who, &format!("/leads/{lead}/follow-ups")).await.expect(200);
    let id = text(&planned["items"][0], "id");
    (lead, id)
}

fn text(value: &Value, key: &str) -> String {
    value[key]
        .as_str()
        .unwrap_or_else(|| panic!("no {key} in {value}"))
        .to_owned()
}

fn count(page: &Value) -> usize {
    page["items"].as_array().map(Vec::len).unwrap_or_default()
}

both_engines! {
    async fn overdue_work_is_counted_by_age_and_owner(site: Site) {
        let (manager, ali, bob) = reps(&site).await;
        let start = site.app().clock.now();
        // Due at the end of each age, seen from a day and an hour later: 30 h, 20 h, 5 h, 59 min, and not yet.
        let now = start + TimeDelta::hours(31);
        for (n, (who, ago)) in [(&ali, 30 * 60), (&ali, 20 * 60), (&bob, 5 * 60), (&bob, 59), (&bob, -5)].into_iter().enumerate() {
            let lead = json!({"name": format!("Lid {n}"), "phone": format!("+99890111223{n}")});
            let lead = text(&site.post(who, "/leads", lead).await.expect(201), "id");
            let due = (now - TimeDelta::minutes(ago)).to_rfc3339_opts(SecondsFormat::Secs, true);
            site.post(who, &format!("/leads/{lead}/follow-ups"), json!({"due_at": due})).await.expect(201);
        }
        site.set_clock(now).await;
        let load = site.get(&manager, "/overdue-load").await.expect(200);
        let of = |who: &Who| load["items"].as_array().into_iter().flatten().find(|one| one["owner_id"] == who.id.to_string()).cloned();
        let ages = |load: Option<Value>| load.map(|load| ["under_1h", "1h_to_6h", "6h_to_24h", "over_24h"].map(|age| load[age].as_i64()));
        assert_eq!(ages(of(&ali)), Some([Some(0), Some(0), Some(1), Some(1)]));
        assert_eq!(ages(of(&bob)), Some([Some(1), Some(1), Some(0), Some(0)]));
        let own = site.get(&bob, "/overdue-load").await.expect(200);
        assert_eq!((count(&own), &own["items"][0]["owner_id"]), (1, &json!(bob.id.to_string())));
        for (age, expected) in [("under_1h", 1), ("1h_to_6h", 1), ("6h_to_24h", 1), ("over_24h", 1)] {
            let found = site.get(&manager, &format!("/follow-ups?view=overdue&age={age}")).await.expect(200);
            assert_eq!(count(&found), expected, "{age}");
        }
        assert_eq!(count(&site.get(&bob, "/follow-ups?age=over_24h").await.expect(200)), 0);
        site.get(&bob, "/follow-ups?age=ages").await.refused(422, "invalid");
    }

    async fn a_rep_completes_what_is_due(site: Site) {
        let (manager, ali, bob) = reps(&site).await;
        let (lead, id) = worked(&site, &ali, 1).await;
        let today = site.get(&ali, "/follow-ups").await.expect(200);
        assert_eq!((count(&today), &today["items"][0]["lead_name"]), (1, &json!("Lid 1")));
        assert_eq!(count(&site.get(&bob, "/follow-ups").await.expect(200)), 0);
        assert_eq!(count(&site.get(&manager, "/follow-ups?view=open").await.expect(200)), 1);
        let path = format!("/follow-ups/{id}/completion");
        site.put(&bob, &path, json!({"outcome": "reached"})).await.refused(404, "not_found");
        site.put(&ali, &path, json!({"outcome": "dreamt"})).await.refused(422, "invalid");
        let done = site.put(&ali, &path, json!({"outcome": "reached", "note": "Keladi"})).await.expect(200);
        assert_eq!((&done["state"], &done["outcome"], &done["note"]), (&json!("done"), &json!("reached"), &json!("Keladi")));
        assert_eq!(done["completed_by"], ali.id.to_string());
        let again = site.post(&ali, &path, json!({"outcome": "reached"})).await.expect(200);
        assert_eq!(again["completed_at"], done["completed_at"], "pressing twice changes nothing");
        site.put(&ali, &path, json!({"outcome": "no_answer"})).await.refused(409, "follow_up_closed");
        assert_eq!(count(&site.get(&ali, "/follow-ups?view=open").await.expect(200)), 0);
        assert!(site.get(&ali, &format!("/leads/{lead}")).await.expect(200)["first_contact_at"].is_string());
        assert_eq!(site.get(&ali, &format!("/follow-ups/{id}")).await.expect(200)["state"], "done");
        site.get(&bob, &format!("/follow-ups/{id}")).await.refused(404, "not_found");
    }

    async fn a_rep_completes_in_working_time_only(site: Site) {
        let (manager, ali, _) = reps(&site).await;
        let (_, id) = worked(&site, &ali, 1).await;
        let path = format!("/follow-ups/{id}/completion");
        site.put(&manager, &format!("/users/{}/hours", ali.id), json!({"windows": []})).await.expect(200);
        site.put(&ali, &path, json!({"outcome": "done"})).await.refused(422, "outside_working_time");
        let always: Vec<Value> = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].iter()
            .map(|day| json!({"weekday": day, "starts": "00:00", "ends": "24:00"})).collect();
        site.put(&manager, &format!("/users/{}/hours", ali.id), json!({"windows": always})).await.expect(200);
        let from = site.app().clock.now().to_rfc3339_opts(SecondsFormat::Secs, true);
        site.put(&manager, &format!("/users/{}/absence", ali.id), json!({"from": from})).await.expect(204);
        site.put(&ali, &path, json!({"outcome": "done"})).await.refused(422, "outside_working_time");
        // Managers put things right at any hour.
        site.put(&manager, &path, json!({"outcome": "done"})).await.expect(200);
    }

    async fn what_is_past_is_overdue_and_blocks_at_five(site: Site) {
        let (manager, ali, _) = reps(&site).await;
        for number in 1..=5 {
            worked(&site, &ali, number).await;
        }
        assert_eq!(count(&site.get(&ali, "/follow-ups?view=overdue").await.expect(200)), 0);
        site.pass(TimeDelta::hours(2)).await;
        assert_eq!(count(&site.get(&ali, "/follow-ups?view=overdue").await.expect(200)), 5);
        assert_eq!(count(&site.get(&manager, &format!("/follow-ups?view=overdue&owner_id={}", ali.id)).await.expect(200)), 5);
        site.work().await;
        let blocked = site.get(&manager, &format!("/users/{}", ali.id)).await.expect(200);
        assert!(blocked["blocked_since"].is_string(), "{blocked}");
        let first = text(&site.get(&ali, "/follow-ups?view=overdue").await.expect(200)["items"][0], "id");
        site.put(&ali, &format!("/follow-ups/{first}/completion"), json!({"outcome": "reached"})).await.expect(200);
        site.pass(TimeDelta::minutes(10)).await;
        site.work().await;
        let freed = site.get(&manager, &format!("/users/{}", ali.id)).await.expect(200);
        assert_eq!(freed["blocked_since"], Value::Null, "{freed}");
    }

    async fn one_is_planned_by_hand(site: Site) {
        let (manager, ali, bob) = reps(&site).await;
        let (lead, _) = worked(&site, &ali, 1).await;
        let path = format!("/leads/{lead}/follow-ups");
        let at = site.app().clock.now() + TimeDelta::days(2);
        let at = at.to_rfc3339_opts(SecondsFormat::Micros, true);
        let plan = json!({"due_at": at, "text": "Otasi bilan gaplashish"});
        for _ in 0..3 {
            let request = site.call(&ali, Method::POST, &path).header("Idempotency-Key", "p").json(&plan);
            let made = Reply::of(request).await.expect(201);
            assert_eq!((&made["due_at"], &made["kind"], &made["text"]), (&json!(at), &json!("manual"), &plan["text"]));
        }
        assert_eq!(count(&site.get(&ali, &path).await.expect(200)), 2);
        site.post(&bob, &path, plan.clone()).await.refused(404, "not_found");
        for (due, code) in [("2020-01-01T00:00:00Z", "in_the_past"), ("9999-01-01T00:00:00Z", "too_far")] {
            let refused = site.post(&ali, &path, json!({"due_at": due})).await.refused(422, "invalid");
            assert_eq!(refused["errors"][0]["code"], code);
        }
        site.post(&ali, &path, json!({"due_at": "soon"})).await.refused(400, "bad_request");
        let waiting = text(&site.post(&manager, "/leads", json!({"name": "W", "phone": "900000099"})).await.expect(201), "id");
        site.post(&manager, &format!("/leads/{waiting}/follow-ups"), plan).await.refused(422, "lead_has_no_owner");
    }

    async fn pages_go_by_due_time(site: Site) {
        let (_, ali, _) = reps(&site).await;
        for number in 1..=9 {
            worked(&site, &ali, number).await;
        }
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = site.get(&ali, &format!("/follow-ups?view=open&limit=4{cursor}")).await.expect(200);
            seen.extend(page["items"].as_array().cloned().unwrap_or_default());
            match page["next"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        let due: Vec<&str> = seen.iter().filter_map(|item| item["due_at"].as_str()).collect();
        assert_eq!(due.len(), 9);
        assert!(due.is_sorted(), "{due:?}");
        site.get(&ali, "/follow-ups?view=someday").await.refused(400, "bad_request");
    }
}
