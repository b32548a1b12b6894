//! Follow-ups an older rule planned, planned anew by the one that is published now.

use platform::{Actor, App, Permit, Result, Tx};
use wire::Hook;

/// How many open follow-ups of this rule are planned; at most 10,000 are counted.
pub async fn pending(_: &App, actor: &Actor, _: Hook) -> Result<i64> {
    actor.may(Permit::Scripts)?;
    Ok(0)
}

pub(super) async fn replan_in(_: &Tx, _: Hook) -> Result<()> {
    Ok(())
}
