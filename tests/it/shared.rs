//! What nodes share beside the database, with Redis there, gone, and back.

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use platform::jobs::{Handler, NewJob, Runner, enqueue};
use platform::shared::Shared;
use platform::{App, Tx};
use support::app::{TestApp, config};
use support::both_engines;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// A Redis of one test's own, to be stopped.
pub struct Redis {
    port: u16,
    process: Option<Child>,
}

impl Redis {
    pub fn start() -> Self {
        let port = TcpListener::bind("127.0.0.1:0")
            .expect("a port")
            .local_addr()
            .expect("it is bound")
            .port();
        let mut redis = Self { port, process: None };
        redis.again();
        redis
    }

    pub fn again(&mut self) {
        let port = self.port.to_string();
        let process = Command::new("redis-server")
            .args([
                "--port",
                &port,
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--appendonly",
                "no",
            ])
            .stdout(Stdio::null())
            .spawn();
        self.process = Some(process.expect("redis-server is installed"));
    }

    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            let _ = process.kill();
            let _ = process.wait();
        }
    }

    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    async fn node(&self) -> Shared {
        Shared::connect(Some(&self.url())).await.expect("a good address")
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.kill();
    }
}

async fn healthy(node: &Shared) {
    let started = Instant::now();
    while node.health().await != Some(true) {
        assert!(started.elapsed() < Duration::from_secs(20), "redis is not answering");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Says a word on one node until another hears it.
async fn heard(from: &Shared, to: &Shared, word: &str) {
    let mut messages = to.subscribe();
    let started = Instant::now();
    loop {
        from.publish(word).await;
        let next = tokio::time::timeout(Duration::from_millis(100), messages.recv()).await;
        if matches!(next, Ok(Ok(text)) if text == word) {
            return;
        }
        assert!(started.elapsed() < Duration::from_secs(20), "{word} was not heard");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_redis_a_node_talks_to_itself() {
    let alone = Shared::connect(None).await.expect("nothing to connect to");
    assert_eq!(alone.health().await, None);
    heard(&alone, &alone, "word").await;
    for _ in 0..3 {
        alone.check_failures("key", 3).await.expect("not yet");
        alone.count_failure("key").await;
    }
    assert_eq!(
        alone.check_failures("key", 3).await.expect_err("too often").code(),
        "too_many_requests"
    );
    alone.clear_failures("key").await;
    alone.check_failures("key", 3).await.expect("cleared");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_share_words_and_throttles_and_go_on_alone_while_redis_is_away() {
    let mut redis = Redis::start();
    let (one, two) = (redis.node().await, redis.node().await);
    healthy(&one).await;
    healthy(&two).await;
    heard(&one, &two, "word").await;
    for node in [&one, &two, &one] {
        node.check_failures("login/x", 3).await.expect("not yet");
        node.count_failure("login/x").await;
    }
    assert!(
        two.check_failures("login/x", 3).await.is_err(),
        "failures on either node count"
    );

    redis.kill();
    let started = Instant::now();
    for _ in 0..50 {
        one.publish("alone").await;
        one.count_failure("login/y").await;
        let _ = one.check_failures("login/z", 3).await;
    }
    assert!(
        started.elapsed() < Duration::from_secs(5),
        "nobody waits for what is away: {:?}",
        started.elapsed()
    );
    assert_eq!(one.health().await, Some(false));
    assert!(
        one.check_failures("login/y", 10).await.is_err(),
        "the throttle goes on in the node"
    );
    assert!(
        one.check_failures("login/x", 2).await.is_err(),
        "with what the node itself has seen"
    );
    heard(&one, &one, "still here").await;

    redis.again();
    healthy(&one).await;
    healthy(&two).await;
    heard(&two, &one, "back").await;
}

async fn node(test: &TestApp, redis: &Redis) -> App {
    let mut config = config(&test.database);
    config.redis_url = Some(redis.url());
    App::start(config).await.expect("the ground starts")
}

both_engines! {
    async fn work_put_in_on_one_node_wakes_a_worker_on_another(test: TestApp) {
        let redis = Redis::start();
        let (door, worker) = (node(&test, &redis).await, node(&test, &redis).await);
        healthy(&door.shared).await;
        heard(&door.shared, &worker.shared, "ready").await;
        let tenant = test.tenant("one").await.id;
        let (done, mut finished) = mpsc::unbounded_channel();
        let handler: Handler = Arc::new(move |_| {
            let _ = done.send(());
            Box::pin(async { Ok(()) })
        });
        let stop = CancellationToken::new();
        let running = tokio::spawn(Runner::new(worker, [("work", handler)].into(), vec![]).run(stop.clone()));
        tokio::time::sleep(Duration::from_millis(500)).await;
        let started = Instant::now();
        for n in 0..10 {
            let job = NewJob::new("work", format!("{n}"), vec![]);
            door.db.write(tenant, async move |tx: Tx| enqueue(&tx, job).await).await.unwrap();
            let waited = tokio::time::timeout(Duration::from_secs(10), finished.recv()).await;
            assert!(waited.is_ok(), "job {n}");
        }
        // Looking by itself the worker would need most of a second for each.
        assert!(started.elapsed() < Duration::from_secs(6), "{:?}", started.elapsed());
        stop.cancel();
        running.await.unwrap();
    }

    async fn a_clock_moved_on_one_node_moves_on_the_others(test: TestApp) {
        let redis = Redis::start();
        let (told, untold) = (node(&test, &redis).await, test.beside().await);
        for days in [400, 3] {
            let then = test.app.clock.real() + TimeDelta::days(days);
            test.app.set_clock(then).await.unwrap();
            let started = Instant::now();
            for other in [&told, &untold] {
                while (other.clock.now() - then).num_seconds().abs() > 60 {
                    assert!(started.elapsed() < Duration::from_secs(20), "the clock stands still");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            }
            assert!((test.app.clock.now() - then).num_seconds() < 60);
            assert!((test.app.clock.real() - told.clock.real()).num_seconds().abs() < 5, "real time does not move");
        }
    }
}
