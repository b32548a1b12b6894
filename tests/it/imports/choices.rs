//! What a repeated number means is chosen for a file and for single rows; what columns meant is remembered.

use platform::Tx;
use sea_orm::FromQueryResult;
use support::app::TestApp;
use support::both_engines;
use support::desk::Center;
use workflows::courses;
use workflows::imports::sheet::{Column, Field, Mapping};
use workflows::imports::{self, Choice, Import};
use workflows::leads::OnRepeat;

use super::{code, count, counts, import, leads};

pub async fn import_with(center: &Center, actor: &platform::Actor, table: &str, choice: Choice) -> Import {
    let started = imports::upload_and_start(&center.desk, actor, "a.csv", table.as_bytes().to_vec(), choice, None)
        .await
        .expect("a good table");
    center
        .runner_of(&["imports.run"])
        .drain()
        .await
        .expect("the work is done");
    imports::find(&center.desk.app, actor, started.id)
        .await
        .expect("it is there")
}

fn all(on_duplicate: OnRepeat) -> Choice {
    Choice {
        on_duplicate,
        ..Choice::default()
    }
}

#[derive(Debug, FromQueryResult, PartialEq)]
struct Phone {
    e164: String,
    sibling: i32,
    name: String,
}

async fn phones(center: &Center) -> Vec<(String, i32, String)> {
    let sql = "SELECT p.e164, p.sibling, l.name FROM lead_phone AS p JOIN lead AS l \
               ON l.tenant_id = p.tenant_id AND l.id = p.lead_id WHERE p.tenant_id = $1 ORDER BY p.e164, p.sibling";
    let read = async move |tx: Tx| tx.all::<Phone>(sql, vec![tx.tenant().0.into()]).await;
    let rows = center.desk.app.db.read(center.tenant.id, read).await.expect("readable");
    rows.into_iter().map(|row| (row.e164, row.sibling, row.name)).collect()
}

both_engines! {
    async fn what_a_known_lead_lacks_is_filled_in_and_nothing_it_has_is_replaced(test: TestApp) {
        let center = Center::new(&test.app, "demo").await;
        courses::create(&test.app, &center.admin, "Python", "").await.expect("a new course");
        import(&center, &center.admin, "Ism,Tel,Izoh\nAli,901234567,\nVali,901234568,Bor izoh\n").await;
        let table = "Ism,Tel,Telefon 2,Kurs,Izoh\nBoshqa,901234567,901234569,Python,Yangi izoh\nVali,901234568,,,Boshqa izoh\n";
        let done = import_with(&center, &center.admin, table, all(OnRepeat::Update)).await;
        assert_eq!((counts(&done), done.updated), (("done", 2, 0, 2, 0), 1));
        let after = leads(&center).await;
        assert_eq!((after[0].name.as_str(), after[0].notes.as_str(), after[0].course_id.is_some()), ("Ali", "Yangi izoh", true));
        assert_eq!((after[1].notes.as_str(), after[1].course_id), ("Bor izoh", None));
        let phones = phones(&center).await;
        assert_eq!(phones[2], ("+998901234569".into(), 0, "Ali".into()), "and is found by it");
        let again = import_with(&center, &center.admin, table, all(OnRepeat::Update)).await;
        assert_eq!((counts(&again), again.updated), (("done", 2, 0, 2, 0), 0), "nothing is lacking any more");
    }

    async fn families_share_a_phone_and_the_same_file_makes_nobody_twice(test: TestApp) {
        let center = Center::new(&test.app, "demo").await;
        import(&center, &center.admin, "Ism,Tel\nOna,901234567\n").await;
        let table = "Ism,Tel\nona,901234567\nAli,901234567\nVali,901234567\nAli,901234567\n";
        let done = import_with(&center, &center.admin, table, all(OnRepeat::Link)).await;
        assert_eq!((counts(&done), done.linked), (("done", 4, 2, 2, 0), 2));
        let family = vec![
            ("+998901234567".to_owned(), 0, "Ona".to_owned()), ("+998901234567".to_owned(), 1, "Ali".to_owned()),
            ("+998901234567".to_owned(), 2, "Vali".to_owned()),
        ];
        assert_eq!(phones(&center).await, family);
        let again = import_with(&center, &center.admin, table, all(OnRepeat::Link)).await;
        assert_eq!(counts(&again), ("done", 4, 0, 4, 0));
        assert_eq!(phones(&center).await, family);
    }

    async fn a_row_is_dealt_with_as_chosen_for_it(test: TestApp) {
        let center = Center::new(&test.app, "demo").await;
        import(&center, &center.admin, "Ism,Tel,Izoh\nOna,901234567,\nAli,901234568,\n").await;
        let table = "Ism,Tel,Izoh\nVali,901234567,a\nOlim,901234568,b\nYangi,901234569,c\nSodiq,901234567,d\n";
        let opened = imports::upload(&center.desk, &center.admin, "a.csv", table.into()).await.expect("a good table");
        let found = imports::repeats(&center.desk, &center.admin, opened.import.id, &opened.import.mapping()).await.expect("read");
        let seen: Vec<_> = found.rows.iter().map(|row| (row.row, row.known.as_ref().map(|(_, name)| name.as_str()), row.earlier)).collect();
        assert_eq!(seen, [(2, Some("Ona"), None), (3, Some("Ali"), None), (5, Some("Ona"), Some(2))]);
        let rows = [(2, OnRepeat::Link), (3, OnRepeat::Update)].into();
        let choice = Choice { rows, ..Choice::default() };
        imports::start(&test.app, &center.admin, opened.import.id, choice).await.expect("as guessed");
        center.runner_of(&["imports.run"]).drain().await.expect("the work is done");
        let done = imports::find(&test.app, &center.admin, opened.import.id).await.expect("it is there");
        assert_eq!((counts(&done), done.linked, done.updated), (("done", 4, 2, 2, 0), 1, 1));
        let notes: Vec<_> = leads(&center).await.into_iter().map(|lead| (lead.name, lead.notes)).collect();
        let lead = |name: &str, notes: &str| (name.to_owned(), notes.to_owned());
        assert_eq!(notes, [lead("Ona", ""), lead("Ali", "b"), lead("Vali", "a"), lead("Yangi", "c")]);
    }

    async fn a_rep_neither_fills_nor_joins_a_colleagues_leads(test: TestApp) {
        let center = Center::new(&test.app, "demo").await;
        let (malika, sardor) = (center.user("malika", "sales").await, center.user("sardor", "sales").await);
        import(&center, &malika, "Ism,Tel,Izoh\nAli,901234567,\n").await;
        for wish in OnRepeat::ALL {
            let done = import_with(&center, &sardor, "Ism,Tel,Izoh\nVali,901234567,men\n", all(wish)).await;
            assert_eq!(counts(&done), ("done", 1, 0, 1, 0), "{wish:?}");
        }
        assert_eq!((leads(&center).await.len(), leads(&center).await[0].notes.as_str()), (1, ""));
        let opened = imports::upload(&center.desk, &sardor, "a.csv", "Ism,Tel\nVali,901234567\n".into()).await.expect("a table");
        let found = imports::repeats(&center.desk, &sardor, opened.import.id, &opened.import.mapping()).await.expect("read");
        assert!(found.rows[0].known.is_none(), "whose lead it is stays theirs to know");
        let hers = imports::repeats(&center.desk, &malika, opened.import.id, &opened.import.mapping()).await;
        assert_eq!(code(hers), "not_found");
    }

    async fn columns_are_settled_once_for_a_form(test: TestApp) {
        let center = Center::new(&test.app, "demo").await;
        let table = "Kim,Raqam A,Raqam B,Nima\nAli,901234567,901234568,Salom\n";
        let opened = imports::upload(&center.desk, &center.admin, "a.csv", table.into()).await.expect("a table");
        let mapping = Mapping([(Field::Name, Column::At(0)), (Field::Phone, Column::At(2)), (Field::Notes, Column::At(3))].into());
        assert_ne!(opened.import.mapping(), mapping, "nobody could guess that");
        let choice = Choice { mapping: Some(mapping), ..Choice::default() };
        imports::start(&test.app, &center.admin, opened.import.id, choice).await.expect("settled");
        let shuffled = "Nima,Raqam B,Kim,Raqam A\nSalom,901234569,Vali,901234570\n";
        let done = import(&center, &center.admin, shuffled).await;
        assert_eq!(counts(&done), ("done", 1, 1, 0, 0));
        let found = leads(&center).await;
        let vali = found.iter().find(|lead| lead.name == "Vali").expect("it came in");
        assert_eq!((vali.phone.as_str(), vali.notes.as_str()), ("+998901234569", "Salom"));
        let other = Center::new(&test.app, "academy").await;
        let guessed = imports::upload(&other.desk, &other.admin, "a.csv", table.into()).await.expect("a table");
        assert_eq!(guessed.import.mapping(), opened.import.mapping(), "another centre remembers nothing of it");
        let sql = "SELECT COUNT(*) AS count FROM import_mapping WHERE tenant_id = $1";
        assert_eq!((count(&center, sql).await, count(&other, sql).await), (1, 0));
    }
}
