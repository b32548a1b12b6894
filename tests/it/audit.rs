//! The log of changes: every change leaves a row, rows are only added, whoever may read them finds what they look for,
//! and every kind of row has words.

use std::path::Path;

use platform::Tx;
use platform::auth::session;
use platform::locale::{Lang, find};
use reqwest::Method;
use reqwest::header::COOKIE;
use serde_json::{Value, json};
use support::both_engines;
use support::database::Engine;
use support::site::{Reply, Site, Who};

async fn people(site: &Site) -> (Who, Who, Who) {
    let tenant = site.test.tenant("demo").await;
    (
        site.user(&tenant, "admin", "admin").await,
        site.user(&tenant, "manager", "manager").await,
        site.user(&tenant, "ali", "sales").await,
    )
}

fn actions(page: &Value) -> Vec<&str> {
    page["items"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|row| row["action"].as_str())
        .collect()
}

both_engines! {
    async fn a_change_tells_before_and_after_and_hides_what_is_personal(site: Site) {
        let (admin, manager, ali) = people(&site).await;
        let path = format!("/users/{}", ali.id);
        site.patch(&manager, &path, json!({"phone": "901234567", "weight": 3, "first_name": "<b>Ali</b>"})).await.expect(200);
        site.patch(&manager, &path, json!({"weight": 3})).await.expect(200);
        let found = site.get(&admin, &format!("/audit?object=user&object_id={}&action=user.changed", ali.id)).await.expect(200);
        assert_eq!(actions(&found), ["user.changed"], "what changes nothing is no change");
        let row = &found["items"][0];
        assert_eq!((&row["actor_id"], &row["address"]), (&json!(manager.id), &json!("127.0.0.1")));
        assert_eq!(row["changes"]["weight"], json!({"from": 1, "to": 3}));
        assert_eq!(row["changes"]["phone"], json!({"from": null, "to": "+99•••567"}));
        assert!(!found.to_string().contains("901234567"), "{found}");
        for (who, code) in [(&manager, "not_allowed"), (&ali, "not_allowed")] {
            site.get(who, "/audit").await.refused(403, code);
        }
        let opened = session::open(site.app(), &admin.tenant, admin.id, None, None).await.expect("a session");
        let cookie = format!("{}={}", platform::http::SESSION_COOKIE, opened.token);
        let page = Reply::of(site.request(Method::GET, "demo", "/audit?object=user").header(COOKIE, cookie)).await;
        assert_eq!(page.status, 200, "{}", page.text);
        assert!(page.text.contains("+99•••567") && page.text.contains("&lt;b&gt;Ali") && !page.text.contains("<b>Ali"), "{}", page.text);
    }

    async fn the_log_is_narrowed_and_paged(site: Site) {
        let (admin, manager, ali) = people(&site).await;
        for name in ["Bir", "Ikki", "Uch"] {
            site.post(&admin, "/courses", json!({"name": name})).await.expect(201);
        }
        site.post(&ali, "/leads", json!({"name": "Aziza", "phone": "901234567"})).await.expect(201);
        let mut pages = Vec::new();
        let mut next = String::new();
        loop {
            let page = site.get(&admin, &format!("/audit?object=course&limit=2{next}")).await.expect(200);
            pages.push(actions(&page).len());
            match page["next"].as_str() {
                Some(cursor) => next = format!("&cursor={cursor}"),
                None => break,
            }
        }
        assert_eq!(pages, [2, 1]);
        let newest = site.get(&admin, "/audit?object=course&limit=1").await.expect(200);
        assert_eq!(newest["items"][0]["changes"]["name"]["to"], "Uch", "the newest first");
        let all = site.get(&admin, "/audit?limit=200").await.expect(200);
        assert!(!actions(&all).contains(&"lead.created") && actions(&all).contains(&"user.created"), "{all}");
        assert_eq!(actions(&site.get(&admin, "/audit?object=lead").await.expect(200)), ["lead.created"]);
        let hers = site.get(&admin, &format!("/audit?actor_id={}", manager.id)).await.expect(200);
        assert!(hers["items"].as_array().is_some_and(|rows| rows.iter().all(|row| row["actor_id"] == json!(manager.id))));
        let tomorrow = (site.app().clock.now() + chrono::TimeDelta::days(1)).format("%Y-%m-%dT%H:%M:%SZ");
        assert_eq!(actions(&site.get(&admin, &format!("/audit?from={tomorrow}")).await.expect(200)), Vec::<&str>::new());
        assert_eq!(actions(&site.get(&admin, &format!("/audit?object=course&to={tomorrow}")).await.expect(200)).len(), 3);
        site.get(&admin, "/audit?cursor=nonsense").await.refused(422, "invalid");
    }

    async fn every_change_of_a_day_leaves_a_row(site: Site) {
        let (admin, manager, ali) = people(&site).await;
        let lead = site.post(&ali, "/leads", json!({"name": "Aziza", "phone": "901234567", "owner_id": ali.id})).await.expect(201);
        site.work().await;
        let lead = format!("/leads/{}", lead["id"].as_str().unwrap_or_default());
        site.put(&admin, &format!("{lead}/owner"), json!({"owner_id": ali.id})).await;
        site.post(&ali, &format!("{lead}/notes"), json!({"text": "x"})).await.expect(201);
        let due = site.app().clock.now() + chrono::TimeDelta::hours(1);
        let planned = site.post(&ali, &format!("{lead}/follow-ups"), json!({"due_at": due})).await.expect(201);
        let done = format!("/follow-ups/{}/completion", planned["id"].as_str().unwrap_or_default());
        site.put(&ali, &done, json!({"outcome": "reached"})).await.expect(200);
        let read = site.get(&ali, &lead).await;
        let tag = read.header("etag").to_owned();
        let edit = site.call(&ali, Method::PATCH, &lead).header("If-Match", tag).json(&json!({"notes": "y"}));
        Reply::of(edit).await.expect(200);
        let tag = site.get(&ali, &lead).await.header("etag").to_owned();
        let moved = site.call(&ali, Method::PUT, &format!("{lead}/status")).header("If-Match", tag).json(&json!({"status": "contacted"}));
        Reply::of(moved).await.expect(200);
        site.put(&manager, &format!("/users/{}/hours", ali.id), json!({"windows": []})).await.expect(200);
        site.put(&manager, &format!("/users/{}/absence", ali.id), json!({"from": "2031-01-01T00:00:00Z"})).await.expect(204);
        site.patch(&admin, "/settings", json!({"new_minutes": 15})).await.expect(200);
        site.patch(&admin, "/centre", json!({"address": "Amir Temur 1"})).await.expect(200);
        site.patch(&ali, "/me", json!({"last_name": "Valiyev"})).await.expect(200);
        let token = site.post(&ali, "/tokens", json!({"name": "x"})).await.expect(201);
        site.delete(&ali, &format!("/tokens/{}", token["id"].as_str().unwrap_or_default())).await.expect(204);
        let mut kept = Vec::new();
        for object in ["lead", "user", "settings", "centre", "token"] {
            let page = site.get(&admin, &format!("/audit?object={object}&limit=200")).await.expect(200);
            kept.extend(actions(&page).into_iter().map(str::to_owned));
        }
        for action in [
            "lead.created", "lead.noted", "follow_up.planned", "follow_up.completed", "lead.changed", "lead.status_changed",
            "user.hours_changed", "user.absence_set", "settings.changed", "centre.changed", "user.changed", "token.created", "token.revoked",
        ] {
            assert!(kept.iter().any(|kept| kept == action), "{action} is missing among {kept:?}");
        }
        let told = site.get(&admin, "/audit?object=settings").await.expect(200);
        assert_eq!(told["items"][0]["changes"]["new_minutes"], json!({"from": 5, "to": 15}));
    }

    async fn nothing_leaves_the_log(site: Site) {
        let (admin, ..) = people(&site).await;
        let refusal = match site.test.database.engine {
            Engine::Sqlite => "the audit log is append-only",
            Engine::Postgres => "permission denied",
        };
        site.post(&admin, "/courses", json!({"name": "Bir"})).await.expect(201);
        for sql in ["DELETE FROM audit WHERE tenant_id = $1", "UPDATE audit SET action = 'x' WHERE tenant_id = $1"] {
            let tenant = admin.tenant.id;
            let tried = site.app().db.write(tenant, async move |tx: Tx| tx.run(sql, vec![tenant.0.into()]).await).await;
            assert!(tried.is_err_and(|error| error.to_string().contains(refusal)), "{sql}");
        }
    }
}

#[test]
fn no_code_rewrites_the_log_and_every_kind_has_words() {
    let mut missing = std::collections::BTreeSet::new();
    for file in sources() {
        let source = std::fs::read_to_string(&file).expect("a source");
        for forbidden in ["UPDATE audit", "DELETE FROM audit ", "DELETE FROM audit\""] {
            assert!(!source.contains(forbidden), "{}: {forbidden}", file.display());
        }
        let calls = source.split("audit::record(").skip(1);
        for call in calls.chain(source.split("second_factor::clear_in(").skip(1)) {
            let arguments: String = call.chars().take(200).collect();
            let statement = arguments.split(';').next().unwrap_or_default();
            let Some(kind) = statement.split('"').skip(1).step_by(2).find(|text| is_kind(text)) else {
                continue;
            };
            let id = format!("audit-{}", kind.replace(['.', '_'], "-"));
            if Lang::ALL.into_iter().any(|lang| find(lang, &id, &[]).is_none()) {
                missing.insert((id, file.display().to_string()));
            }
        }
    }
    assert!(
        missing.is_empty(),
        "no words in platform/locales/*/audit.ftl for {missing:#?}"
    );
}

/// `user.changed`
fn is_kind(text: &str) -> bool {
    let word = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    text.split_once('.')
        .is_some_and(|(object, verb)| word(object) && word(verb))
}

fn sources() -> Vec<std::path::PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut folders: Vec<_> = ["platform", "workflows", "plugins", "tenant-api", "web"]
        .map(|of| root.join(of).join("src"))
        .into();
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                found.push(path);
            }
        }
    }
    assert!(found.len() > 100, "the sources were found");
    found
}
