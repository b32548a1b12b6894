//! The browser the portal's tests use works: it opens a page, fills a form, and shows what went wrong in it.

use support::browser::{Browser, Look};

#[tokio::test]
async fn a_page_is_opened_filled_and_photographed() {
    let Some(browser) = Browser::open().await else { return };
    browser.device(390, 800, Look::Dark).await;
    let page = "data:text/html,<meta name=viewport content='width=device-width'><input id=a><button onclick=\"b.textContent=a.value\">k</button><p id=b></p>\
                <script>console.error('broken')</script>";
    browser.goto(page).await;
    browser.fill("#a", "oʻgʻil").await;
    browser.click("button").await;
    assert_eq!(browser.text("#b").await, "oʻgʻil");
    assert_eq!(browser.script("return innerWidth").await, 390);
    assert_eq!(
        browser
            .script("return matchMedia('(prefers-color-scheme: dark)').matches")
            .await,
        true
    );
    assert!(browser.complaints().await.iter().any(|line| line.contains("broken")));
    let file = tempfile::tempdir().expect("a folder");
    browser.screenshot(&file.path().join("page.png")).await;
    assert!(file.path().join("page.png").metadata().expect("it is there").len() > 500);
    browser.close().await;
}
