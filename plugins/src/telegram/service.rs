//! Everything Telegram a node runs, as the composition wires it: jobs, polling, and the port an admin connects by.

use std::sync::Arc;

use futures::FutureExt;
use futures::future::BoxFuture;
use platform::jobs::{Every, Handler, Tick};
use platform::locale::{Lang, t};
use platform::{App, Error, Result};
use tokio_util::sync::CancellationToken;
use url::Url;
use workflows::bots::{self, BotApi, Listening};

use super::client::{Client, Failure, Token};
use super::commands;
use super::polling::Polling;
use super::postman::Postman;

/// Puts back what a crash interrupted.
const SWEEP: &str = "bots.sweep";

#[derive(Clone)]
pub struct Telegram {
    app: App,
    client: Client,
    postman: Postman,
}

impl Telegram {
    pub fn new(app: App, client: Client) -> Self {
        let postman = Postman::new(app.clone(), client.clone());
        Self { app, client, postman }
    }

    /// The job kinds handled here.
    pub fn handlers(&self) -> Vec<(&'static str, Handler)> {
        let (send, sweep, handle) = (self.postman.clone(), self.postman.clone(), self.clone());
        vec![
            (
                bots::SEND,
                Arc::new(move |job| {
                    send.poke(job.tenant);
                    async { Ok(()) }.boxed()
                }),
            ),
            (
                SWEEP,
                Arc::new(move |job| {
                    let postman = sweep.clone();
                    async move { postman.sweep(job.tenant).await }.boxed()
                }),
            ),
            (
                bots::HANDLE,
                Arc::new(move |job| {
                    let telegram = handle.clone();
                    async move { commands::handle_all(&telegram.app, &telegram.client, job.tenant).await }.boxed()
                }),
            ),
        ]
    }

    pub fn ticks(&self) -> Vec<Tick> {
        vec![Tick {
            name: SWEEP,
            every: Every::Minutes(1),
        }]
    }

    /// Long polling until told to stop.
    pub async fn poll(self, stop: CancellationToken) {
        Polling::new(self.app, self.client).run(stop).await;
    }

    async fn offer_commands(&self, token: &Token) -> Result<(), Failure> {
        for lang in [None, Some(Lang::Uz), Some(Lang::Ru), Some(Lang::En), Some(Lang::Kk)] {
            let words = lang.unwrap_or_default();
            let commands: Vec<(String, String)> = commands::OFFERED
                .iter()
                .map(|name| ((*name).to_owned(), t(words, &format!("bot-command-{name}"), &[])))
                .collect();
            self.client.set_commands(token, lang.map(Lang::code), &commands).await?;
        }
        Ok(())
    }
}

impl BotApi for Telegram {
    fn username<'a>(&'a self, token: &'a str) -> BoxFuture<'a, Result<String>> {
        async move {
            self.client
                .me(&Token::new(token))
                .await
                .map(|me| me.username)
                .map_err(refused)
        }
        .boxed()
    }

    fn listen<'a>(&'a self, token: &'a str, listening: Listening<'a>) -> BoxFuture<'a, Result<()>> {
        async move {
            let token = Token::new(token);
            match listening {
                Listening::Webhook { url, secret } => {
                    let url = Url::parse(url).map_err(|_| Error::field("public_url", "bad_url"))?;
                    self.client.set_webhook(&token, &url, secret).await.map_err(refused)?;
                }
                Listening::Polling => self.client.delete_webhook(&token).await.map_err(refused)?,
                Listening::Nothing => return self.client.delete_webhook(&token).await.map_err(refused),
            }
            self.offer_commands(&token).await.map_err(refused)
        }
        .boxed()
    }
}

fn refused(failure: Failure) -> Error {
    match failure {
        Failure::TokenRejected => Error::field("token", "bad_bot_token"),
        Failure::Rejected(why) => Error::internal(format!("Telegram refused: {why}")),
        _ => Error::Unavailable("telegram_unavailable"),
    }
}
