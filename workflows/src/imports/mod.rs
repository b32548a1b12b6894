//! Leads from files and tables.

pub mod sheet;
