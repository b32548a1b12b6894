//! Our own rule, for when no script answers: fewest open leads, then whoever has waited longest.

use wire::Candidate;

/// The candidate who gets a lead of a course, if anybody is available.
pub fn choose<'a>(candidates: &'a [Candidate], course: Option<&str>) -> Option<&'a Candidate> {
    candidates
        .iter()
        .filter(|candidate| candidate.available && candidate.teaches(course))
        .min_by_key(|candidate| (candidate.open_leads, candidate.last_assigned_at, candidate.id.as_str()))
}
