//! `kill -9` of the server in the middle of an import: started again, it finishes, and nothing is doubled.

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
