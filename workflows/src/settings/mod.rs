//! The settings form of a tenant: what its pack declares, with the tenant's own values over the defaults, and every
//! version of them.

mod change;
mod history;
mod show;

pub(crate) use change::change_distribution;
pub(crate) use change::refusal;
pub use change::{Change, change, pending};
pub use history::{Changed, Version, restore, versions};
pub use show::{Form, show};
