//! The product exercised from outside, in one binary.

mod architecture;
mod engines;
mod telegram;
mod telegram_sender;
