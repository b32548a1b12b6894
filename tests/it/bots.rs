//! A tenant's bot from connecting to the last message, over HTTP against the stand-in for Telegram.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use platform::tenancy::TenantRef;
use platform::{Actor, App, Error, Tx};
use plugins::telegram::commands;
use plugins::telegram::polling::Polling;
use plugins::telegram::postman::Postman;
use plugins::telegram::service::Telegram;
use plugins::telegram::simulator::{Bubble, Fault};
use plugins::telegram::update;
use support::app::TestApp;
use support::both_engines;
use support::telegram::{FakeTelegram, TOKEN};
use tokio_util::sync::CancellationToken;
use workflows::bots::{self, Reply};
use workflows::follow_ups::{self, NewFollowUp};
use workflows::leads::{self, Captured, NewLead, Via};

fn reply(uniq: &str, text: &str) -> Reply {
    Reply {
        uniq: uniq.into(),
        text: text.into(),
        buttons: Vec::new(),
    }
}

pub(crate) async fn connected(test: &TestApp, telegram: &FakeTelegram, slug: &str) -> (TenantRef, Actor, Telegram) {
    let tenant = test.tenant(slug).await;
    let admin = test.user(&tenant, "admin", "admin").await;
    let service = Telegram::new(test.app.clone(), telegram.client());
    bots::connect(&test.app, &admin, &service, TOKEN, None)
        .await
        .expect("the token is good");
    (tenant, admin, service)
}

/// The token of a one-time link.
fn token_of(link: &str) -> &str {
    link.split_once("?start=").expect("a deep link").1
}

async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !holds().await {
        assert!(Instant::now() < deadline, "in vain: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

both_engines! {
    async fn a_bot_is_connected_by_an_admin_with_a_good_token(test: TestApp) {
        let telegram = FakeTelegram::start().await;
        let (tenant, admin, service) = connected(&test, &telegram, "demo").await;
        let bot = bots::active(&test.app, tenant.id).await.expect("readable").expect("connected");
        assert_eq!((bot.username.as_str(), bot.token.as_str()), ("markaz_test_bot", TOKEN));

        let refused = bots::connect(&test.app, &admin, &service, "1:wrong", None).await;
        assert!(matches!(&refused, Err(Error::Invalid(fields)) if fields[0].code == "bad_bot_token"), "{refused:?}");
        let no_tokens = ["<script>", "=HYPERLINK(\"x\")", "1:../../bot70001:test", "1:\u{202e}x", &format!("1:{}", "x".repeat(300))];
        for text in no_tokens {
            let refused = bots::connect(&test.app, &admin, &service, text, None).await;
            assert!(matches!(&refused, Err(Error::Invalid(fields)) if fields[0].code == "bad_bot_token"), "{text}");
        }
        let rep = test.user(&tenant, "rep", "sales").await;
        let refused = bots::connect(&test.app, &rep, &service, TOKEN, None).await;
        assert!(matches!(refused, Err(Error::Forbidden(_))), "{refused:?}");

        bots::connect(&test.app, &admin, &service, TOKEN, Some("http://demo.localhost:1")).await.expect("connected");
        let webhook = telegram.simulator.webhook(TOKEN).expect("it is told");
        let path = webhook.url.rsplit_once("/tg/").expect("our door").1;
        let bot = bots::by_path(&test.app, tenant.id, path).await.expect("readable").expect("found by its path");
        assert_eq!(webhook.secret.as_deref(), Some(bot.secret.as_str()));
        let other = test.tenant("academy").await;
        assert!(bots::by_path(&test.app, other.id, path).await.expect("readable").is_none(), "another tenant's door");

        bots::disconnect(&test.app, &admin, &service).await.expect("disconnected");
        assert!(bots::active(&test.app, tenant.id).await.expect("readable").is_none());
        assert!(telegram.simulator.webhook(TOKEN).is_none());
    }

    async fn a_link_binds_a_chat_once_and_only_in_its_tenant(test: TestApp) {
        let telegram = FakeTelegram::start().await;
        let (tenant, _, _) = connected(&test, &telegram, "demo").await;
        let other = test.tenant("academy").await;
        let malika = test.user(&tenant, "malika", "sales").await;
        let link = bots::start_link(&test.app, &malika).await.expect("a link");
        let token = token_of(&link);
        assert!(token.len() <= 64 && token.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b)), "{token}");

        let expired = |outcome: platform::Result<Actor>| matches!(outcome, Err(Error::Refused(r)) if r.code == "link_expired");
        assert!(expired(bots::take_link(&test.app, &other, token, 5).await), "not another tenant's");
        assert!(expired(bots::take_link(&test.app, &tenant, "guessed", 5).await));
        let linked = bots::take_link(&test.app, &tenant, token, 5).await.expect("it is fresh");
        assert_eq!((linked.user, linked.role.as_str()), (malika.user, "sales"));
        assert!(expired(bots::take_link(&test.app, &tenant, token, 6).await), "once only");
        assert!(bots::actor_of(&test.app, &other, 5).await.expect("readable").is_none(), "a stranger elsewhere");

        let late = bots::start_link(&test.app, &malika).await.expect("a link");
        let later = test.app.clock.now() + chrono::TimeDelta::minutes(16);
        test.app.set_clock(later).await.expect("a test clock");
        assert!(expired(bots::take_link(&test.app, &tenant, token_of(&late), 6).await));
    }

    async fn messages_go_out_once_whatever_fails(test: TestApp) {
        let telegram = FakeTelegram::start().await;
        let (tenant, _, _) = connected(&test, &telegram, "demo").await;
        telegram.person(5, "Malika");
        for (uniq, text) in [("1", "birinchi"), ("1", "birinchi"), ("2", "ikkinchi")] {
            bots::reply(&test.app, tenant.id, 5, reply(uniq, text)).await.expect("queued");
        }
        telegram.simulator.fail_once(TOKEN, Some(5), Fault::RetryAfter(1));

        let postman = Postman::new(test.app.clone(), telegram.client());
        postman.poke(tenant.id);
        until("both are sent", async || {
            postman.sweep(tenant.id).await.expect("sweeps");
            telegram.simulator.accepted(5).len() >= 2
        })
        .await;
        let texts: Vec<_> = telegram.simulator.accepted(5).into_iter().filter_map(|call| call.text).collect();
        assert_eq!(texts, ["birinchi", "ikkinchi"]);
    }

    async fn a_send_that_a_crash_interrupted_is_sent_again(test: TestApp) {
        let telegram = FakeTelegram::start().await;
        let (tenant, _, _) = connected(&test, &telegram, "demo").await;
        telegram.person(5, "Malika");
        bots::reply(&test.app, tenant.id, 5, reply("m", "salom")).await.expect("queued");
        let head = bots::heads(&test.app, tenant.id).await.expect("readable").remove(0);
        let mine = bots::begin(&test.app, tenant.id, head.id).await.expect("writable");
        assert!(mine.is_some());
        assert!(bots::begin(&test.app, tenant.id, head.id).await.expect("writable").is_none(), "taken already");
        assert!(bots::heads(&test.app, tenant.id).await.expect("readable").is_empty(), "the chat is busy");
        assert_eq!(bots::recover(&test.app, tenant.id).await.expect("writable"), None, "it may still be under way");

        let long_ago = test.app.clock.real() - chrono::TimeDelta::minutes(2);
        let age = test.app.db.write(tenant.id, async move |tx: Tx| {
            let sql = "UPDATE bot_message SET sent_at = $2 WHERE tenant_id = $1";
            tx.run(sql, vec![tx.tenant().0.into(), long_ago.into()]).await
        });
        age.await.expect("aged");
        let postman = Postman::new(test.app.clone(), telegram.client());
        postman.sweep(tenant.id).await.expect("sweeps");
        until("it is sent", async || !telegram.simulator.accepted(5).is_empty()).await;
    }

    async fn polling_keeps_every_update_once(test: TestApp) {
        let telegram = FakeTelegram::start().await;
        let (tenant, _, _) = connected(&test, &telegram, "demo").await;
        let malika = telegram.person(5, "Malika");
        let stop = CancellationToken::new();
        // Two nodes ask; the lease lets one at a time.
        for _ in 0..2 {
            tokio::spawn(Polling::new(test.app.clone(), telegram.client()).run(stop.clone()));
        }
        telegram.simulator.say(TOKEN, &malika, "/today");
        telegram.simulator.repeat_last(TOKEN);
        until("two updates are kept", async || {
            bots::unhandled(&test.app, tenant.id).await.expect("readable").len() == 2
        })
        .await;
        let update = bots::unhandled(&test.app, tenant.id).await.expect("readable").remove(0);
        let again = bots::receive(&test.app, tenant.id, update.bot_id, update.update_id, update.body.clone()).await;
        assert!(!again.expect("writable"), "the same update is not new");
        bots::handled(&test.app, tenant.id, &update).await.expect("writable");
        assert_eq!(bots::unhandled(&test.app, tenant.id).await.expect("readable").len(), 1);
        stop.cancel();
    }

    async fn a_reps_day_goes_by_in_the_chat(test: TestApp) {
        // Noon of a Monday: what is brought today must still be today's at the end.
        let noon = "2027-03-01T07:00:00Z".parse().expect("an instant");
        test.app.set_clock(noon).await.expect("a test clock");
        let telegram = FakeTelegram::start().await;
        let (tenant, _, _) = connected(&test, &telegram, "demo").await;
        let app = &test.app;
        let malika = test.user(&tenant, "malika", "sales").await;
        let bekzod = test.user(&tenant, "bekzod", "sales").await;
        let chat = telegram.person(5, "Malika");
        let other = telegram.person(6, "Bekzod");
        bots::link(app, tenant.id, malika.person().expect("a person"), 5).await.expect("linked");
        bots::link(app, tenant.id, bekzod.person().expect("a person"), 6).await.expect("linked");
        let postman = Postman::new(app.clone(), telegram.client());
        let desk = Chats { app, telegram: &telegram, tenant: &tenant, postman, seen: Mutex::default() };

        assert!(desk.next_message(5).await.text.contains("/today"), "the greeting");
        desk.next_message(6).await;

        let lead = NewLead { name: "<b>Aziza</b>".into(), phone: "90 123 45 67".into(), ..NewLead::default() };
        let lead = leads::capture(app, &malika, lead, Via::Manual, None).await.expect("captured");
        let Captured::New { id: lead } = lead else { panic!("{lead:?}") };
        let due_at = app.clock.now() + chrono::TimeDelta::hours(1);
        let follow_up = NewFollowUp { lead, due_at, text: "Narxni ayting & taklif qiling".into() };
        let follow_up = follow_ups::schedule(app, &malika, follow_up).await.expect("planned");

        app.set_clock(due_at + chrono::TimeDelta::minutes(1)).await.expect("a test clock");
        assert_eq!(follow_ups::remind(app, tenant.id).await.expect("reminded"), 1);
        assert_eq!(follow_ups::remind(app, tenant.id).await.expect("reminded"), 0, "once");
        let reminder = desk.next_message(5).await;
        assert!(reminder.text.contains("&lt;b&gt;Aziza&lt;/b&gt;"), "{}", reminder.text);
        assert!(reminder.text.contains("Narxni ayting &amp; taklif qiling"), "{}", reminder.text);
        assert_eq!(desk.of_bot(6).len(), 1, "nobody else is told");

        telegram.simulator.say(TOKEN, &other, "/today");
        assert!(desk.next_message(6).await.text.contains("aloqa qolmadi"), "others see their own work");
        telegram.simulator.say(TOKEN, &chat, "/today");
        let list = desk.next_message(5).await;
        assert_eq!(list.buttons[0][0].data, Some(format!("c:{follow_up}")));
        telegram.simulator.press(TOKEN, 5, list.id, &format!("c:{follow_up}")).expect("a button");
        let card = desk.changed(5, list.id).await;
        let done = format!("d:{follow_up}:reached");
        telegram.simulator.press(TOKEN, 5, card.id, &done).expect("a button");
        desk.changed(5, list.id).await;
        let kept = follow_ups::find(app, &malika, follow_up).await.expect("hers");
        assert_eq!((kept.state.as_str(), kept.outcome.as_deref()), ("done", Some("reached")));
        telegram.simulator.press(TOKEN, 5, reminder.id, &done).expect("the old reminder still has its button");
        let closed = desk.changed(5, reminder.id).await;
        assert!(closed.text.contains("yopilgan"), "{}", closed.text);

        telegram.simulator.say(TOKEN, &chat, "/stats");
        let stats = desk.next_message(5).await.text;
        assert!(stats.contains("Lidlaringiz: 1") && stats.contains("yangi lidlar: 1"), "{stats}");
        telegram.simulator.say(TOKEN, &chat, "/lang");
        let choice = desk.next_message(5).await;
        telegram.simulator.press(TOKEN, 5, choice.id, "lang:kk").expect("a button");
        desk.changed(5, choice.id).await;
        telegram.simulator.say(TOKEN, &chat, "/overdue");
        assert_eq!(desk.next_message(5).await.text, "Мерзімі өткен байланыс жоқ.");
    }
}

/// The chats of a tenant whose jobs a test runs by hand.
pub(crate) struct Chats<'a> {
    pub app: &'a App,
    pub telegram: &'a FakeTelegram,
    pub tenant: &'a TenantRef,
    pub postman: Postman,
    pub seen: Mutex<HashMap<i64, usize>>,
}

impl Chats<'_> {
    /// The next message of the bot that was not looked at yet.
    pub async fn next_message(&self, chat: i64) -> Bubble {
        let seen = self
            .seen
            .lock()
            .expect("no panic")
            .get(&chat)
            .copied()
            .unwrap_or_default();
        let started = Instant::now();
        loop {
            self.work().await;
            if let Some(bubble) = self.of_bot(chat).into_iter().nth(seen) {
                self.seen.lock().expect("no panic").insert(chat, seen + 1);
                return bubble;
            }
            assert!(started.elapsed() < Duration::from_secs(20), "no message in {chat}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// A message after the press that should change it.
    pub async fn changed(&self, chat: i64, message: i64) -> Bubble {
        let find = || {
            self.of_bot(chat)
                .into_iter()
                .find(|bubble| bubble.id == message)
                .expect("it is there")
        };
        let before = find().text;
        let started = Instant::now();
        loop {
            self.work().await;
            let now = find();
            if now.text != before {
                return now;
            }
            assert!(started.elapsed() < Duration::from_secs(20), "{message} did not change");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    pub fn of_bot(&self, chat: i64) -> Vec<Bubble> {
        self.telegram
            .simulator
            .bubbles(TOKEN, chat)
            .into_iter()
            .filter(|bubble| bubble.from_bot)
            .collect()
    }

    pub async fn work(&self) {
        let client = self.telegram.client();
        let bot = bots::active(self.app, self.tenant.id)
            .await
            .expect("readable")
            .expect("connected");
        let updates = client
            .updates(&self.telegram.token(), bot.poll_offset, Duration::ZERO)
            .await;
        for body in updates.expect("updates come") {
            let id = update::update_id(&body).expect("numbered");
            bots::receive(self.app, self.tenant.id, bot.id, id, body)
                .await
                .expect("kept");
        }
        commands::handle_all(self.app, &client, self.tenant.id)
            .await
            .expect("answered");
        self.postman.sweep(self.tenant.id).await.expect("sweeps");
    }
}
