//! A stand-in for Telegram on a free port, with one bot and people who write to it.

use platform::App;
use plugins::telegram::client::{Client, Token};
use plugins::telegram::service::Telegram;
use plugins::telegram::simulator::{Person, Simulator};
use url::Url;

pub const TOKEN: &str = "70001:test-bot-secret";

pub struct FakeTelegram {
    pub simulator: Simulator,
    pub url: Url,
}

/// A Telegram that never answers: for tests that send nothing.
pub fn nobody(app: &App) -> Telegram {
    Telegram::new(app.clone(), Client::new("http://127.0.0.1:1").expect("an address"))
}

impl FakeTelegram {
    pub async fn start() -> Self {
        let simulator = Simulator::default();
        simulator.add_bot(TOKEN, "markaz_test_bot", "Markaz test");
        let url = simulator.listen(([127, 0, 0, 1], 0).into()).await.expect("a free port");
        Self { simulator, url }
    }

    pub fn client(&self) -> Client {
        Client::new(self.url.as_str()).expect("the address is a URL")
    }

    pub fn token(&self) -> Token {
        Token::new(TOKEN)
    }

    /// Somebody who has pressed Start, so that the bot may write to them.
    pub fn person(&self, id: i64, name: &str) -> Person {
        let person = Person {
            id,
            first_name: name.to_owned(),
            username: None,
            language_code: Some("uz".to_owned()),
        };
        self.simulator.say(TOKEN, &person, "/start");
        person
    }
}
