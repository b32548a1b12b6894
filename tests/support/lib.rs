//! What the integration tests stand on: databases of their own, spawned servers, stand-ins for the outside world.

pub mod app;
pub mod browser;
pub mod database;
pub mod desk;
pub mod packs;
pub mod scripts;
pub mod server;
pub mod sheets;
pub mod telegram;
