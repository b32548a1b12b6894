//! A centre comes to life: its row, and everything its pack brings.

pub mod centre;
mod create;
pub mod demo;

pub use create::create;
