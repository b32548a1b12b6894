//! Many follow-ups at once: looked at first, each by its own rules, refusals in words, one undo that puts everything
//! back.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::Method;
use serde_json::{Value, json};
use support::both_engines;
use support::database::Engine;
use support::portal::visit;
use support::site::{Reply, Site, Who};
use workflows::staff::WindowRow;

struct Desk {
    admin: Who,
    manager: Who,
    ali: Who,
    vali: Who,
}

/// A Tuesday, eleven in the morning in Tashkent.
async fn desk(site: &Site) -> Desk {
    site.set_clock("2027-03-02T06:00:00Z".parse().expect("an instant"))
        .await;
    let tenant = site.test.tenant("demo").await;
    Desk {
        admin: site.user(&tenant, "admin", "admin").await,
        manager: site.user(&tenant, "manager", "manager").await,
        ali: site.user(&tenant, "ali", "sales").await,
        vali: site.user(&tenant, "vali", "sales").await,
    }
}

fn id(body: &Value) -> String {
    body["id"]
        .as_str()
        .unwrap_or_else(|| panic!("no id in {body}"))
        .to_owned()
}

fn at(value: &Value) -> DateTime<Utc> {
    value.as_str().unwrap_or_default().parse().expect("an instant")
}

async fn lead(site: &Site, who: &Who, number: u32, owner: &Who) -> String {
    let body = json!({
        "name": format!("Lid {number}"), "phone": format!("+99890{number:07}"), "owner_id": owner.id.to_string(),
    });
    id(&site.post(who, "/leads", body).await.expect(201))
}

async fn plan(site: &Site, who: &Who, lead: &str, minutes: i64) -> String {
    let due = site.app().clock.now() + TimeDelta::minutes(minutes);
    let path = format!("/leads/{lead}/follow-ups");
    id(&site
        .post(who, &path, json!({"due_at": due, "text": "Qoʻngʻiroq"}))
        .await
        .expect(201))
}

/// Leads with a follow-up each, all of them late by now.
async fn late(site: &Site, who: &Who, owner: &Who, numbers: std::ops::Range<u32>) -> Vec<String> {
    let mut planned = Vec::new();
    for number in numbers {
        let lead = lead(site, who, number, owner).await;
        planned.push(plan(site, who, &lead, 5).await);
    }
    site.pass(TimeDelta::hours(2)).await;
    site.work().await;
    planned
}

async fn many(site: &Site, who: &Who, body: Value) -> Value {
    site.post(who, "/follow-up-changes", body).await.expect(202)
}

async fn standing(site: &Site, who: &Who, bulk: &Value) -> Value {
    site.get(who, &format!("/follow-up-changes/{}", id(bulk)))
        .await
        .expect(200)
}

async fn undo(site: &Site, who: &Who, bulk: &Value) -> Value {
    let path = format!("/follow-up-changes/{}/undo", id(bulk));
    site.put(who, &path, json!({})).await.expect(200);
    site.work().await;
    standing(site, who, bulk).await
}

async fn shown(site: &Site, who: &Who, follow_up: &str) -> Value {
    site.get(who, &format!("/follow-ups/{follow_up}")).await.expect(200)
}

/// Leads and follow-ups as they are, apart from what counts changes, each by its id.
async fn state(site: &Site) -> BTreeMap<String, String> {
    let lead = "id, name, owner_id, status, status_since, assigned_at, waiting_since, tags, lost_reason, lost_at, \
                first_contact_at, deleted_at";
    let follow_up = "id, lead_id, owner_id, due_at, flagged, state, kind, text, outcome, note, completed_at, \
                     completed_by, closed_at, reminded_at, overdue_at";
    let mut found = BTreeMap::new();
    for (table, columns, rows) in [
        ("lead", lead, ""),
        ("follow_up", follow_up, " WHERE state <> 'deleted'"),
    ] {
        let text = |column: &str| match site.test.database.engine {
            Engine::Postgres => format!("COALESCE({column}::text, '')"),
            Engine::Sqlite => format!("COALESCE(quote({column}), '')"),
        };
        let texts: Vec<String> = columns.split(", ").map(|column| text(column.trim())).collect();
        let sql = format!("SELECT {} AS whole FROM {table}{rows}", texts.join(" || '~' || "));
        for row in site.test.database.inspect(&sql).await {
            let whole: String = row.try_get("", "whole").expect("a text");
            let key = whole.split('~').next().unwrap_or_default().to_owned();
            found.insert(format!("{table} {key}"), whole);
        }
    }
    found
}

both_engines! {
    async fn a_look_first_then_the_change_then_the_way_back(site: Site) {
        let Desk { manager, ali, vali, .. } = desk(&site).await;
        let mut planned = late(&site, &manager, &ali, 0..3).await;
        planned.extend(late(&site, &manager, &vali, 3..5).await);
        let before = state(&site).await;
        let ask = json!({"action": "reschedule", "hours": 2, "filter": {"view": "overdue"}});
        let looked = site.post(&manager, "/follow-up-change-previews", ask.clone()).await.expect(200);
        let total = looked["total"].as_i64().unwrap();
        assert!(total >= 5 && looked["changing"] == looked["total"], "{looked}");
        assert_eq!(looked["reps"].as_array().map(Vec::len), Some(2));
        assert_eq!(state(&site).await, before, "a look changes nothing");
        let bulk = many(&site, &manager, json!({"action": "reschedule", "hours": 2, "follow_up_ids": planned})).await;
        assert_eq!((&bulk["state"], &bulk["done"], &bulk["total"]), (&json!("done"), &json!(5), &json!(5)));
        // One after another, five minutes apart, for each rep.
        let from = at(&bulk["created_at"]) + TimeDelta::hours(2);
        for (of, count) in [(0..3, 3), (3..5, 2)] {
            let mut due = Vec::new();
            for one in &planned[of] {
                due.push(at(&shown(&site, &manager, one).await["due_at"]));
            }
            due.sort();
            let wanted: Vec<_> = (0..count).map(|n| from + TimeDelta::minutes(5 * n)).collect();
            assert_eq!(due, wanted);
        }
        let undone = undo(&site, &manager, &bulk).await;
        assert_eq!((&undone["state"], &undone["undone"], &undone["kept"]), (&json!("undone"), &json!(5), &json!(0)));
        assert_eq!(state(&site).await, before);
        assert_eq!(undo(&site, &manager, &bulk).await, undone, "twice is once");
    }

    async fn put_off_work_waits_for_working_time(site: Site) {
        let Desk { admin, manager, ali, .. } = desk(&site).await;
        let planned = late(&site, &manager, &ali, 0..2).await;
        // Nine to six; it is one in the afternoon now.
        let rows = (0..5).map(|weekday| WindowRow { weekday, starts: 540, ends: 1080 }).collect();
        let actor = platform::auth::as_user(site.app(), &admin.tenant, admin.id).await.unwrap().unwrap();
        workflows::staff::set_windows(site.app(), &actor, ali.id, rows).await.unwrap();
        let ask = json!({"action": "reschedule", "hours": 8, "follow_up_ids": planned});
        let looked = site.post(&manager, "/follow-up-change-previews", ask.clone()).await.expect(200);
        many(&site, &manager, ask).await;
        let (first, second) = (shown(&site, &manager, &planned[0]).await, shown(&site, &manager, &planned[1]).await);
        assert_eq!(first["due_at"], "2027-03-03T04:00:00Z", "the next morning at nine");
        assert_eq!(second["due_at"], "2027-03-03T04:05:00Z");
        assert_eq!((&looked["reps"][0]["first"], &looked["reps"][0]["last"]), (&first["due_at"], &second["due_at"]));
    }

    async fn handed_over_alone_a_colleague_sees_the_lead_until_it_is_done(site: Site) {
        let Desk { manager, ali, vali, .. } = desk(&site).await;
        let planned = late(&site, &manager, &ali, 0..1).await;
        let lead = shown(&site, &manager, &planned[0]).await["lead_id"].as_str().unwrap().to_owned();
        site.get(&vali, &format!("/leads/{lead}")).await.refused(404, "not_found");
        let to = |with: bool| json!({
            "action": "reassign", "owner_id": vali.id.to_string(), "with_leads": with, "follow_up_ids": planned,
        });
        let bulk = many(&site, &manager, to(false)).await;
        assert_eq!(bulk["done"], 1, "{bulk}");
        let owner = async || site.get(&manager, &format!("/leads/{lead}")).await.expect(200)["owner_id"].clone();
        assert_eq!(owner().await, json!(ali.id.to_string()), "the lead stays");
        site.get(&vali, &format!("/leads/{lead}")).await.expect(200);
        site.get(&ali, &format!("/follow-ups/{}", planned[0])).await.refused(404, "not_found");
        let again = many(&site, &manager, to(false)).await;
        assert_eq!((&again["done"], &again["same"]), (&json!(0), &json!(1)));
        let looked = site.post(&manager, "/follow-up-change-previews", to(false)).await.expect(200);
        assert_eq!((&looked["changing"], &looked["stays"][0]["code"]), (&json!(0), &json!("already_theirs")));
        let with = many(&site, &manager, to(true)).await;
        assert_eq!(with["done"], 1, "{with}");
        assert_eq!(owner().await, json!(vali.id.to_string()));
        undo(&site, &manager, &with).await;
        assert_eq!(owner().await, json!(ali.id.to_string()));
        site.put(&vali, &format!("/follow-ups/{}/completion", planned[0]), json!({"outcome": "reached"})).await.expect(200);
        site.get(&vali, &format!("/leads/{lead}")).await.refused(404, "not_found");
    }

    async fn what_will_not_change_is_said_in_words(site: Site) {
        let Desk { manager, ali, .. } = desk(&site).await;
        let planned = late(&site, &manager, &ali, 0..3).await;
        site.put(&ali, &format!("/follow-ups/{}/completion", planned[0]), json!({"outcome": "reached"})).await.expect(200);
        let ask = json!({"action": "complete", "outcome": "no_answer", "note": "<script>", "follow_up_ids": planned});
        let looked = site.post(&manager, "/follow-up-change-previews", ask.clone()).await.expect(200);
        assert_eq!((&looked["total"], &looked["changing"]), (&json!(3), &json!(2)));
        assert_eq!((&looked["stays"][0]["code"], &looked["stays"][0]["names"]), (&json!("follow_up_closed"), &json!(["Lid 0"])));
        let bulk = many(&site, &manager, ask).await;
        assert_eq!((&bulk["done"], &bulk["failed"]), (&json!(2), &json!(1)));
        let refused = site.get(&manager, &format!("/follow-up-changes/{}/refusals", id(&bulk))).await.expect(200);
        let message = refused["items"][0]["message"].as_str().unwrap();
        assert!(message.contains(' ') && refused["items"][0]["name"] == "Lid 0", "{refused}");
        let done = shown(&site, &manager, &planned[1]).await;
        assert_eq!((&done["state"], &done["outcome"], &done["note"]), (&json!("done"), &json!("no_answer"), &json!("<script>")));
        // Somebody touches one before it is taken back: that one stays and is named.
        let moved = many(&site, &manager, json!({"action": "reschedule", "hours": 0, "follow_up_ids": [planned[2]]})).await;
        assert_eq!(moved["failed"], 1);
        site.work().await;
        let undone = undo(&site, &manager, &bulk).await;
        assert_eq!((&undone["undone"], &undone["kept"]), (&json!(2), &json!(0)));
        let again = many(&site, &manager, json!({"action": "reschedule", "hours": 3, "follow_up_ids": planned[1..]})).await;
        site.put(&ali, &format!("/follow-ups/{}/completion", planned[2]), json!({"outcome": "reached"})).await.expect(200);
        let undone = undo(&site, &manager, &again).await;
        assert_eq!((&undone["undone"], &undone["kept"]), (&json!(1), &json!(1)));
        let kept = site.get(&manager, &format!("/follow-up-changes/{}/refusals", id(&again))).await.expect(200);
        assert_eq!((&kept["items"][0]["follow_up_id"], &kept["items"][0]["code"]), (&json!(planned[2]), &json!("changed_since")));
        let late = many(&site, &manager, json!({"action": "reschedule", "hours": 1, "follow_up_ids": [planned[1]]})).await;
        site.pass(TimeDelta::days(8)).await;
        site.put(&manager, &format!("/follow-up-changes/{}/undo", id(&late)), json!({})).await.refused(422, "undo_expired");
    }

    async fn who_may_and_what_is_refused(site: Site) {
        let Desk { admin, manager, ali, vali } = desk(&site).await;
        let planned = late(&site, &manager, &ali, 0..2).await;
        let off = |hours: i64| json!({"action": "reschedule", "hours": hours, "follow_up_ids": planned});
        let delete = json!({"action": "delete", "follow_up_ids": [planned[0]]});
        for path in ["/follow-up-changes", "/follow-up-change-previews"] {
            site.post(&ali, path, off(1)).await.refused(403, "not_allowed");
            site.post(&manager, path, delete.clone()).await.refused(403, "not_allowed");
            for (body, field) in [
                (off(-1), "hours"),
                (off(721), "hours"),
                (json!({"action": "reschedule", "follow_up_ids": planned}), "hours"),
                (json!({"action": "complete", "outcome": "sang", "follow_up_ids": planned}), "outcome"),
                (json!({"action": "complete", "outcome": "done", "note": "x".repeat(5001), "follow_up_ids": planned}), "note"),
                (json!({"action": "reassign", "owner_id": planned[0], "follow_up_ids": planned}), "owner_id"),
                (json!({"action": "reschedule", "hours": 1, "follow_up_ids": []}), "follow_up_ids"),
                (json!({"action": "reschedule", "hours": 1}), "follow_up_ids"),
                (json!({"action": "reschedule", "hours": 1, "filter": {"age": "old"}}), "age"),
            ] {
                let told = site.post(&manager, path, body).await.refused(422, "invalid");
                assert_eq!(told["errors"][0]["field"], field, "{told}");
            }
        }
        let bulk = many(&site, &admin, delete).await;
        assert_eq!(bulk["done"], 1);
        let gone = shown(&site, &admin, &planned[0]).await;
        assert_eq!((&gone["state"], &gone["completed_at"]), (&json!("deleted"), &Value::Null), "kept, and not done");
        let load = site.get(&admin, "/overdue-load").await.expect(200);
        assert_eq!(load["items"].as_array().map(Vec::len), Some(1));
        site.get(&vali, &format!("/follow-up-changes/{}", id(&bulk))).await.refused(404, "not_found");
        site.put(&manager, &format!("/follow-up-changes/{}/undo", id(&bulk)), json!({})).await.refused(403, "not_allowed");
        undo(&site, &admin, &bulk).await;
        assert_eq!(shown(&site, &admin, &planned[0]).await["state"], "open");
    }

    async fn all_that_match_are_a_jobs_and_a_second_press_is_nothing(site: Site) {
        let Desk { manager, ali, vali, .. } = desk(&site).await;
        late(&site, &manager, &ali, 0..120).await;
        let before = state(&site).await;
        let ask = json!({
            "action": "reassign", "owner_id": vali.id.to_string(), "with_leads": true, "filter": {"owner_id": ali.id.to_string()},
        });
        let press = || Reply::of(site.call(&manager, Method::POST, "/follow-up-changes").header("Idempotency-Key", "k1").json(&ask));
        let (first, second) = tokio::join!(press(), press());
        // Pressed at once: one of them, or a word that it is under way.
        let made = [first, second].into_iter().find(|reply| reply.status == 202).expect("one is taken");
        let first = made.expect(202);
        assert_eq!(id(&press().await.expect(202)), id(&first));
        let early = site.put(&manager, &format!("/follow-up-changes/{}/undo", id(&first)), json!({})).await;
        early.refused(422, "bulk_running");
        site.work().await;
        let done = standing(&site, &manager, &first).await;
        assert_eq!((&done["state"], &done["done"], &done["failed"]), (&json!("done"), &done["total"], &json!(0)), "{done}");
        assert!(done["total"].as_i64().unwrap() >= 120, "{done}");
        let theirs = site.get(&manager, &format!("/leads?owner_id={}&limit=200", vali.id)).await.expect(200);
        assert_eq!(theirs["items"].as_array().map(Vec::len), Some(120));
        let undone = undo(&site, &manager, &first).await;
        assert_eq!((&undone["undone"], &undone["kept"]), (&done["done"], &json!(0)));
        assert_eq!(state(&site).await, before);
    }

    async fn the_portal_shows_what_would_change_before_it_does(site: Site) {
        let Desk { admin, manager, ali, .. } = desk(&site).await;
        let planned = late(&site, &manager, &ali, 0..2).await;
        let list = visit(&site, &manager, "/today?mode=list&view=overdue", None).await;
        assert!(list.text.contains("data-pick") && list.text.contains("bulk-reschedule"), "{}", list.text);
        assert!(!list.text.contains("bulk-delete"), "deleting is the admin's");
        assert!(visit(&site, &admin, "/today?mode=list&view=overdue", None).await.text.contains("bulk-delete"));
        assert!(!visit(&site, &ali, "/today?mode=list&view=overdue", None).await.text.contains("data-pick"));
        let form = |hours: &'static str| vec![
            ("list", "mode=list&view=overdue"), ("action", "reschedule"), ("hours", hours), ("id", &planned[0]), ("id", &planned[1]), ("key", "k"),
        ];
        let wrong = visit(&site, &manager, "/follow-ups/bulk/preview", Some(&form("abc"))).await;
        assert!(wrong.status == 422 && wrong.text.contains("720"), "{}", wrong.text);
        let looked = visit(&site, &manager, "/follow-ups/bulk/preview", Some(&form("3"))).await;
        assert_eq!(looked.status, 200, "{}", looked.text);
        assert!(looked.text.contains("name=\"hours\" value=\"3\"") && looked.text.contains(&planned[1]), "{}", looked.text);
        let went = visit(&site, &manager, "/follow-ups/bulk", Some(&form("3"))).await;
        assert_eq!(went.status, 303, "{}", went.text);
        let place = went.header("location").to_owned();
        let twice = visit(&site, &manager, "/follow-ups/bulk", Some(&form("3"))).await;
        assert_eq!(twice.header("location"), place, "a second press is the first");
        let there = visit(&site, &manager, &place, None).await;
        assert!(there.text.contains("/undo\""), "{}", there.text);
        let bulk = place.split("bulk=").nth(1).unwrap();
        let back = visit(&site, &manager, &format!("/follow-ups/bulk/{bulk}/undo"), Some(&[("list", "mode=list&view=overdue")])).await;
        assert_eq!(back.status, 303, "{}", back.text);
        let late = site.get(&manager, "/follow-ups?view=overdue&limit=200").await.expect(200);
        assert!(planned.iter().all(|one| late["items"].as_array().unwrap().iter().any(|item| item["id"] == json!(one))));
    }

    // Whatever came before, doing and undoing any change of many leaves everything as it was.
    async fn doing_and_undoing_is_doing_nothing(site: Site) {
        let Desk { admin, ali, vali, .. } = desk(&site).await;
        let mut days = Days(2027);
        let (mut leads, mut number): (Vec<String>, u32) = (Vec::new(), 0);
        for round in 0..8u32 {
            for _ in 0..=days.below(6) {
                let owner = if days.below(2) == 0 { &ali } else { &vali };
                if leads.is_empty() || days.below(3) == 0 {
                    number += 1;
                    leads.push(lead(&site, &admin, number, owner).await);
                }
                let lead = leads[days.below(leads.len())].clone();
                let minutes = 1 + days.below(600) as i64;
                plan(&site, &admin, &lead, minutes).await;
            }
            site.pass(TimeDelta::minutes(days.below(400) as i64)).await;
            site.work().await;
            let open = site.get(&admin, "/follow-ups?view=open&limit=200").await.expect(200);
            let open: Vec<Value> = open["items"].as_array().unwrap().iter().map(|item| item["id"].clone()).collect();
            let to = if round % 2 == 0 { &ali } else { &vali };
            let outcome = ["reached", "no_answer", "later", "done"][days.below(4)];
            for change in [
                json!({"action": "reschedule", "hours": days.below(60)}),
                json!({"action": "reassign", "owner_id": to.id.to_string()}),
                json!({"action": "reassign", "owner_id": to.id.to_string(), "with_leads": true}),
                json!({"action": "complete", "outcome": outcome}),
                json!({"action": "delete"}),
            ] {
                let before = state(&site).await;
                let mut ask = change.clone();
                match days.below(3) {
                    0 => ask["filter"] = json!({"view": "open"}),
                    1 => ask["filter"] = json!({"view": "overdue", "owner_id": to.id.to_string()}),
                    _ => ask["follow_up_ids"] = open.iter().filter(|_| days.below(3) > 0).cloned().collect(),
                }
                let made = site.post(&admin, "/follow-up-changes", ask.clone()).await;
                if made.status == 404 || made.body["errors"][0]["code"] == "required" {
                    continue;
                }
                let bulk = made.expect(202);
                if round % 3 != 0 || standing(&site, &admin, &bulk).await["state"] != "done" {
                    site.work().await;
                }
                let undone = undo(&site, &admin, &bulk).await;
                assert_eq!((&undone["kept"], &undone["state"]), (&json!(0), &json!("undone")), "{ask}: {undone}");
                assert_eq!(state(&site).await, before, "{ask} in round {round}");
            }
        }
    }
}

/// The same days on every run.
struct Days(u64);

impl Days {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }
}
