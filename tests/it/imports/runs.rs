//! Runs of an import: whose leads they are, what happens twice, beside each other, and after a crash.

use std::collections::BTreeMap;
use std::io;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use platform::idempotency::Key;
use platform::jobs::{NewJob, enqueue};
use platform::{Id, Tx};
use plugins::sheets::Sheets;
use support::app::TestApp;
use support::both_engines;
use support::desk::Center;
use tokio_util::sync::CancellationToken;
use workflows::courses;
use workflows::imports::sheet::{CsvTable, Preview, Row, SheetError, SheetFile, SheetReader, SheetWriter};
use workflows::imports::{self, Choice, Kind, Tables};
use workflows::staff::{self, HandOver};

use super::{Lead, code, count, counts, data, import, leads, start, table};

both_engines! {
    async fn five_thousand_leads_come_in_once(test: TestApp) {
        let center = Center::new(&test.app, "demo").await;
        for name in ["IELTS Preparation", "Python"] {
            courses::create(&test.app, &center.admin, name, "").await.expect("a new course");
        }
        let opened = imports::upload(&center.desk, &center.admin, "C:\\lidlar\\mart.xlsx", data("leads-5000.xlsx"))
            .await
            .expect("a good table");
        assert_eq!((opened.import.state.as_str(), opened.import.total), ("mapping", 5140));
        assert_eq!((opened.import.file_name.as_str(), opened.preview.sample.len()), ("mart.xlsx", 10));
        assert_eq!(opened.preview.header, ["name", "phone", "source", "course", "notes"]);
        let id = opened.import.id;
        let started = imports::start(&test.app, &center.admin, id, Choice::default()).await.expect("as guessed");
        assert_eq!(started.state, "queued");
        assert_eq!(code(imports::start(&test.app, &center.admin, id, Choice::default()).await), "import_started");
        center.runner_of(&["imports.run"]).drain().await.expect("the work is done");

        let done = imports::find(&test.app, &center.admin, id).await.expect("it is there");
        assert_eq!(counts(&done), ("done", 5140, 5000, 140, 0));
        assert!(done.finished_at.is_some());
        let twice = imports::skipped(&test.app, &center.admin, id, Kind::Duplicates, 0, 1000).await.expect("listed");
        assert_eq!(twice.len(), 140);
        assert!(twice.iter().all(|row| row.code == "duplicate_in_file" && row.lead_id.is_some()));
        assert!(twice[0].message.contains("oldingi qatorida"), "{}", twice[0].message);
        let ielts = leads(&center).await.iter().filter(|lead| lead.course_id.is_some()).count();
        assert!(ielts > 100, "courses are recognized: {ielts}");

        let again = import(&center, &center.admin, data("leads-5000.csv")).await;
        assert_eq!(counts(&again), ("done", 5140, 0, 5140, 0), "the same leads as csv");
        let old = imports::skipped(&test.app, &center.admin, again.id, Kind::Duplicates, 0, 1000).await.expect("listed");
        assert!(old.iter().all(|row| row.code == "duplicate_lead"), "they are older than this file");
        assert_eq!(leads(&center).await.len(), 5000);
    }

    async fn every_lead_of_an_import_gets_an_owner_or_waits(test: TestApp) {
        let center = Center::new(&test.app, "demo").await;
        let started = start(&center, &center.admin, table(700)).await.expect("a good table");
        center.runner().drain().await.expect("the work is done");
        let done = imports::find(&test.app, &center.admin, started.id).await.expect("it is there");
        assert_eq!(counts(&done), ("done", 700, 700, 0, 0));
        let waiting = "SELECT COUNT(*) AS count FROM lead WHERE tenant_id = $1 AND waiting_since IS NOT NULL";
        assert_eq!(count(&center, waiting).await, 700);

        for name in ["malika", "sardor"] {
            center.user(name, "sales").await;
        }
        let more: String = table(1400).replace("Lid", "Yana");
        start(&center, &center.admin, more).await.expect("a good table");
        center.runner().drain().await.expect("the work is done");
        let mut owners = BTreeMap::new();
        for lead in leads(&center).await {
            *owners.entry(lead.owner_id).or_insert(0) += 1;
        }
        // Half of the second table are the leads that wait already.
        assert_eq!(owners.remove(&None), Some(700));
        assert_eq!(owners.into_values().collect::<Vec<_>>(), [350, 350], "evenly");
    }

    async fn a_reps_table_is_the_reps(test: TestApp) {
        let center = Center::new(&test.app, "demo").await;
        let (malika, sardor) = (center.user("malika", "sales").await, center.user("sardor", "sales").await);
        let hers = import(&center, &malika, table(3)).await;
        assert!(leads(&center).await.iter().all(|lead| lead.owner_id == malika.user));

        assert_eq!(code(imports::find(&test.app, &sardor, hers.id).await), "not_found");
        assert_eq!(imports::list(&test.app, &center.admin, None, None).await.expect("listed").items.len(), 1);
        assert!(imports::list(&test.app, &sardor, None, None).await.expect("listed").items.is_empty());
        let his = import(&center, &sardor, table(4)).await;
        assert_eq!(counts(&his), ("done", 4, 1, 3, 0));
        let twice = imports::skipped(&test.app, &sardor, his.id, Kind::Duplicates, 0, 10).await.expect("listed");
        assert!(twice.iter().all(|row| row.lead_id.is_none()), "not his to see");

        let more = table(6);
        let choice = Choice { owner_id: sardor.user, ..Choice::default() };
        imports::upload_and_start(&center.desk, &center.admin, "a.csv", more.into_bytes(), choice, None)
            .await
            .expect("a good table");
        center.runner_of(&["imports.run"]).drain().await.expect("the work is done");
        assert_eq!(leads(&center).await.iter().filter(|lead| lead.owner_id == sardor.user).count(), 3);

        let other = Center::new(&test.app, "academy").await;
        assert_eq!(code(imports::find(&test.app, &other.admin, hers.id).await), "not_found");
    }

    async fn a_crash_between_chunks_loses_and_doubles_nothing(test: TestApp) {
        let mut center = Center::new(&test.app, "demo").await;
        let broken = Arc::new(AtomicBool::new(false));
        center.desk.sheets = Tables::new(Breaking { at: 1_300, broken: broken.clone() });
        let started = start(&center, &center.admin, table(1_800)).await.expect("a good table");
        broken.store(true, Ordering::Relaxed);
        let runner = center.runner_of(&["imports.run"]);
        runner.drain().await.expect("the work is done");
        let half = imports::find(&test.app, &center.admin, started.id).await.expect("it is there");
        assert_eq!((counts(&half), half.position), (("running", 1800, 1000, 0, 0), 1000));

        broken.store(false, Ordering::Relaxed);
        let later = test.app.clock.now() + TimeDelta::minutes(5);
        test.app.set_clock(later).await.expect("a test clock");
        runner.drain().await.expect("the work is done");
        let done = imports::find(&test.app, &center.admin, started.id).await.expect("it is there");
        assert_eq!(counts(&done), ("done", 1800, 1800, 0, 0));
        assert_eq!(leads(&center).await.len(), 1800);
    }

    async fn a_rep_who_leaves_in_the_middle_takes_no_lead_along(test: TestApp) {
        let mut center = Center::new(&test.app, "demo").await;
        let (malika, sardor) = (center.user("malika", "sales").await, center.user("sardor", "sales").await);
        let pause = Arc::new(Pause::default());
        center.desk.sheets = Tables::new(Pausing { at: 1_300, pause: pause.clone() });
        let started = start(&center, &malika, table(1_800)).await.expect("a good table");
        pause.on.store(true, Ordering::Relaxed);
        let runner = center.runner_of(&["imports.run", "staff.hand_over", "distribution.give_out"]);
        let leave = async {
            while !pause.reached.load(Ordering::Relaxed) {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            let leaver = malika.user.expect("a person");
            staff::let_go(&test.app, &center.admin, leaver, HandOver::ShareOut).await.expect("she leaves");
            pause.on.store(false, Ordering::Relaxed);
        };
        let (worked, ()) = tokio::join!(runner.drain(), leave);
        worked.expect("the work is done");
        runner.drain().await.expect("the rest is done");
        let done = imports::find(&test.app, &center.admin, started.id).await.expect("it is there");
        assert_eq!(counts(&done), ("done", 1800, 1800, 0, 0), "no row is lost");
        let all = leads(&center).await;
        assert_eq!(all.len(), 1_800);
        assert_eq!(all.iter().filter(|lead| lead.owner_id == malika.user).count(), 0, "she takes nothing along");
        assert!(all.iter().all(|lead| lead.owner_id.is_none() || lead.owner_id == sardor.user));
    }

    async fn two_workers_on_one_import_apply_each_chunk_once(test: TestApp) {
        let center = Center::new(&test.app, "demo").await;
        let started = start(&center, &center.admin, table(4_000)).await.expect("a good table");
        let id = started.id;
        let twin = async move |tx: Tx| enqueue(&tx, NewJob::new("imports.run", "twin", vec![id])).await;
        test.app.db.write(center.tenant.id, twin).await.expect("writable");
        work_until_done(&center, &[(&center, id)]).await;
        let done = imports::find(&test.app, &center.admin, id).await.expect("it is there");
        assert_eq!(counts(&done), ("done", 4000, 4000, 0, 0));
        assert_eq!(leads(&center).await.len(), 4000);
        let events = "SELECT COUNT(*) AS count FROM event WHERE tenant_id = $1 AND kind = 'lead.created'";
        assert_eq!(count(&center, events).await, 4000);
    }

    async fn two_centers_import_side_by_side(test: TestApp) {
        let (demo, academy) = (Center::new(&test.app, "demo").await, Center::new(&test.app, "academy").await);
        let one = start(&demo, &demo.admin, table(3_000)).await.expect("a good table");
        let two = start(&academy, &academy.admin, table(3_000)).await.expect("a good table");
        work_until_done(&demo, &[(&demo, one.id), (&academy, two.id)]).await;
        let (one, two) = (leads(&demo).await, leads(&academy).await);
        assert_eq!((one.len(), two.len()), (3_000, 3_000), "the same phones in both");
        let span = |leads: &[Lead]| (leads[0].created_at, leads[leads.len() - 1].created_at);
        let ((a, b), (c, d)) = (span(&one), span(&two));
        assert!(a < d && c < b, "neither waits for the other: {a}..{b} and {c}..{d}");
    }

    async fn an_import_is_stopped_between_chunks(test: TestApp) {
        let center = Center::new(&test.app, "demo").await;
        let started = start(&center, &center.admin, table(10)).await.expect("a good table");
        let stopped = imports::cancel(&test.app, &center.admin, started.id).await.expect("it is open");
        assert_eq!((stopped.state.as_str(), stopped.error.as_deref()), ("failed", Some("import_canceled")));
        center.runner_of(&["imports.run"]).drain().await.expect("the work is done");
        assert!(leads(&center).await.is_empty());
        assert_eq!(code(imports::cancel(&test.app, &center.admin, started.id).await), "import_finished");
    }

    async fn an_import_that_breaks_its_workers_is_given_up(test: TestApp) {
        let center = Center::new(&test.app, "demo").await;
        let started = start(&center, &center.admin, table(10)).await.expect("a good table");
        let state = async |state: &'static str| {
            let put = async move |tx: Tx| {
                let sql = "UPDATE job SET state = $2 WHERE tenant_id = $1 AND kind = 'imports.run'";
                tx.run(sql, vec![tx.tenant().0.into(), state.into()]).await?;
                let tick = NewJob::new("follow_ups.overdue", format!("tick/{state}"), vec![]);
                enqueue(&tx, tick).await
            };
            test.app.db.write(center.tenant.id, put).await.expect("writable");
            center.runner_of(&["follow_ups.overdue"]).drain().await.expect("the work is done");
            imports::find(&test.app, &center.admin, started.id).await.expect("it is there")
        };
        assert_eq!(state("running").await.state, "queued", "somebody works on it");
        let broken = state("dead").await;
        assert_eq!((broken.state.as_str(), broken.error.as_deref()), ("failed", Some("import_broken")));
    }

    async fn a_repeated_request_starts_one_import(test: TestApp) {
        let center = Center::new(&test.app, "demo").await;
        let mut ids = Vec::new();
        for _ in 0..2 {
            let key = Key::new("k", "POST", "/imports", b"a").expect("a key");
            let bytes = table(2).into_bytes();
            let choice = Choice::default();
            let import = imports::upload_and_start(&center.desk, &center.admin, "a.csv", bytes, choice, Some(key)).await;
            ids.push(import.expect("a good table").id);
        }
        assert_eq!(ids[0], ids[1]);
        assert_eq!(count(&center, "SELECT COUNT(*) AS count FROM import WHERE tenant_id = $1").await, 1);
    }
}

/// Works as a server does, until an import is over.
async fn work_until_done(center: &Center, imports: &[(&Center, Id)]) {
    let stop = CancellationToken::new();
    let runner = tokio::spawn(center.runner_of(&["imports.run"]).run(stop.clone()));
    let deadline = Instant::now() + Duration::from_secs(60);
    for (center, id) in imports {
        while imports::find(&center.desk.app, &center.admin, *id)
            .await
            .expect("it is there")
            .is_open()
        {
            assert!(Instant::now() < deadline, "the import does not end");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
    stop.cancel();
    runner.await.expect("the runner ends");
}

/// Breaks off at a row while told to: what a crash leaves behind.
struct Breaking {
    at: u32,
    broken: Arc<AtomicBool>,
}

impl SheetReader for Breaking {
    fn preview(&self, file: Box<dyn SheetFile>, sheet: Option<&str>) -> Result<Preview, SheetError> {
        Sheets.preview(file, sheet)
    }

    fn read(
        &self,
        file: Box<dyn SheetFile>,
        sheet: Option<&str>,
        each: &mut dyn FnMut(Row) -> ControlFlow<()>,
    ) -> Result<(), SheetError> {
        Sheets.read(file, sheet, &mut |row| {
            let breaks = row.number == self.at && self.broken.load(Ordering::Relaxed);
            assert!(!breaks, "a crash");
            each(row)
        })
    }
}

impl SheetWriter for Breaking {
    fn csv(&self) -> io::Result<Box<dyn CsvTable>> {
        Sheets.csv()
    }
}

/// Stops at a row until it may go on: somebody does something in the middle.
struct Pausing {
    at: u32,
    pause: Arc<Pause>,
}

#[derive(Default)]
struct Pause {
    on: AtomicBool,
    reached: AtomicBool,
}

impl SheetReader for Pausing {
    fn preview(&self, file: Box<dyn SheetFile>, sheet: Option<&str>) -> Result<Preview, SheetError> {
        Sheets.preview(file, sheet)
    }

    fn read(
        &self,
        file: Box<dyn SheetFile>,
        sheet: Option<&str>,
        each: &mut dyn FnMut(Row) -> ControlFlow<()>,
    ) -> Result<(), SheetError> {
        Sheets.read(file, sheet, &mut |row| {
            while row.number == self.at && self.pause.on.load(Ordering::Relaxed) {
                self.pause.reached.store(true, Ordering::Relaxed);
                std::thread::sleep(Duration::from_millis(5));
            }
            each(row)
        })
    }
}

impl SheetWriter for Pausing {
    fn csv(&self) -> io::Result<Box<dyn CsvTable>> {
        Sheets.csv()
    }
}
