//! Installing, moving to another version, running on a pack, and running on none. The centre's own rules, leads and
//! values stay whatever happens.

use std::sync::Arc;

use platform::fold::clean_line;
use platform::{Actor, Error, Permit, Result, TenantId, Tx, audit, settings, tenancy};
use serde_json::json;
use wire::pack::Pack;

use super::list::installed;
use super::report::{misfits, report};
use super::words::{adopt, bring};
use crate::leads::Registry;
use crate::ports::Desk;

/// What an admin asks for after reading the report.
#[derive(Debug, Clone, Default)]
pub struct Wish {
    /// The newest if none is named.
    pub version: Option<String>,
    /// What the pack may do, all of what it asks for.
    pub permissions: Vec<String>,
}

/// Installs a pack, or moves an installed one to another version. One that runs goes on running, at that version.
pub async fn install(desk: &Desk, actor: &Actor, id: &str, wish: Wish) -> Result<Arc<Pack>> {
    actor.may(Permit::Scripts)?;
    let name = match &wish.version {
        Some(version) => format!("{id}@{}", clean_line(version, 40)),
        None => id.to_owned(),
    };
    if id.contains('@') {
        return Err(Error::NotFound);
    }
    let report = report(desk, actor, &name).await?;
    if let Some(refusal) = report.refusal() {
        return Err(refusal);
    }
    if let Some(asked) = report.asked.iter().find(|asked| !wish.permissions.contains(asked)) {
        return Err(Error::refused("pack_permission_not_granted").with("name", asked.as_str()));
    }
    let (pack, running, was) = (report.pack, report.running, actor.tenant.pack.clone());
    let (theirs, shipped, actor) = (pack.clone(), desk.packs.all(), actor.clone());
    let tenant = actor.tenant_id();
    desk.app
        .db
        .write(tenant, async move |tx: Tx| {
            note(&tx, &actor, &theirs).await?;
            if running {
                tenancy::run_on(&tx, &was, &theirs.reference()).await?;
                adopt(&tx, &theirs, &shipped).await?;
                refit(&tx, &actor, &theirs).await?;
            } else {
                bring(&tx, &theirs, false).await?;
            }
            let changes = json!({"pack": theirs.id, "version": theirs.version, "running": running});
            audit::record(&tx, &actor, "pack.installed", "pack", tx.tenant().0, changes).await
        })
        .await?;
    forget(desk, tenant);
    Ok(pack)
}

/// Runs the centre on an installed pack, at the version it is pinned to.
pub async fn enable(desk: &Desk, actor: &Actor, id: &str) -> Result<Arc<Pack>> {
    actor.may(Permit::Scripts)?;
    let pinned = desk
        .app
        .db
        .read(actor.tenant_id(), async move |tx: Tx| installed(&tx).await)
        .await?;
    let version = pinned.get(id).ok_or(Error::refused("pack_not_installed"))?;
    let name = format!("{id}@{version}");
    let report = report(desk, actor, &name).await?;
    if let Some(refusal) = report.refusal() {
        return Err(refusal);
    }
    let (pack, was) = (report.pack, actor.tenant.pack.clone());
    let (theirs, shipped, actor) = (pack.clone(), desk.packs.all(), actor.clone());
    let tenant = actor.tenant_id();
    desk.app
        .db
        .write(tenant, async move |tx: Tx| {
            tenancy::run_on(&tx, &was, &theirs.reference()).await?;
            adopt(&tx, &theirs, &shipped).await?;
            refit(&tx, &actor, &theirs).await?;
            let changes = json!({"from": was, "to": theirs.reference()});
            audit::record(&tx, &actor, "pack.enabled", "pack", tx.tenant().0, changes).await
        })
        .await?;
    forget(desk, tenant);
    Ok(pack)
}

/// Runs the centre on the core rules alone. Its statuses, words and leads stay as they are.
pub async fn disable(desk: &Desk, actor: &Actor) -> Result<()> {
    actor.may(Permit::Scripts)?;
    let was = actor.tenant.pack.clone();
    let core = desk.packs.core();
    let running = super::running(&*desk.packs, actor);
    let actor = actor.clone();
    desk.app
        .db
        .write(actor.tenant_id(), async move |tx: Tx| {
            // The version it ran at is where it would go on.
            if let Some(running) = &running {
                note(&tx, &actor, running).await?;
            }
            tenancy::run_on(&tx, &was, &core.id).await?;
            let changes = json!({"from": was});
            audit::record(&tx, &actor, "pack.disabled", "pack", tx.tenant().0, changes).await
        })
        .await?;
    desk.app.tenants.forget();
    Ok(())
}

/// Other nodes see it within seconds.
fn forget(desk: &Desk, tenant: TenantId) {
    desk.app.tenants.forget();
    desk.app.kept.forget::<Registry>(tenant);
}

/// Which version is here, and what it may do.
pub(crate) async fn note(tx: &Tx, actor: &Actor, pack: &Pack) -> Result<()> {
    tx.run(
        "INSERT INTO installed_pack (tenant_id, pack, version, permissions, installed_by, installed_at, changed_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $6) ON CONFLICT (tenant_id, pack) DO UPDATE SET \
         version = excluded.version, permissions = excluded.permissions, changed_at = excluded.changed_at",
        vec![
            tx.tenant().0.into(),
            pack.id.as_str().into(),
            pack.version.as_str().into(),
            json!(pack.permissions).into(),
            actor.user.into(),
            tx.now().into(),
        ],
    )
    .await?;
    Ok(())
}

/// Values that the pack's form refuses go back to its defaults, as a version of their own. Those of fields it does
/// not have are kept for the pack that has them.
async fn refit(tx: &Tx, actor: &Actor, pack: &Pack) -> Result<()> {
    let mut values = settings::current(tx).await?.values;
    let refused = misfits(pack, &values);
    let refused: Vec<_> = refused.into_iter().filter(|misfit| misfit.default.is_some()).collect();
    if refused.is_empty() {
        return Ok(());
    }
    for misfit in refused {
        values.remove(&misfit.key);
    }
    settings::store(tx, actor.user, values, &pack.reference(), None)
        .await
        .map(|_| ())
}
