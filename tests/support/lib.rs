//! What the integration tests stand on: databases of their own, spawned servers, stand-ins for the outside world.
#![allow(clippy::disallowed_methods, reason = "a test may look past a tenant")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop there")]

pub mod app;
pub mod browser;
pub mod crowd;
pub mod database;
pub mod desk;
pub mod google;
pub mod packs;
pub mod person;
pub mod portal;
pub mod scripts;
pub mod server;
pub mod sheets;
pub mod site;
pub mod telegram;
