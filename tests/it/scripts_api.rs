//! Overrides over REST, checked by the real script process.

use serde_json::{Value, json};
use support::app::TestApp;
use support::both_engines;
use support::database::TestDatabase;
use support::site::Site;

const GOOD: &str = "fn on_lead_created(ctx) {\n    base::on_lead_created(ctx)\n}\n";

async fn site(database: TestDatabase) -> Site {
    let test = TestApp::on(database).await;
    let desk = web::server::desk(&test.app).await.expect("the ports are there");
    Site::serving(test, desk).await
}

both_engines! {
    async fn decisions_are_listed_and_made_again_by_who_may_change_rules(database: TestDatabase) {
        let site = site(database).await;
        let tenant = site.test.tenant("demo").await;
        let admin = site.user(&tenant, "admin", "admin").await;
        let manager = site.user(&tenant, "manager", "manager").await;
        let page = site.get(&admin, "/decisions?degraded=true&open=true&limit=5").await.expect(200);
        assert_eq!(page, json!({"items": [], "next": null}));
        site.get(&admin, "/decisions?cursor=x").await.refused(422, "invalid");
        site.get(&manager, "/decisions?degraded=true").await.refused(403, "not_allowed");
        let nobody = format!("/decisions/{}/rerun", platform::ids::new_id());
        site.post(&admin, &nobody, json!({})).await.refused(404, "not_found");
        site.post(&manager, &nobody, json!({})).await.refused(403, "not_allowed");
    }

    async fn an_override_is_checked_published_and_rolled_back(database: TestDatabase) {
        let site = site(database).await;
        let tenant = site.test.tenant("demo").await;
        let admin = site.user(&tenant, "admin", "admin").await;
        let manager = site.user(&tenant, "manager", "manager").await;
        let hooks = site.get(&admin, "/scripts").await.expect(200);
        let hooks: Vec<&str> = hooks["items"].as_array().into_iter().flatten().filter_map(|h| h["hook"].as_str()).collect();
        assert!(hooks.starts_with(&["on_lead_created", "on_status_changed", "distribute"]), "{hooks:?}");
        let path = "/scripts/on_lead_created";
        for refused in [site.get(&manager, path).await, site.get(&manager, &format!("{path}/versions")).await] {
            refused.refused(403, "not_allowed");
        }
        site.get(&admin, "/scripts/on_nothing").await.refused(404, "not_found");

        let shown = site.get(&admin, path).await.expect(200);
        assert!(shown["pack_source"].as_str().is_some_and(|source| source.contains("fn on_lead_created")), "{shown}");
        assert_eq!((&shown["published"], &shown["source"]), (&Value::Null, &Value::Null));

        let report = site.post(&admin, &format!("{path}/check"), json!({"source": "fn on_lead_created(ctx) {\n  let x = ;\n}"})).await.expect(200);
        assert_eq!((&report["passes"], &report["findings"][0]["line"]), (&json!(false), &json!(2)), "{report}");
        assert_eq!(site.post(&admin, &format!("{path}/check"), json!({"source": GOOD})).await.expect(200)["passes"], true);

        let broken = json!({"source": "fn on_lead_created(ctx) {\n  let x = ;\n}", "message": "sinov"});
        let refused = site.put(&admin, path, broken).await.refused(422, "script_has_errors");
        assert_eq!(refused["args"]["line"], 2, "{refused}");
        site.put(&admin, path, json!({"source": GOOD, "message": "  "})).await.refused(422, "invalid");

        let publish = |based_on: Value| json!({"source": GOOD, "message": "Birinchi", "based_on": based_on});
        assert_eq!(site.put(&admin, path, publish(Value::Null)).await.expect(200)["version"], 1);
        site.put(&admin, path, publish(Value::Null)).await.refused(409, "published_meanwhile");
        assert_eq!(site.put(&admin, path, publish(json!(1))).await.expect(200)["version"], 2);
        assert_eq!(site.get(&admin, path).await.expect(200)["source"], GOOD);
        let versions = site.get(&admin, &format!("{path}/versions")).await.expect(200);
        assert_eq!((versions["items"].as_array().map(Vec::len), &versions["items"][0]["message"]), (Some(2), &json!("Birinchi")));

        site.put(&admin, &format!("{path}/published"), json!({"version": 1})).await.expect(204);
        assert_eq!(site.get(&admin, path).await.expect(200)["published"], 1);
        site.put(&admin, &format!("{path}/published"), json!({"version": 9})).await.refused(404, "not_found");
        site.delete(&admin, path).await.expect(204);
        assert_eq!(site.get(&admin, path).await.expect(200)["published"], Value::Null);
    }

    async fn without_a_script_process_publishing_waits(site: Site) {
        let tenant = site.test.tenant("demo").await;
        let admin = site.user(&tenant, "admin", "admin").await;
        let publish = json!({"source": GOOD, "message": "Birinchi"});
        let reply = site.put(&admin, "/scripts/on_lead_created", publish).await;
        assert_eq!(reply.header("retry-after"), "2");
        reply.refused(503, "scripts_unavailable");
    }
}
