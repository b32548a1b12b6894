//! The ten hooks on sample contexts: what each is told, what it may answer, and what it may not. All through the
//! built script process.

use serde_json::json;
use support::scripts::{batch, call, check, full, host};
use wire::{Call, Hook, Level, Outcome, When};

/// What a script of a hook answers.
async fn answer(hook: Hook, body: &str) -> Outcome {
    asked(full(0, hook), body).await
}

async fn asked(call: Call, body: &str) -> Outcome {
    let own = format!("fn {}(ctx) {{\n{body}\n}}", call.hook);
    let answers = host().await.run(batch("academy", Some(&own), vec![call])).await;
    answers
        .into_iter()
        .next()
        .expect("one answer")
        .expect("the process answers")
}

#[track_caller]
fn own(outcome: &Outcome) {
    let level = outcome.layer.as_ref().map(|layer| layer.level);
    assert_eq!(
        (level, outcome.failures.len()),
        (Some(Level::Override), 0),
        "{outcome:?}"
    );
}

#[tokio::test]
async fn every_hook_reads_everything_it_is_told() {
    let common = "let e = ctx.event; let w = [e.id, e.kind, e.occurred_at, e.actor.id, e.actor.role, e.depth, ctx.now, \
                  ctx.tenant.tz, ctx.tenant.locale, ctx.tenant.currency, ctx.settings.new_minutes, ctx.statuses];";
    let lead = "let l = ctx.lead; let v = [l.id, l.status, l.source, l.course_id, l.branch_id, l.owner_id, l.created_at, \
                l.status_since, l.first_contact_at, l.lost_at, l.lost_reason, l.tags, l.custom.age, l.open_followups, l.score];";
    let own_parts = [
        (
            Hook::OnLeadCreated,
            "[ctx.via, ctx.duplicates, ctx.queue_ahead]",
            "plan()",
        ),
        (
            Hook::OnStatusChanged,
            "[ctx.from, ctx.to, ctx.from_kind, ctx.to_kind, ctx.trial]",
            "plan()",
        ),
        (
            Hook::Distribute,
            "for c in ctx.candidates { let s = [c.id, c.available, c.on_leave, c.absent, c.blocked, c.in_hours, \
             c.open_leads, c.overdue, c.assigned_today, c.last_assigned_at, c.capacity, c.weight, c.conversion_30d, \
             c.branch_id, c.courses, c.teaches(ctx.lead.course_id)]; }",
            "queue(\"waiting\", \"nobody_available\")",
        ),
        (
            Hook::OnFollowupCompleted,
            "[ctx.followup.key, ctx.followup.due_at, ctx.followup.sequence, ctx.outcome]",
            "plan()",
        ),
        (
            Hook::OnOverdue,
            "[ctx.followup.key, ctx.late.hours, ctx.owner.overdue, ctx.owner.open]",
            "plan()",
        ),
        (
            Hook::Reactivation,
            "[ctx.days_since_lost, ctx.done_steps]",
            "step(\"lost/2\")",
        ),
        (
            Hook::LeadScore,
            "let a = ctx.activity; let s = [a.enquiries, a.reached, a.unanswered, a.followups_done, a.followups_late, \
             a.last_contact_at];",
            "score(50, [])",
        ),
        (
            Hook::KpiScore,
            "let d = ctx.day; let s = [ctx.worked, ctx.lead, d.contacts, d.followups_due, d.followups_done, d.trials, \
             d.enrolled, d.response_min, d.overdue];",
            "kpi(1, #{})",
        ),
        (
            Hook::TrialRules,
            "let g = ctx.group; let s = [g.id, g.capacity, g.students, g.trials, ctx.room.id, ctx.room.capacity, ctx.trial];",
            "allow()",
        ),
        (
            Hook::Message,
            "[ctx.template_key, ctx.channels]",
            "template(ctx.template_key, #{})",
        ),
    ];
    assert_eq!(own_parts.len(), Hook::ALL.len());
    for (hook, parts, end) in own_parts {
        let lead = if hook == Hook::KpiScore { "" } else { lead };
        let parts = if parts.starts_with('[') {
            format!("let s = {parts};")
        } else {
            parts.into()
        };
        own(&answer(hook, &format!("{common}\n{lead}\n{parts}\n{end}")).await);
    }
}

#[tokio::test]
async fn a_field_of_another_hook_is_a_mistake_at_its_line() {
    let outcome = answer(Hook::OnLeadCreated, "let p = plan();\nlet late = ctx.late;\np").await;
    let failure = &outcome.failures[0];
    assert_eq!((failure.code.as_str(), failure.line), ("unknown_property", 3));
    assert!(failure.message.contains("on_overdue"), "{}", failure.message);
}

#[tokio::test]
async fn every_answer_carries_the_line_that_asked_for_it() {
    let plan = answer(
        Hook::OnOverdue,
        "let p = plan();\np.notify(\"manager\", \"call_new\");\np.reassign(\"too_late\");\np.reschedule(hours(2));\n\
         p.block_owner(\"too_late\");\np.add(followup(\"x\").at(ctx.now + hours(1)));\np",
    )
    .await
    .plan;
    assert_eq!(plan.notices[0].line, 3);
    let reassign = plan.reassign.expect("asked for");
    assert_eq!(
        (reassign.user_id, reassign.reason.as_str(), reassign.line),
        (None, "too_late", 4)
    );
    let reschedule = plan.reschedule.expect("asked for");
    assert_eq!(
        (reschedule.when, reschedule.line),
        (
            When::After {
                seconds: 7_200,
                days: 0
            },
            5
        )
    );
    assert_eq!(plan.block_owner.expect("asked for").line, 6);
    assert_eq!(plan.follow_ups[0].line, 7);

    let plan = answer(
        Hook::OnOverdue,
        "let p = plan();\np.reassign(\"bob\", \"too_late\");\np.reschedule(ctx.now);\np",
    )
    .await
    .plan;
    assert_eq!(plan.reassign.expect("asked for").user_id.as_deref(), Some("bob"));
    assert!(matches!(plan.reschedule.expect("asked for").when, When::At(_)));

    let plan = answer(
        Hook::Reactivation,
        "\nlet p = step(\"lost/2\");\np.add(followup(\"a\").after(days(1)));\np",
    )
    .await
    .plan;
    let step = plan.step.expect("taken");
    assert_eq!(
        (step.key.as_str(), step.line, plan.follow_ups[0].line),
        ("lost/2", 3, 4)
    );

    let score = answer(Hook::LeadScore, "score(72, [\"warm\", \"near\"])")
        .await
        .plan
        .score
        .expect("given");
    assert_eq!((score.value, score.reasons.len(), score.line), (72, 2, 2));
    let kpi = answer(Hook::KpiScore, "kpi(61.5, #{calls: 40, sales: 21.5})")
        .await
        .plan
        .kpi
        .expect("given");
    assert_eq!(
        (kpi.value, kpi.parts["calls"], kpi.parts["sales"], kpi.line),
        (61.5, 40.0, 21.5, 2)
    );
    let denied = answer(Hook::TrialRules, "deny(\"group_full\")")
        .await
        .plan
        .verdict
        .expect("given");
    assert_eq!(
        (denied.allowed, denied.reason.as_str(), denied.line),
        (false, "group_full", 2)
    );
    let allowed = answer(Hook::TrialRules, "allow()").await.plan.verdict.expect("given");
    assert!(allowed.allowed && allowed.reason.is_empty());
    let message = answer(
        Hook::Message,
        "template(\"call_again\", #{times: 2, why: \"late\", vip: true})",
    )
    .await;
    let message = message.plan.message.expect("given");
    assert_eq!((message.template.as_str(), message.line), ("call_again", 2));
    assert_eq!(json!(message.vars), json!({"times": 2, "why": "late", "vip": true}));
}

#[tokio::test]
async fn a_number_without_a_unit_fails_at_its_line_with_a_hint() {
    for (hook, body, hint) in [
        (Hook::OnLeadCreated, "plan();\nfollowup(\"x\").after(24)", "hours(24)"),
        (
            Hook::OnStatusChanged,
            "plan();\nfollowup(\"x\").before(\"trial_start\", 2)",
            "hours(2)",
        ),
        (Hook::OnStatusChanged, "plan();\nfollowup(\"x\").at(9)", "hours(9)"),
        (
            Hook::OnFollowupCompleted,
            "plan();\nwork_add(ctx.lead.owner_id, ctx.now, 30)",
            "minutes(30)",
        ),
        (Hook::OnOverdue, "plan();\nplan().reschedule(1)", "days(1)"),
        (Hook::OnOverdue, "plan();\nctx.now + 5", "minutes(5)"),
        (Hook::LeadScore, "score(1, []);\nctx.now - 7", "days(7)"),
    ] {
        let failure = answer(hook, body).await.failures.remove(0);
        assert_eq!(
            (failure.code.as_str(), failure.line),
            ("no_unit", 3),
            "{body}: {failure:?}"
        );
        assert!(failure.message.contains(hint), "{}", failure.message);
    }
}

#[tokio::test]
async fn an_answer_that_is_not_the_hooks_is_refused() {
    for (hook, body) in [
        (Hook::OnLeadCreated, "score(1, [])"),
        (Hook::OnLeadCreated, "step(\"lost/1\")"),
        (Hook::OnStatusChanged, "()"),
        (Hook::Distribute, "plan()"),
        (Hook::Distribute, "allow()"),
        (Hook::OnFollowupCompleted, "kpi(1, #{})"),
        (Hook::OnOverdue, "deny(\"no\")"),
        (Hook::Reactivation, "plan()"),
        (Hook::LeadScore, "50"),
        (Hook::LeadScore, "()"),
        (Hook::KpiScore, "score(1, [])"),
        (Hook::TrialRules, "true"),
        (Hook::Message, "\"call_new\""),
    ] {
        let failure = answer(hook, body).await.failures.remove(0);
        assert_eq!(failure.code, "wrong_return", "{hook} {body}: {failure:?}");
        assert!(
            failure.line > 0 && failure.message.contains(hook.as_str()),
            "{failure:?}"
        );
    }
    for (hook, body) in [(Hook::Reactivation, "()"), (Hook::KpiScore, "if false { kpi(1, #{}) }")] {
        let outcome = answer(hook, body).await;
        own(&outcome);
        assert!(outcome.plan.is_empty(), "doing nothing is an answer of {hook}");
    }
}

#[tokio::test]
async fn answers_out_of_bounds_are_refused_at_their_line() {
    let long = "let s = \"\"; s.pad(400, \"x\");";
    for (hook, body, code) in [
        (Hook::LeadScore, "\nscore(101, [])".to_owned(), "plan_limit"),
        (Hook::LeadScore, "\nscore(-1, [])".to_owned(), "plan_limit"),
        (
            Hook::LeadScore,
            "let r = []; r.pad(11, \"x\");\nscore(1, r)".to_owned(),
            "plan_limit",
        ),
        (Hook::LeadScore, "\nscore(1, [7])".to_owned(), "plan_limit"),
        (
            Hook::KpiScore,
            "let x = 1e308;\nkpi(x * 10.0, #{})".to_owned(),
            "wrong_return",
        ),
        (Hook::KpiScore, "\nkpi(\"much\", #{})".to_owned(), "wrong_return"),
        (Hook::KpiScore, "\nkpi(1, #{a: []})".to_owned(), "wrong_return"),
        (
            Hook::KpiScore,
            "let m = #{}; for i in 0..21 { m[`k${i}`] = i; }\nkpi(1, m)".to_owned(),
            "plan_limit",
        ),
        (Hook::TrialRules, format!("{long}\ndeny(s)"), "plan_limit"),
        (Hook::TrialRules, "\ndeny(\"\")".to_owned(), "plan_limit"),
        (Hook::Message, format!("{long}\ntemplate(s, #{{}})"), "plan_limit"),
        (
            Hook::Message,
            "\ntemplate(\"call_new\", #{a: [1]})".to_owned(),
            "wrong_return",
        ),
        (Hook::Reactivation, format!("{long}\nstep(s)"), "plan_limit"),
        (
            Hook::OnOverdue,
            "let p = plan();\np.reschedule(days(400))".to_owned(),
            "plan_limit",
        ),
        (
            Hook::OnLeadCreated,
            "let p = plan();\np.block_owner(\"x\")".to_owned(),
            "wrong_hook",
        ),
        (
            Hook::OnStatusChanged,
            "let p = plan();\np.reassign(\"x\")".to_owned(),
            "wrong_hook",
        ),
    ] {
        let failure = answer(hook, &body).await.failures.remove(0);
        assert_eq!((failure.code.as_str(), failure.line), (code, 3), "{body}: {failure:?}");
    }
}

#[tokio::test]
async fn the_host_functions_are_complete_and_exact() {
    let friday = "2026-11-20T15:00:00+05:00";
    let body = "let p = plan(); let now = ctx.now;
         trace(`${now}`);
         trace(`${now + seconds(30)} ${now + minutes(90)} ${now - hours(3)} ${now + days(1)}`);
         let l = local(now);
         trace(`${l.date} ${l.hour} ${l.minute} ${l.weekday} ${l.year}-${l.month}-${l.day}`);
         trace(`${work_add(\"ann\", now, hours(4))}`);
         trace(`${work_between(\"ann\", now, now + days(3)).hours}`);
         trace(`${next_work_start(\"ann\", now + hours(5))}`);
         trace(`${work_add((), now, hours(4))}`);
         let inside = true;
         for i in 0..50 { let n = rand_int(3, 5); inside &= n >= 3 && n <= 5; }
         trace(`${inside} ${pick([]) == ()} ${weighted_pick([1, 2], [0, 0]) == ()} ${weighted_pick([1, 2], [0, 1])}`);
         trace(`${bucket(\"k\", 10) == bucket(\"k\", 10)} ${[1, 2, 3].contains(pick([1, 2, 3]))}`);
         p";
    let mut asked = batch(
        "academy",
        Some(&format!("fn on_lead_created(ctx) {{ {body} }}")),
        vec![call(0, Hook::OnLeadCreated)],
    );
    let weekdays: serde_json::Map<String, serde_json::Value> = ["mon", "tue", "wed", "thu", "fri"]
        .map(|day| (day.to_owned(), json!([{"from": "09:00:00", "to": "18:00:00"}])))
        .into_iter()
        .collect();
    let schedule = json!({"time_zone": "Asia/Tashkent", "windows": weekdays, "leaves": [], "active": true});
    asked
        .schedules
        .insert("ann".into(), serde_json::from_value(schedule).expect("a schedule"));
    let outcome = host().await.run(asked).await.remove(0).expect("an answer");
    let told: Vec<&str> = outcome.trace.iter().map(|line| line.text.as_str()).collect();
    assert_eq!(
        friday.parse::<chrono::DateTime<chrono::Utc>>().expect("an instant"),
        support::scripts::now()
    );
    assert_eq!(
        told,
        [
            "2026-11-20T10:00:00Z",
            "2026-11-20T10:00:30Z 2026-11-20T11:30:00Z 2026-11-20T07:00:00Z 2026-11-21T10:00:00Z",
            "2026-11-20 15 0 5 2026-11-20",
            "2026-11-23T05:00:00Z",
            "9",
            "2026-11-23T04:00:00Z",
            "2026-11-20T14:00:00Z",
            "true true true 2",
            "true true",
        ],
        "{:?}",
        outcome.failures
    );
}

#[tokio::test]
async fn the_packs_answer_every_hook_they_name_the_same_way_every_time() {
    let mut seen: Vec<Vec<String>> = Vec::new();
    for _ in 0..2 {
        let host = host().await;
        let mut bytes = Vec::new();
        for hook in Hook::ALL {
            let calls = (0..5).map(|id| full(id, hook)).collect();
            for answer in host.run(batch("demo", None, calls)).await {
                let outcome = Outcome {
                    micros: 0,
                    ..answer.expect("an answer")
                };
                assert!(outcome.failures.is_empty(), "{hook}: {:?}", outcome.failures);
                bytes.push(serde_json::to_string(&outcome).expect("JSON"));
            }
        }
        seen.push(bytes);
    }
    assert_eq!(seen[0], seen[1], "same input, same bytes");
}

#[tokio::test]
async fn the_pack_wins_back_scores_and_seats() {
    let host = host().await;
    let run = async |call: Call| {
        host.run(batch("demo", None, vec![call]))
            .await
            .remove(0)
            .expect("an answer")
            .plan
    };

    let back = run(full(0, Hook::Reactivation)).await;
    let step = back.step.expect("the second step is due");
    assert_eq!(
        (step.key.as_str(), back.follow_ups[0].text_key.as_deref()),
        ("lost/2", Some("offer_other_course"))
    );
    let mut early = full(0, Hook::Reactivation);
    early.days_since_lost = Some(13);
    assert!(run(early).await.is_empty(), "the second step is due on day 14");
    let mut late = full(0, Hook::Reactivation);
    (late.days_since_lost, late.done_steps) = (Some(200), vec![]);
    assert_eq!(run(late).await.step.expect("a missed run loses nothing").key, "lost/1");
    let mut done = full(0, Hook::Reactivation);
    (done.days_since_lost, done.done_steps) = (Some(200), ["lost/1", "lost/2", "lost/3"].map(String::from).into());
    assert!(run(done).await.is_empty(), "every step once");

    let score = run(full(0, Hook::LeadScore)).await.score.expect("a score");
    assert_eq!(
        (score.value, score.reasons),
        (
            45,
            ["score_standing", "score_asked_again", "score_reached"]
                .map(String::from)
                .into()
        )
    );
    let kpi = run(full(0, Hook::KpiScore)).await.kpi.expect("a number");
    assert_eq!(kpi.value, 32.0 + 18.0 + 15.0 + 10.0 - 4.0);
    let mut away = full(0, Hook::KpiScore);
    away.worked = Some(false);
    assert!(run(away).await.is_empty(), "not worked is nothing, not 0");

    assert!(run(full(0, Hook::TrialRules)).await.verdict.expect("a verdict").allowed);
    let mut full_group = full(0, Hook::TrialRules);
    full_group.group.as_mut().expect("a group").trials = 2;
    let verdict = run(full_group).await.verdict.expect("a verdict");
    assert_eq!((verdict.allowed, verdict.reason.as_str()), (false, "group_full"));
    let mut small_room = full(0, Hook::TrialRules);
    small_room.room.as_mut().expect("a room").capacity = 11;
    assert_eq!(run(small_room).await.verdict.expect("a verdict").reason, "room_full");
}

#[tokio::test]
async fn the_checker_runs_every_hook() {
    let host = host().await;
    for hook in Hook::ALL {
        let report = host
            .check(check(&format!("fn {hook}(ctx) {{\n  let x = ctx.nothing;\n}}")))
            .await
            .expect("a report");
        assert_eq!(report.findings[0].line, 2, "{hook}: {:?}", report.findings);
        let report = host
            .check(check(&format!("fn {hook}(ctx) {{\n  hours(1)\n}}")))
            .await
            .expect("a report");
        let codes: Vec<&str> = report.findings.iter().map(|found| found.code.as_str()).collect();
        assert!(codes.contains(&"wrong_return") && !report.passes(), "{hook}: {codes:?}");
    }
}
