//! What every page knows: who looks, at which tenant, in which language and theme, and where in the portal they are.

use platform::locale::Lang;
use serde::Serialize;

use crate::nav::{NavGroup, NavLink};
use crate::words::{Words, initials, tint};

#[derive(Debug, Clone, Serialize)]
pub struct Page {
    #[serde(skip)]
    pub words: Words,
    pub lang: Lang,
    pub lang_tag: &'static str,
    pub langs: Vec<LangLink>,
    pub theme: Theme,
    pub csrf: String,
    pub nonce: String,
    pub title: String,
    pub path: String,
    pub tenant: Mark,
    pub me: Option<Me>,
    pub nav: Vec<NavGroup>,
    pub dock: Vec<NavLink>,
    /// Whether whoever looks may add a lead.
    pub adds: bool,
    pub toast: Option<Toast>,
    /// The chapter of the help that explains this page.
    pub help: Option<String>,
}

impl Page {
    /// Scripts and styles are ours only; CodeMirror's generated styles carry the nonce.
    pub fn policy(&self) -> String {
        format!(
            "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{}'; img-src 'self' data:; font-src 'self'; \
             connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
            self.nonce
        )
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    #[default]
    Auto,
    Light,
    Dark,
}

impl Theme {
    pub fn parse(text: &str) -> Self {
        match text {
            "light" => Theme::Light,
            "dark" => Theme::Dark,
            _ => Theme::Auto,
        }
    }
}

/// The tenant as its people see it.
#[derive(Debug, Clone, Serialize)]
pub struct Mark {
    pub name: String,
    pub about: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct Me {
    pub name: String,
    pub short: String,
    pub initials: String,
    pub tint: u8,
    pub role: String,
}

impl Me {
    pub fn new(id: impl ToString, name: &str, role: String) -> Self {
        let mut words = name.split_whitespace();
        let first = words.next().unwrap_or_default();
        let last = words.next_back().and_then(|word| word.chars().next());
        Self {
            short: last.map_or_else(|| first.to_owned(), |letter| format!("{first} {letter}.")),
            name: name.to_owned(),
            initials: initials(name),
            tint: tint(&id.to_string()),
            role,
        }
    }
}

/// A person beside something they own or did.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Person {
    pub id: String,
    pub name: String,
    pub short: String,
    pub initials: String,
    pub tint: u8,
    pub on: Option<bool>,
}

impl Person {
    pub fn new(id: impl ToString, name: &str) -> Self {
        let id = id.to_string();
        Self {
            tint: tint(&id),
            id,
            name: name.to_owned(),
            short: name.split_whitespace().next().unwrap_or_default().to_owned(),
            initials: initials(name),
            on: None,
        }
    }

    pub fn working(mut self, on: bool) -> Self {
        self.on = Some(on);
        self
    }
}

#[derive(Debug, Clone, Serialize)]
pub struct LangLink {
    pub code: &'static str,
    pub name: &'static str,
    pub current: bool,
}

impl LangLink {
    pub fn all(current: Lang) -> Vec<Self> {
        let link = |lang: Lang| LangLink {
            code: lang.code(),
            name: lang.endonym(),
            current: lang == current,
        };
        Lang::ALL.map(link).into()
    }
}

/// A lead's status as a pill shows it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Status {
    pub key: String,
    pub kind: String,
    pub label: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct Choice {
    pub value: String,
    pub label: String,
}

impl Choice {
    pub fn new(value: impl ToString, label: impl Into<String>) -> Self {
        Self {
            value: value.to_string(),
            label: label.into(),
        }
    }
}

#[derive(Debug, Clone, Serialize)]
pub struct Toast {
    pub words: String,
    pub bad: bool,
    /// Where a press takes it back.
    pub undo: Option<String>,
}
