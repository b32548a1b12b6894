//! A thousand centers nobody works in: what the server and its script processes weigh, and how soon it answers.

use std::time::{Duration, Instant};

use platform::locale::Lang;
use platform::tenancy::NewTenant;
use plugins::scripts::CompiledPacks;
use support::database::Engine;
use support::server::Setup;
use workflows::tenants;

use crate::report::{Measure, Target, row};
use crate::stage::Stage;

const TENANTS: usize = 1_000;
/// Long enough for the first ticks of every tenant to be over.
const SETTLED: Duration = Duration::from_secs(30);

pub async fn run(engine: Engine) {
    let stage = Stage::set(engine).await.expect("as before");
    let packs = CompiledPacks::load().expect("the packs read");
    for at in 1..TENANTS {
        let new = NewTenant {
            slug: format!("center-{at}"),
            name: format!("Markaz {at}"),
            time_zone: "Asia/Tashkent".parse().expect("a time zone"),
            locale: Lang::Uz,
            currency: "UZS".to_owned(),
            country: "UZ".to_owned(),
            pack: "training-centre".to_owned(),
        };
        tenants::create(&stage.app, &packs, new)
            .await
            .expect("the slug is free");
    }
    let began = Instant::now();
    let server = Setup::on(&stage.database).spawn().await;
    let start = began.elapsed().as_secs_f64();
    tokio::time::sleep(SETTLED).await;
    let weight = resident(server.process()) + children(server.process()).into_iter().map(resident).sum::<f64>();
    server.kill();
    let within = |most| Target::Within(most);
    row(
        "1,000 tenants: start",
        Measure::Took(start),
        None,
        within(Measure::Took(1.0)),
    );
    row(
        "1,000 tenants idle: memory, script processes included",
        Measure::Megabytes(weight),
        None,
        within(Measure::Megabytes(150.0)),
    );
}

/// In megabytes.
fn resident(process: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).expect("a process");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    kilobytes.expect("Linux tells it") / 1024.0
}

fn children(process: u32) -> Vec<u32> {
    let mut found = Vec::new();
    for task in std::fs::read_dir(format!("/proc/{process}/task"))
        .expect("a process")
        .flatten()
    {
        let listed = std::fs::read_to_string(task.path().join("children")).unwrap_or_default();
        found.extend(listed.split_whitespace().filter_map(|id| id.parse::<u32>().ok()));
    }
    found
}
