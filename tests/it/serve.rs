//! The server as a process: it starts from nothing, knows its hosts, and comes back after a kill.

use std::time::{Duration, Instant};

use reqwest::StatusCode;
use support::both_engines;
use support::database::TestDatabase;
use support::server::Setup;
use support::telegram::{FakeTelegram, TOKEN};

both_engines! {
    async fn a_server_starts_answers_and_survives_a_kill(database: TestDatabase) {
        let setup = Setup::on(&database);
        setup.run(&["migrate"]);
        setup.run(&["tenant", "create", "demo", "--name", "Bilim Yoʻli"]);
        let server = setup.spawn().await;
        let unknown = server.get("nobody", "/").send().await.expect("an answer");
        assert_eq!(unknown.status(), StatusCode::MISDIRECTED_REQUEST);
        for path in ["/livez", "/metrics"] {
            let answer = server.get("nobody", path).send().await.expect("an answer");
            assert_eq!(answer.status(), StatusCode::OK, "{path}");
        }
        server.kill();
        let again = setup.spawn().await;
        let known = again.get("demo", "/").send().await.expect("an answer");
        assert_ne!(known.status(), StatusCode::MISDIRECTED_REQUEST);
        assert!(setup.run(&["tenant", "list"]).contains("demo"));
    }

    async fn a_bot_is_linked_and_answers_over_its_webhook(database: TestDatabase) {
        let telegram = FakeTelegram::start().await;
        let mut setup = Setup::on(&database);
        let site = format!("http://{{slug}}.localhost:{}", setup.port());
        setup.env("MARKAZ_TELEGRAM_API_URL", &telegram.url).env("MARKAZ_PUBLIC_URL", site);
        setup.run(&["migrate"]);
        setup.run(&["tenant", "create", "demo"]);
        setup.run(&["user", "create", "--tenant", "demo", "malika", "--role", "sales", "--password", "Sinov-1234!"]);
        let username = setup.run(&["bot", "connect", "--tenant", "demo", "--token", TOKEN]);
        assert_eq!(username.trim(), "markaz_test_bot");
        let webhook = telegram.simulator.webhook(TOKEN).expect("Telegram is told where to bring updates");

        let server = setup.spawn().await;
        let token = setup.run(&["token", "create", "--tenant", "demo", "--user", "malika"]);
        let link = server.post("demo", "/api/v1/bot/link").bearer_auth(token.trim()).send().await.expect("an answer");
        let link: serde_json::Value = link.json().await.expect("JSON");
        let start = link["url"].as_str().expect("a link").split_once("?start=").expect("a deep link").1;
        let malika = telegram.person(5, "Malika");
        telegram.simulator.say(TOKEN, &malika, &format!("/start {start}"));
        let linked = async || {
            let said = telegram.simulator.bubbles(TOKEN, 5);
            said.iter().any(|bubble| bubble.from_bot && bubble.text.contains("hisobingiz ulandi"))
        };
        let started = Instant::now();
        while !linked().await {
            assert!(started.elapsed() < Duration::from_secs(30), "no answer in the chat:\n{}", setup.log());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }

        let forged = serde_json::json!({"update_id": 1});
        let path = webhook.url.split_once("/tg/").expect("our door").1;
        for path in [format!("/tg/{path}"), "/tg/guessed".to_owned()] {
            let refused = server.post("demo", &path).json(&forged).send().await.expect("an answer");
            assert_eq!(refused.status(), StatusCode::NOT_FOUND, "no secret, no update");
        }
    }
}
