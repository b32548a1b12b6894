//! An import taken back leaves the centre as it was, whatever came with it; what somebody has worked on since stays.

use std::collections::BTreeMap;

use platform::{Id, Tx};
use sea_orm::FromQueryResult;
use support::app::TestApp;
use support::both_engines;
use support::desk::Center;
use workflows::imports::{self, Choice, Import};
use workflows::leads::{self, OnRepeat};

use super::choices::import_with;
use super::{code, import, start, table};

const KINDS: &[&str] = &["imports.run", "imports.undo", "scripts.plan", "distribution.give_out"];

async fn work(center: &Center) {
    center.runner_of(KINDS).drain().await.expect("the work is done");
}

async fn undone(center: &Center, id: Id) -> Import {
    imports::undo(&center.desk.app, &center.admin, id)
        .await
        .expect("it is over");
    work(center).await;
    imports::find(&center.desk.app, &center.admin, id)
        .await
        .expect("it is there")
}

/// Everything leads consist of, without what counts changes.
async fn picture(center: &Center) -> BTreeMap<&'static str, Vec<String>> {
    #[derive(FromQueryResult)]
    struct Row {
        line: String,
    }
    let mut picture = BTreeMap::new();
    for (table, columns) in [
        (
            "lead",
            "name || '|' || COALESCE(phone, '') || '|' || COALESCE(secondary_phone, '') || '|' || status || '|' || \
                  notes || '|' || source || CASE WHEN owner_id IS NULL THEN '|waits' ELSE '|owned' END",
        ),
        ("lead_phone", "e164 || '|' || CAST(sibling AS TEXT)"),
        ("lead_token", "token"),
        ("follow_up", "key || '|' || state || '|' || text"),
        ("status_change", "to_status"),
        ("decision", "hook"),
    ] {
        let sql = format!("SELECT {columns} AS line FROM {table} WHERE tenant_id = $1 ORDER BY 1");
        let read = async move |tx: Tx| tx.all::<Row>(&sql, vec![tx.tenant().0.into()]).await;
        let rows = center.desk.app.db.read(center.tenant.id, read).await.expect("readable");
        picture.insert(table, rows.into_iter().map(|row| row.line).collect());
    }
    picture
}

/// Numbers of a seed, the same every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    /// A table of few phones and few names, so that much of it repeats.
    fn table(&mut self, rows: u64) -> String {
        let mut table = String::from("Ism,Tel,Telefon 2,Izoh\n");
        for _ in 0..rows {
            let (name, phone, second) = (self.roll(12), self.roll(40), self.roll(80));
            let second = if second < 40 {
                format!("90765{second:04}")
            } else {
                String::new()
            };
            let notes = if self.roll(2) == 0 { "izoh" } else { "" };
            table.push_str(&format!("Lid {name},90123{phone:04},{second},{notes}\n"));
        }
        table
    }
}

both_engines! {
    async fn import_and_undo_leave_everything_as_it_was(test: TestApp) {
        for seed in 1..=6 {
            let center = Center::new(&test.app, &format!("demo{seed}")).await;
            for name in ["malika", "sardor"] {
                center.user(name, "sales").await;
            }
            let mut dice = Dice(seed);
            let wish = OnRepeat::ALL[dice.roll(3) as usize];
            import_with(&center, &center.admin, &dice.table(25), Choice { on_duplicate: wish, ..Choice::default() }).await;
            work(&center).await;
            let before = picture(&center).await;
            assert!(!before["follow_up"].is_empty() || before["lead"].iter().all(|lead| lead.ends_with("waits")), "{before:?}");

            let rows = (2..60).filter(|_| seed % 2 == 0).map(|row| (row, OnRepeat::ALL[dice.roll(3) as usize])).collect();
            let choice = Choice { on_duplicate: OnRepeat::ALL[(seed % 3) as usize], rows, ..Choice::default() };
            let second = dice.table(60);
            let done = import_with(&center, &center.admin, &second, choice).await;
            work(&center).await;
            if done.created == 0 && done.updated == 0 {
                continue;
            }
            assert_ne!(picture(&center).await, before, "seed {seed} changes something");
            let back = undone(&center, done.id).await;
            assert_eq!((back.state.as_str(), back.removed, back.kept), ("undone", done.created, 0), "seed {seed}");
            assert_eq!(picture(&center).await, before, "seed {seed}");
            assert_eq!(code(imports::undo(&test.app, &center.admin, done.id).await), "import_not_undoable");
        }
    }

    async fn what_somebody_worked_on_stays_and_is_listed(test: TestApp) {
        let center = Center::new(&test.app, "demo").await;
        let malika = center.user("malika", "sales").await;
        import(&center, &center.admin, "Ism,Tel,Izoh\nEski,901999999,\n").await;
        let hers = import_with(&center, &malika, &(table(30) + "Eski,901999999\n"), Choice::default()).await;
        work(&center).await;
        let page = leads::list(&test.app, &malika, leads::Filter::default()).await.expect("listed");
        let (noted, edited) = (page.items[3].id, page.items[7].id);
        leads::add_note(&test.app, &malika, noted, "Kerak").await.expect("noted");
        let edit = leads::Edit { notes: Some("Boshqa".into()), ..leads::Edit::default() };
        leads::edit(&test.app, &malika, edited, edit, None).await.expect("edited");

        let back = undone(&center, hers.id).await;
        assert_eq!((back.state.as_str(), back.removed, back.kept), ("undone", 28, 2));
        let stayed = imports::kept(&test.app, &malika, hers.id, None).await.expect("listed");
        let mut ids: Vec<Id> = stayed.iter().map(|lead| lead.id).collect();
        ids.sort();
        let mut expected = vec![noted, edited];
        expected.sort();
        assert_eq!(ids, expected);
        let again = import(&center, &malika, table(30)).await;
        assert_eq!((again.created, again.duplicates), (28, 2), "what went can come again");
    }

    async fn a_filled_lead_edited_since_keeps_what_it_got(test: TestApp) {
        let center = Center::new(&test.app, "demo").await;
        import(&center, &center.admin, "Ism,Tel,Izoh\nAli,901234567,\nVali,901234568,\n").await;
        let choice = Choice { on_duplicate: OnRepeat::Update, ..Choice::default() };
        let done = import_with(&center, &center.admin, "Ism,Tel,Izoh\nAli,901234567,bir\nVali,901234568,ikki\n", choice).await;
        let page = leads::list(&test.app, &center.admin, leads::Filter::default()).await.expect("listed");
        let ali = page.items.iter().find(|lead| lead.name == "Ali").expect("it is there");
        let edit = leads::Edit { name: Some("Alisher".into()), ..leads::Edit::default() };
        leads::edit(&test.app, &center.admin, ali.id, edit, None).await.expect("edited");
        let back = undone(&center, done.id).await;
        assert_eq!((back.state.as_str(), back.removed, back.kept), ("undone", 0, 1));
        let notes: BTreeMap<String, String> = crate::imports::leads(&center).await.into_iter().map(|lead| (lead.name, lead.notes)).collect();
        assert_eq!(notes, [("Alisher".to_owned(), "bir".to_owned()), ("Vali".to_owned(), String::new())].into());
    }

    async fn only_who_sees_an_import_takes_it_back_and_only_once_it_is_over(test: TestApp) {
        let center = Center::new(&test.app, "demo").await;
        let (malika, sardor) = (center.user("malika", "sales").await, center.user("sardor", "sales").await);
        let open = start(&center, &malika, table(3)).await.expect("a good table");
        assert_eq!(code(imports::undo(&test.app, &malika, open.id).await), "import_not_undoable");
        work(&center).await;
        assert_eq!(code(imports::undo(&test.app, &sardor, open.id).await), "not_found");
        assert_eq!(code(imports::kept(&test.app, &sardor, open.id, None).await), "not_found");
        imports::undo(&test.app, &malika, open.id).await.expect("it is hers");
        work(&center).await;
        assert!(crate::imports::leads(&center).await.is_empty());
    }
}
