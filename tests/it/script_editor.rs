//! The editor of rules: what it says is wrong, in the reader's language; drafts that stay each author's own; versions
//! with their descent; and a fault that is shown with its line wherever somebody looks.

use platform::auth::{as_user, session};
use platform::locale::Lang;
use plugins::telegram::cards;
use reqwest::Method;
use serde_json::{Value, json};
use support::app::TestApp;
use support::both_engines;
use support::database::TestDatabase;
use support::site::{Site, Who};
use workflows::bots::{self, Notice};
use workflows::staff;

async fn site(database: TestDatabase) -> Site {
    let test = TestApp::on(database).await;
    let desk = web::server::desk(&test.app).await.expect("the ports are there");
    Site::serving(test, desk).await
}

/// An admin at a browser.
struct Seat<'a> {
    site: &'a Site,
    who: &'a Who,
    cookie: String,
    csrf: String,
}

impl<'a> Seat<'a> {
    async fn take(site: &'a Site, who: &'a Who) -> Self {
        let opened = session::open(site.app(), &who.tenant, who.id, None, None)
            .await
            .expect("a session");
        let found = session::resolve(site.app(), &who.tenant, &opened.token)
            .await
            .expect("it resolves");
        Seat {
            site,
            who,
            cookie: format!("{}={}", platform::http::SESSION_COOKIE, opened.token),
            csrf: found.expect("it is good").csrf,
        }
    }

    async fn page(&self, path: &str) -> String {
        let request = self
            .site
            .request(Method::GET, &self.who.tenant.slug, path)
            .header("cookie", &self.cookie);
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.status().as_u16(), 200, "{path}");
        answer.text().await.expect("a page")
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> (u16, String) {
        let fields: Vec<_> = [("csrf_token", self.csrf.as_str())]
            .into_iter()
            .chain(fields.iter().copied())
            .collect();
        let request = self
            .site
            .request(Method::POST, &self.who.tenant.slug, path)
            .header("cookie", &self.cookie);
        let answer = request
            .header("sec-fetch-site", "same-origin")
            .form(&fields)
            .send()
            .await
            .expect("an answer");
        (answer.status().as_u16(), answer.text().await.expect("a body"))
    }

    async fn check(&self, hook: &str, source: &str) -> Value {
        let (status, body) = self
            .post(&format!("/scripts/{hook}/check"), &[("source", source)])
            .await;
        assert_eq!(status, 200, "{body}");
        serde_json::from_str(&body).expect("JSON")
    }

    async fn speaks(&self, lang: Lang) {
        let actor = as_user(self.site.app(), &self.who.tenant, self.who.id)
            .await
            .expect("policies")
            .expect("a user");
        staff::set_language_and_theme(self.site.app(), &actor, lang, "auto")
            .await
            .expect("it is kept");
    }
}

/// Sound in the dry run, and failing on line 7 for whoever writes from Telegram.
const FAILS_ON_7: &str = "fn on_status_changed(ctx) {
    let p = plan();
    p.cancel_open();
    let steps = [1];
    // Who writes from Telegram is asked for sooner.
    if ctx.lead.source == \"telegram\" {
        p.add(followup(\"a\").after(hours(24 / (steps.len() - 1))));
    }
    p.add(followup(\"b\").after(hours(24)));
    p
}
";

const BY_ZERO: [(Lang, &str, &str); 4] = [
    (Lang::Uz, "7-qator", "Nimadir nolga boʻlinyapti."),
    (Lang::Ru, "строка 7", "Что-то делится на ноль."),
    (Lang::En, "line 7", "Something is divided by zero."),
    (Lang::Kk, "7-жол", "Бірдеңе нөлге бөлінеді."),
];

const NO_FUNCTION: [(Lang, &str); 4] = [
    (Lang::Uz, "minuts degan funksiya yoʻq."),
    (Lang::Ru, "Функции minuts нет."),
    (Lang::En, "There is no function minuts."),
    (Lang::Kk, "minuts деген функция жоқ."),
];

both_engines! {
    async fn a_fault_on_line_seven_is_shown_there_in_every_language(database: TestDatabase) {
        let site = site(database).await;
        let tenant = site.test.tenant("demo").await;
        let admin = site.user(&tenant, "admin", "admin").await;
        let rep = site.user(&tenant, "rep", "sales").await;
        bots::link(site.app(), tenant.id, admin.id, 7).await.expect("linked");
        let seat = Seat::take(&site, &admin).await;

        let typed = FAILS_ON_7.replace("hours(24 / (steps.len() - 1))", "minuts(5)");
        for (lang, told) in NO_FUNCTION {
            seat.speaks(lang).await;
            let report = seat.check("on_status_changed", &typed).await;
            let fault = &report["faults"][0];
            assert_eq!((&fault["line"], &fault["fix"]), (&json!(7), &json!("minutes")), "{report}");
            assert!(fault["message"].as_str().unwrap().starts_with(told), "{fault}");
            assert!(report["blocked"] == true && report["draft"] == true);
        }

        let publish = json!({"source": FAILS_ON_7, "message": "Telegramga tez"});
        site.put(&admin, "/scripts/on_status_changed", publish).await.expect(200);
        let mut last = String::new();
        for n in 0..5 {
            let new = json!({"name": format!("Lid {n}"), "phone": format!("+99890700000{n}"), "source": "telegram", "owner_id": rep.id});
            let lead = site.post(&admin, "/leads", new).await.expect(201);
            last = lead["id"].as_str().unwrap().to_owned();
            site.work().await;
            site.put(&admin, &format!("/leads/{last}/status"), json!({"status": "contacted"})).await.expect(200);
            site.work().await;
        }
        let decisions = site.get(&admin, &format!("/leads/{last}/decisions")).await.expect(200);
        let decided = decisions["items"].as_array().unwrap().iter().find(|d| d["hook"] == "on_status_changed").unwrap();
        assert_eq!((&decided["failures"][0]["line"], &decided["failures"][0]["code"]), (&json!(7), &json!("arithmetic")));

        let notices = notices(&site, &admin).await;
        assert!(!notices.is_empty());
        for (lang, place, told) in BY_ZERO {
            seat.speaks(lang).await;
            let editor = seat.page("/scripts/on_status_changed").await;
            assert!(editor.contains(&format!("{place}: {told}")), "{lang}: paused, and why\n{editor}");
            let lead = seat.page(&format!("/leads/{last}")).await;
            assert!(lead.contains(&format!("v1, {place}: {told}")), "{lang}: the decision record\n{lead}");
            let actor = as_user(site.app(), &tenant, admin.id).await.unwrap().unwrap();
            for notice in &notices {
                let words = cards::notice(site.app(), &actor, notice).await.unwrap().expect("it still concerns them");
                assert!(words.html.contains('7') && words.html.contains(told), "{lang}: {}", words.html);
            }
            let api = site.get(&admin, "/scripts/on_status_changed").await.expect(200);
            assert!(api["pause_reason"].as_str().unwrap().starts_with("7:"), "{api}");
        }
    }

    async fn a_draft_is_kept_while_typing_and_lost_by_nobody(database: TestDatabase) {
        let site = site(database).await;
        let tenant = site.test.tenant("demo").await;
        let (ann, ben) = (site.user(&tenant, "ann", "admin").await, site.user(&tenant, "ben", "admin").await);
        let (anns, bens) = (Seat::take(&site, &ann).await, Seat::take(&site, &ben).await);
        let path = "/scripts/on_lead_created";
        let text = |what: &str| format!("// {what}\nfn on_lead_created(ctx) {{\n    base::on_lead_created(ctx)\n}}\n");

        assert_eq!(anns.check("on_lead_created", &text("ann")).await["draft"], true);
        assert!(anns.page(path).await.contains("// ann\n"), "it survives a reload");
        let seen = bens.page(path).await;
        assert!(!seen.contains("// ann\n") && seen.contains("changes?to="), "somebody else's is named, not taken over");
        assert_eq!(bens.check("on_lead_created", &text("ben")).await["draft"], true);
        let drafts = site.get(&ann, &format!("{path}/drafts")).await.expect(200);
        assert_eq!(drafts["items"].as_array().map(Vec::len), Some(2));
        let theirs = bens.page(&format!("{path}/changes?to={}", ann.id)).await;
        assert!(theirs.contains("// ann"));

        let publish = |what: &str| [("act", "publish".to_owned()), ("source", text(what)), ("message", what.to_owned()), ("based_on", String::new())];
        let send = async |seat: &Seat<'_>, fields: [(&str, String); 4]| {
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            seat.post(&format!("{path}/draft"), &fields).await
        };
        assert_eq!(send(&anns, publish("ann")).await.0, 303);
        let (status, late) = send(&bens, publish("ben")).await;
        assert_eq!(status, 422, "somebody was first");
        assert!(late.contains("// ben\n") && late.contains("value=\"rebase\""), "what was written is still there");
        assert!(bens.page(&format!("{path}/changes")).await.contains("// ben"), "beside what was published");
        let (status, _) = bens.post(&format!("{path}/draft"), &[("act", "rebase"), ("source", &text("ben"))]).await;
        assert_eq!(status, 303);
        let kept = site.get(&ben, &format!("{path}/draft")).await.expect(200);
        assert_eq!((&kept["based_on"], kept["source"].as_str()), (&json!(1), Some(text("ben").as_str())));
        let mut now = publish("ben");
        now[3].1 = "1".to_owned();
        assert_eq!(send(&bens, now).await.0, 303);
        site.get(&ben, &format!("{path}/draft")).await.refused(404, "not_found");

        let versions = site.get(&ann, &format!("{path}/versions")).await.expect(200);
        let descent: Vec<_> = versions["items"].as_array().unwrap().iter().map(|v| (&v["version"], &v["parent"])).collect();
        assert_eq!(descent, [(&json!(2), &json!(1)), (&json!(1), &Value::Null)]);
        assert_eq!(versions["items"][0]["hash"], wire::source_hash(&text("ben")));
        let changes = anns.page(&format!("{path}/changes?from=1&to=2")).await;
        assert!(changes.contains("gone") && changes.contains("come") && changes.contains("// ann") && changes.contains("// ben"));
        assert_eq!(anns.post(&format!("{path}/versions/1/restore"), &[]).await.0, 303);
        assert_eq!(site.get(&ann, path).await.expect(200)["published"], 1);
        assert_eq!(anns.check("on_lead_created", &text("ann")).await["draft"], false, "what runs is no draft");

        anns.check("on_lead_created", &text("away")).await;
        assert_eq!(anns.post(&format!("{path}/draft"), &[("act", "discard")]).await.0, 303);
        site.get(&ann, &format!("{path}/draft")).await.refused(404, "not_found");
        let long = "x".repeat(70_000);
        site.put(&ann, &format!("{path}/draft"), json!({"source": long})).await.refused(422, "invalid");
    }
}

/// What the admins' chats are told.
async fn notices(site: &Site, admin: &Who) -> Vec<Notice> {
    #[derive(sea_orm::FromQueryResult)]
    struct Row {
        payload: Value,
    }
    let read = async move |tx: platform::Tx| {
        let sql = "SELECT payload FROM bot_message WHERE tenant_id = $1 AND kind = 'script_failing' ORDER BY id";
        tx.all::<Row>(sql, vec![tx.tenant().0.into()]).await
    };
    let rows = site.app().db.read(admin.tenant.id, read).await.expect("messages");
    let notice = |row: Row| Notice {
        user: admin.id,
        kind: "script_failing".into(),
        lead: None,
        follow_up: None,
        payload: row.payload,
    };
    rows.into_iter().map(notice).collect()
}
