//! The published contract describes what is served, and every refusal in the sources has its words.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use platform::http::message;
use platform::locale::Lang;
use reqwest::Method;
use serde_json::{Map, Value, json};
use support::database::{Engine, TestDatabase};
use support::site::{Reply, Site};

/// What may be asked without being signed in.
const PUBLIC: &[&str] = &["sign_in", "redeem_reset_link", "get_test_clock", "set_test_clock"];
/// POSTs whose answer is a secret shown once, or that make nothing.
const UNKEYED: &[&str] = &[
    "sign_in",
    "create_token",
    "begin_second_factor",
    "turn_off_second_factor",
    "renew_recovery_codes",
    "make_reset_link",
    "start_bot_link",
    "check_script",
    "try_script",
    "test_script",
    "rerun_decision",
    "give_out_waiting",
    "post_follow_up_completion",
    "preview_follow_up_change",
    "undo_import",
    "connect_sheet",
    "read_sheet",
];

pub fn operations() -> Vec<(Method, String, Value)> {
    let document: Value = serde_json::from_str(&tenant_api::document()).expect("the document is JSON");
    let mut found = Vec::new();
    for (path, methods) in document["paths"].as_object().expect("paths") {
        for (method, operation) in methods.as_object().expect("methods") {
            let method = method.to_uppercase().parse().expect("a method");
            found.push((method, path.clone(), operation.clone()));
        }
    }
    found
}

#[test]
fn every_operation_is_described_in_full() {
    let mut ids = BTreeSet::new();
    for (method, path, operation) in operations() {
        let id = operation["operationId"]
            .as_str()
            .unwrap_or_else(|| panic!("{method} {path} has no id"));
        assert!(ids.insert(id.to_owned()), "{id} twice");
        assert!(operation["summary"].is_string() && operation["tags"].is_array(), "{id}");
        let signed = operation["security"].as_array().map_or(0, Vec::len) == 2;
        assert_eq!(signed, !PUBLIC.contains(&id), "{id}: bearer or session");
        assert!(
            operation["responses"]["default"]["content"]["application/problem+json"].is_object(),
            "{id}"
        );
        let parameters: Vec<&str> = operation["parameters"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|p| p["name"].as_str())
            .collect();
        for named in path
            .split('/')
            .filter_map(|part| part.split('{').nth(1)?.split('}').next())
        {
            assert!(parameters.contains(&named), "{id} does not declare {named}");
        }
        if method == Method::POST {
            assert_eq!(parameters.contains(&"Idempotency-Key"), !UNKEYED.contains(&id), "{id}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_document_and_its_page_are_served() {
    let database = TestDatabase::create(Engine::Sqlite)
        .await
        .expect("SQLite is always there");
    let site = Site::on(database).await;
    site.test.tenant("demo").await;
    let served = Reply::of(site.request(Method::GET, "demo", "/api/v1/openapi.json"))
        .await
        .expect(200);
    assert_eq!(served["paths"].as_object().map(|paths| paths.len() > 30), Some(true));
    let page = Reply::of(site.request(Method::GET, "demo", "/api/docs")).await;
    assert_eq!(page.status, 200);
    let policy = page.header("content-security-policy");
    assert!(
        policy.matches("'sha256-").count() == 2 && !policy.contains("script-src 'unsafe"),
        "{policy}"
    );
    assert!(page.text.contains("SwaggerUIBundle"));
}

#[test]
fn every_refusal_has_words_in_every_language() {
    let mut missing = BTreeSet::new();
    for file in sources() {
        let text = std::fs::read_to_string(&file).expect("source is readable");
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for refusal in refusals(code) {
            if Lang::ALL.iter().any(|lang| !is_said(*lang, &refusal)) {
                missing.insert((refusal, file.display().to_string()));
            }
        }
    }
    assert!(missing.is_empty(), "no words for {missing:#?}");
    // Those made of a variant alone.
    for code in [
        "not_found",
        "invalid",
        "if_match_required",
        "stale_version",
        "too_many_requests",
        "body_too_large",
        "internal",
    ] {
        assert!(Lang::ALL.iter().all(|lang| is_said(*lang, code)), "{code}");
    }
}

/// Whether a code has a sentence of its own, with something for everything it may name.
fn is_said(lang: Lang, code: &str) -> bool {
    let names = ["scope", "max", "min", "name", "line", "column", "reason", "count"];
    let args: Map<String, Value> = names.iter().map(|name| ((*name).to_owned(), json!(1))).collect();
    let said = message(lang, code, &args);
    code == "internal" || (said != message(lang, "internal", &args) && !said.contains("{$"))
}

#[test]
fn the_search_for_refusals_finds_them() {
    let source = r#"
        return Err(Error::refused("one").with("a", 1));
        Error::Unavailable(
            "two",
        );
        Error::field(format!("windows.{at}"), "three");
        Error::field("name", "four"); Error::field(bad.key, bad.code);
        let refuse = |code| Err(Error::refused(code)); return refuse("five");
    "#;
    assert_eq!(
        refusals(source),
        ["one", "two", "three", "four", "five"].map(str::to_owned)
    );
}

/// Codes written in a source: the first argument of a refusal, the second of a refused field.
fn refusals(source: &str) -> Vec<String> {
    const MAKERS: [(&str, usize); 7] = [
        ("Error::refused(", 0),
        ("Error::conflict(", 0),
        ("Error::Forbidden(", 0),
        ("Error::Unauthorized(", 0),
        ("Error::Unavailable(", 0),
        ("Error::field(", 1),
        (" refuse(", 0),
    ];
    let mut found: Vec<(usize, String)> = Vec::new();
    for (maker, place) in MAKERS {
        for (at, _) in source.match_indices(maker) {
            let argument = argument(&source[at + maker.len()..], place);
            let literal = argument
                .trim()
                .strip_prefix('"')
                .and_then(|rest| rest.strip_suffix('"'));
            found.extend(literal.map(|code| (at, code.to_owned())));
        }
    }
    found.sort();
    found.into_iter().map(|(_, code)| code).collect()
}

/// One argument of a call, given what follows its opening bracket.
fn argument(call: &str, place: usize) -> &str {
    let (mut depth, mut quoted, mut begins, mut number) = (0, false, 0, 0);
    for (at, c) in call.char_indices() {
        match c {
            '"' => quoted = !quoted,
            _ if quoted => {}
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' if depth > 0 => depth -= 1,
            ',' | ')' if depth == 0 => {
                if number == place {
                    return &call[begins..at];
                }
                if c == ')' {
                    return "";
                }
                (number, begins) = (number + 1, at + 1);
            }
            _ => {}
        }
    }
    ""
}

fn sources() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let folders = [
        "platform/src",
        "workflows/src",
        "plugins/src",
        "plugins/wire/src",
        "tenant-api/src",
        "web/src",
    ];
    let mut waiting: Vec<PathBuf> = folders.iter().map(|folder| root.join(folder)).collect();
    let mut found = Vec::new();
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(&folder).expect("the folder is there") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    found
}
