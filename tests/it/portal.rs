//! The portal as a browser sees it: who gets in, what each role may open, that forms are ours, that a tenant stays
//! alone, and that every page speaks every language.

use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::multipart::{Form, Part};
use reqwest::{RequestBuilder, Response, StatusCode};
use support::server::{DEMO_PASSWORD, Server, Setup};

/// Every page that needs nothing but its address.
const PAGES: [&str; 25] = [
    "/roles",
    "/roles/new?from=manager",
    "/audit",
    "/centre",
    "/profile/second-factor",
    "/",
    "/leads",
    "/leads?waiting=1",
    "/leads?q=aziza&from=2020-01-01",
    "/leads/new",
    "/leads/board",
    "/leads/board?q=aziza&status=new",
    "/today?mode=queue",
    "/today?mode=list&view=overdue",
    "/imports",
    "/users",
    "/users/new",
    "/courses",
    "/bot",
    "/settings",
    "/packs",
    "/packs/driving-school",
    "/profile",
    "/more",
    "/simulator",
];

#[tokio::test]
async fn the_portal_works_for_those_it_is_for() {
    let setup = Setup::demo();
    let server = setup.spawn().await;
    server.at_work().await;
    strangers_are_sent_to_sign_in(&server).await;
    let admin = Visitor::sign_in(&server, "demo", "admin").await;
    let rep = Visitor::sign_in(&server, "demo", "sales").await;
    every_page_speaks_every_language(&admin).await;
    a_rep_sees_what_a_rep_may(&rep).await;
    forms_must_be_ours(&admin).await;
    a_lead_is_added_moved_and_explained(&admin).await;
    a_follow_up_is_planned_by_hand(&admin).await;
    a_rule_is_tried_and_tested_beside_its_text(&admin).await;
    what_was_typed_is_kept(&admin).await;
    another_tenant_sees_nothing(&server, &admin).await;
    a_table_goes_in(&admin).await;
    a_bot_is_connected_and_taken_away(&admin).await;
    a_forgotten_password_is_set_by_a_link_once(&server, &admin).await;
    let log = setup.log();
    assert!(
        !log.contains("no such message") && !log.contains("did not render"),
        "{log}"
    );
}

async fn strangers_are_sent_to_sign_in(server: &Server) {
    let answer = server.get("demo", "/leads?status=new").send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    assert_eq!(answer.headers()[LOCATION], "/login?next=%2Fleads%3Fstatus%3Dnew");
    let form = server
        .get("demo", "/login")
        .header("accept-language", "ru")
        .send()
        .await
        .expect("an answer");
    assert!(form.text().await.expect("a page").contains("Пароль"));
    let wrong = [
        ("username", "admin"),
        ("password", "Wrong-1234"),
        ("next", "//evil.example"),
    ];
    let refused = from_own_page(server.post("demo", "/login"))
        .form(&wrong)
        .send()
        .await
        .expect("an answer");
    assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
    assert!(
        refused.text().await.expect("a page").contains("value=\"admin\""),
        "the name typed is kept"
    );
    let lost = server
        .get("nobody", "/")
        .header("accept", "text/html")
        .send()
        .await
        .expect("an answer");
    assert_eq!(lost.status(), StatusCode::MISDIRECTED_REQUEST);
    assert!(
        lost.text().await.expect("a page").contains("<h1>"),
        "a browser gets a page"
    );
}

async fn every_page_speaks_every_language(admin: &Visitor<'_>) {
    for lang in ["ru", "en", "kk", "uz"] {
        admin.post("/profile/look", &[("lang", lang), ("theme", "dark")]).await;
        for path in PAGES.iter().chain(&["/scripts/distribute", "/scripts/on_lead_created"]) {
            let page = admin.page(path).await;
            let tag = if lang == "uz" { "uz-Latn" } else { lang };
            assert!(
                page.contains(&format!("<html lang=\"{tag}\" data-theme=\"dark\">")),
                "{lang} {path}"
            );
            assert!(!page.contains("{ $"), "{lang} {path} has an unfilled message");
        }
    }
}

async fn a_rep_sees_what_a_rep_may(rep: &Visitor<'_>) {
    for path in ["/", "/leads", "/today", "/imports", "/courses", "/profile"] {
        assert_eq!(rep.get(path).await.status(), StatusCode::OK, "{path}");
    }
    for path in ["/users", "/users/new", "/scripts/distribute", "/courses/new", "/bot"] {
        assert_eq!(rep.get(path).await.status(), StatusCode::FORBIDDEN, "{path}");
    }
    assert!(!rep.page("/").await.contains("href=\"/users\""));
    let nowhere = rep.get("/nothing-here").await;
    assert_eq!(nowhere.status(), StatusCode::NOT_FOUND);
}

async fn forms_must_be_ours(admin: &Visitor<'_>) {
    let fields = [("name", "Begona"), ("phone", "901112233")];
    let untold = from_own_page(admin.request("POST", "/leads")).form(&fields);
    assert_eq!(
        untold.send().await.expect("an answer").status(),
        StatusCode::FORBIDDEN,
        "no token"
    );
    let told = [
        ("csrf_token", admin.csrf.as_str()),
        ("name", "Begona"),
        ("phone", "901112233"),
    ];
    let elsewhere = admin
        .request("POST", "/leads")
        .header("sec-fetch-site", "same-site")
        .form(&told);
    assert_eq!(
        elsewhere.send().await.expect("an answer").status(),
        StatusCode::FORBIDDEN,
        "a sibling's page"
    );
    assert!(!admin.page("/leads?q=begona").await.contains("Begona</a>"));
}

async fn a_lead_is_added_moved_and_explained(admin: &Visitor<'_>) {
    let added = admin
        .post(
            "/leads",
            &[("name", "Sinov Lidi"), ("phone", "90 111 22 33"), ("source", "manual")],
        )
        .await;
    let address = added.headers()[LOCATION].to_str().expect("an address").to_owned();
    let again = admin
        .post("/leads", &[("name", "Sinov Lidi"), ("phone", "+998901112233")])
        .await;
    assert_eq!(again.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        again
            .text()
            .await
            .expect("a page")
            .contains(&format!("href=\"{address}\"")),
        "it names the first one"
    );
    let refused = admin
        .post(&format!("{address}/status"), &[("status", "lost"), ("note", "ketdi")])
        .await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let kept = refused.text().await.expect("a page");
    assert!(
        kept.contains("data-reopen") && kept.contains(">ketdi</textarea>"),
        "the dialog comes back as it was"
    );
    let stale = admin
        .post(
            &format!("{address}/status"),
            &[("status", "contacted"), ("version", "99")],
        )
        .await;
    assert_eq!(stale.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let moved = admin
        .post(&format!("{address}/status"), &[("status", "contacted")])
        .await;
    assert_eq!(moved.status(), StatusCode::SEE_OTHER);
    let explained = |page: &str| page.contains("class=\"next\"") && page.contains("id=\"why-");
    admin.until(&address, explained).await;
}

async fn a_rule_is_tried_and_tested_beside_its_text(admin: &Visitor<'_>) {
    let source = "fn on_status_changed(ctx) {\n    trace(\"salom\");\n    base::on_status_changed(ctx)\n}\n\n\
                  fn test_red() {\n    expect(1).equals(2);\n}\n";
    let (try_it, tests) = ("/scripts/on_status_changed/try", "/scripts/on_status_changed/tests");
    let context = "{\"to\": \"interested\"}";
    let fields = [("source", source), ("at", "2026-11-20T15:00"), ("context", context)];
    let page = admin.post(try_it, &fields).await.text().await.expect("a page");
    let monday = "<b class=\"strong num\">15:00</b>";
    assert!(
        page.contains("salom") && page.contains("interested/4") && page.contains(monday),
        "{page}"
    );
    for (context, said) in [("{", "JSON"), ("{\"leed\": 1}", "context.leed")] {
        let page = admin.post(try_it, &[("source", source), ("context", context)]).await;
        assert!(page.text().await.expect("a page").contains(said), "{context}");
    }
    let broken = source.replace("ctx)\n}", "ctx.toto)\n}");
    let page = admin
        .post(try_it, &[("source", broken.as_str())])
        .await
        .text()
        .await
        .expect("a page");
    assert!(page.contains("data-line=\"3\""), "{page}");
    let page = admin
        .post(tests, &[("source", source)])
        .await
        .text()
        .await
        .expect("a page");
    assert!(page.contains("data-line=\"7\"") && page.contains("2"), "{page}");
    let found = admin.page("/scripts/on_status_changed/leads?q=a").await;
    let lead = between(&found, "name=\"lead\" value=\"", "\"");
    let page = admin.post(try_it, &[("source", source), ("lead", lead.as_str())]).await;
    assert!(page.text().await.expect("a page").contains("salom"));
}

async fn a_follow_up_is_planned_by_hand(admin: &Visitor<'_>) {
    let leads = admin.page("/leads").await;
    let address = between(&leads, "class=\"c-name\"><a href=\"", "\"");
    let plan = format!("{address}/follow-ups");
    let past = [("due_at", "2020-01-01T10:00"), ("text", "Kechki guruh")];
    let refused = admin.post(&plan, &past).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let kept = refused.text().await.expect("a page");
    assert!(kept.contains("value=\"2020-01-01T10:00\"") && kept.contains(">Kechki guruh</textarea>"));
    assert_eq!(
        admin.post(&plan, &[("due_at", "soon")]).await.status(),
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let day = chrono::Utc::now().date_naive() + chrono::Days::new(20);
    let due = format!("{day}T10:15");
    let planned = admin
        .post(&plan, &[("due_at", &due), ("text", "Kechki guruh haqida")])
        .await;
    assert_eq!(planned.status(), StatusCode::SEE_OTHER);
    let page = admin.page(&address).await;
    assert!(page.contains("Kechki guruh haqida"));
}

async fn a_bot_is_connected_and_taken_away(admin: &Visitor<'_>) {
    assert!(admin.page("/bot").await.contains("@markaz_demo_bot"));
    let wrong = admin.post("/bot", &[("token", "1:nobody")]).await;
    assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        wrong.text().await.expect("a page").contains("@BotFather"),
        "it says where the right one is"
    );
    assert_eq!(admin.post("/bot/removal", &[]).await.status(), StatusCode::SEE_OTHER);
    assert!(!admin.page("/bot").await.contains("@markaz_demo_bot"));
}

async fn what_was_typed_is_kept(admin: &Visitor<'_>) {
    let refused = admin
        .post(
            "/leads",
            &[("name", "Oʻgʻil <b>"), ("phone", "12"), ("notes", "eslatma")],
        )
        .await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = refused.text().await.expect("a page");
    assert!(page.contains("Oʻgʻil &lt;b&gt;") && page.contains(">eslatma</textarea>"));
    assert!(page.contains("aria-invalid=\"true\""));
}

async fn another_tenant_sees_nothing(server: &Server, admin: &Visitor<'_>) {
    let leads = admin.page("/leads").await;
    let address = between(&leads, "class=\"c-name\"><a href=\"", "\"");
    let foreign = Visitor::sign_in(server, "academy", "admin").await;
    assert_eq!(foreign.get(&address).await.status(), StatusCode::NOT_FOUND);
    let moved = foreign
        .post(&format!("{address}/status"), &[("status", "contacted")])
        .await;
    assert_eq!(moved.status(), StatusCode::NOT_FOUND);
    let borrowed = server
        .get("academy", "/leads")
        .header(COOKIE, &admin.cookie)
        .send()
        .await
        .expect("an answer");
    assert_eq!(
        borrowed.status(),
        StatusCode::SEE_OTHER,
        "a session of another tenant is nobody here"
    );
}

async fn a_table_goes_in(admin: &Visitor<'_>) {
    let table = "Ism,Telefon,Manba\nBirinchi,901000001,Instagram\nIkkinchi,901000002,Telegram\nXato,12,Telegram\n";
    let form = |token: &str| {
        let file = Part::text(table).file_name("lidlar.csv");
        Form::new().text("csrf_token", token.to_owned()).part("file", file)
    };
    let forged = from_own_page(admin.request("POST", "/imports")).multipart(form("x"));
    assert_eq!(forged.send().await.expect("an answer").status(), StatusCode::FORBIDDEN);
    let sent = from_own_page(admin.request("POST", "/imports")).multipart(form(&admin.csrf));
    let opened = sent.send().await.expect("an answer");
    assert_eq!(opened.status(), StatusCode::SEE_OTHER);
    let address = opened.headers()[LOCATION].to_str().expect("an address").to_owned();
    let columns = admin.page(&address).await;
    assert!(columns.contains("Birinchi") && columns.contains("name=\"column_2\""));
    let chosen = [("column_0", "name"), ("column_1", "phone"), ("column_2", "source")];
    assert_eq!(
        admin.post(&format!("{address}/mapping"), &chosen).await.status(),
        StatusCode::SEE_OTHER
    );
    let done = admin.until(&address, |page| page.contains("rejected.csv")).await;
    assert!(done.contains("Xato, 12, Telegram"));
    let bad = admin.get(&format!("{address}/rejected.csv")).await;
    assert_eq!(bad.headers()["content-type"], "text/csv; charset=utf-8");
    let foreign = admin.get("/imports/01a1f8b8-4928-7760-80b0-63c32e3b0387").await;
    assert_eq!(foreign.status(), StatusCode::NOT_FOUND);
}

async fn a_forgotten_password_is_set_by_a_link_once(server: &Server, admin: &Visitor<'_>) {
    let users = admin.page("/users").await;
    let row = users
        .split("<tr>")
        .find(|row| row.contains("<td class=\"soft hide-m\">dilnoza</td>"))
        .expect("dilnoza");
    let address = between(row, "href=\"", "\"");
    let made = admin
        .post(&format!("{address}/reset-link"), &[])
        .await
        .text()
        .await
        .expect("a page");
    let link = between(&made, "id=\"reset-link\">", "<");
    let path = link
        .split_once("/reset/")
        .map(|(_, token)| format!("/reset/{token}"))
        .expect("a link");
    let open = server
        .get("demo", &path)
        .send()
        .await
        .expect("an answer")
        .text()
        .await
        .expect("a page");
    assert!(open.contains("dilnoza"));
    let set = |password: &'static str| {
        let fields = [("password", password), ("again", password)];
        from_own_page(server.post("demo", &path)).form(&fields).send()
    };
    let weak = set("short").await.expect("an answer");
    assert!(weak.text().await.expect("a page").contains("aria-invalid"));
    assert_eq!(
        set("Yangi-Parol-7").await.expect("an answer").status(),
        StatusCode::SEE_OTHER
    );
    let used = server
        .get("demo", &path)
        .send()
        .await
        .expect("an answer")
        .text()
        .await
        .expect("a page");
    assert!(!used.contains("name=\"password\""), "a used link sets nothing");
    Visitor::with(server, "demo", "dilnoza", "Yangi-Parol-7").await;
}

/// Somebody signed in, as a browser would be.
struct Visitor<'a> {
    server: &'a Server,
    slug: &'static str,
    cookie: String,
    csrf: String,
}

impl<'a> Visitor<'a> {
    async fn sign_in(server: &'a Server, slug: &'static str, username: &str) -> Self {
        Self::with(server, slug, username, DEMO_PASSWORD).await
    }

    async fn with(server: &'a Server, slug: &'static str, username: &str, password: &str) -> Self {
        let fields = [("username", username), ("password", password)];
        let request = from_own_page(server.post(slug, "/login")).form(&fields);
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{username} signs in");
        let cookie = answer.headers()[SET_COOKIE].to_str().expect("a cookie");
        assert!(cookie.starts_with("__Host-") && cookie.contains("HttpOnly") && cookie.contains("Secure"));
        let cookie = cookie.split(';').next().expect("a value").to_owned();
        let mut visitor = Self {
            server,
            slug,
            cookie,
            csrf: String::new(),
        };
        let page = visitor.page("/profile").await;
        visitor.csrf = between(&page, "name=\"csrf_token\" value=\"", "\"");
        visitor
    }

    fn request(&self, method: &str, path: &str) -> RequestBuilder {
        let method = method.parse().expect("a method");
        self.server
            .request(method, self.slug, path)
            .header(COOKIE, &self.cookie)
    }

    async fn get(&self, path: &str) -> Response {
        self.request("GET", path).send().await.expect("an answer")
    }

    async fn page(&self, path: &str) -> String {
        let answer = self.get(path).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        let policy = answer.headers()["content-security-policy"]
            .to_str()
            .expect("a policy")
            .to_owned();
        assert!(
            policy.contains("script-src 'self'") && !policy.contains("unsafe"),
            "{policy}"
        );
        answer.text().await.expect("a page")
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Response {
        let fields: Vec<_> = [("csrf_token", self.csrf.as_str())]
            .into_iter()
            .chain(fields.iter().copied())
            .collect();
        from_own_page(self.request("POST", path))
            .form(&fields)
            .send()
            .await
            .expect("an answer")
    }

    async fn until(&self, path: &str, ready: impl Fn(&str) -> bool) -> String {
        for _ in 0..120 {
            let page = self.page(path).await;
            if ready(&page) {
                return page;
            }
            tokio::time::sleep(std::time::Duration::from_millis(250)).await;
        }
        panic!("{path} did not become what was waited for: {}", self.page(path).await);
    }
}

fn from_own_page(request: RequestBuilder) -> RequestBuilder {
    request.header("sec-fetch-site", "same-origin")
}

fn between(text: &str, from: &str, to: &str) -> String {
    let rest = text.split_once(from).unwrap_or_else(|| panic!("no {from} in {text}")).1;
    rest.split_once(to).expect("an end").0.to_owned()
}
