//! What breaks in the middle: the script process, the database's connections. Nothing is lost, everything goes on.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use platform::jobs::{Handler, NewJob, Runner, enqueue};
use platform::{Error, Id, Tx};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, FromQueryResult};
use support::app::TestApp;
use support::both_engines;
use support::database::{Engine, TestDatabase};
use support::desk::{Center, Silent};
use support::scripts::host;
use tokio_util::sync::CancellationToken;
use wire::{Batch, Check, CheckReport, Outcome};
use workflows::leads::{self, NewLead, Via};
use workflows::ports::{ScriptFault, ScriptHost};

const KINDS: &[&str] = &["scripts.plan", "distribution.give_out", "distribution.waiting"];

/// Answers the first half of every batch; then its process is gone.
struct Dying(Arc<dyn ScriptHost>);

#[async_trait]
impl ScriptHost for Dying {
    async fn run(&self, mut batch: Batch) -> Vec<Result<Outcome, ScriptFault>> {
        let mut rest = batch.clone();
        rest.calls = batch.calls.split_off(batch.calls.len().div_ceil(2));
        let mut outcomes = self.0.run(batch).await;
        outcomes.extend(Silent.run(rest).await);
        outcomes
    }

    async fn check(&self, check: Check) -> Result<CheckReport, ScriptFault> {
        self.0.check(check).await
    }
}

#[derive(FromQueryResult)]
struct Row {
    owner_id: Option<Id>,
    planned: i64,
    level: Option<String>,
}

both_engines! {
    async fn a_script_process_that_dies_within_a_batch_costs_nobody_a_lead(test: TestApp) {
        test.app.set_clock("2027-03-01T10:00:00Z".parse().unwrap()).await.unwrap();
        let center = Center::with(&test.app, "one", Arc::new(Dying(Arc::new(host().await)))).await;
        for n in 0..3 {
            center.user(&format!("rep{n}"), "sales").await;
        }
        let (admin, tenant) = (center.admin.clone(), center.tenant.id);
        let new = (0..60).map(|n| NewLead {
            name: format!("Lid {n}"),
            phone: format!("+9989{:08}", 4_000_000 + n),
            ..NewLead::default()
        });
        let new: Vec<NewLead> = new.collect();
        let store = async move |tx: Tx| {
            let registry = leads::registry_in(&tx).await?;
            leads::capture_all_in(&tx, &admin, &registry, new, Via::Api).await
        };
        test.app.db.write(tenant, store).await.unwrap();
        center.runner_of(KINDS).drain().await.unwrap();
        let sql = "SELECT l.owner_id, (SELECT COUNT(*) FROM follow_up AS f WHERE f.tenant_id = l.tenant_id \
                   AND f.lead_id = l.id AND f.state = 'open') AS planned, (SELECT d.level FROM decision AS d \
                   WHERE d.tenant_id = l.tenant_id AND d.lead_id = l.id AND d.hook = 'distribute') AS level \
                   FROM lead AS l WHERE l.tenant_id = $1 ORDER BY l.id";
        let read = async move |tx: Tx| tx.all::<Row>(sql, vec![tenant.0.into()]).await;
        let rows = test.app.db.read(tenant, read).await.unwrap();
        let mut each = std::collections::BTreeMap::new();
        for row in &rows {
            assert!(row.planned == 1, "one first call for each");
            *each.entry(row.owner_id.expect("an owner")).or_insert(0) += 1;
        }
        assert_eq!(each.values().copied().collect::<Vec<_>>(), [20, 20, 20]);
        let level = |of: &str| rows.iter().filter(|row| row.level.as_deref() == Some(of)).count();
        assert_eq!((level("pack"), level("core")), (30, 30), "who decided is on record");
    }
}

/// Every connection is cut again and again, as when PostgreSQL is restarted.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cut_connections_are_called_unavailable_and_lose_nothing_acknowledged() {
    let Some(database) = TestDatabase::create(Engine::Postgres).await else {
        return;
    };
    let name = url::Url::parse(&database.url).expect("a URL").path()[1..].to_owned();
    let root = std::env::var("MARKAZ_TEST_DATABASE_SUPERUSER_URL").expect("given with the other URLs");
    let mut options = ConnectOptions::new(root);
    options.max_connections(1).sqlx_logging(false);
    let root = Database::connect(options).await.expect("it answers");
    let test = TestApp::on(database).await;
    let tenant = test.tenant("one").await.id;
    let ran = Arc::new(AtomicUsize::new(0));
    let handler: Handler = {
        let ran = ran.clone();
        Arc::new(move |_| {
            ran.fetch_add(1, Ordering::SeqCst);
            Box::pin(async { Ok(()) })
        })
    };
    let stop = CancellationToken::new();
    let runner = Runner::new(test.app.clone(), [("work", handler)].into(), vec![]);
    let working = tokio::spawn(runner.clone().run(stop.clone()));
    let over = CancellationToken::new();
    let cutting = {
        let over = over.clone();
        tokio::spawn(async move {
            let cut = format!(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}' \
                 AND usename = 'markaz_app'"
            );
            while !over.is_cancelled() {
                root.execute_unprepared(&cut).await.expect("cut");
                tokio::time::sleep(Duration::from_millis(60)).await;
            }
        })
    };
    let (mut acknowledged, mut refused) = (0, 0);
    for n in 0..150 {
        let job = NewJob::new("work", format!("{n}"), vec![]);
        match test
            .app
            .db
            .write(tenant, async move |tx: Tx| enqueue(&tx, job).await)
            .await
        {
            Ok(()) => acknowledged += 1,
            Err(Error::Unavailable(_)) => refused += 1,
            Err(other) => panic!("{other}"),
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    over.cancel();
    cutting.await.expect("no panic");
    // One that rested for a second is asked whether it lives; one just cut after use is found out by its next user.
    tokio::time::sleep(Duration::from_millis(1_200)).await;
    assert!(acknowledged > 0, "{refused} refused");
    #[derive(FromQueryResult)]
    struct Left {
        stored: i64,
        open: i64,
        dead: i64,
    }
    let sql = "SELECT COUNT(*) AS stored, COUNT(*) FILTER (WHERE state IN ('ready', 'running')) AS open, \
               COUNT(*) FILTER (WHERE state = 'dead') AS dead FROM job WHERE tenant_id = $1";
    let past = "UPDATE job SET lease_until = created_at - INTERVAL '1 hour' WHERE tenant_id = $1 AND state = 'running'";
    let started = Instant::now();
    loop {
        let left = test.app.db.read(tenant, async move |tx: Tx| {
            tx.one::<Left>(sql, vec![tenant.0.into()]).await
        });
        let left = left.await.expect("it answers again").expect("a row");
        assert!(left.stored >= acknowledged, "what was acknowledged is there");
        assert_eq!(left.dead, 0);
        if left.open == 0 {
            break;
        }
        assert!(
            started.elapsed() < Duration::from_secs(90),
            "{} jobs are left",
            left.open
        );
        tokio::time::sleep(Duration::from_secs(1)).await;
        // Claimed on a connection that was cut: nobody knows of it, so its lease runs out.
        let spent = async move |tx: Tx| tx.run(past, vec![tenant.0.into()]).await;
        test.app.db.write(tenant, spent).await.expect("writable");
        runner.keep_house().await;
    }
    stop.cancel();
    working.await.expect("no panic");
    assert!(ran.load(Ordering::SeqCst) as i64 >= acknowledged);
}
