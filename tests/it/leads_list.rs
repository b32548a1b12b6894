//! The leads list: every filter and order over REST, its pages, and how the engines run it over many leads.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use platform::db::insert;
use platform::ids::new_id;
use platform::{Actor, Id, Tx};
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};
use support::both_engines;
use support::database::Engine;
use support::site::{Site, Who};
use workflows::leads::{Filter, Sort, page_sql};

/// Enough for an engine to prefer an index where there is one.
const MANY: usize = 30_000;
const NAMES: [&str; 6] = ["aziza", "bobur", "dilnoza", "jasur", "kamola", "sherzod"];
const SOURCES: [&str; 4] = ["instagram", "telegram", "youtube", "referral"];

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

    async fn no_list_of_many_leads_reads_them_all(site: Site) {
        let tenant = site.test.tenant("demo").await;
        let manager = site.test.user(&tenant, "manager", "manager").await;
        let reps = [site.test.user(&tenant, "ali", "sales").await, site.test.user(&tenant, "vali", "sales").await];
        many(&site, &manager, &reps).await;
        let some = |text: &str| Some(text.to_owned());
        let now = site.app().clock.now();
        let filters = [
            ("all", Filter::default()),
            ("search", Filter { search: "dilnoza 17".into(), ..Filter::default() }),
            ("search of half a word", Filter { search: "az".into(), ..Filter::default() }),
            ("phone", Filter { search: "90 001 23 45".into(), ..Filter::default() }),
            ("source", Filter { source: some("youtube"), ..Filter::default() }),
            ("status", Filter { status: some("contacted"), ..Filter::default() }),
            ("rare status", Filter { status: some("enrolled"), ..Filter::default() }),
            ("owner", Filter { owner: reps[0].user, ..Filter::default() }),
            ("tag", Filter { tag: some("vip"), ..Filter::default() }),
            ("unknown tag", Filter { tag: some("nothing"), ..Filter::default() }),
            ("days", Filter { from: Some(now - TimeDelta::days(2)), to: Some(now - TimeDelta::days(1)), ..Filter::default() }),
            ("waiting", Filter { waiting: true, ..Filter::default() }),
            ("all of it", Filter { source: some("youtube"), status: some("new"), owner: reps[1].user, tag: some("vip"),
                search: "jasur".into(), ..Filter::default() }),
        ];
        for (name, filter) in filters {
            for sort in Sort::ALL {
                let filter = Filter { sort, ..filter.clone() };
                for actor in [&manager, &reps[0]] {
                    let plan = plan(&site, actor, &filter).await;
                    assert!(!plan.iter().any(|line| whole(line)), "{name} by {}: {plan:#?}", sort.name());
                }
            }
        }
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
        assert_eq!(page.matches("class=\"c-name\"").count(), 50);
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

async fn many(site: &Site, manager: &Actor, reps: &[Actor]) {
    let owners: Vec<Option<Id>> = vec![reps[0].user, reps[1].user, None];
    let write = async move |tx: Tx| {
        let tenant = tx.tenant();
        for chunk in 0..MANY / 1000 {
            let (mut leads, mut tokens) = (Vec::new(), Vec::new());
            for at in chunk * 1000..(chunk + 1) * 1000 {
                let (id, number) = (new_id(), format!("{at}"));
                let name = NAMES[at % NAMES.len()];
                let created = tx.now() - TimeDelta::minutes((MANY - at) as i64);
                let owner = owners[at % 100 % 3];
                let phone = format!("99890{at:07}");
                for token in [name.to_owned(), number, phone.clone(), phone[8..].to_owned()] {
                    tokens.push(vec![tenant.0.into(), token.into(), id.into()]);
                }
                if at % 50 == 0 {
                    tokens.push(vec![tenant.0.into(), "#vip".into(), id.into()]);
                }
                let status = if at % 1000 == 0 {
                    "enrolled"
                } else if at % 3 == 0 {
                    "contacted"
                } else {
                    "new"
                };
                leads.push(vec![
                    tenant.0.into(),
                    id.into(),
                    format!("{name} {at}").into(),
                    format!("{name} {at}").into(),
                    format!("+{phone}").into(),
                    SOURCES[at % 4].into(),
                    status.into(),
                    created.into(),
                    owner.into(),
                    (owner.is_none() && at % 20 == 0).then_some(created).into(),
                    "".into(),
                    json!([]).into(),
                    json!({}).into(),
                    1i64.into(),
                    created.into(),
                    created.into(),
                ]);
            }
            let columns = "tenant_id, id, name, name_key, phone, source, status, status_since, owner_id, waiting_since, \
                           notes, tags, custom, version, created_at, updated_at";
            insert(&tx, "lead", columns, leads, "").await?;
            insert(
                &tx,
                "lead_token",
                "tenant_id, token, lead_id",
                tokens,
                "ON CONFLICT DO NOTHING",
            )
            .await?;
        }
        Ok(())
    };
    site.app()
        .db
        .write(manager.tenant_id(), write)
        .await
        .expect("the leads are stored");
    site.test.database.inspect("ANALYZE").await;
}

async fn plan(site: &Site, actor: &Actor, filter: &Filter) -> Vec<String> {
    let postgres = site.test.database.engine == Engine::Postgres;
    let (sql, values) = page_sql(actor, filter, 50, postgres).expect("a statement");
    let (word, column) = match site.test.database.engine {
        Engine::Postgres => ("EXPLAIN", 0),
        Engine::Sqlite => ("EXPLAIN QUERY PLAN", 3),
    };
    let read = async move |tx: Tx| {
        let statement = Statement::from_sql_and_values(tx.get_database_backend(), format!("{word} {sql}"), values);
        let rows = tx.query_all_raw(statement).await?;
        let lines = rows.iter().map(|row| row.try_get_by_index(column));
        Ok(lines.collect::<Result<Vec<String>, _>>()?)
    };
    site.app().db.read(actor.tenant_id(), read).await.expect("a plan")
}

/// Whether a line of a plan reads a whole table.
fn whole(line: &str) -> bool {
    let line = line.trim();
    line.contains("Seq Scan on lead") || ["SCAN l", "SCAN t"].contains(&line)
}
