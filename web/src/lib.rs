//! The portal and the composition of the product: pages call `workflows`, only `server` and `commands` name the rest.

mod assets;
mod audit;
mod board;
mod book;
mod bots;
mod centre;
mod commands;
mod components;
mod cookies;
mod courses;
mod custom;
mod dashboard;
mod decisions;
mod devices;
mod distribution;
mod door;
mod events;
mod exports;
mod fields;
mod follow_ups;
mod follow_ups_asked;
mod follow_ups_many;
mod follow_ups_print;
mod found;
mod help;
mod hours;
mod imports;
mod imports_map;
mod keys;
mod lead;
mod lead_fields;
mod leads;
mod leads_asked;
mod leads_many;
mod leads_trash;
mod leads_views;
mod leave;
mod leave_calendar;
mod merge;
mod nav;
mod oops;
mod own_filters;
mod packs;
mod page;
mod palette;
mod portal;
mod profile;
mod qr;
mod render;
mod roles;
mod scripts;
mod scripts_changes;
mod scripts_live;
mod second_factor;
mod sent;
pub mod server;
mod session;
mod settings;
mod sheets;
mod simulator;
mod staff;
mod tags;
mod timeline;
mod tries;
mod values;
mod visit;
mod vocabulary;
mod whys;
mod words;

/// Runs the command line; what went wrong is the last line of standard error.
pub fn run() -> std::process::ExitCode {
    match commands::run() {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("markaz: {why}");
            std::process::ExitCode::FAILURE
        }
    }
}
