//! The room of a centre's tags: counts, another name, two made one, one given up, each with its undo.

use serde_json::{Value, json};
use support::both_engines;
use support::portal::Person;
use support::site::{Site, Who};

async fn tagged(site: &Site, who: &Who, at: usize, tags: &[&str]) -> String {
    let body = json!({"name": format!("Lid {at}"), "phone": format!("+99890{at:07}"), "tags": tags});
    let lead = site.post(who, "/leads", body).await.expect(201);
    lead["id"].as_str().unwrap_or_default().to_owned()
}

async fn counts(site: &Site, who: &Who) -> Vec<(String, i64)> {
    let page = site.get(who, "/tag-counts").await.expect(200);
    let items = page["items"].as_array().into_iter().flatten();
    items
        .map(|tag| {
            (
                tag["name"].as_str().unwrap_or_default().to_owned(),
                tag["leads"].as_i64().unwrap_or(-1),
            )
        })
        .collect()
}

async fn tags_of(site: &Site, who: &Who, lead: &str) -> Value {
    site.get(who, &format!("/leads/{lead}")).await.expect(200)["tags"].clone()
}

fn counted(of: &[(&str, i64)]) -> Vec<(String, i64)> {
    of.iter().map(|(name, leads)| ((*name).to_owned(), *leads)).collect()
}

both_engines! {
    async fn tags_are_counted_renamed_merged_and_removed(site: Site) {
        let tenant = site.test.tenant("demo").await;
        let admin = site.user(&tenant, "admin", "admin").await;
        let manager = site.user(&tenant, "manager", "manager").await;
        let first = tagged(&site, &admin, 1, &["VIP", "Kechki"]).await;
        let second = tagged(&site, &admin, 2, &["vip", "Evening"]).await;
        let third = tagged(&site, &admin, 3, &["Kechki"]).await;
        site.delete(&admin, &format!("/leads/{third}")).await.expect(204);
        assert_eq!(counts(&site, &admin).await, counted(&[("Evening", 1), ("Kechki", 1), ("VIP", 2)]));
        for refused in [site.get(&manager, "/tag-counts").await, site.delete(&manager, "/tags/vip").await] {
            refused.refused(403, "not_allowed");
        }

        // Another spelling is the same tag; a name another has is a merge and is said to be one.
        let renamed = site.patch(&admin, "/tags/vip", json!({"name": "Muhim"})).await.expect(200);
        site.work().await;
        assert_eq!(tags_of(&site, &admin, &second).await, json!(["Muhim", "Evening"]));
        assert_eq!(counts(&site, &admin).await, counted(&[("Evening", 1), ("Kechki", 1), ("Muhim", 2)]));
        site.get(&admin, "/leads?tag=vip").await.expect(200)["items"].as_array().filter(|none| none.is_empty()).expect("none is found by it");
        for (name, code) in [("kechki", "tag_taken"), (" \u{202e}", "required"), (&"x".repeat(300), "too_long")] {
            let told = site.patch(&admin, "/tags/muhim", json!({"name": name})).await.refused(422, "invalid");
            assert_eq!(told["errors"][0]["code"], code);
        }
        let bulk = renamed["bulk_change_id"].as_str().unwrap_or_default().to_owned();
        site.put(&admin, &format!("/bulk-changes/{bulk}/undo"), json!({})).await.expect(200);
        site.work().await;
        assert_eq!(tags_of(&site, &admin, &first).await, json!(["VIP", "Kechki"]));
        assert_eq!(site.get(&admin, "/leads?tag=vip").await.expect(200)["items"].as_array().map(Vec::len), Some(2));

        site.post(&admin, "/tags/evening/merge", json!({"into": "evening"})).await.refused(422, "invalid");
        site.post(&admin, "/tags/evening/merge", json!({"into": "KECHKI"})).await.expect(200);
        site.work().await;
        assert_eq!(tags_of(&site, &admin, &second).await, json!(["vip", "Kechki"]));
        site.delete(&admin, "/tags/kechki").await.expect(200);
        site.work().await;
        assert_eq!(tags_of(&site, &admin, &first).await, json!(["VIP"]));
        site.delete(&admin, "/tags/kechki").await.refused(404, "not_found");
        // One that comes back from the trash brings its tag back.
        site.put(&admin, &format!("/trash/{third}/restoration"), json!({})).await.expect(200);
        assert!(counts(&site, &admin).await.contains(&("Kechki".to_owned(), 1)));
        let kinds = site.get(&admin, "/audit").await.expect(200);
        let kinds: Vec<&str> = kinds["items"].as_array().into_iter().flatten().filter_map(|row| row["action"].as_str()).collect();
        for kind in ["tag.renamed", "tag.merged", "tag.dropped"] {
            assert!(kinds.contains(&kind), "{kind} among {kinds:?}");
        }
    }

    async fn the_room_says_how_many_leads_change(site: Site) {
        let tenant = site.test.tenant("demo").await;
        let admin = site.user(&tenant, "admin", "admin").await;
        let lead = tagged(&site, &admin, 1, &["<script>alert(1)</script>", "=HYPERLINK(1)", "🔥"]).await;
        let browser = Person::of(&site, &admin).await;
        let page = browser.get("/settings/tags").await;
        assert!(page.status == 200 && !page.text.contains("<script>alert") && page.text.contains("🔥"), "{}", page.text);
        let key = [("key", "🔥")];
        let page = browser.get("/settings/tags/edit?key=%F0%9F%94%A5").await;
        assert!(page.text.contains("Teg 1 ta liddan olinadi"), "{}", page.text);
        let taken = browser.post("/settings/tags/name", &[key[0], ("name", "=HYPERLINK(1)"), ("press", "p")]).await;
        assert_eq!(taken.status, 422);
        assert!(taken.text.contains("value=\"&#x3D;HYPERLINK(1)\"") && taken.text.contains("aria-describedby=\"f-name-error\""));
        assert_eq!(browser.post("/settings/tags/merge", &[key[0], ("into", ""), ("press", "p")]).await.status, 422);
        for _ in 0..2 {
            let done = browser.post("/settings/tags/name", &[key[0], ("name", "Issiq"), ("press", "q")]).await;
            assert_eq!(done.status, 303, "a press sent twice counts once");
            assert!(done.headers["location"].to_str().unwrap_or_default().starts_with("/leads?tag=Issiq&bulk="));
        }
        site.work().await;
        assert_eq!(tags_of(&site, &admin, &lead).await[2], "Issiq");
        assert_eq!(browser.get("/settings/tags/edit?key=nope").await.status, 404);
    }
}
