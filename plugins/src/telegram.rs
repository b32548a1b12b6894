//! Telegram: the bots' client, sender, commands and update doors, and an imitation to try them on.

pub mod cards;
pub mod client;
pub mod commands;
mod leave;
pub mod pace;
pub mod polling;
pub mod postman;
pub mod sender;
pub mod service;
pub mod simulator;
pub mod update;
pub mod webhook;
