//! Leads from files: a table is looked at, its columns settled, and its rows captured chunk by chunk in a job that
//! survives any crash.

mod chunk;
mod import;
mod look;
mod recognize;
mod rows;
mod run;
pub mod sheet;
mod start;
mod stream;
mod tables;
mod upload;

pub(crate) use import::close_broken;
pub use import::{Import, Page, cancel, find, list};
pub use rows::{Kind, Skipped, download, skipped};
pub use run::run;
pub use start::{Choice, start};
pub use tables::Tables;
pub use upload::{Opened, choose_sheet, open, upload, upload_and_start};
