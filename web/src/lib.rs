//! The portal and the composition of the product: pages call `workflows`, only `server` and `commands` name the rest.

pub mod assets;
pub mod components;
mod fields;
pub mod page;
pub mod render;
pub mod words;

mod commands;
mod portal;
mod server;

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
