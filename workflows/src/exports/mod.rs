//! Lists handed out as files: any rows a verb pages through, written row by row in a job and kept for a few days.

mod download;
mod export;
mod request;
mod rows;
mod run;
pub mod table;

pub use download::{Download, open, piece};
pub use export::{Export, Page, cancel, close_broken, find, list};
pub use request::{Wanted, count, request};
pub use rows::What;
pub use run::run;
