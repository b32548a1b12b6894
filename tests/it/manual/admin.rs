//! An administrator's days, as `docs/admins.md` tells them.

use chrono::{Days, NaiveDate};
use serde_json::json;
use support::both_engines;
use support::database::TestDatabase;
use support::google::FakeGoogle;
use support::person::Person;
use support::server::{DEMO_PASSWORD, Server};

use super::{CENTRE, open_center_with};

const FIRST_PASSWORD: &str = "Birinchi-2027!";

both_engines! {
    async fn an_administrators_days_are_as_the_manual_tells(database: TestDatabase) {
        let google = FakeGoogle::start().await;
        let (_setup, server, today) = open_center_with(&database, |setup| {
            setup.env("MARKAZ_GOOGLE_API_URL", &google.url).env("MARKAZ_GOOGLE_TOKEN_URL", google.token_url());
        }).await;
        let Some(nodira) = Person::at(&server, CENTRE).await else { return };
        nodira.signs_in("admin", DEMO_PASSWORD).await;
        nodira.reads_english().await;

        sets_the_center_up(&nodira).await;
        makes_a_role(&nodira, &server).await;
        asks_for_more(&nodira).await;
        sets_the_delays(&nodira).await;
        connects_a_sheet(&nodira, &google).await;
        bins_and_brings_back(&nodira).await;
        tidies_tags(&nodira).await;
        closes_for_a_holiday(&nodira, today).await;
        lets_somebody_in_again(&nodira, &server).await;
        sees_somebody_off(&nodira).await;
        looks_at_packs(&nodira).await;
        reads_the_log(&nodira).await;

        let complaints = nodira.browser.complaints().await;
        assert!(complaints.iter().all(|line| line.contains("status of 422")), "{complaints:?}");
        nodira.leaves().await;
    }
}

async fn sets_the_center_up(nodira: &Person) {
    nodira.chapter("Setting up");
    nodira.opens("Center").await;
    nodira.types("Support contact", "@bilimyordam").await;
    nodira.types("Address", "Chilonzor, 5").await;
    nodira.presses("Save").await;
    nodira.reads("Saved").await;

    nodira.opens("Staff").await;
    nodira.presses("Add a person").await;
    nodira.types("First name", "Zuhra").await;
    nodira.types("Last name", "Xoliqova").await;
    nodira.types("Username", "zuhra").await;
    nodira.chooses("Role", "Sales").await;
    nodira.types("First password", "weak").await;
    nodira.presses("Add a person").await;
    nodira
        .waits("the weak password is marked", "document.querySelector('.field .error')")
        .await;
    nodira.types("First password", FIRST_PASSWORD).await;
    nodira.presses("Add a person").await;
    nodira.reads("Person added").await;
    // Two windows on Monday, copied to the week.
    nodira.presses_beside("Monday", "Add hours").await;
    nodira.presses_beside("Monday", "Add hours").await;
    let windows = "document.querySelectorAll('[data-weekday=\"0\"] .window').length === 2";
    nodira.waits("two windows", windows).await;
    for (at, (from, to)) in [("09:00", "13:00"), ("14:00", "18:00")].iter().enumerate() {
        let window = format!("[data-weekday='0'] .window:nth-of-type({})", at + 1);
        nodira.browser.fill(&format!("{window} [name^=from]"), from).await;
        nodira.browser.fill(&format!("{window} [name^=to]"), to).await;
    }
    nodira.presses("Copy to Tue–Fri").await;
    nodira.presses_beside("Working hours", "Save").await;
    nodira.reads("40 h a week").await;
    nodira.finds_it_sound().await;

    nodira.chapter("Sales scripts");
    nodira.opens("Courses").await;
    nodira.presses("Add a course").await;
    nodira.types("Course name", "Nemis tili").await;
    nodira
        .types("Sales script", "# Salom\nIsmini soʻrang.\n# Narx\nOyiga 500 000.")
        .await;
    nodira.presses("Save").await;
    nodira.reads("Nemis tili").await;
    nodira.adds_a_lead("Oydin Saidova", "90 700 30 01", "Nemis tili").await;
    nodira.reads("What to say: Nemis tili").await;
    nodira.presses("Narx").await;
    nodira.reads("Oyiga 500 000.").await;
}

async fn makes_a_role(nodira: &Person, server: &Server) {
    nodira.chapter("Roles");
    nodira.opens("Staff").await;
    nodira.presses("Roles").await;
    nodira.presses("Add a role").await;
    nodira.types("Name", "Reception").await;
    nodira.ticks("Add leads").await;
    nodira.presses("Add a role").await;
    nodira.reads("Role saved").await;

    nodira.opens("Staff").await;
    nodira.presses("Zuhra Xoliqova").await;
    nodira.chooses("Role", "Reception").await;
    nodira.presses_beside("First name", "Save").await;
    nodira.reads("Saved").await;

    // Whoever has it may that much, and more from the next click on.
    let Some(zuhra) = Person::at(server, CENTRE).await else {
        return;
    };
    zuhra.signs_in("zuhra", FIRST_PASSWORD).await;
    zuhra.visits("/audit").await;
    zuhra
        .waits("a page that is not hers", "document.querySelector('.oops')")
        .await;
    zuhra.finds_it_refused().await;
    zuhra.opens("Lidlar").await;
    zuhra.waits("her own list", "document.querySelector('#results')").await;
    nodira.opens("Staff").await;
    nodira.presses("Roles").await;
    nodira.presses("Reception").await;
    nodira.ticks("See the log of changes").await;
    nodira.presses("Save").await;
    nodira.reads("Role saved").await;
    nodira.reads("1 person has it").await;
    zuhra.chapter("Roles");
    zuhra.visits("/audit").await;
    zuhra.waits("the log", "document.querySelector('.log')").await;
    zuhra.leaves().await;
    nodira.opens("Staff").await;
    nodira.presses("Zuhra Xoliqova").await;
    nodira.chooses("Role", "Sales").await;
    nodira.presses_beside("First name", "Save").await;
    nodira.reads("Saved").await;
}

async fn asks_for_more(nodira: &Person) {
    nodira.chapter("Sources, lost reasons and fields of your own");
    nodira.opens("Settings").await;
    nodira.presses("Lead fields").await;
    nodira.presses_beside("Fields of your own", "Add").await;
    nodira.types("Name", "School class").await;
    nodira.chooses("Kind", "Number").await;
    nodira.presses("Save").await;
    nodira.reads("School class").await;
    nodira.opens("Leads").await;
    nodira.presses("Add a lead").await;
    nodira.types("Name", "Jahongir Aliyev").await;
    nodira.types("Phone", "90 700 30 02").await;
    nodira.types("School class", "nine").await;
    nodira.presses("Add a lead").await;
    nodira
        .waits("the field is marked", "document.querySelector('.field .error')")
        .await;
    nodira.types("School class", "9").await;
    nodira.presses("Add a lead").await;
    nodira.reads("Next step").await;
    nodira.reads("School class 9").await;
}

async fn sets_the_delays(nodira: &Person) {
    nodira.chapter("Settings");
    nodira.opens("Settings").await;
    nodira.types("Until the first call", "45").await;
    nodira.types("What for?", "Fewer calls at once").await;
    nodira.presses("Save").await;
    nodira.reads("Fewer calls at once").await;
    nodira.types("Until the first call", "90").await;
    nodira.presses("Save").await;
    nodira.reads("v3").await;
    nodira.presses("Restore").await;
    nodira.reads("These values count from now on").await;
    nodira.presses("Restore").await;
    nodira.reads("Version 2 restored").await;
}

async fn connects_a_sheet(nodira: &Person, google: &FakeGoogle) {
    nodira.chapter("Google Sheets");
    let rows = [
        ["Ism", "Telefon"],
        ["Sardor Olimov", "907003101"],
        ["Lola Karimova", "907003102"],
    ];
    google.put(
        0,
        "Lidlar",
        rows.iter()
            .map(|row| row.iter().map(|cell| json!(cell)).collect())
            .collect(),
    );
    nodira.opens("Google Sheets").await;
    nodira.presses("Connect a sheet").await;
    nodira.types("Address of the sheet", &google.link(0)).await;
    nodira.pastes("Key of the service account", &google.key()).await;
    nodira.presses("Check and go on").await;
    nodira.reads("Column in the sheet").await;
    nodira.finds_it_sound().await;
    nodira.presses("Begin reading").await;
    nodira.reads_in_time("Created 2").await;
    nodira.opens_the_lead("Lola Karimova").await;

    nodira.chapter("Importing leads");
    nodira.opens("Import").await;
    nodira.reads("Import history").await;
    nodira.presses("Qabul").await;
    nodira.presses("Take the import back").await;
    nodira.finds_it_sound().await;
    nodira.presses("Take the import back").await;
    nodira.reads("Taken back 2").await;
}

async fn bins_and_brings_back(nodira: &Person) {
    nodira.chapter("The leads list");
    nodira.opens_the_lead("Oydin Saidova").await;
    nodira.presses("Delete the lead").await;
    nodira.reads("Lead deleted").await;
    nodira.opens("Leads").await;
    nodira.presses("Trash").await;
    nodira.presses("Bring back: Oydin Saidova").await;
    nodira.reads("Lead brought back").await;
    nodira.opens_the_lead("Oydin Saidova").await;
    nodira.reads("brought back from the trash").await;
}

async fn tidies_tags(nodira: &Person) {
    nodira.opens("Leads").await;
    nodira.ticks("Oydin Saidova").await;
    nodira.presses("Tag").await;
    nodira.types("Tags", "kech").await;
    nodira.presses("Add").await;
    nodira.reads("Tags added to").await;
    nodira.chapter("Tags");
    nodira.opens("Settings").await;
    nodira.presses("Tags").await;
    nodira.presses("Change the tag “kech”").await;
    nodira.finds_it_sound().await;
    nodira.types("Name of the tag", "kechki guruh").await;
    nodira.presses("Rename").await;
    nodira.reads_in_time("The tag of one lead changed").await;
    nodira.opens("Settings").await;
    nodira.presses("Tags").await;
    nodira.reads("kechki guruh").await;
}

async fn closes_for_a_holiday(nodira: &Person, today: NaiveDate) {
    nodira.chapter("Leave, absence, holidays");
    nodira.opens("Leave").await;
    nodira.presses("Holidays").await;
    nodira.types("Day", &(today + Days::new(6)).to_string()).await;
    nodira.types("Name", "Navroʻz").await;
    nodira.presses("Add a holiday").await;
    nodira.presses("Remove Navroʻz").await;
    nodira.reads("No holidays yet").await;
}

async fn lets_somebody_in_again(nodira: &Person, server: &Server) {
    nodira.chapter("Signing in");
    nodira.opens("Staff").await;
    nodira.presses("Zuhra Xoliqova").await;
    nodira.presses("Password reset link").await;
    nodira.reads("One-time link").await;
    let link = nodira.browser.text("#reset-link").await;
    let Some(zuhra) = Person::at(server, CENTRE).await else {
        return;
    };
    zuhra.browser.goto(&link).await;
    zuhra.browser.fill("[name=password]", "Ikkinchi-2027!").await;
    zuhra.browser.fill("[name=again]", "Ikkinchi-2027!").await;
    zuhra.hits(&["Enter"]).await;
    zuhra.signs_in("zuhra", "Ikkinchi-2027!").await;
    zuhra.browser.goto(&link).await;
    zuhra
        .waits("the link works once", "!document.querySelector('[name=again]')")
        .await;
    zuhra.leaves().await;
}

async fn sees_somebody_off(nodira: &Person) {
    nodira.chapter("When somebody leaves");
    nodira.opens_the_lead("Jahongir Aliyev").await;
    nodira.presses("Assign").await;
    nodira.chooses("Owner", "Zuhra Xoliqova").await;
    nodira.presses("Assign").await;
    nodira.reads("Owner changed").await;
    nodira.opens("Staff").await;
    nodira.presses("Zuhra Xoliqova").await;
    nodira.reads("are theirs").await;
    nodira.ticks("Give it to one colleague").await;
    nodira.chooses("To whom", "Dilnoza Karimova").await;
    nodira.presses("Deactivate").await;
    nodira.reads("Person deactivated").await;
    nodira.opens_the_lead("Jahongir Aliyev").await;
    nodira.reads_in_time("Dilnoza Karimova").await;
}

async fn looks_at_packs(nodira: &Person) {
    nodira.chapter("Packs");
    nodira.opens("Packs").await;
    nodira
        .waits("the packs", "document.querySelector('#pack-driving-school')")
        .await;
    nodira.finds_it_sound().await;
    nodira.chapter("Exporting");
    nodira.opens("Export").await;
    nodira.presses("Follow-ups").await;
    nodira.ticks("Excel (xlsx)").await;
    nodira.presses("Make the file").await;
    nodira.reads("The file is ready").await;
}

async fn reads_the_log(nodira: &Person) {
    nodira.chapter("The log of changes");
    nodira.opens("Log of changes").await;
    nodira.chooses("What", "People").await;
    nodira.presses("Show").await;
    nodira.reads("Nodira Saidova added Zuhra Xoliqova").await;
    nodira.reads("handed over the work of").await;
    nodira.chooses("What", "Center").await;
    nodira.presses("Show").await;
    nodira.reads("Chilonzor, 5").await;
    nodira.reads_no_more("handed over the work of").await;
    nodira.finds_it_sound().await;
}
