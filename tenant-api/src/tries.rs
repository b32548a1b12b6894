//! Trying a hook out before it acts: a draft, a version or what is live, on a lead or on a typed context.

use chrono::{DateTime, Utc};
use platform::locale::Lang;
use platform::{Error, Id};
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::types::Example;
use poem_openapi::{Object, OpenApi};
use serde::Serialize;
use serde_json::{Value, json};
use wire::{Hook, TestFailure, TestResult};
use workflows::scripts::{self, Try};

use crate::Area;
use crate::answer::{Answer, Body};
use crate::security::{Caller, Guest};

pub struct Operations;

#[OpenApi(tag = "Area::Scripts")]
impl Operations {
    /// Runs a hook and shows what it would do; nothing is stored and nobody is told
    ///
    /// Runs `source` (a draft), or a stored `version`, or, with neither, what is live with its fallbacks. It is asked
    /// about a lead (`lead_id`), a typed `context`, or a context laid over a lead, at the moment `at`.
    ///
    /// A `context` holds what a script reads of `ctx`, every field optional: `lead`, `event`, `from`, `to`, `via`,
    /// `queue_ahead`, `trial`, `followup`, `outcome`, `late_seconds`, `candidates`, … and beside these `settings` (to try
    /// instead of the center's own) and `owner`, the working time follow-ups fall due in:
    /// `{"time_zone": "Asia/Tashkent", "windows": {"mon": [["09:00", "18:00"]]}, "leaves": [{"from": "2026-11-23",
    /// "to": "2026-11-24", "start": "14:00", "end": "16:00"}], "active": true}`. Without `windows` the owner has no
    /// hours and nothing is moved; a day that is not named is free; a leave with `start` and `end` takes those hours of
    /// each of its days, any other takes the days whole. Times are RFC 3339, or local (`2026-11-20T15:00`). An unknown
    /// or ill-typed field is refused by its name (422 `invalid`).
    ///
    /// A script that fails is an answer too: 200 with `failure`, its line and column, and an empty plan.
    #[oai(path = "/scripts/:hook/try", method = "post", operation_id = "try_script")]
    async fn try_out(
        &self,
        caller: Caller,
        guest: Guest,
        hook: Path<String>,
        body: Json<TryScript>,
    ) -> Answer<Body<Tried>> {
        let hook = Hook::parse(&hook.0).ok_or(Error::NotFound)?;
        let asked = Try {
            source: body.0.source,
            version: body.0.version,
            lead: body.0.lead_id,
            context: body.0.context,
            at: body.0.at,
        };
        let tried = scripts::try_out(&caller.desk, &caller.actor, hook, asked).await?;
        Ok(Body(Tried::of(tried, guest.known.lang)))
    }

    /// Runs a script's golden tests, and its pack's over it
    ///
    /// The `test_*` functions in `source`; in the published version's text, if there is none. A red one keeps the
    /// source from being published.
    #[oai(path = "/scripts/:hook/tests", method = "post", operation_id = "test_script")]
    async fn prove(
        &self,
        caller: Caller,
        guest: Guest,
        hook: Path<String>,
        body: Json<TestScript>,
    ) -> Answer<Body<Tested>> {
        let hook = Hook::parse(&hook.0).ok_or(Error::NotFound)?;
        let source = match body.0.source {
            Some(source) => source,
            None => {
                let now = scripts::overview(&caller.desk, &caller.actor, hook).await?;
                now.source.unwrap_or_default()
            }
        };
        let proof = scripts::prove(&caller.desk, &caller.actor, hook, &source).await?;
        Ok(Body(Tested::of(proof, guest.known.lang)))
    }
}

#[derive(Object)]
#[oai(deny_unknown_fields)]
struct TestScript {
    source: Option<String>,
}

#[derive(Object, Serialize)]
struct Tested {
    /// Whether every test of the script is green.
    passes: bool,
    tests: Vec<Test>,
    /// The pack's own tests, over this script: an override may change what they promise.
    pack: Vec<Test>,
    /// Set when the text does not parse and nothing ran.
    unreadable: Option<Red>,
    /// Whether any test of the script runs its hook.
    runs_hook: bool,
    /// Statuses that no test of the script enters.
    untested: Vec<String>,
}

#[derive(Object, Serialize)]
struct Test {
    name: String,
    /// Where it begins, in the text it stands in.
    line: u32,
    failure: Option<Red>,
}

#[derive(Object, Serialize)]
struct Red {
    /// `expected`, or why the test or a hook it runs failed.
    code: String,
    /// In the reader's language.
    message: String,
    line: u32,
    column: u32,
}

impl Tested {
    fn of(proof: scripts::Proof, lang: Lang) -> Self {
        let red = |failure: TestFailure| Red {
            message: scripts::explain(lang, &failure.code, &failure.args, &failure.message),
            code: failure.code,
            line: failure.line,
            column: failure.column,
        };
        let test = |test: TestResult| Test {
            name: test.name,
            line: test.line,
            failure: test.failure.map(red),
        };
        Tested {
            passes: proof.unreadable.is_none() && proof.first_red().is_none(),
            tests: proof.tests.into_iter().map(test).collect(),
            pack: proof.pack.into_iter().flat_map(|file| file.tests).map(test).collect(),
            unreadable: proof.unreadable.map(red),
            runs_hook: proof.runs_hook,
            untested: proof.untested,
        }
    }
}

#[derive(Object)]
#[oai(deny_unknown_fields, example)]
struct TryScript {
    /// A draft.
    source: Option<String>,
    /// A stored version.
    version: Option<i64>,
    lead_id: Option<Id>,
    context: Option<Value>,
    /// The moment; now, if absent.
    at: Option<DateTime<Utc>>,
}

#[derive(Object, Serialize)]
#[oai(example)]
struct Tried {
    hook: String,
    at: DateTime<Utc>,
    /// Who answered; null when what was tried failed.
    layer: Option<Layer>,
    /// What would be done. Each of `follow_ups` has its `due_at`, in its owner's working time; `flagged` when there was
    /// no working time near enough.
    plan: Value,
    trace: Vec<TraceLine>,
    /// Steps the script took; a call has 20,000.
    ops: u64,
    micros: u64,
    /// Parts of the plan that would not be done, each with its reason.
    refused: Vec<Refused>,
    failure: Option<Failure>,
}

#[derive(Object, Serialize)]
struct Layer {
    /// override, last_good, pack or core.
    level: String,
    /// `draft`, `version 7`, `training-centre@1.0.0`.
    name: String,
}

#[derive(Object, Serialize)]
struct TraceLine {
    line: u32,
    text: String,
}

#[derive(Object, Serialize)]
struct Refused {
    code: String,
    /// In the reader's language.
    message: String,
    /// The follow-up's key, or the notice's template.
    key: String,
    line: u32,
    /// The line is in the script below.
    in_base: bool,
}

#[derive(Object, Serialize)]
struct Failure {
    level: String,
    name: String,
    /// Stable: `syntax`, `operations`, `unknown_function`, …
    code: String,
    /// In the reader's language.
    message: String,
    /// What the engine said, with the names concerned.
    detail: String,
    /// From 1; 0 when the fault has no place.
    line: u32,
    column: u32,
}

impl Tried {
    fn of(tried: scripts::Tried, lang: Lang) -> Self {
        Tried {
            hook: tried.hook.as_str().to_owned(),
            at: tried.at,
            layer: tried.layer.map(|layer| Layer {
                level: layer.level.as_str().to_owned(),
                name: layer.name,
            }),
            plan: tried.plan,
            trace: tried
                .trace
                .into_iter()
                .map(|line| TraceLine {
                    line: line.line,
                    text: line.text,
                })
                .collect(),
            ops: tried.ops,
            micros: tried.micros,
            refused: tried
                .refused
                .into_iter()
                .map(|item| Refused {
                    code: item.code.to_owned(),
                    message: scripts::explain(lang, item.code, &item.args(), item.code),
                    key: item.key,
                    line: item.line,
                    in_base: item.in_base,
                })
                .collect(),
            failure: tried.failures.into_iter().next().map(|failure| Failure {
                level: failure.level.as_str().to_owned(),
                name: failure.name,
                message: scripts::explain(lang, &failure.code, &failure.args, &failure.message),
                code: failure.code,
                detail: failure.message,
                line: failure.line,
                column: failure.column,
            }),
        }
    }
}

impl Example for TryScript {
    fn example() -> Self {
        TryScript {
            source: Some(
                "fn on_status_changed(ctx) {\n    let p = plan();\n    p.add(followup(\"interested/1\")\
                 .after(days(1)).in_work_hours());\n    p\n}\n"
                    .into(),
            ),
            version: None,
            lead_id: None,
            context: Some(json!({
                "from": "contacted", "to": "interested",
                "owner": {"time_zone": "Asia/Tashkent", "windows": {"mon": [["09:00", "18:00"]]}},
            })),
            at: "2026-11-20T10:00:00Z".parse().ok(),
        }
    }
}

impl Example for Tried {
    fn example() -> Self {
        Tried {
            hook: "on_status_changed".into(),
            at: "2026-11-20T10:00:00Z".parse().unwrap_or_default(),
            layer: Some(Layer {
                level: "override".into(),
                name: "draft".into(),
            }),
            plan: json!({
                "cancel_open": false, "notices": [],
                "follow_ups": [{
                    "key": "interested/1", "line": 3, "when": {"after": {"seconds": 0, "days": 1}},
                    "in_work_hours": true, "due_at": "2026-11-23T04:00:00Z", "flagged": false,
                }],
            }),
            trace: Vec::new(),
            ops: 12,
            micros: 140,
            refused: Vec::new(),
            failure: None,
        }
    }
}
