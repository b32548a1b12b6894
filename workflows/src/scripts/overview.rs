//! One hook at a glance: the pack's script, what is published over it, whether it is paused and why.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use platform::locale::Lang;
use platform::{Actor, App, Permit, Result, Tx};
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};
use wire::{Args, Failure, Hook};

use super::explain::explain;
use crate::ports::Desk;

/// What an admin sees of one hook.
#[derive(Debug, Serialize)]
pub struct Overview {
    pub hook: &'static str,
    /// The pack's script, which an override stands over.
    pub pack: String,
    pub pack_source: String,
    pub published: Option<i64>,
    /// The published override's text, or none.
    pub source: Option<String>,
    pub paused_at: Option<DateTime<Utc>>,
    pub pause: Option<Pause>,
}

/// The failure that paused an override.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Pause {
    pub code: String,
    pub message: String,
    #[serde(default)]
    pub args: Args,
    pub line: u32,
    pub column: u32,
}

impl Pause {
    pub fn of(failure: &Failure) -> Self {
        Pause {
            code: failure.code.clone(),
            message: failure.message.clone(),
            args: failure.args.clone(),
            line: failure.line,
            column: failure.column,
        }
    }

    pub fn explain(&self, lang: Lang) -> String {
        explain(lang, &self.code, &self.args, &self.message)
    }

    /// As stored with the hook's state; a reason stored before it had parts is its own message.
    fn parse(stored: &str) -> Self {
        serde_json::from_str(stored).unwrap_or_else(|_| Pause {
            code: "paused".into(),
            message: stored.to_owned(),
            args: Args::new(),
            line: 0,
            column: 0,
        })
    }
}

/// The hooks the tenant's pack knows.
pub fn hooks(desk: &Desk, actor: &Actor) -> Vec<Hook> {
    let pack = desk.packs.pack(&actor.tenant.pack).unwrap_or_else(|| desk.packs.core());
    pack.hooks.clone()
}

/// The published version of each hook that has one.
pub async fn published(app: &App, actor: &Actor) -> Result<HashMap<String, i64>> {
    #[derive(FromQueryResult)]
    struct Row {
        hook: String,
        published: i64,
    }
    actor.may(Permit::Scripts)?;
    let tenant = actor.tenant_id();
    let rows: Vec<Row> = app
        .db
        .read(tenant, async move |tx: Tx| {
            let sql = "SELECT hook, published FROM script_state WHERE tenant_id = $1 AND published IS NOT NULL";
            tx.all(sql, vec![tenant.0.into()]).await
        })
        .await?;
    Ok(rows.into_iter().map(|row| (row.hook, row.published)).collect())
}

pub async fn overview(desk: &Desk, actor: &Actor, hook: Hook) -> Result<Overview> {
    #[derive(FromQueryResult, Default)]
    struct State {
        published: Option<i64>,
        paused_at: Option<DateTime<Utc>>,
        pause_reason: Option<String>,
        source: Option<String>,
    }
    actor.may(Permit::Scripts)?;
    let tenant = actor.tenant_id();
    let state: Option<State> = desk
        .app
        .db
        .read(tenant, async move |tx: Tx| {
            tx.one(
                "SELECT s.published, s.paused_at, s.pause_reason, v.source FROM script_state AS s \
                 LEFT JOIN script_version AS v ON v.tenant_id = s.tenant_id AND v.hook = s.hook \
                 AND v.version = s.published WHERE s.tenant_id = $1 AND s.hook = $2",
                vec![tenant.0.into(), hook.as_str().into()],
            )
            .await
        })
        .await?;
    let pack = desk.packs.pack(&actor.tenant.pack).unwrap_or_else(|| desk.packs.core());
    let state = state.unwrap_or_default();
    Ok(Overview {
        hook: hook.as_str(),
        pack: format!("{}@{}", pack.id, pack.version),
        pack_source: pack.script.clone(),
        published: state.published,
        source: state.source,
        paused_at: state.paused_at,
        pause: state.pause_reason.as_deref().map(Pause::parse),
    })
}
