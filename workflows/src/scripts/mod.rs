//! Tenant scripts at work: which layers answer, what they are told, what becomes of their plans, and why.

mod answer;
mod apply;
mod decision;
mod failures;
mod layers;
mod plan;
mod publish;
mod scene;

pub use answer::Answer;
pub use decision::{Decision, Stored, of_lead, store_decisions};
pub use failures::note_failures;
pub use layers::layers;
pub use plan::plan;
pub use publish::{Overview, Publish, Version, check, hooks, overview, publish, remove, roll_back, versions};
pub use scene::{Scene, lead_ctx, scene};
