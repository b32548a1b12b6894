//! What differs between two texts of a rule: versions, drafts, what runs; and from there back to an earlier one.

use chrono::{DateTime, Utc};
use platform::{Error, Id};
use poem::handler;
use poem::web::{Path, Query};
use serde::Deserialize;
use serde_json::{Value, json};
use wire::Hook;
use workflows::scripts::{self, Change, Draft, Line, Overview, Version, diff, tally};
use workflows::staff::{self, User};

use crate::nav::Section;
use crate::render;
use crate::scripts::{label, parse, starter};
use crate::visit::{Answer, Visit};

/// Unchanged lines shown around a change.
const AROUND: usize = 3;

#[derive(Deserialize)]
pub struct Sides {
    from: Option<String>,
    to: Option<String>,
}

#[handler]
pub async fn show(visit: Visit, Path(hook): Path<String>, Query(sides): Query<Sides>) -> Answer {
    let hook = parse(&hook)?;
    let (desk, actor, words) = (&visit.desk, visit.actor()?, &visit.words);
    let (now, versions, drafts, users, pending) = tokio::try_join!(
        scripts::overview(desk, actor, hook),
        scripts::versions(&desk.app, actor, hook),
        scripts::drafts(&desk.app, actor, hook),
        staff::list(&desk.app, actor),
        scripts::pending(&desk.app, actor, hook),
    )?;
    let texts = Texts {
        visit: &visit,
        hook,
        now: &now,
        versions: &versions,
        drafts: &drafts,
        users: &users,
    };
    let running = now.published.map_or_else(|| "pack".to_owned(), |n| n.to_string());
    let (from, to) = (
        sides
            .from
            .filter(|side| !side.is_empty())
            .unwrap_or_else(|| running.clone()),
        sides
            .to
            .filter(|side| !side.is_empty())
            .unwrap_or_else(|| "draft".to_owned()),
    );
    let (old, new) = (texts.find(&from)?, texts.find(&to)?);
    let lines = diff(&old.source, &new.source);
    let (added, removed) = tally(&lines);
    let restorable = to.parse::<i64>().ok().filter(|n| now.published != Some(*n));
    let view = json!({
        "hook": {"key": hook.as_str(), "label": label(&visit, hook)},
        "old": {"key": from, "name": old.name, "about": old.about(&visit)},
        "new": {"key": to, "name": new.name, "about": new.about(&visit)},
        "choices_from": texts.choices(&from), "choices_to": texts.choices(&to),
        "added": added, "removed": removed, "same": added + removed == 0,
        "parts": parts(&lines),
        "restore": restorable,
        "pending": pending,
        "pending_words": words.count("script-pending", pending),
    });
    Ok(render::page(
        &visit.page(Section::Scripts, words.t("script-changes")),
        "scripts/changes",
        &view,
    ))
}

/// One text with what is known of it.
struct Text {
    name: String,
    source: String,
    who: String,
    message: String,
    at: Option<DateTime<Utc>>,
}

impl Text {
    fn about(&self, visit: &Visit) -> String {
        let at = self.at.map(|at| visit.words.moment(at)).unwrap_or_default();
        let parts = [&self.message, &self.who, &at];
        parts
            .into_iter()
            .filter(|part| !part.is_empty())
            .cloned()
            .collect::<Vec<_>>()
            .join(", ")
    }
}

struct Texts<'a> {
    visit: &'a Visit,
    hook: Hook,
    now: &'a Overview,
    versions: &'a [Version],
    drafts: &'a [Draft],
    users: &'a [User],
}

impl Texts<'_> {
    /// `pack`, a version's number, `draft` for one's own, or another author's id.
    fn find(&self, key: &str) -> Result<Text, Error> {
        let (desk, actor, words) = (&self.visit.desk, self.visit.actor()?, &self.visit.words);
        if key == "pack" {
            return Ok(Text {
                name: words.t("script-panel-pack"),
                source: starter(desk, actor, self.hook),
                who: self.now.pack.clone(),
                message: String::new(),
                at: None,
            });
        }
        if let Ok(number) = key.parse::<i64>() {
            let version = self
                .versions
                .iter()
                .find(|v| v.version == number)
                .ok_or(Error::NotFound)?;
            return Ok(Text {
                name: format!("v{number}"),
                source: version.source.clone(),
                who: self.name(version.author_id),
                message: version.message.clone(),
                at: Some(version.created_at),
            });
        }
        let writer = if key == "draft" { actor.user } else { key.parse().ok() };
        let draft = self.drafts.iter().find(|draft| Some(draft.user_id) == writer);
        match draft {
            Some(draft) => Ok(Text {
                name: self.draft_name(draft),
                source: draft.source.clone(),
                who: String::new(),
                message: String::new(),
                at: Some(draft.updated_at),
            }),
            None if key == "draft" => Ok(Text {
                name: words.t("script-draft"),
                source: self
                    .now
                    .source
                    .clone()
                    .unwrap_or_else(|| starter(desk, actor, self.hook)),
                who: String::new(),
                message: words.t("script-no-draft"),
                at: None,
            }),
            None => Err(Error::NotFound),
        }
    }

    fn choices(&self, chosen: &str) -> Vec<Value> {
        let words = &self.visit.words;
        let own = self.visit.actor().ok().and_then(|actor| actor.user);
        let mut choices = vec![("draft".to_owned(), words.t("script-draft"))];
        let others = self.drafts.iter().filter(|draft| Some(draft.user_id) != own);
        choices.extend(others.map(|draft| (draft.user_id.to_string(), self.draft_name(draft))));
        choices.extend(self.versions.iter().map(|v| {
            let live = if self.now.published == Some(v.version) {
                format!(", {}", words.t("script-live").to_lowercase())
            } else {
                String::new()
            };
            (v.version.to_string(), format!("v{}{live}", v.version))
        }));
        choices.push(("pack".to_owned(), words.t("script-panel-pack")));
        let shown = |(key, name): (String, String)| json!({"chosen": key == chosen, "key": key, "name": name});
        choices.into_iter().map(shown).collect()
    }

    fn draft_name(&self, draft: &Draft) -> String {
        let own = self.visit.actor().ok().and_then(|actor| actor.user);
        if own == Some(draft.user_id) {
            return self.visit.words.t("script-draft");
        }
        let who = self.name(Some(draft.user_id));
        self.visit.words.with("script-draft-of", &[("name", who.into())])
    }

    fn name(&self, id: Option<Id>) -> String {
        let user = self.users.iter().find(|user| Some(user.id) == id);
        user.map(User::full_name).unwrap_or_default()
    }
}

/// Runs of lines near a change, old beside new; what lies between is left out.
fn parts(lines: &[Line]) -> Vec<Value> {
    let near: Vec<bool> = (0..lines.len())
        .map(|at| {
            let (from, to) = (at.saturating_sub(AROUND), (at + AROUND + 1).min(lines.len()));
            lines[from..to].iter().any(|line| line.change != Change::Same)
        })
        .collect();
    let mut parts = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let run = near[at..].iter().take_while(|shown| **shown == near[at]).count();
        if near[at] {
            parts.push(json!({"rows": rows(&lines[at..at + run])}));
        } else {
            parts.push(json!({"skipped": run}));
        }
        at += run;
    }
    parts
}

/// Removed lines stand beside the added ones that follow them.
fn rows(lines: &[Line]) -> Vec<Value> {
    let mut rows = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        if lines[at].change == Change::Same {
            rows.push(row(Some(&lines[at]), Some(&lines[at])));
            at += 1;
            continue;
        }
        let run = |from: usize, change: Change| lines[from..].iter().take_while(|line| line.change == change).count();
        let removed = run(at, Change::Removed);
        let added = run(at + removed, Change::Added);
        let (old, new) = (&lines[at..at + removed], &lines[at + removed..at + removed + added]);
        rows.extend((0..removed.max(added)).map(|n| row(old.get(n), new.get(n))));
        at += removed + added;
    }
    rows
}

fn row(old: Option<&Line>, new: Option<&Line>) -> Value {
    let side = |line: Option<&Line>, number: Option<usize>| match line {
        None => json!({"empty": true, "n": null, "text": "", "changed": false}),
        Some(line) => {
            json!({"empty": false, "n": number, "text": line.text, "changed": line.change != Change::Same})
        }
    };
    json!({
        "old": side(old, old.and_then(|line| line.old)), "new": side(new, new.and_then(|line| line.new)),
        "same": old.is_some_and(|line| line.change == Change::Same),
    })
}
