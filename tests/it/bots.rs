//! A tenant's bot from connecting to the last message, over HTTP against the stand-in for Telegram.

use std::time::{Duration, Instant};

use platform::ids::new_id;
use platform::tenancy::TenantRef;
use platform::{Actor, App, Error, Id, Tx};
use plugins::telegram::polling::Polling;
use plugins::telegram::postman::Postman;
use plugins::telegram::service::Telegram;
use plugins::telegram::simulator::Fault;
use support::app::TestApp;
use support::both_engines;
use support::telegram::{FakeTelegram, TOKEN};
use tokio_util::sync::CancellationToken;
use workflows::bots::{self, Reply};

fn reply(uniq: &str, text: &str) -> Reply {
    Reply {
        uniq: uniq.into(),
        text: text.into(),
        buttons: Vec::new(),
    }
}

async fn user(app: &App, tenant: &TenantRef, username: &str, role: &str) -> Id {
    let (id, tenant, username, role) = (new_id(), tenant.id, username.to_owned(), role.to_owned());
    app.db
        .write(tenant, async move |tx: Tx| {
            tx.run(
                "INSERT INTO app_user (tenant_id, id, username, first_name, last_name, name_key, role, active, \
                 receives_leads, theme, weight, version, created_at) \
                 VALUES ($1, $2, $3, $3, '', $3, $4, $5, $5, 'auto', 1, 1, $6)",
                vec![
                    tenant.0.into(),
                    id.into(),
                    username.into(),
                    role.into(),
                    true.into(),
                    tx.now().into(),
                ],
            )
            .await
        })
        .await
        .expect("the user is kept");
    id
}

async fn as_user(app: &App, tenant: &TenantRef, user: Id, role: &str) -> Actor {
    let mut actor = Actor::system(tenant.clone());
    (actor.user, actor.role) = (Some(user), role.to_owned());
    actor.grants = app
        .policies
        .grants(tenant.id, 1, role)
        .await
        .expect("the policies compile");
    actor
}

async fn connected(test: &TestApp, telegram: &FakeTelegram, slug: &str) -> (TenantRef, Actor, Telegram) {
    let tenant = test.tenant(slug).await;
    let admin = user(&test.app, &tenant, "admin", "admin").await;
    let admin = as_user(&test.app, &tenant, admin, "admin").await;
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
        let rep = user(&test.app, &tenant, "rep", "sales").await;
        let rep = as_user(&test.app, &tenant, rep, "sales").await;
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
        let malika = user(&test.app, &tenant, "malika", "sales").await;
        let malika = as_user(&test.app, &tenant, malika, "sales").await;
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
}
