//! The ground every feature stands on.

pub mod locale;
