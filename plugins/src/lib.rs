//! The outside world behind the ports of workflows.

pub mod google;
pub mod scripts;
pub mod sheets;
pub mod telegram;
