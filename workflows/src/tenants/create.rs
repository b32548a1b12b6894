//! Making a tenant: the platform's row and host, then statuses, moves, sources, texts and settings of its pack.

use platform::db::insert;
use platform::settings;
use platform::tenancy::{self, NewTenant};
use platform::{App, Error, Result, TenantId, Tx};
use serde_json::json;
use wire::pack::{MoveBy, Pack};

use crate::ports::Packs;

pub async fn create(app: &App, packs: &dyn Packs, new: NewTenant) -> Result<TenantId> {
    let pack = packs
        .pack(&new.pack)
        .ok_or_else(|| Error::field("pack", "unknown_pack"))?;
    let id = tenancy::provision(&app.db, &app.config.base_domain, new).await?;
    app.db
        .write(id, async move |tx: Tx| install_pack(&tx, &pack).await)
        .await?;
    app.tenants.forget();
    Ok(id)
}

/// Writes a pack's words into the tenant's rows; what is there already stays as it is.
pub async fn install_pack(tx: &Tx, pack: &Pack) -> Result<()> {
    let tenant = tx.tenant();
    let again = "ON CONFLICT DO NOTHING";
    let rows = pack
        .statuses
        .iter()
        .map(|s| {
            vec![
                tenant.0.into(),
                s.key.as_str().into(),
                s.kind.as_str().into(),
                s.order.into(),
                json!(s.labels).into(),
            ]
        })
        .collect();
    insert(tx, "status", "tenant_id, key, kind, position, labels", rows, again).await?;
    let rows = pack
        .transitions
        .iter()
        .map(|t| {
            let by = match t.by {
                MoveBy::Anyone => "anyone",
                MoveBy::Manager => "manager",
                MoveBy::System => "system",
            };
            vec![
                tenant.0.into(),
                t.from.as_str().into(),
                t.to.as_str().into(),
                by.into(),
                t.reason.into(),
                t.guard.clone().into(),
            ]
        })
        .collect();
    insert(
        tx,
        "transition",
        "tenant_id, from_key, to_key, moved_by, needs_reason, guard",
        rows,
        again,
    )
    .await?;
    let named = [
        (
            "source",
            pack.sources.iter().map(|s| (&s.key, &s.labels)).collect::<Vec<_>>(),
        ),
        (
            "lost_reason",
            pack.lost_reasons.iter().map(|s| (&s.key, &s.labels)).collect(),
        ),
        ("pack_text", pack.texts.iter().map(|s| (&s.key, &s.labels)).collect()),
    ];
    for (table, items) in named {
        let rows = items
            .iter()
            .enumerate()
            .map(|(at, (key, labels))| {
                vec![
                    tenant.0.into(),
                    key.as_str().into(),
                    (at as i32).into(),
                    json!(labels).into(),
                ]
            })
            .collect();
        insert(tx, table, "tenant_id, key, position, labels", rows, again).await?;
    }
    if settings::current(tx).await?.version == 0 {
        settings::change(tx, None, serde_json::Map::new()).await?;
    }
    Ok(())
}
