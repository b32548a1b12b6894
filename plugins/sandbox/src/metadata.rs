//! What the editor shows and completes: the words, the fields, the hooks.

use rhai::FnAccess;
use serde_json::{Value, json};
use wire::Hook;

use crate::engine::Library;
use crate::words::{KINDS, fields_of, types_of};

pub fn describe(library: &Library) -> Value {
    let engine = library.engine(None);
    let mut words: Vec<(String, Value)> = engine.collect_fn_metadata(
        None,
        |function| {
            let about = function.metadata;
            let help = about
                .comments
                .iter()
                .flat_map(|comment| comment.lines())
                .map(|line| line.trim_start_matches('/').trim())
                // The first paragraph says what it does; examples follow.
                .take_while(|line| !line.is_empty())
                .collect::<Vec<_>>()
                .join(" ");
            let named = about.name.starts_with(|c: char| c.is_ascii_alphabetic());
            (named && !help.is_empty() && about.access == FnAccess::Public).then(|| {
                let params: Vec<&str> = about
                    .params_info
                    .iter()
                    .take(about.num_params)
                    .map(|p| p.as_str())
                    .collect();
                let returns = match about.params_info.get(about.num_params) {
                    Some(returns) => returns.as_str(),
                    None => about.return_type.as_str(),
                };
                let returns = if returns == "()" { "" } else { returns };
                let entry = json!({ "name": about.name.as_str(), "params": params, "returns": returns, "help": help });
                (format!("{}/{params:?}", about.name), entry)
            })
        },
        false,
    );
    words.sort_by(|a, b| a.0.cmp(&b.0));
    words.dedup_by(|a, b| a.0 == b.0);
    json!({
        "hooks": Hook::ALL.map(Hook::as_str),
        "words": words.into_iter().map(|(_, entry)| entry).collect::<Vec<_>>(),
        "fields": KINDS.iter().map(|kind| (kind.to_string(), json!(fields_of(kind)))).collect::<serde_json::Map<_, _>>(),
        "types": KINDS.iter().map(|kind| {
            let types = types_of(kind).into_iter().map(|(name, of)| (name.to_owned(), json!(of)));
            (kind.to_string(), Value::Object(types.collect()))
        }).collect::<serde_json::Map<_, _>>(),
    })
}
