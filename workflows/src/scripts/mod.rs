//! Tenant scripts at work: which layers answer, what they are told, what becomes of their plans, and why.

mod answer;
mod apply;
mod decision;
mod drafts;
mod explain;
mod failures;
mod golden;
mod layers;
mod overview;
mod plan;
mod publish;
mod scene;
mod to_test;
mod try_out;
mod versions;

pub use answer::Answer;
pub use decision::{Decision, Stored, of_lead, store_decisions};
pub use drafts::{Draft, discard_draft, drafts, save_draft};
pub use explain::{explain, explain_stored};
pub use failures::note_failures;
pub use golden::{PackTests, Proof, prove};
pub use layers::layers;
pub use overview::{Overview, Pause, hooks, overview, published};
pub use plan::plan;
pub use publish::{Publish, check, publish, remove, roll_back};
pub use scene::{Scene, lead_ctx, scene};
pub use to_test::keep_as_test;
pub use try_out::{Refused, Tried, Try, try_out};
pub use versions::{Version, version, versions};
