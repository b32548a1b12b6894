//! What people keep of the leads list: views of their own and the team's, columns, and the warning of a known phone.

use serde_json::{Value, json};
use support::both_engines;
use support::site::{Site, Who};

use crate::leads_list::visit;

async fn people(site: &Site) -> (Who, Who, Who) {
    let tenant = site.test.tenant("demo").await;
    (
        site.user(&tenant, "admin", "admin").await,
        site.user(&tenant, "manager", "manager").await,
        site.user(&tenant, "ali", "sales").await,
    )
}

fn id(body: &Value) -> String {
    body["id"]
        .as_str()
        .unwrap_or_else(|| panic!("no id in {body}"))
        .to_owned()
}

async fn names(site: &Site, who: &Who) -> Vec<String> {
    let page = site.get(who, "/lead-views").await.expect(200);
    let items = page["items"].as_array().into_iter().flatten();
    items
        .filter_map(|view| view["name"].as_str().map(str::to_owned))
        .collect()
}

both_engines! {
    async fn a_view_is_ones_own_until_it_is_shared(site: Site) {
        let (admin, manager, ali) = people(&site).await;
        let view = json!({"name": "Issiq", "query": "source=instagram&sort=name"});
        let kept = site.post(&manager, "/lead-views", view).await.expect(201);
        assert_eq!((names(&site, &manager).await, names(&site, &ali).await), (vec!["Issiq".to_owned()], vec![]));
        let path = format!("/lead-views/{}", id(&kept));
        site.patch(&ali, &path, json!({"name": "Meniki"})).await.refused(404, "not_found");
        site.patch(&manager, &path, json!({"shared": true})).await.expect(200);
        assert_eq!(names(&site, &ali).await, ["Issiq"]);
        site.patch(&ali, &path, json!({"name": "Meniki"})).await.refused(403, "not_allowed");
        site.delete(&ali, &path).await.refused(403, "not_allowed");
        site.post(&ali, "/lead-views", json!({"name": "X", "shared": true})).await.refused(403, "not_allowed");
        let page = visit(&site, &ali, "/leads?source=instagram&sort=name").await;
        assert!(page.contains("Issiq") && !page.contains("id=\"edit-view\""), "a shared view is a tab");
        site.patch(&admin, &path, json!({"name": "<script>"})).await.expect(200);
        let page = visit(&site, &manager, "/leads?source=instagram&sort=name").await;
        assert!(page.contains("&lt;script&gt;") && page.contains("id=\"edit-view\""));
        for (body, field) in [(json!({"name": " "}), "name"), (json!({"name": "x".repeat(61)}), "name"),
            (json!({"name": "x", "query": format!("q={}", "a".repeat(2001))}), "query")] {
            let told = site.post(&ali, "/lead-views", body).await.refused(422, "invalid");
            assert_eq!(told["errors"][0]["field"], field);
        }
        site.delete(&manager, &path).await.expect(204);
        assert!(names(&site, &ali).await.is_empty());
    }

    async fn columns_are_each_persons_own(site: Site) {
        let (_, manager, ali) = people(&site).await;
        let lead = json!({"name": "Aziza", "phone": "901234567", "tags": ["Kechki"]});
        site.post(&manager, "/leads", lead).await.expect(201);
        let chosen = site.put(&manager, "/lead-columns", json!({"columns": ["tags", "phone"]})).await.expect(200);
        assert_eq!(chosen["columns"], json!(["phone", "tags"]));
        let page = visit(&site, &manager, "/leads").await;
        assert!(page.contains("<span class=\"tag\">Kechki</span>") && !page.contains("<td class=\"c-due\">"));
        assert!(visit(&site, &ali, "/leads?q=nobody").await.contains("name=\"column\" value=\"next\" checked"));
        site.put(&ali, "/lead-columns", json!({"columns": ["shoe_size"]})).await.refused(422, "invalid");
    }

    async fn a_known_phone_is_told_of_while_it_is_typed(site: Site) {
        let (admin, manager, ali) = people(&site).await;
        let vali = site.user(&ali.tenant, "vali", "sales").await;
        let lead = id(&site.post(&ali, "/leads", json!({"name": "Aziza", "phone": "901234567"})).await.expect(201));
        let ask = async |who: &Who, phone: &str| site.get(who, &format!("/known-phone?phone={phone}")).await.expect(200);
        for who in [&ali, &manager] {
            let known = ask(who, "90%20123-45-67").await;
            assert_eq!((&known["known"], &known["lead_id"]), (&json!(true), &json!(lead)));
        }
        let known = ask(&vali, "901234567").await;
        assert_eq!((&known["known"], &known["lead_id"], &known["name"]), (&json!(true), &Value::Null, &Value::Null));
        for typed in ["90123", "", "%3Cscript%3E", "901234568"] {
            assert_eq!(ask(&ali, typed).await["known"], json!(false), "{typed}");
        }
        let shown = visit(&site, &vali, "/leads/duplicate?phone=901234567").await;
        assert!(shown.contains("alert") && !shown.contains("Aziza") && !shown.contains(&lead), "{shown}");
        assert!(visit(&site, &ali, "/leads/duplicate?phone=901234567").await.contains("Aziza"));
        site.delete(&admin, &format!("/leads/{lead}")).await.expect(204);
        let trashed = async |who: &Who| ask(who, "901234567").await["trashed"].clone();
        assert_eq!((trashed(&admin).await, trashed(&ali).await), (json!(true), json!(false)));
        assert!(ask(&ali, "901234567").await["lead_id"].is_null());
    }
}
