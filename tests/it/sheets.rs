//! Google sheets read as the real ones are: rows come, move, change and go between two readings, Google has bad days,
//! and every row becomes a lead once.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use platform::{Actor, Error, Id, Tx};
use plugins::google::Google;
use sea_orm::FromQueryResult;
use serde_json::{Value, json};
use support::app::{TestApp, config};
use support::both_engines;
use support::desk::Center;
use support::google::{ACCOUNT, FakeGoogle, Trouble};
use support::server::Setup;
use workflows::courses;
use workflows::imports;
use workflows::leads::OnRepeat;
use workflows::sheets::{self, Connect, Key, Settled, Sheet};

const KINDS: &[&str] = &["sheets.sync", "imports.undo"];

async fn center(test: &TestApp, google: &FakeGoogle, slug: &str) -> Center {
    let mut center = Center::new(&test.app, slug).await;
    let mut config = config(&test.database);
    (config.google_api_url, config.google_token_url) = (google.url.clone(), google.token_url());
    center.desk.google = Arc::new(Google::new(&config, test.app.clock.clone()).expect("the addresses are good"));
    center
}

fn row(name: &str, phone: u64) -> Vec<Value> {
    vec![json!(name), json!(phone), json!("")]
}

/// A header and so many leads with phones of their own, as numbers, as Google answers them.
fn table(rows: u64) -> Vec<Vec<Value>> {
    let head = vec![json!("Ism"), json!("Telefon"), json!("Izoh")];
    let leads = (0..rows).map(|at| row(&format!("Lid {at}"), 998_901_100_001 + at));
    std::iter::once(head).chain(leads).collect()
}

async fn connect(center: &Center, actor: &Actor, google: &FakeGoogle, gid: i64) -> Result<Sheet, Error> {
    let new = Connect {
        key: Key::Json(google.key()),
        link: google.link(gid),
    };
    sheets::connect(&center.desk, actor, new).await
}

fn settled(sheet: &Sheet) -> Settled {
    Settled {
        mapping: sheet.mapping(),
        course_id: None,
        owner_id: None,
        on_duplicate: OnRepeat::Skip,
        every_minutes: 15,
        gid: None,
    }
}

/// Connected, settled as guessed, read once.
async fn connected(center: &Center, actor: &Actor, google: &FakeGoogle, gid: i64) -> Sheet {
    let sheet = connect(center, actor, google, gid).await.expect("it is there");
    sheets::settle(&center.desk, actor, sheet.id, settled(&sheet))
        .await
        .expect("as guessed");
    work(center).await;
    sheets::find(&center.desk.app, actor, sheet.id)
        .await
        .expect("it is there")
}

async fn work(center: &Center) {
    center.runner_of(KINDS).drain().await.expect("the work is done");
}

async fn read_again(center: &Center, sheet: &Sheet) -> Sheet {
    // Two presses within one instant are one.
    let later = center.desk.app.clock.now() + TimeDelta::seconds(1);
    center.desk.app.set_clock(later).await.expect("a test clock");
    sheets::sync_now(&center.desk.app, &center.admin, sheet.id)
        .await
        .expect("it may be read");
    work(center).await;
    sheets::find(&center.desk.app, &center.admin, sheet.id)
        .await
        .expect("it is there")
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

async fn leads(center: &Center) -> i64 {
    count(center, "SELECT COUNT(*) AS count FROM lead WHERE tenant_id = $1").await
}

fn counts(sheet: &Sheet) -> (&str, i64, i64, i64, i64) {
    (
        &sheet.state,
        sheet.seen,
        sheet.created,
        sheet.duplicates,
        sheet.rejected,
    )
}

fn code(outcome: Result<impl std::fmt::Debug, Error>) -> &'static str {
    match outcome.expect_err("it is refused") {
        Error::Invalid(fields) => fields[0].code,
        other => other.code(),
    }
}

both_engines! {
    async fn five_thousand_rows_read_twice_are_five_thousand_leads(test: TestApp) {
        let google = FakeGoogle::start().await;
        google.put(7, "Lidlar", table(5000));
        let center = center(&test, &google, "demo").await;
        let sheet = connected(&center, &center.admin, &google, 7).await;
        assert_eq!(counts(&sheet), ("active", 5000, 5000, 0, 0));
        assert_eq!((sheet.title.as_str(), sheet.tab.as_str(), sheet.email.as_str()), ("Qabul", "Lidlar", ACCOUNT));
        assert!(sheet.synced_at.is_some() && sheet.next_at.is_some());
        let again = read_again(&center, &sheet).await;
        assert_eq!(counts(&again), ("active", 5000, 5000, 0, 0), "nothing new was said");
        assert_eq!(leads(&center).await, 5000);
        let events = "SELECT COUNT(*) AS count FROM event WHERE tenant_id = $1 AND kind = 'lead.created'";
        assert_eq!(count(&center, events).await, 5000);
        let source = "SELECT COUNT(*) AS count FROM lead WHERE tenant_id = $1 AND source = 'google_sheets'";
        assert_eq!(count(&center, source).await, 5000);
        assert_eq!(google.asked().0, 1, "one token served them all");
    }

    async fn rows_come_change_move_and_go(test: TestApp) {
        let google = FakeGoogle::start().await;
        google.put(0, "Varaq1", table(10));
        let center = center(&test, &google, "demo").await;
        let sheet = connected(&center, &center.admin, &google, 0).await;
        google.change(0, |rows| {
            rows.insert(4, row("Oʻrtada", 998_907_000_001));
            rows.push(row("Oxirida", 998_907_000_002));
            rows.swap(1, 8);
        });
        let sheet = read_again(&center, &sheet).await;
        assert_eq!(counts(&sheet), ("active", 12, 12, 0, 0), "two came, none moved twice");
        google.change(0, |rows| {
            rows.remove(3);
            rows[5][2] = json!("Izoh qoʻshildi");
            rows.push(row("Xato", 12));
            rows.push(vec![json!("=HYPERLINK(1)"), json!("+998 90 800 00 01"), json!("<script>")]);
        });
        let sheet = read_again(&center, &sheet).await;
        assert_eq!(counts(&sheet), ("active", 13, 13, 1, 1), "the edited row is a known number, the bad one is told");
        let again = read_again(&center, &sheet).await;
        assert_eq!(counts(&again), ("active", 13, 13, 1, 1), "and told once");
        google.change(0, |rows| {
            let bad = rows.iter_mut().find(|row| row[0] == "Xato").expect("it is there");
            bad[1] = json!(998_907_000_003_u64);
        });
        let mended = read_again(&center, &sheet).await;
        assert_eq!((mended.created, leads(&center).await), (14, 14), "mended, it comes in");
        google.change(0, |rows| rows.truncate(1));
        let emptied = read_again(&center, &sheet).await;
        assert_eq!((counts(&emptied), leads(&center).await), (("active", 0, 14, 1, 1), 14), "leads stay");
        let imports = imports::list(&test.app, &center.admin, None, None).await.expect("listed").items;
        assert_eq!(imports.len(), 1, "a day is one line of the history");
        assert_eq!((imports[0].created, imports[0].rejected, imports[0].format.as_str()), (14, 1, "google_sheets"));
    }

    async fn a_days_rows_are_taken_back_and_do_not_come_again(test: TestApp) {
        let google = FakeGoogle::start().await;
        google.put(0, "Varaq1", table(20));
        let center = center(&test, &google, "demo").await;
        let sheet = connected(&center, &center.admin, &google, 0).await;
        imports::undo(&test.app, &center.admin, sheet.import_id.expect("rows came")).await.expect("it is over");
        work(&center).await;
        assert_eq!(leads(&center).await, 0);
        google.change(0, |rows| rows.push(row("Yangi", 998_907_000_009)));
        let sheet = read_again(&center, &sheet).await;
        assert_eq!((sheet.created, leads(&center).await), (21, 1));
    }

    async fn google_has_a_bad_day(test: TestApp) {
        let google = FakeGoogle::start().await;
        google.put(0, "Varaq1", table(4500));
        let center = center(&test, &google, "demo").await;
        let sheet = connect(&center, &center.admin, &google, 0).await.expect("it is there");
        sheets::settle(&center.desk, &center.admin, sheet.id, settled(&sheet)).await.expect("as guessed");
        // The header, two pages of 2,000, then trouble of every kind before the third.
        google.trouble(&[Trouble::Fine, Trouble::Fine, Trouble::Fine, Trouble::Cut]);
        work(&center).await;
        let half = sheets::find(&test.app, &center.admin, sheet.id).await.expect("it is there");
        assert_eq!((half.state.as_str(), half.error.as_deref(), half.created), ("active", Some("google_unreachable"), 4000));
        google.trouble(&[Trouble::Status(429), Trouble::Status(503)]);
        for expected in ["google_busy", "google_busy"] {
            let later = test.app.clock.now() + TimeDelta::minutes(3);
            test.app.set_clock(later).await.expect("a test clock");
            work(&center).await;
            let waiting = sheets::find(&test.app, &center.admin, sheet.id).await.expect("it is there");
            assert_eq!((waiting.error.as_deref(), waiting.created), (Some(expected), 4000));
        }
        google.expire_tokens();
        test.app.set_clock(test.app.clock.now() + TimeDelta::minutes(3)).await.expect("a test clock");
        work(&center).await;
        let whole = sheets::find(&test.app, &center.admin, sheet.id).await.expect("it is there");
        assert_eq!((counts(&whole), whole.error.as_deref(), whole.tries), (("active", 4500, 4500, 0, 0), None, 0));
        assert_eq!(leads(&center).await, 4500);
        assert!(google.asked().0 >= 2, "an expired token was replaced");
    }

    async fn what_does_not_pass_stops_the_sheet_and_is_told_once(test: TestApp) {
        let google = FakeGoogle::start().await;
        google.put(0, "Varaq1", table(3));
        let center = center(&test, &google, "demo").await;
        let sheet = connected(&center, &center.admin, &google, 0).await;
        google.share(false);
        let broken = read_again(&center, &sheet).await;
        assert_eq!((broken.state.as_str(), broken.error.as_deref()), ("broken", Some("google_not_shared")));
        let notices = "SELECT COUNT(*) AS count FROM notice WHERE tenant_id = $1 AND kind = 'sheet_broken'";
        assert_eq!(count(&center, notices).await, 1);
        let due = async |slot: &'static str| {
            let enqueue = async move |tx: Tx| sheets::enqueue_due(&tx, slot).await;
            test.app.db.write(center.tenant.id, enqueue).await.expect("writable");
            work(&center).await;
        };
        due("a").await;
        assert_eq!(count(&center, notices).await, 1, "a broken sheet waits for a person");
        google.share(true);
        google.change(0, |rows| rows.push(row("Yangi", 998_907_000_009)));
        let back = sheets::pause(&test.app, &center.admin, sheet.id, false).await.expect("it may go on");
        assert_eq!(back.state, "active");
        work(&center).await;
        assert_eq!(leads(&center).await, 4);
        google.revoke(true);
        let revoked = read_again(&center, &sheet).await;
        assert_eq!((revoked.state.as_str(), revoked.error.as_deref()), ("broken", Some("google_key_refused")));
        assert_eq!(count(&center, notices).await, 2);
        google.revoke(false);
        sheets::replace_key(&center.desk, &center.admin, sheet.id, &google.key()).await.expect("it works again");
        google.change(0, |rows| rows[0][1] = json!("Boshqa narsa"));
        work(&center).await;
        let changed = sheets::find(&test.app, &center.admin, sheet.id).await.expect("it is there");
        assert_eq!((changed.state.as_str(), changed.error.as_deref()), ("broken", Some("sheet_columns_changed")));
    }

    async fn a_sheet_is_read_by_the_clock_once_on_two_nodes(test: TestApp) {
        let google = FakeGoogle::start().await;
        google.put(0, "Varaq1", table(3));
        let center = center(&test, &google, "demo").await;
        let sheet = connected(&center, &center.admin, &google, 0).await;
        google.change(0, |rows| rows.extend((0..1200).map(|at| row(&format!("Yangi {at}"), 998_905_100_001 + at))));
        let tick = async |slot: &'static str| {
            let enqueue = async move |tx: Tx| sheets::enqueue_due(&tx, slot).await;
            test.app.db.write(center.tenant.id, enqueue).await.expect("writable");
        };
        tick("early").await;
        let jobs = "SELECT COUNT(*) AS count FROM job WHERE tenant_id = $1 AND kind = 'sheets.sync' AND state = 'ready'";
        assert_eq!(count(&center, jobs).await, 0, "not before its time");
        test.app.set_clock(test.app.clock.now() + TimeDelta::minutes(16)).await.expect("a test clock");
        tick("slot").await;
        tick("slot").await;
        tick("other").await;
        assert_eq!(count(&center, jobs).await, 1);
        // A reading by hand beside it, on two workers at once.
        sheets::sync_now(&test.app, &center.admin, sheet.id).await.expect("it may be read");
        let (one, two) = (center.runner_of(KINDS), center.runner_of(KINDS));
        let (one, two) = tokio::join!(one.drain(), two.drain());
        one.expect("the work is done");
        two.expect("the work is done");
        work(&center).await;
        assert_eq!(leads(&center).await, 1203);
        let events = "SELECT COUNT(*) AS count FROM event WHERE tenant_id = $1 AND kind = 'lead.created'";
        assert_eq!(count(&center, events).await, 1203);
        let whole = sheets::find(&test.app, &center.admin, sheet.id).await.expect("it is there");
        assert_eq!(whole.created, 1203);
    }

    async fn a_reps_sheet_is_the_reps_and_a_course_is_given_to_rows_without_one(test: TestApp) {
        let google = FakeGoogle::start().await;
        let head = vec![json!("Ism"), json!("Telefon"), json!("Kurs")];
        google.put(0, "Varaq1", vec![head, row("Ali", 998_901_000_001), vec![json!("Vali"), json!(998_901_000_002_u64), json!("Python")]]);
        let center = center(&test, &google, "demo").await;
        let (malika, sardor) = (center.user("malika", "sales").await, center.user("sardor", "sales").await);
        let ielts = courses::create(&test.app, &center.admin, "IELTS", "").await.expect("a new course").id;
        let python = courses::create(&test.app, &center.admin, "Python", "").await.expect("a new course").id;
        let sheet = connect(&center, &malika, &google, 0).await.expect("it is there");
        // A rep chooses nobody else.
        let choice = Settled { course_id: Some(ielts), owner_id: sardor.user, ..settled(&sheet) };
        sheets::settle(&center.desk, &malika, sheet.id, choice).await.expect("as guessed");
        work(&center).await;
        #[derive(FromQueryResult)]
        struct Lead { owner_id: Option<Id>, course_id: Option<Id> }
        let sql = "SELECT owner_id, course_id FROM lead WHERE tenant_id = $1 ORDER BY name";
        let read = async move |tx: Tx| tx.all::<Lead>(sql, vec![tx.tenant().0.into()]).await;
        let found = test.app.db.read(center.tenant.id, read).await.expect("readable");
        assert!(found.iter().all(|lead| lead.owner_id == malika.user));
        assert_eq!(found.iter().map(|lead| lead.course_id).collect::<Vec<_>>(), [Some(ielts), Some(python)]);

        assert_eq!(code(sheets::find(&test.app, &sardor, sheet.id).await), "not_found");
        assert!(sheets::list(&test.app, &sardor).await.expect("listed").is_empty());
        assert_eq!(sheets::list(&test.app, &center.admin).await.expect("listed").len(), 1);
        assert_eq!(code(connect(&center, &sardor, &google, 0).await), "sheet_connected");
        let borrowed = Connect { key: Key::Of(sheet.id), link: google.link(0) };
        assert_eq!(code(sheets::connect(&center.desk, &sardor, borrowed).await), "unknown_sheet", "her key is not his");
    }

    async fn rows_of_a_sheet_whose_rep_has_left_are_taken_all_the_same(test: TestApp) {
        let google = FakeGoogle::start().await;
        google.put(0, "Varaq1", table(2));
        let center = center(&test, &google, "demo").await;
        let malika = center.user("malika", "sales").await;
        let sheet = connect(&center, &center.admin, &google, 0).await.expect("it is there");
        let choice = Settled { owner_id: malika.user, ..settled(&sheet) };
        sheets::settle(&center.desk, &center.admin, sheet.id, choice).await.expect("as guessed");
        work(&center).await;
        let hers = "SELECT COUNT(*) AS count FROM lead WHERE tenant_id = $1 AND owner_id IS NOT NULL";
        assert_eq!(count(&center, hers).await, 2);
        let left = malika.person().expect("a person");
        workflows::staff::deactivate(&test.app, &center.admin, left).await.expect("she leaves");
        google.put(0, "Varaq1", table(5));
        let sheet = read_again(&center, &sheet).await;
        assert_eq!(counts(&sheet), ("active", 5, 5, 0, 0));
        let waiting = "SELECT COUNT(*) AS count FROM lead WHERE tenant_id = $1 AND owner_id IS NULL AND waiting_since IS NOT NULL";
        assert_eq!(count(&center, waiting).await, 3, "the rules give them to somebody else");
    }

    async fn a_key_is_sealed_and_a_bad_one_is_told(test: TestApp) {
        let google = FakeGoogle::start().await;
        google.put(0, "Varaq1", table(3));
        let center = center(&test, &google, "demo").await;
        let sheet = connect(&center, &center.admin, &google, 0).await.expect("it is there");
        let shown = serde_json::to_string(&sheet).expect("it is written");
        assert!(!shown.contains("PRIVATE") && !shown.contains("sealed"), "{shown}");
        assert!(!sheet.key_sealed.contains("PRIVATE"));
        for (key, link, expected) in [
            ("{}".to_owned(), google.link(5), "google_key_unreadable"),
            (google.key().replace(ACCOUNT, "boshqa@sinov.iam.gserviceaccount.com"), google.link(5), "google_key_refused"),
            (google.key(), "https://example.org".to_owned(), "google_bad_link"),
            (google.key(), google.link(5), "google_no_tab"),
            (google.key(), "1AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".to_owned(), "google_not_found"),
        ] {
            let tried = sheets::connect(&center.desk, &center.admin, Connect { key: Key::Json(key), link }).await;
            assert_eq!(code(tried), expected);
        }
        google.share(false);
        google.put(9, "Ikkinchi", table(1));
        google.share(false);
        assert_eq!(code(connect(&center, &center.admin, &google, 9).await), "google_not_shared");
        google.share(true);
        let second = Connect { key: Key::Of(sheet.id), link: google.link(9) };
        let second = sheets::connect(&center.desk, &center.admin, second).await.expect("with the same key");
        sheets::remove(&test.app, &center.admin, second.id).await.expect("it is there");
        assert_eq!(code(sheets::find(&test.app, &center.admin, second.id).await), "not_found");
        let other = self::center(&test, &google, "academy").await;
        assert_eq!(code(sheets::find(&test.app, &other.admin, sheet.id).await), "not_found");
        connect(&other, &other.admin, &google, 0).await.expect("another centre may read the same sheet");
    }

    async fn a_server_killed_in_the_middle_goes_on_where_it_stopped(database: support::database::TestDatabase) {
        let google = FakeGoogle::start().await;
        google.put(0, "Varaq1", table(3000));
        let mut setup = Setup::on(&database);
        setup.env("MARKAZ_GOOGLE_API_URL", &google.url).env("MARKAZ_GOOGLE_TOKEN_URL", google.token_url());
        let test = TestApp::on(database).await;
        let center = center(&test, &google, "demo").await;
        let sheet = connect(&center, &center.admin, &google, 0).await.expect("it is there");
        sheets::settle(&center.desk, &center.admin, sheet.id, settled(&sheet)).await.expect("as guessed");
        for _ in 0..2 {
            let server = setup.spawn().await;
            let before = leads(&center).await;
            for _ in 0..400 {
                if leads(&center).await > before {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            server.kill();
            // A killed worker's lease ends by itself; a test does not wait for it.
            let free = async move |tx: Tx| {
                let sql = "UPDATE job SET state = 'ready', run_at = $2, lease_id = NULL, lease_until = NULL \
                           WHERE tenant_id = $1 AND kind = 'sheets.sync' AND state IN ('ready', 'running')";
                tx.run(sql, vec![tx.tenant().0.into(), tx.now().into()]).await?;
                let turn = "UPDATE job_tenant SET next_turn = $2, idle = 0 WHERE tenant_id = $1";
                tx.run(turn, vec![tx.tenant().0.into(), tx.now().into()]).await
            };
            test.app.db.write(center.tenant.id, free).await.expect("writable");
        }
        work(&center).await;
        let whole = sheets::find(&test.app, &center.admin, sheet.id).await.expect("it is there");
        assert_eq!((whole.created, leads(&center).await), (3000, 3000));
    }
}
