//! The product exercised from outside, in one binary.
#![allow(clippy::disallowed_methods, reason = "a test may look past a tenant")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop there")]

mod architecture;
mod bots;
mod browser;
mod crash;
mod decisions;
mod distribution;
mod engines;
mod faults;
mod first_visit;
mod follow_ups_due;
mod hostile_scripts;
mod imports;
mod jobs;
mod pages;
mod portal;
mod scripts;
mod secrets;
mod serve;
mod shared;
mod telegram;
mod telegram_sender;
mod two_nodes;
mod writer;
