//! One follow-up at a time: put off by a manager, reminders that say whether they arrived, days the centre closes, and
//! a rep who hears why no new leads come.

use chrono::{DateTime, TimeDelta, Utc};
use platform::Actor;
use serde_json::{Value, json};
use support::both_engines;
use support::portal::visit;
use support::site::{Site, Who};
use workflows::staff::{WindowRow, set_windows};
use workflows::{bots, follow_ups};

struct Desk {
    admin: Who,
    manager: Who,
    ali: Who,
}

/// A Tuesday, eleven in the morning in Tashkent; Ali works from nine to six on weekdays.
async fn desk(site: &Site) -> Desk {
    site.set_clock("2027-03-02T06:00:00Z".parse().expect("an instant"))
        .await;
    let tenant = site.test.tenant("demo").await;
    let desk = Desk {
        admin: site.user(&tenant, "admin", "admin").await,
        manager: site.user(&tenant, "manager", "manager").await,
        ali: site.user(&tenant, "ali", "sales").await,
    };
    let rows = (0..5)
        .map(|weekday| WindowRow {
            weekday,
            starts: 540,
            ends: 1080,
        })
        .collect();
    let admin = platform::auth::as_user(site.app(), &tenant, desk.admin.id)
        .await
        .expect("an answer")
        .expect("a person");
    set_windows(site.app(), &admin, desk.ali.id, rows).await.expect("hours");
    desk
}

fn id(body: &Value) -> String {
    body["id"]
        .as_str()
        .unwrap_or_else(|| panic!("no id in {body}"))
        .to_owned()
}

async fn lead(site: &Site, desk: &Desk, number: u32) -> String {
    let body = json!({
        "name": format!("Lid {number}"), "phone": format!("+99890{number:07}"), "owner_id": desk.ali.id.to_string(),
    });
    id(&site.post(&desk.manager, "/leads", body).await.expect(201))
}

async fn plan(site: &Site, desk: &Desk, lead: &str, due: DateTime<Utc>) -> String {
    let body = json!({"due_at": due, "text": "Qoʻngʻiroq"});
    let path = format!("/leads/{lead}/follow-ups");
    id(&site.post(&desk.manager, &path, body).await.expect(201))
}

async fn due(site: &Site, desk: &Desk, follow_up: &str) -> Value {
    site.get(&desk.manager, &format!("/follow-ups/{follow_up}"))
        .await
        .expect(200)["due_at"]
        .clone()
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

both_engines! {
    async fn a_manager_puts_one_off(site: Site) {
        let desk = desk(&site).await;
        let lead = lead(&site, &desk, 1).await;
        let one = plan(&site, &desk, &lead, site.app().clock.now() + TimeDelta::hours(1)).await;
        let path = format!("/follow-ups/{one}/due");
        site.put(&desk.ali, &path, json!({"for": "1h"})).await.refused(403, "not_allowed");
        for (body, code) in [
            (json!({"for": "soon"}), "unknown_choice"),
            (json!({}), "required"),
            (json!({"due_at": "2027-03-01T06:00:00Z"}), "in_the_past"),
            (json!({"due_at": "2057-03-01T06:00:00Z"}), "too_far"),
        ] {
            let told = site.put(&desk.manager, &path, body).await.refused(422, "invalid");
            assert_eq!(told["errors"][0]["code"], code);
        }
        for (how, wanted) in [
            (json!({"for": "tomorrow"}), "2027-03-03T04:00:00Z"),
            (json!({"due_at": "2027-03-07T20:15:00Z"}), "2027-03-07T20:15:00Z"),
        ] {
            let moved = site.put(&desk.manager, &path, how).await.expect(200);
            assert_eq!(moved["due_at"], wanted);
        }
        for (how, days) in [("3d", 3), ("1w", 7)] {
            let moved = site.put(&desk.manager, &path, json!({"for": how})).await.expect(200);
            let moved = at(moved["due_at"].as_str().unwrap());
            assert_eq!((moved - site.app().clock.now()).num_hours(), days * 24 - 1, "{how}: {moved}");
        }
        let page = visit(&site, &desk.manager, &format!("/leads/{lead}"), None).await;
        assert!(page.text.contains("due?back=lead") && page.text.contains("value=\"tomorrow\""), "{}", page.text);
        assert!(!visit(&site, &desk.ali, &format!("/leads/{lead}"), None).await.text.contains("due?back=lead"));
        let pressed = visit(&site, &desk.manager, &format!("{path}?back=lead"), Some(&[("for", "1h")])).await;
        assert_eq!((pressed.status, pressed.header("location")), (303, format!("/leads/{lead}").as_str()), "{}", pressed.text);
        let timeline = site.get(&desk.manager, &format!("/leads/{lead}/timeline")).await.expect(200);
        let moves = timeline["items"].as_array().unwrap().iter().filter(|event| event["kind"] == "follow_up.moved");
        assert_eq!(moves.count(), 5);
        site.put(&desk.manager, &format!("/follow-ups/{one}/completion"), json!({"outcome": "done"})).await.expect(200);
        site.put(&desk.manager, &path, json!({"for": "1h"})).await.refused(409, "follow_up_closed");
        let refused = visit(&site, &desk.manager, &format!("{path}?back=today"), Some(&[("for", "1h")])).await;
        assert_eq!(refused.status, 422, "{}", refused.text);
    }

    async fn each_says_which_reminders_it_had(site: Site) {
        let desk = desk(&site).await;
        let mut planned = Vec::new();
        let soon = site.app().clock.now() + TimeDelta::minutes(5);
        for number in 0..2 {
            let lead = lead(&site, &desk, number).await;
            planned.push(plan(&site, &desk, &lead, soon).await);
        }
        let reminders = async |one: &str| site.get(&desk.manager, &format!("/follow-ups/{one}/reminders")).await.expect(200)["items"].clone();
        assert_eq!(reminders(&planned[0]).await, json!([]));
        site.pass(TimeDelta::minutes(6)).await;
        follow_ups::remind(site.app(), desk.ali.tenant.id).await.unwrap();
        let told = reminders(&planned[0]).await;
        assert_eq!((&told[0]["user_id"], &told[0]["outcome"]), (&json!(desk.ali.id.to_string()), &json!("portal")), "{told}");
        // With Telegram, and many in one message: each of them says so.
        bots::link(site.app(), desk.ali.tenant.id, desk.ali.id, 7).await.unwrap();
        for one in &planned {
            site.put(&desk.manager, &format!("/follow-ups/{one}/due"), json!({"for": "1h"})).await.expect(200);
        }
        for number in 2..6 {
            let lead = lead(&site, &desk, number).await;
            planned.push(plan(&site, &desk, &lead, site.app().clock.now() + TimeDelta::minutes(30)).await);
        }
        site.pass(TimeDelta::minutes(61)).await;
        follow_ups::remind(site.app(), desk.ali.tenant.id).await.unwrap();
        for one in &planned {
            assert_eq!(reminders(one).await[0]["outcome"], "waiting", "{one}");
        }
        assert_eq!(reminders(&planned[0]).await.as_array().map(Vec::len), Some(2));
        let shown = site.get(&desk.manager, &format!("/follow-ups/{}", planned[0])).await.expect(200);
        let page = visit(&site, &desk.ali, &format!("/leads/{}", shown["lead_id"].as_str().unwrap()), None).await;
        assert!(page.text.matches("xs muted").count() >= 2, "{}", page.text);
    }

    async fn a_day_the_centre_closes_is_stepped_around_and_back(site: Site) {
        let desk = desk(&site).await;
        let lead = lead(&site, &desk, 1).await;
        let (before, on) = (at("2027-03-04T06:00:00Z"), at("2027-03-05T06:00:00Z"));
        let (stays, moves) = (plan(&site, &desk, &lead, before).await, plan(&site, &desk, &lead, on).await);
        site.put(&desk.admin, "/holidays/2027-03-05", json!({"name": "Bayram"})).await.expect(204);
        site.work().await;
        assert_eq!(due(&site, &desk, &stays).await, "2027-03-04T06:00:00Z");
        assert_eq!(due(&site, &desk, &moves).await, "2027-03-08T04:00:00Z", "Monday at nine");
        let timeline = site.get(&desk.manager, &format!("/leads/{lead}/timeline")).await.expect(200);
        let moved = timeline["items"].as_array().unwrap().iter().find(|event| event["kind"] == "follow_up.moved").unwrap();
        assert_eq!(moved["payload"]["why"], "holiday");
        site.delete(&desk.admin, "/holidays/2027-03-05").await.expect(204);
        site.work().await;
        assert_eq!(due(&site, &desk, &moves).await, "2027-03-05T06:00:00Z", "open again, back where it was");
    }

    async fn a_rep_hears_why_no_new_leads_come(site: Site) {
        let desk = desk(&site).await;
        let lead = lead(&site, &desk, 1).await;
        let soon = site.app().clock.now() + TimeDelta::minutes(5);
        for _ in 0..5 {
            plan(&site, &desk, &lead, soon).await;
        }
        let says = async || visit(&site, &desk.ali, "/today", None).await.text.contains("tw:mx-4 tw:mt-3");
        site.pass(TimeDelta::minutes(10)).await;
        assert!(!says().await, "nobody looked yet");
        follow_ups::sweep(site.app(), &Actor::system(desk.ali.tenant.clone())).await.unwrap();
        assert!(says().await);
        let path = format!("/leads/{lead}/follow-ups?back=today");
        let form = [("due_at", "2027-03-09T10:00"), ("text", "Qayta")];
        let planned = visit(&site, &desk.ali, &path, Some(&form)).await;
        assert!(planned.status == 303 && planned.header("location").starts_with("/today"), "{}", planned.text);
    }
}
