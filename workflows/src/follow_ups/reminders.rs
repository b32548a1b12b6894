//! The reminders sent for a follow-up: when, to whom, and whether they arrived.

use chrono::{DateTime, Utc};
use platform::db::{insert, list};
use platform::ids::new_id;
use platform::{Actor, App, Id, Result, Tx};
use sea_orm::{FromQueryResult, Value};
use serde::Serialize;

use super::follow_up::find_in;
use crate::messages::Due;

#[derive(Debug, Clone, FromQueryResult, Serialize)]
pub struct Reminder {
    pub follow_up_id: Id,
    pub user_id: Id,
    pub at: DateTime<Utc>,
    /// queued, sending, sent or dead; none where the person has no Telegram: the portal alone said it.
    pub state: Option<String>,
    pub sent_at: Option<DateTime<Utc>>,
}

impl Reminder {
    /// delivered, waiting, failed or portal.
    pub fn outcome(&self) -> &'static str {
        match self.state.as_deref() {
            Some("sent") => "delivered",
            Some("dead") => "failed",
            Some(_) => "waiting",
            None => "portal",
        }
    }
}

/// Those of a follow-up, the latest first.
pub async fn reminders(app: &App, actor: &Actor, id: Id) -> Result<Vec<Reminder>> {
    let actor = actor.clone();
    app.db
        .read(actor.tenant_id(), async move |tx: Tx| {
            find_in(&tx, &actor, id).await?;
            of_in(&tx, &[id]).await
        })
        .await
}

/// Those of follow-ups already found to be visible, the latest first.
pub(crate) async fn of_in(tx: &Tx, follow_ups: &[Id]) -> Result<Vec<Reminder>> {
    if follow_ups.is_empty() {
        return Ok(Vec::new());
    }
    let mut values: Vec<Value> = vec![tx.tenant().0.into()];
    values.extend(follow_ups.iter().map(|id| Value::from(*id)));
    let sql = format!(
        "SELECT r.follow_up_id, r.user_id, r.at, m.state, m.sent_at FROM follow_up_reminder AS r \
         LEFT JOIN bot_message AS m ON m.tenant_id = $1 AND m.uniq = r.message \
         WHERE r.tenant_id = $1 AND r.follow_up_id IN ({}) ORDER BY r.at DESC, r.id DESC LIMIT 100",
        list(2, follow_ups.len())
    );
    tx.all(&sql, values).await
}

/// Writes down which message speaks of which follow-up.
pub(super) async fn remember_in(tx: &Tx, told: Vec<(Due, String)>) -> Result<()> {
    let rows = told.into_iter().map(|(due, message)| {
        let values: Vec<Value> = vec![
            tx.tenant().0.into(),
            new_id().into(),
            due.follow_up.into(),
            due.lead.into(),
            due.owner.into(),
            message.into(),
            tx.now().into(),
        ];
        values
    });
    let columns = "tenant_id, id, follow_up_id, lead_id, user_id, message, at";
    insert(tx, "follow_up_reminder", columns, rows.collect(), "")
        .await
        .map(|_| ())
}
