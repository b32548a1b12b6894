//! What a first visitor does: uploads 5,000 leads in the browser of two centers, and watches each center's own rules
//! give them out, plan them and tell the reps.

use std::path::Path;
use std::time::{Duration, Instant};

use support::browser::{Browser, Look};
use support::database::rows;
use support::server::{DEMO_PASSWORD, Server, Setup};

/// A debug build on a busy machine.
const IMPORTED_WITHIN: Duration = Duration::from_secs(420);
/// Owners and follow-ups come in jobs after the rows.
const PLANNED_WITHIN: Duration = Duration::from_secs(240);

#[tokio::test]
async fn a_demo_has_days_of_work_behind_it_and_a_clock_that_is_right() {
    let mut setup = Setup::demo();
    setup.env("MARKAZ_DEMO_DAYS", "3");
    let _server = setup.spawn().await;
    let database = setup.database_url();
    let count = async |what: &str| -> i64 {
        let found = rows(&database, &format!("SELECT COUNT(*) AS n FROM {what}")).await;
        found[0].try_get("", "n").expect("a number")
    };
    let now = chrono::Utc::now();
    let later = format!("lead WHERE created_at > '{}'", now.to_rfc3339());
    assert_eq!(count(&later).await, 0, "nothing comes from the future");
    let before = format!(
        "lead WHERE created_at < '{}'",
        (now - chrono::TimeDelta::days(1)).to_rfc3339()
    );
    assert!(count(&before).await >= 8, "leads came on the days before");
    assert!(count("follow_up WHERE state = 'done'").await >= 8, "reps have worked");
    assert!(count("follow_up WHERE state = 'open'").await >= 8, "and have work left");
    assert!(count("status_change").await >= 1);
    assert_eq!(
        count("leave WHERE state = 'pending'").await,
        3,
        "a manager has something to answer"
    );
    assert_eq!(
        count("lead AS l WHERE owner_id IS NULL AND waiting_since IS NULL").await,
        0
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_thousand_leads_go_the_whole_way_in_two_centers() {
    let Some(browser) = Browser::open().await else { return };
    let setup = Setup::demo();
    let server = setup.spawn().await;
    for (slug, file) in [("demo", "leads-5000.xlsx"), ("academy", "leads-5000.csv")] {
        upload(&browser, &server, slug, file).await;
    }
    browser.close().await;

    let database = setup.database_url();
    let count = async |what: &str, slug: &str| -> i64 {
        let sql =
            format!("SELECT COUNT(*) AS n FROM {what} AND tenant_id = (SELECT id FROM tenant WHERE slug = '{slug}')");
        rows(&database, &sql).await[0]
            .try_get("", "n")
            .unwrap_or_else(|e| panic!("{sql}: {e}"))
    };
    for slug in ["demo", "academy"] {
        assert_eq!(count("lead WHERE import_id IS NOT NULL", slug).await, 5_000, "{slug}");
        let unanswered = "lead WHERE import_id IS NOT NULL AND owner_id IS NULL AND waiting_since IS NULL";
        assert_eq!(count(unanswered, slug).await, 0, "{slug}: every lead is owned or waits");
        let unplanned = "lead WHERE import_id IS NOT NULL AND owner_id IS NOT NULL AND NOT EXISTS (\
                         SELECT 1 FROM follow_up AS f WHERE f.tenant_id = lead.tenant_id AND f.lead_id = lead.id \
                         AND f.state = 'open')";
        let started = Instant::now();
        while count(unplanned, slug).await > 0 {
            let log = || setup.log();
            assert!(
                started.elapsed() < PLANNED_WITHIN,
                "{slug}: an owned lead has no follow-up\n{}",
                log()
            );
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }
    assert_eq!(
        count("lead WHERE import_id IS NOT NULL", "avto").await,
        0,
        "nobody else's"
    );
    let own_rule = "decision WHERE hook = 'distribute' AND plan LIKE '%lightest_course_load%'";
    assert!(count(own_rule, "demo").await == 0, "the pack decides in demo");
    if count("lead WHERE import_id IS NOT NULL AND owner_id IS NOT NULL", "academy").await > 0 {
        assert!(
            count(own_rule, "academy").await > 0,
            "the academy's own script decides there"
        );
    }
}

async fn upload(browser: &Browser, server: &Server, slug: &str, file: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(file);
    browser.device(1280, 844, Look::Light).await;
    browser.goto(&server.url(slug, "/login")).await;
    browser.fill("input[name=username]", "admin").await;
    browser.fill("input[name=password]", DEMO_PASSWORD).await;
    browser.click("form[action='/login'] button").await;
    browser
        .until(
            "signed in",
            Duration::from_secs(30),
            "!location.pathname.startsWith('/login')",
        )
        .await;
    browser.goto(&server.url(slug, "/imports")).await;
    browser.fill("input[type=file]", &file.display().to_string()).await;
    browser.click("form[action='/imports'] button").await;
    browser
        .until(
            "the columns",
            Duration::from_secs(60),
            "document.querySelector('form[action$=\"/mapping\"]')",
        )
        .await;
    browser.click("form[action$='/mapping'] .btn-primary").await;
    let told = "[...document.querySelectorAll('#progress .tally dd')].map(n => n.innerText.replace(/\\D/g, '')).join()";
    let done = format!("document.querySelector('#progress a[href=\"/leads\"]') && {told} === '5000,140,0'");
    browser
        .until("5,000 leads in and 140 repeats told", IMPORTED_WITHIN, &done)
        .await;
}
