//! The portal and the composition of the product: pages call `workflows`, only `server` and `commands` name the rest.

pub mod assets;
pub mod components;
mod fields;
pub mod page;
pub mod render;
pub mod words;
