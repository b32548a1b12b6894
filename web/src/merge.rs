//! Two leads side by side: which value of each field stays, and the merge undone.

use std::collections::BTreeSet;

use platform::{Error, Id};
use poem::handler;
use poem::http::StatusCode;
use poem::web::{Path, Query};
use serde::Deserialize;
use serde_json::{Value, json};
use workflows::leads::{self, Filter, Lead, Merge, label};

use crate::book::Book;
use crate::custom;
use crate::lead::reason;
use crate::leads::see;
use crate::nav::Section;
use crate::render;
use crate::sent::Sent;
use crate::visit::{Answer, Visit, done_with_undo};
use crate::words::phone;

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    with: String,
    #[serde(default)]
    q: String,
}

#[handler]
pub async fn show(visit: Visit, Path(id): Path<Id>, Query(asked): Query<Asked>) -> Answer {
    match asked.with.parse() {
        Ok(other) => choose(&visit, id, other, &BTreeSet::from(["both_notes".to_owned()]), None).await,
        Err(_) => find(&visit, id, &asked.q).await,
    }
}

#[handler]
pub async fn go(visit: Visit, Path(id): Path<Id>, sent: Sent) -> Answer {
    let other = sent
        .id("with", "unknown_lead")?
        .ok_or(Error::field("with", "required"))?;
    let taken: BTreeSet<String> = sent
        .all("take")
        .iter()
        .filter(|field| !field.is_empty())
        .cloned()
        .collect();
    let chosen = sent.some("chosen").is_some();
    let merge = Merge {
        other,
        taken: if chosen { from_rows(&sent) } else { taken },
        version: sent.get("version").parse().ok(),
        other_version: sent.get("other_version").parse().ok(),
    };
    let taken = merge.taken.clone();
    match leads::merge(visit.app(), visit.actor()?, id, merge).await {
        Ok((kept, merge)) => Ok(done_with_undo(
            &format!("/leads/{}", kept.id),
            "toast-merged",
            &[kept.id, merge],
        )),
        Err(error @ (Error::Precondition { .. } | Error::Invalid(_) | Error::Refused(_) | Error::Conflict(_))) => {
            choose(&visit, id, other, &taken, Some(error)).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Each row of the form sends `kept`, or the field it takes.
fn from_rows(sent: &Sent) -> BTreeSet<String> {
    sent.named("row_")
        .filter(|taken| *taken != "kept")
        .map(str::to_owned)
        .collect()
}

#[handler]
pub async fn undo(visit: Visit, Path((id, merge)): Path<(Id, Id)>, _sent: Sent) -> Answer {
    let back = leads::undo_merge(visit.app(), visit.actor()?, id, merge).await?;
    Ok(see(back.id, "toast-unmerged"))
}

/// Which lead is the same person: the family by phone first, then whoever is searched for.
async fn find(visit: &Visit, id: Id, q: &str) -> Answer {
    let (app, actor) = (visit.app(), visit.actor()?);
    let lead = leads::find(app, actor, id).await?;
    let search = if q.trim().is_empty() {
        lead.name.clone()
    } else {
        q.to_owned()
    };
    let filter = Filter {
        search,
        limit: Some(20),
        ..Filter::default()
    };
    let (book, family, found) = tokio::try_join!(
        Book::open(visit),
        leads::family(app, actor, id),
        leads::list(app, actor, filter)
    )?;
    let row = |id: Id, name: &str, about: String| json!({"id": id, "name": name, "about": about});
    let about = |lead: &Lead| {
        let shown = lead.phone.as_deref().map(phone).unwrap_or_default();
        let status = book.status(&lead.status).label;
        format!("{shown} · {status}")
    };
    let relatives: Vec<Value> = family.iter().map(|one| row(one.id, &one.name, String::new())).collect();
    let others = found
        .items
        .iter()
        .filter(|one| one.id != id && family.iter().all(|known| known.id != one.id));
    let view = json!({
        "lead": {"id": id, "name": lead.name}, "q": q, "family": relatives,
        "found": others.map(|one| row(one.id, &one.name, about(one))).collect::<Vec<_>>(),
    });
    let page = visit.page(Section::Leads, visit.words.t("merge-title"));
    Ok(render::page_of(StatusCode::OK, &page, "leads/merge_find", view))
}

async fn choose(visit: &Visit, id: Id, other: Id, taken: &BTreeSet<String>, error: Option<Error>) -> Answer {
    let (app, actor) = (visit.app(), visit.actor()?);
    let (book, kept, gone) = tokio::try_join!(
        Book::open(visit),
        leads::find(app, actor, id),
        leads::find(app, actor, other)
    )?;
    let status = if error.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let view = json!({
        "lead": {"id": id, "name": kept.name, "version": kept.version, "created": visit.words.moment(kept.created_at)},
        "other": {"id": other, "name": gone.name, "version": gone.version, "created": visit.words.moment(gone.created_at)},
        "rows": rows(visit, &book, &kept, &gone, taken),
        "error": error.map(|error| reason(visit, &error)),
    });
    let page = visit.page(Section::Leads, visit.words.t("merge-title"));
    Ok(render::page_of(status, &page, "leads/merge", view))
}

/// A row of the choice for each field that has a value in one of both.
fn rows(visit: &Visit, book: &Book, kept: &Lead, gone: &Lead, taken: &BTreeSet<String>) -> Vec<Value> {
    let words = &visit.words;
    let spoken = |number: &Option<String>| number.as_deref().map(phone).unwrap_or_default();
    let person = |lead: &Lead| book.name(lead.owner_id).unwrap_or_else(|| words.t("lead-waits"));
    let status = |lead: &Lead| book.status(&lead.status).label;
    let mut all = vec![
        (
            "name".to_owned(),
            words.t("lead-name"),
            kept.name.clone(),
            gone.name.clone(),
        ),
        (
            "phone".into(),
            words.t("lead-phone"),
            spoken(&kept.phone),
            spoken(&gone.phone),
        ),
        (
            "secondary_phone".into(),
            words.t("lead-second-phone"),
            spoken(&kept.secondary_phone),
            spoken(&gone.secondary_phone),
        ),
        ("status".into(), words.t("lead-status"), status(kept), status(gone)),
        ("owner_id".into(), words.t("lead-owner"), person(kept), person(gone)),
        (
            "course_id".into(),
            words.t("lead-course"),
            book.course_name(kept.course_id),
            book.course_name(gone.course_id),
        ),
        (
            "source".into(),
            words.t("lead-source"),
            book.source(&kept.source),
            book.source(&gone.source),
        ),
        (
            "notes".into(),
            words.t("lead-note"),
            kept.notes.clone(),
            gone.notes.clone(),
        ),
    ];
    for field in &book.registry.custom_fields {
        let said = |lead: &Lead| {
            let said = custom::spoken(std::slice::from_ref(field), lead, words).pop();
            said.map(|(_, text)| text).unwrap_or_default()
        };
        let named = label(&field.labels, words.lang).to_owned();
        all.push((format!("custom.{}", field.key), named, said(kept), said(gone)));
    }
    all.into_iter()
        .filter(|(_, _, mine, theirs)| !mine.is_empty() || !theirs.is_empty())
        .map(|(field, label, mine, theirs)| {
            let both = field == "notes" && !mine.is_empty() && !theirs.is_empty() && mine != theirs;
            let takes = taken.contains(&field);
            json!({
                "row": format!("row_{field}"), "field": field, "label": label, "same": mine == theirs,
                "mine": mine, "theirs": theirs, "may_take": !theirs.is_empty(), "both": both,
                "takes": takes, "takes_both": both && !takes && taken.contains("both_notes"),
            })
        })
        .collect()
}
