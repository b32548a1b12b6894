//! The script process: reads frames on stdin, answers on stdout, does nothing else.
//! Everything a tenant writes runs here, under rhai's limits first and the kernel's behind them.

mod check;
mod engine;
mod fault;
mod golden;
mod guard;
mod metadata;
mod run;
mod scripts;
mod serve;
mod words;

use std::process::ExitCode;

/// Counts every byte in use, so that a script is stopped before memory matters.
#[global_allocator]
static MEMORY: cap::Cap<std::alloc::System> = cap::Cap::new(std::alloc::System, usize::MAX);

/// Room for the deepest script the limits allow, whatever the shell's own limit is.
const STACK: usize = 16 * 1024 * 1024;

fn main() -> ExitCode {
    let worker = std::thread::Builder::new().stack_size(STACK).spawn(|| {
        guard::confine()?;
        serve::serve(std::io::stdin().lock(), std::io::stdout().lock())
    });
    match worker.map(|worker| worker.join()) {
        Ok(Ok(Ok(()))) => ExitCode::SUCCESS,
        Ok(Ok(Err(reason))) => {
            eprintln!("markaz-sandbox: {reason}");
            ExitCode::FAILURE
        }
        _ => ExitCode::FAILURE,
    }
}
