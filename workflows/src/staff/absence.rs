//! Absence: a manager marks a rep away, now or for an interval. Effective only inside it.

use chrono::{DateTime, Utc};
use platform::jobs::{NewJob, enqueue};
use platform::{Actor, App, Error, Id, Result, Tx, audit};
use serde_json::json;

use super::create::may_manage;
use super::user::find_in;

/// Sets or clears (`from` absent) a rep's absence; without an end it lasts until cleared.
pub async fn set_absence(
    app: &App,
    actor: &Actor,
    user: Id,
    from: Option<DateTime<Utc>>,
    to: Option<DateTime<Utc>>,
) -> Result<()> {
    if let (Some(from), Some(to)) = (from, to)
        && to <= from
    {
        return Err(Error::field("to", "ends_before_it_starts"));
    }
    let actor = actor.clone();
    app.db
        .write(actor.tenant_id(), async move |tx: Tx| {
            let found = find_in(&tx, user).await?;
            may_manage(&actor, &found.role)?;
            let sql = "UPDATE app_user SET absent_from = $3, absent_to = $4, version = version + 1 \
                       WHERE tenant_id = $1 AND id = $2";
            let to = from.and(to);
            tx.run(sql, vec![tx.tenant().0.into(), user.into(), from.into(), to.into()])
                .await?;
            audit::record(
                &tx,
                &actor,
                "user.absence_set",
                "user",
                user,
                json!({"from": from, "to": to}),
            )
            .await?;
            let uniq = format!("waiting/absence/{user}/{}", found.version + 1);
            enqueue(&tx, NewJob::new("distribution.waiting", uniq, vec![])).await
        })
        .await
}
