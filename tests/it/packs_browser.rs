//! An administrator in a browser: settings changed by form and felt in the next follow-up, a pack upgraded with the
//! centre's own rule beside it, another pack installed and run on.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::json;
use support::browser::{Browser, Look};
use support::database::rows;
use support::server::{Server, Setup};

const SOON: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn settings_and_packs_are_worked_in_a_browser() {
    let Some(browser) = Browser::open().await else { return };
    let setup = Setup::demo();
    let server = setup.spawn().await;
    // A Monday, ten in the morning in Tashkent.
    let clock = server.request(Method::PUT, "demo", "/api/v1/test-clock");
    let moved = clock
        .json(&json!({"now": "2027-03-01T05:00:00Z"}))
        .send()
        .await
        .expect("an answer");
    assert!(moved.status().is_success(), "{}", moved.status());
    browser.device(1280, 900, Look::Light).await;
    settings_are_felt(&browser, &server, &setup.database_url()).await;
    an_upgrade_keeps_the_rule(&browser, &server).await;
    another_pack_is_installed(&browser, &server).await;
    let complaints = browser.complaints().await;
    assert!(complaints.iter().all(|line| line.contains("422")), "{complaints:?}");
    browser.close().await;
}

async fn settings_are_felt(browser: &Browser, server: &Server, database: &str) {
    browser.sign_in(server, "demo", "admin").await;
    assert_eq!(minutes_until_the_first_call(browser, server, database, 1).await, 5);

    browser.goto(&server.url("demo", "/settings")).await;
    browser.fill("#f-interested_days", "2, ikki").await;
    browser.click(".set-bar .btn-primary").await;
    browser
        .until(
            "the mistake is named",
            SOON,
            "document.querySelector('#e-interested_days')?.innerText.includes('ikki')",
        )
        .await;
    browser.fill("#f-interested_days", "2, 9").await;
    browser.fill("#f-new_minutes", "45").await;
    browser.fill(".set-bar [name=message]", "Bahor").await;
    browser.click(".set-bar .btn-primary").await;
    let told = "document.querySelector('.set-versions li')?.innerText";
    browser
        .until(
            "the version tells",
            SOON,
            &format!("{told}?.includes('Bahor') && {told}.includes('45')"),
        )
        .await;
    assert!(
        browser
            .text("#part-interested .set-reads")
            .await
            .contains("2 va 9 kundan keyin")
    );
    assert_eq!(minutes_until_the_first_call(browser, server, database, 2).await, 45);

    browser.goto(&server.url("demo", "/settings")).await;
    browser.click("#f-new_spread").await;
    browser.fill("#f-new_spread_from", "60").await;
    browser.fill("#f-new_spread_to", "60").await;
    browser.click(".set-bar .btn-primary").await;
    browser
        .until(
            "saved",
            SOON,
            "document.querySelectorAll('.set-versions > li').length === 3",
        )
        .await;
    assert_eq!(minutes_until_the_first_call(browser, server, database, 3).await, 60);

    // One click goes back to the first version.
    browser.goto(&server.url("demo", "/settings")).await;
    browser.click("[data-open='#restore-1']").await;
    browser
        .until("it is asked", SOON, "document.querySelector('#restore-1').open")
        .await;
    browser.click("#restore-1 .btn-primary").await;
    browser
        .until("back", SOON, "document.querySelector('#f-new_minutes').value === '5'")
        .await;
    assert_eq!(minutes_until_the_first_call(browser, server, database, 4).await, 5);
}

async fn an_upgrade_keeps_the_rule(browser: &Browser, server: &Server) {
    browser.sign_in(server, "academy", "admin").await;
    browser.goto(&server.url("academy", "/packs")).await;
    browser.click("#pack-training-centre .btn-primary").await;
    browser
        .until(
            "the report",
            SOON,
            "document.querySelector('#rule-distribute .three-ways')",
        )
        .await;
    let side = async |n: u8| {
        browser.script(&format!(
        "return document.querySelectorAll('#rule-distribute .three')[0].querySelectorAll('.patch')[{n}].innerText"
    )).await.as_str().unwrap_or_default().to_owned()
    };
    assert!(side(0).await.contains("use_weights"), "what the pack changed");
    assert!(side(1).await.contains("load_of"), "what the centre changed");
    let beside = "(() => { const [a, b] = [...document.querySelectorAll('#rule-distribute .three-ways > div')].map(d => d.getBoundingClientRect()); return a.top === b.top })()";
    assert_eq!(
        browser.script(&format!("return {beside}")).await,
        true,
        "side by side where there is room"
    );
    browser.device(390, 844, Look::Dark).await;
    assert_eq!(
        browser.script(&format!("return {beside}")).await,
        false,
        "one below the other on a phone"
    );
    assert_eq!(
        browser
            .script("return document.documentElement.scrollWidth <= 390")
            .await,
        true
    );
    browser.device(1280, 900, Look::Light).await;
    grant(browser).await;
    browser.click("form[action$='/installation'] .btn-primary").await;
    browser
        .until("upgraded", SOON, "document.querySelector('.pack-step .t-success')")
        .await;
    browser.goto(&server.url("academy", "/scripts/distribute")).await;
    browser
        .until(
            "the rule is the centre's own",
            SOON,
            "document.body.innerText.includes('load_of')",
        )
        .await;
    browser.goto(&server.url("academy", "/settings")).await;
    browser
        .until("the new form", SOON, "document.querySelector('#f-lead_cap')")
        .await;
}

async fn another_pack_is_installed(browser: &Browser, server: &Server) {
    browser.goto(&server.url("academy", "/packs/driving-school")).await;
    grant(browser).await;
    browser.click("form[action$='/installation'] .btn-primary").await;
    browser
        .until(
            "installed",
            SOON,
            "document.querySelector('form[action$=\"/running\"] .btn-primary')",
        )
        .await;
    browser.click("form[action$='/running'] .btn-primary").await;
    browser
        .until(
            "running",
            SOON,
            "document.querySelector('#pack-driving-school .tag-success')",
        )
        .await;
    browser.goto(&server.url("academy", "/leads")).await;
    browser
        .until(
            "its statuses",
            SOON,
            "document.querySelector('select[name=status] option[value=confirmed]')",
        )
        .await;
    assert_eq!(browser.count("select[name=status] option[value=interested]").await, 0);

    // Where it came from is as it was, and where it always ran it runs.
    browser.sign_in(server, "demo", "admin").await;
    browser.goto(&server.url("demo", "/leads")).await;
    assert_eq!(
        browser.count("select[name=status] option[value=confirmed]").await,
        0,
        "demo is untouched"
    );
    browser.sign_in(server, "avto", "admin").await;
    browser.goto(&server.url("avto", "/packs")).await;
    browser
        .until(
            "avto runs on it",
            SOON,
            "document.querySelector('#pack-driving-school .tag-success')",
        )
        .await;
}

/// Ticks everything the pack asks for.
async fn grant(browser: &Browser) {
    let tick = "document.querySelectorAll('[name=permissions]').forEach(box => box.checked = true)";
    browser.script(tick).await;
}

/// Adds a lead of a rep's by the form, and waits until its first call is planned.
async fn minutes_until_the_first_call(browser: &Browser, server: &Server, database: &str, n: u32) -> i64 {
    browser.goto(&server.url("demo", "/leads/new")).await;
    browser.fill("[name=name]", &format!("Sinov {n}")).await;
    browser.fill("[name=phone]", &format!("90 700 00 0{n}")).await;
    let rep = "const s = document.querySelector('[name=owner_id]'); s.value = [...s.options].find(o => o.text.includes('Dilnoza')).value";
    browser.script(rep).await;
    browser.click("form[action='/leads'] .btn-primary").await;
    browser
        .until(
            "the lead's page",
            SOON,
            "/leads\\/[0-9a-f-]{36}/.test(location.pathname)",
        )
        .await;
    let sql = format!(
        "SELECT f.due_at, f.created_at FROM follow_up AS f JOIN lead AS l ON l.tenant_id = f.tenant_id AND l.id = f.lead_id \
         WHERE l.name = 'Sinov {n}' AND f.key = 'new/1'"
    );
    let started = Instant::now();
    loop {
        if let Some(row) = rows(database, &sql).await.first() {
            let at = |column: &str| {
                let text: String = row.try_get("", column).expect("an instant");
                chrono::DateTime::parse_from_rfc3339(&text.replacen(' ', "T", 1))
                    .unwrap_or_else(|e| panic!("{text}: {e}"))
            };
            let waited = at("due_at") - at("created_at");
            return (waited + chrono::TimeDelta::seconds(30)).num_minutes();
        }
        assert!(started.elapsed() < SOON, "no follow-up was planned");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}
