//! The centre's own rules when its pack moves: each function of theirs beside the pinned pack's and the new pack's.
//! Nothing is ever merged; whoever wrote the rule decides.

use platform::{Result, Tx};
use sea_orm::FromQueryResult;
use wire::Finding;
use wire::source::{Function, calls_base, functions};

/// A published rule and what the move means to it.
#[derive(Debug, Clone)]
pub struct Overridden {
    pub hook: String,
    pub version: i64,
    pub functions: Vec<Compared>,
    /// Functions of the pack it calls by `base::` that change under it.
    pub base_changes: Vec<String>,
    /// What the checker says of it over the new pack; none where the checker could not be asked.
    pub findings: Option<Vec<Finding>>,
}

/// One function three times.
#[derive(Debug, Clone)]
pub struct Compared {
    pub name: String,
    pub verdict: Verdict,
    pub pinned: Option<String>,
    pub new: Option<String>,
    pub own: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The pack's own did not change: the rule stands as it stood.
    Unmoved,
    /// The rule is a copy of the pinned pack's, whose successor differs: it may be no longer needed.
    Copy,
    /// The rule says what the new pack says.
    Overtaken,
    /// Both differ from the pinned pack's, and from each other.
    Parted,
}

pub(super) struct Published {
    pub hook: String,
    pub version: i64,
    pub source: String,
}

/// The rules published now.
pub(super) async fn published(tx: &Tx) -> Result<Vec<Published>> {
    #[derive(FromQueryResult)]
    struct Row {
        hook: String,
        version: i64,
        source: String,
    }
    let sql = "SELECT v.hook, v.version, v.source FROM script_state AS s JOIN script_version AS v \
               ON v.tenant_id = s.tenant_id AND v.hook = s.hook AND v.version = s.published \
               WHERE s.tenant_id = $1 ORDER BY v.hook";
    let rows: Vec<Row> = tx.all(sql, vec![tx.tenant().0.into()]).await?;
    Ok(rows
        .into_iter()
        .map(|row| Published {
            hook: row.hook,
            version: row.version,
            source: row.source,
        })
        .collect())
}

/// A rule's functions that one of the packs has too.
pub(super) fn compare(own: &Published, pinned: &str, new: &str) -> Overridden {
    let (pinned, new) = (functions(pinned), functions(new));
    let text = |all: &[Function], name: &str| all.iter().find(|f| f.name == name).map(|f| f.text.clone());
    let compared = functions(&own.source)
        .into_iter()
        .filter_map(|function| {
            let (before, after) = (text(&pinned, &function.name), text(&new, &function.name));
            if before.is_none() && after.is_none() {
                return None;
            }
            Some(Compared {
                verdict: verdict(before.as_deref(), after.as_deref(), &function.text),
                name: function.name,
                pinned: before,
                new: after,
                own: function.text,
            })
        })
        .collect();
    let base_changes = new
        .iter()
        .filter(|function| text(&pinned, &function.name).is_some_and(|before| !alike(&before, &function.text)))
        .filter(|function| calls_base(&own.source, &function.name))
        .map(|function| function.name.clone())
        .collect();
    Overridden {
        hook: own.hook.clone(),
        version: own.version,
        functions: compared,
        base_changes,
        findings: None,
    }
}

fn verdict(pinned: Option<&str>, new: Option<&str>, own: &str) -> Verdict {
    let same = |other: Option<&str>| other.is_some_and(|other| alike(other, own));
    let unmoved = match (pinned, new) {
        (Some(pinned), Some(new)) => alike(pinned, new),
        _ => false,
    };
    if unmoved {
        Verdict::Unmoved
    } else if same(new) {
        Verdict::Overtaken
    } else if same(pinned) {
        Verdict::Copy
    } else {
        Verdict::Parted
    }
}

/// Indentation and ends of lines mean nothing.
pub(super) fn alike(a: &str, b: &str) -> bool {
    a.lines().map(str::trim).eq(b.lines().map(str::trim))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PINNED: &str = "fn a(ctx) { 1 }\nfn b(ctx) { 1 }\nfn c(ctx) { 1 }\nfn d(ctx) { 1 }\nfn tool(x) { 1 }";
    const NEW: &str = "fn a(ctx) { 1 }\nfn b(ctx) { 2 }\nfn c(ctx) { 2 }\nfn d(ctx) { 2 }\nfn tool(x) { 2 }";

    #[test]
    fn each_function_is_judged_by_who_moved() {
        let own = Published {
            hook: "distribute".into(),
            version: 3,
            source:
                "fn a(ctx) { 9 }\nfn b(ctx) {\n  1 }\nfn c(ctx) { 2 }\nfn d(ctx) { base::tool(1) }\nfn mine() { 0 }"
                    .into(),
        };
        let own = Published {
            source: own.source.replace("{\n  1 }", "{ 1 }"),
            ..own
        };
        let found = compare(&own, PINNED, NEW);
        let verdicts: Vec<_> = found.functions.iter().map(|f| (f.name.as_str(), f.verdict)).collect();
        assert_eq!(
            verdicts,
            [
                ("a", Verdict::Unmoved),
                ("b", Verdict::Copy),
                ("c", Verdict::Overtaken),
                ("d", Verdict::Parted)
            ]
        );
        assert_eq!(found.base_changes, ["tool"]);
    }
}
