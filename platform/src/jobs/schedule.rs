//! Periodic work without a leader: one unique row per name, tenant and slot, inserted with its job.

use chrono::{DateTime, NaiveTime, TimeDelta, Timelike, Utc};
use sea_orm::FromQueryResult;

use super::enqueue::lower_turn;
use crate::app::App;
use crate::db::{Tx, insert};
use crate::error::Result;
use crate::ids::{Id, TenantId, new_id};
use crate::tenancy::Tenant;

/// Work that comes back.
#[derive(Clone, Copy)]
pub struct Tick {
    /// Also the kind of the job it enqueues.
    pub name: &'static str,
    pub every: Every,
}

#[derive(Clone, Copy)]
pub enum Every {
    /// Slots of so many minutes, counted in UTC.
    Minutes(u32),
    /// Once each local day, from this local time on.
    DayAt(NaiveTime),
}

impl Every {
    /// The slot an instant belongs to, if one has begun.
    fn slot(self, tenant: &Tenant, now: DateTime<Utc>) -> Option<String> {
        match self {
            Every::Minutes(minutes) => {
                let minutes = i64::from(minutes.max(1));
                let start = now - TimeDelta::minutes(now.timestamp().div_euclid(60).rem_euclid(minutes));
                Some(start.format("%Y-%m-%dT%H:%M").to_string())
            }
            Every::DayAt(time) => {
                let local = now.with_timezone(&tenant.time_zone);
                let begun = local.time().num_seconds_from_midnight() >= time.num_seconds_from_midnight();
                begun.then(|| local.date_naive().to_string())
            }
        }
    }
}

/// Enqueues the current slot of every tick for every tenant that has not had it. Returns how many it inserted.
pub(super) async fn tick(app: &App, ticks: &[Tick]) -> Result<usize> {
    let now = app.clock.now();
    let mut wanted: Vec<(TenantId, &'static str, String)> = Vec::new();
    for id in app.tenants.all().await? {
        let tenant = app.tenants.by_id(id).await?;
        for tick in ticks {
            wanted.extend(tick.every.slot(&tenant, now).map(|slot| (id, tick.name, slot)));
        }
    }
    let mut inserted = 0;
    for chunk in wanted.chunks(500) {
        let chunk = chunk.to_vec();
        inserted += app.db.queue(async move |tx: Tx| insert_slots(&tx, chunk).await).await?;
    }
    if inserted > 0 {
        app.db.wake();
    }
    Ok(inserted)
}

async fn insert_slots(tx: &Tx, wanted: Vec<(TenantId, &'static str, String)>) -> Result<usize> {
    #[derive(FromQueryResult)]
    struct New {
        tenant_id: Id,
        name: String,
        slot: String,
    }
    let mut values = Vec::new();
    let mut places = Vec::new();
    for (position, (tenant, name, slot)) in wanted.iter().enumerate() {
        let at = position * 4;
        places.push(format!("(${}, ${}, ${}, ${})", at + 1, at + 2, at + 3, at + 4));
        values.extend([tenant.0.into(), (*name).into(), slot.as_str().into(), tx.now().into()]);
    }
    let sql = format!(
        "INSERT INTO tick (tenant_id, name, slot, created_at) VALUES {} \
         ON CONFLICT (tenant_id, name, slot) DO NOTHING RETURNING tenant_id, name, slot",
        places.join(", ")
    );
    let new: Vec<New> = if wanted.is_empty() {
        Vec::new()
    } else {
        tx.all(&sql, values).await?
    };
    let rows = new
        .iter()
        .map(|tick| {
            vec![
                tick.tenant_id.into(),
                new_id().into(),
                tick.name.as_str().into(),
                format!("tick/{}/{}", tick.name, tick.slot).into(),
                serde_json::json!([]).into(),
                "ready".into(),
                2i16.into(),
                tx.now().into(),
                0i32.into(),
                super::claim::MAX_ATTEMPTS.into(),
                0i32.into(),
                tx.now().into(),
            ]
        })
        .collect();
    insert(
        tx,
        "job",
        "tenant_id, id, kind, uniq, ids, state, priority, run_at, attempt, max_attempts, crashes, created_at",
        rows,
        "ON CONFLICT (tenant_id, uniq) DO NOTHING",
    )
    .await?;
    for tick in &new {
        lower_turn(tx, TenantId(tick.tenant_id), tx.now()).await?;
    }
    Ok(new.len())
}
