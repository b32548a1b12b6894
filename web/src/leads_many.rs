//! Many leads at once from the list: the change, how far it is, its undo.

use platform::idempotency::Key;
use platform::{Error, Id, http};
use poem::handler;
use poem::web::{Path, Query};
use serde::Deserialize;
use serde_json::{Value, json};
use workflows::leads::{self, Bulk, Change, Chosen};

use crate::leads::show_list;
use crate::leads_asked::Asked;
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

#[handler]
pub async fn change_many(visit: Visit, sent: Sent) -> Answer {
    let asked = Asked::parse(sent.get("list"));
    if sent.get("action") == "export" {
        let ids = sent.all("id").join(",");
        return match sent.get("all") {
            "1" => Ok(done(&asked.export(), None)),
            _ if ids.is_empty() => show_list(&visit, &asked, Some(visit.words.t("leads-bulk-none"))).await,
            _ => Ok(done(&format!("/exports/new?what=leads&ids={ids}"), None)),
        };
    }
    let started = match read(&visit, &sent, &asked).await {
        Ok((wanted, chosen)) => {
            let asked = serde_json::to_vec(&(&wanted, &chosen)).map_err(Error::from)?;
            // One page's press counts once, however often it is sent; another press is another change.
            let named = Key::new(sent.get("key"), "POST", "/leads/bulk", &asked)?;
            let key = Key {
                key: format!("{}/{}", named.key, named.fingerprint),
                fingerprint: named.fingerprint,
            };
            leads::change_many(visit.app(), visit.actor()?, wanted, chosen, Some(key)).await
        }
        Err(error) => Err(error),
    };
    match started {
        Ok(id) => Ok(done(&asked.with("bulk", &id.to_string()), None)),
        Err(Error::NotFound) => show_list(&visit, &asked, Some(visit.words.t("leads-bulk-none"))).await,
        Err(error @ (Error::Invalid(_) | Error::Refused(_) | Error::Conflict(_))) => {
            let field = visit.field_errors(&error).into_values().next();
            show_list(&visit, &asked, Some(field.unwrap_or_else(|| visit.explain(&error)))).await
        }
        Err(error) => Err(error.into()),
    }
}

#[handler]
pub async fn progress(visit: Visit, Path(id): Path<Id>, Query(from): Query<From>) -> Answer {
    let bulk = standing(&visit, id, &from.list).await?;
    let page = visit.page(Section::Leads, String::new());
    Ok(render::part(&page, "leads/bulk", &json!({"bulk": bulk})))
}

#[handler]
pub async fn undo(visit: Visit, Path(id): Path<Id>, sent: Sent) -> Answer {
    let asked = Asked::parse(sent.get("list"));
    match leads::undo_many(visit.app(), visit.actor()?, id).await {
        Ok(()) => Ok(done(&asked.with("bulk", &id.to_string()), None)),
        Err(error @ Error::Refused(_)) => show_list(&visit, &asked, Some(visit.explain(&error))).await,
        Err(error) => Err(error.into()),
    }
}

/// How many leads the list's filter finds: asked once rows are picked.
#[handler]
pub async fn matching(visit: Visit, Query(asked): Query<Asked>) -> Answer {
    let count = leads::matching(visit.app(), visit.actor()?, asked.filter(&visit).await?).await?;
    let page = visit.page(Section::Leads, String::new());
    Ok(render::part(&page, "leads/matching", &json!({"count": count})))
}

/// A change of many as the list shows it.
pub async fn standing(visit: &Visit, id: Id, list: &str) -> Result<Value, Error> {
    let (app, actor, words) = (visit.app(), visit.actor()?, &visit.words);
    let bulk = leads::bulk(app, actor, id).await?;
    let refused = if bulk.failed + bulk.kept > 0 && !bulk.working() {
        leads::refused(app, actor, id).await?
    } else {
        Vec::new()
    };
    let none = serde_json::Map::new();
    let refused: Vec<Value> = refused
        .iter()
        .map(|lead| {
            let why = http::message(words.lang, &lead.code, lead.args.as_object().unwrap_or(&none));
            json!({"id": lead.lead_id, "name": lead.name, "why": why})
        })
        .collect();
    let of = bulk.of().max(1);
    Ok(json!({
        "id": bulk.id, "at": "/leads/bulk", "list": list, "from": encoded(list), "working": bulk.working(), "heading": heading(visit, &bulk)?,
        "percent": (bulk.through() * 100 / of).clamp(0, 100),
        "through": words.with("leads-bulk-through", &[("n", bulk.through().into()), ("of", bulk.of().into())]),
        "same": (bulk.same > 0 && bulk.state == "done").then(|| words.count("leads-bulk-same", bulk.same)),
        "failed": (bulk.failed > 0 && bulk.state == "done").then(|| words.count("leads-bulk-failed", bulk.failed)),
        "kept": (bulk.kept > 0 && bulk.state == "undone").then(|| words.count("leads-bulk-kept", bulk.kept)),
        "refused": refused,
        "can_undo": bulk.state == "done" && bulk.done > 0,
    }))
}

/// A list's address as a value of another's.
pub fn encoded(list: &str) -> String {
    url::form_urlencoded::byte_serialize(list.as_bytes()).collect()
}

fn heading(visit: &Visit, bulk: &Bulk) -> Result<String, Error> {
    let words = &visit.words;
    Ok(match bulk.state.as_str() {
        "gathering" | "running" => words.t("leads-bulk-running"),
        "undoing" => words.t("leads-bulk-undoing"),
        "undone" => words.count("leads-bulk-undone", bulk.undone),
        _ => words.count(&format!("leads-bulk-did-{}", bulk.change()?.name()), bulk.done),
    })
}

async fn read(visit: &Visit, sent: &Sent, asked: &Asked) -> Result<(Change, Chosen), Error> {
    let tags = || sent.get("tags").split(',').map(str::to_owned).collect();
    let wanted = match sent.get("action") {
        "assign" => Change::Assign {
            owner: sent
                .id("owner_id", "unknown_user")?
                .ok_or_else(|| Error::field("owner_id", "required"))?,
        },
        "tag" => Change::Tag { tags: tags() },
        "untag" => Change::Untag { tags: tags() },
        "status" => Change::Status {
            to: sent.get("status").to_owned(),
            note: sent.get("note").to_owned(),
            lost_reason: sent.some("lost_reason"),
        },
        "trash" => Change::Trash,
        _ => return Err(Error::refused("bad_request")),
    };
    let chosen = if sent.get("all") == "1" {
        Chosen::Matching(Box::new(asked.filter(visit).await?))
    } else {
        let ids = sent.all("id").iter().filter_map(|id| id.parse().ok()).collect();
        Chosen::These(ids)
    };
    Ok((wanted, chosen))
}
