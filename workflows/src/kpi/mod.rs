//! Numbers of work: what each rep has today. The rest of the KPI comes with its own files.

mod day;

pub use day::{Day, of_team, of_user};
