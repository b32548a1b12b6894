//! An admin at the editor: types a mistake and sees it at its line, takes what is offered, mends, publishes, and goes
//! back in a click.

use std::time::Duration;

use support::browser::{Browser, Look};
use support::server::Setup;

const SOON: Duration = Duration::from_secs(20);
const EDITOR: &str = ".cm-content";
/// All of it away: typing over a selection, Chromium would itself style the new text, which the policy refuses.
const CLEAR: &str = "\u{e009}a\u{e000}\u{e003}";
const CTRL_S: &str = "\u{e009}s\u{e000}";
const CTRL_END: &str = "\u{e009}\u{e010}\u{e000}";
const F8: &str = "\u{e038}";
const ENTER: &str = "\u{e007}";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rule_is_written_mended_published_and_taken_back() {
    let Some(browser) = Browser::open().await else { return };
    let setup = Setup::demo();
    let server = setup.spawn().await;
    browser.device(1280, 844, Look::Light).await;
    browser.sign_in(&server, "demo", "admin").await;
    let page = server.url("demo", "/scripts/on_status_changed");
    browser.goto(&page).await;
    let text = "document.querySelector('textarea[data-editor]').value";
    let faults = "document.querySelector('#faults').innerText";
    let state = "document.querySelector('#fault-state').className";
    browser
        .until("the editor", SOON, "document.querySelector('.cm-content')")
        .await;

    browser.click(EDITOR).await;
    browser.keys(EDITOR, CLEAR).await;
    let typed = "fn on_status_changed(ctx) {\nlet p = plan();\np.add(followup(\"a\").after(minuts(5)));\np";
    browser.keys(EDITOR, typed).await;
    browser
        .until(
            "the fault at its line",
            SOON,
            &format!("{faults}.startsWith('3-qator minuts degan funksiya')"),
        )
        .await;
    let marked = browser
        .script("return document.querySelector('.cm-lintRange-error')?.innerText")
        .await;
    assert_eq!(marked, "minuts");
    assert_eq!(
        browser
            .script("return document.querySelector('[data-open=\"#publish\"]').disabled")
            .await,
        true
    );
    browser.keys(EDITOR, F8).await;
    browser
        .until(
            "the sentence beside it",
            SOON,
            "document.querySelector('.cm-diagnostic')",
        )
        .await;
    browser.click("#faults .link").await;
    browser
        .until(
            "mended",
            SOON,
            &format!("{text}.includes('minutes(5)') && !{state}.includes('t-danger')"),
        )
        .await;
    browser
        .until(
            "kept as a draft",
            SOON,
            "/\\d/.test(document.querySelector('#saved').innerText)",
        )
        .await;

    browser
        .keys(EDITOR, &format!("{CTRL_END}\nfn asks(ctx) {{ ctx.lead.status_"))
        .await;
    browser
        .until(
            "the lead's fields",
            SOON,
            "document.querySelector('.cm-tooltip-autocomplete li')",
        )
        .await;
    accept(&browser).await;
    browser
        .until(
            "the one chosen",
            SOON,
            &format!("{text}.includes('ctx.lead.status_since')"),
        )
        .await;
    browser.keys(EDITOR, " == \"x\" && ctx.lead.status == \"conta").await;
    browser
        .until(
            "the center's own statuses",
            SOON,
            "document.querySelector('.cm-tooltip-autocomplete li')?.innerText.startsWith('contacted')",
        )
        .await;
    accept(&browser).await;
    browser
        .until("a status", SOON, &format!("{text}.includes('\"contacted\"')"))
        .await;
    browser.keys(EDITOR, CTRL_S).await;
    let kept = "/\\d/.test(document.querySelector('#saved').innerText)";
    browser.until("kept", SOON, kept).await;
    browser.goto(&page).await;
    browser
        .until(
            "the draft is there again",
            SOON,
            &format!("{text}.includes('fn asks') && {text}.includes('minutes(5)')"),
        )
        .await;

    publish(&browser, "Besh daqiqada").await;
    assert_eq!(
        browser.text("#panel-versions .vers li .tag-success").await,
        "Ishlayapti"
    );
    browser.click(EDITOR).await;
    browser.keys(EDITOR, CLEAR).await;
    browser
        .keys(EDITOR, "fn on_status_changed(ctx) {\nbase::on_status_changed(ctx)")
        .await;
    browser
        .until(
            "a second one",
            SOON,
            &format!("{text}.includes('base::') && !{state}.includes('t-danger')"),
        )
        .await;
    browser
        .until("kept", SOON, "/\\d/.test(document.querySelector('#saved').innerText)")
        .await;
    publish(&browser, "Paketdagidek").await;
    assert!(browser.text("header.top .tag-success").await.contains("v2"));

    browser.click("[data-open='#restore-1']").await;
    browser
        .until("what happens", SOON, "document.querySelector('#restore-1').open")
        .await;
    browser.click("#restore-1 .btn-primary").await;
    let back = "document.querySelector('header.top .tag-success')?.innerText.includes('v1')";
    browser
        .until(
            "the first again",
            SOON,
            &format!("{back} && {text}.includes('minutes(5)')"),
        )
        .await;

    browser.device(390, 844, Look::Dark).await;
    for path in [
        "/scripts/on_status_changed",
        "/scripts/on_status_changed/changes?from=1&to=2",
        "/scripts/kpi_score?panel=pack",
    ] {
        browser.goto(&server.url("demo", path)).await;
        let over = browser
            .script("return document.documentElement.scrollWidth - innerWidth")
            .await;
        assert_eq!(over, 0, "{path}");
        let nameless = browser.script(NAMELESS).await;
        assert_eq!(nameless, serde_json::json!([]), "{path}");
    }
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
}

/// What a screen reader would have no name for.
const NAMELESS: &str = "return [...document.querySelectorAll('button, a[href], input:not([type=hidden]), select, textarea, [role=tab], dialog, nav, aside')] \
    .filter(e => !(e.innerText || '').trim() && !e.getAttribute('aria-label') && !e.getAttribute('title') && !(e.labels?.length) \
    && !e.closest('[hidden], .cm-editor')).map(e => e.outerHTML.slice(0, 120))";

/// A list that has only just opened takes no key, so that nobody chooses by accident.
async fn accept(browser: &Browser) {
    tokio::time::sleep(Duration::from_millis(300)).await;
    browser.keys(EDITOR, ENTER).await;
}

async fn publish(browser: &Browser, message: &str) {
    browser
        .until(
            "sound",
            SOON,
            "!document.querySelector('[data-open=\"#publish\"]').disabled",
        )
        .await;
    browser.click("[data-open='#publish']").await;
    browser.fill("#f-message", message).await;
    browser.click("#publish .btn-primary").await;
    let listed = format!(
        "[...document.querySelectorAll('#panel-versions .vers li')].some(li => li.innerText.includes('{message}'))"
    );
    browser.until("published", SOON, &listed).await;
    browser
        .until("the editor", SOON, "document.querySelector('.cm-content')")
        .await;
}
