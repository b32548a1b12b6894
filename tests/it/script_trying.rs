//! An admin's evening with the rules: changes two delays by the form, then proves a rule before it acts: tries the
//! text on a lead, sees the line that fails, writes a golden test, is kept from publishing by a red one, publishes,
//! asks "why?", keeps the answer as a test, and goes back to the pack, where the two delays still count.

use std::time::Duration;

use serde_json::json;
use support::browser::{Browser, Look};
use support::server::{Server, Setup};

const SOON: Duration = Duration::from_secs(20);
const TEXT: &str = "document.querySelector('textarea[data-editor]').value";
const RULE: &str = "fn on_lead_created(ctx) {\n    let p = plan();\n    trace(\"salom\");\n    \
                    p.add(followup(\"tez\").after(minutes(2)).text(\"call_new\"));\n    p\n}\n\n\
                    fn test_two_minutes() {\n    let answer = given().at(\"2026-11-20 10:00\").run(\"on_lead_created\");\n    \
                    expect(answer).due(\"tez\", \"2026-11-20 10:02\");\n}\n";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rule_is_tried_tested_published_and_kept_as_a_test() {
    let Some(browser) = Browser::open().await else { return };
    let setup = Setup::demo();
    let server = setup.spawn().await;
    server.at_work().await;
    browser.device(1280, 844, Look::Light).await;
    browser.sign_in(&server, "demo", "admin").await;
    change_two_delays(&browser, &server).await;
    let page = server.url("demo", "/scripts/on_lead_created?panel=try");
    browser.goto(&page).await;
    browser
        .until("the editor", SOON, "document.querySelector('.cm-content')")
        .await;

    write(&browser, &RULE.replace("minutes(2)", "24")).await;
    browser.click("#panel-try .btn-primary").await;
    browser
        .until(
            "the line that fails",
            SOON,
            "document.querySelector('#tried [data-line=\"4\"]')",
        )
        .await;
    browser.click("#tried [data-line='4']").await;
    let marked = "getSelection().toString().includes('after(24)')";
    browser.until("the line in the editor", SOON, marked).await;

    write(&browser, RULE).await;
    browser.fill("#try-lead", "a").await;
    browser
        .until("leads", SOON, "document.querySelector('#try-leads input')")
        .await;
    browser.click("#panel-try .btn-primary").await;
    let planned = "document.querySelector('#tried')?.innerText";
    browser
        .until(
            "the plan",
            SOON,
            &format!("{planned}.includes('tez') && {planned}.includes('salom')"),
        )
        .await;

    browser.click("#tab-tests").await;
    browser.click("#panel-tests > .btn").await;
    let green = "document.querySelector('#proved .t-success')";
    browser.until("a green test", SOON, green).await;
    write(&browser, &RULE.replace("10:02", "10:05")).await;
    browser.click("#panel-tests > .btn").await;
    browser
        .until(
            "a red test at its line",
            SOON,
            "document.querySelector('#proved li [data-line=\"10\"]')",
        )
        .await;
    publish(&browser, "Qizil").await;
    browser
        .until(
            "refused",
            SOON,
            "document.querySelector('.alert-danger')?.innerText.includes('10-qator')",
        )
        .await;
    browser.goto(&page).await;
    browser
        .until("the editor again", SOON, "document.querySelector('.cm-content')")
        .await;
    write(&browser, RULE).await;
    publish(&browser, "Ikki daqiqada").await;
    let live = "document.querySelector('header.top .tag-success')?.innerText.includes('v1')";
    browser.until("published", SOON, live).await;

    let why = decided_by(&browser, &server, "90 765 43 21", "v1").await;
    assert!(why.contains("salom"), "{why}");
    let keep = "[...document.querySelectorAll('.why')].find(card => card.innerText.includes('v1')).querySelector('form button').click()";
    browser.script(keep).await;
    browser
        .until(
            "the decision in the draft",
            SOON,
            &format!("{TEXT}?.includes('fn test_on_lead_created_2()')"),
        )
        .await;
    browser.click("#panel-tests > .btn").await;
    browser
        .until(
            "both are green",
            SOON,
            "document.querySelectorAll('#proved li .t-success').length >= 2",
        )
        .await;
    assert_eq!(browser.count("#proved li .t-danger").await, 0);

    browser.goto(&page).await;
    browser.click("#tab-versions").await;
    browser.click("[data-open='#restore-pack']").await;
    let asked = "document.querySelector('#restore-pack').open";
    browser.until("what happens to those planned", SOON, asked).await;
    browser.click("#restore-pack .btn-primary").await;
    let gone = "!document.querySelector('[data-open=\"#restore-pack\"]')";
    browser.until("the pack again", SOON, gone).await;
    decided_by(&browser, &server, "90 765 43 22", "Yangi lidga").await;
    let planned = "/1[012] daq qoldi/.test(document.body.innerText)";
    browser.until("planned in twelve minutes", SOON, planned).await;

    browser.device(390, 844, Look::Dark).await;
    for path in [
        "/scripts/on_lead_created?panel=try",
        "/scripts/on_lead_created?panel=tests",
    ] {
        browser.goto(&server.url("demo", path)).await;
        let over = browser
            .script("return document.documentElement.scrollWidth - innerWidth")
            .await;
        assert_eq!(over, json!(0), "{path}");
    }
    // The refused publishing is an answer too.
    let complaints = browser.complaints().await;
    let unexpected: Vec<&String> = complaints.iter().filter(|c| !c.contains("status of 422")).collect();
    assert!(unexpected.is_empty(), "{unexpected:?}");
    browser.close().await;
}

/// The first call of a new lead, and the first after a talk.
async fn change_two_delays(browser: &Browser, server: &Server) {
    browser.goto(&server.url("demo", "/settings")).await;
    browser.fill("#f-new_minutes", "12").await;
    browser.fill("#f-contacted_days", "2, 5").await;
    browser.fill(".set-bar [name=message]", "Imtihon mavsumi").await;
    browser.click(".set-bar .btn-primary").await;
    let told = "document.querySelector('.set-versions li')?.innerText";
    let both = format!("{told}?.includes('12') && {told}.includes('5')");
    browser.until("both changes are told", SOON, &both).await;
}

/// Adds a lead by the form and waits for the decision that names `word`; its words.
async fn decided_by(browser: &Browser, server: &Server, phone: &str, word: &str) -> String {
    browser.goto(&server.url("demo", "/leads/new")).await;
    browser.fill("input[name=name]", "Sinov Nodira").await;
    browser.fill("input[name=phone]", phone).await;
    browser.click("form[action='/leads'] .btn-primary").await;
    browser
        .until("the lead", SOON, "/^\\/leads\\/[0-9a-f-]{36}$/.test(location.pathname)")
        .await;
    let lead = browser.address().await;
    let why = format!(
        "[...document.querySelectorAll('.why')].map(card => card.innerText).find(text => text.includes('{word}'))"
    );
    for _ in 0..40 {
        if let Some(text) = browser.script(&format!("return {why}")).await.as_str() {
            return text.to_owned();
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
        browser.goto(&lead).await;
    }
    panic!("no decision names {word}");
}

/// Puts a text into the editor at once.
async fn write(browser: &Browser, source: &str) {
    let text = json!(source).to_string();
    let paste = format!(
        "const content = document.querySelector('.cm-content'); const view = content.cmTile.root.view; \
         view.dispatch({{changes: {{from: 0, to: view.state.doc.length, insert: {text}}}}}); return true"
    );
    browser.script(&paste).await;
    browser
        .until("the text", SOON, &format!("{TEXT}.trim() === {text}.trim()"))
        .await;
}

async fn publish(browser: &Browser, message: &str) {
    let sound = "!document.querySelector('[data-open=\"#publish\"]').disabled";
    browser.until("sound", SOON, sound).await;
    browser.click("[data-open='#publish']").await;
    browser.fill("#f-message", message).await;
    browser.click("#publish .btn-primary").await;
}
