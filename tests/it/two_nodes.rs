//! Two doors and a worker as processes of their own, on PostgreSQL with Redis.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use chrono::{TimeDelta, Utc};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use support::database::{Engine, TestDatabase};
use support::server::Setup;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_doors_and_workers_are_one_product() {
    let Some(database) = TestDatabase::create(Engine::Postgres).await else {
        return;
    };
    let mut first = Setup::on(&database);
    if let Ok(redis) = std::env::var("MARKAZ_TEST_REDIS_URL") {
        first.env("MARKAZ_REDIS_URL", redis);
    }
    first.run(&["migrate"]);
    first.run(&["tenant", "create", "demo"]);
    for (username, role) in [("admin", "admin"), ("malika", "sales"), ("bekzod", "sales")] {
        first.run(&[
            "user",
            "create",
            "--tenant",
            "demo",
            username,
            "--role",
            role,
            "--password",
            "Sinov-1234!",
        ]);
    }
    let token = first
        .run(&["token", "create", "--tenant", "demo", "--user", "admin"])
        .trim()
        .to_owned();
    first.argument("--no-worker");
    let second = first.beside();
    let (one, two) = (first.spawn().await, second.spawn().await);
    let (third, fourth) = (first.beside(), first.beside());
    let _workers = (third.spawn_worker(), fourth.spawn_worker());

    let mut ids = Vec::new();
    for n in 0..20 {
        let node = if n % 2 == 0 { &one } else { &two };
        let body = json!({"name": format!("Lid {n}"), "phone": format!("+9989012345{n:02}")});
        let made = node
            .post("demo", "/api/v1/leads")
            .bearer_auth(&token)
            .json(&body)
            .send()
            .await
            .expect("an answer");
        assert_eq!(made.status(), StatusCode::CREATED);
        let made: Value = made.json().await.expect("a lead");
        ids.push(made["id"].as_str().expect("an id").to_owned());
    }
    let started = Instant::now();
    let mut owners: BTreeMap<String, usize> = BTreeMap::new();
    for (n, id) in ids.iter().enumerate() {
        let node = if n % 2 == 0 { &two } else { &one };
        loop {
            let path = format!("/api/v1/leads/{id}");
            let seen = node
                .get("demo", &path)
                .bearer_auth(&token)
                .send()
                .await
                .expect("an answer");
            assert_eq!(seen.status(), StatusCode::OK, "what one door took in the other shows");
            let seen: Value = seen.json().await.expect("a lead");
            if let Some(owner) = seen["owner_id"].as_str() {
                *owners.entry(owner.to_owned()).or_default() += 1;
                break;
            }
            assert!(started.elapsed() < Duration::from_secs(60), "{}", third.log());
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
    assert_eq!(
        owners.values().copied().collect::<Vec<_>>(),
        [10, 10],
        "given out evenly, once each"
    );
    let assigned = "SELECT COUNT(*) FROM event WHERE kind = 'lead.assigned'";
    assert_eq!(database.count(assigned).await, 20);

    // The clock is moved at one door; every slot that comes is run once between both workers.
    for step in 1..=3 {
        let now = Utc::now() + TimeDelta::days(step);
        let moved = one
            .request(Method::PUT, "demo", "/api/v1/test-clock")
            .bearer_auth(&token)
            .json(&json!({"now": now.to_rfc3339()}))
            .send()
            .await
            .expect("an answer");
        assert!(moved.status().is_success(), "{}", moved.status());
        let slots = "SELECT COUNT(*) FROM tick WHERE name = 'follow_ups.overdue'";
        let waiting = "SELECT COUNT(*) FROM job WHERE uniq LIKE 'tick/%' AND state <> 'done'";
        let started = Instant::now();
        while database.count(slots).await <= step || database.count(waiting).await > 0 {
            assert!(started.elapsed() < Duration::from_secs(60), "{}", third.log());
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
    let twice = "SELECT COUNT(*) FROM job WHERE uniq LIKE 'tick/%' AND (attempt <> 1 OR state <> 'done')";
    assert_eq!(database.count(twice).await, 0, "every slot once");
    let ticks = database.count("SELECT COUNT(*) FROM tick").await;
    assert_eq!(
        database
            .count("SELECT COUNT(*) FROM job WHERE uniq LIKE 'tick/%'")
            .await,
        ticks
    );
    assert_eq!(database.count("SELECT COUNT(*) FROM job WHERE state = 'dead'").await, 0);
}
