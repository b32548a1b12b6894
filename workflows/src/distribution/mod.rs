//! Who gets a lead: the candidates as they stand, the tenant's rule, our own rule where that fails, and the queue
//! of leads that wait for somebody. A lead is never lost.

mod candidates;
mod choose;
mod give_out;

pub use candidates::candidates;
pub use choose::choose;
pub use give_out::{give_out, waiting};
