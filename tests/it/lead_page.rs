//! A lead's page: calls written down, its timeline page by page, and fields that two people change at once.

use platform::auth::session;
use reqwest::Method;
use serde_json::{Value, json};
use support::both_engines;
use support::site::{Reply, Site, Who};

async fn lead(site: &Site, who: &Who) -> String {
    let new = json!({"name": "Aysel", "phone": "+998901234567"});
    let made = site.post(who, "/leads", new).await.expect(201);
    made["id"].as_str().expect("an id").to_owned()
}

/// A field saved in the portal by somebody who saw a value in it.
async fn save(site: &Site, who: &Who, lead: &str, field: &str, was: &str, value: &str) -> Reply {
    let opened = session::open(site.app(), &who.tenant, who.id, None, None)
        .await
        .expect("a session");
    let found = session::resolve(site.app(), &who.tenant, &opened.token)
        .await
        .expect("it resolves")
        .expect("it is good");
    let request = site
        .request(Method::POST, &who.tenant.slug, &format!("/leads/{lead}/fields/{field}"))
        .header("Sec-Fetch-Site", "same-origin")
        .header("Cookie", format!("{}={}", platform::http::SESSION_COOKIE, opened.token))
        .header("X-Csrf-Token", &found.csrf)
        .form(&[("was", was), ("value", value)]);
    Reply::of(request).await
}

both_engines! {
    async fn a_call_is_written_down(site: Site) {
        let tenant = site.test.tenant("demo").await;
        let ali = site.user(&tenant, "ali", "sales").await;
        let bob = site.user(&tenant, "bob", "sales").await;
        let id = lead(&site, &ali).await;
        let path = format!("/leads/{id}/calls");
        let call = |outcome: &str| json!({"direction": "out", "outcome": outcome, "note": "  Kechqurun  "});
        site.post(&bob, &path, call("reached")).await.refused(404, "not_found");
        site.post(&ali, &path, json!({"direction": "up", "outcome": "reached"})).await.refused(422, "invalid");
        site.post(&ali, &path, call("shouted")).await.refused(422, "invalid");
        site.post(&ali, &path, call("busy")).await.expect(201);
        let untouched = site.get(&ali, &format!("/leads/{id}")).await.expect(200);
        assert_eq!(untouched["first_contact_at"], Value::Null, "nobody was reached");
        let twice = || Reply::of(site.call(&ali, Method::POST, &path).header("Idempotency-Key", "call-1").json(&call("reached")));
        assert_eq!(twice().await.expect(201), twice().await.expect(201));
        assert!(site.get(&ali, &format!("/leads/{id}")).await.expect(200)["first_contact_at"].is_string());
        let timeline = site.get(&ali, &format!("/leads/{id}/timeline")).await.expect(200);
        let calls: Vec<&Value> = timeline["items"].as_array().into_iter().flatten().filter(|e| e["kind"] == "lead.called").collect();
        assert_eq!(calls.len(), 2);
        assert_eq!(calls[0]["payload"], json!({"direction": "out", "outcome": "reached", "note": "Kechqurun"}));
    }

    async fn a_timeline_comes_page_by_page(site: Site) {
        let tenant = site.test.tenant("demo").await;
        let ali = site.user(&tenant, "ali", "sales").await;
        let id = lead(&site, &ali).await;
        for n in 0..7 {
            site.post(&ali, &format!("/leads/{id}/notes"), json!({"text": format!("Izoh {n}")})).await.expect(201);
        }
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = site.get(&ali, &format!("/leads/{id}/timeline?limit=3{cursor}")).await.expect(200);
            seen.extend(page["items"].as_array().into_iter().flatten().map(|event| event["id"].to_string()));
            match page["next"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(seen.len(), 8);
        assert!(seen.is_sorted_by(|a, b| a > b), "newest first, each once");
        site.get(&ali, &format!("/leads/{id}/timeline?cursor=rubbish")).await.refused(422, "invalid");
    }

    async fn of_two_who_change_a_field_nobody_loses_a_word(site: Site) {
        let tenant = site.test.tenant("demo").await;
        let ali = site.user(&tenant, "ali", "sales").await;
        let nodira = site.user(&tenant, "nodira", "manager").await;
        let id = lead(&site, &ali).await;
        assert_eq!(save(&site, &ali, &id, "notes", "", "Kechqurun\r\nkeladi").await.status, 303);
        assert_eq!(site.get(&ali, &format!("/leads/{id}")).await.expect(200)["notes"], "Kechqurun\nkeladi");
        // Another field was changed meanwhile: that is no conflict.
        assert_eq!(save(&site, &nodira, &id, "name", "Aysel", "Aysel Qodirova").await.status, 303);
        assert_eq!(save(&site, &ali, &id, "tags", "", "ielts, VIP").await.status, 303);
        // The same one was: both values are shown, what was typed stands in the form, nothing is written.
        let refused = save(&site, &ali, &id, "name", "Aysel", "Aysel <b>Karimova</b>").await;
        assert_eq!(refused.status, 409);
        assert!(refused.text.contains("Aysel Qodirova") && refused.text.contains("nodira"), "theirs, and whose");
        assert!(refused.text.contains("value=\"Aysel &lt;b&gt;Karimova&lt;/b&gt;\""), "mine");
        let now = site.get(&ali, &format!("/leads/{id}")).await.expect(200);
        assert_eq!((&now["name"], &now["tags"]), (&json!("Aysel Qodirova"), &json!(["ielts", "VIP"])));
        // Mine, on purpose.
        assert_eq!(save(&site, &ali, &id, "name", "Aysel Qodirova", "Aysel Karimova").await.status, 303);
        assert_eq!(site.get(&ali, &format!("/leads/{id}")).await.expect(200)["name"], "Aysel Karimova");
        // What cannot be stored stays in the form too.
        let short = save(&site, &ali, &id, "phone", "+998901234567", "90 12").await;
        assert_eq!(short.status, 422);
        assert!(short.text.contains("value=\"90 12\""));
        assert_eq!(save(&site, &ali, &id, "nonsense", "", "x").await.status, 404);
        assert_eq!(save(&site, &ali, &id, "custom_nonsense", "", "x").await.status, 404);
    }
}
