//! Tenant scripts from the server's side: packs as data, and the pool of script processes.

mod binary;
mod child;
mod host;
pub mod packs;
mod pool;
mod port;

pub use host::{HostConfig, HostError, ScriptHost};
pub use port::{CompiledPacks, NoScripts};
