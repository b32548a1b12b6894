//! One centre asks a hundred times as much as each of the others: do they notice?

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use support::desk::Center;

use crate::load::{Asked, Pace, paced};
use crate::report::{Measure, Target, median, note, row};
use crate::stage::{Stage, bearer_of};

const OTHERS: usize = 4;
const LOUD: usize = 100;
const ROUNDS: usize = 3;
/// Each client writes a lead, reads the list, and waits for its next turn.
const EVERY: Duration = Duration::from_millis(400);
const ROUND: Duration = Duration::from_secs(6);

pub async fn run(stage: &Stage) {
    let address = stage.serve().await;
    let next = Arc::new(AtomicU64::new(0));
    let asked = |headers: String| {
        let next = next.clone();
        let body = move || {
            let at = next.fetch_add(1, Ordering::Relaxed);
            format!(
                r#"{{"name":"Lola Bozorova","phone":"+{}","source":"form"}}"#,
                998_900_000_000 + at
            )
        };
        vec![
            Asked::post(address, "/api/v1/leads", &headers, body),
            Asked::get(address, "/api/v1/leads", &headers),
        ]
    };
    let mut others = Vec::new();
    for at in 0..OTHERS {
        let center = Center::new(&stage.app, &format!("quiet-{at}")).await;
        others.push(asked(bearer_of(&stage.app, &center.admin).await));
    }
    let loud = asked(stage.bearer().await);
    let pace = Pace {
        every: EVERY,
        round: ROUND,
    };
    let (mut quiet, mut beside, mut slow, mut refused) = (Vec::new(), Vec::new(), Vec::new(), 0);
    for _ in 0..ROUNDS {
        let alone = paced(others.clone(), &pace).await;
        quiet.push(alone.answered as f64 / ROUND.as_secs_f64());
        let crowd = tokio::spawn({
            let (loud, pace) = (loud.clone(), pace.clone());
            async move { paced(vec![loud; LOUD], &pace).await }
        });
        let together = paced(others.clone(), &pace).await;
        beside.push(together.answered as f64 / ROUND.as_secs_f64());
        slow.push(together.slowest.as_secs_f64());
        refused += together.refused;
        crowd.await.expect("the crowd ends well");
    }
    row(
        "4 tenants beside one at 100 times their load / alone",
        Measure::PerSecond(median(beside)),
        Some(Measure::PerSecond(median(quiet))),
        Target::AtLeast(0.9),
    );
    row(
        "their slowest answer meanwhile",
        Measure::Took(median(slow)),
        None,
        Target::None,
    );
    if refused > 0 {
        note(&format!("MISS: {refused} of theirs were refused"));
    }
}
