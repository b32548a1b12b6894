//! A list is asked for as a file; the job writes it.

use platform::idempotency::Key;
use platform::ids::new_id;
use platform::jobs::{NewJob, enqueue};
use platform::{Actor, App, Error, Permit, Result, Tx, audit};
use sea_orm::FromQueryResult;
use serde_json::json;

use super::export::{Export, find_in};
use super::rows::What;
use super::table::Format;

/// Files wait behind what people do by hand.
pub(super) const PRIORITY: i16 = 5;
/// So many of one person at a time.
const AT_ONCE: i64 = 5;

#[derive(Debug, Clone)]
pub struct Wanted {
    pub what: What,
    pub format: Format,
}

/// How many rows the file would have.
pub async fn count(app: &App, actor: &Actor, what: &What) -> Result<i64> {
    actor.may(Permit::Exports)?;
    what.count(app, actor).await
}

pub async fn request(app: &App, actor: &Actor, wanted: Wanted, key: Option<Key>) -> Result<Export> {
    actor.may(Permit::Exports)?;
    let (author, total) = (actor.person()?, wanted.what.count(app, actor).await?);
    let actor_then = actor.clone();
    app.once(actor, key, async move |tx: Tx| {
        #[derive(FromQueryResult)]
        struct Row {
            count: i64,
        }
        let (tenant, actor) = (tx.tenant(), actor_then);
        let sql = "SELECT COUNT(*) AS count FROM export WHERE tenant_id = $1 AND author_id = $2 \
                   AND state IN ('queued', 'running')";
        let open: Option<Row> = tx.one(sql, vec![tenant.0.into(), author.into()]).await?;
        if open.is_some_and(|row| row.count >= AT_ONCE) {
            return Err(Error::refused("too_many_exports"));
        }
        let (id, filter) = (new_id(), wanted.what.filter()?);
        tx.run(
            "INSERT INTO export (tenant_id, id, author_id, what, filter, format, locale, state, total, rows, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, 'queued', $8, 0, $9)",
            vec![
                tenant.0.into(),
                id.into(),
                author.into(),
                wanted.what.key().into(),
                filter.clone().into(),
                wanted.format.key().into(),
                actor.lang.code().into(),
                total.into(),
                tx.now().into(),
            ],
        )
        .await?;
        enqueue(&tx, NewJob::new("exports.run", format!("export/{id}"), vec![id]).priority(PRIORITY)).await?;
        let what = json!({"what": wanted.what.key(), "format": wanted.format.key(), "filter": filter, "rows": total});
        audit::record(&tx, &actor, "export.requested", "export", id, what).await?;
        find_in(&tx, &actor, id).await
    })
    .await
}
