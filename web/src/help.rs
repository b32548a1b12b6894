//! Help inside the portal: chapters as tasks with questions and answers, a glossary, a search; each page's own chapter
//! is a press away from its title.

mod texts;

use platform::locale::Lang;
use platform::{Actor, Error, Permit};
use poem::handler;
use poem::web::{Path, Query};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::nav::Section;
use crate::render;
use crate::visit::{Answer, Visit};
use texts::{Chapter, Hit, chapters, search};

const MOST_HITS: usize = 20;

/// A chapter, who it is for, and the pages it explains: the longest beginning of an address wins, `/` is itself alone.
struct Known {
    key: &'static str,
    icon: &'static str,
    group: &'static str,
    permit: Option<Permit>,
    explains: &'static [&'static str],
}

const fn known(
    group: &'static str,
    key: &'static str,
    icon: &'static str,
    permit: Option<Permit>,
    explains: &'static [&'static str],
) -> Known {
    Known {
        key,
        icon,
        group,
        permit,
        explains,
    }
}

const DAY: &str = "help-every-day";
const TEAM: &str = "help-team";
const CENTER: &str = "help-center";

static CHAPTERS: [Known; 16] = [
    known(DAY, "start", "home", None, &["/"]),
    known(DAY, "today", "today", Some(Permit::FollowUpsOwn), &["/today"]),
    known(DAY, "lead", "user", Some(Permit::LeadsOwn), &["/leads/"]),
    known(
        DAY,
        "leads",
        "leads",
        Some(Permit::LeadsOwn),
        &["/leads", "/leads/board"],
    ),
    known(DAY, "add", "plus", Some(Permit::LeadsCreate), &["/leads/new"]),
    known(
        DAY,
        "import",
        "import",
        Some(Permit::ImportsCreate),
        &["/imports", "/sheets"],
    ),
    known(DAY, "leave", "leave", Some(Permit::LeaveOwn), &["/leave"]),
    known(DAY, "account", "lock", None, &["/profile", "/simulator"]),
    known(TEAM, "team", "group", Some(Permit::TeamNumbers), &[]),
    known(
        TEAM,
        "distribution",
        "swap",
        Some(Permit::Distribution),
        &["/distribution"],
    ),
    known(
        TEAM,
        "staff",
        "users",
        Some(Permit::StaffSales),
        &["/users", "/leave/calendar"],
    ),
    known(TEAM, "export", "download", Some(Permit::Exports), &["/exports"]),
    known(
        CENTER,
        "setup",
        "settings",
        Some(Permit::Settings),
        &["/centre", "/courses", "/bot", "/settings/fields", "/leave/holidays"],
    ),
    known(
        CENTER,
        "rules",
        "rules",
        Some(Permit::Settings),
        &["/settings", "/scripts", "/packs", "/decisions"],
    ),
    known(
        CENTER,
        "access",
        "key",
        Some(Permit::Settings),
        &["/roles", "/audit", "/leads/trash"],
    ),
    known("help-words", "glossary", "book", None, &[]),
];

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    q: String,
}

#[handler]
pub async fn index(visit: Visit, Query(asked): Query<Asked>) -> Answer {
    let (actor, lang) = (visit.actor()?, visit.words.lang);
    let q = asked.q.trim();
    let hits = if q.is_empty() {
        Vec::new()
    } else {
        search(for_actor(actor, lang).map(|(_, chapter)| chapter), q, MOST_HITS)
    };
    let shown: Vec<Value> = hits.iter().map(hit).collect();
    let view = json!({
        "q": q, "asked": !q.is_empty(), "hits": shown, "groups": groups(&visit, actor, None),
        "said": visit.words.count("palette-found", hits.len() as i64),
    });
    Ok(render::page(
        &visit.page(Section::None, visit.words.t("help-title")),
        "help/index",
        &view,
    ))
}

#[handler]
pub async fn show(visit: Visit, Path(key): Path<String>) -> Answer {
    let (actor, lang) = (visit.actor()?, visit.words.lang);
    let mine: Vec<&Chapter> = for_actor(actor, lang).map(|(_, chapter)| chapter).collect();
    // A colleague's link opens too; only the way to the next chapter leads along one's own.
    let chapter = chapters(lang)
        .iter()
        .find(|chapter| chapter.key == key)
        .ok_or(Error::NotFound)?;
    let at = mine.iter().position(|mine| mine.key == key);
    let beside = |step: isize| {
        let chapter = mine.get(at?.checked_add_signed(step)?)?;
        Some(json!({"href": format!("/help/{}", chapter.key), "title": chapter.title}))
    };
    let sections: Vec<Value> = chapter
        .sections
        .iter()
        .map(|section| json!({"key": section.key, "title": section.title, "html": section.html}))
        .collect();
    let view = json!({
        "title": chapter.title, "html": chapter.html, "sections": sections, "words": key == "glossary",
        "groups": groups(&visit, actor, Some(&key)), "before": beside(-1), "after": beside(1),
    });
    Ok(render::page(
        &visit.page(Section::None, chapter.title.clone()),
        "help/show",
        &view,
    ))
}

/// The chapter that explains the page at an address, for whom it is for.
pub fn about(actor: &Actor, address: &str) -> Option<String> {
    let path = address.split('?').next().unwrap_or_default();
    let fits = |place: &str| {
        let rest = path.strip_prefix(place);
        rest.is_some_and(|rest| rest.is_empty() || (place != "/" && (place.ends_with('/') || rest.starts_with('/'))))
    };
    let places = CHAPTERS
        .iter()
        .flat_map(|known| known.explains.iter().map(move |place| (known, *place)));
    let (known, _) = places
        .filter(|(_, place)| fits(place))
        .max_by_key(|(_, place)| place.len())?;
    may(actor, known).then(|| format!("/help/{}", known.key))
}

fn may(actor: &Actor, known: &Known) -> bool {
    known.permit.is_none_or(|permit| actor.can(permit))
}

fn for_actor(actor: &Actor, lang: Lang) -> impl Iterator<Item = (&'static Known, &'static Chapter)> {
    CHAPTERS
        .iter()
        .zip(chapters(lang))
        .filter(|(known, _)| may(actor, known))
}

fn groups(visit: &Visit, actor: &Actor, current: Option<&str>) -> Vec<Value> {
    let mut groups: Vec<(&str, Vec<Value>)> = Vec::new();
    for (known, chapter) in for_actor(actor, visit.words.lang) {
        let link = json!({
            "href": format!("/help/{}", known.key), "icon": known.icon, "title": chapter.title,
            "current": current == Some(known.key),
        });
        match groups.last_mut().filter(|(group, _)| *group == known.group) {
            Some((_, links)) => links.push(link),
            None => groups.push((known.group, vec![link])),
        }
    }
    let shown = |(group, links)| json!({"heading": visit.words.t(group), "links": links});
    groups.into_iter().map(shown).collect()
}

fn hit(hit: &Hit) -> Value {
    let (key, chapter) = (&hit.chapter.key, &hit.chapter.title);
    match hit.section {
        Some(section) => json!({
            "href": format!("/help/{key}#{}", section.key), "title": section.title, "chapter": chapter, "html": section.html,
        }),
        None => json!({"href": format!("/help/{key}"), "title": chapter, "chapter": null, "html": null}),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_of_the_navigation_has_its_chapter() {
        let nav = include_str!("nav.rs");
        let places: Vec<&str> = CHAPTERS.iter().flat_map(|known| known.explains).copied().collect();
        for piece in nav.split("link(Section::").skip(1) {
            let href = piece.split('"').nth(1).unwrap();
            if href.starts_with('/') && href != "/more" {
                assert!(
                    places
                        .iter()
                        .any(|place| href.starts_with(place) && (*place != "/" || href == "/")),
                    "{href}"
                );
            }
        }
    }
}
