//! Courses over REST.

use reqwest::Method;
use serde_json::{Value, json};
use support::both_engines;
use support::site::{Reply, Site};

both_engines! {
    async fn admins_keep_the_courses_everybody_reads(site: Site) {
        let tenant = site.test.tenant("demo").await;
        let admin = site.user(&tenant, "admin", "admin").await;
        let manager = site.user(&tenant, "manager", "manager").await;
        let ali = site.user(&tenant, "ali", "sales").await;
        let new = json!({"name": " Ingliz  tili ", "sales_script": "Assalomu alaykum!\nKursimiz…"});
        for _ in 0..2 {
            let request = site.call(&admin, Method::POST, "/courses").header("Idempotency-Key", "c").json(&new);
            assert_eq!(Reply::of(request).await.expect(201)["name"], "Ingliz tili");
        }
        site.post(&manager, "/courses", new.clone()).await.refused(403, "not_allowed");
        let twin = site.post(&admin, "/courses", json!({"name": "INGLIZ TILI"})).await.refused(422, "invalid");
        assert_eq!((&twin["errors"][0]["field"], &twin["errors"][0]["code"]), (&json!("name"), &json!("name_taken")));
        let listed = site.get(&ali, "/courses").await.expect(200);
        assert_eq!((listed["items"].as_array().map(Vec::len), &listed["next"]), (Some(1), &Value::Null));
        let path = format!("/courses/{}", listed["items"][0]["id"].as_str().unwrap_or_default());
        site.patch(&ali, &path, json!({"active": false})).await.refused(403, "not_allowed");
        let changed = site.patch(&admin, &path, json!({"active": false, "sales_script": null})).await.expect(200);
        assert_eq!((&changed["active"], &changed["sales_script"], &changed["name"]), (&json!(false), &json!(""), &json!("Ingliz tili")));
        assert_eq!(site.get(&ali, &path).await.expect(200), changed);
        site.patch(&admin, &path, json!({"name": null})).await.refused(422, "invalid");
        site.get(&ali, &format!("/courses/{}", uuid::Uuid::now_v7())).await.refused(404, "not_found");
    }
}
