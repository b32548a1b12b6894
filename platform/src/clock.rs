//! The only source of time. Real time plus an offset stored in the database, which moves only where a test clock
//! is allowed; leases and ids use real time.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, DurationRound, TimeDelta, Utc};

#[derive(Clone, Default)]
pub struct Clock {
    offset_micros: Arc<AtomicI64>,
}

impl Clock {
    /// Now, cut to microseconds: what both engines can store.
    pub fn now(&self) -> DateTime<Utc> {
        cut(self.real() + TimeDelta::microseconds(self.offset_micros.load(Ordering::Relaxed)))
    }

    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    pub fn real(&self) -> DateTime<Utc> {
        cut(Utc::now())
    }

    pub fn offset_micros(&self) -> i64 {
        self.offset_micros.load(Ordering::Relaxed)
    }

    pub fn set_offset(&self, micros: i64) {
        self.offset_micros.store(micros, Ordering::Relaxed);
    }
}

/// Instants are stored cut to microseconds, so that what is read equals what was written.
pub fn cut(at: DateTime<Utc>) -> DateTime<Utc> {
    at.duration_trunc(TimeDelta::microseconds(1)).unwrap_or(at)
}
