//! The manual, walked: one person of each role does in a browser what `docs/reps.md` and `docs/admins.md` say, on both
//! engines. A chapter that is written without a walk fails, and so does a walk through a chapter that is gone.

mod admin;
mod manager;
mod rep;

use std::collections::BTreeSet;
use std::time::{SystemTime, UNIX_EPOCH};

use chrono::NaiveDate;
use support::database::TestDatabase;
use support::server::{DEMO_PASSWORD, Server, Setup};
use totp_rs::{Builder, Secret};

const REPS: &str = include_str!("../../docs/reps.md");
const ADMINS: &str = include_str!("../../docs/admins.md");
const WALKS: [&str; 3] = [
    include_str!("manual/rep.rs"),
    include_str!("manual/manager.rs"),
    include_str!("manual/admin.rs"),
];
/// The center the walks are in, one of the demo.
const CENTRE: &str = "demo";

#[test]
fn every_chapter_of_the_manual_is_walked() {
    let written: BTreeSet<String> = chapters(REPS).chain(chapters(ADMINS)).collect();
    let walked: BTreeSet<String> = WALKS
        .iter()
        .flat_map(|walk| walk.split(".chapter(\"").skip(1))
        .filter_map(|rest| rest.split_once("\")"))
        .map(|(chapter, _)| chapter.to_owned())
        .collect();
    let unwalked: Vec<_> = written.difference(&walked).collect();
    let unwritten: Vec<_> = walked.difference(&written).collect();
    assert!(
        unwalked.is_empty() && unwritten.is_empty(),
        "no walk: {unwalked:?}; no chapter: {unwritten:?}"
    );
}

/// The headings, and what a list of chapters begins its lines with.
fn chapters(manual: &str) -> impl Iterator<Item = String> {
    let headings = manual.lines().filter_map(|line| line.strip_prefix("## "));
    let listed = manual.split("\n## ").next().unwrap_or_default();
    let listed = listed
        .lines()
        .filter_map(|line| line.strip_prefix("- **")?.split("**").next());
    headings
        .chain(listed)
        .map(|chapter| chapter.trim_end_matches(['.', ':']).to_owned())
}

/// A server with the demo on a database of one walk, on a Tuesday, eleven in the morning in Tashkent.
async fn open_center(database: &TestDatabase) -> (Setup, Server, NaiveDate) {
    open_center_with(database, |_| ()).await
}

async fn open_center_with(database: &TestDatabase, more: impl FnOnce(&mut Setup)) -> (Setup, Server, NaiveDate) {
    let mut setup = Setup::on(database);
    setup
        .argument("--demo")
        .env("MARKAZ_DEMO_PASSWORD", DEMO_PASSWORD)
        .env("MARKAZ_DEMO_DAYS", "0");
    more(&mut setup);
    let server = setup.spawn().await;
    let today = server.at_work().await;
    (setup, server, today)
}

/// What a code app shows `ahead` steps from now.
fn authenticator(secret: &str, ahead: u64) -> String {
    let secret = Secret::try_from_base32(secret.replace(' ', "")).expect("base 32");
    let totp = Builder::new().with_secret(secret).with_account_name("x").build();
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("after 1970")
        .as_secs();
    totp.expect("a good secret").generate(now + ahead * 30).to_string()
}
