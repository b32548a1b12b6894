//! Which centre is spoken to: resolved from the host before anything else.

mod directory;
mod provision;

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

pub use directory::Directory;
pub use provision::{NewTenant, list, provision, run_on};

use crate::ids::TenantId;
use crate::locale::Lang;

#[derive(Debug, Clone)]
pub struct Tenant {
    pub id: TenantId,
    pub slug: String,
    pub name: String,
    pub time_zone: Tz,
    pub locale: Lang,
    pub currency: String,
    /// ISO 3166 alpha-2; national phone numbers are read in it.
    pub country: String,
    pub pack: String,
    /// Whom people of the centre ask for help.
    pub support: Option<String>,
}

impl Tenant {
    /// The calendar day an instant falls on for this centre.
    pub fn local_date(&self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.time_zone).date_naive()
    }

    /// The instant a local day begins; where midnight does not exist, the first one that does.
    pub fn day_start(&self, day: NaiveDate) -> DateTime<Utc> {
        self.instant(day.and_time(chrono::NaiveTime::MIN))
    }

    /// The instant a local time names; where the clocks skip it, the first full hour after it that they show.
    pub fn instant(&self, local: chrono::NaiveDateTime) -> DateTime<Utc> {
        use chrono::{TimeDelta, TimeZone};
        (0..24)
            .find_map(|hours| {
                self.time_zone
                    .from_local_datetime(&(local + TimeDelta::hours(hours)))
                    .earliest()
            })
            .map_or_else(|| local.and_utc(), |at| at.with_timezone(&Utc))
    }

    pub fn today(&self, now: DateTime<Utc>) -> (DateTime<Utc>, DateTime<Utc>) {
        let day = self.local_date(now);
        (self.day_start(day), self.day_start(day.succ_opt().unwrap_or(day)))
    }
}

pub type TenantRef = Arc<Tenant>;
