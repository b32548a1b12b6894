//! Who gets a lead, in plain Rust: the smallest load; among equals whoever has waited longest; then the first.

use serde_json::{Map, Value};
use wire::Candidate;

/// The rep and the reason, or nobody.
pub fn choose<'a>(
    reps: &'a [Candidate],
    course: Option<&str>,
    settings: &Map<String, Value>,
) -> Option<(&'a Candidate, &'static str)> {
    let weigh = settings.get("use_weights") == Some(&Value::Bool(true));
    let load = |rep: &Candidate| {
        let with_it = f64::from(rep.open_leads + 1);
        if weigh { with_it / rep.weight } else { with_it }
    };
    let mut free: Vec<&Candidate> = reps
        .iter()
        .filter(|rep| rep.available && rep.teaches(course) && !(weigh && rep.weight <= 0.0))
        .collect();
    free.sort_by(|a, b| {
        let by_load = load(a).total_cmp(&load(b));
        by_load.then_with(|| a.last_assigned_at.cmp(&b.last_assigned_at))
    });
    let best = *free.first()?;
    let equal = free.iter().filter(|rep| load(rep) == load(best)).count();
    let reason = match (equal, weigh) {
        (1, true) => "smallest_share",
        (1, false) => "fewest_open",
        _ => "longest_without",
    };
    Some((best, reason))
}
