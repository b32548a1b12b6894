//! The product exercised from outside, in one binary.

mod architecture;
mod bots;
mod browser;
mod engines;
mod hostile_scripts;
mod imports;
mod jobs;
mod portal;
mod scripts;
mod serve;
mod telegram;
mod telegram_sender;
mod ticks;
