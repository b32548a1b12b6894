//! Server and worker are killed again and again while clients work: nothing acknowledged is lost, nothing is doubled.
//! The judge is the clients' own journal, written before each request and at each answer.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use support::both_engines;
use support::database::{Engine, TestDatabase};
use support::server::{Setup, request};
use tokio::task::JoinSet;
use uuid::Uuid;

const CLIENTS: usize = 4;
/// Leases of killed workers run out after a minute; what they held must be done by then.
const SETTLES_WITHIN: Duration = Duration::from_secs(150);

/// How many leads each client takes in; a longer proof asks for more by `TEST_CRASH_LEADS`.
fn leads_each() -> usize {
    let asked = std::env::var("TEST_CRASH_LEADS").ok();
    asked.map_or(25, |leads| leads.parse().expect("a number of leads"))
}

/// A lead as its client knows it.
#[derive(Clone, Debug, Default)]
struct Entry {
    /// The id the server acknowledged.
    lead: Option<String>,
    /// Whether the server acknowledged the status.
    contacted: bool,
}

/// By the phone the client sent: written before the request, completed by the answer.
type Journal = Arc<Mutex<BTreeMap<String, Entry>>>;

both_engines! {
    async fn kills_lose_nothing_acknowledged_and_double_nothing(database: TestDatabase) {
        let setup = Setup::on(&database);
        setup.run(&["migrate"]);
        setup.run(&["tenant", "create", "demo"]);
        for (username, role) in [("admin", "admin"), ("malika", "sales"), ("bekzod", "sales")] {
            setup.run(&["user", "create", "--tenant", "demo", username, "--role", role, "--password", "Sinov-1234!"]);
        }
        let token = setup.run(&["token", "create", "--tenant", "demo", "--user", "admin"]).trim().to_owned();

        let (journal, answered) = (Journal::default(), Arc::new(AtomicUsize::new(0)));
        let mut clients = JoinSet::new();
        for client in 0..CLIENTS {
            clients.spawn(work(setup.port(), token.clone(), client, journal.clone(), answered.clone()));
        }
        let separate = database.engine == Engine::Postgres;
        let kills = kill_while(&setup, separate, &mut clients, &answered).await;
        assert!(kills >= 5, "{kills} kills are too few to prove anything");

        let _server = setup.spawn().await;
        settle(&database, &setup).await;
        let journal = journal.lock().expect("no panic").clone();
        judge(&database, &journal).await;
    }
}

/// Kills what runs after a few answers more, how many a seed decides, and starts it again until the clients are done.
/// On PostgreSQL the worker is a process of its own.
async fn kill_while(setup: &Setup, separate: bool, clients: &mut JoinSet<()>, answered: &AtomicUsize) -> usize {
    let mut seed = 20_261_120_u64;
    let mut kills = 0;
    loop {
        let server = setup.spawn().await;
        let worker = separate.then(|| setup.spawn_worker());
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let enough = answered.load(Ordering::Relaxed) + 5 + (seed >> 33) as usize % (10 + leads_each() / 10);
        while answered.load(Ordering::Relaxed) < enough {
            match clients.try_join_next() {
                Some(client) => client.expect("a client does not give up"),
                None if clients.is_empty() => return kills,
                None => tokio::time::sleep(Duration::from_millis(5)).await,
            }
        }
        if let Some(worker) = worker {
            worker.kill();
        }
        server.kill();
        kills += 1;
    }
}

/// Creates leads and moves each on, asking again with the same key until there is an answer.
async fn work(port: u16, token: String, client: usize, journal: Journal, answered: Arc<AtomicUsize>) {
    for n in 0..leads_each() {
        let phone = format!("+99890{client:01}{n:06}");
        journal
            .lock()
            .expect("no panic")
            .insert(phone.clone(), Entry::default());
        let key = Uuid::now_v7().to_string();
        let body = json!({"name": format!("Lid {client}/{n}"), "phone": phone});
        let made = until_answered(port, &token, Method::POST, "/api/v1/leads", &key, &body).await;
        assert_eq!(made.0, StatusCode::CREATED, "{}", made.1);
        let lead = made.1["id"].as_str().expect("a lead has an id").to_owned();
        journal
            .lock()
            .expect("no panic")
            .get_mut(&phone)
            .expect("written before")
            .lead = Some(lead.clone());

        answered.fetch_add(1, Ordering::Relaxed);
        let path = format!("/api/v1/leads/{lead}/status");
        let moved = until_answered(port, &token, Method::PUT, &path, &key, &json!({"status": "contacted"})).await;
        // A repeat of a move whose answer got lost finds the lead there already.
        let there = moved.0 == StatusCode::OK || moved.1["code"] == "same_status";
        assert!(there, "{} {}", moved.0, moved.1);
        journal
            .lock()
            .expect("no panic")
            .get_mut(&phone)
            .expect("written before")
            .contacted = true;
        answered.fetch_add(1, Ordering::Relaxed);
    }
}

async fn until_answered(
    port: u16,
    token: &str,
    method: Method,
    path: &str,
    key: &str,
    body: &Value,
) -> (StatusCode, Value) {
    let started = Instant::now();
    loop {
        let sent = request(port, method.clone(), "demo", path)
            .bearer_auth(token)
            .header("idempotency-key", key)
            .json(body)
            .timeout(Duration::from_secs(20))
            .send()
            .await;
        if let Ok(answer) = sent {
            let status = answer.status();
            if let Ok(body) = answer.json::<Value>().await
                && !status.is_server_error()
                && status != StatusCode::TOO_MANY_REQUESTS
            {
                return (status, body);
            }
        }
        assert!(started.elapsed() < Duration::from_secs(120), "no answer to {path}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Waits until no job is left to run, those of killed workers included.
async fn settle(database: &TestDatabase, setup: &Setup) {
    let started = Instant::now();
    let waiting = "SELECT COUNT(*) FROM job WHERE state IN ('ready', 'running') AND kind LIKE 'scripts%' \
                   OR state IN ('ready', 'running') AND kind LIKE 'distribution%'";
    while database.count(waiting).await > 0 {
        assert!(started.elapsed() < SETTLES_WITHIN, "jobs are left:\n{}", setup.log());
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

async fn judge(database: &TestDatabase, journal: &BTreeMap<String, Entry>) {
    let leads: BTreeMap<String, (Uuid, String, bool)> = database
        .inspect("SELECT phone, id, status, owner_id FROM lead")
        .await
        .iter()
        .map(|row| {
            let owner: Option<Uuid> = row.try_get("", "owner_id").expect("a column");
            let lead: (Uuid, String) = (
                row.try_get("", "id").expect("an id"),
                row.try_get("", "status").expect("a status"),
            );
            (
                row.try_get("", "phone").expect("a phone"),
                (lead.0, lead.1, owner.is_some()),
            )
        })
        .collect();
    assert_eq!(leads.len(), CLIENTS * leads_each(), "one lead for each person");
    for (phone, entry) in journal {
        let (id, status, owned) = &leads[phone];
        assert_eq!(
            entry.lead.as_deref(),
            Some(id.to_string().as_str()),
            "{phone} is the lead that was acknowledged"
        );
        assert!(entry.contacted && status == "contacted", "{phone}: {status}");
        assert!(owned, "{phone} has an owner");
    }
    let dead = database.count("SELECT COUNT(*) FROM job WHERE state = 'dead'").await;
    assert_eq!(dead, 0, "no job was given up");
    let doubled = "SELECT COUNT(*) FROM (SELECT lead_id, key FROM follow_up WHERE state = 'open' \
                   GROUP BY tenant_id, lead_id, key HAVING COUNT(*) > 1) AS twice";
    assert_eq!(database.count(doubled).await, 0, "no follow-up twice");
    let without = "SELECT COUNT(*) FROM lead AS l WHERE NOT EXISTS (SELECT 1 FROM follow_up AS f \
                   WHERE f.tenant_id = l.tenant_id AND f.lead_id = l.id AND f.state = 'open')";
    assert_eq!(database.count(without).await, 0, "no follow-up lost");
    let history = "SELECT COUNT(*) FROM status_change WHERE to_status = 'contacted'";
    assert_eq!(
        database.count(history).await,
        leads.len() as i64,
        "every move once in the history"
    );
}
