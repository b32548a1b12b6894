//! The limits around a script: the kernel's for the process, CPU time and memory for each call.

use std::cell::Cell;
use std::time::{Duration, Instant};

use nix::sys::resource::{Resource, setrlimit};
use nix::time::{ClockId, clock_gettime};
use rhai::Dynamic;

use crate::MEMORY;

/// How far above its start one call may drive the process's memory.
const CALL_MEMORY: usize = 16 * 1024 * 1024;
/// Past this the allocator itself refuses and the process ends; the parent starts another.
const PROCESS_MEMORY: usize = 256 * 1024 * 1024;
const ADDRESS_SPACE: u64 = 512 * 1024 * 1024;
const CPU_SECONDS: u64 = 900;
const OPEN_FILES: u64 = 8;
/// A clock reading costs as much as several operations.
const LOOK_EVERY: u64 = 8;

thread_local! {
    static OPERATIONS: Cell<u64> = const { Cell::new(0) };
    static CALL: Cell<Limits> = const { Cell::new(Limits { from: None, cpu_from: Duration::ZERO, deadline: Duration::MAX, memory: usize::MAX }) };
}

#[derive(Clone, Copy)]
struct Limits {
    from: Option<Instant>,
    cpu_from: Duration,
    deadline: Duration,
    memory: usize,
}

/// Gives up what the process will never need. Nothing here can be taken back.
pub fn confine() -> Result<(), String> {
    let set = |what, most| setrlimit(what, most, most).map_err(|error| format!("rlimit {what:?}: {error}"));
    set(Resource::RLIMIT_AS, ADDRESS_SPACE)?;
    set(Resource::RLIMIT_CPU, CPU_SECONDS)?;
    set(Resource::RLIMIT_NOFILE, OPEN_FILES)?;
    set(Resource::RLIMIT_FSIZE, 0)?;
    set(Resource::RLIMIT_CORE, 0)?;
    #[cfg(target_os = "linux")]
    set(Resource::RLIMIT_NPROC, 0)?;
    MEMORY
        .set_limit(PROCESS_MEMORY)
        .map_err(|()| "memory is already over its limit".to_string())
}

/// Starts the clock and the memory account of one layer of one call.
pub fn arm(deadline: Duration) {
    OPERATIONS.set(0);
    CALL.set(Limits {
        from: Some(Instant::now()),
        cpu_from: cpu_time(),
        deadline,
        memory: MEMORY.allocated().saturating_add(CALL_MEMORY),
    });
}

/// Runs something that arms the guard for itself, and comes back to the account opened before.
pub fn apart<T>(other: impl FnOnce() -> T) -> T {
    let (operations, call) = (OPERATIONS.get(), CALL.get());
    let done = other();
    OPERATIONS.set(operations);
    CALL.set(call);
    done
}

/// What rhai asks at every operation; an answer ends the script, and no `try` can catch it.
pub fn progress(operations: u64) -> Option<Dynamic> {
    OPERATIONS.set(operations);
    if !operations.is_multiple_of(LOOK_EVERY) {
        return None;
    }
    let limits = CALL.get();
    if MEMORY.allocated() > limits.memory {
        return Some("memory".into());
    }
    let late = limits.from.is_some_and(|from| from.elapsed() > limits.deadline);
    // A busy machine is not the script's fault: only its own CPU time counts against it.
    if late && cpu_time().saturating_sub(limits.cpu_from) > limits.deadline {
        return Some("deadline".into());
    }
    None
}

/// Operations the armed call has taken so far.
pub fn operations() -> u64 {
    OPERATIONS.get()
}

fn cpu_time() -> Duration {
    clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID)
        .map(Duration::from)
        .unwrap_or_default()
}
