//! The numbers of the dashboard. Each opens the list it counts.

mod own;
mod team;

pub use own::{Own, own};
pub use team::{Away, Rep, Team, team};
