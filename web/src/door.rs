//! The door of the portal: who comes in and as whom, forms read and checked once, refusals turned into pages.

use std::sync::Arc;

use platform::http;
use platform::{App, Error};
use poem::http::{Method, StatusCode, header};
use poem::{Endpoint, IntoResponse, Middleware, Request, Response};
use workflows::ports::Desk;

use crate::cookies::{self, chosen_lang};
use crate::oops::oops;
use crate::page::Theme;
use crate::sent::Sent;
use crate::visit::{Trouble, Visit, Visitor, done, inside};
use crate::words::Words;

const FORM_LIMIT: usize = 1024 * 1024;

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
        let shown_toast = visit.toast.is_some() && req.method() == Method::GET && !is_quiet(req.uri().path());
        let mut response = match self.door.admit(&visit, &mut req).await {
            Err(error) => oops(&visit, &error),
            Ok(()) if visit.signed.is_none() && !is_public(req.uri().path()) => to_sign_in(&req),
            Ok(()) if must_enroll(&visit, req.uri().path()) => to_second_factor(&req),
            Ok(()) => {
                req.extensions_mut().insert(visit.clone());
                match self.inside.call(req).await {
                    Ok(response) => response.into_response(),
                    Err(error) => refused(&visit, error),
                }
            }
        };
        if shown_toast && response.status() == StatusCode::OK {
            let gone = format!("{}=; Path=/; Max-Age=0", cookies::TOAST);
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
        let theme = cookies::read(req, cookies::THEME).or_else(|| signed.as_ref().map(|signed| signed.theme.clone()));
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
            toast: cookies::toast(req, &words),
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

/// What a page asks for beside itself shows no toast: it waits for the next page.
fn is_quiet(path: &str) -> bool {
    ["/events", "/search"].contains(&path) || path.starts_with("/leads/board/")
}

fn is_public(path: &str) -> bool {
    path == "/login" || path == "/login/code" || path.starts_with("/reset/")
}

/// Whether a second factor must be set up first: until then only its own pages, the language and the way out open.
fn must_enroll(visit: &Visit, path: &str) -> bool {
    let forced = visit.signed.as_ref().is_some_and(|signed| signed.must_enroll);
    let own = path.starts_with("/profile/second-factor") || path.starts_with("/login");
    forced && !own && !["/logout", "/profile/look"].contains(&path)
}

fn to_second_factor(req: &Request) -> Response {
    const THERE: &str = "/profile/second-factor";
    if req.header("hx-request").is_some() {
        return Response::builder().header("hx-redirect", THERE).finish();
    }
    done(THERE, None)
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
