//! Who gets a lead: the candidates as they stand, the tenant's rule, our own rule where that fails, and the queue
//! of leads that wait for somebody. A lead is never lost.

mod candidates;
mod change;
mod choose;
mod desk;
mod give_out;
mod silent;

pub use candidates::candidates;
pub use change::{Change, change};
pub use choose::choose;
pub use desk::{Rep, Rules, State, Waiting, WhyNot, give_out_now, state};
pub use give_out::{give_out, waiting};
pub use silent::{SILENT, return_silent, set_silent_minutes};
