//! Leave from the request to the last follow-up that comes back: over REST, in Telegram, and on the calendar.

use std::sync::Mutex;

use chrono::{DateTime, Utc};
use platform::auth::session;
use plugins::telegram::postman::Postman;
use reqwest::Method;
use serde_json::{Value, json};
use support::app::TestApp;
use support::both_engines;
use support::site::{Reply, Site, Who};
use support::telegram::{FakeTelegram, TOKEN};
use workflows::bots;
use workflows::leave::{self, NewLeave};

use crate::bots::{Chats, connected};

struct People {
    admin: Who,
    manager: Who,
    ali: Who,
    bob: Who,
}

/// A Tuesday at nine in Tashkent; Ali works on weekdays from nine to six.
async fn people(site: &Site) -> People {
    site.set_clock(at("2026-11-24T04:00:00Z")).await;
    let tenant = site.test.tenant("demo").await;
    let people = People {
        admin: site.user(&tenant, "admin", "admin").await,
        manager: site.user(&tenant, "manager", "manager").await,
        ali: site.user(&tenant, "ali", "sales").await,
        bob: site.user(&tenant, "bob", "sales").await,
    };
    let week: Vec<Value> = ["mon", "tue", "wed", "thu", "fri"]
        .iter()
        .map(|day| json!({"weekday": day, "starts": "09:00", "ends": "18:00"}))
        .collect();
    let hours = format!("/users/{}/hours", people.ali.id);
    site.put(&people.manager, &hours, json!({"windows": week}))
        .await
        .expect(200);
    people
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

fn text(value: &Value, key: &str) -> String {
    value[key]
        .as_str()
        .unwrap_or_else(|| panic!("no {key} in {value}"))
        .to_owned()
}

async fn asked(site: &Site, who: &Who, body: Value) -> String {
    text(&site.post(who, "/leave-requests", body).await.expect(201), "id")
}

async fn decided(site: &Site, who: &Who, id: &str, approve: bool, reason: &str) -> Value {
    let body = json!({"approve": approve, "reason": reason});
    site.put(who, &format!("/leave-requests/{id}/decision"), body)
        .await
        .expect(200)
}

/// A lead of Ali's with one open follow-up at an instant; the lead and the follow-up.
async fn planned(site: &Site, who: &Who, number: u32, due_at: &str) -> (String, String) {
    let lead = json!({"name": format!("Lid {number}"), "phone": format!("+99890{number:07}")});
    let lead = text(&site.post(who, "/leads", lead).await.expect(201), "id");
    let plan = json!({"due_at": due_at, "text": "Narxni ayting"});
    let path = format!("/leads/{lead}/follow-ups");
    let follow_up = text(&site.post(who, &path, plan).await.expect(201), "id");
    (lead, follow_up)
}

async fn due(site: &Site, who: &Who, follow_up: &str) -> String {
    text(
        &site.get(who, &format!("/follow-ups/{follow_up}")).await.expect(200),
        "due_at",
    )
}

fn field(problem: &Value) -> (&str, &str) {
    let first = &problem["errors"][0];
    (
        first["field"].as_str().unwrap_or_default(),
        first["code"].as_str().unwrap_or_default(),
    )
}

/// A page as a signed person opens it, or a form they send.
async fn portal(site: &Site, who: &Who, path: &str, form: Option<&[(&str, &str)]>) -> Reply {
    let opened = session::open(site.app(), &who.tenant, who.id, None, None)
        .await
        .expect("a session");
    let found = session::resolve(site.app(), &who.tenant, &opened.token)
        .await
        .expect("it resolves")
        .expect("it is good");
    let method = if form.is_some() { Method::POST } else { Method::GET };
    let request = site
        .request(method, &who.tenant.slug, path)
        .header("Cookie", format!("{}={}", platform::http::SESSION_COOKIE, opened.token))
        .header("Sec-Fetch-Site", "same-origin");
    Reply::of(match form {
        Some(form) => request.header("X-Csrf-Token", &found.csrf).form(form),
        None => request,
    })
    .await
}

both_engines! {
    async fn the_portal_keeps_what_was_typed_and_shows_every_side_its_own(site: Site) {
        let People { admin, manager, ali, bob } = people(&site).await;
        let hostile = "</textarea><script>alert(1)</script>\u{202e}";
        let typed = [("kind", "other"), ("first_day", "2026-11-20"), ("last_day", ""), ("from", "14:00"), ("to", ""), ("note", hostile)];
        let refused = portal(&site, &ali, "/leave", Some(&typed)).await;
        assert_eq!(refused.status, 422, "{}", refused.text);
        assert!(refused.text.contains("value=\"14:00\"") && refused.text.contains("aria-invalid") && refused.text.contains("&lt;script&gt;"));
        assert!(!refused.text.contains("<script>alert"), "what is typed is shown, never run");
        let good = [("kind", "personal"), ("first_day", "2026-11-26"), ("last_day", "2026-11-26"), ("from", "14:00"), ("to", "16:00"), ("note", hostile)];
        let sent = portal(&site, &ali, "/leave", Some(&good)).await;
        assert_eq!(sent.status, 303, "{}", sent.text);
        let page = sent.header("location").to_owned();
        let again = portal(&site, &ali, "/leave", Some(&good)).await;
        assert_eq!(again.header("location"), page, "a form sent twice asks once");
        assert_eq!(portal(&site, &bob, &page, None).await.status, 404);
        let waiting = portal(&site, &manager, "/leave", None).await;
        assert!(waiting.text.contains(&page) && waiting.text.contains("14:00"), "{}", waiting.text);
        assert!(portal(&site, &manager, "/", None).await.text.contains("href=\"/leave\""));
        let decision = format!("{page}/decision");
        let silent = portal(&site, &manager, &decision, Some(&[("approve", "0"), ("reason", " ")])).await;
        assert_eq!(silent.status, 422);
        assert_eq!(portal(&site, &manager, &decision, Some(&[("approve", "1")])).await.status, 303);
        for (who, path) in [
            (&ali, page.as_str()), (&ali, "/leave/calendar?month=2026-11"), (&bob, "/leave/calendar"), (&manager, "/leave?view=all"),
            (&manager, "/leave/calendar?month=nonsense"), (&bob, "/leave/holidays"), (&manager, "/distribution"),
        ] {
            let reply = portal(&site, who, path, None).await;
            assert_eq!(reply.status, 200, "{path}: {}", reply.text);
            assert!(!reply.text.contains("<script>alert"), "{path}");
        }
        let absent = [("user_id", ""), ("from", ""), ("until", "2026-11-23")];
        assert_eq!(portal(&site, &manager, "/leave/absence", Some(&absent)).await.status, 422);
        let absent = [("user_id", &*bob.id.to_string()), ("from", ""), ("until", "2026-11-25")];
        assert_eq!(portal(&site, &manager, "/leave/absence", Some(&absent)).await.status, 303);
        let bob_now = site.get(&manager, &format!("/users/{}", bob.id)).await.expect(200);
        assert_eq!(bob_now["absent_to"], "2026-11-25T19:00:00Z", "the last day is away too");
        assert_eq!(portal(&site, &manager, "/leave/holidays", Some(&[("day", "2026-12-08"), ("name", "X")])).await.status, 403);
        assert_eq!(portal(&site, &admin, "/leave/holidays", Some(&[("day", ""), ("name", "X")])).await.status, 422);
        assert_eq!(portal(&site, &admin, "/leave/holidays", Some(&[("day", "2026-12-08"), ("name", "X")])).await.status, 303);
        assert_eq!(portal(&site, &ali, "/distribution", None).await.status, 403);
        let bad = [("strategy", "by_share"), ("lead_cap", "many"), ("overdue_block", "5"), ("overdue_grace_minutes", "0"), ("silent_minutes", "30")];
        let refused = portal(&site, &manager, "/distribution", Some(&bad)).await;
        assert!(refused.status == 422 && refused.text.contains("value=\"many\""), "{}", refused.text);
        let rep = format!("/distribution/reps/{}", ali.id);
        let saved = portal(&site, &manager, &rep, Some(&[("weight", "3"), ("lead_cap", "25"), ("receives_leads", "1")])).await;
        assert_eq!(saved.status, 303, "{}", saved.text);
        let saved = site.get(&manager, &format!("/users/{}", ali.id)).await.expect(200);
        assert_eq!((&saved["weight"], &saved["lead_cap"]), (&json!(3), &json!(25)));
    }

    async fn a_request_is_answered_once_and_only_by_who_may(site: Site) {
        let People { admin, manager, ali, bob } = people(&site).await;
        let body = json!({"kind": "vacation", "first_day": "2026-11-26", "last_day": "2026-11-27", "note": "<script>x</script>"});
        let id = asked(&site, &ali, body.clone()).await;
        assert_eq!(asked(&site, &ali, body).await, id, "the same days asked twice are one request");
        let path = format!("/leave-requests/{id}");
        let found = site.get(&ali, &path).await.expect(200);
        assert_eq!((&found["state"], &found["starts_at"], &found["ends_at"]),
            (&json!("pending"), &json!("2026-11-25T19:00:00Z"), &json!("2026-11-27T19:00:00Z")));
        site.get(&bob, &path).await.refused(404, "not_found");
        let decision = format!("{path}/decision");
        site.put(&ali, &decision, json!({"approve": true})).await.refused(403, "not_allowed");
        site.put(&bob, &decision, json!({"approve": true})).await.refused(403, "not_allowed");
        let silent = site.put(&manager, &decision, json!({"approve": false})).await.refused(422, "invalid");
        assert_eq!(field(&silent), ("reason", "required"));
        let answered = decided(&site, &manager, &id, true, "Yaxshi dam oling").await;
        assert_eq!((&answered["state"], &answered["answer"]), (&json!("approved"), &json!("Yaxshi dam oling")));
        let again = decided(&site, &manager, &id, true, "").await;
        assert_eq!(again["decided_at"], answered["decided_at"], "pressing twice changes nothing");
        site.put(&admin, &decision, json!({"approve": false, "reason": "X"})).await.refused(409, "leave_decided");
        // Nobody answers their own request but an admin.
        let own = asked(&site, &manager, json!({"kind": "illness", "first_day": "2026-11-25"})).await;
        site.put(&manager, &format!("/leave-requests/{own}/decision"), json!({"approve": true})).await.refused(422, "not_your_own_leave");
        decided(&site, &admin, &own, false, "Band kun").await;
        let own = asked(&site, &admin, json!({"kind": "illness", "first_day": "2026-11-25"})).await;
        decided(&site, &admin, &own, true, "").await;
        let mine = site.get(&ali, "/leave-requests").await.expect(200);
        assert_eq!(mine["items"].as_array().map(Vec::len), Some(1), "a rep sees only their own");
        let all = site.get(&manager, "/leave-requests?limit=2").await.expect(200);
        assert!(all["next"].is_string(), "{all}");
    }

    async fn what_cannot_be_leave_is_refused_at_its_field(site: Site) {
        let People { ali, .. } = people(&site).await;
        for (body, expected) in [
            (json!({"kind": "boredom", "first_day": "2026-11-26"}), ("kind", "unknown_leave_kind")),
            (json!({"kind": "other", "first_day": "2026-11-26"}), ("note", "required")),
            (json!({"kind": "illness", "first_day": "2026-11-23"}), ("first_day", "in_the_past")),
            (json!({"kind": "illness", "first_day": "2026-11-26", "last_day": "2026-11-25"}), ("last_day", "ends_before_it_starts")),
            (json!({"kind": "illness", "first_day": "2026-11-26", "last_day": "2028-11-26"}), ("last_day", "leave_too_long")),
            (json!({"kind": "illness", "first_day": "2026-11-26", "from": "14:00"}), ("to", "required")),
            (json!({"kind": "illness", "first_day": "2026-11-26", "from": "14:00", "to": "14:00"}), ("to", "bad_window")),
            (json!({"kind": "illness", "first_day": "2026-11-24", "from": "07:00", "to": "08:30"}), ("to", "in_the_past")),
        ] {
            let problem = site.post(&ali, "/leave-requests", body.clone()).await.refused(422, "invalid");
            assert_eq!(field(&problem), expected, "{body}");
        }
        let id = asked(&site, &ali, json!({"kind": "personal", "first_day": "2026-11-26"})).await;
        site.set_clock(at("2026-11-28T04:00:00Z")).await;
        let tenant = ali.tenant.clone();
        let late = site.user(&tenant, "late", "manager").await;
        let decision = format!("/leave-requests/{id}/decision");
        site.put(&late, &decision, json!({"approve": true})).await.refused(422, "leave_is_over");
        decided(&site, &late, &id, false, "Kech qoldi").await;
    }

    async fn follow_ups_step_out_of_an_approved_leave_and_back(site: Site) {
        let People { manager, ali, .. } = people(&site).await;
        let (lead, inside) = planned(&site, &ali, 1, "2026-11-26T06:00:00Z").await;
        let (_, second) = planned(&site, &ali, 2, "2026-11-27T10:00:00Z").await;
        let (_, before) = planned(&site, &ali, 3, "2026-11-25T10:00:00Z").await;
        let (_, after) = planned(&site, &ali, 4, "2026-11-30T10:00:00Z").await;
        let id = asked(&site, &ali, json!({"kind": "vacation", "first_day": "2026-11-26", "last_day": "2026-11-27"})).await;
        let beside = site.get(&manager, &format!("/leave-requests/{id}/conflicts")).await.expect(200);
        assert_eq!(beside["follow_ups"], 2);
        assert_eq!(due(&site, &ali, &inside).await, "2026-11-26T06:00:00Z", "asking moves nothing");
        decided(&site, &manager, &id, true, "").await;
        decided(&site, &manager, &id, true, "").await;
        // Friday is the last day: Monday at nine is the next working moment.
        for (follow_up, expected) in [
            (&inside, "2026-11-30T04:00:00Z"), (&second, "2026-11-30T04:00:00Z"),
            (&before, "2026-11-25T10:00:00Z"), (&after, "2026-11-30T10:00:00Z"),
        ] {
            assert_eq!(due(&site, &ali, follow_up).await, expected);
        }
        let moves = async |site: &Site| {
            let timeline = site.get(&manager, &format!("/leads/{lead}/timeline")).await.expect(200);
            let events = timeline["items"].as_array().cloned().unwrap_or_default();
            events.into_iter().filter(|event| event["kind"] == "follow_up.moved").collect::<Vec<_>>()
        };
        let told = moves(&site).await;
        assert_eq!(told.len(), 1, "said once: {told:?}");
        assert_eq!((&told[0]["payload"]["why"], &told[0]["payload"]["to"]), (&json!("leave"), &json!("2026-11-30T04:00:00Z")));
        // The second is put off by hand meanwhile; then the rep is back on the first day at noon.
        site.set_clock(at("2026-11-26T07:00:00Z")).await;
        let sql = "UPDATE follow_up SET due_at = $3 WHERE tenant_id = $1 AND id = $2";
        let (tenant, moved): (_, uuid::Uuid) = (ali.tenant.id, second.parse().expect("an id"));
        let to = at("2026-12-01T10:00:00Z");
        site.app().db.write(tenant, async move |tx: platform::Tx| {
            tx.run(sql, vec![tenant.0.into(), moved.into(), to.into()]).await
        }).await.expect("put off");
        let ended = site.put(&ali, &format!("/leave-requests/{id}/end"), json!({})).await.expect(200);
        assert_eq!(ended["state"], "approved");
        assert!(text(&ended, "ends_at").starts_with("2026-11-26T07:00:0"), "{ended}");
        site.put(&ali, &format!("/leave-requests/{id}/end"), json!({})).await.expect(200);
        assert!(due(&site, &ali, &inside).await.starts_with("2026-11-26T07:00:0"), "its time is past: at once");
        assert_eq!(due(&site, &ali, &second).await, "2026-12-01T10:00:00Z", "what a person moved stays");
        assert_eq!(moves(&site).await.len(), 2);
        assert_eq!(site.get(&ali, "/follow-ups?view=open").await.expect(200)["items"].as_array().map(Vec::len), Some(4), "none is lost");
    }

    async fn calling_off_before_it_began_restores_every_time(site: Site) {
        let People { manager, ali, bob, .. } = people(&site).await;
        let (_, one) = planned(&site, &ali, 1, "2026-11-26T06:00:00Z").await;
        let (_, two) = planned(&site, &ali, 2, "2026-11-26T08:30:00Z").await;
        // Away from two to four on each of two days: what is due at half past three moves to four.
        let (_, part) = planned(&site, &ali, 3, "2026-12-02T10:30:00Z").await;
        let (_, morning) = planned(&site, &ali, 4, "2026-12-02T05:00:00Z").await;
        let hours = json!({"kind": "personal", "first_day": "2026-12-01", "last_day": "2026-12-02", "from": "14:00", "to": "16:00"});
        let hours = asked(&site, &ali, hours).await;
        decided(&site, &manager, &hours, true, "").await;
        assert_eq!(due(&site, &ali, &part).await, "2026-12-02T11:00:00Z");
        assert_eq!(due(&site, &ali, &morning).await, "2026-12-02T05:00:00Z", "the morning between is worked");
        let id = asked(&site, &ali, json!({"kind": "illness", "first_day": "2026-11-26"})).await;
        decided(&site, &manager, &id, true, "").await;
        assert_eq!(due(&site, &ali, &one).await, "2026-11-27T04:00:00Z");
        site.put(&bob, &format!("/leave-requests/{id}/end"), json!({})).await.refused(404, "not_found");
        let ended = site.put(&manager, &format!("/leave-requests/{id}/end"), json!({})).await.expect(200);
        assert_eq!(ended["state"], "cancelled");
        assert_eq!(due(&site, &ali, &one).await, "2026-11-26T06:00:00Z");
        assert_eq!(due(&site, &ali, &two).await, "2026-11-26T08:30:00Z");
        let asked_again = asked(&site, &ali, json!({"kind": "illness", "first_day": "2026-11-26"})).await;
        site.put(&manager, &format!("/leave-requests/{asked_again}/cancellation"), json!({})).await.refused(403, "not_allowed");
        let taken = site.put(&ali, &format!("/leave-requests/{asked_again}/cancellation"), json!({})).await.expect(200);
        assert_eq!(taken["state"], "cancelled");
        site.put(&manager, &format!("/leave-requests/{asked_again}/decision"), json!({"approve": true})).await.refused(409, "leave_decided");
    }

    async fn a_leave_with_many_follow_ups_is_settled_by_a_job(site: Site) {
        let People { manager, ali, .. } = people(&site).await;
        let (lead, _) = planned(&site, &ali, 1, "2026-11-26T06:00:00Z").await;
        let (tenant, owner, lead): (_, _, uuid::Uuid) = (ali.tenant.id, ali.id, lead.parse().expect("an id"));
        site.app().db.write(tenant, async move |tx: platform::Tx| {
            let due = at("2026-11-26T05:00:00Z");
            let rows = (0..1_200).map(|n| vec![
                tenant.0.into(), platform::ids::new_id().into(), lead.into(), owner.into(),
                (due + chrono::TimeDelta::seconds(n)).into(), false.into(), "open".into(), "manual".into(),
                format!("many/{n}").into(), "manual".into(), 1i32.into(), "".into(), "".into(), 1i64.into(), tx.now().into(),
            ]).collect();
            platform::db::insert(&tx, "follow_up", "tenant_id, id, lead_id, owner_id, due_at, flagged, state, kind, identity, \
                key, sequence, text, note, version, created_at", rows, "").await
        }).await.expect("stored");
        let id = asked(&site, &ali, json!({"kind": "vacation", "first_day": "2026-11-26"})).await;
        decided(&site, &manager, &id, true, "").await;
        site.work().await;
        let inside = site.get(&manager, &format!("/leave-requests/{id}/conflicts")).await.expect(200);
        assert_eq!(inside["follow_ups"], 0);
        site.put(&manager, &format!("/leave-requests/{id}/end"), json!({})).await.expect(200);
        site.work().await;
        let back = site.get(&manager, &format!("/leave-requests/{id}/conflicts")).await.expect(200);
        assert_eq!(back["follow_ups"], 1_201, "every one came back to its own time");
    }

    async fn the_calendar_shows_who_is_away_and_hides_why(site: Site) {
        let People { admin, manager, ali, bob } = people(&site).await;
        let id = asked(&site, &ali, json!({"kind": "illness", "first_day": "2026-11-26", "last_day": "2026-11-27"})).await;
        let calendar = async |who: &Who| site.get(who, "/leave-calendar?from=2026-11-01&to=2026-11-30").await.expect(200);
        assert_eq!(calendar(&bob).await["away"], json!([]), "what is only asked for is not shown to colleagues");
        assert_eq!(calendar(&manager).await["away"][0]["state"], "pending");
        decided(&site, &manager, &id, true, "").await;
        let seen = calendar(&bob).await["away"][0].clone();
        assert_eq!((&seen["name"], &seen["kind"], &seen["leave_id"]), (&json!("ali"), &Value::Null, &Value::Null));
        assert_eq!(calendar(&manager).await["away"][0]["kind"], "illness");
        let second = asked(&site, &bob, json!({"kind": "vacation", "first_day": "2026-11-27"})).await;
        let beside = site.get(&manager, &format!("/leave-requests/{second}/conflicts")).await.expect(200);
        assert_eq!((&beside["colleagues"][0]["name"], beside["own"].as_array().map(Vec::len)), (&json!("ali"), Some(0)));
        let absence = json!({"from": "2026-11-27T19:00:00Z", "to": "2026-11-28T19:00:00Z"});
        site.put(&manager, &format!("/users/{}/absence", ali.id), absence).await.expect(204);
        assert!(calendar(&bob).await["away"].as_array().is_some_and(|away| away.iter().any(|one| one["state"] == "absent")));
        site.put(&manager, "/holidays/2026-12-08", json!({"name": "Konstitutsiya kuni"})).await.refused(403, "not_allowed");
        site.put(&admin, "/holidays/2026-12-08", json!({"name": " "})).await.refused(422, "invalid");
        site.put(&admin, "/holidays/2020-12-08", json!({"name": "X"})).await.refused(422, "invalid");
        site.put(&admin, "/holidays/2026-12-08", json!({"name": "Konstitutsiya kuni"})).await.expect(204);
        site.put(&admin, "/holidays/2026-12-08", json!({"name": "Konstitutsiya kuni!"})).await.expect(204);
        let days = site.get(&bob, "/holidays").await.expect(200);
        assert_eq!(days["items"], json!([{"day": "2026-12-08", "name": "Konstitutsiya kuni!"}]));
        site.delete(&admin, "/holidays/2026-12-08").await.expect(204);
        site.delete(&admin, "/holidays/2026-12-08").await.refused(404, "not_found");
    }

    async fn what_falls_into_an_absence_with_an_end_moves_too(site: Site) {
        let People { manager, ali, .. } = people(&site).await;
        let (_, inside) = planned(&site, &ali, 1, "2026-11-26T06:00:00Z").await;
        let absence = json!({"from": "2026-11-25T19:00:00Z", "to": "2026-11-26T19:00:00Z"});
        site.put(&manager, &format!("/users/{}/absence", ali.id), absence).await.expect(204);
        assert_eq!(due(&site, &ali, &inside).await, "2026-11-27T04:00:00Z");
    }

    async fn a_manager_answers_in_telegram_and_the_rep_is_told(test: TestApp) {
        test.app.set_clock(at("2026-11-24T04:00:00Z")).await.expect("a test clock");
        let telegram = FakeTelegram::start().await;
        let (tenant, admin, _) = connected(&test, &telegram, "demo").await;
        let (rep, stranger) = (test.user(&tenant, "ali", "sales").await, test.user(&tenant, "bob", "sales").await);
        let manager = test.user(&tenant, "manager", "manager").await;
        let app = &test.app;
        for (actor, chat) in [(&rep, 5), (&manager, 6), (&stranger, 7), (&admin, 8)] {
            telegram.person(chat, &actor.name);
            bots::link(app, tenant.id, actor.user.expect("a person"), chat).await.expect("linked");
        }
        let postman = Postman::new(app.clone(), telegram.client());
        let desk = Chats { app, telegram: &telegram, tenant: &tenant, postman, seen: Mutex::default() };
        for chat in [5, 6, 7, 8] {
            desk.next_message(chat).await;
        }
        let day = |text: &str| text.parse().expect("a day");
        let new = |first: &str| NewLeave {
            kind: "vacation".into(), first_day: day(first), last_day: day(first), hours: None, note: "<b>toʻy</b>".into(), urgent: true,
        };
        let id = leave::request(app, &rep, new("2026-11-26"), None).await.expect("asked");
        let card = desk.next_message(6).await;
        assert!(card.text.contains("26.11") && card.text.contains("&lt;b&gt;toʻy"), "{}", card.text);
        let other = desk.next_message(8).await;
        assert_eq!(desk.of_bot(5).len(), 1, "who asks is not asked");
        // A stranger's press of that button, however they came by it, does nothing.
        assert!(telegram.simulator.press(TOKEN, 7, card.id, &format!("l:{id}:a")).is_none());
        telegram.simulator.press(TOKEN, 6, card.id, &format!("l:{id}:r")).expect("a button");
        let why = desk.changed(6, card.id).await;
        assert_eq!(why.buttons.len(), 4, "{:?}", why.buttons);
        telegram.simulator.press(TOKEN, 6, card.id, &format!("l:{id}:r1")).expect("a button");
        let done = desk.changed(6, card.id).await;
        assert!(done.buttons.is_empty() && done.text.contains("ish koʻp"), "{}", done.text);
        let told = desk.next_message(5).await;
        assert!(told.text.contains("berilmadi") && told.text.contains("ish koʻp"), "{}", told.text);
        // The admin's card still has its buttons: a press shows what was answered, and changes nothing.
        telegram.simulator.press(TOKEN, 8, other.id, &format!("l:{id}:a")).expect("a button");
        assert!(desk.changed(8, other.id).await.text.contains("berilmadi"));
        assert_eq!(leave::find(app, &manager, id).await.expect("readable").state, "rejected");
        let id = leave::request(app, &rep, new("2026-11-27"), None).await.expect("asked");
        let card = desk.next_message(6).await;
        telegram.simulator.press(TOKEN, 6, card.id, &format!("l:{id}:a")).expect("a button");
        desk.changed(6, card.id).await;
        assert!(desk.next_message(5).await.text.contains("Ruxsat berildi"));
        leave::end(app, &rep, id).await.expect("called off");
        assert!(desk.next_message(6).await.text.contains("bekor qilindi"));
        assert_eq!(desk.of_bot(7).len(), 1, "nobody else is told");
    }
}
