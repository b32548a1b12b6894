//! Handing updates to a bot's webhook, in order, again and again until it answers 200, as Telegram does.

use std::time::Duration;

use serde_json::Value;
use url::Url;

use super::{Simulator, Webhook};

impl Simulator {
    /// Wakes long polls, and starts handing over where there is a webhook and nobody does it yet.
    pub(super) fn hand_over(&self, token: &str) {
        self.updated.notify_waiters();
        let mut state = self.lock();
        let Some(bot) = state.bots.get_mut(token) else {
            return;
        };
        if bot.webhook.is_none() || bot.delivering || bot.updates.is_empty() {
            return;
        }
        bot.delivering = true;
        tokio::spawn(self.clone().deliver(token.to_owned()));
    }

    async fn deliver(self, token: String) {
        let client = reqwest::Client::new();
        let mut pause = Duration::from_millis(100);
        while let Some((webhook, update)) = self.next_delivery(&token) {
            let error = post(&client, &webhook, &update).await.err();
            let failed = error.is_some();
            self.delivered(&token, &update, error);
            if failed {
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(Duration::from_secs(10));
            } else {
                pause = Duration::from_millis(100);
            }
        }
    }

    fn next_delivery(&self, token: &str) -> Option<(Webhook, Value)> {
        let mut state = self.lock();
        let bot = state.bots.get_mut(token)?;
        let next = bot.webhook.clone().zip(bot.updates.first().cloned());
        bot.delivering = next.is_some();
        next
    }

    fn delivered(&self, token: &str, update: &Value, error: Option<String>) {
        let mut state = self.lock();
        let Some(bot) = state.bots.get_mut(token) else {
            return;
        };
        if error.is_none() {
            bot.updates
                .retain(|waiting| waiting["update_id"] != update["update_id"]);
        }
        if let Some(webhook) = &mut bot.webhook {
            webhook.last_error = error;
        }
    }
}

async fn post(client: &reqwest::Client, webhook: &Webhook, update: &Value) -> Result<(), String> {
    let mut url = Url::parse(&webhook.url).map_err(|e| e.to_string())?;
    let host = url.host_str().unwrap_or_default().to_owned();
    let authority = url.port().map_or(host.clone(), |port| format!("{host}:{port}"));
    // glibc does not resolve *.localhost.
    if host.ends_with(".localhost") {
        url.set_host(Some("127.0.0.1")).map_err(|e| e.to_string())?;
    }
    let mut request = client
        .post(url)
        .header("host", authority)
        .timeout(Duration::from_secs(30))
        .json(update);
    if let Some(secret) = &webhook.secret {
        request = request.header("x-telegram-bot-api-secret-token", secret);
    }
    let response = request.send().await.map_err(|e| e.to_string())?;
    match response.status() {
        status if status.is_success() => Ok(()),
        status => Err(format!("Wrong response from the webhook: {status}")),
    }
}
