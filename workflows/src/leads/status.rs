//! Statuses and moves are the tenant's data; kinds are ours. Rules and numbers read kinds, never keys.

use std::collections::BTreeMap;
use std::sync::Arc;

use platform::locale::Lang;
use platform::{Actor, App, Error, Permit, Result, Tx};
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};
use wire::pack::CustomField;

use super::custom::fields_in;

/// Kinds whose leads count as open work.
pub const OPEN_KINDS: &[&str] = &["new", "working", "trial_booked"];

pub type Label = BTreeMap<String, String>;

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Status {
    pub key: String,
    /// new, working, trial_booked, trial_attended, no_show, offered, won, lost, reactivating.
    pub kind: String,
    pub labels: Label,
    /// Its pack no longer runs: leads stay in it, none comes to it.
    #[serde(default)]
    pub retired: bool,
}

#[derive(Debug, Clone, FromQueryResult)]
pub struct Transition {
    pub from_key: String,
    pub to_key: String,
    /// anyone, manager, system.
    pub moved_by: String,
    pub needs_reason: bool,
    pub guard: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Named {
    pub key: String,
    pub labels: Label,
    /// No longer offered; leads that carry it keep it.
    #[serde(default)]
    pub retired: bool,
}

/// The tenant's own words: statuses, moves, sources, lost reasons, texts of its pack.
#[derive(Debug, Clone, Default)]
pub struct Registry {
    pub statuses: Vec<Status>,
    pub transitions: Vec<Transition>,
    pub sources: Vec<Named>,
    pub lost_reasons: Vec<Named>,
    /// What the center asks about a lead besides the usual.
    pub custom_fields: Vec<CustomField>,
    pub texts: BTreeMap<String, Label>,
}

impl Registry {
    pub fn status(&self, key: &str) -> Option<&Status> {
        self.statuses.iter().find(|status| status.key == key)
    }

    /// Statuses a lead may come to.
    pub fn in_use(&self) -> impl Iterator<Item = &Status> {
        self.statuses.iter().filter(|status| !status.retired)
    }

    /// The first status of a kind.
    pub fn of_kind(&self, kind: &str) -> Result<&Status> {
        let found = self.in_use().find(|status| status.kind == kind);
        found.ok_or_else(|| Error::internal(format!("the tenant has no status of kind {kind}")))
    }

    pub fn kind(&self, key: &str) -> &str {
        self.status(key).map_or("working", |status| &status.kind)
    }

    pub fn has_source(&self, key: &str) -> bool {
        self.sources.iter().any(|source| source.key == key)
    }

    /// Keys of statuses whose leads are open work.
    pub fn open_keys(&self) -> Vec<String> {
        self.statuses
            .iter()
            .filter(|s| OPEN_KINDS.contains(&s.kind.as_str()))
            .map(|s| s.key.clone())
            .collect()
    }

    /// Whether an actor may make a move, and what it needs.
    pub fn allow(&self, actor: &Actor, from: &str, to: &str) -> Result<&Transition> {
        let refuse = |code| Err(Error::refused(code).with("from", from).with("to", to));
        if from == to {
            return refuse("same_status");
        }
        let Some(found) = self.transitions.iter().find(|t| t.from_key == from && t.to_key == to) else {
            return refuse("move_not_allowed");
        };
        match found.moved_by.as_str() {
            "system" if actor.user.is_some() => refuse("move_not_allowed"),
            "manager" if !actor.can(Permit::LeadsMoveBack) => refuse("move_back_by_manager"),
            _ => Ok(found),
        }
    }

    /// The statuses an actor may move a lead to from its own.
    pub fn moves(&self, actor: &Actor, from: &str) -> Vec<&Transition> {
        let order = |t: &&Transition| self.statuses.iter().position(|s| s.key == t.to_key);
        let mut moves: Vec<_> = self
            .transitions
            .iter()
            .filter(|t| t.from_key == from && self.allow(actor, from, &t.to_key).is_ok())
            .collect();
        moves.sort_by_key(order);
        moves
    }

    pub fn text(&self, key: &str, lang: Lang) -> Option<&str> {
        self.texts.get(key).map(|labels| label(labels, lang))
    }
}

/// A label in a language, or in whichever there is.
pub fn label(labels: &Label, lang: Lang) -> &str {
    labels
        .get(lang.code())
        .or_else(|| labels.values().next())
        .map_or("", String::as_str)
}

impl Status {
    pub fn label(&self, lang: Lang) -> &str {
        label(&self.labels, lang)
    }
}

impl Named {
    pub fn label(&self, lang: Lang) -> &str {
        label(&self.labels, lang)
    }
}

pub async fn registry(app: &App, actor: &Actor) -> Result<Registry> {
    app.db
        .read(actor.tenant_id(), async move |tx: Tx| registry_in(&tx).await)
        .await
}

/// As [`registry`], remembered for a few seconds: for showing, never for deciding.
pub async fn shown(app: &App, actor: &Actor) -> Result<Arc<Registry>> {
    app.kept.get(actor.tenant_id(), || registry(app, actor)).await
}

pub async fn registry_in(tx: &Tx) -> Result<Registry> {
    #[derive(FromQueryResult)]
    struct StatusRow {
        key: String,
        kind: String,
        labels: serde_json::Value,
        retired_at: Option<chrono::DateTime<chrono::Utc>>,
    }
    #[derive(FromQueryResult)]
    struct NamedRow {
        key: String,
        labels: serde_json::Value,
        retired_at: Option<chrono::DateTime<chrono::Utc>>,
    }
    let tenant = || vec![tx.tenant().0.into()];
    let statuses: Vec<StatusRow> = tx
        .all(
            "SELECT key, kind, labels, retired_at FROM status WHERE tenant_id = $1 ORDER BY position, key",
            tenant(),
        )
        .await?;
    let transitions: Vec<Transition> = tx
        .all(
            "SELECT from_key, to_key, moved_by, needs_reason, guard FROM transition WHERE tenant_id = $1",
            tenant(),
        )
        .await?;
    let mut named = Vec::new();
    for table in ["source", "lost_reason", "pack_text"] {
        let retired = if table == "pack_text" {
            "CAST(NULL AS TIMESTAMPTZ) AS retired_at"
        } else {
            "retired_at"
        };
        let sql = format!("SELECT key, labels, {retired} FROM {table} WHERE tenant_id = $1 ORDER BY position, key");
        let rows: Vec<NamedRow> = tx.all(&sql, tenant()).await?;
        named.push(
            rows.into_iter()
                .map(|row| Named {
                    key: row.key,
                    labels: labels(row.labels),
                    retired: row.retired_at.is_some(),
                })
                .collect::<Vec<_>>(),
        );
    }
    let texts = named
        .pop()
        .unwrap_or_default()
        .into_iter()
        .map(|n| (n.key, n.labels))
        .collect();
    let lost_reasons = named.pop().unwrap_or_default();
    let sources = named.pop().unwrap_or_default();
    let statuses: Vec<Status> = statuses
        .into_iter()
        .map(|row| Status {
            key: row.key,
            kind: row.kind,
            labels: labels(row.labels),
            retired: row.retired_at.is_some(),
        })
        .collect();
    Ok(Registry {
        transitions: passable(transitions, &statuses),
        statuses,
        custom_fields: fields_in(tx).await?,
        sources,
        lost_reasons,
        texts,
    })
}

/// No move leads to a status out of use; out of one, every other is open.
fn passable(mut transitions: Vec<Transition>, statuses: &[Status]) -> Vec<Transition> {
    let retired: Vec<&Status> = statuses.iter().filter(|status| status.retired).collect();
    if retired.is_empty() {
        return transitions;
    }
    transitions.retain(|step| {
        !retired
            .iter()
            .any(|status| status.key == step.to_key || status.key == step.from_key)
    });
    for from in retired {
        transitions.extend(statuses.iter().filter(|status| !status.retired).map(|to| Transition {
            from_key: from.key.clone(),
            to_key: to.key.clone(),
            moved_by: "anyone".to_owned(),
            needs_reason: to.kind == "lost",
            guard: None,
        }));
    }
    transitions
}

pub(super) fn labels(value: serde_json::Value) -> Label {
    serde_json::from_value(value).unwrap_or_default()
}
