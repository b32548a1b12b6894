//! Periodic work without a leader: one unique row per name, tenant and slot, inserted with its job.

use std::collections::HashMap;
use std::sync::Mutex;

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;
use sea_orm::FromQueryResult;

use super::enqueue::lower_turn;
use crate::app::App;
use crate::db::{Tx, insert};
use crate::error::Result;
use crate::ids::{Id, TenantId, new_id};

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
    /// The slot an instant belongs to: the last one that began. A day whose time passed while nothing ran is not
    /// lost with midnight.
    pub fn slot(self, zone: Tz, now: DateTime<Utc>) -> String {
        match self {
            Every::Minutes(minutes) => {
                let minutes = i64::from(minutes.max(1));
                let start = now - TimeDelta::minutes(now.timestamp().div_euclid(60).rem_euclid(minutes));
                start.format("%Y-%m-%dT%H:%M").to_string()
            }
            Every::DayAt(time) => {
                let local = now.with_timezone(&zone);
                let today = local.date_naive();
                let day = if local.time() >= time {
                    Some(today)
                } else {
                    today.pred_opt()
                };
                day.unwrap_or(today).to_string()
            }
        }
    }
}

/// Everything that comes back, with the slots this node knows to be in the queue: between slots it asks nothing.
pub(super) struct Ticks {
    ticks: Vec<Tick>,
    known: Mutex<HashMap<(TenantId, &'static str), String>>,
}

impl Ticks {
    pub fn new(ticks: Vec<Tick>) -> Self {
        Ticks {
            ticks,
            known: Mutex::default(),
        }
    }

    /// Enqueues the current slot of every tick for every tenant that has not had it. Returns how many it inserted.
    pub async fn enqueue(&self, app: &App) -> Result<usize> {
        let now = app.clock.now();
        let tenants = app.tenants.active().await?;
        let mut wanted: Vec<Wanted> = Vec::new();
        if let Ok(known) = self.known.lock() {
            for tenant in &tenants {
                for tick in &self.ticks {
                    let slot = tick.every.slot(tenant.time_zone, now);
                    if known.get(&(tenant.id, tick.name)) != Some(&slot) {
                        wanted.push((tenant.id, tick.name, slot));
                    }
                }
            }
        }
        let mut inserted = 0;
        for chunk in wanted.chunks(500) {
            let slots = chunk.to_vec();
            inserted += app.db.queue(async move |tx: Tx| insert_slots(&tx, slots).await).await?;
            if let Ok(mut known) = self.known.lock() {
                known.extend(
                    chunk
                        .iter()
                        .map(|(tenant, name, slot)| ((*tenant, *name), slot.clone())),
                );
            }
        }
        if inserted > 0 {
            app.db.wake();
        }
        Ok(inserted)
    }
}

type Wanted = (TenantId, &'static str, String);

async fn insert_slots(tx: &Tx, wanted: Vec<Wanted>) -> Result<usize> {
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
