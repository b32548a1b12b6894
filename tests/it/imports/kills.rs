//! `kill -9` in the middle of an import, of the server and of its script processes: it finishes, nothing is doubled,
//! and where a fallback decided, that is written down.

use std::time::{Duration, Instant};

use platform::auth::token;
use reqwest::multipart::{Form, Part};
use serde_json::Value;
use support::app::TestApp;
use support::both_engines;
use support::desk::Center;
use support::server::{Server, Setup};

use super::{count, table};

const ROWS: i64 = 2_000;
const MANY: i64 = 5_000;
/// Enough to hit every point of a batch; then the work may come to its end.
const MOST_KILLS: usize = 300;
/// The lease of a killed worker runs out after a minute; what it held must be done some time after.
const SETTLES_WITHIN: Duration = Duration::from_secs(240);

both_engines! {
    async fn a_killed_import_is_finished_after_the_restart(test: TestApp) {
        let center = Center::new(&test.app, "demo").await;
        for name in ["malika", "sardor"] {
            center.user(name, "sales").await;
        }
        let admin = center.admin.person().expect("a person");
        let (_, secret) = token::create(&test.app, &center.admin, admin, "test", vec![]).await.expect("a token");
        let setup = Setup::on(&test.database);
        let server = setup.spawn().await;
        let file = Part::bytes(table(ROWS as usize).into_bytes()).file_name("lidlar.csv");
        let upload = server.post("demo", "/api/v1/imports").bearer_auth(&secret);
        let answer = upload.multipart(Form::new().part("file", file)).send().await.expect("an answer");
        assert_eq!(answer.status(), 202);
        let id = answer.json::<Value>().await.expect("JSON")["id"].as_str().expect("an id").to_owned();

        let half = until(&server, &secret, &id, |import| import["created"].as_i64() >= Some(500)).await;
        server.kill();
        assert_eq!(half["state"], "running", "it was in the middle: {half}");

        let server = setup.spawn().await;
        let done = until(&server, &secret, &id, |import| import["state"] != "running").await;
        assert_eq!((done["state"].as_str(), done["created"].as_i64()), (Some("done"), Some(ROWS)), "{done}");
        let began = Instant::now();
        let left = "SELECT COUNT(*) AS count FROM job WHERE tenant_id = $1 AND state IN ('ready', 'running') \
                    AND kind IN ('scripts.plan', 'distribution.give_out')";
        while count(&center, left).await > 0 {
            assert!(began.elapsed() < SETTLES_WITHIN, "work is left:\n{}", setup.log());
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
        for (expected, sql) in [
            (ROWS, "SELECT COUNT(*) AS count FROM lead WHERE tenant_id = $1 AND owner_id IS NOT NULL"),
            (ROWS, "SELECT COUNT(DISTINCT phone) AS count FROM lead WHERE tenant_id = $1"),
            (ROWS, "SELECT COUNT(DISTINCT lead_id) AS count FROM follow_up WHERE tenant_id = $1 AND state = 'open'"),
            (0, "SELECT COUNT(*) AS count FROM (SELECT lead_id FROM follow_up WHERE tenant_id = $1 AND state = 'open' \
                 GROUP BY lead_id, key HAVING COUNT(*) > 1) AS twice"),
            (ROWS, "SELECT COUNT(*) AS count FROM event WHERE tenant_id = $1 AND kind = 'lead.assigned'"),
        ] {
            assert_eq!(count(&center, sql).await, expected, "{sql}");
        }
    }
}

both_engines! {
    async fn script_processes_killed_again_and_again_cost_an_import_nothing(test: TestApp) {
        let center = Center::new(&test.app, "demo").await;
        for name in ["malika", "sardor", "zilola"] {
            center.user(name, "sales").await;
        }
        let admin = center.admin.person().expect("a person");
        let (_, secret) = token::create(&test.app, &center.admin, admin, "test", vec![]).await.expect("a token");
        let setup = Setup::on(&test.database);
        let server = setup.spawn().await;
        let file = Part::bytes(table(MANY as usize).into_bytes()).file_name("lidlar.csv");
        let upload = server.post("demo", "/api/v1/imports").bearer_auth(&secret);
        let answer = upload.multipart(Form::new().part("file", file)).send().await.expect("an answer");
        assert_eq!(answer.status(), 202);

        // At every point of a batch: now one after another without a pause, now with time to get somewhere.
        let left = "SELECT COUNT(*) AS count FROM job WHERE tenant_id = $1 AND state IN ('ready', 'running') \
                    AND kind IN ('imports.run', 'scripts.plan', 'distribution.give_out')";
        let (began, mut kills, mut seed) = (Instant::now(), 0, 20_261_120_u64);
        while count(&center, left).await > 0 {
            assert!(began.elapsed() < SETTLES_WITHIN, "work is left:\n{}", setup.log());
            for _ in 0..20 {
                if kills < MOST_KILLS {
                    kills += server.kill_sandboxes();
                }
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let pause = if seed >> 63 == 0 { 1 } else { 5 + (seed >> 40) % 40 };
                tokio::time::sleep(Duration::from_millis(pause)).await;
            }
        }
        assert!(kills >= 20, "{kills} kills are too few to prove anything");
        for (expected, sql) in [
            (MANY, "SELECT COUNT(*) AS count FROM lead WHERE tenant_id = $1 AND owner_id IS NOT NULL"),
            (MANY, "SELECT COUNT(*) AS count FROM event WHERE tenant_id = $1 AND kind = 'lead.assigned'"),
            (MANY, "SELECT COUNT(DISTINCT lead_id) AS count FROM follow_up WHERE tenant_id = $1 AND state = 'open'"),
            (MANY, "SELECT COUNT(*) AS count FROM follow_up WHERE tenant_id = $1"),
            (0, "SELECT COUNT(*) AS count FROM job WHERE tenant_id = $1 AND state = 'dead'"),
            // Whoever did not answer is named, and so is who answered instead.
            (0, "SELECT COUNT(*) AS count FROM decision WHERE tenant_id = $1 AND degraded AND level <> 'core'"),
            (0, "SELECT COUNT(*) AS count FROM decision WHERE tenant_id = $1 AND NOT degraded AND level <> 'pack'"),
            (MANY, "SELECT COUNT(*) AS count FROM decision WHERE tenant_id = $1 AND hook = 'on_lead_created'"),
        ] {
            assert_eq!(count(&center, sql).await, expected, "after {kills} kills: {sql}");
        }
        let degraded = "SELECT COUNT(*) AS count FROM decision WHERE tenant_id = $1 AND degraded";
        println!("{kills} kills, {} decisions by a fallback", count(&center, degraded).await);
    }
}

/// Asks for an import until something holds of it.
async fn until(server: &Server, secret: &str, id: &str, holds: impl Fn(&Value) -> bool) -> Value {
    let began = Instant::now();
    loop {
        let asked = server.get("demo", &format!("/api/v1/imports/{id}")).bearer_auth(secret);
        let import: Value = asked.send().await.expect("an answer").json().await.expect("JSON");
        if holds(&import) {
            return import;
        }
        assert!(began.elapsed() < SETTLES_WITHIN, "in vain: {import}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
