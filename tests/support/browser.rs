//! A headless Chromium spoken to in the WebDriver protocol, which is JSON over HTTP and needs no crate.

use std::path::Path;
use std::time::{Duration, Instant};

use base64::Engine as _;
use reqwest::Method;
use serde_json::{Value, json};

use crate::server::{DEMO_PASSWORD, Server};

pub mod faults;
mod hands;

const APPEARS_WITHIN: Duration = Duration::from_secs(15);
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

pub struct Browser {
    client: reqwest::Client,
    session: String,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Look {
    Light,
    Dark,
}

impl Browser {
    /// `None` when no chromedriver was given; `make test` always gives one.
    pub async fn open() -> Option<Self> {
        let driver = std::env::var("MARKAZ_TEST_CHROMEDRIVER").ok()?;
        let client = reqwest::Client::builder()
            .timeout(Duration::from_secs(90))
            .build()
            .expect("a client");
        let capabilities = json!({"capabilities": {"alwaysMatch": {
            "goog:chromeOptions": {"args": [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
                "--lang=uz",
            ]},
            "goog:loggingPrefs": {"browser": "ALL"},
        }}});
        let answer = client
            .post(format!("{driver}/session"))
            .json(&capabilities)
            .send()
            .await;
        let answer: Value = answer
            .expect("chromedriver answers")
            .json()
            .await
            .expect("it answers JSON");
        let id = answer["value"]["sessionId"]
            .as_str()
            .unwrap_or_else(|| panic!("no browser: {answer}"));
        Some(Self {
            client,
            session: format!("{driver}/session/{id}"),
        })
    }

    pub async fn goto(&self, url: &str) {
        self.post("/url", json!({"url": url})).await;
    }

    /// Signs a demo user in by the form; does nothing for who is signed in already.
    pub async fn sign_in(&self, server: &Server, slug: &str, username: &str) {
        self.enter(&server.url(slug, "/login"), username, DEMO_PASSWORD).await;
    }

    /// Signs in at an address; does nothing for who is signed in already.
    pub async fn enter(&self, login: &str, username: &str, password: &str) {
        self.goto(login).await;
        if !self.address().await.ends_with("/login") {
            return;
        }
        self.fill("input[name=username]", username).await;
        self.fill("input[name=password]", password).await;
        self.click("form[action='/login'] button").await;
        let inside = "!location.pathname.startsWith('/login')";
        self.until("signed in", Duration::from_secs(20), inside).await;
    }

    pub async fn address(&self) -> String {
        self.call(Method::GET, "/url", None)
            .await
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    /// The text of the first element, once it is there.
    pub async fn text(&self, css: &str) -> String {
        let element = self.find(css).await;
        self.call(Method::GET, &format!("/element/{element}/text"), None)
            .await
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    pub async fn click(&self, css: &str) {
        let element = self.find(css).await;
        self.post(&format!("/element/{element}/click"), json!({})).await;
    }

    /// Replaces what a field holds; a file field is given the file's path.
    pub async fn fill(&self, css: &str, text: &str) {
        let element = self.find(css).await;
        if !Path::new(text).is_absolute() {
            self.post(&format!("/element/{element}/clear"), json!({})).await;
        }
        self.post(&format!("/element/{element}/value"), json!({"text": text}))
            .await;
    }

    /// Types at the caret, as a keyboard does: the editor's text is no field.
    pub async fn keys(&self, css: &str, text: &str) {
        let element = self.find(css).await;
        self.post(&format!("/element/{element}/value"), json!({"text": text}))
            .await;
    }

    pub async fn count(&self, css: &str) -> usize {
        let found = self
            .post("/elements", json!({"using": "css selector", "value": css}))
            .await;
        found.as_array().map(Vec::len).unwrap_or_default()
    }

    /// Runs a script's body in the page and answers what it returns.
    pub async fn script(&self, body: &str) -> Value {
        self.post("/execute/sync", json!({"script": body, "args": []})).await
    }

    pub async fn until(&self, what: &str, within: Duration, condition: &str) {
        let started = Instant::now();
        while self.script(&format!("return !!({condition})")).await != json!(true) {
            assert!(
                started.elapsed() < within,
                "in vain: {what} at {}",
                self.address().await
            );
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// The size and theme a person's device would have.
    pub async fn device(&self, width: u32, height: u32, look: Look) {
        let mobile = width < 600;
        let size = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": mobile});
        self.cdp("Emulation.setDeviceMetricsOverride", size).await;
        let scheme = if look == Look::Dark { "dark" } else { "light" };
        // Nothing is measured or pressed while it still moves.
        let media = json!({"features": [
            {"name": "prefers-color-scheme", "value": scheme}, {"name": "prefers-reduced-motion", "value": "reduce"},
        ]});
        self.cdp("Emulation.setEmulatedMedia", media).await;
    }

    /// The whole page, not only what fits the window.
    pub async fn screenshot(&self, file: &Path) {
        let shot = self
            .cdp("Page.captureScreenshot", json!({"captureBeyondViewport": true}))
            .await;
        let data = shot["data"].as_str().expect("a picture");
        let bytes = base64::engine::general_purpose::STANDARD
            .decode(data)
            .expect("a picture is base64");
        std::fs::create_dir_all(file.parent().expect("a file lies in a folder")).expect("the folder is made");
        std::fs::write(file, bytes).expect("the picture is written");
    }

    /// What the page complained about since the last time: failed scripts, refused content, missing files.
    pub async fn complaints(&self) -> Vec<String> {
        let log = self.post("/se/log", json!({"type": "browser"})).await;
        let lines = log.as_array().cloned().unwrap_or_default();
        let severe = lines.iter().filter(|line| line["level"] == "SEVERE");
        severe
            .filter_map(|line| line["message"].as_str().map(str::to_owned))
            .collect()
    }

    async fn find(&self, css: &str) -> String {
        let started = Instant::now();
        loop {
            let found = self
                .try_call(
                    Method::POST,
                    "/element",
                    Some(json!({"using": "css selector", "value": css})),
                )
                .await;
            match found {
                Ok(found) => return found[ELEMENT].as_str().expect("an element has an id").to_owned(),
                Err(_) if started.elapsed() < APPEARS_WITHIN => tokio::time::sleep(Duration::from_millis(100)).await,
                Err(why) => panic!("no {css} at {}: {why}", self.address().await),
            }
        }
    }

    async fn cdp(&self, command: &str, parameters: Value) -> Value {
        self.post("/goog/cdp/execute", json!({"cmd": command, "params": parameters}))
            .await
    }

    async fn post(&self, path: &str, body: Value) -> Value {
        self.call(Method::POST, path, Some(body)).await
    }

    async fn call(&self, method: Method, path: &str, body: Option<Value>) -> Value {
        self.try_call(method, path, body)
            .await
            .unwrap_or_else(|why| panic!("{path}: {why}"))
    }

    async fn try_call(&self, method: Method, path: &str, body: Option<Value>) -> Result<Value, String> {
        let mut request = self.client.request(method, format!("{}{path}", self.session));
        if let Some(body) = body {
            request = request.json(&body);
        }
        let response = request.send().await.map_err(|e| e.to_string())?;
        let ok = response.status().is_success();
        let mut answer: Value = response.json().await.map_err(|e| e.to_string())?;
        let value = answer["value"].take();
        if ok {
            Ok(value)
        } else {
            Err(value["message"].as_str().unwrap_or_default().to_owned())
        }
    }

    /// Ends the browser; one that a failed test leaves behind ends with its chromedriver.
    pub async fn close(self) {
        self.call(Method::DELETE, "", None).await;
    }
}
