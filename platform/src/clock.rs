//! The only source of time. Real time plus an offset stored in the database, which moves only where a test clock
//! is allowed; leases and ids use real time.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use chrono::{DateTime, DurationRound, TimeDelta, Utc};

#[derive(Clone, Default)]
pub struct Clock {
    offset_micros: Arc<AtomicI64>,
    /// How far the database's clock is ahead of this machine's.
    skew_micros: Arc<AtomicI64>,
    /// How often this node moved the clock itself.
    moves: Arc<Mutex<u64>>,
}

impl Clock {
    /// Now, cut to microseconds: what both engines can store.
    pub fn now(&self) -> DateTime<Utc> {
        self.shifted(self.real())
    }

    /// What a real instant is on the movable clock.
    pub fn shifted(&self, real: DateTime<Utc>) -> DateTime<Utc> {
        cut(real + TimeDelta::microseconds(self.offset_micros.load(Ordering::Relaxed)))
    }

    /// The database's time, as far as this machine can tell without asking.
    pub fn real(&self) -> DateTime<Utc> {
        cut(self.machine() + TimeDelta::microseconds(self.skew_micros.load(Ordering::Relaxed)))
    }

    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    fn machine(&self) -> DateTime<Utc> {
        Utc::now()
    }

    /// Follows the database's clock. Less than a quarter of a second is the way there and back.
    pub fn follow(&self, database: DateTime<Utc>) {
        let skew = (database - self.machine()).num_microseconds().unwrap_or(0);
        let skew = if skew.abs() < 250_000 { 0 } else { skew };
        self.skew_micros.store(skew, Ordering::Relaxed);
    }

    pub fn offset_micros(&self) -> i64 {
        self.offset_micros.load(Ordering::Relaxed)
    }

    /// Moves the clock.
    pub fn set_offset(&self, micros: i64) {
        if let Ok(mut moves) = self.moves.lock() {
            *moves += 1;
            self.offset_micros.store(micros, Ordering::Relaxed);
        }
    }

    /// To be handed to [`Clock::take_over`] with what was then read.
    pub fn moves(&self) -> u64 {
        self.moves.lock().map(|moves| *moves).unwrap_or_default()
    }

    /// Takes over the offset others agreed on, unless this node moved the clock since it asked.
    pub fn take_over(&self, micros: i64, asked_at: u64) {
        if let Ok(moves) = self.moves.lock()
            && *moves == asked_at
        {
            self.offset_micros.store(micros, Ordering::Relaxed);
        }
    }
}

/// Instants are stored cut to microseconds, so that what is read equals what was written.
pub fn cut(at: DateTime<Utc>) -> DateTime<Utc> {
    at.duration_trunc(TimeDelta::microseconds(1)).unwrap_or(at)
}
