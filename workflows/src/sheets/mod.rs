//! Google sheets whose new rows become leads: connected with a service account's key, read by the clock or on demand,
//! by the rules of an import.

mod change;
mod connect;
mod link;
pub mod port;
mod sheet;
mod sync;
mod take;

pub use change::{Settled, pause, remove, replace_key, settle};
pub use connect::{Connect, Key, connect, preview};
pub use sheet::{Broken, Sheet, broken, find, list};
pub use sync::{enqueue_due, run, sync_now};
