//! What a training centre does: leads, follow-ups, staff, distribution, imports. No HTTP, no Telegram, no rhai:
//! the outside world stands behind the ports declared here.

pub mod audit;
pub mod bots;
pub mod courses;
mod cursor;
pub mod distribution;
pub mod exports;
pub mod follow_ups;
pub mod imports;
pub mod leads;
pub mod leave;
pub mod messages;
pub mod numbers;
pub mod packs;
pub mod ports;
pub mod reactivation;
pub mod scripts;
pub mod settings;
pub mod sheets;
pub mod staff;
pub mod tenants;
mod typed;
pub mod vocabulary;
pub mod work;
