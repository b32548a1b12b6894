//! A manager's days, as `docs/admins.md` tells them.

use std::path::Path;

use chrono::{Days, NaiveDate};
use support::both_engines;
use support::database::TestDatabase;
use support::person::Person;
use support::server::{DEMO_PASSWORD, Server};

use super::{CENTRE, open_center};

both_engines! {
    async fn a_managers_days_are_as_the_manual_tells(database: TestDatabase) {
        let (setup, server, today) = open_center(&database).await;
        let Some(shahnoza) = Person::at(&server, CENTRE).await else { return };
        shahnoza.signs_in("manager", DEMO_PASSWORD).await;
        shahnoza.reads_english().await;

        brings_a_table(&shahnoza, setup.folder()).await;
        changes_many_at_once(&shahnoza).await;
        clears_what_is_late(&shahnoza, &server).await;
        shares_leads_out(&shahnoza).await;
        takes_a_list_away(&shahnoza).await;
        answers_about_leave(&shahnoza, &server, today).await;

        let complaints = shahnoza.browser.complaints().await;
        assert!(complaints.iter().all(|line| line.contains("status of 422")), "{complaints:?}");
        shahnoza.leaves().await;
    }
}

async fn brings_a_table(shahnoza: &Person, folder: &Path) {
    shahnoza.chapter("Importing leads");
    let rows: Vec<String> = (0..12)
        .map(|at| format!("Kuzgi Lid {at},90710{:04},General English", 2000 + at))
        .collect();
    let table = folder.join("autumn.csv");
    std::fs::write(&table, format!("Ism,Telefon,Kurs\n{}\n", rows.join("\n"))).expect("the table is written");
    shahnoza.opens("Import").await;
    shahnoza.reads("The distribution rule gives the leads out").await;
    shahnoza.gives_file(&table).await;
    shahnoza.presses("Upload").await;
    shahnoza.chooses("Owner", "Malika Yusupova").await;
    shahnoza.presses("Start the import").await;
    shahnoza.reads("Created 12").await;
}

async fn changes_many_at_once(shahnoza: &Person) {
    shahnoza.chapter("The leads list");
    shahnoza.opens("Leads").await;
    shahnoza.types("Name or phone", "Kuzgi").await;
    shahnoza.reads("12 leads shown").await;
    shahnoza.presses("Keep this view").await;
    shahnoza.types("Name", "Autumn").await;
    shahnoza.ticks("Share with the team").await;
    shahnoza.presses("Keep").await;
    shahnoza.reads("View kept").await;

    shahnoza.ticks("Pick all on this page").await;
    shahnoza.reads("Picked: 12").await;
    shahnoza.presses("Owner").await;
    shahnoza.chooses("Owner", "Dilnoza Karimova").await;
    shahnoza.presses("Assign").await;
    shahnoza.reads("12 leads have a new owner").await;
    shahnoza.presses("Undo").await;
    shahnoza.reads("12 leads are as they were").await;

    // By keys: down two rows, pick, a status for it.
    shahnoza.presses("Autumn").await;
    shahnoza.hits(&["j", "j", "x"]).await;
    shahnoza.reads("Picked: 1").await;
    shahnoza.presses("Status").await;
    shahnoza.ticks("Lost").await;
    shahnoza.chooses("Why lost?", "Price").await;
    shahnoza.presses("Change").await;
    shahnoza.reads("Status changed for 1 lead").await;
    // No offer is sent to the lost one: it is named with its reason, the others go on.
    shahnoza.ticks("Pick all on this page").await;
    shahnoza.presses("Status").await;
    shahnoza.ticks("Offer sent").await;
    shahnoza.presses("Change").await;
    shahnoza.reads("Status changed for 11 leads").await;
    shahnoza.reads("1 could not be changed").await;
    shahnoza.finds_it_sound().await;
}

async fn clears_what_is_late(shahnoza: &Person, server: &Server) {
    shahnoza.chapter("Overdue");
    shahnoza.chapter("Follow-ups");
    for (name, phone) in [("Gulchehra Azizova", "90 700 20 11"), ("Murod Azizov", "90 700 20 12")] {
        shahnoza.adds_a_lead_for(name, phone, "Malika Yusupova").await;
        shahnoza.reads_in_time("planned: Call the new lead").await;
    }
    server.pass(90).await;
    shahnoza.opens("Today").await;
    shahnoza.presses("List").await;
    shahnoza.presses("Overdue").await;
    shahnoza.presses("1–6 hours").await;
    shahnoza.presses("Malika").await;
    shahnoza.ticks("Gulchehra Azizova").await;
    shahnoza.ticks("Murod Azizov").await;
    shahnoza.presses("Put off").await;
    shahnoza.types("Hours from now", "3").await;
    shahnoza.presses("See what would change").await;
    shahnoza.reads("2 of 2 follow-ups are put off").await;
    shahnoza.finds_it_sound().await;
    shahnoza.presses("Put off").await;
    shahnoza.reads("2 follow-ups put off").await;
    shahnoza.presses("Undo").await;
    shahnoza.reads("2 follow-ups are as they were").await;

    shahnoza.ticks("Gulchehra Azizova").await;
    shahnoza.presses("Hand over").await;
    shahnoza.chooses("To whom", "Dilnoza Karimova").await;
    shahnoza.ticks("The leads change hands too").await;
    shahnoza.presses("See what would change").await;
    shahnoza.reads("To Dilnoza Karimova.").await;
    shahnoza.presses("Hand over").await;
    shahnoza.reads("1 follow-up handed over").await;
    shahnoza.opens_the_lead("Gulchehra Azizova").await;
    shahnoza.reads("Dilnoza Karimova").await;

    shahnoza.opens("Today").await;
    shahnoza.presses("List").await;
    shahnoza.presses("Overdue").await;
    shahnoza.ticks("Murod Azizov").await;
    shahnoza.presses("Hand over").await;
    shahnoza.chooses("To whom", "Dilnoza Karimova").await;
    shahnoza.presses("See what would change").await;
    shahnoza.reads("To Dilnoza Karimova.").await;
    shahnoza.presses("Hand over").await;
    shahnoza.reads("1 follow-up handed over").await;
    let Some(dilnoza) = Person::at(server, CENTRE).await else {
        return;
    };
    dilnoza.chapter("A colleague's follow-up");
    dilnoza.signs_in("dilnoza", DEMO_PASSWORD).await;
    dilnoza.reads_english().await;
    dilnoza.opens("Today").await;
    dilnoza.presses("List").await;
    dilnoza.presses("Murod Azizov").await;
    dilnoza.reads("Next step").await;
    dilnoza.leaves().await;
}

async fn shares_leads_out(shahnoza: &Person) {
    shahnoza.chapter("Who gets a lead");
    shahnoza.opens("Distribution").await;
    shahnoza.reads("can take a lead").await;
    shahnoza.reads("off hours, starts").await;
    shahnoza.presses("Change Malika Yusupova").await;
    shahnoza.types("Share", "0").await;
    shahnoza
        .presses_beside("Malika Yusupova: share, cap, courses", "Save")
        .await;
    shahnoza.reads("Saved").await;
    shahnoza.chooses("Who gets it", "By each rep’s share").await;
    shahnoza.types("Return an untouched lead after", "30").await;
    shahnoza.presses_beside("Return an untouched lead after", "Save").await;
    shahnoza.reads("share is 0").await;
    shahnoza.finds_it_sound().await;

    // Given out by the rule to whoever is at work, with its why; and by hand.
    shahnoza.adds_a_lead("Zafar Nazarov", "90 700 20 01", "SAT Math").await;
    shahnoza.reads_in_time("Has the lightest load for their share").await;
    shahnoza.presses("Assign").await;
    shahnoza.chooses("Owner", "Malika Yusupova").await;
    shahnoza.presses("Assign").await;
    shahnoza.reads("Owner changed").await;
    shahnoza.reads("Malika Yusupova").await;
}

async fn takes_a_list_away(shahnoza: &Person) {
    shahnoza.chapter("Exporting");
    shahnoza.opens("Leads").await;
    shahnoza.presses("Autumn").await;
    shahnoza.presses_beside("12 leads shown", "Export").await;
    shahnoza.reads("12 leads").await;
    shahnoza.reads("As the list was filtered.").await;
    shahnoza.ticks("CSV with commas").await;
    shahnoza.presses("Make the file").await;
    shahnoza.reads("The file is ready").await;
    shahnoza.finds_it_sound().await;
    let file = "return fetch(document.querySelector('a[download]').href).then((answer) => answer.text())";
    let file = shahnoza.browser.script(file).await;
    let rows = file.as_str().unwrap_or_default().lines().count();
    assert_eq!(rows, 13, "a heading and twelve leads: {file}");
}

async fn answers_about_leave(shahnoza: &Person, server: &Server, today: NaiveDate) {
    shahnoza.chapter("Leave, absence, holidays");
    let Some(malika) = Person::at(server, CENTRE).await else {
        return;
    };
    malika.signs_in("sales", DEMO_PASSWORD).await;
    malika.reads_english().await;
    let day = today + Days::new(7);
    malika.asks_for_leave("Personal", &day.to_string(), "", "A move").await;

    shahnoza.visits("/").await;
    shahnoza.reads("1 leave request is waiting for an answer").await;
    shahnoza.opens("Leave").await;
    shahnoza.presses_beside("Malika Yusupova", "Reject").await;
    shahnoza.reads("Everybody else is here at that time").await;
    shahnoza.presses("Reject").await;
    shahnoza
        .waits(
            "a rejection asks for a reason",
            "document.querySelector('#answer .error')",
        )
        .await;
    shahnoza.types("A word with the answer", "Exams that day").await;
    shahnoza.presses("Reject").await;
    shahnoza.reads("Request rejected").await;
    malika.opens("Leave").await;
    malika.reads("rejected").await;
    malika.reads("Exams that day").await;
    malika.leaves().await;

    shahnoza.opens("Leave").await;
    shahnoza.presses("Who is away").await;
    shahnoza.chooses("Person", "Dilnoza Karimova").await;
    shahnoza.types("Until", &(today + Days::new(1)).to_string()).await;
    shahnoza.presses("Mark absent").await;
    shahnoza.reads("Absence recorded").await;
    shahnoza.presses("Distribution").await;
    shahnoza.reads("absent until").await;
}
