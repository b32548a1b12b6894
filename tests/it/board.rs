//! The board: columns and their counts, a move taken back, and what open pages hear of it.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use platform::auth::session;
use platform::{Error, Id};
use reqwest::Method;
use serde_json::{Value, json};
use support::both_engines;
use support::database::Engine;
use support::site::{Reply, Site, Who};
use workflows::leads::{self, Move};

async fn centre(site: &Site) -> (Who, Who, Who) {
    let tenant = site.test.tenant("demo").await;
    (
        site.user(&tenant, "manager", "manager").await,
        site.user(&tenant, "ali", "sales").await,
        site.user(&tenant, "bob", "sales").await,
    )
}

async fn lead(site: &Site, who: &Who, number: u32) -> String {
    let new = json!({"name": format!("Lid {number}"), "phone": format!("+99890{number:07}")});
    let made = site.post(who, "/leads", new).await.expect(201);
    made["id"].as_str().expect("an id").to_owned()
}

async fn go(site: &Site, who: &Who, lead: &str, to: &str) -> Value {
    let body = json!({"status": to, "lost_reason": "other"});
    site.put(who, &format!("/leads/{lead}/status"), body).await.expect(200)
}

/// The event of the last move, as a lead's timeline has it.
async fn last_move(site: &Site, who: &Who, lead: &str) -> String {
    let timeline = site.get(who, &format!("/leads/{lead}/timeline")).await.expect(200);
    let events = timeline["items"].as_array().expect("events");
    let moved = events.iter().find(|event| event["kind"] == "lead.status_changed");
    moved.expect("a move")["id"].as_str().expect("an id").to_owned()
}

fn column<'a>(board: &'a Value, status: &str) -> &'a Value {
    let columns = board["columns"].as_array().expect("columns");
    let found = columns.iter().find(|column| column["status"] == status);
    found.unwrap_or_else(|| panic!("no {status} in {board}"))
}

fn ids(column: &Value) -> Vec<String> {
    let items = column["items"].as_array().expect("leads");
    items
        .iter()
        .map(|lead| lead["id"].as_str().expect("an id").to_owned())
        .collect()
}

both_engines! {
    async fn a_board_shows_each_status_with_its_count(site: Site) {
        let (manager, ali, bob) = centre(&site).await;
        let (mut own, mut all) = (Vec::new(), Vec::new());
        for number in 0..7 {
            let id = lead(&site, if number % 2 == 0 { &ali } else { &bob }, number).await;
            if number % 2 == 0 { own.push(id.clone()); }
            all.push(id);
        }
        site.pass(TimeDelta::seconds(1)).await;
        go(&site, &ali, &own[0], "contacted").await;
        site.pass(TimeDelta::seconds(1)).await;
        go(&site, &bob, &all[1], "contacted").await;

        let board = site.get(&manager, "/leads/board?limit=3").await.expect(200);
        assert_eq!(board["columns"].as_array().map(Vec::len), Some(10), "every status has a column");
        assert_eq!((&column(&board, "new")["count"], ids(column(&board, "new")).len()), (&json!(5), 3));
        assert_eq!(ids(column(&board, "contacted")), [all[1].clone(), own[0].clone()], "who came last is first");
        assert_eq!(column(&board, "lost")["count"], 0);

        // A column's further cards come by its cursor, each once.
        let mut seen = ids(column(&board, "new"));
        let next = column(&board, "new")["next"].as_str().expect("there are more").to_owned();
        let page = site.get(&manager, &format!("/leads/board?status=new&limit=3&cursor={next}")).await.expect(200);
        assert_eq!(page["columns"].as_array().map(Vec::len), Some(1));
        seen.extend(ids(column(&page, "new")));
        seen.sort();
        seen.dedup();
        assert_eq!((seen.len(), &column(&page, "new")["next"]), (5, &Value::Null));

        // A rep's board is the rep's, counts included; filters are the list's.
        let mine = site.get(&ali, "/leads/board").await.expect(200);
        assert_eq!((&column(&mine, "new")["count"], &column(&mine, "contacted")["count"]), (&json!(3), &json!(1)));
        let found = site.get(&manager, "/leads/board?q=0006").await.expect(200);
        assert_eq!(ids(column(&found, "new")), [all[6].clone()]);
        let owned = site.get(&manager, &format!("/leads/board?owner_id={}", bob.id)).await.expect(200);
        assert_eq!((&column(&owned, "new")["count"], &column(&owned, "contacted")["count"]), (&json!(2), &json!(1)));
        site.get(&manager, "/leads/board?status=new&cursor=rubbish").await.refused(422, "invalid");
    }

    async fn a_move_is_taken_back_with_all_it_did(site: Site) {
        let (manager, ali, _) = centre(&site).await;
        let id = lead(&site, &ali, 1).await;
        site.work().await;
        let path = format!("/leads/{id}/follow-ups");
        let plain = |follow_ups: Value| {
            let mut items = follow_ups["items"].as_array().cloned().unwrap_or_default();
            items.retain(|item| item["state"] == "open");
            for item in &mut items { item["version"] = json!(0); }
            items
        };
        let mut before = site.get(&ali, &format!("/leads/{id}")).await.expect(200);
        let planned = plain(site.get(&ali, &path).await.expect(200));
        assert_eq!(planned.len(), 1, "the rule planned the first call");
        site.pass(TimeDelta::seconds(5)).await;
        go(&site, &ali, &id, "lost").await;
        let moved = last_move(&site, &ali, &id).await;
        site.work().await;
        site.pass(TimeDelta::seconds(5)).await;

        // Only who moved it, and only this lead.
        let undo = format!("/leads/{id}/moves/{moved}");
        site.delete(&manager, &undo).await.refused(403, "not_allowed");
        site.delete(&ali, &format!("/leads/{id}/moves/{}", Id::now_v7())).await.refused(404, "not_found");
        let mut back = site.delete(&ali, &undo).await.expect(200);
        for lead in [&mut before, &mut back] {
            lead["version"] = json!(0);
            lead["updated_at"] = json!(0);
        }
        assert_eq!(back, before, "the lead stands as it stood");
        assert_eq!(plain(site.get(&ali, &path).await.expect(200)), planned, "its follow-ups too");
        site.work().await;
        assert_eq!(plain(site.get(&ali, &path).await.expect(200)), planned, "and nothing else was planned");
        site.delete(&ali, &undo).await.refused(409, "moved_on_since");
        let timeline = site.get(&ali, &format!("/leads/{id}/timeline")).await.expect(200);
        let kinds: Vec<&str> = timeline["items"].as_array().into_iter().flatten().filter_map(|e| e["kind"].as_str()).collect();
        assert!(kinds.contains(&"lead.move_undone") && kinds.contains(&"lead.status_changed"), "both are remembered: {kinds:?}");

        // A rep may take back what only a manager may move back; but not for ever, and not what moved on since.
        go(&site, &ali, &id, "contacted").await;
        let moved = last_move(&site, &ali, &id).await;
        site.pass(TimeDelta::minutes(11)).await;
        site.delete(&ali, &format!("/leads/{id}/moves/{moved}")).await.refused(422, "too_late_to_undo");
        go(&site, &ali, &id, "interested").await;
        let moved = last_move(&site, &ali, &id).await;
        site.pass(TimeDelta::seconds(1)).await;
        go(&site, &manager, &id, "contacted").await;
        site.delete(&ali, &format!("/leads/{id}/moves/{moved}")).await.refused(409, "moved_on_since");
    }

    async fn a_lead_moved_before_its_rule_planned_is_planned_for_when_it_comes_back(site: Site) {
        let (_, ali, _) = centre(&site).await;
        let id = lead(&site, &ali, 1).await;
        site.pass(TimeDelta::seconds(1)).await;
        go(&site, &ali, &id, "contacted").await;
        let moved = last_move(&site, &ali, &id).await;
        site.pass(TimeDelta::seconds(1)).await;
        site.delete(&ali, &format!("/leads/{id}/moves/{moved}")).await.expect(200);
        site.work().await;
        let follow_ups = site.get(&ali, &format!("/leads/{id}/follow-ups")).await.expect(200);
        let open = follow_ups["items"].as_array().into_iter().flatten().filter(|item| item["state"] == "open").count();
        assert_eq!(open, 1, "nobody is forgotten: {follow_ups}");
    }

    async fn of_two_who_move_a_lead_one_is_told(site: Site) {
        let (manager, ali, _) = centre(&site).await;
        let id = lead(&site, &ali, 1).await;
        let lead: Id = id.parse().expect("an id");
        let (one, two) = (
            site.test.acting(&ali.tenant, ali.id, "sales").await,
            site.test.acting(&manager.tenant, manager.id, "manager").await,
        );
        let put = |to: &str| Move { to: to.into(), from: Some("new".into()), ..Move::default() };
        let app = site.app();
        let both = tokio::join!(
            leads::move_lead(app, &one, lead, put("contacted")),
            leads::move_lead(app, &two, lead, put("interested"))
        );
        let (won, lost) = match both {
            (Ok((lead, _)), Err(error)) | (Err(error), Ok((lead, _))) => (lead, error),
            other => panic!("one of both: {other:?}"),
        };
        assert!(matches!(lost, Error::Precondition { .. }), "{lost:?}");
        let now = site.get(&ali, &format!("/leads/{id}")).await.expect(200);
        assert_eq!(now["status"], won.status, "what was made stands");
        // An edit of something else is no conflict.
        let edit = site.call(&manager, Method::PATCH, &format!("/leads/{id}")).header("If-Match", "*");
        Reply::of(edit.json(&json!({"notes": "Kechqurun"}))).await.expect(200);
        let put = Move { to: "offer_sent".into(), from: Some(won.status), ..Move::default() };
        leads::move_lead(app, &one, lead, put).await.expect("the status is as it was seen");
    }

    async fn an_open_page_hears_of_what_its_reader_may_see(site: Site) {
        let (manager, ali, bob) = centre(&site).await;
        let elsewhere = site.test.tenant("beta").await;
        let stranger = site.user(&elsewhere, "stranger", "admin").await;
        let mut pages = Vec::new();
        for who in [&manager, &ali, &bob, &stranger] {
            pages.push(Page::open(&site, who, None).await);
        }
        let alis = lead(&site, &ali, 1).await;
        let bobs = lead(&site, &bob, 2).await;
        let theirs = lead(&site, &stranger, 3).await;
        for (page, expected) in pages.iter_mut().zip([vec![&alis, &bobs], vec![&alis], vec![&bobs], vec![&theirs]]) {
            for lead in expected {
                assert_eq!(&page.next_lead().await, lead, "in order, and nothing else");
            }
        }
        // Whose lead it was hears that it went.
        site.put(&manager, &format!("/leads/{alis}/owner"), json!({"owner_id": bob.id})).await.expect(200);
        assert_eq!(pages[1].next_lead().await, alis);
        assert_eq!(pages[2].next_lead().await, alis);
        // A page that was away hears what it missed; one that is here for the first time, nothing.
        let since = (site.app().clock.real() - TimeDelta::seconds(60)).timestamp_millis();
        let mut back = Page::open(&site, &bob, Some(since)).await;
        assert_eq!(back.next_lead().await, bobs);
    }

    async fn a_hundred_thousand_leads_are_read_by_their_index(site: Site) {
        let (manager, ali, _) = centre(&site).await;
        lead(&site, &ali, 1).await;
        let many = if site.test.database.engine == Engine::Postgres { 100_000 } else { 20_000 };
        fill(&site, many).await;
        let started = Instant::now();
        let scans = "SELECT seq_scan FROM pg_stat_user_tables WHERE relname = 'lead'";
        let used = "SELECT idx_scan FROM pg_stat_user_tables WHERE relname = 'lead'";
        let on_postgres = site.test.database.engine == Engine::Postgres;
        let before = if on_postgres { (site.test.database.count(scans).await, site.test.database.count(used).await) } else { (0, 0) };
        for path in ["/leads/board", "/leads/board?source=manual", "/leads/board?status=contacted"] {
            let board = site.get(&manager, path).await.expect(200);
            assert_eq!(ids(column(&board, "contacted")).len(), 20, "{path}");
        }
        site.get(&ali, "/leads/board").await.expect(200);
        let cookie = cookie(&site, &manager).await;
        let page = Reply::of(site.request(Method::GET, "demo", "/leads/board").header("Cookie", &cookie)).await;
        assert_eq!(page.status, 200);
        assert!(page.text.len() < 100_000, "{} bytes", page.text.len());
        assert!(page.text.matches("class=\"tile\"").count() >= 100);
        if on_postgres {
            // The engine counts when it comes to rest.
            while site.test.database.count(used).await <= before.1 {
                assert!(started.elapsed() < Duration::from_secs(60), "the engine counts");
                tokio::time::sleep(Duration::from_millis(500)).await;
            }
            assert_eq!(site.test.database.count(scans).await, before.0, "a whole table was read");
        }
    }
}

/// Leads like the first one, spread over the statuses, as years of work leave them.
async fn fill(site: &Site, many: u32) {
    let columns = "tenant_id, id, name, name_key, phone, secondary_phone, course_id, source, status, status_since, \
                   owner_id, assigned_at, waiting_since, notes, tags, custom, import_id, created_by, version, \
                   created_at, updated_at";
    let copied = "l.tenant_id, {id}, l.name, l.name_key, NULL, NULL, NULL, l.source, s.key, l.status_since, l.owner_id, \
                  l.assigned_at, NULL, l.notes, l.tags, l.custom, NULL, l.created_by, 1, l.created_at, l.updated_at";
    let statuses = "(SELECT tenant_id, key, ROW_NUMBER() OVER (ORDER BY position) - 1 AS at FROM status)";
    let sql = if site.test.database.engine == Engine::Postgres {
        let copied = copied.replace("{id}", "gen_random_uuid()");
        format!(
            "INSERT INTO lead ({columns}) SELECT {copied} FROM lead AS l CROSS JOIN generate_series(1, {many}) AS n \
             JOIN {statuses} AS s ON s.tenant_id = l.tenant_id AND s.at = n % 10"
        )
    } else {
        let copied = copied.replace("{id}", "randomblob(16)");
        format!(
            "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {many}) \
             INSERT INTO lead ({columns}) SELECT {copied} FROM lead AS l CROSS JOIN n \
             JOIN {statuses} AS s ON s.tenant_id = l.tenant_id AND s.at = n.n % 10"
        )
    };
    site.test.database.inspect(&sql).await;
    let settle = if site.test.database.engine == Engine::Postgres {
        "VACUUM ANALYZE lead"
    } else {
        "ANALYZE"
    };
    site.test.database.inspect(settle).await;
}

async fn cookie(site: &Site, who: &Who) -> String {
    let opened = session::open(site.app(), &who.tenant, who.id, None, None)
        .await
        .expect("a session");
    format!("{}={}", platform::http::SESSION_COOKIE, opened.token)
}

/// An open page's line.
struct Page {
    answer: reqwest::Response,
    read: String,
}

impl Page {
    async fn open(site: &Site, who: &Who, since: Option<i64>) -> Self {
        let path = since.map_or_else(|| "/events".to_owned(), |since| format!("/events?since={since}"));
        let cookie = cookie(site, who).await;
        let asked = site
            .request(Method::GET, &who.tenant.slug, &path)
            .header("Cookie", cookie);
        let answer = asked.send().await.expect("an answer");
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["content-type"], "text/event-stream");
        let mut page = Page {
            answer,
            read: String::new(),
        };
        if since.is_none() {
            page.until("event: beat").await;
        }
        page
    }

    /// The first lead of the next change.
    async fn next_lead(&mut self) -> String {
        self.until("event: leads").await;
        let data = self.until("\n\n").await;
        let data = data.lines().find_map(|line| line.strip_prefix("data: ")).expect("data");
        let told: Value = serde_json::from_str(data).expect("JSON");
        told["leads"][0].as_str().expect("a lead").to_owned()
    }

    /// Reads up to and with a text, and answers what came before it.
    async fn until(&mut self, text: &str) -> String {
        loop {
            if let Some(at) = self.read.find(text) {
                let rest = self.read.split_off(at + text.len());
                return std::mem::replace(&mut self.read, rest);
            }
            let next = tokio::time::timeout(Duration::from_secs(15), self.answer.chunk()).await;
            let chunk = next.unwrap_or_else(|_| panic!("no {text:?} after {:?}", self.read));
            let chunk = chunk.expect("the line holds").expect("the line goes on");
            self.read.push_str(&String::from_utf8_lossy(&chunk));
        }
    }
}
