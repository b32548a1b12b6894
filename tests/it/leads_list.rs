//! The leads list: every filter and order over REST, and its pages. How it stands many leads is in `speed.rs`.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use serde_json::{Value, json};
use support::both_engines;
use support::site::{Site, Who};

fn names(page: &Value) -> Vec<String> {
    let items = page["items"].as_array().into_iter().flatten();
    items
        .filter_map(|lead| lead["name"].as_str().map(str::to_owned))
        .collect()
}

async fn add(site: &Site, who: &Who, name: &str, number: u32, more: Value) -> Value {
    let mut body = json!({"name": name, "phone": format!("+99890{number:07}")});
    for (field, value) in more.as_object().into_iter().flatten() {
        body[field] = value.clone();
    }
    site.post(who, "/leads", body).await.expect(201)
}

/// All names of a list, page by page, two at a time.
async fn paged(site: &Site, who: &Who, query: &str) -> Vec<String> {
    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = site
            .get(who, &format!("/leads?limit=2&{query}{cursor}"))
            .await
            .expect(200);
        found.extend(names(&page));
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return found,
        }
    }
}

both_engines! {
    async fn every_order_is_walked_page_by_page(site: Site) {
        let tenant = site.test.tenant("demo").await;
        let manager = site.user(&tenant, "manager", "manager").await;
        for (at, name) in ["Malika", "Aziza", "Zafar", "Bobur", "Aziza"].iter().enumerate() {
            add(&site, &manager, name, at as u32, json!({})).await;
            site.pass(TimeDelta::minutes(1)).await;
        }
        assert_eq!(paged(&site, &manager, "").await, ["Aziza", "Bobur", "Zafar", "Aziza", "Malika"]);
        assert_eq!(paged(&site, &manager, "sort=oldest").await, ["Malika", "Aziza", "Zafar", "Bobur", "Aziza"]);
        assert_eq!(paged(&site, &manager, "sort=name").await, ["Aziza", "Aziza", "Bobur", "Malika", "Zafar"]);
        let oldest = site.get(&manager, "/leads?sort=oldest&limit=1").await.expect(200)["items"][0].clone();
        let path = format!("/leads/{}", oldest["id"].as_str().unwrap());
        let request = site.call(&manager, reqwest::Method::PATCH, &path).header("If-Match", "*").json(&json!({"notes": "x"}));
        support::site::Reply::of(request).await.expect(200);
        assert_eq!(paged(&site, &manager, "sort=changed").await[0], "Malika");
        site.get(&manager, "/leads?sort=shoe_size").await.refused(400, "bad_request");
        site.get(&manager, "/leads?sort=name&cursor=nonsense").await.refused(422, "invalid");
    }

    async fn a_tag_finds_its_leads_however_it_is_spelled(site: Site) {
        let tenant = site.test.tenant("demo").await;
        let manager = site.user(&tenant, "manager", "manager").await;
        let ali = site.user(&tenant, "ali", "sales").await;
        let first = add(&site, &manager, "Aziza", 1, json!({"tags": ["Oʻrta daraja", "VIP", "vip"]})).await;
        assert_eq!(first["tags"], json!(["Oʻrta daraja", "VIP"]));
        add(&site, &ali, "Bobur", 2, json!({"tags": ["ВИП"]})).await;
        add(&site, &manager, "Vip Vipov", 3, json!({})).await;
        for spelled in ["VIP", "vip", "%D0%B2%D0%B8%D0%BF"] {
            let found: BTreeSet<String> = paged(&site, &manager, &format!("tag={spelled}")).await.into_iter().collect();
            assert_eq!(found, BTreeSet::from(["Aziza".to_owned(), "Bobur".to_owned()]), "{spelled}");
        }
        assert_eq!(paged(&site, &manager, "tag=o%27rta%20daraja").await, ["Aziza"]);
        assert_eq!(paged(&site, &ali, "tag=vip").await, ["Bobur"], "a rep finds the own ones");
        let known: Vec<String> = names(&site.get(&manager, "/tags").await.expect(200));
        assert_eq!(known, ["Oʻrta daraja", "VIP"], "spelled as it was first");
        // Another name, other tags: the lead is found by what it has now, and by nothing else.
        let path = format!("/leads/{}", first["id"].as_str().unwrap());
        let edit = |body: Value| site.call(&manager, reqwest::Method::PATCH, &path).header("If-Match", "*").json(&body);
        support::site::Reply::of(edit(json!({"name": "Robiya"}))).await.expect(200);
        assert_eq!(paged(&site, &manager, "tag=o%27rta%20daraja").await, ["Robiya"]);
        support::site::Reply::of(edit(json!({"tags": ["B1"]}))).await.expect(200);
        assert_eq!(paged(&site, &manager, "tag=vip").await, ["Bobur"]);
        assert_eq!(paged(&site, &manager, "tag=b1&q=robi").await, ["Robiya"]);
    }

    async fn a_page_of_long_names_stays_small(site: Site) {
        let tenant = site.test.tenant("demo").await;
        let manager = site.user(&tenant, "manager", "manager").await;
        for at in 0..51u32 {
            let tags = json!(["<script>alert(1)</script>", "=HYPERLINK(1)", format!("teg {at}")]);
            add(&site, &manager, &"Oʻ".repeat(100), at, json!({"tags": tags})).await;
        }
        let page = visit(&site, &manager, "/leads?tag=teg%2050&sort=name").await;
        assert!(page.contains("teg 50") && !page.contains("<script>alert"), "{page}");
        let page = visit(&site, &manager, "/leads").await;
        assert!(page.len() <= 100_000, "{} bytes", page.len());
        assert_eq!(page.matches("class=\"c-name\"").count(), 30);
    }
}

/// A page of the portal as a person gets it.
pub async fn visit(site: &Site, who: &Who, path: &str) -> String {
    let opened = platform::auth::session::open(site.app(), &who.tenant, who.id, None, None)
        .await
        .expect("a session");
    let cookie = format!("{}={}", platform::http::SESSION_COOKIE, opened.token);
    let reply = site
        .request(reqwest::Method::GET, &who.tenant.slug, path)
        .header("Cookie", cookie);
    let reply = support::site::Reply::of(reply).await;
    assert_eq!(reply.status, 200, "{path}: {:.500}", reply.text);
    reply.text
}
