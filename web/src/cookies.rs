//! What a browser keeps for us beside its session: language, theme, and the message for the next page.

use platform::locale::Lang;
use poem::http::header;
use poem::{IntoResponse, Request, Response};

use crate::page::Toast;
use crate::words::Words;

pub const LANG: &str = "markaz_lang";
pub const THEME: &str = "markaz_theme";
pub const TOAST: &str = "markaz_toast";

pub fn chosen_lang(req: &Request) -> Option<Lang> {
    let query = req.uri().query().unwrap_or_default();
    let asked = url::form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name == "lang")
        .map(|(_, value)| value);
    asked
        .map(|code| code.into_owned())
        .or_else(|| read(req, LANG))
        .and_then(|code| code.parse().ok())
}

/// Keeps the language chosen before signing in.
pub fn keep_lang(response: Response, lang: Lang) -> Response {
    response
        .with_header(
            header::SET_COOKIE,
            format!("{LANG}={lang}; Path=/; Max-Age=31536000; SameSite=Lax"),
        )
        .into_response()
}

/// A theme saved in the profile replaces the one a quick switch left in this browser.
pub fn forget_theme(response: Response) -> Response {
    response
        .with_header(header::SET_COOKIE, format!("{THEME}=; Path=/; Max-Age=0"))
        .into_response()
}

/// A toast is one of our own messages: a cookie cannot put words on a page.
pub fn toast(req: &Request, words: &Words) -> Option<Toast> {
    let id = read(req, TOAST)?;
    let words = id
        .starts_with("toast-")
        .then(|| platform::locale::find(words.lang, &id, &[]))??;
    Some(Toast { words, bad: false })
}

pub fn read(req: &Request, name: &str) -> Option<String> {
    let cookies = req
        .headers()
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok());
    cookies.flat_map(|value| value.split("; ")).find_map(|pair| {
        pair.split_once('=')
            .filter(|(key, _)| *key == name)
            .map(|(_, value)| value.to_owned())
    })
}
