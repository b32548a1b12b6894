//! The portal's pages and forms as somebody signed in sends them, without a browser.

use platform::auth::session;
use reqwest::Method;

use crate::site::{Reply, Site, Who};

/// A page as a signed person opens it, or a form they send.
pub async fn visit(site: &Site, who: &Who, path: &str, form: Option<&[(&str, &str)]>) -> Reply {
    let opened = session::open(site.app(), &who.tenant, who.id, None, None)
        .await
        .expect("a session");
    let found = session::resolve(site.app(), &who.tenant, &opened.token)
        .await
        .expect("it resolves")
        .expect("it is good");
    let method = if form.is_some() { Method::POST } else { Method::GET };
    let request = site
        .request(method, &who.tenant.slug, path)
        .header("Cookie", format!("{}={}", platform::http::SESSION_COOKIE, opened.token))
        .header("Sec-Fetch-Site", "same-origin");
    Reply::of(match form {
        Some(form) => request.header("X-Csrf-Token", &found.csrf).form(form),
        None => request,
    })
    .await
}
