//! The product as a process: spawned on a free port, killed as hard as a test wants, spoken to over HTTP.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc, Weekday};
use reqwest::header::HOST;
use reqwest::{Method, RequestBuilder};
use tempfile::TempDir;

use crate::app::MASTER_KEY;
use crate::database::{Engine, TestDatabase};

/// Debug builds hash passwords and plan thousands of leads slowly.
const STARTS_WITHIN: Duration = Duration::from_secs(90);

/// How to start a server; `spawn` does it as often as a test kills it.
pub struct Setup {
    environment: BTreeMap<String, String>,
    arguments: Vec<String>,
    port: u16,
    folder: TempDir,
}

pub struct Server {
    child: Child,
    pub port: u16,
    client: reqwest::Client,
}

impl Setup {
    pub fn on(database: &TestDatabase) -> Self {
        let mut setup = Self::anywhere();
        setup.env("MARKAZ_DATABASE_URL", &database.url);
        if database.engine == Engine::Postgres {
            setup.env("MARKAZ_DATABASE_OWNER_URL", &database.owner_url);
        }
        setup
    }

    /// A server with the three demo tenants in a fresh folder of its own, their leads just come.
    pub fn demo() -> Self {
        let mut setup = Self::anywhere();
        setup.env("MARKAZ_DEMO_DAYS", "0");
        setup.arguments.push("--demo".to_owned());
        setup.env("MARKAZ_DEMO_PASSWORD", DEMO_PASSWORD);
        setup
    }

    pub fn env(&mut self, name: &str, value: impl AsRef<str>) -> &mut Self {
        self.environment.insert(name.to_owned(), value.as_ref().to_owned());
        self
    }

    pub fn argument(&mut self, argument: &str) -> &mut Self {
        self.arguments.push(argument.to_owned());
        self
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// Where the server runs, gone with it.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The database of a demo.
    pub fn database_url(&self) -> String {
        format!("sqlite://{}", self.folder.path().join("data/markaz.db").display())
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(self.log_path()).unwrap_or_default()
    }

    /// Starts a server and waits until it is ready.
    pub async fn spawn(&self) -> Server {
        let listen = format!("127.0.0.1:{}", self.port);
        let mut arguments = vec!["serve".to_owned(), "--listen".to_owned(), listen];
        arguments.extend(self.arguments.clone());
        let child = self.start(&arguments);
        let mut server = Server {
            child,
            port: self.port,
            client: client(),
        };
        let started = Instant::now();
        while !server.is_ready().await {
            let ended = server.child.try_wait().expect("the process can be asked");
            assert!(
                ended.is_none() && started.elapsed() < STARTS_WITHIN,
                "the server did not start:\n{}",
                self.log()
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        server
    }

    /// A worker beside the server; it has no port to ask, so it is simply running.
    pub fn spawn_worker(&self) -> Worker {
        Worker(self.start(&["work".to_owned()]))
    }

    /// Another node on the same database.
    pub fn beside(&self) -> Setup {
        let mut setup = Self::anywhere();
        setup.environment = self.environment.clone();
        setup.arguments = self.arguments.clone();
        setup
    }

    /// Runs a command of the product to its end and answers what it printed.
    pub fn run(&self, arguments: &[&str]) -> String {
        let output = self.command().args(arguments).output().expect("the binary runs");
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "markaz {arguments:?}: {told}");
        String::from_utf8(output.stdout).expect("it prints text")
    }

    fn anywhere() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut setup = Self {
            environment: BTreeMap::new(),
            arguments: Vec::new(),
            port: free_port(),
            folder,
        };
        setup.env("MARKAZ_MASTER_KEY", MASTER_KEY).env("MARKAZ_TEST_CLOCK", "1");
        setup
    }

    fn start(&self, arguments: &[String]) -> Child {
        let log = std::fs::File::options()
            .create(true)
            .append(true)
            .open(self.log_path())
            .expect("the log opens");
        let errors = log.try_clone().expect("the log opens");
        self.command()
            .args(arguments)
            .stdout(log)
            .stderr(errors)
            .spawn()
            .expect("the binary runs")
    }

    fn command(&self) -> Command {
        let mut command = Command::new(binary());
        command.current_dir(self.folder.path()).stdin(Stdio::null());
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("MARKAZ_")) {
            command.env_remove(name);
        }
        command.env("MARKAZ_SANDBOX", sandbox()).envs(&self.environment);
        command
    }

    fn log_path(&self) -> PathBuf {
        self.folder.path().join("server.log")
    }
}

/// The password of every demo user under test; it keeps the product's rule.
pub const DEMO_PASSWORD: &str = "Sinov-1234!";

impl Server {
    /// Kills the server's script processes and says how many there were. It starts others.
    pub fn kill_sandboxes(&self) -> usize {
        let own = self.child.id().to_string();
        let mut killed = 0;
        for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
            let Ok(status) = std::fs::read_to_string(entry.path().join("status")) else {
                continue;
            };
            let field = |name: &str| status.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
            let sandbox = field("Name:").is_some_and(|name| name.starts_with("markaz-sandbox"));
            let Some(pid) = field("Pid:").filter(|_| sandbox && field("PPid:") == Some(&own)) else {
                continue;
            };
            let done = Command::new("kill").args(["-9", pid]).stderr(Stdio::null()).status();
            killed += usize::from(done.is_ok_and(|done| done.success()));
        }
        killed
    }

    /// A request to a tenant's host: glibc does not resolve `*.localhost`, so the host is named in the header.
    pub fn request(&self, method: Method, slug: &str, path: &str) -> RequestBuilder {
        asking(&self.client, self.port, method, slug, path)
    }

    pub fn get(&self, slug: &str, path: &str) -> RequestBuilder {
        self.request(Method::GET, slug, path)
    }

    pub fn post(&self, slug: &str, path: &str) -> RequestBuilder {
        self.request(Method::POST, slug, path)
    }

    /// Moves the server's clock to a working morning to come: whoever must be at work is, whenever the tests run.
    /// Answers the day.
    pub async fn at_work(&self) -> NaiveDate {
        let mut day = Utc::now().date_naive() + Days::new(1);
        while day.weekday() != Weekday::Tue {
            day = day + Days::new(1);
        }
        self.set_clock(day.and_hms_opt(6, 0, 0).expect("a time").and_utc())
            .await;
        day
    }

    /// Lets so many minutes pass.
    pub async fn pass(&self, minutes: i64) {
        let told = self.get("demo", "/api/v1/test-clock").send().await.expect("an answer");
        let told: serde_json::Value = told.json().await.expect("the clock tells");
        let now: DateTime<Utc> = told["now"]
            .as_str()
            .and_then(|now| now.parse().ok())
            .expect("an instant");
        self.set_clock(now + TimeDelta::minutes(minutes)).await;
    }

    async fn set_clock(&self, now: DateTime<Utc>) {
        let clock = self.request(Method::PUT, "demo", "/api/v1/test-clock");
        let moved = clock.json(&serde_json::json!({"now": now})).send().await;
        assert!(moved.expect("an answer").status().is_success(), "the clock moves");
    }

    /// How a browser, which does resolve `*.localhost`, names a page.
    pub fn url(&self, slug: &str, path: &str) -> String {
        format!("http://{slug}.localhost:{}{path}", self.port)
    }

    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// `kill -9`: nothing is finished, nothing is said.
    pub fn kill(mut self) {
        kill(&mut self.child);
    }

    async fn is_ready(&self) -> bool {
        let url = format!("http://127.0.0.1:{}/readyz", self.port);
        self.client
            .get(url)
            .send()
            .await
            .is_ok_and(|answer| answer.status().is_success())
    }
}

/// As [`Server::request`], to whichever server listens there by the time.
pub fn request(port: u16, method: Method, slug: &str, path: &str) -> RequestBuilder {
    asking(&client(), port, method, slug, path)
}

fn asking(client: &reqwest::Client, port: u16, method: Method, slug: &str, path: &str) -> RequestBuilder {
    let url = format!("http://127.0.0.1:{port}{path}");
    client
        .request(method, url)
        .header(HOST, format!("{slug}.localhost:{port}"))
}

impl Drop for Server {
    fn drop(&mut self) {
        kill(&mut self.child);
    }
}

pub struct Worker(Child);

impl Worker {
    pub fn kill(mut self) {
        kill(&mut self.0);
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        kill(&mut self.0);
    }
}

fn kill(child: &mut Child) {
    // Already ended is as good as killed.
    let _ = child.kill();
    let _ = child.wait();
}

fn client() -> reqwest::Client {
    let redirects = reqwest::redirect::Policy::none();
    reqwest::Client::builder()
        .redirect(redirects)
        .timeout(Duration::from_secs(60))
        .build()
        .expect("a client")
}

/// Built by cargo with the tests, beside them: target/<profile>/deps/it-… and target/<profile>/markaz-under-test.
fn binary() -> PathBuf {
    let test = std::env::current_exe().expect("a test has a file");
    let profile = test
        .ancestors()
        .find(|folder| folder.join("markaz-under-test").exists());
    profile
        .expect("cargo builds markaz-under-test with the tests")
        .join("markaz-under-test")
}

fn sandbox() -> PathBuf {
    let sandbox = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/sandbox/release/markaz-sandbox");
    assert!(sandbox.exists(), "the script process is not built: run `make sandbox`");
    sandbox
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("it is bound").port()
}
