//! Requests that change something and are signed by cookie must come from our own page. Tenants' subdomains are
//! the same site to a browser, so same-site cookies alone do not help.

use poem::Request;
use poem::http::{Method, header};

use crate::error::{Error, Result};
use crate::secrets::same;

pub const HEADER: &str = "x-csrf-token";

/// `token` is the session's; `field` what a plain form sent, if it was one.
pub fn check(req: &Request, host: &str, token: Option<&str>, field: Option<&str>) -> Result<()> {
    if matches!(*req.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok(());
    }
    let forged = || Error::Forbidden("cross_site_request");
    match req.header("sec-fetch-site") {
        Some("same-origin") => {}
        Some("none") | None => {
            let origin = req.header(header::ORIGIN).ok_or_else(forged)?;
            let from = origin.split_once("://").map_or("", |(_, rest)| rest);
            let from = from.rsplit_once(':').map_or(from, |(name, _)| name);
            if !from.eq_ignore_ascii_case(host) {
                return Err(forged());
            }
        }
        Some(_) => return Err(forged()),
    }
    let Some(token) = token else { return Ok(()) };
    let sent = req.header(HEADER).or(field).ok_or_else(forged)?;
    if same(sent, token) { Ok(()) } else { Err(forged()) }
}
