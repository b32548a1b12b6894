//! Winning lost leads back. What a loss plans at once is the cadence's; here a rule looks at every lost lead once a
//! day and takes the steps nobody has planned: of leads lost elsewhere, of plans that failed, of days added since.

mod daily;

pub use daily::daily;
pub(crate) use daily::steps;
