//! Many follow-ups at once from the list: a look at what would change, the change, how far it is, its undo.

use platform::idempotency::Key;
use platform::{Error, Id, Permit, http};
use poem::handler;
use poem::http::StatusCode;
use poem::web::{Path, Query};
use serde::Deserialize;
use serde_json::{Value, json};
use workflows::follow_ups::{self, Bulk, Change, Chosen, MOST_HOURS, Preview};

use crate::book::Book;
use crate::follow_ups::{Refused, outcomes, show};
use crate::follow_ups_asked::Asked;
use crate::lead;
use crate::leads_many::encoded;
use crate::nav::Section;
use crate::render;
use crate::sent::Sent;
use crate::visit::{Answer, Visit, done};

/// The list a change was made from, to go back to.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct From {
    list: String,
}

/// What would change, before anything does.
#[handler]
pub async fn preview(visit: Visit, sent: Sent) -> Answer {
    let asked = Asked::parse(sent.get("list"));
    let looked = match read(&sent, &asked) {
        Ok((change, chosen)) => {
            let found = follow_ups::preview(visit.app(), visit.actor()?, change.clone(), chosen.clone()).await;
            found.map(|found| (change, chosen, found))
        }
        Err(error) => Err(error),
    };
    let (change, chosen, found) = match looked {
        Ok(looked) => looked,
        Err(error) => return refuse(&visit, &asked, error).await,
    };
    let book = Book::open(&visit).await?;
    let view = looked_at(&visit, &book, &sent, &asked, &change, &chosen, &found);
    let page = visit.page(Section::Today, visit.words.t("follow-ups-preview"));
    Ok(render::page_of(StatusCode::OK, &page, "follow_ups/preview", view))
}

#[handler]
pub async fn change_many(visit: Visit, sent: Sent) -> Answer {
    let asked = Asked::parse(sent.get("list"));
    let started = match read(&sent, &asked) {
        Ok((change, chosen)) => {
            let wanted = serde_json::to_vec(&(&change, &chosen)).map_err(Error::from)?;
            // One page's press counts once, however often it is sent; another press is another change.
            let named = Key::new(sent.get("key"), "POST", "/follow-ups/bulk", &wanted)?;
            let key = Key {
                key: format!("{}/{}", named.key, named.fingerprint),
                fingerprint: named.fingerprint,
            };
            follow_ups::change_many(visit.app(), visit.actor()?, change, chosen, Some(key)).await
        }
        Err(error) => Err(error),
    };
    match started {
        Ok(id) => Ok(done(&format!("/today?{}&bulk={id}", asked.query()), None)),
        Err(error) => refuse(&visit, &asked, error).await,
    }
}

#[handler]
pub async fn progress(visit: Visit, Path(id): Path<Id>, Query(from): Query<From>) -> Answer {
    let bulk = standing(&visit, id, &Asked::parse(&from.list)).await?;
    let page = visit.page(Section::Today, String::new());
    Ok(render::part(&page, "leads/bulk", &json!({"bulk": bulk})))
}

#[handler]
pub async fn undo(visit: Visit, Path(id): Path<Id>, sent: Sent) -> Answer {
    let asked = Asked::parse(sent.get("list"));
    match follow_ups::undo_many(visit.app(), visit.actor()?, id).await {
        Ok(()) => Ok(done(&format!("/today?{}&bulk={id}", asked.query()), None)),
        Err(error) => refuse(&visit, &asked, error).await,
    }
}

/// How many the list's filter finds: asked once rows are picked.
#[handler]
pub async fn matching(visit: Visit, Query(asked): Query<Asked>) -> Answer {
    let count = follow_ups::matching(visit.app(), visit.actor()?, asked.filter()).await?;
    let page = visit.page(Section::Today, String::new());
    Ok(render::part(&page, "leads/matching", &json!({"count": count})))
}

/// The bar and its questions, as far as the visitor may answer them.
pub fn bar(visit: &Visit, book: &Book, asked: &Asked) -> Result<Value, Error> {
    let actor = visit.actor()?;
    Ok(json!({
        "query": asked.query(), "owners": book.owners(), "outcomes": outcomes(&visit.words), "hours": MOST_HOURS,
        "with_leads": actor.can(Permit::LeadsAssign), "can_delete": actor.can(Permit::FollowUpsDelete),
    }))
}

/// A change of many as the list shows it.
pub async fn standing(visit: &Visit, id: Id, asked: &Asked) -> Result<Value, Error> {
    let (app, actor, words) = (visit.app(), visit.actor()?, &visit.words);
    let bulk = follow_ups::bulk(app, actor, id).await?;
    let refused = if bulk.failed + bulk.kept > 0 && !bulk.working() {
        follow_ups::refused(app, actor, id).await?
    } else {
        Vec::new()
    };
    let none = serde_json::Map::new();
    let refused: Vec<Value> = refused
        .iter()
        .map(|one| {
            let why = http::message(words.lang, &one.code, one.args.as_object().unwrap_or(&none));
            json!({"id": one.lead_id, "name": one.name, "why": why})
        })
        .collect();
    let of = bulk.of().max(1);
    let (finished, taken_back) = (bulk.state == "done", bulk.state == "undone");
    Ok(json!({
        "id": bulk.id, "at": "/follow-ups/bulk", "list": asked.query(), "from": encoded(&asked.query()), "working": bulk.working(),
        "heading": heading(visit, &bulk)?, "percent": (bulk.through() * 100 / of).clamp(0, 100),
        "through": words.with("leads-bulk-through", &[("n", bulk.through().into()), ("of", bulk.of().into())]),
        "same": (bulk.same > 0 && finished).then(|| words.count("leads-bulk-same", bulk.same)),
        "failed": (bulk.failed > 0 && finished).then(|| words.count("leads-bulk-failed", bulk.failed)),
        "kept": (bulk.kept > 0 && taken_back).then(|| words.count("leads-bulk-kept", bulk.kept)),
        "refused": refused,
        "can_undo": finished && bulk.done > 0,
    }))
}

fn heading(visit: &Visit, bulk: &Bulk) -> Result<String, Error> {
    let words = &visit.words;
    Ok(match bulk.state.as_str() {
        "gathering" | "running" => words.t("follow-ups-bulk-running"),
        "undoing" => words.t("leads-bulk-undoing"),
        "undone" => words.count("follow-ups-bulk-undone", bulk.undone),
        _ => words.count(&format!("follow-ups-did-{}", bulk.change()?.name()), bulk.done),
    })
}

async fn refuse(visit: &Visit, asked: &Asked, error: Error) -> Answer {
    let problem = match &error {
        Error::NotFound => visit.words.t("follow-ups-bulk-none"),
        Error::Invalid(_) | Error::Refused(_) | Error::Conflict(_) => lead::reason(visit, &error),
        _ => return Err(error.into()),
    };
    let list = Asked {
        mode: "list".to_owned(),
        ..asked.clone()
    };
    let refused = Refused {
        problem: Some(problem),
        ..Refused::default()
    };
    show(visit, &list, refused).await
}

fn looked_at(
    visit: &Visit,
    book: &Book,
    sent: &Sent,
    asked: &Asked,
    change: &Change,
    chosen: &Chosen,
    found: &Preview,
) -> Value {
    let words = &visit.words;
    let mut said = vec![words.with(
        &format!("follow-ups-will-{}", change.name()),
        &[("n", found.changing.into()), ("of", found.total.into())],
    )];
    match change {
        Change::Reschedule { hours } => said.push(words.count("follow-ups-will-hours", *hours)),
        Change::Reassign { owner, .. } => {
            let name = book.name(Some(*owner)).unwrap_or_default();
            said.push(words.with("follow-ups-will-owner", &[("name", name.into())]));
            if found.leads > 0 {
                said.push(words.count("follow-ups-will-leads", found.leads));
            }
        }
        Change::Complete { outcome, .. } => {
            let label = words.t(&format!("outcome-{outcome}"));
            said.push(words.with("follow-ups-will-outcome", &[("what", label.into())]));
        }
        Change::Delete => {}
    }
    let reps: Vec<Value> = found
        .reps
        .iter()
        .map(|of| {
            json!({
                "person": book.person(Some(of.owner)), "name": book.name(Some(of.owner)), "count": of.count,
                "first": of.first.map(|at| words.moment(at)), "last": of.last.map(|at| words.moment(at)),
                "outside": (of.outside > 0).then(|| words.count("follow-ups-will-outside", of.outside)),
            })
        })
        .collect();
    let stays: Vec<Value> = found
        .stays
        .iter()
        .map(|stays| {
            let why = http::message(words.lang, stays.code, &serde_json::Map::new());
            let more = stays.count - stays.names.len() as i64;
            json!({
                "count": stays.count, "why": why, "names": stays.names.join(", "),
                "more": (more > 0).then(|| words.count("follow-ups-and-more", more)),
            })
        })
        .collect();
    let ids = match chosen {
        Chosen::These(ids) => ids.clone(),
        Chosen::Matching(_) => Vec::new(),
    };
    let fields: Vec<Value> = ["action", "hours", "owner_id", "with_leads", "outcome", "note", "all"]
        .iter()
        .filter(|name| sent.has(name))
        .map(|name| json!({"name": name, "value": sent.get(name)}))
        .collect();
    json!({
        "said": said, "reps": reps, "stays": stays, "ids": ids, "fields": fields, "list": asked.query(),
        "key": visit.request.id, "danger": matches!(change, Change::Delete), "changing": found.changing > 0,
        "timed": matches!(change, Change::Reschedule { .. }), "back": format!("/today?{}", asked.query()),
        "go": words.t(&format!("follow-ups-{}", change.name())),
    })
}

fn read(sent: &Sent, asked: &Asked) -> Result<(Change, Chosen), Error> {
    let change = match sent.get("action") {
        "reschedule" => {
            let hours = sent.some("hours").ok_or_else(|| Error::field("hours", "required"))?;
            let hours = hours.parse().map_err(|_| {
                let error = Error::field("hours", "out_of_range").with("min", 0);
                error.with("max", MOST_HOURS)
            })?;
            Change::Reschedule { hours }
        }
        "reassign" => Change::Reassign {
            owner: sent
                .id("owner_id", "unknown_user")?
                .ok_or_else(|| Error::field("owner_id", "required"))?,
            with_leads: sent.has("with_leads"),
        },
        "complete" => Change::Complete {
            outcome: sent.get("outcome").to_owned(),
            note: sent.get("note").to_owned(),
        },
        "delete" => Change::Delete,
        _ => return Err(Error::refused("bad_request")),
    };
    let chosen = if sent.get("all") == "1" {
        Chosen::Matching(asked.filter())
    } else {
        let ids = sent.all("id").iter().filter_map(|id| id.parse().ok()).collect();
        Chosen::These(ids)
    };
    Ok((change, chosen))
}
