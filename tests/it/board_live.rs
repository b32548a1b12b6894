//! Two people at two nodes with the board open: each sees the other's moves within a second; without Redis the page
//! works and says that it is not live; with it back, it catches up by itself.

use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::json;
use support::browser::Browser;
use support::database::{Engine, TestDatabase};
use support::server::{Server, Setup};

use crate::shared::Redis;

const PASSWORD: &str = "Sinov-1234!";
const SECOND: Duration = Duration::from_secs(1);
const AWHILE: Duration = Duration::from_secs(20);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_people_at_two_nodes_see_each_others_moves() {
    let Some(database) = TestDatabase::create(Engine::Postgres).await else {
        return;
    };
    let (Some(ali), Some(bob)) = (Browser::open().await, Browser::open().await) else {
        return;
    };
    let mut redis = Redis::start();
    let mut first = Setup::on(&database);
    first.env("MARKAZ_REDIS_URL", redis.url());
    first.run(&["migrate"]);
    first.run(&["tenant", "create", "demo"]);
    for (username, role) in [("admin", "admin"), ("nodira", "manager")] {
        let who = [
            "user",
            "create",
            "--tenant",
            "demo",
            username,
            "--role",
            role,
            "--password",
            PASSWORD,
        ];
        first.run(&who);
    }
    let token = first.run(&["token", "create", "--tenant", "demo", "--user", "admin"]);
    first.argument("--no-worker");
    let (one, two) = (first.spawn().await, first.beside().spawn().await);
    let mut leads = Vec::new();
    for number in 0..3 {
        let new = json!({"name": format!("Lid {number}"), "phone": format!("+99890123450{number}")});
        let made = one
            .post("demo", "/api/v1/leads")
            .bearer_auth(token.trim())
            .json(&new)
            .send()
            .await;
        let made: serde_json::Value = made.expect("an answer").json().await.expect("a lead");
        leads.push(made["id"].as_str().expect("an id").to_owned());
    }
    open_board(&ali, &one, "admin").await;
    open_board(&bob, &two, "nodira").await;

    // By keyboard here, seen there; and the other way round.
    by_key(&ali, &leads[0]).await;
    stands(&bob, &leads[0], "contacted", SECOND).await;
    by_key(&bob, &leads[1]).await;
    stands(&ali, &leads[1], "contacted", SECOND).await;
    assert_eq!(
        ali.script("return document.querySelector('[data-lane=contacted] .n').textContent")
            .await,
        "2"
    );
    // A move taken back is a move.
    bob.click("[data-undo]").await;
    stands(&bob, &leads[1], "new", SECOND * 5).await;
    stands(&ali, &leads[1], "new", SECOND * 5).await;

    redis.kill();
    for browser in [&ali, &bob] {
        browser
            .until(
                "it says that it is not live",
                AWHILE,
                "document.querySelector('[data-live]').dataset.state === 'off'",
            )
            .await;
        assert!(!browser.text("[data-live]").await.is_empty());
    }
    by_key(&ali, &leads[2]).await;
    stands(&ali, &leads[2], "contacted", SECOND * 5).await;
    let seen = bob.script(&format!("return {}", place(&leads[2]))).await;
    assert_eq!(seen, "new", "nothing tells the other node");

    redis.again();
    for browser in [&ali, &bob] {
        browser
            .until(
                "it is live again",
                AWHILE,
                "document.querySelector('[data-live]').dataset.state === 'on'",
            )
            .await;
    }
    stands(&bob, &leads[2], "contacted", AWHILE).await;
    by_key(&bob, &leads[1]).await;
    stands(&ali, &leads[1], "contacted", AWHILE).await;
    for browser in [&ali, &bob] {
        let complaints = browser.complaints().await;
        assert!(complaints.is_empty(), "{complaints:?}");
    }

    // A node that is told to stop does not wait for those who listen.
    let told = Instant::now();
    let pid = two.process().to_string();
    assert!(
        Command::new("kill")
            .args(["-TERM", &pid])
            .status()
            .expect("it is told")
            .success()
    );
    let state = || std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    while !state().is_empty() && !state().contains("State:\tZ") {
        assert!(told.elapsed() < Duration::from_secs(8), "it still runs");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let off = "document.querySelector('[data-live]').dataset.state === 'off'";
    bob.until("its page says so", AWHILE, off).await;
    for browser in [ali, bob] {
        browser.close().await;
    }
}

async fn open_board(browser: &Browser, server: &Server, username: &str) {
    browser.goto(&server.url("demo", "/login?next=/leads/board")).await;
    browser.fill("#f-username", username).await;
    browser.fill("#f-password", PASSWORD).await;
    browser.keys("#f-password", "\u{E007}").await;
    browser
        .until(
            "the board is live",
            AWHILE,
            "document.querySelector('[data-live]')?.dataset.state === 'on'",
        )
        .await;
}

/// Picks a card up, chooses the next column it may go to, and drops it.
async fn by_key(browser: &Browser, lead: &str) {
    let link = format!(".tile[data-lead='{lead}'] > a");
    for key in [" ", "\u{E014}", "\u{E007}"] {
        browser.keys(&link, key).await;
    }
    browser
        .until(
            "the move is confirmed",
            AWHILE,
            "document.querySelector('.toast [data-undo]')",
        )
        .await;
}

fn place(lead: &str) -> String {
    format!("document.querySelector(\".tile[data-lead='{lead}']\").closest('[data-lane]').dataset.lane")
}

async fn stands(browser: &Browser, lead: &str, column: &str, within: Duration) {
    let condition = format!("{} === '{column}'", place(lead));
    browser
        .until(&format!("the lead in {column}"), within, &condition)
        .await;
}
