//! A centre's own fields at every door: as filters, columns, views and files, in changes of many, and in tables that
//! come in.

use std::collections::BTreeSet;

use platform::Tx;
use platform::jobs::{NewJob, enqueue};
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use support::both_engines;
use support::portal::Person;
use support::site::{Reply, Site, Who};

use crate::leads_list::visit;

/// A centre that asks for a level, a budget, a day, a city and whether somebody was recommended.
async fn centre(site: &Site) -> (Who, Who) {
    let tenant = site.test.tenant("demo").await;
    let admin = site.user(&tenant, "admin", "admin").await;
    let option = |value: &str, uz: &str, ru: &str| json!({"value": value, "labels": {"uz": uz, "ru": ru}});
    for field in [
        json!({"key": "level", "labels": {"uz": "Daraja", "ru": "Уровень"}, "kind": "choice", "options": [
            option("a1", "Boshlangʻich", "Начальный"), option("b1", "Oʻrta", "Средний")]}),
        json!({"key": "budget", "labels": {"uz": "Byudjet"}, "kind": "number"}),
        json!({"key": "visit", "labels": {"uz": "Tashrif"}, "kind": "date"}),
        json!({"key": "city", "labels": {"uz": "<script>Shahar"}, "kind": "text"}),
        json!({"key": "friend", "labels": {"uz": "Tavsiya"}, "kind": "boolean"}),
    ] {
        site.post(&admin, "/custom-fields", field).await.expect(201);
    }
    (admin, site.user(&tenant, "ali", "sales").await)
}

async fn lead(site: &Site, who: &Who, name: &str, number: u32, custom: Value) -> Value {
    let body = json!({"name": name, "phone": format!("+99890{number:07}"), "custom": custom});
    site.post(who, "/leads", body).await.expect(201)
}

async fn three(site: &Site, who: &Who) -> [Value; 3] {
    [
        lead(
            site,
            who,
            "Aziza",
            1,
            json!({"level": "a1", "budget": 500_000, "visit": "2026-09-01", "city": "Toshkent", "friend": true}),
        )
        .await,
        lead(
            site,
            who,
            "Bobur",
            2,
            json!({"level": "b1", "budget": -10, "visit": "2026-10-15", "city": "Тошкент шаҳри"}),
        )
        .await,
        lead(
            site,
            who,
            "Dilnoza",
            3,
            json!({"budget": 1_250_000.5, "city": "Samarqand", "friend": false}),
        )
        .await,
    ]
}

fn names(page: &Value) -> BTreeSet<String> {
    let items = page["items"].as_array().into_iter().flatten();
    items
        .filter_map(|lead| lead["name"].as_str().map(str::to_owned))
        .collect()
}

async fn found(site: &Site, who: &Who, query: &str) -> String {
    let page = site.get(who, &format!("/leads?{query}")).await.expect(200);
    names(&page).into_iter().collect::<Vec<_>>().join(" ")
}

async fn edit(site: &Site, who: &Who, lead: &Value, body: Value) {
    let path = format!("/leads/{}", lead["id"].as_str().unwrap_or_default());
    Reply::of(site.call(who, Method::PATCH, &path).header("If-Match", "*").json(&body))
        .await
        .expect(200);
}

both_engines! {
    async fn leads_are_found_by_every_kind_of_field(site: Site) {
        let (admin, ali) = centre(&site).await;
        let [aziza, ..] = three(&site, &admin).await;
        lead(&site, &ali, "Jasur", 4, json!({"level": "a1"})).await;
        for (query, expected) in [
            ("custom=level:is:a1", "Aziza Jasur"),
            ("custom=budget:from:500000", "Aziza Dilnoza"),
            ("custom=budget:to:500000", "Aziza Bobur"),
            ("custom=budget:from:-10&custom=budget:to:0", "Bobur"),
            ("custom=budget:is:-10", "Bobur"),
            ("custom=visit:from:2026-09-02", "Bobur"),
            ("custom=visit:from:2026-09-01&custom=visit:to:2026-09-01", "Aziza"),
            ("custom=city:begins:toshk", "Aziza Bobur"),
            ("custom=city:is:%D0%A2%D0%BE%D1%88%D0%BA%D0%B5%D0%BD%D1%82", "Aziza"),
            ("custom=friend:is:yes", "Aziza"),
            ("custom=friend:is:no", "Bobur Dilnoza Jasur"),
            ("custom=level:is:a1&custom=friend:is:yes&q=aziza", "Aziza"),
            ("custom=level:is:b1&custom=city:begins:sam", ""),
        ] {
            assert_eq!(found(&site, &admin, query).await, expected, "{query}");
        }
        assert_eq!(found(&site, &ali, "custom=level:is:a1").await, "Jasur", "a rep finds the own ones");
        for (query, field, code) in [
            ("custom=level:is:c9", "custom.level", "unknown_choice"),
            ("custom=budget:from:many", "custom.budget", "bad_number"),
            ("custom=city:from:a", "custom.city", "bad_condition"),
            ("custom=shoe:is:42", "custom.shoe", "unknown_field"),
            ("custom=level", "custom", "bad_condition"),
        ] {
            let told = site.get(&admin, &format!("/leads?{query}")).await.refused(422, "invalid");
            assert_eq!((&told["errors"][0]["field"], &told["errors"][0]["code"]), (&json!(field), &json!(code)), "{query}");
        }
        let board = site.get(&admin, "/leads/board?custom=budget:from:500000").await.expect(200);
        assert_eq!(board["columns"][0]["count"], 2);

        // Found by what it has now: after an edit, another name, a merge and its undo.
        edit(&site, &admin, &aziza, json!({"custom": {"level": "b1", "city": "Buxoro"}})).await;
        assert_eq!(found(&site, &admin, "custom=level:is:b1").await, "Aziza Bobur");
        assert_eq!(found(&site, &admin, "custom=budget:from:500000").await, "Dilnoza");
        edit(&site, &admin, &aziza, json!({"name": "Robiya", "custom": {"level": "a1"}})).await;
        assert_eq!(found(&site, &admin, "custom=level:is:a1&q=robiya").await, "Robiya");
        assert_eq!(found(&site, &admin, "custom=city:begins:bux").await, "");
    }

    async fn all_that_match_are_changed_kept_and_handed_out(site: Site) {
        let (admin, _) = centre(&site).await;
        three(&site, &admin).await;
        let change = json!({"action": "tag", "tags": ["Boy"], "filter": {"custom": ["budget:from:500000"]}});
        site.post(&admin, "/bulk-changes", change).await.expect(202);
        site.work().await;
        assert_eq!(found(&site, &admin, "tag=boy").await, "Aziza Dilnoza");
        let wrong = json!({"action": "trash", "filter": {"custom": ["budget:from:lots"]}});
        site.post(&admin, "/bulk-changes", wrong).await.refused(422, "invalid");

        let asked = json!({"what": "leads", "format": "csv", "filter": {"custom": ["level:is:b1"]}});
        let export = site.post(&admin, "/exports", asked).await.expect(202);
        site.work().await;
        let path = format!("/exports/{}/file", export["id"].as_str().unwrap_or_default());
        let file = site.get(&admin, &path).await.text;
        assert!(file.contains("Bobur") && file.contains("Oʻrta") && !file.contains("Aziza"), "{file}");

        let view = json!({"name": "Boylar", "query": "custom.budget.from=500000&custom.city=tosh"});
        site.post(&admin, "/lead-views", view).await.expect(201);
        let page = visit(&site, &admin, "/leads?custom.city=tosh&custom.budget.from=500000").await;
        assert!(page.contains("Boylar") && page.contains("Aziza") && !page.contains("Dilnoza"), "{page}");
        assert!(page.contains("id=\"edit-view\"") && page.contains("≥ 500000") && page.contains("tosh…"));
        assert!(!page.contains("<script>Shahar"), "a field's name is no markup");
        let columns = json!({"columns": ["phone", "custom.level", "custom.friend"]});
        site.put(&admin, "/lead-columns", columns.clone()).await.expect(200);
        site.put(&admin, "/lead-columns", json!({"columns": ["custom.shoe"]})).await.refused(422, "invalid");
        let page = visit(&site, &admin, "/leads").await;
        assert!(page.contains("Oʻrta</span>") && page.contains("<th>Daraja</th>") && !page.contains("<th>Byudjet</th>"));
        site.patch(&admin, "/custom-fields/level", json!({"retired": true})).await.expect(200);
        site.put(&admin, "/lead-columns", columns).await.refused(422, "invalid");
    }

    async fn a_wrong_filter_is_marked_and_changes_nothing(site: Site) {
        let (admin, _) = centre(&site).await;
        three(&site, &admin).await;
        let browser = Person::of(&site, &admin).await;
        for list in ["/leads", "/leads/board"] {
            let shown = browser.get(&format!("{list}?custom.budget.from=many%22%3E")).await;
            assert_eq!(shown.status, 422, "{list}");
            assert!(shown.text.contains("value=\"many&quot;&gt;\"") && shown.text.contains("aria-describedby=\"e-custom.budget\""), "{list}");
            assert!(shown.text.contains("Aziza"), "the list stands there all the same");
        }
        let all = [("action", "trash"), ("all", "1"), ("list", "custom.budget.from=many"), ("key", "k")];
        assert_eq!(browser.post("/leads/bulk", &all).await.status, 422);
        site.work().await;
        assert_eq!(found(&site, &admin, "").await, "Aziza Bobur Dilnoza");
        assert_eq!(browser.get("/exports/new?what=leads&custom.budget.from=500000").await.status, 200);
    }

    async fn a_table_brings_the_fields_in(site: Site) {
        let (admin, _) = centre(&site).await;
        let table = "Ism;Telefon;Уровень;Byudjet;Kun;Tavsiya\n\
                     Aziza;901234561;oʻrta;1 250 000;01.09.2026;ha\n\
                     Bobur;901234562;zoʻr;10;01.09.2026;yoʻq\n\
                     Dilnoza;901234563;;;31.02.2026;\n\
                     Jasur;901234564;A1;;;\n";
        let mapping = r#"{"name": 0, "phone": 1, "custom.level": 2, "custom.budget": 3, "custom.visit": 4, "custom.friend": 5}"#;
        let start = |mapping: &str| {
            let part = Part::bytes(table.as_bytes().to_vec()).file_name("a.csv");
            let form = Form::new().text("mapping", mapping.to_owned()).part("file", part);
            Reply::of(site.call(&admin, Method::POST, "/imports").multipart(form))
        };
        start(r#"{"phone": 1, "custom.shoe": 2}"#).await.refused(422, "invalid");
        let begun = start(mapping).await.expect(202);
        site.work().await;
        let path = format!("/imports/{}", begun["id"].as_str().unwrap_or_default());
        let done = site.get(&admin, &path).await.expect(200);
        assert_eq!((&done["created"], &done["rejected"]), (&json!(2), &json!(2)), "{done}");
        let said = |at: usize| done["errors"][at]["message"].as_str().unwrap_or_default().to_owned();
        assert!(said(0).starts_with("Daraja: ") && said(1).starts_with("Tashrif: "), "{} {}", said(0), said(1));
        let listed = site.get(&admin, "/leads?custom=budget:from:1000000").await.expect(200);
        assert_eq!(listed["items"][0]["custom"], json!({"level": "b1", "budget": 1_250_000, "visit": "2026-09-01", "friend": true}));
        assert_eq!(found(&site, &admin, "custom=level:is:a1").await, "Jasur");

        // The next table of these titles is read the same way, and is filled in where a lead lacks something.
        let next = "Ism;Telefon;Уровень;Byudjet;Kun;Tavsiya\nJasur;901234564;a1;77;;\n";
        let part = Part::bytes(next.as_bytes().to_vec()).file_name("b.csv");
        let form = Form::new().text("on_duplicate", "update").part("file", part);
        let begun = Reply::of(site.call(&admin, Method::POST, "/imports").multipart(form)).await.expect(202);
        site.work().await;
        assert_eq!(found(&site, &admin, "custom=budget:is:77").await, "Jasur");
        let undo = format!("/imports/{}/reversal", begun["id"].as_str().unwrap_or_default());
        site.post(&admin, &undo, json!({})).await.expect(202);
        site.work().await;
        assert_eq!(found(&site, &admin, "custom=budget:is:77").await, "", "taken back");
    }

    async fn leads_from_before_are_filed_once(site: Site) {
        let (admin, _) = centre(&site).await;
        let body = json!({"name": "Aziza", "phone": "+998901234567", "tags": ["VIP"], "custom": {"level": "a1"}});
        site.post(&admin, "/leads", body).await.expect(201);
        let before = async move |tx: Tx| {
            let tenant = || vec![tx.tenant().0.into()];
            tx.run("DELETE FROM lead_token WHERE tenant_id = $1 AND token IN ('#vip', '=level=a1')", tenant()).await?;
            tx.run("DELETE FROM tag WHERE tenant_id = $1", tenant()).await?;
            enqueue(&tx, NewJob::new("leads.refile", "leads.refile/again", vec![])).await
        };
        site.app().db.write(admin.tenant.id, before).await.expect("as it was before");
        assert_eq!(found(&site, &admin, "tag=vip").await, "");
        site.work().await;
        assert_eq!(found(&site, &admin, "tag=vip&custom=level:is:a1").await, "Aziza");
        assert_eq!(site.get(&admin, "/tags").await.expect(200)["items"][0]["name"], "VIP");
    }
}
