//! Pages from templates: one strict handlebars registry per language, its fixed words and icons set when it is built,
//! so a page costs only what is its own.

use std::sync::LazyLock;

use handlebars::{Context, Handlebars, RenderError, RenderErrorReason};
use platform::locale::{self, Lang};
use poem::Response;
use poem::http::{StatusCode, header};
use rust_embed::RustEmbed;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::components;
use crate::page::Page;

/// A whole page: the template's body inside the frame.
pub fn page<V: Serialize>(page: &Page, template: &str, view: &V) -> Response {
    page_with(StatusCode::OK, page, template, view)
}

pub fn page_with<V: Serialize>(status: StatusCode, page: &Page, template: &str, view: &V) -> Response {
    match serde_json::to_value(view) {
        Ok(view) => page_of(status, page, template, view),
        Err(error) => respond(status, page, Err(unserializable(error))),
    }
}

/// As [`page_with`], for the pages of long lists: nothing is copied on its way into the template.
pub fn page_of(status: StatusCode, page: &Page, template: &str, view: Value) -> Response {
    respond(status, page, framed(page, template, view))
}

fn framed(page: &Page, template: &str, view: Value) -> Result<String, RenderError> {
    let frame = if page.me.is_some() {
        "layout/frame"
    } else {
        "layout/bare"
    };
    let registry = registry(page.words.lang);
    let mut context = context(page, view)?;
    let body = registry.render_with_context(template, &context)?;
    context.data_mut()["body"] = Value::String(body);
    registry.render_with_context(frame, &context)
}

/// A part of a page, for htmx to put in its place.
pub fn part<V: Serialize>(page: &Page, template: &str, view: &V) -> Response {
    respond(StatusCode::OK, page, body(page, template, view))
}

/// A template that stands inside a page, the same wherever it stands.
pub fn body<V: Serialize>(page: &Page, template: &str, view: &V) -> Result<String, RenderError> {
    let view = serde_json::to_value(view).map_err(unserializable)?;
    registry(page.words.lang).render_with_context(template, &context(page, view)?)
}

fn context(page: &Page, view: Value) -> Result<Context, RenderError> {
    let page = serde_json::to_value(page).map_err(unserializable)?;
    let mut context = Context::null();
    *context.data_mut() = Value::Object(Map::from_iter([("page".to_owned(), page), ("view".to_owned(), view)]));
    Ok(context)
}

fn unserializable(error: serde_json::Error) -> RenderError {
    RenderErrorReason::SerdeError(error).into()
}

fn respond(status: StatusCode, page: &Page, html: Result<String, RenderError>) -> Response {
    match html {
        Ok(html) => Response::builder()
            .status(status)
            .header(header::CONTENT_TYPE, "text/html; charset=utf-8")
            .header(header::CACHE_CONTROL, "no-store")
            .header(header::CONTENT_SECURITY_POLICY, page.policy())
            .header(header::REFERRER_POLICY, "same-origin")
            .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
            .body(html),
        Err(error) => {
            tracing::error!(%error, "a page did not render");
            Response::builder()
                .status(StatusCode::INTERNAL_SERVER_ERROR)
                .body(locale::t(page.words.lang, "oops-500-text", &[]))
        }
    }
}

#[derive(RustEmbed)]
#[folder = "templates/"]
struct Templates;

static REGISTRIES: LazyLock<[Handlebars<'static>; 4]> = LazyLock::new(|| Lang::ALL.map(build));

fn registry(lang: Lang) -> &'static Handlebars<'static> {
    &REGISTRIES[lang as usize]
}

#[expect(
    clippy::panic,
    reason = "a template that does not parse is found at start, by every test"
)]
fn build(lang: Lang) -> Handlebars<'static> {
    let mut registry = Handlebars::new();
    registry.set_strict_mode(true);
    components::register(&mut registry, lang);
    for path in Templates::iter() {
        let Some(file) = Templates::get(&path) else { continue };
        let source = String::from_utf8_lossy(&file.data);
        let name = path.trim_end_matches(".hbs");
        if let Err(error) = registry.register_template_string(name, settle(&source, lang)) {
            panic!("{path}: {error}");
        }
    }
    registry
}

/// A form that works without script, and with it swaps the sheet alone.
const LIVE: &str = "hx-boost=\"true\" hx-target=\"#main\" hx-select=\"#main\" hx-swap=\"outerMorph\"";

/// Replaces what is the same on every rendering, `{{t "id"}}`, `{{icon "name"}}` and `{{asset "path"}}`, and takes
/// indentation out.
fn settle(source: &str, lang: Lang) -> String {
    let mut out = String::with_capacity(source.len());
    for line in with_help(source).lines() {
        out.push_str(line.trim_start());
        out.push('\n');
    }
    out = out.replace("{{live}}", LIVE);
    out = out.replace("{{keys}}", &crate::keys::list(lang));
    out = replace_calls(&out, "{{t \"", |id| handlebars::html_escape(&locale::t(lang, id, &[])));
    out = replace_calls(&out, "{{icon \"", |name| components::icon(name, ""));
    replace_calls(&out, "{{asset \"", crate::assets::url)
}

/// The way to the help stands behind every page's title, or behind its path where the title is the path's end.
fn with_help(source: &str) -> String {
    let head = source
        .starts_with("<header class=\"top\">")
        .then(|| source.find("</header>"))
        .flatten();
    let end = head.and_then(|head| {
        let closes = |tag: &str| source[..head].find(tag).map(|at| at + tag.len());
        closes("</h1>").or_else(|| closes("</nav>"))
    });
    match end {
        Some(end) => format!("{}{{{{> layout/help}}}}{}", &source[..end], &source[end..]),
        None => source.to_owned(),
    }
}

fn replace_calls(source: &str, opening: &str, with: impl Fn(&str) -> String) -> String {
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(at) = rest.find(opening) {
        let inside = &rest[at + opening.len()..];
        let Some(end) = inside.find('"').filter(|end| inside[*end..].starts_with("\"}}")) else {
            out.push_str(&rest[..at + opening.len()]);
            rest = inside;
            continue;
        };
        out.push_str(&rest[..at]);
        out.push_str(&with(&inside[..end]));
        rest = &inside[end + 3..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn sources() -> Vec<(String, String)> {
        Templates::iter()
            .filter_map(|path| {
                Some((
                    path.to_string(),
                    String::from_utf8(Templates::get(&path)?.data.into_owned()).unwrap(),
                ))
            })
            .collect()
    }

    #[test]
    fn every_template_parses_in_every_language() {
        for lang in Lang::ALL {
            assert!(registry(lang).has_template("layout/frame"));
        }
    }

    #[test]
    fn every_message_a_template_names_exists() {
        for (path, source) in sources() {
            for opening in [
                "{{t \"",
                "(t \"",
                "label=\"",
                "hint=\"",
                "title=\"",
                "text=\"",
                "action=\"",
            ] {
                for piece in source.split(opening).skip(1) {
                    let id = piece.split('"').next().unwrap();
                    let named = opening.contains("t \"") || piece_is_argument(&source, opening, id);
                    if named && !id.contains('{') && !id.is_empty() {
                        for lang in Lang::ALL {
                            assert!(locale_has(lang, id), "{path}: {lang} has no {id}");
                        }
                    }
                }
            }
        }
    }

    fn piece_is_argument(source: &str, opening: &str, id: &str) -> bool {
        ["{{field ", "{{choose ", "{{area ", "{{empty "].iter().any(|call| {
            source
                .split(call)
                .skip(1)
                .any(|rest| rest.split("}}").next().unwrap().contains(&format!("{opening}{id}\"")))
        })
    }

    fn locale_has(lang: Lang, id: &str) -> bool {
        let others = ["day", "month", "year", "weekday"];
        let args: Vec<_> = components::ARGUMENTS
            .into_iter()
            .chain(others)
            .map(|name| (name, 1.into()))
            .collect();
        locale::find(lang, id, &args).is_some()
    }

    #[test]
    fn every_message_the_code_names_exists() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_none_or(|kind| kind != "rs") || path.ends_with("render.rs") {
                continue;
            }
            let source = std::fs::read_to_string(&path).unwrap();
            for opening in [".t(\"", ".count(\"", ".with(\"", "Some(\"toast-"] {
                for piece in source.split(opening).skip(1) {
                    let named = piece.split('"').next().unwrap();
                    let id = if opening.ends_with('-') {
                        format!("toast-{named}")
                    } else {
                        named.to_owned()
                    };
                    // A refusal is told its figures by the same word; no message's name is a single one.
                    if opening == ".with(\"" && !id.contains('-') {
                        continue;
                    }
                    assert!(locale_has(Lang::Uz, &id), "{}: no message {id}", path.display());
                }
            }
        }
    }

    #[test]
    fn templates_hold_no_bare_words() {
        for (path, source) in sources() {
            let bare = bare_words(&source);
            assert!(bare.is_empty(), "{path} says {bare:?}: give it a message");
        }
    }

    #[test]
    fn templates_obey_the_content_policy() {
        for (path, source) in sources() {
            for banned in [
                " style=",
                "<style",
                " onclick=",
                " onchange=",
                " onsubmit=",
                "javascript:",
                "hx-on",
            ] {
                assert!(!source.contains(banned), "{path} has {banned}");
            }
            for script in source.split("<script").skip(1) {
                assert!(
                    script.split('>').next().unwrap().contains("src="),
                    "{path} has an inline script"
                );
            }
        }
    }

    /// Runs of letters outside tags and mustaches, and in the attributes a person hears or reads.
    fn bare_words(source: &str) -> BTreeSet<String> {
        let mut text = String::new();
        let mut rest = source;
        while let Some(at) = rest.find("{{") {
            text.push_str(&rest[..at]);
            text.push(' ');
            let close = if rest[at..].starts_with("{{{") { "}}}" } else { "}}" };
            rest = rest[at..].find(close).map_or("", |end| &rest[at + end + close.len()..]);
        }
        text.push_str(rest);
        let mut found = BTreeSet::new();
        let mut inside_tag = false;
        let mut words = String::new();
        for c in text.chars() {
            match c {
                '<' => inside_tag = true,
                '>' => {
                    inside_tag = false;
                    words.push(' ');
                }
                c if !inside_tag => words.push(c),
                _ => {}
            }
        }
        let clean = words.replace("&nbsp;", " ");
        found.extend(
            clean
                .split_whitespace()
                .filter(|w| w.chars().filter(|c| c.is_alphabetic()).count() > 1)
                .map(str::to_owned),
        );
        for attribute in ["aria-label=\"", "placeholder=\"", "alt=\"", " title=\""] {
            for piece in text.split(attribute).skip(1) {
                let value = piece.split('"').next().unwrap_or_default();
                found.extend(
                    value
                        .split_whitespace()
                        .filter(|w| w.chars().any(char::is_alphabetic))
                        .map(str::to_owned),
                );
            }
        }
        for allowed in ["Markaz", "Telegram", "WhatsApp", "Ctrl", "Enter", "Esc", "UZ"] {
            found.remove(allowed);
        }
        found
    }
}
