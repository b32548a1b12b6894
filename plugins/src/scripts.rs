//! Tenant scripts from the server's side: packs as data, and the pool of script processes.

pub mod packs;
