//! The door to the database: writers share commits and not failures, readers see one moment, roles see their part.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures::future::join_all;
use platform::clock::Clock;
use platform::db::Db;
use platform::jobs::{NewJob, enqueue};
use platform::{App, Error, Result, TenantId, Tx};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, FromQueryResult, SqliteTransactionMode, Statement, TransactionOptions,
    TransactionTrait,
};
use support::app::{TestApp, config};
use support::both_engines;
use support::database::Engine;

#[derive(FromQueryResult)]
struct Count {
    count: i64,
}

async fn count_in(tx: &Tx) -> Result<i64> {
    let sql = "SELECT COUNT(*) AS count FROM job WHERE tenant_id = $1";
    Ok(tx
        .one::<Count>(sql, vec![tx.tenant().0.into()])
        .await?
        .map_or(0, |row| row.count))
}

async fn count(app: &App, tenant: TenantId) -> i64 {
    app.db
        .read(tenant, async move |tx: Tx| count_in(&tx).await)
        .await
        .expect("readable")
}

async fn store(app: &App, tenant: TenantId, uniq: String) -> Result<()> {
    let job = NewJob::new("work", uniq, vec![]);
    app.db.write(tenant, async move |tx: Tx| enqueue(&tx, job).await).await
}

both_engines! {
    async fn writers_at_once_share_no_failure(test: TestApp) {
        let tenant = test.tenant("one").await.id;
        let writers = (0..60).map(|n| {
            let app = test.app.clone();
            async move {
                app.db
                    .write(tenant, async move |tx: Tx| {
                        enqueue(&tx, NewJob::new("work", format!("{n}"), vec![])).await?;
                        if n % 3 == 1 {
                            return Err(Error::refused("no"));
                        }
                        assert!(n % 3 != 2, "a closure panics");
                        Ok(n)
                    })
                    .await
            }
        });
        for (n, outcome) in join_all(writers).await.into_iter().enumerate() {
            match n % 3 {
                0 => assert_eq!(outcome.unwrap(), n),
                1 => assert_eq!(outcome.unwrap_err().code(), "no"),
                _ => assert_eq!(outcome.unwrap_err().code(), "internal"),
            }
        }
        assert_eq!(count(&test.app, tenant).await, 20, "what failed left nothing, what went well is there");
        store(&test.app, tenant, "after".into()).await.unwrap();
    }

    async fn a_tenant_that_writes_without_pause_does_not_keep_another_waiting(test: TestApp) {
        let (noisy, quiet) = (test.tenant("noisy").await.id, test.tenant("quiet").await.id);
        if test.app.db.is_postgres() {
            // Opening a connection takes longer than what is measured here.
            let open = |tenant| {
                let app = test.app.clone();
                async move {
                    let pause = Duration::from_millis(200);
                    let hold = async move |_: Tx| {
                        tokio::time::sleep(pause).await;
                        Ok(())
                    };
                    app.db.write(tenant, hold).await.unwrap();
                }
            };
            join_all((0..24).map(|n| open(if n % 2 == 0 { noisy } else { quiet }))).await;
        }
        let done = Arc::new(AtomicUsize::new(0));
        let noise: Vec<_> = (0..600)
            .map(|n| {
                let (app, done) = (test.app.clone(), done.clone());
                tokio::spawn(async move {
                    store(&app, noisy, format!("{n}")).await.unwrap();
                    done.fetch_add(1, Ordering::SeqCst);
                })
            })
            .collect();
        while done.load(Ordering::SeqCst) < 20 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        let before = done.load(Ordering::SeqCst);
        store(&test.app, quiet, "one".into()).await.unwrap();
        let meanwhile = done.load(Ordering::SeqCst) - before;
        assert!(meanwhile < 300, "{meanwhile} writes of one tenant went before one of another");
        join_all(noise).await;
        assert_eq!(count(&test.app, noisy).await, 600);
    }

    async fn a_transaction_kept_beyond_its_closure_writes_nothing(test: TestApp) {
        let tenant = test.tenant("one").await.id;
        let (send, kept) = std::sync::mpsc::channel::<Tx>();
        let leaked = test.app.db.write(tenant, async move |tx: Tx| {
            enqueue(&tx, NewJob::new("work", "leaked", vec![])).await?;
            send.send(tx).expect("it is kept");
            Ok(())
        });
        assert_eq!(leaked.await.unwrap_err().code(), "internal");
        let kept = kept.recv().unwrap();
        assert!(count_in(&kept).await.is_err(), "it has ended");
        store(&test.app, tenant, "next".into()).await.unwrap();
        assert_eq!(count(&test.app, tenant).await, 1);
    }

    async fn a_write_whose_caller_went_away_is_whole_or_not_there(test: TestApp) {
        let tenant = test.tenant("one").await.id;
        let app = test.app.clone();
        let calling = tokio::spawn(async move {
            app.db
                .write(tenant, async move |tx: Tx| {
                    enqueue(&tx, NewJob::new("work", "first", vec![])).await?;
                    tokio::time::sleep(Duration::from_millis(300)).await;
                    enqueue(&tx, NewJob::new("work", "second", vec![])).await
                })
                .await
        });
        tokio::time::sleep(Duration::from_millis(100)).await;
        calling.abort();
        let _ = calling.await;
        tokio::time::sleep(Duration::from_millis(600)).await;
        assert_eq!(count(&test.app, tenant).await, 2, "it was committed without its caller");
        store(&test.app, tenant, "next".into()).await.unwrap();
    }

    async fn a_reader_sees_one_moment(test: TestApp) {
        let tenant = test.tenant("one").await.id;
        let writer = test.app.clone();
        let seen = test.app.db.read(tenant, async move |tx: Tx| {
            let before = count_in(&tx).await?;
            store(&writer, tenant, "meanwhile".into()).await?;
            Ok((before, count_in(&tx).await?))
        });
        assert_eq!(seen.await.unwrap(), (0, 0));
        assert_eq!(count(&test.app, tenant).await, 1);
    }

    async fn one_connection_serves_tenants_in_turn_and_shows_each_its_own(test: TestApp) {
        let (one, two) = (test.tenant("one").await.id, test.tenant("two").await.id);
        store(&test.app, one, "only".into()).await.unwrap();
        for _ in 0..30 {
            assert_eq!(count(&test.app, one).await, 1);
            assert_eq!(count(&test.app, two).await, 0);
        }
        if test.database.engine == Engine::Postgres {
            #[derive(FromQueryResult)]
            struct Setting {
                tenant: Option<String>,
            }
            let sql = "SELECT NULLIF(current_setting('app.tenant', true), '') AS tenant";
            for _ in 0..10 {
                let left = test.app.db.platform_read(async move |tx: Tx| tx.one::<Setting>(sql, vec![]).await);
                assert_eq!(left.await.unwrap().unwrap().tenant, None, "the setting ends with its transaction");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_held_by_another_process_is_waited_for_and_then_called_busy() {
    let database = support::database::TestDatabase::create(Engine::Sqlite)
        .await
        .expect("SQLite is there");
    let test = TestApp::on(database).await;
    let tenant = test.tenant("one").await.id;
    let other = Db::for_migrations(&test.database.url, "")
        .await
        .expect("a second process");
    let hold = || async {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..Default::default()
        };
        other.begin_with_options(options).await.expect("the write lock")
    };
    let held = hold().await;
    let app = test.app.clone();
    let patient = tokio::spawn(async move { store(&app, tenant, "patient".into()).await });
    tokio::time::sleep(Duration::from_millis(800)).await;
    assert!(!patient.is_finished());
    held.rollback().await.expect("the lock is let go");
    patient.await.expect("no panic").expect("it waited");
    let held = hold().await;
    let refused = join_all((0..3).map(|n| store(&test.app, tenant, format!("{n}")))).await;
    let busy = refused
        .iter()
        .filter(|outcome| matches!(outcome, Err(Error::Unavailable("database_busy"))));
    assert!(busy.count() >= 1, "{refused:?}");
    assert_eq!(count(&test.app, tenant).await, 1, "readers go on");
    held.rollback().await.expect("the lock is let go");
    for n in 0..3 {
        store(&test.app, tenant, format!("{n}")).await.expect("writable again");
    }
    assert_eq!(count(&test.app, tenant).await, 4);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn roles_that_would_see_too_much_are_refused() {
    let Some(database) = support::database::TestDatabase::create(Engine::Postgres).await else {
        return;
    };
    let superuser = std::env::var("MARKAZ_TEST_DATABASE_SUPERUSER_URL").expect("given with the other URLs");
    let mut superuser = url::Url::parse(&superuser).expect("a URL");
    superuser.set_path(url::Url::parse(&database.url).expect("a URL").path());
    let connect = |url: String| async move {
        let mut options = ConnectOptions::new(url);
        options.max_connections(1).sqlx_logging(false);
        Database::connect(options).await.expect("it answers")
    };
    let root = connect(superuser.to_string()).await;
    let check = |url: String| {
        let mut config = config(&database);
        config.database_url = url;
        async move {
            let db = Db::connect(&config, Clock::default()).await.expect("it connects");
            db.check().await.expect_err("it is refused")
        }
    };
    assert!(check(superuser.to_string()).await.contains("superuser"));
    assert!(check(database.owner_url.clone()).await.contains("owns"));
    let mark = uuid::Uuid::now_v7().simple().to_string();
    for (kind, refused) in [("BYPASSRLS NOINHERIT", "BYPASSRLS"), ("INHERIT", "NOINHERIT")] {
        let role = format!("markaz_bad_{}_{mark}", kind.len());
        let make = format!("CREATE ROLE {role} LOGIN {kind} PASSWORD 'Sinov1234'");
        root.execute_unprepared(&make).await.expect("the role is made");
        let mut url = superuser.clone();
        url.set_username(&role).expect("a name");
        url.set_password(Some("Sinov1234")).expect("a password");
        assert!(check(url.to_string()).await.contains(refused));
        root.execute_unprepared(&format!("DROP ROLE {role}"))
            .await
            .expect("the role goes");
    }
    // The queue's role sees the queue and nothing else; a grant or a policy too many is refused.
    let app = connect(database.url.clone()).await;
    let backend = app.get_database_backend();
    app.execute_unprepared("SET ROLE markaz_queue")
        .await
        .expect("the app may take the role");
    for table in ["job", "job_tenant", "tick"] {
        let sql = format!("SELECT COUNT(*) FROM {table}");
        app.query_one_raw(Statement::from_string(backend, sql))
            .await
            .expect("the queue");
    }
    for table in ["lead", "app_user", "event", "session", "follow_up"] {
        let sql = format!("SELECT COUNT(*) FROM {table}");
        let denied = app
            .query_one_raw(Statement::from_string(backend, sql))
            .await
            .expect_err("not the queue");
        assert!(denied.to_string().contains("permission denied"), "{denied}");
    }
    root.execute_unprepared("GRANT SELECT ON lead TO markaz_queue")
        .await
        .expect("granted");
    assert!(check(database.url.clone()).await.contains("lead"));
    root.execute_unprepared("REVOKE SELECT ON lead FROM markaz_queue")
        .await
        .expect("revoked");
    root.execute_unprepared("CREATE POLICY everybody ON lead USING (true)")
        .await
        .expect("made");
    assert!(check(database.url.clone()).await.contains("lead.everybody"));
}
