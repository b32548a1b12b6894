//! The palette: leads by name or phone, then the pages and actions this person may use, found by their words in any of
//! the four languages, in either alphabet, with a slip of the finger forgiven.

use platform::locale::Lang;
use platform::{Actor, Permit};
use poem::handler;
use poem::web::Query;
use serde::Deserialize;
use serde_json::{Value, json};
use workflows::leads::{self, Filter};

use crate::book::css;
use crate::found::{Wanted, rank};
use crate::nav::{Section, Sight, nav};
use crate::render;
use crate::visit::{Answer, Visit};
use crate::words::{Words, phone};

const MOST_LEADS: u64 = 7;
const MOST_COMMANDS: usize = 8;

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    q: String,
}

#[handler]
pub async fn search(visit: Visit, Query(asked): Query<Asked>) -> Answer {
    let (app, actor) = (visit.app(), visit.actor()?);
    let q = asked.q.trim().to_owned();
    let found = if q.is_empty() || !actor.can(Permit::LeadsOwn) {
        Vec::new()
    } else {
        let filter = Filter {
            search: q.clone(),
            limit: Some(MOST_LEADS),
            ..Filter::default()
        };
        leads::list(app, actor, filter).await?.items
    };
    let registry = leads::shown(app, actor).await?;
    let found: Vec<Value> = found
        .iter()
        .map(|lead| {
            let kind = css(registry.kind(&lead.status));
            let phone = lead.phone.as_deref().map(phone).unwrap_or_default();
            json!({"id": lead.id, "name": lead.name, "phone": phone, "glyph": format!("g-{kind}"), "css": kind})
        })
        .collect();
    let commands = commands(&visit, actor);
    let commands: Vec<&Command> = if q.is_empty() {
        commands.iter().collect()
    } else {
        let wanted = Wanted::of(&q);
        let mut ranked: Vec<_> = commands
            .iter()
            .filter_map(|command| Some((rank(&wanted, &command.known_as)?, command)))
            .collect();
        ranked.sort_by_key(|(rank, _)| std::cmp::Reverse(*rank));
        ranked
            .into_iter()
            .map(|(_, command)| command)
            .take(MOST_COMMANDS)
            .collect()
    };
    let groups: Vec<Value> = GROUPS
        .iter()
        .filter_map(|group| {
            let of = commands.iter().filter(|command| command.group == *group);
            let entries: Vec<Value> = of.map(|command| command.shown()).collect();
            (!entries.is_empty()).then(|| json!({"id": group, "label": visit.words.t(group), "entries": entries}))
        })
        .collect();
    let said = visit
        .words
        .count("palette-found", (found.len() + commands.len()) as i64);
    let view = json!({"leads": found, "groups": groups, "said": said});
    Ok(render::part(&visit.page(Section::None, String::new()), "found", &view))
}

const GROUPS: [&str; 3] = ["palette-actions", "palette-pages", "palette-portal"];

struct Command {
    group: &'static str,
    id: String,
    icon: &'static str,
    label: String,
    goes: Goes,
    /// Its label in every language.
    known_as: Vec<String>,
}

enum Goes {
    To(&'static str),
    /// A field of the look and its value.
    Look(&'static str, &'static str),
    Dialog(&'static str),
    SignOut,
}

impl Command {
    fn new(group: &'static str, words: &Words, icon: &'static str, label: &str, goes: Goes) -> Self {
        Self {
            group,
            id: label.to_owned(),
            icon,
            label: words.t(label),
            goes,
            known_as: everywhere(words).map(|words| words.t(label)).collect(),
        }
    }

    fn shown(&self) -> Value {
        let mut shown = json!({
            "id": self.id, "icon": self.icon, "label": self.label, "href": null, "field": null, "value": null,
            "dialog": null, "out": false,
        });
        match self.goes {
            Goes::To(href) => shown["href"] = json!(href),
            Goes::Look(field, value) => {
                shown["field"] = json!(field);
                shown["value"] = json!(value);
            }
            Goes::Dialog(dialog) => shown["dialog"] = json!(dialog),
            Goes::SignOut => shown["out"] = json!(true),
        }
        shown
    }
}

fn everywhere(words: &Words) -> impl Iterator<Item = Words> {
    let words = *words;
    Lang::ALL.into_iter().map(move |lang| Words { lang, ..words })
}

/// What begins something; then every page of the navigation and those behind it; then what changes the portal itself.
fn commands(visit: &Visit, actor: &Actor) -> Vec<Command> {
    let words = &visit.words;
    let may = |permit: Option<Permit>| permit.is_none_or(|permit| actor.can(permit));
    let linked = |group, links: &[(Option<Permit>, &'static str, &'static str, &'static str)]| -> Vec<Command> {
        let allowed = links.iter().filter(|(permit, ..)| may(*permit));
        allowed
            .map(|(_, icon, label, href)| Command::new(group, words, icon, label, Goes::To(href)))
            .collect()
    };
    let mut commands = linked(GROUPS[0], BEGINNINGS);
    let sight = Sight::of(actor, visit.demo, 0);
    let pages = |words: &Words| {
        nav(words, Section::None, &sight)
            .0
            .into_iter()
            .flat_map(|group| group.links)
    };
    let named: Vec<Vec<String>> = everywhere(words)
        .map(|words| pages(&words).map(|link| link.label).collect())
        .collect();
    commands.extend(pages(words).enumerate().map(|(at, link)| Command {
        group: GROUPS[1],
        id: format!("nav-{at}"),
        icon: link.icon,
        label: link.label,
        goes: Goes::To(link.href),
        known_as: named.iter().filter_map(|labels| labels.get(at).cloned()).collect(),
    }));
    commands.extend(linked(GROUPS[1], BEHIND));
    commands.extend(
        LOOKS
            .iter()
            .map(|(icon, label, field, value)| Command::new(GROUPS[2], words, icon, label, Goes::Look(field, value))),
    );
    commands.extend(Lang::ALL.into_iter().filter(|lang| *lang != words.lang).map(|lang| {
        Command {
            group: GROUPS[2],
            id: format!("lang-{lang}"),
            icon: "globe",
            label: format!("{}: {}", words.t("frame-language"), lang.endonym()),
            goes: Goes::Look("lang", lang.code()),
            known_as: everywhere(words)
                .map(|words| words.t("frame-language"))
                .chain([lang.endonym().to_owned()])
                .collect(),
        }
    }));
    commands.push(Command::new(
        GROUPS[2],
        words,
        "keyb",
        "keys-title",
        Goes::Dialog("#keys"),
    ));
    commands.push(Command::new(GROUPS[2], words, "out", "frame-logout", Goes::SignOut));
    commands
}

const BEGINNINGS: &[(Option<Permit>, &str, &str, &str)] = &[
    (Some(Permit::LeadsCreate), "plus", "lead-add", "/leads/new"),
    (Some(Permit::LeaveOwn), "leave", "leave-ask", "/leave/new"),
    (Some(Permit::StaffSales), "users", "user-add", "/users/new"),
    (Some(Permit::CoursesWrite), "book", "course-add", "/courses/new"),
    (Some(Permit::ImportsCreate), "link", "sheets-connect", "/sheets/new"),
];

const BEHIND: &[(Option<Permit>, &str, &str, &str)] = &[
    (
        Some(Permit::FollowUpsOwn),
        "alert",
        "palette-overdue",
        "/today?mode=list&view=overdue",
    ),
    (Some(Permit::LeadsAll), "inbox", "palette-waiting", "/leads?waiting=1"),
    (Some(Permit::LeaveOwn), "calendar", "palette-away", "/leave/calendar"),
    (Some(Permit::StaffRead), "key", "role-title", "/roles"),
    (Some(Permit::Settings), "tag", "fields-title", "/settings/fields"),
    (Some(Permit::Settings), "tag", "tags-title", "/settings/tags"),
    (Some(Permit::LeadsTrash), "trash", "trash-title", "/leads/trash"),
    (None, "help", "help-title", "/help"),
    (None, "user", "profile-title", "/profile"),
    (None, "lock", "factor-title", "/profile/second-factor"),
];

const LOOKS: &[(&str, &str, &str, &str)] = &[
    ("moon", "palette-dark", "theme", "dark"),
    ("sun", "palette-light", "theme", "light"),
    ("bulb", "palette-auto", "theme", "auto"),
];
