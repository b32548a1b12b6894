//! The product exercised from outside, in one binary.

mod architecture;
mod telegram;
