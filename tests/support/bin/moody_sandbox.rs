//! A stand-in for the script process that misbehaves as no script can make the real one: its
//! tenant's script hangs on the seed `spin`, dies on `crash`, and stops without working on `stall`.

use wire::{Batch, Level, Outcome, Plan, Reply, Request, read_frame, write_frame};

fn main() {
    let (mut from, mut to, mut buffer) = (std::io::stdin().lock(), std::io::stdout().lock(), Vec::new());
    while let Ok(request) = read_frame::<Request>(&mut from, &mut buffer) {
        let reply = match request {
            Request::Run(batch) => Reply::Ran(run(&batch)),
            _ => Reply::Pong {
                version: "moody".into(),
            },
        };
        if write_frame(&mut to, &reply).is_err() {
            return;
        }
    }
}

fn run(batch: &Batch) -> Vec<Outcome> {
    let own = batch.layers.first().is_some_and(|layer| layer.level == Level::Override);
    let answer = |call: &wire::Call| {
        match call.seed.as_str() {
            "spin" if own => loop {
                std::hint::spin_loop();
            },
            "crash" if own => std::process::abort(),
            "stall" if own => std::thread::sleep(std::time::Duration::from_secs(60)),
            _ => {}
        }
        let layer = batch.layers.first().map(|layer| wire::LayerRef {
            level: layer.level,
            name: layer.name.clone(),
            hash: layer.hash.clone(),
        });
        Outcome {
            id: call.id,
            layer,
            plan: Plan::default(),
            trace: vec![],
            ops: 1,
            micros: 1,
            failures: vec![],
        }
    };
    batch.calls.iter().map(answer).collect()
}
