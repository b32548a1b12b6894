//! The portal in a browser: every page of every role opens without a complaint and fits a phone's width.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use support::browser::{Browser, Look};
use support::server::{Server, Setup};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_opens_fits_and_does_not_complain() {
    let Some(browser) = Browser::open().await else { return };
    let setup = Setup::demo();
    let server = setup.spawn().await;
    let mut faults = Vec::new();
    for role in ["admin", "manager", "sales"] {
        browser.device(1280, 844, Look::Light).await;
        browser.sign_in(&server, "demo", role).await;
        let pages = pages(&browser, &server).await;
        assert!(pages.len() >= 5, "{role} sees {pages:?}");
        for page in &pages {
            for (name, width, look) in [("wide", 1280, Look::Light), ("phone", 390, Look::Dark)] {
                browser.device(width, 844, look).await;
                browser.goto(&server.url("demo", page)).await;
                let here = format!("{role} {page} {name}");
                let complaints = browser.complaints().await;
                faults.extend(complaints.into_iter().map(|line| format!("{here}: {line}")));
                let over = "return Math.max(0, document.documentElement.scrollWidth - innerWidth)";
                let over = browser.script(over).await;
                if over != 0 {
                    faults.push(format!("{here}: {over} pixels too wide"));
                }
                photograph(&browser, role, page, name).await;
            }
        }
        sign_out(&browser, &server).await;
    }
    browser.close().await;
    assert!(faults.is_empty(), "{}\n{}", faults.join("\n"), setup.log());
}

async fn sign_out(browser: &Browser, server: &Server) {
    browser.goto(&server.url("demo", "/")).await;
    browser
        .script("const f = document.createElement('form'); return fetch('/logout', {method: 'POST', body: new URLSearchParams({csrf_token: document.querySelector('[name=csrf_token]')?.value ?? ''})}).then(r => r.status)")
        .await;
}

/// Every address the navigation leads to, and one of each kind of row behind it.
async fn pages(browser: &Browser, server: &Server) -> BTreeSet<String> {
    let mut pages = links(browser, "nav a[href^=\"/\"]").await;
    pages.insert("/more".to_owned());
    for list in ["/leads", "/users", "/courses", "/scripts"] {
        if pages.contains(list) {
            browser.goto(&server.url("demo", list)).await;
            let rows = format!("main a[href^=\"{list}/\"]");
            let found = links(browser, &rows).await;
            pages.extend(found.iter().find(|row| !row.ends_with("/new")).cloned());
            pages.extend(found.iter().find(|row| row.ends_with("/new")).cloned());
        }
    }
    browser.complaints().await;
    pages
}

async fn links(browser: &Browser, css: &str) -> BTreeSet<String> {
    let found = browser
        .script(&format!(
            "return [...document.querySelectorAll('{css}')].map(a => a.pathname)"
        ))
        .await;
    let found = found.as_array().cloned().unwrap_or_default();
    found
        .iter()
        .filter_map(|link| link.as_str().map(str::to_owned))
        .filter(|link| link != "/logout")
        .collect()
}

/// Kept for people to look at when MARKAZ_TEST_SCREENSHOTS names a folder.
async fn photograph(browser: &Browser, role: &str, page: &str, name: &str) {
    let Some(folder) = std::env::var_os("MARKAZ_TEST_SCREENSHOTS").map(PathBuf::from) else {
        return;
    };
    let page = page
        .trim_matches('/')
        .split('/')
        .map(|part| if part.len() > 30 { "one" } else { part });
    let page = page.collect::<Vec<_>>().join("-");
    let page = if page.is_empty() { "home".to_owned() } else { page };
    browser
        .screenshot(&Path::new(&folder).join(format!("{role}-{page}-{name}.png")))
        .await;
}
