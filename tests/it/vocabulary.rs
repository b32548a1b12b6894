//! The centre's own words about a lead: sources, lost reasons and fields, over REST and in the forms.

use reqwest::Method;
use serde_json::{Value, json};
use support::both_engines;
use support::site::{Reply, Site};

both_engines! {
    async fn an_admin_keeps_the_lists_everybody_chooses_from(site: Site) {
        let tenant = site.test.tenant("demo").await;
        let admin = site.user(&tenant, "admin", "admin").await;
        let ali = site.user(&tenant, "ali", "sales").await;
        let new = json!({"labels": {"uz": " Doʻst  tavsiyasi ", "ru": "Совет друга"}});
        for _ in 0..2 {
            let request = site.call(&admin, Method::POST, "/sources").header("Idempotency-Key", "s").json(&new);
            let made = Reply::of(request).await.expect(201);
            assert_eq!((&made["key"], &made["labels"]["uz"]), (&json!("dost_tavsiyasi"), &json!("Doʻst tavsiyasi")));
        }
        site.post(&ali, "/sources", new.clone()).await.refused(403, "not_allowed");
        let twin = site.post(&admin, "/sources", json!({"labels": {"ru": "совет ДРУГА"}})).await.refused(422, "invalid");
        assert_eq!(twin["errors"][0]["code"], "name_taken");
        for (body, field, code) in [
            (json!({"labels": {}}), "labels", "required"),
            (json!({"labels": {"uz": " \u{202e} "}}), "labels", "required"),
            (json!({"labels": {"fr": "Ami"}}), "labels", "unknown_language"),
            (json!({"labels": {"uz": "x".repeat(61)}}), "labels", "too_long"),
            (json!({"labels": {"uz": "Y"}, "key": "no spaces"}), "key", "bad_key"),
            (json!({"labels": {"uz": "Y"}, "key": "instagram"}), "key", "already_exists"),
        ] {
            let refused = site.post(&admin, "/sources", body).await.refused(422, "invalid");
            assert_eq!((&refused["errors"][0]["field"], &refused["errors"][0]["code"]), (&json!(field), &json!(code)));
        }

        // Moved to the front, then no longer offered: the lead that carries it keeps it, an old form loses nothing.
        site.patch(&admin, "/sources/dost_tavsiyasi", json!({"position": 0})).await.expect(200);
        let lead = json!({"name": "Ali", "phone": "+998901112233", "source": "dost_tavsiyasi"});
        let lead = site.post(&admin, "/leads", lead).await.expect(201);
        site.patch(&admin, "/sources/dost_tavsiyasi", json!({"retired": true})).await.expect(200);
        let listed = site.get(&ali, "/sources").await.expect(200);
        assert_eq!((&listed["items"][0]["key"], &listed["items"][0]["retired"]), (&json!("dost_tavsiyasi"), &json!(true)));
        let path = format!("/leads/{}", lead["id"].as_str().unwrap_or_default());
        assert_eq!(site.get(&admin, &path).await.expect(200)["source"], "dost_tavsiyasi");
        let late = json!({"name": "Vali", "phone": "+998901112244", "source": "dost_tavsiyasi"});
        site.post(&admin, "/leads", late).await.expect(201);

        let reasons = site.get(&admin, "/lost-reasons").await.expect(200);
        let keys: Vec<String> = keys(&reasons);
        for key in &keys[1..] {
            site.patch(&admin, &format!("/lost-reasons/{key}"), json!({"retired": true})).await.expect(200);
        }
        let last = format!("/lost-reasons/{}", keys[0]);
        site.patch(&admin, &last, json!({"retired": true})).await.refused(422, "last_of_list");
        site.patch(&admin, "/lost-reasons/nope", json!({"retired": true})).await.refused(404, "not_found");
    }

    async fn a_leads_values_fit_the_fields_they_are_for(site: Site) {
        let tenant = site.test.tenant("demo").await;
        let admin = site.user(&tenant, "admin", "admin").await;
        site.post(&admin, "/custom-fields", json!({"labels": {"uz": "Kun"}, "kind": "choice"})).await.refused(422, "invalid");
        let choice = json!({"labels": {"uz": "Qulay kun", "ru": "Удобный день"}, "kind": "choice", "options": [
            {"labels": {"uz": "Toq"}}, {"value": "even", "labels": {"uz": "Juft"}},
        ]});
        let made = site.post(&admin, "/custom-fields", choice).await.expect(201);
        assert_eq!((&made["key"], &made["options"][0]["value"]), (&json!("qulay_kun"), &json!("toq")));
        site.post(&admin, "/custom-fields", json!({"labels": {"uz": "Byudjet"}, "kind": "number"})).await.expect(201);

        let wrong = json!({"name": "Ali", "phone": "+998901112233", "custom": {"qulay_kun": "weekend", "byudjet": "many", "utm": "x"}});
        let refused = site.post(&admin, "/leads", wrong).await.refused(422, "invalid");
        let named: Vec<_> = refused["errors"].as_array().into_iter().flatten().map(|e| (e["field"].clone(), e["code"].clone())).collect();
        assert_eq!(named, [
            (json!("custom.qulay_kun"), json!("unknown_choice")), (json!("custom.byudjet"), json!("bad_number")),
        ]);
        let right = json!({"name": "Ali", "phone": "+998901112233", "custom": {"qulay_kun": "even", "byudjet": 500, "utm": "x"}});
        let lead = site.post(&admin, "/leads", right).await.expect(201);
        let path = format!("/leads/{}", lead["id"].as_str().unwrap_or_default());
        let version = lead["version"].to_string();
        let edit = site.call(&admin, Method::PATCH, &path).header("If-Match", format!("\"{version}\""));
        Reply::of(edit.json(&json!({"custom": {"byudjet": "a lot"}}))).await.refused(422, "invalid");

        // A choice left out is no longer offered; a field out of use is asked no more and checked no more.
        site.patch(&admin, "/custom-fields/qulay_kun", json!({"options": [{"value": "toq", "labels": {"uz": "Toq"}}]})).await.expect(200);
        let next = json!({"name": "Vali", "phone": "+998901112244", "custom": {"qulay_kun": "even"}});
        site.post(&admin, "/leads", next.clone()).await.refused(422, "invalid");
        site.patch(&admin, "/custom-fields/qulay_kun", json!({"retired": true})).await.expect(200);
        site.post(&admin, "/leads", next).await.expect(201);
        assert_eq!(site.get(&admin, &path).await.expect(200)["custom"]["qulay_kun"], "even");
    }

    async fn two_admins_adding_the_same_make_one(site: Site) {
        let tenant = site.test.tenant("demo").await;
        let admin = site.user(&tenant, "admin", "admin").await;
        let new = || site.post(&admin, "/custom-fields", json!({"labels": {"uz": "Maktab"}}));
        let (a, b, c) = tokio::join!(new(), new(), new());
        let made = [a, b, c].into_iter().filter(|reply| reply.status == 201).count();
        assert_eq!(made, 1);
        let listed = site.get(&admin, "/custom-fields").await.expect(200);
        assert_eq!(keys(&listed).iter().filter(|key| key.starts_with("maktab")).count(), 1);
    }
}

fn keys(page: &Value) -> Vec<String> {
    let items = page["items"].as_array().into_iter().flatten();
    items
        .filter_map(|item| item["key"].as_str().map(str::to_owned))
        .collect()
}
