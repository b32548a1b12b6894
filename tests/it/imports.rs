//! Tables of leads from upload to the last row, whatever interrupts them.

use std::collections::BTreeMap;
use std::io;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use platform::idempotency::Key;
use platform::jobs::{NewJob, enqueue};
use platform::{Actor, Error, Id, Tx, files};
use plugins::sheets::Sheets;
use sea_orm::FromQueryResult;
use support::app::TestApp;
use support::both_engines;
use support::desk::Center;
use tokio_util::sync::CancellationToken;
use workflows::courses;
use workflows::imports::sheet::{CsvTable, Preview, Row, SheetError, SheetFile, SheetReader, SheetWriter};
use workflows::imports::{self, Choice, Import, Kind, Tables};

fn data(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(name);
    std::fs::read(path).expect("test data")
}

/// A table of so many leads with phones of their own.
fn table(rows: usize) -> String {
    let mut table = String::from("name,phone\n");
    for at in 0..rows {
        table.push_str(&format!("Lid {at},{}\n", 901_000_000 + at));
    }
    table
}

async fn import(center: &Center, actor: &Actor, bytes: impl Into<Vec<u8>>) -> Import {
    let started = start(center, actor, bytes).await.expect("a good table");
    center
        .runner_of(&["imports.run"])
        .drain()
        .await
        .expect("the work is done");
    imports::find(&center.desk.app, actor, started.id)
        .await
        .expect("it is there")
}

async fn start(center: &Center, actor: &Actor, bytes: impl Into<Vec<u8>>) -> platform::Result<Import> {
    imports::upload_and_start(&center.desk, actor, "lidlar.csv", bytes.into(), Choice::default(), None).await
}

fn counts(import: &Import) -> (&str, i64, i64, i64, i64) {
    let Import {
        total,
        created,
        duplicates,
        rejected,
        ..
    } = import;
    (&import.state, *total, *created, *duplicates, *rejected)
}

fn code(outcome: Result<impl std::fmt::Debug, Error>) -> &'static str {
    outcome.expect_err("it is refused").code()
}

#[derive(Debug, FromQueryResult)]
struct Lead {
    name: String,
    phone: String,
    source: String,
    notes: String,
    course_id: Option<Id>,
    owner_id: Option<Id>,
    created_at: DateTime<Utc>,
}

async fn leads(center: &Center) -> Vec<Lead> {
    let sql = "SELECT name, phone, source, notes, course_id, owner_id, created_at FROM lead WHERE tenant_id = $1 \
               ORDER BY id";
    let read = async move |tx: Tx| tx.all(sql, vec![tx.tenant().0.into()]).await;
    center.desk.app.db.read(center.tenant.id, read).await.expect("readable")
}

async fn count(center: &Center, sql: &'static str) -> i64 {
    #[derive(FromQueryResult)]
    struct Count {
        count: i64,
    }
    let read = async move |tx: Tx| tx.one::<Count>(sql, vec![tx.tenant().0.into()]).await;
    let found = center.desk.app.db.read(center.tenant.id, read).await.expect("readable");
    found.map_or(0, |row| row.count)
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

    async fn headers_are_known_in_every_language(test: TestApp) {
        let center = Center::new(&test.app, "demo").await;
        let tables = [
            "\u{feff}Full name,Phone number,Source\nAli Valiyev,901112201,Instagram\n",
            "Ism;Telefon raqami;Manba\nGulnora Oʻrinboyeva;90 111 22 02;Instagram\n",
            "ФИО\tНомер телефона\tИсточник\nАзиз Каримов\t90-111-22-03\tИнстаграм\n",
            "Аты-жөні,Ұялы телефон,Дереккөз\nАйгүл Сәрсен,901112204,Instagram\n",
        ];
        for table in tables {
            let done = import(&center, &center.admin, table).await;
            assert_eq!(counts(&done), ("done", 1, 1, 0, 0), "{table}");
        }
        let leads = leads(&center).await;
        assert!(leads.iter().all(|lead| lead.source == "instagram" && lead.notes.is_empty()), "{leads:?}");
        assert_eq!(leads[2].name, "Азиз Каримов");
    }

    async fn an_old_cyrillic_csv_is_read(test: TestApp) {
        let center = Center::new(&test.app, "demo").await;
        let table = windows_1251("ФИО;Телефон;Комментарий\nЖасур Каримов;901234567;Вечером\n");
        let done = import(&center, &center.admin, table).await;
        assert_eq!(counts(&done), ("done", 1, 1, 0, 0));
        let lead = leads(&center).await.remove(0);
        let seen = (lead.name.as_str(), lead.notes.as_str(), lead.source.as_str());
        assert_eq!(seen, ("Жасур Каримов", "Вечером", "csv"));
    }

    async fn a_person_settles_columns_that_say_nothing(test: TestApp) {
        let center = Center::new(&test.app, "demo").await;
        let odd = "kim,qayerga,nima\nAli,yoʻq,kerak\n";
        assert_eq!(code(start(&center, &center.admin, odd).await), "header_not_found");
        let table = "kim,qayerga,boshqa\nAli,90 123 45 67,Python\nVali,90 123 45 68,Robot\n";
        let python = courses::create(&test.app, &center.admin, "Python", "").await.expect("a new course");
        let opened = imports::upload(&center.desk, &center.admin, "a.csv", table.into()).await.expect("a table");
        let start = |json: &str| {
            let mapping = serde_json::from_str(json).expect("a mapping");
            let choice = Choice { mapping: Some(mapping), owner_id: None };
            imports::start(&center.desk.app, &center.admin, opened.import.id, choice)
        };
        assert_eq!(code(start(r#"{"phone": "telefon"}"#).await), "column_not_found");
        assert_eq!(code(start(r#"{"name": 0}"#).await), "header_not_found");
        start(r#"{"name": 0, "phone": "qayerga", "course": 2}"#).await.expect("it fits");
        center.runner_of(&["imports.run"]).drain().await.expect("the work is done");
        let leads = leads(&center).await;
        let seen: Vec<_> = leads.iter().map(|lead| (lead.name.as_str(), lead.course_id, lead.notes.as_str())).collect();
        assert_eq!(seen, [("Ali", Some(python.id), ""), ("Vali", None, "boshqa: Robot")]);
        assert_eq!(leads[0].phone, "+998901234567");
    }

    async fn bad_rows_are_listed_and_good_ones_proceed(test: TestApp) {
        let center = Center::new(&test.app, "demo").await;
        let table = "Ism,Telefon,Izoh\nAli,901234567,\n,901234568,ismsiz\nVali,90 12,=HYPERLINK(1)\nGʻani,,\n\
                     Olim,9.98901E+11,\nAli,901234569,\n";
        let done = import(&center, &center.admin, table).await;
        assert_eq!(counts(&done), ("done", 6, 2, 0, 4));
        let bad = imports::skipped(&test.app, &center.admin, done.id, Kind::Rejected, 0, 100).await.expect("listed");
        let seen: Vec<_> = bad.iter().map(|row| (row.row, row.code.as_str())).collect();
        let short = (4, "phone_too_short");
        assert_eq!(seen, [(3, "required"), short, (5, "phone_missing"), (6, "phone_digits_lost")]);
        assert!(bad[0].message.starts_with("Ism"), "{}", bad[0].message);
        let csv = imports::download(&center.desk, &center.admin, done.id, Kind::Rejected).await.expect("written");
        let csv = String::from_utf8(csv).expect("text");
        let lines: Vec<&str> = csv.lines().collect();
        assert_eq!((lines.len(), lines[0]), (5, "\u{feff}Ism,Telefon,Izoh,Sababi"));
        assert!(lines[2].starts_with("Vali,90 12,'=HYPERLINK(1),"), "{}", lines[2]);

        let mended = csv.replace("90 12,", "90 123 45 70,");
        let again = import(&center, &center.admin, mended).await;
        assert_eq!(counts(&again), ("done", 4, 1, 0, 3), "the mended table goes in as it is");

        let later = test.app.clock.now() + TimeDelta::days(31);
        test.app.set_clock(later).await.expect("a test clock");
        test.app.db.write(center.tenant.id, async move |tx: Tx| files::expire(&tx).await).await.expect("writable");
        assert_eq!(code(imports::open(&center.desk, &center.admin, done.id).await), "file_expired");
        let bad = imports::skipped(&test.app, &center.admin, done.id, Kind::Rejected, 0, 100).await.expect("listed");
        assert_eq!(bad.len(), 4, "the rows outlive the file");
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
        let choice = Choice { mapping: None, owner_id: sardor.user };
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

    async fn files_that_are_no_tables_are_refused_at_the_door(test: TestApp) {
        let center = Center::new(&test.app, "demo").await;
        for (bytes, expected) in [
            (Vec::new(), "file_empty"),
            (b"%PDF-1.7 table".to_vec(), "file_unknown_format"),
            (data("leads-5000.xlsx")[..9_000].to_vec(), "file_unreadable"),
            (b"name,phone\n\"Ali,901234567\n".to_vec(), "file_unclosed_quote"),
            (vec![b'a'; files::MAX_BYTES + 1], "file_too_large"),
            (table(200_001).into_bytes(), "file_too_many_rows"),
        ] {
            let refused = imports::upload(&center.desk, &center.admin, "x", bytes).await;
            assert_eq!(refused.map(|opened| opened.import.id).map_err(|error| error.code()), Err(expected));
        }
        assert!(imports::list(&test.app, &center.admin, None, None).await.expect("listed").items.is_empty());
    }
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

fn windows_1251(text: &str) -> Vec<u8> {
    let byte = |c: char| match u32::from(c) {
        code @ 0..128 => code as u8,
        code => (code - 0x410 + 0xc0) as u8,
    };
    text.chars().map(byte).collect()
}
