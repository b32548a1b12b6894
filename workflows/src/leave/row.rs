//! A leave's row, and who may see it: one's own, everybody's for those who decide.

use chrono::{DateTime, NaiveDate, Utc};
use platform::{Actor, App, Error, Id, Permit, Result, Tx};
use sea_orm::FromQueryResult;
use serde::Serialize;

use super::off::Off;

/// Why somebody is away.
pub const KINDS: [&str; 4] = ["illness", "personal", "vacation", "other"];

#[derive(Debug, Clone, FromQueryResult, Serialize)]
pub struct Leave {
    pub id: Id,
    pub user_id: Id,
    pub first_name: String,
    pub last_name: String,
    pub kind: String,
    /// pending, approved, rejected, cancelled.
    pub state: String,
    /// The very instants it covers, hours of several days from the first to the last.
    pub starts_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    first_day: Option<String>,
    last_day: Option<String>,
    /// Local hours of each day, in minutes from midnight; none means whole days.
    pub from_minute: Option<i16>,
    pub to_minute: Option<i16>,
    pub note: String,
    pub urgent: bool,
    pub answer: String,
    pub decided_by: Option<Id>,
    pub decided_at: Option<DateTime<Utc>>,
    /// Set where it was ended before its time.
    pub ended_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
}

pub(super) const COLUMNS: &str = "l.id, l.user_id, u.first_name, u.last_name, l.kind, l.state, l.starts_at, l.ends_at, \
     l.first_day, l.last_day, l.from_minute, l.to_minute, l.note, l.urgent, l.answer, l.decided_by, l.decided_at, \
     l.ended_at, l.created_at FROM leave AS l JOIN app_user AS u ON u.tenant_id = l.tenant_id AND u.id = l.user_id";

impl Leave {
    pub fn name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name).trim().to_owned()
    }

    /// The local days it names, both included.
    pub fn days(&self, actor: &Actor) -> (NaiveDate, NaiveDate) {
        let named = |text: &Option<String>| text.as_deref().and_then(|text| text.parse().ok());
        let tenant = &actor.tenant;
        let last = tenant.local_date(self.ends_at - chrono::TimeDelta::microseconds(1));
        (
            named(&self.first_day).unwrap_or_else(|| tenant.local_date(self.starts_at)),
            named(&self.last_day).unwrap_or(last),
        )
    }

    pub(super) fn off(&self) -> Off {
        Off {
            user_id: self.user_id,
            starts_at: self.starts_at,
            ends_at: self.ends_at,
            first_day: self.first_day.clone(),
            last_day: self.last_day.clone(),
            from_minute: self.from_minute,
            to_minute: self.to_minute,
        }
    }
}

pub async fn find(app: &App, actor: &Actor, id: Id) -> Result<Leave> {
    let actor = actor.clone();
    app.db
        .glance(actor.tenant_id(), async move |tx: Tx| find_in(&tx, &actor, id).await)
        .await
}

pub(super) async fn find_in(tx: &Tx, actor: &Actor, id: Id) -> Result<Leave> {
    load(tx, actor, id, "").await
}

/// As [`find`], locked until the transaction ends where the engine has row locks.
pub(super) async fn lock(tx: &Tx, actor: &Actor, id: Id) -> Result<Leave> {
    load(tx, actor, id, if tx.is_postgres() { " FOR UPDATE OF l" } else { "" }).await
}

async fn load(tx: &Tx, actor: &Actor, id: Id, tail: &str) -> Result<Leave> {
    let sql = format!("SELECT {COLUMNS} WHERE l.tenant_id = $1 AND l.id = $2{tail}");
    let found: Option<Leave> = tx.one(&sql, vec![tx.tenant().0.into(), id.into()]).await?;
    found
        .filter(|leave| actor.can(Permit::LeaveDecide) || actor.user == Some(leave.user_id))
        .ok_or(Error::NotFound)
}
