//! The help's texts: one file per language, its chapters told apart by headings that carry their address. Markup is
//! read once; HTML in a text is shown, never obeyed.

use std::sync::LazyLock;

use platform::locale::Lang;
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};
use rust_embed::RustEmbed;

use crate::found::{Wanted, Words, rank_words};

#[derive(RustEmbed)]
#[folder = "help/"]
struct Files;

#[derive(Debug)]
pub struct Chapter {
    pub key: String,
    pub title: String,
    /// What stands before the first question.
    pub html: String,
    pub sections: Vec<Section>,
    words: Words,
}

#[derive(Debug)]
pub struct Section {
    pub key: String,
    pub title: String,
    pub html: String,
    words: Words,
}

/// A place that answers a search.
pub struct Hit<'a> {
    pub chapter: &'a Chapter,
    pub section: Option<&'a Section>,
}

pub fn chapters(lang: Lang) -> &'static [Chapter] {
    static TEXTS: LazyLock<[Vec<Chapter>; 4]> = LazyLock::new(|| Lang::ALL.map(|lang| parse(&source(lang))));
    &TEXTS[lang as usize]
}

/// What fits best first; a title counts for more than what stands under it.
pub fn search<'a>(chapters: impl Iterator<Item = &'a Chapter>, typed: &str, most: usize) -> Vec<Hit<'a>> {
    let wanted = Wanted::of(typed);
    let rank = |title: &str, words: &Words| -> Option<u32> {
        let text = rank_words(&wanted, words)?;
        Some(text + 3 * rank_words(&wanted, &Words::of([title])).unwrap_or_default())
    };
    let mut hits = Vec::new();
    for chapter in chapters {
        hits.extend(rank(&chapter.title, &chapter.words).map(|rank| (rank, Hit { chapter, section: None })));
        for section in &chapter.sections {
            let section_hit = Hit {
                chapter,
                section: Some(section),
            };
            hits.extend(rank(&section.title, &section.words).map(|rank| (rank, section_hit)));
        }
    }
    hits.sort_by_key(|(rank, _)| std::cmp::Reverse(*rank));
    hits.into_iter().map(|(_, hit)| hit).take(most).collect()
}

fn source(lang: Lang) -> String {
    let file = Files::get(&format!("{lang}.md"));
    file.map(|file| String::from_utf8_lossy(&file.data).into_owned())
        .unwrap_or_default()
}

/// One heading with what stands under it, up to the next.
struct Piece<'a> {
    level: HeadingLevel,
    key: String,
    title: String,
    body: Vec<Event<'a>>,
}

fn parse(source: &str) -> Vec<Chapter> {
    let mut chapters: Vec<Chapter> = Vec::new();
    for piece in pieces(source) {
        let text: Vec<&str> = piece.body.iter().filter_map(text).collect();
        let words = Words::of(std::iter::once(piece.title.as_str()).chain(text));
        let mut out = String::new();
        let (key, title) = (piece.key, piece.title);
        html::push_html(&mut out, piece.body.into_iter());
        if piece.level == HeadingLevel::H1 {
            let sections = Vec::new();
            chapters.push(Chapter {
                key,
                title,
                html: out,
                sections,
                words,
            });
        } else if let Some(chapter) = chapters.last_mut() {
            chapter.sections.push(Section {
                key,
                title,
                html: out,
                words,
            });
        }
    }
    chapters
}

fn pieces(source: &str) -> Vec<Piece<'_>> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut in_heading = false;
    for event in Parser::new_ext(source, Options::ENABLE_HEADING_ATTRIBUTES) {
        match event {
            Event::Start(Tag::Heading { level, id, .. }) => {
                in_heading = true;
                let key = id.map(|id| id.to_string()).unwrap_or_default();
                pieces.push(Piece {
                    level,
                    key,
                    title: String::new(),
                    body: Vec::new(),
                });
            }
            Event::End(TagEnd::Heading(_)) => in_heading = false,
            event => {
                let Some(piece) = pieces.last_mut() else { continue };
                if in_heading {
                    piece.title.push_str(text(&event).unwrap_or_default());
                } else {
                    piece.body.push(shown(event));
                }
            }
        }
    }
    pieces
}

fn text<'a>(event: &'a Event) -> Option<&'a str> {
    match event {
        Event::Text(text) | Event::Code(text) => Some(text),
        _ => None,
    }
}

/// A text may hold no HTML of its own.
fn shown(event: Event<'_>) -> Event<'_> {
    match event {
        Event::Html(html) | Event::InlineHtml(html) => Event::Text(html),
        event => event,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(lang: Lang) -> Vec<(String, Vec<String>)> {
        let of = |chapter: &Chapter| {
            let sections = chapter.sections.iter().map(|section| section.key.clone()).collect();
            (chapter.key.clone(), sections)
        };
        chapters(lang).iter().map(of).collect()
    }

    #[test]
    fn every_language_has_every_chapter_and_question_in_the_same_order() {
        let known: Vec<&str> = super::super::CHAPTERS.iter().map(|chapter| chapter.key).collect();
        for lang in Lang::ALL {
            assert_eq!(keys(lang), keys(Lang::En), "{lang}");
            let written: Vec<&str> = chapters(lang).iter().map(|chapter| chapter.key.as_str()).collect();
            assert_eq!(written, known, "{lang}");
            for chapter in chapters(lang) {
                assert!(
                    !chapter.title.is_empty() && !chapter.html.is_empty(),
                    "{lang} {}",
                    chapter.key
                );
                for section in &chapter.sections {
                    assert!(
                        section.html.len() > 20 && !section.key.is_empty(),
                        "{lang} {}",
                        section.title
                    );
                }
            }
        }
    }

    #[test]
    fn every_link_leads_to_a_page_of_the_portal_and_the_same_in_every_language() {
        let contents = include_str!("../portal.rs");
        let links = |lang| -> Vec<String> {
            let source = source(lang);
            let parts = source.split("](").skip(1);
            parts.map(|part| part.split(')').next().unwrap().to_owned()).collect()
        };
        for lang in Lang::ALL {
            let mut found = links(lang);
            for link in &found {
                let path = link.split(['?', '#']).next().unwrap();
                assert!(
                    contents.contains(&format!(".at(\"{path}\"")) || contents.contains(&format!("\"{path}\",")),
                    "{lang}: {link}"
                );
            }
            let mut english = links(Lang::En);
            found.sort();
            english.sort();
            assert_eq!(found, english, "{lang}");
        }
    }

    #[test]
    fn html_in_a_text_is_shown_and_not_obeyed() {
        let chapters =
            parse("# One {#one}\n\n<script>alert(1)</script>\n\nIn <b>line</b>.\n\n## Two {#two}\n\n<img src=x>\n");
        let all = format!("{}{}", chapters[0].html, chapters[0].sections[0].html);
        assert!(
            all.contains("&lt;script&gt;") && all.contains("&lt;b&gt;") && all.contains("&lt;img"),
            "{all}"
        );
        assert!(
            !all.contains("<script") && !all.contains("<b>") && !all.contains("<img"),
            "{all}"
        );
    }

    #[test]
    fn a_question_is_found_by_its_words_in_either_alphabet() {
        for (lang, typed, key) in [
            (Lang::Uz, "birlashtirish qaytarish", "add-unmerge"),
            (Lang::Uz, "бирлаштириш", "word-merge"),
            (Lang::Ru, "zabil parol", "account-password"),
            (Lang::Ru, "предел", "word-cap"),
            (Lang::En, "overdue", "word-overdue"),
            (Lang::Kk, "құпиясөз", "account-password"),
        ] {
            let hits = search(chapters(lang).iter(), typed, 8);
            let found: Vec<&str> = hits
                .iter()
                .filter_map(|hit| hit.section)
                .map(|section| section.key.as_str())
                .collect();
            assert!(found.contains(&key), "{lang} {typed}: {found:?}");
        }
        assert!(search(chapters(Lang::En).iter(), "xyzzyx", 8).is_empty());
    }
}
