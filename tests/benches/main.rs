//! `make bench`: each thing Markaz must do fast beside the limit of the same machine, measured in the same run.
//! Arguments choose: `cargo bench --package tests -- intake pages`.

mod claims;
mod desk;
mod exports;
mod idle;
mod imports;
mod intake;
mod limit;
mod load;
mod neighbors;
mod pages;
mod permission;
mod report;
mod scripts;
mod sheets;
mod stage;

use stage::{Stage, engine_name};
use support::database::Engine;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let asked: Vec<String> = std::env::args().skip(1).filter(|name| !name.starts_with('-')).collect();
    let wanted = |name: &str| asked.is_empty() || asked.iter().any(|asked| asked == name);
    report::head("No database");
    if wanted("sheets") {
        sheets::run();
    }
    if wanted("scripts") {
        scripts::run().await;
    }
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let Some(stage) = Stage::set(engine).await else {
            println!("\nPostgreSQL is left out: MARKAZ_TEST_DATABASE_URL is not set (make bench sets it)");
            continue;
        };
        report::head(engine_name(engine));
        if wanted("permission") {
            permission::run(&stage).await;
        }
        if wanted("intake") {
            intake::run(&stage).await;
        }
        if wanted("pages") {
            pages::run(&Stage::set(engine).await.expect("as before")).await;
        }
        if wanted("desk") {
            desk::run(&Stage::set(engine).await.expect("as before")).await;
        }
        if wanted("exports") {
            exports::run(&Stage::set(engine).await.expect("as before")).await;
        }
        if wanted("claims") {
            claims::run(engine).await;
        }
        if wanted("imports") {
            imports::run(engine).await;
        }
        if wanted("idle") {
            idle::run(engine).await;
        }
        if wanted("neighbors") {
            neighbors::run(&Stage::set(engine).await.expect("as before")).await;
        }
    }
}
