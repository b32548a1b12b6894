//! What went wrong in a script, in the reader's language: the code chooses the sentence, its args fill it in.

use platform::locale::{self, Lang, Value};
use serde_json::Value as Json;
use wire::Args;

/// What a sentence may be given.
const NAMES: [&str; 11] = [
    "name", "what", "text", "of", "n", "max", "given", "expected", "hook", "key", "meant",
];

/// The sentence for a finding or a failure; the English one of the script process where the code has no words.
pub fn explain(lang: Lang, code: &str, args: &Args, message: &str) -> String {
    let id = format!("fault-{}", code.replace('_', "-"));
    let mut given: Vec<(&'static str, Value)> = NAMES
        .into_iter()
        .filter_map(|name| Some((name, value(args.get(name)?))))
        .collect();
    // A sentence that chooses by something must be given it.
    for chooser in ["what", "hook"] {
        if !args.contains_key(chooser) {
            given.push((chooser, "other".into()));
        }
    }
    given.push(("reason", message.into()));
    let told = locale::find(lang, &id, &given).filter(|told| !told.contains("{$") && !told.contains("{ $"));
    let told = told.unwrap_or_else(|| message.to_owned());
    if args.contains_key("base") {
        return locale::t(lang, "fault-in-base", &[("reason", told.into())]);
    }
    told
}

/// The same for a failure as a notice or a decision record stores it.
pub fn explain_stored(lang: Lang, failure: &Json) -> String {
    let text = |name: &str| failure[name].as_str().unwrap_or_default();
    let args: Args = serde_json::from_value(failure["args"].clone()).unwrap_or_default();
    explain(lang, text("code"), &args, text("message"))
}

/// Whole numbers choose plural forms and are grouped.
fn value(text: &str) -> Value<'_> {
    match text.parse::<i64>() {
        Ok(number) => number.into(),
        Err(_) => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(pairs: &[(&str, &str)]) -> Args {
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn a_fault_is_told_in_each_language() {
        let given = args(&[("name", "minuts")]);
        let told = Lang::ALL.map(|lang| explain(lang, "unknown_function", &given, "there is no minuts"));
        assert_eq!(told[0], "minuts degan funksiya yoʻq.");
        assert_eq!(told[1], "Функции minuts нет.");
        assert_eq!(told[2], "There is no function minuts.");
        assert_eq!(told[3], "minuts деген функция жоқ.");
    }

    #[test]
    fn a_code_without_words_keeps_the_english_ones() {
        assert_eq!(
            explain(Lang::Uz, "never_heard_of", &Args::new(), "as it was"),
            "as it was"
        );
    }

    #[test]
    fn a_fault_of_the_pack_says_so() {
        let given = args(&[("base", "true"), ("what", "zero")]);
        let told = explain(Lang::En, "arithmetic", &given, "in base: Division by zero");
        assert_eq!(told, "In the pack's rule: Something is divided by zero.");
    }

    /// Every code with everything it may be given: no sentence is left with a hole.
    #[test]
    fn no_sentence_has_a_hole() {
        let whats = [
            "end",
            "string",
            "escape",
            "number",
            "input",
            "missing",
            "expression",
            "name",
            "reserved",
            "params",
            "body",
            "fn_twice",
            "twice",
            "fn_inside",
            "constant",
            "assignment",
            "break",
            "other",
            "functions",
            "calls",
            "variables",
            "zero",
            "absent",
            "hook",
            "unit",
            "bounds",
            "type",
            "for",
            "index",
            "later",
            "follow_ups",
            "notices",
            "tags",
            "text",
            "far",
            "negative",
            "sequence",
            "nobody",
            "weights",
            "bucket",
            "days",
        ];
        for lang in Lang::ALL {
            for code in CODES {
                for what in whats {
                    let mut given = args(&[("what", what)]);
                    for name in NAMES.iter().filter(|name| **name != "what") {
                        given.insert((*name).to_owned(), "7".to_owned());
                    }
                    let told = explain(lang, code, &given, "ENGLISH");
                    assert!(!told.contains('$') && !told.is_empty(), "{lang} {code} {what}: {told}");
                    let quoted = ["other"].contains(&what);
                    assert!(
                        quoted || lang == Lang::En || told != "ENGLISH",
                        "{lang} {code} {what}: {told}"
                    );
                }
            }
        }
    }

    const CODES: [&str; 42] = [
        "arithmetic",
        "captured_variable",
        "deadline",
        "depth",
        "duplicate_key",
        "empty_range",
        "killed",
        "memory",
        "no_plan_on_path",
        "no_time",
        "no_trial",
        "no_unit",
        "operations",
        "paused",
        "plan_limit",
        "runtime",
        "size",
        "source_missing",
        "source_too_long",
        "status_without_follow_up",
        "syntax",
        "thrown",
        "too_long",
        "top_level_statement",
        "undefined_variable",
        "unknown_anchor",
        "unknown_candidate",
        "unknown_function",
        "unknown_hook",
        "unknown_lost_reason",
        "unknown_property",
        "unknown_setting",
        "unknown_source",
        "unknown_status",
        "unknown_template",
        "unreachable_code",
        "unused_function",
        "wrong_arity",
        "wrong_return",
        "script_killed",
        "sandbox_unavailable",
        "bad_batch",
    ];
}
