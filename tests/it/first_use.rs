//! What somebody who is new leans on: the list of keys, the palette, toasts that can be read and taken back,
//! today's list on paper.

use std::time::Duration;

use platform::auth::session;
use reqwest::Method;
use serde_json::json;
use support::both_engines;
use support::browser::{Browser, Look};
use support::server::{Server, Setup};
use support::site::{Reply, Site, Who};

const SOON: Duration = Duration::from_secs(15);

/// A key as a keyboard with this layout reports it, pressed where the focus is.
async fn press(browser: &Browser, key: &str, code: &str, shift: bool) {
    let event = json!({"key": key, "code": code, "shiftKey": shift, "bubbles": true, "cancelable": true});
    let script =
        format!("(document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent('keydown', {event}))");
    browser.script(&script).await;
}

async fn open(browser: &Browser, dialog: &str) -> bool {
    browser
        .script(&format!("return document.querySelector('{dialog}').open"))
        .await
        == true
}

async fn at(browser: &Browser, server: &Server, path: &str) {
    browser.goto(&server.url("demo", path)).await;
    browser.until("the page's script runs", SOON, "window.htmx").await;
}

/// The words of what the palette found, once it looked for this.
async fn found(browser: &Browser, typed: &str) -> String {
    browser
        .script("document.querySelector('#found-said').textContent = ''")
        .await;
    browser.fill("#palette [role=combobox]", typed).await;
    browser
        .until(typed, SOON, "document.querySelector('#found-said').textContent !== ''")
        .await;
    let words = browser
        .script("return document.querySelector('#found').innerText")
        .await;
    words.as_str().unwrap_or_default().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_the_palette_and_toasts() {
    let Some(browser) = Browser::open().await else { return };
    let setup = Setup::demo();
    let server = setup.spawn().await;
    browser.device(1280, 844, Look::Light).await;
    browser.sign_in(&server, "demo", "admin").await;
    keys(&browser, &server).await;
    palette(&browser, &server).await;
    toasts(&browser, &server).await;
    assert_eq!(browser.complaints().await, Vec::<String>::new(), "{}", setup.log());
    browser.close().await;
}

async fn keys(browser: &Browser, server: &Server) {
    at(browser, server, "/leads").await;
    for (layout, key, code, shift) in [
        ("US", "?", "Slash", true),
        ("Russian", ",", "Slash", true),
        ("Russian", "?", "Digit7", true),
    ] {
        press(browser, key, code, shift).await;
        assert!(open(browser, "#keys").await, "? on a {layout} keyboard");
        let inside = "return document.querySelector('#keys').contains(document.activeElement)";
        assert_eq!(browser.script(inside).await, true, "the focus is in the list");
        browser.keys("#keys .keys-in", "\u{E00C}").await;
        browser
            .until("Esc closes it", SOON, "!document.querySelector('#keys').open")
            .await;
    }
    let cursor = "document.querySelectorAll('[data-rows] .cursor').length === 1";
    press(browser, "о", "KeyJ", false).await;
    browser.until("J under a Cyrillic layout", SOON, cursor).await;
    browser.script("document.querySelector('input[name=q]').focus()").await;
    press(browser, "?", "Slash", true).await;
    press(browser, "a", "KeyA", false).await;
    assert!(!open(browser, "#keys").await, "somebody is typing");
    assert!(browser.address().await.ends_with("/leads"));
    browser.script("document.activeElement.blur()").await;
    press(browser, "ф", "KeyA", false).await;
    browser
        .until("A adds a lead", SOON, "location.pathname === '/leads/new'")
        .await;
    browser.click(".side-help [data-open='#keys']").await;
    assert!(open(browser, "#keys").await, "a way in for who does not know the key");
    at(browser, server, "/today").await;
    browser.click(".top .help-at").await;
    browser
        .until("the page's chapter", SOON, "location.pathname === '/help/today'")
        .await;
}

async fn palette(browser: &Browser, server: &Server) {
    at(browser, server, "/").await;
    browser.keys("body", "\u{E009}k\u{E000}").await;
    browser
        .until("Ctrl K", SOON, "document.querySelector('#palette').open")
        .await;
    let ours = "document.querySelectorAll('#found [role=option]').length > 10";
    browser.until("everything to begin with", SOON, ours).await;
    for typed in [
        "настройки",
        "nastroyki",
        "settings",
        "баптаулар",
        "sozlamlar",
        "yfcnhjqrb",
    ] {
        let words = found(browser, typed).await;
        assert!(words.contains("Sozlamalar"), "{typed}: {words}");
    }
    let name = browser.script("return fetch('/leads').then(r => r.text()).then(t => new DOMParser().parseFromString(t, 'text/html').querySelector('[data-rows] a').innerText)").await;
    let name = name.as_str().expect("a lead").trim().to_owned();
    let words = found(browser, &name).await;
    assert!(words.contains(&name), "{name}: {words}");
    let chosen = "document.getElementById(document.querySelector('#palette [role=combobox]').getAttribute('aria-activedescendant'))";
    assert_eq!(
        browser
            .script(&format!("return {chosen}.getAttribute('aria-selected')"))
            .await,
        "true"
    );
    browser.keys("#palette [role=combobox]", "\u{E007}").await;
    browser
        .until("Enter goes there", SOON, "location.pathname.startsWith('/leads/')")
        .await;

    browser.keys("body", "/").await;
    browser
        .until("/ opens it too", SOON, "document.querySelector('#palette').open")
        .await;
    found(browser, "тёмная").await;
    // Enter right behind the last letter waits for what it was typed for.
    browser.keys("#palette [role=combobox]", "\u{E007}").await;
    browser
        .until(
            "the dark theme, on the same page",
            SOON,
            "document.documentElement.dataset.theme === 'dark' && location.pathname.startsWith('/leads/')",
        )
        .await;

    browser.script("return fetch('/logout', {method: 'POST', body: new URLSearchParams({csrf_token: document.querySelector('[name=csrf_token]').value})}).then(r => r.status)").await;
    browser.sign_in(server, "demo", "sales").await;
    browser.until("signed in", SOON, "window.htmx").await;
    browser.keys("body", "\u{E009}k\u{E000}").await;
    let words = found(browser, "sozlamalar").await;
    assert!(!words.contains("Sozlamalar"), "a rep may not: {words}");
}

async fn toasts(browser: &Browser, server: &Server) {
    browser.script("return fetch('/logout', {method: 'POST', body: new URLSearchParams({csrf_token: document.querySelector('[name=csrf_token]').value})}).then(r => r.status)").await;
    browser.sign_in(server, "demo", "admin").await;
    at(browser, server, "/leads").await;
    let lead = browser
        .script("return document.querySelector('[data-rows] a[href^=\"/leads/\"]').pathname")
        .await;
    let lead = lead.as_str().expect("a lead").to_owned();
    at(browser, server, &lead).await;
    browser.click("form[action$='/trash'] button").await;
    browser
        .until(
            "it is said, with a way back",
            SOON,
            "document.querySelector('.toasts .toast form')",
        )
        .await;
    assert!(browser.address().await.ends_with("/leads/trash"));
    assert_eq!(
        browser
            .script("return document.querySelector('.toasts').getAttribute('aria-live')")
            .await,
        "polite"
    );
    browser.click(".toasts .toast form button").await;
    browser
        .until("back where it was", SOON, &format!("location.pathname === '{lead}'"))
        .await;
    browser
        .until("and said", SOON, "document.querySelector('.toasts .toast')")
        .await;
    // Held under the pointer it stays; the text is long enough to be read before it goes by itself.
    let stay = browser
        .script(
            "return parseInt(getComputedStyle(document.querySelector('.toasts .toast')).getPropertyValue('--stay'))",
        )
        .await;
    assert!(stay.as_i64().is_some_and(|stay| stay >= 5_000), "{stay}");
    at(browser, server, "/profile/second-factor").await;
    browser.script("navigator.clipboard.writeText = () => Promise.resolve(); document.body.insertAdjacentHTML('beforeend', '<b id=\"x\">y</b><button id=\"c\" data-copy=\"#x\">c</button>')").await;
    browser.script("document.querySelector('#c').click()").await;
    browser
        .until(
            "copied",
            SOON,
            "document.querySelector('.toasts .toast[data-kind=copied]')",
        )
        .await;
    browser
        .script("navigator.clipboard.writeText = () => Promise.reject(); document.querySelector('#c').click()")
        .await;
    browser
        .until(
            "or not, and that stays",
            SOON,
            "document.querySelector('.toasts .toast.bad[data-kind=\"not-copied\"]')",
        )
        .await;
}

/// A page of the portal as somebody signed in sees it.
async fn page(site: &Site, who: &Who, path: &str) -> Reply {
    let opened = session::open(site.app(), &who.tenant, who.id, None, None)
        .await
        .expect("a session");
    let cookie = format!("{}={}", platform::http::SESSION_COOKIE, opened.token);
    Reply::of(
        site.request(Method::GET, &who.tenant.slug, path)
            .header("Cookie", cookie),
    )
    .await
}

both_engines! {
    async fn todays_list_is_put_on_paper(site: Site) {
        let tenant = site.test.tenant("demo").await;
        site.set_clock("2026-11-17T05:00:00Z".parse().expect("a moment")).await;
        let manager = site.user(&tenant, "manager", "manager").await;
        let ali = site.user(&tenant, "ali", "sales").await;
        let bob = site.user(&tenant, "bob", "sales").await;
        for (at, (rep, name)) in [(&ali, "Aysel <script>alert(1)</script>"), (&bob, "Botir")].into_iter().enumerate() {
            let new = json!({"name": name, "phone": format!("+99890123456{at}"), "notes": "Kechki guruh"});
            let made = site.post(rep, "/leads", new).await.expect(201);
            let id = made["id"].as_str().expect("an id");
            let due = json!({"due_at": "2026-11-17T07:00:00Z", "text": "Narxini aytish"});
            site.post(rep, &format!("/leads/{id}/follow-ups"), due).await.expect(201);
            if at == 0 {
                site.post(rep, &format!("/leads/{id}/notes"), json!({"text": "Akasi ham soʻradi"})).await.expect(201);
            }
        }
        let own = page(&site, &ali, "/today/print").await;
        assert_eq!(own.status, 200, "{}", own.text);
        for words in ["Aysel &lt;script&gt;", "Akasi ham soʻradi", "Narxini aytish", "12:00", "class=\"box\""] {
            assert!(own.text.contains(words), "{words}: {}", own.text);
        }
        for words in ["Botir", "<nav", "<aside", "<script>alert"] {
            assert!(!own.text.contains(words), "{words}: {}", own.text);
        }
        let all = page(&site, &manager, "/today/print").await.text;
        let (first, second) = (all.find("<h2>ali").expect("Ali's"), all.find("<h2>bob").expect("Bob's"));
        let (aysel, botir) = (all.find("Aysel").expect("Aysel"), all.find("Botir").expect("Botir"));
        assert!(first < aysel && aysel < second && second < botir, "grouped by rep: {all}");
        assert!(all.contains("Kechki guruh"), "without a note, what the lead came with");
        let one = page(&site, &manager, &format!("/today/print?owner={}", bob.id)).await.text;
        assert!(one.contains("Botir") && !one.contains("Aysel"), "{one}");
    }

    async fn help_is_for_who_reads_it(site: Site) {
        let tenant = site.test.tenant("demo").await;
        let admin = site.user(&tenant, "admin", "admin").await;
        let ali = site.user(&tenant, "ali", "sales").await;
        let (all, own) = (page(&site, &admin, "/help").await.text, page(&site, &ali, "/help").await.text);
        for chapter in ["today", "glossary", "setup", "distribution"] {
            let link = format!("href=\"/help/{chapter}\"");
            assert!(all.contains(&link), "{chapter}");
            assert_eq!(own.contains(&link), ["today", "glossary"].contains(&chapter), "{chapter}");
        }
        assert_eq!(page(&site, &admin, "/help/nothing").await.status, 404);
        let found = page(&site, &ali, "/help?q=kechikkan").await.text;
        assert!(found.contains("/help/glossary#word-overdue"), "{found}");
        let hostile = page(&site, &ali, "/help?q=%3Cscript%3Ealert(1)").await.text;
        assert!(hostile.contains("&lt;script&gt;alert(1)") && !hostile.contains("<script>alert"), "{hostile}");
        for (address, chapter) in [
            ("/", "start"), ("/today", "today"), ("/leads", "leads"), ("/leads/board", "leads"), ("/leads/new", "add"),
            ("/leads/trash", "access"), ("/users", "staff"), ("/leave", "leave"), ("/leave/calendar", "staff"),
            ("/leave/holidays", "setup"), ("/settings", "rules"), ("/settings/fields", "setup"), ("/profile", "account"),
        ] {
            let shown = page(&site, &admin, address).await.text;
            assert!(shown.contains(&format!("class=\"help-at\" href=\"/help/{chapter}\"")), "{address}: {chapter}");
        }
        let shown = page(&site, &ali, "/leave/calendar").await.text;
        assert!(!shown.contains("/help/staff"), "a rep is not sent to a manager's chapter");
    }
}
