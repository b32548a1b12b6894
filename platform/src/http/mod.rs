//! What happens to every request before a page or an operation sees it, written once.

mod csrf;
mod problem;
mod site;

pub use csrf::check as check_csrf;
pub use problem::{message, problem};
pub use site::{
    Request, SESSION_COOKIE, Signed, ended_cookie, from_poem, operational, session_cookie, session_cookie_of, sign,
    site,
};
