//! What crosses the pipe between the server and the script process: contexts in, plans out.
//! Plain serde types, so that `workflows` builds contexts and applies plans without knowing rhai.

mod batch;
mod call;
mod candidate;
mod check;
mod due;
mod frame;
mod golden;
mod hook;
mod instant;
mod outcome;
pub mod pack;
mod plan;
mod scenario;
pub mod source;
mod typed;

pub use batch::{Batch, BatchRef, CourseRef, Layer, Level, MAX_SOURCE, Registry, StatusRef, TenantCtx, source_hash};
pub use call::{
    ActivityCtx, Actor, Call, DayCtx, EventCtx, FollowUpCtx, GroupCtx, LeadCtx, OwnerCtx, RoomCtx, TrialCtx,
};
pub use candidate::{Candidate, apply_assignment, assigned_at};
pub use check::{Args, Check, CheckReport, Finding, FunctionInfo, Severity};
pub use frame::{FrameError, MAX_FRAME, Reply, Request, RunRef, read_frame, write_frame};
#[cfg(feature = "tokio")]
pub use frame::{read_frame_async, write_frame_async};
pub use golden::{Cover, Golden, TestFailure, TestResult};
pub use hook::Hook;
pub use outcome::{Failure, LayerRef, Outcome, TraceLine};
pub use plan::{
    Assign, BlockOwner, FollowUpItem, Kpi, Message, Notice, Plan, Queue, Reassign, Reschedule, Score, Step, Verdict,
    When,
};
pub use scenario::Scenario;
pub use typed::{BadField, instant as typed_instant};

/// A rep's working time, as `calendar` computes with it.
pub use calendar::Schedule;
