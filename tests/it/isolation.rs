//! Two centres on one server: whatever one of them asks, with whatever ids, tokens, sessions and hosts, it learns
//! nothing of the other and changes nothing there.

mod catalog;
mod content;
mod operations;
pub mod pages;
pub mod victim;
