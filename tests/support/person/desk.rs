//! What a person at the sales desk does, in the manual's words.

use super::Person;

impl Person {
    /// In the profile; the walks are written in English.
    pub async fn reads_english(&self) {
        self.visits("/profile").await;
        self.browser.click("[name=lang] option[value=en]").await;
        self.browser.click("form[action='/profile/look'] .btn-primary").await;
        self.reads("Where you are signed in").await;
    }

    pub async fn adds_a_lead(&self, name: &str, phone: &str, course: &str) {
        self.opens("Leads").await;
        self.presses("Add a lead").await;
        self.types("Name", name).await;
        self.types("Phone", phone).await;
        self.chooses("Course", course).await;
        self.presses("Add a lead").await;
        self.reads("Next step").await;
        self.reads(name).await;
    }

    /// As a manager does, to somebody at once.
    pub async fn adds_a_lead_for(&self, name: &str, phone: &str, owner: &str) {
        self.opens("Leads").await;
        self.presses("Add a lead").await;
        self.types("Name", name).await;
        self.types("Phone", phone).await;
        self.chooses("Owner", owner).await;
        self.presses("Add a lead").await;
        self.reads("Next step").await;
        self.reads(owner).await;
    }

    /// By the palette, as from any page.
    pub async fn opens_the_lead(&self, name: &str) {
        self.visits("/").await;
        self.presses("Search").await;
        self.types("Search", name).await;
        self.presses(name).await;
        self.reads("Next step").await;
    }

    pub async fn logs_a_call(&self, direction: &str, outcome: &str, note: &str) {
        self.presses("Log a call").await;
        self.ticks(direction).await;
        self.ticks(outcome).await;
        self.types("What did you agree on?", note).await;
        self.presses("Log a call").await;
        self.reads(note).await;
    }

    pub async fn leaves_a_note(&self, note: &str) {
        self.types("What did you agree on?", note).await;
        self.presses("Leave a note").await;
        self.reads("Note left").await;
        self.reads(note).await;
    }

    /// From the lead's page; `now` is the status it stands in.
    pub async fn moves_the_lead(&self, now: &str, to: &str, note: &str) {
        self.presses(now).await;
        self.ticks(to).await;
        self.types("Note", note).await;
        self.presses("Change").await;
        self.reads("Status changed").await;
        self.reads(note).await;
    }

    pub async fn plans_a_follow_up(&self, local: &str, what: &str) {
        self.presses("Plan a follow-up").await;
        self.types("When", local).await;
        self.types("What to do", what).await;
        self.presses("Plan a follow-up").await;
        self.reads("The follow-up is planned").await;
        self.reads(what).await;
    }

    /// On the board, with the mouse.
    pub async fn drags(&self, lead: &str, column: &str) {
        let card = self.see_card(lead).await;
        let lane =
            format!("return [...document.querySelectorAll('.lane')].find((l) => l.dataset.label === {column:?})");
        let lane = self.browser.element(&lane, serde_json::json!([])).await;
        self.browser
            .drag(&card, &lane.unwrap_or_else(|| panic!("no column {column}")))
            .await;
    }

    /// On the board, with the keyboard: to the next column the card may go to.
    pub async fn moves_by_keys(&self, lead: &str, arrows: usize) {
        self.see_card(lead).await;
        let focus =
            format!("[...document.querySelectorAll('.tile > a')].find((a) => a.innerText === {lead:?}).focus()");
        self.browser.script(&focus).await;
        self.hits(&["Space"]).await;
        for _ in 0..arrows {
            self.hits(&["ArrowRight"]).await;
        }
        self.hits(&["Enter"]).await;
    }

    pub async fn sees_on_the_board(&self, lead: &str, column: &str) {
        let there = format!(
            "[...document.querySelectorAll('.tile')].find((t) => t.innerText.includes({lead:?}))?.closest('.lane').dataset.label === {column:?}"
        );
        self.waits(&format!("{lead} in {column}"), &there).await;
    }

    pub async fn asks_for_leave(&self, kind: &str, first: &str, last: &str, note: &str) {
        self.opens("Leave").await;
        self.presses("Ask for leave").await;
        self.chooses("Reason", kind).await;
        self.types("First day", first).await;
        self.types("Last day", last).await;
        self.types("Note", note).await;
        self.presses("Send the request").await;
        self.reads("Request sent").await;
    }

    async fn see_card(&self, lead: &str) -> String {
        let card = format!("[...document.querySelectorAll('.tile')].find((t) => t.innerText.includes({lead:?}))");
        self.waits(&format!("{lead} on the board"), &card).await;
        let found = self
            .browser
            .element(&format!("return {card}"), serde_json::json!([]))
            .await;
        found.expect("it was just there")
    }
}
