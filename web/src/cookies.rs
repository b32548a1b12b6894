//! What a browser keeps for us beside its session: language, theme, and the message for the next page.

use platform::Id;
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

/// What can be taken back from the toast that says it was done.
const UNDO: [(&str, &str); 3] = [
    ("toast-status-changed", "/leads/{}/moves/{}/undo"),
    ("toast-lead-trashed", "/leads/{}/restoration"),
    ("toast-merged", "/leads/{}/merges/{}/undo"),
];

/// A toast is one of our own messages, and its undo one of our own addresses: a cookie puts neither words nor a way
/// elsewhere on a page.
pub fn toast(req: &Request, words: &Words) -> Option<Toast> {
    let said = read(req, TOAST)?;
    let mut parts = said.split('.');
    let id = parts.next().unwrap_or_default();
    let words = id
        .starts_with("toast-")
        .then(|| platform::locale::find(words.lang, id, &[]))??;
    let ids: Option<Vec<Id>> = parts.map(|part| part.parse().ok()).collect();
    let undo = ids.and_then(|ids| undo(id, &ids));
    Some(Toast {
        words,
        bad: BAD.contains(&id),
        undo,
    })
}

/// Toasts of what was not done.
const BAD: [&str; 1] = ["toast-lead-stale"];

fn undo(toast: &str, ids: &[Id]) -> Option<String> {
    let (_, address) = UNDO.iter().find(|(known, _)| *known == toast)?;
    let pieces: Vec<&str> = address.split("{}").collect();
    let filled = || {
        let ends = ids.iter().map(ToString::to_string).chain([String::new()]);
        pieces
            .iter()
            .zip(ends)
            .map(|(piece, id)| format!("{piece}{id}"))
            .collect()
    };
    (ids.len() + 1 == pieces.len()).then(filled)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_undo_leads_only_where_ours_does() {
        let id: Id = "01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap();
        let trashed = undo("toast-lead-trashed", &[id]);
        assert_eq!(trashed, Some(format!("/leads/{id}/restoration")));
        assert_eq!(
            undo("toast-merged", &[id, id]),
            Some(format!("/leads/{id}/merges/{id}/undo"))
        );
        for (toast, ids) in [
            ("toast-lead-trashed", vec![]),
            ("toast-merged", vec![id]),
            ("toast-saved", vec![id]),
        ] {
            assert_eq!(undo(toast, &ids), None, "{toast}");
        }
    }
}
