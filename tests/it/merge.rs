//! Families linked by a phone, two leads of one person made one, and that undone exactly.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use reqwest::Method;
use serde_json::{Value, json};
use support::both_engines;
use support::site::{Reply, Site, Who};

async fn lead(site: &Site, who: &Who, new: Value) -> String {
    let made = site.post(who, "/leads", new).await.expect(201);
    made["id"].as_str().expect("an id").to_owned()
}

/// A lead or a follow-up but for how often it was written.
fn plain(mut row: Value) -> Value {
    if let Some(row) = row.as_object_mut() {
        row.retain(|name, _| !matches!(name.as_str(), "version" | "updated_at"));
    }
    row
}

async fn follow_ups(site: &Site, who: &Who, lead: &str) -> BTreeSet<String> {
    let page = site.get(who, &format!("/leads/{lead}/follow-ups")).await.expect(200);
    let items = page["items"].as_array().cloned().unwrap_or_default();
    items.into_iter().map(|item| plain(item).to_string()).collect()
}

async fn history(site: &Site, who: &Who, lead: &str) -> BTreeSet<String> {
    let page = site
        .get(who, &format!("/leads/{lead}/timeline?limit=200"))
        .await
        .expect(200);
    page["items"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|event| event["id"].to_string())
        .collect()
}

async fn one(site: &Site, who: &Who, lead: &str) -> Value {
    plain(site.get(who, &format!("/leads/{lead}")).await.expect(200))
}

/// A throw of the dice that falls the same way every time.
struct Dice(u64);

impl Dice {
    fn of(&mut self, sides: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    fn yes(&mut self) -> bool {
        self.of(2) == 0
    }
}

/// A lead with some of everything a lead can have.
async fn lived(site: &Site, dice: &mut Dice, manager: &Who, reps: &[&Who], number: u64) -> String {
    let owner = reps[dice.of(reps.len() as u64) as usize];
    let mut new = json!({
        "name": format!("Lid {number}"), "phone": format!("+99890{number:07}"), "owner_id": owner.id,
        "notes": if dice.yes() { format!("Izoh {number}") } else { String::new() },
        "tags": if dice.yes() { json!(["ielts", format!("t{number}")]) } else { json!([]) },
        "source": if dice.yes() { "instagram" } else { "manual" },
    });
    if dice.yes() {
        new["secondary_phone"] = json!(format!("+99891{number:07}"));
    }
    let id = lead(site, manager, new).await;
    site.work().await;
    for _ in 0..dice.of(3) {
        site.pass(TimeDelta::minutes(1)).await;
        let to = ["contacted", "interested", "lost", "offer_sent"][dice.of(4) as usize];
        let body = json!({"status": to, "lost_reason": "other"});
        site.put(manager, &format!("/leads/{id}/status"), body).await;
        if dice.yes() {
            site.work().await;
        }
    }
    if dice.yes() {
        let due = site.app().clock.now() + TimeDelta::hours(5);
        let plan = json!({"due_at": due, "text": "Oʻzim"});
        site.post(manager, &format!("/leads/{id}/follow-ups"), plan)
            .await
            .expect(201);
    }
    if dice.yes() {
        let open = site.get(manager, &format!("/leads/{id}/follow-ups")).await.expect(200);
        if let Some(first) = open["items"][0]["id"].as_str() {
            let done = json!({"outcome": "reached"});
            site.put(manager, &format!("/follow-ups/{first}/completion"), done)
                .await;
        }
    }
    site.post(manager, &format!("/leads/{id}/notes"), json!({"text": "Eslatma"}))
        .await
        .expect(201);
    id
}

both_engines! {
    async fn a_merge_undone_leaves_everything_as_it_was(site: Site) {
        let tenant = site.test.tenant("demo").await;
        let manager = site.user(&tenant, "manager", "manager").await;
        let (ali, bob) = (site.user(&tenant, "ali", "sales").await, site.user(&tenant, "bob", "sales").await);
        let mut dice = Dice(7);
        for round in 0..8 {
            let kept = lived(&site, &mut dice, &manager, &[&ali, &bob], round * 2 + 1).await;
            let gone = lived(&site, &mut dice, &manager, &[&ali, &bob], round * 2 + 2).await;
            site.work().await;
            site.pass(TimeDelta::minutes(1)).await;
            let before = (one(&site, &manager, &kept).await, one(&site, &manager, &gone).await);
            let planned = (follow_ups(&site, &manager, &kept).await, follow_ups(&site, &manager, &gone).await);
            let lived = (history(&site, &manager, &kept).await, history(&site, &manager, &gone).await);
            let fields = ["name", "phone", "secondary_phone", "course_id", "source", "status", "owner_id", "notes", "both_notes"];
            let take: Vec<&str> = fields.into_iter().filter(|_| dice.yes()).collect();
            let made = site.post(&manager, &format!("/leads/{kept}/merges"), json!({"lead_id": gone, "take": take})).await.expect(201);

            // One lead, found by every phone of both, with both histories; the other is nowhere.
            let merged = one(&site, &manager, &kept).await;
            for field in ["name", "source", "status", "owner_id"] {
                let from = if take.contains(&field) { &before.1 } else { &before.0 };
                assert_eq!(merged[field], from[field], "{field} of {take:?}");
            }
            site.get(&manager, &format!("/leads/{gone}")).await.refused(404, "not_found");
            for phone in [&before.0["phone"], &before.1["phone"], &before.0["secondary_phone"], &before.1["secondary_phone"]] {
                let Some(phone) = phone.as_str() else { continue };
                let found = site.get(&manager, &format!("/leads?q={}", phone.trim_start_matches('+'))).await.expect(200);
                assert_eq!(found["items"][0]["id"], json!(kept), "{phone} leads to the one that stays");
                assert_eq!(found["items"].as_array().map(Vec::len), Some(1));
            }
            let both = history(&site, &manager, &kept).await;
            assert!(both.is_superset(&lived.0) && both.is_superset(&lived.1), "both histories are one");
            site.work().await;

            let merge = made["id"].as_str().expect("an id");
            assert_eq!(site.get(&manager, &format!("/leads/{kept}/merges")).await.expect(200)["items"][0]["id"], json!(merge));
            let undo = format!("/leads/{kept}/merges/{merge}");
            let back = site.delete(&manager, &undo).await.expect(200);
            assert_eq!(plain(back), before.1);
            assert_eq!(one(&site, &manager, &kept).await, before.0, "{take:?}");
            assert_eq!(follow_ups(&site, &manager, &kept).await, planned.0, "{take:?}");
            assert_eq!(follow_ups(&site, &manager, &gone).await, planned.1, "{take:?}");
            assert!(history(&site, &manager, &gone).await.is_superset(&lived.1));
            assert!(history(&site, &manager, &kept).await.is_disjoint(&lived.1), "each has its own history again");
            site.delete(&manager, &undo).await.refused(404, "not_found");
            site.work().await;
            assert_eq!(follow_ups(&site, &manager, &kept).await, planned.0, "and nothing was planned twice");
        }
    }

    async fn a_merge_is_made_once_by_who_sees_both(site: Site) {
        let tenant = site.test.tenant("demo").await;
        let manager = site.user(&tenant, "manager", "manager").await;
        let (ali, bob) = (site.user(&tenant, "ali", "sales").await, site.user(&tenant, "bob", "sales").await);
        let one = lead(&site, &ali, json!({"name": "Aysel", "phone": "+998900000001", "tags": ["vip"]})).await;
        let two = lead(&site, &ali, json!({"name": "Aysel Q", "phone": "+998900000002", "tags": ["VIP", "ielts"]})).await;
        let foreign = lead(&site, &bob, json!({"name": "Bek", "phone": "+998900000003"})).await;
        let path = format!("/leads/{one}/merges");
        site.post(&ali, &path, json!({"lead_id": one})).await.refused(422, "same_lead");
        site.post(&ali, &path, json!({"lead_id": foreign})).await.refused(404, "not_found");
        site.post(&bob, &path, json!({"lead_id": foreign})).await.refused(404, "not_found");
        site.post(&ali, &path, json!({"lead_id": two, "take": ["shoes"]})).await.refused(422, "invalid");
        let stale = site.call(&ali, Method::POST, &path).header("If-Match", "\"7\"").json(&json!({"lead_id": two}));
        Reply::of(stale).await.refused(412, "stale_version");
        let other_way = format!("/leads/{two}/merges");
        let (first, second) = tokio::join!(
            site.post(&ali, &path, json!({"lead_id": two})),
            site.post(&manager, &other_way, json!({"lead_id": one}))
        );
        assert_eq!([first.status, second.status].iter().filter(|status| **status == 201).count(), 1, "{} {}", first.text, second.text);
        let (kept, gone, made) = if first.status == 201 { (&one, &two, first) } else { (&two, &one, second) };
        let merge = made.expect(201)["id"].as_str().expect("an id").to_owned();
        let now = site.get(&manager, &format!("/leads/{kept}")).await.expect(200);
        assert_eq!(now["tags"].as_array().map(Vec::len), Some(2), "a tag is one however it is spelled: {now}");
        // A new enquiry from the number that came along is this lead's.
        let again = site.post(&manager, "/leads", json!({"name": "Aysel", "phone": if kept == &one { "+998900000002" } else { "+998900000001" }})).await;
        assert_eq!(again.refused(409, "duplicate_lead")["lead_id"], json!(kept));
        site.pass(TimeDelta::days(31)).await;
        site.delete(&manager, &format!("/leads/{kept}/merges/{merge}")).await.refused(422, "merge_too_old");
        site.get(&manager, &format!("/leads/{gone}")).await.refused(404, "not_found");
    }

    async fn a_family_shares_its_phone(site: Site) {
        let tenant = site.test.tenant("demo").await;
        let manager = site.user(&tenant, "manager", "manager").await;
        let (ali, bob) = (site.user(&tenant, "ali", "sales").await, site.user(&tenant, "bob", "sales").await);
        let phone = "+998900000001";
        let mother = lead(&site, &ali, json!({"name": "Mohira", "phone": phone})).await;
        site.post(&ali, "/leads", json!({"name": "Aysel", "phone": phone})).await.refused(409, "duplicate_lead");
        let child = lead(&site, &ali, json!({"name": "Aysel", "phone": phone, "family": true})).await;
        let other = lead(&site, &ali, json!({"name": "Bek", "phone": "+998900000002", "secondary_phone": phone, "family": true})).await;
        // Whose family it is must be seen to be joined.
        site.post(&bob, "/leads", json!({"name": "Begona", "phone": phone, "family": true})).await.refused(409, "duplicate_lead");
        let family = site.get(&manager, &format!("/leads/{mother}/family")).await.expect(200);
        let names: Vec<&str> = family["items"].as_array().into_iter().flatten().filter_map(|one| one["name"].as_str()).collect();
        assert_eq!(names, ["Aysel", "Bek"]);
        let found = site.get(&ali, "/leads?q=900000001").await.expect(200);
        assert_eq!(found["items"].as_array().map(Vec::len), Some(3), "either phone finds");
        // Two of a family may turn out to be one person.
        let made = site.post(&ali, &format!("/leads/{child}/merges"), json!({"lead_id": other})).await.expect(201);
        let now = site.get(&ali, &format!("/leads/{mother}/family")).await.expect(200);
        assert_eq!(now["items"].as_array().map(Vec::len), Some(1));
        let merge = made["id"].as_str().expect("an id");
        site.delete(&ali, &format!("/leads/{child}/merges/{merge}")).await.expect(200);
        let now = site.get(&ali, &format!("/leads/{mother}/family")).await.expect(200);
        assert_eq!(now["items"].as_array().map(Vec::len), Some(2));
    }
}
