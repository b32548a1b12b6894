//! Every page of the portal's table of contents, with something on it, in a browser: as each role and as nobody, light
//! and dark, on a desk and on a phone, in the four languages. Axe finds nothing serious, nothing hangs over the edge,
//! the console is silent. A page that is new enters by itself.

use std::path::{Path, PathBuf};

use chrono::{Datelike, Days, Utc, Weekday};
use platform::locale::Lang;
use reqwest::Method;
use serde_json::json;
use support::app::TestApp;
use support::browser::faults::{Look, Report};
use support::browser::{Browser, Look as Light};
use support::database::{Engine, TestDatabase};
use support::server::DEMO_PASSWORD;
use support::site::Site;
use workflows::tenants::demo::{self, CENTRES};

use crate::isolation::pages::{fixture, pages};
use crate::isolation::victim::Victim;

/// Views of a page that its address alone does not show.
const VIEWS: &[&str] = &[
    "/leads?status=new&source=instagram",
    "/leads?q=nobody+is+called+so",
    "/leads/:id?edit=name",
    "/leads/:id?edit=course_id",
    "/leads/:id/merge?with=:other",
    "/today?mode=list",
    "/today?mode=list&view=overdue",
    "/leave?view=mine",
    "/leave?view=all",
    "/audit?leads=1",
    "/scripts/on_lead_created?panel=try",
    "/scripts/on_lead_created?panel=tests",
    "/scripts/on_lead_created?panel=versions",
    "/exports/new?what=leads",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_is_for_everybody() {
    let Some(browser) = Browser::open().await else { return };
    let database = TestDatabase::create(Engine::Sqlite).await.expect("always there");
    let test = TestApp::on(database).await;
    let desk = web::server::desk(&test.app).await.expect("the ports are there");
    let site = Site::serving(test, desk).await;
    let centre = Centre::with_everything(&site).await;
    browser.bring_axe().await;
    let mut report = Report::default();
    for (role, lang, at_least) in [
        ("admin", Lang::Uz, 45),
        ("manager", Lang::Ru, 25),
        ("sales", Lang::Kk, 12),
    ] {
        browser.enter(&centre.url("/login"), role, DEMO_PASSWORD).await;
        speak(&browser, &centre, lang).await;
        let pages = centre.pages_of(&browser).await;
        assert!(pages.len() >= at_least, "{role} opens {}: {pages:?}", pages.len());
        for page in &pages {
            look_closely(&browser, &centre, page, &format!("{role} {page}"), &mut report).await;
        }
        // The others see a part of what an administrator sees.
        if role == "admin" {
            for lang in [Lang::Ru, Lang::En, Lang::Kk] {
                speak(&browser, &centre, lang).await;
                browser.device(390, 844, Light::Light).await;
                for page in &pages {
                    browser.goto(&centre.url(page)).await;
                    report.add(&format!("{role} {page} {lang}"), browser.faults(Look::AtWords).await);
                }
            }
        }
        leave(&browser, &centre).await;
    }
    let reset = format!("/reset/{}", centre.victim.reset);
    for lang in Lang::ALL {
        for page in ["/login", &reset, "/reset/gone"] {
            let page = format!("{page}?lang={lang}");
            look_closely(&browser, &centre, &page, &format!("nobody {page}"), &mut report).await;
        }
    }
    browser.close().await;
    report.expect_nothing();
}

/// Every rule on a desk by day; then what the night and a phone can change.
async fn look_closely(browser: &Browser, centre: &Centre, page: &str, place: &str, report: &mut Report) {
    browser.device(1280, 844, Light::Light).await;
    browser.goto(&centre.url(page)).await;
    photograph(browser, place, "wide").await;
    for (width, light, look, name) in [
        (1280, Light::Light, Look::Closely, "wide, light"),
        (390, Light::Light, Look::AtColors, "phone, light"),
        (1280, Light::Dark, Look::AtColors, "wide, dark"),
        (390, Light::Dark, Look::AtColors, "phone, dark"),
    ] {
        browser.device(width, 844, light).await;
        report.add(&format!("{place} {name}"), browser.faults(look).await);
    }
    photograph(browser, place, "phone").await;
}

/// A centre with people and leads, and one of everything else.
struct Centre {
    victim: Victim,
    /// The lead the first is compared with.
    other: String,
    root: String,
}

impl Centre {
    async fn with_everything(site: &Site) -> Self {
        site.set_clock(a_tuesday_morning()).await;
        let centre = &CENTRES[0];
        demo::seed(&site.desk, centre, DEMO_PASSWORD, Default::default())
            .await
            .expect("the demo is planted");
        let tenant = site.app().tenants.by_slug(centre.slug).await.expect("it is there");
        demo::live(&site.desk, &site.runner, vec![(centre, tenant.clone())], 0)
            .await
            .expect("its leads come");
        let victim = Victim::of(site, &tenant).await;
        let users = site.get(&victim.admin, "/users").await.expect(200);
        let user = |name: &str| {
            let users = users["items"].as_array().into_iter().flatten();
            users
                .filter(|user| user["username"] == name)
                .map(|user| user["id"].clone())
                .next()
        };
        // What the rep sees is the rep's.
        let owner = json!({"owner_id": user("sales")});
        let lead = format!("/leads/{}", victim.lead);
        let version = site.get(&victim.admin, &lead).await.header("etag").to_owned();
        let given = site
            .call(&victim.admin, Method::PUT, &format!("{lead}/owner"))
            .header("If-Match", version)
            .json(&owner);
        support::site::Reply::of(given).await.expect(200);
        let another = json!({"name": "Aka", "phone": "+998901234509"});
        let other = site.post(&victim.admin, "/leads", another).await.expect(201);
        site.work().await;
        // Something is late, something is due.
        site.pass(chrono::TimeDelta::hours(2)).await;
        Self {
            victim,
            other: other["id"].as_str().expect("an id").to_owned(),
            root: format!("http://{}.localhost:{}", tenant.slug, site.port),
        }
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.root)
    }

    /// The addresses that answer whoever is signed in with a page.
    async fn pages_of(&self, browser: &Browser) -> Vec<String> {
        let mut pages_of = Vec::new();
        let listed = pages().into_iter().filter(|(method, _)| method == Method::GET);
        let listed = listed.filter_map(|(_, path)| fixture(path, &self.victim));
        let listed = listed.map(|(path, ..)| path.split('?').next().unwrap_or_default().to_owned());
        let views = VIEWS
            .iter()
            .map(|view| view.replace(":id", &self.victim.lead).replace(":other", &self.other));
        for path in listed.chain(views) {
            // Without an end.
            if path == "/events" || pages_of.contains(&path) {
                continue;
            }
            let asked = json!(path);
            let page = "r.status === 200 && !r.redirected && (await r.text()).startsWith('<!doctype html>')";
            let answer = browser
                .script(&format!(
                    "return fetch({asked}, {{headers: {{accept: 'text/html'}}}}).then(async r => {page})"
                ))
                .await;
            if answer == true {
                pages_of.push(path);
            }
        }
        // What was refused is said in the console too.
        browser.complaints().await;
        pages_of
    }
}

/// Chosen in the profile, as a person would.
async fn speak(browser: &Browser, centre: &Centre, lang: Lang) {
    browser.device(1280, 844, Light::Light).await;
    browser.goto(&centre.url("/profile")).await;
    browser.click(&format!("[name=lang] option[value={lang}]")).await;
    browser.click("form[action='/profile/look'] .btn-primary").await;
    let spoken = format!("document.documentElement.lang === '{}'", lang.tag());
    browser
        .until("the language", std::time::Duration::from_secs(20), &spoken)
        .await;
}

async fn leave(browser: &Browser, centre: &Centre) {
    browser.device(1280, 844, Light::Light).await;
    browser.goto(&centre.url("/profile")).await;
    browser.click("main form[action='/logout'] button").await;
    let out = "location.pathname === '/login'";
    browser
        .until("signed out", std::time::Duration::from_secs(20), out)
        .await;
}

fn a_tuesday_morning() -> chrono::DateTime<Utc> {
    let mut day = Utc::now().date_naive() + Days::new(1);
    while day.weekday() != Weekday::Tue {
        day = day + Days::new(1);
    }
    day.and_hms_opt(6, 0, 0).expect("a time").and_utc()
}

/// Kept for people to look at when MARKAZ_TEST_SCREENSHOTS names a folder.
async fn photograph(browser: &Browser, place: &str, name: &str) {
    let Some(folder) = std::env::var_os("MARKAZ_TEST_SCREENSHOTS").map(PathBuf::from) else {
        return;
    };
    let parts = place.split(['/', ' ', '?']).filter(|part| !part.is_empty());
    let parts: Vec<&str> = parts.map(|part| if part.len() > 30 { "one" } else { part }).collect();
    let file = format!("{}-{name}.png", parts.join("-"));
    browser.screenshot(&Path::new(&folder).join(file)).await;
}
