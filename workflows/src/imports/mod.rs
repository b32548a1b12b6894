//! Leads from files: a table is looked at, its columns settled, and its rows captured chunk by chunk in a job that
//! survives any crash.

mod chunk;
mod import;
mod look;
mod own;
mod recognize;
mod remembered;
mod repeats;
mod rows;
mod run;
pub mod sheet;
mod start;
mod stream;
mod tables;
mod undo;
mod upload;

pub(crate) use chunk::{Scene, Taken, capture};
pub(crate) use import::close_broken;
pub use import::{Import, Page, cancel, find, list};
pub(crate) use recognize::{Given, Recognizer};
pub use remembered::is_remembered;
pub(crate) use remembered::{by_title, fits_in, recall, remember};
pub use repeats::{Repeat, Repeats, repeats};
pub use rows::{Kind, Skipped, download, skipped};
pub use run::run;
pub use start::{Choice, MOST_CHOICES, start};
pub use tables::Tables;
pub use undo::{Kept, kept, run_undo, undo};
pub use upload::{Opened, choose_sheet, open, upload, upload_and_start};
