//! What the checker finds without running a script: each at its exact line and column, with what was probably meant.

use serde_json::json;
use support::scripts::host;
use wire::{Check, CheckReport, Registry, Severity, StatusRef, TenantCtx};

async fn check(source: &str) -> CheckReport {
    let registry = Registry {
        statuses: [("new", "new"), ("contacted", "working"), ("lost", "lost")]
            .map(|(key, kind)| StatusRef {
                key: key.into(),
                kind: kind.into(),
            })
            .to_vec(),
        sources: vec!["telegram".into()],
        templates: vec!["call_again".into()],
        ..Registry::default()
    };
    let check = Check {
        tenant: TenantCtx {
            id: "t".into(),
            time_zone: "Asia/Tashkent".into(),
            locale: "uz".into(),
            currency: "UZS".into(),
            country: "UZ".into(),
        },
        source: source.into(),
        base: None,
        registry,
        settings: json!({"new_minutes": 5}).as_object().cloned().unwrap_or_default(),
    };
    host().await.check(check).await.expect("a report")
}

/// Line, column, code and suggestion of each finding.
fn found(report: &CheckReport) -> Vec<(u32, u32, &str, &str)> {
    let places = report.findings.iter();
    places
        .map(|f| {
            (
                f.line,
                f.column,
                f.code.as_str(),
                f.suggestion.as_deref().unwrap_or_default(),
            )
        })
        .collect()
}

#[tokio::test]
async fn each_mistake_is_found_at_its_place() {
    let cases: &[(&str, &[(u32, u32, &str, &str)])] = &[
        (
            "fn distribute(ctx) {\n    for rep in ctx.candidates {\n        if rep.last_asigned_at == () { return assign(rep, \"x\"); }\n    }\n    queue(\"w\", \"x\")\n}",
            &[(3, 16, "unknown_property", "last_assigned_at")],
        ),
        (
            "fn distribute(ctx) {\n    let lead = ctx.lead;\n    if lead.sorce == \"telegram\" { return queue(\"a\", \"x\"); }\n    queue(\"w\", \"x\")\n}",
            &[(3, 13, "unknown_property", "source")],
        ),
        (
            "fn distribute(ctx) {\n    let s = ctx.settings;\n    queue(`${s.new_minuts}`, \"x\")\n}",
            &[(3, 16, "unknown_setting", "new_minutes")],
        ),
        (
            "fn on_lead_created(ctx) {\n    let p = plan();\n    p.add(followup(\"a\").after(24));\n    p\n}",
            &[(3, 25, "no_unit", "")],
        ),
        (
            "fn distribute(ctx) {\n    return queue(\"w\", \"x\");\n    trace(\"never\");\n}",
            &[(3, 5, "unreachable_code", "")],
        ),
        (
            "fn distribute(ctx) {\n    if ctx.candidates.len() > 9 {\n        return queue(\"w\", \"x\");\n    } else {\n        return queue(\"v\", \"x\");\n    }\n    queue(\"u\", \"x\")\n}",
            &[(7, 5, "unreachable_code", "")],
        ),
        (
            "fn distribute(ctx) {\n    let most = 3;\n    let fit = ctx.candidates.filter(|c| c.open_leads < most);\n    queue(\"w\", \"x\")\n}",
            &[(3, 56, "captured_variable", "")],
        ),
        (
            "fn distribute(ctx) {\n    let most = 3;\n    queue(\"w\", `${mosst}`)\n}",
            &[(3, 19, "undefined_variable", "most")],
        ),
        (
            "fn distribute(ctx) {\n    queue(\"w\")\n}",
            &[(2, 5, "wrong_arity", "")],
        ),
        (
            "let x = 1;\nfn distribute(ctx) {\n    queue(\"w\", \"x\")\n}",
            &[(1, 1, "top_level_statement", "")],
        ),
    ];
    for (source, expected) in cases {
        let report = check(source).await;
        assert_eq!(found(&report), *expected, "{source}\n{:#?}", report.findings);
    }
}

#[tokio::test]
async fn a_path_without_an_answer_is_found_where_it_ends() {
    let source = "fn distribute(ctx) {\n    if ctx.lead.source == \"telegram\" {\n        return;\n    }\n    if ctx.candidates.len() > 0 {\n        assign(ctx.candidates[0], \"x\")\n    }\n}";
    let report = check(source).await;
    let places: Vec<_> = found(&report)
        .into_iter()
        .filter(|f| f.2 == "no_plan_on_path")
        .collect();
    assert_eq!(
        places,
        [(3, 9, "no_plan_on_path", ""), (5, 5, "no_plan_on_path", "")],
        "{:#?}",
        report.findings
    );
    let whole = "fn distribute(ctx) {\n    if ctx.candidates.len() > 0 {\n        assign(ctx.candidates[0], \"x\")\n    } else {\n        queue(\"w\", \"x\")\n    }\n}";
    assert_eq!(found(&check(whole).await), []);
    let switch = "fn distribute(ctx) {\n    switch ctx.lead.source {\n        \"telegram\" => queue(\"t\", \"x\"),\n        _ => queue(\"w\", \"x\"),\n    }\n}";
    assert_eq!(found(&check(switch).await), []);
    let days_off = "fn kpi_score(ctx) {\n    if !ctx.worked { return (); }\n    kpi(1, #{})\n}";
    assert_eq!(found(&check(days_off).await), [], "a day off has no figure");
}

#[tokio::test]
async fn a_finding_carries_what_its_sentence_speaks_of() {
    let report = check("fn distribute(ctx) {\n    quue(\"w\", \"x\")\n}").await;
    let finding = &report.findings[0];
    assert_eq!(
        (finding.severity, finding.args["name"].as_str()),
        (Severity::Error, "quue")
    );
    assert_eq!(finding.suggestion.as_deref(), Some("queue"));
    let unreadable = check("fn distribute(ctx) {\n    let in = 3;\n}").await;
    assert_eq!(unreadable.findings[0].code, "syntax");
    assert_eq!(
        (
            unreadable.findings[0].line,
            unreadable.findings[0].args.contains_key("what")
        ),
        (2, true)
    );
}
