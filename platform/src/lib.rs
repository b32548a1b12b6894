//! The ground every feature stands on.

pub mod fold;
pub mod locale;
pub mod phone;
