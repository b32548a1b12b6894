//! Packs: what there is, what installing or upgrading would do, and doing it.

use std::collections::BTreeMap;

use platform::Error;
use platform::locale::Lang;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde::Serialize;
use serde_json::Value;
use workflows::packs::{self, Overridden, Step, Verdict, Wish};

use crate::Area;
use crate::answer::{Answer, Body, Done};
use crate::page::Page;
use crate::scripts::Finding;
use crate::security::Caller;

type Labels = BTreeMap<String, String>;

pub struct Operations;

#[OpenApi(tag = "Area::Packs")]
impl Operations {
    /// The packs there are, and where the center stands with each
    #[oai(path = "/packs", method = "get", operation_id = "list_packs")]
    async fn list(&self, caller: Caller) -> Answer<Body<Page<Pack>>> {
        let found = packs::list(&caller.desk, &caller.actor).await?;
        Ok(Body(Page::whole(found.into_iter().map(Pack::from).collect())))
    }

    /// What it would do to run on a pack; nothing is stored
    ///
    /// `name` is a pack's id for its newest version, or `id@1.0.0`. Every function that the center overrides comes
    /// three times: as the pack has it now, as this version has it, and as the center's own rule has it.
    #[oai(path = "/packs/:name/report", method = "get", operation_id = "get_pack_report")]
    async fn report(&self, caller: Caller, name: Path<String>) -> Answer<Body<Report>> {
        let report = packs::report(&caller.desk, &caller.actor, &name.0).await?;
        Ok(Body(Report::of(report, caller.actor.lang)))
    }

    /// Installs a pack, or moves an installed one to another version
    ///
    /// Everything the pack asks for must be granted: 422 `pack_permission_not_granted`. Rules of the center's own
    /// stay as they are.
    #[oai(path = "/packs/:name", method = "put", operation_id = "install_pack")]
    async fn install(&self, caller: Caller, name: Path<String>, body: Json<Wanted>) -> Answer<Body<Installed>> {
        let wish = Wish {
            version: body.0.version,
            permissions: body.0.permissions.unwrap_or_default(),
        };
        let pack = packs::install(&caller.desk, &caller.actor, &name.0, wish).await?;
        Ok(Body(Installed {
            id: pack.id.clone(),
            version: pack.version.clone(),
        }))
    }

    /// Runs the center on an installed pack
    #[oai(path = "/running-pack", method = "put", operation_id = "enable_pack")]
    async fn enable(&self, caller: Caller, body: Json<Named>) -> Answer<Body<Installed>> {
        let pack = packs::enable(&caller.desk, &caller.actor, &body.0.id).await?;
        Ok(Body(Installed {
            id: pack.id.clone(),
            version: pack.version.clone(),
        }))
    }

    /// Runs the center on the core rules alone; its leads, statuses and values stay
    #[oai(path = "/running-pack", method = "delete", operation_id = "disable_pack")]
    async fn disable(&self, caller: Caller) -> Answer<Done> {
        packs::disable(&caller.desk, &caller.actor).await?;
        Ok(Done)
    }
}

#[derive(Object, Serialize)]
struct Pack {
    id: String,
    /// By language.
    names: Labels,
    about: Labels,
    /// The oldest first.
    versions: Vec<String>,
    /// The version the center is pinned to.
    installed: Option<String>,
    running: bool,
    /// A newer version than the one installed.
    upgrade: Option<String>,
}

#[derive(Object)]
#[oai(rename = "PackWanted")]
struct Wanted {
    /// The newest if none is named.
    version: Option<String>,
    /// What the pack may do.
    permissions: Option<Vec<String>>,
}

#[derive(Object)]
#[oai(rename = "PackNamed")]
struct Named {
    id: String,
}

#[derive(Object, Serialize)]
#[oai(rename = "PackInstalled")]
struct Installed {
    id: String,
    version: String,
}

#[derive(Object, Serialize)]
#[oai(rename = "PackReport")]
struct Report {
    id: String,
    version: String,
    /// install, enable, upgrade, downgrade or none.
    step: String,
    from: Option<String>,
    running: bool,
    /// The code of what stands in the way, if anything does.
    refused: Option<String>,
    /// Permissions asked for and not granted yet.
    asked: Vec<String>,
    new_statuses: Vec<String>,
    /// Statuses that go out of use.
    retired: Vec<Retired>,
    clashes: Vec<Clash>,
    /// How many sources, lost reasons, texts and fields come new.
    new_words: BTreeMap<String, u64>,
    new_settings: Vec<String>,
    misfits: Vec<Misfit>,
    functions: Functions,
    overrides: Vec<Override>,
    /// Null where the checker could not be asked.
    findings: Option<Vec<Finding>>,
    changelog: String,
}

#[derive(Object, Serialize)]
#[oai(rename = "PackRetiredStatus")]
struct Retired {
    status: String,
    leads: i64,
}

#[derive(Object, Serialize)]
#[oai(rename = "PackClash")]
struct Clash {
    /// status, source, lost_reason or pack_text.
    what: String,
    key: String,
    ours: Labels,
    theirs: Labels,
    /// Otherwise the center's word stays.
    blocking: bool,
}

#[derive(Object, Serialize)]
#[oai(rename = "PackMisfit")]
struct Misfit {
    key: String,
    value: Value,
    default: Option<Value>,
}

#[derive(Object, Serialize)]
#[oai(rename = "PackFunctions")]
struct Functions {
    new: Vec<String>,
    changed: Vec<String>,
    gone: Vec<String>,
}

#[derive(Object, Serialize)]
#[oai(rename = "PackOverride")]
struct Override {
    hook: String,
    version: i64,
    functions: Vec<Compared>,
    /// Functions called by `base::` that change under it.
    base_changes: Vec<String>,
    findings: Option<Vec<Finding>>,
}

#[derive(Object, Serialize)]
#[oai(rename = "PackFunction")]
struct Compared {
    name: String,
    /// unmoved, copy, overtaken or parted.
    verdict: String,
    pinned: Option<String>,
    new: Option<String>,
    own: String,
}

impl From<packs::Listed> for Pack {
    fn from(found: packs::Listed) -> Self {
        Pack {
            id: found.id,
            names: found.names,
            about: found.about,
            versions: found.versions,
            installed: found.installed,
            running: found.running,
            upgrade: found.upgrade,
        }
    }
}

impl Report {
    fn of(found: packs::Report, lang: Lang) -> Self {
        let step = match found.step {
            Step::Install => "install",
            Step::Enable => "enable",
            Step::Upgrade => "upgrade",
            Step::Downgrade => "downgrade",
            Step::None => "none",
        };
        let refused = found.refusal().as_ref().map(Error::code);
        let retired = found
            .retired
            .into_iter()
            .map(|(status, _, leads)| Retired { status, leads });
        let clashes = found.clashes.into_iter().map(|clash| Clash {
            what: clash.what.to_owned(),
            key: clash.key,
            ours: clash.ours,
            theirs: clash.theirs,
            blocking: clash.blocking,
        });
        let misfits = found.misfits.into_iter().map(|misfit| Misfit {
            key: misfit.key,
            value: misfit.value,
            default: misfit.default,
        });
        let (new, changed, gone) = found.functions;
        Report {
            id: found.pack.id.clone(),
            version: found.pack.version.clone(),
            step: step.to_owned(),
            from: found.from,
            running: found.running,
            refused: refused.map(str::to_owned),
            asked: found.asked,
            new_statuses: found.new_statuses.into_iter().map(|status| status.key).collect(),
            retired: retired.collect(),
            clashes: clashes.collect(),
            new_words: found
                .new_words
                .into_iter()
                .map(|(what, n)| (what.to_owned(), n as u64))
                .collect(),
            new_settings: found.new_settings.into_iter().map(|setting| setting.key).collect(),
            misfits: misfits.collect(),
            functions: Functions { new, changed, gone },
            overrides: found
                .overrides
                .into_iter()
                .map(|rule| Override::of(rule, lang))
                .collect(),
            findings: told(found.findings, lang),
            changelog: found.pack.changelog.clone(),
        }
    }
}

impl Override {
    fn of(found: Overridden, lang: Lang) -> Self {
        let functions = found.functions.into_iter().map(|function| Compared {
            name: function.name,
            verdict: match function.verdict {
                Verdict::Unmoved => "unmoved",
                Verdict::Copy => "copy",
                Verdict::Overtaken => "overtaken",
                Verdict::Parted => "parted",
            }
            .to_owned(),
            pinned: function.pinned,
            new: function.new,
            own: function.own,
        });
        Override {
            hook: found.hook,
            version: found.version,
            functions: functions.collect(),
            base_changes: found.base_changes,
            findings: told(found.findings, lang),
        }
    }
}

fn told(findings: Option<Vec<wire::Finding>>, lang: Lang) -> Option<Vec<Finding>> {
    findings.map(|all| all.into_iter().map(|finding| Finding::of(finding, lang)).collect())
}
