//! The desk over many rows: every page of the portal asks the database as often as over three rows, reads no table from
//! end to end, and stays small.

use std::collections::{BTreeMap, BTreeSet};

use platform::db::heard::{Ear, listen};
use platform::tenancy::TenantRef;
use platform::{Actor, Tx};
use reqwest::Method;
use sea_orm::{ConnectionTrait, Statement};
use support::both_engines;
use support::crowd::Crowd;
use support::database::Engine;
use support::site::{Reply, Site};

const CONTENTS: &str = include_str!("../../web/src/portal.rs");

/// Enough for an engine to prefer an index where there is one.
const MANY: usize = 30_000;
/// More rows than a page reads on the way to what it shows.
const A_TABLE: i64 = 2_000;
/// Rows of many thousands a page may look at and leave.
const IN_VAIN: usize = MANY / 3;
const PAGE: usize = 100_000;
/// A day's work on paper, five hundred rows of it: printed once a day.
const PAPER: usize = 300_000;

both_engines! {
    async fn a_page_asks_as_often_over_seventy_rows_as_over_three(site: Site) {
        let (few, many) = (Centre::of(&site, "kam", 3, 3).await, Centre::of(&site, "kop", 70, 70).await);
        let mut grown = Vec::new();
        for role in ROLES {
            for path in few.open_to(&site, role, pages()).await {
                let three = few.page(&site, role, &path).await.asked;
                let seventy = many.page(&site, role, &path).await.asked;
                assert!(!three.is_empty(), "statements are heard");
                if three.len() != seventy.len() {
                    grown.push(format!("{role} {path}: {} over 3 rows, {} over 70:\n{}", three.len(), seventy.len(), repeated(&seventy)));
                }
            }
        }
        assert!(grown.is_empty(), "{}", grown.join("\n"));
    }

    async fn no_page_of_many_leads_reads_them_all_or_grows(site: Site) {
        let many = Centre::of(&site, "kop", MANY, 60).await;
        let big = big(&site).await;
        let (mut bad, mut seen) = (BTreeSet::new(), BTreeSet::new());
        for role in ROLES {
            for path in pages() {
                let page = many.page(&site, role, &path).await;
                let most = if path.starts_with("/today/print") { PAPER } else { PAGE };
                if page.text.len() > most {
                    bad.insert(format!("{role} {path}: {} bytes", page.text.len()));
                }
                for statement in page.asked {
                    if !seen.insert(statement.sql.clone()) {
                        continue;
                    }
                    let plan = many.plan(&site, &statement).await;
                    if let Some(line) = too_much(&plan, &statement.sql, &big) {
                        bad.insert(format!("{role} {path}: {line}\n  {}\n{}", statement.sql, plan.join("\n")));
                    }
                }
            }
        }
        assert!(seen.len() > 50, "{} statements were heard", seen.len());
        assert!(bad.is_empty(), "{}", Vec::from_iter(bad).join("\n\n"));
    }
}

const ROLES: [&str; 2] = ["manager", "sales"];

struct Page {
    status: u16,
    text: String,
    /// The statements behind it.
    asked: Vec<Statement>,
}

/// A centre with rows, and somebody of each role who is signed in.
struct Centre {
    tenant: TenantRef,
    people: BTreeMap<&'static str, (Actor, String)>,
    ear: Ear,
}

impl Centre {
    async fn of(site: &Site, slug: &str, leads: usize, others: usize) -> Self {
        let tenant = site.test.tenant(slug).await;
        let crowd = Crowd { leads, others };
        crowd
            .fill(&site.test.database, tenant.id.0, site.app().clock.now())
            .await;
        let mut people = BTreeMap::new();
        let manager = site.test.user(&tenant, "manager", "admin").await;
        let rep = site.test.acting(&tenant, Crowd::id("user", 0), "sales").await;
        for (role, actor) in [("manager", manager), ("sales", rep)] {
            let person = actor.user.expect("a person");
            let opened = platform::auth::session::open(site.app(), &tenant, person, None, None).await;
            let cookie = format!(
                "{}={}",
                platform::http::SESSION_COOKIE,
                opened.expect("a session").token
            );
            people.insert(role, (actor, cookie));
        }
        let ear = listen(tenant.id);
        let centre = Self { tenant, people, ear };
        // Every door has met everybody: what it remembers of the centre it remembers for every page.
        for role in ROLES {
            for _ in 0..2 {
                centre.page(site, role, "/more").await;
            }
        }
        centre
    }

    /// The addresses a role may open. What a refused page had already asked for may still be answered after it: no
    /// page is listened to before the last of these.
    async fn open_to(&self, site: &Site, role: &str, paths: Vec<String>) -> Vec<String> {
        let mut open = Vec::new();
        for path in paths {
            let page = self.page(site, role, &path).await;
            // Some are of one thing their address must name: nobody has those bare.
            let shut = [403, 404].contains(&page.status);
            assert!(
                shut || [200, 303].contains(&page.status),
                "{role} {path}: {} {:.300}",
                page.status,
                page.text
            );
            if page.status == 200 {
                open.push(path);
            }
        }
        self.page(site, role, "/more").await;
        let desk = ["/leads", "/leads/board", "/today"];
        assert!(
            desk.iter().all(|list| open.iter().any(|path| path == list)),
            "{role} has no desk"
        );
        open
    }

    async fn page(&self, site: &Site, role: &str, path: &str) -> Page {
        site.forget();
        self.ear.heard();
        let request = site.request(Method::GET, &self.tenant.slug, path);
        let reply = Reply::of(request.header("Cookie", &self.people[role].1)).await;
        let asked = self.ear.heard();
        Page {
            status: reply.status,
            text: reply.text,
            asked,
        }
    }

    /// How the engine runs a statement; PostgreSQL runs a reading one, to say how much it read in vain.
    async fn plan(&self, site: &Site, statement: &Statement) -> Vec<String> {
        let reads = statement.sql.starts_with("SELECT");
        let (word, column) = match site.test.database.engine {
            Engine::Postgres if reads => ("EXPLAIN (ANALYZE, TIMING OFF)", 0),
            Engine::Postgres => ("EXPLAIN", 0),
            Engine::Sqlite => ("EXPLAIN QUERY PLAN", 3),
        };
        let Statement { sql, values, .. } = statement.clone();
        let ask = async move |tx: Tx| {
            let values = values.map(|values| values.0).unwrap_or_default();
            let asked = Statement::from_sql_and_values(tx.get_database_backend(), format!("{word} {sql}"), values);
            let rows = tx.query_all_raw(asked).await?;
            let lines = rows.iter().map(|row| row.try_get_by_index(column));
            Ok(lines.collect::<Result<Vec<String>, _>>()?)
        };
        site.app().db.write(self.tenant.id, ask).await.expect("a plan")
    }
}

/// Every page of the table of contents that needs no more than an id of the crowd's, the lists with every filter and
/// order.
fn pages() -> Vec<String> {
    let mut found = Vec::new();
    for part in CONTENTS.split(".at(").skip(1) {
        let path = part.split('"').nth(1).expect("an address");
        let handler = part.split("\n        .").next().unwrap_or_default();
        if !handler.contains("get(") || ELSEWHERE.contains(&path) {
            continue;
        }
        let kind = ["leads", "users", "courses", "imports", "leave"]
            .into_iter()
            .find(|kind| path.starts_with(&format!("/{kind}/:id")));
        let Some(path) = (match kind {
            Some(kind) => {
                let kind = if kind == "leave" {
                    kind
                } else {
                    kind.trim_end_matches('s')
                };
                Some(path.replace(":id", &Crowd::id(kind, 0).to_string()))
            }
            None => (!path.contains(':')).then(|| path.to_owned()),
        }) else {
            continue;
        };
        if !path.contains(':') {
            found.push(path);
        }
    }
    let (rep, course) = (Crowd::id("user", 1), Crowd::id("course", 1));
    let filters = [
        "q=aziza+ka".to_owned(),
        "q=99890000".to_owned(),
        "q=00+00".to_owned(),
        "source=instagram".to_owned(),
        "status=contacted".to_owned(),
        "status=enrolled".to_owned(),
        "status=contacted&source=instagram".to_owned(),
        format!("owner={rep}"),
        format!("course={course}"),
        "tag=VIP".to_owned(),
        "tag=grant".to_owned(),
        "tag=nothing".to_owned(),
        "from=2020-01-01&to=2030-01-01".to_owned(),
        "waiting=1".to_owned(),
        format!(
            "status=contacted&source=instagram&owner={}&course={}&tag=vip&q=az&from=2020-01-01",
            Crowd::id("user", 0),
            Crowd::id("course", 0)
        ),
    ];
    for filter in &filters {
        found.push(format!("/leads/board?{filter}"));
        found.push(format!("/leads/matching?{filter}"));
        for sort in ["newest", "oldest", "name", "changed"] {
            found.push(format!("/leads?{filter}&sort={sort}"));
        }
    }
    for sort in ["oldest", "name", "changed"] {
        found.push(format!("/leads?sort={sort}"));
    }
    found.push("/search?q=aziza".to_owned());
    found.push("/leads/duplicate?phone=900000001".to_owned());
    found.push("/leads/board/column?status=contacted".to_owned());
    found.push(format!("/leads/board/cards?ids={}", Crowd::id("lead", 1)));
    for mode in ["queue", "list"] {
        for view in ["", "overdue"] {
            found.push(format!("/today?mode={mode}&view={view}"));
            found.push(format!("/today?mode={mode}&view={view}&owner={}", Crowd::id("user", 0)));
        }
    }
    for age in ["under_1h", "1h_to_6h", "6h_to_24h", "over_24h"] {
        found.push(format!("/today?mode=list&view=overdue&age={age}"));
    }
    found.push(format!("/distribution?rep={rep}"));
    found.push(format!("/audit?actor={rep}"));
    found.push("/audit?object=user".to_owned());
    found.push("/users?inactive=1".to_owned());
    found
}

/// Streams, the simulator's and what has no page to itself.
const ELSEWHERE: [&str; 9] = [
    "/login",
    "/leads/board/column",
    "/events",
    "/simulator",
    "/exports/:id/file",
    "/imports/:id/:table",
    "/imports/:id/progress",
    "/leads/:id/merge",
    "/packs/:name",
];

/// The statements a page asks more than once.
fn repeated(asked: &[Statement]) -> String {
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    for statement in asked {
        *times.entry(&statement.sql).or_default() += 1;
    }
    let more = times.into_iter().filter(|(_, times)| *times > 1);
    more.map(|(sql, times)| format!("  {times} × {sql}\n")).collect()
}

/// Tables too big to be read for one page.
async fn big(site: &Site) -> BTreeSet<String> {
    let database = &site.test.database;
    let sql = match database.engine {
        Engine::Postgres => {
            "SELECT table_name::text AS name FROM information_schema.columns \
                             WHERE table_schema = current_schema() AND column_name = 'tenant_id'"
        }
        Engine::Sqlite => {
            "SELECT m.name FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c \
                           WHERE m.type = 'table' AND c.name = 'tenant_id'"
        }
    };
    let mut big = BTreeSet::new();
    for row in database.inspect(sql).await {
        let table: String = row.try_get("", "name").expect("a name");
        if database.count(&format!("SELECT COUNT(*) FROM {table}")).await > A_TABLE {
            big.insert(table);
        }
    }
    assert!(big.contains("lead") && big.contains("follow_up"), "{big:?}");
    big
}

/// The line of a plan that reads a big table or an index of one from end to end, or throws away much of what it reads.
fn too_much(plan: &[String], sql: &str, big: &BTreeSet<String>) -> Option<String> {
    let names = names(sql);
    let is_big = |name: &str| big.contains(names.get(name).map_or(name, String::as_str));
    let bad = plan.iter().enumerate().find(|(at, line)| {
        let words: Vec<&str> = line.trim_start_matches([' ', '-', '>']).split_whitespace().collect();
        match words.as_slice() {
            ["Seq", "Scan", "on", name, ..] | ["Parallel", "Seq", "Scan", "on", name, ..] | ["SCAN", name, ..] => {
                is_big(name)
            }
            ["Index", "Scan" | "Only", ..] => {
                let table = words.iter().skip_while(|word| **word != "on").nth(1);
                let bound = plan.get(at + 1).is_some_and(|next| next.contains("Index Cond"));
                !bound && table.is_some_and(|name| is_big(name))
            }
            ["Rows", "Removed", "by", "Filter:", rows] => rows.parse().is_ok_and(|rows: usize| rows > IN_VAIN),
            _ => false,
        }
    });
    bad.map(|(_, line)| line.trim().to_owned())
}

/// What a statement calls its tables.
fn names(sql: &str) -> BTreeMap<String, String> {
    let words: Vec<&str> = sql
        .split(|c: char| !(c.is_alphanumeric() || c == '_'))
        .filter(|word| !word.is_empty())
        .collect();
    let named = words.windows(3).filter(|three| three[1] == "AS");
    named.map(|three| (three[2].to_owned(), three[0].to_owned())).collect()
}
