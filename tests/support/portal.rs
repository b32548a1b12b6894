//! The portal's pages and forms as somebody signed in sends them, without a browser.

use platform::auth::session;
use reqwest::{Method, RequestBuilder};

use crate::site::{Reply, Site, Who};

pub struct Person<'s> {
    site: &'s Site,
    slug: String,
    cookie: String,
    csrf: String,
}

impl<'s> Person<'s> {
    pub async fn of(site: &'s Site, who: &Who) -> Self {
        let opened = session::open(site.app(), &who.tenant, who.id, None, None)
            .await
            .expect("a session");
        let found = session::resolve(site.app(), &who.tenant, &opened.token).await;
        Person {
            site,
            slug: who.tenant.slug.clone(),
            cookie: format!("{}={}", platform::http::SESSION_COOKIE, opened.token),
            csrf: found.expect("it resolves").expect("it is good").csrf,
        }
    }

    pub async fn get(&self, path: &str) -> Reply {
        Reply::of(self.request(Method::GET, path)).await
    }

    pub async fn post(&self, path: &str, form: &[(&str, &str)]) -> Reply {
        Reply::of(self.request(Method::POST, path).form(form)).await
    }

    /// As this person's browser asks.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.site
            .request(method, &self.slug, path)
            .header("Sec-Fetch-Site", "same-origin")
            .header("Cookie", &self.cookie)
            .header("X-Csrf-Token", &self.csrf)
    }
}

/// A page as a signed person opens it, or a form they send.
pub async fn visit(site: &Site, who: &Who, path: &str, form: Option<&[(&str, &str)]>) -> Reply {
    let person = Person::of(site, who).await;
    match form {
        Some(form) => person.post(path, form).await,
        None => person.get(path).await,
    }
}
