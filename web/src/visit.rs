//! One request of one person: who visits, in which language, and the page they are given.

use std::collections::HashMap;
use std::sync::Arc;

use platform::http::{self, Signed};
use platform::idempotency::Key;
use platform::{Actor, App, Error, Id};
use poem::error::ResponseError;
use poem::http::{StatusCode, header};
use poem::{FromRequest, Request, RequestBody, Response};
use workflows::ports::Desk;

use crate::cookies::TOAST;
use crate::help;
use crate::nav::{Section, Sight, nav};
use crate::page::{LangLink, Mark, Me, Page, Theme, Toast};
use crate::sent::Sent;
use crate::words::Words;

/// One request of one person.
#[derive(Clone)]
pub struct Visit(pub(crate) Arc<Visitor>);

pub struct Visitor {
    pub desk: Desk,
    pub request: http::Request,
    pub signed: Option<Signed>,
    pub words: Words,
    pub path: String,
    pub(crate) origin: String,
    pub demo: bool,
    pub(crate) theme: Theme,
    pub(crate) toast: Option<Toast>,
    pub(crate) overdue: i64,
}

impl std::ops::Deref for Visit {
    type Target = Visitor;

    fn deref(&self) -> &Visitor {
        &self.0
    }
}

impl Visitor {
    pub fn app(&self) -> &App {
        &self.desk.app
    }

    /// The door lets only signed visitors past the public pages.
    pub fn actor(&self) -> Result<&Actor, Error> {
        self.signed
            .as_ref()
            .map(|signed| &signed.actor)
            .ok_or(Error::Unauthorized("sign_in_required"))
    }

    /// A page in the frame, for a signed visitor.
    pub fn page(&self, section: Section, title: String) -> Page {
        let me = self.signed.as_ref().map(|signed| {
            let actor = &signed.actor;
            let id = actor.user.map(|id| id.to_string()).unwrap_or_default();
            let role = signed.role_name.clone();
            Me::new(
                id,
                &actor.name,
                role.unwrap_or_else(|| role_label(&self.words, &actor.role)),
            )
        });
        let sight = self.signed.as_ref().map_or_else(Sight::default, |signed| {
            Sight::of(&signed.actor, self.demo, self.overdue)
        });
        let (nav, dock) = nav(&self.words, section, &sight);
        Page {
            words: self.words,
            lang: self.words.lang,
            lang_tag: self.words.lang.tag(),
            langs: LangLink::all(self.words.lang),
            theme: self.theme,
            csrf: self.csrf().to_owned(),
            nonce: self.request.id.clone(),
            title,
            path: self.path.clone(),
            tenant: Mark {
                name: self.request.tenant.name.clone(),
                about: self.request.host.clone(),
            },
            me,
            nav,
            dock,
            adds: sight.adds,
            toast: self.toast.clone(),
            help: self
                .signed
                .as_ref()
                .and_then(|signed| help::about(&signed.actor, &self.path)),
        }
    }

    /// A page outside the frame: sign-in, a one-time link.
    pub fn bare(&self, title: String) -> Page {
        Page {
            me: None,
            ..self.page(Section::None, title)
        }
    }

    pub fn explain(&self, error: &Error) -> String {
        let none = serde_json::Map::new();
        let args = match error {
            Error::Refused(refusal) | Error::Conflict(refusal) => &refusal.args,
            _ => &none,
        };
        http::message(self.words.lang, error.code(), args)
    }

    /// What a form says under its fields.
    pub fn field_errors(&self, error: &Error) -> HashMap<String, String> {
        let Error::Invalid(fields) = error else {
            return HashMap::new();
        };
        fields
            .iter()
            .map(|f| (f.field.clone(), http::message(self.words.lang, f.code, &f.args)))
            .collect()
    }

    /// What is sent twice from one drawing of a form counts once; the form drawn anew, or another text, is another.
    pub fn once(&self, sent: &Sent) -> Result<Option<Key>, Error> {
        let Some(press) = sent.some("press") else {
            return Ok(None);
        };
        let named = Key::new(&press, "POST", &self.path, &serde_json::to_vec(&sent.fields())?)?;
        Ok(Some(Key {
            key: format!("{}/{}", named.key, named.fingerprint),
            fingerprint: named.fingerprint,
        }))
    }

    /// A whole address on this tenant's host, as its visitor reached it.
    pub fn address(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    /// Checks the token of an upload, whose fields arrive one by one.
    pub fn check_token(&self, req: &Request, token: &str) -> Result<(), Error> {
        http::check_csrf(req, &self.request.host, Some(self.csrf()), Some(token))
    }

    pub(crate) fn csrf(&self) -> &str {
        self.signed
            .as_ref()
            .and_then(|signed| signed.session.as_ref())
            .map_or("", |(_, token)| token)
    }
}

pub fn role_label(words: &Words, role: &str) -> String {
    platform::locale::find(words.lang, &format!("role-{role}"), &[]).unwrap_or_else(|| role.to_owned())
}

impl<'a> FromRequest<'a> for Visit {
    async fn from_request(req: &'a Request, _: &mut RequestBody) -> poem::Result<Self> {
        req.extensions()
            .get::<Visit>()
            .cloned()
            .ok_or_else(|| Trouble(Error::internal("no visit")).into())
    }
}

/// Why a page could not be given; the door turns it into one that says so.
#[derive(Debug)]
pub struct Trouble(pub Error);

pub type Answer = Result<Response, Trouble>;

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Trouble(error)
    }
}

impl std::fmt::Display for Trouble {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Trouble {}

impl ResponseError for Trouble {
    fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.0.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

/// After a form: the page to see, and what to say there. The message waits in a cookie for one page.
pub fn done(to: &str, toast: Option<&str>) -> Response {
    let mut response = Response::builder()
        .status(StatusCode::SEE_OTHER)
        .header(header::LOCATION, to);
    if let Some(id) = toast {
        let cookie = format!("{TOAST}={id}; Path=/; Max-Age=20; HttpOnly; SameSite=Lax");
        response = response.header(header::SET_COOKIE, cookie);
    }
    response.finish()
}

/// As [`done`], with what the toast's undo is told.
pub fn done_with_undo(to: &str, toast: &str, of: &[Id]) -> Response {
    let of: String = of.iter().map(|id| format!(".{id}")).collect();
    done(to, Some(&format!("{toast}{of}")))
}

/// Only a path of this site: nobody is sent away after signing in.
pub fn inside(path: &str) -> &str {
    if path.starts_with('/') && !path.starts_with("//") && !path.contains('\\') {
        path
    } else {
        "/"
    }
}
