//! Lists as files: what will be in it, how far it is, and the download while it is kept.

use futures::stream;
use platform::locale::grouped;
use platform::{Error, Id, Permit};
use poem::http::header;
use poem::web::{Path, Query};
use poem::{Body, IntoResponse, Response, handler};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};
use workflows::exports::table::{Format, Separator};
use workflows::exports::{self, Export, Wanted, What};
use workflows::{follow_ups, leads};

use crate::leads_asked::Asked;
use crate::nav::Section;
use crate::own_filters;
use crate::render;
use crate::sent::Sent;
use crate::visit::{Answer, Visit, done};

/// Fields of the lists' addresses that say what is in the file.
const FILTERS: [&str; 13] = [
    "ids", "age", "q", "status", "source", "owner", "course", "tag", "from", "to", "waiting", "sort", "view",
];

fn is_filter(name: &str) -> bool {
    FILTERS.contains(&name) || name.starts_with(own_filters::PREFIX)
}

#[handler]
pub async fn index(visit: Visit, Query(asked): Query<HashMap<String, String>>) -> Answer {
    let (app, actor, words) = (visit.app(), visit.actor()?, &visit.words);
    let after = asked.get("after").filter(|after| !after.is_empty()).cloned();
    let page = exports::list(app, actor, after.clone(), Some(30)).await?;
    let view = json!({
        "rows": page.items.iter().map(|export| line(&visit, export)).collect::<Vec<_>>(),
        "older": page.next.map(|cursor| format!("/exports?after={cursor}")),
        "newest": after.map(|_| "/exports"),
    });
    let page = visit.page(Section::Exports, words.t("nav-exports"));
    Ok(render::page(&page, "exports/index", &view))
}

#[handler]
pub async fn new(visit: Visit, Query(asked): Query<HashMap<String, String>>) -> Answer {
    form(&visit, &asked, None).await
}

#[handler]
pub async fn start(visit: Visit, sent: Sent) -> Answer {
    let actor = visit.actor()?;
    let asked: HashMap<String, String> = sent.starting("").map(|(n, v)| (n.to_owned(), v.to_owned())).collect();
    let wanted = Wanted {
        what: what(&visit, &asked).await?,
        format: Format::read(sent.get("format"), actor.lang).ok_or(Error::field("format", "bad_format"))?,
    };
    match exports::request(visit.app(), actor, wanted, visit.once(&sent)?).await {
        Ok(export) => Ok(done(&format!("/exports/{}", export.id), None)),
        Err(error @ Error::Refused(_)) => form(&visit, &asked, Some(error)).await,
        Err(error) => Err(error.into()),
    }
}

#[handler]
pub async fn one(visit: Visit, Path(id): Path<Id>) -> Answer {
    let export = exports::find(visit.app(), visit.actor()?, id).await?;
    let page = visit.page(Section::Exports, visit.words.t("nav-exports"));
    Ok(render::page(&page, "exports/show", &standing(&visit, &export, false)))
}

#[handler]
pub async fn progress(visit: Visit, Path(id): Path<Id>) -> Answer {
    let export = exports::find(visit.app(), visit.actor()?, id).await?;
    let page = visit.page(Section::Exports, String::new());
    Ok(render::part(
        &page,
        "exports/progress",
        &standing(&visit, &export, true),
    ))
}

#[handler]
pub async fn cancel(visit: Visit, Path(id): Path<Id>, _sent: Sent) -> Answer {
    match exports::cancel(visit.app(), visit.actor()?, id).await {
        Ok(_) | Err(Error::Conflict(_)) => Ok(done(&format!("/exports/{id}"), None)),
        Err(error) => Err(error.into()),
    }
}

/// Piece by piece: the file may be larger than anybody wants in memory.
#[handler]
pub async fn download(visit: Visit, Path(id): Path<Id>) -> Answer {
    let (app, actor) = (visit.app().clone(), visit.actor()?.clone());
    let download = exports::open(&app, &actor, id).await?;
    let response = Response::builder()
        .header(header::CONTENT_TYPE, download.media_type)
        .header(header::CONTENT_LENGTH, download.size)
        .header(header::CACHE_CONTROL, "private, no-store")
        .header(
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{}\"", download.name),
        );
    let pieces = stream::try_unfold(0, move |at| {
        let (app, actor, download) = (app.clone(), actor.clone(), download.clone());
        async move {
            let piece = exports::piece(&app, &actor, &download, at).await;
            let piece = piece.map_err(|error| std::io::Error::other(error.to_string()))?;
            Ok::<_, std::io::Error>(piece.map(|piece| (piece, at + 1)))
        }
    });
    Ok(response.body(Body::from_bytes_stream(pieces)).into_response())
}

async fn form(visit: &Visit, asked: &HashMap<String, String>, error: Option<Error>) -> Answer {
    let (app, actor, words) = (visit.app(), visit.actor()?, &visit.words);
    actor.may(Permit::Exports)?;
    let what = what(visit, asked).await?;
    let count = exports::count(app, actor, &what).await?;
    let kept: BTreeMap<&String, &String> = asked
        .iter()
        .filter(|(name, value)| is_filter(name) && !value.is_empty())
        .collect();
    let kept: Vec<Value> = kept
        .into_iter()
        .map(|(name, value)| json!({"name": name, "value": value}))
        .collect();
    let usual = Format::Csv(Separator::usual(actor.lang));
    let option = |format: Format| {
        let usual = (format == usual).then(|| words.t("exports-usual"));
        json!({
            "value": format.key(), "checked": format == Format::Xlsx, "label": words.t(&format!("exports-{}", id(format))),
            "hint": usual.unwrap_or_else(|| words.t(&format!("exports-{}-hint", id(format)))),
        })
    };
    let view = json!({
        "what": what.key(), "kept": kept, "filtered": !kept.is_empty(),
        "count": words.count(&format!("exports-count-{}", what.key().replace('_', "-")), count),
        "formats": Format::ALL.map(option), "error": error.map(|error| visit.explain(&error)),
    });
    let page = visit.page(Section::Exports, words.t("exports-new"));
    Ok(render::page(&page, "exports/new", &view))
}

async fn what(visit: &Visit, asked: &HashMap<String, String>) -> Result<What, Error> {
    let of = |name: &str| asked.get(name).map(String::as_str).unwrap_or_default();
    match of("what") {
        "follow_ups" => Ok(What::FollowUps(follow_ups::Filter {
            view: match of("view") {
                "overdue" => follow_ups::View::Overdue,
                "open" => follow_ups::View::Open,
                _ => follow_ups::View::Today,
            },
            owner: of("owner").parse().ok(),
            age: follow_ups::Age::parse(of("age")).ok(),
            ..follow_ups::Filter::default()
        })),
        "leads" | "" => {
            let known = asked.iter().filter(|(name, _)| is_filter(name));
            let known = known.map(|(name, value)| (name.clone(), json!(value)));
            let asked: Asked = serde_json::from_value(Value::Object(known.collect()))?;
            // A name that cannot be read must not make the file a longer one.
            let named = of("ids").split(',').filter(|id| !id.is_empty());
            let ids: Result<_, _> = named.map(|id| id.parse().map_err(|_| Error::NotFound)).collect();
            Ok(What::Leads(leads::Filter {
                ids: ids?,
                ..asked.filter(visit).await?
            }))
        }
        "team" => Ok(What::Team),
        _ => Err(Error::NotFound),
    }
}

fn line(visit: &Visit, export: &Export) -> Value {
    let words = &visit.words;
    let ready = export.is_ready(words.now);
    let (tone, state) = match export.state.as_str() {
        "done" if ready => ("tag-success", "exports-state-done"),
        "done" => ("", "exports-state-expired"),
        "failed" => ("tag-danger", "exports-state-failed"),
        _ => ("tag-info", "exports-state-running"),
    };
    json!({
        "id": export.id, "what": words.t(&format!("exports-of-{}", export.what.replace('_', "-"))),
        "format": if export.format == "xlsx" { "Excel" } else { "CSV" }, "at": words.moment(export.created_at),
        "rows": export.rows, "tone": tone, "state": words.t(state), "ready": ready,
        "size": export.size.map(size),
    })
}

fn standing(visit: &Visit, export: &Export, polled: bool) -> Value {
    let words = &visit.words;
    let (running, ready) = (export.is_open(), export.is_ready(words.now));
    let percent = match (running, export.total) {
        (false, _) => 100,
        (true, 0) => 0,
        (true, total) => (export.rows * 100 / total).clamp(0, 99),
    };
    let heading = match export.state.as_str() {
        "done" if ready => "exports-ready",
        "done" => "exports-expired",
        "failed" => "exports-failed",
        _ => "exports-writing",
    };
    let about = [("n", export.rows.into()), ("of", export.total.max(export.rows).into())];
    let failed = export.error.as_deref();
    let failed = failed.map(|code| platform::http::message(words.lang, code, &serde_json::Map::new()));
    json!({
        "id": export.id, "what": words.t(&format!("exports-of-{}", export.what.replace('_', "-"))),
        "running": running, "finished": polled && !running, "ready": ready, "heading": words.t(heading),
        "percent": percent, "about": words.with("exports-progress", &about), "failed": failed,
        "size": export.size.map(size),
        "until": export.expires_at.filter(|_| ready).map(|at| words.with("exports-until", &[("time", words.moment(at).into())])),
    })
}

fn id(format: Format) -> &'static str {
    match format {
        Format::Xlsx => "xlsx",
        Format::Csv(Separator::Semicolon) => "csv-semicolon",
        Format::Csv(Separator::Comma) => "csv-comma",
    }
}

fn size(bytes: i64) -> String {
    if bytes < 1_000_000 {
        format!("{}\u{a0}KB", grouped((bytes / 1000).max(1)))
    } else {
        format!("{}\u{a0}MB", grouped(bytes / 1_000_000))
    }
}
