//! What every page knows: who looks, at which tenant, in which language and theme, and where in the portal they are.

use platform::locale::Lang;
use platform::{Actor, Permit};
use serde::Serialize;

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
    pub toast: Option<Toast>,
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
}

#[derive(Debug, Clone, Serialize)]
pub struct NavGroup {
    pub heading: Option<String>,
    pub links: Vec<NavLink>,
}

#[derive(Debug, Clone, Serialize)]
pub struct NavLink {
    pub href: &'static str,
    pub icon: &'static str,
    pub label: String,
    pub current: bool,
    pub count: Option<i64>,
    pub late: bool,
}

/// The sections of the portal, each shown to who may open it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    Home,
    Today,
    Leads,
    Users,
    Courses,
    Imports,
    Scripts,
    Simulator,
    None,
}

/// Which sections somebody may open.
#[derive(Default)]
pub struct Sight {
    pub users: bool,
    pub courses: bool,
    pub imports: bool,
    pub scripts: bool,
    pub simulator: bool,
    pub overdue: i64,
}

impl Sight {
    pub fn of(actor: &Actor, demo: bool, overdue: i64) -> Self {
        Self {
            users: actor.can(Permit::StaffRead),
            courses: actor.can(Permit::CoursesRead),
            imports: actor.can(Permit::ImportsCreate),
            scripts: actor.can(Permit::Scripts),
            simulator: demo,
            overdue,
        }
    }
}

pub fn nav(words: &Words, at: Section, sight: &Sight) -> (Vec<NavGroup>, Vec<NavLink>) {
    let link = |section: Section, href, icon, label: &str| NavLink {
        href,
        icon,
        label: words.t(label),
        current: section == at,
        count: None,
        late: false,
    };
    let mut today = link(Section::Today, "/today", "today", "nav-today");
    if sight.overdue > 0 {
        today.count = Some(sight.overdue);
        today.late = true;
    }
    let home = link(Section::Home, "/", "home", "nav-home");
    let leads = link(Section::Leads, "/leads", "leads", "nav-leads");
    let imports = link(Section::Imports, "/imports", "import", "nav-imports");
    let dock = vec![
        NavLink {
            label: words.t("nav-home-short"),
            ..home.clone()
        },
        today.clone(),
        leads.clone(),
        NavLink {
            label: words.t("nav-more"),
            current: false,
            ..link(Section::None, "/more", "more", "nav-more")
        },
    ];
    let mut groups = vec![NavGroup {
        heading: None,
        links: vec![home, today, leads],
    }];
    let mut group = |heading: &str, links: Vec<Option<NavLink>>| {
        let links: Vec<_> = links.into_iter().flatten().collect();
        if !links.is_empty() {
            groups.push(NavGroup {
                heading: Some(words.t(heading)),
                links,
            });
        }
    };
    group(
        "nav-team",
        vec![
            sight
                .users
                .then(|| link(Section::Users, "/users", "users", "nav-users")),
            sight
                .courses
                .then(|| link(Section::Courses, "/courses", "book", "nav-courses")),
        ],
    );
    group(
        "nav-setup",
        vec![
            sight.imports.then_some(imports),
            sight
                .scripts
                .then(|| link(Section::Scripts, "/scripts", "rules", "nav-scripts")),
            sight
                .simulator
                .then(|| link(Section::Simulator, "/simulator", "telegram", "nav-simulator")),
        ],
    );
    (groups, dock)
}
