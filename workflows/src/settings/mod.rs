//! The settings form of a tenant: what its pack declares, with the tenant's own values over the defaults.

mod change;
mod show;

pub use change::change;
pub(crate) use change::refusal;
pub use show::{Form, show};
