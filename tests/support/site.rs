//! The server's own routes in this process, with its database, clock and queue within a test's reach. On SQLite one
//! node; on PostgreSQL with Redis two doors that requests come to in turn, and a worker of its own.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::{DateTime, TimeDelta, Utc};
use platform::auth::token;
use platform::tenancy::TenantRef;
use platform::{App, Id};
use plugins::scripts::{CompiledPacks, HostError, NoScripts};
use plugins::sheets::Sheets;
use poem::listener::{Acceptor, Listener, TcpListener};
use reqwest::header::{HOST, HeaderMap};
use reqwest::{Method, RequestBuilder};
use serde_json::Value;
use workflows::imports::Tables;
use workflows::ports::Desk;

use crate::app::TestApp;
use crate::database::TestDatabase;
use crate::telegram::nobody;

pub struct Site {
    pub test: TestApp,
    pub desk: Desk,
    pub runner: platform::jobs::Runner,
    /// The port every request's host names, whichever door it comes to.
    pub port: u16,
    doors: Vec<u16>,
    asked: AtomicUsize,
    /// The nodes besides the one a test reaches into.
    others: Vec<App>,
    client: reqwest::Client,
}

/// A user of a centre, with a token to act by.
#[derive(Clone)]
pub struct Who {
    pub tenant: TenantRef,
    pub id: Id,
    pub token: String,
}

pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
    /// Null where the body is no JSON.
    pub body: Value,
}

impl Site {
    /// Without a script process: the core rules act, and nothing depends on what was built.
    pub async fn on(database: TestDatabase) -> Self {
        let test = TestApp::on(database).await;
        let desk = Desk {
            app: test.app.clone(),
            scripts: Arc::new(NoScripts(HostError::Unavailable("not in this test".to_owned()))),
            packs: Arc::new(CompiledPacks::load().expect("the packs read")),
            sheets: Tables::new(Sheets),
            google: crate::google::asked_by(&test.app),
        };
        Self::serving(test, desk).await
    }

    pub async fn serving(test: TestApp, desk: Desk) -> Self {
        let mut doors = vec![open(&desk).await];
        let mut others = Vec::new();
        let mut worker = desk.clone();
        if test.app.config.redis_url.is_some() {
            let second = test.beside().await;
            doors.push(open(&on_node(&desk, &second)).await);
            let third = test.beside().await;
            worker = on_node(&desk, &third);
            others = vec![second, third];
        }
        let runner = web::server::runner(&worker, &nobody(&worker.app));
        Site {
            test,
            desk,
            runner,
            port: doors[0],
            doors,
            asked: AtomicUsize::new(0),
            others,
            client: reqwest::Client::builder()
                .redirect(reqwest::redirect::Policy::none())
                .build()
                .expect("a client"),
        }
    }

    pub fn app(&self) -> &App {
        &self.test.app
    }

    /// A user who works day and night.
    pub async fn user(&self, tenant: &TenantRef, username: &str, role: &str) -> Who {
        let actor = self.test.user(tenant, username, role).await;
        let id = actor.user.expect("a person");
        let (_, text) = token::create(self.app(), &actor, id, "test", Vec::new())
            .await
            .expect("the token is made");
        Who {
            tenant: tenant.clone(),
            id,
            token: text,
        }
    }

    pub fn request(&self, method: Method, slug: &str, path: &str) -> RequestBuilder {
        let door = self.doors[self.asked.fetch_add(1, Ordering::Relaxed) % self.doors.len()];
        self.client
            .request(method, format!("http://127.0.0.1:{door}{path}"))
            .header(HOST, format!("{slug}.localhost:{}", self.port))
    }

    /// An API call under a user's token.
    pub fn call(&self, who: &Who, method: Method, path: &str) -> RequestBuilder {
        self.request(method, &who.tenant.slug, &format!("/api/v1{path}"))
            .bearer_auth(&who.token)
    }

    pub async fn get(&self, who: &Who, path: &str) -> Reply {
        Reply::of(self.call(who, Method::GET, path)).await
    }

    pub async fn post(&self, who: &Who, path: &str, body: Value) -> Reply {
        Reply::of(self.call(who, Method::POST, path).json(&body)).await
    }

    pub async fn put(&self, who: &Who, path: &str, body: Value) -> Reply {
        Reply::of(self.call(who, Method::PUT, path).json(&body)).await
    }

    pub async fn patch(&self, who: &Who, path: &str, body: Value) -> Reply {
        Reply::of(self.call(who, Method::PATCH, path).json(&body)).await
    }

    pub async fn delete(&self, who: &Who, path: &str) -> Reply {
        Reply::of(self.call(who, Method::DELETE, path)).await
    }

    /// Runs everything that is due.
    pub async fn work(&self) {
        self.runner.drain().await.expect("the queue is worked off");
    }

    /// No node remembers what a centre's pages show.
    pub fn forget(&self) {
        for node in std::iter::once(self.app()).chain(&self.others) {
            node.kept.forget_all();
        }
    }

    pub async fn set_clock(&self, now: DateTime<Utc>) {
        for node in std::iter::once(self.app()).chain(&self.others) {
            node.set_clock(now).await.expect("the clock moves");
        }
    }

    pub async fn pass(&self, time: TimeDelta) {
        self.set_clock(self.app().clock.now() + time).await;
    }
}

/// Opens a door of a node and answers its port.
async fn open(desk: &Desk) -> u16 {
    let acceptor = TcpListener::bind("127.0.0.1:0")
        .into_acceptor()
        .await
        .expect("a free port");
    let address = acceptor.local_addr().remove(0);
    let routes = web::server::routes(desk, &nobody(&desk.app), None);
    tokio::spawn(poem::Server::new_with_acceptor(acceptor).run(routes));
    address.as_socket_addr().expect("a TCP address").port()
}

fn on_node(desk: &Desk, node: &App) -> Desk {
    Desk {
        app: node.clone(),
        ..desk.clone()
    }
}

impl Reply {
    pub async fn of(request: RequestBuilder) -> Self {
        let answer = request.send().await.expect("the server answers");
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let text = answer.text().await.expect("the answer is text");
        let body = serde_json::from_str(&text).unwrap_or_default();
        Reply {
            status,
            headers,
            text,
            body,
        }
    }

    /// The body of an answer with a given status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        self.body
    }

    /// A problem with a given status and code, in the shape every problem has.
    #[track_caller]
    pub fn refused(self, status: u16, code: &str) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.text);
        assert_eq!(self.body["code"], code, "{}", self.text);
        assert_eq!(self.body["status"], status, "{}", self.text);
        assert!(
            self.body["title"].as_str().is_some_and(|t| !t.is_empty()),
            "{}",
            self.text
        );
        self.body
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }
}
