//! What a table says: its encoding, its columns, its bad rows, and whether it is one at all.

use chrono::TimeDelta;
use platform::{Tx, files};
use support::app::TestApp;
use support::both_engines;
use support::desk::Center;
use workflows::courses;
use workflows::imports::{self, Choice, Kind};

use super::{code, counts, data, import, leads, start, table};

both_engines! {
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
            let choice = Choice { mapping: Some(mapping), ..Choice::default() };
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

fn windows_1251(text: &str) -> Vec<u8> {
    let byte = |c: char| match u32::from(c) {
        code @ 0..128 => code as u8,
        code => (code - 0x410 + 0xc0) as u8,
    };
    text.chars().map(byte).collect()
}
