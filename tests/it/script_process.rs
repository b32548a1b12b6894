//! The script process itself: one that goes wrong, stalls, forgets or is killed costs only the call that is to blame.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use plugins::scripts::{HostConfig, HostError, ScriptHost};
use support::scripts::{batch, call, calls, centre, host};
use wire::{Hook, Level, Outcome};

#[tokio::test]
async fn a_runaway_script_is_left_out_of_the_rest_of_its_batch() {
    let host = host().await;
    let spin = "fn on_lead_created(ctx) { loop { } }";
    let answers = host
        .run(batch("academy", Some(spin), calls(Hook::OnLeadCreated, 50)))
        .await;
    let codes: Vec<String> = answers
        .into_iter()
        .map(|answer| answer.unwrap().failures.remove(0).code)
        .collect();
    assert_eq!(codes.iter().filter(|code| *code == "operations").count(), 3);
    assert_eq!(codes.iter().filter(|code| *code == "paused").count(), 47);
}

#[tokio::test]
async fn the_same_call_gives_the_same_bytes_on_any_process() {
    let chance = "fn on_lead_created(ctx) { let p = plan(); trace(rand_int(1, 1000000)); trace(pick([1, 2, 3])); \
                  trace(weighted_pick([\"a\", \"b\"], [1, 3.5])); trace(bucket(ctx.lead.id, 100)); \
                  p.add(followup(\"x\").after(minutes(rand_int(1, 60)))); p }";
    let mut seen = Vec::new();
    for _ in 0..2 {
        let host = host().await;
        let answers = host
            .run(batch("academy", Some(chance), calls(Hook::OnLeadCreated, 20)))
            .await;
        let decisions: Vec<String> = answers
            .into_iter()
            .map(|answer| {
                serde_json::to_string(&Outcome {
                    micros: 0,
                    ..answer.unwrap()
                })
                .unwrap()
            })
            .collect();
        seen.push(decisions);
    }
    assert_eq!(seen[0], seen[1]);
    assert_ne!(seen[0][0], seen[0][1], "another event draws other numbers");
}

#[tokio::test]
async fn a_process_that_forgot_a_script_is_sent_it_again() {
    let host = host().await;
    let source = |n: u32| format!("fn on_lead_created(ctx) {{ let p = plan(); p.tag(\"t{n}\"); p }}");
    for n in (0..200).chain(0..3) {
        let answer = host
            .run(batch("academy", Some(&source(n)), vec![call(0, Hook::OnLeadCreated)]))
            .await
            .remove(0);
        assert_eq!(answer.unwrap().plan.tags_added, [format!("t{n}")]);
    }
    let mut unknown = batch("academy", Some(&source(0)), vec![call(0, Hook::OnLeadCreated)]);
    unknown.layers[0].source = None;
    unknown.layers[0].hash = "0".repeat(64);
    let answer = host.run(unknown).await.remove(0);
    assert!(
        matches!(answer, Err(HostError::Refused { ref code, .. }) if code == "source_missing"),
        "{answer:?}"
    );
}

#[tokio::test]
async fn a_source_under_a_false_name_is_refused() {
    let host = host().await;
    let mut forged = batch(
        "mallory",
        Some("fn on_lead_created(ctx) { plan() }"),
        vec![call(0, Hook::OnLeadCreated)],
    );
    forged.layers[0].hash = centre().layer().hash;
    forged.layers.remove(1);
    let host_answer = host.run(forged).await.remove(0);
    assert!(
        matches!(host_answer, Err(HostError::Refused { ref code, .. }) if code == "wrong_hash"),
        "{host_answer:?}"
    );
}

#[tokio::test]
async fn only_the_guilty_call_pays_when_a_process_goes_down() {
    let host = moody().await;
    let mut batch = batch(
        "academy",
        Some("fn on_lead_created(ctx) { plan() }"),
        calls(Hook::OnLeadCreated, 150),
    );
    batch.calls[17].seed = "spin".into();
    batch.calls[120].seed = "crash".into();
    let answers: Vec<Outcome> = host.run(batch).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(
        answers.iter().map(|outcome| outcome.id).collect::<Vec<_>>(),
        (0..150).collect::<Vec<_>>()
    );
    for outcome in answers {
        let guilty = matches!(outcome.id, 17 | 120);
        let level = if guilty { Level::Pack } else { Level::Override };
        assert_eq!(outcome.layer.unwrap().level, level, "call {}", outcome.id);
        assert_eq!(
            outcome.failures.iter().map(|f| f.code.as_str()).collect::<Vec<_>>(),
            if guilty { vec!["killed"] } else { vec![] }
        );
    }
}

#[tokio::test]
async fn a_process_that_stalls_is_killed_and_holds_up_nobody_else() {
    let host = moody().await;
    let mut stalled = batch(
        "mallory",
        Some("fn on_lead_created(ctx) { plan() }"),
        calls(Hook::OnLeadCreated, 1),
    );
    stalled.calls[0].seed = "stall".into();
    let from = Instant::now();
    let other = host.clone();
    let quiet = tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(50)).await;
        let from = Instant::now();
        let answers = other.run(batch("alice", None, calls(Hook::OnLeadCreated, 10))).await;
        assert!(answers.iter().all(Result::is_ok));
        from.elapsed()
    });
    let outcome = host.run(stalled).await.remove(0).unwrap();
    assert_eq!(
        (outcome.layer.unwrap().level, outcome.failures[0].code.as_str()),
        (Level::Pack, "killed")
    );
    assert!(from.elapsed() < Duration::from_secs(6), "{:?}", from.elapsed());
    assert!(quiet.await.unwrap() < Duration::from_secs(1));
}

#[tokio::test]
async fn processes_killed_from_outside_lose_no_call() {
    // Under a name of its own, so that no other test's processes are hit.
    let folder = tempfile::tempdir().unwrap();
    let binary = folder.path().join("doomed-sandbox");
    std::fs::copy(built_sandbox(), &binary).unwrap();
    let host = ScriptHost::start(HostConfig {
        binary: Some(binary),
        ..HostConfig::default()
    })
    .await
    .unwrap();
    let killer = tokio::spawn(async {
        for _ in 0..10 {
            tokio::time::sleep(Duration::from_millis(30)).await;
            for id in children("doomed-sandbox") {
                let _ = std::process::Command::new("kill").args(["-9", &id]).status();
            }
        }
    });
    while !killer.is_finished() {
        let answers = host.run(batch("demo", None, calls(Hook::Distribute, 200))).await;
        assert_eq!(answers.len(), 200);
        for (id, answer) in (0u32..).zip(answers) {
            let outcome = answer.unwrap();
            assert_eq!(outcome.id, id);
            assert!(outcome.plan.assign.is_some(), "{outcome:?}");
        }
    }
    killer.await.unwrap();
}

#[tokio::test]
async fn a_missing_script_process_is_named_and_a_broken_one_is_noticed() {
    let missing = ScriptHost::start(HostConfig {
        binary: Some("/nowhere/sandbox".into()),
        ..HostConfig::default()
    })
    .await;
    let Err(error) = missing else {
        panic!("started from nowhere")
    };
    assert_eq!(error.code(), "sandbox_unavailable");
    assert!(error.to_string().contains("/nowhere/sandbox"));
    let broken = ScriptHost::start(HostConfig {
        binary: Some("/bin/true".into()),
        ..HostConfig::default()
    })
    .await;
    assert!(broken.is_err());
}

#[tokio::test]
async fn a_process_is_replaced_after_its_share_of_calls() {
    let host = ScriptHost::start(HostConfig {
        recycle_after: 50,
        ..HostConfig::default()
    })
    .await
    .unwrap();
    let own = "fn on_lead_created(ctx) { plan() }";
    for _ in 0..4 {
        let answers = host
            .run(batch("academy", Some(own), calls(Hook::OnLeadCreated, 60)))
            .await;
        assert!(
            answers
                .iter()
                .all(|answer| answer.as_ref().is_ok_and(|outcome| !outcome.degraded()))
        );
    }
}

async fn moody() -> ScriptHost {
    let binary = PathBuf::from(env!("CARGO_BIN_EXE_moody-sandbox"));
    ScriptHost::start(HostConfig {
        binary: Some(binary),
        ..HostConfig::default()
    })
    .await
    .expect("a script process")
}

fn built_sandbox() -> PathBuf {
    let target = std::env::current_exe()
        .expect("a script process")
        .ancestors()
        .find(|folder| folder.ends_with("target"))
        .expect("a script process")
        .to_path_buf();
    std::env::var_os("MARKAZ_SANDBOX").map_or(target.join("sandbox/release/markaz-sandbox"), PathBuf::from)
}

/// This test process's own script processes of a name.
fn children(name: &str) -> Vec<String> {
    let own = std::process::id().to_string();
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    entries
        .filter_map(|entry| {
            let status = std::fs::read_to_string(entry.path().join("status")).ok()?;
            let field = |name: &str| status.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
            let ours = field("PPid:") == Some(&own) && field("Name:")? == name;
            ours.then(|| entry.file_name().to_string_lossy().into_owned())
        })
        .collect()
}
