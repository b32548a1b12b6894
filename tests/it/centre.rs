//! What a centre says of itself, over REST and on its page.

use platform::auth::session;
use reqwest::Method;
use reqwest::header::COOKIE;
use serde_json::{Value, json};
use support::both_engines;
use support::database::{Engine, TestDatabase};
use support::site::{Reply, Site, Who};

async fn admin(site: &Site) -> Who {
    let tenant = site.test.tenant("demo").await;
    site.user(&tenant, "admin", "admin").await
}

fn code(problem: &Value) -> (&str, &str) {
    let error = &problem["errors"][0];
    (
        error["field"].as_str().unwrap_or_default(),
        error["code"].as_str().unwrap_or_default(),
    )
}

both_engines! {
    async fn a_centre_is_described_once(site: Site) {
        let admin = admin(&site).await;
        let manager = site.user(&admin.tenant, "manager", "manager").await;
        site.get(&manager, "/centre").await.refused(403, "not_allowed");
        site.patch(&manager, "/centre", json!({"name": "X"})).await.refused(403, "not_allowed");
        let found = site.get(&admin, "/centre").await.expect(200);
        assert_eq!((&found["currency"], &found["time_zone"], &found["currency_locked"]), (&json!("UZS"), &json!("Asia/Tashkent"), &json!(false)));
        let full = json!({"name": " Yangi  markaz ", "address": "Toshkent\nAmir Temur 1", "support": "@yordam", "country": "kz", "currency": "kzt", "time_zone": "Asia/Almaty"});
        let changed = site.patch(&admin, "/centre", full).await.expect(200);
        assert_eq!((&changed["name"], &changed["country"], &changed["currency"]), (&json!("Yangi markaz"), &json!("KZ"), &json!("KZT")));
        assert_eq!(site.patch(&admin, "/centre", json!({"address": null})).await.expect(200)["address"], "");
        for (edit, expected) in [
            (json!({"name": "  "}), ("name", "required")),
            (json!({"name": null}), ("name", "required")),
            (json!({"time_zone": "Mars/Phobos"}), ("time_zone", "unknown_time_zone")),
            (json!({"currency": "SOM"}), ("currency", "unknown_currency")),
            (json!({"country": "XX"}), ("country", "unknown_country")),
        ] {
            let problem = site.patch(&admin, "/centre", edit.clone()).await.refused(422, "invalid");
            assert_eq!(code(&problem), expected, "{edit}");
        }
        let kept = site.get(&admin, "/audit?object=centre").await.expect(200);
        assert_eq!(kept["items"].as_array().map(Vec::len), Some(2));
        assert_eq!(kept["items"][1]["changes"]["time_zone"], json!({"from": "Asia/Tashkent", "to": "Asia/Almaty"}));
    }

    async fn another_time_zone_is_saved_once_its_meaning_was_read(site: Site) {
        let admin = admin(&site).await;
        let opened = session::open(site.app(), &admin.tenant, admin.id, None, None).await.expect("a session");
        let found = session::resolve(site.app(), &admin.tenant, &opened.token).await.expect("it resolves").expect("it is good");
        let cookie = format!("{}={}", platform::http::SESSION_COOKIE, opened.token);
        let press = |read: &'static str, zone: &'static str| {
            let form = [
                ("csrf_token", found.csrf.as_str()), ("name", "<i>Demo</i>"), ("time_zone", zone), ("country", "UZ"),
                ("currency", "UZS"), ("support", "+998 71 200 00 00"), ("zone_read", read),
            ];
            site.request(Method::POST, "demo", "/centre").header("Sec-Fetch-Site", "same-origin").header(COOKIE, &cookie).form(&form)
        };
        let asked = Reply::of(press("", "Europe/London")).await;
        assert_eq!(asked.status, 422);
        assert!(asked.text.contains("name=\"zone_read\"") && asked.text.contains("&lt;i&gt;Demo"), "{}", asked.text);
        assert_eq!(site.get(&admin, "/centre").await.expect(200)["time_zone"], "Asia/Tashkent", "nothing is saved yet");
        assert_eq!(Reply::of(press("Europe/London", "Europe/Berlin")).await.status, 422, "another zone than the one read of");
        assert_eq!(Reply::of(press("Europe/London", "Europe/London")).await.status, 303);
        assert_eq!(site.get(&admin, "/centre").await.expect(200)["time_zone"], "Europe/London");
        let login = Reply::of(site.request(Method::GET, "demo", "/login")).await;
        assert!(login.status == 200, "{}", login.text);
    }

    async fn every_table_with_amounts_locks_the_currency(database: TestDatabase) {
        let sql = match database.engine {
            Engine::Sqlite => "SELECT m.name FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c \
                               WHERE m.type = 'table' AND c.name = 'currency' AND m.name <> 'tenant' ORDER BY m.name",
            Engine::Postgres => "SELECT table_name::text FROM information_schema.columns \
                                 WHERE column_name = 'currency' AND table_schema = 'public' AND table_name <> 'tenant' ORDER BY 1",
        };
        let tables: Vec<String> = database.inspect(sql).await.iter().map(|row| row.try_get_by_index(0).unwrap()).collect();
        assert_eq!(tables, workflows::tenants::centre::AMOUNTS);
    }
}
