//! The way around: the sections of the portal, each shown to who may open it.

use platform::{Actor, Permit};
use serde::Serialize;

use crate::words::Words;

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
    Board,
    Users,
    Courses,
    Leave,
    Distribution,
    Imports,
    Exports,
    Sheets,
    Scripts,
    Bot,
    Settings,
    Centre,
    Audit,
    Packs,
    Simulator,
    None,
}

/// Which sections somebody may open.
#[derive(Default)]
pub struct Sight {
    pub leads: bool,
    pub follow_ups: bool,
    pub adds: bool,
    pub users: bool,
    pub courses: bool,
    pub leave: bool,
    pub distribution: bool,
    pub imports: bool,
    pub exports: bool,
    pub scripts: bool,
    pub bot: bool,
    pub settings: bool,
    pub audit: bool,
    pub simulator: bool,
    pub overdue: i64,
}

impl Sight {
    pub fn of(actor: &Actor, demo: bool, overdue: i64) -> Self {
        Self {
            leads: actor.can(Permit::LeadsOwn),
            follow_ups: actor.can(Permit::FollowUpsOwn),
            adds: actor.can(Permit::LeadsCreate),
            users: actor.can(Permit::StaffRead),
            courses: actor.can(Permit::CoursesRead),
            leave: actor.can(Permit::LeaveOwn),
            distribution: actor.can(Permit::Distribution),
            imports: actor.can(Permit::ImportsCreate),
            exports: actor.can(Permit::Exports),
            scripts: actor.can(Permit::Scripts),
            bot: actor.can(Permit::Bot),
            settings: actor.can(Permit::Settings),
            audit: actor.can(Permit::Audit),
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
    let board = link(Section::Board, "/leads/board", "board", "nav-board");
    let imports = link(Section::Imports, "/imports", "import", "nav-imports");
    let more = NavLink {
        label: words.t("nav-more"),
        current: false,
        ..link(Section::None, "/more", "more", "nav-more")
    };
    let short = NavLink {
        label: words.t("nav-home-short"),
        ..home.clone()
    };
    let only = |links: [(bool, NavLink); 3]| links.into_iter().filter(|(seen, _)| *seen).map(|(_, link)| link);
    let mut dock: Vec<NavLink> = only([
        (true, short),
        (sight.follow_ups, today.clone()),
        (sight.leads, leads.clone()),
    ])
    .collect();
    dock.push(more);
    let mut groups = vec![NavGroup {
        heading: None,
        links: only([(true, home), (sight.follow_ups, today), (sight.leads, leads)])
            .chain(sight.leads.then_some(board))
            .collect(),
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
            sight
                .distribution
                .then(|| link(Section::Distribution, "/distribution", "swap", "nav-distribution")),
            sight
                .leave
                .then(|| link(Section::Leave, "/leave", "leave", "nav-leave")),
        ],
    );
    group(
        "nav-data",
        vec![
            sight.imports.then_some(imports),
            sight
                .imports
                .then(|| link(Section::Sheets, "/sheets", "link", "nav-sheets")),
            sight
                .exports
                .then(|| link(Section::Exports, "/exports", "download", "nav-exports")),
        ],
    );
    group(
        "nav-setup",
        vec![
            sight
                .settings
                .then(|| link(Section::Settings, "/settings", "settings", "nav-settings")),
            sight
                .settings
                .then(|| link(Section::Centre, "/centre", "room", "centre-title")),
            sight
                .scripts
                .then(|| link(Section::Scripts, "/scripts", "rules", "nav-scripts")),
            sight
                .scripts
                .then(|| link(Section::Packs, "/packs", "pack", "nav-packs")),
            sight.bot.then(|| link(Section::Bot, "/bot", "telegram", "nav-bot")),
            sight
                .audit
                .then(|| link(Section::Audit, "/audit", "eye", "audit-title")),
            sight
                .simulator
                .then(|| link(Section::Simulator, "/simulator", "message", "nav-simulator")),
        ],
    );
    (groups, dock)
}
