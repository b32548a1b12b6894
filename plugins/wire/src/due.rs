//! When a planned follow-up falls due, in its owner's working time: one answer for real plans, tries and golden tests.

use calendar::{Delay, Due, Schedule};
use chrono::{DateTime, Utc};

use crate::{FollowUpItem, TrialCtx, When};

const FURTHEST_DAYS: i64 = 365;

impl FollowUpItem {
    /// Counted from `base`, never before `now`; or the code of why it cannot be planned.
    pub fn due(
        &self,
        base: DateTime<Utc>,
        trial: Option<&TrialCtx>,
        schedule: &Schedule,
        now: DateTime<Utc>,
    ) -> Result<Due, &'static str> {
        let due = match &self.when {
            When::After { seconds, days } => {
                let delay = Delay {
                    seconds: *seconds,
                    days: *days,
                };
                self.after(delay, base, schedule, now)?
            }
            When::At(at) => self.after(Delay::NONE, *at, schedule, now)?,
            When::Before { anchor, seconds, days } => {
                let trial = trial.ok_or("no_trial")?;
                let anchor = match anchor.as_str() {
                    "trial_start" => trial.starts_at,
                    "trial_end" => trial.ends_at,
                    _ => return Err("unknown_anchor"),
                };
                let delay = Delay {
                    seconds: *seconds,
                    days: *days,
                };
                self.before(delay, anchor, schedule, now)?
            }
        };
        if (due.at - now).num_days() > FURTHEST_DAYS {
            return Err("too_far");
        }
        Ok(due)
    }

    fn after(
        &self,
        delay: Delay,
        base: DateTime<Utc>,
        schedule: &Schedule,
        now: DateTime<Utc>,
    ) -> Result<Due, &'static str> {
        if self.in_work_hours {
            return Ok(schedule.due(base, delay, now));
        }
        // Outside working hours on purpose; never before now.
        let at = delay.after(base, schedule.time_zone).ok_or("out_of_range")?;
        Ok(Due {
            at: at.max(now),
            flagged: false,
        })
    }

    fn before(
        &self,
        delay: Delay,
        anchor: DateTime<Utc>,
        schedule: &Schedule,
        now: DateTime<Utc>,
    ) -> Result<Due, &'static str> {
        let due = if self.in_work_hours {
            schedule.before(anchor, delay)
        } else {
            let at = delay.before(anchor, schedule.time_zone).ok_or("out_of_range")?;
            Due { at, flagged: false }
        };
        if due.at < now && self.skip_if_past {
            return Err("already_past");
        }
        Ok(Due {
            at: due.at.max(now).min(anchor),
            ..due
        })
    }
}
