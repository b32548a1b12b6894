//! The queue: work enqueued with what causes it is done once, fairly, whoever dies while doing it.

use std::collections::HashMap;
use std::future::Future;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use platform::jobs::{self, Handler, Job, NewJob, Runner, enqueue, finish_in, hold_in};
use platform::{App, Error, Id, Result, TenantId, Tx, settings};
use sea_orm::FromQueryResult;
use serde_json::json;
use support::app::TestApp;
use support::both_engines;
use tokio_util::sync::CancellationToken;

/// A runner whose jobs of every kind do one thing.
fn runner<F, Fut>(app: &App, run: F) -> Runner
where
    F: Fn(Job) -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output = Result<()>> + Send + 'static,
{
    let handler: Handler = Arc::new(move |job| Box::pin(run(job)));
    let kinds = ["work", "other", "alone.one", "alone.two"];
    let handlers: HashMap<&'static str, Handler> = kinds.into_iter().map(|kind| (kind, handler.clone())).collect();
    Runner::new(app.clone(), handlers, vec![])
}

async fn put(app: &App, tenant: TenantId, jobs: Vec<NewJob>) {
    let put = app.db.write(tenant, async move |tx: Tx| {
        for job in jobs {
            enqueue(&tx, job).await?;
        }
        Ok(())
    });
    put.await.expect("jobs are inserted");
}

fn work(uniq: impl Into<String>) -> NewJob {
    NewJob::new("work", uniq, vec![])
}

fn many(tenant: &str, count: usize) -> Vec<NewJob> {
    (0..count).map(|n| work(format!("{tenant}/{n}"))).collect()
}

#[derive(FromQueryResult, Debug)]
struct Stored {
    state: String,
    attempt: i32,
    crashes: i32,
    run_at: DateTime<Utc>,
    lease_until: Option<DateTime<Utc>>,
    last_error: Option<String>,
}

async fn stored(app: &App, tenant: TenantId, uniq: &str) -> Stored {
    let uniq = uniq.to_owned();
    let sql = "SELECT state, attempt, crashes, run_at, lease_until, last_error FROM job \
               WHERE tenant_id = $1 AND uniq = $2";
    app.db
        .read(tenant, async move |tx: Tx| {
            tx.one::<Stored>(sql, vec![tenant.0.into(), uniq.into()]).await
        })
        .await
        .expect("the queue is readable")
        .expect("the job is there")
}

/// As if the worker had been silent for longer than a lease.
async fn run_out(app: &App, tenant: TenantId) {
    leave_lease(app, tenant, TimeDelta::seconds(-1)).await;
}

/// Leaves so much of the leases of a tenant's running jobs.
async fn leave_lease(app: &App, tenant: TenantId, left: TimeDelta) {
    let until = app.clock.real() + left;
    let sql = "UPDATE job SET lease_until = $2 WHERE tenant_id = $1 AND state = 'running'";
    app.db
        .write(tenant, async move |tx: Tx| {
            tx.run(sql, vec![tenant.0.into(), until.into()]).await
        })
        .await
        .expect("the lease is moved");
}

async fn until(what: &str, reached: impl Fn() -> bool) {
    for _ in 0..600 {
        if reached() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("not within half a minute: {what}");
}

both_engines! {
    async fn a_job_stands_or_falls_with_what_causes_it(test: TestApp) {
        let tenant = test.tenant("one").await.id;
        let ran = Arc::new(Mutex::new(Vec::<String>::new()));
        let runner = runner(&test.app, {
            let ran = ran.clone();
            move |job| {
                ran.lock().unwrap().push(job.uniq);
                async { Ok(()) }
            }
        });
        let undone = test.app.db.write(tenant, async move |tx: Tx| {
            enqueue(&tx, work("undone")).await?;
            Err::<(), _>(Error::refused("no"))
        });
        assert!(undone.await.is_err());
        put(&test.app, tenant, vec![work("kept"), work("kept")]).await;
        assert_eq!(runner.drain().await.unwrap(), 1);
        put(&test.app, tenant, vec![work("kept")]).await;
        assert_eq!(runner.drain().await.unwrap(), 0, "the same work is not done again");
        assert_eq!(*ran.lock().unwrap(), ["kept"]);
        assert_eq!(stored(&test.app, tenant, "kept").await.state, "done");
    }

    async fn a_noisy_tenant_does_not_keep_the_others_waiting(test: TestApp) {
        let noisy = test.tenant("noisy").await.id;
        for part in 0..4 {
            let jobs = (0..500).map(|n| work(format!("{part}/{n}"))).collect();
            put(&test.app, noisy, jobs).await;
        }
        let mut quiet = Vec::new();
        for n in 0..5 {
            let tenant = test.tenant(&format!("quiet{n}")).await.id;
            put(&test.app, tenant, many("quiet", 8)).await;
            quiet.push(tenant);
        }
        let (loud, soft) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let at_once = Arc::new((AtomicUsize::new(0), AtomicUsize::new(0)));
        let runner = runner(&test.app, {
            let (loud, soft, at_once) = (loud.clone(), soft.clone(), at_once.clone());
            move |job| {
                let (loud, soft, at_once) = (loud.clone(), soft.clone(), at_once.clone());
                async move {
                    if job.tenant != noisy {
                        soft.fetch_add(1, Ordering::SeqCst);
                        return Ok(());
                    }
                    at_once.1.fetch_max(at_once.0.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    tokio::time::sleep(Duration::from_millis(5)).await;
                    at_once.0.fetch_sub(1, Ordering::SeqCst);
                    loud.fetch_add(1, Ordering::SeqCst);
                    Ok(())
                }
            }
        });
        let stop = CancellationToken::new();
        let working = tokio::spawn(runner.run(stop.clone()));
        until("the quiet ones are served", || soft.load(Ordering::SeqCst) == 40).await;
        let meanwhile = loud.load(Ordering::SeqCst);
        stop.cancel();
        working.await.unwrap();
        assert!(meanwhile < 300, "{meanwhile} noisy jobs went before 40 quiet ones");
        assert!(at_once.1.load(Ordering::SeqCst) <= 3, "one tenant has at most its share of a worker");
    }

    async fn two_workers_never_do_one_job_at_once_nor_twice(test: TestApp) {
        let mut tenants = Vec::new();
        for n in 0..3 {
            let tenant = test.tenant(&format!("t{n}")).await.id;
            put(&test.app, tenant, many("t", 60)).await;
            tenants.push(tenant);
        }
        let runs: Arc<Mutex<HashMap<Id, usize>>> = Arc::default();
        let (first, second) = (test.app.clone(), test.beside().await);
        let stop = CancellationToken::new();
        let working: Vec<_> = [first, second]
            .iter()
            .map(|app| {
                let runs = runs.clone();
                let runner = runner(app, move |job| {
                    *runs.lock().unwrap().entry(job.id).or_default() += 1;
                    async { Ok(()) }
                });
                tokio::spawn(runner.run(stop.clone()))
            })
            .collect();
        until("all are done", || runs.lock().unwrap().len() == 180).await;
        stop.cancel();
        for worker in working {
            worker.await.unwrap();
        }
        assert!(runs.lock().unwrap().values().all(|times| *times == 1));
    }

    async fn what_must_go_one_by_one_does_on_whatever_node(test: TestApp) {
        let tenant = test.tenant("one").await.id;
        let other = test.tenant("two").await.id;
        for of in [tenant, other] {
            let jobs = (0..12).map(|n| {
                let kind = ["alone.one", "alone.two", "other"][n % 3];
                NewJob::new(kind, format!("{n}"), vec![])
            });
            put(&test.app, of, jobs.collect()).await;
        }
        let now: Arc<Mutex<HashMap<TenantId, usize>>> = Arc::default();
        let (done, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let (first, second) = (test.app.clone(), test.beside().await);
        let stop = CancellationToken::new();
        let working: Vec<_> = [first, second]
            .iter()
            .map(|app| {
                let (now, done, most) = (now.clone(), done.clone(), most.clone());
                let runner = runner(app, move |job| {
                    let (now, done, most) = (now.clone(), done.clone(), most.clone());
                    async move {
                        if job.kind != "other" {
                            let mut now = now.lock().unwrap();
                            let at_once = now.entry(job.tenant).or_default();
                            *at_once += 1;
                            most.fetch_max(*at_once, Ordering::SeqCst);
                        }
                        tokio::time::sleep(Duration::from_millis(10)).await;
                        if job.kind != "other" {
                            *now.lock().unwrap().entry(job.tenant).or_default() -= 1;
                        }
                        done.fetch_add(1, Ordering::SeqCst);
                        Ok(())
                    }
                });
                tokio::spawn(runner.alone(&["alone.one", "alone.two"]).run(stop.clone()))
            })
            .collect();
        until("all are done", || done.load(Ordering::SeqCst) == 24).await;
        stop.cancel();
        for worker in working {
            worker.await.unwrap();
        }
        assert_eq!(most.load(Ordering::SeqCst), 1);
    }

    async fn a_dead_workers_job_is_taken_back_and_the_fifth_crash_puts_it_away(test: TestApp) {
        let tenant = test.tenant("one").await.id;
        put(&test.app, tenant, vec![work("poison")]).await;
        let next = test.beside().await;
        for crash in 1..=5 {
            let started = Arc::new(AtomicUsize::new(0));
            let runner = runner(&next, {
                let started = started.clone();
                move |_| {
                    started.fetch_add(1, Ordering::SeqCst);
                    std::future::pending()
                }
            });
            let working = tokio::spawn(runner.clone().run(CancellationToken::new()));
            until("the job is begun", || started.load(Ordering::SeqCst) == 1).await;
            working.abort();
            let _ = working.await;
            let fresh = self::runner(&test.app, |_| async { Ok(()) });
            fresh.keep_house().await;
            assert_eq!(stored(&test.app, tenant, "poison").await.state, "running", "its lease still runs");
            run_out(&test.app, tenant).await;
            fresh.keep_house().await;
            let now = stored(&test.app, tenant, "poison").await;
            let state = if crash == 5 { "dead" } else { "ready" };
            assert_eq!((now.state.as_str(), now.crashes, now.attempt), (state, crash, crash));
            assert_eq!(now.last_error.as_deref(), Some("worker_crashed"));
            let later = test.app.clock.now() + TimeDelta::minutes(1);
            let waits = test.app.clock.now() < now.run_at && now.run_at < later;
            assert!(waits || state == "dead", "it waits longer after each crash");
            for node in [&test.app, &next] {
                node.set_clock(later).await.unwrap();
            }
        }
        // An operator who has found the cause gives it another life.
        let [dead] = &jobs::dead(&test.app).await.unwrap()[..] else { panic!("one job is dead") };
        assert_eq!((dead.tenant_id, dead.last_error.as_deref()), (tenant.0, Some("worker_crashed")));
        let other = test.tenant("two").await.id;
        assert!(matches!(jobs::replay(&test.app, other, dead.id).await, Err(Error::NotFound)), "not another tenant's");
        jobs::replay(&test.app, tenant, dead.id).await.unwrap();
        self::runner(&test.app, |_| async { Ok(()) }).drain().await.unwrap();
        assert_eq!(stored(&test.app, tenant, "poison").await.state, "done");
        assert!(matches!(jobs::replay(&test.app, tenant, dead.id).await, Err(Error::NotFound)), "a living job is left alone");
    }

    async fn a_long_job_keeps_its_lease(test: TestApp) {
        let tenant = test.tenant("one").await.id;
        put(&test.app, tenant, vec![work("long")]).await;
        let go = CancellationToken::new();
        let started = Arc::new(AtomicUsize::new(0));
        let runner = runner(&test.app, {
            let (go, started) = (go.clone(), started.clone());
            move |_| {
                let go = go.clone();
                started.fetch_add(1, Ordering::SeqCst);
                async move {
                    go.cancelled().await;
                    Ok(())
                }
            }
        });
        let stop = CancellationToken::new();
        let working = tokio::spawn(runner.clone().run(stop.clone()));
        until("the job is begun", || started.load(Ordering::SeqCst) == 1).await;
        // Not run out: the worker's own housekeeping could rightly take such a job back before ours renews it.
        leave_lease(&test.app, tenant, TimeDelta::seconds(10)).await;
        runner.keep_house().await;
        let lease = stored(&test.app, tenant, "long").await.lease_until.expect("it is held");
        assert!(lease > test.app.clock.real() + TimeDelta::seconds(30), "renewed before it is looked for");
        // Told to stop, a worker finishes what it holds, and nobody else gets it meanwhile.
        stop.cancel();
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert!(!working.is_finished());
        go.cancel();
        working.await.unwrap();
        assert_eq!(stored(&test.app, tenant, "long").await.state, "done");
        assert_eq!(started.load(Ordering::SeqCst), 1);
    }

    async fn a_zombies_effect_is_undone(test: TestApp) {
        let tenant = test.tenant("one").await.id;
        put(&test.app, tenant, vec![work("slow")]).await;
        let other = test.beside().await;
        let zombie = {
            let (app, other) = (test.app.clone(), other.clone());
            runner(&test.app, move |job| {
                let (app, other) = (app.clone(), other.clone());
                async move {
                    let tenant = job.tenant;
                    run_out(&app, tenant).await;
                    let successor = runner(&other, {
                        let other = other.clone();
                        move |job| finish_with(other.clone(), job, "successor")
                    });
                    successor.keep_house().await;
                    other.set_clock(other.clock.now() + TimeDelta::minutes(1)).await.unwrap();
                    assert_eq!(successor.drain().await.unwrap(), 1);
                    let held = app.db.write(tenant, {
                        let job = job.clone();
                        async move |tx: Tx| hold_in(&tx, &job).await
                    });
                    assert_eq!(held.await.unwrap_err().code(), "job_lease_lost");
                    let late = finish_with(app, job, "zombie").await;
                    assert_eq!(late.as_ref().unwrap_err().code(), "job_lease_lost");
                    late
                }
            })
        };
        zombie.drain().await.unwrap();
        let settings = test.app.db.read(tenant, async move |tx: Tx| settings::current(&tx).await).await.unwrap();
        assert_eq!(settings.values.get("by"), Some(&json!("successor")));
        let job = stored(&test.app, tenant, "slow").await;
        assert_eq!((job.state.as_str(), job.attempt), ("done", 2), "the zombie closed nothing");
    }

    async fn a_failing_job_waits_longer_each_time_and_is_put_away_at_last(test: TestApp) {
        let tenant = test.tenant("one").await.id;
        put(&test.app, tenant, vec![work("bad")]).await;
        let runner = runner(&test.app, |job| async move {
            assert!(job.attempt % 2 == 0, "a panic is a failure like any other");
            Err(Error::internal("no luck"))
        });
        let mut waits = Vec::new();
        for attempt in 1..=12 {
            let before = test.app.clock.now();
            assert_eq!(runner.drain().await.unwrap(), 1, "attempt {attempt}");
            let job = stored(&test.app, tenant, "bad").await;
            assert_eq!(job.attempt, attempt);
            waits.push((job.run_at - before).num_seconds());
            assert_eq!(runner.drain().await.unwrap(), 0, "it is not tried before its time");
            test.app.set_clock(job.run_at).await.unwrap();
        }
        assert!((2..=4).contains(&waits[0]) && (1024..=1026).contains(&waits[9]), "{waits:?}");
        assert!(waits.iter().all(|wait| *wait <= 3602), "{waits:?}");
        assert_eq!(stored(&test.app, tenant, "bad").await.state, "dead");
    }

    async fn a_passing_fault_of_the_database_counts_for_nothing(test: TestApp) {
        let tenant = test.tenant("one").await.id;
        put(&test.app, tenant, vec![work("patient")]).await;
        let left = Arc::new(AtomicUsize::new(20));
        let runner = runner(&test.app, {
            let left = left.clone();
            move |_| {
                let fail = left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1)).is_ok();
                async move { if fail { Err(Error::Unavailable("database_busy")) } else { Ok(()) } }
            }
        });
        for _ in 0..20 {
            assert_eq!(runner.drain().await.unwrap(), 1);
            let job = stored(&test.app, tenant, "patient").await;
            assert_eq!((job.state.as_str(), job.attempt), ("ready", 0));
            assert!(job.run_at <= test.app.clock.now() + TimeDelta::seconds(5));
            test.app.set_clock(job.run_at).await.unwrap();
        }
        assert_eq!(runner.drain().await.unwrap(), 1);
        assert_eq!(stored(&test.app, tenant, "patient").await.state, "done");
    }

    async fn a_job_of_tomorrow_waits_for_the_movable_clock(test: TestApp) {
        let tenant = test.tenant("one").await.id;
        let runner = runner(&test.app, |_| async { Ok(()) });
        let tomorrow = test.app.clock.now() + TimeDelta::days(1);
        put(&test.app, tenant, vec![work("later").at(tomorrow)]).await;
        assert_eq!(runner.drain().await.unwrap(), 0);
        // A sooner one is not kept waiting by it.
        put(&test.app, tenant, vec![work("now")]).await;
        assert_eq!(runner.drain().await.unwrap(), 1);
        test.app.set_clock(tomorrow - TimeDelta::minutes(1)).await.unwrap();
        assert_eq!(runner.drain().await.unwrap(), 0);
        test.app.set_clock(tomorrow).await.unwrap();
        assert_eq!(runner.drain().await.unwrap(), 1);
    }

    async fn a_lost_turn_is_found_again(test: TestApp) {
        let (lost, late) = (test.tenant("lost").await.id, test.tenant("late").await.id);
        let runner = runner(&test.app, |_| async { Ok(()) });
        for tenant in [lost, late] {
            put(&test.app, tenant, vec![work("forgotten")]).await;
        }
        let delete = "DELETE FROM job_tenant WHERE tenant_id = $1";
        test.app.db.write(lost, async move |tx: Tx| tx.run(delete, vec![lost.0.into()]).await).await.unwrap();
        let far = test.app.clock.now() + TimeDelta::days(300);
        let put_off = "UPDATE job_tenant SET next_turn = $2 WHERE tenant_id = $1";
        let moved = async move |tx: Tx| tx.run(put_off, vec![late.0.into(), far.into()]).await;
        test.app.db.write(late, moved).await.unwrap();
        assert_eq!(runner.drain().await.unwrap(), 0);
        runner.keep_house().await;
        assert_eq!(runner.drain().await.unwrap(), 2);
    }

    async fn a_worker_hears_of_new_work_at_once(test: TestApp) {
        let tenant = test.tenant("one").await.id;
        let done = Arc::new(AtomicUsize::new(0));
        let runner = runner(&test.app, {
            let done = done.clone();
            move |_| {
                done.fetch_add(1, Ordering::SeqCst);
                async { Ok(()) }
            }
        });
        let stop = CancellationToken::new();
        let working = tokio::spawn(runner.run(stop.clone()));
        tokio::time::sleep(Duration::from_millis(300)).await;
        let started = std::time::Instant::now();
        for n in 1..=10 {
            put(&test.app, tenant, vec![work(format!("{n}"))]).await;
            until("it is done", || done.load(Ordering::SeqCst) == n).await;
        }
        assert!(started.elapsed() < Duration::from_secs(4), "polled, not woken: {:?}", started.elapsed());
        stop.cancel();
        working.await.unwrap();
    }
}

/// Writes an effect and finishes the job in one transaction.
async fn finish_with(app: App, job: Job, by: &'static str) -> Result<()> {
    app.db
        .write(job.tenant, async move |tx: Tx| {
            let changes = json!({"by": by}).as_object().cloned().unwrap_or_default();
            settings::change(&tx, None, changes).await?;
            finish_in(&tx, &job).await
        })
        .await
}
