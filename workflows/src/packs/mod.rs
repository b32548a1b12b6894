//! Packs in a centre's life: what there is, what installing or upgrading would do, and doing it. A centre runs on one
//! pack at a time, pinned to a version; what a pack brought stays when it stops.

mod diff;
mod install;
mod list;
mod overrides;
mod report;
mod words;

pub use diff::{Line, Mark, diff};
pub(crate) use install::note;
pub use install::{Wish, disable, enable, install};
pub use list::{Listed, list};
pub use overrides::{Compared, Overridden, Verdict};
pub use report::{Clash, Misfit, Report, Step, report};
pub use words::{adopt, bring};

use std::sync::Arc;

use platform::{Actor, Error, Result};
use wire::pack::Pack;

use crate::ports::{Desk, Packs};

/// The pack a centre runs on; none where it runs on the core alone.
pub fn running(packs: &dyn Packs, actor: &Actor) -> Option<Arc<Pack>> {
    packs.pack(&actor.tenant.pack)
}

/// A pack by `id` (its newest version) or `id@1.0.0`.
fn named(desk: &Desk, name: &str) -> Result<Arc<Pack>> {
    desk.packs.pack(name).ok_or(Error::NotFound)
}
