//! A rep as `distribute` sees one, and what being given a lead changes about them.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::Call;

/// A rep who might be given the lead.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    pub id: String,
    /// Active, in working time, not on leave, absent or blocked, and below capacity. Says nothing
    /// about the course.
    pub available: bool,
    #[serde(default)]
    pub on_leave: bool,
    #[serde(default)]
    pub absent: bool,
    #[serde(default)]
    pub blocked: bool,
    #[serde(default)]
    pub in_hours: bool,
    /// Course ids; empty means every course.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub teaches: Vec<String>,
    #[serde(default)]
    pub open_leads: u32,
    #[serde(default)]
    pub overdue: u32,
    #[serde(default)]
    pub assigned_today: u32,
    #[serde(default, with = "crate::instant::maybe", skip_serializing_if = "Option::is_none")]
    pub last_assigned_at: Option<DateTime<Utc>>,
    /// The most open leads this rep may hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity: Option<u32>,
    /// This rep's share against the others'; 1 is everybody's.
    #[serde(default = "one")]
    pub weight: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub branch_id: Option<String>,
    /// Of the leads received in the last 30 days, the share enrolled, from 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversion_30d: Option<f64>,
}

impl Candidate {
    /// Somebody who is at work, may be given every lead and holds none.
    pub fn free(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            available: true,
            on_leave: false,
            absent: false,
            blocked: false,
            in_hours: true,
            teaches: Vec::new(),
            open_leads: 0,
            overdue: 0,
            assigned_today: 0,
            last_assigned_at: None,
            capacity: None,
            weight: one(),
            branch_id: None,
            conversion_30d: None,
        }
    }

    /// No list of courses means all, and a lead without a course suits everybody.
    pub fn teaches(&self, course_id: Option<&str>) -> bool {
        match course_id {
            None => true,
            Some(course) => self.teaches.is_empty() || self.teaches.iter().any(|c| c == course),
        }
    }

    /// One more lead, given at `at`; at capacity the rep is no longer available.
    pub fn take_lead(&mut self, at: DateTime<Utc>) {
        self.open_leads += 1;
        self.assigned_today += 1;
        self.last_assigned_at = Some(at);
        if self.capacity.is_some_and(|most| self.open_leads >= most) {
            self.available = false;
        }
    }
}

/// Records that `user_id` was given a lead. Both sides of the pipe call it after every
/// assignment, so the parent can rebuild the very picture each call of a batch saw.
pub fn apply_assignment(candidates: &mut [Candidate], user_id: &str, at: DateTime<Utc>) {
    let Some(rep) = candidates.iter_mut().find(|candidate| candidate.id == user_id) else {
        return;
    };
    rep.take_lead(at);
}

/// When a call's assignment counts as made: calls of one batch share `now`, so the call's place
/// in the batch breaks the tie, in microseconds.
pub fn assigned_at(call: &Call) -> DateTime<Utc> {
    call.now + TimeDelta::microseconds(i64::from(call.id))
}

fn one() -> f64 {
    1.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rep_given_the_last_lead_under_the_cap_is_no_longer_available() {
        let at = DateTime::from_timestamp(1_700_000_000, 0).unwrap();
        let mut reps: Vec<Candidate> = vec![
            serde_json::from_str(r#"{"id": "a", "available": true, "open_leads": 8, "capacity": 10}"#).unwrap(),
            serde_json::from_str(r#"{"id": "b", "available": true}"#).unwrap(),
        ];
        apply_assignment(&mut reps, "a", at);
        assert!(reps[0].available);
        apply_assignment(&mut reps, "a", at);
        assert_eq!(
            (reps[0].available, reps[0].open_leads, reps[0].assigned_today),
            (false, 10, 2)
        );
        assert_eq!(reps[0].last_assigned_at, Some(at));
        assert_eq!((reps[1].open_leads, reps[1].last_assigned_at), (0, None));
        apply_assignment(&mut reps, "nobody", at);
    }
}
