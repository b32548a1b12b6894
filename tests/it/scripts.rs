//! What scripts decide: the pack's cadences and distribution, a tenant's own rules over them, and
//! what happens when those fail. All through the built script process.

use std::collections::BTreeMap;

use plugins::scripts::packs;
use support::scripts::{batch, call, calls, check, check_over, host, moved, now, rep};
use wire::{Candidate, Hook, Level, Outcome, Severity, TrialCtx, When, apply_assignment, assigned_at};

#[tokio::test]
async fn the_pack_plans_the_cadence_of_every_status() {
    let host = host().await;
    let expected: &[(&str, &[&str])] = &[
        ("new", &["5min"]),
        ("contacted", &["24h", "3d", "7d"]),
        ("interested", &["1d", "3d", "5d", "7d"]),
        (
            "trial_registered",
            &["1d before trial_start", "2h before trial_start", "at the end"],
        ),
        ("trial_attended", &["3min after the end", "24h", "3d", "7d", "14d"]),
        ("trial_not_attended", &["30min", "24h", "3d"]),
        ("offer_sent", &["24h", "3d"]),
        ("enrolled", &[]),
        ("lost", &["7d", "14d", "30d"]),
        ("reactivation", &["5min"]),
    ];
    let calls = (0u32..).zip(expected).map(|(id, (status, _))| {
        let mut call = moved(id, status);
        call.trial = Some(trial());
        call
    });
    let answers = host.run(batch("demo", None, calls.collect())).await;
    for ((status, cadence), answer) in expected.iter().zip(answers) {
        let outcome = answer.unwrap();
        let planned: Vec<String> = outcome.plan.follow_ups.iter().map(|item| shown(&item.when)).collect();
        assert_eq!(planned, *cadence, "{status}");
        assert!(outcome.plan.cancel_open, "{status}");
        assert_eq!(outcome.layer.unwrap().level, Level::Pack);
        assert!(
            outcome
                .plan
                .follow_ups
                .iter()
                .all(|item| item.in_work_hours && item.line > 0),
            "{status}"
        );
        let before_only = |when: &When| matches!(when, When::Before { .. });
        assert!(
            outcome
                .plan
                .follow_ups
                .iter()
                .all(|item| item.skip_if_past == before_only(&item.when)),
            "{status}"
        );
    }
    let answer = host
        .run(batch("demo", None, vec![call(0, Hook::OnLeadCreated)]))
        .await
        .remove(0)
        .unwrap();
    assert_eq!(shown(&answer.plan.follow_ups[0].when), "5min");
}

#[tokio::test]
async fn a_setting_changes_the_cadence_without_a_script() {
    let host = host().await;
    let mut batch = batch("demo", None, vec![moved(0, "interested"), call(1, Hook::OnLeadCreated)]);
    batch.settings.insert("interested_days".into(), serde_json::json!([2]));
    batch.settings.insert("new_spread".into(), true.into());
    let answers: Vec<Outcome> = host.run(batch).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(shown(&answers[0].plan.follow_ups[0].when), "2d");
    assert_eq!(answers[0].plan.follow_ups.len(), 1);
    let When::After { seconds, .. } = answers[1].plan.follow_ups[0].when else {
        panic!("{answers:?}")
    };
    assert!((15 * 60..=30 * 60).contains(&seconds), "{seconds}");
}

#[tokio::test]
async fn an_import_is_spaced_over_the_owners_working_time() {
    let host = host().await;
    let mut batch = batch("demo", None, calls(Hook::OnLeadCreated, 100));
    for (n, call) in (0u32..).zip(&mut batch.calls) {
        call.via = Some("import".into());
        call.queue_ahead = n;
    }
    let nine_to_six: serde_json::Value = [("mon"), ("tue"), ("wed"), ("thu"), ("fri")]
        .map(|day| {
            (
                day.to_string(),
                serde_json::json!([{"from": "09:00:00", "to": "18:00:00"}]),
            )
        })
        .into_iter()
        .collect::<serde_json::Map<_, _>>()
        .into();
    let schedule =
        serde_json::json!({"time_zone": "Asia/Tashkent", "windows": nine_to_six, "leaves": [], "active": true});
    batch
        .schedules
        .insert("ann".into(), serde_json::from_value(schedule).unwrap());
    let schedule = batch.schedules["ann"].clone();
    let answers = host.run(batch).await;
    let due: Vec<_> = answers
        .iter()
        .skip(1)
        .map(|answer| answer.as_ref().unwrap().plan.follow_ups[0].when.clone())
        .collect();
    let mut last = now();
    for when in due {
        let When::At(at) = when else { panic!("{when:?}") };
        assert!(at > last && schedule.is_working(at), "{at}");
        last = at;
    }
    // 99 leads at five minutes are over eight working hours, and Friday had three left.
    assert!(last.date_naive() > now().date_naive());
}

#[tokio::test]
async fn leads_of_one_batch_are_spread_by_load_and_wait_when_nobody_can_take_them() {
    let host = host().await;
    let mut crowd = batch("demo", None, calls(Hook::Distribute, 240));
    crowd.candidates = vec![
        Candidate {
            open_leads: 30,
            ..rep("busy")
        },
        rep("free"),
        Candidate {
            capacity: Some(10),
            ..rep("capped")
        },
        Candidate {
            teaches: vec!["maths".into()],
            ..rep("other course")
        },
        Candidate {
            available: false,
            on_leave: true,
            ..rep("away")
        },
    ];
    let mut picture = crowd.candidates.clone();
    let sent = crowd.calls.clone();
    let answers: Vec<Outcome> = host.run(crowd).await.into_iter().map(Result::unwrap).collect();
    let mut given: BTreeMap<&str, u32> = BTreeMap::new();
    for (call, outcome) in sent.iter().zip(&answers) {
        let assign = outcome.plan.assign.as_ref().unwrap();
        // The picture each call saw can be rebuilt from the answers alone.
        let least = picture
            .iter()
            .filter(|rep| rep.available && rep.teaches(Some("english")))
            .map(|rep| rep.open_leads);
        let chosen = picture.iter().find(|rep| rep.id == assign.user_id).unwrap();
        assert_eq!(Some(chosen.open_leads), least.min());
        apply_assignment(&mut picture, &assign.user_id, assigned_at(call));
        *given.entry(&assign.user_id).or_default() += 1;
    }
    assert_eq!(given, BTreeMap::from([("busy", 100), ("capped", 10), ("free", 130)]));

    let mut night = batch("demo", None, calls(Hook::Distribute, 3));
    night.candidates.iter_mut().for_each(|rep| rep.available = false);
    for answer in host.run(night).await {
        let plan = answer.unwrap().plan;
        assert_eq!(plan.queue.unwrap().reason, "nobody_available");
        assert!(plan.assign.is_none());
    }
}

#[tokio::test]
async fn among_equals_the_longest_without_a_lead_is_next() {
    let host = host().await;
    let answers = host.run(batch("demo", None, calls(Hook::Distribute, 6))).await;
    let order: Vec<String> = answers
        .into_iter()
        .map(|answer| answer.unwrap().plan.assign.unwrap().user_id)
        .collect();
    assert_eq!(order, ["ann", "bob", "cem", "ann", "bob", "cem"]);
}

#[tokio::test]
async fn a_tenants_script_stands_over_the_pack_and_reaches_it_by_base() {
    let host = host().await;
    let own = "\nfn on_lead_created(ctx) {\n    let p = base::on_lead_created(ctx);\n    \
               p.add(followup(\"mine\").after(hours(2)));\n    p\n}";
    let calls = vec![call(0, Hook::OnLeadCreated), moved(1, "contacted")];
    let answers: Vec<Outcome> = host
        .run(batch("academy", Some(own), calls))
        .await
        .into_iter()
        .map(Result::unwrap)
        .collect();
    let items = &answers[0].plan.follow_ups;
    assert_eq!(answers[0].layer.as_ref().unwrap().level, Level::Override);
    assert_eq!((items[0].key.as_str(), items[0].in_base), ("new/1", true));
    assert_eq!(
        (items[1].key.as_str(), items[1].in_base, items[1].line),
        ("mine", false, 4)
    );
    assert_eq!(
        answers[1].layer.as_ref().unwrap().level,
        Level::Pack,
        "a hook the tenant left alone is the pack's"
    );
}

#[tokio::test]
async fn a_failing_script_falls_back_layer_by_layer_and_says_where() {
    let host = host().await;
    let own = "fn on_lead_created(ctx) {\n    let p = plan();\n    p.add(followup(\"x\").after(24));\n    p\n}";
    let mut failing = batch("academy", Some(own), vec![call(0, Hook::OnLeadCreated)]);
    let answer = host.run(failing.clone()).await.remove(0).unwrap();
    assert_eq!(answer.layer.unwrap().level, Level::Pack);
    let failure = &answer.failures[0];
    assert_eq!(
        (failure.level, failure.code.as_str(), failure.line),
        (Level::Override, "no_unit", 3)
    );
    assert!(failure.message.contains("hours(24)"), "{}", failure.message);

    failing.settings.remove("new_minutes");
    let answer = host.run(failing.clone()).await.remove(0).unwrap();
    assert_eq!(answer.layer.unwrap().level, Level::Core);
    assert_eq!(
        answer.failures.iter().map(|f| f.code.as_str()).collect::<Vec<_>>(),
        ["no_unit", "unknown_setting"]
    );

    failing.layers.truncate(2);
    let answer = host.run(failing).await.remove(0).unwrap();
    assert!(answer.layer.is_none() && answer.failures.len() == 2);
}

#[tokio::test]
async fn packs_and_examples_pass_their_own_lints() {
    let host = host().await;
    for pack in packs::packs().unwrap().iter().filter(|pack| pack.id != packs::CORE) {
        let report = host.check(check_over(pack, &pack.script)).await.unwrap();
        assert!(
            report.findings.is_empty(),
            "{}: {:?}",
            pack.reference(),
            report.findings
        );
        assert_eq!(report.hooks, pack.hooks, "{}", pack.reference());
    }
    for (name, pack) in [
        ("academy", "training-centre@1.0.0"),
        ("academy", "training-centre"),
        ("avto", "driving-school"),
    ] {
        for (hook, source) in packs::example(name) {
            let report = host
                .check(check_over(packs::pack(pack).unwrap(), &source))
                .await
                .unwrap();
            assert!(report.findings.is_empty(), "{name}: {:?}", report.findings);
            assert_eq!(report.hooks, [hook]);
        }
    }
}

#[tokio::test]
async fn the_two_example_tenants_decide_differently() {
    let host = host().await;
    let mut planned = Vec::new();
    for name in ["academy", "avto"] {
        let mut referral = call(0, Hook::OnLeadCreated);
        referral.lead.as_mut().unwrap().source = "referral".into();
        let asked = [
            call(0, Hook::OnLeadCreated),
            referral,
            moved(0, "interested"),
            call(0, Hook::Distribute),
        ];
        let mut answers = Vec::new();
        for call in asked {
            let own = &packs::example(name)[&call.hook];
            let outcome = host.run(batch(name, Some(own), vec![call])).await.remove(0).unwrap();
            assert_eq!(outcome.layer.as_ref().unwrap().level, Level::Override, "{outcome:?}");
            answers.push(outcome);
        }
        planned.push(answers);
    }
    assert_eq!(planned[0][1].plan.follow_ups[0].key, "vip/1");
    assert_eq!(planned[0][1].plan.notices[0].to, "manager");
    assert_eq!(
        (planned[0][2].plan.follow_ups.len(), planned[1][2].plan.follow_ups.len()),
        (5, 4)
    );
    assert_eq!(
        (planned[0][0].plan.follow_ups.len(), planned[1][0].plan.follow_ups.len()),
        (1, 2)
    );
    let reason = |outcome: &Outcome| outcome.plan.assign.as_ref().unwrap().reason.clone();
    assert_eq!(
        (reason(&planned[0][3]).as_str(), reason(&planned[1][3]).as_str()),
        ("lightest_course_load", "fewest_today")
    );
}

#[tokio::test]
async fn the_editor_is_told_what_is_wrong_and_where() {
    let host = host().await;
    let cases: &[(&str, &str, u32, Option<&str>)] = &[
        ("fn on_lead_created(ctx) {\n  plan(", "syntax", 2, None),
        (
            "fn on_lead_created(ctx) {\n  minuts(5); plan() }",
            "unknown_function",
            2,
            Some("minutes"),
        ),
        (
            "fn on_lead_created(ctx) {\n  base::on_lead_craeted(ctx) }",
            "unknown_function",
            2,
            Some("on_lead_created"),
        ),
        (
            "fn on_lead_created(ctx) {\n  let p = plan(); p.add(followup()); p }",
            "wrong_arity",
            2,
            None,
        ),
        (
            "fn on_lead_created(ctx) {\n\n  who; plan() }",
            "undefined_variable",
            3,
            None,
        ),
        (
            "fn on_lead_created(ctx) {\n  if ctx.lead.sorce == \"x\" {} plan() }",
            "unknown_property",
            2,
            Some("source"),
        ),
        (
            "fn on_lead_created(ctx) {\n  ctx.settings.new_minute; plan() }",
            "unknown_setting",
            2,
            Some("new_minutes"),
        ),
        (
            "fn on_lead_created(ctx) { if ctx.lead.source == \"instagramm\" {} plan() }",
            "unknown_source",
            1,
            Some("instagram"),
        ),
        (
            "fn on_status_changed(ctx) { base::on_status_changed(ctx); switch ctx.to {\n \"intrested\" => 1, _ => 2 }; base::on_status_changed(ctx) }",
            "unknown_status",
            2,
            Some("interested"),
        ),
        (
            "fn on_lead_created(ctx) { let p = plan(); p.notify(\"owner\", \"new_led\"); p }",
            "unknown_template",
            1,
            Some("new_lead"),
        ),
        (
            "fn on_lead_creatd(ctx) { plan() }",
            "unknown_hook",
            1,
            Some("on_lead_created"),
        ),
        (
            "let x = 1;\nfn on_lead_created(ctx) { plan() }",
            "top_level_statement",
            1,
            None,
        ),
        ("fn on_lead_created() { plan() }", "wrong_arity", 1, None),
        (
            "fn distribute(ctx) {\n assign(ctx.candidates[0], \"first\") }",
            "runtime",
            2,
            None,
        ),
    ];
    for (source, code, line, suggestion) in cases {
        let report = host.check(check(source)).await.unwrap();
        let found = report
            .findings
            .iter()
            .find(|finding| finding.severity == Severity::Error);
        let found = found.unwrap_or_else(|| panic!("nothing found in {source}"));
        assert_eq!(
            (found.code.as_str(), found.line, found.suggestion.as_deref()),
            (*code, *line, *suggestion),
            "{source}"
        );
        assert!(!report.passes());
    }
    let quiet = "fn on_status_changed(ctx) { let p = plan(); p.cancel_open(); p }";
    let report = host.check(check(quiet)).await.unwrap();
    assert!(
        report.passes()
            && report
                .findings
                .iter()
                .all(|finding| finding.code == "status_without_follow_up")
    );
    assert_eq!(report.findings.len(), 8);
}

#[tokio::test]
async fn the_words_of_the_editor_are_all_described() {
    let words = host().await.metadata().await.unwrap();
    let names: Vec<&str> = words["words"]
        .as_array()
        .unwrap()
        .iter()
        .map(|word| word["name"].as_str().unwrap())
        .collect();
    for name in [
        "plan",
        "followup",
        "after",
        "in_work_hours",
        "assign",
        "queue",
        "work_add",
        "days",
        "pick",
        "trace",
    ] {
        assert!(names.contains(&name), "{name}");
    }
}

fn trial() -> TrialCtx {
    let starts_at = now() + chrono::TimeDelta::days(4);
    TrialCtx {
        starts_at,
        ends_at: starts_at + chrono::TimeDelta::hours(1),
        group_id: None,
        result: None,
    }
}

fn shown(when: &When) -> String {
    let length = |seconds: i64, days: i32| match (seconds, days) {
        (0, days) => format!("{days}d"),
        (seconds, _) if seconds % 3_600 == 0 => format!("{}h", seconds / 3_600),
        (seconds, _) => format!("{}min", seconds / 60),
    };
    match when {
        When::After { seconds, days } => length(*seconds, *days),
        When::Before { anchor, seconds, days } => format!("{} before {anchor}", length(*seconds, *days)),
        When::At(at) => match (*at - trial().ends_at).num_minutes() {
            0 => "at the end".into(),
            minutes => format!("{minutes}min after the end"),
        },
    }
}
