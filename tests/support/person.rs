//! A person at the portal: finds things by the words on them, and presses, types, ticks and drags with real mouse and
//! keys. What a person could not see or reach, a walk cannot press.

use std::path::Path;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::browser::{Browser, Look};
use crate::server::Server;

mod desk;

/// A debug build on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);
const FIND: &str = include_str!("person/find.js");

pub struct Person {
    pub browser: Browser,
    root: String,
    /// Where in the manual the walk is, for whoever reads why it stopped.
    chapter: Mutex<&'static str>,
}

impl Person {
    /// `None` where there is no browser; `make test` always has one.
    pub async fn at(server: &Server, slug: &str) -> Option<Self> {
        let browser = Browser::open().await?;
        browser.device(1280, 900, Look::Light).await;
        browser.bring_axe().await;
        Some(Self {
            browser,
            root: server.url(slug, ""),
            chapter: Mutex::new("the beginning"),
        })
    }

    /// The chapter of the manual that the next steps follow.
    pub fn chapter(&self, chapter: &'static str) {
        *self.chapter.lock().expect("nobody panics while holding it") = chapter;
    }

    pub async fn signs_in(&self, username: &str, password: &str) {
        let login = format!("{}/login", self.root);
        self.browser.enter(&login, username, password).await;
        self.settles().await;
    }

    /// Types the address, as from a bookmark.
    pub async fn visits(&self, path: &str) {
        self.browser.goto(&format!("{}{path}", self.root)).await;
        self.settles().await;
    }

    /// Follows a link of the navigation.
    pub async fn opens(&self, name: &str) {
        self.press("nav", name, None).await;
    }

    pub async fn presses(&self, name: &str) {
        self.press("press", name, None).await;
    }

    /// Presses what is called so in the row, card or form that says something else.
    pub async fn presses_beside(&self, beside: &str, name: &str) {
        self.press("press", name, Some(beside)).await;
    }

    pub async fn ticks(&self, name: &str) {
        self.press("tick", name, None).await;
    }

    pub async fn ticks_beside(&self, beside: &str, name: &str) {
        self.press("tick", name, Some(beside)).await;
    }

    pub async fn types(&self, label: &str, text: &str) {
        self.fill(label, text, None).await;
    }

    pub async fn types_beside(&self, beside: &str, label: &str, text: &str) {
        self.fill(label, text, Some(beside)).await;
    }

    /// At once, as from the clipboard: for what is too long to type.
    pub async fn pastes(&self, label: &str, text: &str) {
        let element = self.field(label, None).await;
        self.browser.paste(&element, text).await;
        self.settles().await;
    }

    pub async fn chooses(&self, label: &str, option: &str) {
        self.choose(label, option, None).await;
    }

    pub async fn chooses_beside(&self, beside: &str, label: &str, option: &str) {
        self.choose(label, option, Some(beside)).await;
    }

    /// Gives a file to the page's one file field, wherever it hides behind its drop zone.
    pub async fn gives_file(&self, file: &Path) {
        self.browser.fill("input[type=file]", &file.display().to_string()).await;
        self.settles().await;
    }

    /// Keys to whatever has the focus: `"j"`, `"Escape"`, `"ArrowRight"`.
    pub async fn hits(&self, keys: &[&str]) {
        for key in keys {
            let code = match *key {
                "Enter" => "\u{E007}",
                "Escape" => "\u{E00C}",
                "ArrowLeft" => "\u{E012}",
                "ArrowUp" => "\u{E013}",
                "ArrowRight" => "\u{E014}",
                "ArrowDown" => "\u{E015}",
                "Space" => " ",
                other => other,
            };
            self.browser.key(code).await;
        }
        self.settles().await;
    }

    /// Waits until the page says it.
    pub async fn reads(&self, words: &str) {
        self.waits(&format!("“{words}” on the page"), &says(words)).await;
    }

    pub async fn reads_no_more(&self, words: &str) {
        self.waits(&format!("“{words}” gone"), &format!("!({})", says(words)))
            .await;
    }

    /// Waits for work in the background that the page shows only when it is opened again.
    pub async fn reads_in_time(&self, words: &str) {
        let started = Instant::now();
        while self.browser.script(&format!("return {}", says(words))).await != json!(true) {
            if started.elapsed() > PATIENCE {
                self.stuck(&format!("“{words}” did not come")).await;
            }
            tokio::time::sleep(Duration::from_millis(400)).await;
            self.browser.again().await;
            self.settles().await;
        }
    }

    /// Looks at the page that stands there as closely as the walk over every page does.
    pub async fn finds_it_sound(&self) {
        let faults = self.browser.faults(crate::browser::faults::Look::Closely).await;
        // What a form was refused for is an answer, and told to the person.
        let faults: Vec<_> = faults
            .into_iter()
            .filter(|fault| !fault.contains("status of 422"))
            .collect();
        if !faults.is_empty() {
            self.stuck(&faults.join("\n")).await;
        }
    }

    /// The page was refused, and the console says no more than that.
    pub async fn finds_it_refused(&self) {
        let complaints = self.browser.complaints().await;
        let refused = complaints.iter().all(|line| line.contains("status of 403"));
        assert!(refused, "{complaints:?}");
    }

    pub async fn waits(&self, what: &str, condition: &str) {
        let started = Instant::now();
        while self.browser.script(&format!("return !!({condition})")).await != json!(true) {
            if started.elapsed() > PATIENCE {
                self.stuck(&format!("in vain: {what}")).await;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    pub async fn leaves(self) {
        self.browser.close().await;
    }

    async fn press(&self, kind: &str, name: &str, beside: Option<&str>) {
        let started = Instant::now();
        loop {
            let why = match self.find(kind, name, beside).await {
                Some(element) => match self.browser.try_click(&element).await {
                    Ok(()) => break,
                    Err(why) => why,
                },
                None => "it is not there".to_owned(),
            };
            if started.elapsed() > PATIENCE {
                self.stuck(&format!("cannot {kind} {name:?} beside {beside:?}: {why}"))
                    .await;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        self.settles().await;
    }

    async fn fill(&self, label: &str, text: &str, beside: Option<&str>) {
        let element = self.field(label, beside).await;
        self.browser.refill(&element, text).await;
        self.settles().await;
    }

    async fn choose(&self, label: &str, option: &str, beside: Option<&str>) {
        let element = self.field(label, beside).await;
        let pick = "const [list, words] = arguments; const all = [...list.options]; const tidy = (o) => o.text.trim(); \
                    return all.find((o) => tidy(o) === words) ?? all.find((o) => tidy(o).includes(words)) ?? null";
        let found = self.browser.element_of(pick, &element, option).await;
        let Some(found) = found else {
            return self.stuck(&format!("{label} offers no {option:?}")).await;
        };
        // The driver takes for hidden what a closed fold shows by its style; people see it.
        if self.browser.try_click(&found).await.is_err() {
            self.browser.pick(&element, &found).await;
        }
        self.settles().await;
    }

    async fn field(&self, label: &str, beside: Option<&str>) -> String {
        let started = Instant::now();
        loop {
            if let Some(element) = self.find("field", label, beside).await {
                return element;
            }
            if started.elapsed() > PATIENCE {
                self.stuck(&format!("no field {label:?} beside {beside:?}")).await;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    async fn find(&self, kind: &str, name: &str, beside: Option<&str>) -> Option<String> {
        self.browser.element(FIND, json!([kind, name, beside])).await
    }

    /// Nothing is on its way any more.
    async fn settles(&self) {
        let quiet = "document.readyState === 'complete' && !document.querySelector('.htmx-request')";
        self.waits("a quiet page", quiet).await;
    }

    /// Says where the walk stopped and what the page showed then.
    async fn stuck(&self, why: &str) {
        let chapter = *self.chapter.lock().expect("nobody panics while holding it");
        let shown = "const d = [...document.querySelectorAll('dialog[open]')].at(-1) ?? document.querySelector('main .page') ?? document.querySelector('main'); \
                     return (d?.innerText ?? '').slice(0, 3000)";
        let shown: Value = self.browser.script(shown).await;
        let at = self.browser.address().await;
        panic!("{chapter}: {why}\nat {at}:\n{}", shown.as_str().unwrap_or_default());
    }
}

fn says(words: &str) -> String {
    let words = json!(words.split_whitespace().collect::<Vec<_>>().join(" "));
    format!("document.body.innerText.replace(/\\s+/g, ' ').includes({words})")
}
