//! The form as it stands.

use std::sync::Arc;

use platform::settings::{Settings, current};
use platform::{Actor, Permit, Result, Tx};
use serde_json::{Map, Value};
use wire::pack::{Pack, Section, Setting};

use crate::ports::Desk;

#[derive(Debug)]
pub struct Form {
    pub version: i64,
    /// Every value in force.
    pub values: Map<String, Value>,
    pub fields: Vec<Setting>,
    pub sections: Vec<Section>,
}

pub async fn show(desk: &Desk, actor: &Actor) -> Result<Form> {
    actor.may(Permit::Settings)?;
    let own = desk
        .app
        .db
        .read(actor.tenant_id(), async move |tx: Tx| current(&tx).await)
        .await?;
    Ok(form(&pack_of(desk, actor), own))
}

pub(super) fn pack_of(desk: &Desk, actor: &Actor) -> Arc<Pack> {
    desk.packs.pack(&actor.tenant.pack).unwrap_or_else(|| desk.packs.core())
}

pub(super) fn form(pack: &Pack, own: Settings) -> Form {
    Form {
        version: own.version,
        values: pack.settings_with(&own.values),
        fields: pack.settings.clone(),
        sections: pack.sections.clone(),
    }
}
