//! The domain's background work: which job runs which verb, and what comes back by the clock.

use std::future::Future;
use std::sync::Arc;

use chrono::NaiveTime;
use platform::jobs::{Every, Handler, Job, NewJob, Tick, enqueue, finish_in};
use platform::{Actor, Result, Tx, files, idempotency};

use crate::ports::Desk;
use crate::{distribution, exports, follow_ups, imports, leads, leave, reactivation, scripts, sheets, staff};

pub fn handlers(desk: &Desk) -> Vec<(&'static str, Handler)> {
    vec![
        (
            "scripts.plan",
            handler(desk, |desk, job| async move { scripts::plan(&desk, &job).await }),
        ),
        (
            "scripts.rerun",
            handler(desk, |desk, job| async move { scripts::rerun_now(&desk, &job).await }),
        ),
        (
            "scripts.replan",
            handler(desk, |desk, job| async move { scripts::replan_now(&desk, &job).await }),
        ),
        (
            "leads.score",
            handler(desk, |desk, job| async move { leads::score(&desk, &job).await }),
        ),
        (
            "leads.score_all",
            handler(desk, |desk, job| async move { leads::score_all(&desk, &job).await }),
        ),
        (
            "leads.bulk",
            handler(desk, |desk, job| async move { leads::bulk_now(&desk, &job).await }),
        ),
        (
            "leads.refile",
            handler(desk, |desk, job| async move { leads::refile(&desk, &job).await }),
        ),
        (
            "leads.purge",
            handler(desk, |desk, job| async move { leads::purge(&desk, &job).await }),
        ),
        (
            "reactivation.daily",
            handler(desk, |desk, job| async move { reactivation::daily(&desk, &job).await }),
        ),
        (
            "distribution.give_out",
            handler(
                desk,
                |desk, job| async move { distribution::give_out(&desk, &job).await },
            ),
        ),
        (
            "distribution.waiting",
            handler(
                desk,
                |desk, job| async move { distribution::waiting(&desk, &job).await },
            ),
        ),
        (
            distribution::SILENT,
            handler(desk, |desk, job| async move {
                distribution::return_silent(&desk, &job).await
            }),
        ),
        (
            "imports.run",
            handler(desk, |desk, job| async move { imports::run(&desk, &job).await }),
        ),
        (
            leave::FOLLOW_UPS,
            handler(desk, |desk, job| async move { leave::follow_ups(&desk, &job).await }),
        ),
        (
            leave::CLOSED_DAY,
            handler(desk, |desk, job| async move { leave::closed_day(&desk, &job).await }),
        ),
        (
            staff::FOLLOW_UPS,
            handler(
                desk,
                |desk, job| async move { staff::absence_follow_ups(&desk, &job).await },
            ),
        ),
        (
            "staff.hand_over",
            handler(desk, |desk, job| async move { staff::hand_over(&desk, &job).await }),
        ),
        (
            "exports.run",
            handler(desk, |desk, job| async move { exports::run(&desk, &job).await }),
        ),
        (
            "sheets.sync",
            handler(desk, |desk, job| async move { sheets::run(&desk, &job).await }),
        ),
        (
            "imports.undo",
            handler(desk, |desk, job| async move { imports::run_undo(&desk, &job).await }),
        ),
        (
            "follow_ups.remind",
            handler(desk, |desk, job| async move { remind(&desk, &job).await }),
        ),
        (
            "follow_ups.bulk",
            handler(desk, |desk, job| async move { follow_ups::bulk_now(&desk, &job).await }),
        ),
        (
            "follow_ups.overdue",
            handler(desk, |desk, job| async move { overdue(&desk, &job).await }),
        ),
        (
            "tenant.tidy",
            handler(desk, |desk, job| async move { tidy(&desk, &job).await }),
        ),
    ]
}

/// Kinds that decide from what the one before them left: one at a time in a centre, on whatever node.
pub const ALONE: &[&str] = &["distribution.give_out", "distribution.waiting", distribution::SILENT];

pub fn ticks() -> Vec<Tick> {
    vec![
        Tick {
            name: "follow_ups.overdue",
            every: Every::Minutes(5),
        },
        Tick {
            name: distribution::SILENT,
            every: Every::Minutes(5),
        },
        Tick {
            name: "leads.score_all",
            every: Every::DayAt(NaiveTime::from_hms_opt(4, 30, 0).unwrap_or_default()),
        },
        Tick {
            name: "leads.purge",
            every: Every::DayAt(NaiveTime::from_hms_opt(3, 40, 0).unwrap_or_default()),
        },
        Tick {
            name: "reactivation.daily",
            every: Every::DayAt(NaiveTime::from_hms_opt(9, 0, 0).unwrap_or_default()),
        },
        Tick {
            name: "tenant.tidy",
            every: Every::DayAt(NaiveTime::from_hms_opt(3, 30, 0).unwrap_or_default()),
        },
    ]
}

/// Wraps a verb as a job handler.
pub fn handler<F, Fut>(desk: &Desk, run: F) -> Handler
where
    F: Fn(Desk, Job) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<()>> + Send + 'static,
{
    let desk = desk.clone();
    Arc::new(move |job| Box::pin(run(desk.clone(), job)))
}

async fn remind(desk: &Desk, job: &Job) -> Result<()> {
    follow_ups::remind(&desk.app, job.tenant).await.map(|_| ())
}

/// Every few minutes: reminders that slipped through, blocks, broken imports, and another look at the waiting queue.
async fn overdue(desk: &Desk, job: &Job) -> Result<()> {
    remind(desk, job).await?;
    let slot = job.uniq.clone();
    let broken = desk.app.db.write(job.tenant, async move |tx: Tx| {
        exports::close_broken(&tx).await?;
        sheets::enqueue_due(&tx, &slot).await?;
        imports::close_broken(&tx).await
    });
    broken.await?;
    follow_ups::sweep(&desk.app, &Actor::system(desk.app.tenants.by_id(job.tenant).await?)).await?;
    let look = NewJob::new("distribution.waiting", format!("waiting/{}", job.uniq), vec![]);
    desk.app
        .db
        .write(job.tenant, async move |tx: Tx| enqueue(&tx, look).await)
        .await
}

/// Once a night: expired files, old idempotency keys and finished jobs go.
async fn tidy(desk: &Desk, job: &Job) -> Result<()> {
    let job = job.clone();
    desk.app
        .db
        .write(job.tenant, async move |tx: Tx| {
            files::expire(&tx).await?;
            idempotency::forget_old(&tx).await?;
            let (tenant, now) = (tx.tenant(), tx.now());
            let sql = "DELETE FROM job WHERE tenant_id = $1 AND state = 'done' AND finished_at < $2";
            tx.run(sql, vec![tenant.0.into(), (now - chrono::TimeDelta::days(7)).into()])
                .await?;
            let sql = "DELETE FROM tick WHERE tenant_id = $1 AND created_at < $2";
            tx.run(sql, vec![tenant.0.into(), (now - chrono::TimeDelta::days(7)).into()])
                .await?;
            let sql = "DELETE FROM decision WHERE tenant_id = $1 AND created_at < $2";
            tx.run(sql, vec![tenant.0.into(), (now - chrono::TimeDelta::days(100)).into()])
                .await?;
            finish_in(&tx, &job).await
        })
        .await
}
