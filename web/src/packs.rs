//! Packs: what there is, what a pack would change here, and the step itself. Rules of the centre's own are shown beside
//! the pack's, function by function, and never merged.

use platform::{Error, Permit};
use poem::handler;
use poem::http::StatusCode;
use poem::web::Path;
use serde_json::{Value, json};
use wire::Severity;
use wire::pack::{Pack, Setting};
use workflows::leads::label;
use workflows::packs::{self, Compared, Listed, Mark, Overridden, Report, Step, Verdict, Wish, diff};
use workflows::scripts::explain;

use crate::nav::Section;
use crate::render;
use crate::sent::Sent;
use crate::values;
use crate::visit::{Answer, Visit, done};

#[handler]
pub async fn list(visit: Visit) -> Answer {
    let mut found = packs::list(&visit.desk, visit.actor()?).await?;
    found.sort_by_key(|pack| (!pack.running, pack.installed.is_none()));
    let view = json!({
        "packs": found.iter().map(|pack| card(&visit, pack)).collect::<Vec<_>>(),
        "none": found.iter().all(|pack| !pack.running),
    });
    let page = visit.page(Section::Packs, visit.words.t("nav-packs"));
    Ok(render::page(&page, "packs/list", &view))
}

#[handler]
pub async fn show(visit: Visit, Path(name): Path<String>) -> Answer {
    page(&visit, &name, None).await
}

/// Installs the pack, or moves it to this version.
#[handler]
pub async fn install(visit: Visit, Path(name): Path<String>, sent: Sent) -> Answer {
    let (id, version) = parted(&name);
    let wish = Wish {
        version: version.map(str::to_owned),
        permissions: sent.all("permissions").to_vec(),
    };
    match packs::install(&visit.desk, visit.actor()?, id, wish).await {
        Ok(pack) => Ok(done(
            &format!("/packs/{}", pack.reference()),
            Some("toast-pack-installed"),
        )),
        Err(error @ (Error::Refused(_) | Error::Conflict(_))) => page(&visit, &name, Some(error)).await,
        Err(error) => Err(error.into()),
    }
}

/// Runs the centre on the pack.
#[handler]
pub async fn enable(visit: Visit, Path(name): Path<String>, _sent: Sent) -> Answer {
    let (id, _) = parted(&name);
    match packs::enable(&visit.desk, visit.actor()?, id).await {
        Ok(_) => Ok(done("/packs", Some("toast-pack-enabled"))),
        Err(error @ (Error::Refused(_) | Error::Conflict(_))) => page(&visit, &name, Some(error)).await,
        Err(error) => Err(error.into()),
    }
}

#[handler]
pub async fn disable(visit: Visit, _sent: Sent) -> Answer {
    packs::disable(&visit.desk, visit.actor()?).await?;
    Ok(done("/packs", Some("toast-pack-disabled")))
}

fn parted(name: &str) -> (&str, Option<&str>) {
    match name.split_once('@') {
        Some((id, version)) => (id, Some(version)),
        None => (name, None),
    }
}

fn card(visit: &Visit, pack: &Listed) -> Value {
    let words = &visit.words;
    let newest = pack.versions.last().cloned().unwrap_or_default();
    json!({
        "id": pack.id, "name": label(&pack.names, words.lang), "about": label(&pack.about, words.lang),
        "installed": pack.installed, "running": pack.running, "newest": newest,
        "at": pack.installed.clone().unwrap_or_else(|| newest.clone()),
        "upgrade": pack.upgrade.as_ref().map(|version| json!({
            "name": format!("{}@{version}", pack.id),
            "words": words.with("pack-upgrade-to", &[("version", version.as_str().into())]),
        })),
    })
}

async fn page(visit: &Visit, name: &str, error: Option<Error>) -> Answer {
    let (actor, words) = (visit.actor()?, &visit.words);
    actor.may(Permit::Scripts)?;
    let report = packs::report(&visit.desk, actor, name).await?;
    let pack = &report.pack;
    let heading = label(&pack.names, words.lang).to_owned();
    let refusal = report.refusal();
    let (new, changed, gone) = &report.functions;
    let view = json!({
        "heading": heading, "version": pack.version, "name": pack.reference(), "about": label(&pack.about, words.lang),
        "step": step(visit, &report), "action": action(visit, &report), "enable": report.step == Step::Enable,
        "running": report.running && report.step == Step::None,
        "blocked": refusal.as_ref().map(|refusal| visit.explain(refusal)),
        "problem": error.as_ref().map(|error| visit.explain(error)),
        "asked": report.asked.iter().map(|asked| permission(visit, asked)).collect::<Vec<_>>(),
        "granted": pack.permissions.iter().filter(|p| !report.asked.contains(p)).map(|p| permission(visit, p)).collect::<Vec<_>>(),
        "statuses": report.new_statuses.iter().map(|s| json!({"kind": s.kind, "label": label(&s.labels, words.lang)})).collect::<Vec<_>>(),
        "retired": report.retired.iter().map(|(_, labels, leads)| json!({
            "label": label(labels, words.lang), "leads": words.count("pack-leads", *leads),
        })).collect::<Vec<_>>(),
        "words": counted(visit, &report),
        "settings": report.new_settings.iter().map(|setting| setting_line(visit, pack, setting)).collect::<Vec<_>>(),
        "misfits": misfits(visit, &report),
        "clashes": report.clashes.iter().map(|clash| json!({
            "what": words.t(&format!("pack-word-{}", clash.what)), "blocking": clash.blocking,
            "ours": label(&clash.ours, words.lang), "theirs": label(&clash.theirs, words.lang),
        })).collect::<Vec<_>>(),
        "functions": [named(visit, "pack-functions-new", new), named(visit, "pack-functions-changed", changed), named(visit, "pack-functions-gone", gone)],
        "moved": !(new.is_empty() && changed.is_empty() && gone.is_empty()),
        "overrides": report.overrides.iter().map(|rule| override_view(visit, rule)).collect::<Vec<_>>(),
        "findings": findings(visit, report.findings.as_deref()),
        "unchecked": report.findings.is_none(),
        "templates": templates(visit, pack),
        "changelog": pack.changelog,
        "quiet": report.new_statuses.is_empty() && report.retired.is_empty() && report.clashes.is_empty()
            && report.new_words.values().all(|count| *count == 0),
        "note": (report.step == Step::Install).then(|| words.t("pack-step-install-note")),
    });
    let status = if error.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    Ok(render::page_with(
        status,
        &visit.page(Section::Packs, heading),
        "packs/show",
        &view,
    ))
}

/// What the step is, in a sentence.
fn step(visit: &Visit, report: &Report) -> String {
    let from = report.from.clone().unwrap_or_default();
    let id = match report.step {
        Step::Install => "pack-step-install",
        Step::Enable => "pack-step-enable",
        Step::Upgrade => "pack-step-upgrade",
        Step::Downgrade => "pack-step-downgrade",
        Step::None => "pack-step-none",
    };
    let args = [("from", from.into()), ("to", report.pack.version.as_str().into())];
    visit.words.with(id, &args)
}

/// The press that takes the step; none where there is nothing to do.
fn action(visit: &Visit, report: &Report) -> Option<String> {
    let version = [("version", report.pack.version.as_str().into())];
    match report.step {
        Step::Install => Some(visit.words.t("pack-install")),
        Step::Upgrade => Some(visit.words.with("pack-upgrade-to", &version)),
        Step::Downgrade => Some(visit.words.with("pack-downgrade-to", &version)),
        Step::Enable | Step::None => None,
    }
}

fn permission(visit: &Visit, name: &str) -> Value {
    let id = format!("pack-may-{}", name.replace(['.', '_'], "-"));
    json!({"name": name, "words": visit.words.t(&id)})
}

fn counted(visit: &Visit, report: &Report) -> Vec<String> {
    let some = report.new_words.iter().filter(|(_, count)| **count > 0);
    some.map(|(what, count)| {
        visit
            .words
            .count(&format!("pack-new-{}", what.replace('_', "-")), *count as i64)
    })
    .collect()
}

fn setting_line(visit: &Visit, pack: &Pack, setting: &Setting) -> String {
    let lang = visit.words.lang;
    let part = pack.sections.iter().find(|part| part.key == setting.section);
    let part = part
        .map(|part| format!("{}: ", label(&part.labels, lang)))
        .unwrap_or_default();
    format!("{part}{}", label(&setting.labels, lang))
}

/// Values of fields that the form no longer takes; those of other packs' fields wait for their pack.
fn misfits(visit: &Visit, report: &Report) -> Vec<Value> {
    let field = |key: &str| report.pack.settings.iter().find(|setting| setting.key == key);
    let some = report
        .misfits
        .iter()
        .filter_map(|misfit| Some((misfit, field(&misfit.key)?)));
    some.map(|(misfit, field)| {
        json!({
            "label": setting_line(visit, &report.pack, field),
            "from": values::spoken(&visit.words, field, &misfit.value),
            "to": values::spoken(&visit.words, field, &field.default),
        })
    })
    .collect()
}

fn named(visit: &Visit, id: &str, names: &[String]) -> Value {
    json!({"label": visit.words.t(id), "names": names})
}

fn override_view(visit: &Visit, rule: &Overridden) -> Value {
    let words = &visit.words;
    let base = (!rule.base_changes.is_empty())
        .then(|| words.with("pack-base-changes", &[("what", rule.base_changes.join(", ").into())]));
    json!({
        "hook": words.t(&format!("hook-{}", rule.hook)), "key": rule.hook, "version": format!("v{}", rule.version),
        "functions": rule.functions.iter().map(|function| function_view(visit, function)).collect::<Vec<_>>(),
        "base": base, "findings": findings(visit, rule.findings.as_deref()),
    })
}

fn function_view(visit: &Visit, function: &Compared) -> Value {
    let (id, tone) = match function.verdict {
        Verdict::Unmoved => ("pack-verdict-unmoved", ""),
        Verdict::Copy => ("pack-verdict-copy", "tag-warning"),
        Verdict::Overtaken => ("pack-verdict-overtaken", "tag-success"),
        Verdict::Parted => ("pack-verdict-parted", "tag-warning"),
    };
    let pinned = function.pinned.as_deref().unwrap_or_default();
    json!({
        "name": function.name, "verdict": visit.words.t(id), "tone": tone,
        "open": function.verdict != Verdict::Unmoved,
        "theirs": lines(pinned, function.new.as_deref().unwrap_or_default()),
        "ours": lines(pinned, &function.own),
    })
}

fn lines(old: &str, new: &str) -> Vec<Value> {
    diff(old, new)
        .into_iter()
        .map(|line| {
            let (class, sign) = match line.mark {
                Mark::Same => ("", " "),
                Mark::Gone => ("gone", "−"),
                Mark::Added => ("came", "+"),
            };
            json!({"class": class, "sign": sign, "text": line.text})
        })
        .collect()
}

fn findings(visit: &Visit, found: Option<&[wire::Finding]>) -> Vec<Value> {
    let lang = visit.words.lang;
    found
        .unwrap_or_default()
        .iter()
        .map(|finding| {
            json!({
                "bad": finding.severity == Severity::Error,
                "place": visit.words.count("script-place", i64::from(finding.line)),
                "message": explain(lang, &finding.code, &finding.args, &finding.message),
            })
        })
        .collect()
}

/// Messages in the reader's language, a line each.
fn templates(visit: &Visit, pack: &Pack) -> Vec<Value> {
    let own = pack
        .templates
        .iter()
        .filter(|template| template.locale == visit.words.lang.code());
    own.map(|template| json!({"key": template.key, "channel": template.channel, "source": template.source}))
        .collect()
}
