//! Users over REST: who may look after whom, working hours, absence, settings.

use reqwest::Method;
use serde_json::{Value, json};
use support::both_engines;
use support::site::{Reply, Site, Who};

async fn people(site: &Site) -> (Who, Who, Who) {
    let tenant = site.test.tenant("demo").await;
    (
        site.user(&tenant, "admin", "admin").await,
        site.user(&tenant, "manager", "manager").await,
        site.user(&tenant, "ali", "sales").await,
    )
}

fn field(problem: &Value) -> (&str, &str) {
    let error = &problem["errors"][0];
    (
        error["field"].as_str().unwrap_or_default(),
        error["code"].as_str().unwrap_or_default(),
    )
}

both_engines! {
    async fn managers_look_after_reps_and_admins_after_everybody(site: Site) {
        let (admin, manager, ali) = people(&site).await;
        let rep = json!({"username": " Zuhra ", "first_name": "Zuhra", "role": "sales", "phone": "90 123 45 67"});
        let made = site.post(&manager, "/users", rep.clone()).await.expect(201);
        assert_eq!((&made["username"], &made["phone"], &made["receives_leads"]), (&json!("zuhra"), &json!("+998901234567"), &json!(true)));
        assert!(made.get("password_hash").is_none() && made.get("tenant_id").is_none(), "{made}");
        assert_eq!(field(&site.post(&manager, "/users", rep).await.refused(422, "invalid")), ("username", "username_taken"));
        let peer = json!({"username": "peer", "first_name": "P", "role": "manager"});
        site.post(&manager, "/users", peer.clone()).await.refused(403, "not_allowed");
        site.post(&ali, "/users", peer.clone()).await.refused(403, "not_allowed");
        let peer = site.post(&admin, "/users", peer).await.expect(201);
        assert_eq!(peer["receives_leads"], false);
        let id = peer["id"].as_str().unwrap_or_default();
        site.patch(&manager, &format!("/users/{id}"), json!({"first_name": "X"})).await.refused(403, "not_allowed");
        site.patch(&manager, &format!("/users/{}", ali.id), json!({"role": "admin"})).await.refused(403, "not_allowed");
        site.delete(&manager, &format!("/users/{id}")).await.refused(403, "not_allowed");
        site.get(&ali, "/users").await.refused(403, "not_allowed");
        site.get(&ali, &format!("/users/{id}")).await.refused(403, "not_allowed");
        assert_eq!(site.get(&ali, &format!("/users/{}", ali.id)).await.expect(200)["username"], "ali");
        assert_eq!(site.get(&manager, "/users").await.expect(200)["items"].as_array().map(Vec::len), Some(5));
        site.get(&manager, &format!("/users/{}", uuid::Uuid::now_v7())).await.refused(404, "not_found");
    }

    async fn a_user_is_made_once_under_one_key(site: Site) {
        let (admin, ..) = people(&site).await;
        let mut ids = std::collections::BTreeSet::new();
        for _ in 0..3 {
            let request = site.call(&admin, Method::POST, "/users").header("Idempotency-Key", "u1");
            let new = json!({"username": "zuhra", "first_name": "Zuhra", "role": "sales", "password": "Sinov-1234!"});
            ids.insert(Reply::of(request.json(&new)).await.expect(201)["id"].to_string());
        }
        assert_eq!(ids.len(), 1);
    }

    async fn bad_users_are_refused_at_their_field(site: Site) {
        let (admin, ..) = people(&site).await;
        for (new, expected) in [
            (json!({"username": "a", "first_name": "A", "role": "sales"}), ("username", "bad_username")),
            (json!({"username": "bo'ri", "first_name": "A", "role": "sales"}), ("username", "bad_username")),
            (json!({"username": "good", "first_name": " ", "role": "sales"}), ("first_name", "required")),
            (json!({"username": "good", "first_name": "A", "role": "wizard"}), ("role", "unknown_role")),
            (json!({"username": "good", "first_name": "A", "role": "sales", "phone": "12"}), ("phone", "phone_too_short")),
            (json!({"username": "good", "first_name": "A", "role": "sales", "password": "short"}), ("password", "weak_password")),
            (json!({"username": "good", "first_name": "A", "role": "sales", "password": "Password1!"}), ("password", "common_password")),
        ] {
            let problem = site.post(&admin, "/users", new.clone()).await.refused(422, "invalid");
            assert_eq!(field(&problem), expected, "{new}");
        }
    }

    async fn a_patch_changes_what_it_names(site: Site) {
        let (admin, _, ali) = people(&site).await;
        let path = format!("/users/{}", ali.id);
        let course = site.post(&admin, "/courses", json!({"name": "IELTS"})).await.expect(201);
        let full = json!({"email": "ali@example.uz", "lead_cap": 30, "weight": 3, "courses": [course["id"]]});
        let changed = site.patch(&admin, &path, full).await.expect(200);
        assert_eq!((&changed["email"], &changed["lead_cap"], &changed["weight"]), (&json!("ali@example.uz"), &json!(30), &json!(3)));
        let cleared = site.patch(&admin, &path, json!({"email": null, "lead_cap": null})).await.expect(200);
        assert_eq!((&cleared["email"], &cleared["lead_cap"], &cleared["weight"]), (&Value::Null, &Value::Null, &json!(3)));
        assert_eq!(field(&site.patch(&admin, &path, json!({"weight": 101})).await.refused(422, "invalid")), ("weight", "out_of_range"));
        assert_eq!(field(&site.patch(&admin, &path, json!({"first_name": null})).await.refused(422, "invalid")), ("first_name", "required"));
        let foreign = site.patch(&admin, &path, json!({"courses": [uuid::Uuid::now_v7()]})).await;
        foreign.refused(422, "unknown_reference");
        site.patch(&admin, &format!("/users/{}", admin.id), json!({"role": "sales"})).await.refused(422, "not_yourself");
        site.delete(&admin, &format!("/users/{}", admin.id)).await.refused(422, "not_yourself");
    }

    async fn hours_come_back_as_they_were_set(site: Site) {
        let (_, manager, ali) = people(&site).await;
        let path = format!("/users/{}/hours", ali.id);
        let hours = json!({"windows": [
            {"weekday": "mon", "starts": "09:00", "ends": "13:00"}, {"weekday": "mon", "starts": "14:00", "ends": "18:00"},
            {"weekday": "sat", "starts": "20:00", "ends": "02:00"}, {"weekday": "sun", "starts": "00:00", "ends": "24:00"},
        ]});
        assert_eq!(site.put(&manager, &path, hours.clone()).await.expect(200), hours);
        assert_eq!(site.get(&ali, &path).await.expect(200), hours);
        site.put(&ali, &path, hours).await.refused(403, "not_allowed");
        for window in [
            json!([{"weekday": "mon", "starts": "09:00", "ends": "09:00"}]),
            json!([{"weekday": "mon", "starts": "9:00", "ends": "18:00"}]),
            json!([{"weekday": "mon", "starts": "09:00", "ends": "25:00"}]),
            json!([{"weekday": "mon", "starts": "09:00", "ends": "12:00"}, {"weekday": "mon", "starts": "11:00", "ends": "13:00"}]),
        ] {
            let problem = site.put(&manager, &path, json!({"windows": window})).await.refused(422, "invalid");
            assert_eq!(field(&problem).1, "bad_window");
        }
        site.put(&manager, &path, json!({"windows": [{"weekday": "someday", "starts": "09:00", "ends": "12:00"}]})).await.refused(400, "bad_request");
    }

    async fn an_absence_has_an_end_or_none(site: Site) {
        let (_, manager, ali) = people(&site).await;
        let path = format!("/users/{}/absence", ali.id);
        let both = json!({"from": "2030-01-02T00:00:00Z", "to": "2030-01-01T00:00:00Z"});
        assert_eq!(field(&site.put(&manager, &path, both).await.refused(422, "invalid")), ("to", "ends_before_it_starts"));
        site.put(&manager, &path, json!({"from": "2030-01-01T00:00:00+05:00"})).await.expect(204);
        let away = site.get(&manager, &format!("/users/{}", ali.id)).await.expect(200);
        assert_eq!((&away["absent_from"], &away["absent_to"]), (&json!("2029-12-31T19:00:00Z"), &Value::Null));
        site.put(&ali, &path, json!({"from": "2030-01-01T00:00:00Z"})).await.refused(403, "not_allowed");
        site.delete(&manager, &path).await.expect(204);
        assert_eq!(site.get(&manager, &format!("/users/{}", ali.id)).await.expect(200)["absent_from"], Value::Null);
    }

    async fn settings_keep_to_the_form(site: Site) {
        let (admin, manager, _) = people(&site).await;
        site.get(&manager, "/settings").await.refused(403, "not_allowed");
        let form = site.get(&admin, "/settings").await.expect(200);
        let fields = form["fields"].as_array().cloned().unwrap_or_default();
        assert!(fields.iter().any(|field| field["key"] == "new_minutes" && field["labels"]["uz"].is_string()), "{form}");
        assert_eq!(form["values"]["new_minutes"], 5);
        let changed = site.patch(&admin, "/settings", json!({"new_minutes": 15})).await.expect(200);
        assert_eq!((&changed["values"]["new_minutes"], changed["version"].as_i64()), (&json!(15), form["version"].as_i64().map(|v| v + 1)));
        let reset = site.patch(&admin, "/settings", json!({"new_minutes": null})).await.expect(200);
        assert_eq!(reset["values"]["new_minutes"], 5);
        for (value, code) in [(json!(0), "out_of_range"), (json!("ten"), "wrong_type")] {
            let problem = site.patch(&admin, "/settings", json!({"new_minutes": value})).await.refused(422, "invalid");
            assert_eq!(field(&problem), ("new_minutes", code));
            assert!(!problem["errors"][0]["message"].as_str().unwrap_or("{").contains('{'), "{problem}");
        }
        let unknown = site.patch(&admin, "/settings", json!({"nonsense": 1})).await.refused(422, "invalid");
        assert_eq!(field(&unknown), ("nonsense", "unknown_setting"));
    }
}
