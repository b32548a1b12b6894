//! Hook calls through the pipe in batches of 100, against an echo of the same bytes over the same
//! pipe, and against the same messages read and written on both sides without running anything.

use std::time::{Duration, Instant};

use plugins::scripts::ScriptHost;
use serde_json::value::RawValue;
use support::scripts::{batch, calls, host, moved};
use wire::{Batch, Hook, Reply, Request};

const CALLS: u32 = 100;
const ROUNDS: usize = 300;

#[tokio::main(flavor = "current_thread")]
async fn main() {
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
    println!("{CALLS} hook calls in one batch");
    for (name, batch) in rows {
        let bytes = serde_json::to_string(&batch).expect("a batch is JSON");
        let echo = best(|| echo(&host, &bytes)).await;
        let mirror = best(|| mirror(&host, &batch)).await;
        let ours = best(|| run(&host, &batch)).await;
        let each = ours / CALLS;
        println!(
            "  {name} ({} bytes a call): {ours:.1?}, {each:.1?} a call",
            bytes.len() / CALLS as usize
        );
        println!("    echo of the bytes     {echo:>9.1?}  {:.2}x", ratio(ours, echo));
        println!("    echo of the messages  {mirror:>9.1?}  {:.2}x", ratio(ours, mirror));
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

async fn run(host: &ScriptHost, batch: &Batch) {
    let answers = host.run(batch.clone()).await;
    assert!(
        answers
            .iter()
            .all(|answer| answer.as_ref().is_ok_and(|outcome| !outcome.degraded()))
    );
}

fn ratio(ours: Duration, limit: Duration) -> f64 {
    ours.as_secs_f64() / limit.as_secs_f64()
}

async fn best<F: Future<Output = ()>>(work: impl Fn() -> F) -> Duration {
    let mut best = Duration::MAX;
    for _ in 0..ROUNDS {
        let from = Instant::now();
        work().await;
        best = best.min(from.elapsed());
    }
    best
}
