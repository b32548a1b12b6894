//! The ground every feature stands on: what would be the same in any product with tenants.

pub mod app;
pub mod audit;
pub mod auth;
pub mod clock;
pub mod config;
pub mod db;
pub mod error;
pub mod events;
pub mod files;
pub mod fold;
pub mod http;
pub mod idempotency;
pub mod ids;
pub mod jobs;
pub mod kept;
pub mod live;
pub mod locale;
pub mod metrics;
pub mod phone;
pub mod secrets;
pub mod settings;
pub mod shared;
pub mod tenancy;

pub use app::App;
pub use auth::{Actor, Permit};
pub use db::{Db, Tx};
pub use error::{Error, Result};
pub use ids::{Id, TenantId};
