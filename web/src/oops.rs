//! Refusals and failures as pages: what happened, what to do, and a number to tell us.

use platform::Error;
use platform::locale::Lang;
use poem::http::{StatusCode, header};
use poem::{IntoResponse, Request, Response};
use serde_json::{Value, json};

use crate::nav::Section;
use crate::page::{LangLink, Mark, Page, Theme};
use crate::render;
use crate::visit::Visit;
use crate::words::Words;

/// The page for an error of a signed or unsigned visitor.
pub fn oops(visit: &Visit, error: &Error) -> Response {
    if let Error::Internal(what) = error {
        tracing::error!(request_id = visit.request.id, what, "a page failed");
    }
    let request = (error.status() >= 500).then_some(visit.request.id.as_str());
    let view = view(&visit.words, error.status(), &visit.explain(error), request, true);
    let page = visit.page(Section::None, view["title"].as_str().unwrap_or_default().to_owned());
    render::page_with(status(error.status()), &page, "oops", &view)
}

/// Whether a browser asks for a page, not a program for an answer.
pub fn asks_for_page(req: &Request) -> bool {
    let accepts = req
        .header(header::ACCEPT)
        .is_some_and(|accept| accept.contains("text/html"));
    accepts && !req.uri().path().starts_with("/api/")
}

pub fn lang(req: &Request) -> Lang {
    req.header(header::ACCEPT_LANGUAGE)
        .and_then(Lang::negotiate)
        .unwrap_or_default()
}

/// What was refused before any page was looked for (an unknown host, a body too large) as a page.
pub async fn for_browser(response: Response, lang: Lang, now: chrono::DateTime<chrono::Utc>) -> Response {
    let is_problem = response
        .content_type()
        .is_some_and(|kind| kind.starts_with("application/problem+json"));
    if !is_problem {
        return response;
    }
    let (parts, body) = response.into_parts();
    let problem: Value = body.into_json().await.unwrap_or_default();
    let words = Words {
        lang,
        zone: chrono_tz::UTC,
        now,
    };
    let told = problem["title"].as_str().unwrap_or_default();
    let view = view(
        &words,
        parts.status.as_u16(),
        told,
        problem["request_id"].as_str(),
        false,
    );
    let page = Page {
        lang,
        lang_tag: lang.tag(),
        langs: LangLink::all(lang),
        theme: Theme::Auto,
        csrf: String::new(),
        nonce: problem["request_id"].as_str().unwrap_or_default().to_owned(),
        title: view["title"].as_str().unwrap_or_default().to_owned(),
        path: "/".to_owned(),
        tenant: Mark {
            name: words.t("app-name"),
            about: String::new(),
        },
        me: None,
        nav: Vec::new(),
        dock: Vec::new(),
        adds: false,
        toast: None,
        help: None,
        words,
    };
    render::page_with(parts.status, &page, "oops", &view).into_response()
}

fn view(words: &Words, status: u16, told: &str, request: Option<&str>, home: bool) -> Value {
    let (title, text) = match status {
        403 => (words.t("oops-403-title"), told.to_owned()),
        404 | 421 | 429 | 500 => (
            words.t(&format!("oops-{status}-title")),
            words.t(&format!("oops-{status}-text")),
        ),
        _ => (words.t("oops-other-title"), told.to_owned()),
    };
    json!({"status": status, "title": title, "text": text, "home": home, "request": request.filter(|_| status >= 500)})
}

fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
