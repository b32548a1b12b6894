//! The door of the portal: who visits, in which language; forms are read and checked once, refusals become pages.

use std::collections::HashMap;
use std::sync::Arc;

use platform::http::{self, Signed};
use platform::locale::Lang;
use platform::{Actor, App, Error};
use poem::error::ResponseError;
use poem::http::{Method, StatusCode, header};
use poem::{Endpoint, FromRequest, IntoResponse, Middleware, Request, RequestBody, Response};
use workflows::ports::Desk;

use crate::oops::oops;
use crate::page::{LangLink, Mark, Me, Page, Section, Sight, Theme, Toast, nav};
use crate::words::Words;

const FORM_LIMIT: usize = 1024 * 1024;
const LANG_COOKIE: &str = "markaz_lang";
const THEME_COOKIE: &str = "markaz_theme";
const TOAST_COOKIE: &str = "markaz_toast";

/// One request of one person.
#[derive(Clone)]
pub struct Visit(Arc<Visitor>);

pub struct Visitor {
    pub desk: Desk,
    pub request: http::Request,
    pub signed: Option<Signed>,
    pub words: Words,
    pub path: String,
    origin: String,
    pub demo: bool,
    theme: Theme,
    toast: Option<Toast>,
    overdue: i64,
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
            .ok_or(Error::Unauthorized("not_signed_in"))
    }

    /// A page in the frame, for a signed visitor.
    pub fn page(&self, section: Section, title: String) -> Page {
        let me = self.signed.as_ref().map(|signed| {
            let actor = &signed.actor;
            let id = actor.user.map(|id| id.to_string()).unwrap_or_default();
            Me::new(id, &actor.name, role_label(&self.words, &actor.role))
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
            toast: self.toast.clone(),
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

    /// A whole address on this tenant's host, as its visitor reached it.
    pub fn address(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    /// Checks the token of an upload, whose fields arrive one by one.
    pub fn check_token(&self, req: &Request, token: &str) -> Result<(), Error> {
        http::check_csrf(req, &self.request.host, Some(self.csrf()), Some(token))
    }

    fn csrf(&self) -> &str {
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

/// What a form sent, its token already checked.
#[derive(Clone, Default)]
pub struct Sent(Arc<HashMap<String, Vec<String>>>);

impl Sent {
    pub fn get(&self, name: &str) -> &str {
        self.0
            .get(name)
            .and_then(|values| values.first())
            .map_or("", String::as_str)
    }

    pub fn all(&self, name: &str) -> &[String] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }

    /// None where the field is absent or blank.
    pub fn some(&self, name: &str) -> Option<String> {
        Some(self.get(name).trim())
            .filter(|value| !value.is_empty())
            .map(str::to_owned)
    }

    /// An id chosen in a list; a wrong one is the field's error.
    pub fn id(&self, name: &'static str, code: &'static str) -> Result<Option<platform::Id>, Error> {
        self.some(name)
            .map(|text| text.parse().map_err(|_| Error::field(name, code)))
            .transpose()
    }

    /// How many fields there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    fn parse(body: &[u8]) -> Self {
        let mut fields: HashMap<String, Vec<String>> = HashMap::new();
        for (name, value) in url::form_urlencoded::parse(body) {
            fields.entry(name.into_owned()).or_default().push(value.into_owned());
        }
        Self(Arc::new(fields))
    }
}

impl<'a> FromRequest<'a> for Sent {
    async fn from_request(req: &'a Request, _: &mut RequestBody) -> poem::Result<Self> {
        req.extensions()
            .get::<Sent>()
            .cloned()
            .ok_or_else(|| Trouble(Error::refused("bad_request")).into())
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
        let cookie = format!("{TOAST_COOKIE}={id}; Path=/; Max-Age=20; HttpOnly; SameSite=Lax");
        response = response.header(header::SET_COOKIE, cookie);
    }
    response.finish()
}

/// Only a path of this site: nobody is sent away after signing in.
pub fn inside(path: &str) -> &str {
    if path.starts_with('/') && !path.starts_with("//") && !path.contains('\\') {
        path
    } else {
        "/"
    }
}

#[derive(Clone)]
pub struct Door {
    pub desk: Desk,
    pub demo: bool,
}

impl<E: Endpoint> Middleware<E> for Door {
    type Output = Watched<E>;

    fn transform(&self, inside: E) -> Watched<E> {
        Watched {
            door: self.clone(),
            inside,
        }
    }
}

pub struct Watched<E> {
    door: Door,
    inside: E,
}

impl<E: Endpoint> Endpoint for Watched<E> {
    type Output = Response;

    async fn call(&self, mut req: Request) -> poem::Result<Response> {
        let visit = match self.door.meet(&req).await {
            Ok(visit) => visit,
            Err(error) => return Err(Trouble(error).into()),
        };
        let shown_toast = visit.toast.is_some() && req.method() == Method::GET;
        let mut response = match self.door.admit(&visit, &mut req).await {
            Err(error) => oops(&visit, &error),
            Ok(()) if visit.signed.is_none() && !is_public(req.uri().path()) => to_sign_in(&req),
            Ok(()) => {
                req.extensions_mut().insert(visit.clone());
                match self.inside.call(req).await {
                    Ok(response) => response.into_response(),
                    Err(error) => refused(&visit, error),
                }
            }
        };
        if shown_toast && response.status() == StatusCode::OK {
            let gone = format!("{TOAST_COOKIE}=; Path=/; Max-Age=0");
            if let Ok(gone) = gone.parse() {
                response.headers_mut().append(header::SET_COOKIE, gone);
            }
        }
        Ok(response)
    }
}

impl Door {
    async fn meet(&self, req: &Request) -> Result<Visit, Error> {
        let request = req
            .extensions()
            .get::<http::Request>()
            .cloned()
            .ok_or(Error::internal("no tenant"))?;
        let signed = http::sign(&self.desk.app, &request, req)
            .await?
            .filter(|signed| signed.session.is_some());
        let lang = match &signed {
            Some(signed) => signed.actor.lang,
            None => chosen_lang(req).unwrap_or(request.lang),
        };
        let theme = cookie(req, THEME_COOKIE).or_else(|| signed.as_ref().map(|signed| signed.theme.clone()));
        let shows_page = req.method() == Method::GET && req.header("hx-request").is_none();
        let overdue = match &signed {
            Some(signed) if shows_page => workflows::follow_ups::own_late(&self.desk.app, &signed.actor).await?,
            _ => 0,
        };
        let words = Words {
            lang,
            zone: request.tenant.time_zone,
            now: self.desk.app.clock.now(),
        };
        Ok(Visit(Arc::new(Visitor {
            toast: cookie(req, TOAST_COOKIE).and_then(|id| said(&words, &id)),
            theme: Theme::parse(&theme.unwrap_or_default()),
            path: req
                .uri()
                .path_and_query()
                .map_or_else(|| "/".to_owned(), ToString::to_string),
            origin: origin(&self.desk.app, &request, req),
            desk: self.desk.clone(),
            demo: self.demo,
            overdue,
            request,
            signed,
            words,
        })))
    }

    /// Reads a form and checks that it is ours. An upload checks its own token when its first field arrives.
    async fn admit(&self, visit: &Visit, req: &mut Request) -> Result<(), Error> {
        if matches!(*req.method(), Method::GET | Method::HEAD) {
            return Ok(());
        }
        let upload = req
            .content_type()
            .is_some_and(|kind| kind.starts_with("multipart/form-data"));
        if upload && req.uri().path() == "/imports" {
            return http::check_csrf(req, &visit.request.host, None, None);
        }
        let body = req
            .take_body()
            .into_bytes_limit(FORM_LIMIT)
            .await
            .map_err(|_| Error::TooLarge)?;
        let sent = Sent::parse(&body);
        let token = visit.signed.is_some().then(|| visit.csrf());
        http::check_csrf(req, &visit.request.host, token, Some(sent.get("csrf_token")))?;
        req.extensions_mut().insert(sent);
        Ok(())
    }
}

fn refused(visit: &Visit, error: poem::Error) -> Response {
    match error.downcast::<Trouble>() {
        Ok(Trouble(error)) => oops(visit, &error),
        Err(error) if error.status() == StatusCode::NOT_FOUND => oops(visit, &Error::NotFound),
        Err(error) if error.status().is_client_error() => oops(visit, &Error::refused("bad_request")),
        Err(error) => oops(visit, &Error::internal(error)),
    }
}

fn to_sign_in(req: &Request) -> Response {
    let from = req.uri().path_and_query().map_or("/", |path| path.as_str());
    let next: String = url::form_urlencoded::byte_serialize(inside(from).as_bytes()).collect();
    let target = if req.method() == Method::GET && from != "/" {
        format!("/login?next={next}")
    } else {
        "/login".into()
    };
    if req.header("hx-request").is_some() {
        return Response::builder()
            .status(StatusCode::OK)
            .header("hx-redirect", target)
            .finish();
    }
    done(&target, None)
}

fn origin(app: &App, request: &http::Request, req: &Request) -> String {
    if let Some(url) = &app.config.public_url {
        return url
            .replace("{slug}", &request.tenant.slug)
            .trim_end_matches('/')
            .to_owned();
    }
    let host = req.header(header::HOST).unwrap_or(&request.host);
    let scheme = if app.config.base_domain == "localhost" {
        "http"
    } else {
        "https"
    };
    format!("{scheme}://{host}")
}

fn is_public(path: &str) -> bool {
    path == "/login" || path.starts_with("/reset/")
}

fn chosen_lang(req: &Request) -> Option<Lang> {
    let query = req.uri().query().unwrap_or_default();
    let asked = url::form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name == "lang")
        .map(|(_, value)| value);
    asked
        .map(|code| code.into_owned())
        .or_else(|| cookie(req, LANG_COOKIE))
        .and_then(|code| code.parse().ok())
}

/// Keeps the language chosen before signing in.
pub fn keep_lang(response: Response, lang: Lang) -> Response {
    response
        .with_header(
            header::SET_COOKIE,
            format!("{LANG_COOKIE}={lang}; Path=/; Max-Age=31536000; SameSite=Lax"),
        )
        .into_response()
}

/// A theme saved in the profile replaces the one a quick switch left in this browser.
pub fn forget_theme(response: Response) -> Response {
    response
        .with_header(header::SET_COOKIE, format!("{THEME_COOKIE}=; Path=/; Max-Age=0"))
        .into_response()
}

/// A toast is one of our own messages: a cookie cannot put words on a page.
fn said(words: &Words, id: &str) -> Option<Toast> {
    let words = id
        .starts_with("toast-")
        .then(|| platform::locale::find(words.lang, id, &[]))??;
    Some(Toast { words, bad: false })
}

fn cookie(req: &Request, name: &str) -> Option<String> {
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
