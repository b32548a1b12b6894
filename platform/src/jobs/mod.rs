//! Durable work. A job is inserted in the business transaction, claimed fairly between tenants under a lease, and
//! finished only by the attempt that holds it. Jobs carry ids, nothing about people.

mod claim;
mod dead;
mod enqueue;
mod runner;
mod schedule;

pub use claim::{Job, finish_in, hold_in, renew};
pub use dead::{DeadJob, dead, replay};
pub use enqueue::{NewJob, enqueue, enqueue_all, under_way};
pub use runner::{Handler, Runner};
pub use schedule::{Every, Tick};
