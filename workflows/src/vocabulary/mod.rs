//! What a centre writes about a lead in its own words: where it came from, why it was lost, and fields of its own.

mod add;
mod change;
mod labels;
mod list;

pub use add::{New, add};
pub use change::{Change, change};
pub use list::{Entry, List, entries};
