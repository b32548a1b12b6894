//! When a person works: weekly windows, leaves, and the due times that follow from both.
//! A leaf: plain values in and out, so the domain, the scripts and the simulation share one answer.

mod delay;
mod leave;
mod local;
mod schedule;
mod stretch;
mod windows;

pub use delay::Delay;
pub use leave::{Interval, days_off, hours_off};
pub use local::{local_date, midnight};
pub use schedule::{Due, HORIZON_DAYS, Schedule};
pub use windows::{Window, Windows};
