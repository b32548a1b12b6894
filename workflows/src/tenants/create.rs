//! Making a tenant: the platform's row and host, then statuses, moves, sources, texts and settings of its pack.

use platform::settings;
use platform::tenancy::{self, NewTenant};
use platform::{Actor, App, Error, Result, TenantId, Tx};
use wire::pack::Pack;

use crate::packs;
use crate::ports::Packs;

/// The pack is named by its id, for the newest version, or as `id@1.0.0`.
pub async fn create(app: &App, packs: &dyn Packs, new: NewTenant) -> Result<TenantId> {
    let pack = packs
        .pack(&new.pack)
        .ok_or_else(|| Error::field("pack", "unknown_pack"))?;
    let new = NewTenant {
        pack: pack.reference(),
        ..new
    };
    let id = tenancy::provision(&app.db, &app.config.base_domain, new).await?;
    app.tenants.forget();
    let actor = Actor::system(app.tenants.by_id(id).await?);
    app.db
        .write(id, async move |tx: Tx| install_pack(&tx, &actor, &pack).await)
        .await?;
    Ok(id)
}

/// Writes a pack's words into a new tenant's rows.
async fn install_pack(tx: &Tx, actor: &Actor, pack: &Pack) -> Result<()> {
    packs::bring(tx, pack, true).await?;
    packs::note(tx, actor, pack).await?;
    if settings::current(tx).await?.version == 0 {
        settings::change(tx, None, serde_json::Map::new()).await?;
    }
    Ok(())
}
