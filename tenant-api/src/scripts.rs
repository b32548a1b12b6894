//! The tenant's rules: the pack's script, an override over it, its versions.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use platform::locale::Lang;
use platform::{Error, Id};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde::{Deserialize, Serialize};
use wire::Hook;
use workflows::scripts::{self, Publish};

use crate::Area;
use crate::answer::{Answer, Body, Done};
use crate::page::Page;
use crate::security::Caller;

pub struct Operations;

#[OpenApi(tag = "Area::Scripts")]
impl Operations {
    /// The hooks of the tenant's pack
    #[oai(path = "/scripts", method = "get", operation_id = "list_scripts")]
    async fn list(&self, caller: Caller) -> Answer<Body<Page<Script>>> {
        let mut items = Vec::new();
        for hook in scripts::hooks(&caller.desk, &caller.actor) {
            let found = scripts::overview(&caller.desk, &caller.actor, hook).await?;
            items.push(Script::of(found, caller.actor.lang));
        }
        Ok(Body(Page::whole(items)))
    }

    /// What a script may say: words with their parameters and help, fields by object, hooks
    #[oai(path = "/scripts/metadata", method = "get", operation_id = "describe_scripts")]
    async fn describe(&self, caller: Caller) -> Answer<Body<Words>> {
        let found = scripts::describe(&caller.desk, &caller.actor).await?;
        let words = Words::deserialize(&*found).map_err(Error::internal)?;
        Ok(Body(words))
    }

    /// One hook: the pack's script and the published override
    #[oai(path = "/scripts/:hook", method = "get", operation_id = "get_script")]
    async fn get(&self, caller: Caller, hook: Path<String>) -> Answer<Body<Script>> {
        let hook = named(&hook.0)?;
        let found = scripts::overview(&caller.desk, &caller.actor, hook).await?;
        Ok(Body(Script::of(found, caller.actor.lang)))
    }

    /// Publishes an override
    ///
    /// `based_on` is the published version the editor started from; 409 `published_meanwhile` if another one is.
    #[oai(path = "/scripts/:hook", method = "put", operation_id = "publish_script")]
    async fn publish(&self, caller: Caller, hook: Path<String>, body: Json<NewVersion>) -> Answer<Body<Published>> {
        let hook = named(&hook.0)?;
        let publish = Publish {
            source: body.0.source,
            message: body.0.message,
            based_on: body.0.based_on,
            replan: body.0.replan.unwrap_or(false),
        };
        let version = scripts::publish(&caller.desk, &caller.actor, hook, publish).await?;
        Ok(Body(Published { version }))
    }

    /// Goes back to the pack's own script
    ///
    /// `replan=true` plans anew what the override has planned and nobody has done yet.
    #[oai(path = "/scripts/:hook", method = "delete", operation_id = "remove_script")]
    async fn remove(&self, caller: Caller, hook: Path<String>, replan: Query<Option<bool>>) -> Answer<Done> {
        let replan = replan.0.unwrap_or(false);
        scripts::remove(&caller.desk, &caller.actor, named(&hook.0)?, replan).await?;
        Ok(Done)
    }

    /// Published and earlier versions, newest first
    #[oai(
        path = "/scripts/:hook/versions",
        method = "get",
        operation_id = "list_script_versions"
    )]
    async fn versions(&self, caller: Caller, hook: Path<String>) -> Answer<Body<Page<Version>>> {
        let found = scripts::versions(caller.app(), &caller.actor, named(&hook.0)?).await?;
        Ok(Body(Page::whole(found.into_iter().map(Version::from).collect())))
    }

    /// How many follow-ups the published rule has planned that wait to be done
    #[oai(
        path = "/scripts/:hook/pending",
        method = "get",
        operation_id = "count_script_pending"
    )]
    async fn pending(&self, caller: Caller, hook: Path<String>) -> Answer<Body<Pending>> {
        let follow_ups = scripts::pending(caller.app(), &caller.actor, named(&hook.0)?).await?;
        Ok(Body(Pending { follow_ups }))
    }

    /// One's own draft; 404 where there is none
    #[oai(path = "/scripts/:hook/draft", method = "get", operation_id = "get_script_draft")]
    async fn draft(&self, caller: Caller, hook: Path<String>) -> Answer<Body<Draft>> {
        let drafts = scripts::drafts(caller.app(), &caller.actor, named(&hook.0)?).await?;
        let own = drafts
            .into_iter()
            .find(|draft| Some(draft.user_id) == caller.actor.user);
        Ok(Body(own.ok_or(Error::NotFound)?.into()))
    }

    /// Keeps one's own draft
    #[oai(path = "/scripts/:hook/draft", method = "put", operation_id = "save_script_draft")]
    async fn save_draft(&self, caller: Caller, hook: Path<String>, body: Json<NewDraft>) -> Answer<Done> {
        let hook = named(&hook.0)?;
        scripts::save_draft(caller.app(), &caller.actor, hook, &body.0.source, body.0.based_on).await?;
        Ok(Done)
    }

    /// Throws one's own draft away
    #[oai(
        path = "/scripts/:hook/draft",
        method = "delete",
        operation_id = "discard_script_draft"
    )]
    async fn discard_draft(&self, caller: Caller, hook: Path<String>) -> Answer<Done> {
        scripts::discard_draft(caller.app(), &caller.actor, named(&hook.0)?).await?;
        Ok(Done)
    }

    /// Everybody's drafts, the latest first
    #[oai(path = "/scripts/:hook/drafts", method = "get", operation_id = "list_script_drafts")]
    async fn drafts(&self, caller: Caller, hook: Path<String>) -> Answer<Body<Page<Draft>>> {
        let drafts = scripts::drafts(caller.app(), &caller.actor, named(&hook.0)?).await?;
        Ok(Body(Page::whole(drafts.into_iter().map(Draft::from).collect())))
    }

    /// Publishes an earlier version again
    #[oai(path = "/scripts/:hook/published", method = "put", operation_id = "roll_back_script")]
    async fn roll_back(&self, caller: Caller, hook: Path<String>, body: Json<Return>) -> Answer<Done> {
        let (hook, replan) = (named(&hook.0)?, body.0.replan.unwrap_or(false));
        scripts::roll_back(&caller.desk, &caller.actor, hook, body.0.version, replan).await?;
        Ok(Done)
    }

    /// Parses, lints and dry-runs a source; nothing is stored
    #[oai(path = "/scripts/:hook/check", method = "post", operation_id = "check_script")]
    async fn check(&self, caller: Caller, hook: Path<String>, body: Json<Source>) -> Answer<Body<Report>> {
        let report = scripts::check(&caller.desk, &caller.actor, named(&hook.0)?, &body.0.source).await?;
        Ok(Body(Report {
            passes: report.passes(),
            hash: report.hash,
            findings: report
                .findings
                .into_iter()
                .map(|finding| Finding::of(finding, caller.actor.lang))
                .collect(),
        }))
    }
}

fn named(hook: &str) -> Result<Hook, Error> {
    Hook::parse(hook).ok_or(Error::NotFound)
}

#[derive(Object, Serialize)]
struct Script {
    hook: String,
    /// The pack and its version.
    pack: String,
    pack_source: String,
    /// The published override's version, or null.
    published: Option<i64>,
    source: Option<String>,
    /// Set when the override failed too often and its pack answers instead.
    paused_at: Option<DateTime<Utc>>,
    pause_reason: Option<String>,
}

#[derive(Object, Serialize, Deserialize)]
struct Words {
    hooks: Vec<String>,
    words: Vec<Word>,
    /// The fields of `ctx` and of the things on it.
    fields: BTreeMap<String, Vec<String>>,
    /// What each of them holds; `?` marks what may be absent.
    types: BTreeMap<String, BTreeMap<String, String>>,
}

#[derive(Object, Serialize, Deserialize)]
struct Word {
    name: String,
    /// Each with its type.
    params: Vec<String>,
    /// Empty where nothing comes back.
    returns: String,
    help: String,
}

#[derive(Object)]
struct NewVersion {
    source: String,
    /// What changed, for the people who read the history.
    message: String,
    based_on: Option<i64>,
    /// Plan anew what the rule before has planned and nobody has done yet.
    replan: Option<bool>,
}

#[derive(Object)]
struct Return {
    version: i64,
    /// Plan anew what the rule before has planned and nobody has done yet.
    replan: Option<bool>,
}

#[derive(Object, Serialize)]
struct Pending {
    /// At most 10,000 are counted.
    follow_ups: i64,
}

#[derive(Object)]
struct NewDraft {
    source: String,
    /// The published version it began with; null is the pack's.
    based_on: Option<i64>,
}

#[derive(Object, Serialize)]
struct Draft {
    user_id: Id,
    source: String,
    based_on: Option<i64>,
    updated_at: DateTime<Utc>,
}

#[derive(Object, Serialize)]
struct Published {
    version: i64,
}

#[derive(Object)]
struct Source {
    source: String,
}

#[derive(Object, Serialize)]
struct Version {
    version: i64,
    hash: String,
    /// The version published when this one was written; null is the pack's script.
    parent: Option<i64>,
    author_id: Option<Id>,
    message: String,
    created_at: DateTime<Utc>,
    source: String,
}

#[derive(Object, Serialize)]
struct Report {
    /// Whether it may be published.
    passes: bool,
    hash: String,
    findings: Vec<Finding>,
}

#[derive(Object, Serialize)]
pub(crate) struct Finding {
    /// error or warning.
    severity: String,
    code: String,
    /// In the caller's language.
    message: String,
    /// What the message speaks of.
    args: BTreeMap<String, String>,
    line: u32,
    column: u32,
    suggestion: Option<String>,
}

impl Script {
    fn of(found: scripts::Overview, lang: Lang) -> Self {
        Script {
            hook: found.hook.to_owned(),
            pack: found.pack,
            pack_source: found.pack_source,
            published: found.published,
            source: found.source,
            paused_at: found.paused_at,
            pause_reason: found
                .pause
                .map(|pause| format!("{}:{} {}", pause.line, pause.column, pause.explain(lang))),
        }
    }
}

impl From<scripts::Draft> for Draft {
    fn from(found: scripts::Draft) -> Self {
        Draft {
            user_id: found.user_id,
            source: found.source,
            based_on: found.based_on,
            updated_at: found.updated_at,
        }
    }
}

impl From<scripts::Version> for Version {
    fn from(found: scripts::Version) -> Self {
        Version {
            version: found.version,
            hash: found.hash,
            parent: found.parent,
            author_id: found.author_id,
            message: found.message,
            created_at: found.created_at,
            source: found.source,
        }
    }
}

impl Finding {
    pub(crate) fn of(found: wire::Finding, lang: Lang) -> Self {
        let severity = match found.severity {
            wire::Severity::Error => "error",
            wire::Severity::Warning => "warning",
        };
        Finding {
            severity: severity.to_owned(),
            message: scripts::explain(lang, &found.code, &found.args, &found.message),
            code: found.code,
            args: found.args,
            line: found.line,
            column: found.column,
            suggestion: found.suggestion,
        }
    }
}
