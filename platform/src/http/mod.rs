//! What happens to every request before a page or an operation sees it, written once.

mod csrf;
mod problem;
mod site;

pub use csrf::check as check_csrf;
pub use problem::{message, problem};
pub use site::{Request, SESSION_COOKIE, Signed, operational, session_cookie, sign, site};
