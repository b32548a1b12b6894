//! Lists as files, read back as a spreadsheet program would: what is in them, what is not, and for whom.

use std::io::Cursor;

use calamine::{Data, DataType, Reader, Xlsx};
use chrono::TimeDelta;
use platform::{Actor, Error, Tx, files};
use support::app::TestApp;
use support::both_engines;
use support::crowd::Crowd;
use support::database::Engine;
use support::desk::Center;
use workflows::exports::table::{Format, Separator};
use workflows::exports::{self, Export, Wanted, What};
use workflows::leads::{self, NewLead, Via};
use workflows::{courses, follow_ups};

/// What people and programs put into names, to see it run.
const HOSTILE: [&str; 9] = [
    "=HYPERLINK(\"http://x\",\"bos\")",
    "+1+cmd|'/C calc'!A0",
    "-2+3",
    "@SUM(A1:A9)",
    "<script>alert(1)</script>",
    "Ali; =1+1",
    "Vali, \"katta\"",
    "ʼʻОʻzbek Қазақ",
    "x=y",
];

/// As much as many rows would bring, in few.
const LONG_NOTES: usize = 100_000;

async fn lead(center: &Center, at: usize, name: &str, notes: &str) {
    let new = NewLead {
        name: name.to_owned(),
        phone: format!("+9989{:08}", 1_000_000 + at),
        notes: notes.to_owned(),
        ..NewLead::default()
    };
    leads::capture(&center.desk.app, &center.admin, new, Via::Manual, None)
        .await
        .expect("a new lead");
}

async fn export(center: &Center, actor: &Actor, what: What, format: Format) -> (Export, Vec<u8>) {
    let app = &center.desk.app;
    let asked = exports::request(app, actor, Wanted { what, format }, None)
        .await
        .expect("it may be asked for");
    center
        .runner_of(&["exports.run"])
        .drain()
        .await
        .expect("the work is done");
    let export = exports::find(app, actor, asked.id).await.expect("it is there");
    assert_eq!(export.state, "done", "{export:?}");
    let download = exports::open(app, actor, asked.id).await.expect("it is ready");
    let (mut bytes, mut at) = (Vec::new(), 0);
    while let Some(piece) = exports::piece(app, actor, &download, at).await.expect("readable") {
        bytes.extend(piece);
        at += 1;
    }
    assert_eq!(bytes.len() as i64, download.size);
    (export, bytes)
}

fn cells(xlsx: Vec<u8>) -> Vec<Vec<Data>> {
    let mut book = Xlsx::new(Cursor::new(xlsx)).expect("an xlsx");
    let sheet = book.sheet_names()[0].clone();
    assert_eq!(
        book.worksheet_formula(&sheet).expect("readable").used_cells().count(),
        0,
        "no cell is a formula"
    );
    let range = book.worksheet_range(&sheet).expect("a sheet");
    range.rows().map(<[Data]>::to_vec).collect()
}

fn everybody() -> What {
    What::Leads(leads::Filter::default())
}

fn code(outcome: Result<impl std::fmt::Debug, Error>) -> &'static str {
    outcome.expect_err("it is refused").code()
}

both_engines! {
    async fn chosen_leads_alone_and_the_team_become_files(test: TestApp) {
        let center = Center::new(&test.app, "demo").await;
        let other = Center::new(&test.app, "academy").await;
        for (at, name) in ["Aziza", "Bobur", "Charos"].iter().enumerate() {
            lead(&center, at, name, "").await;
        }
        lead(&other, 9, "Begona", "").await;
        let ids = async |of: &Actor| -> Vec<_> {
            let found = leads::list(&test.app, of, leads::Filter::default()).await.expect("a list").items;
            found.into_iter().filter(|lead| lead.name != "Bobur").map(|lead| lead.id).collect()
        };
        let (chosen, foreign) = (ids(&center.admin).await, ids(&other.admin).await);
        let filter = leads::Filter { ids: [chosen, foreign].concat(), ..leads::Filter::default() };
        let (row, bytes) = export(&center, &center.admin, What::Leads(filter), Format::Xlsx).await;
        assert_eq!((row.total, row.rows), (2, 2), "{row:?}");
        let mut names: Vec<String> = cells(bytes)[1..].iter().map(|row| row[0].to_string()).collect();
        names.sort();
        assert_eq!(names, ["Aziza", "Charos"]);

        let rep = center.user("malika", "sales").await;
        let (row, bytes) = export(&center, &center.admin, What::Team, Format::Xlsx).await;
        let team = workflows::numbers::team(&test.app, &center.admin).await.expect("numbers").reps;
        assert_eq!((row.what.as_str(), row.rows), ("team", team.len() as i64));
        let written = cells(bytes);
        assert_eq!(written.len(), team.len() + 1);
        assert_eq!(written[1][0].to_string(), team[0].name);
        assert_eq!(written[1][2].to_string(), team[0].open.to_string());
        let refused = exports::request(&test.app, &rep, Wanted { what: What::Team, format: Format::Xlsx }, None).await;
        assert_eq!(code(refused), "not_allowed");
        let many = leads::Filter { ids: (0..201).map(|_| platform::ids::new_id()).collect(), ..leads::Filter::default() };
        let wanted = Wanted { what: What::Leads(many), format: Format::Xlsx };
        assert_eq!(code(exports::request(&test.app, &center.admin, wanted, None).await), "invalid", "none is left out unsaid");
    }

    async fn a_file_too_large_to_keep_is_refused_in_words(app: TestApp) {
        let center = Center::new(&app.app, "demo").await;
        let crowd = Crowd { leads: 300, others: 3 };
        crowd.fill(&app.database, center.tenant.id.0, app.app.clock.now()).await;
        let long = match app.database.engine {
            Engine::Postgres => format!("REPEAT('x', {LONG_NOTES})"),
            Engine::Sqlite => format!("HEX(ZEROBLOB({}))", LONG_NOTES / 2),
        };
        app.database.fill(&[format!("UPDATE lead SET notes = {long}")]).await;
        let what = What::Leads(leads::Filter::default());
        let wanted = Wanted { what, format: Format::Csv(Separator::Comma) };
        let asked = exports::request(&app.app, &center.admin, wanted, None).await.expect("it may be asked for");
        center.runner_of(&["exports.run"]).drain().await.expect("the work is done");
        let export = exports::find(&app.app, &center.admin, asked.id).await.expect("it is there");
        assert_eq!((export.state.as_str(), export.error.as_deref()), ("failed", Some("export_too_large")));
        assert_eq!(app.database.count("SELECT COUNT(*) FROM file_chunk").await, 0, "nothing of it is kept");
    }

    async fn hostile_names_are_text_in_xlsx_and_disarmed_in_csv(test: TestApp) {
        let center = Center::new(&test.app, "demo").await;
        for (at, name) in HOSTILE.iter().enumerate() {
            lead(&center, at, name, &format!("a;{name}\n-izoh, +998 90 123 45 67")).await;
        }
        let (export_row, bytes) = export(&center, &center.admin, everybody(), Format::Xlsx).await;
        assert_eq!((export_row.total, export_row.rows), (9, 9));
        let rows = cells(bytes);
        assert_eq!(rows.len(), 10);
        assert_eq!(rows[0][0], Data::String("Ism".into()), "headings an import knows");
        for (row, name) in rows[1..].iter().rev().zip(HOSTILE) {
            assert_eq!(row[0], Data::String(name.into()), "word for word");
            assert!(matches!(&row[1], Data::String(phone) if phone.starts_with("+998")), "{:?}", row[1]);
            assert!(row[10].is_datetime(), "a time, not its text: {:?}", row[10]);
        }
        for separator in [Separator::Comma, Separator::Semicolon] {
            let (_, bytes) = export(&center, &center.admin, everybody(), Format::Csv(separator)).await;
            let text = String::from_utf8(bytes).expect("text");
            let body = text.strip_prefix('\u{feff}').expect("marked as UTF-8");
            let mut reader = csv::ReaderBuilder::new().delimiter(separator.byte()).from_reader(body.as_bytes());
            let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a whole row")).collect();
            assert_eq!(rows.len(), 9);
            for row in &rows {
                assert!(row[1].starts_with("+998") && row[1].len() == 13, "phones stay phones: {}", &row[1]);
                for cell in row.iter() {
                    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
                    assert!(!formula || cell[1..].chars().all(|c| c.is_ascii_digit()), "{cell:?}");
                }
            }
            // Whatever character a program splits at, no formula comes to stand first in a cell.
            for other in [',', ';', '\t', '\n'] {
                for cell in body.split(other) {
                    let cell = cell.trim_start_matches(['"', ' ']);
                    let formula = cell.starts_with(['=', '@']) || (cell.starts_with(['+', '-']) && !cell[1..].starts_with(|c: char| c.is_ascii_digit()));
                    assert!(!formula, "{cell:?} behind {other:?}");
                }
            }
        }
    }

    async fn direction_overrides_do_not_reach_the_file(test: TestApp) {
        let center = Center::new(&test.app, "demo").await;
        lead(&center, 1, "Ali\u{202e}gpj.exe\u{200b}", "a\u{2066}b").await;
        let (_, bytes) = export(&center, &center.admin, everybody(), Format::Xlsx).await;
        let rows = cells(bytes);
        let text = format!("{:?}", rows[1]);
        assert!(!text.contains("202e") && !text.contains("2066") && !text.contains("200b"), "{text}");
        let long = "x".repeat(200);
        lead(&center, 2, &long, "").await;
        let (_, bytes) = export(&center, &center.admin, everybody(), Format::Xlsx).await;
        assert_eq!(cells(bytes)[1][0], Data::String(long));
    }

    async fn a_file_holds_what_the_list_holds(test: TestApp) {
        let center = Center::new(&test.app, "demo").await;
        let course = courses::create(&test.app, &center.admin, "Python", "").await.expect("a new course");
        let malika = center.user("malika", "sales").await;
        for at in 0..450 {
            let new = NewLead {
                name: format!("Lid {at}"), phone: format!("+9989{:08}", 2_000_000 + at), owner_id: malika.user,
                course_id: (at % 3 == 0).then_some(course.id), ..NewLead::default()
            };
            leads::capture(&test.app, &center.admin, new, Via::Manual, None).await.expect("a new lead");
        }
        let filter = leads::Filter { course: Some(course.id), sort: leads::Sort::Oldest, ..leads::Filter::default() };
        let (row, bytes) = export(&center, &center.admin, What::Leads(filter), Format::Xlsx).await;
        assert_eq!((row.total, row.rows, row.what.as_str()), (150, 150, "leads"));
        let rows = cells(bytes);
        assert_eq!((rows.len(), &rows[1][0], &rows[150][0]), (151, &Data::String("Lid 0".into()), &Data::String("Lid 447".into())));
        assert_eq!((&rows[1][3], &rows[1][6]), (&Data::String("Python".into()), &Data::String("malika".into())));

        center.runner_of(&["scripts.plan"]).drain().await.expect("planned");
        let open = follow_ups::Filter { view: follow_ups::View::Open, ..follow_ups::Filter::default() };
        let (row, bytes) = export(&center, &center.admin, What::FollowUps(open), Format::Csv(Separator::Semicolon)).await;
        let text = String::from_utf8(bytes).expect("text");
        assert_eq!(row.rows, text.lines().count() as i64 - 1);
        assert_eq!(row.total, row.rows);
    }

    async fn a_file_is_its_readers_own_while_it_is_kept(test: TestApp) {
        let center = Center::new(&test.app, "demo").await;
        lead(&center, 1, "Ali", "").await;
        let (manager, rep) = (center.user("menejer", "manager").await, center.user("malika", "sales").await);
        let wanted = Wanted { what: everybody(), format: Format::Xlsx };
        assert_eq!(code(exports::request(&test.app, &rep, wanted.clone(), None).await), "not_allowed");
        let (row, _) = export(&center, &manager, everybody(), Format::Xlsx).await;
        assert_eq!(code(exports::open(&test.app, &center.admin, row.id).await), "not_found");
        assert!(exports::list(&test.app, &center.admin, None, None).await.expect("listed").items.is_empty());
        assert_eq!(exports::list(&test.app, &manager, None, None).await.expect("listed").items.len(), 1);
        let other = Center::new(&test.app, "academy").await;
        assert_eq!(code(exports::find(&test.app, &other.admin, row.id).await), "not_found");

        let waiting = exports::request(&test.app, &manager, wanted.clone(), None).await.expect("asked");
        assert_eq!(code(exports::open(&test.app, &manager, waiting.id).await), "export_not_ready");
        let stopped = exports::cancel(&test.app, &manager, waiting.id).await.expect("it is open");
        assert_eq!((stopped.state.as_str(), stopped.error.as_deref()), ("failed", Some("export_canceled")));
        for _ in 0..5 {
            exports::request(&test.app, &manager, wanted.clone(), None).await.expect("asked");
        }
        assert_eq!(code(exports::request(&test.app, &manager, wanted, None).await), "too_many_exports");

        test.app.set_clock(test.app.clock.now() + TimeDelta::days(4)).await.expect("a test clock");
        assert_eq!(code(exports::open(&test.app, &manager, row.id).await), "export_expired");
        let gone = test.app.db.write(center.tenant.id, async move |tx: Tx| files::expire(&tx).await).await.expect("writable");
        assert_eq!(gone, 1);
    }
}
