//! Hook calls through the pipe in batches of 100, against an echo of the same bytes over the same
//! pipe, and against the same messages read and written on both sides without running anything.

use std::time::{Duration, Instant};

use plugins::scripts::ScriptHost;
use serde_json::value::RawValue;
use support::scripts::{batch, calls, host, moved};
use wire::{Batch, Hook, Reply, Request};

use crate::report::{Measure, Target, row};

const CALLS: u32 = 100;
const ROUNDS: usize = 300;

pub async fn run() {
    let host = host().await;
    let statuses = ["contacted", "interested", "offer_sent", "trial_not_attended", "lost"];
    let changed = (0..CALLS)
        .map(|id| moved(id, statuses[id as usize % statuses.len()]))
        .collect();
    let rows = [
        (
            "on_lead_created",
            batch("demo", None, calls(Hook::OnLeadCreated, CALLS)),
        ),
        ("on_status_changed", batch("demo", None, changed)),
        ("distribute", batch("demo", None, calls(Hook::Distribute, CALLS))),
    ];
    for (name, batch) in rows {
        let bytes = serde_json::to_string(&batch).expect("a batch is JSON");
        let echo = best(|| echo(&host, &bytes)).await;
        let mirror = best(|| mirror(&host, &batch)).await;
        let ours = best(|| run_batch(&host, &batch)).await;
        let size = bytes.len() / CALLS as usize;
        let name = format!("{CALLS} calls of {name}, {size} bytes each");
        row(
            &format!("{name} / echo of the bytes"),
            ours,
            Some(echo),
            Target::AtMost(3.0),
        );
        row(
            &format!("{name} / echo of the messages"),
            ours,
            Some(mirror),
            Target::None,
        );
    }
}

async fn echo(host: &ScriptHost, bytes: &str) {
    let raw = RawValue::from_string(bytes.to_string()).expect("a batch is JSON");
    let reply = host.ask("demo", &Request::Echo(raw)).await.expect("an echo");
    assert!(matches!(reply, Reply::Echo(back) if back.get().len() == bytes.len()));
}

async fn mirror(host: &ScriptHost, batch: &Batch) {
    let request = Request::Mirror(Box::new(batch.clone()));
    let reply = host.ask("demo", &request).await.expect("a mirror");
    assert!(matches!(reply, Reply::Mirror(back) if back.calls.len() == batch.calls.len()));
}

async fn run_batch(host: &ScriptHost, batch: &Batch) {
    let answers = host.run(batch.clone()).await;
    assert!(
        answers
            .iter()
            .all(|answer| answer.as_ref().is_ok_and(|outcome| !outcome.degraded()))
    );
}

async fn best<F: Future<Output = ()>>(work: impl Fn() -> F) -> Measure {
    let mut best = Duration::MAX;
    for _ in 0..ROUNDS {
        let from = Instant::now();
        work().await;
        best = best.min(from.elapsed());
    }
    Measure::Took(best.as_secs_f64())
}
