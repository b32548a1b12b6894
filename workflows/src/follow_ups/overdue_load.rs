//! How much is overdue, how long already, and whose: one look at the late end of what is open.

use chrono::{DateTime, TimeDelta, Utc};
use platform::{Actor, App, Error, Id, Permit, Result, Tx};
use sea_orm::{FromQueryResult, Value};
use serde::{Deserialize, Serialize};

/// How long a follow-up is overdue already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Age {
    UnderHour,
    UnderSix,
    UnderDay,
    Older,
}

/// A rep's overdue follow-ups, by [`Age::ALL`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Load {
    pub owner: Id,
    pub ages: [i64; 4],
}

impl Age {
    pub const ALL: [Age; 4] = [Age::UnderHour, Age::UnderSix, Age::UnderDay, Age::Older];

    pub fn as_str(self) -> &'static str {
        match self {
            Age::UnderHour => "under_1h",
            Age::UnderSix => "1h_to_6h",
            Age::UnderDay => "6h_to_24h",
            Age::Older => "over_24h",
        }
    }

    pub fn parse(text: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|age| age.as_str() == text);
        found.ok_or_else(|| Error::field("age", "unknown_age"))
    }

    /// Due times of this age: from, before. The oldest has no beginning.
    pub fn due(self, now: DateTime<Utc>) -> (Option<DateTime<Utc>>, DateTime<Utc>) {
        let ago = |hours| now - TimeDelta::hours(hours);
        match self {
            Age::UnderHour => (Some(ago(1)), now),
            Age::UnderSix => (Some(ago(6)), ago(1)),
            Age::UnderDay => (Some(ago(24)), ago(6)),
            Age::Older => (None, ago(24)),
        }
    }
}

impl Load {
    pub fn total(&self) -> i64 {
        self.ages.iter().sum()
    }
}

/// Everybody's for those who see everybody's, else one's own; the most loaded first.
pub async fn overdue_load(app: &App, actor: &Actor) -> Result<Vec<Load>> {
    #[derive(FromQueryResult)]
    struct Row {
        owner_id: Id,
        hour: i64,
        six: i64,
        day: i64,
        older: i64,
    }
    let now = app.clock.now();
    let since = |hours| Value::from(now - TimeDelta::hours(hours));
    let mut values: Vec<Value> = vec![actor.tenant_id().0.into(), now.into(), since(1), since(6), since(24)];
    let own = if actor.can(Permit::FollowUpsAll) {
        ""
    } else {
        actor.may(Permit::FollowUpsOwn)?;
        values.push(actor.person()?.into());
        " AND f.owner_id = $6"
    };
    let sql = format!(
        "SELECT f.owner_id, COUNT(CASE WHEN f.due_at >= $3 THEN 1 END) AS hour, \
         COUNT(CASE WHEN f.due_at >= $4 AND f.due_at < $3 THEN 1 END) AS six, \
         COUNT(CASE WHEN f.due_at >= $5 AND f.due_at < $4 THEN 1 END) AS day, \
         COUNT(CASE WHEN f.due_at < $5 THEN 1 END) AS older FROM follow_up AS f \
         WHERE f.tenant_id = $1 AND f.state = 'open' AND f.due_at < $2{own} \
         GROUP BY f.owner_id ORDER BY COUNT(*) DESC, f.owner_id LIMIT 1000"
    );
    let rows: Vec<Row> = app
        .db
        .glance(actor.tenant_id(), async move |tx: Tx| tx.all(&sql, values).await)
        .await?;
    let load = |row: Row| Load {
        owner: row.owner_id,
        ages: [row.hour, row.six, row.day, row.older],
    };
    Ok(rows.into_iter().map(load).collect())
}
