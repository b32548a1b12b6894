//! Many leads at once: each by its own rules, refusals in words, one undo that puts everything back; and the trash.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use reqwest::Method;
use serde_json::{Value, json};
use support::both_engines;
use support::database::Engine;
use support::portal::visit;
use support::site::{Reply, Site, Who};

struct Desk {
    admin: Who,
    manager: Who,
    ali: Who,
    vali: Who,
}

async fn desk(site: &Site) -> Desk {
    let tenant = site.test.tenant("demo").await;
    Desk {
        admin: site.user(&tenant, "admin", "admin").await,
        manager: site.user(&tenant, "manager", "manager").await,
        ali: site.user(&tenant, "ali", "sales").await,
        vali: site.user(&tenant, "vali", "sales").await,
    }
}

fn id(body: &Value) -> String {
    body["id"]
        .as_str()
        .unwrap_or_else(|| panic!("no id in {body}"))
        .to_owned()
}

async fn add(site: &Site, who: &Who, number: u32, more: Value) -> String {
    let mut body = json!({"name": format!("Lid {number}"), "phone": format!("+99890{number:07}")});
    for (field, value) in more.as_object().into_iter().flatten() {
        body[field] = value.clone();
    }
    id(&site.post(who, "/leads", body).await.expect(201))
}

async fn many(site: &Site, who: &Who, body: Value) -> Value {
    site.post(who, "/bulk-changes", body).await.expect(202)
}

async fn undo(site: &Site, who: &Who, bulk: &Value) -> Value {
    let path = format!("/bulk-changes/{}/undo", id(bulk));
    site.put(who, &path, json!({})).await.expect(200);
    site.work().await;
    site.get(who, &format!("/bulk-changes/{}", id(bulk))).await.expect(200)
}

/// Leads and follow-ups as they are, apart from what counts changes, each by its id.
async fn state(site: &Site) -> BTreeMap<String, String> {
    let lead = "id || '', name, owner_id || '', status, status_since || '', assigned_at || '', waiting_since || '', tags || '', \
                lost_reason || '', lost_at || '', enrolled_at || '', first_contact_at || '', deleted_at || ''";
    let follow_up = "id || '', lead_id || '', owner_id || '', due_at || '', state, kind, text, outcome || '', closed_at || '', \
                     reminded_at || '', overdue_at || ''";
    let mut found = BTreeMap::new();
    for (table, columns, rows) in [
        ("lead", lead, ""),
        ("follow_up", follow_up, " WHERE state <> 'deleted'"),
    ] {
        let texts: Vec<String> = columns
            .split(", ")
            .map(|column| {
                let bare = column.trim().trim_end_matches(" || ''");
                match site.test.database.engine {
                    Engine::Postgres => format!("COALESCE({bare}::text, '')"),
                    Engine::Sqlite => format!("COALESCE(quote({bare}), '')"),
                }
            })
            .collect();
        let sql = format!("SELECT {} AS whole FROM {table}{rows}", texts.join(" || '~' || "));
        for row in site.test.database.inspect(&sql).await {
            let whole: String = row.try_get("", "whole").expect("a text");
            let key = whole.split('~').next().unwrap_or_default().to_owned();
            found.insert(format!("{table} {key}"), whole);
        }
    }
    // Tokens too: what a lead is found by comes back with it.
    for row in site
        .test
        .database
        .inspect("SELECT token FROM lead_token ORDER BY token")
        .await
    {
        let token: String = row.try_get("", "token").expect("a text");
        let count = found.entry(format!("token {token}")).or_default();
        count.push('|');
    }
    found
}

both_engines! {
    async fn a_manager_changes_many_and_takes_it_back(site: Site) {
        let Desk { manager, ali, vali, .. } = desk(&site).await;
        let mut leads = Vec::new();
        for number in 0..5 {
            leads.push(add(&site, &manager, number, json!({"owner_id": ali.id.to_string()})).await);
        }
        site.work().await;
        let before = state(&site).await;
        let owner = vali.id.to_string();
        let bulk = many(&site, &manager, json!({"action": "assign", "owner_id": owner, "lead_ids": leads})).await;
        assert_eq!((&bulk["state"], &bulk["done"], &bulk["total"]), (&json!("done"), &json!(5), &json!(5)));
        site.work().await;
        for lead in &leads {
            assert_eq!(site.get(&manager, &format!("/leads/{lead}")).await.expect(200)["owner_id"], json!(owner));
        }
        let undone = undo(&site, &manager, &bulk).await;
        assert_eq!((&undone["state"], &undone["undone"]), (&json!("undone"), &json!(5)));
        assert_eq!(state(&site).await, before);
        assert_eq!(undo(&site, &manager, &bulk).await, undone, "twice is once");
    }

    async fn what_is_refused_is_said_in_words(site: Site) {
        let Desk { manager, ali, .. } = desk(&site).await;
        let (first, second) = (add(&site, &ali, 1, json!({})).await, add(&site, &ali, 2, json!({})).await);
        let reason = site.get(&ali, "/lost-reasons").await.expect(200)["items"][0]["key"].clone();
        let lost = json!({"status": "lost", "lost_reason": reason});
        site.put(&ali, &format!("/leads/{first}/status"), lost).await.expect(200);
        let ask = json!({"action": "status", "status": "interested", "lead_ids": [first, second]});
        // A lost lead comes back as one to be won again, not as an interested one; the other has not been spoken to.
        let bulk = many(&site, &ali, ask).await;
        let refused = site.get(&ali, &format!("/bulk-changes/{}/refusals", id(&bulk))).await.expect(200);
        assert_eq!(bulk["failed"].as_i64().unwrap() + bulk["done"].as_i64().unwrap(), 2);
        for refusal in refused["items"].as_array().unwrap() {
            let (code, message) = (refusal["code"].as_str().unwrap(), refusal["message"].as_str().unwrap());
            assert!(!message.contains(code) && message.contains(' '), "{refusal}");
        }
        assert!(!refused["items"].as_array().unwrap().is_empty(), "{refused}");
        for (body, field) in [
            (json!({"action": "status", "status": "lost", "lead_ids": [first]}), "lost_reason"),
            (json!({"action": "status", "status": "nowhere", "lead_ids": [first]}), "status"),
            (json!({"action": "tag", "tags": [" "], "lead_ids": [first]}), "tags"),
            (json!({"action": "tag", "tags": ["x"], "lead_ids": []}), "lead_ids"),
            (json!({"action": "tag", "tags": ["x"]}), "lead_ids"),
        ] {
            let told = site.post(&manager, "/bulk-changes", body).await.refused(422, "invalid");
            assert_eq!(told["errors"][0]["field"], field, "{told}");
        }
        // Nothing picked, or nothing that can be read, is not everything.
        let form = [("list", ""), ("action", "export")];
        let none = visit(&site, &manager, "/leads/bulk", Some(&form)).await;
        assert!(none.status == 422 && none.text.contains("Birorta lid belgilanmagan"), "{}", none.text);
        assert_eq!(visit(&site, &manager, "/exports/new?what=leads&ids=x", None).await.status, 404);
    }

    async fn a_rep_changes_only_the_own_ones(site: Site) {
        let Desk { admin, manager, ali, vali } = desk(&site).await;
        let (own, foreign) = (add(&site, &ali, 1, json!({})).await, add(&site, &vali, 2, json!({})).await);
        let tag = |leads: Value| json!({"action": "tag", "tags": ["VIP"], "lead_ids": leads});
        let bulk = many(&site, &ali, tag(json!([own, foreign]))).await;
        assert_eq!((&bulk["total"], &bulk["done"]), (&json!(1), &json!(1)));
        site.post(&ali, "/bulk-changes", tag(json!([foreign]))).await.refused(404, "not_found");
        let all = json!({"action": "tag", "tags": ["hammasi"], "filter": {}});
        let bulk = many(&site, &ali, all).await;
        site.work().await;
        let done = site.get(&ali, &format!("/bulk-changes/{}", id(&bulk))).await.expect(200);
        assert_eq!((&done["state"], &done["done"]), (&json!("done"), &json!(1)), "{done}");
        let other = site.get(&vali, &format!("/leads/{foreign}")).await.expect(200);
        assert_eq!(other["tags"], json!([]));
        let give = json!({"action": "assign", "owner_id": ali.id.to_string(), "lead_ids": [own]});
        site.post(&ali, "/bulk-changes", give).await.refused(403, "not_allowed");
        for who in [&ali, &manager] {
            site.post(who, "/bulk-changes", json!({"action": "trash", "lead_ids": [own]})).await.refused(403, "not_allowed");
        }
        site.get(&vali, &format!("/bulk-changes/{}", id(&bulk))).await.refused(404, "not_found");
        site.put(&vali, &format!("/bulk-changes/{}/undo", id(&bulk)), json!({})).await.refused(404, "not_found");
        site.get(&admin, &format!("/bulk-changes/{}", id(&bulk))).await.expect(200);
    }

    async fn all_that_match_are_a_jobs_and_a_second_press_is_nothing(site: Site) {
        let Desk { manager, ali, .. } = desk(&site).await;
        for number in 0..130 {
            let source = if number % 2 == 0 { "instagram" } else { "telegram" };
            add(&site, &manager, number, json!({"source": source, "owner_id": ali.id.to_string()})).await;
        }
        site.work().await;
        let before = state(&site).await;
        let ask = json!({"action": "tag", "tags": ["Kuz"], "filter": {"source": "instagram"}});
        let press = || Reply::of(site.call(&manager, Method::POST, "/bulk-changes").header("Idempotency-Key", "k1").json(&ask));
        let first = press().await.expect(202);
        assert_eq!((&first["state"], &first["total"]), (&json!("gathering"), &json!(65)));
        assert_eq!(id(&press().await.expect(202)), id(&first));
        let early = site.put(&manager, &format!("/bulk-changes/{}/undo", id(&first)), json!({})).await;
        early.refused(422, "bulk_running");
        site.work().await;
        let done = site.get(&manager, &format!("/bulk-changes/{}", id(&first))).await.expect(200);
        assert_eq!((&done["state"], &done["done"], &done["total"]), (&json!("done"), &json!(65), &json!(65)));
        let tagged = site.get(&manager, "/leads?tag=kuz&limit=200").await.expect(200);
        assert_eq!(tagged["items"].as_array().map(Vec::len), Some(65));
        // Again, the same is already so.
        let again = many(&site, &manager, json!({"action": "tag", "tags": ["kuz"], "filter": {"source": "instagram"}})).await;
        site.work().await;
        let again = site.get(&manager, &format!("/bulk-changes/{}", id(&again))).await.expect(200);
        assert_eq!((&again["done"], &again["same"]), (&json!(0), &json!(65)));
        let undone = undo(&site, &manager, &first).await;
        assert_eq!((&undone["undone"], &undone["kept"]), (&json!(65), &json!(0)));
        assert_eq!(state(&site).await, before);
    }

    async fn what_somebody_touched_since_stays(site: Site) {
        let Desk { manager, ali, .. } = desk(&site).await;
        let (first, second) = (add(&site, &ali, 1, json!({})).await, add(&site, &ali, 2, json!({})).await);
        site.work().await;
        let ask = json!({"action": "status", "status": "contacted", "lead_ids": [first, second]});
        let bulk = many(&site, &manager, ask).await;
        assert_eq!(bulk["done"], 2, "{bulk}");
        site.work().await;
        site.post(&ali, &format!("/leads/{first}/notes"), json!({"text": "Gaplashdik"})).await.expect(201);
        let undone = undo(&site, &manager, &bulk).await;
        assert_eq!((&undone["undone"], &undone["kept"]), (&json!(1), &json!(1)));
        let status = async |lead: &str| site.get(&ali, &format!("/leads/{lead}")).await.expect(200)["status"].clone();
        assert_eq!((status(&first).await, status(&second).await), (json!("contacted"), json!("new")));
        let kept = site.get(&manager, &format!("/bulk-changes/{}/refusals", id(&bulk))).await.expect(200);
        assert_eq!((&kept["items"][0]["lead_id"], &kept["items"][0]["code"]), (&json!(first), &json!("changed_since")));
        let late = many(&site, &manager, json!({"action": "tag", "tags": ["x"], "lead_ids": [second]})).await;
        site.pass(TimeDelta::days(8)).await;
        site.put(&manager, &format!("/bulk-changes/{}/undo", id(&late)), json!({})).await.refused(422, "undo_expired");
    }

    async fn a_deleted_lead_is_in_the_trash_alone(site: Site) {
        let Desk { admin, ali, .. } = desk(&site).await;
        let lead = add(&site, &ali, 1, json!({"tags": ["VIP"]})).await;
        site.work().await;
        let before = state(&site).await;
        site.delete(&ali, &format!("/leads/{lead}")).await.refused(403, "not_allowed");
        site.delete(&admin, &format!("/leads/{lead}")).await.expect(204);
        site.delete(&admin, &format!("/leads/{lead}")).await.refused(404, "not_found");
        for who in [&admin, &ali] {
            for path in ["/leads", "/leads?q=lid", "/leads?tag=vip", "/follow-ups?view=open", "/follow-ups?view=today"] {
                let found = site.get(who, path).await.expect(200);
                assert_eq!(found["items"], json!([]), "{path}");
            }
            site.get(who, &format!("/leads/{lead}")).await.refused(404, "not_found");
            site.get(who, &format!("/leads/{lead}/timeline")).await.refused(404, "not_found");
        }
        site.get(&ali, "/trash").await.refused(403, "not_allowed");
        let trash = site.get(&admin, "/trash").await.expect(200);
        assert_eq!(trash["items"][0]["id"], json!(lead));
        site.work().await;
        let back = site.put(&admin, &format!("/trash/{lead}/restoration"), json!({})).await.expect(200);
        assert_eq!(back["id"], json!(lead));
        assert_eq!(state(&site).await, before);
        site.put(&admin, &format!("/trash/{lead}/restoration"), json!({})).await.refused(404, "not_found");
    }

    async fn an_enquiry_brings_a_deleted_lead_back(site: Site) {
        let Desk { admin, ali, vali, .. } = desk(&site).await;
        let lead = add(&site, &ali, 1, json!({})).await;
        site.work().await;
        site.delete(&admin, &format!("/leads/{lead}")).await.expect(204);
        let again = json!({"name": "Yana", "phone": "+998900000001", "notes": "Narxi qancha?"});
        let foreign = site.post(&vali, "/leads", again).await.refused(409, "duplicate_lead");
        assert!(foreign.get("lead_id").is_none(), "{foreign}");
        let back = site.get(&ali, &format!("/leads/{lead}")).await.expect(200);
        assert_eq!(back["owner_id"], json!(ali.id.to_string()));
        let timeline = site.get(&ali, &format!("/leads/{lead}/timeline")).await.expect(200);
        let kinds: Vec<&str> = timeline["items"].as_array().unwrap().iter().filter_map(|e| e["kind"].as_str()).collect();
        assert!(kinds.contains(&"lead.restored") && kinds.contains(&"lead.enquired_again"), "{kinds:?}");
        let open = site.get(&ali, "/follow-ups?view=open").await.expect(200);
        assert_eq!(open["items"].as_array().map(Vec::len), Some(1), "its follow-up came back");
    }

    async fn after_thirty_days_it_is_gone(site: Site) {
        let Desk { admin, ali, .. } = desk(&site).await;
        let (old, young) = (add(&site, &ali, 1, json!({"tags": ["VIP"]})).await, add(&site, &ali, 2, json!({})).await);
        site.work().await;
        let tag = many(&site, &admin, json!({"action": "tag", "tags": ["B1"], "lead_ids": [old]})).await;
        assert_eq!(tag["done"], 1);
        site.post(&ali, &format!("/leads/{old}/notes"), json!({"text": "X"})).await.expect(201);
        site.delete(&admin, &format!("/leads/{old}")).await.expect(204);
        site.pass(TimeDelta::days(10)).await;
        site.delete(&admin, &format!("/leads/{young}")).await.expect(204);
        site.pass(TimeDelta::days(21)).await;
        site.work().await;
        let trash = site.get(&admin, "/trash").await.expect(200);
        let left: Vec<&Value> = trash["items"].as_array().unwrap().iter().map(|lead| &lead["id"]).collect();
        assert_eq!(left, [&json!(young)]);
        for table in workflows::leads::BELONGINGS {
            let rows = site.test.database.inspect(&format!("SELECT lead_id FROM {table}")).await;
            let rest: Vec<platform::Id> = rows.iter().filter_map(|row| row.try_get("", "lead_id").ok()).collect();
            assert!(!rest.iter().any(|lead| lead.to_string() == old), "{table}");
        }
        // Its phone is free: whoever comes with it is new.
        add(&site, &ali, 1, json!({})).await;
    }

    async fn every_table_of_a_lead_goes_with_it(site: Site) {
        // Tables that name a lead without belonging to it.
        const ELSEWHERE: [&str; 2] = ["event", "import_row"];
        let sql = match site.test.database.engine {
            Engine::Postgres => "SELECT table_name::text AS name FROM information_schema.columns \
                                 WHERE table_schema = current_schema() AND column_name = 'lead_id'",
            Engine::Sqlite => "SELECT m.name FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c \
                               WHERE m.type = 'table' AND c.name = 'lead_id'",
        };
        for row in site.test.database.inspect(sql).await {
            let table: String = row.try_get("", "name").expect("a name");
            let known = workflows::leads::BELONGINGS.contains(&table.as_str()) || ELSEWHERE.contains(&table.as_str());
            assert!(known, "`{table}` has a lead_id: does it go with a purged lead (leads/trash.rs), or stay?");
        }
    }

    // Whatever came before, doing and undoing any change of many leaves everything as it was.
    async fn doing_and_undoing_is_doing_nothing(site: Site) {
        let Desk { admin, ali, vali, .. } = desk(&site).await;
        let reason = site.get(&admin, "/lost-reasons").await.expect(200)["items"][0]["key"].clone();
        let mut leads: Vec<String> = Vec::new();
        let mut days = Days(2026);
        for round in 0..12u32 {
            for _ in 0..=days.below(12) {
                let deed = days.deed();
                act(&site, &admin, &ali, &reason, &mut leads, deed).await;
            }
            if leads.is_empty() {
                continue;
            }
            site.work().await;
            for change in [
                json!({"action": "assign", "owner_id": vali.id.to_string()}),
                json!({"action": "status", "status": STATUSES[round as usize % 4], "lost_reason": reason}),
                json!({"action": "tag", "tags": ["VIP", "Yangi"]}),
                json!({"action": "untag", "tags": ["vip", "B1"]}),
                json!({"action": "trash"}),
            ] {
                let before = state(&site).await;
                let mut ask = change.clone();
                if round % 2 == 0 {
                    ask["filter"] = json!({});
                } else {
                    ask["lead_ids"] = json!(leads);
                }
                let bulk = many(&site, &admin, ask).await;
                if round % 3 != 0 {
                    site.work().await;
                }
                let undone = undo_when_done(&site, &admin, &bulk).await;
                assert_eq!(undone["kept"], 0, "{change}: {undone}");
                let after = state(&site).await;
                for (key, row) in &before {
                    assert_eq!(Some(row), after.get(key), "{change} in round {round}");
                }
                assert_eq!(before.len(), after.len(), "{change} in round {round}");
            }
        }
    }
}

/// Statements about leads that see the trash on purpose, or only ever come to leads found before.
const PAST_THE_TRASH: [&str; 12] = [
    "leads/merge.rs",
    "leads/take_in.rs",
    "leads/withdraw.rs",
    "imports/undo.rs",
    "leads/bulk/run.rs",
    "leads/bulk/show.rs",
    "leads/trash.rs",
    "leads/capture.rs",
    "leads/repeat.rs",
    "scripts/facts.rs",
    "reactivation/daily.rs",
    "imports/chunk.rs",
];

#[test]
fn no_statement_forgets_the_trash() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../workflows/src");
    let mut waiting = vec![root];
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(&folder).expect("the folder is there") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                waiting.push(path);
                continue;
            }
            let source = std::fs::read_to_string(&path).expect("a source");
            let place = path.display().to_string();
            for start in ["FROM lead ", "JOIN lead "] {
                for (at, _) in source.match_indices(start) {
                    let rest: String = source[at..].chars().take(600).collect();
                    let known = PAST_THE_TRASH.iter().any(|file| place.ends_with(file));
                    assert!(
                        known || rest.contains("deleted_at") || rest.contains("{condition"),
                        "{place} may show a deleted lead: {rest:.200}"
                    );
                }
            }
        }
    }
}

/// What a day may do to a lead before a change of many comes over it.
#[derive(Debug, Clone)]
enum Deed {
    Add { own: bool },
    Move { lead: usize, to: usize },
    Tag { lead: usize, tag: usize },
    Plan { lead: usize },
}

const STATUSES: [&str; 4] = ["contacted", "interested", "lost", "offer_sent"];
const TAGS: [&str; 3] = ["VIP", "B1", "Kuz"];

/// The same days on every run.
struct Days(u64);

impl Days {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }

    fn deed(&mut self) -> Deed {
        match self.below(4) {
            0 => Deed::Add {
                own: self.below(2) == 0,
            },
            1 => Deed::Move {
                lead: self.below(8),
                to: self.below(4),
            },
            2 => Deed::Tag {
                lead: self.below(8),
                tag: self.below(3),
            },
            _ => Deed::Plan { lead: self.below(8) },
        }
    }
}

async fn undo_when_done(site: &Site, who: &Who, bulk: &Value) -> Value {
    if site.get(who, &format!("/bulk-changes/{}", id(bulk))).await.expect(200)["state"] != "done" {
        site.work().await;
    }
    undo(site, who, bulk).await
}

async fn act(site: &Site, admin: &Who, ali: &Who, reason: &Value, leads: &mut Vec<String>, deed: Deed) {
    let count = leads.len();
    match deed {
        Deed::Add { own } => {
            let owner = if own {
                json!({"owner_id": ali.id.to_string()})
            } else {
                json!({})
            };
            leads.push(add(site, admin, count as u32, owner).await);
        }
        Deed::Move { lead, to } if lead < count => {
            let body = json!({"status": STATUSES[to], "lost_reason": reason});
            site.put(admin, &format!("/leads/{}/status", leads[lead]), body).await;
        }
        Deed::Tag { lead, tag } if lead < count => {
            let request = site
                .call(admin, Method::PATCH, &format!("/leads/{}", leads[lead]))
                .header("If-Match", "*");
            Reply::of(request.json(&json!({"tags": [TAGS[tag]]}))).await.expect(200);
        }
        Deed::Plan { lead } if lead < count => {
            let due = site.app().clock.now() + TimeDelta::hours(5);
            let path = format!("/leads/{}/follow-ups", leads[lead]);
            site.post(admin, &path, json!({"due_at": due, "text": "Qoʻngʻiroq"}))
                .await;
        }
        _ => {}
    }
}
