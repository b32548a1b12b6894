//! The Telegram client against the stand-in that speaks the Bot API over HTTP.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use plugins::telegram::client::{Client, Failure, Token};
use plugins::telegram::simulator::Fault;
use plugins::telegram::update::{self, Act};
use poem::listener::{Acceptor, Listener, TcpListener};
use poem::{EndpointExt, Request, Response, Route, Server, handler};
use support::telegram::{FakeTelegram, TOKEN};
use workflows::bots::Button;

fn press(text: &str, data: &str) -> Vec<Vec<Button>> {
    vec![vec![Button {
        text: text.into(),
        data: Some(data.into()),
        url: None,
    }]]
}

#[tokio::test]
async fn a_message_is_sent_edited_and_its_button_answered() {
    let telegram = FakeTelegram::start().await;
    let (client, token) = (telegram.client(), telegram.token());
    telegram.person(5, "Malika");
    assert_eq!(
        client.me(&token).await.expect("the bot is known").username,
        "markaz_test_bot"
    );

    let sent = client
        .send(&token, 5, "<b>Yangi lid</b> &lt;Ali&gt;", &press("Gaplashdik", "f:1"))
        .await;
    let message = sent.expect("the message is accepted");
    assert!(
        telegram.simulator.press(TOKEN, 5, message, "f:2").is_none(),
        "there is no such button"
    );
    telegram
        .simulator
        .press(TOKEN, 5, message, "f:1")
        .expect("the button is there");

    let updates = client
        .updates(&token, 0, Duration::from_secs(2))
        .await
        .expect("updates come");
    let read: Vec<_> = updates.iter().filter_map(update::read).collect();
    assert_eq!(
        read[0].act,
        Act::Command {
            name: "start".into(),
            argument: String::new()
        }
    );
    assert_eq!(
        (read[0].chat_id, read[0].private, read[0].person.name.as_str()),
        (5, true, "Malika")
    );
    let Act::Press {
        callback_id,
        message_id,
        data,
    } = &read[1].act
    else {
        panic!("{:?}", read[1])
    };
    assert_eq!((*message_id, data.as_str()), (message, "f:1"));

    client
        .answer(&token, callback_id, Some("Yozildi"))
        .await
        .expect("the press is answered");
    client
        .edit(&token, 5, message, "Bajarildi", &[])
        .await
        .expect("the message changes");
    client
        .edit(&token, 5, message, "Bajarildi", &[])
        .await
        .expect("the same text again is no failure");
    client
        .answer(&token, callback_id, None)
        .await
        .expect("a second answer is no failure");

    let bubbles = telegram.simulator.bubbles(TOKEN, 5);
    assert_eq!(bubbles.len(), 2, "an edit is no new message");
    assert_eq!((bubbles[1].text.as_str(), bubbles[1].edited), ("Bajarildi", true));
    assert_eq!(bubbles[1].notice.as_deref(), Some("Yozildi"));

    let next = i64::from(updates.len() as u32) + updates[0]["update_id"].as_i64().expect("a number");
    let after = updates.last().and_then(update::update_id).expect("a number") + 1;
    assert!(next <= after);
    assert!(
        client
            .updates(&token, after, Duration::ZERO)
            .await
            .expect("no updates")
            .is_empty()
    );
}

#[tokio::test]
async fn every_refusal_has_its_meaning_and_no_error_shows_the_token() {
    let telegram = FakeTelegram::start().await;
    let (client, token) = (telegram.client(), telegram.token());
    telegram.person(5, "Malika");
    let fault = |fault| telegram.simulator.fail_once(TOKEN, Some(5), fault);

    fault(Fault::RetryAfter(7));
    assert_eq!(
        client.send(&token, 5, "a", &[]).await,
        Err(Failure::RetryAfter(Duration::from_secs(7)))
    );
    fault(Fault::Blocked);
    assert!(matches!(
        client.send(&token, 5, "a", &[]).await,
        Err(Failure::ChatGone(_))
    ));
    assert!(matches!(
        client.send(&token, 404, "a", &[]).await,
        Err(Failure::ChatGone(_))
    ));
    assert!(matches!(
        client.send(&token, 5, "1 < 2", &[]).await,
        Err(Failure::Rejected(_))
    ));
    assert!(matches!(
        client.send(&token, 5, "a", &press("x", &"y".repeat(65))).await,
        Err(Failure::Rejected(_))
    ));
    assert_eq!(
        client.send(&Token::new("1:wrong"), 5, "a", &[]).await,
        Err(Failure::TokenRejected)
    );

    let started = Instant::now();
    fault(Fault::ServerError(502));
    assert!(matches!(
        client.send(&token, 5, "a", &[]).await,
        Err(Failure::Unreachable(_))
    ));
    assert!(
        started.elapsed() < Duration::from_secs(5),
        "a 502 must not hold the sender"
    );

    let nobody = Client::new("http://127.0.0.1:1").expect("a URL");
    let error = nobody
        .send(&token, 5, "a", &[])
        .await
        .expect_err("nobody listens there");
    assert!(matches!(error, Failure::Unreachable(_)), "{error:?}");
    assert!(!format!("{error} {error:?} {token:?}").contains("secret"), "{error:?}");

    telegram.simulator.block(TOKEN, 5, true);
    assert!(matches!(
        client.send(&token, 5, "a", &[]).await,
        Err(Failure::ChatGone(_))
    ));
    assert!(telegram.simulator.accepted(5).is_empty());
}

#[tokio::test]
async fn a_webhook_gets_every_update_in_order_with_its_secret_however_often_it_fails() {
    type Seen = Arc<Mutex<Vec<(String, i64)>>>;

    #[handler]
    async fn hook(req: &Request, body: poem::web::Json<serde_json::Value>, seen: poem::web::Data<&Seen>) -> Response {
        let mut seen = seen.lock().expect("nobody panics here");
        let secret = req
            .header("x-telegram-bot-api-secret-token")
            .unwrap_or_default()
            .to_owned();
        seen.push((secret, update::update_id(&body).unwrap_or_default()));
        let status = if seen.len() % 2 == 1 { 503 } else { 200 };
        Response::builder()
            .status(status.try_into().expect("a status"))
            .finish()
    }

    let seen = Seen::default();
    let acceptor = TcpListener::bind("127.0.0.1:0")
        .into_acceptor()
        .await
        .expect("a free port");
    let port = acceptor.local_addr()[0].as_socket_addr().expect("an address").port();
    tokio::spawn(Server::new_with_acceptor(acceptor).run(Route::new().at("/tg/x", hook.data(seen.clone()))));

    let telegram = FakeTelegram::start().await;
    let (client, token) = (telegram.client(), telegram.token());
    let url = format!("http://demo.localhost:{port}/tg/x").parse().expect("a URL");
    client
        .set_webhook(&token, &url, "s3cret")
        .await
        .expect("the webhook is set");
    assert_eq!(
        client.webhook_info(&token).await.expect("it is known").url,
        url.as_str()
    );
    let malika = telegram.person(5, "Malika");
    for n in 0..3 {
        telegram.simulator.say(TOKEN, &malika, &format!("salom {n}"));
    }

    let deadline = Instant::now() + Duration::from_secs(10);
    while seen.lock().expect("nobody panics here").len() < 8 && Instant::now() < deadline {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let seen = seen.lock().expect("nobody panics here").clone();
    assert_eq!(seen.len(), 8, "each of four updates was tried twice");
    assert!(seen.iter().all(|(secret, _)| secret == "s3cret"));
    assert!(
        seen.chunks(2).all(|pair| pair[0].1 == pair[1].1),
        "an update is repeated until it is taken"
    );
    assert!(seen.windows(2).all(|pair| pair[0].1 <= pair[1].1), "in order");
    client.delete_webhook(&token).await.expect("the webhook is gone");
    assert!(telegram.simulator.webhook(TOKEN).is_none());
}

#[tokio::test]
async fn command_lists_are_kept_by_language() {
    let telegram = FakeTelegram::start().await;
    let commands = vec![("today".to_owned(), "Bugungi aloqalar".to_owned())];
    telegram
        .client()
        .set_commands(&telegram.token(), Some("uz"), &commands)
        .await
        .expect("the list is kept");
    telegram
        .client()
        .set_commands(&telegram.token(), None, &commands)
        .await
        .expect("the list is kept");
    assert_eq!(telegram.simulator.calls().len(), 2);
}
