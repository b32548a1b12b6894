//! What a training center does: rows, rules, verbs, events. No HTTP, no Telegram, no script types.

pub mod bots;
pub mod imports;
