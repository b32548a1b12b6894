//! Tenant scripts from the server's side: packs as data, and the pool of script processes.

mod binary;
mod chain;
mod child;
mod config;
mod host;
mod pack_files;
pub mod pack_hashes;
pub mod pack_read;
pub mod pack_templates;
pub mod packs;
mod pool;
mod port;

pub use config::{HostConfig, HostError};
pub use host::ScriptHost;
pub use port::{CompiledPacks, NoScripts};
