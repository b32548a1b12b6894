//! Roles over REST: a centre's own, what they may grant, and that somebody who may everything always stays.

use serde_json::{Value, json};
use support::both_engines;
use support::site::{Site, Who};

async fn admin(site: &Site) -> Who {
    let tenant = site.test.tenant("demo").await;
    site.user(&tenant, "admin", "admin").await
}

async fn role(site: &Site, admin: &Who, name: &str, permits: &[&str]) -> String {
    let made = site
        .post(admin, "/roles", json!({"name": name, "permits": permits}))
        .await
        .expect(201);
    made["id"].as_str().unwrap_or_default().to_owned()
}

fn names(page: &Value) -> Vec<&str> {
    page["items"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|role| role["name"].as_str())
        .collect()
}

both_engines! {
    async fn a_role_allows_what_it_says_from_the_next_request_on(site: Site) {
        let admin = admin(&site).await;
        let listed = site.get(&admin, "/roles").await.expect(200);
        assert_eq!(names(&listed), ["Sotuv", "Menejer", "Administrator"]);
        assert_eq!(listed["items"][2]["people"], 1);
        let key = role(&site, &admin, " Qabulxona ", &["leads create"]).await;
        let made = site.get(&admin, &format!("/roles/{key}")).await.expect(200);
        assert_eq!((&made["name"], &made["built_in"]), (&json!("Qabulxona"), &json!(false)));
        assert_eq!(made["permits"], json!(["leads:own work", "leads create", "profile write"]), "what it needs comes along");

        let desk = site.user(&admin.tenant, "desk", &key).await;
        assert_eq!(site.get(&desk, "/me").await.expect(200)["permits"], made["permits"]);
        site.get(&desk, "/users").await.refused(403, "not_allowed");
        site.get(&desk, "/courses").await.refused(403, "not_allowed");
        site.post(&desk, "/leads", json!({"name": "Aziza", "phone": "901234567"})).await.expect(201);

        let path = format!("/roles/{key}");
        let wider = json!({"name": "Qabul", "permits": ["staff read", "courses read"]});
        assert_eq!(site.patch(&admin, &path, wider).await.expect(200)["name"], "Qabul");
        for _ in 0..4 {
            site.get(&desk, "/users").await.expect(200);
            site.get(&desk, "/courses").await.expect(200);
            site.post(&desk, "/leads", json!({"name": "B", "phone": "901234568"})).await.refused(403, "not_allowed");
        }
        site.patch(&admin, &path, json!({"permits": []})).await.expect(200);
        for _ in 0..4 {
            site.get(&desk, "/users").await.refused(403, "not_allowed");
        }
    }

    async fn nobody_grants_more_than_they_have(site: Site) {
        let admin = admin(&site).await;
        let key = role(&site, &admin, "Kadrlar", &["roles write", "staff:managers write"]).await;
        let hr = site.user(&admin.tenant, "hr", &key).await;
        for permits in [json!(["settings write"]), json!(["leads create"])] {
            site.post(&hr, "/roles", json!({"name": "X", "permits": permits})).await.refused(403, "role_above_own");
        }
        site.patch(&hr, &format!("/roles/{key}"), json!({"permits": ["audit read"]})).await.refused(403, "role_above_own");
        let wide = role(&site, &admin, "Keng", &["audit read", "settings write"]).await;
        site.patch(&hr, &format!("/roles/{wide}"), json!({"permits": []})).await.refused(403, "role_above_own");
        site.delete(&hr, &format!("/roles/{wide}")).await.refused(403, "role_above_own");
        for above in ["admin", "manager", wide.as_str()] {
            let new = json!({"username": "x1", "first_name": "X", "role": above});
            site.post(&hr, "/users", new).await.refused(403, "role_above_own");
        }
        site.post(&hr, &format!("/users/{}/reset-link", admin.id), json!({})).await.refused(403, "role_above_own");
        site.patch(&hr, &format!("/users/{}", admin.id), json!({"active": false})).await.refused(403, "role_above_own");
        let equal = role(&site, &hr, "Yordamchi", &["staff read"]).await;
        let new = json!({"username": "helper", "first_name": "H", "role": equal});
        let helper = site.post(&hr, "/users", new).await.expect(201);
        let raised = json!({"role": wide});
        site.patch(&hr, &format!("/users/{}", helper["id"].as_str().unwrap_or_default()), raised).await.refused(403, "role_above_own");
        let manager = site.user(&admin.tenant, "manager", "manager").await;
        site.post(&manager, "/roles", json!({"name": "Y", "permits": []})).await.refused(403, "not_allowed");
    }

    async fn a_rep_like_role_is_looked_after_by_managers(site: Site) {
        let admin = admin(&site).await;
        let manager = site.user(&admin.tenant, "manager", "manager").await;
        let small = role(&site, &admin, "Stajyor", &["leads:own work", "courses read"]).await;
        let big = role(&site, &admin, "Katta", &["leads:all work"]).await;
        let new = |username: &str, role: &str| json!({"username": username, "first_name": "X", "role": role});
        let trainee = site.post(&manager, "/users", new("t1", &small)).await.expect(201);
        site.post(&manager, "/users", new("t2", &big)).await.refused(403, "not_allowed");
        let path = format!("/users/{}", trainee["id"].as_str().unwrap_or_default());
        site.patch(&manager, &path, json!({"role": "sales"})).await.expect(200);
        site.patch(&manager, &path, json!({"role": "no-such"})).await.refused(422, "invalid");
    }

    async fn a_role_goes_only_when_nobody_has_it(site: Site) {
        let admin = admin(&site).await;
        let key = role(&site, &admin, "Vaqtincha", &["leads:own work"]).await;
        let ali = site.user(&admin.tenant, "ali", &key).await;
        let path = format!("/roles/{key}");
        assert_eq!(site.delete(&admin, &path).await.refused(422, "role_in_use")["args"]["count"], 1);
        site.delete(&admin, &format!("{path}?move_to={key}")).await.refused(422, "role_in_use");
        site.delete(&admin, &format!("{path}?move_to=nothing")).await.refused(422, "invalid");
        site.delete(&admin, &format!("{path}?move_to=sales")).await.expect(204);
        assert_eq!(site.get(&ali, "/me").await.expect(200)["role"], "sales");
        site.delete(&admin, &path).await.refused(404, "not_found");
        let empty = role(&site, &admin, "Vaqtincha", &[]).await;
        site.delete(&admin, &format!("/roles/{empty}")).await.expect(204);
        for built_in in ["admin", "sales"] {
            site.delete(&admin, &format!("/roles/{built_in}")).await.refused(422, "role_built_in");
            site.patch(&admin, &format!("/roles/{built_in}"), json!({"permits": []})).await.refused(422, "role_built_in");
        }
        let kept = site.test.database.count("SELECT COUNT(*) FROM audit WHERE object = 'role'").await;
        assert_eq!(kept, 4, "two made, two removed");
    }

    async fn the_last_administrator_stays_one(site: Site) {
        let admin = admin(&site).await;
        let everything = site.get(&admin, "/roles/admin").await.expect(200)["permits"].clone();
        let made = site.post(&admin, "/roles", json!({"name": "Egasi", "permits": everything})).await.expect(201);
        let owner = site.user(&admin.tenant, "owner", made["id"].as_str().unwrap_or_default()).await;
        let path = format!("/users/{}", admin.id);
        site.patch(&owner, &path, json!({"active": false})).await.refused(422, "last_admin");
        site.delete(&owner, &path).await.refused(422, "last_admin");
        site.patch(&owner, &path, json!({"role": "manager"})).await.refused(422, "last_admin");
        let second = site.user(&admin.tenant, "second", "admin").await;
        let other = format!("/users/{}", second.id);
        let (one, two) = tokio::join!(
            site.patch(&admin, &other, json!({"active": false})),
            site.patch(&second, &path, json!({"active": false})),
        );
        assert!(one.status == 200 || two.status == 200, "{} {}", one.text, two.text);
        let left = site.test.database.count("SELECT COUNT(*) FROM app_user WHERE role = 'admin' AND active").await;
        assert_eq!(left, 1, "{} {}", one.text, two.text);
    }

    async fn a_role_has_a_name_of_its_own(site: Site) {
        let admin = admin(&site).await;
        role(&site, &admin, "Qabulxona", &[]).await;
        let long = "a".repeat(300);
        for (name, code) in [
            ("  ", "required"), ("!!!", "required"), (long.as_str(), "too_long"), ("QABULXONA", "name_taken"),
            ("administrator", "name_taken"), ("Менеджер", "name_taken"),
        ] {
            let problem = site.post(&admin, "/roles", json!({"name": name, "permits": []})).await.refused(422, "invalid");
            assert_eq!((&problem["errors"][0]["field"], &problem["errors"][0]["code"]), (&json!("name"), &json!(code)), "{name}");
        }
        let unknown = site.post(&admin, "/roles", json!({"name": "X", "permits": ["leads fly"]})).await.refused(422, "invalid");
        assert_eq!(unknown["errors"][0]["code"], "unknown_permit");
        let hostile = role(&site, &admin, "<script>alert(1)</script>\u{202e}", &[]).await;
        assert_eq!(site.get(&admin, &format!("/roles/{hostile}")).await.expect(200)["name"], "<script>alert(1)</script>");
        let spoken = site.get(&admin, "/permits").await.expect(200);
        assert!(spoken["items"].as_array().is_some_and(|all| all.iter().all(|p| !p["words"].as_str().unwrap_or_default().starts_with("permit-"))));
    }
}
