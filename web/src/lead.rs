//! A lead's page: who it is, what happened, what comes next and why; and what a rep does there.

use chrono::{DateTime, Utc};
use platform::{Error, Id, Permit, Tx};
use poem::handler;
use poem::http::StatusCode;
use poem::web::{Path, Query};
use serde::Deserialize;
use serde_json::{Value, json};
use workflows::follow_ups::{self, FollowUp, NewFollowUp};
use workflows::leads::{self, Lead, Move};

use crate::book::{Book, css};
use crate::follow_ups::{closed_now, outcomes, reminded, snoozes};
use crate::follow_ups_asked::Asked;
use crate::lead_fields::{self, Editing};
use crate::leads::{errors, see};
use crate::nav::Section;
use crate::render;
use crate::sent::{LOCAL_TIME, Sent};
use crate::visit::{Answer, Trouble, Visit, done, done_with_undo};
use crate::words::phone;
use crate::{timeline, whys};

/// A field may stand open.
#[derive(Deserialize)]
pub struct Opened {
    #[serde(default)]
    edit: String,
}

#[handler]
pub async fn show(visit: Visit, Path(id): Path<Id>, Query(opened): Query<Opened>) -> Answer {
    let editing = Editing {
        field: opened.edit,
        ..Editing::default()
    };
    match page(&visit, id, Refused::default(), editing).await {
        // One that was merged into another is found there.
        Err(Trouble(Error::NotFound)) => {
            let kept = leads::merged_into(visit.app(), visit.actor()?, id).await?;
            Ok(done(&format!("/leads/{kept}"), None))
        }
        shown => shown,
    }
}

#[derive(Deserialize)]
pub struct Before {
    #[serde(default)]
    after: String,
}

/// What happened before what is shown.
#[handler]
pub async fn earlier(visit: Visit, Path(id): Path<Id>, Query(before): Query<Before>) -> Answer {
    let cursor = (!before.after.is_empty()).then_some(before.after.as_str());
    let (book, timeline) = tokio::try_join!(
        Book::open(&visit),
        leads::timeline(visit.app(), visit.actor()?, id, cursor, None)
    )?;
    let view = json!({
        "timeline": timeline::days(&visit, &book, &timeline.entries, &[]),
        "earlier": earlier_than(id, timeline.next.as_deref()),
    });
    let page = visit.page(Section::Leads, String::new());
    Ok(render::part(&page, "leads/earlier", &view))
}

fn earlier_than(id: Id, cursor: Option<&str>) -> Option<String> {
    cursor.map(|cursor| format!("/leads/{id}/timeline?after={cursor}"))
}

#[handler]
pub async fn change_status(visit: Visit, Path(id): Path<Id>, sent: Sent) -> Answer {
    let change = Move {
        to: sent.get("status").to_owned(),
        note: sent.get("note").to_owned(),
        lost_reason: sent.some("lost_reason"),
        version: sent.get("version").parse().ok(),
        from: None,
    };
    match leads::move_lead(visit.app(), visit.actor()?, id, change).await {
        Ok((_, event)) => Ok(done_with_undo(
            &format!("/leads/{id}"),
            "toast-status-changed",
            &[id, event],
        )),
        Err(error) => refuse(&visit, id, error, &sent, "move").await,
    }
}

#[handler]
pub async fn assign(visit: Visit, Path(id): Path<Id>, sent: Sent) -> Answer {
    let version = sent.get("version").parse().ok();
    let assigned = match sent.id("owner_id", "unknown_user") {
        Ok(Some(owner)) => {
            // Only a form that offers the choice can decline it.
            let moves = !sent.has("choice") || sent.has("move_follow_ups");
            leads::assign_with(visit.app(), visit.actor()?, id, owner, version, moves).await
        }
        Ok(None) => Err(Error::field("owner_id", "required")),
        Err(error) => Err(error),
    };
    match assigned {
        Ok(_) => Ok(see(id, "toast-assigned")),
        Err(error) => refuse(&visit, id, error, &sent, "assign").await,
    }
}

#[handler]
pub async fn add_note(visit: Visit, Path(id): Path<Id>, sent: Sent) -> Answer {
    let (actor, note) = (visit.actor()?.clone(), sent.get("note").to_owned());
    let add = async move |tx: Tx| leads::add_note_in(&tx, &actor, id, &note).await;
    match visit.app().once(visit.actor()?, visit.once(&sent)?, add).await {
        Ok(_) => Ok(see(id, "toast-note-left")),
        Err(error) => refuse(&visit, id, error, &sent, "").await,
    }
}

#[handler]
pub async fn log_call(visit: Visit, Path(id): Path<Id>, sent: Sent) -> Answer {
    let call = leads::Call {
        direction: sent.get("direction").to_owned(),
        outcome: sent.get("outcome").to_owned(),
        note: sent.get("note").to_owned(),
    };
    let actor = visit.actor()?.clone();
    let log = async move |tx: Tx| leads::log_call_in(&tx, &actor, id, call).await;
    match visit.app().once(visit.actor()?, visit.once(&sent)?, log).await {
        Ok(_) => Ok(see(id, "toast-call-logged")),
        Err(error) => refuse(&visit, id, error, &sent, "call").await,
    }
}

/// A follow-up of the rep's own, at the local time chosen.
#[handler]
pub async fn plan_follow_up(visit: Visit, Path(id): Path<Id>, Query(asked): Query<Asked>, sent: Sent) -> Answer {
    let (app, actor) = (visit.app(), visit.actor()?);
    let planned = match sent.moment("due_at", &actor.tenant) {
        Ok(Some(due_at)) => {
            let text = sent.get("text").to_owned();
            let (author, new) = (actor.clone(), NewFollowUp { lead: id, due_at, text });
            let plan = async move |tx: Tx| follow_ups::schedule_in(&tx, &author, new).await;
            app.once(actor, visit.once(&sent)?, plan).await
        }
        Ok(None) => Err(Error::field("due_at", "required")),
        Err(error) => Err(error),
    };
    match planned {
        Ok(_) if asked.back == "today" => {
            let place = format!("/today?mode=queue&at={}", asked.at.parse().unwrap_or(id));
            Ok(done(&place, Some("toast-follow-up-planned")))
        }
        Ok(_) => Ok(see(id, "toast-follow-up-planned")),
        Err(error) => refuse(&visit, id, error, &sent, "plan").await,
    }
}

/// What was refused, and what had been typed.
#[derive(Default)]
pub struct Refused {
    pub error: Option<Error>,
    pub dialog: &'static str,
    pub note: String,
    pub choice: String,
    pub due_at: String,
    pub text: String,
}

pub async fn refuse(visit: &Visit, id: Id, error: Error, sent: &Sent, dialog: &'static str) -> Answer {
    let kept = matches!(
        error,
        Error::Invalid(_) | Error::Refused(_) | Error::Conflict(_) | Error::Precondition { .. } | Error::Forbidden(_)
    );
    if !kept {
        return Err(error.into());
    }
    let choice = ["status", "owner_id", "outcome"]
        .iter()
        .find_map(|field| sent.some(field));
    let choice = choice.unwrap_or_default();
    page(
        visit,
        id,
        Refused {
            error: Some(error),
            dialog,
            note: sent.get("note").to_owned(),
            choice,
            due_at: sent.get("due_at").to_owned(),
            text: sent.get("text").to_owned(),
        },
        Editing::default(),
    )
    .await
}

pub fn local(visit: &Visit, at: DateTime<Utc>) -> String {
    at.with_timezone(&visit.words.zone).format(LOCAL_TIME).to_string()
}

pub async fn page(visit: &Visit, id: Id, refused: Refused, editing: Editing) -> Answer {
    let (app, actor, words) = (visit.app(), visit.actor()?, &visit.words);
    let since = app.clock.real().timestamp_millis();
    let (book, whole, merges) = tokio::try_join!(
        Book::open(visit),
        leads::whole(app, actor, id, whys::LOOKED_AT),
        leads::merges(app, actor, id)
    )?;
    let merged = |made: &leads::Merged| json!({"id": made.id, "name": made.name, "at": words.ago(made.merged_at)});
    let lead = whole.lead;
    let whys = whys::of_lead(visit, &book, &whole.decisions, &whole.timeline.entries)?;
    let open: Vec<&FollowUp> = whole.follow_ups.iter().filter(|f| f.state == "open").collect();
    let next = open.first();
    let closed = closed_now(visit, next.map(|f| f.owner_id)).await?;
    let step = |f: &FollowUp| {
        json!({
            "id": f.id, "what": book.text(&f.text), "due": words.due(Some(f.due_at)), "closed": closed,
            "reminders": reminded(words, &book, &whole.reminders, f.id),
        })
    };
    let script = book
        .course(lead.course_id)
        .filter(|course| !course.sales_script.is_empty());
    let error = refused.error.as_ref().map(|error| reason(visit, error));
    let mut wrong = refused
        .error
        .as_ref()
        .map(|error| visit.field_errors(error))
        .unwrap_or_default();
    // A note of its own is the text of an event.
    if let Some(said) = wrong.remove("text").filter(|_| refused.dialog != "plan") {
        wrong.insert("note".to_owned(), said);
    }
    let view = json!({
        "lead": about(&book, &lead),
        "since": since, "family": whole.family, "merges": merges.iter().map(merged).collect::<Vec<_>>(),
        "heading": lead_fields::heading(visit, &book, &lead, &editing),
        "facts": lead_fields::facts(visit, &book, &lead, &editing),
        "calls": leads::CALL_OUTCOMES.map(|outcome| json!({"key": outcome, "label": words.t(&format!("outcome-{outcome}"))})),
        "moves": moves(visit, &book, &lead)?,
        "lost_reasons": book.lost_reasons(),
        "owners": actor.can(Permit::LeadsAssign).then(|| book.owners()),
        "can_trash": actor.can(Permit::LeadsTrash),
        "next": next.map(|f| step(f)),
        "later": open.iter().skip(1).map(|f| step(f)).collect::<Vec<_>>(),
        "later_count": open.len().saturating_sub(1),
        "outcomes": outcomes(words), "snoozes": snoozes(visit)?,
        "script": script.map(|course| json!({"course": course.name, "parts": parts(&course.sales_script)})),
        "timeline": timeline::days(visit, &book, &whole.timeline.entries, &whys),
        "earlier": earlier_than(id, whole.timeline.next.as_deref()),
        "whys": whys,
        "error": error, "wrong": errors(&wrong, &["note", "due_at", "text", "lost_reason"]),
        "draft": if refused.dialog.is_empty() { refused.note.as_str() } else { "" },
        "reopen": refused.dialog,
        "typed": {"note": refused.note, "choice": refused.choice, "due_at": refused.due_at, "text": refused.text},
        "plan_from": local(visit, words.now + chrono::TimeDelta::minutes(1)),
        "plan_at": local(visit, words.now + chrono::TimeDelta::hours(1)),
    });
    let status = if editing.theirs.is_some() {
        StatusCode::CONFLICT
    } else if error.is_some() || editing.error.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let page = visit.page(Section::Leads, lead.name.clone());
    Ok(render::page_of(status, &page, "leads/show", view))
}

/// The sentence for a refusal, its first field's where it has fields.
pub fn reason(visit: &Visit, error: &Error) -> String {
    if matches!(error, Error::Precondition { .. }) {
        return visit.words.t("lead-stale");
    }
    visit
        .field_errors(error)
        .into_values()
        .next()
        .unwrap_or_else(|| visit.explain(error))
}

fn about(book: &Book, lead: &Lead) -> Value {
    let status = book.status(&lead.status);
    let kind = css(&status.kind);
    let tel = lead.phone.clone().unwrap_or_default();
    json!({
        "id": lead.id, "name": lead.name, "version": lead.version, "status": status,
        "glyph": format!("g-{kind}"), "css": kind,
        "phone": lead.phone.as_deref().map(phone), "digits": tel.trim_start_matches('+'), "tel": tel,
        "owner": book.person(lead.owner_id), "owner_id": lead.owner_id,
    })
}

/// A course's sales script by its headings, lines that begin with `#`: one is read while one talks.
fn parts(text: &str) -> Vec<Value> {
    let mut found: Vec<(Option<String>, String)> = vec![(None, String::new())];
    for line in text.lines() {
        match (line.strip_prefix('#'), found.last_mut()) {
            (Some(heading), _) => {
                let heading = heading.trim_start_matches('#').trim().to_owned();
                found.push((Some(heading), String::new()));
            }
            (None, Some((_, text))) => {
                text.push_str(line);
                text.push('\n');
            }
            _ => {}
        }
    }
    found
        .into_iter()
        .filter(|(heading, text)| heading.is_some() || !text.trim().is_empty())
        .map(|(heading, text)| json!({"heading": heading, "text": text.trim()}))
        .collect()
}

fn moves(visit: &Visit, book: &Book, lead: &Lead) -> Result<Vec<Value>, Error> {
    let moves = book.registry.moves(visit.actor()?, &lead.status);
    let choice = |to: &str| {
        let status = book.status(to);
        let asks = book
            .registry
            .transitions
            .iter()
            .any(|t| t.from_key == lead.status && t.to_key == to && t.needs_reason);
        json!({"key": status.key, "kind": status.kind, "label": status.label, "asks": if asks { "reason" } else { "none" }})
    };
    Ok(moves.into_iter().map(|t| choice(&t.to_key)).collect())
}
