//! A rep's days, as `docs/reps.md` tells them.

use chrono::{Days, NaiveDate};
use support::both_engines;
use support::browser::faults::Look;
use support::database::TestDatabase;
use support::person::Person;
use support::server::{DEMO_PASSWORD, Server};

use super::{CENTRE, authenticator, open_center};

both_engines! {
    async fn a_reps_days_are_as_the_manual_tells(database: TestDatabase) {
        let (setup, server, today) = open_center(&database).await;
        let Some(malika) = Person::at(&server, CENTRE).await else { return };
        malika.signs_in("sales", DEMO_PASSWORD).await;
        malika.reads_english().await;

        brings_people_in(&malika).await;
        works_on_a_lead(&malika, today).await;
        keeps_the_list(&malika).await;
        joins_two_of_one_person(&malika).await;
        moves_cards(&malika).await;
        goes_through_the_queue(&malika, &server).await;
        finds_the_way(&malika).await;
        imports_a_table(&malika, setup.folder()).await;
        goes_on_leave(&malika, &server, today).await;
        is_known_to_telegram(&malika).await;
        looks_after_the_account(&malika, &server).await;

        let complaints = malika.browser.complaints().await;
        assert!(complaints.iter().all(|line| line.contains("status of 422")), "{complaints:?}");
        malika.leaves().await;
    }
}

async fn brings_people_in(malika: &Person) {
    malika.chapter("Adding a lead");
    malika
        .adds_a_lead("Dilbar Hasanova", "90 700 10 01", "General English")
        .await;
    malika
        .adds_a_lead("Sherzod Umarov", "90 700 10 02", "Koreys tili")
        .await;
    malika.adds_a_lead("Barno Tohirova", "90 700 10 03", "SAT Math").await;

    // A known phone is told while it is typed.
    malika.opens("Leads").await;
    malika.presses("Add a lead").await;
    malika.types("Name", "Laziz Hasanov").await;
    malika.types("Phone", "90-700-10-01").await;
    malika.reads("Dilbar Hasanova has this phone already").await;
    malika.presses("Add a lead").await;
    malika.reads("Open the existing one").await;
    malika.finds_it_sound().await;

    malika.chapter("Family and duplicates");
    malika.presses("Add as a family member").await;
    malika.reads("Next step").await;
    malika.presses_beside("Family and duplicates", "Dilbar Hasanova").await;
    malika.presses_beside("Family and duplicates", "Laziz Hasanov").await;
}

async fn works_on_a_lead(malika: &Person, today: NaiveDate) {
    malika.chapter("A lead's page");
    malika.opens_the_lead("Dilbar Hasanova").await;
    malika.reads("What to say: General English").await;
    malika.reads("Ingliz tilini nima uchun").await;

    malika.presses("Edit: Second phone").await;
    malika.types("Second phone", "93 111 22 33").await;
    malika.hits(&["Enter"]).await;
    malika.reads("+998 93 111 22 33").await;

    malika
        .logs_a_call("Outgoing", "Busy", "Asked to ring after lunch")
        .await;
    malika.leaves_a_note("Her sister learns here").await;
    malika
        .moves_the_lead("New", "Contacted", "Wants the evening group")
        .await;
    let tomorrow = today + Days::new(1);
    malika
        .plans_a_follow_up(&format!("{tomorrow}T15:30"), "Send the timetable")
        .await;
    malika.reads("Tomorrow 15:30").await;
}

async fn keeps_the_list(malika: &Person) {
    malika.chapter("Leads");
    malika.opens("Leads").await;
    malika.types("Name or phone", "1002").await;
    malika.reads_no_more("Barno Tohirova").await;
    malika.reads("Sherzod Umarov").await;
    malika.types("Name or phone", "").await;
    malika.chooses("Status", "Contacted").await;
    malika.reads_no_more("Sherzod Umarov").await;
    malika
        .waits(
            "the filter in the address",
            "location.search.includes('status=contacted')",
        )
        .await;

    malika.presses("Keep this view").await;
    malika.types("Name", "Talked to").await;
    malika.presses("Keep").await;
    malika.reads("View kept").await;
    malika.opens("Leads").await;
    malika.presses("Talked to").await;
    malika.reads("Dilbar Hasanova").await;
    malika.reads_no_more("Barno Tohirova").await;

    malika.presses("Columns").await;
    malika.ticks("Tags").await;
    malika.presses("Show these").await;
    malika.opens("Leads").await;
    malika.ticks("Sherzod Umarov").await;
    malika.ticks("Barno Tohirova").await;
    malika.presses("Tag").await;
    malika.types("Tags", "autumn").await;
    malika.presses("Add").await;
    malika.reads("Tags added to 2 leads").await;
    malika.presses("Undo").await;
    malika.reads("2 leads are as they were").await;
}

async fn joins_two_of_one_person(malika: &Person) {
    malika.chapter("Family and duplicates");
    malika
        .adds_a_lead("Dilbar H.", "94 700 10 09", "IELTS Preparation")
        .await;
    malika.presses("Family and duplicates").await;
    malika.presses("Merge with another lead").await;
    malika.types("Name or phone", "Dilbar Hasanova").await;
    malika.hits(&["Enter"]).await;
    malika.presses_beside("Dilbar Hasanova", "Compare").await;
    malika.reads("For each row choose the value that stays.").await;
    malika.ticks("Dilbar Hasanova").await;
    malika.presses("Merge").await;
    malika.reads("Leads merged").await;
    malika.reads("Her sister learns here").await;
    malika.presses_beside("Merged with", "Undo").await;
    malika.reads("Merge undone").await;
}

async fn moves_cards(malika: &Person) {
    malika.chapter("The board");
    malika.opens("Board").await;
    malika
        .waits(
            "a live board",
            "document.querySelector('[data-live]')?.dataset.state === 'on'",
        )
        .await;
    malika.drags("Sherzod Umarov", "Contacted").await;
    malika.reads("Sherzod Umarov: Contacted").await;
    malika.sees_on_the_board("Sherzod Umarov", "Contacted").await;

    malika.moves_by_keys("Barno Tohirova", 1).await;
    malika.reads("Barno Tohirova: Contacted").await;
    malika.presses("Undo").await;
    malika.sees_on_the_board("Barno Tohirova", "New").await;

    // What a move needs is asked for.
    malika.drags("Dilbar H.", "Lost").await;
    malika.reads("Why lost?").await;
    malika.chooses("Why lost?", "Price").await;
    malika.types("Note", "Found a cheaper course").await;
    malika.presses("Change").await;
    malika.sees_on_the_board("Dilbar H.", "Lost").await;

    // A step back is a manager's: the card says so and stays.
    malika.drags("Sherzod Umarov", "New").await;
    malika.sees_on_the_board("Sherzod Umarov", "Contacted").await;
}

async fn goes_through_the_queue(malika: &Person, server: &Server) {
    malika.chapter("Today");
    // Twenty minutes later the first calls are due.
    server.pass(20).await;
    malika.opens("Today").await;
    malika.presses("One by one").await;
    malika.reads("Barno Tohirova").await;
    malika.presses("Barno Tohirova").await;
    malika.types("Note", "Comes to the trial on Saturday").await;
    malika.presses("Talked").await;
    malika.reads_no_more("Comes to the trial").await;
    // By its key, as everywhere.
    malika.presses("Laziz Hasanov").await;
    malika
        .waits(
            "the person on the stage",
            "document.querySelector('.big-name')?.innerText === 'Laziz Hasanov'",
        )
        .await;
    malika.hits(&["2"]).await;
    malika
        .waits(
            "the next one",
            "document.querySelector('.big-name')?.innerText !== 'Laziz Hasanov'",
        )
        .await;

    malika.chapter("Overdue");
    malika
        .adds_a_lead("Kamron Yusupov", "90 700 10 07", "Koreys tili")
        .await;
    malika.reads_in_time("planned: Call the new lead").await;
    server.pass(130).await;
    malika.opens("Today").await;
    malika.presses("List").await;
    malika.presses("Overdue").await;
    malika.presses("1–6 hours").await;
    malika.reads("Kamron Yusupov").await;
    malika.presses("Under an hour").await;
    malika.reads_no_more("Kamron Yusupov").await;
}

async fn finds_the_way(malika: &Person) {
    malika.chapter("Finding your way");
    malika.hits(&["/"]).await;
    malika.types("Search", "1002").await;
    malika.reads("Sherzod Umarov").await;
    malika.finds_it_sound().await;
    malika.hits(&["Escape", "?"]).await;
    malika.reads("Keyboard shortcuts").await;
    malika.finds_it_sound().await;
    malika.hits(&["Escape"]).await;

    malika.chapter("Help");
    malika.opens("Leads").await;
    malika.presses("Help on this page").await;
    malika
        .waits("its chapter", "document.querySelector('.help-in h1')")
        .await;
    malika.finds_it_sound().await;
}

async fn imports_a_table(malika: &Person, folder: &std::path::Path) {
    malika.chapter("Import");
    let table = folder.join("mine.csv");
    let rows = "Ism,Telefon,Kurs\nUmida Rasulova,907002001,SAT Math\nAnvar Rasulov,907002002,SAT Math\nXato,12,\n\
                Sherzod Umarov,907001002,SAT Math\n";
    std::fs::write(&table, rows).expect("the table is written");
    malika.opens("Import").await;
    malika.reads("The leads will be yours").await;
    malika.gives_file(&table).await;
    malika.presses("Upload").await;
    malika.reads("Ready to import").await;
    malika.reads("Sherzod Umarov").await;
    malika.finds_it_sound().await;
    malika.presses("Start the import").await;
    malika.reads("Import finished").await;
    malika.reads("Created 2").await;
    malika.reads("Duplicates 1").await;
    malika.reads("Rejected 1").await;
    malika.finds_it_sound().await;
    malika.presses("See the leads").await;
    malika.reads("Umida Rasulova").await;
}

async fn goes_on_leave(malika: &Person, server: &Server, today: NaiveDate) {
    malika.chapter("Leave");
    let (first, last) = (today + Days::new(1), today + Days::new(2));
    malika
        .asks_for_leave(
            "Vacation",
            &first.to_string(),
            &last.to_string(),
            "A wedding in Samarkand",
        )
        .await;
    malika.reads("waiting").await;

    let Some(shahnoza) = Person::at(server, CENTRE).await else {
        return;
    };
    shahnoza.signs_in("manager", DEMO_PASSWORD).await;
    shahnoza.reads_english().await;
    shahnoza.opens("Leave").await;
    shahnoza.presses("Malika Yusupova").await;
    shahnoza.reads("A wedding in Samarkand").await;
    shahnoza.types("A word with the answer", "Enjoy it").await;
    shahnoza.presses("Approve").await;
    shahnoza.reads("Leave approved").await;
    shahnoza.leaves().await;

    malika.opens("Leave").await;
    malika.reads("approved").await;
    malika.reads("Enjoy it").await;
    // What was due tomorrow has moved, and says so.
    malika.opens_the_lead("Dilbar Hasanova").await;
    malika.reads_in_time("Moved because of leave: Send the timetable").await;
    malika.opens("Leave").await;
    malika.presses_beside("approved", "2 days").await;
    malika.presses("Call the leave off").await;
    malika.reads("Leave ended").await;
    malika.opens_the_lead("Dilbar Hasanova").await;
    malika.reads_in_time("Tomorrow 15:30").await;
}

async fn is_known_to_telegram(malika: &Person) {
    malika.chapter("In Telegram");
    malika.visits("/profile").await;
    malika.presses("Link another account").await;
    malika.reads("Open it on your phone and press Start").await;
    malika.opens("Telegram simulator").await;
    malika.finds_it_sound().await;
    malika.presses("Malika Yusupova").await;
    malika.types("Message", "/stats").await;
    malika.presses("Send").await;
    malika.reads_in_time("/stats").await;
}

async fn looks_after_the_account(malika: &Person, server: &Server) {
    malika.chapter("Your account");
    malika.visits("/profile").await;
    malika.types("E-mail", "malika@example.uz").await;
    malika.presses_beside("My details", "Save").await;
    malika.reads("Saved").await;

    malika.presses("Two-step sign-in").await;
    malika.presses("Set it up").await;
    malika.finds_it_sound().await;
    let secret = malika.browser.text("#factor-secret").await;
    malika.types("Code", &authenticator(&secret, 0)).await;
    malika.presses("Confirm").await;
    malika.reads("Recovery codes").await;
    let recovery = malika.browser.text("#recovery-codes li").await;
    malika.presses("I kept them").await;

    let Some(elsewhere) = Person::at(server, CENTRE).await else {
        return;
    };
    elsewhere.chapter("Your account");
    elsewhere.visits("/login?lang=en").await;
    elsewhere.types("Username", "sales").await;
    elsewhere.types("Password", DEMO_PASSWORD).await;
    elsewhere.presses("Sign in").await;
    elsewhere.reads("Enter the code").await;
    assert_eq!(
        elsewhere.browser.faults(Look::Closely).await,
        Vec::<String>::new(),
        "the page that asks for the code"
    );
    elsewhere.types("Code", &recovery).await;
    elsewhere.presses("Sign in").await;
    elsewhere.reads("Coming follow-ups").await;

    malika.visits("/profile").await;
    malika.presses("End all others").await;
    malika.reads("All other sessions ended").await;
    elsewhere.visits("/leads").await;
    elsewhere.reads("Password").await;
    elsewhere.leaves().await;
}
