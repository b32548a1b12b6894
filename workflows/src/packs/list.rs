//! The packs there are, and where the centre stands with each.

use std::collections::BTreeMap;

use platform::{Actor, Permit, Result, Tx};
use sea_orm::FromQueryResult;
use wire::pack::{Labels, Pack, version_number};

use crate::ports::Desk;

#[derive(Debug, Clone)]
pub struct Listed {
    pub id: String,
    pub names: Labels,
    pub about: Labels,
    /// The oldest first.
    pub versions: Vec<String>,
    /// The version the centre is pinned to.
    pub installed: Option<String>,
    pub running: bool,
    /// A newer version than the one installed.
    pub upgrade: Option<String>,
}

pub async fn list(desk: &Desk, actor: &Actor) -> Result<Vec<Listed>> {
    actor.may(Permit::Scripts)?;
    let mut installed = desk
        .app
        .db
        .read(actor.tenant_id(), async move |tx: Tx| installed(&tx).await)
        .await?;
    let running = super::running(&*desk.packs, actor);
    if let Some(running) = &running {
        installed.insert(running.id.clone(), running.version.clone());
    }
    let mut found: Vec<Listed> = Vec::new();
    for pack in desk.packs.all() {
        if found.last().is_none_or(|last| last.id != pack.id) {
            found.push(Listed {
                id: pack.id.clone(),
                names: Labels::new(),
                about: Labels::new(),
                versions: Vec::new(),
                installed: installed.get(&pack.id).cloned(),
                running: running.as_ref().is_some_and(|running| running.id == pack.id),
                upgrade: None,
            });
        }
        if let Some(listed) = found.last_mut() {
            add(listed, &pack);
        }
    }
    Ok(found)
}

/// The packs installed, with the version each is pinned to.
pub(super) async fn installed(tx: &Tx) -> Result<BTreeMap<String, String>> {
    #[derive(FromQueryResult)]
    struct Row {
        pack: String,
        version: String,
    }
    let sql = "SELECT pack, version FROM installed_pack WHERE tenant_id = $1";
    let rows: Vec<Row> = tx.all(sql, vec![tx.tenant().0.into()]).await?;
    Ok(rows.into_iter().map(|row| (row.pack, row.version)).collect())
}

fn add(listed: &mut Listed, pack: &Pack) {
    listed.names.clone_from(&pack.names);
    listed.about.clone_from(&pack.about);
    listed.versions.push(pack.version.clone());
    let newer = |installed: &String| version_number(installed) < pack.number();
    if listed.installed.as_ref().is_some_and(newer) {
        listed.upgrade = Some(pack.version.clone());
    }
}
