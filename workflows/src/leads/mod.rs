//! Leads: how they come in, who owns them, how far they are, and the lists people work from.

mod assign;
mod capture;
mod change_status;
pub mod custom;
mod edit;
mod filter;
mod lead;
mod list;
mod new_lead;
mod note;
mod repeat;
mod score;
mod status;
mod store;
mod tags;
mod timeline;
mod whole;

pub use assign::{assign, assign_in};
pub use capture::{Captured, Via, capture, capture_all_in, capture_and_show};
pub use change_status::{Move, change_status, change_status_in};
pub use edit::{Edit, edit};
pub use filter::{Filter, Sort};
pub use lead::{Lead, Sibling, find, find_in, siblings};
pub(crate) use lead::{entity, lock};
pub use list::{Counts, Page, counts, list, page_sql};
pub use new_lead::{NewLead, normalize_phone};
pub use note::{add_note, add_note_in};
pub(crate) use score::activity;
pub use score::{score, score_all};
pub use status::{Label, Named, Registry, Status, Transition, label, registry, registry_in, shown};
pub(crate) use tags::retag_in;
pub use tags::{Tag, tag_key, tags};
pub use timeline::{Entry, timeline};
pub use whole::{Whole, whole};
